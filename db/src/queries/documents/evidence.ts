import { and, asc, desc, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { proofOfSale } from '../sessions/proofs.ts'
import { saleOf } from '../sessions/sales.ts'
import {
  accounts,
  cdrs,
  connectors,
  drivers,
  evidencePacks,
  evses,
  invoices,
  ledgerAccounts,
  ledgerEntries,
  ledgerPostings,
  locations,
  meterValues,
  payables,
  protocolMessages,
  quotes,
  sessions,
  settlements,
  tariffs,
  timeline,
} from '../../schema.ts'
import { debtOfSession } from '../payments/debts.ts'
import { paymentsOf } from '../payments/payments.ts'

export type EvidenceRow = Omit<typeof evidencePacks.$inferSelect, 'zip'>

/** Everything that is known of one session, for its invoice and its evidence pack. */
export type SessionFile = Awaited<ReturnType<typeof gatherSession>>

async function one<T>(rows: Promise<T[]>, what: string): Promise<T> {
  const [row] = await rows
  if (row === undefined) throw new Error(`Session file lacks its ${what}.`)
  return row
}

async function frame(sql: Sql, sessionId: string) {
  const session = await one(
    sql.select().from(sessions).where(eq(sessions.id, sessionId)),
    'session',
  )
  const quote = await one(sql.select().from(quotes).where(eq(quotes.id, session.quoteId)), 'quote')
  const place = await one(
    sql
      .select({ evse: evses, location: locations, connector: connectors })
      .from(connectors)
      .innerJoin(evses, eq(evses.id, connectors.evseId))
      .innerJoin(locations, eq(locations.id, evses.locationId))
      .where(eq(connectors.id, session.connectorId)),
    'connector',
  )
  const tariff = await one(
    sql
      .select()
      .from(tariffs)
      .where(and(eq(tariffs.id, quote.tariffId), eq(tariffs.version, quote.tariffVersion))),
    'tariff',
  )
  return { session, quote, tariff, ...place }
}

async function ledgerOf(sql: Sql, sessionId: string) {
  return sql
    .select({
      entry: ledgerEntries.id,
      key: ledgerEntries.idempotencyKey,
      kind: ledgerEntries.kind,
      effectiveAt: ledgerEntries.effectiveAt,
      leg: ledgerPostings.leg,
      account: ledgerAccounts.code,
      currency: ledgerPostings.currency,
      amountMinor: ledgerPostings.amountMinor,
    })
    .from(ledgerEntries)
    .innerJoin(ledgerPostings, eq(ledgerPostings.entryId, ledgerEntries.id))
    .innerJoin(ledgerAccounts, eq(ledgerAccounts.id, ledgerPostings.accountId))
    .where(eq(ledgerEntries.sessionId, sessionId))
    .orderBy(asc(ledgerEntries.id), asc(ledgerPostings.leg))
}

async function settlementsOf(sql: Sql, sessionId: string) {
  return sql
    .select({
      payable: payables,
      state: settlements.state,
      batch: settlements.batch,
      payoutReference: settlements.payoutReference,
      paidAt: settlements.paidAt,
    })
    .from(payables)
    .leftJoin(settlements, eq(settlements.id, payables.settlementId))
    .where(eq(payables.sessionId, sessionId))
    .orderBy(asc(payables.revision), asc(payables.role), asc(payables.payeeId))
}

export async function gatherSession(sql: Sql, sessionId: string) {
  const base = await frame(sql, sessionId)
  const { session } = base
  const account = (id: string) =>
    one(sql.select().from(accounts).where(eq(accounts.id, id)), `account ${id}`)
  const sale = await saleOf(sql, sessionId)
  const [invoice] = await sql
    .select()
    .from(invoices)
    .where(and(eq(invoices.sessionId, sessionId), eq(invoices.kind, 'receipt_invoice')))
  // Without a sale the newest record is still evidence: it may say why nothing was sold.
  const [cdr] = await sql
    .select()
    .from(cdrs)
    .where(sale === undefined ? eq(cdrs.sessionId, sessionId) : eq(cdrs.id, sale.cdrId))
    .orderBy(desc(cdrs.id))
    .limit(1)
  const [driver] = await sql
    .select({ externalId: drivers.externalId })
    .from(drivers)
    .where(eq(drivers.id, session.driverId))
  return {
    ...base,
    cpo: await account(session.cpoId),
    partner: await account(session.accountId),
    driverReference: driver?.externalId ?? session.driverId,
    sale,
    cdr,
    proof: sale === undefined ? undefined : await proofOfSale(sql, sale.cdrId),
    debt: await debtOfSession(sql, sessionId),
    invoice,
    payments: await paymentsOf(sql, sessionId),
    meter: await sql
      .select()
      .from(meterValues)
      .where(eq(meterValues.sessionId, sessionId))
      .orderBy(asc(meterValues.at), asc(meterValues.context)),
    messages: await sql
      .select()
      .from(protocolMessages)
      .where(eq(protocolMessages.sessionId, sessionId))
      .orderBy(asc(protocolMessages.id)),
    ledger: await ledgerOf(sql, sessionId),
    settlements: await settlementsOf(sql, sessionId),
    timeline: await timelineRows(sql, sessionId),
  }
}

/** Room by room, in the order it happened. */
export function timelineRows(sql: Sql, sessionId: string) {
  return sql
    .select()
    .from(timeline)
    .where(eq(timeline.sessionId, sessionId))
    .orderBy(asc(timeline.id))
}

/** What a settlement changes of a session that was sealed before it. */
export async function gatherSettlement(sql: Sql, sessionId: string) {
  return {
    session: await one(sql.select().from(sessions).where(eq(sessions.id, sessionId)), 'session'),
    settlements: await settlementsOf(sql, sessionId),
    timeline: await timelineRows(sql, sessionId),
  }
}

const columns = {
  id: evidencePacks.id,
  sessionId: evidencePacks.sessionId,
  revision: evidencePacks.revision,
  manifestHash: evidencePacks.manifestHash,
  keyId: evidencePacks.keyId,
  sealedAt: evidencePacks.sealedAt,
}

/** The newest seal of a session. The caller has checked that the session is the viewer's. */
export async function latestEvidence(
  sql: Sql,
  sessionId: string,
): Promise<EvidenceRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(evidencePacks)
    .where(eq(evidencePacks.sessionId, sessionId))
    .orderBy(desc(evidencePacks.revision))
    .limit(1)
  return row
}

export async function evidenceZip(
  sql: Sql,
  sessionId: string,
  revision?: number,
): Promise<Buffer | undefined> {
  const [row] = await sql
    .select({ zip: evidencePacks.zip })
    .from(evidencePacks)
    .where(
      and(
        eq(evidencePacks.sessionId, sessionId),
        revision === undefined ? undefined : eq(evidencePacks.revision, revision),
      ),
    )
    .orderBy(desc(evidencePacks.revision))
    .limit(1)
  return row?.zip
}

/** One sealer per session at a time: the lock holds until the tx ends. */
export async function lockEvidence(tx: Tx, sessionId: string): Promise<void> {
  await tx.execute(
    raw`select pg_advisory_xact_lock(hashtextextended(${`evidence:${sessionId}`}, 0))`,
  )
}

export async function insertEvidence(
  tx: Tx,
  row: Omit<typeof evidencePacks.$inferInsert, 'id'>,
): Promise<EvidenceRow> {
  const [kept] = await tx
    .insert(evidencePacks)
    .values({ id: newId('evidence'), ...row })
    .returning(columns)
  if (kept === undefined) throw new Error('an evidence pack was not written')
  return kept
}

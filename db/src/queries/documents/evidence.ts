import { and, asc, desc, eq, sql as raw } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import {
  accounts,
  cdrs,
  connectors,
  debts,
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
  priceProofs,
  protocolMessages,
  quotes,
  sales,
  sessions,
  settlements,
  tariffs,
  timeline,
} from '../../schema.ts'
import { debtOf } from '../payments/debts.ts'
import { paymentsOf } from '../payments/payments.ts'

export type EvidenceRow = Omit<typeof evidencePacks.$inferSelect, 'zip'>

/** Everything that is known of one session, for its invoice and its evidence pack. */
export type SessionFile = Awaited<ReturnType<typeof gatherSession>>

async function one<T>(rows: Promise<T[]>, what: string): Promise<T> {
  const [row] = await rows
  if (row === undefined) throw new Error(`Session file lacks its ${what}.`)
  return row
}

/** Where it took place, at which price and between whom. */
async function frame(sql: Sql, sessionId: string) {
  const [cpo, partner] = [alias(accounts, 'cpo'), alias(accounts, 'partner')]
  return one(
    sql
      .select({
        session: sessions,
        quote: quotes,
        tariff: tariffs,
        evse: evses,
        location: locations,
        connector: connectors,
        cpo,
        partner,
        driverReference: raw<string>`coalesce(${drivers.externalId}, ${sessions.driverId})`,
      })
      .from(sessions)
      .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
      .innerJoin(
        tariffs,
        and(eq(tariffs.id, quotes.tariffId), eq(tariffs.version, quotes.tariffVersion)),
      )
      .innerJoin(connectors, eq(connectors.id, sessions.connectorId))
      .innerJoin(evses, eq(evses.id, connectors.evseId))
      .innerJoin(locations, eq(locations.id, evses.locationId))
      .innerJoin(cpo, eq(cpo.id, sessions.cpoId))
      .innerJoin(partner, eq(partner.id, sessions.accountId))
      .leftJoin(drivers, eq(drivers.id, sessions.driverId))
      .where(eq(sessions.id, sessionId)),
    'session, quote, tariff, connector or accounts',
  )
}

/**
 * What was decided: the newest sale, the record it rests on, its proof, the invoice and what is owed. Without a sale the
 * newest record is still evidence: it may say why nothing was sold.
 */
async function decisions(sql: Sql, sessionId: string) {
  const row = await one(
    sql
      .select({ sale: sales, cdr: cdrs, proof: priceProofs, invoice: invoices, debt: debts })
      .from(sessions)
      .leftJoin(
        sales,
        and(
          eq(sales.sessionId, sessions.id),
          raw`${sales.revision} = (select max(x.revision) from sales x where x.session_id = ${sessions.id})`,
        ),
      )
      .leftJoin(
        cdrs,
        raw`${cdrs.id} = coalesce(${sales.cdrId},
          (select max(x.id) from cdrs x where x.session_id = ${sessions.id}))`,
      )
      .leftJoin(
        priceProofs,
        // The price a record is paid by; older records have one proof for the driver's price and this.
        raw`${priceProofs.id} = (select x.id from price_proofs x where x.cdr_id = ${sales.cdrId}
          and x.rating in ('wholesale', 'retail') order by x.rating desc limit 1)`,
      )
      .leftJoin(
        invoices,
        and(eq(invoices.sessionId, sessions.id), eq(invoices.kind, 'receipt_invoice')),
      )
      .leftJoin(debts, eq(debts.sessionId, sessions.id))
      .where(eq(sessions.id, sessionId)),
    'session',
  )
  return {
    sale: row.sale ?? undefined,
    cdr: row.cdr ?? undefined,
    proof: row.proof ?? undefined,
    invoice: row.invoice ?? undefined,
    debt: row.debt === null ? undefined : debtOf(row.debt),
  }
}

async function ledgerOf(sql: Sql, sessionId: string) {
  const rows = await sql
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
  return rows.map(({ amountMinor, currency, ...row }) => ({
    ...row,
    amount: { amount: amountMinor, currency },
  }))
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
  // One connection takes them one after the other; sent together, they are one round trip.
  const [place, decided, payments, meter, messages, ledger, settled, lines] = await Promise.all([
    frame(sql, sessionId),
    decisions(sql, sessionId),
    paymentsOf(sql, sessionId),
    sql
      .select()
      .from(meterValues)
      .where(eq(meterValues.sessionId, sessionId))
      .orderBy(asc(meterValues.at), asc(meterValues.context)),
    sql
      .select()
      .from(protocolMessages)
      .where(eq(protocolMessages.sessionId, sessionId))
      .orderBy(asc(protocolMessages.id)),
    ledgerOf(sql, sessionId),
    settlementsOf(sql, sessionId),
    timelineRows(sql, sessionId),
  ])
  return {
    ...place,
    ...decided,
    payments,
    meter,
    messages,
    ledger,
    settlements: settled,
    timeline: lines,
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

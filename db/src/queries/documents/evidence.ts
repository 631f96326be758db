import { InvariantError } from '@chargelane/rules/assert'
import type { KeptTerms } from '@chargelane/rules/documents'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { sql as raw } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, namedColumns, rowOf } from '../../fixed.ts'
import { joined } from '../../joined.ts'
import { openedBytes, type Sealed } from '../../sealed/sealed.ts'
import {
  accounts,
  cdrs,
  connectors,
  debts,
  evidencePacks,
  evses,
  invoices,
  locations,
  meterValues,
  payables,
  priceProofs,
  protocolMessages,
  quotes,
  sales,
  sessions,
  sessionTerms,
  type settlements,
  tariffs,
  timeline,
} from '../../schema.ts'
import { openedMessage } from '../chargers/frames.ts'
import { creditNotesOf } from './invoices.ts'
import { debtOf } from '../payments/debts.ts'
import { paymentsOf } from '../payments/payments.ts'
import { refundsOf } from '../payments/refunds.ts'
import { getSession } from '../sessions/sessions.ts'

export type EvidenceRow = Omit<typeof evidencePacks.$inferSelect, 'zip'>

/** Everything that is known of one session, for its invoice and its evidence pack; its timeline goes on meanwhile. */
export type SessionFile = Awaited<ReturnType<typeof gatherSession>>

async function one<T>(rows: Promise<T[]>, what: string): Promise<T> {
  const [row] = await rows
  if (row === undefined) throw new InvariantError(`Session file lacks its ${what}.`)
  return row
}

const cpo = alias(accounts, 'cpo')
const partner = alias(accounts, 'partner')

const ofFrame = joined(
  {
    session: sessions,
    quote: quotes,
    tariff: tariffs,
    evse: evses,
    location: locations,
    connector: connectors,
    cpo,
    partner,
    terms: sessionTerms,
  },
  {},
)
const selectFrame = fixedStatement<{ driverReference: string }, { id: string }>(
  () => raw`select ${ofFrame.columns}, coalesce(drivers.external_id, sessions.driver_id) as "driverReference"
    from sessions
    join quotes on quotes.id = sessions.quote_id
    join tariffs on tariffs.id = quotes.tariff_id and tariffs.version = quotes.tariff_version
    join connectors on connectors.id = sessions.connector_id
    join evses on evses.id = connectors.evse_id
    join locations on locations.id = evses.location_id
    join accounts cpo on cpo.id = sessions.cpo_id
    join accounts partner on partner.id = sessions.account_id
    join session_terms on session_terms.session_id = sessions.id
    left join drivers on drivers.id = sessions.driver_id
    where sessions.id = ${arg('id')}`,
)

const openedSecret = (sessionId: string, secret: Sealed): Buffer =>
  openedBytes('session_terms.secret', sessionId, secret)

/** Where it took place, at which price and between whom, as both were named when it was opened. */
async function frame(sql: Sql, sessionId: string) {
  const row = await one(
    selectFrame(sql, { id: sessionId }),
    'session, terms, quote, tariff, connector or accounts',
  )
  const read = ofFrame.read(row)
  const { secret } = read.terms
  return {
    ...read,
    terms: { ...read.terms, secret: openedSecret(sessionId, secret) },
    driverReference: row.driverReference,
    cpo: asSeller(read.cpo, read.terms.terms),
    partner: asKept(read.partner, read.terms.terms),
  }
}

type AccountRow = typeof accounts.$inferSelect

/** An account as the session's papers name it, whatever it is called by now. */
function asKept(row: AccountRow, { agreed }: KeptTerms): AccountRow {
  const kept = agreed.accounts.find(({ id }) => id === row.id)
  if (kept === undefined) return row
  const { legalName, country, vatId, address } = kept
  return { ...row, legalName, country, vatId, address }
}

/** The seller with the number under which it sold, which is not always the one of its own country. */
function asSeller(row: AccountRow, terms: KeptTerms): AccountRow {
  const kept = asKept(row, terms)
  return { ...kept, vatId: terms.taxes['sale']?.supplierVatId ?? kept.vatId }
}

const ofDecisions = joined(
  {},
  { sale: sales, cdr: cdrs, proof: priceProofs, invoice: invoices, debt: debts },
)
const selectDecisions = fixedStatement<Record<string, unknown>, { id: string }>(
  // The proof is of the price a record is paid by; older records have one proof for the driver's price and this.
  () => raw`select ${ofDecisions.columns}
    from sessions
    left join sales on sales.session_id = sessions.id
      and sales.revision = (select max(x.revision) from sales x where x.session_id = sessions.id)
    left join cdrs on cdrs.id = coalesce(sales.cdr_id,
      (select max(x.id) from cdrs x where x.session_id = sessions.id))
    left join price_proofs on price_proofs.id = (select x.id from price_proofs x where x.cdr_id = sales.cdr_id
      and x.rating in ('wholesale', 'retail') order by x.rating desc limit 1)
    left join invoices on invoices.session_id = sessions.id and invoices.kind = 'receipt_invoice'
    left join debts on debts.session_id = sessions.id
    where sessions.id = ${arg('id')}`,
)

/**
 * What was decided: the newest sale, the record it rests on, its proof, the invoice and what is owed. Without a sale the
 * newest record is still evidence: it may say why nothing was sold.
 */
async function decisions(sql: Sql, sessionId: string) {
  const row = ofDecisions.read(await one(selectDecisions(sql, { id: sessionId }), 'session'))
  return { ...row, debt: row.debt === undefined ? undefined : debtOf(row.debt) }
}

type LedgerLine = {
  entry: number
  key: string
  kind: string
  effectiveAt: string
  leg: number
  account: string
  currency: string
  amountMinor: number
}
const selectLedger = fixedStatement<LedgerLine, { sessionId: string }>(
  () => raw`select e.id as entry, e.idempotency_key as key, e.kind, e.effective_at as "effectiveAt", p.leg,
      a.code as account, p.currency, p.amount_minor as "amountMinor"
    from ledger_entries e join ledger_postings p on p.entry_id = e.id join ledger_accounts a on a.id = p.account_id
    where e.session_id = ${arg('sessionId')} order by e.id, p.leg`,
)

async function ledgerOf(sql: Sql, sessionId: string) {
  const rows = await selectLedger(sql, { sessionId })
  return rows.map(({ amountMinor, currency, ...row }) => ({
    ...row,
    amount: { amount: amountMinor, currency },
  }))
}

const ofPayable = joined({ payable: payables }, {})
type SettlementRow = typeof settlements.$inferSelect
type Settled = {
  [Name in 'state' | 'batch' | 'payoutReference' | 'paidAt']: SettlementRow[Name] | null
}
const selectSettled = fixedStatement<Settled, { sessionId: string }>(
  () => raw`select ${ofPayable.columns}, s.state, s.batch, s.payout_reference as "payoutReference", s.paid_at as "paidAt"
    from payables left join settlements s on s.id = payables.settlement_id
    where payables.session_id = ${arg('sessionId')} order by payables.revision, payables.role, payables.payee_id`,
)

async function settlementsOf(sql: Sql, sessionId: string) {
  const rows = await selectSettled(sql, { sessionId })
  return rows.map((row) => {
    const { state, batch, payoutReference, paidAt } = row
    return { ...ofPayable.read(row), state, batch, payoutReference, paidAt }
  })
}

const selectMeter = fixedStatement<typeof meterValues.$inferSelect, { sessionId: string }>(
  () => raw`select ${rowOf(meterValues)} from meter_values
    where session_id = ${arg('sessionId')} order by at, context`,
)
const selectMessages = fixedStatement<typeof protocolMessages.$inferSelect, { sessionId: string }>(
  () => raw`select ${rowOf(protocolMessages)} from protocol_messages
    where session_id = ${arg('sessionId')} order by id`,
)
const selectTimeline = fixedStatement<typeof timeline.$inferSelect, { sessionId: string }>(
  () =>
    raw`select ${rowOf(timeline)} from timeline where session_id = ${arg('sessionId')} order by id`,
)

export async function gatherSession(sql: Sql, sessionId: string) {
  // One connection takes them one after the other; sent together, they are one round trip.
  const [place, decided, payments, meter, messages, ledger, settled, given, creditNotes] =
    await Promise.all([
      frame(sql, sessionId),
      decisions(sql, sessionId),
      paymentsOf(sql, sessionId),
      selectMeter(sql, { sessionId }),
      selectMessages(sql, { sessionId }),
      ledgerOf(sql, sessionId),
      settlementsOf(sql, sessionId),
      refundsOf(sql, sessionId),
      creditNotesOf(sql, sessionId),
    ])
  return {
    ...place,
    ...decided,
    payments,
    refunds: given,
    creditNotes,
    meter,
    messages: messages.map(openedMessage),
    ledger,
    settlements: settled,
  }
}

/** Room by room, in the order it happened. */
export const timelineRows = (sql: Sql, sessionId: string) => selectTimeline(sql, { sessionId })

/** What a settlement changes of a session that was sealed before it. */
export async function gatherSettlement(sql: Sql, sessionId: string) {
  const [session, secret, settled, lines] = await Promise.all([
    getSession(sql, 'all', sessionId),
    secretOf(sql, sessionId),
    settlementsOf(sql, sessionId),
    timelineRows(sql, sessionId),
  ])
  if (session === undefined) throw new InvariantError(`No session ${sessionId}.`)
  return { session, secret, settlements: settled, timeline: lines }
}

const selectSecret = fixedStatement<{ secret: Sealed }, { sessionId: string }>(
  () => raw`select secret from session_terms where session_id = ${arg('sessionId')}`,
)

/** What the salts of a session's papers follow from; it leaves no process of ours. */
export async function secretOf(sql: Sql, sessionId: string): Promise<Buffer> {
  const row = await one(selectSecret(sql, { sessionId }), 'terms')
  return openedSecret(sessionId, row.secret)
}

const columns = {
  id: evidencePacks.id,
  sessionId: evidencePacks.sessionId,
  revision: evidencePacks.revision,
  manifestHash: evidencePacks.manifestHash,
  keyId: evidencePacks.keyId,
  sealedAt: evidencePacks.sealedAt,
}

const head = namedColumns(columns)
const selectLatest = fixedStatement<EvidenceRow, { sessionId: string }>(
  () => raw`select ${head} from evidence_packs
    where session_id = ${arg('sessionId')} order by revision desc limit 1`,
)
const selectZip = fixedStatement<{ zip: Buffer }, { sessionId: string; revision: number | null }>(
  () => raw`select zip from evidence_packs
    where session_id = ${arg('sessionId')} and revision = coalesce(${arg('revision')}::int, revision)
    order by revision desc limit 1`,
)
const lock = fixedStatement<Record<string, never>, { name: string }>(
  () => raw`select pg_advisory_xact_lock(hashtextextended(${arg('name')}::text, 0))`,
)
const insertPack = fixedStatement<EvidenceRow, typeof evidencePacks.$inferSelect>(
  () => raw`insert into evidence_packs (id, session_id, revision, manifest_hash, key_id, zip, sealed_at)
    values (${arg('id')}, ${arg('sessionId')}, ${arg('revision')}, ${arg('manifestHash')}, ${arg('keyId')},
      ${arg('zip')}, ${arg('sealedAt')})
    returning ${head}`,
)

/** A pack compresses nothing; here it takes half the room. The server's own compression takes fifty times as long. */
const stored = (zip: Buffer): Buffer =>
  zstdCompressSync(zip, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/** The newest seal of a session. The caller has checked that the session is the viewer's. */
export async function latestEvidence(
  sql: Sql,
  sessionId: string,
): Promise<EvidenceRow | undefined> {
  const [row] = await selectLatest(sql, { sessionId })
  return row
}

export async function evidenceZip(
  sql: Sql,
  sessionId: string,
  revision?: number,
): Promise<Buffer | undefined> {
  const [row] = await selectZip(sql, { sessionId, revision: revision ?? null })
  return row && zstdDecompressSync(row.zip)
}

/** One sealer per session at a time: the lock holds until the tx ends. */
export async function lockEvidence(tx: Tx, sessionId: string): Promise<void> {
  await lock(tx, { name: `evidence:${sessionId}` })
}

export async function insertEvidence(
  tx: Tx,
  row: Omit<typeof evidencePacks.$inferSelect, 'id'>,
): Promise<EvidenceRow> {
  const [kept] = await insertPack(tx, { id: newId('evidence'), ...row, zip: stored(row.zip) })
  if (kept === undefined) throw new InvariantError('an evidence pack was not written')
  return kept
}

const selectStale = fixedStatement<
  { sessionId: string },
  { since: string; before: string; limit: number; keyId: string }
>(
  () => raw`select s.session_id as "sessionId"
    from sales s cross join lateral (select max(e.sealed_at) as at from evidence_packs e
      where e.session_id = s.session_id) sealed
    where s.revision > 1 and s.created_at between ${arg('since')}::timestamptz and ${arg('before')}::timestamptz
      and (s.created_at > sealed.at or exists (select from refunds r where r.session_id = s.session_id
        and r.updated_at > sealed.at and r.updated_at < ${arg('before')}::timestamptz) or exists (select from payables p join settlements t on t.id = p.settlement_id
        where p.session_id = s.session_id and t.paid_at > sealed.at and t.paid_at < ${arg('before')}::timestamptz))
    union
    select e.session_id from signing_keys k join evidence_packs e on e.key_id = k.key_id join sessions s on s.id = e.session_id
    where k.compromised_since is not null and k.key_id <> ${arg('keyId')}
      and (s.settled_at < ${arg('before')}::timestamptz or e.sealed_at < ${arg('since')}::timestamptz)
      and not exists (select from evidence_packs n where n.session_id = e.session_id and n.revision > e.revision)
    order by 1 limit ${arg('limit')}::int`,
)

/**
 * Sessions whose sale was revised, or of whose revision a payee was paid or a refund ended, after the newest pack was sealed: between two
 * instants, the later of which leaves whoever revises and seals the time to do so. And sessions that are over and whose
 * newest pack bears a key that somebody else may have, other than `keyId`, which would seal them anew.
 */
export async function staleEvidence(
  sql: Sql,
  wish: { since: string; before: string; limit: number; keyId: string },
): Promise<string[]> {
  const rows = await selectStale(sql, wish)
  return rows.map(({ sessionId }) => sessionId)
}

import { sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { databaseMessage, sqlState, type Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'

/** One leg: debit positive, credit negative; the account is made by its first leg. */
export type Posting = { account: string; amount: Money }

export type NewEntry = {
  /** Same key and same entry: the first one's id. Same key and another entry: an error. */
  key: string
  kind: string
  sessionId?: string
  /**
   * UTC instant at which the movement counts. Part of the entry: a repeat must bring the same one. Where its period is
   * closed, it counts from the first instant that is open, and is kept as `occurredAt`.
   */
  effectiveAt: string
  /** Two or more; they sum to zero in every currency. */
  postings: Posting[]
}

/** Posts one balanced entry and returns its id. `ledger_post` is the only writer; its guards are in the migration. */
export async function postEntry(sql: Sql, entry: NewEntry): Promise<number> {
  const legs = JSON.stringify(legsOf(entry.postings))
  try {
    const [row] = await sql.execute<{ id: number }>(
      raw`select ledger_post(${entry.key}, ${entry.kind}, ${entry.sessionId ?? null}, ${entry.effectiveAt}, ${legs}) as id`,
    )
    if (row === undefined) throw new Error('ledger_post returned nothing')
    return row.id
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    throw new Error(`ledger entry ${entry.key}: ${databaseMessage(error)}`, { cause: error })
  }
}

const postAll = fixedStatement<{ ids: number[] }, { list: string }>(
  () => raw`select ledger_post_all(${arg('list')}::jsonb) as ids`,
)

/** Posts many entries in one statement, all or none; ids in the order of the entries, whose keys differ. */
export async function postEntries(sql: Sql, entries: NewEntry[]): Promise<number[]> {
  if (entries.length === 0) return []
  const list = entries.map((entry) => ({
    key: entry.key,
    kind: entry.kind,
    session: entry.sessionId ?? null,
    effective_at: entry.effectiveAt,
    legs: legsOf(entry.postings),
  }))
  try {
    const [row] = await postAll(sql, { list: JSON.stringify(list) })
    return row?.ids ?? []
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    throw new Error(`ledger entries: ${databaseMessage(error)}`, { cause: error })
  }
}

function legsOf(postings: Posting[]) {
  return postings.map(({ account, amount }) => ({
    account,
    currency: amount.currency,
    amount_minor: amount.amount,
  }))
}

export type Entry = {
  id: number
  key: string
  kind: string
  sessionId: string | null
  effectiveAt: string
  /** When it happened, where that was in a period closed by then; else null. */
  occurredAt: string | null
  recordedAt: string
  postings: Posting[]
}

/** Every entry of one session in the order of recording, with its legs. */
export function entriesOfSession(sql: Sql, sessionId: string): Promise<Entry[]> {
  return readEntries(sql, raw`e.session_id = ${sessionId}`, raw`e.id`)
}

export async function entryById(sql: Sql, id: number): Promise<Entry | undefined> {
  const [entry] = await readEntries(sql, raw`e.id = ${id}`, raw`e.id`)
  return entry
}

export async function entryByKey(sql: Sql, key: string): Promise<Entry | undefined> {
  const [entry] = await readEntries(sql, raw`e.idempotency_key = ${key}`, raw`e.id`)
  return entry
}

export type EntryFilter = {
  sessionId?: string | undefined
  /** The account's whole code. */
  account?: string | undefined
  kind?: string | undefined
  /** By the instant it counts at: from, and before until. */
  from?: string | undefined
  until?: string | undefined
  /** Of the absolute value of one of its postings, in minor units. */
  amountMin?: number | undefined
  amountMax?: number | undefined
  /** A payment provider's or a bank's own: of a payment, a refund, a payout, a movement or a booking. */
  reference?: string | undefined
}

const touching = ({ account, amountMin, amountMax }: EntryFilter) => {
  if (account === undefined && amountMin === undefined && amountMax === undefined) return raw`true`
  const of = account === undefined ? raw`true` : raw`y.code = ${account}`
  const least = amountMin === undefined ? raw`true` : raw`abs(x.amount_minor) >= ${amountMin}`
  const most = amountMax === undefined ? raw`true` : raw`abs(x.amount_minor) <= ${amountMax}`
  return raw`exists (select from ledger_postings x join ledger_accounts y on y.id = x.account_id
    where x.entry_id = e.id and ${of} and ${least} and ${most})`
}

/** Entries of one account are found by the account's own index; there may be millions of others. */
const inAccount = ({ account }: EntryFilter, before: number | undefined, limit: number) =>
  account === undefined
    ? raw`true`
    : raw`e.id in (select x.entry_id from ledger_postings x
        where x.account_id = (select y.id from ledger_accounts y where y.code = ${account})
          and ${before === undefined ? raw`true` : raw`x.entry_id < ${before}`}
        ${limit === 0 ? raw`` : raw`order by x.entry_id desc limit ${limit * 4}`})`

const ofReference = (reference: string) => raw`(
  e.session_id in (select p.session_id from payments p where p.psp_id = ${reference}
    union select r.session_id from refunds r where r.reference = ${reference})
  or e.idempotency_key in (select k.prefix || ${reference}::text from unnest(array['unmatched:', 'matched:',
    'unclaimed:', 'payout_returned:']) k (prefix))
  or exists (select from settlements s where s.payout_reference = ${reference}
    and e.idempotency_key like s.id || '%'))`

/** The journal, newest first; `beforeId` is the last id of the page before. */
export function listEntries(
  sql: Sql,
  { beforeId, limit, ...filter }: { beforeId?: number | undefined; limit: number } & EntryFilter,
): Promise<Entry[]> {
  const { sessionId, kind, from, until, reference, amountMin, amountMax } = filter
  const narrow = [kind, from, until, reference, amountMin, amountMax, sessionId]
  // Where nothing else narrows the account's own newest entries, a page of them is all that is looked at.
  const isPlain = narrow.every((each) => each === undefined)
  const parts = [
    beforeId === undefined ? raw`true` : raw`e.id < ${beforeId}`,
    sessionId === undefined ? raw`true` : raw`e.session_id = ${sessionId}`,
    kind === undefined ? raw`true` : raw`e.kind = ${kind}`,
    from === undefined ? raw`true` : raw`e.effective_at >= ${from}`,
    until === undefined ? raw`true` : raw`e.effective_at < ${until}`,
    reference === undefined ? raw`true` : ofReference(reference),
    inAccount(filter, beforeId, isPlain ? limit : 0),
    touching(filter),
  ]
  return readEntries(sql, raw.join(parts, raw` and `), raw`e.id desc limit ${limit}`)
}

async function readEntries(
  sql: Sql,
  where: ReturnType<typeof raw>,
  order: ReturnType<typeof raw>,
): Promise<Entry[]> {
  const rows = await sql.execute<{
    id: number
    key: string
    kind: string
    session_id: string | null
    effective_at: string
    occurred_at: string | null
    recorded_at: string
    postings: Posting[]
  }>(raw`
    select e.id, e.idempotency_key as key, e.kind, e.session_id, e.effective_at, e.occurred_at, e.recorded_at,
      (select json_agg(json_build_object(
          'account', a.code,
          'amount', json_build_object('amount', p.amount_minor, 'currency', p.currency)) order by p.leg)
        from ledger_postings p join ledger_accounts a on a.id = p.account_id
        where p.entry_id = e.id) as postings
    from ledger_entries e where ${where} order by ${order}`)
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    kind: row.kind,
    sessionId: row.session_id,
    effectiveAt: row.effective_at,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    postings: row.postings,
  }))
}

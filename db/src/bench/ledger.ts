// What the ledger's guards cost: entries per second through `postEntry` and `postEntries`, against raw inserts of
// the very same rows into plain tables (a primary key, nothing else) on the same server, in the same run.
// `plain` does as a pgbench script does: begin, one insert for the entry, one for its legs, end; a batch has many
// of them in one tx. `bulk` is the least any program could send: one statement for an entry or a whole batch.
import { randomBytes } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { connect, type Db } from '../client.ts'
import { postEntries, postEntry, type NewEntry } from '../queries/ledger/ledger.ts'
import { trialBalance } from '../queries/ledger/balances.ts'

export type LedgerBenchOptions = {
  /** Database connections that write at once. */
  clients: number
  /** Length of each measured round; there are `rounds` of each kind, in turn. */
  roundMs: number
  rounds: number
  /** Entries per database tx of the batched rounds. */
  batch: number
}
/** Median entries per second, and guarded as a part of each of the other two. */
export type LedgerRates = {
  guarded: number
  plain: number
  bulk: number
  ratio: number
  ratioToBulk: number
}
export type LedgerBenchResult = {
  clients: number
  legsPerEntry: number
  batchSize: number
  single: LedgerRates
  batched: LedgerRates
}

const defaults: LedgerBenchOptions = { clients: 8, roundMs: 2_000, rounds: 3, batch: 100 }

const leg = (account: string, amount: number) => ({ account, amount: { amount, currency: 'EUR' } })

/** A session's capture as the corridor books it: cash, CPO, commission, VAT, the provider's fee twice. */
function captureEntry(key: string, n: number): NewEntry {
  return {
    key,
    kind: 'capture',
    sessionId: `ses_${key}`,
    effectiveAt: '2026-11-21T10:15:00.000Z',
    postings: [
      leg(`asset:stripe:de:${n % 40}:EUR`, 2_109),
      leg(`liability:cpo:acct_${n % 4_960}:EUR:pending`, -1_740),
      leg('revenue:commission:de', -32),
      leg('liability:vat:DE:2026-11', -337),
      leg('expense:psp_fee:EUR', 55),
      leg('liability:psp_fee:EUR', -55),
    ],
  }
}

/** Measures on the database behind `url`, which is migrated and its owner's by `ownerUrl`; leaves balanced test entries. */
export async function benchLedger(
  url: string,
  ownerUrl: string,
  options: Partial<LedgerBenchOptions> = {},
): Promise<LedgerBenchResult> {
  const settings = { ...defaults, ...options }
  const guarded = connect({ url, max: settings.clients, name: 'bench-guarded' })
  const plain = connect({
    url: ownerUrl,
    role: null,
    max: settings.clients,
    name: 'bench-plain',
  })
  try {
    await makePlainTables(plain)
    const run = randomBytes(4).toString('hex')
    let count = 0
    const next = () => captureEntry(`bench-${run}-${++count}`, count)
    const many = () => Array.from({ length: settings.batch }, next)
    // Accounts are made by their first leg; that is not what is measured.
    for (let n = 0; n < 4_960; n += 100) {
      const warm = Array.from({ length: 100 }, (_, i) =>
        captureEntry(`warm-${run}-${n + i}`, n + i),
      )
      await postEntries(guarded, warm)
    }
    const single = await compare(settings, 1, {
      guarded: () => postEntry(guarded, next()),
      plain: () => insertEach(plain, [next()]),
      bulk: () => insertEntry(plain, next()),
    })
    const batched = await compare(settings, settings.batch, {
      guarded: () => postEntries(guarded, many()),
      plain: () => insertEach(plain, many()),
      bulk: () => insertBulk(plain, many()),
    })
    const { currencies } = await trialBalance(guarded)
    if (currencies.some((row) => row.difference.amount !== 0n))
      throw new Error('the books do not balance')
    const { batch: batchSize, clients } = settings
    return { clients, legsPerEntry: next().postings.length, batchSize, single, batched }
  } finally {
    await plain.execute(raw`drop schema if exists bench_plain cascade`)
    await Promise.all([guarded.close(), plain.close()])
  }
}

type Call = () => Promise<unknown>

/** Rounds alternate, so that a slow moment of the machine meets all kinds. */
async function compare(
  options: LedgerBenchOptions,
  entriesPerCall: number,
  work: { guarded: Call; plain: Call; bulk: Call },
): Promise<LedgerRates> {
  const measured = { guarded: [] as number[], plain: [] as number[], bulk: [] as number[] }
  for (let round = 0; round < options.rounds; round++) {
    measured.plain.push(await perSecond(options, work.plain))
    measured.guarded.push(await perSecond(options, work.guarded))
    measured.bulk.push(await perSecond(options, work.bulk))
  }
  const entries = (calls: number[]) => Math.round(median(calls) * entriesPerCall)
  const guarded = entries(measured.guarded)
  const plain = entries(measured.plain)
  const bulk = entries(measured.bulk)
  return { guarded, plain, bulk, ratio: part(guarded, plain), ratioToBulk: part(guarded, bulk) }
}

const part = (of: number, whole: number) => Math.round((of / whole) * 1_000) / 1_000

async function perSecond(
  { clients, roundMs }: LedgerBenchOptions,
  work: () => Promise<unknown>,
): Promise<number> {
  const start = performance.now()
  let done = 0
  const client = async () => {
    while (performance.now() - start < roundMs) {
      await work()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (done * 1_000) / (performance.now() - start)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** The same columns and the primary keys that any table has, and nothing else. */
async function makePlainTables(db: Db): Promise<void> {
  for (const statement of [
    'drop schema if exists bench_plain cascade',
    'create schema bench_plain',
    `create table bench_plain.entries (id bigint generated always as identity primary key,
      idempotency_key text not null, body_hash bytea not null, kind text not null, session_id text,
      effective_at timestamptz not null, recorded_at timestamptz not null default clock_timestamp(),
      xid xid8 not null default pg_current_xact_id())`,
    `create table bench_plain.postings (entry_id bigint not null, leg smallint not null, account_id int not null,
      currency text not null, amount_minor bigint not null, primary key (entry_id, leg))`,
  ]) {
    await db.execute(raw.raw(statement))
  }
}

const hash = Buffer.alloc(32, 7)

/** One entry and its legs in one prepared statement. */
function insertEntry(db: Db, { key, kind, sessionId, effectiveAt, postings }: NewEntry) {
  const legs = postings.map(
    ({ amount }, i) =>
      raw`(${i}::int2, ${i * 31}::int, ${amount.currency}, ${amount.amount}::bigint)`,
  )
  return db.execute(raw`
    with made as (
      insert into bench_plain.entries (idempotency_key, body_hash, kind, session_id, effective_at)
      values (${key}, ${hash}, ${kind}, ${sessionId ?? null}, ${effectiveAt}) returning id)
    insert into bench_plain.postings (entry_id, leg, account_id, currency, amount_minor)
    select made.id, w.* from made, (values ${raw.join(legs, raw`, `)}) w`)
}

function insertEach(db: Db, entries: NewEntry[]): Promise<unknown> {
  return db.tx(async (tx) => {
    for (const { key, kind, sessionId, effectiveAt, postings } of entries) {
      const [made] = await tx.execute<{ id: number }>(raw`
        insert into bench_plain.entries (idempotency_key, body_hash, kind, session_id, effective_at)
        values (${key}, ${hash}, ${kind}, ${sessionId ?? null}, ${effectiveAt}) returning id`)
      const legs = postings.map(
        ({ amount }, i) =>
          raw`(${made?.id}, ${i}, ${i * 31}, ${amount.currency}, ${amount.amount})`,
      )
      await tx.execute(raw`
        insert into bench_plain.postings (entry_id, leg, account_id, currency, amount_minor)
        values ${raw.join(legs, raw`, `)}`)
    }
  })
}

function insertBulk(db: Db, entries: NewEntry[]): Promise<unknown> {
  return db.tx(async (tx) => {
    const rows = await tx.execute<{ id: number }>(raw`
      insert into bench_plain.entries (idempotency_key, body_hash, kind, session_id, effective_at)
      select x.key, ${hash}::bytea, x.kind, x."sessionId", x."effectiveAt"
      from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as x(key text, kind text, "sessionId" text, "effectiveAt" timestamptz)
      returning id`)
    const legs = entries.flatMap((entry, i) =>
      entry.postings.map(({ amount }, n) => ({
        currency: amount.currency,
        amount_minor: amount.amount,
        leg: n,
        entry: rows[i]?.id,
        id: n * 31,
      })),
    )
    await tx.execute(raw`
      insert into bench_plain.postings (entry_id, leg, account_id, currency, amount_minor)
      select x.entry, x.leg, x.id, x.currency, x.amount_minor
      from jsonb_to_recordset(${JSON.stringify(legs)}::jsonb)
        as x(entry bigint, leg smallint, id int, currency text, amount_minor bigint)`)
  })
}

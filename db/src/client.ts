import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { setArrayTypes } from './arrays.ts'
import { arg, clientOf, fixedStatement } from './fixed.ts'
import { type Client, runTx, type Unsafe } from './pipeline.ts'

export { databaseMessage, sqlState, violatedConstraint } from './database-error.ts'

/**
 * What every query takes first: a connection pool or a database tx, it does not care. `transaction` on
 * either is safe: inside a tx it is a savepoint.
 */
export type Sql = PgDatabase<PostgresJsQueryResultHKT>

/** A running database tx. */
export type Tx = Parameters<Parameters<Sql['transaction']>[0]>[0]

/** Makes the proof with which a tenant's tx says whose it is. */
type Prove = (accountId: string) => string
type Tenants = { pool: Sql; prove: Prove }

export type Db = Sql & {
  /** Connections that work for one account at a time, opened when the first is asked for. */
  tenants(): Promise<Tenants>
  /** One database tx: commits when `fn` resolves, rolls back when it throws. */
  tx<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls `fn` for every `pg_notify` on the channel; `onListening` after each (re)connect, to catch up. */
  listen(
    channel: string,
    fn: (payload: string) => void,
    onListening?: () => void,
  ): Promise<() => Promise<void>>
  /** Loads tab-separated COPY text (`copy t (a, b) from stdin`), for bulk loads only. */
  copy(statement: string, chunks: AsyncIterable<string> | Iterable<string>): Promise<void>
  /** Waits up to 5 s for running queries, then ends every connection. */
  close(): Promise<void>
}

/** The account id that means "all of them": finance, platform, and our own processes. */
export const everyAccount = '*'

/** Role without write grants on the ledger, which every process of the product works under; its login may do nothing. */
export const platformRole = 'chargelane_platform'
/** Role under row-level security, which one partner's or CPO's request works under, and the login that takes no other. */
const [tenantRole, tenantLogin] = ['chargelane_app', 'chargelane_tenant']

export interface ConnectOptions {
  url: string
  /** The PostgreSQL role to work as; `null` keeps the login's own, which only migrations need. */
  role?: string | null
  /** Connections of the pool at most (default 10). */
  max?: number
  /** Shown in `pg_stat_activity`. */
  name?: string
  /** Milliseconds after which a statement is given up (default 30000; 0 = never). */
  statementTimeoutMs?: number
  /**
   * A statement's plan is made once per connection, whatever the values of a call: for a process whose statements find
   * their rows by a key. Planning most of them takes longer than running them, and without it each is planned five times
   * on every connection, and one whose values are lists each time.
   */
  keepsPlans?: boolean
}

/**
 * Opens a pool. Instants come back as ISO strings with milliseconds and Z, from drizzle columns and from raw
 * SQL alike; `jsonb` as values, `bigint` as safe integers, `numeric` as text. Every wait has an end: 10 s to
 * connect, 30 s per statement, 5 s per lock, 60 s idle inside a tx.
 */
export function connect(options: ConnectOptions): Db {
  const role = options.role === undefined ? platformRole : options.role
  const client = open(options, role)
  // A COPY is no statement like others, so its tx stays postgres.js' own.
  const beginCopy = client.begin.bind(client)
  pipelined(client)
  const db = drizzled(client)
  const ends: (() => Promise<void>)[] = [() => client.end({ timeout: 5 })]
  let tenants: Promise<Tenants> | undefined
  const openTenants = async (): Promise<Tenants> => {
    const [row] = await db.execute<{ secret: string }>(sql`select secret from tenant_secret`)
    if (row === undefined) throw new Error('the database has no secret to prove accounts by')
    const prove: Prove = (accountId) =>
      createHash('sha256').update(`${row.secret}${accountId}${row.secret}`).digest('hex')
    const own = open({ ...options, url: ofTenants(options.url) }, tenantRole)
    ends.push(() => own.end({ timeout: 5 }))
    pipelined(own, prove)
    return { pool: drizzled(own), prove }
  }
  return Object.assign(db, {
    tx: <T>(fn: (tx: Tx) => Promise<T>) => db.transaction(fn),
    tenants: () => {
      tenants ??= openTenants().catch((error: unknown) => {
        tenants = undefined
        throw error
      })
      return tenants
    },
    async listen(channel: string, fn: (payload: string) => void, onListening?: () => void) {
      const listening = await client.listen(channel, fn, onListening)
      return () => listening.unlisten()
    },
    copy: (statement: string, chunks: AsyncIterable<string> | Iterable<string>) =>
      beginCopy((tx) => copyInto(tx, statement, chunks)),
    close: async () => {
      await Promise.all(ends.map((end) => end()))
    },
  })
}

function open(options: ConnectOptions, role: string | null): postgres.Sql {
  return postgres(options.url, {
    max: options.max ?? 10,
    connect_timeout: 10,
    idle_timeout: 300,
    // Ends the process's hold on the server slowly, so that a long-lived pool follows a failover.
    max_lifetime: 3_600,
    onnotice: () => undefined,
    fetch_types: false,
    connection: {
      application_name: options.name ?? 'chargelane',
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 60_000,
      ...(options.keepsPlans === true ? { plan_cache_mode: 'force_generic_plan' } : {}),
      ...(role === null ? {} : { role }),
      ...(role === platformRole ? { 'chargelane.account': everyAccount } : {}),
    },
  })
}

/** Without the schema, which drizzle would turn into a query builder per table for every tx; queries name their tables. */
function drizzled(client: postgres.Sql): Sql {
  const db = drizzle(client, { casing: 'snake_case' })
  setTypes(client)
  return db
}

/** The login of the tenants' connections, which has the password of the processes' own. */
function ofTenants(url: string): string {
  const tenants = new URL(url)
  tenants.username = tenantLogin
  return tenants.href
}

async function copyInto(
  tx: postgres.TransactionSql,
  statement: string,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const stream = await tx.unsafe(statement).writable()
  const broken = new Promise<never>((_, reject) => stream.once('error', reject))
  broken.catch(() => undefined)
  const isSent = new Promise<void>((resolve) => {
    // oxlint-disable no-underscore-dangle -- Node's own name of the hook that ends a stream
    const final = stream._final.bind(stream)
    stream._final = (done) => {
      final(done)
      resolve()
    }
    // oxlint-enable no-underscore-dangle
  })
  for await (const chunk of chunks) {
    if (stream.write(chunk)) continue
    await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), broken])
  }
  stream.end()
  // postgres.js drops an error that comes after the last row; the tx it aborted still tells.
  try {
    await Promise.race([isSent.then(() => tx.unsafe('select 1')), broken])
  } catch (cause) {
    throw new Error(`the server refused the rows of "${statement}"`, { cause })
  }
}

const enter = fixedStatement<
  Record<string, never>,
  { accountId: string; proof: string; keyDigest: Buffer | null }
>(
  () => sql`select chargelane_enter(${arg('accountId')}::text, ${arg('proof')}::text,
    ${arg('keyDigest')}::bytea)`,
)

/**
 * A tx as one account sees the database: row-level security shows and lets change only what is the account's.
 * `everyAccount` sees all, still without write grants on the ledger. With the digest of an API key the tx fails
 * unless the key still counts. Its connection is of a login of its own, from which no statement leads to another role.
 */
export async function asAccount<T>(
  db: Db,
  accountId: string,
  fn: (tx: Tx) => Promise<T>,
  keyDigest: Buffer | null = null,
): Promise<T> {
  const { pool, prove } = await db.tenants()
  return pool.transaction((tx) => {
    // Sent first and not waited for: none of the tx's statements runs after a failure, and the failure is the tx's.
    const entering = enter(tx, { accountId, proof: prove(accountId), keyDigest })
    entering.catch(() => undefined)
    return fn(tx)
  })
}

/**
 * Ends the tx with a statement under way: the commit goes out with it, not after its answer, and nothing may follow.
 * Inside a savepoint it only waits for the statement.
 */
export async function lastOf<T>(tx: Sql, statement: Promise<T>): Promise<T> {
  const { commit } = clientOf(tx)
  if (commit === undefined) return statement
  const [answer, end] = await Promise.allSettled([statement, commit()])
  if (answer.status === 'rejected') throw answer.reason
  if (end.status === 'rejected') throw end.reason
  return answer.value
}

/** Within a running tx, a few statements in another account's name: what it has to hear of is written to its log. */
export async function inNameOf<T>(
  tx: Tx,
  accountId: string,
  fn: (tx: Tx) => Promise<T>,
): Promise<T> {
  const [before] = await tx.execute<{ account: string | null }>(
    sql`select current_setting('chargelane.account', true) as account`,
  )
  await nameAccount(tx, accountId)
  // Not in a finally: after a failed statement the tx is over, and the setting with it.
  const result = await fn(tx)
  await nameAccount(tx, before?.account ?? '')
  return result
}

/**
 * A tenant may not call `set_config`, by which any expression of a statement could change whose rows it sees. These are
 * statements of their own, which take no parameters; a tenant's account counts with its proof alone.
 */
async function nameAccount(tx: Tx, accountId: string): Promise<void> {
  if (!/^(?:\*|acct_\w{1,60})?$/.test(accountId)) throw new TypeError('not the id of an account')
  const client = clientOf(tx)
  const statements = [client.unsafe(`set local chargelane.account = '${accountId}'`).execute()]
  const proof = client.prove?.(accountId)
  if (proof !== undefined)
    statements.push(client.unsafe(`set local chargelane.proof = '${proof}'`).execute())
  await Promise.all(statements)
}

/** Longer statements have as many shapes as rows (multi-row inserts): those would fill the server's memory. */
const preparedParamsMax = 48

/** The client as drizzle finds it, with our txs in place of its own. */
function pipelined(pool: postgres.Sql, prove?: Prove): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its types show no handler of a statement
  const client = pool as unknown as Client
  const unsafe = prepared(client.unsafe)
  client.unsafe = unsafe
  client.begin = (fn) => runTx(unsafe, fn, prove)
}

/**
 * drizzle sends every statement unprepared, which costs postgres.js a second round trip and the server a plan
 * each time. The statements of this package are few, so each connection prepares each of them once.
 */
function prepared(unsafe: Unsafe): Unsafe {
  return (text, params, options) => {
    if (params) withhold(params)
    // Refused before it takes a place among the statements under way.
    if (params?.includes(undefined)) throw new TypeError('a statement lacks one of its values')
    const prepare = params !== undefined && params.length <= preparedParamsMax
    return unsafe(text, params, { ...options, prepare })
  }
}

/** drizzle writes a failed statement's parameters into the error, and errors go to the log: keys, tokens, all. */
function withhold(params: unknown[]): void {
  Object.assign(params, withheld)
}
const nothing = () => '[withheld]'
const withheld = { toString: nothing, toJSON: nothing }

/**
 * `drizzle(client)` replaces the client's own parsers and serialisers of dates and JSON by ones that do
 * nothing, for every user of the client. This runs after it and sets ours.
 */
function setTypes({ options }: postgres.Sql): void {
  const { parsers, serializers } = options
  const [int8, json, jsonb, timestamptz] = [20, 114, 3802, 1184]
  parsers[timestamptz] = isoInstant
  parsers[int8] = safeInteger
  for (const oid of [json, jsonb]) {
    // drizzle hands over JSON text; raw SQL may hand over a value. A bare string is taken for JSON text.
    serializers[oid] = (value: unknown) =>
      typeof value === 'string' ? value : JSON.stringify(value)
  }
  setArrayTypes(options)
}

/** `2026-11-21 10:15:00.12+00` → `2026-11-21T10:15:00.120Z`; microseconds are cut off, not rounded. */
export function isoInstant(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text)
  if (!found) throw new RangeError(`not an instant we can represent: ${text}`)
  return `${found[1]}T${found[2]}.${(found[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer beyond ±2^53: ${text}`)
  return value
}

import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  notInArray,
  or,
  sql as raw,
} from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { connections } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'

export type ConnectionRow = typeof connections.$inferSelect
/** The token that we show to the peer. */
export const tokenOutOf = ({ id, tokenOut }: Pick<ConnectionRow, 'id' | 'tokenOut'>) =>
  unseal('connections.token_out', id, tokenOut)

const sealToken = (id: string, token: string | null) => seal('connections.token_out', id, token)

export type ConnectionStatus = ConnectionRow['status']

/** Heard by the roaming process, so that a new connection is taken up at once. */
export const connectionsChannel = 'chargelane_connections'

/** Told by a trigger when a connection changes in what its peer may do; the payload is its id. */
export const callersChannel = 'chargelane_callers'

export type NewConnection = {
  cpoId: string
  protocol: 'node' | 'ocpi'
  countryCode: string
  partyId: string
  at: string
  /** OCPI, we register with the peer: its versions URL and the CREDENTIALS_TOKEN_A it gave us. */
  versionsUrl?: string
  tokenOut?: string
  /** OCPI, the peer registers with us: the keyed hash of the CREDENTIALS_TOKEN_A we gave it. */
  tokenInDigest?: Buffer
}

/** A node connection is live at once; an OCPI one begins with its handshake. */
export async function createConnection(sql: Tx, input: NewConnection): Promise<ConnectionRow> {
  const id = newId('connection')
  const [row] = await sql
    .insert(connections)
    .values({
      id,
      cpoId: input.cpoId,
      protocol: input.protocol,
      status: input.protocol === 'node' ? 'live' : 'handshaking',
      countryCode: input.countryCode.toUpperCase(),
      partyId: input.partyId.toUpperCase(),
      versionsUrl: input.versionsUrl ?? null,
      tokenOut: sealToken(id, input.tokenOut ?? null),
      tokenInDigest: input.tokenInDigest ?? null,
      createdAt: input.at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a connection returned no row')
  await sql.execute(raw`select pg_notify(${connectionsChannel}, ${row.id})`)
  return row
}

export async function findConnection(sql: Sql, id: string): Promise<ConnectionRow | undefined> {
  const [row] = await sql.select().from(connections).where(eq(connections.id, id))
  return row
}

/** Connections of one CPO, or of every CPO with `all`; newest first, `after` is the last id of the page before. */
export function listConnections(
  sql: Sql,
  cpoId: string,
  page: { after?: string; limit: number },
): Promise<ConnectionRow[]> {
  return sql
    .select()
    .from(connections)
    .where(
      and(
        cpoId === 'all' ? undefined : eq(connections.cpoId, cpoId),
        page.after === undefined ? undefined : lt(connections.id, page.after),
      ),
    )
    .orderBy(desc(connections.id))
    .limit(page.limit)
}

const selectByToken = fixedStatement<
  ConnectionRow,
  { first: Buffer | null; second: Buffer | null; at: string }
>(
  () => raw`select ${rowOf(connections)} from ${connections}
    where protocol = 'ocpi' and (token_in_digest in (${arg('first')}, ${arg('second')})
      or (previous_token_in_digest in (${arg('first')}, ${arg('second')}) and previous_token_in_until > ${arg('at')}))
    limit 1`,
)

/** The peer behind a token it shows to us, in one reading or another; a rotated token counts until its overlap ends. */
export async function findConnectionByToken(
  sql: Sql,
  [first, second]: readonly Buffer[],
  at: string,
): Promise<ConnectionRow | undefined> {
  const [row] = await selectByToken(sql, { first: first ?? null, second: second ?? null, at })
  return row
}

export type ConnectionPatch = Partial<
  Omit<ConnectionRow, 'id' | 'cpoId' | 'protocol' | 'tokenOut' | 'createdAt'> & {
    tokenOut: string | null
  }
>

export async function changeConnection(
  sql: Sql,
  id: string,
  { tokenOut, ...patch }: ConnectionPatch,
): Promise<ConnectionRow> {
  const token = tokenOut === undefined ? {} : { tokenOut: sealToken(id, tokenOut) }
  const [row] = await sql
    .update(connections)
    .set({ ...patch, ...token })
    .where(eq(connections.id, id))
    .returning()
  if (row === undefined) throw new Error(`connection ${id} is gone`)
  return row
}

/** Learns one deviation of a peer without losing what another process learnt meanwhile. */
export async function learnQuirk(sql: Sql, id: string, name: string, value: string): Promise<void> {
  await sql
    .update(connections)
    .set({ quirks: raw`${connections.quirks} || ${JSON.stringify({ [name]: value })}::jsonb` })
    .where(eq(connections.id, id))
}

/** A healthy peer's answers are noted this seldom. */
const noteEveryMs = 10_000

const closeBreaker = fixedStatement<never, { id: string; at: string }>(
  () => raw`update connections set failures = 0, open_until = null, last_ok_at = ${arg('at')},
    status = case when status = 'degraded' then 'live' else status end,
    status_reason = case when status = 'degraded' then null else status_reason end
    where id = ${arg('id')}`,
)

/** The peer answered: the breaker closes. Nothing is written for a peer that `row` shows in health a moment ago. */
export async function recordPeerAnswer(
  sql: Sql,
  row: Pick<ConnectionRow, 'id' | 'failures' | 'status' | 'openUntil' | 'lastOkAt'>,
  at: string,
): Promise<void> {
  const isHealthy = row.failures === 0 && row.openUntil === null && row.status !== 'degraded'
  const sinceMs = Date.parse(at) - Date.parse(row.lastOkAt ?? '')
  if (isHealthy && sinceMs < noteEveryMs) return
  await closeBreaker(sql, { id: row.id, at })
}

/**
 * The peer did not answer. From the second failure in a row the breaker opens for 5 s, doubling up to 5 min, and a
 * live connection is degraded (failures F06); a connection still in its handshake keeps its status.
 */
export async function recordPeerFailure(
  sql: Sql,
  id: string,
  at: string,
  reason: string,
): Promise<ConnectionRow | undefined> {
  const [row] = await sql
    .update(connections)
    .set({
      failures: raw`${connections.failures} + 1`,
      openUntil: raw`case when ${connections.failures} >= 1
        then ${at}::timestamptz + least(300, 5 * power(2, least(${connections.failures} - 1, 10))) * interval '1 second'
        else ${connections.openUntil} end`,
      status: raw`case when ${connections.failures} >= 1 and ${connections.status} = 'live' then 'degraded' else ${connections.status} end`,
      statusReason: reason.slice(0, 500),
    })
    .where(eq(connections.id, id))
    .returning()
  return row
}

/** Takes one connection that waits for its handshake; the lease keeps other processes off it until `leaseUntil`. */
export async function claimHandshake(
  sql: Sql,
  at: string,
  leaseUntil: string,
  busy: readonly string[] = [],
): Promise<ConnectionRow | undefined> {
  const due = sql
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.protocol, 'ocpi'),
        eq(connections.status, 'handshaking'),
        notInArray(connections.id, [...busy]),
        isNotNull(connections.versionsUrl),
        isNotNull(connections.tokenOut),
        or(isNull(connections.openUntil), lte(connections.openUntil, at)),
      ),
    )
    .orderBy(asc(connections.createdAt))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await sql
    .update(connections)
    .set({ openUntil: leaseUntil })
    .where(inArray(connections.id, due))
    .returning()
  return row
}

/** Takes one connection whose next pull (and with it the health check) is due, none of those being dealt with. */
export async function claimPull(
  sql: Sql,
  at: string,
  nextPullAt: string,
  busy: readonly string[] = [],
): Promise<ConnectionRow | undefined> {
  const due = sql
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.protocol, 'ocpi'),
        inArray(connections.status, ['live', 'degraded']),
        notInArray(connections.id, [...busy]),
        or(isNull(connections.openUntil), lte(connections.openUntil, at)),
        or(
          isNull(connections.nextPullAt),
          lte(connections.nextPullAt, at),
          // A peer that was away has pushed into the void meanwhile: pull as soon as it may be called again.
          eq(connections.status, 'degraded'),
        ),
      ),
    )
    .orderBy(raw`${connections.nextPullAt} nulls first`)
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await sql
    .update(connections)
    .set({ nextPullAt })
    .where(inArray(connections.id, due))
    .returning()
  return row
}

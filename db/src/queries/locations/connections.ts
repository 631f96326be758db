import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  or,
  sql as raw,
} from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { connections } from '../../schema.ts'

export type ConnectionRow = typeof connections.$inferSelect
export type ConnectionStatus = ConnectionRow['status']

/** Heard by the roaming process, so that a new connection is taken up at once. */
export const connectionsChannel = 'chargelane_connections'

export type NewConnection = {
  cpoId: string
  protocol: 'node' | 'ocpi'
  countryCode: string
  partyId: string
  at: string
  /** OCPI, we register with the peer: its versions URL and the CREDENTIALS_TOKEN_A it gave us. */
  versionsUrl?: string
  tokenOut?: string
  /** OCPI, the peer registers with us: the digest of the CREDENTIALS_TOKEN_A we gave it. */
  tokenInDigest?: Buffer
}

/** A node connection is live at once; an OCPI one begins with its handshake. */
export async function createConnection(sql: Tx, input: NewConnection): Promise<ConnectionRow> {
  const [row] = await sql
    .insert(connections)
    .values({
      id: newId('connection'),
      cpoId: input.cpoId,
      protocol: input.protocol,
      status: input.protocol === 'node' ? 'live' : 'handshaking',
      countryCode: input.countryCode.toUpperCase(),
      partyId: input.partyId.toUpperCase(),
      versionsUrl: input.versionsUrl ?? null,
      tokenOut: input.tokenOut ?? null,
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

/** The peer behind a token it shows to us; a rotated token counts until its overlap ends. */
export async function findConnectionByToken(
  sql: Sql,
  digests: Buffer[],
  at: string,
): Promise<ConnectionRow | undefined> {
  if (digests.length === 0) return undefined
  const [row] = await sql
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.protocol, 'ocpi'),
        or(
          inArray(connections.tokenInDigest, digests),
          and(
            inArray(connections.previousTokenInDigest, digests),
            gt(connections.previousTokenInUntil, at),
          ),
        ),
      ),
    )
    .limit(1)
  return row
}

export type ConnectionPatch = Partial<
  Omit<ConnectionRow, 'id' | 'cpoId' | 'protocol' | 'createdAt'>
>

export async function changeConnection(
  sql: Sql,
  id: string,
  patch: ConnectionPatch,
): Promise<ConnectionRow> {
  const [row] = await sql.update(connections).set(patch).where(eq(connections.id, id)).returning()
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

/** The peer answered: the breaker closes. Written at most once per second for a healthy peer. */
export async function recordPeerAnswer(sql: Sql, id: string, at: string): Promise<void> {
  await sql
    .update(connections)
    .set({
      failures: 0,
      openUntil: null,
      lastOkAt: at,
      status: raw`case when ${connections.status} = 'degraded' then 'live' else ${connections.status} end`,
      statusReason: raw`case when ${connections.status} = 'degraded' then null else ${connections.statusReason} end`,
    })
    .where(
      and(
        eq(connections.id, id),
        or(
          gt(connections.failures, 0),
          isNull(connections.lastOkAt),
          raw`${connections.lastOkAt} < ${at}::timestamptz - interval '1 second'`,
        ),
      ),
    )
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
): Promise<ConnectionRow | undefined> {
  const due = sql
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.protocol, 'ocpi'),
        eq(connections.status, 'handshaking'),
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

/** Takes one connection whose next pull (and with it the health check) is due. */
export async function claimPull(
  sql: Sql,
  at: string,
  nextPullAt: string,
): Promise<ConnectionRow | undefined> {
  const due = sql
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        eq(connections.protocol, 'ocpi'),
        inArray(connections.status, ['live', 'degraded']),
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

import { and, eq, lt, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { idempotencyKeys } from '../../schema.ts'
import { seal, type Sealed, unseal } from '../../sealed/sealed.ts'

/** A request whose process did not say for this long that it still works has lost it; the next caller takes it over. */
export const inFlightS = 15

export type IdempotentRequest = {
  accountId: string
  key: string
  /** `POST /v1/sessions` */
  operation: string
  /** SHA-256 over the operation and the canonical body. */
  fingerprint: Buffer
  /** Chosen before the work; a repeat gets the first one's. */
  resourceId: string
  /** UTC instant of the request. */
  at: string
  /**
   * Status of the answer, where it is told again from the resource: the key is done with the claim, in the tx that makes
   * the resource. Without it the answer is kept by `completeIdempotent`.
   */
  doneWith?: number
}

/** A request that is done with its claim. */
export type DoneRequest = IdempotentRequest & { doneWith: number }

export type IdempotencyOutcome =
  /** Do the work under this id. `takenOver`: an earlier attempt may have done part of it. */
  | { kind: 'proceed'; resourceId: string; takenOver: boolean }
  /** Done before: give the stored answer again. */
  | { kind: 'replay'; resourceId: string; status: number; response: unknown }
  /** The key came with another request. */
  | { kind: 'reused' }
  | { kind: 'in_progress'; retryAfterS: number }

const claim = fixedStatement<
  { resource_id: string; created: boolean },
  IdempotentRequest & { state: 'in_flight' | 'done'; status: number | null }
>(
  () => raw`insert into idempotency_keys as k
      (account_id, key, operation, fingerprint, resource_id, state, status, locked_at, created_at)
    values (${arg('accountId')}, ${arg('key')}, ${arg('operation')}, ${arg('fingerprint')}, ${arg('resourceId')},
      ${arg('state')}, ${arg('status')}, ${arg('at')}, ${arg('at')})
    on conflict (account_id, key) do update set locked_at = excluded.locked_at, state = excluded.state,
        status = excluded.status
      where k.state = 'in_flight' and k.operation = excluded.operation
        and k.fingerprint = excluded.fingerprint
        and k.locked_at <= excluded.locked_at - make_interval(secs => ${raw.raw(String(inFlightS))})
    returning resource_id, (xmax = 0) as created`,
)

const keepAnswer = fixedStatement<
  Record<string, never>,
  { accountId: string; key: string; status: number; response: Sealed }
>(
  () => raw`update idempotency_keys set state = 'done', status = ${arg('status')}, response = ${arg('response')}
    where account_id = ${arg('accountId')} and key = ${arg('key')} and state = 'in_flight'`,
)

const selectHolder = fixedStatement<
  typeof idempotencyKeys.$inferSelect,
  { accountId: string; key: string }
>(
  () => raw`select ${rowOf(idempotencyKeys)} from idempotency_keys
    where account_id = ${arg('accountId')} and key = ${arg('key')}`,
)

type Proceed = Extract<IdempotencyOutcome, { kind: 'proceed' }>

/** Claims the key, if nobody holds it. Of many callers at once exactly one proceeds; the others wait for its tx. */
export async function claimKey(sql: Sql, request: IdempotentRequest): Promise<Proceed | undefined> {
  const { doneWith } = request
  const [claimed] = await claim(sql, {
    ...request,
    state: doneWith === undefined ? 'in_flight' : 'done',
    status: doneWith ?? null,
  })
  return (
    claimed && { kind: 'proceed', resourceId: claimed.resource_id, takenOver: !claimed.created }
  )
}

/** What became of a key that could not be claimed. */
export async function holderOf(
  sql: Sql,
  request: IdempotentRequest,
): Promise<Exclude<IdempotencyOutcome, Proceed>> {
  const { accountId, key, operation, fingerprint, at } = request
  const [row] = await selectHolder(sql, { accountId, key })
  // Given up by its owner between the two statements: the caller's own retry finds it free.
  if (row === undefined) return { kind: 'in_progress', retryAfterS: 1 }
  if (row.operation !== operation || !row.fingerprint.equals(fingerprint)) return { kind: 'reused' }
  if (row.state === 'done') {
    return {
      kind: 'replay',
      resourceId: row.resourceId,
      status: row.status ?? 200,
      response: answerOf(row),
    }
  }
  const ageS = Math.floor((Date.parse(at) - Date.parse(row.lockedAt)) / 1_000)
  return { kind: 'in_progress', retryAfterS: Math.max(1, Math.min(inFlightS, inFlightS - ageS)) }
}

const rowName = ({ accountId, key }: Pick<IdempotentRequest, 'accountId' | 'key'>) =>
  `${accountId} ${key}`

function answerOf(row: typeof idempotencyKeys.$inferSelect): unknown {
  const text = unseal('idempotency_keys.response', rowName(row), row.response)
  return text === null ? null : JSON.parse(text)
}

/** Claims the key, or tells what became of it. */
export const beginIdempotent = async (
  sql: Sql,
  request: IdempotentRequest,
): Promise<IdempotencyOutcome> => (await claimKey(sql, request)) ?? (await holderOf(sql, request))

/**
 * Keeps the answer. Call it in the tx that has the effect, where there is one: then no crash can separate the
 * two. The first answer stays.
 */
export async function completeIdempotent(
  tx: Sql,
  accountId: string,
  key: string,
  answer: { status: number; response: unknown },
): Promise<void> {
  const { status, response } = answer
  const text = JSON.stringify(response)
  await keepAnswer(tx, {
    accountId,
    key,
    status,
    response: seal('idempotency_keys.response', rowName({ accountId, key }), text),
  })
}

/** Frees a key whose request changed nothing, so that the partner may repair the request and use it again. */
export async function abandonIdempotent(sql: Sql, accountId: string, key: string): Promise<void> {
  await sql
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.accountId, accountId),
        eq(idempotencyKeys.key, key),
        eq(idempotencyKeys.state, 'in_flight'),
      ),
    )
}

const renew = fixedStatement<Record<string, never>, { keys: string; at: string }>(
  () => raw`update idempotency_keys k set locked_at = ${arg('at')}::timestamptz
    from jsonb_to_recordset(${arg('keys')}::jsonb) as held ("accountId" text, key text)
    where k.account_id = held."accountId" and k.key = held.key and k.state = 'in_flight'
      and k.locked_at < ${arg('at')}::timestamptz`,
)

/** Says of requests in flight that their process still works. */
export async function renewIdempotent(
  sql: Sql,
  held: readonly { accountId: string; key: string }[],
  at: string,
): Promise<void> {
  await renew(sql, { keys: JSON.stringify(held), at })
}

/** Lets the next caller go on at once, under the same resource id: the work may be half done. */
export async function releaseIdempotent(sql: Sql, accountId: string, key: string): Promise<void> {
  await sql
    .update(idempotencyKeys)
    .set({ lockedAt: raw`${idempotencyKeys.lockedAt} - make_interval(secs => ${inFlightS})` })
    .where(
      and(
        eq(idempotencyKeys.accountId, accountId),
        eq(idempotencyKeys.key, key),
        eq(idempotencyKeys.state, 'in_flight'),
      ),
    )
}

/** Forgets keys older than the 30 days we promise to keep them; returns how many. */
export async function purgeIdempotencyKeys(sql: Sql, createdBefore: string): Promise<number> {
  const gone = await sql
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, createdBefore))
    .returning({ key: idempotencyKeys.key })
  return gone.length
}

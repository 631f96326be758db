// A request that changes something has its effect once, however often it is sent: where its key is claimed, in which
// tx, and with whom it may share one.
import { asAccount, lastOf, type Tx } from '@chargelane/db'
import { createBatch } from '@chargelane/db/batch'
import { abandonIdempotent, releaseIdempotent } from '@chargelane/db/queries/outbox/idempotency'
import type { Operation } from '@chargelane/openapi'
import { errorCodes } from '@chargelane/openapi/vocabulary/errors'
import { asBody } from '../answer.ts'
import { problemOf, toDomainError } from '../errors.ts'
import {
  type Call,
  type CallInTx,
  type Deps,
  type Handler,
  isOutside,
  isPlanned,
  isRetold,
  type Retold,
} from '../handler.ts'
import { createLeases, type Leases } from './leases.ts'
import {
  type Answer,
  claim,
  claimWith,
  complete,
  doneRequestOf,
  replayed,
  type Wish,
} from './idempotency.ts'

type AnyHandler = Handler<Operation>

/** The platform works under our own role; everybody else under row-level security. */
const inTx = <T>(
  deps: Deps,
  { viewer }: Call<Operation>,
  fn: Parameters<typeof asAccount<T>>[2],
) =>
  viewer.type === 'platform'
    ? deps.db.tx(fn)
    : asAccount(deps.db, viewer.sees, fn, viewer.uncheckedKey)

/** What the tx of a change begins with: its thing is the caller's alone, and still what the caller read. */
export type Guard = (tx: Tx) => Promise<void>

export function run(
  deps: Deps,
  handler: AnyHandler,
  call: Call<Operation>,
  guard?: Guard,
): Promise<unknown> {
  if (isOutside(handler)) return handler.outside({ ...call, resourceId: '', key: '' })
  if (isRetold(handler) || isPlanned(handler))
    throw new Error('an effect that is had once needs an idempotency key')
  return inTx(deps, call, async (tx) => {
    await guard?.(tx)
    return handler({ ...call, tx })
  })
}

/** What a caller would be answered now, from within the tx of a change. */
export function read(
  deps: Deps,
  handler: AnyHandler,
  call: Call<Operation>,
  tx: Tx,
): Promise<unknown> {
  return isOutside(handler) || isPlanned(handler) || isRetold(handler)
    ? run(deps, handler, call)
    : handler({ ...call, tx })
}

type Once = Promise<{ answer: Answer; isReplay: boolean }>

export type OnceOnly = (
  handler: AnyHandler,
  call: Call<Operation>,
  wish: Wish,
  guard?: Guard,
) => Once

export function createOnceOnly(deps: Deps): OnceOnly {
  const together = createTogether(deps)
  const leases = createLeases(deps)
  return (handler, call, wish, guard) => {
    if (isOutside(handler) || isPlanned(handler))
      return once({ deps, leases }, handler, call, wish, guard)
    if (isRetold(handler)) return together({ handler, call, wish })
    return onceInTx(deps, handler, call, wish, guard)
  }
}

type Request = { handler: Retold<Operation>; call: Call<Operation>; wish: Wish }
type Given = Awaited<Once>

/** Requests of one key in one tx at most, and how many such txs are under way. */
const [togetherMax, lanes] = [32, 2]

/**
 * A lone request has a tx of its own. What the same key asks while two of its txs are under way goes together into the
 * next one: read after it came, as always, and a storm shares its statements and commits.
 */
function createTogether(deps: Deps): (request: Request) => Once {
  const write = (requests: Request[]) => onceTogether(deps, requests)
  const openBatch = () => ({ ...createBatch(write, togetherMax, lanes), asked: 0 })
  const batches = new Map<string, ReturnType<typeof openBatch>>()
  return async (request) => {
    const { viewer } = request.call
    const name = `${request.wish.op.id} ${viewer.keyId} ${viewer.uncheckedKey === null}`
    const batch = batches.get(name) ?? openBatch()
    batches.set(name, batch)
    batch.asked += 1
    try {
      const given = await batch.add(request)
      return given ?? (await onceRetold(deps, request))
    } finally {
      batch.asked -= 1
      if (batch.asked === 0) batches.delete(name)
    }
  }
}

/** Undefined for a request that needs a tx of its own: it is refused, its key is known, or it writes more than one row. */
async function onceTogether(deps: Deps, requests: Request[]): Promise<(Given | undefined)[]> {
  const [first] = requests
  if (first === undefined) return []
  if (requests.length === 1) return [await onceRetold(deps, first)]
  const { handler, call, wish } = first
  const { status } = wish.op.success
  const replies = await inTx(deps, call, (tx) =>
    handler.together(
      tx,
      requests.map((each) => ({
        ...each.call,
        resourceId: each.wish.resourceId,
        request: doneRequestOf(each.wish),
      })),
    ),
  )
  return replies.map((reply) =>
    reply === undefined ? undefined : { answer: { status, body: asBody(reply) }, isReplay: false },
  )
}

/** Key and effect in one tx and two round trips: the facts are read behind the claim, the commit goes with the effect. */
function onceRetold(deps: Deps, { handler, call, wish }: Request): Once {
  const { status } = wish.op.success
  return inTx(deps, call, async (tx) => {
    const { resourceId } = wish
    // Both are heard out: no statement may follow the end of the tx.
    const [claiming, reading] = await Promise.allSettled([
      claim(tx, wish, doneRequestOf(wish)),
      handler.read({ ...call, tx, resourceId }),
    ])
    const claimed = valueOf(claiming)
    if (claimed.kind === 'replay') {
      const body = asBody(await handler.retell({ ...call, tx, resourceId: claimed.resourceId }))
      return { answer: { status: claimed.status, body }, isReplay: true }
    }
    const { reply, stored } = await valueOf(reading)()
    await lastOf(tx, stored)
    return { answer: { status, body: asBody(reply) }, isReplay: false }
  })
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** Key, effect and answer in one tx. A second caller waits for the first at the key's row. */
function onceInTx(
  deps: Deps,
  handler: Exclude<AnyHandler, { outside: unknown } | { plan: unknown } | Retold<Operation>>,
  call: Call<Operation>,
  wish: Wish,
  guard: Guard | undefined,
): Once {
  return inTx(deps, call, async (tx) => {
    const claimed = await claim(tx, wish)
    if (claimed.kind === 'replay') return { answer: replayed(claimed, wish), isReplay: true }
    await guard?.(tx)
    const answer = { status: wish.op.success.status, body: asBody(await handler({ ...call, tx })) }
    await complete(tx, wish, answer)
    return { answer, isReplay: false }
  })
}

type Effect = Extract<AnyHandler, { outside: unknown } | { plan: unknown }>

/** What a handler reads before it acts; most read nothing with the claim of their key. */
const readFor = (handler: Effect, call: CallInTx<Operation>) =>
  isOutside(handler) ? Promise.resolve(handler.outside) : handler.plan(call)

/**
 * For effects beyond the database. What was decided is kept, a refusal as well: the same key never tries a second
 * time. What broke on the way stays open, and the next caller goes on under the same resource id. A request that was
 * taken is carried out, even if the caller's key is revoked meanwhile.
 */
async function once(
  { deps, leases }: { deps: Deps; leases: Leases },
  handler: Effect,
  asked: Call<Operation>,
  wish: Wish,
  guard: Guard | undefined,
): Once {
  const { claimed, read: planned } = await claimWith(
    (fn) => inTx(deps, asked, fn),
    wish,
    (tx) => readFor(handler, { ...asked, tx }),
  )
  const call = { ...asked, viewer: { ...asked.viewer, uncheckedKey: null } }
  if (claimed.kind === 'replay') return { answer: replayed(claimed, wish), isReplay: true }
  const { resourceId } = claimed
  // Whoever takes over goes on with what was begun, of what it was then.
  if (guard && !claimed.takenOver) {
    try {
      await inTx(deps, call, guard)
    } catch (error) {
      await inTx(deps, call, (tx) => abandonIdempotent(tx, wish.accountId, wish.key))
      throw error
    }
  }
  let answer: Answer
  try {
    const act = valueOf(planned)
    const body = asBody(
      await leases.during(wish, () => act({ ...call, resourceId, key: wish.key })),
    )
    answer = { status: wish.op.success.status, body }
  } catch (error) {
    const failure = toDomainError(error)
    if (failure.code === 'service_unavailable' || failure.code === 'internal_error') {
      await inTx(deps, call, (tx) => releaseIdempotent(tx, wish.accountId, wish.key))
      throw error
    }
    answer = { status: errorCodes[failure.code].status, body: problemOf(failure, call.requestId) }
  }
  await inTx(deps, call, (tx) => complete(tx, wish, answer))
  return { answer, isReplay: false }
}

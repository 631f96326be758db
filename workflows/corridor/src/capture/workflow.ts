import type { Money } from '@chargelane/openapi/vocabulary/money'
import { add, subtract } from '@chargelane/rules/money'
import type { HeldPayment, Hold } from '../authorization/hold.ts'
import { release, releaseAll } from '../authorization/workflow.ts'
import { clock, millis } from '../clock/clock.ts'
import { factsOf, note, noteLater, showMoney, takeUnwritten, waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import { money as moneySteps, steps } from '../steps.ts'
import type { CaptureResult } from './activities.ts'
import { planCaptures } from './plan.ts'

export type Collection = {
  /** What was taken from what was held; zero when nothing could be captured. */
  captured: Money
  /** What is owed instead: delivered, not paid (failures F47). */
  owed: Money
  fee: Money | null
  /** The ledger account that has what was captured, or owes it; null when nothing was. */
  source: string | null
  /** Of what is owed: paid at once out of the partner's credit, and what it stands for. */
  credited?: Money
  guaranteed?: Money
  /** Of what is owed: less than the provider takes at all, which nobody is asked for. */
  waived?: Money
}

/** Somebody still owes a part of it. */
export const isUnpaid = ({ owed, waived }: Collection): boolean =>
  owed.amount > (waived?.amount ?? 0)

/** When a capture that was refused for now is asked for again, after the refusal before. */
const askAgainAfterMs = [60_000, 10 * 60_000, 60 * 60_000]

/** By when all that is held must be captured, in milliseconds; never where it lasts until it is released. */
export function captureBy(hold: Hold | undefined): number {
  const ends = hold?.payments.flatMap(({ renewBy }) => (renewBy === null ? [] : [millis(renewBy)]))
  return Math.min(Infinity, ...(ends ?? []))
}

/**
 * Takes the money from what is held, each payment exactly once and no more of them than are needed; the rest is given back.
 * What cannot be taken becomes a debt, and the payees are paid as far as somebody stands for it. Without a hold (a start
 * at the charger that was declined) all of it is owed.
 */
export async function collect(
  life: Life,
  hold: Hold | undefined,
  { due, provisional }: { due: Money; provisional: boolean },
): Promise<Collection> {
  let collected: Collection = {
    captured: { amount: 0, currency: due.currency },
    owed: due,
    fee: null,
    source: null,
  }
  let left = hold?.payments ?? []
  for (;;) {
    // What one of them did not give the others may: so it is planned anew after each.
    const [next] = planCaptures(left, collected.owed.amount)
    if (next === undefined) break
    const { payment, amount } = next
    const taken = await capture(life, payment, { ...collected.owed, amount }, provisional)
    if (taken !== undefined) collected = joined(collected, taken)
    left = left.filter((each) => each !== payment)
  }
  for (const { attempt } of left) await release(life, attempt, 'nothing_due')
  for (const attempt of hold?.surplus ?? []) await release(life, attempt, 'not_needed')
  if (collected.captured.amount > 0) showMoney(life, 'captured')
  const { owed } = collected
  if (owed.amount === 0) return collected
  const least = Math.max(0, ...(hold?.payments ?? []).map((each) => each.least))
  if (owed.amount < least) return waiveSmall(life, collected)
  return { ...collected, ...(await oweRest(life, hold, collected)) }
}

/** What one payment added to what those before it brought. */
function joined(before: Collection, taken: Captured): Collection {
  const { amount, fee, source } = taken
  return {
    captured: add(before.captured, amount),
    owed: subtract(before.owed, amount),
    fee: before.fee === null || fee === null ? (fee ?? before.fee) : add(before.fee, fee),
    source,
  }
}

/** No provider takes it and nobody is dunned for it: the platform bears it, and the payees are paid (decision 0046). */
function waiveSmall(life: Life, collected: Collection): Collection {
  noteLater(life, {
    room: 'capture',
    what: 'small amount waived',
    detail: { amount: collected.owed, captured: collected.captured },
  })
  return { ...collected, waived: collected.owed }
}

async function oweRest(
  life: Life,
  hold: Hold | undefined,
  { captured, owed }: Collection,
): Promise<Pick<Collection, 'credited' | 'guaranteed'>> {
  const { accountId, paymentSourceId } = factsOf(life)
  const reason =
    hold === undefined ? 'no_hold' : captured.amount > 0 ? 'hold_too_small' : 'capture_failed'
  return steps.openDebt({
    sessionId: life.sessionId,
    accountId,
    paymentSourceId,
    amount: owed,
    reason,
  })
}

type Captured = Extract<CaptureResult, { kind: 'captured' }>

async function capture(
  life: Life,
  payment: HeldPayment,
  amount: Money,
  provisional: boolean,
): Promise<Captured | undefined> {
  const { paymentId, attempt } = payment
  // Written by the step that asks, before it does.
  noteLater(life, {
    room: 'capture',
    what: 'capture asked',
    patch: { moneyStatus: 'capturing' },
    detail: { payment: paymentId, amount, hold: payment.amount, provisional },
  })
  const order = { sessionId: life.sessionId, paymentId, amount, provisional }
  let result = await moneySteps.capturePayment({
    ...order,
    refusals: 0,
    changes: takeUnwritten(life),
  })
  for (const [index, waitMs] of askAgainAfterMs.entries()) {
    if (result.kind !== 'failed' || result.mayAskAgain !== true) break
    const again = clock() + waitMs
    if (payment.renewBy !== null && millis(payment.renewBy) <= again) break
    await waitFor(life, 'another answer to the capture', again, () => false)
    result = await moneySteps.capturePayment({ ...order, refusals: index + 1, changes: [] })
  }
  if (result.kind === 'failed') {
    const released = await release(life, attempt, result.code)
    // Giving the hold back may reveal that an earlier attempt went through: then it is read, not repeated.
    if (released.kind === 'captured')
      result = await moneySteps.capturePayment({ ...order, refusals: 0, changes: [] })
  }
  if (result.kind === 'captured') return result
  if (result.code === 'amount_too_small') return undefined
  await noteFailedCapture(life, payment, amount, result.code)
  return undefined
}

/** A hold that was gone when it was needed is put aside for a person besides. */
async function noteFailedCapture(
  life: Life,
  { paymentId }: HeldPayment,
  amount: Money,
  code: string,
): Promise<void> {
  const lost = {
    kind: 'hold_lost',
    subject: { type: 'payment', id: paymentId },
    accountId: factsOf(life).accountId,
    cause: `The hold was gone when it was to be captured: ${code}.`,
    atStake: amount,
    actions: [],
  } as const
  await note(life, {
    room: 'capture',
    what: 'capture failed',
    event: { type: 'payment.failed', payment: paymentId },
    patch: { moneyStatus: 'capture_failed' },
    detail: { payment: paymentId, code },
    ...(code.startsWith('authorization_') ? { incident: lost } : {}),
  })
}

const wasHeldInVain = ({ timeline }: Life): boolean =>
  timeline.some(({ what }) => what === 'cover lost')

/** Nothing to pay: the hold goes back and the session closes at zero (failures F40). */
export async function closeZero(life: Life, hold: Hold | undefined): Promise<void> {
  const why = life.heard.isInvalid ? 'declared_invalid' : 'zero_session'
  if (hold !== undefined) await releaseAll(life, hold, why)
  await note(life, {
    room: 'capture',
    what: 'closed at zero',
    event: 'session.closed_zero',
    patch: { moneyStatus: 'released' },
    // Nothing is owed, whatever no longer covered it.
    ...(wasHeldInVain(life) ? { settles: ['hold_lost'] as const } : {}),
    ...(life.heard.isInvalid ? { detail: { why } } : {}),
  })
}

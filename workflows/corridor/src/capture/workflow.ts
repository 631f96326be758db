import type { Money } from '@chargelane/openapi/vocabulary/money'
import { minimum, subtract } from '@chargelane/rules/money'
import { release } from '../authorization/workflow.ts'
import type { Hold } from '../authorization/workflow.ts'
import { factsOf, note, noteLater, showMoney, takeUnwritten } from '../life.ts'
import type { Life } from '../life.ts'
import { money as moneySteps, steps } from '../steps.ts'

export type Collection = {
  /** What the card paid; zero when nothing could be captured. */
  captured: Money
  /** What is owed instead: delivered, not paid (failures F47). */
  owed: Money
  fee: Money | null
  /** The ledger account that has what was captured, or owes it; null when nothing was. */
  source: string | null
}

/**
 * Takes the money, at most the hold, exactly once. What cannot be taken becomes a debt; the CPO is settled all the same.
 * Without a hold (a start at the charger that was declined) all of it is owed.
 */
export async function collect(
  life: Life,
  hold: Hold | undefined,
  { due, provisional }: { due: Money; provisional: boolean },
): Promise<Collection> {
  // Never more than was held; the rest stays owed.
  const held = minimum(due, hold?.amount ?? { ...due, amount: 0 })
  const plan = { capture: held, rest: subtract(due, held) }
  const nothing: Collection = {
    captured: { amount: 0, currency: due.currency },
    owed: due,
    fee: null,
    source: null,
  }
  // The partner pays all of it: there is nothing to take, and nothing owed.
  if (due.amount === 0) {
    if (hold !== undefined) await release(life, hold.attempt, 'nothing_due')
    return nothing
  }
  const collected =
    hold === undefined ? nothing : await capture(life, hold, plan, provisional, nothing)
  if (collected.owed.amount > 0) {
    const facts = factsOf(life)
    await steps.openDebt({
      sessionId: life.sessionId,
      accountId: facts.accountId,
      paymentSourceId: facts.paymentSourceId,
      amount: collected.owed,
      reason:
        hold === undefined
          ? 'no_hold'
          : collected.captured.amount > 0
            ? 'hold_too_small'
            : 'capture_failed',
    })
  }
  return collected
}

async function capture(
  life: Life,
  hold: Hold,
  plan: { capture: Money; rest: Money },
  provisional: boolean,
  nothing: Collection,
): Promise<Collection> {
  // Written by the step that asks, before it does.
  noteLater(life, {
    room: 'capture',
    what: 'capture asked',
    patch: { moneyStatus: 'capturing' },
    detail: { amount: plan.capture, hold: hold.amount, provisional },
  })
  const { sessionId } = life
  const order = { sessionId, paymentId: hold.paymentId, amount: plan.capture, provisional }
  let result = await moneySteps.capturePayment({ ...order, changes: takeUnwritten(life) })
  if (result.kind === 'failed') {
    const released = await release(life, hold.attempt, result.code)
    // Giving the hold back may reveal that an earlier attempt went through: then it is read, not repeated.
    if (released.kind === 'captured')
      result = await moneySteps.capturePayment({ ...order, changes: [] })
  }
  if (result.kind === 'captured') {
    showMoney(life, 'captured')
    return { captured: result.amount, owed: plan.rest, fee: result.fee, source: result.source }
  }
  await note(life, {
    room: 'capture',
    what: 'capture failed',
    event: { type: 'payment.failed', payment: hold.paymentId },
    patch: { moneyStatus: 'capture_failed' },
    detail: { code: result.code },
  })
  return nothing
}

/** Nothing to pay: the hold goes back and the session closes at zero (failures F40). */
export async function closeZero(life: Life, hold: Hold | undefined): Promise<void> {
  const why = life.heard.isInvalid ? 'declared_invalid' : 'zero_session'
  if (hold !== undefined) await release(life, hold.attempt, why)
  await note(life, {
    room: 'capture',
    what: 'closed at zero',
    event: 'session.closed_zero',
    patch: { moneyStatus: 'released' },
    ...(life.heard.isInvalid ? { detail: { why } } : {}),
  })
}

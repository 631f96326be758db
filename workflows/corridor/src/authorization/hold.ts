// What is held for a session: one payment, or several that are captured in their order.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { sum } from '@chargelane/rules/money'
import type { CommandQueue } from '../routing/rules.ts'

export type HeldPayment = {
  paymentId: string
  attempt: number
  amount: Money
  /** The most that can be captured of it: what is held, or a little more. */
  most: Money
  /** Less than that is not captured of it, in minor units. */
  least: number
  /** By when it must be renewed or captured, well before the provider gives it back; null for one that lasts. */
  renewBy: string | null
  /** False once its provider refused to raise it. */
  canBeRaised: boolean
}

export type Hold = {
  /** Of all of its payments. */
  amount: Money
  payments: readonly HeldPayment[]
  lastAttempt: number
  /** Attempts that nothing is captured from and that may still hold money: given back with the rest at the end. */
  surplus: readonly number[]
  /** Where the command goes that was told of with the hold; absent when it is still to be told of. */
  told?: CommandQueue
}

const totalled = (hold: Hold, payments: readonly HeldPayment[]): Hold => ({
  ...hold,
  payments,
  amount: sum(
    payments.map(({ amount }) => amount),
    hold.amount.currency,
  ),
})

export const holdOf = (payment: HeldPayment, told?: CommandQueue): Hold => ({
  amount: payment.amount,
  payments: [payment],
  lastAttempt: payment.attempt,
  surplus: [],
  ...(told === undefined ? {} : { told }),
})

export const withPayment = (hold: Hold, payment: HeldPayment): Hold => ({
  ...totalled(hold, [...hold.payments, payment]),
  lastAttempt: payment.attempt,
})

/** An attempt that came to nothing; `isOpen` where it may hold money after all. */
export const withAttempt = (hold: Hold, attempt: number, isOpen: boolean): Hold => ({
  ...hold,
  lastAttempt: attempt,
  surplus: isOpen ? [...hold.surplus, attempt] : hold.surplus,
})

export const changed = (hold: Hold, paymentId: string, change: Partial<HeldPayment>): Hold =>
  totalled(
    hold,
    hold.payments.map((each) => (each.paymentId === paymentId ? { ...each, ...change } : each)),
  )

/** No longer counted on; given back at the end if it still stands then. */
export const without = (hold: Hold, { paymentId, attempt }: HeldPayment): Hold => ({
  ...totalled(
    hold,
    hold.payments.filter((each) => each.paymentId !== paymentId),
  ),
  surplus: [...hold.surplus, attempt],
})

const hourMs = 3_600_000

/** An hour before the provider's own end of a hold, or half of what there is of it. */
export function renewalOf(captureBefore: string | null, nowMs: number): string | null {
  if (captureBefore === null) return null
  const end = Date.parse(captureBefore)
  return new Date(end - Math.min(hourMs, Math.max(0, (end - nowMs) / 2))).toISOString()
}

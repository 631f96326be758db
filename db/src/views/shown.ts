import type { Money } from '@chargelane/openapi/vocabulary/money'

// What every view shows alike.

/** This product runs in test mode until live keys are issued. */
export const livemode = false

export const money = (amount: number, currency: string): Money => ({ amount, currency })
export const moneyOrNull = (amount: number | null, currency: string): Money | null =>
  amount === null ? null : money(amount, currency)

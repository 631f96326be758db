import type { Money } from '@chargelane/openapi/vocabulary/money'

export const money = (amount: number, currency: string): Money => ({ amount, currency })
export const moneyOrNull = (amount: number | null, currency: string): Money | null =>
  amount === null ? null : money(amount, currency)

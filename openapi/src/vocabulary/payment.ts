import { z } from 'zod'

/** What pays for a driver. A kind is named here only when it is built. */
export const paymentKindNames = ['card', 'account'] as const
export const zPaymentKind = z.enum(paymentKindNames)
export type PaymentKind = (typeof paymentKindNames)[number]

/** What a partner is told of each kind, and whether it names a payment method of the provider. */
export const paymentKindTexts: Record<PaymentKind, { text: string; takesMethod: boolean }> = {
  card: {
    text: 'A `card` is a payment method that the payment provider already holds; card numbers never reach us. In the sandbox use `pm_card_visa`, or `pm_card_chargeDeclined` to be declined.',
    takesMethod: true,
  },
  account: {
    text: 'With `account` the driver pays nothing: sessions are held against your own credit line and billed to you.',
    takesMethod: false,
  },
}

/** What became of energy that was delivered and not paid. */
export const debtStatuses = ['open', 'paid', 'waived', 'written_off'] as const
export type DebtStatus = (typeof debtStatuses)[number]

/** What became of money that came in at the bank. */
export const bankLineStatuses = ['matched', 'waiting', 'released', 'written_off'] as const
export type BankLineStatus = (typeof bankLineStatuses)[number]

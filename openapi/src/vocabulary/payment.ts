import { z } from 'zod'

/** What pays for a driver. A kind is named here only when it is built. */
export const paymentKindNames = [
  'card',
  'account',
  'wallet',
  'bnpl',
  'fuel_card',
  'prepaid',
  'partner_psp',
] as const
export const zPaymentKind = z.enum(paymentKindNames)
export type PaymentKind = (typeof paymentKindNames)[number]

/** What a payment source of a kind names: a method its provider keeps, the partner's own reference, or nothing. */
export type NamedMethod = 'of_provider' | 'of_partner' | 'none'

/** What a partner is told of each kind, and what a source of it names as its `payment_method`. */
export const paymentKindTexts: Record<PaymentKind, { text: string; method: NamedMethod }> = {
  card: {
    text: 'A `card` is a payment method that the payment provider already holds; card numbers never reach us. In the sandbox use `pm_card_visa`, or `pm_card_chargeDeclined` to be declined.',
    method: 'of_provider',
  },
  account: {
    text: 'With `account` the driver pays nothing: sessions are held against your own credit line and billed to you.',
    method: 'none',
  },
  wallet: {
    text: 'A `wallet` is kept by you: your payment endpoint of this kind is asked to authorize, capture and void, and what was captured is owed by you, within your credit line. `payment_method` is your own reference of it.',
    method: 'of_partner',
  },
  bnpl: {
    text: 'With `bnpl` your own instalment provider decides, asked at your payment endpoint of this kind.',
    method: 'of_partner',
  },
  fuel_card: {
    text: 'A `fuel_card` is authorized by its issuer through your payment endpoint of this kind.',
    method: 'of_partner',
  },
  prepaid: {
    text: 'With `prepaid` sessions are paid out of money that you have paid in (`prepaid_balances`).',
    method: 'none',
  },
  partner_psp: {
    text: 'A `partner_psp` is a payment method at your own payment provider (`psp_accounts`): it is held and captured there, and what was captured is owed by you, within your credit line.',
    method: 'of_provider',
  },
}

/** Kinds that are authorized by a partner's payment endpoint. */
export const callbackKinds = ['wallet', 'bnpl', 'fuel_card'] as const satisfies PaymentKind[]
export type CallbackKind = (typeof callbackKinds)[number]

/** What became of a payment. */
export const paymentStatuses = [
  'created',
  'requires_action',
  'authorized',
  'declined',
  'captured',
  'capture_failed',
  'voided',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

/** What an issuer advises after a refusal (docs.stripe.com/declines/codes). */
export const declineAdvices = ['try_again_later', 'do_not_try_again', 'confirm_card_data'] as const
export type DeclineAdvice = (typeof declineAdvices)[number]

/** `requires_action`: the payer is yet to name a method; `failing`: its issuer advised not to ask again. */
export const paymentSourceStatuses = ['requires_action', 'active', 'failing', 'detached'] as const
export type PaymentSourceStatus = (typeof paymentSourceStatuses)[number]

/** What is shown of a card; never its number. */
export const zCardFacts = z.object({
  brand: z.string().max(30),
  last4: z.string().max(4),
  expires: z.string().max(7).meta({ description: '`YYYY-MM`' }),
  wallet: z.string().max(30).nullable().meta({
    description: 'The wallet it is in: `apple_pay`, `google_pay` …; null for a card by itself.',
  }),
})
export type CardFacts = z.infer<typeof zCardFacts>

/** What became of money that was held. */
export const holdStatuses = ['created', 'increased', 'captured', 'released', 'expired'] as const
export type HoldStatus = (typeof holdStatuses)[number]

/** How a partner lets us act at its own payment provider. */
export const pspAccountModes = ['restricted_key', 'connected'] as const
export type PspAccountMode = (typeof pspAccountModes)[number]
export const pspAccountStatuses = ['active', 'revoked'] as const

/** Why money is given back that the record did not ask back. */
export const refundReasons = [
  'requested_by_payer',
  'duplicate',
  'no_energy',
  'charger_fault',
  'wrong_price',
  'goodwill',
  'dispute_decided',
  'made_at_provider',
] as const
export type RefundReason = (typeof refundReasons)[number]

/** What became of energy that was delivered and not paid. */
export const debtStatuses = ['open', 'paid', 'waived', 'written_off'] as const
export type DebtStatus = (typeof debtStatuses)[number]

/** What became of money that came in at the bank. */
export const bankLineStatuses = ['matched', 'waiting', 'released', 'written_off'] as const
export type BankLineStatus = (typeof bankLineStatuses)[number]

import { z } from 'zod'

/** Who disputes what: a driver its price, an operator what it was left with, a payer's bank a capture, a payee a line. */
export const disputeKinds = ['driver', 'cpo', 'chargeback', 'statement'] as const
export type DisputeKind = (typeof disputeKinds)[number]

/**
 * `won` and `lost` are said of whoever disputes, except of a chargeback: there they are the provider's own words, of us.
 * `settled` ends with a part, with a withdrawal, or without a decision being needed any more.
 */
export const disputeStatuses = [
  'open',
  'needs_response',
  'under_review',
  'won',
  'lost',
  'settled',
] as const
export type DisputeStatus = (typeof disputeStatuses)[number]

/** Something is still to come of it. */
export const liveDisputeStatuses = ['open', 'needs_response', 'under_review'] as const
export const isLiveDispute = (status: DisputeStatus): boolean =>
  liveDisputeStatuses.some((live) => live === status)

/** What came of it: all of what could be asked, a part, nothing, or nobody asks any more. */
export const disputeOutcomes = ['full', 'partial', 'none', 'withdrawn'] as const
export type DisputeOutcome = (typeof disputeOutcomes)[number]

/** Reasons a driver may name; each has a rule that reads what was kept of the session, never what is claimed. */
export const driverDisputeReasons = [
  'zero_energy',
  'charge_not_started',
  'start_fee_without_start',
  'fault_mid_session',
  'duplicate_session',
  'duplicate_charge',
  'price_differs_from_quote',
  'above_price_limit',
  'charged_after_stop',
  'stop_not_obeyed',
  'idle_fee_not_announced',
  'idle_fee_while_charging',
  'idle_fee_within_grace',
  'reservation_fee_not_announced',
  'energy_above_meter',
  'time_above_session',
  'meter_not_signed',
  'never_authorised',
  'card_blocked',
  'wrong_vat',
  'receipt_missing',
  'hold_not_released',
  'currency_differs',
  'subscription_not_applied',
  'agreed_price_not_applied',
  'rounding',
  'refund_not_received',
  'charged_too_late',
  'higher_than_estimate',
  'other',
] as const
export type DriverDisputeReason = (typeof driverDisputeReasons)[number]

/** Reasons of an operator about one of its sessions. */
export const cpoDisputeReasons = [
  'share_differs',
  'commission_differs',
  'vat_differs',
  'conversion_differs',
  'give_back_not_justified',
] as const
export type CpoDisputeReason = (typeof cpoDisputeReasons)[number]

/** docs.stripe.com/disputes/categories: the network's reasons as the provider names them. */
export const chargebackReasons = [
  'bank_cannot_process',
  'check_returned',
  'credit_not_processed',
  'customer_initiated',
  'debit_not_authorized',
  'duplicate',
  'fraudulent',
  'general',
  'incorrect_account_details',
  'insufficient_funds',
  'noncompliant',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
] as const
export type ChargebackReason = (typeof chargebackReasons)[number]

export const disputeReasons = [
  ...driverDisputeReasons,
  ...cpoDisputeReasons,
  ...chargebackReasons,
] as const
export type DisputeReason = (typeof disputeReasons)[number]

/** Who bears what a dispute takes: every party of the sale in proportion, or one of them. */
export const disputeBearers = ['sale', 'cpo', 'partner', 'platform', 'nobody'] as const
export type DisputeBearer = (typeof disputeBearers)[number]

export const disputeDeciders = ['rule', 'person', 'provider'] as const
export type DisputeDecider = (typeof disputeDeciders)[number]

/** What is waited for, and of whom. */
export const disputeActions = [
  'operator_may_contest',
  'person_decides',
  'evidence_is_submitted',
  'provider_decides',
] as const
export type DisputeAction = (typeof disputeActions)[number]

/** One thing that a decision rests on, as it was kept. */
export type DisputeFact = { fact: string; value: string }

export const zDisputeFact = z.object({
  fact: z.string().max(60),
  value: z.string().max(400),
})

// What Stripe's errors mean to the corridor: an outcome, a failure worth a retry, or our own fault.
import { Stripe } from 'stripe'
import { declineAdvices } from '@chargelane/openapi/vocabulary/payment'
import { type Declined, MoneyFailure } from '../payment.ts'

const { errors } = Stripe

/** A decline is an outcome. So is a payment method or customer that Stripe does not accept. */
export function asDeclined(error: unknown): Declined | undefined {
  if (error instanceof errors.StripeCardError) {
    const intent = error.payment_intent
    return { kind: 'declined', ...declineOf(error), ...(intent ? { pspId: intent.id } : {}) }
  }
  if (
    error instanceof errors.StripeInvalidRequestError &&
    (error.param === 'payment_method' || error.param === 'customer')
  ) {
    return { kind: 'declined', declineCode: 'payment_method_unusable' }
  }
  return undefined
}

const adviceOf = (code: string | undefined) => declineAdvices.find((advice) => advice === code)

type ToldDecline = {
  code?: string
  decline_code?: string
  advice_code?: string
  network_decline_code?: string
}

/** An issuer's refusal in an answer's error, or in what an intent remembers of it. */
export function declineOf(told: ToldDecline | null): Omit<Declined, 'kind' | 'pspId'> {
  const advice = adviceOf(told?.advice_code)
  const networkCode = told?.network_decline_code
  return {
    declineCode: told?.decline_code ?? told?.code ?? 'generic_decline',
    ...(advice === undefined ? {} : { advice }),
    ...(networkCode === undefined ? {} : { networkCode }),
  }
}

const refusalCodes = new Map([
  ['amount_too_large', 'amount_too_large'],
  ['amount_too_small', 'amount_too_small'],
  ['charge_already_captured', 'already_captured'],
  ['charge_expired_for_capture', 'authorization_expired'],
  ['capture_charge_authorization_expired', 'authorization_expired'],
  ['payment_intent_unexpected_state', 'unexpected_state'],
  ['payment_intent_invalid_parameter', 'not_supported_by_card'],
])

/** The reason why a capture or a void cannot succeed now or later; undefined for a failure. */
export function asRefusal(error: unknown): string | undefined {
  if (error instanceof errors.StripeCardError) {
    return error.decline_code ?? error.code ?? 'card_error'
  }
  if (!(error instanceof errors.StripeInvalidRequestError)) return undefined
  if (error.param === 'amount_to_capture')
    return refusalCodes.get(error.code ?? '') ?? 'amount_invalid'
  return refusalCodes.get(error.code ?? '')
}

// docs.stripe.com/declines/codes: those whose next step is to try the payment again. Networks charge for more.
const passing = new Set([
  'approve_with_id',
  'issuer_not_available',
  'processing_error',
  'reenter_transaction',
  'try_again_later',
])

/** Whether the same capture may be asked for once more, a while later and under another key: the issuer's advice decides. */
export function mayAskAgain(error: unknown, code: string): boolean {
  const told = error instanceof errors.StripeError ? adviceOf(error.advice_code) : undefined
  return told === undefined ? passing.has(code) : told === 'try_again_later'
}

const refundRefusals = new Set([
  'charge_already_refunded',
  'charge_disputed',
  'amount_too_large',
  'charge_expired_for_refund',
])

/** The reason why a refund cannot succeed now or later; undefined for a failure. */
export function asRefusalOfRefund(error: unknown): string | undefined {
  if (error instanceof errors.StripeCardError) return asRefusal(error)
  if (!(error instanceof errors.StripeInvalidRequestError)) return undefined
  const { code = '' } = error
  return refundRefusals.has(code) ? code : undefined
}

/** The code of a request that is wrong by itself or comes too late; undefined for a failure. */
export function refusalOfRequest(error: unknown): string | undefined {
  if (!(error instanceof errors.StripeInvalidRequestError)) return undefined
  return error.code ?? 'psp_invalid_request'
}

export function isMissing(error: unknown): boolean {
  return error instanceof errors.StripeInvalidRequestError && error.statusCode === 404
}

/**
 * Stripe stores the first result of a key, a 500 included, and repeats it for the life of the key
 * (docs.stripe.com/api/idempotent_requests). Only then is a second key for the same write of use.
 */
export function isReplayedServerError(error: unknown): boolean {
  return (
    error instanceof errors.StripeAPIError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['idempotent-replayed'] === 'true'
  )
}

/** Everything that is no outcome. An error that is not Stripe's passes through unchanged. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof errors.StripeError)) return error
  const { code, retryable, isAnswered } = classify(error)
  const at = error.param === undefined ? '' : ` (${error.param})`
  return new MoneyFailure(`card provider: ${error.message}${at}`, {
    code,
    retryable,
    ...(isAnswered === undefined ? {} : { isAnswered }),
    requestId: error.requestId,
    cause: error,
  })
}

type Class = { code: string; retryable: boolean; isAnswered?: boolean }

function classify(error: Stripe.errors.StripeError): Class {
  if (error instanceof errors.StripeConnectionError) {
    return { code: 'psp_unreachable', retryable: true }
  }
  if (error instanceof errors.StripeRateLimitError) {
    return { code: 'psp_rate_limited', retryable: true }
  }
  if (error instanceof errors.StripeIdempotencyError) {
    return { code: 'idempotency_key_reused', retryable: false }
  }
  if (
    error instanceof errors.StripeAuthenticationError ||
    error instanceof errors.StripePermissionError
  ) {
    return { code: 'psp_credentials', retryable: false }
  }
  if (error instanceof errors.StripeCardError) {
    return { code: error.code ?? 'card_error', retryable: false }
  }
  if (error instanceof errors.StripeInvalidRequestError) {
    return { code: error.code ?? 'psp_invalid_request', retryable: false }
  }
  // 409: another request with this key is still at work. Everything else is Stripe's own trouble.
  if (error.statusCode === 409)
    return { code: 'idempotency_key_in_use', retryable: true, isAnswered: true }
  return { code: 'psp_error', retryable: true }
}

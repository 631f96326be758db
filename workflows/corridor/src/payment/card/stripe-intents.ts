// A PaymentIntent as Stripe has it: read, written under a key, and what its state means to the corridor.
import type { Stripe } from 'stripe'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { MoneyFailure } from '../payment.ts'
import type { KeptMethod, PaymentState, RequiresAction } from '../payment.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { cardFactsOf } from './stripe-card.ts'
import { declineOf, isReplayedServerError, toFailure } from './stripe-errors.ts'

export type Client = { stripe: Stripe; now: () => Date; publishableKey: string | null }

// A read may be repeated at once. A write may not: its activity queries first (failures.md F48).
// The SDK alone repeats a write, once and under the same key, when a kept-alive socket was closed.
export const readRetries = 2
export const expand = ['latest_charge.balance_transaction']

/**
 * Sends a write under its key. When Stripe repeats a stored 500, the write ended without a result:
 * `settled` asks whether it took effect, and if not, a key derived from the first is tried.
 * A repeated success may be stale, so its present state is read by `settled` too.
 */
export async function write<T extends Stripe.PaymentIntent | Stripe.Refund | Stripe.Dispute>(
  key: string,
  send: (key: string) => Promise<Stripe.Response<T>>,
  settled: () => Promise<T | undefined>,
): Promise<T> {
  for (const attempt of [key, `${key}:2`, `${key}:3`]) {
    try {
      const intent = await send(attempt)
      const replayed = intent.lastResponse.headers['idempotent-replayed'] === 'true'
      return (replayed ? await settled() : undefined) ?? intent
    } catch (error) {
      if (!isReplayedServerError(error)) throw error
      const intent = await settled()
      if (intent) return intent
    }
  }
  throw new MoneyFailure('card provider: three keys in a row ended in a stored 500', {
    code: 'psp_error',
    retryable: true,
  })
}

export async function read<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw toFailure(error)
  }
}

export function retrieve(client: Client, pspId: string): Promise<Stripe.PaymentIntent> {
  return client.stripe.paymentIntents.retrieve(
    pspId,
    { expand },
    { maxNetworkRetries: readRetries },
  )
}

export function toState(intent: Stripe.PaymentIntent, { publishableKey }: Client): PaymentState {
  const pspId = intent.id
  switch (intent.status) {
    case 'requires_capture':
      return {
        kind: 'authorized',
        pspId,
        amount: fromStripeAmount(intent.amount_capturable, intent.currency),
        captureBefore: captureBefore(intent),
        ...mostOf(intent),
        ...heldOn(intent),
      }
    case 'requires_action':
      return waitsForPayer(intent, publishableKey)
    case 'requires_payment_method': {
      if (isByPayer(intent)) return waitsForPayer(intent, publishableKey)
      return { kind: 'declined', pspId, ...declineOf(intent.last_payment_error) }
    }
    case 'requires_confirmation':
      if (isByPayer(intent)) return waitsForPayer(intent, publishableKey)
      return { kind: 'processing', pspId }
    case 'processing':
      return { kind: 'processing', pspId }
    case 'succeeded':
      return { kind: 'captured', pspId, ...capturedMoney(intent) }
    case 'canceled': {
      const expired =
        intent.cancellation_reason === 'automatic' || intent.cancellation_reason === 'expired'
      return { kind: 'voided', pspId, reason: expired ? 'expired' : 'requested' }
    }
    default:
      throw new MoneyFailure(`${pspId} has the unknown status ${intent.status}`, {
        code: 'psp_status_unknown',
        retryable: true,
        isAnswered: true,
      })
  }
}

function capturedMoney(intent: Stripe.PaymentIntent) {
  const movement = present(
    expandedCharge(intent).balance_transaction,
    intent,
    'balance_transaction',
  )
  if (typeof movement === 'string') throw incomplete(intent, 'balance_transaction')
  return {
    amount: fromStripeAmount(intent.amount_received, intent.currency),
    fee: fromStripeAmount(movement.fee, movement.currency),
    balanceTransaction: movement.id,
  }
}

/** Marks a payment that its payer confirms on the partner's page, and may try there again after a refusal. */
export const byPayer = { confirmed_by: 'payer' }
const isByPayer = ({ metadata }: Stripe.PaymentIntent) =>
  metadata['confirmed_by'] === byPayer.confirmed_by

const waitsForPayer = (
  intent: Stripe.PaymentIntent,
  publishableKey: string | null,
): RequiresAction => ({
  kind: 'requires_action',
  pspId: intent.id,
  clientSecret: present(intent.client_secret, intent, 'client_secret'),
  publishableKey,
})

function heldOn(intent: Stripe.PaymentIntent): { on?: KeptMethod } {
  const { payment_method: method, payment_method_details: details } = expandedCharge(intent)
  const { customer } = intent
  const { brand, last4, exp_month, exp_year, wallet } = details?.card ?? {}
  if (method === null || brand == null || last4 == null || exp_month == null || exp_year == null)
    return {}
  const card = cardFactsOf({ brand, last4, exp_month, exp_year, wallet: wallet ?? null })
  return {
    on: {
      method,
      customer: typeof customer === 'string' ? customer : (customer?.id ?? null),
      card,
    },
  }
}

/** docs.stripe.com/payments/overcapture: how much more is said with the charge, where the network allows it. */
function mostOf(intent: Stripe.PaymentIntent): { most?: Money } {
  const card = expandedCharge(intent).payment_method_details?.card
  const { status, maximum_amount_capturable: most = 0 } = card?.overcapture ?? {}
  return status === 'available' && most > intent.amount_capturable
    ? { most: fromStripeAmount(most, intent.currency) }
    : {}
}

export function captureBefore(intent: Stripe.PaymentIntent): string {
  const card = expandedCharge(intent).payment_method_details?.card
  return new Date(present(card?.capture_before, intent, 'capture_before') * 1000).toISOString()
}

export function expandedCharge(intent: Stripe.PaymentIntent): Stripe.Charge {
  const found = present(intent.latest_charge, intent, 'latest_charge')
  if (typeof found === 'string') throw incomplete(intent, 'latest_charge')
  return found
}

function present<T>(value: T | null | undefined, intent: Stripe.PaymentIntent, field: string): T {
  if (value === null || value === undefined) throw incomplete(intent, field)
  return value
}

/** Stripe fills some fields a moment after the status; asking again brings them. */
function incomplete(intent: Stripe.PaymentIntent, field: string): MoneyFailure {
  return new MoneyFailure(`${intent.id} is ${intent.status} without ${field} yet`, {
    code: 'psp_answer_incomplete',
    retryable: true,
    isAnswered: true,
  })
}

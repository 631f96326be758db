// What happens to a card payment after its authorization: a hold is raised, captured money is given back.
import type { Stripe } from 'stripe'
import type { IncreaseOutcome, PaymentPort, RefundOutcome } from '../payment.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts'
import { asRefusal, asRefusalOfRefund, toFailure } from './stripe-errors.ts'
import {
  type Client,
  expand,
  expandedCharge,
  readRetries,
  retrieve,
  toState,
  write,
} from './stripe-intents.ts'

function increasedOf(intent: Stripe.PaymentIntent, client: Client): IncreaseOutcome {
  const state = toState(intent, client)
  if (state.kind !== 'authorized') return { kind: 'refused', code: 'unexpected_state' }
  const { kind: _kind, ...held } = state
  return { kind: 'increased', ...held }
}

const raises = (intent: Stripe.PaymentIntent) =>
  expandedCharge(intent).payment_method_details?.card?.incremental_authorization?.status ===
  'available'

/** docs.stripe.com/payments/incremental-authorization: at most ten times, and only where the network allows it. */
export async function increase(
  client: Client,
  request: Parameters<PaymentPort['increase']>[0],
): Promise<IncreaseOutcome> {
  const { pspId } = request
  const { amount } = toStripeAmount(request.amount)
  try {
    const held = await retrieve(client, pspId)
    if (held.status !== 'requires_capture' || held.amount_capturable >= amount)
      return increasedOf(held, client)
    if (!raises(held)) return { kind: 'refused', code: 'not_supported_by_card' }
    const raised = await write(
      request.idempotencyKey,
      (idempotencyKey) =>
        client.stripe.paymentIntents.incrementAuthorization(
          pspId,
          { amount, expand },
          { idempotencyKey },
        ),
      async () => {
        const now = await retrieve(client, pspId)
        return now.amount_capturable >= amount ? now : undefined
      },
    )
    return increasedOf(raised, client)
  } catch (error) {
    const code = asRefusal(error)
    if (code === undefined) throw toFailure(error)
    return { kind: 'refused', code }
  }
}

/** A refund of ours is named in Stripe's metadata: the list of the payment's refunds is asked before one is made. */
async function knownRefund(
  client: Client,
  pspId: string,
  refundId: string,
): Promise<Stripe.Refund | undefined> {
  const list = client.stripe.refunds.list(
    { payment_intent: pspId, limit: 100 },
    { maxNetworkRetries: readRetries },
  )
  for await (const each of list) if (each.metadata?.['refund_id'] === refundId) return each
  return undefined
}

function refundedOf({ id, status, failure_reason: why, ...made }: Stripe.Refund): RefundOutcome {
  if (status === 'failed' || status === 'canceled') return { kind: 'refused', code: why ?? status }
  return { kind: 'refunded', reference: id, amount: fromStripeAmount(made.amount, made.currency) }
}

export async function refund(
  client: Client,
  request: Parameters<PaymentPort['refund']>[0],
): Promise<RefundOutcome> {
  const { pspId, refundId } = request
  const { amount } = toStripeAmount(request.amount)
  try {
    const known = await knownRefund(client, pspId, refundId)
    if (known !== undefined) return refundedOf(known)
    const made = await write(
      request.idempotencyKey,
      (idempotencyKey) =>
        client.stripe.refunds.create(
          { payment_intent: pspId, amount, metadata: { refund_id: refundId } },
          { idempotencyKey },
        ),
      () => knownRefund(client, pspId, refundId),
    )
    return refundedOf(made)
  } catch (error) {
    const code = asRefusalOfRefund(error)
    if (code === undefined) throw toFailure(error)
    return { kind: 'refused', code }
  }
}

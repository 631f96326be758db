// A Stripe event, verified on the bytes as received.
import { Stripe } from 'stripe'
import * as z from 'zod'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { MoneyFailure } from '../payment.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import type { ProviderEvent } from '../payment.ts'

const zObject = z.object({
  id: z.string().optional(),
  object: z.string(),
  payment_intent: z
    .union([z.string(), z.object({ id: z.string() }).transform((intent) => intent.id)])
    .nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  amount: z.number().optional(),
  currency: z.string().optional(),
  status: z.string().nullish(),
  reason: z.string().nullish(),
  evidence_details: z.object({ due_by: z.number().nullish() }).nullish(),
  balance_transactions: z.array(z.object({ fee: z.number(), currency: z.string() })).nullish(),
})
type About = z.infer<typeof zObject>
const zEvent = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.string(),
  data: z.object({ object: zObject }),
})

/** The provider or the issuer gave a hold up, or its time was over. */
const endOfHold = new Set(['payment_intent.canceled', 'charge.expired'])

/** docs.stripe.com/refunds#failed-refunds: a bank may return it, up to 30 days later. */
const newsOfRefund = new Set(['refund.failed', 'refund.updated', 'charge.refund.updated'])

/**
 * `rawBody` must be the bytes as received. Throws `MoneyRefused` (`webhook_signature_invalid`,
 * `webhook_body_invalid`) for a wrong, missing or more than five minutes old signature.
 */
export function verifyWebhook(
  rawBody: string | Uint8Array,
  signature: string,
  secret: string,
): ProviderEvent {
  try {
    Stripe.webhooks.constructEvent(rawBody, signature, secret)
  } catch (cause) {
    throw new MoneyFailure('the webhook is not signed with our secret', {
      code: 'webhook_signature_invalid',
      retryable: false,
      cause,
    })
  }
  const text = typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody)
  const parsed = zEvent.safeParse(JSON.parse(text))
  if (!parsed.success) {
    throw new MoneyFailure(`the webhook is no event: ${z.prettifyError(parsed.error)}`, {
      code: 'webhook_body_invalid',
      retryable: false,
    })
  }
  const { id, type, data } = parsed.data
  const about = data.object
  const pspId = about.object === 'payment_intent' ? about.id : about.payment_intent
  return {
    id,
    type,
    pspId: pspId ?? null,
    paymentId: about.metadata?.['payment_id'] ?? null,
    endsHold: endOfHold.has(type),
    doubtsRefund: newsOfRefund.has(type),
    ...toldBy(type, about),
  }
}

/** docs.stripe.com/api/disputes/object: an inquiry (`warning_…`) takes no money. */
const disputeStates: Partial<Record<string, 'open' | 'won' | 'lost'>> = {
  needs_response: 'open',
  under_review: 'open',
  won: 'won',
  lost: 'lost',
}

/** All movements of a dispute together: what is given back of a fee is negative. */
function feeOf({ balance_transactions: movements }: About): Money | undefined {
  const [first] = movements ?? []
  if (first === undefined) return undefined
  const total = (movements ?? []).reduce((sum, { fee }) => sum + fee, 0)
  return total > 0 ? fromStripeAmount(total, first.currency) : undefined
}

/** What we did not ask for: a refund without our id, and what the payer's bank did. */
function toldBy(type: string, about: About): Pick<ProviderEvent, 'told'> {
  const { id: reference, object, amount, currency, status } = about
  if (reference === undefined || amount === undefined || currency === undefined) return {}
  const of = () => fromStripeAmount(amount, currency)
  const isOurs = about.metadata?.['refund_id'] !== undefined
  if (object === 'refund' && type === 'refund.created' && !isOurs && status === 'succeeded')
    return { told: { kind: 'refund', reference, amount: of() } }
  const state = disputeStates[status ?? '']
  if (object !== 'dispute' || state === undefined) return {}
  const due = about.evidence_details?.due_by
  const evidenceDueBy = due == null ? null : new Date(due * 1000).toISOString()
  const reason = about.reason ?? 'general'
  const told = {
    kind: 'chargeback',
    reference,
    amount: of(),
    reason,
    state,
    evidenceDueBy,
  } as const
  const fee = feeOf(about)
  return { told: { ...told, ...(fee === undefined ? {} : { fee }) } }
}

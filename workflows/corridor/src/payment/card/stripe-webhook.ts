// A Stripe event, verified on the bytes as received.
import { Stripe } from 'stripe'
import * as z from 'zod'
import { MoneyFailure } from '../payment.ts'
import type { ProviderEvent } from '../payment.ts'

const zObject = z.object({
  id: z.string().optional(),
  object: z.string(),
  payment_intent: z
    .union([z.string(), z.object({ id: z.string() }).transform((intent) => intent.id)])
    .nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})
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
  }
}

// A message of a payment provider: verified on its raw bytes, stored, then told to its workflow, which decides.
import { sessionOfPayment } from '@chargelane/db/queries/sessions/session-views'
import {
  markPaymentEventHeard,
  storePaymentEvent,
} from '@chargelane/db/queries/payments/payment-events'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { ProviderEvent } from '@chargelane/corridor/payment/payment'
import type { Context } from 'hono'
import type { Deps } from '../http/handler.ts'

export async function paymentWebhook(deps: Deps, c: Context): Promise<Response> {
  const reader = deps.providerEvents(c.req.param('kind') ?? '')
  if (reader === undefined) throw new DomainError('resource_missing', 'No such route.')
  const raw = new Uint8Array(await c.req.arrayBuffer())
  let event: ProviderEvent
  try {
    event = reader.read(raw, (name) => c.req.header(name))
  } catch (cause) {
    throw new DomainError('validation_error', 'The signature does not hold.', { cause })
  }
  const { kind } = reader
  const at = deps.now()
  const stored = await storePaymentEvent(deps.db, {
    kind,
    id: event.id,
    type: event.type,
    pspId: event.pspId,
    payload: new TextDecoder().decode(raw),
    at,
  })
  if (stored.heardAt === null && event.pspId !== null) {
    const session = await sessionOfPayment(deps.db, { kind, pspId: event.pspId })
    // A 5xx makes the provider send again: for a payment whose row is not yet written, too.
    // Whatever comes of a hold that stands is asked for when it is needed; only an open answer is waited for.
    if (session?.isOpen === true) {
      const { id: eventId, type, pspId } = event
      await deps.corridor.paymentChanged(session.workflowId, { eventId, type, pspId })
    }
  }
  await markPaymentEventHeard(deps.db, { kind, id: event.id }, at)
  return c.json({ received: true })
}

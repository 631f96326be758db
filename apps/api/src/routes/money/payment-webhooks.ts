// A message of a payment provider: verified on its raw bytes, stored, then told to its workflow, which decides.
import { hearProvider } from '@chargelane/corridor/books/told-by-provider'
import {
  markPaymentEventHeard,
  storePaymentEvent,
} from '@chargelane/db/queries/payments/payment-events'
import { doubtRefunds } from '@chargelane/db/queries/payments/refunds'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { ProviderEvent } from '@chargelane/corridor/payment/payment'
import type { Context } from 'hono'
import type { Deps } from '../../http/handler.ts'

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
  // A 5xx makes the provider send again. Whatever comes of a hold that stands is asked for when it is needed; only an
  // open answer is waited for, and the end of a hold.
  const { id, type, pspId, endsHold, doubtsRefund, told } = event
  const payload = new TextDecoder().decode(raw)
  const waiting = await storePaymentEvent(deps.db, { kind, id, type, pspId, payload, at, endsHold })
  if (doubtsRefund && pspId !== null) await doubtRefunds(deps.db, { kind, pspId, at })
  const heard =
    told === undefined || pspId === null
      ? undefined
      : await hearProvider(deps.db, told, { kind, pspId, at })
  if (heard !== undefined) await deps.corridor.giveBack(id, heard)
  if (waiting !== null && pspId !== null) {
    await deps.corridor.paymentChanged(waiting, { eventId: id, type, pspId })
    await markPaymentEventHeard(deps.db, { kind, id }, at)
  }
  return c.json({ received: true })
}

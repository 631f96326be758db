// A message of a payment provider: verified on its raw bytes, stored, then told to its workflow, which decides.
import { hearProvider } from '@chargelane/corridor/books/told-by-provider'
import {
  markPaymentEventHeard,
  storePaymentEvent,
} from '@chargelane/db/queries/payments/payment-events'
import { paymentOfProvider } from '@chargelane/db/queries/payments/payments'
import { doubtRefunds } from '@chargelane/db/queries/payments/refunds'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { ProviderEvent, ReadProviderEvent } from '@chargelane/corridor/payment/payment'
import type { Context } from 'hono'
import type { Deps } from '../../http/handler.ts'

type Received = { kind: PaymentKind; event: ProviderEvent; payload: string }

const unknownRoute = () => new DomainError('resource_missing', 'No such route.')

async function receive(
  c: Context,
  { kind, read }: { kind: PaymentKind; read: ReadProviderEvent },
): Promise<Received> {
  const raw = new Uint8Array(await c.req.arrayBuffer())
  try {
    const event = read(raw, (name) => c.req.header(name))
    return { kind, event, payload: new TextDecoder().decode(raw) }
  } catch (cause) {
    throw new DomainError('validation_error', 'The signature does not hold.', { cause })
  }
}

export async function paymentWebhook(deps: Deps, c: Context): Promise<Response> {
  const reader = deps.providerEvents(c.req.param('kind') ?? '')
  if (reader === undefined) throw unknownRoute()
  await hear(deps, await receive(c, reader))
  return c.json({ received: true })
}

/**
 * Of an account that a partner has: its owner chose the secret, so the message may speak of the owner's payments alone, and
 * its ids are none of another's.
 */
export async function accountWebhook(deps: Deps, c: Context): Promise<Response> {
  const account = c.req.param('account') ?? ''
  const reader = await deps.accountEvents(c.req.param('kind') ?? '', account)
  if (reader === undefined) throw unknownRoute()
  const { kind, event, payload } = await receive(c, reader)
  const { pspId } = event
  const payment = pspId === null ? undefined : await paymentOfProvider(deps.db, kind, pspId)
  const isOwn = payment?.accountId === reader.accountId
  const id = `${account}:${event.id}`
  await hear(deps, { kind, payload, event: { ...event, id, pspId: isOwn ? pspId : null } })
  return c.json({ received: true })
}

async function hear(deps: Deps, { kind, event, payload }: Received): Promise<void> {
  const at = deps.now()
  // A 5xx makes the provider send again. Whatever comes of a hold that stands is asked for when it is needed; only an
  // open answer is waited for, and the end of a hold.
  const { id, type, pspId, endsHold, doubtsRefund, told } = event
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
}

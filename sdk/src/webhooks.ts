import { Webhook } from 'standardwebhooks'
import type { Event } from './generated/types.gen.ts'

/** The signature does not hold, is older than five minutes, or a header is missing. Answer 400 and stop. */
export class WebhookSignatureError extends Error {
  override readonly name = 'WebhookSignatureError'
}

export interface SignedRequest {
  /** The body exactly as received: parsing and printing it again breaks the signature. */
  payload: string | Uint8Array
  headers: Headers | Record<string, string | string[] | undefined>
  /** `whsec_…`; two during a rotation. */
  secret: string | readonly string[]
}

const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

function pick(headers: SignedRequest['headers']): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = headers instanceof Headers ? headers.get(name) : headers[name]
    const text = Array.isArray(value) ? value[0] : value
    if (!text) throw new WebhookSignatureError(`header ${name} is missing`)
    picked[name] = text
  }
  return picked
}

/** Checks a delivery (Standard Webhooks, five minutes of tolerance) and returns its event. */
export function verifyWebhook(request: SignedRequest): Event {
  const headers = pick(request.headers)
  const payload =
    typeof request.payload === 'string'
      ? request.payload
      : new TextDecoder().decode(request.payload)
  const secrets = typeof request.secret === 'string' ? [request.secret] : request.secret
  let reason = 'no secret was given'
  for (const secret of secrets) {
    try {
      // oxlint-disable-next-line no-unsafe-type-assertion -- signed by the server, whose contract this is
      return new Webhook(secret).verify(payload, headers) as Event
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  throw new WebhookSignatureError(reason)
}

/** Headers of a delivery, for the tests of your own endpoint. */
export function signTestWebhook(input: {
  payload: string
  secret: string
  id?: string
  at?: Date
}): Record<(typeof names)[number], string> {
  const id = input.id ?? `evt_test_${crypto.randomUUID()}`
  const at = input.at ?? new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(input.secret).sign(id, at, input.payload),
  }
}

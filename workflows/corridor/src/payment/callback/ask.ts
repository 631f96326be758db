// One question to a partner's payment endpoint: signed by Standard Webhooks, bounded in time and size, at an address that
// is checked where the socket is opened. A question has one id however often it is asked.
import type { Payment } from '@chargelane/db/queries/payments/payments'
import type { PaymentEndpoint } from '@chargelane/db/queries/payments/payment-endpoints'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { Webhook } from 'standardwebhooks'
import { type Agent, request } from 'undici'
import * as z from 'zod'
import { urlObjection } from '../../worker/addresses.ts'
import { MoneyFailure } from '../payment.ts'

export type Caller = {
  agent: Agent
  allowLoopback: boolean
  now: () => Date
  /** Of one exchange; a driver waits for four of them at most. */
  timeoutMs: number
}

export type Question = {
  /** Ours and the same for every repetition: the partner answers it once. */
  id: string
  type: `payment.${'authorize' | 'increase' | 'capture' | 'void' | 'refund' | 'lookup'}`
  /** The partner's own reference of what pays. */
  method: string | null
  /** What is asked for; absent where nothing is. */
  amount?: Money
}

const answerMaxBytes = 16 * 1024

const zAnswer = z.object({
  status: z.enum(['approved', 'declined', 'none', 'authorized', 'captured', 'voided']),
  /** The partner's own, as its customer sees it. */
  reference: z.string().min(1).max(120).optional(),
  decline_code: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional(),
  /** What was approved, where it is not all that was asked for. */
  amount: z.object({ amount: z.int().min(0), currency: z.string() }).optional(),
  /** When the partner gives the hold up by itself. */
  expires_at: z.iso.datetime({ offset: true }).optional(),
})
export type Answer = z.infer<typeof zAnswer>

/** How much of what was asked for the answer approves; undefined where it approves nothing, or what was not asked for. */
export function approvedOf(answer: Answer | undefined, asked: Money): Money | undefined {
  if (answer?.status !== 'approved') return undefined
  const { amount = asked } = answer
  const isAsked = amount.currency === asked.currency && amount.amount <= asked.amount
  return isAsked && amount.amount > 0 ? amount : undefined
}

/** The partner said that it does not know us, or not what we ask: nobody answers that question by being asked again. */
const isFinal = (status: number) =>
  status >= 300 && status < 500 && ![408, 409, 425, 429].includes(status)

const unanswered = (why: string, cause?: unknown) =>
  new MoneyFailure(`the payment endpoint ${why}`, {
    code: 'payment_endpoint_unanswered',
    retryable: true,
    cause,
  })

function bodyOf({ id, type, method, amount }: Question, payment: Payment): string {
  return JSON.stringify({
    id,
    type,
    kind: payment.kind,
    payment: payment.id,
    session: payment.sessionId,
    payment_source: payment.paymentSourceId,
    payment_method: method,
    reference: payment.reference,
    ...(amount === undefined ? {} : { amount }),
  })
}

/** Throws `MoneyUnavailable` where nobody answered; a refusal to talk at all is `declined`. */
export async function ask(
  caller: Caller,
  { url: text, secret }: Pick<PaymentEndpoint, 'url' | 'secret'>,
  question: Question,
  payment: Payment,
): Promise<Answer> {
  const url = new URL(text)
  const objection = urlObjection(url, caller.allowLoopback)
  if (objection !== undefined)
    return { status: 'declined', decline_code: 'payment_endpoint_refused' }
  const body = bodyOf(question, payment)
  const at = caller.now()
  let told: { status: number; text: string }
  try {
    // undici follows no redirect by itself: one would lead around the address check's origin.
    const answer = await request(url, {
      method: 'POST',
      dispatcher: caller.agent,
      signal: AbortSignal.timeout(caller.timeoutMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Chargelane-Payments/1',
        'webhook-id': question.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(question.id, at, body),
      },
      body,
    })
    told = { status: answer.statusCode, text: await readText(answer.body) }
  } catch (cause) {
    throw unanswered('did not answer', cause)
  }
  if (isFinal(told.status)) return { status: 'declined', decline_code: 'payment_endpoint_refused' }
  if (told.status !== 200) throw unanswered(`answered ${told.status}`)
  const parsed = zAnswer.safeParse(jsonOf(told.text))
  // What cannot be understood approves nothing.
  if (!parsed.success)
    throw unanswered(`answered what is no answer: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.byteLength
    if (size > answerMaxBytes) throw new Error(`the answer exceeds ${answerMaxBytes} bytes`)
    parts.push(part)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

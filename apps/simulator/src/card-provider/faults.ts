// Orders to misbehave, given on the control path and used up by the requests that match them.
import * as z from 'zod'

const zDelay = z.int().min(0).max(600_000)
const zAction = z.discriminatedUnion('kind', [
  /** The issuer declines this hold or capture. */
  z.strictObject({
    kind: z.literal('decline'),
    decline_code: z.string().default('generic_decline'),
  }),
  /** Nothing is done and nothing is answered: the socket stays open until the client gives up. */
  z.strictObject({ kind: z.literal('timeout') }),
  /**
   * Done in full, then the socket is closed without an answer. Stripe's SDK repeats such a request
   * once by itself under the same key, so it takes `times: 2` for the caller to notice.
   */
  z.strictObject({ kind: z.literal('lose_reply') }),
  /** Done at once, answered late. */
  z.strictObject({ kind: z.literal('late'), delay_ms: zDelay }),
  /** Done late: until then the idempotency key is in use. */
  z.strictObject({ kind: z.literal('slow'), delay_ms: zDelay }),
  /** 429, not done, not kept by the key. */
  z.strictObject({ kind: z.literal('rate_limit') }),
  /** 503 from a gateway, not done, not kept by the key. */
  z.strictObject({ kind: z.literal('unavailable') }),
  /** 500 and kept by the key; `acted` says whether the work was done before. */
  z.strictObject({ kind: z.literal('error'), acted: z.boolean().default(false) }),
  /** Webhooks only. */
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('delay'), delay_ms: z.int().min(0) }),
  /** Sent after the next event to the same endpoint. */
  z.strictObject({ kind: z.literal('reorder') }),
  z.strictObject({ kind: z.literal('drop') }),
])
export const zFault = z.strictObject({
  /** e.g. `payment_intents.capture`, `webhook.payment_intent.succeeded`, `*` or `webhook.*`. */
  operation: z.string().min(1),
  match: z
    .strictObject({
      payment_method: z.string(),
      session_id: z.string(),
      payment_id: z.string(),
      psp_id: z.string(),
    })
    .partial()
    .default({}),
  action: zAction,
  /** How many requests it takes; absent means all until it is deleted: an outage window. */
  times: z.int().min(1).optional(),
})
export type Fault = z.infer<typeof zFault>
export type FaultAction = z.infer<typeof zAction>
/** What a request is about, as far as it is known before it runs. */
export type Facts = Partial<Record<keyof Fault['match'], string | undefined>>

export class Faults {
  private orders: { id: number; fault: Fault; left: number }[] = []
  private lastId = 0

  add(fault: Fault): number {
    this.lastId += 1
    this.orders.push({ id: this.lastId, fault, left: fault.times ?? Infinity })
    return this.lastId
  }

  list() {
    return this.orders.map(({ id, fault, left }) => ({
      id,
      ...fault,
      left: left === Infinity ? null : left,
    }))
  }

  clear(): void {
    this.orders = []
  }

  /** The oldest order that fits; it counts as used. */
  take(operation: string, facts: Facts): FaultAction | undefined {
    const order = this.orders.find(({ fault }) => fits(fault, operation, facts))
    if (!order) return undefined
    order.left -= 1
    if (order.left === 0) this.orders = this.orders.filter((other) => other !== order)
    return order.fault.action
  }
}

function fits(fault: Fault, operation: string, facts: Facts): boolean {
  const isWebhook = operation.startsWith('webhook.')
  const named =
    fault.operation === operation ||
    (fault.operation === 'webhook.*' && isWebhook) ||
    (fault.operation === '*' && !isWebhook)
  const { payment_method, session_id, payment_id, psp_id } = fault.match
  return (
    named &&
    (payment_method === undefined || payment_method === facts.payment_method) &&
    (session_id === undefined || session_id === facts.session_id) &&
    (payment_id === undefined || payment_id === facts.payment_id) &&
    (psp_id === undefined || psp_id === facts.psp_id)
  )
}

// Events and their way to the endpoints: signed over the raw body, repeated until they are accepted.
import { Stripe } from 'stripe'
import { apiVersion } from './objects.ts'
import type { Faults } from './faults.ts'
import { type Delivery, type Endpoint, newId, type Store, type StoredEvent } from './store.ts'

const retryDelaysMs = [200, 1_000, 5_000, 15_000, 60_000, 300_000, 3_600_000]
const answerTimeoutMs = 5_000
const reorderWaitMs = 3_000

/** Writes the event and one delivery per endpoint in the request's own journal write. */
export function recordEvent(
  store: Store,
  type: string,
  object: object,
  request: { id: string | null; idempotencyKey: string | null },
): void {
  const listeners = [...store.tables.webhook_endpoints.values()].filter(
    (endpoint) =>
      endpoint.status === 'enabled' &&
      (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type)),
  )
  const event: StoredEvent = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: store.nowS(),
    data: { object },
    livemode: false,
    pending_webhooks: listeners.length,
    request: { id: request.id, idempotency_key: request.idempotencyKey },
    type,
  }
  store.put('events', event)
  for (const endpoint of listeners) {
    store.put('deliveries', {
      id: newId('del'),
      event: event.id,
      endpoint: endpoint.id,
      attempt: 0,
      dueMs: store.nowMs(),
    })
  }
}

/** Sends what is due, and wakes itself for what is not. */
export class Deliverer {
  private readonly store: Store
  private readonly faults: Faults
  private readonly sending = new Set<string>()
  private timer: NodeJS.Timeout | undefined
  private stopped = false

  constructor(store: Store, faults: Faults) {
    this.store = store
    this.faults = faults
  }

  pump(): void {
    if (this.stopped) return
    clearTimeout(this.timer)
    const now = this.store.nowMs()
    let nextMs = Infinity
    for (const delivery of this.store.tables.deliveries.values()) {
      if (this.sending.has(delivery.id)) continue
      if (delivery.dueMs > now) nextMs = Math.min(nextMs, delivery.dueMs)
      else void this.send(delivery)
    }
    if (nextMs < Infinity) {
      this.timer = setTimeout(() => this.pump(), Math.min(nextMs - now, 60_000))
      this.timer.unref()
    }
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  private async send(delivery: Delivery): Promise<void> {
    const event = this.store.tables.events.get(delivery.event)
    const endpoint = this.store.tables.webhook_endpoints.get(delivery.endpoint)
    if (!event || !endpoint) {
      this.finish(delivery)
      return
    }
    this.sending.add(delivery.id)
    if (delivery.attempt === 0 && this.misbehave(delivery, event)) return
    const accepted = await post(endpoint, event)
    this.sending.delete(delivery.id)
    if (this.stopped) return
    if (accepted) this.delivered(delivery, event)
    else this.retry(delivery)
    this.store.commit()
    this.pump()
  }

  /** True when a fault order has put this delivery off. */
  private misbehave(delivery: Delivery, event: StoredEvent): boolean {
    const fault = this.faults.take(`webhook.${event.type}`, factsOf(event))
    if (!fault) return false
    if (fault.kind === 'duplicate') {
      this.store.put('deliveries', { ...delivery, id: newId('del'), attempt: 1 })
      return false
    }
    this.sending.delete(delivery.id)
    if (fault.kind === 'drop') this.finish(delivery)
    else {
      const waitMs =
        fault.kind === 'delay' ? fault.delay_ms : fault.kind === 'reorder' ? reorderWaitMs : 0
      const attempt = fault.kind === 'reorder' ? -1 : 1
      this.store.put('deliveries', { ...delivery, attempt, dueMs: this.store.nowMs() + waitMs })
    }
    this.store.commit()
    this.pump()
    return true
  }

  private delivered(delivery: Delivery, event: StoredEvent): void {
    this.store.put('events', {
      ...event,
      pending_webhooks: Math.max(0, event.pending_webhooks - 1),
    })
    this.finish(delivery)
    for (const held of this.store.tables.deliveries.values()) {
      if (held.attempt === -1 && held.endpoint === delivery.endpoint) {
        this.store.put('deliveries', { ...held, attempt: 1, dueMs: this.store.nowMs() })
      }
    }
  }

  private retry(delivery: Delivery): void {
    const delayMs = retryDelaysMs[Math.max(0, delivery.attempt)]
    if (delayMs === undefined) this.finish(delivery)
    else {
      const dueMs = this.store.nowMs() + delayMs
      this.store.put('deliveries', {
        ...delivery,
        attempt: Math.max(0, delivery.attempt) + 1,
        dueMs,
      })
    }
  }

  private finish(delivery: Delivery): void {
    this.sending.delete(delivery.id)
    this.store.drop('deliveries', delivery.id)
  }
}

async function post(endpoint: Endpoint, event: StoredEvent): Promise<boolean> {
  const payload = JSON.stringify(event)
  try {
    const answer = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        // The receiver compares with its own clock, so the signature carries the true time.
        'stripe-signature': Stripe.webhooks.generateTestHeaderString({
          payload,
          secret: endpoint.secret,
        }),
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    // An endpoint that does not answer is the reason for retries, not an error of ours.
    return false
  }
}

/** What the fault orders may match a webhook by. */
function factsOf(event: StoredEvent) {
  const { object } = event.data
  const metadata =
    'metadata' in object && typeof object.metadata === 'object' ? object.metadata : null
  const text = (key: string) => {
    const value: unknown = metadata === null ? undefined : Reflect.get(metadata, key)
    return typeof value === 'string' ? value : undefined
  }
  const pspId = 'id' in object && typeof object.id === 'string' ? object.id : undefined
  return { session_id: text('session_id'), payment_id: text('payment_id'), psp_id: pspId }
}

// One attempt at one delivery: Standard Webhooks, tried for three days (failures F72). Who is tried when: lanes.
import type { Db } from '@chargelane/db'
import { recordDelivery } from '@chargelane/db/queries/outbox/deliveries'
import type {
  ClaimedDelivery,
  DeliveryResult,
  Recorded,
} from '@chargelane/db/queries/outbox/deliveries'
import { disableEndpoint } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { eventView } from '@chargelane/db/views/partners/events'
import type { Logger } from 'pino'
import { Webhook } from 'standardwebhooks'
import { type Agent, request } from 'undici'
import { urlObjection } from './addresses.ts'
import { traceparentOf } from './trace.ts'

const answerMaxBytes = 64 * 1024
const attemptTimeoutMs = 10_000
const giveUpAfterMs = 3 * 86_400_000
/** Three days of attempts: what an endpoint refuses so often, while it takes other things, is given up alone. */
const attemptsMax = 26

/** Seconds until the attempt after this many: 5 s, 10 s, … doubled up to 6 h; about twenty in three days. */
export function retryDelayS(attempt: number): number {
  return Math.min(5 * 2 ** (attempt - 1), 6 * 3_600)
}

export type WebhookDependencies = {
  db: Db
  agent: Agent
  log: Logger
  now: () => Date
  allowLoopback: boolean
  /** Until an endpoint must have answered (default 10 s). */
  timeoutMs?: number
}

/** The body of a delivery, in the words of the contract's Event. */
export const payloadOf = (event: ClaimedDelivery['event']): string =>
  JSON.stringify(eventView(event))

async function post(deps: WebhookDependencies, delivery: ClaimedDelivery): Promise<number> {
  const url = new URL(delivery.url)
  const objection = urlObjection(url, deps.allowLoopback)
  if (objection !== undefined) throw new Error(`the URL ${objection}`)
  if (delivery.secrets.length === 0) throw new Error('its secret cannot be read: roll it')
  const payload = payloadOf(delivery.event)
  const at = deps.now()
  // undici follows no redirect by itself: one would lead around the address check's origin.
  const answer = await request(url, {
    method: 'POST',
    dispatcher: deps.agent,
    signal: AbortSignal.timeout(deps.timeoutMs ?? attemptTimeoutMs),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Chargelane-Webhooks/1',
      ...(delivery.trace === null ? {} : { traceparent: traceparentOf(delivery.trace) }),
      'webhook-id': delivery.event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': delivery.secrets
        .map((secret) => new Webhook(secret).sign(delivery.event.id, at, payload))
        .join(' '),
    },
    body: payload,
  })
  await answer.body.dump({ limit: answerMaxBytes })
  return answer.statusCode
}

type Outcome = { status?: number; error?: string }

async function tryOnce(deps: WebhookDependencies, delivery: ClaimedDelivery): Promise<Outcome> {
  try {
    const status = await post(deps, delivery)
    return status >= 200 && status <= 299 ? { status } : { status, error: `answered ${status}` }
  } catch (cause) {
    return { error: (cause instanceof Error ? cause.message : String(cause)).slice(0, 500) }
  }
}

/** Sends it and writes down what came of it; an endpoint that has failed for three days is disabled. */
export async function deliver(
  deps: WebhookDependencies,
  delivery: ClaimedDelivery,
): Promise<Recorded | undefined> {
  const startedAt = deps.now()
  const outcome = await tryOnce(deps, delivery)
  const now = deps.now()
  const { error } = outcome
  const attempt = {
    ...outcome,
    at: startedAt.toISOString(),
    durationMs: Math.max(0, now.getTime() - startedAt.getTime()),
  }
  if (error === undefined)
    return recordDelivery(deps.db, delivery.id, { ...attempt, kind: 'succeeded' })
  const known = await recordDelivery(deps.db, delivery.id, {
    ...attempt,
    ...nextOf(delivery, now),
  })
  deps.log.info(
    { endpoint: delivery.endpointId, event: delivery.event.id, attempt: delivery.attempt, error },
    'webhook not delivered',
  )
  const failingSince = known?.failingSince ?? null
  if (isHopeless(failingSince, now))
    await deps.db.tx((tx) =>
      disableEndpoint(
        tx,
        delivery.endpointId,
        `failing since ${failingSince}: ${error}`,
        now.toISOString(),
      ),
    )
  return known
}

const isHopeless = (failingSince: string | null, now: Date) =>
  failingSince !== null && now.getTime() - Date.parse(failingSince) >= giveUpAfterMs

function nextOf(
  { attempt, failingSince }: ClaimedDelivery,
  now: Date,
): Pick<DeliveryResult, 'kind' | 'nextAttemptAt'> {
  if (attempt >= attemptsMax && !isHopeless(failingSince, now)) return { kind: 'given_up' }
  const nextAttemptAt = new Date(now.getTime() + retryDelayS(attempt) * 1_000).toISOString()
  return { kind: 'failed', nextAttemptAt }
}

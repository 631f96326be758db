// Sends partners their events: Standard Webhooks, in order per object, for three days (failures F72).
import { lookup as resolve } from 'node:dns'
import { isIP } from 'node:net'
import type { Db } from '@chargelane/db'
import {
  claimDeliveries,
  disableEndpoint,
  recordDelivery,
} from '@chargelane/db/queries/outbox/outbox'
import type { ClaimedDelivery } from '@chargelane/db/queries/outbox/outbox'
import { eventView } from '@chargelane/db/views/partners/events'
import type { Logger } from 'pino'
import { Webhook } from 'standardwebhooks'
import { Agent, buildConnector, request } from 'undici'
import { isAllowedAddress } from './addresses.ts'

const answerMaxBytes = 64 * 1024
const attemptTimeoutMs = 10_000
const giveUpAfterMs = 3 * 86_400_000

/** Seconds until the attempt after this many: 5 s, 10 s, … doubled up to 6 h; about twenty in three days. */
export function retryDelayS(attempt: number): number {
  return Math.min(5 * 2 ** (attempt - 1), 6 * 3_600)
}

/**
 * A dispatcher that cannot reach our own network. The check sits where the socket is opened, so a name that resolves
 * to something else a second time gains nothing; undici asks no lookup for literals, so those are checked apart.
 */
export function createSafeAgent(options: { allowLoopback: boolean }): Agent {
  const isAllowed = (address: string) => isAllowedAddress(address, options.allowLoopback)
  const connect = buildConnector({
    timeout: 3_000,
    lookup: (hostname, how, callback) => {
      resolve(hostname, { ...how, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '', 0)
        const [first] = addresses
        if (first === undefined || addresses.some(({ address }) => !isAllowed(address)))
          return callback(
            new Error(`${hostname} resolves to an address that is not allowed`),
            '',
            0,
          )
        if (how.all === true) return callback(null, addresses)
        callback(null, first.address, first.family)
      })
    },
  })
  return new Agent({
    connect: (target, callback) => {
      const host = target.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !isAllowed(host))
        return callback(new Error(`${host} is not allowed`), null)
      connect(target, callback)
    },
  })
}

export type WebhookDependencies = {
  db: Db
  agent: Agent
  log: Logger
  now: () => Date
  allowLoopback: boolean
}

/** The body of a delivery, in the words of the contract's Event. */
export const payloadOf = (event: ClaimedDelivery['event']): string =>
  JSON.stringify(eventView(event))

async function post(deps: WebhookDependencies, delivery: ClaimedDelivery): Promise<number> {
  const url = new URL(delivery.url)
  if (url.protocol !== 'https:' && !(deps.allowLoopback && url.protocol === 'http:'))
    throw new Error('webhooks are sent over https only')
  const payload = payloadOf(delivery.event)
  const at = deps.now()
  // undici follows no redirect by itself: one would lead around the address check's origin.
  const answer = await request(url, {
    method: 'POST',
    dispatcher: deps.agent,
    signal: AbortSignal.timeout(attemptTimeoutMs),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Chargelane-Webhooks/1',
      'webhook-id': delivery.event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(delivery.secret).sign(delivery.event.id, at, payload),
    },
    body: payload,
  })
  await answer.body.dump({ limit: answerMaxBytes })
  return answer.statusCode
}

async function deliver(deps: WebhookDependencies, delivery: ClaimedDelivery): Promise<void> {
  let status: number | undefined
  let error: string | undefined
  try {
    status = await post(deps, delivery)
    if (status < 200 || status > 299) error = `answered ${status}`
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause)
  }
  const now = deps.now()
  const at = now.toISOString()
  const base = { at, ...(status === undefined ? {} : { status }) }
  if (error === undefined) {
    await recordDelivery(deps.db, delivery.id, { ...base, kind: 'succeeded' })
    return
  }
  const nextAttemptAt = new Date(now.getTime() + retryDelayS(delivery.attempt) * 1000).toISOString()
  const health = await recordDelivery(deps.db, delivery.id, {
    ...base,
    error,
    kind: 'failed',
    nextAttemptAt,
  })
  deps.log.info(
    { endpoint: delivery.endpointId, event: delivery.event.id, attempt: delivery.attempt, error },
    'webhook not delivered',
  )
  const failingSince = health?.failingSince ?? null
  if (failingSince === null || now.getTime() - Date.parse(failingSince) < giveUpAfterMs) return
  await deps.db.tx((tx) =>
    disableEndpoint(tx, delivery.endpointId, `failing since ${failingSince}: ${error}`, at),
  )
}

/** One round: what is due, at most twenty at a time; a slow endpoint delays only its own. */
export async function sendWebhooks(deps: WebhookDependencies): Promise<number> {
  const due = await claimDeliveries(deps.db, deps.now().toISOString(), 20)
  await Promise.all(due.map((delivery) => deliver(deps, delivery)))
  return due.length
}

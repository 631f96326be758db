import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { once } from 'node:events'
import { pino } from 'pino'
import { request } from 'undici'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import {
  deliveriesOfEvent,
  listDeliveries,
  resendDelivery,
} from '@chargelane/db/queries/outbox/deliveries'
import { appendEvent, eventsOfObject, type NewEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  createEndpoint,
  getEndpoint,
  rollSecret,
  updateEndpoint,
} from '@chargelane/db/queries/outbox/webhook-endpoints'
import { testDatabase } from '@chargelane/db/testing'
import type { TestDatabase } from '@chargelane/db/testing'
import { startLoop } from '../supply/relay.ts'
import { isAllowedAddress } from './addresses.ts'
import { createLanes } from './lanes.ts'
import { createSafeAgent } from './safe-agent.ts'
import { retryDelayS } from './webhooks.ts'

const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const log = pino({ level: 'silent' })
let database: TestDatabase
let server: Server
let url: string
let accountId: string
let clock: Date
let status: number
/** An object whose events the receiver does not take. */
let refused = ''
const received: { headers: Record<string, string>; body: string }[] = []

beforeAll(async () => {
  database = await testDatabase({ anyEvents: true })
  server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const headers = Object.entries(incoming.headers).map(([key, value]) => [key, String(value)])
      received.push({
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: Buffer.concat(parts).toString(),
      })
      const isRefused = refused !== '' && received.at(-1)?.body.includes(refused)
      const answer = isRefused ? 422 : status
      response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`
})
afterAll(async () => {
  server.close()
  await database.stop()
})

beforeEach(async () => {
  received.length = 0
  status = 200
  refused = ''
  clock = new Date()
  const account = await createAccount(database.db, {
    type: 'partner',
    name: 'P',
    legalName: 'P GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'S 1', city: 'C', postal_code: '1' },
    at: clock.toISOString(),
  })
  accountId = account.id
})

/** Sends all that is due, and says how many attempts that took. */
async function send(): Promise<number> {
  const before = received.length
  const agent = createSafeAgent({ allowLoopback: true })
  const lanes = createLanes({
    db: database.db,
    agent,
    log,
    now: () => clock,
    allowLoopback: true,
  })
  await lanes.look()
  await lanes.quiet()
  await agent.close()
  return received.length - before
}

const endpointAt = async (to: string) => {
  const values = { accountId, url: to, secret, eventTypes: ['*'], at: clock.toISOString() }
  const row = await database.db.tx((tx) => createEndpoint(tx, values))
  return row?.id ?? ''
}

const happen = (objectId: string, name: string) =>
  database.db.tx((tx) =>
    appendEvent(tx, {
      accountId,
      type: name,
      objectId,
      data: { id: objectId },
      dedupeKey: `${objectId}:${name}`,
      at: clock.toISOString(),
    } as unknown as NewEvent),
  )

describe('a delivery', () => {
  test('is signed as Standard Webhooks says, and verifies with the shared secret only', async () => {
    await endpointAt(url)
    await happen(`ses_A${accountId}`, 'session.started')
    expect(await send()).toBe(1)
    const [delivery] = received
    const event = new Webhook(secret).verify(delivery!.body, delivery!.headers)
    expect(event).toMatchObject({
      type: 'session.started',
      sequence: 1,
      object: `ses_A${accountId}`,
    })
    const other = `whsec_${Buffer.from('another-secret-of-24-byt').toString('base64')}`
    expect(() => new Webhook(other).verify(delivery!.body, delivery!.headers)).toThrow()
    expect(await send()).toBe(0)
  })

  test('that fails comes back later, before every newer event of its object', async () => {
    await endpointAt(url)
    status = 500
    await happen(`ses_B${accountId}`, 'session.started')
    await happen(`ses_B${accountId}`, 'session.ended')
    expect(await send()).toBe(1)
    expect(await send()).toBe(0)
    status = 200
    clock = new Date(clock.getTime() + retryDelayS(1) * 1000)
    expect(await send()).toBe(2)
    const types = received.map(({ body }) => String(JSON.parse(body).type))
    expect(types).toEqual(['session.started', 'session.started', 'session.ended'])
  })

  test('carries a signature of the secret before as well, until its time is over', async () => {
    const endpointId = await endpointAt(url)
    const next = `whsec_${Buffer.from('another-secret-of-24-byt').toString('base64')}`
    const overlapUntil = new Date(clock.getTime() + 60_000).toISOString()
    await rollSecret(database.db, accountId, endpointId, { secret: next, overlapUntil })
    await happen(`ses_S${accountId}`, 'session.started')
    await send()
    clock = new Date(clock.getTime() + 60_001)
    await happen(`ses_S${accountId}`, 'session.ended')
    await send()
    const verified = received.map(({ body, headers }) =>
      [secret, next].map((known) => {
        try {
          return new Webhook(known).verify(body, headers) !== undefined
        } catch {
          return false
        }
      }),
    )
    expect(verified).toEqual([
      [true, true],
      [false, true],
    ])
  })

  test('whose secret was moved from another endpoint is unsigned and unsent, its owner is told, and rolling mends it', async () => {
    const endpointId = await endpointAt(url)
    const other = await endpointAt(url)
    const moved = `(select secret from webhook_endpoints where id = '${other}')`
    await database.db.execute(
      `update webhook_endpoints set secret = ${moved} where id = '${endpointId}'`,
    )
    const event = await happen(`ses_W${accountId}`, 'session.started')
    expect(await send()).toBe(1)
    const kept = await deliveriesOfEvent(database.db, accountId, event.id)
    expect(kept.find((each) => each.endpointId === endpointId)).toMatchObject({
      state: 'pending',
      log: [{ error: 'its secret cannot be read: roll it' }],
    })
    const next = `whsec_${Buffer.from('another-secret-of-24-byt').toString('base64')}`
    const overlapUntil = new Date(clock.getTime() + 3_600_000).toISOString()
    await rollSecret(database.db, accountId, endpointId, { secret: next, overlapUntil })
    clock = new Date(clock.getTime() + retryDelayS(1) * 1000)
    expect(await send()).toBe(1)
    const { body, headers } = received.at(-1)!
    expect(new Webhook(next).verify(body, headers)).toMatchObject({ type: 'session.started' })
  })

  test('tells its attempts, and goes out once more when its owner asks', async () => {
    await endpointAt(url)
    status = 500
    const event = await happen(`ses_T${accountId}`, 'session.started')
    await send()
    status = 200
    clock = new Date(clock.getTime() + retryDelayS(1) * 1000)
    await send()
    const [delivery] = await deliveriesOfEvent(database.db, accountId, event.id)
    expect(delivery).toMatchObject({
      state: 'succeeded',
      log: [{ status: 500, error: 'answered 500' }, { status: 200 }],
    })
    await database.db.tx((tx) => resendDelivery(tx, delivery!, clock.toISOString()))
    expect(await send()).toBe(1)
    const [again] = await deliveriesOfEvent(database.db, accountId, event.id)
    expect(again).toMatchObject({ state: 'succeeded', log: { length: 3 } })
  })

  test('that is refused for three days, while others are taken, is given up alone', async () => {
    const endpointId = await endpointAt(url)
    refused = `ses_U${accountId}`
    await happen(refused, 'session.started')
    await happen(refused, 'session.ended')
    const until = clock.getTime() + 5 * 86_400_000
    for (let n = 0; clock.getTime() < until; n++) {
      await happen(`ses_V${n}${accountId}`, 'session.started')
      await send()
      clock = new Date(clock.getTime() + 3_600_000)
    }
    const states = await listDeliveries(database.db, accountId, { limit: 100, status: 'dead' })
    expect(states.data.map(({ objectId, sequence }) => [objectId, sequence])).toEqual([
      [refused, 1],
    ])
    expect(await getEndpoint(database.db, accountId, endpointId)).toMatchObject({
      status: 'enabled',
    })
  })

  test('is not led elsewhere by a redirect', async () => {
    await endpointAt(url)
    status = 302
    await happen(`ses_C${accountId}`, 'session.started')
    await send()
    expect(received).toHaveLength(1)
  })

  test('F72: an endpoint that fails for three days is disabled, and its owner told', async () => {
    const endpointId = await endpointAt(url)
    status = 503
    await happen(`ses_D${accountId}`, 'session.started')
    const until = clock.getTime() + 4 * 86_400_000
    while (clock.getTime() < until) {
      await send()
      clock = new Date(clock.getTime() + 1_800_000)
    }
    const attempts = received.filter(({ body }) => body.includes(`ses_D${accountId}`)).length
    expect(attempts).toBeGreaterThanOrEqual(18)
    expect(attempts).toBeLessThanOrEqual(24)
    expect(await getEndpoint(database.db, accountId, endpointId)).toMatchObject({
      status: 'disabled',
    })
    const told = await eventsOfObject(database.db, accountId, endpointId, 0)
    const types = told.map((event) => event.type)
    expect(types).toContain('webhook_endpoint.disabled')
    status = 200
    const at = clock.toISOString()
    const on = { status: 'enabled' as const }
    await database.db.tx((tx) => updateEndpoint(tx, accountId, endpointId, on, at))
    received.length = 0
    await send()
    expect(received.map(({ body }) => body.includes(`ses_D${accountId}`))).toContain(true)
    expect(await getEndpoint(database.db, accountId, endpointId)).toMatchObject({
      status: 'enabled',
      failingSince: null,
    })
  })
})

describe('the way out', () => {
  test('never leads into our own network, by literal or by name', async () => {
    for (const address of [
      '127.0.0.1',
      '::1',
      '10.1.2.3',
      '169.254.169.254',
      '100.64.0.1',
      '198.18.0.1',
      '::ffff:127.0.0.1',
      '0.0.0.0',
      'fd00::1',
      '::7f00:1',
      '::2',
      '4000::1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'not an address',
    ])
      expect(isAllowedAddress(address, false), address).toBe(false)
    expect(isAllowedAddress('93.184.216.34', false)).toBe(true)
    expect(isAllowedAddress('2606:4700::1111', false)).toBe(true)
    const port = new URL(url).port
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433']) {
      const agent = createSafeAgent({ allowLoopback: false })
      await expect(request(`http://${host}:${port}/`, { dispatcher: agent })).rejects.toThrow(
        /not allowed/,
      )
    }
    expect(received).toHaveLength(0)
  })
})

const nothing = (): void => undefined

describe('a loop', () => {
  test('works until nothing is left, wakes up when told, survives a failing round, and stops cleanly', async () => {
    const rounds: string[] = []
    let wake = nothing
    let jobs = 2
    let isFailing = false
    const waiting: (() => void)[] = []
    const loop = startLoop({
      name: 'test',
      pollMs: 60_000,
      log,
      work: () => {
        if (isFailing) {
          isFailing = false
          rounds.push('failed')
          waiting.shift()?.()
          return Promise.reject(new Error('round'))
        }
        rounds.push(jobs > 0 ? 'worked' : 'idle')
        jobs = Math.max(0, jobs - 1)
        if (jobs === 0) waiting.shift()?.()
        return Promise.resolve(rounds.at(-1) === 'worked' ? 0 : undefined)
      },
      subscribe: (stir) => {
        wake = stir
        return Promise.resolve(() => {
          rounds.push('unsubscribed')
          return Promise.resolve()
        })
      },
    })
    const next = () => new Promise<void>((resolve) => waiting.push(resolve))
    await next()
    const failed = next()
    isFailing = true
    wake()
    await failed
    const again = next()
    jobs = 1
    wake()
    await again
    await loop.stop()
    expect(rounds.filter((round) => round === 'worked')).toHaveLength(3)
    expect(rounds).toContain('failed')
    expect(rounds.at(-1)).toBe('unsubscribed')
  })
})

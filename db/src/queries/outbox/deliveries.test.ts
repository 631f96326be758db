import { sql as raw } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seal } from '../../sealed/sealed.ts'
import { testDatabase } from '../../testing.ts'
import { createAccount } from '../partners/accounts.ts'
import {
  claimDeliveries,
  deliveriesOfEvent,
  dueEndpoints,
  recordDelivery,
  type ClaimedDelivery,
} from './deliveries.ts'
import { appendEvent, type NewEvent } from './outbox.ts'
import { advanceReplays, replayEvents } from './replays.ts'

const database = await testDatabase({ max: 20, anyEvents: true })
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = (s: number) => new Date(Date.parse(at) + s * 1_000).toISOString()

let accountId = ''
beforeAll(async () => {
  const row = await createAccount(db, {
    type: 'partner',
    name: 'Flottenkarte',
    legalName: 'Flottenkarte',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'x', city: 'x', postal_code: '1' },
    at,
  })
  accountId = row.id
})

let count = 0
type Loose = { type?: string; at?: string }
/** The outbox asks of no type what it is, so any will do. */
const append = (objectId: string, over: Loose = {}) => {
  const event = {
    accountId,
    type: 'session.started',
    objectId,
    data: { n: ++count },
    dedupeKey: `key-${count}`,
    at,
    ...over,
  } as unknown as NewEvent
  return db.tx((tx) => appendEvent(tx, event))
}

/** Of every endpoint for which something is due. */
async function claimAll(now: string, limit = 100): Promise<ClaimedDelivery[]> {
  const due = (await dueEndpoints(db, now)).filter(({ dueAt }) => dueAt <= now)
  const claimed = await Promise.all(
    due.map(({ endpointId }) => claimDeliveries(db, { endpointId, now, limit, failingLimit: 1 })),
  )
  return claimed.flat()
}

const claimed = async (now: string) =>
  (await claimAll(now))
    .map((it) => [it.endpointId, it.event.objectId, it.event.sequence])
    .toSorted((a, b) => String(a).localeCompare(String(b)))

const secretOf = (id: string, secret: string) => seal('webhook_endpoints.secret', id, secret)

async function endpoint(id: string, eventTypes: string[], status = 'enabled') {
  await db.execute(raw`insert into webhook_endpoints (id, account_id, url, secret, event_types, status, created_at)
    values (${id}, ${accountId}, 'https://partner.example/hook', ${secretOf(id, 'whsec_x')}, array[${raw.join(
      eventTypes.map((type) => raw`${type}`),
      raw`,`,
    )}]::text[], ${status}, ${at})`)
}

const came = { durationMs: 100, status: 204 }
const succeeded = (s: number) => ({ kind: 'succeeded' as const, at: later(s), ...came })
const failed = (s: number, nextS = s) => ({
  kind: 'failed' as const,
  at: later(s),
  durationMs: 0,
  status: 500,
  error: 'answered 500',
  nextAttemptAt: later(nextS),
})
const nothingWaits = () =>
  db.execute(raw`with done as (update webhook_deliveries set state = 'succeeded')
    update webhook_endpoints set failures = 0, failing_since = null, rest_until = null`)

afterEach(async () => {
  await nothingWaits()
})

describe('deliveries', () => {
  beforeAll(async () => {
    await endpoint('we_all', ['*'])
    await endpoint('we_sessions', ['session.*'])
    await endpoint('we_exact', ['invoice.finalized', 'settlement.paid'])
    await endpoint('we_off', ['*'], 'disabled')
  })

  test('an event fans out to the enabled endpoints that want its type', async () => {
    const wanting = async (type: string) => {
      const row = await append(`obj_${type}`, { type })
      return (await deliveriesOfEvent(db, accountId, row.id)).map((it) => it.endpointId).toSorted()
    }
    expect(await wanting('session.started')).toEqual(['we_all', 'we_sessions'])
    expect(await wanting('invoice.finalized')).toEqual(['we_all', 'we_exact'])
    expect(await wanting('sessions.odd')).toEqual(['we_all'])
    expect(await wanting('quote.created')).toEqual(['we_all'])
    const row = await append('obj_foreign')
    expect(await deliveriesOfEvent(db, 'acct_OTHER', row.id)).toEqual([])
  })

  test('an object’s events go out one after the other, other objects do not wait', async () => {
    await append('ses_p', { type: 'quote.created' })
    await append('ses_p', { type: 'quote.consumed' })
    await append('ses_q', { type: 'quote.created' })
    const first = await claimAll(later(1))
    expect(first.map((it) => [it.event.objectId, it.event.sequence])).toEqual([
      ['ses_p', 1],
      ['ses_q', 1],
    ])
    expect(first[0]).toMatchObject({ attempt: 1, url: 'https://partner.example/hook' })
    expect(await claimed(later(2))).toEqual([])

    await recordDelivery(db, first[0]!.id, failed(3, 8))
    expect(await claimed(later(7))).toEqual([])
    const [retry] = await claimAll(later(9))
    expect(retry).toMatchObject({ id: first[0]!.id, attempt: 2, event: { sequence: 1 } })
    await recordDelivery(db, retry!.id, succeeded(10))
    await recordDelivery(db, first[1]!.id, succeeded(10))
    expect(await claimed(later(11))).toEqual([['we_all', 'ses_p', 2]])
  })

  test('a delivery whose sender died is claimed again after the lease', async () => {
    await append('ses_lease', { type: 'quote.created' })
    expect(await claimed(later(1))).toHaveLength(1)
    expect(await claimed(later(60))).toEqual([])
    const [again] = await claimAll(later(62))
    expect(again).toMatchObject({ attempt: 2 })
    await recordDelivery(db, again!.id, succeeded(62))
  })

  test('a dead delivery lets the object’s later events pass', async () => {
    await append('ses_dead', { type: 'quote.created' })
    await append('ses_dead', { type: 'quote.expired' })
    const [first] = await claimAll(later(1))
    await recordDelivery(db, first!.id, { ...failed(2), kind: 'given_up' })
    expect(await claimed(later(3))).toEqual([['we_all', 'ses_dead', 2]])
  })

  test('many senders at once never claim one delivery twice', async () => {
    for (let n = 0; n < 40; n++) await append(`ses_m${n}`, { type: 'quote.created' })
    const batches = await Promise.all(Array.from({ length: 8 }, () => claimAll(later(1), 10)))
    const ids = batches.flat().map((it) => it.id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await claimAll(later(1))
    expect(ids.length + rest.length).toBe(40)
  })

  test('an endpoint fails since its first failure and no longer after a success', async () => {
    await append('ses_f', { type: 'quote.created' })
    const [one] = await claimAll(later(1), 1)
    const record = (result: Parameters<typeof recordDelivery>[2]) =>
      recordDelivery(db, one!.id, result)
    expect(await record(failed(5))).toMatchObject({ failingSince: later(5), isFailing: true })
    expect(await record(failed(9))).toMatchObject({ failingSince: later(5), isFailing: true })
    expect(await record(succeeded(10))).toMatchObject({ failingSince: null, isFailing: false })
    expect(await record(failed(11))).toBeUndefined()
  })

  test('an endpoint that fails rests as a whole, longer each time, and is asked one at a time', async () => {
    for (let n = 0; n < 12; n++) await append(`ses_b${n}`, { type: 'quote.created' })
    const together = await claimAll(later(1), 8)
    expect(together).toHaveLength(8)
    // What was under way together is one failure, however much it was.
    for (const { id } of together) await recordDelivery(db, id, failed(1, 600))
    const asked: number[] = []
    for (let s = 2; s < 200; s++) {
      const probes = await claimAll(later(s), 8)
      expect(probes.length).toBeLessThanOrEqual(1)
      for (const { id } of probes) {
        asked.push(s)
        await recordDelivery(db, id, failed(s, 600))
      }
    }
    expect(asked).toEqual([2, 8, 19, 40])
  })

  test('an endpoint that is back gets all that waited for it, in order, however late each was due', async () => {
    await append('ses_k1', { type: 'quote.created' })
    await append('ses_k1', { type: 'quote.expired' })
    await append('ses_k2', { type: 'quote.created' })
    const lost = await claimAll(later(1))
    for (const { id } of lost) await recordDelivery(db, id, failed(1, 20_000))
    await append('ses_k3', { type: 'quote.created', at: later(2) })
    const [first] = await claimAll(later(3))
    await recordDelivery(db, first!.id, failed(3, 20_000))
    await append('ses_k4', { type: 'quote.created', at: later(4) })
    expect(await claimAll(later(5))).toEqual([])
    const [probe] = await claimAll(later(10))
    expect(probe).toMatchObject({ event: { objectId: 'ses_k4' } })
    expect(await recordDelivery(db, probe!.id, succeeded(10))).toMatchObject({ hasNewer: true })
    expect(await claimed(later(11))).toEqual([
      ['we_all', 'ses_k1', 1],
      ['we_all', 'ses_k2', 1],
      ['we_all', 'ses_k3', 1],
    ])
  })

  test('an endpoint whose deliveries fail holds up no other endpoint', async () => {
    await append('ses_n', { type: 'session.started' })
    const both = await claimAll(later(1))
    const ofAll = both.find(({ endpointId }) => endpointId === 'we_all')
    await recordDelivery(db, ofAll!.id, failed(1, 600))
    for (const { id, endpointId } of both)
      if (endpointId !== 'we_all') await recordDelivery(db, id, succeeded(1))
    await append('ses_n', { type: 'session.ended' })
    expect(await claimed(later(2))).toEqual([['we_sessions', 'ses_n', 2]])
  })

  test('while a secret is changed both sign, and afterwards the new one alone', async () => {
    await db.execute(raw`update webhook_endpoints set secret = ${secretOf('we_all', 'whsec_new')},
      previous_secret = ${secretOf('we_all', 'whsec_x')},
      previous_secret_until = ${later(100)} where id = 'we_all'`)
    await append('ses_s1', { type: 'quote.created' })
    expect((await claimAll(later(1)))[0]?.secrets).toEqual(['whsec_new', 'whsec_x'])
    await append('ses_s2', { type: 'quote.created' })
    expect((await claimAll(later(101)))[0]?.secrets).toEqual(['whsec_new'])
  })

  test('a disabled endpoint gets nothing, and its deliveries wait until it is enabled', async () => {
    await append('ses_w', { type: 'quote.created' })
    await db.execute(raw`update webhook_endpoints set status = 'disabled' where id = 'we_all'`)
    expect(await claimed(later(1))).toEqual([])
    await db.execute(raw`update webhook_endpoints set status = 'enabled' where id = 'we_all'`)
    expect(await claimed(later(1))).toEqual([['we_all', 'ses_w', 1]])
  })

  test('a replay sends the chosen events again, in order per object, to endpoints of today', async () => {
    const from = later(5_000)
    await append('ses_r', { type: 'session.started', at: later(5_000) })
    await append('ses_r', { type: 'session.ended', at: later(5_001) })
    await append('ses_r', { type: 'quote.created', at: later(5_002) })
    await nothingWaits()
    await endpoint('we_late', ['session.ended'])
    const range = { from, to: later(5_001), at: later(6_000) }
    const asked = await db.tx((tx) => replayEvents(tx, accountId, range))
    expect(asked).toBe(5)
    await advanceReplays(db, later(6_000))
    expect(await claimed(later(6_001))).toEqual([
      ['we_all', 'ses_r', 1],
      ['we_late', 'ses_r', 2],
      ['we_sessions', 'ses_r', 1],
    ])
    const only = { ...range, types: ['session.ended'] }
    expect(await db.tx((tx) => replayEvents(tx, accountId, only))).toBe(3)
    expect(await db.tx((tx) => replayEvents(tx, 'acct_OTHER', range))).toBe(0)
  })

  test('a replay of a whole log goes out page by page, and news of today between its pages', async () => {
    await nothingWaits()
    await db.execute(raw`delete from webhook_replays`)
    const many = 250
    for (let n = 0; n < many; n++)
      await append(`obj_${n}`, { type: 'plan.created', at: later(9_000) })
    await nothingWaits()
    const range = { from: later(9_000), to: later(9_000), at: later(10_000), endpointId: 'we_all' }
    expect(await db.tx((tx) => replayEvents(tx, accountId, range))).toBe(many)
    const sent: string[] = []
    const news: string[] = []
    for (let s = 10_000; s < 10_030; s++) {
      await advanceReplays(db, later(s))
      if (s === 10_003) await append('ses_news', { type: 'session.started', at: later(s) })
      const due = await claimAll(later(s))
      const replayed = due.filter(({ event }) => event.objectId.startsWith('obj_'))
      expect(replayed.length).toBeLessThanOrEqual(20)
      if (due.length > replayed.length) news.push(later(s))
      for (const { id } of due) await recordDelivery(db, id, succeeded(s))
      sent.push(...replayed.map(({ event }) => event.objectId))
    }
    expect(news).toEqual([later(10_003)])
    expect(sent).toEqual(Array.from({ length: many }, (_, n) => `obj_${n}`))
    expect(await db.execute(raw`select 1 from webhook_replays`)).toHaveLength(0)
  })

  test('a replay waits while its endpoint takes nothing', async () => {
    await append('obj_w', { type: 'plan.created', at: later(20_000) })
    await nothingWaits()
    await db.execute(raw`update webhook_endpoints set failures = 3 where id = 'we_all'`)
    const range = {
      from: later(20_000),
      to: later(20_000),
      at: later(21_000),
      endpointId: 'we_all',
    }
    await db.tx((tx) => replayEvents(tx, accountId, range))
    await advanceReplays(db, later(21_000))
    expect(await claimed(later(21_001))).toEqual([])
    await nothingWaits()
    await advanceReplays(db, later(21_005))
    expect(await claimed(later(21_006))).toEqual([['we_all', 'obj_w', 1]])
  })
})

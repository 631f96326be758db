import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../testing.ts'
import { createAccount } from '../partners/accounts.ts'
import {
  appendEvent,
  claimDeliveries,
  deliveriesOfEvent,
  eventsChannel,
  eventsOfObject,
  getEvent,
  listEvents,
  recordDelivery,
  replayEvents,
  type NewEvent,
} from './outbox.ts'

const database = await testDatabase({ max: 20, anyEvents: true })
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = (s: number) => new Date(Date.parse(at) + s * 1_000).toISOString()

let accountId = ''
beforeAll(async () => {
  for (const name of ['Flottenkarte', 'Wanderlust']) {
    const row = await createAccount(db, {
      type: 'partner',
      name,
      legalName: name,
      country: 'DE',
      payoutCurrency: 'EUR',
      address: { street: 'x', city: 'x', postal_code: '1' },
      at,
    })
    accountId ||= row.id
  }
})

let count = 0
type Loose = { type?: string; data?: unknown; dedupeKey?: string; at?: string }
/** The outbox asks of no type what it is, so any will do. */
const event = (objectId: string, over: Loose = {}): NewEvent =>
  ({
    accountId,
    type: 'session.started',
    objectId,
    data: { n: ++count },
    dedupeKey: `key-${count}`,
    at,
    ...over,
  }) as unknown as NewEvent
const append = (input: NewEvent) => db.tx((tx) => appendEvent(tx, input))

function gate(): { open: () => void; opened: Promise<void> } {
  const made: { open?: () => void } = {}
  const opened = new Promise<void>((resolve) => (made.open = resolve))
  return { open: () => made.open?.(), opened }
}

const claimed = async (now: string) =>
  (await claimDeliveries(db, now, 100))
    .map((it) => [it.endpointId, it.event.objectId, it.event.sequence])
    .toSorted((a, b) => String(a).localeCompare(String(b)))

async function endpoint(id: string, eventTypes: string[], status = 'enabled', owner = accountId) {
  await db.execute(raw`insert into webhook_endpoints (id, account_id, url, secret, event_types, status, created_at)
    values (${id}, ${owner}, 'https://partner.example/hook', 'whsec_x', array[${raw.join(
      eventTypes.map((type) => raw`${type}`),
      raw`,`,
    )}]::text[], ${status}, ${at})`)
}

describe('the log', () => {
  test('sequences grow by one per object, also when many write at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => append(event(`ses_${n % 3}`))))
    for (const objectId of ['ses_0', 'ses_1', 'ses_2']) {
      const sequences = (await eventsOfObject(db, accountId, objectId, 0)).map((e) => e.sequence)
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    }
  })

  test('the same dedupe key appends nothing and returns the first event', async () => {
    const first = await append(event('ses_dup', { dedupeKey: 'once' }))
    const again = await append(event('ses_dup', { dedupeKey: 'once', data: { other: true } }))
    expect(again).toEqual(first)
    expect(await eventsOfObject(db, accountId, 'ses_dup', 0)).toHaveLength(1)
  })

  test('an event of a tx that rolls back never was, and leaves no gap', async () => {
    await append(event('ses_gap'))
    const failing = db.tx(async (tx) => {
      await appendEvent(tx, event('ses_gap'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect((await append(event('ses_gap'))).sequence).toBe(2)
  })

  test('a reader that remembers its position misses nothing, whatever the order of commits', async () => {
    const start = (await append(event('ses_before'))).position
    const held = gate()
    const appended = gate()
    // Takes the lower position and commits last.
    const slow = db.tx(async (tx) => {
      const row = await appendEvent(tx, event('ses_slow'))
      appended.open()
      await held.opened
      return row
    })
    await appended.opened
    const fast = await append(event('ses_fast'))
    expect(await listEvents(db, accountId, start, 10)).toEqual([])
    held.open()
    const first = await slow
    expect(first.position).toBeLessThan(fast.position)
    // A tx that is open in any database of the server holds the list back until it ends.
    await expect
      .poll(async () => (await listEvents(db, accountId, start, 10)).map((e) => e.objectId), {
        timeout: 10_000,
      })
      .toEqual(['ses_slow', 'ses_fast'])
  })

  test('another account finds no event by id, by list or by object', async () => {
    const row = await append(event('ses_own'))
    expect(await getEvent(db, accountId, row.id)).toEqual(row)
    expect(await getEvent(db, 'acct_OTHER', row.id)).toBeUndefined()
    expect(await listEvents(db, 'acct_OTHER', 0, 10)).toEqual([])
    expect(await eventsOfObject(db, 'acct_OTHER', 'ses_own', 0)).toEqual([])
    expect(await listEvents(db, accountId, 0, 10, ['invoice.finalized'])).toEqual([])
  })

  test('listeners hear of the object at commit, not before', async () => {
    const heard: string[] = []
    const first = gate()
    const stop = await db.listen(eventsChannel, (payload) => {
      heard.push(payload)
      first.open()
    })
    await db.tx(async (tx) => {
      await appendEvent(tx, event('ses_notify'))
      await db.execute(raw`select 1`)
      expect(heard).toEqual([])
    })
    await first.opened
    expect(heard).toEqual(['ses_notify'])
    await stop()
  })
})

describe('deliveries', () => {
  beforeAll(async () => {
    await endpoint('we_all', ['*'])
    await endpoint('we_sessions', ['session.*'])
    await endpoint('we_exact', ['invoice.finalized', 'settlement.paid'])
    await endpoint('we_off', ['*'], 'disabled')
    await endpoint('we_theirs', ['*'], 'enabled', 'acct_x').catch(() => undefined)
  })

  test('an event fans out to the enabled endpoints that want its type', async () => {
    const wanting = async (type: string) => {
      const row = await append(event(`obj_${type}`, { type }))
      return (await deliveriesOfEvent(db, accountId, row.id)).map((it) => it.endpointId).toSorted()
    }
    expect(await wanting('session.started')).toEqual(['we_all', 'we_sessions'])
    expect(await wanting('invoice.finalized')).toEqual(['we_all', 'we_exact'])
    expect(await wanting('sessions.odd')).toEqual(['we_all'])
    expect(await wanting('quote.created')).toEqual(['we_all'])
    const row = await append(event('obj_foreign'))
    expect(await deliveriesOfEvent(db, 'acct_OTHER', row.id)).toEqual([])
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
  })

  test('an object’s events go out one after the other, other objects do not wait', async () => {
    await append(event('ses_p', { type: 'quote.created' }))
    await append(event('ses_p', { type: 'quote.consumed' }))
    await append(event('ses_q', { type: 'quote.created' }))
    const first = await claimDeliveries(db, later(1), 100)
    expect(first.map((it) => [it.event.objectId, it.event.sequence])).toEqual([
      ['ses_p', 1],
      ['ses_q', 1],
    ])
    expect(first[0]).toMatchObject({ attempt: 1, url: 'https://partner.example/hook' })
    expect(await claimed(later(2))).toEqual([])

    await recordDelivery(db, first[0]!.id, {
      kind: 'failed',
      at: later(3),
      status: 500,
      error: 'HTTP 500',
      nextAttemptAt: later(8),
    })
    expect(await claimed(later(7))).toEqual([])
    const [retry] = await claimDeliveries(db, later(9), 100)
    expect(retry).toMatchObject({ id: first[0]!.id, attempt: 2, event: { sequence: 1 } })
    await recordDelivery(db, retry!.id, { kind: 'succeeded', at: later(10), status: 204 })
    await recordDelivery(db, first[1]!.id, { kind: 'succeeded', at: later(10), status: 204 })
    expect(await claimed(later(11))).toEqual([['we_all', 'ses_p', 2]])
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
  })

  test('a delivery whose sender died is claimed again after the lease', async () => {
    await append(event('ses_lease', { type: 'quote.created' }))
    expect(await claimed(later(1))).toHaveLength(1)
    expect(await claimed(later(60))).toEqual([])
    const [again] = await claimDeliveries(db, later(62), 100)
    expect(again).toMatchObject({ attempt: 2 })
    await recordDelivery(db, again!.id, { kind: 'succeeded', at: later(62) })
  })

  test('a dead delivery lets the object’s later events pass', async () => {
    await append(event('ses_dead', { type: 'quote.created' }))
    await append(event('ses_dead', { type: 'quote.expired' }))
    const [first] = await claimDeliveries(db, later(1), 100)
    await recordDelivery(db, first!.id, { kind: 'dead', at: later(2), error: 'refused' })
    expect(await claimed(later(3))).toEqual([['we_all', 'ses_dead', 2]])
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
  })

  test('many senders at once never claim one delivery twice', async () => {
    for (let n = 0; n < 40; n++) await append(event(`ses_m${n}`, { type: 'quote.created' }))
    const batches = await Promise.all(
      Array.from({ length: 8 }, () => claimDeliveries(db, later(1), 10)),
    )
    const ids = batches.flat().map((it) => it.id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await claimDeliveries(db, later(1), 100)
    expect(ids.length + rest.length).toBe(40)
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
  })

  test('an endpoint fails since its first failure and no longer after a success', async () => {
    await db.execute(raw`update webhook_endpoints set failing_since = null`)
    await append(event('ses_f', { type: 'quote.created' }))
    const [one] = await claimDeliveries(db, later(1), 1)
    const fail = (when: number) => ({
      kind: 'failed' as const,
      at: later(when),
      nextAttemptAt: later(when),
    })
    expect(await recordDelivery(db, one!.id, fail(5))).toMatchObject({ failingSince: later(5) })
    expect(await recordDelivery(db, one!.id, fail(9))).toMatchObject({ failingSince: later(5) })
    expect(await recordDelivery(db, one!.id, { kind: 'succeeded', at: later(10) })).toMatchObject({
      failingSince: null,
    })
    expect(await recordDelivery(db, one!.id, fail(11))).toBeUndefined()
  })

  test('a disabled endpoint gets nothing, and its deliveries wait until it is enabled', async () => {
    await append(event('ses_w', { type: 'quote.created' }))
    await db.execute(raw`update webhook_endpoints set status = 'disabled' where id = 'we_all'`)
    expect(await claimed(later(1))).toEqual([])
    await db.execute(raw`update webhook_endpoints set status = 'enabled' where id = 'we_all'`)
    expect(await claimed(later(1))).toEqual([['we_all', 'ses_w', 1]])
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
  })

  test('a replay sends the chosen events again, in order per object, to endpoints of today', async () => {
    const from = later(5_000)
    await append(event('ses_r', { type: 'session.started', at: later(5_000) }))
    await append(event('ses_r', { type: 'session.ended', at: later(5_001) }))
    await append(event('ses_r', { type: 'quote.created', at: later(5_002) }))
    await db.execute(raw`update webhook_deliveries set state = 'succeeded'`)
    await endpoint('we_late', ['session.ended'])
    const range = { from, to: later(5_001), at: later(6_000) }
    const asked = await db.tx((tx) => replayEvents(tx, accountId, range))
    expect(asked).toBe(5)
    expect(await claimed(later(6_001))).toEqual([
      ['we_all', 'ses_r', 1],
      ['we_late', 'ses_r', 2],
      ['we_sessions', 'ses_r', 1],
    ])
    const only = { ...range, types: ['session.ended'] }
    expect(await db.tx((tx) => replayEvents(tx, accountId, only))).toBe(3)
    expect(await db.tx((tx) => replayEvents(tx, 'acct_OTHER', range))).toBe(0)
  })
})

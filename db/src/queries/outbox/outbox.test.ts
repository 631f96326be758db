import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../testing.ts'
import { createAccount } from '../partners/accounts.ts'
import {
  appendEvent,
  eventsChannel,
  eventsOfObject,
  getEvent,
  listEvents,
  type NewEvent,
} from './outbox.ts'

const database = await testDatabase({ max: 20, anyEvents: true })
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'

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

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { testDatabase } from '../../testing.ts'
import { eventsOfObject } from '../outbox/outbox.ts'
import { createAccount } from '../partners/accounts.ts'
import {
  getIncident,
  listIncidents,
  type NewIncident,
  openIncident,
  resolveIncident,
  settleIncidents,
} from './incidents.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-30T10:00:00.000Z'
const later = '2026-11-30T11:00:00.000Z'
const account = (type: 'cpo' | 'platform') =>
  createAccount(db, {
    type,
    name: type,
    legalName: `${type} GmbH`,
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
    at,
  })

let cpoId = ''
let platformId = ''
beforeAll(async () => {
  cpoId = (await account('cpo')).id
  platformId = (await account('platform')).id
})

const refused = (id: string, change: Partial<NewIncident> = {}): NewIncident => ({
  kind: 'payout_failed',
  subject: { type: 'settlement', id },
  accountId: cpoId,
  cause: 'AC04: the account is closed.',
  atStake: { amount: 12_345, currency: 'EUR' },
  actions: ['pay_again'],
  at,
  ...change,
})

describe('an incident', () => {
  test('that is seen again is the same one while it is open, and a new one afterwards', async () => {
    const first = await openIncident(db, refused('stl_1'))
    const again = await openIncident(db, refused('stl_1', { cause: 'AC06: blocked.', at: later }))
    expect(again).toMatchObject({
      id: first.id,
      occurrences: 2,
      cause: 'AC06: blocked.',
      openedAt: at,
      lastSeenAt: later,
      atStake: { amount: 12_345, currency: 'EUR' },
      actions: ['pay_again', 'dismiss'],
    })
    const decision = { action: 'pay_again', reason: 'new IBAN', by: 'key_1', at: later } as const
    expect(await resolveIncident(db, first.id, decision)).toMatchObject({
      status: 'resolved',
      action: 'pay_again',
      reason: 'new IBAN',
      resolvedBy: 'key_1',
    })
    expect(await resolveIncident(db, first.id, decision)).toBeUndefined()
    const anew = await openIncident(db, refused('stl_1', { at: later }))
    expect(anew.id).not.toBe(first.id)
    expect(anew.occurrences).toBe(1)
  })

  test('is told to whom it concerns and to the platform: when it opens, not when it is seen again, and when it is decided', async () => {
    const { id } = await openIncident(db, refused('stl_2'))
    await openIncident(db, refused('stl_2', { at: later }))
    await resolveIncident(db, id, { action: 'dismiss', reason: 'paid by hand', by: 'k', at: later })
    for (const hearer of [cpoId, platformId]) {
      const events = await eventsOfObject(db, hearer, id, 0)
      expect(events.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
    }
  })

  test('is closed by a later fact: with its cause, of the kinds and of the object the fact is about, and told once', async () => {
    const sessionId = newId('session')
    const paid = await openIncident(db, refused('stl_9', { sessionId }))
    const lost = await openIncident(db, refused('stl_9', { sessionId, kind: 'hold_lost' }))
    const other = await openIncident(db, refused('stl_8'))
    const fact = { cause: 'Paid at noon.', at: later }
    const kinds = ['payout_failed'] as const
    const about = { kinds, subject: { type: 'settlement', id: 'stl_9' } } as const
    const settled = await settleIncidents(db, about, fact)
    expect(settled).toMatchObject([
      { id: paid.id, status: 'resolved', action: null, reason: 'Paid at noon.' },
    ])
    expect(settled[0]).toMatchObject({ resolvedBy: 'corridor', resolvedAt: later })
    expect(await settleIncidents(db, about, fact)).toEqual([])
    for (const { id } of [lost, other])
      expect(await getIncident(db, 'all', id)).toMatchObject({ status: 'open' })
    expect(await settleIncidents(db, { kinds: ['hold_lost'], sessionId }, fact)).toHaveLength(1)
    const events = await eventsOfObject(db, cpoId, paid.id, 0)
    expect(events.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
    const resolution = { action: null, by: 'corridor', reason: fact.cause }
    expect(events[1]?.body).toMatchObject({ data: { resolution } })
  })

  test('of operations alone is hidden from every account', async () => {
    const { accountId: _nobody, ...ours } = refused('stl_3')
    const { id } = await openIncident(db, ours)
    expect(await getIncident(db, cpoId, id)).toBeUndefined()
    expect(await getIncident(db, 'all', id)).toMatchObject({ id, accountId: null })
    expect(await eventsOfObject(db, platformId, id, 0)).toHaveLength(1)
  })

  test('is found by status, kind and session, page by page', async () => {
    const sessionId = newId('session')
    for (const id of ['a', 'b', 'c'])
      await openIncident(db, refused(id, { kind: 'hold_lost', sessionId }))
    const filter = { kind: 'hold_lost', sessionId, status: 'open' } as const
    const first = await listIncidents(db, cpoId, { ...filter, limit: 2 })
    expect(first.data.map(({ subjectId }) => subjectId)).toEqual(['c', 'b'])
    const after = first.data.at(-1)?.id ?? ''
    const rest = await listIncidents(db, cpoId, { ...filter, limit: 2, after })
    expect(rest.data.map(({ subjectId }) => subjectId)).toEqual(['a'])
    expect((await listIncidents(db, cpoId, { kind: 'step_failed', limit: 2 })).data).toEqual([])
  })
})

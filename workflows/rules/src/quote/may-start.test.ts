import { describe, expect, test } from 'vitest'
import { evseStatuses } from '@chargelane/openapi/vocabulary/status'
import { bestFirst, standingOf } from './choose.ts'
import {
  type ChannelFacts,
  type PlaceFacts,
  quoteStatus,
  refusalOfMap,
  refusalOfPayer,
  refusalOfPlace,
  refusalOfStart,
  type StartFacts,
  whyTaken,
} from './may-start.ts'

const now = '2026-11-21T12:00:00.000Z'
const channel = (change: Partial<ChannelFacts> = {}): ChannelFacts => ({
  connection: 'live',
  openUntil: null,
  evse: 'AVAILABLE',
  online: null,
  ...change,
})
const place = (...channels: ChannelFacts[]): PlaceFacts => ({
  evseId: 'DE*VWL*E1',
  country: 'DE',
  channels,
  supplyModel: 'agency',
  payoutCurrency: 'EUR',
  sellerWaits: null,
  isProven: true,
})
const codeAt = (...channels: ChannelFacts[]) => refusalOfPlace(place(...channels), now)?.code

describe('a place takes a session', () => {
  test.each<[string, Partial<ChannelFacts>, string | undefined]>([
    ['when it is free', {}, undefined],
    ['when its state is unknown', { evse: 'UNKNOWN' }, undefined],
    ['over a degraded connection', { connection: 'degraded' }, undefined],
    ['when its circuit has closed again', { openUntil: now }, undefined],
    ['when its charger holds a socket', { online: true }, undefined],
    ['not while it is blocked', { evse: 'BLOCKED' }, 'evse_not_available'],
    ['while somebody charges, who may be gone at the start', { evse: 'CHARGING' }, undefined],
    ['while it is reserved, perhaps for this driver', { evse: 'RESERVED' }, undefined],
    ['not while it is out of order', { evse: 'OUTOFORDER' }, 'evse_not_available'],
    ['not over a paused connection', { connection: 'paused' }, 'evse_not_reachable'],
    ['not before its handshake', { connection: 'handshaking' }, 'evse_not_reachable'],
    [
      'not while its circuit is open',
      { openUntil: '2026-11-21T12:00:00.001Z' },
      'evse_not_reachable',
    ],
    ['not while its charger is offline', { online: false }, 'evse_not_reachable'],
  ])('%s', (_when, facts, code) => {
    expect(codeAt(channel(facts))).toBe(code)
  })

  test('over any of its channels', () => {
    expect(codeAt(channel({ connection: 'paused' }), channel())).toBeUndefined()
    expect(codeAt(channel({ evse: 'BLOCKED' }), channel())).toBeUndefined()
    expect(codeAt(channel({ connection: 'paused' }), channel({ evse: 'BLOCKED' }))).toBe(
      'evse_not_available',
    )
  })

  test('the same answer whichever protocol reaches it', () => {
    for (const evse of evseStatuses)
      expect(codeAt(channel({ evse, online: true })), evse).toBe(codeAt(channel({ evse })))
    expect(evseStatuses.filter((status) => whyTaken(status) === undefined)).toEqual([
      'AVAILABLE',
      'UNKNOWN',
    ])
  })

  test('only under an agreement whose model is sold', () => {
    for (const supplyModel of ['direct', 'commissionaire', null] as const)
      expect(refusalOfPlace({ ...place(channel()), supplyModel }, now)).toMatchObject({
        code: 'price_unavailable',
        extra: { reason: 'agreement' },
      })
    expect(refusalOfPlace({ ...place(channel()), payoutCurrency: 'AED' }, now)).toMatchObject({
      code: 'price_unavailable',
    })
  })
})

const shown = (facts: Partial<ChannelFacts>) => refusalOfMap(place(channel(facts)))?.code

describe('a map shows a price', () => {
  test('where somebody else charges or nobody answers, and not where nobody can charge', () => {
    expect(shown({ evse: 'CHARGING' })).toBeUndefined()
    expect(shown({ connection: 'paused' })).toBeUndefined()
    expect(shown({ evse: 'INOPERATIVE' })).toBe('evse_not_available')
  })
})

describe('search', () => {
  const tariff = { id: 't', version: 1, hash: 'h', type: null, start: null, price: 'p' }
  const offered = (id: string, state: 'sold' | 'held', facts: Partial<ChannelFacts> = {}) => ({
    id,
    evseId: 'DE*VWL*E1',
    country: 'DE',
    cpo: { vatId: 'DE136695976', vatChecked: false },
    channels: [channel(facts)],
    sale: { supplyModel: 'agency' as const, payoutCurrency: 'EUR', sellerWaits: null },
    identity: 'evse_id' as const,
    connectors: [{ id: 'c', powerType: 'DC', maxPowerW: 1, tariffs: [{ ...tariff, state }] }],
  })

  test('says sellable exactly where a quote would be made and started', () => {
    const sold = { priced: true, unsold: null }
    expect(standingOf(offered('a', 'sold'), now)).toEqual({ ...sold, sellable: true })
    expect(standingOf(offered('a', 'held'), now)).toEqual({
      priced: false,
      unsold: 'held',
      sellable: false,
    })
    expect(standingOf(offered('a', 'sold', { evse: 'BLOCKED' }), now)).toEqual({
      ...sold,
      sellable: false,
    })
  })

  test('names a priced channel first, then one that is open, then our own node', () => {
    const places = [
      offered('a', 'held'),
      offered('b', 'sold', { connection: 'paused' }),
      offered('c', 'sold'),
      offered('d', 'sold', { online: true }),
    ]
    const order = bestFirst(places, now, ({ id }) => id === 'd')
    expect(order.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a'])
  })
})

const facts = (change: Partial<StartFacts> = {}): StartFacts => ({
  quote: {
    id: 'quo_1',
    status: 'open',
    expiresAt: '2026-11-21T12:15:00.000Z',
    sessionId: null,
  },
  payer: { status: 'active', unpaidSessionId: null },
  sameExternalId: null,
  activeSession: null,
  isTaken: false,
  ...change,
})

const quote = (change: Partial<StartFacts['quote']>) => ({
  quote: { ...facts().quote, ...change },
})

describe('a quote starts a session', () => {
  test.each<[string, Partial<StartFacts>, string | undefined, string | undefined]>([
    ['when nothing speaks against it', {}, undefined, undefined],
    ['not twice', quote({ status: 'consumed' }), 'quote_consumed', 'quote_consumed'],
    ['not when it was cancelled', quote({ status: 'cancelled' }), 'quote_expired', 'quote_expired'],
    ['not when its time is over', quote({ expiresAt: now }), 'quote_expired', undefined],
    ['not for a known external id', { sameExternalId: 's' }, 'invalid_value', 'invalid_value'],
    ['not beside a running one', { activeSession: 's' }, 'session_already_active', undefined],
    ['not where another has begun', { isTaken: true }, 'evse_not_available', undefined],
    [
      'not for a payer in debt',
      { payer: { status: 'active', unpaidSessionId: 's' } },
      'outstanding_debt',
      undefined,
    ],
    [
      'not for a detached source',
      { payer: { status: 'detached', unpaidSessionId: null } },
      'payment_declined',
      undefined,
    ],
  ])('%s', (_when, change, code, atCharger) => {
    expect(refusalOfStart(facts(change), now, false)?.code).toBe(code)
    expect(refusalOfStart(facts(change), now, true)?.code).toBe(atCharger)
  })

  test('is expired from its last instant on, and says so before anybody noticed', () => {
    expect(quoteStatus({ ...facts().quote, expiresAt: now }, now)).toBe('expired')
    expect(quoteStatus(facts().quote, now)).toBe('open')
    expect(refusalOfPayer({ status: 'failing', unpaidSessionId: null })).toBeUndefined()
  })
})

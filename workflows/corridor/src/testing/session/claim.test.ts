// One connector, one charge: who comes first has the EVSE, until the session is over, however it ends.
import { describe, expect, test } from 'vitest'
import { claimantOf, claimEvse } from '@chargelane/db/queries/sessions/claims'
import { changeConnection } from '@chargelane/db/queries/locations/connections'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { corridorQueue, requestStop, sessionWorkflowId, workflowTypes } from '../../contract.ts'
import type { Corridor } from '../corridor.ts'
import {
  anotherPartner,
  createOffer,
  sessionResult,
  startSession,
  useCorridor,
  waitsFor,
} from '../market.ts'
import type { Market, Started } from '../market.ts'

let corridor: Corridor
let market: Market
let other: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const startsOf = ({ sessionId }: Started) =>
  corridor.operator.calls.filter((each) => each.sessionId === sessionId && each.call === 'start')

const occupied = {
  kind: 'refused',
  code: 'evse_not_available',
  extra: { reason: 'evse_occupied' },
}

const evse = () => {
  const [evseId] = market.evseIds
  if (evseId === undefined) throw new Error('the market has an EVSE')
  return evseId
}
const claimant = () => claimantOf(corridor.db, evse())

describe('two partners at one EVSE', () => {
  test('at the same instant, twenty times: one start, one hold, one command', async () => {
    other = await anotherPartner(corridor, market, 'card')
    for (let round = 0; round < 20; round++) {
      const offers = [await createOffer(corridor, market), await createOffer(corridor, other)]
      const both = await Promise.all([
        startSession(corridor, market, offers[0]),
        startSession(corridor, other, offers[1]),
      ])
      const [winner, ...more] = both.filter(({ answer }) => answer.kind === 'authorized')
      const [loser] = both.filter(({ answer }) => answer.kind === 'refused')
      if (winner === undefined || loser === undefined) throw new Error('one of two must win')
      expect(more).toEqual([])
      expect(loser.answer).toMatchObject(occupied)
      await corridor.reaches(winner.sessionId, { status: 'charging' })
      expect(await paymentsOf(corridor.db, winner.sessionId)).toHaveLength(1)
      expect(await paymentsOf(corridor.db, loser.sessionId)).toEqual([])
      expect([startsOf(winner).length, startsOf(loser).length]).toEqual([1, 0])
      await corridor.operator.endCharging(winner.sessionId)
      await corridor.reaches(winner.sessionId, { status: 'ended' })
    }
  })
})

type Exit = [
  name: string,
  begin: () => void,
  leave: (session: Started) => Promise<void>,
  end: 'ended' | 'start_failed' | 'cancelled' | 'start_unconfirmed',
]

const nothing = () => Promise.resolve()
const minutes = (count: number) => () => corridor.pass(count * 60_000)
const silent = () => corridor.operator.behave({ startsByItself: false })

describe('the EVSE is free again when a session', () => {
  const exits: Exit[] = [
    [
      'ended',
      () => undefined,
      async ({ sessionId }) => {
        await corridor.reaches(sessionId, { status: 'charging' })
        await corridor.operator.endCharging(sessionId)
      },
      'ended',
    ],
    [
      'was refused by the charger',
      () =>
        corridor.operator.behave({
          start: { kind: 'rejected', reason: 'cable_not_connected', detail: 'no cable' },
        }),
      nothing,
      'start_failed',
    ],
    [
      'found nobody there',
      () => corridor.operator.behave({ probe: { kind: 'unreachable', detail: 'gone' } }),
      nothing,
      'start_failed',
    ],
    [
      'was not paid for',
      () => {
        corridor.payments.next = ['declined']
      },
      nothing,
      'start_failed',
    ],
    [
      'waited for the payer in vain',
      () => {
        corridor.payments.next = ['requires_action']
      },
      async (session) => {
        await waitsFor(session, 'payer authentication')
        expect(await claimant()).toBe(session.sessionId)
        await minutes(11)()
      },
      'start_failed',
    ],
    [
      'was given up by its driver',
      silent,
      async (session) => {
        await waitsFor(session, 'start of charging')
        await session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
      },
      'cancelled',
    ],
  ]
  test.each(exits)('%s', async (_name, begin, leave, end) => {
    other = await anotherPartner(corridor, market, 'card')
    begin()
    const first = await startSession(corridor, market)
    await leave(first)
    await corridor.reaches(first.sessionId, { status: end })
    expect(await claimant()).toBeUndefined()
    corridor.operator.behave({})
    const second = await startSession(corridor, other)
    expect(second.answer).toEqual({ kind: 'authorized' })
  })

  test('was never confirmed: once its money is given back, not before', async () => {
    other = await anotherPartner(corridor, market, 'card')
    silent()
    const first = await startSession(corridor, market)
    await waitsFor(first, 'start of charging')
    await minutes(2)()
    await corridor.reaches(first.sessionId, { status: 'start_unconfirmed', moneyStatus: 'held' })
    expect((await startSession(corridor, other)).answer).toMatchObject(occupied)
    await minutes(2)()
    await corridor.reaches(first.sessionId, { moneyStatus: 'released' })
    corridor.operator.behave({})
    expect((await startSession(corridor, other)).answer).toEqual({ kind: 'authorized' })
  })
})

test('a start at the charger that is not sold is stopped there, and its energy is an incident', async () => {
  const { partner, cpo, connection, token } = market
  await changeConnection(corridor.db, connection.id, { tariffMaxAgeS: 1 })
  const sessionId = newId('session')
  const startedAt = await corridor.nowIso()
  corridor.operator.charges.set(sessionId, { startedAt, reason: 'local' })
  corridor.operator.behave({ endsOnStop: false })
  await corridor.operator.meter(sessionId, 0, 0)
  await corridor.operator.meter(sessionId, 2_000, 1)
  const handle = await corridor.client.workflow.start(workflowTypes.session, {
    workflowId: sessionWorkflowId(partner.id, `supply-${sessionId}`),
    taskQueue: corridorQueue,
    args: [
      {
        origin: 'supply',
        sessionId,
        accountId: partner.id,
        evseId: evse(),
        tokenUid: token.uid,
        supplyRef: '77',
        startedAt,
      },
    ],
  })
  await waitsFor({ handle }, 'end of a refused start')
  await corridor.operator.meter(sessionId, 2_500, 2)
  expect(await sessionResult(corridor, { handle })).toMatchObject({ outcome: 'refused' })
  const stops = corridor.operator.calls.filter(
    (each) => each.sessionId === sessionId && each.call === 'stop',
  )
  expect(stops).toHaveLength(3)
  const { data } = await listIncidents(corridor.db, cpo.id, { limit: 10 })
  expect(data).toMatchObject([
    {
      kind: 'start_refused_at_charger',
      subjectId: sessionId,
      energyWh: '2500',
      detail: { code: 'price_unavailable', partner: partner.id, token: `…${token.uid.slice(-4)}` },
    },
  ])
})

test('a claim whose session is over never blocks, whatever became of its row', async () => {
  const first = await startSession(corridor, market)
  await corridor.reaches(first.sessionId, { status: 'charging' })
  await corridor.operator.endCharging(first.sessionId)
  await corridor.reaches(first.sessionId, { status: 'ended' })
  const { sessionId } = first
  await claimEvse(corridor.db, { sessionId, evseId: evse(), at: await corridor.nowIso() })
  expect((await startSession(corridor, market)).answer).toEqual({ kind: 'authorized' })
})

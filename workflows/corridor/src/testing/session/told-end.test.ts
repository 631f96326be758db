// An end that is told after it was guessed: row, timeline, event and pack say the told one.
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { getSession, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import { pino } from 'pino'
import { requestStop } from '../../contract.ts'
import { relaySupply } from '../../supply/relay.ts'
import type { Corridor } from '../corridor.ts'
import {
  aftercareOf,
  charge,
  eventsOf,
  resultNow,
  settle,
  startSession,
  useCorridor,
  waitsFor,
} from '../market.ts'
import type { Market, Started } from '../market.ts'

const minute = 60_000

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

/** A charge whose node lost sight of the charger, and concluded that it ended at the last reading. */
async function guessed(): Promise<Started & { guess: string }> {
  const session = await startSession(corridor, market)
  const { sessionId } = session
  await corridor.reaches(sessionId, { status: 'charging' })
  await corridor.operator.meter(sessionId, 10_000, 5)
  await corridor.pass(10 * minute)
  const at = await corridor.nowIso()
  const { startedAt } = corridor.operator.charges.get(sessionId)!
  const guess = new Date(Date.parse(startedAt) + 5 * minute).toISOString()
  await corridor.operator.tell(sessionId, 'guessed', {
    at,
    kind: 'charging_ended',
    endedAt: guess,
    reason: 'power_loss',
    isInferred: true,
  })
  await corridor.reaches(sessionId, { status: 'ended', endReason: 'power_loss' })
  await corridor.pass(2 * minute)
  return { ...session, guess }
}

const toldOf = ({ sessionId }: Started) => corridor.operator.charges.get(sessionId)?.endedAt

async function agrees(session: Started, guess: string): Promise<void> {
  const { sessionId } = session
  const lines = await timelineOf(corridor.db, 'all', sessionId)
  expect(lines.filter(({ what }) => what === 'end told after a guess')).toMatchObject([
    { detail: { guessed_end: guess, told_end: toldOf(session) } },
  ])
  const events = await eventsOf(corridor, market, session)
  expect(events.filter((type) => type === 'session.ended')).toHaveLength(2)
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
}

test('with its record: the sale rests on the told end', async () => {
  const { guess, ...session } = await guessed()
  const { sessionId } = session
  await corridor.operator.endCharging(sessionId)
  const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
  expect(row).toMatchObject({ endReason: 'ev_disconnected', endedAt: toldOf(session) })
  await settle(corridor, session)
  await agrees(session, guess)
})

test('alone: it is written at once, and its record is waited for as before', async () => {
  corridor.operator.behave({ sendsRecord: false })
  const { guess, ...session } = await guessed()
  const { sessionId } = session
  await waitsFor(session, 'charge detail record')
  await corridor.operator.endCharging(sessionId)
  const row = await corridor.reaches(sessionId, { endReason: 'ev_disconnected' })
  expect(row).toMatchObject({ endedAt: toldOf(session), moneyStatus: 'held' })
  await corridor.operator.sendRecord(sessionId)
  await corridor.reaches(sessionId, { moneyStatus: 'captured' })
  await settle(corridor, session)
  await agrees(session, guess)
})

test('after the sale by the guess: its aftercare writes it', async () => {
  corridor.operator.behave({ sendsRecord: false })
  const { guess, ...session } = await guessed()
  const { sessionId } = session
  await corridor.pass(25 * 60 * minute)
  await settle(corridor, session)
  await corridor.reaches(sessionId, { moneyStatus: 'settled_provisionally' })
  const aftercare = await aftercareOf(corridor, session)
  corridor.operator.charges.set(sessionId, {
    ...corridor.operator.charges.get(sessionId)!,
    // Its invoice was of the day of the guess.
    endedAt: new Date(Date.parse(guess) + 24 * 60 * minute).toISOString(),
    reason: 'local',
  })
  const endedAt = toldOf(session)!
  const at = await corridor.nowIso()
  const told = { at, kind: 'charging_ended', endedAt, reason: 'local' } as const
  await aftercare.signal('supplyEvent', { eventId: `${sessionId}:ended`, ...told })
  await corridor.reaches(sessionId, { endReason: 'local', endedAt })
  await corridor.operator.sendRecord(sessionId)
  await resultNow(aftercare)
  expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({ endReason: 'local' })
  await agrees(session, guess)
})

test('a stop that nobody confirmed is confirmed late: its incident closes, and the reason is who asked', async () => {
  corridor.operator.behave({ endsOnStop: false, sendsRecord: false })
  const session = await startSession(corridor, market)
  const { sessionId } = session
  await corridor.reaches(sessionId, { status: 'charging' })
  await corridor.operator.meter(sessionId, 3_000, 1)
  await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  await corridor.pass(4 * minute)
  const { endedAt: guess } = await corridor.reaches(sessionId, {
    status: 'ended',
    endReason: 'inferred',
  })
  await corridor.operator.endCharging(sessionId)
  await corridor.reaches(sessionId, { endReason: 'requested' })
  const incidents = await listIncidents(corridor.db, 'all', { limit: 5, sessionId })
  expect(incidents.data).toMatchObject([{ kind: 'stop_failed', status: 'resolved' }])
  await corridor.operator.sendRecord(sessionId)
  await corridor.reaches(sessionId, { moneyStatus: 'captured' })
  await settle(corridor, session)
  await agrees(session, guess ?? '')
})

test('after the session was over it is there to be decided, with what the session is written with', async () => {
  const session = await charge(corridor, market, 10_000)
  const { sessionId } = session
  await corridor.reaches(sessionId, { moneyStatus: 'captured' })
  await settle(corridor, session)
  const { endedAt } = (await getSession(corridor.db, 'all', sessionId))!
  const told = new Date(Date.parse(endedAt ?? '') - 10 * minute).toISOString()
  const at = await corridor.nowIso()
  await corridor.db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:told`, {
      at,
      kind: 'charging_ended',
      endedAt: told,
      reason: 'local',
    }),
  )
  const { db, client } = corridor
  await relaySupply({
    db,
    client,
    log: pino({ level: 'silent' }),
    now: () => new Date(Date.parse(at) + 1_000).toISOString(),
  })
  expect((await listIncidents(db, 'all', { limit: 5, sessionId })).data).toMatchObject([
    {
      kind: 'record_disputed',
      subjectId: sessionId,
      status: 'open',
      atStake: { amount: 590 },
      detail: { written_end: endedAt, told_end: told },
    },
  ])
  expect(await getSession(db, 'all', sessionId)).toMatchObject({ endedAt, moneyStatus: 'settled' })
})

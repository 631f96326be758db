// What comes after a guess, or against it: every record ends in a sale, a correction or an incident.
import { pino } from 'pino'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { verifyPack } from '@chargelane/sdk/verify'
import { describe, expect, test } from 'vitest'
import { relaySupply } from '../supply/relay.ts'
import type { Corridor } from '../testing/corridor.ts'
import {
  charge,
  paymentOf,
  resultNow,
  sessionResult,
  settle,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'

const minute = 60_000
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const incidentsOf = async ({ sessionId }: Started) =>
  (await listIncidents(corridor.db, 'all', { limit: 10, sessionId })).data

type Fact =
  | { kind: 'record_received'; cdrId: string }
  | { kind: 'declared_invalid'; supplyRef: string }

/** As the inbox keeps it and the relay brings it, whoever still hears. */
async function tell(sessionId: string, fact: Fact) {
  const { db, client } = corridor
  const at = await corridor.nowIso()
  await db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:${JSON.stringify(fact)}`, { at, ...fact }),
  )
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
}

test('a record that comes to a session which is over does not wait to be judged for ever', async () => {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 0)
  const { sessionId } = session
  expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
  const late = await corridor.operator.sendRecord(sessionId)
  await tell(sessionId, { kind: 'record_received', cdrId: late?.cdrId ?? '' })
  const record = (await cdrsOfSession(corridor.db, sessionId)).find(({ id }) => id === late?.cdrId)
  expect(record).toMatchObject({
    status: 'quarantined',
    verdict: { verdict: { rules: ['session_over'] } },
  })
  expect(await incidentsOf(session)).toMatchObject([
    { kind: 'record_disputed', subjectId: record?.id, accountId: market.cpo.id, status: 'open' },
  ])
})

const declare = (sessionId: string) =>
  tell(sessionId, { kind: 'declared_invalid', supplyRef: `sup-${sessionId}` })

describe('a session that its operator declares invalid', () => {
  test('is over at once, gives its hold back and is never billed, not even by a record that follows', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 4_000, 5)
    await corridor.pass(10 * minute)
    await declare(sessionId)
    await corridor.reaches(sessionId, { status: 'ended', moneyStatus: 'released' })
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    const late = await corridor.operator.sendRecord(sessionId)
    await tell(sessionId, { kind: 'record_received', cdrId: late?.cdrId ?? '' })
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'record_disputed', subjectId: late?.cdrId, atStake: { amount: 236 } },
    ])
    expect(await entriesOfSession(corridor.db, sessionId)).toHaveLength(0)
  })

  test('while its record is awaited closes at zero then and there', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await charge(corridor, market, 4_000)
    await waitsFor(session, 'charge detail record')
    await declare(session.sessionId)
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
  })

  test('before energy flows is a start that failed', async () => {
    corridor.operator.behave({ startsByItself: false })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'starting' })
    await declare(sessionId)
    const row = await corridor.reaches(sessionId, {
      status: 'start_failed',
      moneyStatus: 'released',
    })
    expect(row.failure).toMatchObject({ code: 'start_rejected' })
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'not_started' })
  })

  test('after it was billed is for a person, with what was paid', async () => {
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await declare(session.sessionId)
    await settle(corridor, session)
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'record_disputed', subjectId: session.sessionId, atStake: { amount: 590 } },
    ])
  })
})

describe('a record that asks less than it may', () => {
  test('F40: nothing for energy closes the session at once, and never ends in a charge', async () => {
    corridor.operator.behave({ asks: 0 })
    const session = await charge(corridor, market, 12_000)
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'record_disputed', energyWh: '12000', atStake: { amount: 0 } },
    ])
  })

  test('and cannot be billed as it stands bounds what is billed on our readings', async () => {
    corridor.operator.behave({ asks: 300, overclaimWh: 400_000, readBy: 'peer' })
    const session = await charge(corridor, market, 12_000)
    await corridor.reaches(session.sessionId, { recordStatus: 'cdr_quarantined' })
    await corridor.pass(25 * 60 * minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured', totalGrossMinor: 300 })
    await settle(corridor, session)
    const zip = new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
    expect((await verifyPack(zip)).checks.filter(({ ok }) => !ok)).toEqual([])
  })
})

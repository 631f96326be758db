// A record that was put aside is billed by the same path as every other once a person says so, or never.
import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { listSettlements } from '@chargelane/db/queries/documents/settlements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { accounts } from '@chargelane/rules/ledger'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { cdrById, cdrsOfSession, judgeCdr, storeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { getSession, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import { verifyPack } from '@chargelane/sdk/verify'
import { asOfNow, carryOut } from '../books/incidents.ts'
import { relaySupply } from '../supply/relay.ts'
import type { Corridor } from '../testing/corridor.ts'
import {
  charge,
  createMarket,
  paymentOf,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'
import { asideOf, openRecordIncident, putUnbilledAside } from './aside.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

/** As the API carries out what was decided about the open incident of a record. */
async function decide(cdrId: string, action: IncidentAction, session?: string) {
  const { db } = corridor
  const { data } = await listIncidents(db, 'all', { limit: 50, status: 'open' })
  const incident = data.find(({ subjectId }) => subjectId === cdrId)
  if (incident === undefined) throw new Error(`no open incident of ${cdrId}`)
  expect(incident.actions).toEqual(['adopt', 'refuse', 'dismiss'])
  const by = { keyId: 'key_1', now: await corridor.nowIso() }
  return carryOut(db, incident, { action, reason: 'the operator was asked', session }, by)
}

async function relay() {
  const { db, client } = corridor
  const at = await corridor.nowIso()
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
}

async function verified({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
}

const saidOf = async ({ sessionId }: Started) =>
  (await timelineOf(corridor.db, 'all', sessionId)).map(({ what }) => what)

/** A session whose record states more energy than its connector can have given. */
async function quarantined() {
  corridor.operator.behave({ asks: 300, overclaimWh: 400_000, readBy: 'peer' })
  const session = await charge(corridor, market, 12_000)
  const { sessionId } = session
  await corridor.reaches(sessionId, { recordStatus: 'cdr_quarantined' })
  const [record] = await cdrsOfSession(corridor.db, sessionId)
  return { session, sessionId, cdrId: record?.id ?? '' }
}

/** The same record as it lies where nobody could be found for it. */
async function orphaned(session: Started, tokenUid: string, name = '') {
  const { db } = corridor
  const made = await corridor.operator.sendRecord(session.sessionId, name)
  const row = await cdrById(db, made?.cdrId ?? '')
  if (row === undefined) throw new Error('no record was made')
  const at = await corridor.nowIso()
  return db.tx(async (tx) => {
    const ocpiId = `${row.ocpiId}-${tokenUid}`
    const { cdr } = await storeCdr(tx, {
      ...row,
      raw: recordText(row),
      ocpiId,
      sessionId: null,
      tokenUid,
    })
    const cause = 'no session of ours is known to this record'
    await judgeCdr(tx, cdr.id, 'quarantined', asideOf('session_unknown', cause))
    const cpoId = market.cpo.id
    await openRecordIncident(tx, cdr, { kind: 'record_without_session', cause, cpoId, at })
    return cdr.id
  })
}

async function credentialOf(sessionId: string): Promise<string> {
  const row = await getSession(corridor.db, 'all', sessionId)
  return row === undefined ? '' : tokenUidOf(row)
}

describe('a quarantined record', () => {
  test('that is adopted is billed within the price, with the decision in timeline and pack', async () => {
    const { session, sessionId, cdrId } = await quarantined()
    expect(await decide(cdrId, 'adopt')).toBe(true)
    await relay()
    const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    expect(row).toMatchObject({ totalGrossMinor: 300, recordStatus: 'cdr_accepted' })
    expect(await cdrById(corridor.db, cdrId)).toMatchObject({
      status: 'accepted',
      adoption: { by: 'key_1', reason: 'the operator was asked' },
      verdict: { input: { adopted: true } },
    })
    expect(await saidOf(session)).toContain('record adopted')
    await settle(corridor, session)
    await verified(session)
  })

  test('that is refused is billed never, and may not be adopted any more', async () => {
    const { session, cdrId } = await quarantined()
    expect(await decide(cdrId, 'refuse')).toBe(true)
    expect(await cdrById(corridor.db, cdrId)).toMatchObject({
      status: 'rejected',
      verdict: { verdict: { rules: ['refused'] } },
    })
    await expect(decide(cdrId, 'adopt')).rejects.toMatchObject({ code: 'invalid_transition' })
    expect(await saidOf(session)).toContain('record refused')
  })
})

const incidentsOf = async (sessionId: string) =>
  (await listIncidents(corridor.db, 'all', { limit: 5, sessionId, status: 'open' })).data

const by = async (keyId: string) => ({ keyId, now: await corridor.nowIso() })

const declareInvalid = async (sessionId: string) =>
  corridor.operator.tell(sessionId, 'invalid', {
    kind: 'declared_invalid',
    at: await corridor.nowIso(),
    supplyRef: `sup-${sessionId}`,
  })

/** A session that was declared invalid, and the record that its operator sends all the same. */
async function givenBack(isOfOurNode = false) {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 12_000)
  const { sessionId } = session
  const { db } = corridor
  const at = await corridor.nowIso()
  await declareInvalid(sessionId)
  await corridor.reaches(sessionId, { moneyStatus: 'released' })
  const made = await corridor.operator.sendRecord(sessionId)
  const row = await cdrById(db, made?.cdrId ?? '')
  if (row === undefined) throw new Error('no record was made')
  const cdrId = await db.tx(async (tx) => {
    const ours = { source: 'node', totalExclMinor: null, totalInclMinor: null } as const
    const { cdr } = await storeCdr(tx, {
      ...row,
      raw: recordText(row),
      ...(isOfOurNode ? ours : {}),
      ocpiId: `${row.ocpiId}-late`,
    })
    const cause = 'the record came when its session was over'
    await putUnbilledAside(tx, { sessionId, cdrIds: [cdr.id], cause, now: at })
    return cdr.id
  })
  return { session, sessionId, cdrId }
}

describe('a record of a session that bills nothing any more', () => {
  test('is granted to its operator by two keys, paid once, and costs the driver nothing', async () => {
    const { session, sessionId, cdrId } = await givenBack()
    const [incident] = await incidentsOf(sessionId)
    expect(incident).toMatchObject({
      actions: ['grant', 'write_off', 'dismiss'],
      atStake: { amount: 708, currency: 'EUR' },
      energyWh: '12000',
    })
    if (incident === undefined) throw new Error('no incident')
    const decision = { action: 'grant', reason: 'energy was delivered' } as const
    const { db } = corridor
    expect(await carryOut(db, incident, decision, await by('key_1'))).toBe(false)
    await expect(carryOut(db, incident, decision, await by('key_1'))).rejects.toMatchObject({
      code: 'invalid_transition',
    })
    expect(await carryOut(db, incident, decision, await by('key_2'))).toBe(true)
    await expect(carryOut(db, incident, decision, await by('key_2'))).rejects.toMatchObject({
      code: 'invalid_transition',
    })
    expect(await balanceOf(db, accounts.expense('claims', 'EUR'))).toBe(708)
    expect(await balanceOf(db, accounts.pending({ role: 'cpo', id: market.cpo.id }, 'EUR'))).toBe(
      -708,
    )
    expect(await cdrById(db, cdrId)).toMatchObject({ status: 'rejected' })
    expect(await saidOf(session)).toContain('record granted')
    await settleAll(corridor)
    await settleAll(corridor)
    expect(await listSettlements(db, market.cpo.id, { limit: 5 })).toMatchObject([
      { state: 'paid', amount: { amount: 708 }, sessionCount: 1 },
    ])
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: null })
  })

  test('of our own node shows the price of its energy, and is written off without moving money', async () => {
    const { session, sessionId } = await givenBack(true)
    const [incident] = await incidentsOf(sessionId)
    expect(incident).toMatchObject({
      actions: ['grant', 'write_off', 'dismiss'],
      atStake: { amount: 708, currency: 'EUR' },
      energyWh: '12000',
    })
    if (incident === undefined) throw new Error('no incident')
    const decision = { action: 'write_off', reason: 'the operator agrees' } as const
    expect(await carryOut(corridor.db, incident, decision, await by('key_1'))).toBe(true)
    expect(await saidOf(session)).toContain('record written off')
    const pending = accounts.pending({ role: 'cpo', id: market.cpo.id }, 'EUR')
    expect(await balanceOf(corridor.db, pending)).toBe(0)
  })

  test('and that was put aside before is no longer offered to be adopted', async () => {
    const { sessionId, cdrId } = await quarantined()
    await declareInvalid(sessionId)
    await corridor.reaches(sessionId, { moneyStatus: 'released' })
    const [before] = await incidentsOf(sessionId)
    if (before === undefined) throw new Error('no incident')
    const incident = await asOfNow(corridor.db, before, await corridor.nowIso())
    expect(incident.actions).toEqual(['grant', 'write_off', 'dismiss'])
    await expect(decide(cdrId, 'adopt')).rejects.toThrow()
  })
})

describe('a record without a session', () => {
  test('is billed to the session that is named, where operator and card are the same', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await charge(corridor, market, 20_000)
    const { sessionId } = session
    await waitsFor(session, 'charge detail record')
    const tokenUid = await credentialOf(sessionId)
    corridor.operator.behave({ sendsRecord: false, isSilent: true })
    const cdrId = await orphaned(session, tokenUid)
    const other = await startSession(corridor, await createMarket(corridor))
    for (const named of [undefined, other.sessionId])
      await expect(decide(cdrId, 'adopt', named)).rejects.toMatchObject({ code: 'invalid_value' })
    expect(await decide(cdrId, 'adopt', sessionId)).toBe(true)
    await relay()
    const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    expect(row.totalGrossMinor).toBe(1_180)
    expect(await cdrById(corridor.db, cdrId)).toMatchObject({ sessionId, status: 'accepted' })
    await settle(corridor, session)
    await verified(session)
  })

  test('is not billed to a session of another card, nor to one that another record was billed for', async () => {
    const session = await charge(corridor, market, 20_000)
    const { sessionId } = session
    await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    corridor.operator.behave({ isSilent: true })
    const tokenUid = await credentialOf(sessionId)
    for (const [card, code] of [
      ['OTHER', 'invalid_value'],
      [tokenUid, 'invalid_transition'],
    ] as const) {
      const cdrId = await orphaned(session, card, `-${card}`)
      await expect(decide(cdrId, 'adopt', sessionId)).rejects.toMatchObject({ code })
    }
  })
})

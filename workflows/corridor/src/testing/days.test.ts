// Stories of days, in which the world of one partner is moved: no more time passes than a charge takes, and nobody else's
// session goes on.
import { beforeEach, describe, expect, test } from 'vitest'
import { listSettlements, settlementsOfSession } from '@chargelane/db/queries/documents/settlements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listSuspense } from '@chargelane/db/queries/ledger/suspense'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { updateAccount } from '@chargelane/db/queries/partners/accounts'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import type { PayoutCalendar } from '@chargelane/rules/documents'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { payDebt } from '../books/debts.ts'
import { instant } from '../clock/instants.ts'
import { moveWorld, runSchedules } from '../clock/move.ts'
import { clockMoved, timelineQuery } from '../contract.ts'
import type { Corridor } from './corridor.ts'
import {
  aftercareOf,
  charge,
  createMarket,
  paymentOf,
  resultNow,
  useCorridor,
  waitsFor,
} from './market.ts'
import type { Market, Started } from './market.ts'

const hour = 3_600_000
const day = 24 * hour

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

/** How far the world of the market's partner is ahead. */
let ahead = 0
beforeEach(() => {
  ahead = 0
})

const move = async () => {
  const now = await corridor.now()
  return { accountId: market.partner.id, now: instant(now), to: instant(now + ahead) }
}

/** Moves the partner's world on, and answers what time it is there. */
async function later(ms: number): Promise<string> {
  ahead += ms
  const asked = await move()
  await moveWorld(corridor, asked)
  return asked.to
}

/** What the nightly schedules would do, in the partner's world. */
async function night() {
  const { batch } = await runSchedules(corridor.client, await move())
  return corridor.client.workflow.getHandle(`stl:${batch}`)
}

/** Ten kilowatt-hours in half an hour, ended at the car. */
async function plugged(itsMarket = market): Promise<Started> {
  const session = await charge(corridor, itsMarket, 10_000)
  await corridor.reaches(session.sessionId, { status: 'ended' })
  return session
}

const payeesOf = async ({ sessionId }: Started) =>
  (await settlementsOfSession(corridor.db, sessionId)).map(({ state }) => state ?? 'open')

/** The CPO, and the partner. */
async function isPaid({ sessionId }: Started) {
  const rows = await settlementsOfSession(corridor.db, sessionId)
  return [market.cpo.id, market.partner.id].map(
    (id) => rows.find(({ payee }) => payee.id === id)?.state === 'paid',
  )
}

describe('a partner’s world that is moved', () => {
  test('plug to payout: within two days everybody is paid, and nobody else’s session has moved', async () => {
    const session = await plugged()
    const other = await plugged(await createMarket(corridor))
    for (const each of [session, other]) await waitsFor(each, 'settlement')
    await later(day)
    await (await night()).result()
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'settled' })
    expect(await payeesOf(session)).toEqual(['paid', 'paid'])
    expect(Date.parse(row.settledAt ?? '') - Date.parse(row.endedAt ?? '')).toBeLessThan(2 * day)
    expect(await payeesOf(other)).toEqual(['open', 'open'])
    await waitsFor(other, 'settlement')
  })

  test('a settlement that does not come in two days is said, and still comes', async () => {
    const session = await plugged()
    await waitsFor(session, 'settlement')
    await later(2 * day + hour)
    await expect.poll(() => timelineOf(session)).toContain('settlement late')
    await (await night()).result()
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled' })
  })

  test('over a weekend and a holiday a payout waits for the next business hours of its payee, and for no other’s', async () => {
    const session = await plugged()
    await waitsFor(session, 'settlement')
    const today = await corridor.now()
    await updateAccount(corridor.db, market.cpo.id, market.cpo.id, {
      payoutCalendar: opensAgain(today, 3),
    })
    const batch = await night()
    await expect.poll(() => isPaid(session)).toEqual([false, true])
    await later(2 * day)
    expect(await isPaid(session)).toEqual([false, true])
    await later(2 * day)
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled' })
    const [paid] = await listSettlements(corridor.db, market.cpo.id, { limit: 1 })
    expect(paid).toMatchObject({ state: 'paid' })
    await batch.result()
  })

  test('F49: a hold that ends before its record comes is captured in time, on our own readings', async () => {
    corridor.operator.behave({ sendsRecord: false })
    corridor.payments.captureBefore = instant((await corridor.now()) + 6 * day)
    const session = await plugged()
    corridor.payments.captureBefore = '2099-01-01T00:00:00.000Z'
    await waitsFor(session, 'charge detail record')
    await later(25 * hour)
    await corridor.reaches(session.sessionId, {
      moneyStatus: 'captured',
      recordStatus: 'provisional',
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(590, 'EUR') })
    await waitsFor(session, 'settlement')
    await (await night()).result()
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })
  })

  test('a debt of a month pays its payees the night after it is paid, and closes its incident', async () => {
    corridor.payments.refuseCapture = 'card_declined'
    const session = await plugged()
    await corridor.reaches(session.sessionId, { moneyStatus: 'capture_failed' })
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'unpaid' })
    const now = await later(30 * day)
    await (await night()).result()
    expect(await payeesOf(session)).toEqual(['open', 'open'])
    const debt = await debtOfSession(corridor.db, session.sessionId)
    const incidents = async () =>
      (await listIncidents(corridor.db, 'all', { limit: 5, sessionId: session.sessionId })).data
    expect(await incidents()).toMatchObject([{ kind: 'awaiting_funds', status: 'open' }])
    const line = { amount: money(590, 'EUR'), reference: 'B-1', received_at: now }
    await payDebt(corridor.db, debt?.id ?? '', line, { keyId: 'key_1', now })
    expect(await incidents()).toMatchObject([
      { status: 'resolved', resolvedBy: 'corridor', action: null },
    ])
    await later(day)
    await (await night()).result()
    expect(await payeesOf(session)).toContain('paid')
  })

  test('a record two weeks late is judged, what it claims above its price waits, and a dispute is due a week later', async () => {
    corridor.operator.behave({ sendsRecord: false, overclaim: 300 })
    const session = await plugged()
    await waitsFor(session, 'charge detail record')
    await later(25 * hour)
    await waitsFor(session, 'settlement')
    await (await night()).result()
    const aftercare = await aftercareOf(corridor, session)
    const at = await later(14 * day)
    await corridor.operator.sendRecord(session.sessionId)
    await resultNow(aftercare)
    await corridor.reaches(session.sessionId, {
      recordStatus: 'cdr_adjusted',
      totalGrossMinor: 590,
    })
    const held = await balanceOf(corridor.db, accounts.suspense(market.cpo.id, 'EUR'))
    expect(held).toBe(300)
    const [item] = await listSuspense(corridor.db, { cpo: market.cpo.id }, { limit: 5, now: at })
    expect(Date.parse(item?.disputeDueAt ?? '') - Date.parse(at)).toBeGreaterThanOrEqual(7 * day)
  })

  test('the contract’s term of a late record ends after a month', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await plugged()
    await waitsFor(session, 'charge detail record')
    await later(25 * hour)
    await waitsFor(session, 'settlement')
    await (await night()).result()
    const aftercare = await aftercareOf(corridor, session)
    await later(31 * day)
    expect(await resultNow(aftercare)).toEqual({ outcome: 'no_record' })
  })

  test('is moved once to each instant, never back, and by nothing that is no time', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await plugged()
    await waitsFor(session, 'charge detail record')
    for (const sent of ['tomorrow', -1, 0.5, (await corridor.now()) - day])
      await session.handle.signal<unknown[]>(clockMoved.name, sent)
    await waitsFor(session, 'charge detail record')
    await corridor.reaches(session.sessionId, { recordStatus: 'session_only' })
    await later(25 * hour)
    await waitsFor(session, 'settlement')
    const asked = await move()
    const { batch } = await runSchedules(corridor.client, asked)
    await runSchedules(corridor.client, asked)
    await corridor.client.workflow.getHandle(`stl:${batch}`).result()
    expect(await payeesOf(session)).toEqual(['paid', 'paid'])
  })
})

const timelineOf = async ({ handle }: Started) =>
  (await handle.query(timelineQuery)).map(({ what }) => what)

const weekday = (date: Date) => date.getUTCDay() || 7

/** A calendar that is shut today and on the days that follow, one of them a holiday, and opens again after so many. */
function opensAgain(todayMs: number, afterDays: number): PayoutCalendar {
  const dates = Array.from({ length: afterDays }, (_, n) => new Date(todayMs + n * day))
  const [first, ...rest] = dates
  const shut = new Set(rest.map(weekday))
  return {
    time_zone: 'UTC',
    days: [1, 2, 3, 4, 5, 6, 7].filter((each) => !shut.has(each)),
    from: '00:00',
    until: '23:59',
    holidays: first === undefined ? [] : [first.toISOString().slice(0, 10)],
  }
}

// What is held covers what flows (law L1): watched, raised, replaced, captured in parts, and given back.
import { describe, expect, test } from 'vitest'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { putRiskPolicy } from '@chargelane/db/queries/payments/risk-policies'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { shownSession } from '@chargelane/db/queries/sessions/session-views'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { makeQuote } from '../../quote/make.ts'
import {
  charge,
  eventsOf,
  paymentOf,
  sessionResult,
  settle,
  startSession,
  tellPayment,
  useCorridor,
  waitsFor,
} from '../market.ts'
import type { Market, Started } from '../market.ts'
import type { Corridor } from '../corridor.ts'

const minute = 60_000
const hour = 60 * minute
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const eur = (amount: number) => money(amount, 'EUR')

/** A session on a quote for this much energy; 25 kWh are held with 20.00. */
async function startWith(energyWh: number, plan: Parameters<typeof planOf>[1] = {}) {
  const now = await corridor.nowIso()
  const made = await corridor.db.tx((sql) =>
    makeQuote(
      { sql, signer: corridor.signer, now },
      {
        accountId: market.partner.id,
        evse: market.evseIds[0]!,
        paymentSource: market.source.id,
        channel: 'app',
        energyWh,
      },
    ),
  )
  if (made.kind === 'refused') throw new Error(made.message)
  const session = await startSession(corridor, market, made.row.id)
  planOf(session, plan)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  return session
}

const planOf = (
  { sessionId }: Started,
  plan: NonNullable<ReturnType<Corridor['payments']['plans']['get']>>,
) => corridor.payments.plans.set(sessionId, plan)

/** The meter tells every minute what a car takes that draws this much, until the session is over or for this long. */
async function draw({ sessionId }: Started, powerW: number, minutes: number): Promise<number> {
  for (let at = 1; at <= minutes; at++) {
    if (corridor.operator.charges.get(sessionId)?.endedAt !== undefined) return at - 1
    await corridor.operator.meter(sessionId, Math.round((powerW * at) / 60), at)
    await corridor.pass(minute)
  }
  return minutes
}

const callsOf = (call: string, { sessionId }: Started) =>
  corridor.payments.calls.filter(
    (each) =>
      each.call === call &&
      corridor.payments.intents.get(each.pspId ?? '')?.request.sessionId === sessionId,
  ).length

describe('a session that nears what is held', () => {
  test('of a card that gives no more is stopped in time, and nobody is paid what nobody paid', async () => {
    // The story: 20.00 held, and a car that would take 279.93 kWh for 165.16.
    const session = await startWith(25_000, {
      refuseIncrease: 'not_supported_by_card',
      again: 'declined',
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ hold: eur(2_000) })
    const minutes = await draw(session, 150_000, 112)
    expect(minutes).toBeLessThan(14)
    const row = await corridor.reaches(session.sessionId, {
      status: 'ended',
      moneyStatus: 'captured',
    })
    expect(row.endReason).toBe('limit')
    const gross = row.totalGrossMinor ?? 0
    expect(gross).toBeGreaterThan(1_700)
    expect(gross).toBeLessThanOrEqual(2_000)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: eur(gross) })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    const paid = payables.reduce((sum, { amount }) => sum + amount.amount, 0)
    expect(paid).toBeLessThanOrEqual(gross)
    const told = await eventsOf(corridor, market, session)
    expect(told.indexOf('session.limit_approaching')).toBeLessThan(
      told.indexOf('session.auto_stopped'),
    )
    // In the books the card's money is what it paid, less the provider's fee, and the CPO's is a share of it.
    const postings = (await entriesOfSession(corridor.db, session.sessionId)).flatMap(
      (entry) => entry.postings,
    )
    const on = (account: string) =>
      postings
        .filter((posting) => posting.account.startsWith(account))
        .reduce((sum, posting) => sum + posting.amount.amount, 0)
    expect(on('asset:psp:EUR') + on('expense:psp_fee')).toBe(gross)
    expect(-on('liability:cpo:')).toBe(gross - Math.round((gross / 1.19) * 0.1 * 1.19))
    expect(on('asset:receivable')).toBe(0)
  })

  test('has its hold raised, and pays one capture out of it', async () => {
    const session = await startWith(25_000)
    await draw(session, 150_000, 20)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    // 50 kWh at 0.59.
    const [payment, ...others] = await paymentsOf(corridor.db, session.sessionId)
    expect(others).toEqual([])
    expect(payment).toMatchObject({ captured: eur(2_950) })
    expect(payment?.hold.amount).toBeGreaterThan(2_950)
    expect(callsOf('increase', session)).toBeLessThan(4)
    const told = await eventsOf(corridor, market, session)
    expect(told).toEqual(
      expect.arrayContaining(['session.limit_approaching', 'hold.increased', 'payment.captured']),
    )
    expect(told).not.toContain('session.auto_stopped')
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  })

  test('of a card that is not raised is held a second time, and what is owed is taken from both', async () => {
    const session = await startWith(25_000, { refuseIncrease: 'not_supported_by_card' })
    await draw(session, 150_000, 33)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    // 82.5 kWh at 0.59.
    const owed = 4_868
    const payments = await paymentsOf(corridor.db, session.sessionId)
    const [first, second, ...others] = payments
    expect([first?.hold, first?.captured]).toEqual([eur(2_000), eur(2_000)])
    expect(second).toMatchObject({ status: 'captured', captured: eur(owed - 2_000) })
    for (const rest of others) expect(rest.status).toBe('voided')
    expect(callsOf('capture', session)).toBe(2)
    const shown = await shownSession(corridor.db, 'all', session.sessionId)
    expect(shown?.extras.hold).toMatchObject({ id: second?.id, captured: eur(owed) })
    const zip = new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
    expect(
      (await verifyPack(zip, { trust: [await corridor.keys()] })).checks.filter(({ ok }) => !ok),
    ).toEqual([])
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
  })

  test('is captured once where one of its holds covers what is owed', async () => {
    const session = await startWith(25_000, { refuseIncrease: 'not_supported_by_card' })
    await draw(session, 150_000, 20)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    // 50 kWh at 0.59: more than the first hold, less than the second.
    expect(await paymentsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'voided', hold: eur(2_000), captured: null },
      { status: 'captured', captured: eur(2_950) },
    ])
    expect(callsOf('capture', session)).toBe(1)
  })

  test('and ends before it needs the second hold gives that back whole', async () => {
    const session = await startWith(25_000, { refuseIncrease: 'not_supported_by_card' })
    await draw(session, 150_000, 11)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    expect(await paymentsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'captured', captured: eur(1_623) },
      { status: 'voided', captured: null },
    ])
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'settled',
    })
  })

  test('is let go on as far as its partner’s risk policy insures the rest', async () => {
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      putRiskPolicy(tx, {
        accountId: market.partner.id,
        paymentSourceId: null,
        name: 'fleet rest',
        insured: eur(1_000),
        at,
      }),
    )
    const session = await startWith(25_000, {
      refuseIncrease: 'not_supported_by_card',
      again: 'declined',
    })
    await draw(session, 150_000, 60)
    const row = await corridor.reaches(session.sessionId, { status: 'ended' })
    expect(row.endReason).toBe('limit')
    await waitsFor(session, 'settlement')
    const owed = (await debtOfSession(corridor.db, session.sessionId))?.amount.amount ?? 0
    expect(owed).toBeGreaterThan(600)
    expect(owed).toBeLessThanOrEqual(1_000)
    await settle(corridor, session)
  })

  test('and never does costs one look', async () => {
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const { events } = await session.handle.fetchHistory()
    const looks = (events ?? []).filter((event) =>
      JSON.stringify(event.markerRecordedEventAttributes ?? {}).includes('cmVhZENvdmVy'),
    )
    expect(looks.length).toBeLessThanOrEqual(1)
  })
})

const incidentsOf = async ({ sessionId }: Started) =>
  (await listIncidents(corridor.db, 'all', { limit: 10, sessionId })).data

describe('a hold that dies', () => {
  test('while energy flows is replaced by another, and the session goes on', async () => {
    const session = await startWith(25_000)
    const { pspId } = (await paymentOf(corridor, session))!
    corridor.payments.giveUp(pspId!)
    await tellPayment(session, pspId!)
    await expect.poll(() => paymentOf(corridor, session, 2)).toMatchObject({ status: 'authorized' })
    await charge(corridor, market, 10_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    expect(await paymentsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'voided', captured: null },
      { status: 'captured', captured: eur(590) },
    ])
    expect(await eventsOf(corridor, market, session)).toContain('hold.expired')
    expect(await incidentsOf(session)).toEqual([])
  })

  test('and cannot be replaced ends the session, and a person hears what is open', async () => {
    const session = await startWith(25_000, { again: 'declined' })
    await corridor.operator.meter(session.sessionId, 5_000, 4)
    const { pspId } = (await paymentOf(corridor, session))!
    corridor.payments.giveUp(pspId!)
    await tellPayment(session, pspId!)
    const row = await corridor.reaches(session.sessionId, { status: 'ended' })
    expect(row.endReason).toBe('deauthorized')
    const [incident] = await incidentsOf(session)
    expect(incident).toMatchObject({ kind: 'hold_lost', atStake: eur(2_000) })
    // Nobody stands for it, so nobody is paid until somebody does.
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'unpaid' })
    expect(await debtOfSession(corridor.db, session.sessionId)).toMatchObject({
      amount: eur(295),
    })
  })

  test('F49: by its own clock is renewed before that, where energy still flows', async () => {
    const end = new Date((await corridor.now()) + 30 * minute).toISOString()
    corridor.payments.captureBefore = end
    const session = await startWith(25_000)
    corridor.payments.captureBefore = '2099-01-01T00:00:00.000Z'
    await corridor.operator.meter(session.sessionId, 1_000, 10)
    await corridor.pass(16 * minute)
    await expect.poll(() => paymentOf(corridor, session, 2)).toMatchObject({ status: 'authorized' })
    await charge(corridor, market, 10_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    expect(await paymentsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'voided' },
      { status: 'captured', captured: eur(590) },
    ])
  })

  test('F49: before the record comes is captured on our own readings', async () => {
    corridor.operator.behave({ sendsRecord: false })
    corridor.payments.captureBefore = new Date((await corridor.now()) + 4 * hour).toISOString()
    const session = await charge(corridor, market, 12_000)
    corridor.payments.captureBefore = '2099-01-01T00:00:00.000Z'
    await corridor.reaches(session.sessionId, { status: 'ended' })
    await corridor.pass(3 * hour)
    await corridor.reaches(session.sessionId, {
      recordStatus: 'provisional',
      moneyStatus: 'captured',
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: eur(708) })
    await settle(corridor, session)
  })
})

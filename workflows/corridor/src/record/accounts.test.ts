// Three ways to pay at one charger, in one database: a card per session, a subscription with overage, a fleet's account.
import { money } from '@chargelane/rules/money'
import { describe, expect, test } from 'vitest'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { billedCdrOf } from '@chargelane/db/queries/sessions/cdrs'
import { creditLine, heldOnAccount, putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf, trialBalance } from '@chargelane/db/queries/ledger/balances'
import { invoiceOfSession } from '@chargelane/db/queries/documents/invoices'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { insertPlan } from '@chargelane/db/queries/plans/plans'
import { getProof } from '@chargelane/db/queries/sessions/proofs'
import { ratingsOfSession, reimbursementsBetween } from '@chargelane/db/queries/plans/ratings'
import { insertReimbursementRate } from '@chargelane/db/queries/plans/reimbursements'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import {
  addSubscriptionVersion,
  allowanceUsesOf,
  insertSubscription,
} from '@chargelane/db/queries/plans/subscriptions'
import { createPolicyLanes } from '../policy/lanes.ts'
import { createCdrActivities } from './activities.ts'
import { accounts } from '@chargelane/rules/ledger'
import { findFailure, proofDocument } from '../evidence/proofs.ts'
import { verifyProof } from '@chargelane/rules/proof'
import {
  anotherPartner,
  charge,
  createMarket,
  createOffer,
  paymentOf,
  sessionResult,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'
import type { PlanTerms } from '@chargelane/rules/plan'

const sinceEver = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', limit: 100 }

let corridor: Corridor
/** The charger, with a partner whose driver pays by card. */
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const today = async () => (await corridor.nowIso()).slice(0, 10)

const commuter: PlanTerms = {
  included_kwh: '20',
  included: ['ENERGY'],
  overage: { kind: 'public' },
}

async function sell(
  owner: { id: string; type: 'partner' | 'cpo' },
  terms: PlanTerms = commuter,
  before?: { id: string; version: number },
) {
  const at = await corridor.nowIso()
  return corridor.db.tx((tx) =>
    insertPlan(
      tx,
      {
        ownerId: owner.id,
        ownerType: owner.type,
        name: 'Pendler',
        country: 'DE',
        currency: 'EUR',
        feeMinor: 990,
        terms,
        at,
      },
      before,
    ),
  )
}

async function subscribe(at: Market, plan: { id: string; version: number; ownerId: string }) {
  const now = await corridor.nowIso()
  const startsOn = await today()
  return corridor.db.tx((tx) =>
    insertSubscription(tx, {
      accountId: at.partner.id,
      driverId: at.driver.id,
      planId: plan.id,
      planVersion: plan.version,
      ownerId: plan.ownerId,
      startsOn,
      timeZone: 'UTC',
      at: now,
    }),
  )
}

const missing = (what: string): never => {
  throw new Error(`no ${what}`)
}

const payableOf = async (session: Started) =>
  Object.fromEntries(
    (await payablesOfSession(corridor.db, session.sessionId)).map((row) => [
      row.payee.role,
      row.amount.amount,
    ]),
  )

async function grossOf(session: Started) {
  const rows = await ratingsOfSession(corridor.db, session.sessionId)
  return Object.fromEntries(rows.map((row) => [row.purpose, row.grossMinor]))
}

/** 30 kWh, waited for until they are paid and booked. */
async function session30(at: Market): Promise<Started> {
  const session = await charge(corridor, at, 30_000)
  await waitsFor(session, 'settlement')
  return session
}

// 30 kWh at 0.4958 net are 14.87 net and 17.70 gross; commission 10 %: 1.49 net, 1.77 gross; share 30 %: 0.45, 0.54.
const saleGross = 1_770
const cpoShare = 1_770 - 177
const partnerShare = 54

describe('three accounts at one charger', () => {
  test('pay as they go, by a subscription, and on a fleet’s account; the operator gets the same of each', async () => {
    const subscriber = await anotherPartner(corridor, market, 'card')
    const fleet = await anotherPartner(corridor, market, 'account')
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      putCreditLine(tx, { accountId: fleet.partner.id, limit: money(10_000, 'EUR'), at }),
    )
    const plan = await sell({ id: subscriber.partner.id, type: 'partner' })
    const subscription = await subscribe(subscriber, plan)
    const rate = await corridor.db.tx((tx) =>
      insertReimbursementRate(tx, {
        accountId: fleet.partner.id,
        name: 'Home 2026',
        kind: 'home',
        country: 'DE',
        price: '0.32',
        currency: 'EUR',
        drivers: [fleet.driver.id],
        evses: fleet.evseIds,
        locations: null,
        effectiveFrom: '2026-01-01T00:00:00.000Z',
        effectiveTo: null,
        at,
      }),
    )

    const one = await session30(market)
    const two = await session30(subscriber)
    const three = await session30(fleet)

    expect(await paymentOf(corridor, one)).toMatchObject({ captured: money(saleGross, 'EUR') })
    expect(await paymentOf(corridor, two)).toMatchObject({ captured: money(590, 'EUR') })
    expect(await paymentOf(corridor, three)).toMatchObject({
      captured: money(saleGross, 'EUR'),
      pspFee: null,
    })
    expect(await grossOf(one)).toEqual({ wholesale: saleGross, retail: saleGross })
    expect(await grossOf(two)).toEqual({ wholesale: saleGross, retail: 590 })
    expect(await grossOf(three)).toEqual({
      wholesale: saleGross,
      retail: saleGross,
      reimbursement: 960,
    })

    expect(await payableOf(one)).toEqual({ cpo: cpoShare, partner: partnerShare })
    // The subscriber's partner pays 11.80 of the sale: its share of it, and the rest as a debt.
    expect(await payableOf(two)).toEqual({ cpo: cpoShare })
    expect(await balanceOf(corridor.db, accounts.sponsored(subscriber.partner.id, 'EUR'))).toBe(
      1_180 - partnerShare,
    )
    expect(await payableOf(three)).toEqual({ cpo: cpoShare, partner: partnerShare })
    const receivable = accounts.onAccount(fleet.partner.id, 'EUR')
    expect(await balanceOf(corridor.db, receivable)).toBe(saleGross)
    const held = { accountId: fleet.partner.id, currency: 'EUR' }
    expect(await heldOnAccount(corridor.db, held)).toEqual(money(0, 'EUR'))
    expect(await creditLine(corridor.db, fleet.partner.id, 'EUR')).toMatchObject({
      limit: money(10_000, 'EUR'),
    })

    await settleAll(corridor)
    for (const session of [one, two, three])
      expect((await sessionResult(corridor, session)).outcome).toBe('settled')
    const { currencies } = await trialBalance(corridor.db)
    expect(currencies.every(({ difference }) => difference.amount === 0n)).toBe(true)

    const now = await corridor.nowIso()
    expect(await allowanceUsesOf(corridor.db, subscription, 0, now)).toMatchObject([
      { usedKwh: '20' },
    ])
    const told = await eventsOfObject(corridor.db, subscriber.partner.id, subscription, 0)
    expect(told.map(({ type }) => type)).toEqual(['subscription.allowance_exhausted'])
    const report = await reimbursementsBetween(corridor.db, fleet.partner.id, sinceEver)
    expect(report).toMatchObject([
      { driverExternalId: 'driver-account', rate: { id: rate.id, price: '0.32' } },
    ])

    const invoice = await invoiceOfSession(corridor.db, two.sessionId, 'receipt_invoice')
    expect(invoice?.body).toMatchObject({
      totals: { gross: { amount: saleGross } },
      paid: { amount: 590 },
      contribution: { from: 'Partner card GmbH', amount: { amount: 1_180 } },
    })
    const onAccount = await invoiceOfSession(corridor.db, three.sessionId, 'receipt_invoice')
    expect(onAccount?.body).toMatchObject({
      paid: { amount: 0 },
      notes: expect.arrayContaining([expect.stringMatching(/^Charged to the account of/)]),
    })
  })

  test('every price has a proof of its own, of the same usage, and all of them hold', async () => {
    await subscribe(market, await sell({ id: market.partner.id, type: 'partner' }))
    const session = await session30(market)
    const rows = await ratingsOfSession(corridor.db, session.sessionId)
    expect(rows.map(({ purpose }) => purpose)).toEqual(['retail', 'wholesale'])
    expect(new Set(rows.map(({ usageHash }) => usageHash)).size).toBe(1)
    for (const row of rows) {
      const proof = await getProof(corridor.db, row.proofId ?? '')
      if (proof === undefined) throw new Error(`no proof of the ${row.purpose} price`)
      const document = proofDocument(proof)
      const report = verifyProof(document)
      expect(report).toMatchObject({ ok: true, totals: { gross: { amount: row.grossMinor } } })
      const tariffHash = JSON.stringify(proof.input).includes('"kind":"plan"')
        ? undefined
        : row.tariffHash
      const check = { proof, sale: null, accountId: '', cpoId: '' }
      const wholesale = rows.find(({ purpose }) => purpose === 'wholesale')
      expect(
        findFailure({ ...check, tariffHash: tariffHash ?? wholesale?.tariffHash ?? '' }),
      ).toBeNull()
    }
    await settle(corridor, session)
  })

  test('rating a record again writes nothing, books nothing and says the same', async () => {
    const plan = await sell({ id: market.partner.id, type: 'partner' })
    const subscription = await subscribe(market, plan)
    const session = await session30(market)
    const { db } = corridor
    const seen = async () =>
      JSON.stringify([
        await ratingsOfSession(db, session.sessionId),
        await entriesOfSession(db, session.sessionId),
        await allowanceUsesOf(db, subscription, 0, await corridor.nowIso()),
      ])
    const before = await seen()
    const cdr = await billedCdrOf(db, session.sessionId)
    const { judgeRecord } = createCdrActivities({
      db,
      plausibleSlackMs: 60_000,
      policies: createPolicyLanes(),
    })
    const input = { sessionId: session.sessionId, cdrId: cdr?.id ?? '' }
    const answers = []
    for (let n = 0; n < 3; n++)
      answers.push(await judgeRecord({ ...input, now: await corridor.nowIso() }))
    expect(answers[0]).toMatchObject({
      verdict: { contribution: { by: { role: 'partner' }, amount: { amount: 1_180 } } },
    })
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await seen()).toBe(before)
    await settle(corridor, session)
  })

  test('a second model joins an account at run time, and the first goes on beside it', async () => {
    const { db } = corridor
    const card = await session30(market)
    const at = await corridor.nowIso()
    await db.tx((tx) =>
      putCreditLine(tx, { accountId: market.partner.id, limit: money(5_000, 'EUR'), at }),
    )
    const driver = await getOrCreateDriver(db, market.partner.id, 'company-car', at)
    const source = await createPaymentSource(db, {
      accountId: market.partner.id,
      driverId: driver.id,
      kind: 'account',
      pspPaymentMethod: null,
      at,
    })
    const onAccount = await session30({ ...market, driver, source })
    await subscribe(market, await sell({ id: market.partner.id, type: 'partner' }))
    const byPlan = await session30(market)
    expect(await grossOf(card)).toMatchObject({ retail: saleGross })
    expect(await grossOf(onAccount)).toMatchObject({ retail: saleGross })
    expect(await grossOf(byPlan)).toMatchObject({ retail: 590 })
    // Earned with its own sessions 0.54 twice; owed for its subscriber 11.26: netted, nothing is sent.
    await settleAll(corridor)
    for (const session of [card, onAccount, byPlan])
      expect((await sessionResult(corridor, session)).outcome).toBe('settled')
    const sponsored = accounts.sponsored(market.partner.id, 'EUR')
    expect(await balanceOf(db, sponsored)).toBe(1_180 - 3 * partnerShare)
    const pending = accounts.pending({ role: 'partner', id: market.partner.id }, 'EUR')
    expect(await balanceOf(db, pending)).toBe(0)
  })
})

describe('a subscription', () => {
  test('pays nothing within its allowance: the hold goes back and the operator is paid', async () => {
    await subscribe(market, await sell({ id: market.partner.id, type: 'partner' }))
    const session = await charge(corridor, market, 15_000)
    await waitsFor(session, 'settlement')
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await grossOf(session)).toEqual({ wholesale: 885, retail: 0 })
    expect((await settle(corridor, session)).outcome).toBe('settled')
    expect((await payableOf(session))['cpo']).toBe(885 - 88)
  })

  test('on a fleet’s account charges it nothing within its allowance, and its invoice does not say so', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      putCreditLine(tx, { accountId: fleet.partner.id, limit: money(10_000, 'EUR'), at }),
    )
    await subscribe(fleet, await sell({ id: fleet.partner.id, type: 'partner' }))
    const session = await charge(corridor, fleet, 15_000)
    await waitsFor(session, 'settlement')
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    const invoice = await invoiceOfSession(corridor.db, session.sessionId, 'receipt_invoice')
    expect(invoice?.body).toMatchObject({ paid: { amount: 0 } })
    expect(JSON.stringify(invoice?.body)).not.toContain('Charged to the account')
    await settle(corridor, session)
  })

  test('keeps a quoted promise beside a second session, and nothing is used twice', async () => {
    const plan = await sell({ id: market.partner.id, type: 'partner' })
    const subscription = await subscribe(market, plan)
    const first = await startSession(corridor, market)
    const second = await startSession(corridor, market, await createOffer(corridor, market, 1))
    for (const { sessionId } of [first, second]) {
      await corridor.reaches(sessionId, { status: 'charging' })
      await corridor.operator.meter(sessionId, 7_000, 10)
      await corridor.operator.meter(sessionId, 15_000, 14)
    }
    await corridor.pass(15 * 60_000)
    for (const session of [first, second]) {
      await corridor.operator.endCharging(session.sessionId)
      await waitsFor(session, 'settlement')
    }
    const uses = await allowanceUsesOf(corridor.db, subscription, 0, await corridor.nowIso())
    // The first quote was promised all 20 kWh for the typical session; what it did not take is free again.
    expect(uses.map(({ usedKwh }) => usedKwh).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      '5',
      '15',
    ])
    const gross = [await grossOf(first), await grossOf(second)].map(({ retail }) => retail)
    expect(gross.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 590])
    await settleAll(corridor)
    for (const session of [first, second])
      expect((await sessionResult(corridor, session)).outcome).toBe('settled')
  })

  test('beside a second plan: two sessions that begin and end at once never use more than both allow', async () => {
    const owner = { id: market.partner.id, type: 'partner' } as const
    const plans = [await sell(owner), await sell(owner, { ...commuter, included_kwh: '8' })]
    const subscriptions = [
      await subscribe(market, plans[0] ?? missing('plan')),
      await subscribe(market, plans[1] ?? missing('plan')),
    ]
    const offers = await Promise.all([0, 1].map((evse) => createOffer(corridor, market, evse)))
    const both = await Promise.all(offers.map((offer) => startSession(corridor, market, offer)))
    for (const { sessionId } of both) {
      await corridor.reaches(sessionId, { status: 'charging' })
      await corridor.operator.meter(sessionId, 10_000, 10)
      await corridor.operator.meter(sessionId, 18_000, 14)
    }
    await corridor.pass(15 * 60_000)
    await Promise.all(both.map(({ sessionId }) => corridor.operator.endCharging(sessionId)))
    for (const session of both) await waitsFor(session, 'settlement')
    const at = await corridor.nowIso()
    const used = await Promise.all(
      subscriptions.map(async (id) => {
        const uses = await allowanceUsesOf(corridor.db, id, 0, at)
        return uses.reduce((total, { usedKwh }) => total + Number(usedKwh ?? Number.NaN), 0)
      }),
    )
    expect(used).toEqual([18, 8])
    // 18 kWh at 0.4958 net are 10.62; of the other session 8 kWh are paid by its plan, and 10 by the driver.
    const paid = await Promise.all(both.map(grossOf))
    expect(paid.map(({ retail }) => Number(retail)).toSorted((a, b) => a - b)).toEqual([0, 590])
    await settleAll(corridor)
  })

  test('gives a promise back when its session delivers nothing', async () => {
    const plan = await sell({ id: market.partner.id, type: 'partner' })
    const subscription = await subscribe(market, plan)
    const session = await charge(corridor, market, 0)
    expect(await corridor.reaches(session.sessionId, { moneyStatus: 'released' })).toBeDefined()
    const uses = await allowanceUsesOf(corridor.db, subscription, 0, await corridor.nowIso())
    expect(uses.filter(({ usedKwh }) => usedKwh !== '0')).toEqual([])
  })

  test('prices a running session by the version it was quoted', async () => {
    const plan = await sell({ id: market.partner.id, type: 'partner' })
    const subscription = await subscribe(market, plan)
    const session = await startSession(corridor, market)
    const worse = await sell(
      { id: market.partner.id, type: 'partner' },
      { ...commuter, included_kwh: '1' },
      plan,
    )
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      addSubscriptionVersion(tx, {
        subscriptionId: subscription,
        planId: plan.id,
        planVersion: worse.version,
        fromPeriod: 1,
        at,
      }),
    )
    await charge(corridor, market, 30_000, session)
    await waitsFor(session, 'settlement')
    expect(await grossOf(session)).toMatchObject({ retail: 590 })
    await settle(corridor, session)
  })

  test('of an operator’s own plan is paid by the operator, and its partner is paid its share', async () => {
    const plan = await sell({ id: market.cpo.id, type: 'cpo' })
    await subscribe(market, plan)
    const session = await session30(market)
    expect(await grossOf(session)).toEqual({ wholesale: saleGross, retail: 590 })
    expect(await payableOf(session)).toEqual({ cpo: cpoShare - 1_180, partner: partnerShare })
    await settle(corridor, session)
    const elsewhere = await createMarket(corridor)
    const other = { ...elsewhere, partner: market.partner, driver: market.driver }
    const away = await charge(corridor, { ...other, source: market.source }, 30_000)
    await waitsFor(away, 'settlement')
    expect(await grossOf(away)).toMatchObject({ retail: saleGross })
    await settle(corridor, away)
  })

  test.each([
    ['less money', { overclaim: -354 }, 1_416, 590, 826, '20'],
    ['less money than the driver pays', { overclaim: -1_300 }, 470, 470, 0, '0'],
  ])(
    'a late record of %s trues it up: sale, driver and allowance',
    async (_, claim, salePaid, retailPaid, contributed, used) => {
      const { db } = corridor
      const subscription = await subscribe(
        market,
        await sell({ id: market.partner.id, type: 'partner' }),
      )
      corridor.operator.behave({ sendsRecord: false })
      const session = await charge(corridor, market, 30_000)
      await corridor.reaches(session.sessionId, { status: 'ended' })
      await corridor.pass(25 * 3_600_000)
      await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
      expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(590, 'EUR') })
      await waitsFor(session, 'settlement')
      await settleAll(corridor)
      await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })
      corridor.operator.behave({ sendsRecord: false, ...claim })
      await corridor.operator.sendRecord(session.sessionId)
      await corridor.reaches(session.sessionId, {
        moneyStatus: 'adjusted',
        totalGrossMinor: salePaid,
      })
      const rows = await ratingsOfSession(db, session.sessionId)
      expect(rows.map((row) => [row.purpose, row.revision, row.grossMinor])).toEqual([
        ['retail', 1, 590],
        ['retail', 2, retailPaid],
        ['wholesale', 1, saleGross],
        ['wholesale', 2, salePaid],
      ])
      const entries = await entriesOfSession(db, session.sessionId)
      const psp = entries
        .flatMap(({ postings }) => postings)
        .filter(({ account }) => account === accounts.psp('EUR'))
      const fee = (await paymentOf(corridor, session))?.pspFee?.amount ?? 0
      // What the provider is left with is the driver's price of the late record.
      expect(psp.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(retailPaid - fee)
      const given = entries
        .filter(({ kind }) => kind === 'plan_contribution')
        .flatMap(({ postings }) => postings)
      const debits = given.filter(({ account }) => account !== accounts.psp('EUR'))
      expect(debits.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(contributed)
      expect(await allowanceUsesOf(db, subscription, 0, await corridor.nowIso())).toMatchObject([
        { usedKwh: used },
      ])
    },
  )
})

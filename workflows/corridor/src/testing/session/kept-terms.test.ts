// What a session keeps from its quote, and what a start that came to nothing gives back.
import { describe, expect, test } from 'vitest'
import { evidenceZip, gatherSession } from '@chargelane/db/queries/documents/evidence'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { cpoTerms, partnerTerms } from '@chargelane/rules/agreement/distribution'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import { putSettings } from '@chargelane/db/queries/operations/settings'
import { nextAction } from '../../contract.ts'
import { MoneyFailure } from '../../payment/payment.ts'
import { verifyPack } from '@chargelane/sdk/verify'
import {
  charge,
  createMarket,
  createOffer,
  settle,
  startSession,
  useCorridor,
  waitsFor,
} from '../market.ts'
import { lateBy } from '../../record/term.ts'
import type { Market, Started } from '../market.ts'
import type { Corridor } from '../corridor.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const setOf = (settings: object) => ({
  settings,
  reason: 'as the contract says',
  setBy: 'key_1',
  setAt: '2026-01-01T00:00:00.000Z',
})

describe('what is agreed at the quote', () => {
  test('shares, agreement and payout that change while it charges change nothing of the running session', async () => {
    const { db } = corridor
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    const at = await corridor.nowIso()
    await signAgreement(db, {
      accountId: market.partner.id,
      terms: partnerTerms({ partnerShareBps: 10_000 }),
      at,
    })
    await signAgreement(db, {
      accountId: market.cpo.id,
      terms: cpoTerms({ commission: { bps: 9_000 }, supplyModel: 'direct' }),
      at,
    })
    await charge(corridor, market, 20_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const payables = await payablesOfSession(db, session.sessionId)
    expect(payables.map(({ payee, amount }) => [payee.role, amount.amount])).toEqual(
      expect.arrayContaining([
        ['cpo', 1180 - 118],
        ['partner', 36],
      ]),
    )
  })

  test('how long its record is waited for is as the platform had set it when the session was opened', async () => {
    const until = async (record_deadline_s: number | null) => {
      const at = await corridor.nowIso()
      const change = {
        settings: { record_deadline_s },
        reason: 'a test',
        setBy: 'key_1',
        setAt: at,
      }
      await putSettings(corridor.db, change)
    }
    const waitOf = async (session: Started) => {
      corridor.operator.behave({ sendsRecord: false })
      await charge(corridor, market, 20_000, session)
      await waitsFor(session, 'charge detail record')
      const { deadline } = await session.handle.query(nextAction)
      const { endedAt } = await corridor.reaches(session.sessionId, { status: 'ended' })
      return Date.parse(deadline ?? '') - Date.parse(endedAt ?? '')
    }
    const first = await startSession(corridor, market)
    await corridor.reaches(first.sessionId, { status: 'charging' })
    await until(48 * 3_600)
    // The record is asked for in proportion: first five minutes after the end, or ten of twice the deadline.
    const usual = await waitOf(first)
    market = await createMarket(corridor)
    const second = await startSession(corridor, market)
    await until(null)
    expect((await waitOf(second)) / usual).toBeCloseTo(2, 0)
  })

  test('deadlines that are set for the operator are those of its sessions from then on, and of nobody else’s', async () => {
    const { db } = corridor
    const other = await createMarket(corridor)
    await putSettings(db, {
      ...setOf({ settle_within_s: 24 * 3_600, stop_confirmation_s: 30 }),
      accountId: market.cpo.id,
    })
    const session = await startSession(corridor, market)
    await putSettings(db, { ...setOf({ settle_within_s: 3_600 }), accountId: market.cpo.id })
    await charge(corridor, market, 1_000, session)
    const neighbour = await charge(corridor, other, 1_000)
    for (const [{ sessionId }, hours] of [
      [session, 24],
      [neighbour, 48],
    ] as const) {
      const { endedAt, slaDeadline } = await corridor.reaches(sessionId, { status: 'ended' })
      expect(Date.parse(slaDeadline ?? '') - Date.parse(endedAt ?? '')).toBe(hours * 3_600_000)
    }
  })

  test('a record’s term at the door is what was set when its session was opened', async () => {
    const { db } = corridor
    const days = 86_400_000
    const term = async (count: number) =>
      putSettings(db, {
        ...setOf({ contract_term_s: (count * days) / 1_000 }),
        setAt: await corridor.nowIso(),
        accountId: market.cpo.id,
      })
    const ageOf = async ({ sessionId }: Started) => {
      const endedAt = await corridor.nowIso()
      const at = new Date(Date.parse(endedAt) + 25 * days).toISOString()
      return lateBy(db, { sessionId, endedAt, at })
    }
    await term(20)
    const first = await startSession(corridor, market)
    await corridor.pass(1_000)
    await term(40)
    expect(await ageOf(first)).toEqual({ days: 20 })
    await charge(corridor, market, 1_000, first)
    const second = await startSession(corridor, market)
    expect(await ageOf(second)).toBeUndefined()
  })

  test('names, VAT numbers, currencies and the country itself that change while it charges stop nothing', async () => {
    const { db } = corridor
    const { cpo, partner } = market
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    const before = await keptSaleTerms(db, session.sessionId)
    await db.execute(`update accounts set legal_name = 'Otherwise AG', vat_id = null, country = 'US',
      payout_currency = 'USD', address = '{"street":"","city":"","postal_code":""}'
      where id in ('${cpo.id}', '${partner.id}')`)
    await db.execute(`update locations set country = 'AQ' where id in
      (select location_id from evses where cpo_id = '${cpo.id}')`)
    await charge(corridor, market, 20_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    expect(await keptSaleTerms(db, session.sessionId)).toEqual(before)
    const payables = await payablesOfSession(db, session.sessionId)
    expect(payables.map(({ amount }) => amount.currency)).toEqual(['EUR', 'EUR'])
    const { invoice, sale } = await gatherSession(db, session.sessionId)
    expect(invoice?.body.seller).toMatchObject({
      legalName: cpo.legalName,
      vatId: cpo.vatId,
      address: cpo.address,
    })
    expect(invoice?.body.buyer).toMatchObject({ legalName: partner.legalName })
    expect(sale?.splitInput.taxes).toEqual(before.taxes)
    const { checks } = await verifyPack(
      (await evidenceZip(db, session.sessionId)) ?? new Uint8Array(),
      { trust: [await corridor.keys()] },
    )
    expect(checks.filter((check) => !check.ok)).toEqual([])
  })

  test('a currency that nobody publishes any more is paid at the rate known at the start', async () => {
    const { db, rates } = corridor
    const swiss = await createMarket(corridor, { currency: 'CHF' })
    const published = { ...rates.rates }
    const session = await startSession(corridor, swiss)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    const { rates: kept } = await keptSaleTerms(db, session.sessionId)
    expect(kept).toMatchObject([{ base: 'EUR', quote: 'CHF', rate: published.CHF }])
    try {
      await corridor.admin('delete from fx_rates')
      Reflect.deleteProperty(rates.rates, 'CHF')
      await charge(corridor, swiss, 20_000, session)
      await settle(corridor, session)
    } finally {
      Object.assign(rates.rates, published)
    }
    const { sale } = await gatherSession(db, session.sessionId)
    expect(sale?.terms.rates).toEqual(kept)
  })

  test('the first sale in a currency asks the publisher of rates before anything is held', async () => {
    const { db, rates } = corridor
    const swiss = await createMarket(corridor, { currency: 'CHF' })
    const published = rates.rates['CHF'] ?? ''
    await corridor.admin('delete from fx_rates')
    const holds = () => corridor.payments.calls.filter(({ call }) => call === 'authorize').length
    const held: number[] = []
    Object.defineProperty(rates.rates, 'CHF', {
      configurable: true,
      enumerable: true,
      get() {
        held.push(holds())
        return published
      },
    })
    const before = holds()
    const session = await startSession(corridor, swiss).finally(() =>
      Object.defineProperty(rates.rates, 'CHF', { value: published, writable: true }),
    )
    expect(session.answer).toEqual({ kind: 'authorized' })
    expect(new Set(held)).toEqual(new Set([before]))
    expect(holds()).toBe(before + 1)
    const { rates: kept } = await keptSaleTerms(db, session.sessionId)
    expect(kept).toMatchObject([{ base: 'EUR', quote: 'CHF', rate: published }])
    await settle(corridor, await charge(corridor, swiss, 1_000, session))
  })

  test('a currency that the publisher of rates does not name is refused at once, with nothing held', async () => {
    const { rates } = corridor
    const swiss = await createMarket(corridor, { currency: 'CHF' })
    const published = { ...rates.rates }
    await corridor.admin('delete from fx_rates')
    const holds = () => corridor.payments.calls.filter(({ call }) => call === 'authorize').length
    const before = holds()
    const offer = await createOffer(corridor, swiss)
    Reflect.deleteProperty(rates.rates, 'CHF')
    const { answer } = await startSession(corridor, swiss, offer).finally(() =>
      Object.assign(rates.rates, published),
    )
    expect(answer).toMatchObject({
      kind: 'refused',
      code: 'price_unavailable',
      extra: { reason: 'rates_missing' },
    })
    expect(holds()).toBe(before)
    expect((await startSession(corridor, swiss, offer)).answer).toEqual({ kind: 'authorized' })
  })

  test('a publisher of rates that does not answer refuses the start before the hold, in that currency alone', async () => {
    const { rates, publisher } = corridor
    const swiss = await createMarket(corridor, { currency: 'CHF' })
    await corridor.admin('delete from fx_rates')
    const holds = () => corridor.payments.calls.filter(({ call }) => call === 'authorize').length
    const before = holds()
    const offer = await createOffer(corridor, swiss)
    publisher.daily = () =>
      Promise.reject(new MoneyFailure('no connection', { code: 'unreachable', retryable: true }))
    const { answer } = await startSession(corridor, swiss, offer)
    expect(answer).toMatchObject({ kind: 'refused', code: 'rates_unavailable' })
    expect(holds()).toBe(before)
    const local = await startSession(corridor, market)
    expect(local.answer).toEqual({ kind: 'authorized' })
    await settle(corridor, await charge(corridor, market, 1_000, local))
    publisher.daily = () => Promise.resolve(rates)
    const again = await startSession(corridor, swiss, await createOffer(corridor, swiss))
    expect(again.answer).toEqual({ kind: 'authorized' })
    await settle(corridor, await charge(corridor, swiss, 1_000, again))
  })

  test('what could stop the sale stops the start, with nothing held and nobody’s quote consumed', async () => {
    const { db } = corridor
    const offer = await createOffer(corridor, market)
    await db.execute(
      `update accounts set country = 'AQ' where id = '${market.partner.id}' or type = 'platform'`,
    )
    const refused = await startSession(corridor, market, offer)
    await db.execute(
      `update accounts set country = 'DE' where id = '${market.partner.id}' or type = 'platform'`,
    )
    expect(refused.answer).toMatchObject({
      kind: 'refused',
      code: 'price_unavailable',
      message: expect.stringContaining('cannot be taxed'),
    })
    const again = await startSession(corridor, market, offer)
    expect(again.answer).toEqual({ kind: 'authorized' })
    await settle(corridor, await charge(corridor, market, 1_000, again))
  })

  test('a start that came to nothing frees the name its partner gave it, and one that came to be keeps it', async () => {
    corridor.operator.behave({
      start: { kind: 'rejected', reason: 'evse_faulted', detail: 'Faulted' },
    })
    const failed = await startSession(corridor, market, undefined, 'order-7')
    await corridor.reaches(failed.sessionId, { status: 'start_failed', moneyStatus: 'released' })
    corridor.operator.behave({})
    const again = await startSession(corridor, market, undefined, 'order-7')
    expect(again.answer).toEqual({ kind: 'authorized' })
    await corridor.reaches(again.sessionId, { status: 'charging' })
    const other = await createOffer(corridor, market, 1)
    expect(await startSession(corridor, market, other, 'order-7')).toMatchObject({
      answer: { kind: 'refused' },
    })
    await settle(corridor, await charge(corridor, market, 1_000, again))
  })

  test('a refused start that the charger makes all the same is adopted, and its failure is gone', async () => {
    corridor.operator.behave({
      start: { kind: 'rejected', reason: 'evse_faulted', detail: 'Faulted' },
    })
    const session = await startSession(corridor, market)
    const row = await corridor.reaches(session.sessionId, {
      status: 'start_failed',
      moneyStatus: 'released',
    })
    expect(row.failure).not.toBeNull()
    await corridor.operator.beginCharging(session.sessionId)
    expect(await corridor.reaches(session.sessionId, { status: 'charging' })).toMatchObject({
      failure: null,
      moneyStatus: 'held',
    })
    await settle(corridor, await charge(corridor, market, 1_000, session))
  })
})

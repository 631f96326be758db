import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Session } from '@chargelane/sdk'
import {
  assertMoneyIsRight,
  finance,
  isCaptured,
  isCharging,
  newCharger,
  newPartner,
  platform,
  psp,
  quote,
} from './product.ts'
import type { Partner } from './product.ts'

const today = () => new Date().toISOString().slice(0, 10)
const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }

async function sell(partner: Partner, evse: string, source: string) {
  const offer = await quote(partner, evse, source, 24_000)
  const started = await partner.lane.sessions.create({ quote: offer.id })
  await partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 20_000 })
  await wait(2_500)
  await partner.lane.sessions.stop(started.id)
  const sold = await partner.lane.sessions.waitFor(started.id, isCaptured, { timeoutMs: 30_000 })
  return { offer, sold }
}

/** What each price of a session comes to. */
async function pricesOf(partner: Partner, { id }: Session) {
  const { data } = await partner.lane.ratings.list(id)
  return Object.fromEntries(data.map(({ purpose, total }) => [purpose, total.gross.amount]))
}

async function assertSettled(sessions: Session[]): Promise<void> {
  for (const { id } of sessions) await finance.sessions.waitFor(id, (each) => each.evidence_ready)
  await platform.settlements.run()
  for (const { id } of sessions)
    await finance.sessions.waitFor(id, (each) => each.money_status === 'settled', {
      timeoutMs: 30_000,
    })
  for (const total of (await finance.ledger.trial_balance()).totals)
    expect(total.difference, total.currency).toBe('0')
}

describe('one charger', () => {
  test('is paid per session, by a subscription and on a fleet’s account at once', async () => {
    const { evse, evse_id, charger } = await newCharger()
    const [payer, seller, fleet] = [await newPartner(), await newPartner(), await newPartner()]

    const card = await sell(payer, evse_id, await payer.source())

    // What is included is worth three cents: enough to lower every price, and less than the session takes.
    const source = await seller.source('pm_card_visa', 'commuter')
    const plan = await seller.lane.plans.create({
      name: 'Pendler',
      country: 'DE',
      access_fee: { amount: 990, currency: 'EUR' },
      included_kwh: '0.05',
      overage: { kind: 'public' },
    })
    const subscription = await seller.lane.subscriptions.create({
      driver: { external_id: 'commuter' },
      plan: plan.id,
      starts_on: today(),
      time_zone: 'UTC',
    })
    const byPlan = await sell(seller, evse_id, source)
    expect(byPlan.offer).toMatchObject({ plan: { id: plan.id, promised_kwh: '0.05' } })

    await finance.credit_lines.set({
      account: fleet.account.id,
      limit: { amount: 50_000, currency: 'EUR' },
    })
    await fleet.lane.reimbursement_rates.create({
      name: 'At work',
      kind: 'work',
      country: 'DE',
      price_per_kwh: '30',
      currency: 'EUR',
      evses: [evse],
    })
    const account = await fleet.lane.payment_sources.create({
      driver: { external_id: 'van-7' },
      type: 'account',
    })
    const onAccount = await sell(fleet, evse_id, account.id)

    const [one, two, three] = [card.sold, byPlan.sold, onAccount.sold]
    await assertSettled([one, two, three])
    await assertMoneyIsRight(one)
    await assertMoneyIsRight(two)
    expect(await psp.captures(three.id)).toEqual([])

    const first = await pricesOf(payer, one)
    expect(first['retail']).toBe(first['wholesale'])
    const second = await pricesOf(seller, two)
    const [month] = (await seller.lane.subscriptions.periods(subscription.id)).data
    expect(month).toMatchObject({
      used_kwh: '0.05',
      overage: { amount: second['retail'] },
      access_fee: { vat: { amount: 158 } },
      sessions: [{ session: two.id }],
    })
    expect((second['retail'] ?? 0) + (month?.contribution.amount ?? 0)).toBe(second['wholesale'])
    expect(two.hold?.captured?.amount ?? 0).toBe(second['retail'])
    const third = await pricesOf(fleet, three)
    const statement = await fleet.lane.reports.account_statement(span)
    expect(statement.totals).toMatchObject([
      { charged: { amount: third['retail'] }, owed: { amount: third['retail'] } },
    ])
    const report = await fleet.lane.reports.reimbursement(span)
    expect(report.totals).toMatchObject([
      { sessions: 1, amount: { amount: third['reimbursement'] } },
    ])
    expect(third['reimbursement']).toBeGreaterThan(0)

    // A second model for the first account, while it runs.
    await finance.credit_lines.set({
      account: payer.account.id,
      limit: { amount: 50_000, currency: 'EUR' },
    })
    const pool = await payer.lane.payment_sources.create({
      driver: { external_id: 'pool-car' },
      type: 'account',
    })
    const pooled = await sell(payer, evse_id, pool.id)
    expect(await psp.captures(pooled.sold.id)).toEqual([])
    const again = await sell(payer, evse_id, await payer.source())
    await assertSettled([pooled.sold, again.sold])
    await assertMoneyIsRight(again.sold)
    await charger.stop()
  })
})

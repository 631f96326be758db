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
  quote,
} from './product.ts'
import type { Partner } from './product.ts'

/** Quote, start, a moment of energy, stop, captured: with the quote it was sold by. */
async function sell(partner: Partner, evse: string) {
  const offer = await quote(partner, evse, await partner.source(), 24_000)
  const started = await partner.lane.sessions.create({ quote: offer.id })
  await partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 20_000 })
  await wait(1_500)
  await partner.lane.sessions.stop(started.id)
  const sold = await partner.lane.sessions.waitFor(started.id, isCaptured, { timeoutMs: 30_000 })
  return { offer, sold }
}

const settled = async ({ id }: Session) => {
  await finance.sessions.waitFor(id, (each) => each.evidence_ready)
  await platform.settlements.run()
  return finance.sessions.waitFor(id, (each) => each.money_status === 'settled', {
    timeoutMs: 30_000,
  })
}

describe('a price below the public one', () => {
  test('agreed between CPO and partner is what the driver pays and the CPO is paid, to the last check', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const made = await partner.lane.rate_agreements.create({
      counterparty: cpo.account.id,
      name: 'Fleet',
      justification: 'Committed volume of 2 GWh a year',
      price: { kind: 'discount', discount_bps: { ENERGY: 1_000 } },
    })
    await cpo.lane.rate_agreements.accept(made.id)
    const { offer, sold } = await sell(partner, evse_id)
    expect(offer).toMatchObject({
      basis: 'rate_agreement',
      public_price_total: { amount: 1_416 },
      applied_price_total: { amount: 1_274 },
    })
    // Ended while the session runs or after: the quote locked it.
    await cpo.lane.rate_agreements.end(made.id, { reason: 'new terms next year' })
    const kwh = sold.energy_wh / 1_000
    expect(kwh).toBeGreaterThan(0)
    expect(sold.totals?.incl_tax.amount).toBeCloseTo(kwh * 0.44622 * 1.19 * 100, -0.5)
    expect(sold.hold?.captured).toEqual(sold.totals?.incl_tax)
    await settled(sold)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })

  test('given by the partner out of its share leaves the CPO with the same', async () => {
    const { evse_id, charger } = await newCharger()
    const partner = await newPartner()
    const terms = { side: 'partner', partner_share_bps: 4_000, benefit_mode: 'discount' } as const
    const proposed = await platform.agreements.create({ account: partner.account.id, terms })
    await partner.lane.agreements.accept(proposed.id)
    const { offer, sold } = await sell(partner, evse_id)
    expect(offer).toMatchObject({
      basis: 'partner_discount',
      public_price_total: { amount: 1_416 },
      distribution: {
        agreement: { commission: { bps: 800 } },
        partnership: { version: 2 },
      },
    })
    const given = (sold.totals?.incl_tax.amount ?? 0) - (sold.hold?.captured?.amount ?? 0)
    expect(given).toBeGreaterThan(0)
    await settled(sold)
    const paid = await partner.lane.settlements.list()
    expect(paid.data).toEqual([])
    const [invoice] = (await partner.lane.invoices.list()).data
    const xml = new TextDecoder().decode(await partner.lane.invoices.xml(String(invoice?.id)))
    const amountOf = (element: string) =>
      Number(new RegExp(`<cbc:${element}[^>]*>([\\d.]+)<`).exec(xml)?.[1])
    expect(amountOf('PrepaidAmount')).toBe(amountOf('TaxInclusiveAmount'))
    expect(amountOf('PayableAmount')).toBe(0)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, exponentOf, grossToNet, money, sum } from '../money.ts'
import { dueOf, paidTo, splitSale, type SplitInput } from './split.ts'

const party = (id: string, country: string) => ({
  id,
  country,
  vatId: `${country}1`,
  business: true,
})

const input = (change: Partial<SplitInput> = {}): SplitInput => {
  const sums = grossToNet(money(1_081, 'CHF'), '8.1')
  return {
    model: 'agency',
    sale: { ...sums, vat_lines: [{ rate: '8.1', ...sums }] },
    at: '2026-11-21T10:00:00.000Z',
    placeCountry: 'CH',
    policy: { id: 'spl_1', commissionBps: 1_250, partnerShareBps: 3_333 },
    driver: { id: 'drv', role: 'driver', country: 'DE', vatId: null, business: false },
    cpo: { ...party('cpo', 'CH'), role: 'cpo' },
    partner: { ...party('partner', 'GB'), role: 'partner' },
    platform: { ...party('platform', 'DE'), role: 'platform' },
    pspFee: money(35, 'CHF'),
    ...change,
  }
}

const split = (change: Partial<SplitInput> = {}) => {
  const result = splitSale(input(change))
  if (!result.ok) throw new Error(result.message)
  return result.split
}

test('every leg says who supplies what to whom, at which tax, on which document', () => {
  const rows = split().legs.map(
    (leg) =>
      `${leg.id} ${leg.supplierId}→${leg.recipientId} ${leg.net.amount}+${leg.vat.amount} ${leg.treatment?.category ?? '-'} ${leg.document}`,
  )
  expect(rows).toEqual([
    'sale cpo→drv 1000+81 S receipt',
    'commission platform→cpo 125+0 O invoice',
    'partner_share partner→platform 42+0 AE self_billed_invoice',
    'psp_fee psp→platform 35+0 - statement_line',
  ])
  expect(split().shares).toEqual({
    cpo: money(956, 'CHF'),
    partner: money(42, 'CHF'),
    platform: money(48, 'CHF'),
    tax: money(0, 'CHF'),
    psp: money(35, 'CHF'),
  })
})

test('the driver’s price is untouched by who earns of it', () => {
  for (const commissionBps of [0, 500, 10_000]) {
    const [sale] = split({ policy: { id: 'p', commissionBps, partnerShareBps: 10_000 } }).legs
    expect(sale?.gross).toEqual(money(1_081, 'CHF'))
  }
})

describe('a split', () => {
  test('never makes or loses a cent', () => {
    const bps = fc.integer({ min: 0, max: 10_000 })
    const rate = fc.constantFrom('7', '8.1', '19', '20')
    const country = fc.constantFrom('DE', 'NL', 'FR', 'CH', 'GB')
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        rate,
        bps,
        bps,
        country,
        country,
        fc.nat(500),
        (gross, vat, commissionBps, partnerShareBps, cpoCountry, partnerCountry, fee) => {
          const sums = grossToNet(money(gross, 'EUR'), vat)
          const made = split({
            sale: { ...sums, vat_lines: [{ rate: vat, ...sums }] },
            policy: { id: 'p', commissionBps, partnerShareBps },
            cpo: { ...party('cpo', cpoCountry), role: 'cpo' },
            partner: { ...party('partner', partnerCountry), role: 'partner' },
            pspFee: money(fee, 'EUR'),
          })
          expect(sum(Object.values(made.shares), 'EUR').amount).toBe(gross)
          for (const leg of made.legs)
            expect(leg.net.amount + leg.vat.amount).toBe(leg.gross.amount)
        },
      ),
    )
  })

  test('gives a partner the same whether it is paid its share or its drivers pay less', () => {
    const bps = fc.integer({ min: 0, max: 10_000 })
    const country = fc.constantFrom('DE', 'NL', 'FR', 'CH', 'GB')
    const registered = fc.boolean()
    fc.assert(
      fc.property(
        fc.nat(10_000_000),
        fc.constantFrom('EUR', 'CHF', 'GBP', 'JPY', 'KWD'),
        fc.constantFrom('0', '7', '8.1', '19', '20'),
        bps,
        bps,
        country,
        country,
        registered,
        (gross, currency, vat, commissionBps, partnerShareBps, cpo, partner, isRegistered) => {
          expect(exponentOf(currency)).toBeGreaterThanOrEqual(0)
          const sums = grossToNet(money(gross, currency), vat)
          const of = (benefit?: 'discount') =>
            split({
              sale: { ...sums, vat_lines: [{ rate: vat, ...sums }] },
              policy: { id: 'p', commissionBps, partnerShareBps },
              cpo: { ...party('cpo', cpo), role: 'cpo' },
              partner: {
                ...party('partner', partner),
                vatId: isRegistered ? `${partner}1` : null,
                role: 'partner',
              },
              pspFee: null,
              ...(benefit === undefined ? {} : { benefit }),
            })
          const [paid, given] = [of(), of('discount')]
          // CPO, platform, tax and every document are the same; what moves is between partner and driver.
          expect(given.shares).toEqual(paid.shares)
          expect(given.legs).toEqual(paid.legs)
          expect(dueOf(paid)).toEqual(sums.gross)
          const benefitOfDriver = money(gross - dueOf(given).amount, currency)
          expect(add(paidTo(given, 'partner'), benefitOfDriver)).toEqual(paidTo(paid, 'partner'))
          expect(dueOf(given).amount).toBeGreaterThanOrEqual(0)
          const beyond = Math.max(0, paid.shares.partner.amount - gross)
          expect(paidTo(given, 'partner').amount).toBe(beyond)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('refuses what it does not know instead of assuming no tax', () => {
    expect(splitSale(input({ model: 'commissionaire' }))).toMatchObject({
      code: 'model_unsupported',
    })
    expect(splitSale(input({ placeCountry: 'US' }))).toMatchObject({ code: 'market_unknown' })
    expect(() => split({ policy: { id: 'p', commissionBps: 10_001, partnerShareBps: 0 } })).toThrow(
      'basis points',
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { saleAtPrice } from '../booking/given-back.ts'
import type { SaleState } from '../booking/sale.ts'
import { add, grossToNet, money, sum } from '../money.ts'
import { partner, saleInput } from '../split/sale.fake.ts'
import { splitSale } from '../split/sale.ts'
import { dueOf, paidTo, type Split, type SplitInput } from '../split/split.ts'
import { type Commission, commissionOf } from './distribution.ts'

const eur = (amount: number) => money(amount, 'EUR')
const bps = fc.integer({ min: 0, max: 10_000 })

function split(input: SplitInput): Split {
  const made = splitSale(input)
  if (!made.ok) throw new Error(made.message)
  return made.split
}

const stateOf = (made: Split): SaleState => ({
  split: made,
  collected: { captured: dueOf(made), owed: eur(0), fee: null, source: 'asset:psp:EUR' },
  claim: { granted: eur(0), held: eur(0) },
})
const commissionIn = (made: Split) => made.legs.find(({ id }) => id === 'commission')?.net.amount

describe('a commission', () => {
  test('is within its bounds, nothing of nothing, and never more than the sale', () => {
    const commission: Commission = { bps: 1_000, floor: eur(50), cap: eur(500) }
    expect(commissionOf(eur(2_000), commission)).toEqual(eur(200))
    expect(commissionOf(eur(300), commission)).toEqual(eur(50))
    expect(commissionOf(eur(30), commission)).toEqual(eur(30))
    expect(commissionOf(eur(90_000), commission)).toEqual(eur(500))
    expect(commissionOf(eur(0), commission)).toEqual(eur(0))
    // A bound counts for sales in its own currency.
    expect(commissionOf(money(300, 'CHF'), commission)).toEqual(money(30, 'CHF'))
  })

  test('of a sale at nothing is no entry, whatever was agreed', () => {
    fc.assert(
      fc.property(bps, bps, (commissionBps, partnerShareBps) => {
        const made = split(saleInput({ gross: eur(0), commissionBps, partnerShareBps }))
        for (const leg of made.legs) expect(leg.gross.amount).toBe(0)
      }),
    )
  })

  test('falls with its sale in proportion, to the minor unit, whatever is given back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 0, max: 100 }),
        bps,
        (gross, percent, commissionBps) => {
          const input = saleInput({ gross: eur(gross), commissionBps })
          const before = split(input)
          const price = eur(Math.floor((gross * percent) / 100))
          const after = saleAtPrice(stateOf(before), input, price).state.split
          const { net } = grossToNet(price, before.legs[0]?.treatment.rate ?? '0')
          const fair = commissionOf(net, { bps: commissionBps }).amount
          expect(Math.abs((commissionIn(after) ?? 0) - fair)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

test('a partner has the same of a sale whether its share is paid out or given to the driver', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000_000 }),
      bps,
      bps,
      (gross, commissionBps, partnerShareBps) => {
        const input = saleInput({ gross: eur(gross), commissionBps, partnerShareBps })
        const paid = split(input)
        const given = split({ ...input, discountBy: partner })
        const gift = sum(
          given.contributions.map(({ amount }) => amount),
          'EUR',
        )
        expect(add(paidTo(given, partner), gift)).toEqual(paidTo(paid, partner))
        // The driver pays that much less, and everybody else is paid the same.
        expect(add(dueOf(given), gift)).toEqual(dueOf(paid))
        expect(given.shares).toEqual(paid.shares)
        expect(given.tax).toEqual(paid.tax)
      },
    ),
  )
})

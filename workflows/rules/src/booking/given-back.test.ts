import fc from 'fast-check'
import { expect, test } from 'vitest'
import { add, money, sum } from '../money.ts'
import type { Totals } from '../rating/policy.ts'
import { type FakeSale, partner, saleInput, splitOf } from '../split/sale.fake.ts'
import { dueOf, type SplitInput } from '../split/split.ts'
import { lessGivenBack, reducedSale, saleAtPrice } from './given-back.ts'
import type { SaleState } from './sale.ts'

const eur = (amount: number) => money(amount, 'EUR')
const line = (net: number, vat: number, rate: string) => ({
  rate,
  net: eur(net),
  vat: eur(vat),
  gross: eur(net + vat),
})
const totalsOf = (lines: ReturnType<typeof line>[]): Totals => ({
  net: sum(
    lines.map(({ net }) => net),
    'EUR',
  ),
  vat: sum(
    lines.map(({ vat }) => vat),
    'EUR',
  ),
  gross: sum(
    lines.map(({ gross }) => gross),
    'EUR',
  ),
  vat_lines: lines,
})

test('half of a price is given back with half of its tax', () => {
  const of = totalsOf([line(1_000, 190, '19.0')])
  expect(lessGivenBack({ amount: eur(595), of })).toEqual(totalsOf([line(500, 95, '19.0')]))
})

const amounts = fc.nat(500_000)
const prices = fc
  .array(fc.tuple(amounts, amounts), { minLength: 1, maxLength: 3 })
  .map((lines) => totalsOf(lines.map(([net, vat], index) => line(net, vat, `${index}`))))

test('what is left sums up line by line, is never negative, and is nothing once all is given back', () => {
  fc.assert(
    fc.property(prices, fc.nat(10_000), (of, bps) => {
      const amount = eur(Math.floor((of.gross.amount * bps) / 10_000))
      const left = lessGivenBack({ amount, of })
      expect(add(left.gross, amount)).toEqual(of.gross)
      expect(totalsOf(left.vat_lines as ReturnType<typeof line>[])).toEqual(left)
      for (const { net, vat, gross } of left.vat_lines) {
        expect(Math.min(net.amount, vat.amount, gross.amount)).toBeGreaterThanOrEqual(0)
        expect(add(net, vat)).toEqual(gross)
      }
      const none = lessGivenBack({ amount: of.gross, of })
      expect([none.net.amount, none.vat.amount, none.gross.amount]).toEqual([0, 0, 0])
    }),
  )
})

/** A paid sale, as it is split by these parties. */
function sold(sale: FakeSale): { state: SaleState; input: SplitInput } {
  const input = saleInput(sale)
  const split = splitOf(sale)
  const due = dueOf(split)
  const none = money(0, due.currency)
  const collected = { captured: due, owed: none, fee: null, source: 'asset:psp:EUR' }
  return { input, state: { split, collected, claim: { granted: none, held: none } } }
}
const plan = (amount: number) => ({ plan: { by: partner, amount: eur(amount) } })

test('the payer gets what was asked for, also where a partner gives a part of the price out of its share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 60_000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.constantFrom('public', 'discount', 'plan'),
      (gross, percent, basis) => {
        const { state, input } = sold({
          gross: eur(gross),
          ...(basis === 'discount' ? { discountBy: partner } : {}),
          ...(basis === 'plan' ? plan(Math.floor(gross / 3) + 1) : {}),
        })
        const { amount: paid } = dueOf(state.split)
        const asked = Math.max(1, Math.floor((paid * percent) / 100))
        fc.pre(paid > 0)
        const { payerGets, state: after } = reducedSale(state, input, eur(asked))
        expect(payerGets.amount).toBe(asked)
        expect(after.collected.captured.amount).toBe(paid - asked)
      },
    ),
    { numRuns: 400 },
  )
})

test('all that the payer paid is all of the price, and of a planned sale what its plan pays stays', () => {
  const discounted = sold({ gross: eur(10_000), discountBy: partner })
  expect(dueOf(discounted.state.split).amount).toBeLessThan(10_000)
  const whole = reducedSale(discounted.state, discounted.input, dueOf(discounted.state.split))
  expect(whole.splitInput.sale.gross).toEqual(eur(0))
  const planned = sold({ gross: eur(10_000), ...plan(4_000) })
  const left = reducedSale(planned.state, planned.input, eur(6_000))
  expect([left.splitInput.sale.gross, left.payerGets]).toEqual([eur(4_000), eur(6_000)])
})

test('a sale that should have cost nothing leaves its plan nothing to pay, and one in between lowers its driver first', () => {
  const { state, input } = sold({ gross: eur(10_000), ...plan(4_000) })
  const none = saleAtPrice(state, input, eur(0))
  expect([none.payerGets, none.splitInput.plan]).toEqual([eur(6_000), undefined])
  const part = saleAtPrice(state, input, eur(3_000))
  expect([part.payerGets, part.splitInput.plan?.amount]).toEqual([eur(6_000), eur(3_000)])
})

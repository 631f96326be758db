import fc from 'fast-check'
import { expect, test } from 'vitest'
import { add, money, sum } from '../money.ts'
import type { Totals } from '../rating/policy.ts'
import { lessGivenBack } from './given-back.ts'

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

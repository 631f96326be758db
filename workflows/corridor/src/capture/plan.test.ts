import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '@chargelane/rules/money'
import { planCaptures } from './plan.ts'

const held = (amount: number, least = 50) => ({ most: money(amount, 'EUR'), least })
const plan = (holds: number[], owed: number) => {
  const payments = holds.map((amount) => held(amount))
  return planCaptures(payments, owed).map(({ payment, amount }) => [
    payments.indexOf(payment),
    amount,
  ])
}

describe('what is owed is taken', () => {
  test.each([
    ['from one hold that covers it', [2_000], 1_180, [[0, 1_180]]],
    ['from the one that covers it alone, not from two', [2_000, 2_500], 2_400, [[1, 2_400]]],
    [
      'in the order held where the largest first would take as many',
      [2_000, 2_500],
      2_950,
      [
        [0, 2_000],
        [1, 950],
      ],
    ],
    [
      'from the two largest of three',
      [500, 2_000, 2_500],
      4_400,
      [
        [2, 2_500],
        [1, 1_900],
      ],
    ],
    [
      'with no part that is too small to be captured',
      [2_000, 2_000],
      2_030,
      [
        [0, 1_980],
        [1, 50],
      ],
    ],
    ['as far as is held', [2_000], 2_400, [[0, 2_000]]],
    ['from nothing', [], 2_400, []],
    ['not at all where nothing is owed', [2_000, 2_500], 0, []],
  ])('%s', (_how, holds, owed, expected) => {
    expect(plan(holds, owed)).toEqual(expected)
  })

  test('to the cent as far as is held, within each hold, by the fewest captures', () => {
    const holds = fc.array(fc.integer({ min: 50, max: 20_000 }), { maxLength: 5 })
    fc.assert(
      fc.property(holds, fc.integer({ min: 0, max: 100_000 }), (amounts, owed) => {
        const planned = planCaptures(
          amounts.map((amount) => held(amount)),
          owed,
        )
        const taken = planned.reduce((sum, { amount }) => sum + amount, 0)
        const all = amounts.reduce((sum, amount) => sum + amount, 0)
        expect(taken).toBe(Math.min(owed, all))
        for (const { payment, amount } of planned)
          expect(amount).toBeLessThanOrEqual(payment.most.amount)
        let left = owed
        let fewest = 0
        for (const amount of amounts.toSorted((a, b) => b - a)) {
          if (left > 0) fewest += 1
          left -= amount
        }
        expect(planned.length).toBe(fewest)
        expect(new Set(planned.map(({ payment }) => payment)).size).toBe(planned.length)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import {
  ceilToMultiple,
  exact,
  exactOf,
  format,
  hoursOf,
  minus,
  plus,
  ratioOf,
  taxFactor,
  times,
} from './exact.ts'
import {
  add,
  allocate,
  compare,
  exactMoney,
  exchange,
  exponentOf,
  fromDecimal,
  grossToNet,
  money,
  negate,
  netToGross,
  round,
  shareOf,
  subtract,
  sum,
  toDecimal,
} from './money.ts'

const eur = (amount: number): Money => money(amount, 'EUR')
const amounts = fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }).map(eur)

describe('money', () => {
  test('of two currencies is never combined', () => {
    const chf = money(100, 'CHF')
    for (const combine of [add, subtract, compare])
      expect(() => combine(eur(100), chf)).toThrow('EUR')
    expect(() => sum([chf], 'EUR')).toThrow('EUR')
  })

  test.each([0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
    '%s is no amount of minor units',
    (amount) => {
      expect(() => money(amount, 'EUR')).toThrow('safe integer')
    },
  )

  test('a sum beyond the safe integers stops instead of losing a cent', () => {
    expect(() => add(eur(Number.MAX_SAFE_INTEGER), eur(1))).toThrow('safe integer')
  })

  test.each([
    ['EUR', 2, '12.30', 1230],
    ['JPY', 0, '1230', 1230],
    ['KWD', 3, '1.230', 1230],
  ])('%s has %i decimals', (currency, exponent, text, amount) => {
    expect(exponentOf(currency)).toBe(exponent)
    expect(toDecimal(money(amount, currency))).toBe(text)
    expect(fromDecimal(text, currency)).toEqual(money(amount, currency))
  })

  test('a currency that is not known, or that is not decimal, is refused', () => {
    expect(() => money(1, 'XYZ')).toThrow('XYZ')
    expect(() => money(1, 'MGA')).toThrow('MGA')
  })
})

describe('rounding is half away from zero, so a refund mirrors its sale', () => {
  test.each([
    ['0.005', 1],
    ['0.0049', 0],
    ['0.015', 2],
    ['-0.005', -1],
    ['-0.015', -2],
    ['2.675', 268],
  ])('%s EUR is %i cents', (text, cents) => {
    expect(fromDecimal(text, 'EUR')).toEqual(eur(cents))
  })

  test('every function of one amount gives the negative of the negative', () => {
    const rate = fc.constantFrom('0', '7', '8.1', '19', '20', '25.5')
    const bps = fc.integer({ min: 0, max: 10_000 })
    fc.assert(
      fc.property(amounts, rate, bps, (amount, vat, share) => {
        expect(shareOf(negate(amount), share)).toEqual(negate(shareOf(amount, share)))
        expect(grossToNet(negate(amount), vat).net).toEqual(negate(grossToNet(amount, vat).net))
        expect(netToGross(negate(amount), vat).vat).toEqual(negate(netToGross(amount, vat).vat))
        expect(exchange(negate(amount), 'CHF', '0.9345').to).toEqual(
          negate(exchange(amount, 'CHF', '0.9345').to),
        )
      }),
    )
  })

  test('net and VAT always sum to the gross amount', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom('7', '8.1', '19', '25.5'), (amount, vat) => {
        const out = grossToNet(amount, vat)
        expect(add(out.net, out.vat)).toEqual(amount)
        const on = netToGross(amount, vat)
        expect(add(on.net, on.vat)).toEqual(on.gross)
      }),
    )
  })
})

describe('an allocation', () => {
  const weights = fc
    .array(fc.nat(100_000), { minLength: 1, maxLength: 12 })
    .filter((list) => list.some((weight) => weight > 0))

  test('never makes or loses a cent, and mirrors its negative', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, list) => {
        const parts = allocate(amount, list)
        expect(sum(parts, 'EUR')).toEqual(amount)
        expect(allocate(negate(amount), list)).toEqual(parts.map(negate))
      }),
    )
  })

  test('gives every part its exact share, up or down to the next minor unit', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, list) => {
        const whole = list.reduce((left, right) => left + right, 0)
        for (const [index, part] of allocate(amount, list).entries()) {
          const share = ratioOf(
            exactOf(amount.amount),
            exactOf(list[index] ?? 0),
            exactOf(whole),
            6,
          )
          expect(Math.abs(Number(format(minus(exactOf(part.amount), share))))).toBeLessThanOrEqual(
            1,
          )
        }
      }),
    )
  })

  test('gives what is left to the largest remainders, where dinero.js gives it to the largest weights', () => {
    expect(allocate(eur(11_135), [240, 686])).toEqual([eur(2_886), eur(8_249)])
    expect(allocate(eur(100), [1, 1, 1])).toEqual([eur(34), eur(33), eur(33)])
    expect(allocate(eur(7), [0, 5, 0])).toEqual([eur(0), eur(7), eur(0)])
  })

  test('refuses weights that say nothing', () => {
    for (const list of [[], [0, 0], [1, -1]])
      expect(() => allocate(eur(1), list)).toThrow('Invariant')
  })
})

describe('exact numbers', () => {
  const decimals = fc
    .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.nat(9))
    .map(([digits, scale]) => exactOf(digits, scale))

  test('print and read back unchanged', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(minus(exact(format(value, 18)), value).n).toBe(0n)
      }),
    )
  })

  test('hours are exact: three periods of 20 minutes are one hour', () => {
    const third = hoursOf(exactOf(1_200))
    expect(format(plus(plus(third, third), third), 18)).toBe('1')
    expect(format(times(exact('2.37'), third), 6)).toBe('0.79')
    const second = hoursOf(exactOf(1))
    expect(() => times(second, second)).toThrow('hours')
  })

  test.each([
    ['4.2167', '0.1', '4.3'],
    ['4.3', '0.1', '4.3'],
    ['0', '0.5', '0'],
    ['-0.2', '0.5', '0'],
  ])('%s in steps of %s is %s', (value, step, expected) => {
    expect(format(ceilToMultiple(exact(value), exact(step)))).toBe(expected)
  })

  test('tax is put on before anything is rounded', () => {
    expect(format(times(exact('0.4958'), taxFactor('19')))).toBe('0.590002')
    expect(round(times(exact('24.0321'), times(exact('0.4958'), taxFactor('19'))), 'EUR')).toEqual(
      eur(1418),
    )
  })
})

describe('an exchange', () => {
  test('is rounded to the target’s own minor unit and names what rounding added', () => {
    expect(exchange(money(1_234, 'CHF'), 'EUR', '1.0685')).toEqual({
      to: eur(1_319),
      residue: '0.00471',
    })
    expect(exchange(eur(1_000), 'JPY', '160.55').to).toEqual(money(1_606, 'JPY'))
    expect(exchange(money(1_000, 'JPY'), 'KWD', '0.0020015').to).toEqual(money(2_002, 'KWD'))
  })

  test('adds at most half a minor unit', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 1_000_000 }), (amount, units) => {
        const rate = format(exactOf(units, 4))
        const { to, residue } = exchange(amount, 'CHF', rate)
        const raw = times(exactMoney(amount), exact(rate))
        expect(format(minus(exactMoney(to), raw), 18)).toBe(residue)
        expect(Math.abs(Number(residue))).toBeLessThanOrEqual(0.005)
      }),
    )
  })

  test.each(['0', '-1'])('at a rate of %s is refused', (rate) => {
    expect(() => exchange(eur(1), 'CHF', rate)).toThrow('rate')
  })
})

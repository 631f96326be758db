import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exchange, money } from '../money.ts'
import { convertMoney, type FxRate } from './fx.ts'

const ecb = (quote: string, rate: string, asOf = '2026-11-20'): FxRate => ({
  id: `ecb:${asOf}:${quote}`,
  source: 'ecb',
  asOf,
  base: 'EUR',
  quote,
  rate,
})
const rates = [ecb('CHF', '0.9345'), ecb('GBP', '0.8712'), ecb('JPY', '171.25')]

const convert = (amount: number, from: string, to: string, table = rates) => {
  const result = convertMoney(money(amount, from), to, table)
  if (!result.ok) throw new Error(result.message)
  return result.conversion
}

describe('a conversion', () => {
  test('uses the published rate directly and keeps its source and date', () => {
    expect(convert(1_000, 'EUR', 'CHF')).toEqual({
      from: money(1_000, 'EUR'),
      to: money(935, 'CHF'),
      rateId: 'ecb:2026-11-20:CHF',
      source: 'ecb',
      asOf: '2026-11-20',
      rate: '0.9345',
      path: 'direct',
      rates: [rates[0]],
      residue: '0.005',
    })
  })

  test('goes backwards by the inverse and between two others across the base', () => {
    expect(convert(935, 'CHF', 'EUR')).toMatchObject({
      to: money(1_001, 'EUR'),
      rate: '1.0700909577',
      path: 'inverse',
    })
    expect(convert(1_000, 'CHF', 'GBP')).toMatchObject({
      to: money(932, 'GBP'),
      rate: '0.9322632424',
      path: 'cross',
      rateId: 'ecb:2026-11-20:CHF+ecb:2026-11-20:GBP',
    })
  })

  test('of a currency into itself changes nothing', () => {
    expect(convert(777, 'EUR', 'EUR')).toMatchObject({
      to: money(777, 'EUR'),
      path: 'identity',
      residue: '0',
    })
  })

  test('never crosses rates of two days, and never guesses', () => {
    const mixed = [ecb('CHF', '0.9345', '2026-11-19'), ecb('GBP', '0.8712')]
    expect(convertMoney(money(1, 'CHF'), 'GBP', mixed)).toMatchObject({
      ok: false,
      code: 'rate_missing',
    })
    expect(convertMoney(money(1, 'EUR'), 'SEK', rates)).toMatchObject({
      ok: false,
      code: 'rate_missing',
    })
  })

  test('can be redone from its own record, and mirrors its negative', () => {
    const currency = fc.constantFrom('EUR', 'CHF', 'GBP', 'JPY')
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000_000, max: 10_000_000 }),
        currency,
        currency,
        (amount, from, to) => {
          const conversion = convert(amount, from, to)
          expect(exchange(conversion.from, to, conversion.rate)).toEqual({
            to: conversion.to,
            residue: conversion.residue,
          })
          expect(convert(-amount, from, to).to.amount + conversion.to.amount).toBe(0)
        },
      ),
    )
  })
})

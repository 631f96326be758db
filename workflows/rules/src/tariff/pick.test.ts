import { describe, expect, test } from 'vitest'
import { type Listed, publicTariff } from './tariff.ts'

const one = (id: string, more: Partial<Listed> = {}) => ({
  id,
  type: null,
  start: null,
  price: id,
  state: 'sold' as const,
  ...more,
})

describe('the public tariff of a connector', () => {
  test.each([
    ['nothing listed', [], 'none'],
    [
      'the regular one before the ad hoc one',
      [one('a', { type: 'AD_HOC_PAYMENT' }), one('b', { type: 'REGULAR' })],
      'found b',
    ],
    ['one without a type is regular', [one('a', { type: 'PROFILE_GREEN' }), one('b')], 'found b'],
    [
      'the one that started last',
      [
        one('a'),
        one('b', { start: '2026-01-01T00:00:00Z' }),
        one('c', { start: '2025-01-01T00:00:00Z' }),
      ],
      'found b',
    ],
    ['two alike', [one('a', { price: 'x' }), one('b', { price: 'x' })], 'found a'],
    ['two that differ', [one('a'), one('b')], 'ambiguous'],
    [
      'two profiles',
      [one('a', { type: 'PROFILE_FAST' }), one('b', { type: 'PROFILE_GREEN' })],
      'ambiguous',
    ],
    [
      'a regular one on hold is not replaced by the ad hoc one',
      [one('a', { state: 'held' }), one('b', { type: 'AD_HOC_PAYMENT' })],
      'held a',
    ],
    ['one that is stale', [one('a', { state: 'stale' })], 'stale a'],
    ['one not allowed here', [one('a', { state: 'market' })], 'market a'],
    ['one unfit for sale', [one('a', { state: 'invalid' })], 'invalid a'],
    [
      'of two alike the one for sale',
      [one('a', { price: 'x', state: 'stale' }), one('b', { price: 'x' })],
      'found b',
    ],
  ])('%s', (_, listed, expected) => {
    const found = publicTariff(listed)
    const named = found.kind === 'none' || found.kind === 'ambiguous' ? '' : ` ${found.listed.id}`
    expect(`${found.kind}${named}`).toBe(expected)
  })
})

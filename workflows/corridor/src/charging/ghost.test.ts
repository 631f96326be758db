import { describe, expect, test } from 'vitest'
import { ghostDue } from './rules.ts'

const minute = 60_000
const usual = {
  startedAtMs: 0,
  lastGrowthAtMs: 5 * minute,
  nowMs: 0,
  ghostMs: 15 * minute,
  offline: false,
  parkingPriced: false,
}
const at = (minutes: number, more: Partial<Parameters<typeof ghostDue>[0]> = {}) =>
  ghostDue({ ...usual, nowMs: minutes * minute, ...more })

describe('the ghost rule (F21, R039)', () => {
  test.each([
    [14.9, 'not_yet', 15],
    [15, 'warn', 20],
    [19.9, 'warn', 20],
    [20, 'ghost', 20],
  ] as const)('at minute %d, ten, then fifteen after the last energy: %s', (now, kind, check) => {
    expect(at(now)).toEqual({ kind, checkAtMs: check * minute })
  })

  test.each([
    ['the charger cannot report', { offline: true }],
    ['a disclosed parking price runs', { parkingPriced: true }],
    ['no register can be read', { lastGrowthAtMs: undefined }],
  ])('rests while %s', (_, more) => {
    expect(at(90, more).kind).toBe('resting')
  })
})

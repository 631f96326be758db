import { describe, expect, test } from 'vitest'
import { judgePrice, standardPrices } from './tariff.ts'
import { now, market, part, element, energy, tariff } from './tariff.fake.ts'

const many = (prices: number[], count = 6) => Array.from({ length: count }, () => prices)

describe('an odd price (failures F19)', () => {
  const usual = [[1_200, 2_400, 700]]
  const judge = (next: number[], more: Partial<Parameters<typeof judgePrice>[0]> = {}) =>
    judgePrice({ next, past: usual, inForce: usual[0], peers: [], usualTimes: 5, ...more })

  test('a lost digit is held, with the figures', () => {
    expect(judge([120, 240, 70])).toEqual({
      basis: 'own_history',
      energyKwh: '20',
      durationS: 1_800,
      price: 120,
      median: 1_200,
      mad: 0,
      sample: 1,
      lift: 'operator',
    })
    expect(judge([12_000, 24_000, 7_000])).toMatchObject({ price: 12_000, lift: 'platform' })
  })
  test('a sale at half the price and a rise by half are changes like others', () => {
    expect(judge([600, 1_200, 350])).toBeUndefined()
    expect(judge([1_800, 3_600, 1_050])).toBeUndefined()
  })
  test('a fee for standing a hundred times too high is seen', () => {
    expect(judge([1_200, 2_400, 20_000])).toMatchObject({ energyKwh: '10', durationS: 10_800 })
  })
  test('what others ask clears a correction, and what was confirmed is not held again', () => {
    expect(judge([120, 240, 70], { peers: many([115, 230, 75]) })).toBeUndefined()
    expect(judge([120, 240, 70], { peers: many([115, 230, 75], 4) })).toBeDefined()
    expect(judge([120, 240, 70], { inForce: [130, 260, 75] })).toBeUndefined()
  })
  test('a high price is lifted by time, one out of all proportion by the platform alone', () => {
    expect(judge([3_600, 7_200, 2_100])).toMatchObject({ lift: 'time' })
    expect(judge([6_100, 12_200, 3_600])).toMatchObject({ lift: 'platform' })
    expect(judge([6_100, 12_200, 3_600], { usualTimes: 6 })).toMatchObject({ lift: 'time' })
    expect(judge([3_700, 7_300, 2_200], { usualTimes: 3 })).toMatchObject({ lift: 'platform' })
    // Not by steps either: the present price clears a step, and not the way it came.
    const inForce = [3_400, 6_800, 2_000]
    expect(judge([6_100, 12_200, 3_600], { inForce })).toMatchObject({ lift: 'platform' })
    expect(judge([3_600, 7_200, 2_100], { inForce })).toBeUndefined()
    // Nor where its own past is as high, and everybody else is not.
    const high = many([6_000, 12_000, 3_500], 1)
    expect(
      judge([6_100, 12_200, 3_600], {
        past: high,
        inForce: high[0],
        peers: many([1_200, 2_400, 700]),
      }),
    ).toMatchObject({ basis: 'peers', lift: 'platform' })
  })
  test('a first price is compared with others, when there are enough of them', () => {
    const peers = [1_100, 1_150, 1_200, 1_250, 1_300, 1_180].map((p) => [p, p * 2, p])
    expect(judge([120, 240, 120], { past: [], peers })).toMatchObject({ basis: 'peers', sample: 6 })
    expect(judge([120, 240, 120], { past: [], peers: peers.slice(2) })).toBeUndefined()
    expect(judge([900, 1_800, 900], { past: [], peers })).toBeUndefined()
  })
  test('standard sessions are priced whatever the dates of the tariff', () => {
    const announced = tariff([energy('0.5'), element([part('PARKING_TIME', '6')])], {
      start_date_time: '2027-01-01T00:00:00Z',
    })
    expect(standardPrices(announced, market('DE'), now)).toEqual([1_190, 2_380, 2_023])
  })
})

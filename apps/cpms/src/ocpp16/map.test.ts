import { expect, test } from 'vitest'
import { readingsOf } from './map.ts'

const timestamp = '2026-11-21T10:00:00Z'

test('samples of one instant are one reading, however many elements a charger spreads them over', () => {
  const one = [
    { measurand: 'Power.Active.Import', unit: 'W', value: '11000' },
    { measurand: 'SoC', value: '40' },
    { measurand: 'Energy.Active.Import.Register', unit: 'Wh', value: '11000' },
  ] as const
  const together = readingsOf([{ timestamp, sampledValue: [...one] }])
  expect(together).toEqual([
    expect.objectContaining({ claimedAt: timestamp, registerWh: '11000', powerW: 11_000 }),
  ])
  expect(readingsOf(one.map((sample) => ({ timestamp, sampledValue: [sample] })))).toEqual(together)
})

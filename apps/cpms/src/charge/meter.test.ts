import { expect, test } from 'vitest'
import { registerWh } from './meter.ts'

test.each([
  ['1234', 'Wh', '1234'],
  ['1234.567', 'Wh', '1234.567'],
  ['1.2345', 'kWh', '1234.5'],
  ['+007,5', 'Wh', '7.5'],
  ['-3', 'Wh', '-3'],
  ['1234.', 'Wh', '1234'],
  ['.5', 'kWh', '500'],
  ['1.2340000000000001', 'kWh', '1234'],
  ['1.234E4', 'Wh', '12340'],
  ['12345e-1', 'Wh', '1234.5'],
  ['1e400', 'Wh', undefined],
  ['.', 'Wh', undefined],
  ['NaN', 'Wh', undefined],
  ['', 'kWh', undefined],
  ['9'.repeat(20), 'Wh', undefined],
] as const)('%s %s is %s Wh', (value, unit, expected) => {
  expect(registerWh(value, unit)).toBe(expected)
})

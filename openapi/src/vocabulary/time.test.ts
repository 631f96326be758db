import { describe, expect, it } from 'vitest'
import { zInstant, zLocalDay } from './time.ts'

const isInstant = (text: string) => zInstant.safeParse(text).success
const isDay = (text: string) => zLocalDay.safeParse(text).success

describe('an instant', () => {
  it.each([
    '2026-11-30T14:20:00Z',
    '2026-11-30T14:20:00.5Z',
    // As Go writes it.
    '2026-11-30T14:20:00.123456789Z',
    '9999-12-31T23:59:59Z',
    '1000-01-01T00:00:00Z',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
  ])('may be %s', (text) => {
    expect(isInstant(text)).toBe(true)
  })

  it.each([
    '0000-01-01T00:00:00Z',
    '0999-12-31T23:59:59Z',
    '9999-12-31T23:59:59.999999999Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-30T24:00:00Z',
    '2026-11-30T14:20:00+01:00',
    '2026-11-30',
  ])('is not %s', (text) => {
    expect(isInstant(text)).toBe(false)
  })
})

it('a day is one of the calendar, in a year from 1000 on', () => {
  expect(['2024-02-29', '2026-12-31', '1000-01-01'].filter(isDay)).toHaveLength(3)
  expect(['2023-02-29', '2026-13-01', '0000-01-01', '2026-1-1'].filter(isDay)).toEqual([])
})

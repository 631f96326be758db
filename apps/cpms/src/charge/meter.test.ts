import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOfStart, laterInstant, startInstant } from '../line/clock.ts'
import { billableSeries, implausibility, registerWh } from './meter.ts'

const limit = { maxPowerW: 150_000, slackMs: 60_000 }
const at = (minutes: number) =>
  new Date(Date.UTC(2026, 10, 21, 10) + minutes * 60_000).toISOString()
const reading = (minutes: number, register: number | string, context?: string) => ({
  at: at(minutes),
  registerWh: String(register),
  ...(context === undefined ? {} : { context }),
})
const bill = (start: number, between: [number, number][], stop: number, minutes = 30) =>
  billableSeries(
    reading(0, start),
    between.map(([minute, register]) => reading(minute, register)),
    reading(minutes, stop),
    limit,
  )

describe('registers', () => {
  test.each([
    ['1234', 'Wh', '1234'],
    ['1234.567', 'Wh', '1234.567'],
    ['1.2345', 'kWh', '1234.5'],
    ['+007,5', 'Wh', '7.5'],
    ['-3', 'Wh', '-3'],
    ['1e400', 'Wh', undefined],
    ['NaN', 'Wh', undefined],
    ['', 'kWh', undefined],
    ['9'.repeat(20), 'Wh', undefined],
  ] as const)('%s %s is %s Wh', (value, unit, expected) => {
    expect(registerWh(value, unit)).toBe(expected)
  })

  test('a register may stand still or grow as fast as the power allows, and nothing else', () => {
    expect(implausibility(reading(0, 100), reading(10, 100), limit)).toBeUndefined()
    expect(implausibility(reading(0, 100), reading(10, 25_000), limit)).toBeUndefined()
    expect(implausibility(reading(0, 100), reading(10, 99), limit)).toBe('backwards')
    expect(implausibility(reading(0, 100), reading(10, 1_000_100), limit)).toBe('jump')
  })
})

describe('what is billed', () => {
  test('sound readings are billed from start to stop', () => {
    expect(
      bill(
        1_000,
        [
          [10, 11_000],
          [20, 21_000],
        ],
        31_000,
      ),
    ).toMatchObject({
      energyWh: '30000',
      review: null,
    })
  })

  test('one impossible reading in between changes nothing', () => {
    const spike = bill(
      1_000,
      [
        [10, 900_000],
        [20, 21_000],
      ],
      31_000,
    )
    expect(spike).toMatchObject({ energyWh: '30000', review: null })
    expect(spike.samples.map((sample) => sample.registerWh)).toEqual(['1000', '21000', '31000'])
  })

  test('a baseline of zero is not billed as the life of the meter', () => {
    expect(
      bill(
        0,
        [
          [1, 910_000],
          [20, 910_050],
        ],
        910_083,
      ),
    ).toMatchObject({
      energyWh: '83',
      review: 'register_rebased',
    })
  })

  test('readings relative to the session do not spoil the pair of start and stop', () => {
    expect(
      bill(
        910_000,
        [
          [10, 0],
          [20, 900],
        ],
        911_500,
      ),
    ).toMatchObject({
      energyWh: '1500',
      review: null,
    })
  })

  test('a stop that cannot be true bills up to the last believed reading', () => {
    expect(bill(1_000, [[10, 11_000]], 5_000_000)).toMatchObject({
      energyWh: '10000',
      review: 'register_implausible',
    })
    expect(bill(1_000, [], 0)).toMatchObject({
      energyWh: '0',
      review: 'register_implausible',
    })
  })

  test('the opening reading counts before a periodic one of the same instant, in whatever order they came', () => {
    const both = billableSeries(
      reading(0, 1_000),
      [reading(0, 1_900, 'Sample.Periodic'), reading(0, 1_000, 'Transaction.Begin')],
      reading(30, 31_000),
      limit,
    )
    expect(both).toMatchObject({ energyWh: '30000', review: null })
  })

  test('never more than the power allows, never less than nothing, whatever the readings say', () => {
    const register = fc.integer({ min: 0, max: 10_000_000 })
    fc.assert(
      fc.property(
        register,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), register), { maxLength: 20 }),
        register,
        (start, between, stop) => {
          const energyWh = Number(bill(start, between, stop).energyWh)
          expect(energyWh).toBeGreaterThanOrEqual(0)
          // 150 kW × 1.1 for half an hour, and the slack of a minute and a kilowatt-hour per reading.
          expect(energyWh).toBeLessThanOrEqual(82_500 + (between.length + 1) * 3_750 + 1)
        },
      ),
    )
  })
})

describe('clocks', () => {
  const limits = { clockAheadMaxMs: 300_000 }
  test('a clock within limits is believed, queued messages included', () => {
    expect(startInstant(at(0), at(2), limits)).toEqual({ startedAt: at(0), offsetMs: 0 })
    expect(startInstant(at(0), at(29 * 24 * 60), limits).startedAt).toBe(at(0))
    expect(startInstant(at(4), at(0), limits).startedAt).toBe(at(4))
  })

  test('a clock that was never set keeps its durations', () => {
    const start = startInstant('1970-01-01T00:00:00.000Z', at(0), limits)
    expect(start.startedAt).toBe(at(0))
    const transaction = { startedAt: start.startedAt, clockOffsetMs: start.offsetMs }
    const later = laterInstant('1970-01-01T00:25:00.000Z', at(26), limits, transaction)
    expect(later).toBe(at(25))
    // Set by the network in mid-session: from then on it is believed as it stands.
    expect(laterInstant(at(30), at(30), limits, transaction)).toBe(at(30))
  })

  test('a start cannot have been before the command that asked for it', () => {
    expect(startInstant(at(0), at(20), limits, at(19)).startedAt).toBe(at(20))
    expect(startInstant(at(17), at(20), limits, at(19)).startedAt).toBe(at(17))
  })

  test('what is claimed of before the start is of it only by a moment or by a clock never set', () => {
    const second = 1 / 60
    const sound = { startedAt: at(10), clockOffsetMs: 0 }
    expect(isOfStart(at(10 - second), at(20), limits, sound)).toBe(true)
    expect(isOfStart(at(5), at(20), limits, sound)).toBe(false)
    expect(isOfStart('1970-01-01T00:00:00.000Z', at(20), limits, sound)).toBe(true)
    const slow = { startedAt: at(10), clockOffsetMs: 7_200_000 }
    expect(isOfStart(at(10 - second - 120), at(20), limits, slow)).toBe(true)
  })

  test('no claim takes a reading before the start or beyond the limit ahead', () => {
    const transaction = { startedAt: at(10), clockOffsetMs: 0 }
    expect(laterInstant(at(5), at(20), limits, transaction)).toBe(at(20))
    expect(laterInstant(at(59), at(20), limits, transaction)).toBe(at(20))
    expect(laterInstant(undefined, at(20), limits, transaction)).toBe(at(20))
    expect(laterInstant(undefined, at(9), limits, transaction)).toBe(at(10))
  })
})

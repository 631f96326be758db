import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { billableSeries, implausibility, rolledOver, wattHoursOf } from './registers.ts'

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
  test('a register may stand still or grow as fast as the power allows, and nothing else', () => {
    expect(implausibility(reading(0, 100), reading(10, 100), limit)).toBeUndefined()
    expect(implausibility(reading(0, 100), reading(10, 25_000), limit)).toBeUndefined()
    expect(implausibility(reading(0, 100), reading(10, 99), limit)).toBe('backwards')
    expect(implausibility(reading(0, 100), reading(10, 1_000_100), limit)).toBe('jump')
  })
})

describe('what is billed', () => {
  test('a begin of zero that a charger told for want of its register poisons nothing after it', () => {
    const between = [reading(0, 0, 'Transaction.Begin'), reading(1, 909_948), reading(15, 914_948)]
    expect(billableSeries(reading(0, 0), between, reading(30, 919_948), limit)).toMatchObject({
      energyWh: '10000',
      review: 'register_rebased',
    })
  })

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

  test('a register that begins anew and grows from there is billed before and after', () => {
    const anew = bill(
      1_000,
      [
        [5, 4_000],
        [8, 500],
        [12, 2_000],
        [20, 3_500],
      ],
      5_000,
    )
    expect(anew).toMatchObject({ energyWh: '8000', review: 'register_begun_anew' })
    expect(anew.samples.map(({ registerWh }) => registerWh)).toEqual([
      '1000',
      '4000',
      '4500',
      '6000',
      '7500',
      '9000',
    ])
    expect(anew.doubtedWh).toBeUndefined()
  })

  test('one that may have been misread once is not: what would be missing is said', () => {
    expect(
      bill(
        1_000,
        [
          [5, 4_000],
          [8, 500],
        ],
        5_000,
      ),
    ).toMatchObject({
      energyWh: '4000',
      review: null,
      doubtedWh: '4000',
    })
  })

  test('an operator’s figures that fall are corrected, and are no register that begins anew', () => {
    const told = [
      [5, 4_000],
      [8, 500],
      [12, 2_000],
      [20, 3_500],
    ] as const
    const between = told.map(([minute, register]) => ({
      ...reading(minute, register),
      source: 'ocpi' as const,
    }))
    const billed = billableSeries(reading(0, 1_000), between, reading(30, 5_000), limit)
    expect(billed).toMatchObject({ energyWh: '4000', review: null })
    expect(billed.doubtedWh).toBeUndefined()
  })

  test('a single reading, however low, never makes a charge dearer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30_000 }),
        fc.integer({ min: 1, max: 29 }),
        (low, when) => {
          const sound: [number, number][] = [
            [5, 6_000],
            [10, 11_000],
            [15, 16_000],
            [20, 21_000],
            [25, 26_000],
          ]
          const read = [...sound, [when, low] as [number, number]].toSorted(([a], [b]) => a - b)
          expect(Number(bill(1_000, read, 31_000).energyWh)).toBeLessThanOrEqual(30_000)
        },
      ),
    )
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

const slow = { maxPowerW: 22_000, slackMs: 60_000 }

const meant = (before: number, after: number, minutes = 30, first = before) =>
  rolledOver(reading(0, before), reading(minutes, after), slow, reading(-60, first))?.registerWh

describe('a counter that begins anew', () => {
  test.each([
    ['five digits of kWh', 99_995_000, 3_000, '100003000'],
    ['six digits of kWh', 999_999_000, 9_000, '1000009000'],
    ['32 bits of Wh', 4_294_967_000, 5_000, '4294972296'],
    ['31 bits of a tenth of Wh', 214_748_000, 5_000, '214753364.8'],
  ])('goes on after %s', (_, before, after, registerWh) => {
    expect(meant(before, after)).toBe(registerWh)
  })

  test('goes on from where it went on before, also by what it shows later', () => {
    expect(meant(100_003_000, 9_000, 30, 99_995_000)).toBe('100009000')
  })

  test('is no register that was set back, nor one that more would have flowed through than can', () => {
    expect(meant(50_000_000, 3_000)).toBeUndefined()
    expect(meant(99_950_000, 3_000)).toBeUndefined()
    // It showed more than the counter could.
    expect(meant(100_003_000, 9_000)).toBeUndefined()
    // A small range is no evidence: any register stands near its end.
    expect(meant(990_000, 1_000, 120)).toBeUndefined()
  })
})

describe('a reading in Wh that calls itself kWh', () => {
  test('is read as Wh next to a register of a meter’s life, and next to no other', () => {
    const told = reading(30, '1239000000')
    expect(wattHoursOf(reading(0, '1234000'), told, slow)?.registerWh).toBe('1239000')
    expect(wattHoursOf(reading(0, '1234000'), reading(30, '1239000'), slow)).toBeUndefined()
    expect(wattHoursOf(reading(0, '0'), reading(30, '5000000'), slow)).toBeUndefined()
  })
})

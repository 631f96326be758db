import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { energyOf } from '../rating/usage.ts'
import { withoutTimeAfter } from './frozen.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 10, minute)).toISOString()
const period = (from: number, to: number, more: Partial<UsageRecord['periods'][number]> = {}) => ({
  start: at(from),
  end: at(to),
  charging: true,
  ...more,
})
const usage = (...periods: UsageRecord['periods']): UsageRecord => ({
  started_at: at(0),
  ended_at: at(120),
  time_zone: 'UTC',
  periods,
})

describe('fees that are frozen', () => {
  test('leave what was before as it is, and no time to what came after; energy stays where it was stated', () => {
    const told = usage(
      period(0, 30, { energy_kwh: '10' }),
      period(30, 60, { energy_kwh: '2', time_h: '0.25', parking_time_h: '0.25' }),
      period(60, 120, { charging: false, parking_time_h: '1', energy_kwh: '1' }),
    )
    expect(withoutTimeAfter(told, at(36)).periods).toEqual([
      period(0, 30, { energy_kwh: '10' }),
      period(30, 36, { energy_kwh: '2', time_h: '0.1', parking_time_h: '0' }),
      period(36, 60, { untimed: true }),
      period(60, 120, { charging: false, energy_kwh: '1', untimed: true }),
    ])
  })

  test('at the end of the usage change nothing', () => {
    const told = usage(period(0, 120, { energy_kwh: '10' }))
    expect(withoutTimeAfter(told, at(120))).toEqual(told)
  })

  test('never make or lose energy, and leave the periods in a row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 240 }),
        (lengths, frozen) => {
          let minute = 0
          const periods = lengths.map((length, n) => {
            const each = period(minute, minute + length, { energy_kwh: String(n + 1) })
            minute += length
            return each
          })
          const cut = withoutTimeAfter(usage(...periods), at(frozen))
          expect(energyOf(cut)).toBe(energyOf(usage(...periods)))
          for (const [n, each] of cut.periods.entries())
            expect(each.start).toBe(n === 0 ? at(0) : cut.periods[n - 1]?.end)
          expect(cut.periods.at(-1)?.end).toBe(at(minute))
        },
      ),
    )
  })
})

import { expect, test } from 'vitest'
import { leavesAt } from './calendar.ts'

const berlin = {
  time_zone: 'Europe/Berlin',
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  until: '17:00',
  holidays: ['2026-12-25'],
}

test('a payout leaves in the business hours of its agreement', () => {
  // Monday 09:00 in Berlin; the night; Friday evening; the night before Christmas, a Friday.
  expect(leavesAt(berlin, '2026-11-30T08:00:00.000Z')).toBe('2026-11-30T08:00:00.000Z')
  expect(leavesAt(berlin, '2026-11-30T00:05:00.000Z')).toBe('2026-11-30T07:00:00.000Z')
  expect(leavesAt(berlin, '2026-12-04T16:00:00.000Z')).toBe('2026-12-07T07:00:00.000Z')
  expect(leavesAt(berlin, '2026-12-24T18:00:00.000Z')).toBe('2026-12-28T07:00:00.000Z')
})

test('at any time without a calendar, and with one that never opens', () => {
  const now = '2026-11-30T00:05:00.000Z'
  expect(leavesAt(null, now)).toBe(now)
  expect(leavesAt({ ...berlin, days: [] }, now)).toBe(now)
})

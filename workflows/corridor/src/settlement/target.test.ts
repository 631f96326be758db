import { expect, test } from 'vitest'
import { executionDay, isTargetDay } from './target.ts'

test.each([
  ['2026-04-03', false, 'Good Friday'],
  ['2026-04-06', false, 'Easter Monday'],
  ['2027-03-26', false, 'Good Friday of another year'],
  ['2027-03-29', false, 'Easter Monday of another year'],
  ['2038-04-26', false, 'the latest Easter Monday'],
  ['2026-05-01', false, 'Labour Day'],
  ['2026-12-25', false, 'Christmas'],
  ['2027-01-01', false, 'New Year'],
  ['2026-11-28', false, 'a Saturday'],
  ['2026-05-14', true, 'Ascension, which is no holiday of TARGET'],
  ['2026-10-03', false, 'a Saturday that is also a German holiday'],
  ['2026-11-30', true, 'a Monday'],
])('%s is %s: %s', (day, isOpen) => {
  expect(isTargetDay(day)).toBe(isOpen)
})

test.each([
  ['2026-11-30T12:59:59.000Z', '2026-11-30', 'before the cut-off of 14:00 in winter'],
  ['2026-11-30T13:00:00.000Z', '2026-12-01', 'at the cut-off'],
  ['2026-07-01T12:00:00.000Z', '2026-07-02', 'summer time: 14:00 in Frankfurt'],
  ['2026-11-27T18:00:00.000Z', '2026-11-30', 'over a weekend'],
  ['2026-04-02T16:00:00.000Z', '2026-04-07', 'over Easter'],
  ['2026-12-31T23:30:00.000Z', '2027-01-04', 'the new year has begun in Frankfurt'],
])('an order at %s is executed on %s: %s', (now, day) => {
  expect(executionDay(now, '14:00')).toBe(day)
})

import { describe, expect, test } from 'vitest'
import { isOfStart, laterInstant, startInstant } from './clock.ts'

const at = (minutes: number) =>
  new Date(Date.UTC(2026, 10, 21, 10) + minutes * 60_000).toISOString()

describe('clocks', () => {
  const limits = { clockAheadMaxMs: 300_000 }
  test('a clock within limits is believed, queued messages included', () => {
    expect(startInstant(at(0), at(2), limits)).toEqual({ startedAt: at(0), offsetMs: 0 })
    expect(startInstant(at(0), at(29 * 24 * 60), limits).startedAt).toBe(at(0))
    expect(startInstant(at(4), at(0), limits).startedAt).toBe(at(4))
  })

  test('F31: a clock that was never set keeps its durations', () => {
    const start = startInstant('1970-01-01T00:00:00.000Z', at(0), limits)
    expect(start.startedAt).toBe(at(0))
    const transaction = { startedAt: start.startedAt, clockOffsetMs: start.offsetMs }
    const later = laterInstant('1970-01-01T00:25:00.000Z', at(26), limits, transaction)
    expect(later).toBe(at(25))
    // Set by the network in mid-session: from then on it is believed as it stands.
    expect(laterInstant(at(30), at(30), limits, transaction)).toBe(at(30))
  })

  test('a start cannot have been before the command that asked for it', () => {
    expect(startInstant(at(0), at(20), limits, { sentAt: at(19) }).startedAt).toBe(at(20))
    expect(startInstant(at(17), at(20), limits, { sentAt: at(19) }).startedAt).toBe(at(17))
  })

  test('nor an hour before its driver was shown on the same line, as a clock in another zone says', () => {
    const askedAt = at(299)
    expect(startInstant(at(0), at(300), limits, { askedAt })).toEqual({
      startedAt: at(300),
      offsetMs: 300 * 60_000,
    })
    expect(startInstant(at(239), at(300), limits, { askedAt }).startedAt).toBe(at(300))
    expect(startInstant(at(270), at(300), limits, { askedAt }).startedAt).toBe(at(270))
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

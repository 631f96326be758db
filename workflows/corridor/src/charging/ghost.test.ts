import { describe, expect, test } from 'vitest'
import { energyStoppedAt, ghostDue, hear, nothingHeard } from './rules.ts'
import type { EnergyFlow } from '@chargelane/db/queries/sessions/supply'

const minute = 60_000
const usual = {
  startedAtMs: 0,
  stoppedAtMs: 5 * minute,
  nowMs: 0,
  ghostMs: 15 * minute,
  isResting: false,
  parkingPriced: false,
  restedUntilMs: 0,
}
const at = (minutes: number, more: Partial<Parameters<typeof ghostDue>[0]> = {}) =>
  ghostDue({ ...usual, nowMs: minutes * minute, ...more })

describe('the ghost rule (F21, R039)', () => {
  test.each([
    [14.9, 'not_yet', 15],
    [15, 'warn', 20],
    [19.9, 'warn', 20],
    [20, 'ghost', 20],
  ] as const)('at minute %d, ten, then fifteen after the last energy: %s', (now, kind, check) => {
    expect(at(now)).toEqual({ kind, checkAtMs: check * minute })
  })

  test.each([
    ['the charger cannot report or holds energy back', { isResting: true }],
    ['a disclosed parking price runs', { parkingPriced: true }],
    ['no register can be read', { stoppedAtMs: undefined }],
  ])('rests while %s', (_, more) => {
    expect(at(90, more).kind).toBe('resting')
  })

  test('begins anew after a rest', () => {
    const restedUntilMs = 60 * minute
    expect(at(69, { restedUntilMs }).kind).toBe('not_yet')
    expect(at(74.9, { restedUntilMs })).toEqual({ kind: 'warn', checkAtMs: 75 * minute })
    expect(at(75, { restedUntilMs }).kind).toBe('ghost')
  })
})

const clockTime = (minutes: number) => new Date(minutes * minute).toISOString()
const reading = (minutes: number, wh: number, powerW: number | null = null) => ({
  at: clockTime(minutes),
  wh,
  powerW,
})
const stoppedAt = (flow: Partial<EnergyFlow>) => {
  const ms = energyStoppedAt({ grown: null, before: null, heldByVehicleSince: null, ...flow })
  return ms === undefined ? undefined : ms / minute
}

describe('energy stopped', () => {
  test.each([
    ['never, where no register was read', {}, undefined],
    ['with the only reading', { grown: reading(5, 1_000) }, 5],
    ['with the last growth, where no power is told', readAround(null, null), 10],
    ['with the last growth, where power still flows then', readAround(12_000, 6_000), 10],
    ['when the power before had given the rest', readAround(12_000, 0), 7.5],
    ['no earlier than it grew, where the power told is too low', readAround(1_200, 0), 10],
    ['when the car said so', { ...readAround(null, null), heldByVehicleSince: clockTime(6) }, 6],
    [
      'not when the car said so before it went on',
      { ...readAround(null, null), heldByVehicleSince: clockTime(4) },
      10,
    ],
    [
      'with the last growth, where the car only says so later',
      { ...readAround(null, null), heldByVehicleSince: clockTime(40) },
      10,
    ],
  ])('%s', (_, told, minutes) => {
    expect(stoppedAt(told)).toBe(minutes)
  })
})

/** Read at minutes 5 and 10, half a kilowatt-hour apart. */
function readAround(beforeW: number | null, grownW: number | null): Partial<EnergyFlow> {
  return { before: reading(5, 1_000, beforeW), grown: reading(10, 1_500, grownW) }
}

test('a pause is heard, and its end is where the time begins anew', () => {
  const told = (eventId: string, kind: 'charging_paused' | 'charging_resumed', minutes: number) =>
    ({ eventId, kind, at: clockTime(minutes) }) as const
  const paused = hear(
    hear(nothingHeard, told('a', 'charging_paused', 3)),
    told('b', 'charging_paused', 4),
  )
  expect(paused).toMatchObject({ pausedAt: clockTime(3), restedUntil: undefined })
  const resumed = hear(paused, told('c', 'charging_resumed', 30))
  expect(resumed).toMatchObject({ pausedAt: undefined, restedUntil: clockTime(30) })
})

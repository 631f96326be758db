/** Whether standing without charging costs something at an instant, by the compiled tariff that prices the session. */
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { parseInstant } from './clock.ts'
import { activate, type ActiveComponents, compiledOf, slotCount } from './compile.ts'
import type { Period } from './periods.ts'
import { ocpiPolicy } from './policy.ts'
import { scaled } from './scale.ts'
import { parkingSlot } from './walk.ts'

const scale = 18

/** A moment of a car that draws nothing. */
const standing = (instant: number): Period => ({
  start: instant,
  end: instant,
  energy: undefined,
  charging: undefined,
  parking: 0n,
  reserved: undefined,
  minPower: 0n,
  maxPower: 0n,
  minCurrent: 0n,
  maxCurrent: 0n,
  hoursRounded: false,
})

/** `energyWh` is what the session has taken until now. */
export function isParkingPriced(
  tariff: Tariff,
  at: { now: string; startedAt: string; timeZone: string; energyWh: string },
): boolean {
  const [instant, started] = [parseInstant(at.now), parseInstant(at.startedAt)]
  if (instant === undefined || started === undefined) return false
  const active: ActiveComponents = Array.from({ length: slotCount }, () => undefined)
  activate(
    active,
    compiledOf(tariff, ocpiPolicy, scale).charging,
    {
      instant,
      zone: at.timeZone,
      elapsedMicros: Math.max(0, instant - started),
      // Wh at the scale of kWh.
      energyKwh: scaled(at.energyWh, scale - 3),
      period: standing(instant),
    },
    ocpiPolicy.missing_power,
    1 << parkingSlot,
  )
  const price = active[parkingSlot]?.price
  return price !== undefined && price > 0n
}

/** The session a price is shown for before there is one: even power, then plugged in without charging. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { MarketProfile } from '../markets/profile.ts'
import { compareExact, exact, exactOf, format, ratioOf } from '../exact.ts'
import { formatInstant, microsPerSecond } from '../rating/clock.ts'

export type Expected = {
  usage: UsageRecord
  energyKwh: Decimal
  durationS: number
  /** All of the usage but when and where it is. */
  shape: string
}

export type ExpectedInput = {
  /** Start, in microseconds since 1970. */
  startMicros: number
  timeZone: string
  /** What the EVSE gives at most. */
  powerKw: Decimal
  current: 'AC' | 'DC'
  profile: Pick<MarketProfile, 'expected'>
  energyKwh?: Decimal
  durationS?: number
  /** Plugged in after that, without charging. */
  idleS?: number
}

/** Energy and power are the market's typical ones where nothing else is given; power never more than the EVSE's. */
export function expectedSession(input: ExpectedInput): Expected {
  const typical = input.profile.expected[input.current]
  const energyKwh = input.energyKwh ?? typical.energyKwh
  const most = exact(input.powerKw)
  const typicalPower = exact(typical.powerKw)
  const power = compareExact(most, typicalPower) < 0 ? most : typicalPower
  const needed = ratioOf(exact(energyKwh), exactOf(3_600), power, 0)
  const charging = Math.max(1, Number(needed.n / 9n))
  const durationS = input.durationS ?? charging
  const chargingS = Math.min(charging, durationS)
  const endS = durationS + (input.idleS ?? 0)
  const at = (seconds: number) => formatInstant(input.startMicros + seconds * microsPerSecond)
  const kw = format(power, 18)
  const periods: UsagePeriod[] = [
    {
      start: at(0),
      end: at(chargingS),
      charging: true,
      energy_kwh: energyKwh,
      min_power_kw: kw,
      max_power_kw: kw,
    },
  ]
  if (endS > chargingS) periods.push({ start: at(chargingS), end: at(endS), charging: false })
  const usage = { started_at: at(0), ended_at: at(endS), time_zone: input.timeZone, periods }
  return { usage, energyKwh, durationS, shape: `${energyKwh} ${kw} ${chargingS} ${endS}` }
}

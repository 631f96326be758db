// The operator's own bill, computed its own way: the session is cut at every minute at which a price may change, each
// stretch is priced by the first element that fits, and whole numbers carry it all. Nothing of the product is used,
// so that an agreement of both is evidence.
import { type CpoTariff, cpoTimeZone } from './data.ts'

/** Energy in Wh that flowed until each instant (ms since 1970), first to last; the first is the start. */
export type Flow = { at: number; wh: number }[]

export type BilledPeriod = {
  start: number
  end: number
  wh: number
}

export type Bill = {
  periods: BilledPeriod[]
  wh: number
  seconds: number
  /** Decimal numbers with at most four digits after the point, as OCPI 2.2.1 §16.2 advises. */
  exclVat: number
  inclVat: number
}

const localClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: cpoTimeZone,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const clockAt = (at: number) => localClock.format(at)

export function bill(flow: Flow, tariff: CpoTariff): Bill {
  const [first, last] = [flow[0], flow.at(-1)]
  if (first === undefined || last === undefined) throw new Error('a session without a meter')
  const cuts = cutsOf(first.at, last.at, tariff)
  const periods = cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] ?? last.at
    return { start, end, wh: whUntil(flow, end) - whUntil(flow, start) }
  })
  // One unit is a ten-millionth of a franc divided by 3600: energy and time share it without a fraction.
  let net = 0n
  for (const period of periods) {
    const energy = priceAt(tariff, 'ENERGY', first.at, period.start)
    const time = priceAt(tariff, 'TIME', first.at, period.start)
    net += energy * BigInt(period.wh) * 3_600n
    net += time * BigInt(Math.round((period.end - period.start) / 1000)) * 1_000n
  }
  const vat = BigInt(Math.round((tariff.elements[0]?.price_components[0]?.vat ?? 0) * 10))
  return {
    periods,
    wh: last.wh - first.wh,
    seconds: Math.round((last.at - first.at) / 1000),
    exclVat: fourDigits(net, 3_600_000n),
    inclVat: fourDigits(net * (1_000n + vat), 3_600_000_000n),
  }
}

/** Half up at the fourth digit: value / unit is the amount in ten-thousandths of a franc. */
const fourDigits = (value: bigint, unit: bigint) =>
  Number((value * 2n + unit) / (unit * 2n)) / 10_000

/** Every instant at which the duration passes a restriction or the clock passes one. */
function cutsOf(start: number, end: number, tariff: CpoTariff): number[] {
  const cuts = new Set([start, end])
  for (const { restrictions } of tariff.elements) {
    if (restrictions?.min_duration !== undefined) cuts.add(start + restrictions.min_duration * 1000)
    const clocks = [restrictions?.start_time, restrictions?.end_time]
    const firstMinute = Math.ceil(start / 60_000) * 60_000
    for (let minute = firstMinute; minute < end; minute += 60_000) {
      if (clocks.includes(clockAt(minute))) cuts.add(minute)
    }
  }
  const sorted = [...cuts].filter((at) => at >= start && at <= end).toSorted((a, b) => a - b)
  // A session that ended as it began still has its one period.
  return sorted.length > 1 ? sorted : [start, end]
}

/** Ten-thousandths of a franc per kWh or hour; the first element that fits and has the component counts. */
function priceAt(tariff: CpoTariff, type: 'ENERGY' | 'TIME', start: number, at: number): bigint {
  const clock = clockAt(at)
  for (const { price_components, restrictions } of tariff.elements) {
    const component = price_components.find((it) => it.type === type)
    if (component === undefined) continue
    const { start_time = '00:00', end_time = '24:00', min_duration = 0 } = restrictions ?? {}
    const isInDay =
      start_time < end_time
        ? clock >= start_time && clock < end_time
        : clock >= start_time || clock < end_time
    if (isInDay && at - start >= min_duration * 1000) {
      return BigInt(Math.round(component.price * 10_000))
    }
  }
  return 0n
}

/** Between two readings energy is taken to flow evenly; whole Wh. */
function whUntil(flow: Flow, at: number): number {
  const after = flow.findIndex((reading) => reading.at >= at)
  const [before, next] = [flow[after - 1], flow[after]]
  if (next === undefined) return flow.at(-1)?.wh ?? 0
  if (before === undefined || next.at === at) return next.wh
  return before.wh + Math.round(((next.wh - before.wh) * (at - before.at)) / (next.at - before.at))
}

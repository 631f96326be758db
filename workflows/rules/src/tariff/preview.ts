/** How a tariff reads: example sessions priced by the one price function, with a curve that a console can draw. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { MarketProfile } from '../markets/profile.ts'
import { ratingPolicyOf } from '../markets/markets.ts'
import { compareExact, exact, exactOf, format, plus, ratioOf, times, zero } from '../exact.ts'
import { exactMoney, exponentOf, money, toDecimal } from '../money.ts'
import { formatInstant, microsPerSecond, parseInstant } from '../rating/clock.ts'
import {
  cutAtBoundaries,
  rate,
  type RatedLine,
  type Rating,
  type RatingRefusal,
} from '../rating/rating.ts'

/** A session to price: even power until the energy is in, then plugged in without charging until the end. */
export type ExampleSession = {
  energyKwh: Decimal
  powerKw: Decimal
  durationS: number
  /** UTC. */
  start: string
  /** Zone of the charger, in which the tariff's hours and days are read. */
  timeZone: string
}

export type ExampleLine = {
  type: TariffDimension
  element: number
  component: number
  unit: 'kWh' | 's' | 'session'
  quantity: Decimal
  billed_quantity: Decimal
  vat_rate: Decimal | null
  /** Including VAT, major units; exact, before the one rounding of the total. */
  amount: Decimal
}

export type CurvePoint = { elapsed_s: number; energy_wh: number; amount: number }

export type Example = {
  session: ExampleSession
  total: Money
  /** Null where a price without tax must not be shown. */
  net: Money | null
  tax_lines: { rate: Decimal | null; vat: Money }[]
  /** The whole price by the energy, tax included, in the market's unit; null without energy. */
  comparable: { value: Decimal; text: string } | null
  lines: ExampleLine[]
  curve: CurvePoint[]
}

export type ExampleResult = { ok: true; example: Example } | RatingRefusal

/** Seconds a session charges: as long as its energy takes at its power, at most its duration. */
function chargingSeconds({ energyKwh, powerKw, durationS }: ExampleSession): number {
  if (compareExact(exact(powerKw), zero) <= 0) return durationS
  const needed = ratioOf(exact(energyKwh), exactOf(3_600), exact(powerKw), 0)
  const whole = Number(format(needed, 0))
  return Math.max(1, Math.min(durationS, whole))
}

/** The first `elapsedS` seconds of an example as a usage record. Energy comes in evenly. */
export function exampleUsage(session: ExampleSession, elapsedS = session.durationS): UsageRecord {
  const start = parseInstant(session.start) ?? 0
  const at = (seconds: number) => formatInstant(start + seconds * microsPerSecond)
  const whole = chargingSeconds(session)
  const charging = Math.min(whole, elapsedS)
  const energy = format(ratioOf(exact(session.energyKwh), exactOf(charging), exactOf(whole), 4), 4)
  const periods: UsagePeriod[] = [
    {
      start: at(0),
      end: at(charging),
      charging: true,
      energy_kwh: energy,
      min_power_kw: session.powerKw,
      max_power_kw: session.powerKw,
    },
  ]
  if (elapsedS > charging) periods.push({ start: at(charging), end: at(elapsedS), charging: false })
  return { started_at: at(0), ended_at: at(elapsedS), time_zone: session.timeZone, periods }
}

const curvePoints = 24

/** Prices one session under a market's reading, or says why it has no price. */
export function priceExample(
  tariff: Tariff,
  profile: MarketProfile,
  session: ExampleSession,
): ExampleResult {
  const policy = ratingPolicyOf(profile, session.start)
  if (policy === undefined)
    return {
      ok: false,
      code: 'price_unavailable',
      path: 'market_profile',
      message: 'this market is not open for sale',
    }
  const reading = cutAtBoundaries(policy)
  const priceAfter = (seconds: number) =>
    rate({ tariff, usage: exampleUsage(session, seconds), policy: reading })
  const whole = priceAfter(session.durationS)
  if (!whole.ok) return whole
  const { totals } = whole.rating
  const curve: CurvePoint[] = []
  for (let point = 1; point <= curvePoints; point++) {
    const elapsed = Math.max(1, Math.round((session.durationS * point) / curvePoints))
    const rated = priceAfter(elapsed)
    if (!rated.ok || curve.at(-1)?.elapsed_s === elapsed) continue
    const [first] = exampleUsage(session, elapsed).periods
    curve.push({
      elapsed_s: elapsed,
      energy_wh: Number(format(times(exact(first?.energy_kwh ?? '0'), exactOf(1_000)), 0)),
      amount: rated.rating.totals.gross.amount,
    })
  }
  return {
    ok: true,
    example: {
      session,
      total: totals.gross,
      net: profile.priceDisplay.showsNet ? totals.net : null,
      tax_lines: totals.vat_lines.map(({ rate: vatRate, vat }) => ({ rate: vatRate, vat })),
      comparable: comparablePrice(totals.gross, session.energyKwh, profile),
      lines: linesOf(whole.rating, profile.priceDisplay.componentOrder),
      curve,
    },
  }
}

/**
 * What a kWh of this session costs all in all, in the unit the market compares by: `0.6400 EUR/kWh`, `69.00 p/kWh`
 * (SI 2023/1168 reg. 11 wants it in pence, for bundled offers too).
 */
export function comparablePrice(
  gross: Money,
  energyKwh: Decimal,
  profile: MarketProfile,
): Example['comparable'] {
  if (compareExact(exact(energyKwh), zero) <= 0) return null
  const unit = profile.priceDisplay.comparableUnit
  const perKwh = (value: { readonly n: bigint; readonly s: number }, digits: number) =>
    format(ratioOf(value, exactOf(1), exact(energyKwh), digits), digits)
  const value = perKwh(exactMoney(gross), 4)
  const inHundredths = !unit.startsWith(gross.currency)
  const digits = exponentOf(gross.currency)
  const shown = inHundredths ? perKwh(exactOf(gross.amount), 2) : value
  return { value, text: `${padded(shown, inHundredths ? 2 : digits)} ${unit}` }
}

/** At least so many decimals, as prices are written. */
function padded(value: Decimal, digits: number): string {
  const [whole = '0', fraction = ''] = value.split('.')
  return digits === 0 && fraction === '' ? whole : `${whole}.${fraction.padEnd(digits, '0')}`
}

/** The lines of all periods, one per component of the tariff, in the market's order. */
function linesOf(rating: Rating, order: readonly TariffDimension[]): ExampleLine[] {
  const groups = new Map<string, RatedLine[]>()
  for (const line of rating.periods.flatMap(({ lines }) => lines)) {
    const key = `${line.element}/${line.component}`
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { type, element, component, unit, vat_rate } = first
    const sum = (value: (line: RatedLine) => Decimal) =>
      format(
        group.reduce((total, line) => plus(total, exact(value(line))), zero),
        12,
      )
    return [
      {
        type,
        element,
        component,
        unit,
        vat_rate,
        quantity: sum(({ quantity }) => quantity),
        billed_quantity: sum((line) => line.billed_quantity),
        amount: sum(({ gross }) => gross),
      },
    ]
  })
  return lines.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
}

/**
 * The sessions a tariff is shown by: the market's typical one on AC and on DC, the same with two hours of standing
 * afterwards, and a small one. Powers stop at what the connector gives.
 */
export function marketExamples(
  profile: MarketProfile,
  place: { start: string; timeZone: string; current: 'AC' | 'DC'; powerKw: Decimal | undefined },
): ExampleSession[] {
  const typical = profile.expected[place.current]
  const most = place.powerKw
  const powerKw =
    most !== undefined && compareExact(exact(most), exact(typical.powerKw)) < 0
      ? most
      : typical.powerKw
  const session = (energyKwh: Decimal, extraS: number): ExampleSession => {
    const bare = {
      energyKwh,
      powerKw,
      durationS: 31_536_000,
      start: place.start,
      timeZone: place.timeZone,
    }
    return { ...bare, durationS: chargingSeconds(bare) + extraS }
  }
  return [session(typical.energyKwh, 0), session(typical.energyKwh, 7_200), session('10', 0)]
}

// ── Plot ────────────────────────────────────────────────────────────────────────────────────────────────────────

const plot = { width: 640, height: 360, left: 64, right: 616, top: 24, bottom: 312 }
const colours = ['#0a6e5c', '#b4451f', '#3457a6', '#7a5c00', '#6b2f7a']

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The least of 1, 2 or 5 times a power of ten that makes at most so many steps of a length. */
function niceStep(length: number, steps: number): number {
  const unit = 10 ** Math.floor(Math.log10(length / steps))
  return (
    [1, 2, 5, 10].map((factor) => factor * unit).find((step) => step * steps >= length) ?? length
  )
}

function ticksUpTo(most: number, step: number): number[] {
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}

/** The curves of the examples as a drawing: minutes to the right, price upwards. */
export function plotSvg(title: string, currency: string, examples: readonly Example[]): string {
  const points = examples.flatMap(({ curve }) => curve)
  const lastMin = Math.max(1, ...points.map(({ elapsed_s }) => elapsed_s / 60))
  const most = Math.max(10, ...points.map(({ amount }) => amount))
  const minutesShown = ticksUpTo(lastMin, Math.max(1, niceStep(lastMin, 6)))
  const amounts = ticksUpTo(most, niceStep(most, 5))
  const [rightmost, topmost] = [minutesShown.at(-1) ?? lastMin, amounts.at(-1) ?? most]
  const x = (minutes: number) => plot.left + ((plot.right - plot.left) * minutes) / rightmost
  const y = (amount: number) => plot.bottom - ((plot.bottom - plot.top) * amount) / topmost
  const text = (amount: number) => toDecimal(money(amount, currency))
  const grid = [
    ...amounts.flatMap((amount) => [
      `<line x1="${plot.left}" x2="${plot.right}" y1="${y(amount)}" y2="${y(amount)}" stroke="#ddd"/>`,
      `<text x="${plot.left - 6}" y="${y(amount) + 4}" text-anchor="end">${text(amount)}</text>`,
    ]),
    ...minutesShown.map(
      (minutes) =>
        `<text x="${x(minutes)}" y="${plot.bottom + 18}" text-anchor="middle">${minutes} min</text>`,
    ),
  ]
  // A price rises to the right, so the corner below is where a legend hides nothing.
  const legendTop = plot.bottom - 8 - (examples.length - 1) * 16
  const lines = examples.flatMap(({ curve, session, total }, index) => {
    const colour = colours[index % colours.length] ?? '#000'
    const path = curve.map((it) => `${x(it.elapsed_s / 60).toFixed(1)},${y(it.amount).toFixed(1)}`)
    const label = `${session.energyKwh} kWh, ${Math.round(session.durationS / 60)} min: ${text(total.amount)} ${currency}`
    return [
      `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="${2 + 2 * (examples.length - 1 - index)}" stroke-opacity="0.8"/>`,
      `<text x="${plot.right - 4}" y="${legendTop + index * 16}" text-anchor="end" fill="${colour}">${escaped(label)}</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${plot.width} ${plot.height}" font-family="sans-serif" font-size="11" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${plot.width}" height="${plot.height}" fill="#fff"/>`,
    ...grid,
    ...lines,
    `<text x="${plot.left}" y="${plot.height - 12}">${escaped(title)}</text>`,
    '</svg>',
  ].join('\n')
}

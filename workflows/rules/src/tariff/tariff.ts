/**
 * What is looked at before a tariff is sold. Every finding names the field in the operator's own spelling and says
 * what to change; an error keeps the tariff from being sold, and nothing is ever priced at zero instead.
 */
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile } from '../markets/profile.ts'
import { vatRateOf } from '../markets/markets.ts'
import { compareExact, exact, exactOf, zero } from '../exact.ts'
import { formatInstant, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { bandTexts, type MarketFault, marketFaults, unknownMarket } from './market.ts'
import { unpricedOf } from './free.ts'
import { priceText } from './pick.ts'
import {
  type Box,
  boxesOf,
  type Budget,
  describe,
  firstDay,
  type Grid,
  gridOf,
  newBudget,
  uncovered,
} from './space.ts'

export { type Anomaly, judgePrice, medianOf, standardPrices, standardSessions } from './anomaly.ts'
export { isMarketRule, marketFaults } from './market.ts'
export { taxFaults } from './tax.ts'
export {
  type Listed,
  priceText,
  type PublicTariff,
  publicTariff,
  type Unsold,
  unsoldText,
} from './pick.ts'
export {
  comparablePrice,
  type Example,
  type ExampleSession,
  exampleUsage,
  marketExamples,
  plotSvg,
  priceExample,
} from './preview.ts'

export type Severity = 'error' | 'warning'
export type Finding = { path: string; rule: string; severity: Severity; message: string }

/** Alike connectors that list the tariff. */
export type UsedAt = { country: string; powerW: number; count: number }

export type ReviewContext = {
  /** Receipt, UTC. */
  now: string
  /** The profile of every market we sell in, in force when the tariff begins to count. */
  markets: readonly MarketProfile[]
  /** ISO 3166-1 alpha-2 of the party, for a tariff that no connector lists yet. */
  partyCountry: string
  usedAt: readonly UsedAt[]
  /** The version whose price is asked until now. */
  previous?: Tariff | undefined
}

export type Review = {
  findings: Finding[]
  status: 'valid' | 'invalid'
  /** First instant at which the version counts: never before its receipt (failures F20). */
  effectiveFrom: string
  /** The price ends here: `end_date_time`, or the day before the first situation without a price. */
  soldUntil: string | null
  /** Per country the connector power in W from which it is not sold there; 0 is nowhere in that country. */
  marketLimits: Record<string, number>
}

/** A change may be dated back by what clocks differ and messages take (failures F20). */
export const skewMicros = 5 * 60 * microsPerSecond
const dayMicros = 86_400 * microsPerSecond

const isZero = (price: string) => compareExact(exact(price), zero) === 0
const isReservation = (element: Tariff['elements'][number]) =>
  element.restrictions?.reservation !== undefined

/** Reviews a canonical tariff as it would be sold. Pure on its input. */
export function reviewTariff(tariff: Tariff, context: ReviewContext): Review {
  const now = parseInstant(context.now) ?? 0
  const start = parseInstant(tariff.start_date_time ?? '') ?? now
  const effectiveFrom = formatInstant(Math.max(now, start))
  const today = Math.floor(now / dayMicros)
  const grid = gridOf(tariff, today - 1)
  const budget = newBudget()
  const gaps = findGaps(tariff, grid, today, budget)
  const market = reviewMarkets(tariff, context, effectiveFrom)
  const findings = [
    ...contradictions(tariff),
    ...gaps.findings,
    ...overlaps(tariff, grid, budget),
    ...freeOfCharge(tariff),
    ...market.findings,
    ...absentTaxes(tariff, context, effectiveFrom),
    ...manners(tariff, context),
    ...dating(tariff, context, now),
    ...(budget.steps < 0 ? [tooComplex] : []),
  ]
  const ends = [parseInstant(tariff.end_date_time ?? ''), gaps.until].filter(
    (end) => end !== undefined,
  )
  return {
    findings,
    status: findings.some(({ severity }) => severity === 'error') ? 'invalid' : 'valid',
    effectiveFrom,
    soldUntil: ends.length === 0 ? null : formatInstant(Math.min(...ends)),
    marketLimits: market.limits,
  }
}

const tooComplex: Finding = {
  path: 'elements',
  rule: 'too_complex',
  severity: 'warning',
  message:
    'The restrictions of the elements cross each other so often that gaps and overlaps could not all be looked for.',
}

// ── Restrictions ────────────────────────────────────────────────────────────────────────────────────────────────

const ranges = [
  ['min_kwh', 'max_kwh', 'kWh'],
  ['min_power', 'max_power', 'kW'],
  ['min_current', 'max_current', 'A'],
] as const

function contradictions(tariff: Tariff): Finding[] {
  const findings: Finding[] = []
  const refuse = (path: string, message: string) =>
    findings.push({ path, rule: 'restriction_contradictory', severity: 'error', message })
  for (const [index, element] of tariff.elements.entries()) {
    const r = element.restrictions
    if (r === undefined) continue
    const path = `elements[${index}].restrictions`
    for (const [low, high, unit] of ranges) {
      const [from, to] = [r[low], r[high]]
      if (from !== undefined && to !== undefined && compareExact(exact(from), exact(to)) >= 0)
        refuse(`${path}.${high}`, `${high} ${to} ${unit} must be more than ${low} ${from} ${unit}.`)
    }
    const { min_duration: least, max_duration: most } = r
    if (least !== undefined && most !== undefined && least >= most)
      refuse(
        `${path}.max_duration`,
        `max_duration ${most} s must be more than min_duration ${least} s.`,
      )
    if (r.start_date !== undefined && r.end_date !== undefined && r.start_date >= r.end_date)
      refuse(
        `${path}.end_date`,
        `end_date ${r.end_date} is the first day it no longer holds, so it must be after start_date ${r.start_date}.`,
      )
    const start = r.start_time ?? '00:00'
    if (r.end_time !== undefined && r.end_time === start && r.end_time !== '00:00')
      refuse(`${path}.end_time`, `start_time and end_time are both ${start}: an empty window.`)
    if (r.start_time === '00:00' && r.end_time === '00:00') continue
    const energy = element.price_components.findIndex(({ type }) => type === 'ENERGY')
    if (r.reservation !== undefined && energy >= 0)
      refuse(
        `elements[${index}].price_components[${energy}].type`,
        'A reservation uses no energy, so an element restricted to reservations cannot price ENERGY.',
      )
  }
  const { min_price: floor, max_price: ceiling } = tariff
  if (
    floor !== undefined &&
    ceiling !== undefined &&
    compareExact(exact(floor.excl_vat), exact(ceiling.excl_vat)) > 0
  )
    refuse('max_price.excl_vat', 'max_price must not be less than min_price.')
  return findings
}

// ── Gaps and overlaps ───────────────────────────────────────────────────────────────────────────────────────────

const nameOf: Record<TariffDimension, string> = {
  ENERGY: 'energy (ENERGY)',
  TIME: 'charging time (TIME)',
  PARKING_TIME: 'parking time (PARKING_TIME)',
  FLAT: 'the start of a session (FLAT)',
}

/** Days without any price keep a tariff from sale, at once or from then on; free usage is sold and told. */
function findGaps(
  tariff: Tariff,
  grid: Grid,
  today: number,
  budget: Budget,
): { findings: Finding[]; until: number | undefined } {
  const { missing, free } = unpricedOf(tariff, grid, budget)
  const isNow = (gap: Box) => firstDay(gap, grid) <= today + 1
  const later = missing.filter((gap) => !isNow(gap)).map((gap) => firstDay(gap, grid))
  return {
    findings: [
      ...missing.map((gap) => ({
        path: 'elements',
        rule: 'gap',
        severity: isNow(gap) ? ('error' as const) : ('warning' as const),
        message: `Nothing has a price: ${describe(gap, grid)}. What is free must be said with price 0.`,
      })),
      ...free.boxes.map((gap) => ({
        path: 'elements',
        rule: 'free_usage',
        severity: 'warning' as const,
        message: `No element prices ${nameOf[free.type]}: ${describe(gap, grid)}. It is sold as free of charge; confirm the tariff if it is meant so.`,
      })),
    ],
    until: later.length === 0 ? undefined : (Math.min(...later) - 1) * dayMicros,
  }
}

/** OCPI 2.2.1 §11.4.4: the first element whose restrictions hold counts, so a later one may never come to its turn. */
function overlaps(tariff: Tariff, grid: Grid, budget: Budget): Finding[] {
  const findings: Finding[] = []
  const earlier: { type: TariffDimension; element: number; text: string; boxes: Box[] }[] = []
  for (const [index, element] of tariff.elements.entries()) {
    const isApart = isReservation(element)
    const boxes = isApart ? [] : boxesOf(element.restrictions, grid)
    const seen = new Set<TariffDimension>()
    for (const [at, component] of element.price_components.entries()) {
      const path = `elements[${index}].price_components[${at}]`
      if (seen.has(component.type)) {
        findings.push({
          path,
          rule: 'component_duplicate',
          severity: 'error',
          message: `The element prices ${nameOf[component.type]} twice; only the first would count.`,
        })
        continue
      }
      seen.add(component.type)
      if (boxes.length === 0) continue
      const before = earlier.filter(({ type }) => type === component.type)
      const text = `${component.price} ${component.vat ?? ''}`
      const over = before.flatMap((it) => it.boxes)
      const isHidden =
        over.length > 0 && boxes.every((box) => uncovered(over, box, budget, 1)?.length === 0)
      if (isHidden) {
        const harmless = before.every((it) => it.text === text)
        findings.push({
          path,
          rule: 'overlap',
          severity: harmless ? 'warning' : 'error',
          message: `This price of ${nameOf[component.type]} never counts: elements before it always match first. Put the special case before the general one.`,
        })
      }
      earlier.push({ type: component.type, element: index, text, boxes })
    }
  }
  return findings
}

function freeOfCharge(tariff: Tariff): Finding[] {
  const elements = tariff.elements.filter((element) => !isReservation(element))
  const components = elements.flatMap(({ price_components }) => price_components)
  const floor = tariff.min_price === undefined || isZero(tariff.min_price.excl_vat)
  if (components.length === 0 || !floor || !components.every(({ price }) => isZero(price)))
    return []
  const isSaid = elements.some(
    ({ restrictions, price_components }) =>
      restrictions === undefined && price_components.some(({ type }) => type === 'FLAT'),
  )
  if (isSaid) return []
  return [
    {
      path: 'elements',
      rule: 'free_not_stated',
      severity: 'error',
      message:
        'Every price is 0. If charging is free, say so with an unrestricted FLAT component of price 0 (OCPI 2.2.1 §11).',
    },
  ]
}

// ── Markets ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What the markets say. A tariff that no connector can be sold under is invalid; one that breaks a rule at some
 * connectors only, or would at connectors it has not got yet, is sold at the others.
 */
function reviewMarkets(tariff: Tariff, context: ReviewContext, from: string) {
  const limits: Record<string, number> = {}
  const findings: Finding[] = []
  let unsold = 0
  const blocked = new Set<UsedAt>()
  const drafts: { finding: Omit<Finding, 'severity'>; hits: UsedAt[] }[] = []
  const own = ownCountries(context)
  for (const [country, faults] of faultsByCountry(tariff, context, from)) {
    const used = context.usedAt.filter((place) => place.country === country)
    for (const fault of faults) {
      limits[country] = Math.min(limits[country] ?? Number.MAX_SAFE_INTEGER, fault.fromW)
      const hits = used.filter(({ powerW }) => powerW >= fault.fromW)
      for (const hit of hits) blocked.add(hit)
      if (!own.has(country)) continue
      if (context.usedAt.length === 0 && fault.fromW === 0) unsold++
      const { path, rule, message } = fault
      const where = bandTexts(fault, countOf(hits), countOf(used))
      drafts.push({
        finding: { path, rule, message: `${message} ${where}` },
        hits,
      })
    }
  }
  const isUnsold =
    unsold > 0 || (context.usedAt.length > 0 && blocked.size === context.usedAt.length)
  for (const { finding, hits } of drafts) {
    const counts = context.usedAt.length === 0 ? true : hits.length > 0
    findings.push({ ...finding, severity: isUnsold && counts ? 'error' : 'warning' })
  }
  return { findings: firstOfEach(findings), limits }
}

/** Of every market we sell in, and of the countries where the tariff is used though we sell nothing there. */
function faultsByCountry(
  tariff: Tariff,
  context: ReviewContext,
  from: string,
): Map<string, MarketFault[]> {
  const faults = new Map(
    context.markets.map((profile) => [profile.country, marketFaults(tariff, profile, from)]),
  )
  for (const country of ownCountries(context))
    if (!faults.has(country)) faults.set(country, [unknownMarket(country)])
  return faults
}

const countOf = (places: readonly UsedAt[]) => places.reduce((sum, { count }) => sum + count, 0)

/** Where a tariff is used, or its party's country when it is not used yet. */
const ownCountries = ({ usedAt, partyCountry }: ReviewContext): Set<string> =>
  new Set(usedAt.length === 0 ? [partyCountry] : usedAt.map(({ country }) => country))

/** VAT that is not stated is the market's (a driver's price includes it), which the operator is told. */
function absentTaxes(tariff: Tariff, context: ReviewContext, from: string): Finding[] {
  if (tariff.tax_included === 'N/A') return []
  const own = ownCountries(context)
  const [first] = context.markets.flatMap((profile) => {
    const rate = own.has(profile.country) ? vatRateOf(profile, 'energy', from) : undefined
    return rate === undefined ? [] : [{ rate, country: profile.country }]
  })
  if (first === undefined) return []
  return firstOfEach(
    tariff.elements.flatMap(({ price_components }, index) =>
      price_components.flatMap(({ vat }, at) =>
        vat !== undefined
          ? []
          : [
              {
                path: `elements[${index}].price_components[${at}].vat`,
                rule: 'vat_absent',
                severity: 'warning' as const,
                message: `No VAT is given; ${first.rate} % of ${first.country} is used.`,
              },
            ],
      ),
    ),
  )
}

// ── Manners and dates ───────────────────────────────────────────────────────────────────────────────────────────

/** Legal, but discouraged or without effect. */
function manners(tariff: Tariff, context: ReviewContext): Finding[] {
  const findings: Finding[] = []
  const strongest = Math.max(...context.usedAt.map(({ powerW }) => powerW), 0)
  for (const [index, { price_components, restrictions }] of tariff.elements.entries()) {
    for (const [at, { type, step_size: step }] of price_components.entries()) {
      if (step <= 1 || type === 'FLAT') continue
      findings.push({
        path: `elements[${index}].price_components[${at}].step_size`,
        rule: 'step_size',
        severity: 'warning',
        message: `step_size ${step} bills more than was used; 1 is advised (OCPI 2.3.0 §11.4.2).`,
      })
    }
    const least = restrictions?.min_power
    if (
      least !== undefined &&
      strongest > 0 &&
      compareExact(exact(least), exactOf(strongest, 3)) > 0
    )
      findings.push({
        path: `elements[${index}].restrictions.min_power`,
        rule: 'restriction_out_of_reach',
        severity: 'warning',
        message: `min_power ${least} kW is more than any connector under this tariff gives (${strongest} W).`,
      })
  }
  return firstOfEach(findings)
}

/** A change counts from its receipt; dated back, it is told to the operator and not applied to the past (failures F20). */
function dating(tariff: Tariff, context: ReviewContext, now: number): Finding[] {
  const findings: Finding[] = []
  const start = parseInstant(tariff.start_date_time ?? '')
  const end = parseInstant(tariff.end_date_time ?? '')
  const { previous } = context
  if (
    previous !== undefined &&
    start !== undefined &&
    start < now - skewMicros &&
    priceText(previous) !== priceText(tariff)
  )
    findings.push({
      path: 'start_date_time',
      rule: 'retroactive',
      severity: 'warning',
      message: `The new price is dated back to ${tariff.start_date_time}. It counts from its receipt, ${context.now}; sessions before keep the price they were shown.`,
    })
  if (end !== undefined && end <= now)
    findings.push({
      path: 'end_date_time',
      rule: 'expired',
      severity: 'warning',
      message: `The tariff ended at ${tariff.end_date_time}; nothing is sold under it.`,
    })
  return findings
}

/** Says a thing once, with how often: forty elements without VAT are one remark. */
function firstOfEach(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, { first: Finding; count: number }>()
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.message}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { first: finding, count: 1 })
    else known.count++
  }
  return [...counts.values()].map(({ first, count }) =>
    count === 1
      ? first
      : { ...first, message: `${first.message} (${count} times; this is the first.)` },
  )
}

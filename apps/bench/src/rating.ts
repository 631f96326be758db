// What one CDR costs to price, on one core, beside the independent engines that `npm run test:oracles` has built.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  canonicalTariff,
  ocpiPolicy,
  price,
  rate,
  type RatingPolicy,
  usageFromCdr,
} from '@chargelane/rules/rating'
import { percentile } from './figures.ts'

const zone = 'Europe/Amsterdam'
const hour = 3_600_000
const start = Date.UTC(2026, 2, 27, 15, 40)
const at = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

const week = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

const energyAt = (index: number) => ({
  type: 'ENERGY',
  price: 0.25 + index / 100,
  vat: 21,
  step_size: 1,
})

/** Every kind of restriction that a published tariff uses, over as many elements; the last ones always hold. */
function elementsOf(count: number): unknown[] {
  const parking = { type: 'PARKING_TIME', price: 3.6, vat: 21, step_size: 60 }
  const restricted = Array.from({ length: count - 1 }, (_, index) => {
    const kinds = [
      { start_time: '07:00', end_time: '09:30', day_of_week: week.slice(0, 5) },
      { start_time: '22:00', end_time: '06:00', min_kwh: 40 + index },
      { max_power: 4 + index / 10, min_duration: 600 },
      { start_date: '2026-12-24', end_date: '2026-12-27' },
      { min_duration: 72_000 + index, day_of_week: ['SUNDAY'] },
    ]
    return { price_components: [energyAt(index)], restrictions: kinds[index % kinds.length] }
  })
  return [...restricted, { price_components: [energyAt(30), parking] }]
}

function tariffOf(elements: number): unknown {
  const [first] = elementsOf(1)
  return {
    country_code: 'NL',
    party_id: 'BEN',
    id: `elements-${elements}`,
    currency: 'EUR',
    elements:
      elements === 1
        ? [{ price_components: [{ type: 'ENERGY', price: 0.55, vat: 21, step_size: 1 }] }]
        : [...elementsOf(elements).slice(0, -1), first],
    last_updated: '2026-01-01T00:00:00Z',
  }
}

/** A session of so many periods of four minutes, over a change of the clocks when it is long enough. */
function cdrOf(periods: number): unknown {
  const length = 240_000
  const end = start + periods * length
  const energy = 0.7331
  const zero = { excl_vat: 0, incl_vat: 0 }
  return {
    country_code: 'NL',
    party_id: 'BEN',
    id: `cdr-${periods}`,
    start_date_time: at(start),
    end_date_time: at(end),
    cdr_token: { country_code: 'NL', party_id: 'BEN', uid: 't', type: 'RFID', contract_id: 'c' },
    auth_method: 'WHITELIST',
    cdr_location: {
      id: 'l',
      address: 'a',
      city: 'c',
      country: 'NLD',
      coordinates: { latitude: '52.370216', longitude: '4.895168' },
      evse_uid: 'e',
      evse_id: 'NL*BEN*E1',
      connector_id: '1',
      connector_standard: 'IEC_62196_T2',
      connector_format: 'SOCKET',
      connector_power_type: 'AC_3_PHASE',
    },
    currency: 'EUR',
    charging_periods: Array.from({ length: periods }, (_, index) => ({
      start_date_time: at(start + index * length),
      dimensions: [
        { type: 'ENERGY', volume: energy },
        { type: 'TIME', volume: 0.0667 },
        { type: 'MIN_POWER', volume: 10.4 },
        { type: 'MAX_POWER', volume: 11 },
      ],
    })),
    total_cost: zero,
    total_energy: Number((energy * periods).toFixed(4)),
    total_time: Number(((end - start) / hour).toFixed(4)),
    last_updated: at(end),
  }
}

type Case = { elements: number; periods: number; line: string; tariff: string; cdr: string }

function caseOf(elements: number, periods: number): Case {
  const tariff = tariffOf(elements)
  const cdr = cdrOf(periods)
  const id = `${elements}x${periods}`
  return {
    elements,
    periods,
    line: JSON.stringify({ id, ocpi: 'v221', timezone: zone, tariff, cdr }),
    tariff: JSON.stringify(tariff),
    cdr: JSON.stringify(cdr),
  }
}

function readTariff(text: string): Tariff {
  const read = canonicalTariff(JSON.parse(text))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.tariff
}

function readUsage(text: string): UsageRecord {
  const read = usageFromCdr(JSON.parse(text), zone)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.usage
}

/** Median microseconds of a call over rounds of a tenth of a second, the first of them left out. */
function microsOf(call: () => unknown): number {
  const rounds: number[] = []
  for (let round = 0; round < 8; round++) {
    let calls = 0
    const begin = performance.now()
    let took = 0
    while (took < 100) {
      for (let index = 0; index < 20; index++) call()
      calls += 20
      took = performance.now() - begin
    }
    if (round > 0) rounds.push((took * 1000) / calls)
  }
  return percentile(rounds, 50)
}

const oracleNames = ['ocpi-tariffs', 'ocpi-kit'] as const
type OracleName = (typeof oracleNames)[number]

/** Microseconds per pair from JSON to totals; undefined where the engine is not built on this machine. */
function oracleMicros(name: OracleName, cases: readonly Case[]): number[] | undefined {
  const program = join(homedir(), '.cache/chargelane/oracles/target/release', `oracle-${name}`)
  if (!existsSync(program)) return undefined
  const lines = execFileSync(program, ['--bench', '300'], {
    input: `${cases.map((each) => each.line).join('\n')}\n`,
    encoding: 'utf8',
    timeout: 120_000,
  })
  return lines
    .trim()
    .split('\n')
    .map((nanos) => Number(nanos) / 1000)
}

export type RatingFigures = {
  elements: number
  periods: number
  priceMicros: number
  explainedMicros: number
  knownTariffMicros: number
  fromJsonMicros: number
  oracleMicros: Record<OracleName, number | null>
  perSecond: number
}[]

/** Our price alone, our price with every line explained, and both ways from JSON to totals. */
export function benchRating(policy: RatingPolicy = ocpiPolicy): RatingFigures {
  const sizes = [
    [1, 1],
    [1, 3],
    [1, 200],
    [20, 1],
    [20, 3],
    [10, 100],
    [10, 200],
    [20, 100],
    [20, 200],
  ] as const
  const cases = sizes.map(([elements, periods]) => caseOf(elements, periods))
  const oracles = Object.fromEntries(oracleNames.map((name) => [name, oracleMicros(name, cases)]))
  return cases.map((each, index) => {
    const tariff = readTariff(each.tariff)
    const usage = readUsage(each.cdr)
    const priceMicros = microsOf(() => price({ tariff, usage, policy }))
    const knownTariffMicros = microsOf(() => price({ tariff, usage: readUsage(each.cdr), policy }))
    const oracle = (name: OracleName) => oracles[name]?.[index] ?? null
    return {
      elements: each.elements,
      periods: each.periods,
      priceMicros,
      explainedMicros: microsOf(() => rate({ tariff, usage, policy })),
      knownTariffMicros,
      fromJsonMicros: microsOf(() =>
        price({ tariff: readTariff(each.tariff), usage: readUsage(each.cdr), policy }),
      ),
      oracleMicros: { 'ocpi-tariffs': oracle('ocpi-tariffs'), 'ocpi-kit': oracle('ocpi-kit') },
      perSecond: Math.round(1e6 / knownTariffMicros),
    }
  })
}

const shown = (micros: number | null) =>
  micros === null ? 'not built' : micros < 100 ? micros.toFixed(1) : micros.toFixed(0)

/** The rows of the report, in microseconds per CDR on one core. */
export function ratingTable(figures: RatingFigures): string {
  const rows = figures.map((each) => {
    const oracle = each.oracleMicros['ocpi-tariffs']
    const ratio = oracle === null ? '' : (each.fromJsonMicros / oracle).toFixed(2)
    return `| ${each.elements} | ${each.periods} | ${shown(each.priceMicros)} | ${shown(each.explainedMicros)} | ${shown(each.knownTariffMicros)} (${each.perSecond} /s) | ${shown(each.fromJsonMicros)} | ${shown(oracle)} | ${shown(each.oracleMicros['ocpi-kit'])} | ${ratio} |`
  })
  return `## Rating, microseconds per CDR on one core

The oracles read the same JSON, tariff and CDR, to totals. The ratio is ours from JSON to theirs, both
reading everything afresh; a known tariff is one compiled before, as the product keeps it.

| elements | periods | price | every line explained | CDR from JSON, known tariff | both from JSON | ocpi-tariffs | ocpi-kit | ratio |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

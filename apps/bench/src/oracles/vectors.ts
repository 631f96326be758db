/** The vectors that ship inside the `ocpi-tariffs` crate, read where cargo keeps it: real tariffs and real records. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { differencesOf, type OcpiName, priceRecord, type RecordTotals } from '../rate-record.ts'
import { engineReadings, ocpiPolicy, type RatingPolicy } from '@chargelane/rules/rating'
import type { FirstEngine } from './compare.ts'
import { ask, say } from './engines.ts'

const crate = 'ocpi-tariffs-0.54.0'

function vectorsFolder(): string | undefined {
  const sources = join(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'registry', 'src')
  if (!existsSync(sources)) return undefined
  return readdirSync(sources)
    .map((registry) => join(sources, registry, crate, 'test_data'))
    .find((folder) => existsSync(folder))
}

type Json = Record<string, unknown>

/** The crate's files are JSON with whole-line comments. */
function readJson(file: string): Json {
  return JSON.parse(withoutComments(file))
}

const withoutComments = (file: string) => readFileSync(file, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '')
const readRun = (file: string): { input: Json; expect: Wanted } => JSON.parse(withoutComments(file))

type Answer = FirstEngine & { error?: string }
const readAnswer = (line: string | undefined): Answer => JSON.parse(line ?? '{}')

const folders = (folder: string) => readdirSync(folder).map((name) => join(folder, name))

// ── Real tariffs, sessions made by the crate ────────────────────────────────────────────────────────────────────

type Expected = { value: { excl_vat: number }; tolerance: number } | null
type Wanted = {
  total_cost?: Expected
  total_energy_cost?: Expected
  total_idle_cost?: Expected
}
type Run = { name: string; tariff: Json; input: Json; expected: Wanted }

function popularRuns(root: string): Run[] {
  return folders(join(root, 'popular')).flatMap((folder) => {
    const tariff = readJson(join(folder, 'tariff.json'))
    return readdirSync(folder)
      .filter((file) => file.startsWith('test_run'))
      .map((file) => {
        const { input, expect } = readRun(join(folder, file))
        const name = `${folder.slice(-7)}/${file.replace('.json', '')}`
        return { name, tariff, input, expected: expect }
      })
  })
}

/** Within the tolerance the vector states; an amount the vector says is absent may be zero. */
function meets(totals: RecordTotals, expected: Wanted): boolean {
  const wanted = [
    ['total_cost', expected.total_cost],
    ['total_energy_cost', expected.total_energy_cost],
    ['total_parking_cost', expected.total_idle_cost],
  ] as const
  return wanted.every(([field, want]) => {
    const ours = totals[field]
    if (want === undefined) return true
    if (want === null) return ours === null || Number(ours.excl_vat) === 0
    const away = Math.abs(Number(ours?.excl_vat ?? Number.NaN) - want.value.excl_vat)
    return away <= want.tolerance + 1e-9
  })
}

const nothing = { excl_vat: '0', incl_vat: null }

const costFields = [
  'total_cost',
  'total_energy_cost',
  'total_time_cost',
  'total_parking_cost',
  'total_fixed_cost',
] as const

const near = (a: string | null, b: string | null) =>
  a === null || b === null || Math.abs(Number(a) - Number(b)) < 0.00015

/** The same totals to the last of four decimals. */
function equals(totals: RecordTotals, engine: FirstEngine): boolean {
  return costFields.every((field) => {
    const ours = totals[field]
    // The crate has no total where nothing is to be paid.
    const theirs = engine[field] ?? (field === 'total_cost' ? nothing : null)
    if (ours === null || theirs === null) return ours === null && theirs === null
    return Number(ours.excl_vat) === Number(theirs.excl_vat) && near(ours.incl_vat, theirs.incl_vat)
  })
}

const readMade = (line: string): { cdr?: Json } => JSON.parse(line)

async function checkPopular(root: string, program: string): Promise<boolean> {
  const runs = popularRuns(root)
  const made = await ask(
    program,
    runs.map(({ name, tariff, input }) => JSON.stringify({ id: name, tariff, input })),
    ['--generate'],
  )
  const records = made.map((line) => readMade(line).cdr)
  const answers = await ask(
    program,
    runs.map(({ name, tariff, input }, index) =>
      JSON.stringify({
        id: name,
        ocpi: 'v221',
        timezone: input['timezone'],
        tariff,
        cdr: records[index] ?? {},
      }),
    ),
  )
  let met = 0
  let equal = 0
  for (const [index, { name, tariff, input, expected }] of runs.entries()) {
    const timezone = String(input['timezone'])
    const priced = priceRecord({ ocpi: 'v221', timezone, tariff, cdr: records[index] })
    const engine = readAnswer(answers[index])
    const totals = priced.ok ? priced.totals : undefined
    const isMet = totals !== undefined && meets(totals, expected)
    const isEqual = totals !== undefined && engine.error === undefined && equals(totals, engine)
    met += isMet ? 1 : 0
    equal += isEqual ? 1 : 0
    if (!isMet || !isEqual)
      say(
        `  ${name}: ${priced.ok ? JSON.stringify(priced.totals) : priced.error.message}; wanted ${JSON.stringify(expected)}; the engine ${JSON.stringify(engine.total_cost ?? engine.error)}`,
      )
  }
  const tariffs = new Set(runs.map(({ tariff }) => tariff)).size
  say(
    `${tariffs} real Dutch tariffs, ${runs.length} sessions: ${met} meet the expected costs, ${equal} equal ocpi-tariffs to the fourth decimal`,
  )
  return met === runs.length && equal === runs.length
}

// ── Real records ────────────────────────────────────────────────────────────────────────────────────────────────

type Dispute = { reason: string; because: string; ours: string | null }

/** Records whose own total is not ours: what we give, the reason in the words of a dispute, and how it comes about. */
const disputed: Record<string, Dispute> = {
  'v211/custom_tariff_dimension/cdr.json': {
    reason: 'UNPRICED_QUANTITY',
    because:
      'the tariff has a congestion fee no OCPI version knows; 11 kWh at 0.32 by step_size are 3.52',
    ours: '3.52',
  },
  'v211/issue_59_allego/cdr.json': {
    reason: 'ROUNDING',
    because: 'the operator rounds energy 13.3371 and occupying 11.7470 to cents before adding them',
    ours: '25.0841',
  },
  'v211/unordered_cdr_periods/cdr.json': {
    reason: 'ROUNDING',
    because:
      'the operator cuts energy 21.8453, time 5.9004 and occupying 11.3759 to cents before adding them',
    ours: '39.1215',
  },
  'v221/codeberg_issue_228/cdr.json': {
    reason: 'ROUNDING',
    because:
      'the operator rounds each period to cents, 1.60 and 0.23; its first period begins before the session',
    ours: '1.837',
  },
  'v211/zero_energy_use/cdr.json': {
    reason: 'PERIODS_DO_NOT_SUM',
    because: 'a period states a time below zero; ocpi-tariffs gives no total either',
    ours: null,
  },
  'v221/periods_state_no_time/cdr.json': {
    reason: 'PERIODS_DO_NOT_SUM',
    because: 'no period states the time the total charges for',
    ours: '6',
  },
  'v221/periods_state_no_time_tariff_prices_parking/cdr.json': {
    reason: 'PERIODS_DO_NOT_SUM',
    because: 'no period states the occupying the total charges for',
    ours: '6',
  },
}

type Real = { name: string; ocpi: OcpiName; tariff: Json | undefined; cdr: Json }

function realRecords(root: string): Real[] {
  return (['v211', 'v221'] as const).flatMap((ocpi) =>
    folders(join(root, ocpi, 'real_world')).flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.startsWith('cdr'))
        .map((file) => {
          const own = join(folder, 'tariff.json')
          return {
            name: `${ocpi}/${folder.split('/').at(-1) ?? ''}/${file}`,
            ocpi,
            tariff: existsSync(own) ? readJson(own) : undefined,
            cdr: readJson(join(folder, file)),
          }
        }),
    ),
  )
}

/** A record prices as expected when it gives its own total, or the one a dispute names; and always as the crate does. */
function judge({ name, cdr, tariff, ocpi }: Real, engine: Answer): { ok: boolean; text: string } {
  const price = (policy: RatingPolicy) =>
    priceRecord({ ocpi, timezone: 'Europe/Amsterdam', tariff, cdr }, policy)
  const priced = price(ocpiPolicy)
  const asFirst = price(engineReadings['ocpi-tariffs'])
  const theirs = engine.total_cost ?? null
  const isEqual = asFirst.ok ? equals(asFirst.totals, engine) : theirs === null
  const total = priced.ok ? priced.totals.total_cost : null
  const apart = priced.ok ? differencesOf(cdr, { total_cost: total }) : []
  const dispute = disputed[name]
  const parts = isEqual
    ? []
    : [
        `ocpi-tariffs gives ${JSON.stringify(engine.error ?? theirs)}, its reading here ${JSON.stringify(asFirst)}`,
      ]
  if (!priced.ok) parts.push(`refused: ${priced.error.message}`)
  for (const { field, ours, stated } of apart)
    parts.push(`${field} ${ours ?? 'none'}, the record says ${stated}`)
  if (dispute !== undefined) parts.push(`${dispute.reason}: ${dispute.because}`)
  const isKnown = dispute !== undefined && (total?.excl_vat ?? null) === dispute.ours
  const isOwn = priced.ok && apart.length === 0 && dispute === undefined
  return { ok: isEqual && (isOwn || isKnown), text: parts.join('; ') }
}

async function checkReal(root: string, program: string): Promise<boolean> {
  const records = realRecords(root)
  const answers = await ask(
    program,
    records.map(({ name, ocpi, tariff, cdr }) =>
      JSON.stringify({ id: name, ocpi, timezone: 'Europe/Amsterdam', tariff, cdr }),
    ),
  )
  let good = 0
  let disputes = 0
  for (const [index, record] of records.entries()) {
    const engine = readAnswer(answers[index])
    const { ok, text } = judge(record, engine)
    good += ok ? 1 : 0
    disputes += disputed[record.name] === undefined ? 0 : 1
    if (!ok || text !== '') say(`  ${ok ? 'disputed' : 'WRONG'} ${record.name}: ${text}`)
  }
  say(
    `${records.length} records: ${good} price as expected and as ocpi-tariffs does, ${disputes} of them against their own total for the reason named`,
  )
  return good === records.length
}

/** Runs the crate's own vectors; false when one does not price as expected. */
export async function checkVectors(program: string): Promise<boolean> {
  const root = vectorsFolder()
  if (root === undefined) {
    say(`the vectors of ${crate} are not in cargo's registry folder: not run`)
    return false
  }
  const popular = await checkPopular(root, program)
  return (await checkReal(root, program)) && popular
}

// `npm run rate`: prices an OCPI tariff and CDR from files, or a pair per line of standard input.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  type Cost,
  differencesOf,
  priceRecord,
  readings,
  readingsThatGive,
  readRecord,
  type OcpiName,
  type RecordError,
  type RecordInput,
  type RecordTotals,
  totalsOf,
} from './rate-record.ts'
import { rate, type RatedLine, type Rating, type RatingPolicy } from '@chargelane/rules/rating'

const help = `Prices an OCPI charge detail record by a tariff.

  npm run -s rate -- --tariff tariff.json --cdr cdr.json --timezone Europe/Amsterdam [--explain]
  npm run -s rate -- --ndjson < pairs.ndjson

  --tariff FILE     a tariff, or a list of which the first in force at the start counts; without it: cdr.tariffs
  --cdr FILE        the charge detail record
  --timezone ZONE   IANA time zone of the EVSE
  --ocpi VERSION    v211, v221 or v230; without it told from the fields
  --explain         every line: period, quantity, quantity billed, unit price, restriction, net, VAT, gross
  --policy NAME     ${Object.keys(readings).join(', ')}: how open points of the text are read
  --json            everything as one JSON object
  --ndjson          {"id", "ocpi", "timezone", "tariff", "cdr"} per line in, totals or {"id", "error"} per line out

Totals carry OCPI's names and at most four decimals; incl_vat is null for 2.1.1, whose tariffs state no VAT.
Ends with 0 when priced (with --ndjson: when every line was answered), 1 when the record has no price, 2 when the
command cannot be read.
`

class Usage extends Error {}

// ── JSON, exactly ───────────────────────────────────────────────────────────────────────────────────────────────

/** Numbers a double may not hold: those keep the text they came in. */
const longNumber = /[\d.]{16}/
const isLong = (source: string) => source.replace(/[^\d]/g, '').length > 15

type Source = { source?: string }
const parseExactly = (text: string): unknown =>
  longNumber.test(text)
    ? JSON.parse(text, (_key, value: unknown, context?: Source) =>
        typeof value === 'number' && context?.source !== undefined && isLong(context.source)
          ? context.source
          : value,
      )
    : JSON.parse(text)

const printCost = (cost: Cost | null) =>
  cost === null ? 'null' : `{"excl_vat":${cost.excl_vat},"incl_vat":${cost.incl_vat ?? 'null'}}`

/** Amounts are written as numbers without ever being a double. */
const printTotals = (totals: RecordTotals) =>
  Object.entries(totals)
    .map(([field, cost]) => `"${field}":${printCost(cost)}`)
    .join(',')

// ── One pair per line ───────────────────────────────────────────────────────────────────────────────────────────

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type LineError = { code: RecordError['code'] | 'line_invalid' | 'internal'; message: string }
const printError = (id: unknown, error: LineError) => JSON.stringify({ id: id ?? null, error })

const isOcpi = (value: unknown): value is OcpiName =>
  value === 'v211' || value === 'v221' || value === 'v230'

const invalid = (id: unknown, message: string) => ({
  id,
  error: { code: 'line_invalid' as const, message },
})

function readLine(
  line: string,
): { id: unknown; input: RecordInput } | { id: unknown; error: LineError } {
  let parsed: unknown
  try {
    parsed = parseExactly(line)
  } catch {
    return invalid(/"id"\s*:\s*"([^"\\]*)"/.exec(line)?.[1], 'the line is no JSON')
  }
  if (!isObject(parsed)) return invalid(null, 'the line must be a JSON object')
  const { id, ocpi, timezone, tariff, cdr } = parsed
  if (ocpi !== undefined && ocpi !== null && !isOcpi(ocpi))
    return invalid(id, 'ocpi must be v211, v221 or v230')
  if (typeof timezone !== 'string') return invalid(id, 'timezone must be an IANA time zone')
  if (cdr === undefined) return invalid(id, 'cdr is missing')
  return { id, input: { ocpi: ocpi ?? undefined, timezone, tariff, cdr } }
}

/** The answer to one line. Whatever is wrong with it is said in its place; it never ends the run. */
export function answerLine(line: string, policy: RatingPolicy): string {
  const read = readLine(line)
  if ('error' in read) return printError(read.id, read.error)
  try {
    const priced = priceRecord(read.input, policy)
    if (!priced.ok) return printError(read.id, priced.error)
    const { totals, remarks } = priced
    const rest = remarks.length === 0 ? '' : `,"remarks":${JSON.stringify(remarks)}`
    return `{"id":${JSON.stringify(read.id ?? null)},${printTotals(totals)}${rest}}`
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return printError(read.id, { code: 'internal', message })
  }
}

const longestLine = 64 * 1024 * 1024
const tooLong = Symbol('too long')

/** Lines of a stream in bounded memory: one that is too long is dropped and said to be. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string | typeof tooLong> {
  let parts: Buffer[] = []
  let size = 0
  let dropped = false
  const take = (end: Buffer) => {
    const line = dropped ? tooLong : Buffer.concat([...parts, end]).toString('utf8')
    parts = []
    size = 0
    dropped = false
    return line
  }
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      yield take(chunk.subarray(from, at))
      from = at + 1
    }
    const rest = chunk.subarray(from)
    size += rest.length
    dropped ||= size > longestLine
    if (dropped) parts = []
    else if (rest.length > 0) parts.push(rest)
  }
  if (size > 0) yield take(Buffer.alloc(0))
}

async function rateLines(policy: RatingPolicy): Promise<void> {
  let pending = ''
  const flush = async () => {
    const text = pending
    pending = ''
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain')
  }
  for await (const line of linesOf(process.stdin)) {
    if (line === tooLong) {
      const message = `the line is longer than ${longestLine} bytes`
      pending += `${printError(null, { code: 'line_invalid', message })}\n`
    } else if (line.trim() !== '') pending += `${answerLine(line, policy)}\n`
    // An answer waits for no more than the lines that came with its own.
    if (pending.length > 32_768 || process.stdin.readableLength === 0) await flush()
  }
  await flush()
}

// ── One record from files ───────────────────────────────────────────────────────────────────────────────────────

function readJson(option: string, file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Usage(`--${option}: cannot read ${file}`)
  }
  try {
    return parseExactly(text)
  } catch (error) {
    throw new Usage(
      `--${option}: ${file} is no JSON (${error instanceof Error ? error.message : ''})`,
    )
  }
}

const restrictionText = (restrictions: RatedLine['restrictions']) =>
  restrictions === null ? 'always' : JSON.stringify(restrictions).replaceAll('"', '')

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const noteText = (note: Rating['notes'][number]) =>
  [
    note.code,
    ...(note.dimension === undefined ? [] : [note.dimension]),
    ...(note.period === undefined ? [] : [`in period ${note.period}`]),
  ].join(' ')

function explanation(rating: Rating): string {
  const head = [
    'period',
    'start',
    'component',
    'quantity',
    'billed',
    'unit',
    'price',
    'net',
    'VAT',
    'gross',
    'applies',
  ]
  const rows = rating.periods.flatMap(({ start, lines }) =>
    lines.map((line) => [
      String(line.period),
      start,
      `${line.type}${line.reservation === true ? ' (reservation)' : ''} [${line.element}.${line.component}]`,
      line.quantity,
      line.billed_quantity,
      line.unit,
      line.unit_price,
      line.net,
      `${line.vat}${line.vat_rate === null ? '' : ` (${line.vat_rate} %)`}`,
      line.gross,
      restrictionText(line.restrictions),
    ]),
  )
  const parts = [table([head, ...rows])]
  const { clamp, notes } = rating
  if (clamp !== null)
    parts.push(`${clamp.limit} changes net by ${clamp.net}, gross by ${clamp.gross}`)
  if (notes.length > 0)
    parts.push(`notes\n${notes.map((note) => `  ${noteText(note)}`).join('\n')}`)
  parts.push(`${rating.engine_version}, reading ${rating.policy.id}, ${rating.time_zone}`)
  return parts.join('\n\n')
}

const changeText = (change: Partial<RatingPolicy>) =>
  Object.entries(change)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

type Options = ReturnType<typeof readOptions>

function readOptions() {
  const { values } = parseArgs({
    options: {
      tariff: { type: 'string' },
      cdr: { type: 'string' },
      timezone: { type: 'string' },
      ocpi: { type: 'string' },
      policy: { type: 'string', default: 'ocpi' },
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ndjson: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const policy = readings[values.policy]
  if (policy === undefined)
    throw new Usage(`--policy must be one of ${Object.keys(readings).join(', ')}`)
  const { ocpi } = values
  if (ocpi !== undefined && !isOcpi(ocpi)) throw new Usage('--ocpi must be v211, v221 or v230')
  return { ...values, ocpi, policy }
}

function fail(error: RecordError, isJson: boolean): number {
  if (isJson) process.stdout.write(`${JSON.stringify({ error })}\n`)
  else process.stderr.write(`${error.code}: ${error.message}\n`)
  return 1
}

function rateFiles(options: Options): number {
  const { policy, ocpi } = options
  if (options.cdr === undefined) throw new Usage('--cdr is missing')
  if (options.timezone === undefined) throw new Usage('--timezone is missing')
  const cdr = readJson('cdr', options.cdr)
  const tariff = options.tariff === undefined ? undefined : readJson('tariff', options.tariff)
  const read = readRecord({ ocpi, timezone: options.timezone, tariff, cdr })
  if (!read.ok) return fail(read.error, options.json)
  const priced = rate({ tariff: read.tariff, usage: read.usage, policy })
  if (!priced.ok) {
    const { code, path, message } = priced
    return fail({ code, message: path === '' ? message : `${path} ${message}` }, options.json)
  }
  const { rating } = priced
  const totals = totalsOf(read.ocpi, cdr, rating)
  const differences = differencesOf(cdr, totals)
  const isTotal = differences.some(({ field }) => field.startsWith('total_cost.'))
  const given_by = isTotal ? readingsThatGive(read, cdr, policy) : []
  if (options.json) {
    const rest = JSON.stringify({
      currency: rating.currency,
      ocpi: read.ocpi,
      tariff_id: rating.tariff_id,
      policy: policy.id,
      engine_version: rating.engine_version,
      remarks: read.remarks,
      differences,
      given_by,
      ...(options.explain
        ? { periods: rating.periods, clamp: rating.clamp, notes: rating.notes }
        : {}),
    })
    process.stdout.write(`{${printTotals(totals)},${rest.slice(1)}\n`)
    return 0
  }
  const lines = Object.entries(totals).map(([field, cost]) => `  "${field}": ${printCost(cost)}`)
  process.stdout.write(`{\n${lines.join(',\n')}\n}\n`)
  if (options.explain) process.stdout.write(`\n${explanation(rating)}\n`)
  for (const remark of read.remarks) process.stderr.write(`${remark}\n`)
  if (differences.length > 0) {
    const rows = differences.map(({ field, ours, stated }) => [
      `  ${field}`,
      `here ${ours ?? 'none'}`,
      `stated ${stated}`,
    ])
    process.stderr.write(`\nthe CDR states other totals\n${table(rows)}\n`)
    if (isTotal)
      process.stderr.write(
        given_by.length === 0
          ? 'no reading of the rating policy gives its total_cost\n'
          : `its total_cost is given by ${given_by.map(changeText).join(', or by ')}\n`,
      )
  }
  return 0
}

async function main(): Promise<number> {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  if (!options.ndjson) return rateFiles(options)
  await rateLines(options.policy)
  return 0
}

/** What `parseArgs` throws on an option it does not know. */
const isUsage = (error: unknown): error is Error =>
  error instanceof Usage || (error instanceof TypeError && 'code' in error)

if (import.meta.main) {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the answers may stop reading.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!isUsage(error)) throw error
    process.stderr.write(`${error.message}\nnpm run -s rate -- --help says more\n`)
    process.exitCode = 2
  }
}

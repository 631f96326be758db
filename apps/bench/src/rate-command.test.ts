import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { answerLine } from './rate-command.ts'
import { fourDecimals, readings, versionOf } from './rate-record.ts'
import { ocpiPolicy } from '@chargelane/rules/rating'

const folder = mkdtempSync(join(tmpdir(), 'rate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tariff = {
  country_code: 'NL',
  party_id: 'TST',
  id: 't',
  currency: 'EUR',
  elements: [
    {
      price_components: [
        { type: 'ENERGY', price: 0.25, vat: 10, step_size: 100 },
        { type: 'TIME', price: 3, vat: 20, step_size: 60 },
      ],
    },
  ],
  last_updated: '2025-01-01T00:00:00Z',
}
const cdr = {
  id: 'c',
  start_date_time: '2025-06-01T10:00:00Z',
  end_date_time: '2025-06-01T10:40:00Z',
  charging_periods: [
    {
      start_date_time: '2025-06-01T10:00:00Z',
      dimensions: [
        { type: 'ENERGY', volume: 20.45 },
        { type: 'TIME', volume: 0.6667 },
      ],
    },
  ],
}
const pair = { id: 'p', ocpi: 'v221', timezone: 'Europe/Amsterdam', tariff, cdr }
const answer = (line: unknown) =>
  JSON.parse(answerLine(typeof line === 'string' ? line : JSON.stringify(line), ocpiPolicy))

type Ran = { code: number | null; out: string; err: string }

/** Runs the command as `npm run rate` does. */
function run(args: string[], input = ''): Promise<Ran> {
  const command = fileURLToPath(new URL('rate-command.ts', import.meta.url))
  const child = spawn(process.execPath, [command, ...args])
  const ran = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.err += text))
  child.stdin.on('error', () => undefined).end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...ran }))
  })
}

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const at = (minute: number, volume: unknown = 1) => ({
  start_date_time: `2025-06-01T10:${String(minute).padStart(2, '0')}:00Z`,
  dimensions: [{ type: 'ENERGY', volume }],
})

describe('a line', () => {
  test('is answered with OCPI’s totals, as numbers of at most four decimals', () => {
    expect(answerLine(JSON.stringify(pair), ocpiPolicy)).toBe(
      '{"id":"p","total_cost":{"excl_vat":7.125,"incl_vat":8.0375},"total_energy_cost":{"excl_vat":5.125,"incl_vat":5.6375},"total_time_cost":{"excl_vat":2,"incl_vat":2.4},"total_parking_cost":null,"total_fixed_cost":null,"total_reservation_cost":null}',
    )
  })

  test('of 2.1.1 knows no amount with VAT', () => {
    const { end_date_time: stop_date_time, ...rest } = cdr
    const bare = {
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.25', step_size: 1 }] }],
    }
    const old = {
      ...pair,
      ocpi: 'v211',
      tariff: { ...tariff, ...bare },
      cdr: { ...rest, stop_date_time },
    }
    expect(answer(old).total_cost).toEqual({ excl_vat: 5.1125, incl_vat: null })
  })

  test('prices by the first tariff in force when the session began', () => {
    const late = { ...tariff, start_date_time: '2025-06-01T10:00:01Z' }
    const early = { ...tariff, end_date_time: '2025-06-01T10:00:00Z' }
    expect(answer({ ...pair, tariff: [late, early, tariff] }).total_cost.excl_vat).toBe(7.125)
    const { tariff: _tariff, ...without } = pair
    expect(
      answer({ ...without, cdr: { ...cdr, tariffs: [late, tariff] } }).total_cost.excl_vat,
    ).toBe(7.125)
    expect(answer({ ...pair, tariff: [late, early] }).error.code).toBe('tariff_not_active')
  })

  test('keeps the digits a double would lose', () => {
    const line = JSON.stringify(pair).replace('"price":0.25', '"price":0.250000000000000001')
    expect(answer(line).total_cost.excl_vat).toBe(7.125)
    const long = JSON.stringify(pair).replace('"price":0.25', `"price":0.${'1'.repeat(40)}`)
    expect(answer(long).error.message).toContain('tariff.elements[0].price_components[0].price')
  })

  const price = (value: string) => JSON.stringify(pair).replace('"price":0.25', `"price":${value}`)
  const changed = (change: object) => ({ ...pair, cdr: { ...cdr, ...change } })
  test.each<[string, unknown, string, string]>([
    ['no JSON', '{"id":"q",', 'line_invalid', 'JSON'],
    ['a list', [], 'line_invalid', 'object'],
    ['NaN', price('NaN'), 'line_invalid', 'JSON'],
    ['NaN in text', price('"NaN"'), 'tariff_invalid', 'price_components[0].price'],
    ['an exponent in text', price('"1e-3"'), 'tariff_invalid', 'price_components[0].price'],
    ['a number beyond every price', price('1e40'), 'tariff_invalid', 'price_components[0].price'],
    ['a price below zero', price('-0.25'), 'tariff_invalid', 'price_components[0].price'],
    [
      'ten thousand elements',
      {
        ...pair,
        tariff: { ...tariff, elements: Array.from({ length: 10_000 }, () => tariff.elements[0]) },
      },
      'tariff_invalid',
      'tariff.elements',
    ],
    [
      'no currency',
      { ...pair, tariff: { ...tariff, currency: undefined } },
      'tariff_invalid',
      'tariff.currency',
    ],
    ['no tariff', { ...pair, tariff: undefined }, 'tariff_missing', 'tariff'],
    ['an unknown version', { ...pair, ocpi: 'v300' }, 'line_invalid', 'ocpi'],
    ['an unknown zone', { ...pair, timezone: 'Mars/Olympus' }, 'usage_invalid', 'timezone'],
    ['no CDR', { ...pair, cdr: undefined }, 'line_invalid', 'cdr'],
    ['no periods', changed({ charging_periods: [] }), 'usage_invalid', 'cdr.charging_periods'],
    [
      'a clock that runs backwards',
      changed({ end_date_time: '2025-06-01T09:00:00Z' }),
      'usage_invalid',
      'cdr.end_date_time',
    ],
    [
      'a volume that is no number',
      changed({ charging_periods: [at(0, 'much')] }),
      'usage_invalid',
      'cdr.charging_periods[0].dimensions[0].volume',
    ],
    [
      'a period after the end',
      changed({ charging_periods: [at(0), at(50)] }),
      'usage_invalid',
      'cdr.charging_periods[1].start_date_time',
    ],
  ])('with %s is answered with its field', (_, line, code, field) => {
    const { error } = answer(line)
    expect(error.code).toBe(code)
    expect(error.message).toContain(field)
  })

  test('of a record out of order is read in order of time, and says so', () => {
    const told = answer(changed({ charging_periods: [at(10), at(0)] }))
    expect(told.total_cost.excl_vat).toBe(0.5)
    expect(told.remarks[0]).toContain('sorted')
  })

  test('leaves out a price no OCPI version knows, and says so', () => {
    const [element] = tariff.elements
    const odd = { price_components: [{ type: 'SESSION_TIME', price: 1, step_size: 1 }] }
    const told = answer({ ...pair, tariff: { ...tariff, elements: [odd, element] } })
    expect(told.total_cost.excl_vat).toBe(7.125)
    expect(told.remarks[0]).toContain('SESSION_TIME')
  })
})

test.each([
  [{ cdr: { stop_date_time: '' } }, 'v211'],
  [{ cdr: { end_date_time: '' }, tariff: { tax_included: 'NO' } }, 'v230'],
  [{ cdr: { total_cost: { before_taxes: 1 } } }, 'v230'],
  [{ cdr: { end_date_time: '' } }, 'v221'],
  [{ cdr: {}, tariff: { id: 't' } }, 'v211'],
])('%j is told to be %s', (input, version) => {
  expect(versionOf({ timezone: 'UTC', ...input })).toBe(version)
})

test.each([
  ['0.00005', '0'],
  ['0.00015', '0.0002'],
  ['0.000150000001', '0.0002'],
  ['0.000050000001', '0.0001'],
  ['-0.00015', '-0.0002'],
  ['12.37500', '12.375'],
  ['7', '7'],
])('%s prints as %s', (text, printed) => {
  expect(fourDecimals(text)).toBe(printed)
})

const files = () => [
  '--tariff',
  file('t.json', tariff),
  '--cdr',
  file('c.json', cdr),
  '--timezone',
  'Europe/Amsterdam',
]

describe('the command', () => {
  test('prints the totals, and with --explain every line', async () => {
    const { code, out, err } = await run([...files(), '--explain'])
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out.slice(0, out.indexOf('\n}') + 2)).total_cost).toEqual({
      excl_vat: 7.125,
      incl_vat: 8.0375,
    })
    expect(out).toMatch(
      /ENERGY \[0\.0\] +20\.45 +20\.5 +kWh +0\.25 +5\.125 +0\.5125 \(10 %\) +5\.6375 +always/,
    )
    expect(out).toContain('STEP_SIZE ENERGY in period 0')
  })

  test('names the reading that gives the total of the CDR', async () => {
    const stated = { ...cdr, total_cost: { excl_vat: 7.18, incl_vat: 8.1 } }
    const args = [
      '--tariff',
      file('t.json', tariff),
      '--cdr',
      file('d.json', stated),
      '--timezone',
      'Europe/Amsterdam',
    ]
    const { code, out } = await run([...args, '--json'])
    expect(code).toBe(0)
    const told = JSON.parse(out)
    expect(told.differences[0]).toEqual({
      field: 'total_cost.excl_vat',
      ours: '7.125',
      stated: '7.18',
    })
    expect(told.given_by).toEqual([{ hours: 'as_received' }])
    const again = await run([...args, '--policy', 'ocpi-kit', '--json'])
    expect(JSON.parse(again.out).differences).toEqual([])
  })

  test('answers every line in order, whatever is wrong with one', async () => {
    const lines = Array.from({ length: 3_000 }, (_, id) =>
      id % 10 === 3 ? '{"broken' : JSON.stringify({ ...pair, id }),
    )
    const { code, out } = await run(['--ndjson'], `${lines.join('\n')}\n`)
    expect(code).toBe(0)
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told).toHaveLength(3_000)
    expect(told.every(({ id }, index) => (index % 10 === 3 ? id === null : id === index))).toBe(
      true,
    )
  })

  test.each<[string, string[], number, string]>([
    ['an unknown option', ['--bogus'], 2, '--bogus'],
    ['no CDR', ['--timezone', 'UTC'], 2, '--cdr'],
    ['an unknown reading', ['--ndjson', '--policy', 'mine'], 2, '--policy'],
    ['a file that is not there', ['--cdr', 'nowhere.json', '--timezone', 'UTC'], 2, 'nowhere.json'],
  ])('ends with a clear word on %s', async (_, args, expected, word) => {
    const { code, out, err } = await run(args)
    expect([code, out]).toEqual([expected, ''])
    expect(err).toContain(word)
  })

  test('ends with 1 where a record has no price', async () => {
    const none = file('n.json', { ...cdr, charging_periods: [] })
    const { code, err } = await run([
      '--tariff',
      file('t.json', tariff),
      '--cdr',
      none,
      '--timezone',
      'UTC',
    ])
    expect(code).toBe(1)
    expect(err).toBe(
      'usage_invalid: cdr.charging_periods a CDR needs at least one charging period\n',
    )
  })
})

test('the readings have names', () => {
  expect(Object.keys(readings)).toEqual(['ocpi', 'ocpi-tariffs', 'ocpi-kit'])
})

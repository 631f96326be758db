/** A statement of before as a table: one row for each session and rule. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { zDecimal } from '@chargelane/openapi/vocabulary/money'
import { paymentKindNames, type PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { type TariffType, zTariffType } from '@chargelane/openapi/vocabulary/tariff'
import { compareExact, exact } from '../exact.ts'
import { exactMoney, fitsMoney, fromDecimal } from '../money.ts'
import { formatInstant, parseInstant } from '../rating/clock.ts'
import type { GoldenLine, GoldenSession, GoldenStatement } from './golden.ts'

type Read = { ok: true; statement: GoldenStatement } | { ok: false; message: string }
type Row = Readonly<Record<string, string>>

const needed = ['session', 'started_at', 'ended_at', 'energy_wh', 'net', 'rule', 'amount'] as const
const rowsMax = 10_000

class Unreadable extends Error {}

/** Cells of RFC 4180: quoted where they hold commas, a quote written twice. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (;;) {
    const match = pattern.exec(line)
    if (match === null) throw new Unreadable('a cell is quoted and not closed')
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]?.trim() ?? '')
    if (match[3] === '') return cells
  }
}

function rowsOf(text: string): Row[] {
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const names = cellsOf(head)
  const missing = needed.find((name) => !names.includes(name))
  if (missing !== undefined) throw new Unreadable(`there is no column ${missing}`)
  if (lines.length === 0 || lines.length > rowsMax)
    throw new Unreadable(`1 to ${rowsMax} rows, not ${lines.length}`)
  return lines.map((line, index) => {
    const cells = cellsOf(line)
    if (cells.length !== names.length)
      throw new Unreadable(`row ${index + 2} has ${cells.length} cells, not ${names.length}`)
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
  })
}

/** An amount that the currency can hold: a tenth of a cent is a slip, and is not rounded away. */
function amountIn(text: string | undefined, currency: string, at: string): Money {
  if (!zDecimal.safeParse(text).success || text === undefined)
    throw new Unreadable(`${at}: "${text ?? ''}" is no amount`)
  if (!fitsMoney(exact(text), currency)) throw new Unreadable(`${at}: ${text} is too much`)
  const amount = fromDecimal(text, currency)
  if (compareExact(exactMoney(amount), exact(text)) !== 0)
    throw new Unreadable(`${at}: ${text} has more digits than ${currency}`)
  return amount
}

function numberIn(text: string | undefined, at: string, otherwise?: number): number {
  if ((text ?? '') === '' && otherwise !== undefined) return otherwise
  if (!/^\d{1,9}$/.test(text ?? ''))
    throw new Unreadable(`${at}: "${text ?? ''}" is no whole number`)
  return Number(text)
}

function instantIn(text: string | undefined, at: string): string {
  const instant = parseInstant(text ?? '')
  if (instant === undefined) throw new Unreadable(`${at}: "${text ?? ''}" is no instant`)
  return formatInstant(instant)
}

const isPaymentKind = (text: string): text is PaymentKind =>
  paymentKindNames.some((kind) => kind === text)

function payerIn(text = ''): PaymentKind | null {
  if (text === '') return null
  if (!isPaymentKind(text)) throw new Unreadable(`payer: "${text}" is no kind of payment`)
  return text
}

function tariffTypeIn(text = ''): TariffType | null {
  if (text === '') return null
  const read = zTariffType.safeParse(text)
  if (!read.success) throw new Unreadable(`tariff_type: "${text}" is none of OCPI`)
  return read.data
}

function weightIn(text = '', otherwise = '0'): string {
  if (text === '') return otherwise
  if (!/^\d{1,15}(\.\d{1,18})?$/.test(text)) throw new Unreadable(`"${text}" is no weight`)
  return text
}

function sessionOf(row: Row, currency: string, at: string): GoldenSession {
  const isSplit = ['energy', 'time', 'parking', 'fee'].some((name) => (row[name] ?? '') !== '')
  return {
    session: row['session'] ?? '',
    started_at: instantIn(row['started_at'], `${at} started_at`),
    ended_at: instantIn(row['ended_at'], `${at} ended_at`),
    energy_wh: numberIn(row['energy_wh'], `${at} energy_wh`),
    net: amountIn(row['net'], currency, `${at} net`),
    commission_bps: numberIn(row['commission_bps'], `${at} commission_bps`, 0),
    partner_share_bps: numberIn(row['partner_share_bps'], `${at} partner_share_bps`, 0),
    parts: {
      energy: weightIn(row['energy'], isSplit ? '0' : '1'),
      time: weightIn(row['time']),
      parking: weightIn(row['parking']),
      fee: weightIn(row['fee']),
    },
    place: {
      evse: row['evse'] ?? '',
      site: row['site'] ?? '',
      power_w: numberIn(row['power_w'], `${at} power_w`, 0),
      time_zone: 'UTC',
      partner: row['partner'] ?? '',
      payer: payerIn(row['payer']),
      tariff_type: tariffTypeIn(row['tariff_type']),
      contract: null,
    },
  }
}

const sameSession = (a: GoldenSession, b: GoldenSession): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Refuses what it cannot read with the row; a session that two rows tell otherwise is none. */
export function readGoldenCsv(text: string, currency: string): Read {
  try {
    const sessions = new Map<string, GoldenSession>()
    const lines = rowsOf(text).map((row, index): GoldenLine => {
      const at = `row ${index + 2}`
      const amount = amountIn(row['amount'], currency, `${at} amount`)
      const { session: name = '', rule = '' } = row
      if (name === '') return { session: null, rule, amount }
      const session = sessionOf(row, currency, at)
      const known = sessions.get(name)
      if (known !== undefined && !sameSession(known, session))
        throw new Unreadable(`${at}: ${name} was told otherwise before`)
      sessions.set(name, session)
      return { session: name, rule, amount }
    })
    return { ok: true, statement: { sessions: [...sessions.values()], lines } }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { ok: false, message: error.message }
  }
}

// A day as everybody tells it: sessions with meters, records, sales and papers, the provider's list and the bank's statement;
// and which of them tell it wrong.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { OpenItemKind } from '@chargelane/openapi/vocabulary/settlement/open-items'
import { accounts, type Entry, payoutEntry, payoutPaidEntry } from '@chargelane/rules/ledger'
import type { ProviderMovement } from '../../settlement/treasury/ports.ts'
import { diceOf } from '../mixed/dice.ts'
import { cpoOf, type Row, rowsOf, type Spec, type Table } from './rows.ts'
import type { Printed } from './statement.ts'

/** What goes wrong with a session, and what that is called; `late` is wrong for nobody. */
export const sessionErrors = {
  lost_cdr: ['record_missing'],
  record_of_less_energy: ['record_energy'],
  wrong_invoice: ['invoice_amount'],
  wrong_fee: ['provider_fee'],
  wrong_amount: ['provider_amount'],
  wrong_currency: ['provider_currency', 'provider_currency'],
  reversed: ['provider_reversed'],
  unbooked_sale: ['sale_not_booked', 'sale_missing'],
  lost_at_provider: ['provider_movement_missing'],
} as const satisfies Record<string, readonly OpenItemKind[]>
export type SessionError = keyof typeof sessionErrors

export const payoutErrors = {
  doubled_line: ['bank_line_doubled'],
  fee_netted: ['bank_fee_netted'],
  wrong_bank_amount: ['bank_amount'],
  wrong_bank_currency: ['bank_currency', 'bank_currency'],
  lost_line: ['bank_booking_missing'],
} as const satisfies Record<string, readonly OpenItemKind[]>
export type PayoutError = keyof typeof payoutErrors

export type Expected = { kind: OpenItemKind; subject: string }

export type Day = {
  rows: Record<Table, Row[]>
  entries: (Entry & { effectiveAt: string })[]
  movements: ProviderMovement[]
  lines: Printed[]
  expected: Expected[]
  /** Energy at the meters that was never billed, Wh. */
  lostWh: number
}

const eur = (amount: number): Money => ({ amount, currency: 'EUR' })
const feeOf = (gross: number) => Math.ceil(gross * 0.015) + 25

const posting = (account: string, amount: number) => ({ account, amount: eur(amount) })

function entriesOf({ id, n, gross, at, error }: Spec): Day['entries'] {
  if (error === 'unbooked_sale' || error === 'lost_cdr') return []
  const cpo = accounts.pending({ role: 'cpo', id: cpoOf(n) }, 'EUR')
  const head = { sessionId: id, effectiveAt: at }
  return [
    {
      ...head,
      key: `${id}:sale`,
      kind: 'sale',
      postings: [posting(accounts.psp('EUR'), gross), posting(cpo, -gross)],
    },
    {
      ...head,
      key: `${id}:sale:psp_fee`,
      kind: 'psp_fee',
      postings: [
        posting(accounts.psp('EUR'), -feeOf(gross)),
        posting(accounts.expense('psp_fee', 'EUR'), feeOf(gross)),
      ],
    },
  ]
}

function movementsOf({ id, gross, at, error }: Spec): ProviderMovement[] {
  if (error === 'lost_at_provider' || error === 'lost_cdr') return []
  const currency = error === 'wrong_currency' ? 'USD' : 'EUR'
  const amount = error === 'wrong_amount' ? gross - 100 : gross
  const fee = error === 'wrong_fee' ? feeOf(gross) + 7 : feeOf(gross)
  const money = (value: number): Money => ({ amount: value, currency })
  const charge = {
    id: `txn_${id}`,
    type: 'charge',
    source: `ch_${id}`,
    pspId: `pi_${id}`,
    amount: money(amount),
    fee: money(fee),
    net: money(amount - fee),
    occurredAt: at,
    availableAt: at,
  }
  if (error !== 'reversed') return [charge]
  const back = { amount: money(-gross), fee: money(0), net: money(-gross) }
  return [charge, { ...charge, id: `txn_${id}_re`, type: 'refund', source: `re_${id}`, ...back }]
}

const subjectsOf = (error: SessionError, id: string): Expected[] =>
  sessionErrors[error].map((kind, n) => ({
    kind,
    subject: n === 1 && error === 'wrong_currency' ? `${id}:USD` : id,
  }))

/** One payout of the day, as it is booked, and how the bank tells it. */
function payoutOf(n: number, error: PayoutError | 'bundled' | 'late' | undefined, at: string) {
  const payoutId = `stl_REC${n}`
  const amount = eur(100_000 + ((n * n * 7_919 + n * 31) % 49_999))
  const payee = { role: 'cpo', id: cpoOf(n) }
  const head = { payoutId, amount, payee }
  const key = `${payoutId}:payout_paid`
  const entries = [
    { ...payoutEntry({ ...head, key: `${payoutId}:payout` }), effectiveAt: at },
    { ...payoutPaidEntry({ ...head, key }), effectiveAt: at },
  ]
  const line = { reference: `BNK${n}`, amount: eur(-amount.amount), endToEndId: payoutId }
  return { key, entries, line, error }
}

type Payout = ReturnType<typeof payoutOf>

function linesOf({ line, error }: Payout): Printed[] {
  const { amount } = line.amount
  switch (error) {
    case 'doubled_line':
      return [line, { ...line, reference: `${line.reference}B` }]
    case 'fee_netted':
      return [{ ...line, amount: eur(amount - 250), charges: eur(250) }]
    case 'wrong_bank_amount':
      return [{ ...line, amount: eur(amount - 1_000) }]
    case 'wrong_bank_currency':
    case 'lost_line':
    case 'bundled':
    case 'late':
      return []
    case undefined:
      return [line]
  }
}

/** Other accounts of ours have statements of their own. */
export type OtherLines = { currency: string; lines: Printed[] }[]

export function makeDay(options: {
  sessions: number
  payouts: number
  each: number
  seed: number
  at: string
}) {
  const { sessions, payouts, each, seed, at } = options
  const dice = diceOf(seed)
  const places = <Name extends string>(names: readonly Name[], among: number) => {
    const taken = new Map<number, Name>()
    for (const name of names)
      for (let left = each; left > 0; ) {
        const place = dice.whole(0, among - 1)
        if (taken.has(place)) continue
        taken.set(place, name)
        left -= 1
      }
    return taken
  }
  const isSessionError = (name: string): name is SessionError => name in sessionErrors
  const wrong = places(Object.keys(sessionErrors).filter(isSessionError), sessions)
  const rows: Day['rows'] = { sessions: [], cdrs: [], sales: [], invoices: [], payments: [] }
  const day: Day = { rows, entries: [], movements: [], lines: [], expected: [], lostWh: 0 }
  for (let n = 0; n < sessions; n++) {
    const error = wrong.get(n)
    const spec = {
      id: `ses_REC${String(n).padStart(6, '0')}`,
      n,
      gross: dice.whole(150, 6_000),
      energyWh: dice.whole(2_000, 60_000),
      at,
      ...(error === undefined ? {} : { error }),
    }
    const made = rowsOf(spec)
    for (const [table, row] of Object.entries(made)) if (isTable(table)) rows[table].push(row)
    day.entries.push(...entriesOf(spec))
    day.movements.push(...movementsOf(spec))
    if (error !== undefined) day.expected.push(...subjectsOf(error, spec.id))
    if (error === 'lost_cdr' || error === 'unbooked_sale') day.lostWh += spec.energyWh
  }
  loseSweep(day, at)
  const others = payOut(day, payouts, places([...payoutNames], payouts), at)
  return { day, others }
}

const isTable = (name: string): name is Table =>
  ['sessions', 'cdrs', 'sales', 'invoices', 'payments'].includes(name)
const payoutNames = [
  'doubled_line',
  'fee_netted',
  'wrong_bank_amount',
  'wrong_bank_currency',
  'lost_line',
  'bundled',
] as const

function payOut(
  day: Day,
  count: number,
  wrong: Map<number, (typeof payoutNames)[number]>,
  at: string,
): OtherLines {
  const dollars: Printed[] = []
  const bundle: Payout[] = []
  for (let n = 0; n < count; n++) {
    const payout = payoutOf(n, wrong.get(n), at)
    const { key, line, error } = payout
    day.entries.push(...payout.entries)
    day.lines.push(...linesOf(payout))
    if (error === 'bundled') bundle.push(payout)
    if (error === 'doubled_line') expectLine(day, 'bank_line_doubled', `${line.reference}B`)
    if (error === 'fee_netted') expectLine(day, 'bank_fee_netted', line.reference)
    if (error === 'wrong_bank_amount') expectLine(day, 'bank_amount', line.reference)
    if (error === 'lost_line') day.expected.push({ kind: 'bank_booking_missing', subject: key })
    if (error !== 'wrong_bank_currency') continue
    dollars.push({ ...line, amount: { ...line.amount, currency: 'USD' } })
    expectLine(day, 'bank_currency', line.reference)
    day.expected.push({ kind: 'bank_currency', subject: key })
  }
  for (let n = 0; n + 1 < bundle.length; n += 2) {
    const pair = bundle.slice(n, n + 2)
    const amount = pair.reduce((sum, { line }) => sum + line.amount.amount, 0)
    day.lines.push({ reference: `BUNDLE${n}`, amount: eur(amount) })
    expectLine(day, 'bank_line_bundled', `BUNDLE${n}`)
  }
  if (bundle.length % 2 === 1) {
    const odd = bundle.at(-1)
    if (odd !== undefined) day.lines.push(odd.line)
  }
  day.lines.push({ reference: 'STRANGER', amount: eur(4_711), text: 'who knows' })
  expectLine(day, 'bank_line_unknown', 'STRANGER')
  return [{ currency: 'USD', lines: dollars }]
}

/** Two days ago the provider paid out, and it never came in. */
function loseSweep(day: Day, at: string): void {
  const source = 'po_REC1'
  const net = eur(-50_000)
  const occurredAt = new Date(Date.parse(at) - 48 * 3_600_000).toISOString()
  const when = { occurredAt, availableAt: occurredAt }
  const what = { id: 'txn_sweep', type: 'payout', source, pspId: null }
  day.movements.push({ ...what, amount: net, fee: eur(0), net, ...when })
  day.expected.push({ kind: 'sweep_missing', subject: source })
}

/** Its subject is the line's id, which the bank's statement gives it; until then its reference stands for it. */
function expectLine(day: Day, kind: OpenItemKind, reference: string): void {
  day.expected.push({ kind, subject: `line ${reference}` })
}

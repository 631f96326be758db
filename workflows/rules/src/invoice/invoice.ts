/** The document of a sale: its lines sum to the totals the driver paid, to the cent and per VAT rate. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { RatedLine, Rating, Totals } from '../rating/rating.ts'
import { assert } from '../assert.ts'
import { exact, format, plus, zero } from '../exact.ts'
import { add, allocate, money, subtract, sum, toDecimal } from '../money.ts'
import type { Exact } from '../exact.ts'

export type InvoiceParty = {
  id: string
  legalName: string
  country: string
  vatId: string | null
  address: { street: string; city: string; postal_code: string }
}

export type InvoiceLine = {
  description: string
  /** UN/ECE Recommendation 20: KWH, SEC, C62 (one). */
  unitCode: 'KWH' | 'SEC' | 'C62'
  quantity: Decimal
  /** Net price of one unit, or of `baseQuantity` units (a price per hour has 3600 seconds). */
  unitPrice: Decimal
  baseQuantity: number
  net: Money
  vatRate: Decimal | null
}

export type InvoiceDocument = {
  number: string
  /** Local date at the place of supply, YYYY-MM-DD. */
  issueDate: string
  supplyDate: string
  seller: InvoiceParty
  buyer: InvoiceParty
  sessionId: string
  evseId: string
  place: string
  lines: InvoiceLine[]
  vat: { rate: Decimal | null; net: Money; vat: Money }[]
  totals: { net: Money; vat: Money; gross: Money }
  /** Already taken from the driver's card. */
  paid: Money
  /** Paid by a third party instead of the driver: the partner's own share. Absent where there is none. */
  contribution?: { from: string; amount: Money }
  paymentReference: string | null
  notes: string[]
  languages: string[]
  /** Of a credit note: the invoice it takes a part back of. */
  credits?: { number: string; issueDate: string }
}

const unitOf = {
  kWh: { unitCode: 'KWH', baseQuantity: 1 },
  s: { unitCode: 'SEC', baseQuantity: 3600 },
  session: { unitCode: 'C62', baseQuantity: 1 },
} as const

const words: Record<TariffDimension, string> = {
  ENERGY: 'Energy',
  TIME: 'Charging time',
  PARKING_TIME: 'Time occupied after charging',
  FLAT: 'Session fee',
}

type Group = { line: RatedLine; quantity: Exact; net: Exact }

/** Lines of one price are one invoice line: same dimension, unit price and VAT rate. */
function groupLines(rating: Rating): Group[] {
  const groups = new Map<string, Group>()
  for (const line of rating.periods.flatMap((period) => period.lines)) {
    const key = `${line.type}|${line.unit_price}|${line.vat_rate ?? ''}`
    const group = groups.get(key) ?? { line, quantity: zero, net: zero }
    group.quantity = plus(group.quantity, exact(line.billed_quantity))
    group.net = plus(group.net, exact(line.net))
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** Whole weights in proportion to exact amounts: the same value on one common scale. */
function weightsOf(amounts: readonly Exact[]): bigint[] {
  const scale = Math.max(...amounts.map((amount) => amount.s))
  return amounts.map((amount) => amount.n * 10n ** BigInt(scale - amount.s))
}

/**
 * The lines of a sale. Nets per VAT rate are those of the totals the driver paid, spread over the lines by largest
 * remainder, so that lines, VAT breakdown and total agree to the cent (EN 16931 BR-CO-10, BR-CO-13, BR-S-08).
 */
export function invoiceLines(rating: Rating | null, totals: Totals): InvoiceLine[] {
  const currency = totals.gross.currency
  const groups = rating === null ? [] : groupLines(rating)
  const lines = totals.vat_lines.flatMap((vat) => {
    const members = groups.filter((group) => group.line.vat_rate === vat.rate)
    if (members.length === 0) return [adjustmentLine(vat.net, vat.rate)]
    const weights = weightsOf(members.map((group) => group.net))
    if (weights.some((weight) => weight < 0n) || weights.every((weight) => weight === 0n))
      return [adjustmentLine(vat.net, vat.rate)]
    const nets = allocate(vat.net, weights)
    return members.map((group, index) => lineOf(group, nets[index] ?? money(0, currency)))
  })
  const net = sum(
    lines.map((line) => line.net),
    currency,
  )
  assert(net.amount === totals.net.amount, 'invoice lines must sum to the net total')
  return lines
}

function lineOf(group: Group, net: Money): InvoiceLine {
  const { unitCode, baseQuantity } = unitOf[group.line.unit]
  return {
    description: words[group.line.type],
    unitCode,
    baseQuantity,
    quantity: format(group.quantity, 6),
    unitPrice: group.line.unit_price,
    net,
    vatRate: group.line.vat_rate,
  }
}

/** A floor, a ceiling or a lower claim of the operator leaves no price per unit: one line says so. */
function adjustmentLine(net: Money, vatRate: Decimal | null): InvoiceLine {
  return {
    description: 'Charging session',
    unitCode: 'C62',
    baseQuantity: 1,
    quantity: '1',
    unitPrice: toDecimal(net),
    net,
    vatRate,
  }
}

export type InvoiceInput = {
  number: string
  issueDate: string
  supplyDate: string
  seller: InvoiceParty
  buyer: InvoiceParty
  sessionId: string
  evseId: string
  place: string
  rating: Rating | null
  totals: Totals
  paid: Money
  contribution?: { from: string; amount: Money }
  paymentReference: string | null
  notes: string[]
  languages: string[]
}

/** EN 16931 BT-113: all that was paid before, by card and by a third party; BT-115 is what is left. */
export function prepaidOf({ paid, contribution }: InvoiceDocument): Money {
  return contribution === undefined ? paid : add(paid, contribution.amount)
}

/** The document of one sale, seller to buyer, in the currency of the sale. */
export function buildInvoice(input: InvoiceInput): InvoiceDocument {
  const { rating, totals, ...rest } = input
  const document: InvoiceDocument = {
    ...rest,
    lines: invoiceLines(rating, totals),
    vat: totals.vat_lines.map((line) => ({ rate: line.rate, net: line.net, vat: line.vat })),
    totals: { net: totals.net, vat: totals.vat, gross: totals.gross },
  }
  assertConsistent(document)
  return document
}

const lineOfRate = (totals: Totals, rate: Decimal | null) =>
  totals.vat_lines.find((line) => line.rate === rate)

/** What a price became less by, per VAT rate: each figure is the difference of the two documents. */
export function lessBy(before: Totals, after: Totals): Totals {
  const { currency } = before.gross
  const nothing = money(0, currency)
  const rates = [...new Set([...before.vat_lines, ...after.vat_lines].map(({ rate }) => rate))]
  return {
    net: subtract(before.net, after.net),
    vat: subtract(before.vat, after.vat),
    gross: subtract(before.gross, after.gross),
    vat_lines: rates.flatMap((rate) => {
      const [was, now] = [lineOfRate(before, rate), lineOfRate(after, rate)]
      const line = was ?? now
      if (line === undefined) return []
      const net = subtract(was?.net ?? nothing, now?.net ?? nothing)
      const vat = subtract(was?.vat ?? nothing, now?.vat ?? nothing)
      return net.amount === 0 && vat.amount === 0 ? [] : [{ ...line, net, vat }]
    }),
  }
}

/** The document of what an invoice is less by: from the same seller to the same buyer, of the same supply. */
export function buildCreditNote(
  invoice: InvoiceDocument,
  note: Pick<InvoiceDocument, 'number' | 'issueDate' | 'paid' | 'notes'> & { totals: Totals },
): InvoiceDocument {
  const { contribution: _contribution, ...rest } = invoice
  const { number, issueDate } = invoice
  return { ...buildInvoice({ ...rest, ...note, rating: null }), credits: { number, issueDate } }
}

/** The schematron tolerates a cent per VAT category; we do not. */
export function assertConsistent(document: InvoiceDocument): void {
  const { net, vat, gross } = document.totals
  const currency: Currency = gross.currency
  assert(add(net, vat).amount === gross.amount, 'net and VAT must sum to gross')
  assert(
    sum(
      document.lines.map((line) => line.net),
      currency,
    ).amount === net.amount,
    'lines must sum to net',
  )
  assert(
    sum(
      document.vat.map((line) => line.vat),
      currency,
    ).amount === vat.amount,
    'VAT lines must sum to VAT',
  )
  assert(subtract(gross, prepaidOf(document)).amount >= 0, 'more was paid than invoiced')
}

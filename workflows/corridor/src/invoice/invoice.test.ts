import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { RatedLine, Rating, Totals } from '@chargelane/rules/rating'
import { exact, format, plus, times, zero } from '@chargelane/rules/exact'
import { grossToNet, round, sum } from '@chargelane/rules/money'
import { toXml } from '@chargelane/rules/invoice/en16931'
import { renderInvoice } from './pdf.ts'
import { buildInvoice, invoiceLines } from '@chargelane/rules/invoice'
import type { InvoiceInput } from '@chargelane/rules/invoice'
import { renderStatement } from '../settlement/statement.ts'

const eur = (amount: number): Money => ({ amount, currency: 'EUR' })

function line(type: RatedLine['type'], quantity: string, price: string, rate: string): RatedLine {
  const net = format(times(exact(quantity), exact(price)), 12)
  return {
    period: 0,
    element: 0,
    component: 0,
    type,
    unit: type === 'ENERGY' ? 'kWh' : 'session',
    quantity,
    billed_quantity: quantity,
    unit_price: price,
    vat_rate: rate,
    net,
    vat: '0',
    gross: net,
    restrictions: null,
  }
}

/** Totals of one VAT rate as rating makes them: gross rounded once, net taken out of it. */
function totalsOf(lines: RatedLine[], rate: string): Totals {
  const net = lines.reduce((total, each) => plus(total, exact(each.net)), zero)
  const gross = round(times(net, exact('1.19')), 'EUR')
  const parts = grossToNet(gross, rate)
  return { ...parts, vat_lines: [{ rate, ...parts }] }
}

const ratingOf = (lines: RatedLine[]) =>
  ({ periods: [{ start: '', end: '', lines }] }) as unknown as Rating

const party = (id: string, country: string) => ({
  id,
  legalName: `${id} & Söhne <GmbH>`,
  country,
  vatId: `${country}123456789`,
  address: { street: 'Lange Str. 1', city: 'Köln', postal_code: '50667' },
})

function input(lines: RatedLine[]): InvoiceInput {
  const totals = totalsOf(lines, '19')
  return {
    number: 'VWL-DE-2026-000001',
    issueDate: '2026-11-21',
    supplyDate: '2026-11-21',
    seller: party('acct_cpo', 'DE'),
    buyer: party('acct_partner', 'DE'),
    sessionId: 'ses_01',
    evseId: 'DE*VWL*E1*1',
    place: 'Köln',
    rating: ratingOf(lines),
    totals,
    paid: totals.gross,
    paymentReference: 'pi_1',
    notes: ['Issued in the name of the seller.'],
    languages: ['de', 'en'],
  }
}

describe('an invoice', () => {
  test('has lines that sum to its net total to the cent, whatever the prices', () => {
    const priced = fc.record({
      kwh: fc.integer({ min: 1, max: 900_000 }),
      price: fc.integer({ min: 1, max: 20_000 }),
    })
    fc.assert(
      fc.property(fc.array(priced, { minLength: 1, maxLength: 8 }), (items) => {
        const lines = items.map(({ kwh, price }) =>
          line(
            'ENERGY',
            format({ n: BigInt(kwh) * 9n, s: 4 }),
            format({ n: BigInt(price) * 9n, s: 4 }),
            '19',
          ),
        )
        const totals = totalsOf(lines, '19')
        const made = invoiceLines(ratingOf(lines), totals)
        expect(
          sum(
            made.map((each) => each.net),
            'EUR',
          ),
        ).toEqual(totals.net)
      }),
    )
  })

  test('joins periods of one price into one line and keeps another price apart', () => {
    const lines = [
      line('ENERGY', '10', '0.4958', '19'),
      line('ENERGY', '14', '0.4958', '19'),
      line('ENERGY', '1', '0.39', '19'),
      line('FLAT', '1', '0.5', '19'),
    ]
    const made = invoiceLines(ratingOf(lines), totalsOf(lines, '19'))
    expect(made.map((each) => [each.description, each.quantity, each.unitPrice])).toEqual([
      ['Energy', '24', '0.4958'],
      ['Energy', '1', '0.39'],
      ['Session fee', '1', '0.5'],
    ])
  })

  test('without a price per unit still says what was paid', () => {
    const totals = totalsOf([line('ENERGY', '24', '0.4958', '19')], '19')
    expect(invoiceLines(null, totals)).toMatchObject([
      { description: 'Charging session', unitPrice: '11.90', net: eur(1190) },
    ])
  })

  test('refuses to say that more was paid than it asks', () => {
    const document = input([line('ENERGY', '24', '0.4958', '19')])
    expect(() => buildInvoice({ ...document, paid: eur(1417) })).toThrow(
      'more was paid than invoiced',
    )
  })

  test('prints every amount in its XML as exact decimal text and escapes names', () => {
    const xml = toXml(buildInvoice(input([line('ENERGY', '24', '0.4958', '19')])))
    expect(xml).toContain('<cbc:PriceAmount currencyID="EUR">0.4958</cbc:PriceAmount>')
    expect(xml).toContain('<cbc:TaxInclusiveAmount currencyID="EUR">14.16</cbc:TaxInclusiveAmount>')
    expect(xml).toContain('<cbc:TaxAmount currencyID="EUR">2.26</cbc:TaxAmount>')
    expect(xml).toContain('<cbc:PayableAmount currencyID="EUR">0.00</cbc:PayableAmount>')
    expect(xml).toContain('acct_cpo &amp; Söhne &lt;GmbH&gt;')
  })

  test('renders as PDF/A-3 with the same bytes for the same document', async () => {
    const document = buildInvoice(input([line('ENERGY', '24', '0.4958', '19')]))
    const pdf = await renderInvoice(document, '2026-11-21T10:00:00.000Z')
    expect(pdf.subarray(0, 8).toString()).toBe('%PDF-1.7')
    expect(pdf.toString('latin1')).toContain('<pdfaid:part>3</pdfaid:part>')
    expect(pdf.equals(await renderInvoice(document, '2026-11-21T10:00:00.000Z'))).toBe(true)
  })
})

describe('a statement', () => {
  const statement = {
    settlementId: 'stl_01',
    batch: '2026-11-21',
    role: 'cpo' as const,
    payee: party('acct_cpo', 'DE'),
    paidTo: '3000',
    cutOffAt: '2026-11-21T10:00:00.000Z',
    slaDeadline: '2026-11-23T10:00:00.000Z',
    policies: [],
  }

  test('of no session at all is a document of 0.00', async () => {
    const pdf = await renderStatement({ ...statement, lines: [], total: eur(0) })
    expect(pdf.length).toBeGreaterThan(1000)
  })

  test('whose lines do not sum to the payout is not printed', () => {
    expect(() => renderStatement({ ...statement, lines: [], total: eur(1) })).toThrow(
      'statement lines must sum',
    )
  })
})

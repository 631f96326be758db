import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { money } from '../money.ts'
import { readStatements } from './camt053.ts'
import { type Transfer, transferBatch } from './pain001.ts'
import { bundleOf, compareSides, namedFindings, providerFindings } from './reconcile.ts'

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')

async function problemsOf(xml: string, schema: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'message.xml', contents: xml }],
    schema: [fixture(schema)],
  })
  return errors.map(({ message }) => message)
}

const transfer = (n: number, amount = 1_005): Transfer => ({
  endToEndId: `stl-${n}`,
  amount: money(amount, 'EUR'),
  creditor: { name: 'Stadtwerke Köln & Söhne <Süd>', iban: 'DE89370400440532013000' },
  remittance: `Chargelane settlement ${n}`,
})
const batch = {
  messageId: 'batch-2026-11-30',
  createdAt: '2026-11-30T00:05:00Z',
  executeOn: '2026-11-30',
  debtor: { name: 'Chargelane Betriebs GmbH', iban: 'DE02100100109307118603' },
}

test('a batch of transfers is valid pain.001.001.09, and its control sum is exact', async () => {
  const transfers = Array.from({ length: 300 }, (_, n) => transfer(n, 10 + n))
  const xml = transferBatch({ ...batch, transfers })
  expect(await problemsOf(xml, 'pain.001.001.09.xsd')).toEqual([])
  const total = transfers.reduce((sum, { amount }) => sum + amount.amount, 0)
  expect(xml).toContain(`<NbOfTxs>300</NbOfTxs><CtrlSum>${(total / 100).toFixed(2)}</CtrlSum>`)
  expect(xml).toContain('Stadtwerke Koln &amp; Sohne  Sud')
  const instant = transferBatch({ ...batch, transfers: [transfer(1)], isInstant: true })
  expect(await problemsOf(instant, 'pain.001.001.09.xsd')).toEqual([])
})

const of =
  (...transfers: Transfer[]) =>
  () =>
    transferBatch({ ...batch, transfers })

test('a batch that names a transfer twice, pays nothing or mixes currencies is not written', () => {
  expect(of(transfer(1), transfer(1))).toThrow('twice')
  expect(of(transfer(1, 0))).toThrow('transfers nothing')
  expect(of(transfer(1), { ...transfer(2), amount: money(5, 'SEK') })).toThrow('transfers nothing')
  expect(of()).toThrow('no transfers')
})

test('a statement is read to the cent, with what each line is of', async () => {
  const xml = fixture('statement.xml')
  expect(await problemsOf(xml, 'camt.053.001.08.xsd')).toEqual([])
  expect(readStatements(xml)).toMatchObject({
    ok: true,
    statements: [
      {
        id: 'STM7',
        sequence: 7,
        opening: { amount: 100_000, currency: 'EUR' },
        closing: { amount: 99_345, currency: 'EUR' },
        lines: [
          { reference: 'BNK1', endToEndId: 'stl_1', amount: { amount: -1_005 } },
          { reference: 'INpo1', endToEndId: null, text: 'STRIPE po_1', counterparty: 'Stripe' },
          { reference: 'BNK1R', returnReason: 'AC04', amount: { amount: 50 } },
        ],
      },
    ],
  })
})

test('a statement that does not add up, or is none, is refused with the reason', () => {
  const wrong = fixture('statement.xml').replace('993.45', '993.46')
  expect(readStatements(wrong)).toMatchObject({ ok: false, message: /does not add up/ })
  for (const text of [
    '',
    '<Document/>',
    '{"no": "xml"}',
    '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>',
  ])
    expect(readStatements(text)).toMatchObject({ ok: false })
})

test('a difference is under way, explained by items, or an item of its own', () => {
  const sides = {
    side: 'bank',
    currency: 'EUR',
    theirs: 900,
    books: 1_000,
    inTransit: -60,
  } as const
  const known = { kind: 'bank_line_unknown', subject: '7:1', cause: 'c' } as const
  const whole = compareSides(sides, [{ ...known, amount: money(-40, 'EUR') }])
  expect(whole.rest).toBeUndefined()
  expect(whole.comparison).toMatchObject({
    difference: { amount: -100 },
    unexplained: { amount: 0 },
  })
  const rest = compareSides(sides, [{ ...known, amount: money(-30, 'EUR') }]).rest
  expect(rest).toMatchObject({ kind: 'bank_unexplained', amount: { amount: -10 } })
})

const side = (taken: number, fee: number, returned = 0) => ({ taken, returned, fee })
test.each([
  ['sale_not_booked', undefined, side(500, 20), 480],
  ['provider_movement_missing', side(500, 20), undefined, -480],
  ['provider_fee', side(500, 20), side(500, 25), -5],
  ['provider_amount', side(500, 20), side(400, 20), -100],
  ['provider_amount', side(500, 20, 50), side(500, 20), 50],
  ['provider_reversed', side(500, 20), side(500, 20, 500), -500],
  [undefined, side(500, 20, 30), side(500, 20, 30), 0],
])('what a session is at the provider and in the books: %s', (kind, books, provider, amount) => {
  const [finding] = providerFindings([{ sessionId: 'ses_1', currency: 'EUR', books, provider }])
  expect([finding?.kind, finding?.amount.amount ?? 0]).toEqual([kind, amount])
})

test('what the provider moved in another currency explains both differences', () => {
  const bare = { sessionId: 'ses_1', books: undefined, provider: undefined }
  const findings = providerFindings([
    { ...bare, currency: 'EUR', books: side(500, 20) },
    { ...bare, currency: 'USD', provider: side(500, 20) },
  ])
  expect(findings).toMatchObject([
    { kind: 'provider_currency', subject: 'ses_1', amount: money(-480, 'EUR') },
    { kind: 'provider_currency', subject: 'ses_1:USD', amount: money(480, 'USD') },
  ])
})

const line = (amount: number, charges: number | null = null) => ({
  id: '7:1',
  reference: 'BNK1',
  amount: money(amount, 'EUR'),
  charges: charges === null ? null : money(charges, 'EUR'),
})
const booking = (key: string, amount: number, currency = 'EUR') => ({
  key,
  amount: money(amount, currency),
})

test.each([
  ['bank_fee_netted', line(970, 30), booking('a', 1_000), [-30]],
  ['bank_amount', line(970, 20), booking('a', 1_000), [-30]],
  ['bank_amount', line(970), booking('a', 1_000), [-30]],
  ['bank_currency', line(970), booking('a', 1_000, 'CHF'), [970, -1_000]],
])('a line that names a booking of something else: %s', (kind, loose, named, amounts) => {
  const findings = namedFindings(loose, named)
  expect(findings.map((each) => each.kind)).toEqual(amounts.map(() => kind))
  expect(findings.map(({ amount }) => amount.amount)).toEqual(amounts)
})

test('a line without details is several bookings only where one set of them fits', () => {
  const among = [booking('a', -300), booking('b', -450), booking('c', -125), booking('d', 750)]
  expect(bundleOf(line(-750), among)?.map(({ key }) => key)).toEqual(['a', 'b'])
  expect(bundleOf(line(-875), among)?.map(({ key }) => key)).toEqual(['a', 'b', 'c'])
  expect(bundleOf(line(-300), among)).toBeUndefined()
  expect(bundleOf(line(-750), [...among, booking('e', -325)])).toBeUndefined()
})

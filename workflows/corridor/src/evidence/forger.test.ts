// The forger: whoever holds a key that the verifier trusts seals whatever pleases. One fact of a true pack is changed, all
// hashes and signatures are made anew, and the content itself must give the forger away.
import { strFromU8, strToU8 } from 'fflate'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { readEntries, writeArchive } from '@chargelane/rules/evidence/archive'
import { viewOf } from '@chargelane/rules/evidence/view'
import { type Report, verifyPack } from '@chargelane/sdk/verify'
import { describe, expect, test } from 'vitest'
import { charge, sessionResult, settle, useCorridor } from '../testing/market.ts'
import type { Market } from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'
import { addSiteHost } from '../testing/site-host.ts'
import { type Change, drop, forgeWith, replace, sealAnewWith, set } from './forging.ts'
import { type Content, contentOf } from './seal.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

const forge = (zip: Uint8Array, path: string, change: Change): Uint8Array =>
  forgeWith(corridor.signer, zip, path, change)
const sealAnew = (zip: Uint8Array, content: Content) => sealAnewWith(corridor.signer, zip, content)

const eur = (amount: number) => ({ amount, currency: 'EUR' })

const verify = async (zip: Uint8Array): Promise<Report> =>
  verifyPack(zip, { trust: [await corridor.keys()] })

type Forgery = [what: string, path: string, change: Change, names?: RegExp]

const saleForgeries: Forgery[] = [
  // The session
  ['another seller', 'session.json', set('/seller/legalName', 'Somebody GmbH')],
  ['another seller’s VAT id', 'session.json', set('/seller/vatId', 'DE811907980')],
  ['the seller’s number of another country', 'session.json', set('/seller/vatId', 'FR83404833048')],
  [
    'the number of another country on the invoice',
    'invoice.xml',
    replace('<cbc:CompanyID>DE136695976<', '<cbc:CompanyID>FR83404833048<'),
  ],
  [
    'the number of another country in the tax',
    'tax.json',
    set('/0/treatment/supplierVatId', 'FR83404833048'),
  ],
  ['another buyer', 'session.json', set('/partner/id', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX')],
  ['another country of the buyer', 'session.json', set('/partner/country', 'CH')],
  ['more energy', 'session.json', set('/energy_wh', '30000')],
  ['another EVSE', 'session.json', set('/evse/evse_id', 'DE*ALP*E9*9')],
  ['another country of the charger', 'session.json', set('/place/country', 'CH')],
  ['another currency', 'session.json', set('/currency', 'CHF')],
  ['another session', 'session.json', set('/id', 'ses_01M8P6NJ0Q770N5MCSX6HQWJSX')],
  ['another market', 'session.json', set('/market_profile', 'ch@2026-01-01')],
  ['another channel', 'session.json', set('/channel', 'rfid')],
  // The quote
  ['a higher hold', 'quote.json', set('/body/hold_amount', eur(9_900))],
  ['another estimate', 'quote.json', set('/body/est/total', eur(1))],
  ['another unit price shown', 'quote.json', set('/body/components/0/net_unit_price', '0.3')],
  [
    'another lock of the tariff',
    'quote.json',
    set('/body/tariff_hash', `sha256:${'0'.repeat(64)}`),
  ],
  ['another rounding', 'quote.json', set('/body/rating_policy/rounding', 'net-total-half-away@1')],
  ['another buyer of the quote', 'quote.json', set('/account', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX')],
  ['a fee to the driver', 'quote.json', set('/body/fees_to_driver', [eur(100)])],
  ['a quote in another currency', 'quote.json', set('/body/currency', 'CHF')],
  ['a discount', 'quote.json', set('/body/discount', { funded_by: 'partner' })],
  // The tariff
  ['a dearer public tariff', 'tariff.raw.json', replace('0.4958', '0.5958')],
  ['a dearer canonical tariff', 'tariff.canonical.json', replace('0.4958', '0.5958')],
  ['another VAT in the tariff', 'tariff.canonical.json', replace('"vat":"19"', '"vat":"7"')],
  // The record
  ['an empty record', 'cdr.raw.json', () => '{}', /cdr\.raw\.json/],
  ['a record of more energy', 'cdr.raw.json', replace('"volume":"27.52"', '"volume":"37.52"')],
  ['a record that asks more', 'cdr.raw.json', replace('"incl_vat":"16.24"', '"incl_vat":"18.24"')],
  ['a record in another currency', 'cdr.raw.json', replace('"currency":"EUR"', '"currency":"CHF"')],
  [
    'a record that begins earlier',
    'cdr.raw.json',
    replace(/"start_date_time":"2/, '"start_date_time":"1'),
  ],
  ['usage of more energy', 'usage.json', replace('"energy_kwh":"27.52"', '"energy_kwh":"37.52"')],
  ['usage of another time', 'usage.json', replace(/"ended_at":"2/, '"ended_at":"3')],
  ['a dearer rating', 'rating.json', replace('"gross":"', '"gross":"1')],
  [
    'another unit price rated',
    'rating.json',
    replace('"unit_price":"0.4958"', '"unit_price":"0.3958"'),
  ],
  ['a claim that was not made', 'verdict.json', set('/input/claim/total_incl_vat', '18.24')],
  ['a verdict that was not given', 'verdict.json', set('/verdict/kind', 'rejected')],
  ['a higher price', 'verdict.json', set('/verdict/payable/gross', eur(99_900))],
  ['a lower price', 'verdict.json', set('/verdict/payable/gross', eur(1))],
  [
    'a difference granted',
    'verdict.json',
    set('/verdict/difference', { amount: eur(1), destination: 'rounding' }),
  ],
  ['energy said by the session', 'verdict.json', set('/input/session_energy_kwh', '27.52')],
  ['another record judged', 'verdict.json', set('/cdr/id', 'cdr_01M8P6NJZEANFAPQDN7ZPMDV4X')],
  ['a provisional record', 'verdict.json', set('/basis', 'provisional')],
  ['a proof of another price', 'proof.json', set('/output/totals/gross/amount', 1)],
  [
    'a proof of another session',
    'proof.json',
    set('/input/context/session', 'ses_01M8P6NJ0Q770N5MCSX6HQWJSX'),
  ],
  [
    'a proof of other energy',
    'proof.json',
    replace('"energy_kwh":"27.52"', '"energy_kwh":"37.52"'),
  ],
  ['a reading out of order', 'meter.json', set('/1/at', '2020-01-01T00:00:00.000Z')],
  ['a last reading far below', 'meter.json', (text) => text.replaceAll('"28520"', '"3000"')],
  // The driver's money
  ['more captured', 'payment.json', set('/payments/0/captured', eur(1_724))],
  ['less captured', 'payment.json', set('/payments/0/captured', eur(1_524))],
  ['a lower hold', 'payment.json', set('/payments/0/hold', eur(1_000))],
  ['another fee of the provider', 'payment.json', set('/payments/0/provider_fee', eur(500))],
  ['a payment of another kind', 'payment.json', set('/payments/0/kind', 'account')],
  ['a payment that is not captured', 'payment.json', set('/payments/0/status', 'voided')],
  ['a debt', 'payment.json', set('/debt', { id: 'dbt_1', amount: eur(100), status: 'open' })],
  [
    'a refund',
    'payment.json',
    set('/payments/0/refunds', [
      {
        id: 'ref_1',
        revision: 2,
        amount: eur(100),
        status: 'refunded',
        provider_reference: 're_1',
      },
    ]),
  ],
  ['no payment at all', 'payment.json', set('/payments', [])],
  ['another payment authorized', 'authorization.json', set('/payments', ['pay_1'])],
  // The split
  [
    'a commission of 80 %',
    'split.json',
    set('/input/policy/rules/0/share', { kind: 'percentage', bps: 8_000 }),
  ],
  [
    'a partner share of 40 %',
    'split.json',
    set('/input/policy/rules/1/share', { kind: 'percentage', bps: 4_000 }),
  ],
  [
    'another payee',
    'split.json',
    set('/split/shares/0/party/id', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX'),
  ],
  ['a higher share', 'split.json', set('/split/shares/1/amount', eur(999))],
  ['a leg without VAT', 'split.json', set('/input/taxes/sale/rate', '0')],
  ['VAT of another country', 'split.json', set('/input/taxes/sale/jurisdiction', 'NL')],
  ['another price shared', 'split.json', set('/input/sale/gross', eur(1_724))],
  ['another place of the tax', 'split.json', set('/input/placeCountry', 'NL')],
  ['money elsewhere', 'split.json', set('/state/collected/source', 'asset:bank:EUR')],
  ['a claim granted', 'split.json', set('/state/claim/granted', eur(1))],
  ['a payout in another currency', 'split.json', set('/terms/payouts/0/currency', 'CHF')],
  ['an agreement of 80 %', 'agreement.json', set('/agreement/commission/bps', 8_000)],
  ['an agreement that shares more', 'agreement.json', set('/partnership/partnerShareBps', 9_000)],
  ['another tax on a leg', 'tax.json', set('/1/vat', eur(0))],
  ['a leg left out', 'tax.json', drop('/2')],
  [
    'a conversion of nothing',
    'fx.json',
    () => '[{"payee":{"role":"cpo","id":"acct_1"},"conversion":{}}]',
  ],
  // The books
  ['an empty ledger', 'ledger.json', () => '[]'],
  ['an entry left out', 'ledger.json', drop('/1')],
  ['another account', 'ledger.json', replace('revenue:commission', 'revenue:another')],
  ['another amount', 'ledger.json', set('/0/postings/0/amount/amount', 1)],
  ['an entry out of time', 'ledger.json', set('/0/effective_at', '2020-01-01T00:00:00.000Z')],
  ['an entry of another kind', 'ledger.json', set('/0/kind', 'debt')],
  ['nobody is owed', 'settlement.json', () => '[]'],
  ['more is owed', 'settlement.json', set('/0/amount', eur(9_999))],
  ['somebody else is owed', 'settlement.json', set('/1/payee', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX')],
  ['another line of the statement', 'settlement.json', set('/0/detail/lines/0/amount', eur(1))],
  ['paid without a reference', 'settlement.json', set('/0/payout_reference', null)],
  ['another deadline', 'settlement.json', set('/0/sla_deadline', '2030-01-01T00:00:00.000Z')],
  // The invoice
  [
    'an invoice of 999.00',
    'invoice.xml',
    replace(/(PayableAmount currencyID="EUR">)[^<]*/, '$1999.00'),
  ],
  [
    'an invoice without lines',
    'invoice.xml',
    replace(/<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, ''),
  ],
  [
    'an invoice of another seller',
    'invoice.xml',
    replace(/(<cbc:RegistrationName>)[^<]*/, '$1Somebody GmbH'),
  ],
  [
    'an invoice with another VAT id',
    'invoice.xml',
    replace(/(<cbc:CompanyID>)DE[^<]*/, '$1DE811907980'),
  ],
  ['an invoice at another VAT', 'invoice.xml', replace('<cbc:Percent>19<', '<cbc:Percent>7<')],
  [
    'an invoice of another day of supply',
    'invoice.xml',
    replace(/<cbc:StartDate>[^<]*/, '<cbc:StartDate>2020-01-01'),
  ],
  [
    'an invoice of another session',
    'invoice.xml',
    replace(/(<cbc:BuyerReference>)[^<]*/, '$1driver-anna'),
  ],
  // What happened
  ['another invoice in the timeline', 'timeline.json', replace('ALP-DE-2026', 'ALP-DE-2027')],
  [
    'another price in the timeline',
    'timeline.json',
    replace('"payable":{"amount":1624', '"payable":{"amount":1724'),
  ],
]

/** What the first failed check says is told with the file, and with the figure in it. */
function told(report: Report): { file: string; figure: string; detail: string } | undefined {
  const failed = report.checks.find(({ ok }) => !ok)
  return failed && { file: failed.file ?? '', figure: failed.figure ?? '', detail: failed.detail }
}

async function sold(): Promise<Uint8Array> {
  const session = await charge(corridor, market, 27_520)
  await settle(corridor, session)
  return new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
}

describe('a pack that a trusted key sealed', () => {
  test('is refused by its content when one fact of it is another, with the file and the figure', async () => {
    const zip = await sold()
    expect(await verify(zip)).toMatchObject({ ok: true, outcome: 'verified' })
    // Sealed anew without a change it still holds: it is the content that gives the forger away.
    expect(await verify(sealAnew(zip, contentOf(zip)))).toMatchObject({ ok: true })
    expect(saleForgeries.length).toBeGreaterThanOrEqual(60)
    const table: string[] = []
    const passed: string[] = []
    for (const [what, path, change] of saleForgeries) {
      const report = await verify(forge(zip, path, change))
      const first = told(report)
      if (report.outcome !== 'refused' || first === undefined) passed.push(`${path}: ${what}`)
      else if (first.file === '') passed.push(`${path}: ${what} (no file named: ${first.detail})`)
      table.push(`${path} | ${what} | ${first?.file} | ${first?.figure} | ${first?.detail}`)
    }
    if (process.env['FORGERS_TABLE'] !== undefined) process.stdout.write(`${table.join('\n')}\n`)
    expect(passed).toEqual([])
  })

  test('is refused when files are left out, put in or put elsewhere, and when its sale is dropped', async () => {
    const zip = await sold()
    const without = (...paths: string[]) => {
      const content = contentOf(zip)
      for (const path of paths) {
        content.files.delete(path)
        delete content.disclosures[path]
      }
      return sealAnew(zip, content)
    }
    const saleFiles = ['split.json', 'tax.json', 'fx.json', 'proof.json', 'invoice.xml']
    const recordFiles = ['usage.json', 'rating.json', 'verdict.json']
    for (const paths of [
      ['ledger.json'],
      ['agreement.json'],
      ['proof.json'],
      ['invoice.xml'],
      ['cdr.raw.json'],
      saleFiles,
      [...saleFiles, ...recordFiles],
      [...saleFiles, ...recordFiles, 'cdr.raw.json'],
    ])
      expect(await verify(without(...paths)), paths.join()).toMatchObject({ outcome: 'refused' })
    const added = contentOf(zip)
    added.files.set('more.json', strToU8('{}'))
    expect(await verify(sealAnew(zip, added))).toMatchObject({ outcome: 'refused' })
    const [first, ...rest] = [...readEntries(zip)].toReversed()
    const reordered = writeArchive(
      new Map([...rest.toReversed(), ...(first ? [first] : [])].toReversed()),
    )
    expect(told(await verify(reordered))?.detail).toContain('reordered')
  })

  test('of a payee paid in another currency is refused with another rate', async () => {
    const host = await addSiteHost(corridor, market)
    const zip = await sold()
    expect(await verify(zip)).toMatchObject({ ok: true })
    const forgeries: Forgery[] = [
      ['ten times the rate', 'fx.json', replace('"rate":"0.9312"', '"rate":"9.312"')],
      ['another day', 'fx.json', replace(/"asOf":"[^"]*"/, '"asOf":"2020-01-01"')],
      ['another amount', 'fx.json', set('/0/conversion/to/amount', 999)],
      ['another published rate', 'split.json', replace('"rate":"0.9312"', '"rate":"9.312"')],
      ['no conversion', 'fx.json', () => '[]'],
      [
        'a smaller share of the host',
        'split.json',
        set('/input/policy/rules/2/share', { kind: 'percentage', bps: 50 }),
      ],
      ['another host', 'agreement.json', (text) => text.replaceAll(host.id, market.partner.id)],
    ]
    for (const [what, path, change] of forgeries)
      expect(await verify(forge(zip, path, change)), what).toMatchObject({ outcome: 'refused' })
  })

  test('of nothing sold is refused when something was', async () => {
    const session = await charge(corridor, market, 0)
    await sessionResult(corridor, session)
    const zip = new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
    expect(await verify(zip)).toMatchObject({ ok: true })
    const forgeries: Forgery[] = [
      ['a payment', 'payment.json', set('/payments/0/captured', eur(100))],
      ['a status', 'session.json', set('/money_status', 'settled')],
      [
        'an entry',
        'ledger.json',
        () => '[{"effective_at":"2026-11-30T00:00:00.000Z","key":"x","kind":"sale","postings":[]}]',
      ],
      ['energy', 'cdr.raw.json', replace(/"volume":"[^"]*"/, '"volume":"9"')],
    ]
    for (const [what, path, change] of forgeries)
      expect(await verify(forge(zip, path, change)), what).toMatchObject({ outcome: 'refused' })
  })

  test('and is a stranger’s proves nothing, whatever it says', async () => {
    const zip = await sold()
    expect(await verifyPack(zip)).toMatchObject({
      ok: false,
      outcome: 'unknown_signer',
      sealed_by: null,
    })
    expect(await verify(zip)).toMatchObject({ sealed_by: 'Chargelane Betriebs GmbH' })
  })
})

describe('the view of one side', () => {
  test.each([
    ['partner', ['session.json', 'usage.json', 'invoice.xml']],
    ['cpo', ['session.json', 'usage.json', 'invoice.xml']],
  ] as const)('of the %s is refused by what that side can check', async (reader, paths) => {
    const zip = await sold()
    const view = viewOf(zip, reader)
    const report = await verify(view)
    expect(report).toMatchObject({ ok: true })
    // How the driver paid is the partner's; all else each side checks of its own.
    const committed = report.checks.filter(({ state }) => state === 'committed')
    expect(committed.map(({ name }) => name)).toEqual(reader === 'cpo' ? ['payment'] : [])
    for (const path of paths) {
      const [, , change] = saleForgeries.find(([, file]) => file === path) ?? []
      if (change === undefined) throw new Error(`no forgery of ${path}`)
      const forged = viewOf(forge(zip, path, change), reader)
      expect(await verify(forged), path).toMatchObject({ outcome: 'refused' })
    }
  })

  test('shows no figure of the other side, in no file', async () => {
    const zip = await sold()
    const text = (reader: 'partner' | 'cpo') =>
      [...readEntries(viewOf(zip, reader))].map(([, bytes]) => strFromU8(bytes)).join('\n')
    const [partner, cpo] = [text('partner'), text('cpo')]
    // 10 % of 13.65 net are 1.37, as both know; the partner has 30 % of it, and the operator the rest of the price.
    expect(partner).not.toMatch(/"amount":1461|"amount":137\b/)
    expect(cpo).not.toMatch(
      /"bps":3000|"partnerShareBps":3000|"amount":41\b|"amount":49\b|pi_1|drv_|driver-/,
    )
  })
})

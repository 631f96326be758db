// What each reader of a pack can check of it, and that its own figures are made again from what it sees.
import { strFromU8 } from 'fflate'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { viewOf } from '@chargelane/rules/evidence/view'
import { readers } from '@chargelane/rules/evidence/commitment'
import { readEntries } from '@chargelane/rules/evidence/archive'
import { type Report, verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import { charge, settle, useCorridor } from '../testing/market.ts'
import type { Market } from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'
import { addSiteHost } from '../testing/site-host.ts'
import { forgeWith, replace, set } from './forging.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

const verify = async (zip: Uint8Array): Promise<Report> =>
  verifyPack(zip, { trust: [await corridor.keys()] })

async function sold(): Promise<Uint8Array> {
  const session = await charge(corridor, market, 27_520)
  await settle(corridor, session)
  return new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
}

/** Check by check, what it is for the partner, the operator and the auditor. */
async function matrixOf(zip: Uint8Array): Promise<Record<string, string>> {
  const rows = new Map<string, string[]>()
  for (const reader of readers) {
    const { checks } = await verify(viewOf(zip, reader))
    for (const { name, ok, state, detail } of checks)
      rows.set(name, [...(rows.get(name) ?? []), ok ? state : `refused: ${detail}`])
  }
  return Object.fromEntries([...rows].map(([name, states]) => [name, states.join(' ')]))
}

const everywhere = 'checked checked checked'

test('each reader checks all that it sees the inputs of; how the driver paid is the partner’s', async () => {
  const zip = await sold()
  expect(await matrixOf(zip)).toEqual({
    archive: everywhere,
    manifest: everywhere,
    signature: everywhere,
    signer: everywhere,
    files: everywhere,
    completeness: everywhere,
    quote: everywhere,
    'public tariff': everywhere,
    session: everywhere,
    // The operator's system told no register that could be looked up.
    meter: 'absent absent absent',
    usage: everywhere,
    price: everywhere,
    record: everywhere,
    proof: everywhere,
    payment: 'checked committed checked',
    split: everywhere,
    tax: everywhere,
    conversion: everywhere,
    ledger: everywhere,
    invoice: everywhere,
    settlement: everywhere,
    timeline: everywhere,
  })
})

test('a payee beside the two sides changes nothing of what they check', async () => {
  await addSiteHost(corridor, market)
  const matrix = await matrixOf(await sold())
  expect(Object.values(matrix).filter((states) => /refused/.test(states))).toEqual([])
  expect(matrix).toMatchObject({ split: everywhere, ledger: everywhere, settlement: everywhere })
})

const eur = (amount: number) => ({ amount, currency: 'EUR' })

test.each([
  ['cpo', 'agreement.json', set('/agreement/commission/bps', 8_000)],
  ['cpo', 'split.json', set('/input/policy/rules/0/share', { kind: 'percentage', bps: 900 })],
  ['cpo', 'split.json', set('/split/legs/1/net', eur(136))],
  ['cpo', 'split.json', set('/split/shares/0/amount', eur(1_460))],
  ['cpo', 'tax.json', set('/1/vat', eur(0))],
  ['cpo', 'settlement.json', set('/0/amount', eur(1_460))],
  ['cpo', 'settlement.json', set('/0/detail/lines/1/amount', eur(-1))],
  [
    'cpo',
    'ledger.json',
    replace(/("account":"liability:cpo:[^"]*:pending","amount":\{"amount":)-?\d+/, '$11'),
  ],
  ['partner', 'agreement.json', replace('"partnerShareBps":3000', '"partnerShareBps":9000')],
  ['partner', 'split.json', set('/input/policy/rules/1/share', { kind: 'percentage', bps: 2_900 })],
  ['partner', 'split.json', set('/split/legs/2/vat', eur(0))],
  ['partner', 'split.json', set('/split/shares/1/amount', eur(48))],
  ['partner', 'split.json', set('/split/legs/2/net', eur(9_999))],
  ['partner', 'tax.json', set('/2/gross', eur(1))],
  ['partner', 'payment.json', set('/payments/0/captured', eur(1_523))],
  ['partner', 'settlement.json', set('/1/amount', eur(48))],
  [
    'partner',
    'ledger.json',
    replace(/("account":"liability:partner:[^"]*:pending","amount":\{"amount":)-?\d+/, '$11'),
  ],
] as const)(
  'the %s refuses its own figure in %s when it is another (%#)',
  async (reader, path, change) => {
    const zip = await sold()
    const report = await verify(viewOf(forgeWith(corridor.signer, zip, path, change), reader))
    const failed = report.checks.filter(({ ok }) => !ok)
    expect(report.outcome).toBe('refused')
    expect(failed.map(({ file }) => file)).not.toContain(null)
  },
)

test('what the provider keeps is told to the auditor alone, the books included', async () => {
  const zip = await sold()
  const ledger = (reader: 'partner' | 'auditor') =>
    strFromU8(readEntries(viewOf(zip, reader)).get('ledger.json') ?? new Uint8Array())
  const fee = /"kind":"psp_fee","postings":\[\{"committed":[^}]*\},\{"committed":[^}]*\}\]/
  expect(ledger('partner')).toMatch(fee)
  expect(ledger('auditor')).not.toMatch(fee)
})

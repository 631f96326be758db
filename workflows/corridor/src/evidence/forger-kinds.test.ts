// The forger again, of sales that are not the usual one: each kind has figures of its own, and each of them, changed and
// sealed anew with a trusted key, gives the forger away by its file and its figure.
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import {
  insertRateAgreement,
  moveRateAgreement,
} from '@chargelane/db/queries/partners/rate-agreements'
import { insertPlan } from '@chargelane/db/queries/plans/plans'
import { insertSubscription } from '@chargelane/db/queries/plans/subscriptions'
import { readers } from '@chargelane/rules/evidence/commitment'
import { viewOf } from '@chargelane/rules/evidence/view'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import type { Corridor } from '../testing/corridor.ts'
import {
  aftercareOf,
  charge,
  createMarket,
  giveDiscount,
  type Market,
  resultNow,
  settle,
  settleAll,
  type Started,
  useCorridor,
} from '../testing/market.ts'
import { addSiteHost } from '../testing/site-host.ts'
import { type Change, drop, forgeWith, replace, set } from './forging.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

type Forgery = [what: string, path: string, change: Change]
type Kind = { sell: () => Promise<Started>; forgeries: Forgery[] }

const day = 24 * 3_600_000
const eur = (amount: number) => ({ amount, currency: 'EUR' })

async function paid(wh: number): Promise<Started> {
  const session = await charge(corridor, market, wh)
  await settle(corridor, session)
  return session
}

async function subscribe(): Promise<void> {
  const at = await corridor.nowIso()
  const { partner, driver } = market
  await corridor.db.tx(async (tx) => {
    const plan = await insertPlan(tx, {
      ownerId: partner.id,
      ownerType: 'partner',
      name: 'Pendler',
      country: 'DE',
      currency: 'EUR',
      feeMinor: 990,
      terms: { included_kwh: '20', included: ['ENERGY'], overage: { kind: 'public' } },
      at,
    })
    await insertSubscription(tx, {
      accountId: partner.id,
      driverId: driver.id,
      planId: plan.id,
      planVersion: plan.version,
      ownerId: partner.id,
      startsOn: at.slice(0, 10),
      timeZone: 'UTC',
      at,
    })
  })
}

async function agreeRate(): Promise<void> {
  const from = '2026-01-01T00:00:00.000Z'
  await corridor.db.tx(async (tx) => {
    const made = await insertRateAgreement(tx, {
      cpoId: market.cpo.id,
      partnerId: market.partner.id,
      proposedBy: market.partner.id,
      name: 'Fleet',
      justification: 'volume',
      terms: { price: { kind: 'discount', discount_bps: { ENERGY: 1_000 } } },
      evses: null,
      locations: null,
      effectiveFrom: from,
      effectiveTo: null,
      status: 'proposed',
      at: from,
    })
    await moveRateAgreement(tx, made, ['proposed'], { status: 'active', activeFrom: from })
  })
}

/** Billed on our own record; the operator's comes later and asks for less. */
async function corrected(): Promise<Started> {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 12_000)
  await corridor.pass(day + 3_600_000)
  await settle(corridor, session)
  corridor.operator.script.overclaim = -100
  await corridor.operator.sendRecord(session.sessionId)
  await resultNow(await aftercareOf(corridor, session))
  await settleAll(corridor)
  return session
}

const kinds: Record<string, Kind> = {
  'under a plan': {
    async sell() {
      await subscribe()
      return paid(30_000)
    },
    forgeries: [
      ['more of it paid by the plan', 'split.json', set('/input/plan/amount', eur(1_280))],
      ['less of it paid by the plan', 'split.json', set('/input/plan/amount', eur(80))],
      [
        'another owner pays',
        'split.json',
        set('/input/plan/by/id', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX'),
      ],
      ['no plan at all', 'split.json', drop('/input/plan')],
      ['another contribution', 'split.json', set('/split/contributions/0/amount', eur(1))],
      ['another price under the plan', 'proof.retail.json', set('/output/totals/gross/amount', 1)],
      [
        'more included than was promised',
        'proof.retail.json',
        replace(/"free_kwh":"20"|"included_kwh":"20"|"20"/, '"30"'),
      ],
      ['a smaller charge of the driver', 'payment.json', set('/payments/0/captured', eur(490))],
      ['the plan’s entry left out', 'ledger.json', replace('plan_contribution', 'plan_funded')],
    ],
  },
  'at a partner’s discount': {
    async sell() {
      await giveDiscount(corridor, market)
      return paid(20_000)
    },
    forgeries: [
      ['a higher discount', 'agreement.json', set('/partnership/partnerShareBps', 9_000)],
      [
        'a higher commission to give from',
        'quote.json',
        set('/body/distribution/agreement/commission/bps', 4_000),
      ],
      [
        'another giver',
        'split.json',
        set('/input/discountBy/id', 'acct_01M8P6NHZ39SF1HEQS0SCDAKMX'),
      ],
      ['nobody gives', 'split.json', drop('/input/discountBy')],
      ['a higher gift', 'split.json', set('/split/contributions/0/amount', eur(136))],
      [
        'the gift not booked',
        'ledger.json',
        (text) =>
          drop(
            `/${JSON.parse(text).findIndex(({ kind }: { kind: string }) => kind === 'partner_discount')}`,
          )(text),
      ],
      ['the public price captured', 'payment.json', set('/payments/0/captured', eur(1_180))],
      [
        'the share paid out all the same',
        'settlement.json',
        (text) =>
          JSON.stringify([...JSON.parse(text), { ...JSON.parse(text)[0], role: 'partner' }]),
      ],
    ],
  },
  'at a preferential rate': {
    async sell() {
      await agreeRate()
      return paid(20_000)
    },
    forgeries: [
      [
        'a lower agreed price',
        'quote.json',
        set('/body/agreement/tariff/elements/0/price_components/0/price', '0.2'),
      ],
      [
        'another agreed tariff’s hash',
        'quote.json',
        set('/body/agreement/tariff_hash', `sha256:${'0'.repeat(64)}`),
      ],
      ['the public price', 'quote.json', drop('/body/agreement')],
      [
        'rated at the public price',
        'rating.json',
        replace('"unit_price":"0.4', '"unit_price":"0.5'),
      ],
      ['the public price payable', 'verdict.json', set('/verdict/payable/gross', eur(1_180))],
      ['a proof of the public price', 'proof.json', set('/output/totals/gross/amount', 1_180)],
      ['the public price shared', 'split.json', set('/input/sale/gross', eur(1_180))],
      ['the public price captured', 'payment.json', set('/payments/0/captured', eur(1_180))],
    ],
  },
  'corrected by a later record': {
    sell: corrected,
    forgeries: [
      ['nothing given back', 'payment.json', set('/payments/0/refunds', [])],
      ['less given back', 'payment.json', set('/payments/0/refunds/0/amount', eur(50))],
      ['the correction left out', 'split.json', set('/earlier', [])],
      ['another first price', 'split.json', set('/earlier/0/input/sale/gross', eur(808))],
      ['another first share', 'split.json', set('/earlier/0/split/shares/0/amount', eur(1))],
      ['a correction of another number', 'split.json', set('/revision', 3)],
      ['no credit note', 'credit-notes.json', () => '[]'],
      [
        'a credit note of another sum',
        'credit-notes.json',
        replace(/(PayableAmount currencyID=\\"EUR\\">)[^<]*/, '$19.00'),
      ],
      ['a credit note of another number', 'credit-notes.json', set('/0/number', 'X-1')],
      [
        'a correction not booked',
        'ledger.json',
        replace('"kind":"true_up"', '"kind":"refund_failed"'),
      ],
      [
        'another sum booked back',
        'ledger.json',
        (text) =>
          set(
            `/${JSON.parse(text).findIndex(({ kind }: { kind: string }) => kind === 'true_up')}/postings/0/amount/amount`,
            1,
          )(text),
      ],
      [
        'the operator keeps it',
        'settlement.json',
        (text) =>
          JSON.stringify(
            JSON.parse(text).filter(({ revision }: { revision: number }) => revision === 1),
          ),
      ],
    ],
  },
  'in francs, with a partner paid in euro': {
    async sell() {
      market = await createMarket(corridor, { currency: 'CHF' })
      return paid(30_000)
    },
    forgeries: [
      ['ten times the rate', 'fx.json', replace(/"rate":"0\.|"rate":"1\./, '"rate":"9.')],
      ['another published rate', 'split.json', replace(/"rate":"/, '"rate":"1')],
      ['rates of another day', 'split.json', replace(/"asOf":"[^"]*"/, '"asOf":"2020-01-01"')],
      ['another source', 'fx.json', replace(/"source":"[^"]*"/, '"source":"a friend"')],
      ['another amount', 'fx.json', set('/0/conversion/to/amount', 9_999)],
      ['no conversion', 'fx.json', () => '[]'],
      ['paid in francs', 'split.json', set('/terms/payouts/1/currency', 'CHF')],
      [
        'another sum owed in euro',
        'settlement.json',
        (text) =>
          set(
            `/${JSON.parse(text).findIndex(({ role }: { role: string }) => role === 'partner')}/amount`,
            eur(9_999),
          )(text),
      ],
      ['German VAT', 'tax.json', set('/0/treatment/rate', '19')],
    ],
  },
  'with a site host as third payee': {
    async sell() {
      await addSiteHost(corridor, market)
      return paid(27_520)
    },
    forgeries: [
      [
        'a higher share of the host',
        'agreement.json',
        set('/agreement/policy/rules/0/share', { kind: 'percentage', bps: 9_000 }),
      ],
      ['a host who is paid by nobody', 'agreement.json', set('/agreement/policy/rules', [])],
      ['the host’s leg left out', 'tax.json', drop('/3')],
      ['the host’s leg of another sum', 'split.json', set('/split/legs/3/net', eur(1))],
      ['the host’s share of another sum', 'split.json', set('/split/shares/3/amount', eur(1))],
      ['the host taxed otherwise', 'split.json', set('/input/taxes/site_share/rate', '7')],
      [
        'the host owed nothing',
        'settlement.json',
        (text) =>
          JSON.stringify(
            JSON.parse(text).filter(({ role }: { role: string }) => role !== 'site_host'),
          ),
      ],
      [
        'the host’s account in the books',
        'ledger.json',
        replace('liability:site_host', 'liability:cpo'),
      ],
    ],
  },
}

test.each(Object.entries(kinds))(
  'a sale %s is refused with any of its facts changed',
  async (_, { sell, forgeries }) => {
    const { sessionId } = await sell()
    const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
    const verify = async (pack: Uint8Array) => verifyPack(pack, { trust: [await corridor.keys()] })
    // Each reader's own view of the true pack holds.
    for (const reader of readers) {
      const { checks } = await verify(viewOf(zip, reader))
      expect(
        checks.filter(({ ok }) => !ok),
        reader,
      ).toEqual([])
    }
    const passed: string[] = []
    for (const [what, path, change] of forgeries) {
      const { outcome, checks } = await verify(forgeWith(corridor.signer, zip, path, change))
      const first = checks.find(({ ok }) => !ok)
      if (outcome !== 'refused' || first === undefined || first.file === null)
        passed.push(`${path}: ${what} (${first?.detail ?? outcome})`)
    }
    expect(passed).toEqual([])
  },
)

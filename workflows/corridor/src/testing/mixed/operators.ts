// The operators of the mixed world: markets, currencies, tariffs, shares and numbers of every kind that a sale can have.
import type { Db } from '@chargelane/db'
import { createAccount, recordVatCheck } from '@chargelane/db/queries/partners/accounts'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { cpoTerms, partnerTerms } from '@chargelane/rules/agreement/distribution'
import { insertSplitPolicy, moveSplitPolicy } from '@chargelane/db/queries/partners/split-policies'
import { changeConnection, createConnection } from '@chargelane/db/queries/locations/connections'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import { evseIdsOf } from '@chargelane/db/queries/sessions/terms'
import type { PolicyRule } from '@chargelane/openapi/vocabulary/settlement/shares'
import { hashTariff } from '@chargelane/rules/quote'
import { canonicalTariff } from '@chargelane/rules/rating'
import { shapes } from './tariffs.ts'

export const at = '2026-01-01T00:00:00.000Z'

const countries = {
  DE: { city: 'Köln', timeZone: 'Europe/Berlin', vatId: 'DE136695976' },
  FR: { city: 'Lyon', timeZone: 'Europe/Paris', vatId: 'FR83404833048' },
  NL: { city: 'Delft', timeZone: 'Europe/Amsterdam', vatId: 'NL004495445B01' },
  CH: { city: 'Bern', timeZone: 'Europe/Zurich', vatId: 'CHE-116.281.710' },
  GB: { city: 'Leeds', timeZone: 'Europe/London', vatId: 'GB980780684' },
} as const
type Country = keyof typeof countries

export type OperatorPlan = {
  country: Country
  /** Where it is established and registered; at the chargers where it says nothing. */
  seat?: Country
  currency: string
  payoutCurrency: string
  shape: keyof typeof shapes
  power: 'AC' | 'DC'
  commissionBps: number
  /** Its number was checked, so tax is shifted to it. */
  isChecked?: true
  host?: { bps: number; currency: string; isChecked?: true; hasNumber?: false } | { fixed: number }
}

/** A platform's own seat is in Germany: what it renders elsewhere shifts its tax where the number was checked. */
export const operatorPlans: readonly OperatorPlan[] = [
  { ...eur('energy', 'DC'), host: { bps: 500, currency: 'CHF' } },
  { ...eur('energy_time', 'AC'), commissionBps: 1_250 },
  { ...eur('energy_standing', 'DC'), payoutCurrency: 'USD' },
  { ...eur('energy_flat', 'AC'), commissionBps: 333 },
  { ...eur('time_only', 'AC'), host: { fixed: 25 } },
  { ...eur('stepped', 'AC'), commissionBps: 0 },
  eur('least', 'AC'),
  { ...eur('least_net', 'AC'), country: 'FR', isChecked: true },
  { ...eur('energy_time', 'AC'), country: 'NL', isChecked: true, commissionBps: 875 },
  eur('most', 'AC'),
  { ...eur('most_net', 'AC'), country: 'FR' },
  eur('tiers', 'AC'),
  { ...eur('hours', 'DC'), host: { bps: 1_234, currency: 'EUR', hasNumber: false } },
  {
    ...eur('long_stay', 'AC'),
    country: 'NL',
    host: { bps: 200, currency: 'EUR', isChecked: true },
  },
  eur('gross', 'AC'),
  eur('small', 'AC'),
  foreign('CH', 'CHF', 'energy_standing'),
  { ...foreign('CH', 'CHF', 'energy_time'), payoutCurrency: 'EUR' },
  foreign('GB', 'GBP', 'energy_flat'),
  { ...foreign('GB', 'GBP', 'hours'), payoutCurrency: 'EUR' },
  // What is sold in a market is priced in its currency; what is paid out has units of its own.
  { ...eur('energy_time', 'AC'), payoutCurrency: 'JPY', host: { bps: 700, currency: 'GBP' } },
  { ...eur('most_net', 'AC'), payoutCurrency: 'HUF', host: { bps: 950, currency: 'JPY' } },
]

function eur(shape: keyof typeof shapes, power: 'AC' | 'DC'): OperatorPlan {
  return {
    country: 'DE',
    currency: 'EUR',
    payoutCurrency: 'EUR',
    shape,
    power,
    commissionBps: 1_000,
  }
}

function foreign(country: Country, currency: string, shape: keyof typeof shapes): OperatorPlan {
  return { ...eur(shape, 'AC'), country, currency, payoutCurrency: currency }
}

type AccountWish = {
  name: string
  type: 'cpo' | 'partner' | 'platform' | 'payee'
  country: Country
  payoutCurrency: string
  partnerShareBps?: number
  benefitMode?: 'revenue_share' | 'discount'
  isChecked?: boolean
  hasNumber?: boolean
}

export async function openAccount(db: Db, wish: AccountWish) {
  const { name, type, country, payoutCurrency } = wish
  const { partnerShareBps = 0, benefitMode = 'revenue_share' } = wish
  const vatId = countries[country].vatId
  const made = await createAccount(db, {
    type,
    name,
    legalName: `${name} GmbH`,
    country,
    payoutCurrency,
    ...(wish.hasNumber === false ? {} : { vatId }),
    address: { street: 'Ladestraße 1', city: countries[country].city, postal_code: '50667' },
    iban: 'DE89370400440532013000',
    at,
  })
  if (type === 'partner')
    await signAgreement(db, {
      accountId: made.id,
      terms: partnerTerms({ partnerShareBps, benefitMode }),
      at,
    })
  if (wish.isChecked === true)
    await db.tx((tx) =>
      recordVatCheck(tx, {
        accountId: made.id,
        vatId,
        source: 'vies',
        valid: true,
        reference: `ref-${made.id}`,
        checkedAt: at,
        recordedBy: made.id,
        recordedAt: at,
        countsUntil: '2099-01-01T00:00:00.000Z',
      }),
    )
  return made
}

/** The owner of the site, paid by a policy of the operator. */
async function putHost(db: Db, plan: OperatorPlan, cpoId: string, name: string): Promise<void> {
  const { host, country } = plan
  if (host === undefined) return
  const isPart = 'bps' in host
  const account = await openAccount(db, {
    name: `host of ${name}`,
    type: 'payee',
    country,
    payoutCurrency: isPart ? host.currency : plan.payoutCurrency,
    ...(isPart && host.isChecked === true ? { isChecked: true } : {}),
    ...(isPart && host.hasNumber === false ? { hasNumber: false } : {}),
  })
  const rule: PolicyRule = {
    id: 'site_share',
    fee_type: 'revenue_share',
    supplier: { role: 'site_host', id: account.id },
    recipient: { role: 'cpo' },
    base: 'sale',
    share: isPart
      ? { kind: 'percentage', bps: host.bps }
      : { kind: 'fixed', amount: { amount: host.fixed, currency: plan.currency } },
    document: 'self_billed_invoice',
    shortfall: 'carry',
  }
  const draft = await insertSplitPolicy(db, {
    cpoId,
    ownerId: cpoId,
    name: 'Site',
    level: 'cpo',
    places: [],
    terms: {
      text: 'The owner of the site is paid a share of what is sold there.',
      currency: plan.currency,
      time_zone: countries[country].timeZone,
      period: 'month',
      rules: [rule],
    },
    effectiveFrom: at,
    effectiveUntil: null,
    at,
  })
  await moveSplitPolicy(db, draft, ['draft'], { status: 'active', activatedAt: at })
}

export type Operator = { plan: OperatorPlan; cpoId: string; evseIds: string[] }

/** Its code in the EVSE-IDs. */
const partyOf = (number: number): string => `M${String(number).padStart(2, '0')}`

/** An operator with its agreement, its tariff and as many EVSEs as may be busy at once. */
export async function openOperator(
  db: Db,
  plan: OperatorPlan,
  { name, evses, number }: { name: string; evses: number; number: number },
): Promise<Operator> {
  const cpo = await openAccount(db, {
    name,
    type: 'cpo',
    country: plan.country,
    payoutCurrency: plan.payoutCurrency,
    ...(plan.isChecked === undefined ? {} : { isChecked: plan.isChecked }),
  })
  await signAgreement(db, {
    accountId: cpo.id,
    terms: cpoTerms({ commission: { bps: plan.commissionBps }, supplyModel: 'agency' }),
    at,
  })
  await putHost(db, plan, cpo.id, name)
  const connection = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpo.id,
      protocol: 'ocpi',
      countryCode: plan.country,
      partyId: partyOf(number),
      at,
    }),
  )
  await changeConnection(db, connection.id, { status: 'live', tariffMaxAgeS: 1_000_000_000 })
  const place = { connectionId: connection.id, cpoId: cpo.id }
  const tariffId = `T-${number}`
  await publish(db, plan, { ...place, tariffId, partyId: partyOf(number) })
  await openSite(db, plan, { ...place, tariffId, evses, number })
  return { plan, cpoId: cpo.id, evseIds: await evseIdsOf(db, connection.id) }
}

type Place = { connectionId: string; cpoId: string; tariffId: string }
type Party = { partyId: string }

async function publish(db: Db, plan: OperatorPlan, place: Place & Party): Promise<void> {
  const shape = shapes[plan.shape]
  if (shape === undefined) throw new Error(`no tariff ${plan.shape}`)
  const raw = {
    country_code: plan.country,
    party_id: place.partyId,
    id: place.tariffId,
    currency: plan.currency,
    type: 'AD_HOC_PAYMENT',
    ...shape,
    last_updated: '2026-01-01T00:00:00Z',
  }
  const version = shape.tax_included === undefined ? '2.2.1' : '2.3.0'
  const canonical = canonicalTariff(raw, { version })
  if (!canonical.ok) throw new Error(JSON.stringify(canonical.problems))
  await putTariff(db, {
    connectionId: place.connectionId,
    cpoId: place.cpoId,
    countryCode: plan.country,
    partyId: place.partyId,
    ocpiId: place.tariffId,
    currency: plan.currency,
    ocpiVersion: version,
    status: 'valid',
    problems: [],
    raw: JSON.stringify(raw),
    canonical: canonical.tariff,
    hash: hashTariff(canonical.tariff),
    at,
  })
}

async function openSite(
  db: Db,
  plan: OperatorPlan,
  { connectionId, cpoId, tariffId, evses, number }: Place & { evses: number; number: number },
): Promise<void> {
  const { city, timeZone } = countries[plan.country]
  const isDc = plan.power === 'DC'
  const connector = {
    ocpiId: '1',
    standard: isDc ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2',
    format: 'CABLE',
    powerType: isDc ? 'DC' : 'AC_3_PHASE',
    maxVoltage: isDc ? 800 : 230,
    maxAmperage: isDc ? 188 : 63,
    maxPowerW: isDc ? 150_000 : 43_000,
    tariffIds: [tariffId],
    lastUpdated: at,
  }
  await upsertLocations(db, { connectionId, cpoId }, [
    {
      countryCode: plan.country,
      partyId: partyOf(number),
      ocpiId: `LOC-${number}`,
      address: 'Bahnhofplatz 1',
      city,
      country: plan.country,
      latitude: -60 + number,
      longitude: 7.4,
      timeZone,
      lastUpdated: at,
      raw: {},
      evses: Array.from({ length: evses }, (_, evse) => ({
        ocpiUid: `U-${number}-${evse}`,
        evseId: `${plan.country}*${partyOf(number)}*E${number}*${evse + 1}`,
        status: 'AVAILABLE' as const,
        capabilities: ['REMOTE_START_STOP_CAPABLE'],
        lastUpdated: at,
        connectors: [connector],
      })),
    },
  ])
}

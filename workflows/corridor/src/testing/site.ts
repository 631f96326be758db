// Where a market's chargers stand: the place, its socket and the price on it.
import type { Db } from '@chargelane/db'
import { claimStation, createStation } from '@chargelane/db/queries/chargers/chargers'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import { hashTariff } from '@chargelane/rules/quote'
import { canonicalTariff } from '@chargelane/rules/rating'

let siteCount = 0

/** Where a currency is paid in these tests; the rules themselves know countries as data only. */
export const sites = {
  EUR: {
    country: 'DE',
    city: 'Köln',
    timeZone: 'Europe/Berlin',
    price: '0.4958',
    vat: '19.0',
    vatId: 'DE136695976',
  },
  CHF: {
    country: 'CH',
    city: 'Bern',
    timeZone: 'Europe/Zurich',
    price: '0.55',
    vat: '8.1',
    vatId: 'CHE-116.281.710',
  },
} as const
type SiteCurrency = keyof typeof sites

const tariffOf = (currency: SiteCurrency, price: string, vat: string, id: string) => ({
  country_code: sites[currency].country,
  party_id: 'ALP',
  id,
  currency,
  type: 'AD_HOC_PAYMENT',
  elements: [{ price_components: [{ type: 'ENERGY', price, vat, step_size: 1 }] }],
  last_updated: '2026-01-01T00:00:00Z',
})

export type MarketOptions = {
  currency?: SiteCurrency
  parkingPrice?: string
  /** The node that holds the socket of the market's one charger, where it is not reached over OCPI. */
  nodeId?: string
}
type Place = {
  suffix: string
  currency: SiteCurrency
  connectionId: string
  cpoId: string
  chargeStationId?: string
}

export const at = '2026-01-01T00:00:00.000Z'

/** The charger of the place is at a node of ours, where one is named. */
export async function holdSocket(
  db: Db,
  { suffix, connectionId, cpoId }: Place,
  nodeId: string | undefined,
): Promise<{ chargeStationId?: string }> {
  if (nodeId === undefined) return {}
  const charger = { cpoId, connectionId, identity: `CP-${suffix}`, password: 'secret', at }
  const { id } = await createStation(db, charger)
  await claimStation(db, id, { nodeId, protocol: 'ocpp1.6', at })
  return { chargeStationId: id }
}

export async function publishPrice(db: Db, place: Place, options: MarketOptions): Promise<void> {
  const id = `T-${place.suffix}`
  const { price, vat, country } = sites[place.currency]
  const raw = tariffOf(place.currency, price, vat, id)
  if (options.parkingPrice !== undefined)
    raw.elements.push({
      price_components: [
        { type: 'PARKING_TIME', price: options.parkingPrice, vat: '19.0', step_size: 60 },
      ],
    })
  const canonical = canonicalTariff(raw)
  if (!canonical.ok) throw new Error(JSON.stringify(canonical.problems))
  await putTariff(db, {
    connectionId: place.connectionId,
    cpoId: place.cpoId,
    countryCode: country,
    partyId: 'ALP',
    ocpiId: id,
    currency: raw.currency,
    ocpiVersion: '2.2.1',
    status: 'valid',
    problems: [],
    raw: JSON.stringify(raw),
    canonical: canonical.tariff,
    hash: hashTariff(canonical.tariff),
    at,
  })
}

export async function openSite(db: Db, place: Place): Promise<void> {
  const { suffix, currency, connectionId, cpoId, chargeStationId } = place
  const { country, city, timeZone } = sites[currency]
  // Far enough apart that no market's EVSEs are alternatives of another's.
  siteCount += 1
  const connector = {
    ocpiId: '1',
    standard: 'IEC_62196_T2_COMBO',
    format: 'CABLE',
    powerType: 'DC',
    maxVoltage: 800,
    maxAmperage: 188,
    maxPowerW: 150_000,
    tariffIds: [`T-${suffix}`],
    lastUpdated: at,
  }
  await upsertLocations(db, { connectionId, cpoId }, [
    {
      countryCode: country,
      partyId: 'ALP',
      ocpiId: `LOC-${suffix}`,
      address: 'Bahnhofplatz 1',
      city,
      country,
      latitude: -80 + (siteCount % 320) / 2,
      longitude: 7.4,
      timeZone,
      lastUpdated: at,
      raw: {},
      evses: [1, 2, 3].map((number) => ({
        ocpiUid: `U${suffix}${number}`,
        evseId: `${country}*ALP*E${suffix}*${number}`,
        status: 'AVAILABLE',
        capabilities: ['REMOTE_START_STOP_CAPABLE'],
        lastUpdated: at,
        ...(chargeStationId === undefined ? {} : { chargeStationId, ocppEvseId: number }),
        connectors: [connector],
      })),
    },
  ])
}

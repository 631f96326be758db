import { connect } from '@chargelane/db'
import { type LocationInput, upsertLocations } from '@chargelane/db/queries/locations/locations'
import { Chargelane } from '@chargelane/sdk'
import { type Rate, rateOf } from './figures.ts'
import type { Stack } from '../../local/src/state.ts'

export type LocationFigures = { locations: number; loadS: number; perSecond: number; search: Rate }

const batchSize = 1000

/** Loads generated locations through the query that OCPI pulls use, then searches among them. */
export async function benchLocations(stack: Stack, count: number): Promise<LocationFigures> {
  const owner = await makeOwner(stack)
  const db = connect({ url: stack.database_url, name: 'bench-locations' })
  const startedAt = performance.now()
  try {
    for (let first = 0; first < count; first += batchSize) {
      const size = Math.min(batchSize, count - first)
      const batch = Array.from({ length: size }, (_, index) =>
        locationOf(first + index, { party: 'BNC' }),
      )
      await upsertLocations(db, owner, batch)
    }
  } finally {
    await db.close()
  }
  const loadS = (performance.now() - startedAt) / 1000
  const lane = new Chargelane({ apiKey: stack.keys.partner_a, baseUrl: stack.api_url })
  let position = 0
  const search = await rateOf(4, 5000, async () => {
    position += 7919
    const { latitude, longitude } = placeOf(position % count)
    await lane.evses.search({ near: { latitude, longitude }, radius_m: 10_000, limit: 20 })
  })
  return {
    locations: count,
    loadS: Math.round(loadS * 10) / 10,
    perSecond: Math.round(count / loadS),
    search,
  }
}

async function makeOwner(stack: Stack): Promise<{ connectionId: string; cpoId: string }> {
  const platform = new Chargelane({ apiKey: stack.keys.platform, baseUrl: stack.api_url })
  const account = await platform.accounts.create({
    type: 'cpo',
    name: 'Bench',
    legal_name: 'Bench Ladenetz GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    vat_id: 'DE129273398',
    agreement: { commission_bps: 800, supply_model: 'agency' },
    address: { street: 'Musterstraße 1', postal_code: '12345', city: 'Musterstadt' },
  })
  const { key } = await platform.api_keys.create({ name: 'bench', account: account.id })
  if (key === null) throw new Error('a new key is shown once, and was not')
  const cpo = new Chargelane({ apiKey: key, baseUrl: stack.api_url })
  const connection = await cpo.connections.create({
    protocol: 'node',
    country_code: 'DE',
    party_id: 'BNC',
  })
  return { connectionId: connection.id, cpoId: account.id }
}

/** Spread over central Europe by a golden-ratio sequence: even, without a pattern, and repeatable. */
function placeOf(index: number): { latitude: number; longitude: number } {
  return {
    latitude: 43 + ((index * 0.618_033_988_749_895) % 1) * 11,
    longitude: -1 + ((index * 0.754_877_666_246_693) % 1) * 20,
  }
}

/** One location with one EVSE, `DE*{party}*E{index}`, under the operator's tariff where it has one. */
export function locationOf(
  index: number,
  { party, tariff }: { party: string; tariff?: string },
): LocationInput {
  const lastUpdated = '2026-10-01T00:00:00.000Z'
  const evseId = `DE*${party}*E${index}`
  return {
    countryCode: 'DE',
    partyId: party,
    ocpiId: `L${index}`,
    name: `Ladepunkt ${index}`,
    address: `Musterstraße ${index % 300}`,
    city: 'Musterstadt',
    postalCode: '12345',
    country: 'DE',
    ...placeOf(index),
    timeZone: 'Europe/Berlin',
    lastUpdated,
    raw: { id: `L${index}` },
    evses: [
      {
        ocpiUid: `E${index}`,
        evseId,
        status: 'AVAILABLE',
        capabilities: ['REMOTE_START_STOP_CAPABLE'],
        lastUpdated,
        connectors: [
          {
            ocpiId: '1',
            standard: index % 3 === 0 ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2',
            format: index % 3 === 0 ? 'CABLE' : 'SOCKET',
            powerType: index % 3 === 0 ? 'DC' : 'AC_3_PHASE',
            maxVoltage: 400,
            maxAmperage: 32,
            maxPowerW: index % 3 === 0 ? 150_000 : 22_000,
            tariffIds: tariff === undefined ? [] : [tariff],
            lastUpdated,
          },
        ],
      },
    ],
  }
}

// A continent to search in: as many locations as asked for, clustered round cities as chargers are, the same ones
// every time. Loaded through the query that OCPI pulls use, so the load is a figure of the product, too.
import { createHash } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { asAccount, connect, type Db } from '../client.ts'
import { createAccount } from '../queries/partners/accounts.ts'
import {
  upsertLocations,
  type EvseInput,
  type LocationInput,
} from '../queries/locations/locations.ts'
import { searchEvses, type SearchFilter } from '../queries/locations/search.ts'
import { putTariff } from '../queries/locations/tariffs.ts'

const lastUpdated = '2026-11-01T06:00:00.000Z'

/** Name, country, OCPI party, time zone, latitude, longitude, weight (inhabitants in 100,000). */
const cities = [
  ['Berlin', 'DE', 'BRB', 'Europe/Berlin', 52.52, 13.405, 38],
  ['Hamburg', 'DE', 'BHH', 'Europe/Berlin', 53.551, 9.994, 19],
  ['München', 'DE', 'BMU', 'Europe/Berlin', 48.137, 11.575, 15],
  ['Köln', 'DE', 'BKO', 'Europe/Berlin', 50.938, 6.96, 11],
  ['Amsterdam', 'NL', 'BAM', 'Europe/Amsterdam', 52.373, 4.892, 12],
  ['Rotterdam', 'NL', 'BRO', 'Europe/Amsterdam', 51.922, 4.479, 10],
  ['Paris', 'FR', 'BPA', 'Europe/Paris', 48.857, 2.352, 40],
  ['Lyon', 'FR', 'BLY', 'Europe/Paris', 45.764, 4.836, 14],
  ['Marseille', 'FR', 'BMA', 'Europe/Paris', 43.296, 5.37, 9],
  ['Zürich', 'CH', 'BZH', 'Europe/Zurich', 47.377, 8.541, 8],
  ['Genève', 'CH', 'BGE', 'Europe/Zurich', 46.204, 6.143, 5],
  ['London', 'GB', 'BLO', 'Europe/London', 51.507, -0.128, 60],
  ['Manchester', 'GB', 'BMC', 'Europe/London', 53.48, -2.242, 15],
  ['Wien', 'AT', 'BWI', 'Europe/Vienna', 48.208, 16.373, 19],
  ['Oslo', 'NO', 'BOS', 'Europe/Oslo', 59.914, 10.752, 20],
  ['Stockholm', 'SE', 'BST', 'Europe/Stockholm', 59.329, 18.069, 16],
  ['København', 'DK', 'BKB', 'Europe/Copenhagen', 55.676, 12.568, 13],
  ['Milano', 'IT', 'BMI', 'Europe/Rome', 45.464, 9.19, 14],
  ['Madrid', 'ES', 'BMD', 'Europe/Madrid', 40.417, -3.704, 20],
  ['Lisboa', 'PT', 'BLI', 'Europe/Lisbon', 38.722, -9.139, 8],
] as const
const weights = cities.reduce((sum, city) => sum + city[6], 0)

/** What stands at a site, how many of each, and how often such a site is found (of 100). */
const sites = [
  { share: 55, name: 'Street', evses: 2, plug: 'IEC_62196_T2', powerW: 22_000, tariff: 'AC' },
  { share: 20, name: 'Car park', evses: 4, plug: 'IEC_62196_T2', powerW: 11_000, tariff: 'AC' },
  { share: 15, name: 'Shop', evses: 2, plug: 'IEC_62196_T2_COMBO', powerW: 50_000, tariff: 'DC' },
  { share: 8, name: 'Hub', evses: 6, plug: 'IEC_62196_T2_COMBO', powerW: 150_000, tariff: 'DC' },
  {
    share: 2,
    name: 'Motorway',
    evses: 8,
    plug: 'IEC_62196_T2_COMBO',
    powerW: 300_000,
    tariff: 'HPC',
  },
] as const
const statuses = ['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'CHARGING', 'OUTOFORDER'] as const

/** Numbers between 0 and 1 that look random and are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<Item>(items: readonly Item[], weightOf: (item: Item) => number, at: number): Item {
  let left = at
  for (const item of items) {
    left -= weightOf(item)
    if (left < 0) return item
  }
  const [first] = items
  if (first === undefined) throw new RangeError('nothing to pick from')
  return first
}

/** A point near a city: dense in the middle, thin far out, up to about 100 km. */
function pointNear(city: (typeof cities)[number], random: () => number) {
  const distanceKm = -12 * Math.log(1 - random() * 0.9998)
  const angle = random() * 2 * Math.PI
  const latitude = city[4] + (distanceKm * Math.cos(angle)) / 111.2
  const longitude =
    city[5] + (distanceKm * Math.sin(angle)) / (111.2 * Math.cos((city[4] * Math.PI) / 180))
  return { latitude, longitude }
}

/** The nth location of the continent and the party that runs it. */
export function benchLocation(n: number): LocationInput {
  const random = randomFrom(n + 1)
  const city = pick(cities, (it) => it[6], random() * weights)
  const site = pick(sites, (it) => it.share, random() * 100)
  const [name, country, party, timeZone] = city
  const isDirect = site.plug === 'IEC_62196_T2_COMBO'
  const evses = Array.from(
    { length: site.evses },
    (_, i): EvseInput => ({
      ocpiUid: `${n}-${i + 1}`,
      evseId: `${country}*${party}*E${n}*${i + 1}`,
      status: pick(statuses, () => 1, random() * statuses.length),
      capabilities: ['REMOTE_START_STOP_CAPABLE', 'RFID_READER'],
      lastUpdated,
      connectors: [
        {
          ocpiId: '1',
          standard: i === 1 && site.name === 'Shop' ? 'CHADEMO' : site.plug,
          format: isDirect ? 'CABLE' : 'SOCKET',
          powerType: isDirect ? 'DC' : 'AC_3_PHASE',
          maxVoltage: isDirect ? 920 : 400,
          maxAmperage: Math.round(site.powerW / (isDirect ? 400 : 690)),
          maxPowerW: site.powerW,
          tariffIds: [`${party}-${site.tariff}`],
          lastUpdated,
        },
      ],
    }),
  )
  const place = { ...pointNear(city, random), timeZone, country, lastUpdated }
  const input = { name: `${site.name} ${n}`, address: `Bench ${n % 300}`, city: name, ...place }
  const owner = { countryCode: country, partyId: party, ocpiId: `LOC${n}` }
  // What a peer would have sent, in size if not in spelling: it is stored beside the columns.
  return { ...owner, ...input, evses, raw: { ...owner, ...input, evses, publish: true } }
}

export type LoadResult = { locations: number; evses: number; seconds: number; perSecond: number }

/** Loads `count` locations with their operator and tariffs into a migrated database. */
export async function loadLocations(url: string, count: number): Promise<LoadResult> {
  const db = connect({ url, max: 2, name: 'bench-locations', statementTimeoutMs: 120_000 })
  try {
    const owner = await makeOperator(db)
    const start = performance.now()
    let evses = 0
    for (let first = 0; first < count; first += 1_000) {
      const size = Math.min(1_000, count - first)
      const batch = Array.from({ length: size }, (_, i) => benchLocation(first + i))
      evses += batch.reduce((sum, it) => sum + it.evses.length, 0)
      await upsertLocations(db, owner, batch)
    }
    const seconds = (performance.now() - start) / 1_000
    const perSecond = Math.round(count / seconds)
    return { locations: count, evses, seconds: Math.round(seconds * 10) / 10, perSecond }
  } finally {
    await db.close()
  }
}

async function makeOperator(db: Db): Promise<{ connectionId: string; cpoId: string }> {
  const account = await createAccount(db, {
    type: 'cpo',
    name: 'Bench',
    legalName: 'Bench Ladenetz GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    vatId: 'DE136695976',
    address: { street: 'Bench 1', city: 'Berlin', postal_code: '10115' },
    at: lastUpdated,
  })
  const owner = { connectionId: account.id.replace('acct_', 'ocn_'), cpoId: account.id }
  await db.execute(raw`
    insert into connections (id, cpo_id, protocol, status, country_code, party_id, tariffs_confirmed_at, created_at)
    values (${owner.connectionId}, ${owner.cpoId}, 'ocpi', 'live', 'DE', 'BNC', now(), ${lastUpdated})`)
  for (const [, countryCode, partyId] of cities) {
    await db.execute(raw`
      insert into party_claims (id, country_code, party_id, account_id, kind, status, created_at)
      values (${`pty_${countryCode}${partyId}`}, ${countryCode}, ${partyId}, ${owner.cpoId}, 'granted', 'verified',
        ${lastUpdated}) on conflict do nothing`)
    for (const kind of ['AC', 'DC', 'HPC']) {
      const ocpiId = `${partyId}-${kind}`
      const hash = createHash('sha256').update(ocpiId).digest('hex')
      const canonical = {
        country_code: countryCode,
        party_id: partyId,
        id: ocpiId,
        currency: 'EUR',
        elements: [],
        last_updated: lastUpdated,
      }
      const version = { currency: 'EUR', status: 'valid' as const, problems: [], canonical, hash }
      const names = { ...owner, countryCode, partyId, ocpiId, ocpiVersion: '2.2.1' as const }
      await putTariff(db, { ...names, ...version, raw: JSON.stringify(canonical), at: lastUpdated })
    }
  }
  return owner
}

export type SearchFigures = {
  searches: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** EVSEs found per search on average. */
  hits: number
}

const tenths = (value = 0) => Math.round(value * 10) / 10

/** Searches as a partner's app would: near people, a few kilometres, half of them with filters. */
export async function measureSearch(
  url: string,
  options: { searches: number; clients: number },
): Promise<SearchFigures> {
  const db = connect({ url, max: options.clients, name: 'bench-search' })
  const times: number[] = []
  let [next, hits] = [0, 0]
  const client = async () => {
    while (next < options.searches) {
      const random = randomFrom(1_000_000_007 + next++)
      const near = pointNear(
        pick(cities, (it) => it[6], random() * weights),
        random,
      )
      const radiusM = Math.round(500 * 200 ** random())
      const filter: SearchFilter = { limit: 20 }
      if (random() < 0.3) Object.assign(filter, { connector: 'CHADEMO' })
      if (random() < 0.3) Object.assign(filter, { minPowerW: 100_000, pricedOnly: true })
      if (random() < 0.5) filter.availableOnly = true
      const at = performance.now()
      const found = await asAccount(db, 'acct_BENCH', (tx) =>
        searchEvses(tx, { near, radiusM }, filter, lastUpdated),
      )
      times.push(performance.now() - at)
      hits += found.length
    }
  }
  try {
    const start = performance.now()
    await Promise.all(Array.from({ length: options.clients }, client))
    const perSecond = (times.length * 1_000) / (performance.now() - start)
    times.sort((a, b) => a - b)
    return {
      searches: times.length,
      perSecond: Math.round(perSecond),
      p50Ms: tenths(times[Math.floor(times.length * 0.5)]),
      p99Ms: tenths(times[Math.floor(times.length * 0.99)]),
      maxMs: tenths(times.at(-1)),
      hits: tenths(hits / times.length),
    }
  } finally {
    await db.close()
  }
}

import { sql as raw } from 'drizzle-orm'
import fc from 'fast-check'
import { grantParty } from '../partners/parties.ts'
import { evseKey } from '@chargelane/rules/identity/evse-id'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount } from '../../client.ts'
import { testDatabase } from '../../testing.ts'
import { createAccount, type NewAccount } from '../partners/accounts.ts'
import {
  createLocation,
  getLocation,
  listLocations,
  changeEvseStatus,
  receivedLocation,
  upsertLocations,
  type EvseInput,
  type LocationInput,
} from './locations.ts'
import { decodeCursor } from '../page.ts'
import { findEvses, searchEvses, type EvseHit } from './search.ts'
import { putTariff } from './tariffs.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = '2026-11-21T11:00:00.000Z'
const now = '2026-11-21T12:00:00.000Z'

const company = (type: NewAccount['type'], name: string): NewAccount => ({
  type,
  name,
  legalName: `${name} GmbH`,
  country: 'DE',
  payoutCurrency: 'EUR',
  vatId: 'DE123456789',
  iban: 'DE89370400440532013000',
  address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
  at,
})

let cpoId = ''
let owner = { connectionId: 'ocn_CATALOGUE', cpoId }
beforeAll(async () => {
  cpoId = (await createAccount(db, company('cpo', 'Voltwerk'))).id
  owner = { ...owner, cpoId }
  for (const id of ['ocn_CATALOGUE', 'ocn_OTHER']) {
    await db.execute(raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
      values (${id}, ${cpoId}, 'ocpi', 'live', 'DE', 'VWL', ${at})`)
  }
})

const evse = (uid: string, over: Partial<EvseInput> = {}): EvseInput => ({
  ocpiUid: uid,
  evseId: `DE*VWL*E${uid}`,
  status: 'AVAILABLE',
  capabilities: ['REMOTE_START_STOP_CAPABLE', 'RFID_READER'],
  lastUpdated: at,
  connectors: [
    {
      ocpiId: '1',
      standard: 'IEC_62196_T2_COMBO',
      format: 'CABLE',
      powerType: 'DC',
      maxVoltage: 920,
      maxAmperage: 400,
      maxPowerW: 150_000,
      tariffIds: ['DC-150'],
      lastUpdated: at,
    },
  ],
  ...over,
})

const location = (ocpiId: string, over: Partial<LocationInput> = {}): LocationInput => ({
  countryCode: 'DE',
  partyId: 'VWL',
  ocpiId,
  name: 'Hafen',
  address: 'Hafenstraße 1',
  city: 'Hamburg',
  country: 'DE',
  latitude: 53.55,
  longitude: 9.99,
  timeZone: 'Europe/Berlin',
  lastUpdated: at,
  raw: { id: ocpiId },
  evses: [evse(`${ocpiId}1`), evse(`${ocpiId}2`)],
  ...over,
})

const put = async (input: LocationInput) => (await upsertLocations(db, owner, [input]))[0]
const evsesOf = (ocpiId: string) =>
  db.execute(raw`select e.ocpi_uid as uid, e.status, e.status_at as at from evses e
    join locations l on l.id = e.location_id where l.ocpi_id = ${ocpiId} order by e.ocpi_uid`)

describe('locations', () => {
  test('the newest object wins, whatever the order of arrival', async () => {
    expect(await put(location('A', { name: 'new', lastUpdated: later }))).toMatchObject({
      outcome: 'created',
    })
    expect(await put(location('A', { name: 'old', lastUpdated: at }))).toMatchObject({
      outcome: 'stale',
      id: null,
    })
    const again = await put(location('a', { name: 'newer', lastUpdated: now }))
    expect(again?.outcome).toBe('updated')
    const held = await receivedLocation(db, {
      connectionId: 'ocn_CATALOGUE',
      countryCode: 'de',
      partyId: 'vwl',
      locationOcpiId: 'a',
    })
    expect(held).toEqual({ id: again?.id, raw: { id: 'a' }, lastUpdated: now })
  })

  test('an EVSE that is no longer listed is removed, and comes back when it is listed again', async () => {
    await put(location('B'))
    await put(location('B', { lastUpdated: later, evses: [evse('B1')] }))
    expect(await evsesOf('B')).toMatchObject([
      { uid: 'B1', status: 'AVAILABLE' },
      { uid: 'B2', status: 'REMOVED' },
    ])
    expect(await findEvses(db, 'DE*VWL*EB2', now)).toEqual([])
    const back = [evse('B1'), evse('B2', { lastUpdated: now })]
    await put(location('B', { lastUpdated: now, evses: back }))
    expect(await evsesOf('B')).toMatchObject([{ status: 'AVAILABLE' }, { status: 'AVAILABLE' }])
  })

  test('a status push is not undone by an older object that arrives after it', async () => {
    await put(
      location('C', { raw: { evses: [{ uid: 'C1', status: 'AVAILABLE', n: 1 }, { uid: 'C2' }] } }),
    )
    const ref = { connectionId: 'ocn_CATALOGUE', countryCode: 'DE', partyId: 'VWL' }
    const push = (uid: string, status: EvseInput['status'], when: string) =>
      changeEvseStatus(
        db,
        { ...ref, locationOcpiId: 'c', evseUid: uid },
        { status, at: when, change: { status, last_updated: when } },
      )
    expect(await push('c1', 'CHARGING', later)).toBe(true)
    expect(await push('C1', 'AVAILABLE', at)).toBe(false)
    expect(await push('C9', 'AVAILABLE', at)).toBe(false)
    expect(await receivedLocation(db, { ...ref, locationOcpiId: 'C' })).toMatchObject({
      lastUpdated: later,
      raw: {
        last_updated: later,
        evses: [{ uid: 'C1', status: 'CHARGING', n: 1, last_updated: later }, { uid: 'C2' }],
      },
    })
    await put(location('C', { lastUpdated: now }))
    expect(await evsesOf('C')).toMatchObject([
      { uid: 'C1', status: 'CHARGING', at: later },
      { uid: 'C2', status: 'AVAILABLE' },
    ])
  })

  test('a connector that disappears is not offered, and its row stays for old quotes', async () => {
    await put(location('D'))
    const [before] = await findEvses(db, 'DEVWLED1', now)
    const other = evse('D1', { lastUpdated: later })
    other.connectors = [{ ...other.connectors[0]!, ocpiId: '2', lastUpdated: later }]
    await put(location('D', { lastUpdated: later, evses: [other] }))
    const [after] = await findEvses(db, 'DEVWLED1', now)
    expect(after?.connectors.map((it) => it.ocpiId)).toEqual(['2'])
    const kept = await db.execute(
      raw`select removed_at from connectors where id = ${before?.connectors[0]?.id}`,
    )
    expect(kept[0]).toEqual({ removed_at: later })
  })

  test('one object twice in a batch is stored once', async () => {
    const results = await upsertLocations(db, owner, [
      location('E', { name: 'first' }),
      location('e', { name: 'second', evses: [evse('E1'), evse('e1')] }),
    ])
    expect(new Set(results.map((it) => it.id)).size).toBe(1)
    expect(await evsesOf('E')).toHaveLength(0)
    expect(await evsesOf('e')).toHaveLength(1)
  })

  test('a list is paged newest first without gaps or repeats', async () => {
    const all = await listLocations(db, cpoId, { limit: 100 })
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await listLocations(db, cpoId, { limit: 2, ...(after ? { after } : {}) })
      seen.push(...page.data.map((row) => row.id))
      after = page.nextCursor === null ? undefined : decodeCursor(page.nextCursor, 'location')
    } while (after)
    expect(seen).toEqual(all.data.map((row) => row.id))
    expect(seen).toEqual(seen.toSorted().toReversed())
    expect(() => decodeCursor('bm9wZQ', 'location')).toThrow('cursor')
  })

  test('a CPO makes a location of its own node', async () => {
    const { raw: _, evses: __, ocpiId: ___, ...input } = location('own')
    const row = await asAccount(db, cpoId, (tx) => createLocation(tx, owner, input))
    expect(await getLocation(db, row.id)).toEqual(row)
    const foreign = asAccount(db, 'acct_STRANGER', (tx) => createLocation(tx, owner, input))
    await expect(foreign).rejects.toThrow()
  })

  test('an EVSE-ID is found in every spelling', async () => {
    await put(location('F'))
    for (const spelling of ['DE*VWL*EF1', 'devwlef1', 'DE-VWL-EF1', ' de vwl*ef1 ']) {
      expect((await findEvses(db, spelling, now)).map((it) => it.evseId)).toEqual(['DE*VWL*EF1'])
    }
    expect(evseKey('+49*822*1')).toBe('49*822*1')
    const [found] = await findEvses(db, 'DE*VWL*EF1', now)
    expect((await findEvses(db, found?.id ?? '', now))[0]?.evseId).toBe('DE*VWL*EF1')
  })

  test('one EVSE-ID is one EVSE only near by, over another connection and with a like connector', async () => {
    const other = { ...owner, connectionId: 'ocn_OTHER' }
    const plug = (standard: string) => {
      const made = evse('K1')
      return { ...made, connectors: made.connectors.map((each) => ({ ...each, standard })) }
    }
    const here = { latitude: 52.09, longitude: 5.12 }
    const there = { latitude: 50.85, longitude: 5.69 }
    const near = { latitude: 52.0912, longitude: 5.1213 }
    const own = evse('K1').connectors[0]?.standard ?? ''
    await upsertLocations(db, owner, [location('K-A', { ...here, evses: [evse('K1')] })])
    await upsertLocations(db, other, [location('K-FAR', { ...there, evses: [evse('K1')] })])
    await upsertLocations(db, other, [location('K-LIKE', { ...near, evses: [plug(own)] })])
    await upsertLocations(db, owner, [location('K-TWICE', { ...here, evses: [evse('K1')] })])
    await upsertLocations(db, other, [location('K-PLUG', { ...near, evses: [plug('TESLA_S')] })])
    const rows = await db.execute<{ at: string; one: boolean }>(raw`
      select l.ocpi_id as at, e.evse_key = 'DEVWLEK1' as one from evses e join locations l on l.id = e.location_id
      where l.ocpi_id like 'K-%' order by l.ocpi_id`)
    expect(Object.fromEntries(rows.map(({ at: place, one }) => [place, one]))).toEqual({
      'K-A': true,
      'K-FAR': false,
      'K-LIKE': true,
      'K-PLUG': false,
      'K-TWICE': false,
    })
  })

  test('an EVSE-ID belongs to the party it begins with: a stranger who lists it first has nothing of it', async () => {
    const stranger = (await createAccount(db, company('cpo', 'Security W'))).id
    await db.execute(raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
      values ('ocn_STRANGER', ${stranger}, 'ocpi', 'live', 'DE', 'EVL', ${at})`)
    const theirs = { connectionId: 'ocn_STRANGER', cpoId: stranger }
    const here = { latitude: 52.3, longitude: 4.9 }
    // As its EVSE-ID, and as the uid that would be shown in its place.
    const evses = [
      evse('P1'),
      evse('DE*VWL*EP2', { evseId: null }),
      evse('E9', { evseId: 'DE*EVL*E9' }),
    ]
    await upsertLocations(db, theirs, [location('P-THEIRS', { ...here, evses })])
    await upsertLocations(db, owner, [location('P-OURS', { ...here, evses: [evse('P1')] })])
    const found = await findEvses(db, 'DE*VWL*EP1', now)
    expect(found.map(({ cpo }) => cpo.id)).toEqual([cpoId])
    expect(await findEvses(db, 'DE*VWL*EP2', now)).toEqual([])
    const near = await searchEvses(db, { near: here, radiusM: 100 }, { limit: 10 }, now)
    expect(Object.fromEntries(near.map(({ evseId, cpo }) => [evseId, cpo.name]))).toEqual({
      'DE*EVL*E9': 'Security W',
      'DE*VWL*EP1': 'Voltwerk',
    })

    // With the leave of the platform it may use the party; what another has stays that one's.
    await db.tx((tx) =>
      grantParty(tx, { countryCode: 'DE', partyId: 'VWL', accountId: stranger, at }),
    )
    const rows = await db.execute<{ evse_id: string; identity: string }>(raw`
      select evse_id, identity from evses where cpo_id = ${stranger} order by evse_id`)
    expect(rows).toEqual([
      { evse_id: 'DE*EVL*E9', identity: 'evse_id' },
      { evse_id: 'DE*VWL*EP1', identity: 'unproven' },
      { evse_id: 'DE*VWL*EP2', identity: 'own_id' },
    ])
  })

  test.each(['#NA', 'n/a', '1', '3256', 'evse_7', ''])('%s is no EVSE-ID', async (evseId) => {
    for (const connectionId of ['ocn_CATALOGUE', 'ocn_OTHER'])
      await upsertLocations(db, { ...owner, connectionId }, [
        location(`NA-${connectionId}-${evseId.length}${evseId.charCodeAt(0)}`, {
          evses: [evse('1', { evseId })],
        }),
      ])
    const [row] = await db.execute<{ n: number; keys: number }>(raw`
      select count(*)::int as n, count(distinct evse_key)::int as keys from evses where evse_id = ${evseId}`)
    expect(row).toEqual({ n: 2, keys: 2 })
  })
})

const ids = (hits: EvseHit[]) => hits.map((hit) => hit.evseId)
const munich = (radiusM: number, over: object = {}) =>
  searchEvses(
    db,
    { near: { latitude: 48.1, longitude: 11.5 }, radiusM },
    { limit: 100, ...over },
    now,
  )
const degrees = (most: number) =>
  fc.integer({ min: Math.round(-most * 1e7), max: Math.round(most * 1e7) }).map((it) => it / 1e7)

describe('search', () => {
  const hamburg = { latitude: 53.55, longitude: 9.99 }
  const near = (radiusM: number, over: object = {}) =>
    searchEvses(db, { near: hamburg, radiusM }, { limit: 100, ...over }, now)

  beforeAll(async () => {
    const chademo = evse('S2', { status: 'CHARGING', lastUpdated: later })
    chademo.connectors[0] = { ...chademo.connectors[0]!, standard: 'CHADEMO', maxPowerW: 50_000 }
    await upsertLocations(db, owner, [
      location('S', { latitude: 48.1, longitude: 11.5, evses: [evse('S1'), chademo] }),
      location('T', { latitude: 48.2, longitude: 11.5, evses: [evse('T1')] }),
      location('U', { latitude: 48.1, longitude: 11.9, evses: [evse('U1')] }),
    ])
  })
  test('nearest first, within the radius only, with the distance in metres', async () => {
    const hits = await munich(12_000)
    expect(ids(hits).slice(0, 2).toSorted()).toEqual(['DE*VWL*ES1', 'DE*VWL*ES2'])
    expect(ids(hits).slice(2)).toEqual(['DE*VWL*ET1'])
    // One tenth of a degree of latitude on the mean sphere.
    expect(hits.map((hit) => hit.distanceM)).toEqual([0, 0, 11_120])
    expect(ids(await munich(11_119))).not.toContain('DE*VWL*ET1')
    expect((await munich(100_000, { limit: 1 })).map((hit) => hit.distanceM)).toEqual([0])
  })

  test('plug, power, availability, freshness and price narrow the result', async () => {
    expect(ids(await munich(50_000, { connector: 'CHADEMO' }))).toEqual(['DE*VWL*ES2'])
    expect(ids(await munich(50_000, { minPowerW: 50_001 }))).not.toContain('DE*VWL*ES2')
    expect(await munich(50_000, { connector: 'CHADEMO', minPowerW: 50_001 })).toEqual([])
    expect(ids(await munich(1_000, { availableOnly: true }))).toEqual(['DE*VWL*ES1'])
    expect(ids(await munich(1_000, { freshSince: later }))).toEqual(['DE*VWL*ES2'])
    expect(await near(1_000, { pricedOnly: true })).toEqual([])
    await putTariff(db, {
      ...owner,
      countryCode: 'DE',
      partyId: 'VWL',
      ocpiId: 'DC-150',
      currency: 'EUR',
      ocpiVersion: '2.2.1',
      status: 'valid',
      problems: [],
      raw: '{}',
      canonical: null,
      hash: 'a'.repeat(64),
      at,
    })
    const unpriced = evse('R1')
    unpriced.connectors[0]!.tariffIds = ['UNKNOWN']
    await put(location('R', { evses: [unpriced] }))
    const priced = await near(1_000, { pricedOnly: true })
    expect(priced.length).toBeGreaterThan(1)
    expect(priced.every((hit) => hit.priced)).toBe(true)
    expect(ids(priced)).not.toContain('DE*VWL*ER1')
    expect(ids(await near(1_000))).toContain('DE*VWL*ER1')
  })

  test('whoever writes a connector, the search sees what it offers now', async () => {
    const set = (what: string) =>
      db.execute(
        raw.raw(
          `update connectors set ${what} where evse_id = (select id from evses where ocpi_uid = 'S1')`,
        ),
      )
    await set("standard = 'GBT_DC', max_power_w = 400000")
    expect(ids(await munich(1_000, { connector: 'GBT_DC', minPowerW: 400_000 }))).toEqual([
      'DE*VWL*ES1',
    ])
    expect(ids(await munich(1_000, { connector: 'IEC_62196_T2_COMBO' }))).toEqual([])
    await set("removed_at = '2026-11-21T10:00:00Z'")
    expect(ids(await munich(1_000, { connector: 'GBT_DC' }))).toEqual([])
    await set("standard = 'IEC_62196_T2_COMBO', max_power_w = 150000, removed_at = null")
    expect(ids(await munich(1_000, { connector: 'IEC_62196_T2_COMBO' }))).toEqual(['DE*VWL*ES1'])
    const kept = await db.execute(
      raw`select standards, max_power_w from locations where ocpi_id = 'S'`,
    )
    expect(kept).toEqual([{ standards: ['CHADEMO', 'IEC_62196_T2_COMBO'], max_power_w: 150_000 }])
  })

  test('a box finds what lies inside it', async () => {
    const box = { west: 11.4, south: 48.05, east: 12, north: 48.15 }
    const hits = await searchEvses(db, { box }, { limit: 100 }, now)
    expect(ids(hits).toSorted()).toEqual(['DE*VWL*ES1', 'DE*VWL*ES2', 'DE*VWL*EU1'])
  })

  test('a tenant of any kind searches the same supply', async () => {
    const asPartner = await asAccount(db, 'acct_PARTNER', (tx) =>
      searchEvses(
        tx,
        { near: { latitude: 48.1, longitude: 11.5 }, radiusM: 12_000 },
        { limit: 100 },
        now,
      ),
    )
    expect(asPartner).toEqual(await munich(12_000))
  })

  test('a limited search gives the nearest of all in reach, from any ring', async () => {
    await db.execute(raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
      values ('ocn_OSLO', ${cpoId}, 'ocpi', 'live', 'DE', 'VWL', ${at})`)
    const oslo = { latitude: 59.914, longitude: 10.752 }
    const offset = fc.tuple(degrees(0.8), degrees(1.6))
    const world = fc.sample(offset, { numRuns: 200, seed: 3 })
    const filters = [{}, { connector: 'CHADEMO' }]
    await upsertLocations(
      db,
      { connectionId: 'ocn_OSLO', cpoId },
      world.map(([north, east], n) => {
        const place = { latitude: oslo.latitude + north, longitude: oslo.longitude + east }
        const plug = evse(`O${n}`)
        if (n % 20 === 0) plug.connectors[0] = { ...plug.connectors[0]!, standard: 'CHADEMO' }
        return location(`O${n}`, { ...place, evses: [plug] })
      }),
    )
    for (const filter of filters) {
      for (const radiusM of [1_000, 1_500, 10_000, 40_000, 100_000]) {
        const find = (limit: number) =>
          searchEvses(db, { near: oslo, radiusM }, { limit, ...filter }, now)
        const all = await find(1_000)
        const some = await find(5)
        expect(some).toHaveLength(Math.min(5, all.length))
        for (const [i, hit] of some.entries()) {
          // The map stretches with latitude: two per cent over this reach.
          expect(hit.distanceM).toBeLessThanOrEqual((all[i]?.distanceM ?? 0) * 1.02 + 1)
        }
      }
    }
  })

  test('for any point and radius it finds exactly what a plain scan finds, nearest first', async () => {
    // A second operator's world, so that the rest of this file does not matter.
    await db.execute(raw`insert into connections (id, cpo_id, protocol, status, country_code, party_id, created_at)
      values ('ocn_WORLD', ${cpoId}, 'ocpi', 'live', 'DE', 'VWL', ${at})`)
    const place = fc.record({
      latitude: degrees(84),
      longitude: fc.oneof(degrees(180), fc.constantFrom(-179.9, 179.9, 180, -180, 0)),
    })
    const world = fc.sample(place, { numRuns: 300, seed: 7 })
    await upsertLocations(
      db,
      { connectionId: 'ocn_WORLD', cpoId },
      world.map((it, n) => location(`W${n}`, { ...it, evses: [evse(`W${n}`)] })),
    )
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.integer({ min: 1_000, max: 9_000_000 }),
        async (center, radiusM) => {
          const hits = await searchEvses(db, { near: center, radiusM }, { limit: 1_000 }, now)
          const expected = await db.execute<{ evse_id: string }>(raw`
            select e.evse_id from evses e join locations l on l.id = e.location_id
            where e.status not in ('REMOVED', 'PLANNED') and e.identity <> 'unproven'
              and exists (select from connectors c where c.evse_id = e.id and c.removed_at is null)
            and acos(least(1, greatest(-1,
              sin(radians(${center.latitude}::float8)) * sin(radians(l.latitude)) + cos(radians(${center.latitude}::float8)) * cos(radians(l.latitude))
              * cos(radians(l.longitude - ${center.longitude}::float8))))) * 6371008.8 <= ${radiusM}::float8 - 1`)
          const found = new Set(ids(hits))
          expect(expected.filter((row) => !found.has(row.evse_id))).toEqual([])
          expect(hits.every((hit) => hit.distanceM <= radiusM)).toBe(true)
          const distances = hits.map((hit) => hit.distanceM)
          expect(distances).toEqual(distances.toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 40, seed: 11 },
    )
  })
})

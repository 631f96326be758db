import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAccount } from '../../client.ts'
import { testDatabase } from '../../testing.ts'
import { cpoTerms } from '@chargelane/rules/agreement/distribution'
import { createAccount } from '../partners/accounts.ts'
import { signAgreement } from '../partners/agreements.ts'
import { type EvseInput, type LocationInput, upsertLocations } from './locations.ts'
import { offersOf } from './offers.ts'
import { findEvses } from './search.ts'
import {
  confirmHold,
  confirmTariffs,
  getTariff,
  listTariffs,
  putTariff,
  tariffAsOf,
  tariffFreshness,
  tariffVersions,
  withdrawTariff,
  type NewTariff,
} from './tariffs.ts'
import type { Tariff } from '@chargelane/rules/documents'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = '2026-11-21T11:00:00.000Z'
const now = '2026-11-21T12:00:00.000Z'

const operator = {
  name: 'Voltwerk',
  legalName: 'Voltwerk GmbH',
  country: 'DE',
  payoutCurrency: 'EUR',
  vatId: 'DE123456789',
  address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
  at,
}
let cpoId = ''
let owner = { connectionId: 'ocn_CATALOGUE', cpoId }
beforeAll(async () => {
  const cpo = await createAccount(db, { ...operator, type: 'cpo' })
  cpoId = cpo.id
  owner = { ...owner, cpoId }
  for (const id of ['ocn_CATALOGUE', 'ocn_OTHER', 'ocn_FRESH']) {
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
const canonical = (over: Partial<Tariff> = {}): Tariff => ({
  country_code: 'DE',
  party_id: 'VWL',
  id: 'DC-150',
  currency: 'EUR',
  elements: [],
  last_updated: at,
  ...over,
})
const tariff = (over: Partial<NewTariff> = {}): NewTariff => ({
  connectionId: 'ocn_CATALOGUE',
  cpoId,
  countryCode: 'DE',
  partyId: 'VWL',
  ocpiId: 'DC-150',
  ocpiVersion: '2.2.1',
  currency: 'EUR',
  status: 'valid',
  problems: [],
  raw: '{"id":"DC-150"}',
  canonical: canonical(),
  hash: 'a'.repeat(64),
  at,
  ...over,
})

describe('tariffs', () => {
  const ref = { connectionId: 'ocn_CATALOGUE', countryCode: 'DE', partyId: 'VWL', ocpiId: 'dc-150' }

  test('the same content makes no version, other content makes the next and supersedes the last', async () => {
    const first = await putTariff(db, tariff())
    expect(first).toMatchObject({ outcome: 'created', tariff: { version: 1 } })
    expect(await putTariff(db, tariff({ ocpiId: 'dc-150', at: later }))).toEqual({
      tariff: { ...first.tariff, confirmedAt: later },
      outcome: 'unchanged',
    })
    const second = await putTariff(db, tariff({ hash: 'b'.repeat(64), at: later }))
    expect(second).toMatchObject({
      outcome: 'new_version',
      tariff: { id: first.tariff.id, version: 2 },
    })
    expect(await tariffAsOf(db, ref, '2026-11-21T10:59:59.999Z')).toMatchObject({ version: 1 })
    expect(await tariffAsOf(db, ref, later)).toMatchObject({ version: 2 })
    expect(await tariffAsOf(db, ref, '2026-11-21T09:00:00.000Z')).toBeUndefined()
    expect(await getTariff(db, cpoId, first.tariff.id)).toMatchObject({ version: 2 })
    expect(await getTariff(db, cpoId, first.tariff.id, 1)).toMatchObject({ supersededAt: later })
  })

  test('puts at the same time make consecutive versions with one in force', async () => {
    const many = Array.from({ length: 8 }, (_, n) =>
      putTariff(db, tariff({ ocpiId: 'RACE', hash: `${n}`.repeat(64) })),
    )
    const versions = (await Promise.all(many)).map(({ tariff: row }) => row.version)
    expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const inForce = await db.execute(
      raw`select version from tariffs where ocpi_id = 'RACE' and superseded_at is null`,
    )
    expect(inForce).toEqual([{ version: 8 }])
  })

  test('a withdrawn tariff is not sold, its history stays, and it can return', async () => {
    await putTariff(db, tariff({ ocpiId: 'GONE' }))
    const gone = { ...ref, ocpiId: 'GONE' }
    expect(await withdrawTariff(db, gone, later)).toMatchObject({ status: 'withdrawn', version: 2 })
    expect(await withdrawTariff(db, gone, now)).toMatchObject({ version: 2 })
    expect(await tariffAsOf(db, gone, at)).toMatchObject({ status: 'valid', version: 1 })
    expect(await tariffAsOf(db, gone, now)).toMatchObject({ status: 'withdrawn' })
    expect(await putTariff(db, tariff({ ocpiId: 'GONE', at: now }))).toMatchObject({
      outcome: 'new_version',
      tariff: { version: 3, status: 'valid' },
    })
    expect(await withdrawTariff(db, { ...ref, ocpiId: 'NEVER' }, at)).toBeUndefined()
  })

  test('an invalid tariff is seen by its CPO only, in queries and under row-level security', async () => {
    const { tariff: bad } = await putTariff(db, tariff({ ocpiId: 'BAD', status: 'invalid' }))
    expect(await getTariff(db, cpoId, bad.id)).toBeDefined()
    expect(await getTariff(db, 'acct_STRANGER', bad.id)).toBeUndefined()
    const filter = { limit: 100, cpoId, at: now, isPresent: true }
    const listed = await listTariffs(db, 'acct_STRANGER', filter)
    expect(listed.data.map((row) => row.ocpiId)).toEqual(['GONE', 'RACE', 'DC-150'])
    const own = await listTariffs(db, cpoId, { ...filter, status: 'invalid' })
    expect(own.data.map((row) => row.ocpiId)).toEqual(['BAD'])
    const bySql = await asAccount(db, 'acct_STRANGER', (tx) =>
      tx.execute(raw`select id from tariffs where status = 'invalid'`),
    )
    expect(bySql).toHaveLength(0)
  })

  test('an announced version waits for its start; one that replaces it before takes its place', async () => {
    const named = { ...ref, ocpiId: 'SOON' }
    const publish = (hash: string, more: Partial<NewTariff>) =>
      putTariff(db, tariff({ ocpiId: 'SOON', hash: hash.repeat(64), ...more }))
    await publish('1', {})
    const december = '2026-12-01T00:00:00.000Z'
    await publish('2', { at: later, canonical: canonical({ start_date_time: december }) })
    expect(await tariffAsOf(db, named, now)).toMatchObject({ version: 1, supersededAt: december })
    expect(await tariffAsOf(db, named, december)).toMatchObject({ version: 2 })
    const january = '2027-01-01T00:00:00.000Z'
    await publish('3', { at: now, canonical: canonical({ start_date_time: january }) })
    expect(await tariffAsOf(db, named, december)).toMatchObject({ version: 1 })
    expect(await tariffAsOf(db, named, january)).toMatchObject({ version: 3 })
    await publish('4', { at: now })
    expect(await tariffAsOf(db, named, now)).toMatchObject({ version: 4 })
    expect(await tariffAsOf(db, named, january)).toMatchObject({ version: 4 })
    const all = await tariffVersions(db, cpoId, (await tariffAsOf(db, named, now))!.id, {
      limit: 9,
    })
    expect(all.map((row) => row.version)).toEqual([4, 3, 2, 1])
  })

  test('a complete list confirms what it names; what it lacks lives on its own word', async () => {
    const own = { connectionId: 'ocn_FRESH' }
    await putTariff(db, tariff({ ...own, ocpiId: 'KEPT', at: later }))
    await putTariff(db, tariff({ ...own, ocpiId: 'LOST' }))
    await confirmTariffs(db, 'ocn_FRESH', { startedAt: later, isComplete: true })
    const week = '2026-11-28T00:00:00.000Z'
    await confirmTariffs(db, 'ocn_FRESH', { startedAt: week, isComplete: false })
    const read = async () =>
      (await tariffFreshness(db, cpoId, week, { limit: 100 })).data.find(
        ({ connectionId }) => connectionId === 'ocn_FRESH',
      )
    expect(await read()).toMatchObject({
      confirmedAt: week,
      oldestConfirmedAt: at,
      tariffs: 2,
      stale: 1,
      unlisted: 1,
    })
    await putTariff(db, tariff({ ...own, ocpiId: 'LOST', at: week }))
    expect(await read()).toMatchObject({ oldestConfirmedAt: week, stale: 0, unlisted: 0 })
    expect(await tariffFreshness(db, 'acct_STRANGER', week, { limit: 100 })).toMatchObject({
      data: [],
    })
  })
})

describe('what can be quoted', () => {
  /** `DC-150@2 sold` for every tariff of the EVSE's connectors, in the operator's order. */
  const offered = async (ref: string, when = now) => {
    const [place] = await offersOf(db, [ref], 'acct_PARTNER', when)
    return place?.connectors.flatMap(({ tariffs }) =>
      tariffs.map(({ id, version, state }) => `${names.get(id) ?? id}@${version} ${state}`),
    )
  }
  const names = new Map<string, string>()
  const named = async (over: Partial<NewTariff>) => {
    const { tariff: row } = await putTariff(db, tariff(over))
    names.set(row.id, row.ocpiId)
    return row
  }

  test('an EVSE comes with its operator, place and tariffs in the operator’s order', async () => {
    const priced = evse('Q1')
    priced.connectors[0]!.tariffIds = ['bad', 'dc-150', 'NIGHT', 'unknown']
    await put(location('Q', { evses: [priced] }))
    await named({ ocpiId: 'NIGHT', hash: 'c'.repeat(64) })
    const [found, ...rest] = await asAccount(db, 'acct_PARTNER', (tx) =>
      offersOf(tx, ['DE*VWL*EQ1'], 'acct_PARTNER', now),
    )
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      cpo: { id: cpoId, legalName: 'Voltwerk GmbH', vatId: 'DE123456789' },
      timeZone: 'Europe/Berlin',
      country: 'DE',
      sale: null,
      channels: [{ connection: 'live', openUntil: null, evse: 'AVAILABLE', online: null }],
    })
    expect(found?.connectors[0]?.tariffs).toMatchObject([
      { version: 2, state: 'sold', price: 'b'.repeat(64) },
      { version: 1, state: 'sold', price: 'c'.repeat(64) },
    ])
  })

  test('a tariff outside its own dates, invalid, or of another connection gives no price', async () => {
    const lonely = evse('R1')
    lonely.connectors[0]!.tariffIds = ['BAD', 'FUTURE', 'PAST', 'ELSEWHERE']
    await put(location('R', { evses: [lonely] }))
    await named({
      ocpiId: 'FUTURE',
      canonical: canonical({ start_date_time: '2026-12-01T00:00:00Z' }),
    })
    await named({ ocpiId: 'PAST', canonical: canonical({ end_date_time: '2026-11-21T12:00:00Z' }) })
    await named({ ocpiId: 'ELSEWHERE', connectionId: 'ocn_OTHER' })
    const [found] = await findEvses(db, 'DE*VWL*ER1', now)
    expect(found).toMatchObject({ priced: false, unsold: 'invalid', sellable: false })
    expect(await offered('DE*VWL*ER1')).toEqual([expect.stringMatching(/@1 invalid$/)])
    expect(await offered('DE*VWL*ER1', '2026-12-01T00:00:00.000Z')).toEqual(['FUTURE@1 stale'])
  })

  test('on hold, stale or forbidden at this power, it is known and not for sale, and search says so', async () => {
    const odd = evse('H1')
    odd.connectors[0]!.tariffIds = ['HOLD']
    await put(location('H', { evses: [odd] }))
    const found = async (when = now) => (await findEvses(db, 'DE*VWL*EH1', when))[0]
    const isPriced = async (when = now) => (await found(when))?.priced
    const heldUntil = '2026-11-21T12:30:00.000Z'
    const held = await named({ ocpiId: 'HOLD', status: 'held', heldUntil, at: now })
    expect(await offered('DE*VWL*EH1')).toEqual(['HOLD@1 held'])
    expect(await found()).toMatchObject({ priced: false, unsold: 'held' })
    // The hold ends by the clock alone.
    expect(await offered('DE*VWL*EH1', heldUntil)).toEqual(['HOLD@1 sold'])
    expect(await isPriced(heldUntil)).toBe(true)
    expect(await confirmHold(db, held, now)).toMatchObject({
      isNew: true,
      tariff: { status: 'valid', holdConfirmedAt: now },
    })
    expect(await confirmHold(db, held, later)).toMatchObject({
      isNew: false,
      tariff: { holdConfirmedAt: now },
    })
    expect(await offered('DE*VWL*EH1')).toEqual(['HOLD@1 sold'])
    const nextDay = '2026-11-22T12:00:00.001Z'
    expect(await offered('DE*VWL*EH1', nextDay)).toEqual(['HOLD@1 stale'])
    expect(await isPriced(nextDay)).toBe(false)
    await confirmTariffs(db, 'ocn_CATALOGUE', { startedAt: nextDay, isComplete: false })
    expect(await offered('DE*VWL*EH1', nextDay)).toEqual(['HOLD@1 sold'])
    await db.execute(raw`update connections set tariff_max_age_s = 60 where id = 'ocn_CATALOGUE'`)
    expect(await isPriced('2026-11-22T12:01:01.000Z')).toBe(false)
    await db.execute(raw`update connections set protocol = 'node' where id = 'ocn_CATALOGUE'`)
    expect(await isPriced('2026-11-22T12:01:01.000Z')).toBe(true)
    await db.execute(raw`update connections set protocol = 'ocpi', tariff_max_age_s = 86400`)
    await named({ ocpiId: 'HOLD', marketLimits: { DE: 150_000 }, hash: 'd'.repeat(64), at: now })
    expect(await offered('DE*VWL*EH1')).toEqual(['HOLD@2 market'])
    expect(await found()).toMatchObject({ priced: false, unsold: 'market' })
    await named({ ocpiId: 'HOLD', marketLimits: { DE: 150_001 }, hash: 'e'.repeat(64), at: now })
    expect(await offered('DE*VWL*EH1')).toEqual(['HOLD@3 sold'])
  })

  test('a paused connection, an open breaker, an occupied EVSE and an offline charger are not sellable', async () => {
    const isSellable = async () => (await findEvses(db, 'DE*VWL*EH1', now))[0]?.sellable
    const set = async (statement: string) => {
      await db.execute(raw.raw(statement))
      return isSellable()
    }
    const connection = "update connections set status = 'live', open_until = null"
    // Two prices at one plug are no public price, and without an agreement there is no sale.
    expect(await findEvses(db, 'DE*VWL*EQ1', now)).toMatchObject([{ priced: false }])
    expect(await isSellable()).toBe(false)
    await createAccount(db, { ...operator, type: 'platform' })
    const terms = cpoTerms({ commission: { bps: 150 }, supplyModel: 'agency' })
    await signAgreement(db, { accountId: cpoId, terms, at })
    expect(await isSellable()).toBe(true)
    const [{ channels } = { channels: [] }] = await offersOf(db, ['DE*VWL*EH1'], cpoId, now)
    expect(channels).toEqual([
      { connection: 'live', openUntil: null, evse: 'AVAILABLE', online: null },
    ])
    expect(await set("update connections set status = 'paused'")).toBe(false)
    expect(await set(connection)).toBe(true)
    expect(await set(`update connections set open_until = '2026-11-21T12:00:01Z'`)).toBe(false)
    expect(await set(`update connections set open_until = '2026-11-21T11:59:59Z'`)).toBe(true)
    expect(await set("update evses set status = 'CHARGING' where ocpi_uid = 'H1'")).toBe(false)
    expect(await set("update evses set status = 'UNKNOWN' where ocpi_uid = 'H1'")).toBe(true)
    await db.execute(raw`insert into charge_stations (id, cpo_id, connection_id, identity, password_digest, created_at)
      values ('cs_Q', ${cpoId}, 'ocn_CATALOGUE', 'CS-Q', '\\x00', ${at})`)
    expect(await set("update evses set charge_station_id = 'cs_Q' where ocpi_uid = 'H1'")).toBe(
      false,
    )
    expect(await set("update charge_stations set online = true where id = 'cs_Q'")).toBe(true)
  })
})

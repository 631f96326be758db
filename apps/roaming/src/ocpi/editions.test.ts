// One charge in each edition of OCPI: place, price, start, session, record, each told as the edition has it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import * as tables from '@chargelane/db/schema'
import { testDatabase } from '@chargelane/db/testing'
import { seedParties, seedRegistered, seedSession, startGateway } from '../link/gateway.fake.ts'
import type { Gateway, Json } from '../link/gateway.fake.ts'
import { startPeer, type TestPeer } from '../link/peer.fake.ts'
import { createOcpiConnection } from './activities.ts'

// A session without a reference is found by its card, within a quarter of an hour of its start.
const base = Date.now() - 15 * 60_000
const at = (minute: number) => new Date(base + minute * 60_000).toISOString()

type Told = {
  version: string
  location: Json
  tariff: Json
  /** A status alone, as a PATCH of the EVSE. */
  status: Json
  session: (session: { tokenUid: string; sessionId: string }) => Json
  record: (session: { tokenUid: string; sessionId: string }) => Json
  /** What the record claims, with and without VAT. */
  claim: { total_excl_vat: string; total_incl_vat: string | null }
}

const periods = [{ start_date_time: at(10), dimensions: [{ type: 'ENERGY', volume: 12.5 }] }]
const id = (object: Json) => String(object['id'])
const element = { price_components: [{ type: 'ENERGY', price: 0.4, step_size: 1 }] }

const v211: Told = {
  version: '2.1.1',
  location: {
    id: 'LOC-211',
    type: 'ON_STREET',
    address: 'Kade 1',
    city: 'Utrecht',
    postal_code: '3511ED',
    country: 'NLD',
    coordinates: { latitude: '52.0907', longitude: '5.1214' },
    evses: [
      {
        uid: 'E-211',
        evse_id: 'NL*TNM*E211',
        status: 'AVAILABLE',
        capabilities: ['REMOTE_START_STOP_CAPABLE'],
        connectors: [
          {
            id: '1',
            standard: 'IEC_62196_T2',
            format: 'SOCKET',
            power_type: 'AC_3_PHASE',
            voltage: 230,
            amperage: 32,
            tariff_id: 'T-211',
            last_updated: at(0),
          },
        ],
        last_updated: at(0),
      },
    ],
    time_zone: 'Europe/Amsterdam',
    last_updated: at(0),
  },
  tariff: { id: 'T-211', currency: 'EUR', elements: [element], last_updated: at(0) },
  status: { status: 'CHARGING' },
  session: ({ tokenUid }) => ({
    id: 'S-211',
    start_datetime: at(10),
    kwh: 3.25,
    auth_id: tokenUid,
    auth_method: 'WHITELIST',
    location: { id: 'LOC-211', evses: [{ uid: 'E-211', connectors: [{ id: '1' }] }] },
    currency: 'EUR',
    status: 'ACTIVE',
    last_updated: at(20),
  }),
  record: ({ tokenUid }) => ({
    id: 'C-211',
    start_date_time: at(10),
    stop_date_time: at(40),
    auth_id: tokenUid,
    auth_method: 'WHITELIST',
    location: { id: 'LOC-211', evses: [{ uid: 'E-211', evse_id: 'NL*TNM*E211' }] },
    currency: 'EUR',
    charging_periods: periods,
    total_cost: 5.0,
    total_energy: 12.5,
    total_time: 0.5,
    last_updated: at(41),
  }),
  claim: { total_excl_vat: '5', total_incl_vat: null },
}

const party = { country_code: 'NL', party_id: 'TNM' }
const [evse] = v211.location['evses'] as Json[]

const v230: Told = {
  version: '2.3.0',
  location: {
    ...party,
    id: 'LOC-230',
    publish: true,
    address: 'Kade 2',
    city: 'Utrecht',
    country: 'NLD',
    coordinates: { latitude: '52.0907', longitude: '5.1214' },
    evses: [
      {
        ...evse,
        uid: 'E-230',
        evse_id: 'NL*TNM*E230',
        parking: [{ parking_id: 'P1' }],
        accepted_service_providers: ['Vloot'],
        connectors: [
          {
            id: '1',
            standard: 'SAE_J3400',
            format: 'CABLE',
            power_type: 'DC',
            max_voltage: 1000,
            max_amperage: 200,
            max_electric_power: 150_000,
            tariff_ids: ['T-230'],
            last_updated: at(0),
          },
        ],
      },
    ],
    parking_places: [{ id: 'P1', vehicle_types: ['TRUCK'] }],
    help_phone: '+31301234567',
    time_zone: 'Europe/Amsterdam',
    last_updated: at(0),
  },
  tariff: {
    ...party,
    id: 'T-230',
    currency: 'EUR',
    tax_included: 'NO',
    elements: [{ price_components: [{ type: 'ENERGY', price: 0.4, vat: 21, step_size: 1 }] }],
    last_updated: at(0),
  },
  status: { status: 'CHARGING', last_updated: at(5) },
  session: ({ tokenUid, sessionId }) => ({
    ...party,
    id: 'S-230',
    start_date_time: at(10),
    kwh: 3.25,
    cdr_token: { ...party, uid: tokenUid, type: 'APP_USER', contract_id: 'c' },
    auth_method: 'COMMAND',
    authorization_reference: sessionId,
    location_id: 'LOC-230',
    evse_uid: 'E-230',
    connector_id: '1',
    currency: 'EUR',
    total_cost: { before_taxes: 1.3, taxes: [{ name: 'VAT', percentage: 21, amount: 0.273 }] },
    status: 'ACTIVE',
    last_updated: at(20),
  }),
  record: ({ tokenUid, sessionId }) => ({
    ...party,
    id: 'C-230',
    start_date_time: at(10),
    end_date_time: at(40),
    session_id: 'S-230',
    cdr_token: { ...party, uid: tokenUid, type: 'APP_USER', contract_id: 'c' },
    auth_method: 'COMMAND',
    authorization_reference: sessionId,
    cdr_location: { id: 'LOC-230', evse_uid: 'E-230', evse_id: 'NL*TNM*E230' },
    currency: 'EUR',
    charging_periods: periods,
    total_cost: {
      before_taxes: 5,
      taxes: [
        { name: 'state', account_number: 'S1', percentage: 6, amount: 0.3 },
        { name: 'city', percentage: 1.1, amount: 0.055 },
      ],
    },
    total_energy: 12.5,
    total_time: 0.5,
    last_updated: at(41),
  }),
  claim: { total_excl_vat: '5', total_incl_vat: '5.355' },
}

describe.each([v211, v230])('a CPO of OCPI $version', (told) => {
  let database: Awaited<ReturnType<typeof testDatabase>>
  let gateway: Gateway
  let peer: TestPeer
  let session: Awaited<ReturnType<typeof seedSession>>
  const token = 'token-b-of-the-peer'
  const call = (method: string, path: string, body?: unknown) =>
    gateway.call(method, `/${told.version}${path}`, { token, body })

  beforeAll(async () => {
    database = await testDatabase()
    gateway = await startGateway(database.db)
    peer = await startPeer({ versions: [told.version] })
    await seedParties(database.db)
    const { version } = told
    const connection = await seedRegistered(database.db, { tokenIn: token, peer, version })
    const [tariff, location] = [told.tariff, told.location]
    const put = [
      await call('PUT', `/tariffs/NL/TNM/${id(tariff)}`, tariff),
      await call('PUT', `/locations/NL/TNM/${id(location)}`, location),
    ]
    const refused = put.find(({ http }) => http !== 201)
    if (refused !== undefined) throw new Error(refused.message)
    session = await seedSession(database.db, connection)
  })
  afterAll(async () => {
    await peer.stop()
    await gateway.stop()
    await database.stop()
  })

  test('has its plugs, its prices and where they hold read, and its own words given back', async () => {
    const [plug] = await database.db.select().from(tables.connectors)
    const power = told.version === '2.1.1' ? 22_080 : 150_000
    expect(plug).toMatchObject({ maxPowerW: power, tariffIds: [id(told.tariff)] })
    const [price] = await database.db.select().from(tables.tariffs)
    expect(price).toMatchObject({ ocpiVersion: told.version, status: 'valid' })
    const read = await call('GET', `/locations/NL/TNM/${id(told.location)}`)
    expect(read.data).toEqual(told.location)
  })

  test('tells a state by a PATCH of the EVSE', async () => {
    const [first] = told.location['evses'] as Json[]
    const path = `/locations/NL/TNM/${id(told.location)}/${String(first?.['uid'])}`
    expect(await call('PATCH', path, told.status)).toMatchObject({ http: 200, status: 1000 })
    const [row] = await database.db.select().from(tables.evses)
    expect(row).toMatchObject({ status: 'CHARGING' })
    const unreadable = { ...told.status, last_updated: 'yesterday' }
    const refused = await call('PATCH', path, unreadable)
    expect(refused).toMatchObject({ status: 2001, message: /last_updated/ })
  })

  test('gets a start as its edition has it', async () => {
    const { sessionId, evseId, connectorId, tokenUid } = session
    const outcome = await createOcpiConnection(gateway.roaming).start({
      sessionId,
      evseId,
      connectorId,
      tokenUid,
    })
    expect(outcome).toEqual({ kind: 'accepted' })
    const sent = peer.seen.at(-1)
    expect(sent?.path).toBe(`/ocpi/${told.version}/commands/START_SESSION`)
    const own =
      told.version === '2.1.1' ? { auth_id: tokenUid, type: 'OTHER' } : { type: 'APP_USER' }
    expect(sent?.body).toMatchObject({ token: { uid: tokenUid, ...own } })
    expect(Object.hasOwn(Object(sent?.body), 'authorization_reference')).toBe(
      told.version !== '2.1.1',
    )
  })

  test('tells the session, which is found by what the edition has to find it by', async () => {
    const body = told.session(session)
    expect(await call('PUT', `/sessions/NL/TNM/${id(body)}`, body)).toMatchObject({ status: 1000 })
    const events = await supplyEventsOf(database.db, session.sessionId)
    expect(events.map(({ event }) => event.kind)).toContain('charging_started')
    const read = await call('GET', `/sessions/NL/TNM/${id(body)}`)
    expect(read.data).toEqual(body)
  })

  test('tells the record, which is kept as told and claims what it says', async () => {
    const body = told.record(session)
    expect(await call('POST', '/cdrs', body)).toMatchObject({ http: 201, message: 'Success' })
    const [row] = await database.db.select().from(tables.cdrs)
    expect(row?.document).toMatchObject({ claim: { ...told.claim, total_energy_kwh: '12.5' } })
    expect(row && JSON.parse(recordText(row))).toEqual(body)
    expect(row).toMatchObject({ sessionId: session.sessionId })
  })
})

import { createHash } from 'node:crypto'
import { createAccount, createToken } from '@chargelane/db/queries/partners/accounts'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { cpoTerms } from '@chargelane/rules/agreement/distribution'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import {
  createStation,
  evsesOfStation,
  type StationRow,
} from '@chargelane/db/queries/chargers/chargers'
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { createConnection } from '@chargelane/db/queries/locations/connections'
import { createMessageLog } from '@chargelane/db/queries/chargers/frames'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import { testDatabase } from '@chargelane/db/testing'
import { canonicalText } from '@chargelane/rules/canonical'
import { canonicalTariff, ocpiPolicy, rate } from '@chargelane/rules/rating'
import { pino } from 'pino'
import { createConnection as createActivities } from './charge/connection.ts'
import { watchLines } from './charge/connectivity.ts'
import { type ChargingNode, defaultConfig, type NodeConfig } from './node.ts'
import { remote16 } from './ocpp16/remote.ts'
import { ocpp16 } from './ocpp16/routing.ts'
import { openGateway } from './line/socket.ts'

// A node for tests: a database of its own, an operator with a published tariff, chargers and a card, and a gateway on
// a free port. Nothing is faked: the sockets, the database and the rating are the product's.

export const card = '04A1B2C3D4E5F6'
const at = '2026-01-01T00:00:00.000Z'

/** 0.49 EUR per kWh and 3.00 EUR per hour of parking, net, 19 % VAT. */
export const publishedTariff = {
  country_code: 'DE',
  party_id: 'VWL',
  id: 'DC-1',
  currency: 'EUR',
  elements: [
    {
      price_components: [
        { type: 'ENERGY', price: 0.49, vat: 19, step_size: 1 },
        { type: 'PARKING_TIME', price: 3, vat: 19, step_size: 1 },
      ],
    },
  ],
  last_updated: at,
}

/** What a record's usage costs by the published tariff, in cents: the price is found where the record is judged. */
export function priceOf(record: CdrRow | undefined): { net: number; gross: number } {
  const read = canonicalTariff(publishedTariff)
  if (!read.ok || record === undefined) throw new Error('there is no record, or no tariff')
  const rated = rate({ tariff: read.tariff, usage: record.usage, policy: ocpiPolicy })
  if (!rated.ok) throw new Error(rated.code)
  const { net, gross } = rated.rating.totals
  return { net: net.amount, gross: gross.amount }
}

export type TestNode = Awaited<ReturnType<typeof startTestNode>>

export async function startTestNode(config: Partial<NodeConfig> = {}) {
  const database = await testDatabase()
  const { db } = database
  const supply = await seedSupply(db)
  const demand = await seedDemand(db)
  const node: ChargingNode = {
    db,
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    frames: createMessageLog(db),
    config: { ...defaultConfig, nodeId: 'test-node', ...config },
  }
  const stopWatching = await watchLines(node)
  const gateway = await openGateway(node, {
    host: '127.0.0.1',
    port: 0,
    protocols: { 'ocpp1.6': ocpp16 },
  })
  return {
    node,
    db,
    gateway,
    ...supply,
    ...demand,
    url: `ws://127.0.0.1:${gateway.port}/ocpp`,
    connection: createActivities(node, gateway, () => remote16),
    /** One more charger with one connector of 150 kW, and its EVSE. */
    addCharger: (identity: string) => addCharger(db, supply, identity),
    /** A charger of another operator. */
    addStranger: (identity: string, password: string) => addStranger(db, identity, password),
    async stop() {
      stopWatching()
      await gateway.close()
      await node.frames.drained()
      await database.stop()
    },
  }
}

type Database = Awaited<ReturnType<typeof testDatabase>>['db']
type Supply = Awaited<ReturnType<typeof seedSupply>>

async function seedSupply(db: Database) {
  const cpo = await createAccount(db, {
    type: 'cpo',
    name: 'Voltwerk',
    legalName: 'Voltwerk Ladenetz GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    vatId: 'DE136695976',
    address: { street: 'Netzweg 1', city: 'Berlin', postal_code: '10115' },
    at,
  })
  await createAccount(db, {
    type: 'platform',
    name: 'Chargelane',
    legalName: 'Chargelane Betriebs GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Netzweg 2', city: 'Berlin', postal_code: '10115' },
    at,
  })
  await signAgreement(db, {
    accountId: cpo.id,
    terms: cpoTerms({ commission: { bps: 1_000 }, supplyModel: 'agency' }),
    at,
  })
  const connection = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpo.id,
      protocol: 'node',
      countryCode: 'DE',
      partyId: 'VWL',
      at,
    }),
  )
  const read = canonicalTariff(publishedTariff)
  if (!read.ok) throw new Error(read.problems[0]?.message ?? 'the test tariff is not valid')
  const { tariff } = await putTariff(db, {
    connectionId: connection.id,
    countryCode: 'DE',
    partyId: 'VWL',
    ocpiId: publishedTariff.id,
    cpoId: cpo.id,
    currency: 'EUR',
    ocpiVersion: '2.2.1',
    status: 'valid',
    problems: [],
    raw: JSON.stringify(publishedTariff),
    canonical: read.tariff,
    hash: createHash('sha256').update(canonicalText(read.tariff)).digest('hex'),
    at,
  })
  return { cpo, connectionRow: connection, tariff }
}

async function seedDemand(db: Database) {
  const partner = await createAccount(db, {
    type: 'partner',
    name: 'Flottenkarte',
    legalName: 'Flottenkarte Nord GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Hafen 2', city: 'Hamburg', postal_code: '20457' },
    at,
  })
  const driver = await getOrCreateDriver(db, partner.id, 'driver-1', at)
  const source = await createPaymentSource(db, {
    accountId: partner.id,
    driverId: driver.id,
    kind: 'card',
    pspPaymentMethod: 'pm_card_visa',
    at,
  })
  await createToken(db, {
    accountId: partner.id,
    driverId: driver.id,
    paymentSourceId: source.id,
    uid: card,
    type: 'RFID',
    contractId: 'DECLNC00000001',
    at,
  })
  return { partner, driver, source }
}

async function addStranger(db: Database, identity: string, password: string): Promise<StationRow> {
  const { id: cpoId } = await createAccount(db, {
    type: 'cpo',
    name: 'Netzfremd',
    legalName: 'Netzfremd GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Netzweg 3', city: 'Berlin', postal_code: '10115' },
    at,
  })
  const { id: connectionId } = await db.tx((tx) =>
    createConnection(tx, { cpoId, protocol: 'node', countryCode: 'DE', partyId: 'NFR', at }),
  )
  return createStation(db, { cpoId, connectionId, identity, password, at })
}

async function addCharger(db: Database, supply: Supply, identity: string) {
  const password = `secret of ${identity}`
  const station: StationRow = await createStation(db, {
    cpoId: supply.cpo.id,
    connectionId: supply.connectionRow.id,
    identity,
    password,
    at,
  })
  await upsertLocations(db, { connectionId: supply.connectionRow.id, cpoId: supply.cpo.id }, [
    {
      countryCode: 'DE',
      partyId: 'VWL',
      ocpiId: `LOC-${identity}`,
      address: 'Ladestraße 1',
      city: 'Berlin',
      postalCode: '10115',
      country: 'DE',
      latitude: 52.52,
      longitude: 13.405,
      timeZone: 'Europe/Berlin',
      lastUpdated: at,
      raw: {},
      evses: [
        {
          ocpiUid: `U-${identity}`,
          evseId: `DE*VWL*E${identity.replaceAll(/[^A-Z0-9]/gi, '').toUpperCase()}*1`,
          status: 'AVAILABLE',
          capabilities: ['REMOTE_START_STOP_CAPABLE', 'RFID_READER'],
          lastUpdated: at,
          chargeStationId: station.id,
          ocppEvseId: 1,
          connectors: [
            {
              ocpiId: '1',
              standard: 'IEC_62196_T2_COMBO',
              format: 'CABLE',
              powerType: 'DC',
              maxVoltage: 920,
              maxAmperage: 200,
              maxPowerW: 150_000,
              tariffIds: [supply.tariff.id],
              lastUpdated: at,
            },
          ],
        },
      ],
    },
  ])
  const [evse] = await evsesOfStation(db, station.id)
  if (evse === undefined) throw new Error('the charger has no EVSE')
  return { station, identity, password, evseId: evse.id }
}

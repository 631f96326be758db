// As many chargers of one operator as asked for, each with one EVSE of 22 kW, for the bench of the node.
import { sql as raw } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { createStation } from '../queries/chargers/chargers.ts'
import { createConnection } from '../queries/locations/connections.ts'
import { upsertLocations } from '../queries/locations/locations.ts'
import { createAccount } from '../queries/partners/accounts.ts'

const at = '2026-11-01T06:00:00.000Z'

export async function seedChargers(
  db: Db,
  count: number,
): Promise<{ identity: string; password: string }[]> {
  const cpo = await createAccount(db, {
    type: 'cpo',
    name: 'Bench node',
    legalName: 'Bench Node GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Messweg 1', city: 'Berlin', postal_code: '10115' },
    at,
  })
  const owner = { cpoId: cpo.id, countryCode: 'DE', partyId: 'BNN' }
  const connection = await db.tx((tx) => createConnection(tx, { ...owner, protocol: 'node', at }))
  const logins = Array.from({ length: count }, (_, index) => ({
    identity: `BENCH-${index + 1}`,
    password: `password of bench charger ${index + 1}`,
  }))
  const evses = await db.tx((tx) =>
    Promise.all(
      logins.map(async ({ identity, password }, index) => {
        const station = { cpoId: cpo.id, connectionId: connection.id, identity, password, at }
        const { id } = await createStation(tx, station)
        return evse(id, index + 1)
      }),
    ),
  )
  await upsertLocations(db, { connectionId: connection.id, cpoId: cpo.id }, [
    {
      countryCode: 'DE',
      partyId: 'BNN',
      ocpiId: 'BENCH',
      address: 'Messweg 1',
      city: 'Berlin',
      country: 'DE',
      latitude: 52.52,
      longitude: 13.405,
      timeZone: 'Europe/Berlin',
      lastUpdated: at,
      raw: {},
      evses,
    },
  ])
  // Fresh tables have no statistics, and a plan made without them lasts as long as its connection.
  await db.execute(raw`analyze charge_stations, evses, connectors`)
  return logins
}

const evse = (chargeStationId: string, number: number) => ({
  ocpiUid: `BENCH-${number}`,
  evseId: `DE*BNN*E${number}`,
  status: 'UNKNOWN' as const,
  capabilities: ['RFID_READER'],
  lastUpdated: at,
  chargeStationId,
  ocppEvseId: 1,
  connectors: [
    {
      ocpiId: '1',
      standard: 'IEC_62196_T2',
      format: 'SOCKET',
      powerType: 'AC_3_PHASE',
      maxVoltage: 230,
      maxAmperage: 32,
      maxPowerW: 22_000,
      tariffIds: [],
      lastUpdated: at,
    },
  ],
})

import { generateKeyPairSync } from 'node:crypto'
import { createConnection } from '@chargelane/db/queries/locations/connections'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { evseIdsOf } from '@chargelane/db/queries/sessions/terms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const newKey = (namedCurve = 'prime256v1') =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' })
const evse = 'DE*VWL*E1001*1'
const refused = { code: 'resource_missing' }

describe('the key of a meter', () => {
  it('is registered by its operator in any spelling and read by everyone', async () => {
    const key = newKey()
    const made = await world.cpo.lane.evses.add_meter_key(evse, {
      public_key: key.toString('base64'),
      meter_serial: '1EMH0012345678',
    })
    expect(made).toMatchObject({
      evse: world.station.evses[0]?.id,
      curve: 'secp256r1',
      public_key: key.toString('hex'),
      meter_serial: '1EMH0012345678',
    })
    for (const { lane } of [world.a, world.b, world.otherCpo, world.cpo])
      expect((await lane.evses.meter_keys(evse)).data).toEqual([made])
  })

  it('again is the same one, another is the one in force from then on', async () => {
    const [first] = (await world.cpo.lane.evses.meter_keys(evse)).data
    const same = await world.cpo.lane.evses.add_meter_key(evse, {
      public_key: first?.public_key ?? '',
      meter_serial: '1EMH0012345678',
    })
    expect(same).toEqual(first)
    const next = await world.cpo.lane.evses.add_meter_key(evse, {
      public_key: newKey('brainpoolP256r1').subarray(-64).toString('hex'),
      curve: 'brainpoolP256r1',
    })
    expect((await world.cpo.lane.evses.meter_keys(evse)).data).toEqual([next, first])
  })

  it('of another operator’s EVSE is nobody else’s to register', async () => {
    const body = { public_key: newKey().toString('hex') }
    await expect(world.otherCpo.lane.evses.add_meter_key(evse, body)).rejects.toMatchObject(refused)
    await expect(world.a.lane.evses.add_meter_key(evse, body)).rejects.toMatchObject({
      code: 'insufficient_scope',
    })
    await expect(world.cpo.lane.evses.add_meter_key('DE*VWL*E9999*1', body)).rejects.toMatchObject(
      refused,
    )
  })

  it('is one for all channels of the EVSE, whichever it was registered on', async () => {
    const { db } = api.database
    const at = new Date().toISOString()
    const { station, cpo } = world
    const cpoId = cpo.account.id
    const hub = await db.tx((tx) =>
      createConnection(tx, {
        cpoId,
        protocol: 'ocpi',
        countryCode: 'DE',
        partyId: 'VWL',
        at,
      }),
    )
    await upsertLocations(db, { connectionId: hub.id, cpoId }, [
      {
        countryCode: 'DE',
        partyId: 'VWL',
        ocpiId: 'LOC-1',
        address: 'Aachener Straße 1042',
        city: 'Köln',
        country: 'DE',
        latitude: 50.9375,
        longitude: 6.8422,
        timeZone: 'Europe/Berlin',
        lastUpdated: at,
        raw: {},
        evses: [
          {
            ocpiUid: '1002',
            evseId: 'DE*VWL*E1001*2',
            status: 'AVAILABLE',
            capabilities: [],
            lastUpdated: at,
            connectors: [],
          },
        ],
      },
    ])
    const node = station.evses[1]?.id ?? ''
    const [roaming = ''] = await evseIdsOf(db, hub.id)
    const body = { public_key: newKey().toString('hex') }
    const made = await cpo.lane.evses.add_meter_key(roaming, body)
    expect(made.evse).toBe(roaming)
    expect(await cpo.lane.evses.add_meter_key(node, body)).toEqual(made)
    for (const id of [node, roaming])
      expect((await world.a.lane.evses.meter_keys(id)).data).toEqual([made])
    expect((await world.a.lane.evses.meter_keys(evse)).data).not.toContainEqual(made)
  })

  it.each([
    'no key',
    'abcd',
    newKey('secp256k1').toString('hex').slice(2),
    // Long enough for a point, and none on secp256r1.
    'ab'.repeat(64),
    newKey('secp256k1').subarray(-64).toString('hex'),
  ])('is refused with the field when it is %s', async (public_key) => {
    await expect(world.cpo.lane.evses.add_meter_key(evse, { public_key })).rejects.toMatchObject({
      code: 'invalid_value',
      param: 'public_key',
    })
  })

  it('comes with a charger of the operator’s own node', async () => {
    const { location, tariff } = world
    const connector = {
      standard: 'IEC_62196_T2' as const,
      format: 'SOCKET' as const,
      power_type: 'AC_3_PHASE' as const,
      max_power_w: 22_000,
      max_voltage: 400,
      max_amperage: 32,
      tariffs: [tariff.id],
    }
    const station = (identity: string, evse_id: string, public_key: string) =>
      world.cpo.lane.charge_stations.create({
        location: location.id,
        identity,
        evses: [{ evse_id, connectors: [connector], meter_key: { public_key } }],
      })
    const key = newKey('secp384r1').toString('hex')
    await station('VWL-2001', 'DE*VWL*E2001*1', key)
    const { data } = await world.a.lane.evses.meter_keys('DE*VWL*E2001*1')
    expect(data).toEqual([expect.objectContaining({ curve: 'secp384r1', public_key: key })])
    await expect(station('VWL-2002', 'DE*VWL*E2002*1', 'ff')).rejects.toMatchObject({
      code: 'invalid_value',
      param: 'evses.0.meter_key.public_key',
    })
  })
})

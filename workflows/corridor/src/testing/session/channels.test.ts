// One EVSE, several channels: which one a start goes over, and what silence costs the driver.
import { describe, expect, test } from 'vitest'
import { claimStation, createStation } from '@chargelane/db/queries/chargers/chargers'
import { changeConnection, createConnection } from '@chargelane/db/queries/locations/connections'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { getSession, listSessions, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import { evseIdsOf } from '@chargelane/db/queries/sessions/terms'
import { connectors, evses, locations } from '@chargelane/db/schema'
import type { Corridor } from '../corridor.ts'
import { charge, createMarket, paymentOf, settle, startSession, useCorridor } from '../market.ts'
import type { Market } from '../market.ts'

let corridor: Corridor
useCorridor((made) => {
  corridor = made
})

const at = '2026-01-01T00:00:00.000Z'
const plug = (ocpiId: string, standard: string) => ({
  ocpiId,
  standard,
  format: 'CABLE',
  powerType: 'DC',
  maxVoltage: 800,
  maxAmperage: 188,
  maxPowerW: 150_000,
  tariffIds: [],
  lastUpdated: at,
})

/** The market's first EVSE over one more connection of its operator, with a plug of another kind before it. */
async function alsoOver({ cpo, evseIds }: Market, nodeId?: string): Promise<string> {
  const { db } = corridor
  const first = (await db.select().from(evses)).find(({ id }) => id === evseIds[0])
  const site = (await db.select().from(locations)).find(({ id }) => id === first?.locationId)
  if (first === undefined || site === undefined) throw new Error('the market has an EVSE')
  const protocol = nodeId === undefined ? ('ocpi' as const) : ('node' as const)
  const made = { cpoId: cpo.id, protocol, countryCode: 'DE', partyId: 'ALP', at }
  const connection = await db.tx((tx) => createConnection(tx, made))
  await changeConnection(db, connection.id, { status: 'live', tariffMaxAgeS: 1_000_000_000 })
  const where = { connectionId: connection.id, cpoId: cpo.id }
  const socket = nodeId === undefined ? {} : await holdSocket(where, nodeId)
  await upsertLocations(db, where, [
    {
      countryCode: 'DE',
      partyId: 'ALP',
      ocpiId: 'AGAIN',
      address: 'Bahnhofplatz 1',
      city: 'Köln',
      country: 'DE',
      latitude: site.latitude,
      longitude: site.longitude,
      timeZone: 'Europe/Berlin',
      lastUpdated: at,
      raw: {},
      evses: [
        {
          ocpiUid: 'AGAIN-1',
          evseId: first.evseId,
          status: 'AVAILABLE',
          capabilities: ['REMOTE_START_STOP_CAPABLE'],
          lastUpdated: at,
          ...socket,
          connectors: [plug('1', 'CHADEMO'), plug('2', 'IEC_62196_T2_COMBO')],
        },
      ],
    },
  ])
  const [evseId] = await evseIdsOf(db, connection.id)
  return evseId ?? ''
}

async function holdSocket(where: { connectionId: string; cpoId: string }, nodeId: string) {
  const charger = { ...where, identity: `CP-${nodeId}`, password: 'secret', at }
  const { id } = await createStation(corridor.db, charger)
  await claimStation(corridor.db, id, { nodeId, protocol: 'ocpp1.6', at })
  return { chargeStationId: id, ocppEvseId: 1 }
}

describe('an EVSE that two channels reach', () => {
  test('F06: is started over the second one after the five seconds of the first, at a plug of the quoted kind', async () => {
    const market = await createMarket(corridor, { nodeId: 'silent' })
    const otherEvse = await alsoOver(market)
    const starting = startSession(corridor, market)
    const asked = () => corridor.operator.calls.filter(({ call }) => call === 'probe')
    // Both are asked at once: the first one's silence is not waited for before the second.
    await expect.poll(() => asked().length, { timeout: 15_000 }).toBe(1)
    await corridor.pass(5_000)
    const session = await starting
    expect(session.answer).toEqual({ kind: 'authorized' })
    const { connectionId } = await corridor.reaches(session.sessionId, { status: 'charging' })
    expect(connectionId).not.toBe(market.connection.id)
    const [start, ...more] = corridor.operator.calls.filter(({ call }) => call === 'start')
    expect(more).toEqual([])
    expect(start).toMatchObject({ sessionId: session.sessionId, evseId: otherEvse })
    const all = await corridor.db.select().from(connectors)
    const used = all.find(({ id }) => id === start?.connectorId)
    expect(used).toMatchObject({ evseId: otherEvse, standard: 'IEC_62196_T2_COMBO' })
    const ranked = (await timelineOf(corridor.db, 'all', session.sessionId)).find(
      ({ what }) => what === 'channels ranked',
    )
    expect(ranked?.detail).toMatchObject({
      candidates: [{ protocol: 'node' }, { protocol: 'ocpi', reason: 'OCPI, live' }],
    })
    await charge(corridor, market, 2_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  })

  test('F06: is refused after five seconds when both are silent, not after five for each, and nothing is held', async () => {
    const market = await createMarket(corridor, { nodeId: 'silent' })
    await alsoOver(market, 'silent as well')
    const starting = startSession(corridor, market)
    const ranked = async () =>
      (await listSessions(corridor.db, { partner: market.partner.id }, { limit: 1 })).length
    await expect.poll(ranked, { timeout: 15_000 }).toBe(1)
    await corridor.pass(5_000)
    const session = await starting
    expect(session.answer).toMatchObject({ kind: 'refused', code: 'cpo_unreachable' })
    expect(await paymentOf(corridor, session)).toBeUndefined()
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'start_failed',
      moneyStatus: 'unfunded',
    })
  })
})

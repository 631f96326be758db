// Over one connection come objects of several parties: the connection's own, granted ones, and one that is not granted.
import { findConnection } from '@chargelane/db/queries/locations/connections'
import { grantParty } from '@chargelane/db/queries/partners/parties'
import * as tables from '@chargelane/db/schema'
import { afterAll, expect, test } from 'vitest'
import {
  cpoAccount,
  example,
  type Json,
  path,
  seedRegistered,
  startScene,
} from '../../link/gateway.fake.ts'
import { startPeer } from '../../link/peer.fake.ts'
import { pullCdrs } from './cdrs.ts'
import { pullLocations } from './locations.ts'
import { pullSessions } from './sessions.ts'
import { pullTariffs } from './tariffs.ts'

const scene = await startScene()
const { db, call, gateway } = scene
const { roaming } = gateway
const peer = await startPeer()
const token = 'token-b-of-the-hub'
const hub = await seedRegistered(db, { tokenIn: token, countryCode: 'BE', partyId: 'HUB', peer })
const grant = (partyId: string) =>
  db.tx((tx) =>
    grantParty(tx, {
      countryCode: 'NL',
      partyId,
      accountId: cpoAccount,
      at: new Date().toISOString(),
    }),
  )
await grant('GRA')
afterAll(async () => {
  await peer.stop()
  await scene.stop()
})

const own = { country_code: 'BE', party_id: 'HUB' }
const granted = { country_code: 'NL', party_id: 'GRA' }
const foreign = { country_code: 'NL', party_id: 'XXX' }
const parties = [foreign, own, granted]
const at = ({ country_code, party_id }: typeof own) => `${country_code}/${party_id}`

/** A party's location, whose EVSE-IDs are the party's. */
function locationOf(party: typeof own, id: string): Json {
  const { evses, ...location } = example('location') as Json & { evses: Json[] }
  const named = evses.map((evse, n) => ({
    ...evse,
    uid: `${id}-${n}`,
    evse_id: `${party.country_code}*${party.party_id}*E${id}${n}`,
  }))
  return { ...location, ...party, id, evses: named }
}

const incidents = async () =>
  (await db.select().from(tables.incidents)).filter(({ kind }) => kind === 'party_not_granted')
const open = async () => (await incidents()).filter(({ status }) => status === 'open')
const ofCharge = async () => (await open()).filter((row) => row.subjectType === 'supply_session')
const heldBy = async (party: typeof own) =>
  (await db.select().from(tables.locations))
    .filter((row) => row.connectionId === hub.id && row.partyId === party.party_id)
    .map(({ ocpiId }) => ocpiId)
const since = '2019-01-01T00:00:00.000Z'

test('a pull takes the own and the granted parties, and names one that is not granted once', async () => {
  peer.objects.locations = parties.flatMap((party) => [
    locationOf(party, 'L1'),
    locationOf(party, 'L2'),
  ])
  peer.objects.tariffs = parties.map((party) => ({ ...example('tariff'), ...party }))
  expect(await pullTariffs(roaming, hub)).toEqual({ taken: 2, refused: 1 })
  expect(await pullLocations(roaming, hub)).toEqual({ taken: 4, refused: 2 })
  for (const party of [own, granted]) expect(await heldBy(party)).toEqual(['L1', 'L2'])
  expect(await heldBy(foreign)).toEqual([])
  const evses = await db.select().from(tables.evses)
  const identities = evses.filter((row) => row.connectionId === hub.id).map((row) => row.identity)
  expect(new Set(identities)).toEqual(new Set(['evse_id']))
  expect(await open()).toMatchObject([
    {
      subjectType: 'party',
      subjectId: `${hub.id}:NL*XXX`,
      accountId: cpoAccount,
      occurrences: 2,
      detail: { party: 'NL*XXX', connection: hub.id },
    },
  ])
})

test('a push of a granted party is taken, and one that is not granted is refused and named', async () => {
  const put = (party: typeof own) =>
    call('PUT', `${path}/locations/${at(party)}/L3`, { token, body: locationOf(party, 'L3') })
  expect(await put(foreign)).toMatchObject({ http: 404, status: 2003 })
  expect(await put(granted)).toMatchObject({ http: 201, status: 1000 })
  expect(await put(own)).toMatchObject({ http: 201, status: 1000 })
  const read = (party: typeof own) => call('GET', `${path}/locations/${at(party)}/L3`, { token })
  expect((await read(granted)).data).toMatchObject(granted)
  expect(await read(foreign)).toMatchObject({ http: 404, status: 2003 })
  expect(await open()).toMatchObject([{ subjectType: 'party', occurrences: 3 }])
})

test('its sessions and records are named with energy and money, one incident a charge, and stop no others', async () => {
  const session = { ...example('session'), id: 'S-HUB', kwh: 12.5, status: 'ACTIVE' }
  const record = { ...example('cdr'), id: 'C-HUB', session_id: 'S-HUB' }
  peer.objects.sessions = parties.map((party) => ({ ...session, ...party }))
  peer.objects.cdrs = parties.map((party) => ({ ...record, ...party }))
  expect(await pullSessions(roaming, hub, since)).toEqual({ taken: 2, refused: 1 })
  expect(await ofCharge()).toMatchObject([{ energyWh: '12500', amountMinor: null }])
  expect(await pullCdrs(roaming, hub, since)).toEqual({ taken: 2, refused: 1 })
  const post = { token, body: { ...record, ...foreign } }
  expect(await call('POST', `${path}/cdrs`, post)).toMatchObject({ http: 404, status: 2003 })
  expect(await ofCharge()).toMatchObject([
    {
      subjectId: `${hub.id}:NL*XXX:s-hub`,
      detail: { party: 'NL*XXX', record: 'C-HUB' },
      currency: 'EUR',
      occurrences: 3,
    },
  ])
  const records = (await scene.rows.cdrs()).filter((row) => row.connectionId === hub.id)
  expect(records.map(({ partyId }) => partyId).toSorted()).toEqual(['GRA', 'HUB'])
})

test('once the platform grants it, what was put aside is settled and the lists are read anew', async () => {
  await grant('XXX')
  expect(await open()).toEqual([])
  const again = await findConnection(db, hub.id)
  expect(again).toMatchObject({ lastPulledAt: null })
  expect(await pullLocations(roaming, again ?? hub)).toEqual({ taken: 6, refused: 0 })
  expect(await pullCdrs(roaming, again ?? hub, since)).toEqual({ taken: 3, refused: 0 })
  expect((await heldBy(foreign)).toSorted()).toEqual(['L1', 'L2'])
})

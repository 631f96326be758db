import { findConnection } from '@chargelane/db/queries/locations/connections'
import * as tables from '@chargelane/db/schema'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { pullSessions } from '../ocpi/modules/sessions.ts'
import { pullTariffs } from '../ocpi/modules/tariffs.ts'
import { example } from './gateway.fake.ts'
import { startKeeperScene } from './keeper.fake.ts'

const scene = await startKeeperScene()
const { db, roaming, peerWith, connectTo, becomesLive } = scene
afterEach(scene.endPeers)
afterAll(scene.stop)

const tariffs = ['T1', 'T2', 'T3', 'T4', 'T5'].map((id) => ({ ...example('tariff'), id }))

async function fiveTariffs() {
  const peer = await peerWith()
  peer.objects.tariffs = tariffs
  const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
  const unlisted = async () =>
    (await db.select().from(tables.tariffs))
      .filter((row) => row.connectionId === connection.id && row.unlistedAt !== null)
      .map(({ ocpiId }) => ocpiId)
      .toSorted()
  return { peer, connection, unlisted }
}

describe('a list that is cut short is never taken for whole', () => {
  test.each([
    { what: 'without data', habits: { noData: true }, shown: 0 },
    { what: 'shorter than its own count', habits: { count: 5 }, shown: 2 },
    {
      what: 'that ends in an empty page before its count',
      habits: { count: 5, links: 'none' },
      shown: 0,
    },
  ])('one $what', async ({ habits, shown }) => {
    const { peer, connection, unlisted } = await fiveTariffs()
    Object.assign(peer.habits, habits)
    peer.objects.tariffs = tariffs.slice(0, shown)
    expect(await pullTariffs(roaming, connection)).toMatchObject({ isCut: true })
    expect(await unlisted()).toEqual([])
  })

  test('one that answers the same page for ever', async () => {
    const { peer, connection, unlisted } = await fiveTariffs()
    Object.defineProperty(peer.objects, 'tariffs', {
      value: { length: 5, slice: () => tariffs.slice(0, 2) },
    })
    expect(await pullTariffs(roaming, connection)).toEqual({ taken: 2, refused: 0, isCut: true })
    expect(await unlisted()).toEqual([])
  })

  test('one with an object that cannot be read is read to its end, and what it hid stays', async () => {
    const { peer, connection, unlisted } = await fiveTariffs()
    peer.objects.tariffs = [{ ...tariffs[0], id: '' }, ...tariffs.slice(1, 3)]
    expect(await pullTariffs(roaming, connection)).toEqual({ taken: 2, refused: 1 })
    expect(await unlisted()).toEqual([])
  })

  test('one that is whole says what the peer has no more, other parties’ objects or not', async () => {
    const { peer, connection, unlisted } = await fiveTariffs()
    peer.objects.tariffs = [...tariffs.slice(0, 3), { ...tariffs[3], party_id: 'XYZ' }]
    expect(await pullTariffs(roaming, connection)).toEqual({ taken: 3, refused: 1 })
    expect(await unlisted()).toEqual(['T4', 'T5'])
  })
})

test('one object that cannot be stops no other of its list', async () => {
  const { peer, connection } = await fiveTariffs()
  const session = example('session')
  const last_updated = '2020-03-09T10:20:00Z'
  peer.objects.sessions = [
    { ...session, id: 'BAD-1', kwh: -5, last_updated },
    { ...session, id: 'BAD-2', start_date_time: '9999-12-31T23:59:59Z', last_updated },
    { ...session, id: 'BAD-3', last_updated: 'yesterday' },
    { ...session, id: 'GOOD', last_updated },
    { ...session, id: 'BAD-4', last_updated: '0000-01-01T00:00:00Z' },
    'nothing',
    { ...session, id: 'BETTER', last_updated },
  ]
  const dateFrom = '2020-01-01T00:00:00.000Z'
  expect(await pullSessions(roaming, connection, dateFrom)).toEqual({ taken: 2, refused: 5 })
  const held = (await db.select().from(tables.supplySessions))
    .filter((row) => row.connectionId === connection.id)
    .map(({ supplyRef }) => supplyRef)
  expect(held.toSorted()).toEqual(['BETTER', 'GOOD'])
  expect(await findConnection(db, connection.id)).toMatchObject({ status: 'live', failures: 0 })
})

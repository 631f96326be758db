import { changeConnection } from '@chargelane/db/queries/locations/connections'
import * as tables from '@chargelane/db/schema'
import { afterAll, afterEach, expect, test } from 'vitest'
import { pullLocations } from '../ocpi/modules/locations.ts'
import { example } from './gateway.fake.ts'
import { eventually, startKeeperScene } from './keeper.fake.ts'

const scene = await startKeeperScene()
const { db, roaming, peerWith, connectTo, becomesLive } = scene
afterEach(scene.endPeers)
afterAll(scene.stop)

test('peers that never answer keep no other from being taken up, nor from being read', async () => {
  const hanging = await Promise.all(Array.from({ length: 3 }, () => peerWith()))
  for (const peer of hanging) {
    peer.silent = true
    await connectTo(peer)
  }
  for (const peer of hanging)
    await eventually(
      () => Promise.resolve(peer.seen.length),
      (asked) => asked > 0,
    )
  const peer = await peerWith()
  const { id } = await connectTo(peer)
  await becomesLive(id)
  peer.objects.sessions = [{ ...example('session'), id: 'PULLED' }]
  const long = '2020-01-01T00:00:00.000Z'
  await changeConnection(db, id, { nextPullAt: long, lastPulledAt: long })
  const held = await eventually(
    async () => (await db.select().from(tables.supplySessions)).map((row) => row.supplyRef),
    (refs) => refs.includes('PULLED'),
  )
  expect(held).toContain('PULLED')
})

test('a list that a peer cannot give keeps none of its other lists from being read', async () => {
  const peer = await peerWith()
  const { id } = await connectTo(peer)
  await becomesLive(id)
  peer.habits.broken = ['tariffs', 'sessions']
  peer.objects.locations = [{ ...example('location'), id: 'LOC-NEW' }]
  const asked = peer.seen.length
  const long = '2020-01-01T00:00:00.000Z'
  await changeConnection(db, id, { nextPullAt: long, lastPulledAt: long })
  await eventually(
    () => Promise.resolve(peer.seen.slice(asked).map(({ path }) => path)),
    (paths) => paths.some((path) => path.endsWith('/cdrs')),
  )
  const locations = await db.select().from(tables.locations)
  expect(locations.map(({ ocpiId }) => ocpiId)).toContain('LOC-NEW')
})

test('a location that cannot be stored keeps none of its batch from being stored', async () => {
  const peer = await peerWith()
  const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
  const location = example('location')
  peer.objects.locations = [
    { ...location, id: 'LOC-A' },
    { ...location, id: 'LOC-B' },
    { ...location, id: 'LOC-C' },
  ]
  // Our database takes no tx that holds it, whatever the reason.
  const tx: typeof db.tx = (fn) =>
    db.tx(async (inner) => {
      const result = await fn(inner)
      const bad = await inner.execute(`select 1 from locations where ocpi_id = 'LOC-B'`)
      if (bad.length > 0) throw new Error('value out of range')
      return result
    })
  const picky = new Proxy(db, {
    get: (target, name): unknown =>
      ['tx', 'transaction'].includes(String(name)) ? tx : Reflect.get(target, name),
  })
  await pullLocations({ ...roaming, db: picky }, connection)
  const held = (await db.select().from(tables.locations))
    .filter((row) => row.connectionId === connection.id)
    .map(({ ocpiId }) => ocpiId)
  expect(held).toEqual(expect.arrayContaining(['LOC-A', 'LOC-C']))
  expect(held).not.toContain('LOC-B')
})

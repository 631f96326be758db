// For tests: the gateway with its keeper at work, and peers that connect to it.
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection, findConnection } from '@chargelane/db/queries/locations/connections'
import { testDatabase } from '@chargelane/db/testing'
import { createOcpiConnection } from '../ocpi/activities.ts'
import { cpoAccount, example, seedParties, seedSession, startGateway } from './gateway.fake.ts'
import { startKeeper } from './keeper.ts'
import { type PeerHabits, startPeer, type TestPeer } from './peer.fake.ts'

/** Waits for a state the keeper or the peer brings about; fails with what it saw last. */
export async function eventually<T>(
  read: () => Promise<T | undefined>,
  isThere: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const value = await read()
    if (value !== undefined && isThere(value)) return value
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`)
    await sleep(25)
  }
}

export async function startKeeperScene() {
  const database = await testDatabase()
  const { db } = database
  await seedParties(db)
  const gateway = await startGateway(db)
  const { roaming } = gateway
  const keeper = await startKeeper(roaming, { pollMs: 50 })
  const port = createOcpiConnection(roaming)
  const peers: TestPeer[] = []
  /** After each test. */
  const endPeers = async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.stop().catch(() => undefined)))
  }
  const stop = async () => {
    await keeper.stop()
    await gateway.stop()
    await database.stop()
  }

  const peerWith = async (habits: PeerHabits = {}, listenOn = 0) => {
    const peer = await startPeer(habits, listenOn)
    peers.push(peer)
    peer.objects.tariffs = [example('tariff')]
    peer.objects.locations = [example('location')]
    return peer
  }

  const connectTo = (peer: TestPeer, changes: { tokenOut?: string; versionsUrl?: string } = {}) =>
    db.tx((tx) =>
      createConnection(tx, {
        cpoId: cpoAccount,
        protocol: 'ocpi',
        countryCode: 'NL',
        partyId: 'TNM',
        at: new Date().toISOString(),
        versionsUrl: peer.versionsUrl,
        tokenOut: peer.tokenA,
        ...changes,
      }),
    )

  const becomesLive = (id: string) =>
    eventually(
      () => findConnection(db, id),
      ({ status }) => status === 'live',
    )
  const fails = (id: string) =>
    eventually(
      () => findConnection(db, id),
      ({ failures }) => failures > 0,
    )

  const liveWith = async (habits: PeerHabits = {}) => {
    const peer = await peerWith(habits)
    const connection = await connectTo(peer).then(({ id }) => becomesLive(id))
    const session = await seedSession(db, connection)
    const { sessionId, evseId, connectorId, tokenUid } = session
    return {
      peer,
      connection,
      ...session,
      start: () => port.start({ sessionId, evseId, connectorId, tokenUid }),
    }
  }

  return {
    db,
    gateway,
    roaming,
    port,
    peerWith,
    connectTo,
    becomesLive,
    fails,
    liveWith,
    endPeers,
    stop,
  }
}

import { sealedObject } from '@chargelane/db/queries/sessions/supply-sessions'
import * as tables from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { example, type Json } from '../../link/gateway.fake.ts'
import { eventually, startKeeperScene } from '../../link/keeper.fake.ts'
import type { TestPeer } from '../../link/peer.fake.ts'
import { pullSessions } from './sessions.ts'

const scene = await startKeeperScene()
const { db, roaming, port, liveWith } = scene
afterEach(scene.endPeers)
afterAll(scene.stop)

const card = '04A1B2C3D4E5F6'
const dateFrom = '2020-01-01T00:00:00.000Z'
let minute = 10
const active = (id: string, changes: Json = {}): Json => ({
  ...example('session'),
  id,
  status: 'ACTIVE',
  kwh: 1,
  last_updated: `2020-03-09T11:${++minute}:00Z`,
  ...changes,
})
const stopsOf = (peer: TestPeer) =>
  peer.seen.flatMap(({ path, body }) =>
    path.endsWith('/STOP_SESSION') ? [(body as { session_id: string }).session_id] : [],
  )
const stateOf = async (name: string) =>
  (await db.select().from(tables.commands)).findLast((row) => row.sessionId === name)?.state
const incidentOf = async (name: string) =>
  (await db.select().from(tables.incidents)).find((row) => row.subjectId === name)

async function told(id: string, changes: Json = {}) {
  const live = await liveWith()
  const name = `${live.connection.id}:NL*TNM:${id.toLowerCase()}`
  const tell = async (object: Json) => {
    live.peer.objects.sessions = [object]
    await pullSessions(roaming, live.connection, dateFrom)
  }
  await tell(active(id, changes))
  return { ...live, name, tell }
}

describe('energy that nobody pays for', () => {
  test.each([
    ['an unknown credential', { cdr_token: { uid: 'WHO' } }],
    ['a card that we did not allow', { cdr_token: { uid: card } }],
    ['a place that we do not hold', { cdr_token: { uid: card }, location_id: 'ELSEWHERE' }],
  ])('given to %s is stopped at its operator', async (_, who) => {
    const { peer, name } = await told('Unpaid-1', who)
    await eventually(
      () => stateOf(name),
      (state) => state === 'accepted',
    )
    expect(stopsOf(peer)).toEqual(['Unpaid-1'])
    expect(await incidentOf(name)).toMatchObject({ status: 'open', energyWh: '1000' })
  })

  test('given to a blocked card is stopped again while it flows and no stop did anything', async () => {
    await db.update(tables.tokens).set({ status: 'blocked' })
    const blocked = { cdr_token: { uid: card } }
    const { peer, connection, name, tell } = await told('Unpaid-2', blocked)
    await eventually(
      () => stateOf(name),
      (state) => state === 'accepted',
    )
    await tell(active('Unpaid-2', blocked))
    expect(stopsOf(peer)).toHaveLength(1)
    peer.command = { result: 'REJECTED', timeout: 0 }
    await tell(active('Unpaid-3', blocked))
    const other = `${connection.id}:NL*TNM:unpaid-3`
    await eventually(
      () => stateOf(other),
      (state) => state === 'rejected',
    )
    peer.command = { result: 'ACCEPTED', timeout: 30 }
    await tell(active('Unpaid-3', blocked))
    await eventually(
      () => stateOf(other),
      (state) => state === 'accepted',
    )
    expect(stopsOf(peer)).toEqual(['Unpaid-2', 'Unpaid-3', 'Unpaid-3'])
    await db.update(tables.tokens).set({ status: 'active' })
  })

  test('and is over needs no stop, nor does one that is ours', async () => {
    const { peer, sessionId, tell } = await told('Unpaid-4', {
      cdr_token: { uid: 'WHO' },
      status: 'COMPLETED',
      end_date_time: '2020-03-09T11:30:00Z',
    })
    await tell(active('Unpaid-5', { authorization_reference: sessionId }))
    await tell(active('Unpaid-6', { cdr_token: { uid: 'WHO' } }))
    await eventually(
      async () => stopsOf(peer),
      (stops) => stops.length > 0,
    )
    expect(stopsOf(peer)).toEqual(['Unpaid-6'])
  })

  test('its incident is closed once a later object says whose it is', async () => {
    const { sessionId, name, tell } = await told('Unpaid-7', { cdr_token: { uid: 'WHO' } })
    expect(await incidentOf(name)).toMatchObject({ status: 'open' })
    await tell(active('Unpaid-7', { authorization_reference: sessionId }))
    expect(await incidentOf(name)).toMatchObject({
      status: 'resolved',
      resolvedBy: 'corridor',
      reason: `It belongs to ${sessionId}.`,
    })
  })
})

test('a session that was refused when it was told of has no row, and is stopped by its name', async () => {
  const { peer, connection } = await liveWith()
  const sessionId = newId('session')
  const at = new Date().toISOString()
  const { countryCode, partyId } = connection
  const key = { connectionId: connection.id, countryCode, partyId, supplyKey: 'refused-1' }
  await db.insert(tables.supplySessions).values({
    ...key,
    supplyRef: 'Refused-1',
    sessionId,
    object: sealedObject(key, active('Refused-1')),
    lastUpdated: at,
    receivedAt: at,
  })
  expect(await port.stop({ sessionId })).toEqual({ kind: 'accepted' })
  expect(stopsOf(peer)).toEqual(['Refused-1'])
})

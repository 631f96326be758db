import { changeConnection, findConnection } from '@chargelane/db/queries/locations/connections'
import { lastCommand } from '@chargelane/db/queries/chargers/commands'
import * as tables from '@chargelane/db/schema'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { example } from '../link/gateway.fake.ts'
import { eventually, startKeeperScene } from '../link/keeper.fake.ts'
import type { TestPeer } from '../link/peer.fake.ts'

const scene = await startKeeperScene()
const { db, gateway, port, peerWith, becomesLive, liveWith } = scene
afterEach(scene.endPeers)
afterAll(scene.stop)

const sessionObject = (sessionId: string, changes: Record<string, unknown> = {}) => ({
  ...example('session'),
  id: `S-${sessionId}`,
  authorization_reference: sessionId,
  status: 'ACTIVE',
  kwh: 1,
  last_updated: new Date().toISOString(),
  ...changes,
})
/** A turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const callsTo = (peer: TestPeer, end: string) => peer.seen.filter(({ path }) => path.includes(end))

describe('the connection port', () => {
  test('a start is sent once, complete and strict, however often it is asked for', async () => {
    const { peer, sessionId, tokenUid, evse, connectorOcpiId, start } = await liveWith({
      hidden: ['commands'],
    })
    expect(await start()).toEqual({ kind: 'accepted' })
    expect(await start()).toEqual({ kind: 'accepted' })
    const [sent, ...others] = callsTo(peer, 'commands/START_SESSION').filter(
      ({ method }) => method === 'POST',
    )
    expect(others).toEqual([])
    const command = await lastCommand(db, sessionId, 'start')
    expect(sent?.body).toEqual({
      response_url: `${gateway.publicUrl}/2.2.1/commands/START_SESSION/${command?.id}`,
      token: {
        country_code: 'DE',
        party_id: 'CLN',
        uid: tokenUid,
        type: 'APP_USER',
        contract_id: `DE-CLN-C${tokenUid.slice(-8)}`,
        issuer: 'Chargelane Betriebs GmbH',
        valid: true,
        whitelist: 'NEVER',
        last_updated: expect.any(String),
      },
      location_id: 'LOC1',
      evse_uid: evse.ocpiUid,
      ...(evse.ocpiUid === '3256' ? { connector_id: connectorOcpiId } : {}),
      authorization_reference: sessionId,
    })
  })

  test.each([
    ['REJECTED', 'cpo_policy'],
    ['NOT_SUPPORTED', 'not_supported'],
    ['UNKNOWN_SESSION', 'unknown'],
  ])('a start answered %s is rejected, for the repeated call too', async (result, reason) => {
    const { peer, start } = await liveWith()
    peer.command = { result, timeout: 0, message: [{ language: 'en', text: 'out of order' }] }
    const rejected = { kind: 'rejected', reason, detail: 'out of order' }
    expect(await start()).toEqual(rejected)
    expect(await start()).toEqual(rejected)
  })

  test.each([
    [2003, 'Unknown Location', 'unknown'],
    [2004, 'Unknown Token', 'token_rejected'],
  ])('an error %i in an envelope without data is understood', async (status, message, reason) => {
    const { peer, start } = await liveWith()
    peer.refusal = { status_code: status, status_message: message }
    const detail = `OCPI status ${status} ${message}`
    expect(await start()).toEqual({ kind: 'rejected', reason, detail })
  })

  test('a start the peer fails at is unreachable; one it never answers may have started', async () => {
    const failing = await liveWith()
    failing.peer.failing = [500]
    expect(await failing.start()).toEqual({ kind: 'unreachable', detail: 'HTTP 500' })
    const gone = await liveWith()
    await gone.peer.stop()
    expect(await gone.start()).toEqual({ kind: 'unreachable', detail: 'ECONNREFUSED' })
    const garbled = await liveWith()
    garbled.peer.command = 'yes'
    expect(await garbled.start()).toEqual({ kind: 'accepted' })
    expect(await lastCommand(db, garbled.sessionId, 'start')).toMatchObject({ state: 'timeout' })
  })

  test('F06: a peer that is away is unreachable, the breaker opens, and it heals by itself', async () => {
    const { peer, connection, sessionId, evseId } = await liveWith()
    expect(await port.probe({ sessionId, evseId })).toEqual({ kind: 'reachable' })
    await peer.stop()
    await changeConnection(db, connection.id, { lastOkAt: '2020-01-01T00:00:00.000Z' })
    for (let time = 0; time < 3; time++) {
      expect(await port.probe({ sessionId, evseId })).toMatchObject({ kind: 'unreachable' })
    }
    const away = await findConnection(db, connection.id)
    expect(away).toMatchObject({ status: 'degraded', statusReason: 'ECONNREFUSED' })
    expect(Date.parse(away?.openUntil ?? '')).toBeGreaterThan(Date.now())

    // What it did meanwhile is pulled as soon as it answers again.
    const back = await peerWith({}, Number(new URL(peer.url).port))
    back.objects.sessions = [sessionObject(sessionId, { status: 'COMPLETED', kwh: 7 })]
    await changeConnection(db, connection.id, { openUntil: null })
    await becomesLive(connection.id)
    const told = await eventually(
      async () =>
        (await db.select().from(tables.supplyEvents)).filter((row) => row.sessionId === sessionId),
      (events) => events.length === 2,
    )
    expect(told.map(({ event }) => (event as { kind: string }).kind).toSorted()).toEqual([
      'charging_ended',
      'charging_started',
    ])
    expect(await port.probe({ sessionId, evseId })).toEqual({ kind: 'reachable' })
  })

  test('F06: a peer that takes the call and never answers is unreachable within the 5 s of the port', async () => {
    const { peer, sessionId, evseId } = await liveWith()
    peer.silent = true
    const before = peer.seen.length
    const asked = async (times: number) => {
      while (peer.seen.length < before + times) await turn()
    }
    // The longest a second try may take to begin.
    const longestPauseMs = 375
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const set = vi.spyOn(globalThis, 'setTimeout')
      const isPausing = () =>
        set.mock.calls.some(([, ms]) => ms !== undefined && ms >= 125 && ms <= longestPauseMs)
      const probe = port.probe({ sessionId, evseId })
      await asked(1)
      vi.advanceTimersByTime(2_000)
      while (!isPausing()) await turn()
      vi.advanceTimersByTime(longestPauseMs)
      await asked(2)
      vi.advanceTimersByTime(5_000 - 2_000 - longestPauseMs)
      expect(await probe).toEqual({ kind: 'unreachable', detail: 'no answer within 2000 ms' })
    } finally {
      vi.useRealTimers()
    }
    expect(peer.seen).toHaveLength(before + 2)
  })

  test('F76: a peer that no longer takes our token is degraded with the reason, and left in peace', async () => {
    const { peer, connection, sessionId, evseId } = await liveWith()
    peer.tokenA = 'spent'
    peer.tokenC = 'rotated'
    for (let time = 0; time < 2; time++) {
      expect(await port.probe({ sessionId, evseId })).toEqual({
        kind: 'unreachable',
        detail: 'HTTP 401',
      })
    }
    const refused = await findConnection(db, connection.id)
    expect(refused).toMatchObject({
      status: 'degraded',
      statusReason: 'the peer refuses our token: HTTP 401',
    })
    const calls = peer.seen.length
    expect(await port.probe({ sessionId, evseId })).toMatchObject({ kind: 'unreachable' })
    expect(peer.seen).toHaveLength(calls)
  })

  test.each([
    ['CHARGING', 'evse_occupied'],
    ['RESERVED', 'evse_occupied'],
    ['OUTOFORDER', 'evse_faulted'],
    ['INOPERATIVE', 'evse_faulted'],
  ])('an EVSE that is %s is %s before anything is held', async (status, reason) => {
    const { peer, sessionId, evseId, evse } = await liveWith()
    const at = `/2.2.1/locations/NL/TNM/LOC1/${evse.ocpiUid}`
    await gateway.call('PATCH', at, {
      token: peer.ourToken ?? '',
      body: { status, last_updated: new Date().toISOString() },
    })
    expect(await port.probe({ sessionId, evseId })).toMatchObject({ kind: 'unavailable', reason })
  })

  test('F03: a session that was never pushed is found by asking, and told', async () => {
    const { peer, sessionId } = await liveWith()
    expect(await port.lookup({ sessionId })).toEqual({ kind: 'none' })
    peer.objects.sessions = [sessionObject(sessionId)]
    expect(await port.lookup({ sessionId })).toEqual({
      kind: 'charging',
      startedAt: '2020-03-09T10:17:09.000Z',
      supplyRef: `S-${sessionId}`,
    })
    expect(callsTo(peer, 'sessions').every(({ query }) => query['date_from'] !== undefined)).toBe(
      true,
    )
    peer.objects.sessions = [
      sessionObject(sessionId, { status: 'COMPLETED', end_date_time: '2020-03-09T11:00:00Z' }),
    ]
    expect(await port.lookup({ sessionId })).toMatchObject({
      kind: 'ended',
      endedAt: '2020-03-09T11:00:00.000Z',
    })
    const told = (await db.select().from(tables.supplyEvents)).filter(
      (row) => row.sessionId === sessionId,
    )
    expect(told).toHaveLength(2)
  })

  test('a stop names the peer’s own session, finds it when it was never pushed, and may be tried again', async () => {
    const { peer, sessionId } = await liveWith()
    expect(await port.stop({ sessionId })).toEqual({ kind: 'unknown_session' })
    peer.objects.sessions = [sessionObject(sessionId)]
    peer.command = { result: 'REJECTED', timeout: 0 }
    expect(await port.stop({ sessionId })).toEqual({ kind: 'rejected', detail: 'REJECTED' })
    peer.command = { result: 'ACCEPTED', timeout: 30 }
    expect(await port.stop({ sessionId })).toEqual({ kind: 'accepted' })
    expect(await port.stop({ sessionId })).toEqual({ kind: 'accepted' })
    const sent = callsTo(peer, 'commands/STOP_SESSION')
    expect(sent.map(({ body }) => (body as { session_id: string }).session_id)).toEqual([
      `S-${sessionId}`,
      `S-${sessionId}`,
    ])
  })

  test('a record is fetched when it was not pushed, and a null while there is none', async () => {
    const { peer, sessionId } = await liveWith()
    expect(await port.fetchRecord({ sessionId })).toBeNull()
    peer.objects.cdrs = [
      { ...example('cdr'), id: `C-${sessionId}`, authorization_reference: sessionId },
    ]
    const fetched = await port.fetchRecord({ sessionId })
    expect(fetched?.cdrId).toMatch(/^cdr_/)
    const before = peer.seen.length
    expect(await port.fetchRecord({ sessionId })).toEqual(fetched)
    expect(peer.seen).toHaveLength(before)
  })

  test('a result that does not come in time ends the command, not the session', async () => {
    const { peer, sessionId, start } = await liveWith()
    peer.command = { result: 'ACCEPTED', timeout: 0 }
    await start()
    await eventually(
      () => lastCommand(db, sessionId, 'start'),
      ({ state }) => state === 'timeout',
    )
    expect(
      (await db.select().from(tables.supplyEvents)).filter((row) => row.sessionId === sessionId),
    ).toEqual([])
  })
})

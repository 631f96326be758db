import { openedMessage } from '@chargelane/db/queries/chargers/frames'
import { openCommand } from '@chargelane/db/queries/roaming/commands'
import * as tables from '@chargelane/db/schema'
import { afterAll, describe, expect, test } from 'vitest'
import {
  example,
  type Json,
  own,
  partnerAccount,
  path,
  seedSession,
  startScene,
} from '../../link/gateway.fake.ts'

const scene = await startScene()
const { db, call, connection, token, stranger, rows } = scene
afterAll(scene.stop)

const sessionAt = (id: string) => `${path}/sessions/${own}/${id}`
const card = '04A1B2C3D4E5F6'
const incidentsOf = async (subjectId: string) =>
  (await db.select().from(tables.incidents)).filter((row) => row.subjectId === subjectId)
const factsOf = async (sessionId: string) =>
  (await rows.events(sessionId)).map(({ event }) => (event as { kind: string }).kind)

const period = (minute: string) => ({
  start_date_time: `2020-03-09T10:${minute}:00Z`,
  dimensions: [{ type: 'ENERGY', volume: 1 }],
})

const seedCommand = async (kind: 'start' | 'stop') => {
  const { sessionId } = await seedSession(db, connection)
  const at = new Date().toISOString()
  const { command } = await openCommand(
    db,
    { sessionId, connectionId: connection.id, kind, at },
    [],
  )
  return command
}

describe('sessions', () => {
  test('a pushed session tells ours each fact once, however often it is pushed', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = {
      ...example('session'),
      id: 'S-1',
      authorization_reference: sessionId.toLowerCase(),
    }
    const active = { ...session, status: 'ACTIVE', kwh: 1.5, last_updated: '2020-03-09T10:20:00Z' }
    const completed = {
      ...active,
      status: 'COMPLETED',
      kwh: 12.3456,
      end_date_time: '2020-03-09T10:40:00Z',
      last_updated: '2020-03-09T10:40:01Z',
    }
    for (const body of [session, session, active, active, completed, completed]) {
      expect(await call('PUT', sessionAt('S-1'), { token, body })).toMatchObject({
        http: 200,
        status: 1000,
      })
    }
    expect(await factsOf(sessionId)).toEqual(['plug_awaited', 'charging_started', 'charging_ended'])
    const [, started, ended] = await rows.events(sessionId)
    expect(started?.event).toMatchObject({
      startedAt: '2020-03-09T10:17:09.000Z',
      supplyRef: 'S-1',
    })
    expect(ended?.event).toMatchObject({ endedAt: '2020-03-09T10:40:00.000Z', reason: 'other' })
    const meter = (await db.select().from(tables.meterValues)).filter(
      (row) => row.sessionId === sessionId,
    )
    expect(meter.map(({ registerWh }) => registerWh)).toEqual(['0', '1500', '12345.6'])
    expect((await call('GET', sessionAt('s-1'), { token })).data).toEqual(completed)
  })

  test('what the peer sent about a session is kept with it, as received', async () => {
    const { sessionId } = await seedSession(db, connection)
    const body = { ...example('session'), id: 'S-RAW', authorization_reference: sessionId }
    await call('PUT', sessionAt('S-RAW'), { token, body })
    const messages = (await db.select().from(tables.protocolMessages))
      .filter((row) => row.sessionId === sessionId)
      .toSorted((a, b) => a.id - b.id)
    expect(messages.map(({ direction, action }) => `${direction} ${action}`)).toEqual([
      'in PUT sessions',
      'out PUT sessions',
    ])
    expect(JSON.parse(JSON.parse(openedMessage(messages[0]!).payload).body)).toEqual(body)
  })

  test('a PATCH appends charging periods, and takes a list sent whole as the whole', async () => {
    await call('PUT', sessionAt('S-2'), { token, body: { ...example('session'), id: 'S-2' } })
    const patch = (periods: unknown[], second: string) =>
      call('PATCH', sessionAt('S-2'), {
        token,
        body: { charging_periods: periods, last_updated: `2020-03-09T11:00:${second}Z` },
      })
    await patch([period('20')], '01')
    await patch([period('30')], '02')
    await patch([period('20'), period('30'), period('40')], '03')
    const { data } = await call('GET', sessionAt('S-2'), { token })
    expect(
      (data as { charging_periods: { start_date_time: string }[] }).charging_periods.map(
        (it) => it.start_date_time,
      ),
    ).toEqual(['2020-03-09T10:20:00Z', '2020-03-09T10:30:00Z', '2020-03-09T10:40:00Z'])
  })

  test('of changes that arrive at once none is lost, and each is told once', async () => {
    const { sessionId } = await seedSession(db, connection)
    const body = {
      ...example('session'),
      id: 'S-ONCE',
      status: 'ACTIVE',
      authorization_reference: sessionId,
    }
    const minutes = ['10', '20', '30', '40', '50', '55']
    const puts = await Promise.all(
      minutes.map(() => call('PUT', sessionAt('S-ONCE'), { token, body })),
    )
    const patches = await Promise.all(
      minutes.map((minute) =>
        call('PATCH', sessionAt('S-ONCE'), {
          token,
          body: { charging_periods: [period(minute)], last_updated: '2020-03-09T11:00:00Z' },
        }),
      ),
    )
    expect([...puts, ...patches].map(({ http }) => http)).toEqual(
      [...puts, ...patches].map(() => 200),
    )
    const { data } = await call('GET', sessionAt('S-ONCE'), { token })
    const { charging_periods: kept } = data as { charging_periods: { start_date_time: string }[] }
    expect(new Set(kept.map((it) => it.start_date_time)).size).toBe(minutes.length)
    expect(await factsOf(sessionId)).toEqual(['charging_started'])
  })

  test('without a reference the session is found by credential and EVSE', async () => {
    const { sessionId, tokenUid, evse } = await seedSession(db, connection)
    const body = {
      ...example('session'),
      id: 'S-3',
      status: 'ACTIVE',
      evse_uid: evse.ocpiUid,
      start_date_time: new Date().toISOString(),
      last_updated: new Date().toISOString(),
      cdr_token: { uid: tokenUid.toLowerCase() },
    }
    await call('PUT', sessionAt('S-3'), { token, body })
    expect(await factsOf(sessionId)).toEqual(['charging_started'])
  })

  test('a session that overtakes itself ends in its newest state', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = { ...example('session'), id: 'S-4', authorization_reference: sessionId }
    await call('PUT', sessionAt('S-4'), {
      token,
      body: { ...session, status: 'COMPLETED', kwh: 3, last_updated: '2020-03-09T12:00:00Z' },
    })
    await call('PUT', sessionAt('S-4'), {
      token,
      body: { ...session, status: 'ACTIVE', kwh: 1, last_updated: '2020-03-09T11:00:00Z' },
    })
    expect((await call('GET', sessionAt('S-4'), { token })).data).toMatchObject({
      status: 'COMPLETED',
      kwh: 3,
    })
    expect(await factsOf(sessionId)).toEqual(['charging_started', 'charging_ended'])
  })

  test('a driver who starts with a card at the charger is told as unsolicited, under the reference given', async () => {
    const allowed = await call('POST', `${path}/tokens/04A1B2C3D4E5F6/authorize`, { token })
    const reference = String((allowed.data as Json)['authorization_reference'])
    const body = {
      ...example('session'),
      id: 'S-5',
      authorization_reference: reference,
      cdr_token: { uid: '04A1B2C3D4E5F6' },
    }
    await call('PUT', sessionAt('S-5'), { token, body })
    const patch = { status: 'ACTIVE', last_updated: '2020-03-09T10:18:09Z' }
    await call('PATCH', sessionAt('S-5'), { token, body: patch })
    expect((await rows.events(reference)).map(({ event }) => event)).toMatchObject([
      {
        kind: 'charging_started',
        unsolicited: { accountId: partnerAccount, tokenUid: '04A1B2C3D4E5F6' },
      },
    ])
  })

  test.each([
    ['an unknown credential', 'WHO', {}, 'start_refused_at_charger', 'token_unknown'],
    ['a card that we did not allow', card, {}, 'start_refused_at_charger', 'token_not_allowed'],
    [
      'a card under a reference that we did not give it',
      card,
      { authorization_reference: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      'start_refused_at_charger',
      'token_not_allowed',
    ],
    [
      'a card at a location that we do not hold',
      card,
      { location_id: 'ELSEWHERE', evse_uid: 'E-X' },
      'unknown_place',
      'evse_unknown',
    ],
  ])('energy given to %s is an incident and opens nothing', async (what, uid, more, kind, why) => {
    const id = `S-6-${what.length}`
    const before = (await db.select().from(tables.supplyEvents)).length
    const body = { ...example('session'), id, status: 'ACTIVE', cdr_token: { uid }, ...more }
    const later = { ...body, kwh: 4, last_updated: '2020-03-09T10:48:09Z' }
    for (const object of [body, later])
      expect(await call('PUT', sessionAt(id), { token, body: object })).toMatchObject({
        http: 200,
        status: 1000,
      })
    expect(await db.select().from(tables.supplyEvents)).toHaveLength(before)
    expect((await call('GET', sessionAt(id), { token })).data).toEqual(later)
    expect(await incidentsOf(`${connection.id}:NL*TNM:${id.toLowerCase()}`)).toMatchObject([
      {
        kind,
        accountId: connection.cpoId,
        energyWh: '4000',
        occurrences: 2,
        detail: { because: why },
      },
    ])
  })

  test('a card allowed once pays for one session, with the reference echoed or without', async () => {
    const at = new Date().toISOString()
    await call('POST', `${path}/tokens/${card}/authorize`, { token })
    const session = (id: string) => ({
      ...example('session'),
      id,
      status: 'ACTIVE',
      cdr_token: { uid: card },
      start_date_time: at,
      last_updated: at,
    })
    for (const id of ['S-LEAVE-1', 'S-LEAVE-1', 'S-LEAVE-2'])
      await call('PUT', sessionAt(id), { token, body: session(id) })
    const opened = (await db.select().from(tables.supplySessions)).filter(({ supplyRef }) =>
      supplyRef.startsWith('S-LEAVE'),
    )
    const [taken, ...more] = opened.flatMap(({ sessionId }) => sessionId ?? [])
    expect(opened).toHaveLength(2)
    expect(more).toEqual([])
    expect(await factsOf(taken ?? '')).toEqual(['charging_started'])
  })

  test('a blocked card pays for nothing, not even where we allowed it before', async () => {
    const allowed = await call('POST', `${path}/tokens/${card}/authorize`, { token })
    const reference = String((allowed.data as Json)['authorization_reference'])
    await db.update(tables.tokens).set({ status: 'blocked' })
    const body = {
      ...example('session'),
      id: 'S-BLOCKED',
      status: 'ACTIVE',
      authorization_reference: reference,
      cdr_token: { uid: card },
    }
    await call('PUT', sessionAt('S-BLOCKED'), { token, body })
    await db.update(tables.tokens).set({ status: 'active' })
    expect(await rows.events(reference)).toEqual([])
    expect(await incidentsOf(`${connection.id}:NL*TNM:s-blocked`)).toMatchObject([
      { kind: 'start_refused_at_charger', detail: { because: 'token_blocked' } },
    ])
  })

  test('a reference to another CPO’s session does not touch it, not even with a card of ours', async () => {
    const { sessionId } = await seedSession(db, connection)
    const party = { country_code: 'FR', party_id: 'OTH' }
    const location = { ...example('location'), ...party, id: 'LOC-FR' }
    await call('PUT', `${path}/locations/FR/OTH/LOC-FR`, { token: stranger, body: location })
    for (const uid of ['WHO', '04A1B2C3D4E5F6']) {
      const id = `S-7-${uid}`
      const body = {
        ...example('session'),
        ...party,
        id,
        status: 'ACTIVE',
        location_id: 'LOC-FR',
        authorization_reference: sessionId,
        cdr_token: { uid },
      }
      const put = await call('PUT', `${path}/sessions/FR/OTH/${id}`, { token: stranger, body })
      expect(put).toMatchObject({ http: 200, status: 1000 })
    }
    expect(await rows.events(sessionId)).toEqual([])
  })

  test('a date that cannot be read, or that no database holds, is refused by name and never acknowledged', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = { ...example('session'), id: 'S-DATE', authorization_reference: sessionId }
    await call('PUT', sessionAt('S-DATE'), { token, body: session })
    for (const last_updated of ['29.11.2026 23:30', 'now', '0000-01-01T00:00:00Z']) {
      const patch = { status: 'COMPLETED', last_updated }
      const answer = await call('PATCH', sessionAt('S-DATE'), { token, body: patch })
      expect(answer).toMatchObject({ http: 200, status: 2001 })
      expect(answer.message).toContain('last_updated')
    }
    const old = { ...session, start_date_time: '0000-01-01T00:00:00Z' }
    const answer = await call('PUT', sessionAt('S-DATE'), { token, body: old })
    expect(answer).toMatchObject({ http: 200, status: 2001 })
    expect((await call('GET', sessionAt('S-DATE'), { token })).data).toEqual(session)
  })

  test('F30: a register no connector can give is kept and flagged, and the last word counts', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = { ...example('session'), id: 'S-OUT', authorization_reference: sessionId }
    const told = [
      ['ACTIVE', 1, '10:20:00'],
      ['ACTIVE', 4_000, '10:25:00'],
      ['ACTIVE', 0.5, '10:26:00'],
      ['ACTIVE', 3, '10:30:00'],
      ['COMPLETED', 4, '10:40:00'],
    ] as const
    for (const [status, kwh, time] of told) {
      const last_updated = `2020-03-09T${time}Z`
      const end = status === 'COMPLETED' ? { end_date_time: last_updated } : {}
      const body = { ...session, ...end, status, kwh, last_updated }
      await call('PUT', sessionAt('S-OUT'), { token, body })
    }
    const kept = (await db.select().from(tables.meterValues))
      .filter((row) => row.sessionId === sessionId)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    expect(kept.map(({ registerWh, flag }) => [registerWh, flag])).toEqual([
      ['0', null],
      ['1000', null],
      ['4000000', 'jump'],
      ['500', null],
      ['3000', null],
      ['4000', null],
    ])
    expect(await incidentsOf(sessionId)).toMatchObject([
      { kind: 'implausible_reading', accountId: connection.cpoId, occurrences: 1 },
    ])
    const news = (await db.select().from(tables.events)).filter(
      ({ type, objectId }) => type === 'meter.implausible' && objectId === sessionId,
    )
    expect(news.map(({ accountId }) => accountId)).toEqual([partnerAccount])
  })

  test('energy as text, or that cannot be read, takes nothing else of its object with it', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = { ...example('session'), id: 'S-TEXT', authorization_reference: sessionId }
    const told = ['0,5', '1.50E0', '02.', 'n/a', '+3.25000000000000000000001', '4e0']
    for (const [n, kwh] of told.entries()) {
      const last_updated = `2020-03-09T10:2${n}:00Z`
      const status = n === told.length - 1 ? 'COMPLETED' : 'ACTIVE'
      const body = { ...session, status, kwh, last_updated }
      expect(await call('PUT', sessionAt('S-TEXT'), { token, body })).toMatchObject({
        status: 1000,
      })
    }
    const kept = (await db.select().from(tables.meterValues))
      .filter((row) => row.sessionId === sessionId)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    expect(kept.map(({ registerWh }) => registerWh)).toEqual([
      '0',
      '500',
      '1500',
      '2000',
      '3250',
      '4000',
    ])
    expect(await factsOf(sessionId)).toEqual(['charging_started', 'charging_ended'])
  })

  test('a session declared INVALID is told as that, however much energy it states', async () => {
    const { sessionId } = await seedSession(db, connection)
    const session = { ...example('session'), id: 'S-INV', authorization_reference: sessionId }
    const active = { ...session, status: 'ACTIVE', kwh: 1, last_updated: '2020-03-09T10:20:00Z' }
    const invalid = {
      ...active,
      status: 'INVALID',
      kwh: 4,
      end_date_time: '2020-03-09T10:40:00Z',
      last_updated: '2020-03-09T10:40:01Z',
    }
    for (const body of [active, invalid, invalid])
      await call('PUT', sessionAt('S-INV'), { token, body })
    expect(await factsOf(sessionId)).toEqual(['charging_started', 'declared_invalid'])
  })

  test('wrong ids, no date and unknown sessions are refused', async () => {
    expect(await call('PUT', sessionAt('S-8'), { token, body: example('session') })).toMatchObject({
      status: 2001,
    })
    expect(await call('PATCH', sessionAt('S-1'), { token, body: { kwh: 5 } })).toMatchObject({
      status: 2001,
    })
    const body = { kwh: 5, last_updated: '2020-03-09T12:00:00Z' }
    expect(await call('PATCH', sessionAt('S-9'), { token, body })).toMatchObject({
      http: 404,
      status: 2003,
    })
    expect(await call('GET', sessionAt('S-9'), { token })).toMatchObject({
      http: 404,
      status: 2003,
    })
  })
})

describe('commands', () => {
  test.each([
    ['ACCEPTED', { result: 'accepted' }],
    ['EVSE_OCCUPIED', { result: 'rejected', reason: 'evse_occupied' }],
    ['EVSE_INOPERATIVE', { result: 'rejected', reason: 'evse_faulted' }],
    ['NOT_SUPPORTED', { result: 'rejected', reason: 'not_supported' }],
    ['REJECTED', { result: 'rejected', reason: 'cpo_policy' }],
    ['TIMEOUT', { result: 'rejected', reason: 'timeout' }],
    ['FAILED', { result: 'rejected', reason: 'unknown' }],
    ['A_NEW_WORD', { result: 'rejected', reason: 'unknown' }],
  ])('the result %s of a start is told once', async (result, fact) => {
    const command = await seedCommand('start')
    const at = `${path}/commands/START_SESSION/${command.id.toLowerCase()}`
    expect(await call('POST', at, { token, body: [{ result }] })).toMatchObject({
      http: 200,
      status: 1000,
    })
    await call('POST', at, { token, body: { result: 'REJECTED' } })
    const events = await rows.events(command.sessionId)
    expect(events.map(({ event }) => event)).toMatchObject([{ kind: 'start_result', ...fact }])
  })

  test('the result of a stop is told as such', async () => {
    const command = await seedCommand('stop')
    await call('POST', `${path}/commands/STOP_SESSION/${command.id}`, {
      token,
      body: { result: 'REJECTED', message: [{ language: 'en', text: 'bolt stuck' }] },
    })
    const [event] = await rows.events(command.sessionId)
    expect(event?.event).toMatchObject({
      kind: 'stop_result',
      result: 'rejected',
      detail: 'REJECTED: bolt stuck',
    })
  })

  test('an unknown command, another peer’s or one of another kind is 404 and tells nothing', async () => {
    const command = await seedCommand('start')
    const body = { result: 'ACCEPTED' }
    for (const [at, caller] of [
      [`${path}/commands/START_SESSION/cmd_01ARZ3NDEKTSV4RRFFQ69G5FAV`, token],
      [`${path}/commands/STOP_SESSION/${command.id}`, token],
      [`${path}/commands/START_SESSION/${command.id}`, stranger],
    ] as const) {
      expect(await call('POST', at, { token: caller, body })).toMatchObject({ http: 404 })
    }
    expect(await rows.events(command.sessionId)).toEqual([])
  })
})

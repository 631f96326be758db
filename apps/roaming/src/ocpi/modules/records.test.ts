import { judgeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { insertCommand } from '@chargelane/db/queries/roaming/ocpi'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import * as tables from '@chargelane/db/schema'
import { afterAll, describe, expect, test } from 'vitest'
import {
  cpoAccount,
  example,
  type Json,
  own,
  partnerAccount,
  path,
  seedSession,
  startScene,
} from '../../link/gateway.fake.ts'
import type { RecordJudgement } from '@chargelane/rules/documents'

const scene = await startScene()
const { db, gateway, call, connection, token, stranger, rows } = scene
afterAll(scene.stop)

const sessionAt = (id: string) => `${path}/sessions/${own}/${id}`
const factsOf = async (sessionId: string) =>
  (await rows.events(sessionId)).map(({ event }) => (event as { kind: string }).kind)

const period = (minute: string) => ({
  start_date_time: `2020-03-09T10:${minute}:00Z`,
  dimensions: [{ type: 'ENERGY', volume: 1 }],
})

const seedCommand = async (kind: 'start' | 'stop') => {
  const { sessionId } = await seedSession(db, connection)
  const at = new Date().toISOString()
  return insertCommand(db, { sessionId, connectionId: connection.id, kind, at })
}

const post = (body: Json) => call('POST', `${path}/cdrs`, { token, body })
const cdrOf = (id: string, changes: Json = {}) => ({ ...example('cdr'), id, ...changes })

const credit = (id: string, sessionId: string, changes: Json = {}) =>
  cdrOf(id, {
    authorization_reference: sessionId,
    credit: true,
    total_cost: { excl_vat: -4, incl_vat: -4.4 },
    ...changes,
  })
const named = async (id: string) => (await rows.cdrs()).find((row) => row.ocpiId === id)

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
    expect(JSON.parse(JSON.parse(messages[0]!.payload).body)).toEqual(body)
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

  test('a session of nobody is kept and tells nothing', async () => {
    const before = (await db.select().from(tables.supplyEvents)).length
    const body = { ...example('session'), id: 'S-6', status: 'ACTIVE', cdr_token: { uid: 'WHO' } }
    expect(await call('PUT', sessionAt('S-6'), { token, body })).toMatchObject({
      http: 200,
      status: 1000,
    })
    expect(await db.select().from(tables.supplyEvents)).toHaveLength(before)
    expect((await call('GET', sessionAt('S-6'), { token })).data).toEqual(body)
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

describe('CDRs', () => {
  test('a record is created with its place, read back as received, and told to its session once', async () => {
    const { sessionId } = await seedSession(db, connection)
    const body = cdrOf('C-1', { authorization_reference: sessionId.toLowerCase() })
    const first = await post(body)
    expect(first).toMatchObject({ http: 201, status: 1000 })
    const place = first.headers.get('location') ?? ''
    expect(place.startsWith(`${gateway.publicUrl}/2.2.1/cdrs/cdr_`)).toBe(true)
    const read = await call('GET', place.slice(gateway.publicUrl.length), { token })
    expect(read.data).toEqual(body)
    expect(
      await call('GET', place.slice(gateway.publicUrl.length), { token: stranger }),
    ).toMatchObject({ http: 404 })
    const again = await post(body)
    expect(again).toMatchObject({ http: 200, status: 1000 })
    expect(again.headers.get('location')).toBe(place)
    const stored = (await rows.cdrs()).filter((row) => row.ocpiId === 'C-1')
    expect(stored).toMatchObject([
      { sessionId, status: 'received', currency: 'EUR', totalExclMinor: 400, totalInclMinor: 440 },
    ])
    expect(stored[0]?.usage).toMatchObject({
      time_zone: 'Europe/Brussels',
      periods: [{ time_h: '1.973' }],
    })
    expect((await rows.events(sessionId)).map(({ event }) => event)).toMatchObject([
      { kind: 'record_received', cdrId: stored[0]?.id },
    ])
  })

  test('the same sale written differently is the same record', async () => {
    const { sessionId } = await seedSession(db, connection)
    const body = cdrOf('C-2', { authorization_reference: sessionId })
    await post(body)
    const { tariffs: _, ...without } = body as Json
    expect(await post({ ...without, id: 'c-2', remark: null })).toMatchObject({
      http: 200,
      status: 1000,
    })
    expect(await rows.events(sessionId)).toHaveLength(1)
  })

  test('F38: another content under a known id is put aside, named to the CPO, and changes nothing', async () => {
    const { sessionId } = await seedSession(db, connection)
    await post(cdrOf('C-3', { authorization_reference: sessionId }))
    const changed = cdrOf('C-3', {
      authorization_reference: sessionId,
      total_cost: { excl_vat: 40, incl_vat: 44 },
    })
    for (let time = 0; time < 2; time++) {
      const answer = await post(changed)
      expect(answer).toMatchObject({ http: 200, status: 2000 })
      expect(answer.message).toContain('C-3')
    }
    const stored = (await rows.cdrs()).filter((row) => row.ocpiId.startsWith('C-3'))
    expect(
      stored.map(({ status, sessionId: owner, totalExclMinor }) => [status, owner, totalExclMinor]),
    ).toEqual([
      ['received', sessionId, 400],
      ['quarantined', null, 4_000],
    ])
    const events = (await db.select().from(tables.events)).filter(
      ({ type }) => type === 'cdr.conflict',
    )
    expect(events.map(({ accountId }) => accountId).toSorted()).toEqual([
      cpoAccount,
      partnerAccount,
    ])
    expect(await rows.events(sessionId)).toHaveLength(1)
  })

  test('a record of nobody waits for the operator', async () => {
    expect(await post(cdrOf('C-4'))).toMatchObject({ http: 201, status: 1000 })
    const stored = (await rows.cdrs()).find((row) => row.ocpiId === 'C-4')
    expect(stored).toMatchObject({
      status: 'quarantined',
      sessionId: null,
      verdict: { reason: 'session_unknown' },
    })
  })

  test.each([
    ['by its reference', { credit_reference_id: 'c-5' }],
    ['by its session', {}],
    ['with a positive total', { total_cost: { excl_vat: 4, incl_vat: 4.4 } }],
  ])(
    'a credit takes an unbilled record back %s, and both are zero together',
    async (how, changes) => {
      const id = `C-5${how.length}`
      const { sessionId } = await seedSession(db, connection)
      await post(cdrOf(id, { authorization_reference: sessionId }))
      const reference =
        'credit_reference_id' in changes ? { credit_reference_id: id.toLowerCase() } : {}
      await post(credit(`${id}-credit`, sessionId, { ...changes, ...reference }))
      const [original, taken] = [await named(id), await named(`${id}-credit`)]
      expect(original).toMatchObject({ status: 'credited' })
      expect(taken).toMatchObject({
        status: 'accepted',
        verdict: { verdict: { rules: ['credit_accepted'], payable: null } },
      })
      expect((original?.totalExclMinor ?? 0) - Math.abs(taken?.totalExclMinor ?? 0)).toBe(0)
      // The session hears of the record and of nothing more: what was taken back is not billed.
      expect(await rows.events(sessionId)).toHaveLength(1)
      const told = (await db.select().from(tables.events)).filter(
        ({ type, objectId }) =>
          type === 'cdr.credited' && [original?.id, sessionId].includes(objectId),
      )
      expect(told.map(({ accountId }) => accountId).toSorted()).toEqual([
        cpoAccount,
        partnerAccount,
      ])
    },
  )

  test('a credit of a billed record waits for the refund', async () => {
    const { sessionId } = await seedSession(db, connection)
    await post(cdrOf('C-16', { authorization_reference: sessionId }))
    const billed = await named('C-16')
    await db.tx((tx) => judgeCdr(tx, billed?.id ?? '', 'accepted', {} as RecordJudgement))
    await post(credit('C-16-credit', sessionId, { credit_reference_id: 'C-16' }))
    expect(await named('C-16')).toMatchObject({ status: 'credited' })
    expect(await named('C-16-credit')).toMatchObject({
      status: 'quarantined',
      verdict: { verdict: { rules: ['credit_needs_refund'] } },
    })
  })

  test.each([
    ['half of it', 'credit_partial', { total_cost: { excl_vat: -2, incl_vat: -2.2 } }, true],
    ['nothing we know', 'credit_unmatched', { credit_reference_id: 'C-unknown' }, false],
  ])('a credit of %s is put aside as %s', async (_what, rule, changes, hasRecord) => {
    const { sessionId } = await seedSession(db, connection)
    if (hasRecord) await post(cdrOf(`C-7-${rule}`, { authorization_reference: sessionId }))
    await post(credit(`C-8-${rule}`, sessionId, changes))
    expect(await named(`C-8-${rule}`)).toMatchObject({
      status: 'quarantined',
      verdict: { verdict: { rules: [rule] } },
    })
    const original = await named(`C-7-${rule}`)
    expect(original?.status).toBe(hasRecord ? 'received' : undefined)
  })

  test('F35: a record that comes after its term is rejected and says why', async () => {
    const { sessionId } = await seedSession(db, connection)
    const endedDaysAgo = (days: number) => {
      const endedAt = new Date(Date.now() - days * 86_400_000).toISOString()
      return db.tx((tx) =>
        changeSession(
          tx,
          sessionId,
          { endedAt },
          {
            room: 'charging',
            what: 'ended',
            dedupeKey: `${sessionId}:ended:${days}`,
            at: endedAt,
          },
        ),
      )
    }
    await endedDaysAgo(31)
    expect(await post(cdrOf('C-OLD', { authorization_reference: sessionId }))).toMatchObject({
      http: 201,
      status: 1000,
    })
    const old = await named('C-OLD')
    expect(old).toMatchObject({
      status: 'rejected',
      verdict: { verdict: { kind: 'rejected', rules: ['record_too_old'], payable: null } },
    })
    expect(await rows.events(sessionId)).toEqual([])
    const told = (await db.select().from(tables.events)).find(
      ({ type, objectId }) => type === 'cdr.rejected' && objectId === old?.id,
    )
    expect(told).toMatchObject({ body: { context: { reasons: [{ code: 'CDR_TOO_LATE' }] } } })
    await endedDaysAgo(29)
    await post(cdrOf('C-IN-TIME', { authorization_reference: sessionId }))
    expect(await named('C-IN-TIME')).toMatchObject({ status: 'received' })
  })

  test('a second record of a session that has one is a duplicate, said to the CPO', async () => {
    const { sessionId } = await seedSession(db, connection)
    await post(cdrOf('C-9', { authorization_reference: sessionId }))
    const first = await named('C-9')
    await db.tx((tx) => judgeCdr(tx, first?.id ?? '', 'accepted', {} as RecordJudgement))
    await post(cdrOf('C-9b', { authorization_reference: sessionId }))
    expect(await named('C-9b')).toMatchObject({
      status: 'quarantined',
      verdict: {
        verdict: { rules: ['duplicate_record'] },
        diagnosis: { reasons: [{ code: 'DUPLICATE_CDR', certainty: 'shown' }] },
      },
    })
    expect(await rows.events(sessionId)).toHaveLength(1)
  })

  test.each([
    ['charging_periods', { charging_periods: null }],
    ['currency', { currency: 'EURO' }],
    ['total_cost.excl_vat', { total_cost: { excl_vat: '1e400' } }],
    ['end_date_time', { end_date_time: '2015-06-29T20:00:00Z' }],
    ['start_date_time', { start_date_time: 'yesterday' }],
    [
      'charging_periods[0].dimensions[0].volume',
      {
        charging_periods: [
          {
            start_date_time: '2015-06-29T21:39:09Z',
            dimensions: [{ type: 'TIME', volume: 'much' }],
          },
        ],
      },
    ],
  ])(
    'a record with an unusable %s is 2001 naming it, and nothing is stored',
    async (field, changes) => {
      const answer = await post(cdrOf('C-6', changes))
      expect(answer).toMatchObject({ http: 200, status: 2001 })
      expect(answer.message).toContain(field)
      expect((await rows.cdrs()).some((row) => row.ocpiId === 'C-6')).toBe(false)
    },
  )
})

import { judgeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import * as tables from '@chargelane/db/schema'
import { afterAll, describe, expect, test } from 'vitest'
import {
  cpoAccount,
  example,
  type Json,
  partnerAccount,
  path,
  seedSession,
  startScene,
} from '../../link/gateway.fake.ts'
import type { RecordJudgement } from '@chargelane/rules/documents'

const scene = await startScene()
const { db, gateway, call, connection, token, stranger, rows } = scene
afterAll(scene.stop)

const card = '04A1B2C3D4E5F6'
const incidentsOf = async (subjectId: string) =>
  (await db.select().from(tables.incidents)).filter((row) => row.subjectId === subjectId)
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

  test('F03: a record of a start we asked for is its only word where no session object comes', async () => {
    const { sessionId } = await seedSession(db, connection)
    const from = new Date(Date.now() - 60_000).toISOString()
    const until = new Date().toISOString()
    const body = cdrOf('C-ALONE', {
      authorization_reference: sessionId,
      start_date_time: from,
      end_date_time: until,
      charging_periods: [{ start_date_time: from, dimensions: [{ type: 'ENERGY', volume: 4 }] }],
    })
    for (let time = 0; time < 2; time++) await post(body)
    const events = (await rows.events(sessionId)).map(({ event }) => event)
    expect(events).toMatchObject([
      { kind: 'charging_started', startedAt: from, supplyRef: expect.any(String) },
      { kind: 'charging_ended', endedAt: until, reason: 'other' },
      { kind: 'record_received' },
    ])
  })

  test('a record is read once: claim, tariff and signed values are kept beside its bytes', async () => {
    const { sessionId } = await seedSession(db, connection)
    const body = cdrOf('C-READ', {
      authorization_reference: sessionId,
      tariffs: [{ ...example('tariff'), id: 'OWN' }],
      signed_data: {
        encoding_method: 'OCMF',
        signed_values: [{ nature: 'End', plain_data: '', signed_data: 'T0NNRg==' }],
      },
    })
    await post(body)
    expect((await named('C-READ'))?.document).toMatchObject({
      claim: { currency: 'EUR', total_excl_vat: '4', total_incl_vat: '4.4' },
      tariff: { id: 'OWN' },
      signed_values: ['T0NNRg=='],
    })
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

  test.each([
    ['an unknown credential', { cdr_token: { uid: 'WHO' } }],
    ['a card that we did not allow', { cdr_token: { uid: card } }],
  ])('a record of %s is never billed and waits for a person', async (what, changes) => {
    const id = `C-4-${what.length}`
    expect(await post(cdrOf(id, changes))).toMatchObject({ http: 201, status: 1000 })
    const stored = await named(id)
    expect(stored).toMatchObject({
      status: 'quarantined',
      sessionId: null,
      verdict: { reason: 'session_unknown' },
    })
    expect(await incidentsOf(stored?.id ?? '')).toMatchObject([
      { kind: 'record_without_session', accountId: cpoAccount, currency: 'EUR', amountMinor: 440 },
    ])
  })

  test('F03: a record of a card that we allowed opens its session, without any session object', async () => {
    const allowed = await call('POST', `${path}/tokens/${card}/authorize`, { token })
    const reference = String((allowed.data as Json)['authorization_reference'])
    const from = new Date(Date.now() - 60_000).toISOString()
    const until = new Date().toISOString()
    const body = cdrOf('C-CARD', {
      authorization_reference: reference.toLowerCase(),
      cdr_token: { uid: card },
      start_date_time: from,
      end_date_time: until,
      charging_periods: [{ start_date_time: from, dimensions: [{ type: 'ENERGY', volume: 4 }] }],
    })
    for (let time = 0; time < 2; time++) await post(body)
    expect(await named('C-CARD')).toMatchObject({ sessionId: reference, status: 'received' })
    expect((await rows.events(reference)).map(({ event }) => event)).toMatchObject([
      {
        kind: 'charging_started',
        startedAt: from,
        unsolicited: { accountId: partnerAccount, tokenUid: card },
      },
      { kind: 'charging_ended', endedAt: until },
      { kind: 'record_received' },
    ])
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

  test('F39: a credit of a billed record is told to its sale', async () => {
    const { sessionId } = await seedSession(db, connection)
    await post(cdrOf('C-16', { authorization_reference: sessionId }))
    const billed = await named('C-16')
    await db.tx((tx) => judgeCdr(tx, billed?.id ?? '', 'accepted', {} as RecordJudgement))
    await post(credit('C-16-credit', sessionId, { credit_reference_id: 'C-16' }))
    expect(await named('C-16')).toMatchObject({ status: 'credited' })
    expect(await named('C-16-credit')).toMatchObject({
      status: 'accepted',
      verdict: { verdict: { rules: ['credit_of_billed'] } },
    })
    expect((await rows.events(sessionId)).map(({ event }) => event)).toMatchObject([
      { kind: 'record_received', cdrId: billed?.id },
      { kind: 'record_credited', cdrId: billed?.id },
    ])
    // The credit was accepted, and is no record that the corrected one could be a duplicate of.
    const totals = { excl_vat: 3, incl_vat: 3.3 }
    await post(cdrOf('C-16-2', { authorization_reference: sessionId, total_cost: totals }))
    const corrected = await named('C-16-2')
    expect(corrected).toMatchObject({ status: 'received' })
    expect((await rows.events(sessionId)).at(-1)?.event).toMatchObject({
      kind: 'record_received',
      cdrId: corrected?.id,
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

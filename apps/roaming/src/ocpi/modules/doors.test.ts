import * as tables from '@chargelane/db/schema'
import { afterAll, describe, expect, test } from 'vitest'
import { example, type Json, own, path, seedSession, startScene } from '../../link/gateway.fake.ts'

const scene = await startScene()
const { db, call, connection, token } = scene
afterAll(scene.stop)

const sessionAt = (id: string) => `${path}/sessions/${own}/${id}`
const tomorrow = new Date(Date.now() + 48 * 3_600_000).toISOString()
const forever = '9999-12-31T23:59:59Z'

/** What is impossible, by the field that is named. */
const sessions: [string, Json][] = [
  ['kwh', { kwh: -5 }],
  ['kwh', { kwh: '-0.001' }],
  ['kwh', { kwh: 999_999_999_999_999 }],
  ['start_date_time', { start_date_time: forever }],
  ['end_date_time', { end_date_time: forever }],
  ['end_date_time', { end_date_time: tomorrow }],
  ['last_updated', { last_updated: forever }],
  ['last_updated', { last_updated: tomorrow }],
  ['charging_periods.0.start_date_time', { charging_periods: [{ start_date_time: forever }] }],
]

describe('what cannot be is refused at the door by its field', () => {
  test.each(sessions)('%s of a session, put or patched', async (field, impossible) => {
    const { sessionId } = await seedSession(db, connection)
    const id = `S-${sessionId}`.slice(0, 36)
    const session = { ...example('session'), id, authorization_reference: sessionId }
    const isRefused = async (method: 'PUT' | 'PATCH', body: Json) => {
      const answer = await call(method, sessionAt(id), { token, body })
      expect(answer).toMatchObject({ http: 200, status: 2001 })
      expect(answer.message).toContain(`${field}: `)
    }
    await isRefused('PUT', { ...session, ...impossible })
    const put = await call('PUT', sessionAt(id), { token, body: session })
    expect(put).toMatchObject({ http: 200, status: 1000 })
    await isRefused('PATCH', { last_updated: '2020-03-09T11:00:00Z', ...impossible })
    // Nothing of what was refused is held against what follows.
    const { data } = await call('GET', sessionAt(id), { token })
    expect(data).toEqual(session)
    const later = { ...session, status: 'ACTIVE', kwh: 1, last_updated: '2020-03-09T12:00:00Z' }
    await call('PUT', sessionAt(id), { token, body: later })
    expect((await call('GET', sessionAt(id), { token })).data).toEqual(later)
  })

  test.each<[string, Json]>([
    ['start_date_time', { start_date_time: forever, end_date_time: forever }],
    ['end_date_time', { end_date_time: tomorrow }],
    ['last_updated', { last_updated: forever }],
    ['total_energy', { total_energy: -5 }],
    ['total_energy', { total_energy: 999_999_999_999_999 }],
  ])('%s of a record', async (field, impossible) => {
    const body = { ...example('cdr'), id: `C-${field}`, ...impossible }
    const answer = await call('POST', `${path}/cdrs`, { token, body })
    expect(answer).toMatchObject({ http: 200, status: 2001 })
    expect(answer.message).toContain(`${field}: `)
    expect(await db.select().from(tables.cdrs)).toEqual([])
  })

  test('a date of a location that is ahead, in an EVSE or a connector', async () => {
    const location = example('location')
    const at = `${path}/locations/${own}/${String(location['id'])}`
    for (const [field, body] of [
      ['last_updated', { ...location, last_updated: forever }],
      ['evses.0.last_updated', { ...location, evses: [evseAhead(location)] }],
    ] as const) {
      const answer = await call('PUT', at, { token, body })
      expect(answer).toMatchObject({ http: 200, status: 2001 })
      expect(answer.message).toContain(`${field}: `)
    }
  })

  test('a tariff may hold for ever, also within a record', async () => {
    const tariff: Json = { ...example('tariff'), end_date_time: forever }
    const at = `${path}/tariffs/${own}/${String(tariff['id'])}`
    expect(await call('PUT', at, { token, body: tariff })).toMatchObject({ status: 1000 })
    const { sessionId } = await seedSession(db, connection)
    const tariffs = [tariff]
    const body = { ...example('cdr'), id: 'C-EVER', authorization_reference: sessionId, tariffs }
    expect(await call('POST', `${path}/cdrs`, { token, body })).toMatchObject({ status: 1000 })
  })
})

function evseAhead(location: Json): Json {
  const { evses } = location as { evses: Json[] }
  return { ...evses[0], last_updated: tomorrow }
}

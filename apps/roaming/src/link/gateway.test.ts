import { openedMessage } from '@chargelane/db/queries/chargers/frames'
import { uidColumns } from '@chargelane/db/queries/partners/accounts'
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
} from './gateway.fake.ts'

const scene = await startScene()
const { db, gateway, call, connection, token, stranger, rows } = scene
afterAll(scene.stop)

describe('who may call', () => {
  const everywhere = [
    ['GET', '/versions'],
    ['GET', path],
    ['GET', `${path}/credentials`],
    ['POST', `${path}/credentials`],
    ['PUT', `${path}/credentials`],
    ['DELETE', `${path}/credentials`],
    ['GET', `${path}/locations/${own}/LOC1`],
    ['PUT', `${path}/locations/${own}/LOC1/3256/1`],
    ['PATCH', `${path}/locations/${own}/LOC1/3256`],
    ['PUT', `${path}/tariffs/${own}/11`],
    ['DELETE', `${path}/tariffs/${own}/11`],
    ['GET', `${path}/tokens`],
    ['POST', `${path}/tokens/04A1B2C3D4E5F6/authorize`],
    ['PUT', `${path}/sessions/${own}/101`],
    ['PATCH', `${path}/sessions/${own}/101`],
    ['POST', `${path}/cdrs`],
    ['GET', `${path}/cdrs/cdr_1`],
    ['POST', `${path}/commands/START_SESSION/cmd_1`],
    ['GET', `${path}/nothing-here`],
  ] as const

  test.each(everywhere)(
    '%s %s without a token, or with an unknown one, is 401 in an envelope',
    async (method, at) => {
      for (const shown of [{}, { token: 'unknown' }, { shown: '' }, { shown: 'YQ==' }]) {
        expect(await call(method, at, shown)).toMatchObject({ http: 401, status: 2000 })
      }
    },
  )

  test('the token is taken in Base64 and, as older peers send it, raw', async () => {
    for (const shown of [{ token }, { shown: token }]) {
      expect(await call('GET', '/versions', shown)).toMatchObject({
        http: 200,
        status: 1000,
        data: ['2.3.0', '2.2.1', '2.1.1'].map((version) => ({
          version,
          url: `${gateway.publicUrl}/${version}`,
        })),
      })
    }
  })

  test('the version details name each interface with its role, and ids come back with the answer', async () => {
    const answer = await call('GET', path, { token })
    expect(answer.headers.get('x-request-id')).toBe('req-1')
    expect(answer.headers.get('x-correlation-id')).toBe('cor-1')
    const { endpoints } = answer.data as { endpoints: { identifier: string; role: string }[] }
    expect(endpoints.map(({ identifier, role }) => `${identifier} ${role}`).toSorted()).toEqual([
      'cdrs RECEIVER',
      'commands SENDER',
      'credentials SENDER',
      'locations RECEIVER',
      'sessions RECEIVER',
      'tariffs RECEIVER',
      'tokens SENDER',
    ])
  })

  test('another party is not there, in any module, for reading and for writing', async () => {
    const other = 'FR/OTH'
    for (const [method, at, body] of [
      ['GET', `${path}/locations/${other}/LOC1`, undefined],
      [
        'PUT',
        `${path}/locations/${other}/LOC1`,
        { ...example('location'), country_code: 'FR', party_id: 'OTH' },
      ],
      [
        'PUT',
        `${path}/tariffs/${other}/11`,
        { ...example('tariff'), country_code: 'FR', party_id: 'OTH' },
      ],
      ['PUT', `${path}/sessions/${other}/101`, example('session')],
      ['PATCH', `${path}/sessions/${other}/101`, { last_updated: '2020-03-09T10:17:09Z' }],
      ['POST', `${path}/cdrs`, { ...example('cdr'), country_code: 'FR', party_id: 'OTH' }],
    ] as const) {
      expect(await call(method, at, { token, body })).toMatchObject({ http: 404, status: 2003 })
    }
    // And what is ours is not the stranger's.
    const asStranger = { token: stranger }
    expect(await call('GET', `${path}/locations/${own}/LOC1`, asStranger)).toMatchObject({
      http: 404,
    })
  })

  test('a body that is no JSON is HTTP 400, one that is too large 413, and an unknown path 404', async () => {
    const at = `${path}/tariffs/${own}/11`
    expect(await call('PUT', at, { token, text: '{"id":' })).toMatchObject({
      http: 400,
      status: 2001,
    })
    const text = JSON.stringify({ filler: 'x'.repeat(5 * 1024 * 1024) })
    expect(await call('PUT', at, { token, text })).toMatchObject({ http: 413, status: 2000 })
    expect(await call('GET', `${path}/nothing-here`, { token })).toMatchObject({
      http: 404,
      status: 2000,
    })
  })
})

describe('locations', () => {
  test('the specification’s example becomes a location with EVSEs, connectors and their power', async () => {
    const evses = (await rows.evses()).filter(({ connectionId }) => connectionId === connection.id)
    expect(Object.fromEntries(evses.map(({ evseId, status }) => [evseId, status]))).toEqual({
      'BE*BEC*E041503001': 'AVAILABLE',
      'BE*BEC*E041503002': 'RESERVED',
    })
    const connectors = await db.select().from(tables.connectors)
    // Three phases of 220 V and 16 A: the voltage is line to neutral (OCPI 2.2.1 §8.3.3).
    expect(connectors.map(({ maxPowerW }) => maxPowerW)).toEqual([10_560, 10_560, 10_560])
    const [location] = await db.select().from(tables.locations)
    expect(location).toMatchObject({
      country: 'BE',
      timeZone: 'Europe/Brussels',
      latitude: 51.047599,
    })
  })

  test('a PATCH of an EVSE changes it and nothing else, in any case of its ids, and dates its parents', async () => {
    const body = { status: 'CHARGING', last_updated: '2026-01-01T10:00:00' }
    const at = `${path}/locations/nl/tnm/loc1/3256`
    expect(await call('PATCH', at, { token, body })).toMatchObject({ http: 200, status: 1000 })
    const evse = (await rows.evses()).find(({ ocpiUid }) => ocpiUid === '3256')
    expect(evse).toMatchObject({ status: 'CHARGING', evseId: 'BE*BEC*E041503001' })
    const read = await call('GET', `${path}/locations/${own}/LOC1`, { token })
    expect(read.data).toMatchObject({ last_updated: '2026-01-01T10:00:00', name: 'Gent Zuid' })
    const part = await call('GET', `${path}/locations/${own}/LOC1/3256`, { token })
    expect(part.data).toMatchObject({ uid: '3256', status: 'CHARGING', floor_level: '-1' })
  })

  test('an older PATCH than what we hold changes nothing', async () => {
    const body = { status: 'OUTOFORDER', last_updated: '2015-01-01T10:00:00Z' }
    const at = `${path}/locations/${own}/LOC1/3256`
    expect(await call('PATCH', at, { token, body })).toMatchObject({ http: 200 })
    expect((await rows.evses()).find(({ ocpiUid }) => ocpiUid === '3256')?.status).toBe('CHARGING')
  })

  test('connectors and EVSEs are put on their own level; what is left out is cleared', async () => {
    const connector = {
      id: '2',
      standard: 'IEC_62196_T2_COMBO',
      format: 'CABLE',
      power_type: 'DC',
      max_voltage: 920,
      max_amperage: 500,
      max_electric_power: 300_000,
      tariff_ids: ['11'],
      last_updated: '2026-01-02T10:00:00Z',
    }
    const at = `${path}/locations/${own}/LOC1/3256`
    expect(await call('PUT', `${at}/2`, { token, body: connector })).toMatchObject({ http: 200 })
    expect((await call('GET', `${at}/2`, { token })).data).toEqual(connector)
    const evse = {
      uid: '3258',
      evse_id: 'BE*BEC*E041503009',
      status: 'AVAILABLE',
      connectors: [connector],
      last_updated: '2026-01-03T10:00:00Z',
    }
    expect(
      await call('PUT', `${path}/locations/${own}/LOC1/3258`, { token, body: evse }),
    ).toMatchObject({ http: 201 })
    expect((await rows.evses()).map(({ ocpiUid }) => ocpiUid)).toContain('3258')
    const bare = { uid: '3258', status: 'INOPERATIVE', last_updated: '2026-01-04T10:00:00Z' }
    await call('PUT', `${path}/locations/${own}/LOC1/3258`, { token, body: bare })
    expect((await call('GET', `${path}/locations/${own}/LOC1/3258`, { token })).data).toEqual(bare)
  })

  test.each([
    ['id of the location', '', { ...example('location'), id: 'LOC2' }],
    ['uid of the EVSE', '/3256', { uid: '9999', last_updated: '2026-01-01T10:00:00Z' }],
    [
      'id of the connector',
      '/3256/1',
      { id: '9', standard: 'CHADEMO', last_updated: '2026-01-01T10:00:00Z' },
    ],
  ])('another %s than the URL names is 2001', async (_, level, body) => {
    const answer = await call('PUT', `${path}/locations/${own}/LOC1${level}`, { token, body })
    expect(answer).toMatchObject({ http: 200, status: 2001 })
  })

  test('a PATCH without last_updated is 2001, one of an unknown object 404', async () => {
    const at = `${path}/locations/${own}`
    const body = { status: 'CHARGING' }
    expect(await call('PATCH', `${at}/LOC1/3256`, { token, body })).toMatchObject({
      http: 200,
      status: 2001,
    })
    const dated = { ...body, last_updated: '2026-01-01T10:00:00Z' }
    for (const place of ['LOC9', 'LOC1/9999', 'LOC1/3256/9']) {
      expect(await call('PATCH', `${at}/${place}`, { token, body: dated })).toMatchObject({
        http: 404,
        status: 2003,
      })
    }
  })

  test('text no database can hold, and nesting no object has, do no harm', async () => {
    const body = {
      ...example('location'),
      name: 'Gent\u0000 Zuid \ud800',
      last_updated: '2026-02-01T00:00:00Z',
    }
    const at = `${path}/locations/${own}/LOC1`
    expect(await call('PUT', at, { token, body })).toMatchObject({ http: 200, status: 1000 })
    expect((await call('GET', at, { token })).data).toMatchObject({ name: 'Gent Zuid \ufffd' })
    expect(await call('GET', `${path}/locations/${own}/LOC%00`, { token })).toMatchObject({
      http: 404,
    })
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(await call('PUT', at, { token, text })).toMatchObject({ http: 400, status: 2001 })
  })

  test('a field at fault is named', async () => {
    const body = { ...example('location'), coordinates: { latitude: '151.0', longitude: '3.7' } }
    const answer = await call('PUT', `${path}/locations/${own}/LOC1`, { token, body })
    expect(answer).toMatchObject({ status: 2001 })
    expect(answer.message).toContain('coordinates.latitude')
  })
})

const plain = (id: string, price: number, more: Json = {}) => ({
  country_code: 'NL',
  party_id: 'TNM',
  id,
  currency: 'EUR',
  elements: [{ price_components: [{ type: 'ENERGY', price, vat: 21, step_size: 1 }] }],
  last_updated: '2026-01-01T00:00:00Z',
  ...more,
})
const publish = (id: string, body: Json) =>
  call('PUT', `${path}/tariffs/${own}/${id}`, { token, body })
const lastOf = async (id: string) =>
  (await rows.tariffs())
    .filter(({ ocpiId }) => ocpiId === id)
    .toSorted((a, b) => b.version - a.version)[0]
const eventsOf = async (id: string) => {
  const row = await lastOf(id)
  const events = await db.select().from(tables.events)
  return events
    .filter(({ objectId }) => objectId === row?.id)
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ accountId, body }) => ({ accountId, ...body }))
}

describe('tariffs', () => {
  const at = `${path}/tariffs/${own}/11`

  test('the example is kept as received; again is no change, another price is the next version', async () => {
    const body = example('tariff')
    expect(await call('PUT', at, { token, body })).toMatchObject({ http: 201, status: 1000 })
    expect(await call('PUT', at, { token, body })).toMatchObject({ http: 200, status: 1000 })
    const dearer = structuredClone(body)
    Object.assign((dearer['elements'] as { price_components: Json[] }[])[0]!.price_components[0]!, {
      price: 3.5,
    })
    expect(await call('PUT', at, { token, body: dearer })).toMatchObject({
      http: 200,
      status: 1000,
    })
    const versions = (await rows.tariffs()).filter(({ ocpiId }) => ocpiId === '11')
    expect(Object.fromEntries(versions.map(({ version, status }) => [version, status]))).toEqual({
      // The example's VAT of 10 % is of no country, so it is kept and not sold.
      1: 'invalid',
      2: 'invalid',
    })
    expect(JSON.parse(versions.find(({ version }) => version === 1)!.raw)).toEqual(body)
    expect((await call('GET', at, { token })).data).toEqual(dearer)
  })

  test('a tariff that cannot be priced is kept with the reason and not sold', async () => {
    const body = {
      ...example('tariff'),
      id: 'bad',
      elements: [{ price_components: [{ type: 'ENERGY', price: 'free', step_size: 1 }] }],
    }
    expect(await call('PUT', `${path}/tariffs/${own}/bad`, { token, body })).toMatchObject({
      http: 201,
      status: 1000,
    })
    const kept = (await rows.tariffs()).find(({ ocpiId }) => ocpiId === 'bad')
    expect(kept).toMatchObject({ status: 'invalid', canonical: null })
    expect(kept?.problems[0]?.path).toContain('price')
  })

  test('a tariff without a currency is kept, not sold, and its CPO hears why', async () => {
    const { currency: _, ...without } = plain('NOCUR', 0.4)
    expect(await publish('NOCUR', without)).toMatchObject({ http: 201, status: 1000 })
    expect(await lastOf('NOCUR')).toMatchObject({ status: 'invalid', currency: '' })
    expect(await eventsOf('NOCUR')).toMatchObject([
      {
        type: 'tariff.invalid',
        accountId: connection.cpoId,
        context: { sellable: false },
        data: { problems: [{ path: 'currency', severity: 'error' }] },
      },
    ])
  })

  test('a lost digit is held for half an hour, a correction is sold at once', async () => {
    await publish('ODD', plain('ODD', 0.6))
    expect(await publish('ODD', plain('ODD', 0.06))).toMatchObject({ http: 200, status: 1000 })
    const held = await lastOf('ODD')
    expect(held).toMatchObject({
      status: 'held',
      version: 2,
      anomaly: { basis: 'own_history', price: 145, median: 1452, energyKwh: '20' },
    })
    expect(Date.parse(held?.heldUntil ?? '') - Date.parse(held?.receivedAt ?? '')).toBe(1_800_000)
    // The same text again is no confirmation of the price.
    await publish('ODD', plain('ODD', 0.06))
    expect(await lastOf('ODD')).toMatchObject({ status: 'held', version: 2 })
    await publish('ODD', plain('ODD', 0.061, { last_updated: '2026-01-02T00:00:00Z' }))
    expect(await lastOf('ODD')).toMatchObject({ status: 'held', version: 3 })
    await publish('ODD', plain('ODD', 0.61))
    expect(await lastOf('ODD')).toMatchObject({ status: 'valid', version: 4 })
    expect((await eventsOf('ODD')).map(({ type }) => type)).toEqual([
      'tariff.changed',
      'tariff.anomaly_held',
      'tariff.changed',
      'tariff.anomaly_held',
      'tariff.changed',
    ])
  })

  test('a price dated back counts from its receipt; an announced one from its start', async () => {
    await publish('DATED', plain('DATED', 0.5))
    await publish('DATED', plain('DATED', 0.55, { start_date_time: '2026-01-01T00:00:00Z' }))
    const back = await lastOf('DATED')
    expect(back).toMatchObject({ status: 'valid', version: 2 })
    expect(back?.effectiveFrom).toBe(back?.receivedAt)
    expect((await eventsOf('DATED')).at(-1)).toMatchObject({
      type: 'tariff.invalid',
      context: { rule: 'retroactive', sellable: true },
    })
    // Peers leave the Z out; OCPI's date-times are UTC all the same.
    await publish('DATED', plain('DATED', 0.6, { start_date_time: '2096-01-01T00:00:00' }))
    const ahead = await lastOf('DATED')
    expect(ahead).toMatchObject({ version: 3, effectiveFrom: '2096-01-01T00:00:00.000Z' })
    const present = (await rows.tariffs()).find(
      ({ ocpiId, version }) => ocpiId === 'DATED' && version === 2,
    )
    expect(present?.supersededAt).toBe(ahead?.effectiveFrom)
  })

  test('a tariff is judged again by the chargers that come to use it', async () => {
    const perMinute = plain('FAST', 0.4, {
      elements: [
        { price_components: [{ type: 'ENERGY', price: 0.4, vat: 21, step_size: 1 }] },
        { price_components: [{ type: 'TIME', price: 3, vat: 21, step_size: 1 }] },
      ],
    })
    await publish('FAST', perMinute)
    expect(await lastOf('FAST')).toMatchObject({ status: 'valid', powerClass: null })
    const location = structuredClone(example('location')) as { evses: { connectors: Json[] }[] }
    Object.assign(location, { id: 'LOC9', country: 'NLD', last_updated: '2026-02-01T00:00:00Z' })
    location.evses = location.evses.slice(0, 1)
    Object.assign(location.evses[0]!, { uid: '9256', evse_id: 'NL*TNM*E9256' })
    Object.assign(location.evses[0]!.connectors[0]!, {
      power_type: 'DC',
      max_voltage: 800,
      max_amperage: 200,
      tariff_ids: ['fast'],
    })
    location.evses[0]!.connectors.length = 1
    const at9 = `${path}/locations/${own}/LOC9`
    expect(await call('PUT', at9, { token, body: location })).toMatchObject({ http: 201 })
    expect(await lastOf('FAST')).toMatchObject({ status: 'invalid', version: 2, powerClass: 'hpc' })
    expect((await eventsOf('FAST')).at(-1)).toMatchObject({
      type: 'tariff.invalid',
      context: { rule: 'price_rule.kwh_base_required' },
    })
    // A status alone changes nothing; weaker plugs make the tariff sellable again.
    const status = { status: 'AVAILABLE', last_updated: '2026-02-02T00:00:00Z' }
    await call('PATCH', `${at9}/9256`, { token, body: status })
    expect(await lastOf('FAST')).toMatchObject({ version: 2 })
    const weaker = { max_amperage: 50, last_updated: '2026-02-03T00:00:00Z' }
    await call('PATCH', `${at9}/9256/1`, { token, body: weaker })
    expect(await lastOf('FAST')).toMatchObject({ status: 'valid', version: 3, powerClass: 'dc' })
  })

  test('a deleted tariff is gone for the peer and history for us', async () => {
    expect(await call('DELETE', at, { token })).toMatchObject({ http: 200, status: 1000 })
    expect(await call('GET', at, { token })).toMatchObject({ http: 404, status: 2003 })
    expect((await rows.tariffs()).filter(({ ocpiId }) => ocpiId === '11')).toHaveLength(3)
    expect(await call('DELETE', `${path}/tariffs/${own}/none`, { token })).toMatchObject({
      http: 404,
    })
  })
})

describe('tokens', () => {
  test('the list is paged with a link that keeps the filter', async () => {
    const answer = await call('GET', `${path}/tokens?date_from=2020-01-01T00:00:00Z&limit=1`, {
      token,
    })
    expect(answer).toMatchObject({ http: 200, status: 1000 })
    expect(answer.headers.get('x-total-count')).toBe('1')
    expect(answer.data).toMatchObject([
      {
        uid: '04A1B2C3D4E5F6',
        country_code: 'DE',
        party_id: 'CLN',
        valid: true,
        whitelist: 'NEVER',
        type: 'RFID',
      },
    ])
    const later = await call('GET', `${path}/tokens?date_from=2999-01-01T00:00:00Z`, { token })
    expect(later.data).toEqual([])
    expect(await call('GET', `${path}/tokens?date_from=soon`, { token })).toMatchObject({
      status: 2001,
    })
  })

  test('a good card is allowed with a reference, in any case of its uid', async () => {
    const body = { location_id: 'LOC1', evse_uids: ['3256'] }
    const answer = await call('POST', `${path}/tokens/04a1b2c3d4e5f6/authorize?type=RFID`, {
      token,
      body,
    })
    expect(answer.data).toMatchObject({
      allowed: 'ALLOWED',
      location: body,
      token: { uid: '04A1B2C3D4E5F6' },
    })
    expect((answer.data as Json)['authorization_reference']).toMatch(/^ses_[0-9A-Z]{26}$/)
  })

  test('F13: a blocked card is answered BLOCKED, an unknown one 2004', async () => {
    await db.insert(tables.tokens).values({
      id: 'tok_2',
      accountId: partnerAccount,
      driverId: 'drv_01ARZ3NDEKTSV4RRFFQ69G5FA3',
      paymentSourceId: 'psrc_01ARZ3NDEKTSV4RRFFQ69G5FA4',
      ...uidColumns('tok_2', 'BLOCKED1'),
      type: 'RFID',
      contractId: 'DE-CLN-C00000002',
      status: 'blocked',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    })
    const blocked = await call('POST', `${path}/tokens/BLOCKED1/authorize`, { token })
    expect(blocked.data).toMatchObject({ allowed: 'BLOCKED', token: { valid: false } })
    expect(await call('POST', `${path}/tokens/NOBODY/authorize`, { token })).toMatchObject({
      http: 404,
      status: 2004,
    })
  })

  test('a session’s own credential is good while its session waits, at its own CPO only', async () => {
    const { sessionId, tokenUid } = await seedSession(db, connection)
    const at = `${path}/tokens/${tokenUid.toLowerCase()}/authorize?token_type=APP_USER`
    const answer = await call('POST', at, { token })
    expect(answer.data).toMatchObject({
      allowed: 'ALLOWED',
      authorization_reference: sessionId,
      token: { type: 'APP_USER' },
    })
    expect(await call('POST', at, { token: stranger })).toMatchObject({ http: 404, status: 2004 })
  })
})

test('no token of a peer is ever written down', async () => {
  expect(await call('GET', `${path}/credentials`, { token })).toMatchObject({ data: { token } })
  const messages = (await db.select().from(tables.protocolMessages)).map(openedMessage)
  expect(messages.length).toBeGreaterThan(20)
  const written = messages.filter(
    ({ payload }) =>
      payload.includes(token) || payload.includes(Buffer.from(token).toString('base64')),
  )
  expect(written).toEqual([])
})

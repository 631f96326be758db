// What an operator does with its connection: begins itself, begins anew, pauses and resumes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findConnectionByToken } from '@chargelane/db/queries/locations/connections'
import { peerTokenKey } from '@chargelane/db/sealed'
import type { Chargelane } from '@chargelane/sdk'
import { startTestApi, type TestApi } from '../../testing.ts'

const address = { street: 'Stationsplein 1', postal_code: '3511 ED', city: 'Utrecht' }

/** An operator of its own, by the platform. */
async function newOperator(from: TestApi, name: string) {
  const account = await from.platform.accounts.create({
    type: 'cpo',
    name,
    legal_name: `${name} BV`,
    country: 'NL',
    payout_currency: 'EUR',
    vat_id: 'NL004495445B01',
    address,
    agreement: { commission_bps: 800, supply_model: 'agency' },
  })
  const { key } = await from.platform.api_keys.create({ name, account: account.id })
  return from.lane(key ?? '')
}

let api: TestApi
let operator: Chargelane
let other: Chargelane
const key = () => ({ idempotencyKey: crypto.randomUUID() })

beforeAll(async () => {
  api = await startTestApi()
  operator = await newOperator(api, 'Laadnet')
  other = await newOperator(api, 'Stroomnet')
})
afterAll(() => api.stop())

const party = { protocol: 'ocpi', country_code: 'NL' } as const

const by = (token: string | null) =>
  findConnectionByToken(api.database.db, [peerTokenKey(token ?? '')], new Date().toISOString())

test('an operator that begins gets a token once, which is known by its digest alone', async () => {
  const wish = key()
  const made = await operator.connections.create({ ...party, party_id: 'BG1' }, wish)
  expect(made).toMatchObject({
    status: 'handshaking',
    versions_url: null,
    our_versions_url: 'http://127.0.0.1:4402/ocpi/versions',
  })
  const again = await operator.connections.create({ ...party, party_id: 'BG1' }, wish)
  expect(again.token_a).toBe(made.token_a)
  expect((await operator.connections.get(made.id)).token_a).toBeNull()
  expect((await by(made.token_a))?.id).toBe(made.id)
})

test('half of an address is refused by name', async () => {
  const half = { ...party, party_id: 'BG2', versions_url: 'https://ocpi.example.com/versions' }
  await expect(operator.connections.create(half)).rejects.toMatchObject({
    code: 'invalid_value',
    param: 'token_a',
  })
})

test('beginning anew voids what was known, of one\u2019s own connection alone', async () => {
  const made = await operator.connections.create({ ...party, party_id: 'BG3' })
  const anew = await operator.connections.invite(made.id)
  expect(anew.token_a).not.toBe(made.token_a)
  expect(await by(made.token_a)).toBeUndefined()
  expect((await by(anew.token_a))?.id).toBe(made.id)
  await expect(other.connections.invite(made.id)).rejects.toMatchObject({ status: 404 })
  const node = await operator.connections.create({
    protocol: 'node',
    country_code: 'NL',
    party_id: 'BG3',
  })
  await expect(operator.connections.invite(node.id)).rejects.toMatchObject({
    code: 'invalid_transition',
  })
})

test('a paused connection stays so until it is resumed, which reads all anew', async () => {
  const made = await operator.connections.create({
    ...party,
    party_id: 'BG4',
    versions_url: 'http://127.0.0.1:9/versions',
    token_a: 'their-token',
  })
  expect(made.token_a).toBeNull()
  expect(await operator.connections.pause(made.id)).toMatchObject({ status: 'paused' })
  expect(await operator.connections.pause(made.id)).toMatchObject({ status: 'paused' })
  expect(await operator.connections.resume(made.id)).toMatchObject({
    status: 'handshaking',
    last_error: null,
  })
  const waiting = await operator.connections.create({ ...party, party_id: 'BG5' })
  await expect(operator.connections.resume(waiting.id)).rejects.toMatchObject({
    code: 'invalid_transition',
  })
})

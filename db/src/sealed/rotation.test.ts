import { randomBytes } from 'node:crypto'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { createMessageLog, messagesOf } from '../queries/chargers/frames.ts'
import { createConnection, findConnection, tokenOutOf } from '../queries/locations/connections.ts'
import { createAccount } from '../queries/partners/accounts.ts'
import { activeBankAccount } from '../queries/partners/bank-accounts.ts'
import { createEndpoint } from '../queries/outbox/webhook-endpoints.ts'
import { recordSupplyEvent, unsolicitedStartOf } from '../queries/sessions/supply.ts'
import * as schema from '../schema.ts'
import { testDatabase } from '../testing.ts'
import { agedDataKeys, forgetDataKey, openDataKeys } from './in-use.ts'
import { readDataKeys, useDataKeys } from './keys.ts'
import { sealedPlaces } from './places.ts'
import { keysInUse, reseal } from './reseal.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-01T12:00:00.000Z'
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [first, second] = [key('k_1'), key('k_12')]
const lookup = randomBytes(32).toString('base64')
const use = (ring: string, hashes = lookup) =>
  useDataKeys(readDataKeys({ CHARGELANE_DATA_KEYS: ring, CHARGELANE_LOOKUP_KEY: hashes }))

const iban = 'DE89370400440532013000'
let count = 0

/** One account with something sealed of several kinds, written with the keys of the moment. */
async function write() {
  const n = ++count
  const account = await createAccount(db, {
    type: 'cpo',
    name: `Rotation ${n}`,
    legalName: `Rotation ${n}`,
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'x', city: 'x', postal_code: '1' },
    iban,
    at,
  })
  const connection = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: account.id,
      protocol: 'ocpi',
      countryCode: 'DE',
      partyId: `R${n}`,
      tokenOut: `token-${n}`,
      at,
    }),
  )
  await createEndpoint(db, {
    accountId: account.id,
    url: 'https://partner.example/hook',
    eventTypes: ['*'],
    secret: `whsec_${n}`,
    at,
  })
  const frame = { at, protocol: 'ocpp1.6', direction: 'in', action: 'Authorize' } as const
  await createMessageLog(db).add({ ...frame, peerId: connection.id, payload: `["card-${n}"]` })
  const start = { accountId: account.id, evseId: 'evse_1', tokenUid: `CARD${n}` }
  await db.tx((tx) =>
    recordSupplyEvent(tx, `ses_${n}`, `ses_${n}:started`, {
      kind: 'charging_started',
      at,
      startedAt: at,
      supplyRef: '1',
      unsolicited: start,
    }),
  )
  return { n, accountId: account.id, connectionId: connection.id }
}

async function readBack({ n, accountId, connectionId }: Awaited<ReturnType<typeof write>>) {
  const account = await activeBankAccount(db, accountId, 'EUR')
  const connection = await findConnection(db, connectionId)
  const [message] = await messagesOf(db, connectionId)
  return [
    account?.numbers.type === 'iban' ? account.numbers.iban : undefined,
    connection && tokenOutOf(connection),
    message?.payload,
    (await unsolicitedStartOf(db, `ses_${n}`))?.unsolicited?.tokenUid,
  ]
}
const said = ({ n }: { n: number }) => [iban, `token-${n}`, `["card-${n}"]`, `CARD${n}`]

beforeEach(() => database.admin('delete from data_keys'))
afterEach(() => useDataKeys(readDataKeys(process.env)))

test('what an old key wrote is read beside the new one, sealed anew, and read without the old one', async () => {
  use(first)
  await openDataKeys(db, at)
  const before = await write()
  use(`${second},${first}`)
  await openDataKeys(db, at)
  const between = await write()
  for (const each of [before, between]) expect(await readBack(each)).toEqual(said(each))
  expect((await keysInUse(db)).toSorted()).toEqual(['k_1', 'k_12'])

  const done = await reseal(db, at)
  expect(done.filter(({ rows }) => rows > 0)).toEqual(
    [
      'bank_accounts.details',
      'connections.token_out',
      'protocol_messages.payload',
      'webhook_endpoints.secret',
      'supply_events.event',
    ].map((place) => ({ place, rows: 1 })),
  )
  expect((await agedDataKeys(db)).map(({ keyId }) => keyId)).toEqual(['k_1'])
  await forgetDataKey(db, 'k_1')
  expect(await keysInUse(db)).toEqual(['k_12'])
  use(second)
  await openDataKeys(db, at)
  for (const each of [before, between]) expect(await readBack(each)).toEqual(said(each))
  expect((await reseal(db, at)).every(({ rows }) => rows === 0)).toBe(true)
})

test('a process without a key that is in use is refused, with what to do', async () => {
  use(first)
  await openDataKeys(db, at)
  use(second)
  await expect(openDataKeys(db, at)).rejects.toThrow(
    'Values of this database are sealed with the key k_1, which CHARGELANE_DATA_KEYS does not name',
  )
})

test('a process with another key of a name, or another key for look-ups, is refused', async () => {
  use(first)
  await openDataKeys(db, at)
  use(key('k_1'))
  await expect(openDataKeys(db, at)).rejects.toThrow('The key k_1 of CHARGELANE_DATA_KEYS is not')
  use(first, randomBytes(32).toString('base64'))
  await expect(openDataKeys(db, at)).rejects.toThrow('CHARGELANE_LOOKUP_KEY is not the key')
})

test('a bank account that is moved to another account’s row is not paid to', async () => {
  const [mine, theirs] = [await write(), await write()]
  await database.admin(
    `update bank_accounts set details = (select details from bank_accounts where account_id = '${mine.accountId}')
      where account_id = '${theirs.accountId}'`,
  )
  await expect(readBack(theirs)).rejects.toThrow('was not sealed for it')
})

test('values that were moved are all named by a reseal, which seals everything else anew', async () => {
  use(first)
  await openDataKeys(db, at)
  const [mine, theirs, sound] = [await write(), await write(), await write()]
  await database.admin(
    `update bank_accounts set details = (select details from bank_accounts where account_id = '${mine.accountId}')
      where account_id = '${theirs.accountId}'`,
  )
  await database.admin(
    `update connections set token_out = (select token_out from connections where id = '${mine.connectionId}') where id = '${theirs.connectionId}'`,
  )
  use(`${second},${first}`)
  const told = await reseal(db, at).then(String, String)
  expect(told).toContain('bank_accounts.details bac_')
  expect(told).toContain(`connections.token_out ${theirs.connectionId}`)
  expect(told).not.toContain(sound.accountId)
  use(second)
  expect(await readBack(sound)).toEqual(said(sound))
  expect(await readBack(mine)).toEqual(said(mine))
})

test('every sealed column is walked', () => {
  const sealed = Object.values(schema)
    .filter((it) => is(it, PgTable))
    .flatMap((table) =>
      Object.entries(getTableColumns(table))
        .filter(
          ([, column]) => column.columnType === 'PgCustomColumn' && column.getSQLType() === 'text',
        )
        .map(([name]) => `${getTableName(table)}.${toSnakeCase(name)}`),
    )
  expect(sealed.toSorted()).toEqual(
    sealedPlaces.map(({ table, column }) => `${table}.${column}`).toSorted(),
  )
})

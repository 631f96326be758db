import { createHash } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../testing.ts'
import { createAccount } from '../partners/accounts.ts'
import {
  abandonIdempotent,
  beginIdempotent,
  completeIdempotent,
  purgeIdempotencyKeys,
  renewIdempotent,
  releaseIdempotent,
  type IdempotentRequest,
} from './idempotency.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = (s: number) => new Date(Date.parse(at) + s * 1_000).toISOString()
const hash = (text: string) => createHash('sha256').update(text).digest()

const open = (name: string) =>
  createAccount(db, {
    type: 'partner',
    name,
    legalName: name,
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'x', city: 'x', postal_code: '1' },
    at,
  })

let accountId = ''
let otherId = ''
beforeAll(async () => {
  accountId = (await open('A')).id
  otherId = (await open('B')).id
})

const request = (key: string, over: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  accountId,
  key,
  operation: 'POST /v1/sessions',
  fingerprint: hash('body'),
  resourceId: `ses_${key}`,
  at,
  ...over,
})
const begin = (key: string, over: Partial<IdempotentRequest> = {}) =>
  beginIdempotent(db, request(key, over))

test('the first request proceeds, a repeat in flight is told to wait, a done one is replayed', async () => {
  expect(await begin('a')).toEqual({ kind: 'proceed', resourceId: 'ses_a', takenOver: false })
  expect(await begin('a', { resourceId: 'ses_second', at: later(5) })).toEqual({
    kind: 'in_progress',
    retryAfterS: 10,
  })
  await completeIdempotent(db, accountId, 'a', { status: 202, response: { id: 'ses_a' } })
  expect(await begin('a', { resourceId: 'ses_third', at: later(90) })).toEqual({
    kind: 'replay',
    resourceId: 'ses_a',
    status: 202,
    response: { id: 'ses_a' },
  })
})

test('the first answer stays', async () => {
  await begin('first')
  await completeIdempotent(db, accountId, 'first', { status: 201, response: 1 })
  await completeIdempotent(db, accountId, 'first', { status: 500, response: 2 })
  expect(await begin('first')).toMatchObject({ status: 201, response: 1 })
})

test('another body or another operation under the same key is reused, in flight and done', async () => {
  await begin('b')
  const others = [{ fingerprint: hash('other') }, { operation: 'POST /v1/quotes' }]
  for (const over of others) {
    expect(await begin('b', over)).toEqual({ kind: 'reused' })
    expect(await begin('b', { ...over, at: later(3_600) })).toEqual({ kind: 'reused' })
  }
  await completeIdempotent(db, accountId, 'b', { status: 200, response: null })
  for (const over of others) expect(await begin('b', over)).toEqual({ kind: 'reused' })
})

test('a request that nobody renewed for 15 s is taken over under the same resource id, by one caller', async () => {
  await begin('c')
  const callers = await Promise.all(
    Array.from({ length: 10 }, () => begin('c', { resourceId: 'ses_new', at: later(15) })),
  )
  expect(callers.filter((it) => it.kind === 'proceed')).toEqual([
    { kind: 'proceed', resourceId: 'ses_c', takenOver: true },
  ])
  expect(callers.filter((it) => it.kind === 'in_progress')).toHaveLength(9)
  expect(await begin('c', { at: later(29) })).toMatchObject({ kind: 'in_progress' })
})

test('of many first callers exactly one proceeds', async () => {
  const callers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => begin('d', { resourceId: `ses_${n}` })),
  )
  expect(callers.filter((it) => it.kind === 'proceed')).toHaveLength(1)
})

test('the answer and the effect are kept or lost together', async () => {
  await begin('e')
  const failing = db.tx(async (tx) => {
    await completeIdempotent(tx, accountId, 'e', { status: 201, response: {} })
    throw new Error('crash')
  })
  await expect(failing).rejects.toThrow('crash')
  expect(await begin('e', { at: later(1) })).toMatchObject({ kind: 'in_progress' })
})

test('two accounts may use one key', async () => {
  await begin('f')
  await completeIdempotent(db, accountId, 'f', { status: 200, response: 'mine' })
  expect(await begin('f', { accountId: otherId, resourceId: 'ses_theirs' })).toMatchObject({
    kind: 'proceed',
    resourceId: 'ses_theirs',
  })
})

test('an abandoned key is free for a repaired request, a done one is not', async () => {
  await begin('g')
  await abandonIdempotent(db, accountId, 'g')
  expect(await begin('g', { fingerprint: hash('repaired') })).toMatchObject({ kind: 'proceed' })
  await completeIdempotent(db, accountId, 'g', { status: 200, response: null })
  await abandonIdempotent(db, accountId, 'g')
  expect(await begin('g')).toEqual({ kind: 'reused' })
})

test('a released key goes on at once under the same resource id', async () => {
  await begin('h')
  await releaseIdempotent(db, accountId, 'h')
  expect(await begin('h', { resourceId: 'ses_new' })).toEqual({
    kind: 'proceed',
    resourceId: 'ses_h',
    takenOver: true,
  })
})

test('keys are forgotten after their time and not before', async () => {
  await begin('old', { at: '2026-10-01T00:00:00.000Z' })
  expect(await purgeIdempotencyKeys(db, '2026-10-22T10:00:00.000Z')).toBe(1)
  const [row] = await db.execute(raw`select count(*) as n from idempotency_keys where key = 'a'`)
  expect(row).toEqual({ n: 1 })
})

test('a request whose process says that it works is taken over by nobody', async () => {
  await begin('held', { at: later(0) })
  await renewIdempotent(db, [{ accountId, key: 'held' }], later(30))
  expect(await begin('held', { resourceId: 'ses_new', at: later(44) })).toEqual({
    kind: 'in_progress',
    retryAfterS: 1,
  })
  expect(await begin('held', { resourceId: 'ses_new', at: later(45) })).toMatchObject({
    kind: 'proceed',
    takenOver: true,
  })
})

import { createHash } from 'node:crypto'
import { sql as raw } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../testing.ts'
import {
  createAccount,
  createToken,
  getAccount,
  listAccounts,
  platformAccount,
  tokenByUid,
  uidOf,
  updateAccount,
  updateToken,
  type NewAccount,
} from './accounts.ts'
import { cpoTerms } from '@chargelane/rules/agreement/distribution'
import { agreementAt, signAgreement } from './agreements.ts'
import { createPaymentSource, getOrCreateDriver, setPaymentSourceStatus } from './drivers.ts'
import { createApiKey, findApiKey, listApiKeys, revokeApiKey } from './api-keys.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-21T10:00:00.000Z'
const later = '2026-11-21T11:00:00.000Z'
const company = (type: NewAccount['type'], name: string): NewAccount => ({
  type,
  name,
  legalName: `${name} GmbH`,
  country: 'DE',
  payoutCurrency: 'EUR',
  address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
  at,
})

let partnerId = ''
let cpoId = ''
beforeAll(async () => {
  partnerId = (await createAccount(db, company('partner', 'Flottenkarte'))).id
  cpoId = (await createAccount(db, company('cpo', 'Voltwerk'))).id
})

const terms = (bps: number) => cpoTerms({ commission: { bps }, supplyModel: 'agency' })

describe('accounts', () => {
  test('opening one twice under the same id opens it once', async () => {
    const id = 'acct_00000000000000000000000001'
    const first = await createAccount(db, { ...company('platform', 'Chargelane'), id })
    const again = await createAccount(db, { ...company('platform', 'Other'), id })
    expect(again).toEqual(first)
    expect(await platformAccount(db)).toEqual(first)
  })

  test('a change touches the named fields only', async () => {
    const before = await getAccount(db, partnerId, partnerId)
    expect(await updateAccount(db, '*', partnerId, { status: 'suspended' })).toEqual({
      ...before,
      status: 'suspended',
    })
    await updateAccount(db, '*', partnerId, { status: 'active' })
    expect(await updateAccount(db, '*', 'acct_NONE', { name: 'x' })).toBeUndefined()
  })

  test('an account lists itself, the platform lists all, by type too', async () => {
    const own = await listAccounts(db, partnerId, { limit: 10 })
    expect(own.data.map((row) => row.id)).toEqual([partnerId])
    expect((await listAccounts(db, '*', { limit: 10 })).data).toHaveLength(3)
    const cpos = await listAccounts(db, '*', { limit: 10, type: 'cpo' })
    expect(cpos.data.map((row) => row.id)).toEqual([cpoId])
  })

  test('one agreement is in force at any instant', async () => {
    await signAgreement(db, { accountId: cpoId, terms: terms(150), at })
    await signAgreement(db, { accountId: cpoId, terms: terms(120), at: later })
    expect(await agreementAt(db, cpoId, '2026-11-21T09:59:59.999Z')).toBeUndefined()
    expect(await agreementAt(db, cpoId, at)).toMatchObject({ version: 1, terms: terms(150) })
    expect(await agreementAt(db, cpoId, later)).toMatchObject({ version: 2, terms: terms(120) })
  })
})

describe('drivers, payment sources, cards', () => {
  test('a driver named by many at once is one driver, and another partner’s is another', async () => {
    const named = await Promise.all(
      Array.from({ length: 10 }, () => getOrCreateDriver(db, partnerId, 'driver-7', at)),
    )
    expect(new Set(named.map((row) => row.id)).size).toBe(1)
    expect((await getOrCreateDriver(db, cpoId, 'driver-7', at)).id).not.toBe(named[0]?.id)
  })

  test('a card is known in any case, with all that decides whether it may charge', async () => {
    const driver = await getOrCreateDriver(db, partnerId, 'driver-8', at)
    const source = await createPaymentSource(db, {
      accountId: partnerId,
      driverId: driver.id,
      kind: 'card',
      pspPaymentMethod: 'pm_card_visa',
      at,
    })
    const card = {
      accountId: partnerId,
      driverId: driver.id,
      paymentSourceId: source.id,
      uid: '04a1b2c3',
      type: 'RFID' as const,
      contractId: 'DE-CLN-C00000001-1',
      at,
    }
    const made = await createToken(db, card)
    expect(made).toMatchObject({ kind: 'created', token: { status: 'active' } })
    expect(made.kind === 'created' && uidOf(made.token)).toBe('04A1B2C3')
    expect(await createToken(db, { ...card, uid: '04A1B2C3' })).toEqual({ kind: 'taken' })

    expect(await tokenByUid(db, '04a1B2c3')).toMatchObject({
      accountStatus: 'active',
      paymentSource: { id: source.id, status: 'active' },
      hasOpenDebt: false,
    })
    await db.execute(raw`insert into debts (id, session_id, account_id, payment_source_id, currency, amount_minor, reason, created_at)
      values ('dbt_1', 'ses_1', ${partnerId}, ${source.id}, 'EUR', 100, 'declined', ${at})`)
    expect(await tokenByUid(db, '04A1B2C3')).toMatchObject({ hasOpenDebt: true })
    await db.execute(raw`update debts set status = 'paid'`)
    expect(await tokenByUid(db, '04A1B2C3')).toMatchObject({ hasOpenDebt: false })

    await setPaymentSourceStatus(db, partnerId, source.id, 'failing')
    const token = made.kind === 'created' ? made.token.id : ''
    await updateToken(db, partnerId, token, { status: 'blocked', at: later })
    expect(await tokenByUid(db, '04A1B2C3')).toMatchObject({
      token: { status: 'blocked', updatedAt: later },
      paymentSource: { status: 'failing' },
    })
    expect(await tokenByUid(db, 'UNKNOWN')).toBeUndefined()
  })
})

describe('API keys', () => {
  const digest = createHash('sha256').update('sk_test_1').digest()
  const key = () => ({
    accountId: partnerId,
    digest,
    lastFour: 'st_1',
    name: 'a',
    scopes: ['x'],
    at,
  })

  test('a key is found by its digest alone, and storing it again changes nothing', async () => {
    const made = await createApiKey(db, key())
    expect(await createApiKey(db, { ...key(), name: 'b' })).toEqual(made)
    expect(await findApiKey(db, digest)).toEqual({
      key: made,
      account: {
        id: partnerId,
        type: 'partner',
        status: 'active',
        country: 'DE',
        payoutCurrency: 'EUR',
      },
    })
    expect(await findApiKey(db, Buffer.alloc(32))).toBeUndefined()
    await expect(createApiKey(db, { ...key(), accountId: cpoId })).rejects.toThrow(
      'another account',
    )
  })

  test('a revoked key is still found, with the instant it was first revoked', async () => {
    const found = await findApiKey(db, digest)
    const id = found?.key.id ?? ''
    expect(await revokeApiKey(db, partnerId, id, at)).toMatchObject({ revokedAt: at })
    expect(await revokeApiKey(db, partnerId, id, later)).toMatchObject({ revokedAt: at })
    expect((await findApiKey(db, digest))?.key.revokedAt).toBe(at)
  })

  test('no answer carries the digest', async () => {
    const listed = await listApiKeys(db, partnerId, { limit: 10 })
    expect(listed.data).toHaveLength(1)
    expect(JSON.stringify([listed, await findApiKey(db, digest)])).not.toContain('digest')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createAccount,
  createPaymentSource,
  getOrCreateDriver,
} from '@chargelane/db/queries/partners/accounts'
import { changePayment, openPayment } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { testDatabase } from '@chargelane/db/testing'
import type { TestDatabase } from '@chargelane/db/testing'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { paymentKindNames, paymentKindTexts } from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { money } from '@chargelane/rules/money'
import { openPayments, openProviderEvents, paymentKinds } from './kinds.ts'
import type { PaymentPorts } from './kinds.ts'
import { createFakePayments } from './payment.fake.ts'

const at = '2026-11-21T10:00:00.000Z'
const hold = money(2_500, 'EUR')
let database: TestDatabase
let ports: PaymentPorts
let partnerId: string

beforeAll(async () => {
  database = await testDatabase()
  const { db } = database
  ports = openPayments({ db, env: {} }, { card: createFakePayments() })
  const partner = await createAccount(db, {
    type: 'partner',
    name: 'Partner',
    legalName: 'Partner GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'Ladestraße 1', city: 'Köln', postal_code: '50667' },
    at,
  })
  partnerId = partner.id
  await db.tx((tx) => putCreditLine(tx, { accountId: partnerId, limit: money(20_000, 'EUR'), at }))
})
afterAll(() => database.stop())

/** A payment of the kind, and the request that asks its port for the hold. */
async function ask(kind: PaymentKind) {
  const { db } = database
  const driver = await getOrCreateDriver(db, partnerId, kind, at)
  const pspPaymentMethod = paymentKindTexts[kind].takesMethod ? 'pm_card_visa' : null
  const source = await createPaymentSource(db, {
    accountId: partnerId,
    driverId: driver.id,
    kind,
    pspPaymentMethod,
    at,
  })
  const payment: Payment = await db.tx((tx) =>
    openPayment(tx, {
      sessionId: newId('session'),
      accountId: partnerId,
      attempt: 1,
      paymentSourceId: source.id,
      kind,
      hold,
      releaseBy: at,
      at,
    }),
  )
  return {
    paymentId: payment.id,
    sessionId: payment.sessionId,
    amount: hold,
    paymentMethod: pspPaymentMethod,
    offSession: true,
    description: 'Charging',
    idempotencyKey: `${payment.id}:authorize`,
  }
}

describe.each(paymentKindNames)('a payment of kind %s', (kind) => {
  const traits = paymentKinds[kind]

  test('is held, found again and captured as its traits say', async () => {
    const request = await ask(kind)
    const held = await ports(kind).authorize(request)
    if (held.kind !== 'authorized') throw new Error(`expected a hold, got ${held.kind}`)
    expect(held.captureBefore === null).toBe(traits.holdEnds === 'when_released')
    const found = await ports(kind).find({ paymentId: request.paymentId })
    expect(found).toMatchObject({ kind: 'authorized', pspId: held.pspId, amount: hold })
    const amount = money(1_180, 'EUR')
    const order = { pspId: held.pspId, amount, idempotencyKey: `${request.paymentId}:capture` }
    const captured = await ports(kind).capture(order)
    if (captured.kind !== 'captured') throw new Error(`expected money, got ${captured.kind}`)
    expect(captured.amount).toEqual(amount)
    expect(captured.fee !== null).toBe(traits.hasFee)
  })

  test('is raised once to the amount that is wanted, and given back in part after the capture', async () => {
    const { paymentId, ...request } = await ask(kind)
    const held = await ports(kind).authorize({ paymentId, ...request })
    if (held.kind !== 'authorized') throw new Error(`expected a hold, got ${held.kind}`)
    const { pspId } = held
    await database.db.tx((tx) => changePayment(tx, paymentId, { status: 'authorized', pspId }, at))
    const raise = { pspId, amount: money(4_000, 'EUR'), idempotencyKey: `${paymentId}:increase` }
    for (let time = 0; time < 2; time++)
      expect(await ports(kind).increase(raise)).toMatchObject({
        kind: 'increased',
        amount: money(4_000, 'EUR'),
      })
    const capture = { pspId, amount: money(3_000, 'EUR'), idempotencyKey: `${paymentId}:capture` }
    expect(await ports(kind).capture(capture)).toMatchObject({ kind: 'captured' })
    const amount = money(500, 'EUR')
    const refund = { pspId, refundId: 're_1', amount, idempotencyKey: 're_1:refund' }
    const given = await ports(kind).refund(refund)
    expect(given).toMatchObject({ kind: 'refunded', amount })
    expect(await ports(kind).refund(refund)).toEqual(given)
  })

  test('is given back', async () => {
    const request = await ask(kind)
    const held = await ports(kind).authorize(request)
    if (held.kind !== 'authorized') throw new Error(`expected a hold, got ${held.kind}`)
    const order = { pspId: held.pspId, idempotencyKey: `${request.paymentId}:void` }
    expect(await ports(kind).void(order)).toMatchObject({ kind: 'voided' })
  })

  test('is booked on an asset of its currency, the partner’s own where the partner owes it', () => {
    const account = traits.ledgerAccount('acct_1', 'EUR')
    expect(account).toMatch(/^asset:.*:EUR$/)
    expect(account.includes('acct_1')).toBe(traits.owedBy === 'partner')
    expect(traits.receiptNote('Partner GmbH') !== undefined).toBe(traits.owedBy === 'partner')
  })
})

test('a hold on account is not raised beyond what its partner may owe', async () => {
  const { paymentId, ...request } = await ask('account')
  const held = await ports('account').authorize({ paymentId, ...request })
  if (held.kind !== 'authorized') throw new Error(`expected a hold, got ${held.kind}`)
  const change = { status: 'authorized', pspId: held.pspId } as const
  await database.db.tx((tx) => changePayment(tx, paymentId, change, at))
  const raise = { pspId: held.pspId, amount: money(90_000, 'EUR'), idempotencyKey: 'raise' }
  expect(await ports('account').increase(raise)).toEqual({ kind: 'refused', code: 'credit_limit' })
})

describe('messages of a provider', () => {
  test('are read only for a kind that has a provider, and only with its secret', () => {
    const read = openProviderEvents({ STRIPE_WEBHOOK_SECRET: 'whsec_1' })
    expect(read('card')?.kind).toBe('card')
    for (const name of ['account', 'cash', '__proto__', '']) expect(read(name)).toBeUndefined()
    expect(openProviderEvents({})('card')).toBeUndefined()
  })

  test('are never opened with settings that are wrong, and no value is named', () => {
    const { db } = database
    const env = { STRIPE_API_KEY: 'sk_test_secret', STRIPE_PORT: 'sk_test_secret' }
    expect(() => openPayments({ db, env })).toThrow(/STRIPE_PORT/)
    expect(() => openPayments({ db, env })).not.toThrow(/sk_test_secret/)
  })
})

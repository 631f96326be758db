import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { changePayment, openPayment } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import {
  pspAccountOf,
  putPspAccount,
  rotatePspAccount,
} from '@chargelane/db/queries/payments/psp-accounts'
import { putPaymentEndpoint } from '@chargelane/db/queries/payments/payment-endpoints'
import { openSubjects } from '@chargelane/db/queries/operations/incidents'
import { listEvents } from '@chargelane/db/queries/outbox/outbox'
import { heldOnAccount, putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { testDatabase } from '@chargelane/db/testing'
import type { TestDatabase } from '@chargelane/db/testing'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import {
  callbackKinds,
  paymentKindNames,
  paymentKindTexts,
} from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import { money } from '@chargelane/rules/money'
import { openPrepaid, payIn } from '../books/prepaid.ts'
import { type FakePartner, startFakePartner } from './callback/partner.fake.ts'
import { openPayments, openProviderEvents, paymentKinds } from './kinds.ts'
import type { PaymentPorts } from './kinds.ts'
import { createFakePayments } from './payment.fake.ts'
import { createPartnerPayments } from './partner-psp/partner-psp.ts'
import { MoneyFailure } from './payment.ts'
import { roomOf } from './prepaid/balance.ts'

const at = '2026-11-21T10:00:00.000Z'
const hold = money(2_500, 'EUR')
let database: TestDatabase
let ports: PaymentPorts
let partnerId: string

let peer: FakePartner
/** The partner's own payment provider. */
const ofPartner = createFakePayments()
const open = () => ({ payments: ofPartner, knowsMethod: () => Promise.resolve(true) })
const now = () => new Date()
const credentials = () =>
  Promise.reject(new MoneyFailure('no such key', { code: 'psp_credentials', retryable: false }))

beforeAll(async () => {
  database = await testDatabase()
  peer = await startFakePartner()
  const { db } = database
  const env = { WEBHOOK_ALLOW_LOOPBACK: 'true' }
  ports = openPayments(
    { db, env, now },
    { card: createFakePayments(), partner_psp: createPartnerPayments({ db, now, open }) },
  )
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
  await db.tx(async (tx) => {
    await putCreditLine(tx, { accountId: partnerId, limit: money(200_000, 'EUR'), at })
    const { url, secret } = peer
    for (const kind of callbackKinds)
      await putPaymentEndpoint(tx, { accountId: partnerId, kind, url, secret, at })
    await putPspAccount(tx, pspAccount(partnerId))
  })
  await openPrepaid(db, { accountId: partnerId, lowBelow: money(3_000, 'EUR'), now: at })
  const paidIn = { account: partnerId, amount: money(40_000, 'EUR'), received_at: at }
  await payIn(db, { ...paidIn, reference: 'BANK-1' }, { keyId: 'test', now: at })
})
afterAll(async () => {
  await peer.stop()
  await database.stop()
})

const pspAccount = (accountId: string) => ({
  accountId,
  mode: 'restricted_key' as const,
  providerAccount: `acct_${accountId.slice(-8)}`,
  credential: 'rk_test_partner1',
  webhookSecret: 'whsec_of_the_partner',
  publishableKey: null,
  at,
})

const methodOf = (kind: PaymentKind) =>
  ({ of_provider: 'pm_card_visa', of_partner: `ref-${kind}`, none: null })[
    paymentKindTexts[kind].method
  ]

/** A payment of the kind, and the request that asks its port for the hold. */
async function ask(kind: PaymentKind) {
  const { db } = database
  const driver = await getOrCreateDriver(db, partnerId, kind, at)
  const pspPaymentMethod = methodOf(kind)
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

/** A hold of the kind that stands, in the row as well. */
async function held(kind: PaymentKind) {
  const request = await ask(kind)
  const outcome = await ports(kind).authorize(request)
  if (outcome.kind !== 'authorized') throw new Error(`expected a hold, got ${outcome.kind}`)
  const { pspId, captureBefore } = outcome
  await change(request.paymentId, { status: 'authorized', pspId, captureBefore })
  return { ...request, pspId, captureBefore }
}

type Change = Parameters<typeof changePayment>[2]
const change = (paymentId: string, patch: Change) =>
  database.db.tx((tx) => changePayment(tx, paymentId, patch, at))

async function captured(kind: PaymentKind, amount: Money) {
  const payment = await held(kind)
  const order = { pspId: payment.pspId, amount, idempotencyKey: `${payment.paymentId}:capture` }
  const outcome = await ports(kind).capture(order)
  if (outcome.kind !== 'captured') throw new Error(`expected money, got ${outcome.kind}`)
  await change(payment.paymentId, { status: 'captured', captured: outcome.amount })
  return { payment, order, outcome }
}

// The matrix: every kind of payment through the same flows.
describe.each(paymentKindNames)('a payment of kind %s', (kind) => {
  const traits = paymentKinds[kind]

  test('is held as long as its traits say, and found again', async () => {
    const { captureBefore, pspId, paymentId } = await held(kind)
    expect(captureBefore === null).toBe(traits.holdEnds !== 'at_provider')
    for (const query of [{ paymentId }, { pspId }])
      expect(await ports(kind).find(query)).toMatchObject({
        kind: 'authorized',
        pspId,
        amount: hold,
      })
  })

  test('is captured in part, and found captured', async () => {
    const { payment, outcome } = await captured(kind, money(1_180, 'EUR'))
    expect(outcome.amount).toEqual(money(1_180, 'EUR'))
    expect(outcome.fee !== null).toBe(traits.hasFee)
    const found = await ports(kind).find({ pspId: payment.pspId })
    expect(found).toMatchObject({ kind: 'captured', amount: money(1_180, 'EUR') })
  })

  test('is raised to the amount that is wanted, or says that it is not', async () => {
    const { paymentId, pspId } = await held(kind)
    const raise = { pspId, amount: money(4_000, 'EUR'), idempotencyKey: `${paymentId}:increase` }
    for (let time = 0; time < 2; time++)
      expect(await ports(kind).increase(raise)).toMatchObject(
        traits.can.raise
          ? { kind: 'increased', amount: money(4_000, 'EUR') }
          : { kind: 'refused', code: 'not_supported_by_kind' },
      )
  })

  test('is given back in part after the capture, each refund once', async () => {
    const { payment } = await captured(kind, money(2_000, 'EUR'))
    const { pspId, paymentId } = payment
    const refundId = `ref_${paymentId}`
    const amount = money(500, 'EUR')
    const refund = { pspId, refundId, amount, idempotencyKey: `${refundId}:refund` }
    const given = await ports(kind).refund(refund)
    expect(given).toMatchObject({ kind: 'refunded', amount })
    expect(await ports(kind).refund(refund)).toEqual(given)
  })

  test('is given back whole before the capture, and free for the next', async () => {
    const { pspId, paymentId } = await held(kind)
    const order = { pspId, idempotencyKey: `${paymentId}:void` }
    expect(await ports(kind).void(order)).toMatchObject({ kind: 'voided' })
  })

  test('that was captured is not voided', async () => {
    const { payment } = await captured(kind, money(700, 'EUR'))
    const order = { pspId: payment.pspId, idempotencyKey: `${payment.paymentId}:void` }
    expect(await ports(kind).void(order)).toMatchObject({
      kind: 'already_captured',
      amount: money(700, 'EUR'),
    })
  })

  test('is booked in its currency on an account that says who owes it', () => {
    const account = traits.ledgerAccount('acct_1', 'EUR')
    expect(account).toMatch(/^(?:asset|liability):.*:EUR$/)
    expect(account.includes('acct_1')).toBe(traits.owedBy !== 'provider')
    expect(traits.receiptNote('Partner GmbH') !== undefined).toBe(traits.owedBy !== 'provider')
  })
})

const kindsOwed = paymentKindNames.filter((kind) => kindsOwedByPartner.includes(kind))

test.each(kindsOwed)(
  'a hold of kind %s is not raised beyond what its partner may owe',
  async (kind) => {
    const { pspId, paymentId } = await held(kind)
    const raise = { pspId, amount: money(900_000, 'EUR'), idempotencyKey: `${paymentId}:too much` }
    const code = paymentKinds[kind].can.raise ? 'credit_limit' : 'not_supported_by_kind'
    expect(await ports(kind).increase(raise)).toEqual({ kind: 'refused', code })
  },
)

test('a prepaid hold reserves what is there, and no more than that, whoever asks at once', async () => {
  const { db } = database
  const before = await roomOf(db, { accountId: partnerId, currency: 'EUR' })
  const fits = Math.floor(before.available.amount / hold.amount)
  const wishes = []
  for (let n = 0; n < fits + 2; n++) wishes.push(await ask('prepaid'))
  const outcomes = await Promise.all(wishes.map((wish) => ports('prepaid').authorize(wish)))
  const count = (what: string) => outcomes.filter((outcome) => outcome.kind === what).length
  expect([count('authorized'), count('declined')]).toEqual([fits, 2])
  expect(outcomes).toContainEqual({ kind: 'declined', declineCode: 'prepaid_exhausted' })
  const low = (await listEvents(db, partnerId, 0, 100)).filter(
    ({ type }) => type === 'prepaid_balance.low',
  )
  expect(low).toHaveLength(1)
})

const order = (type: string, how: FakePartner['next'][number]['how']) => {
  peer.next.push({ type: `payment.${type}`, how })
}

describe('a partner’s payment endpoint', () => {
  test('that declines is a decline with its own code', async () => {
    order('authorize', 'decline')
    const outcome = await ports('wallet').authorize(await ask('wallet'))
    expect(outcome).toMatchObject({ kind: 'declined', declineCode: 'insufficient_funds' })
  })

  test.each(['silent', 'error', 'nonsense', 'lost'] as const)(
    'that is %s approves nothing, and what became of it is asked for',
    async (how) => {
      const request = await ask('wallet')
      order('authorize', how)
      await expect(ports('wallet').authorize(request)).rejects.toMatchObject({ retryable: true })
      const { paymentId } = request
      const found = await ports('wallet').find({ paymentId })
      expect(found.kind).toBe(how === 'lost' ? 'authorized' : 'none')
      // Asked again under the same id it is one hold.
      expect(await ports('wallet').authorize(request)).toMatchObject({ kind: 'authorized' })
      const ids = peer.asked.filter(({ payment, type }) => {
        return payment === paymentId && type === 'payment.authorize'
      })
      expect(new Set(ids.map(({ id }) => id)).size).toBe(1)
    },
  )

  test.each(['less', 'more', 'other_currency'] as const)(
    'that approves %s than it was asked for holds nothing, and is told so',
    async (how) => {
      const request = await ask('wallet')
      order('authorize', how)
      expect(await ports('wallet').authorize(request)).toMatchObject({
        kind: 'declined',
        declineCode: 'partial_approval',
      })
      expect(peer.holds.get(request.paymentId)).toMatchObject({ status: 'voided', held: 0 })
    },
  )

  test('that takes less than was asked for has taken that', async () => {
    const { pspId, paymentId } = await held('wallet')
    order('capture', 'less')
    const capture = { pspId, amount: money(900, 'EUR'), idempotencyKey: `${paymentId}:capture` }
    expect(await ports('wallet').capture(capture)).toMatchObject({
      kind: 'captured',
      amount: money(450, 'EUR'),
    })
  })

  test('whose capture reply was lost captures once', async () => {
    const { pspId, paymentId } = await held('wallet')
    order('capture', 'lost')
    const capture = { pspId, amount: money(900, 'EUR'), idempotencyKey: `${paymentId}:capture` }
    await expect(ports('wallet').capture(capture)).rejects.toMatchObject({ retryable: true })
    expect(await ports('wallet').capture(capture)).toMatchObject({ kind: 'captured' })
    expect(peer.holds.get(paymentId)).toMatchObject({ captured: 900, held: 0 })
  })

  test('may end its holds by itself', async () => {
    peer.expiresAt = '2026-01-01T00:00:00Z'
    const { pspId, captureBefore } = await held('wallet')
    peer.expiresAt = undefined
    expect(captureBefore).toBe('2026-01-01T00:00:00.000Z')
    expect(await ports('wallet').find({ pspId })).toMatchObject({
      kind: 'voided',
      reason: 'expired',
    })
  })

  test('is asked nothing beyond the credit line', async () => {
    const request = await ask('wallet')
    const asked = peer.asked.length
    const outcome = await ports('wallet').authorize({ ...request, amount: money(900_000, 'EUR') })
    expect(outcome).toEqual({ kind: 'declined', declineCode: 'credit_limit' })
    expect(peer.asked).toHaveLength(asked)
  })

  test('with another secret, and one inside our own network, approve nothing', async () => {
    const { db } = database
    const put = (endpoint: { url: string; secret: string }) =>
      db.tx((tx) =>
        putPaymentEndpoint(tx, { accountId: partnerId, kind: 'fuel_card', ...endpoint, at }),
      )
    const { url, secret } = peer
    for (const endpoint of [
      {
        url,
        secret: `whsec_${Buffer.from('another secret, thirty-two bytes!').toString('base64')}`,
      },
      { url: 'https://10.0.0.1/pay', secret },
      { url: 'https://metadata.internal:8443/pay', secret },
    ]) {
      await put(endpoint)
      expect(await ports('fuel_card').authorize(await ask('fuel_card'))).toMatchObject({
        kind: 'declined',
        declineCode: 'payment_endpoint_refused',
      })
    }
    await put({ url, secret })
  })
})

/** The partner's provider takes these of our keys. */
const withKeys = (good: readonly (string | null)[]) =>
  createPartnerPayments({
    db: database.db,
    now: () => new Date(),
    open: ({ credential }) => ({
      payments: good.includes(credential)
        ? ofPartner
        : {
            ...ofPartner,
            authorize: credentials,
            capture: credentials,
            find: credentials,
            void: credentials,
          },
      knowsMethod: () => Promise.resolve(true),
    }),
  })

describe('a partner’s own payment provider', () => {
  test('is asked with the key before as long as both count, and not a moment longer', async () => {
    const { db } = database
    const before = await pspAccountOf(db, partnerId)
    if (before === undefined) throw new Error('no account')
    const rotate = (previousUntil: string) =>
      db.tx((tx) => rotatePspAccount(tx, before, { credential: 'rk_test_new', previousUntil, at }))
    const old = withKeys(['rk_test_partner1'])
    await rotate('2099-01-01T00:00:00.000Z')
    expect(await old.authorize(await ask('partner_psp'))).toMatchObject({ kind: 'authorized' })
    await rotate('2026-01-01T00:00:00.000Z')
    expect(await old.authorize(await ask('partner_psp'))).toMatchObject({
      kind: 'declined',
      declineCode: 'psp_account_revoked',
    })
    await db.tx((tx) => putPspAccount(tx, pspAccount(partnerId)))
  })

  test('that takes our key no more refuses the next hold unasked, gives ours back, and is told of once', async () => {
    const { db } = database
    const { pspId, paymentId } = await held('partner_psp')
    const gone = withKeys([])
    const capture = { pspId, amount: money(900, 'EUR'), idempotencyKey: `${paymentId}:capture` }
    expect(await gone.find({ pspId })).toMatchObject({ kind: 'authorized', amount: hold })
    expect(await gone.capture(capture)).toEqual({ kind: 'refused', code: 'psp_account_revoked' })
    expect(await gone.void(capture)).toMatchObject({ kind: 'voided' })
    expect(await pspAccountOf(db, partnerId)).toMatchObject({ status: 'revoked' })
    const asked = ofPartner.calls.length
    const again = await ports('partner_psp').authorize(await ask('partner_psp'))
    expect(again).toMatchObject({ kind: 'declined', declineCode: 'psp_account_revoked' })
    expect(ofPartner.calls).toHaveLength(asked)
    expect(await openSubjects(db, 'psp_account_refused')).toHaveLength(1)
    await db.tx((tx) => putPspAccount(tx, pspAccount(partnerId)))
    expect(await ports('partner_psp').authorize(await ask('partner_psp'))).toMatchObject({
      kind: 'authorized',
    })
  })

  test('is not asked beyond the credit line, and a challenged payer holds a part of it', async () => {
    const request = await ask('partner_psp')
    const asked = ofPartner.calls.length
    const outcome = await ports('partner_psp').authorize({
      ...request,
      amount: money(900_000, 'EUR'),
    })
    expect(outcome).toEqual({ kind: 'declined', declineCode: 'credit_limit' })
    expect(ofPartner.calls).toHaveLength(asked)
    const whose = { accountId: partnerId, currency: 'EUR' }
    const before = await heldOnAccount(database.db, whose)
    ofPartner.next.push('requires_action')
    const challenged = await ask('partner_psp')
    const told = await ports('partner_psp').authorize(challenged)
    if (told.kind !== 'requires_action') throw new Error(`expected a challenge, got ${told.kind}`)
    await change(challenged.paymentId, { status: 'requires_action', pspId: told.pspId })
    const after = await heldOnAccount(database.db, whose)
    expect(after.amount - before.amount).toBe(hold.amount)
  })
})

describe('messages of a provider', () => {
  test('are read only for a kind that has a provider, and only with its secret', () => {
    const read = openProviderEvents({ STRIPE_WEBHOOK_SECRET: 'whsec_1' })
    expect(read('card')?.kind).toBe('card')
    for (const name of ['account', 'wallet', 'prepaid', 'cash', '__proto__', ''])
      expect(read(name)).toBeUndefined()
    expect(openProviderEvents({})('card')).toBeUndefined()
  })

  test('are never opened with settings that are wrong, and no value is named', () => {
    const { db } = database
    const env = { STRIPE_API_KEY: 'sk_test_secret', STRIPE_PORT: 'sk_test_secret' }
    expect(() => openPayments({ db, env, now: () => new Date() })).toThrow(/STRIPE_PORT/)
    expect(() => openPayments({ db, env, now: () => new Date() })).not.toThrow(/sk_test_secret/)
  })
})

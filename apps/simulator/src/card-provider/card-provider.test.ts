import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MoneyFailure, type PaymentPort } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { authorizeWith, connect, control as order, eur, holdOf } from './testing.ts'

let provider: PaymentProvider
let payments: PaymentPort

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
})
afterEach(() => provider.stop())

const isk = (amount: number) => ({ amount, currency: 'ISK' })
const control = (path: string, body: object) => order(provider, path, body)
const fault = (operation: string, action: object, more: object = {}) =>
  control('faults', { operation, action, times: 1, ...more })

const authorize = (
  paymentMethod = 'pm_card_visa',
  more: Partial<Parameters<PaymentPort['authorize']>[0]> = {},
) => authorizeWith(payments, paymentMethod, more)

const hold = async (paymentMethod = 'pm_card_visa') => (await holdOf(payments, paymentMethod)).pspId

const capture = (pspId: string, amount = 1234, idempotencyKey = 'ses_1:capture') =>
  payments.capture({ pspId, amount: eur(amount), idempotencyKey })

async function failure(call: Promise<unknown>): Promise<MoneyFailure> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(MoneyFailure)
  return error as MoneyFailure
}

async function faultsLeft(): Promise<unknown> {
  return (await fetch(`${provider.url}/_control/faults`)).json()
}

describe('a payment that goes well', () => {
  test('a hold is captured in part, its rest is released, and the fee is the provider’s own', async () => {
    const outcome = await authorize()
    expect(outcome).toMatchObject({ kind: 'authorized' })
    expect(provider.openHolds()).toEqual([
      { pspId: expect.any(String), paymentId: 'pay_1', amount: 5000, currency: 'eur' },
    ])
    const pspId = await hold()
    const captured = await capture(pspId)
    // 1.5 % of 12.34 is 18.51 cents, rounded to 19, plus 25.
    expect(captured).toMatchObject({ kind: 'captured', pspId, amount: eur(1234), fee: eur(44) })
    expect(provider.openHolds()).toEqual([])
    expect(provider.captures()).toEqual([
      {
        pspId,
        paymentId: 'pay_1',
        sessionId: 'ses_1',
        amount: 1234,
        currency: 'eur',
        fee: 44,
        balanceTransaction: expect.stringMatching(/^txn_/),
      },
    ])
    expect(await payments.find({ pspId })).toEqual(captured)
  })

  test('a currency without minor units travels as Stripe wants it and comes back as ours', async () => {
    const outcome = await authorize('pm_card_visa', { amount: isk(4000) })
    if (outcome.kind !== 'authorized') throw new Error(outcome.kind)
    expect(provider.openHolds()).toMatchObject([{ amount: 400_000, currency: 'isk' }])
    const captured = await payments.capture({
      pspId: outcome.pspId,
      amount: isk(3111),
      idempotencyKey: 'k',
    })
    expect(captured).toMatchObject({ kind: 'captured', amount: isk(3111), fee: isk(47) })
  })

  test('a released hold is voided once and for all, and a captured one cannot be', async () => {
    const pspId = await hold()
    const voided = { kind: 'voided', pspId, reason: 'requested' }
    expect(await payments.void({ pspId, idempotencyKey: 'void' })).toEqual(voided)
    expect(await payments.void({ pspId, idempotencyKey: 'another' })).toEqual(voided)
    expect(await capture(pspId)).toEqual({ kind: 'refused', code: 'authorization_voided' })
    const second = await authorize('pm_card_visa', { paymentId: 'pay_2', idempotencyKey: 'second' })
    if (second.kind !== 'authorized') throw new Error(second.kind)
    await capture(second.pspId, 900, 'second:capture')
    expect(await payments.void({ pspId: second.pspId, idempotencyKey: 'late' })).toEqual({
      kind: 'already_captured',
      pspId: second.pspId,
      amount: eur(900),
    })
  })
})

describe('an issuer that says no', () => {
  test.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedStolenCard', 'stolen_card'],
  ])(
    '%s is declined with its code, leaves no hold, and is found declined',
    async (card, declineCode) => {
      const outcome = await authorize(card)
      expect(outcome).toMatchObject({
        kind: 'declined',
        declineCode,
        pspId: expect.stringMatching(/^pi_/),
      })
      expect(provider.openHolds()).toEqual([])
      expect(await payments.find({ paymentId: 'pay_1' })).toEqual(outcome)
      expect(await authorize(card)).toEqual(outcome)
    },
  )

  test('a payment method that does not exist is a decline, not an outage', async () => {
    expect(await authorize('pm_nobody')).toEqual({
      kind: 'declined',
      declineCode: 'payment_method_unusable',
    })
  })

  test('an ordered decline hits the session it names and no other', async () => {
    await fault(
      'payment_intents.create',
      { kind: 'decline', decline_code: 'do_not_honor' },
      { match: { session_id: 'ses_2' } },
    )
    expect(await authorize()).toMatchObject({ kind: 'authorized' })
    const other = { sessionId: 'ses_2', paymentId: 'pay_2', idempotencyKey: 'ses_2:authorize' }
    expect(await authorize('pm_card_visa', other)).toMatchObject({
      kind: 'declined',
      declineCode: 'do_not_honor',
    })
  })

  test('a capture the issuer refuses leaves the hold, which can still be released', async () => {
    const pspId = await hold('pm_sandbox_captureFails')
    expect(await capture(pspId)).toEqual({ kind: 'refused', code: 'generic_decline' })
    expect(provider.captures()).toEqual([])
    expect(await payments.void({ pspId, idempotencyKey: 'void' })).toMatchObject({ kind: 'voided' })
  })
})

describe('3-D Secure', () => {
  test('the hold waits for the driver and stands once the challenge is passed', async () => {
    const outcome = await authorize('pm_card_authenticationRequired')
    if (outcome.kind !== 'requires_action') throw new Error(outcome.kind)
    expect(outcome.clientSecret).toMatch(/^pi_\w+_secret_\w+$/)
    expect(provider.openHolds()).toEqual([])
    expect(await payments.find({ pspId: outcome.pspId })).toEqual(outcome)
    await control(`payment_intents/${outcome.pspId}/authenticate`, { outcome: 'passed' })
    expect(await payments.find({ pspId: outcome.pspId })).toMatchObject({
      kind: 'authorized',
      amount: eur(5000),
    })
    // The same call again must tell what is, and not what was when the key was first used.
    expect(await authorize('pm_card_authenticationRequired')).toMatchObject({ kind: 'authorized' })
  })

  test('a failed challenge is a decline, and an abandoned one can be voided', async () => {
    const failed = await authorize('pm_card_authenticationRequired')
    if (failed.kind !== 'requires_action') throw new Error(failed.kind)
    await control(`payment_intents/${failed.pspId}/authenticate`, { outcome: 'failed' })
    expect(await payments.find({ pspId: failed.pspId })).toMatchObject({
      kind: 'declined',
      declineCode: 'payment_intent_authentication_failure',
    })
    const left = await authorize('pm_card_authenticationRequired', {
      paymentId: 'pay_2',
      idempotencyKey: 'k2',
    })
    if (left.kind !== 'requires_action') throw new Error(left.kind)
    expect(await payments.void({ pspId: left.pspId, idempotencyKey: 'v' })).toMatchObject({
      kind: 'voided',
    })
  })

  test('a challenge asked for without the driver is a terminal decline', async () => {
    expect(await authorize('pm_card_authenticationRequired', { offSession: true })).toMatchObject({
      kind: 'declined',
      declineCode: 'authentication_required',
    })
  })
})

describe('a reply that never came', () => {
  test('a hold whose reply was lost is found by our id, before and after search knows it', async () => {
    const createdAfter = new Date().toISOString()
    await fault('payment_intents.create', { kind: 'lose_reply' }, { times: 2 })
    expect(await failure(authorize())).toMatchObject({
      name: 'MoneyUnavailable',
      code: 'psp_unreachable',
    })
    const found = await payments.find({ paymentId: 'pay_1', createdAfter })
    expect(found).toMatchObject({ kind: 'authorized', amount: eur(5000) })
    await control('clock', { advance_seconds: 120 })
    expect(await payments.find({ paymentId: 'pay_1' })).toEqual(found)
    expect(await authorize()).toMatchObject({ kind: 'authorized' })
    expect(provider.openHolds()).toHaveLength(1)
  })

  test('a capture whose answer never came is found, and asking again moves no money', async () => {
    const pspId = await hold('pm_sandbox_captureTimesOut')
    expect(await failure(capture(pspId))).toMatchObject({ name: 'MoneyUnavailable' })
    const found = await payments.find({ pspId })
    expect(found).toMatchObject({ kind: 'captured', amount: eur(1234) })
    expect(await capture(pspId)).toEqual(found)
    expect(await capture(pspId, 1234, 'another key')).toEqual(found)
    expect(provider.captures()).toHaveLength(1)
  })

  test('one closed socket is ridden out under the same key, and money moves once', async () => {
    await fault('payment_intents.create', { kind: 'lose_reply' })
    const pspId = await hold()
    expect(provider.openHolds()).toHaveLength(1)
    await fault('payment_intents.capture', { kind: 'lose_reply' })
    expect(await capture(pspId)).toMatchObject({ kind: 'captured' })
    expect(provider.captures()).toHaveLength(1)
  })

  test('a void whose reply was lost has released the hold', async () => {
    const pspId = await hold()
    await fault('payment_intents.cancel', { kind: 'lose_reply' }, { times: 2 })
    expect(await failure(payments.void({ pspId, idempotencyKey: 'v' }))).toMatchObject({
      retryable: true,
    })
    expect(await payments.void({ pspId, idempotencyKey: 'v' })).toMatchObject({ kind: 'voided' })
    expect(provider.openHolds()).toEqual([])
  })

  test('a request that was never worked on is found to be none and succeeds under the same key', async () => {
    await fault('payment_intents.create', { kind: 'timeout' })
    const hasty = connect(provider, 500)
    expect(await failure(authorizeWith(hasty))).toMatchObject({ code: 'psp_unreachable' })
    expect(await payments.find({ paymentId: 'pay_1' })).toEqual({ kind: 'none' })
    expect(await authorize()).toMatchObject({ kind: 'authorized' })
    expect(provider.openHolds()).toHaveLength(1)
  })

  test('an answer after our patience is an unknown ending, not a second payment', async () => {
    const pspId = await hold()
    await fault('payment_intents.capture', { kind: 'late', delay_ms: 3_000 })
    payments = connect(provider, 500)
    expect(await failure(capture(pspId))).toMatchObject({ retryable: true })
    payments = connect(provider)
    expect(await capture(pspId)).toMatchObject({ kind: 'captured' })
    expect(provider.captures()).toHaveLength(1)
  })

  test('while the first request is still at work, the same key is told to wait', async () => {
    await fault('payment_intents.create', { kind: 'slow', delay_ms: 1_000 })
    const first = authorize()
    // The order is used up as soon as the first request is at work.
    await expect.poll(faultsLeft).toEqual([])
    expect(await failure(authorize())).toMatchObject({
      code: 'idempotency_key_in_use',
      retryable: true,
    })
    expect(await first).toMatchObject({ kind: 'authorized' })
    expect(provider.openHolds()).toHaveLength(1)
  })

  test('find without a match in the whole window says none, and an unknown id too', async () => {
    await hold()
    expect(await payments.find({ paymentId: 'pay_9' })).toEqual({ kind: 'none' })
    expect(await payments.find({ pspId: 'pi_nobody' })).toEqual({ kind: 'none' })
    expect(await failure(payments.find({ paymentId: "x' OR status:'succeeded" }))).toMatchObject({
      code: 'payment_id_invalid',
    })
  })
})

describe('a provider in trouble', () => {
  test.each([
    ['rate_limit', 'psp_rate_limited'],
    ['unavailable', 'psp_error'],
  ])(
    '%s is thrown as worth a retry, and the retry under the same key succeeds',
    async (kind, code) => {
      await fault('payment_intents.create', { kind })
      expect(await failure(authorize())).toMatchObject({ name: 'MoneyUnavailable', code })
      expect(await authorize()).toMatchObject({ kind: 'authorized' })
    },
  )

  test.each([false, true])(
    'a stored 500 (acted: %s) is passed on the next try without a second hold',
    async (acted) => {
      await fault('payment_intents.create', { kind: 'error', acted })
      expect(await failure(authorize())).toMatchObject({
        name: 'MoneyUnavailable',
        code: 'psp_error',
      })
      expect(await authorize()).toMatchObject({ kind: 'authorized' })
      expect(await authorize()).toMatchObject({ kind: 'authorized' })
      expect(provider.openHolds()).toHaveLength(1)
    },
  )

  test.each([false, true])(
    'a stored 500 (acted: %s) on capture never captures twice',
    async (acted) => {
      const pspId = await hold()
      await fault('payment_intents.capture', { kind: 'error', acted })
      expect(await failure(capture(pspId))).toMatchObject({ code: 'psp_error' })
      expect(await capture(pspId)).toMatchObject({ kind: 'captured' })
      expect(provider.captures()).toHaveLength(1)
    },
  )

  test('reads ride through a short outage by themselves', async () => {
    const pspId = await hold()
    await fault('payment_intents.retrieve', { kind: 'unavailable' })
    expect(await payments.find({ pspId })).toMatchObject({ kind: 'authorized' })
  })
})

describe('money that must not move', () => {
  test('a capture above the hold is refused and the hold stays', async () => {
    const pspId = await hold()
    expect(await capture(pspId, 5001)).toEqual({ kind: 'refused', code: 'amount_too_large' })
    expect(provider.captures()).toEqual([])
    expect(provider.openHolds()).toHaveLength(1)
  })

  test('a capture in another currency than the hold is our own mistake and sends nothing', async () => {
    const pspId = await hold()
    const call = payments.capture({
      pspId,
      amount: { amount: 1234, currency: 'CHF' },
      idempotencyKey: 'k',
    })
    expect(await failure(call)).toMatchObject({ name: 'MoneyRefused', code: 'currency_mismatch' })
    expect(provider.captures()).toEqual([])
  })

  test('a key used for another body is refused and changes nothing', async () => {
    await hold()
    const call = authorize('pm_card_visa', { amount: eur(6000) })
    expect(await failure(call)).toMatchObject({
      name: 'MoneyRefused',
      code: 'idempotency_key_reused',
    })
    expect(provider.openHolds()).toMatchObject([{ amount: 5000 }])
  })

  test('a hold past its time is released by the provider and can not be captured', async () => {
    const pspId = await hold('pm_sandbox_expiresEarly')
    await control('clock', { advance_seconds: 61 })
    expect(provider.openHolds()).toEqual([])
    expect(await payments.find({ pspId })).toEqual({ kind: 'voided', pspId, reason: 'expired' })
    expect(await capture(pspId)).toEqual({ kind: 'refused', code: 'authorization_expired' })
  })
})

describe('a provider that was stopped', () => {
  test('started again on its file it knows holds, captures, keys and its clock', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'payment-provider-'))
    const stateFile = join(folder, 'state.jsonl')
    await provider.stop()
    provider = await startPaymentProvider({ port: 0, stateFile })
    payments = connect(provider)
    const pspId = await hold()
    await control('clock', { advance_seconds: 3600 })
    const captured = await capture(pspId)
    const other = await authorize('pm_card_visa', { paymentId: 'pay_2', idempotencyKey: 'two' })
    const before = { captures: provider.captures(), holds: provider.openHolds() }
    await provider.stop()
    provider = await startPaymentProvider({ port: 0, stateFile })
    payments = connect(provider)
    expect({ captures: provider.captures(), holds: provider.openHolds() }).toEqual(before)
    expect(await capture(pspId)).toEqual(captured)
    expect(await authorize('pm_card_visa', { paymentId: 'pay_2', idempotencyKey: 'two' })).toEqual(
      other,
    )
    expect(provider.captures()).toHaveLength(1)
    rmSync(folder, { recursive: true })
  })
})

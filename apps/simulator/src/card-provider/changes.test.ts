import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PaymentPort } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { connect, control, eur, holdOf } from './testing.ts'

let provider: PaymentProvider
let payments: PaymentPort

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
})
afterEach(() => provider.stop())

const raise = (pspId: string, amount = 9_000) =>
  payments.increase({ pspId, amount: eur(amount), idempotencyKey: `pay_1:increase:${amount}` })

const giveBack = (pspId: string, amount: number, refundId = 're_1') =>
  payments.refund({ pspId, refundId, amount: eur(amount), idempotencyKey: `${refundId}:refund` })

const loseReply = (operation: string) =>
  control(provider, 'faults', { operation, action: { kind: 'lose_reply' }, times: 2 })

test('a hold is raised where the card allows it, and captured up to what it is then', async () => {
  const { pspId, captureBefore } = await holdOf(payments)
  expect(await raise(pspId)).toMatchObject({
    kind: 'increased',
    pspId,
    amount: eur(9_000),
    captureBefore,
  })
  expect(provider.openHolds()).toMatchObject([{ pspId, amount: 9_000 }])
  const order = { pspId, amount: eur(8_000), idempotencyKey: 'pay_1:capture' }
  expect(await payments.capture(order)).toMatchObject({ kind: 'captured', amount: eur(8_000) })
  expect(await raise(pspId, 10_000)).toMatchObject({ kind: 'refused', code: 'unexpected_state' })
})

test('a hold that is high enough already is left as it is', async () => {
  const { pspId } = await holdOf(payments)
  await raise(pspId)
  expect(await raise(pspId, 7_000)).toMatchObject({ kind: 'increased', amount: eur(9_000) })
})

test('a raise whose reply was lost is found, not asked again', async () => {
  const { pspId } = await holdOf(payments)
  await loseReply('payment_intents.increment_authorization')
  await expect(raise(pspId)).rejects.toThrow(/card provider/)
  expect(await raise(pspId)).toMatchObject({ kind: 'increased', amount: eur(9_000) })
})

test.each([
  ['pm_sandbox_neverRaised', 'not_supported_by_card'],
  ['pm_sandbox_raiseDeclined', 'insufficient_funds'],
])('%s is not raised, and its hold stays as it was', async (card, code) => {
  const { pspId } = await holdOf(payments, card)
  expect(await raise(pspId)).toEqual({ kind: 'refused', code })
  expect(await payments.find({ pspId })).toMatchObject({ kind: 'authorized', amount: eur(5_000) })
})

test('captured money is given back in parts, each once, and never more than was captured', async () => {
  const { pspId } = await holdOf(payments)
  await payments.capture({ pspId, amount: eur(1_000), idempotencyKey: 'pay_1:capture' })
  await loseReply('refunds.create')
  await expect(giveBack(pspId, 400)).rejects.toThrow(/card provider/)
  const first = await giveBack(pspId, 400)
  expect(first).toMatchObject({ kind: 'refunded', amount: eur(400) })
  expect(await giveBack(pspId, 400)).toEqual(first)
  expect(await giveBack(pspId, 600, 're_2')).toMatchObject({ kind: 'refunded' })
  expect(await giveBack(pspId, 1, 're_3')).toMatchObject({ kind: 'refused' })
})

test('a refund that is declined stays refused, moves nothing, and another may be made', async () => {
  const { pspId } = await holdOf(payments)
  await payments.capture({ pspId, amount: eur(1_000), idempotencyKey: 'pay_1:capture' })
  await control(provider, 'faults', {
    operation: 'refunds.create',
    match: { psp_id: pspId },
    action: { kind: 'decline', decline_code: 'lost_or_stolen_card' },
    times: 1,
  })
  const declined = { kind: 'refused', code: 'lost_or_stolen_card' }
  expect(await giveBack(pspId, 1_000)).toEqual(declined)
  expect(await giveBack(pspId, 1_000)).toEqual(declined)
  expect(await giveBack(pspId, 1_000, 're_1-2')).toMatchObject({
    kind: 'refunded',
    amount: eur(1_000),
  })
})

test('a refund that its bank returns is failed, in the balance again, and told', async () => {
  const { pspId } = await holdOf(payments)
  await payments.capture({ pspId, amount: eur(1_000), idempotencyKey: 'pay_1:capture' })
  expect(await giveBack(pspId, 400)).toMatchObject({ kind: 'refunded' })
  const reason = 'expired_or_canceled_card'
  const order = { payment_intent: pspId, failure_reason: reason }
  for (let time = 0; time < 2; time++) await control(provider, 'refunds/return', order)
  expect(await giveBack(pspId, 400)).toEqual({ kind: 'refused', code: reason })
  expect(await giveBack(pspId, 1_000, 're_2')).toMatchObject({ kind: 'refunded' })
})

test.each([
  ['session_id', 'ses_1'],
  ['payment_id', 'pay_1'],
])('an order may name the refund by the %s of its payment', async (name, id) => {
  const { pspId } = await holdOf(payments)
  await payments.capture({ pspId, amount: eur(1_000), idempotencyKey: 'pay_1:capture' })
  await control(provider, 'faults', {
    operation: 'refunds.create',
    match: { [name]: id },
    action: { kind: 'decline' },
  })
  expect(await giveBack(pspId, 1_000)).toMatchObject({ kind: 'refused' })
})

test('what was never captured cannot be given back', async () => {
  const { pspId } = await holdOf(payments)
  await expect(giveBack(pspId, 400)).rejects.toThrow()
})

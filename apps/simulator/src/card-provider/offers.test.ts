// What a card's network offers beyond one hold and one capture, and what it does not.
import { Stripe } from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PaymentPort } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { authorizeWith, connect, control, eur, holdOf } from './testing.ts'

let provider: PaymentProvider
let payments: PaymentPort
let stripe: Stripe

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
  const { hostname, port } = new URL(provider.url)
  stripe = new Stripe('sk_test_offers', { host: hostname, port: Number(port), protocol: 'http' })
})
afterEach(() => provider.stop())

const dayMs = 86_400_000

test.each([
  ['pm_card_visa', false, 30],
  ['pm_card_visa', true, 4.75],
  ['pm_card_visa_debit', false, 7],
  ['pm_card_mastercard', false, 30],
  ['pm_card_mastercard', true, 7],
  ['pm_card_amex', false, 7],
])('a hold of %s (off session: %s) stands %s days', async (card, offSession, days) => {
  const { captureBefore } = await holdOf(payments, card, { offSession })
  expect((Date.parse(captureBefore) - Date.now()) / dayMs).toBeCloseTo(days, 1)
})

test('a hold is raised ten times and no more, and what it is then is captured', async () => {
  const { pspId } = await holdOf(payments)
  const raise = (amount: number) =>
    payments.increase({ pspId, amount: eur(amount), idempotencyKey: `pay_1:increase:${amount}` })
  for (let time = 1; time <= 10; time++)
    expect(await raise(5_000 + time * 100)).toMatchObject({ kind: 'increased' })
  expect(await raise(9_000)).toEqual({ kind: 'refused', code: 'not_supported_by_card' })
  expect(await payments.find({ pspId })).toMatchObject({ amount: eur(6_000) })
})

test('a network that lets a capture exceed its hold says how far, also after a raise, and no further', async () => {
  const held = await authorizeWith(payments, 'pm_card_mastercard')
  expect(held).toMatchObject({ kind: 'authorized', amount: eur(5_000), most: eur(6_000) })
  if (held.kind !== 'authorized') throw new Error(held.kind)
  const { pspId } = held
  const raised = await payments.increase({ pspId, amount: eur(6_000), idempotencyKey: 'pay_1:up' })
  expect(raised).toMatchObject({ amount: eur(6_000), most: eur(7_200) })
  const capture = (amount: number) =>
    payments.capture({ pspId, amount: eur(amount), idempotencyKey: `pay_1:capture:${amount}` })
  expect(await capture(7_201)).toEqual({ kind: 'refused', code: 'amount_too_large' })
  expect(await capture(7_200)).toMatchObject({ kind: 'captured', amount: eur(7_200) })
})

test.each(['pm_card_visa', 'pm_card_amex', 'pm_sandbox_plain'])(
  'a capture of %s never exceeds its hold',
  async (card) => {
    const { pspId } = await holdOf(payments, card)
    expect(await payments.find({ pspId })).not.toHaveProperty('most')
    const order = { pspId, amount: eur(5_001), idempotencyKey: 'pay_1:capture' }
    expect(await payments.capture(order)).toEqual({ kind: 'refused', code: 'amount_too_large' })
  },
)

const several = {
  amount: 5_000,
  currency: 'eur',
  capture_method: 'manual',
  confirm: true,
  payment_method_options: { card: { request_multicapture: 'if_available' } },
} as const

test('one capture of several leaves the rest held, and the last one gives it back', async () => {
  const { id } = await stripe.paymentIntents.create({ ...several, payment_method: 'pm_card_visa' })
  const part = { amount_to_capture: 1_000, final_capture: false }
  expect(await stripe.paymentIntents.capture(id, part)).toMatchObject({
    status: 'requires_capture',
    amount_capturable: 4_000,
    amount_received: 1_000,
  })
  expect(await stripe.paymentIntents.capture(id, { amount_to_capture: 500 })).toMatchObject({
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: 1_500,
  })
  expect(provider.captures().map(({ amount }) => amount)).toEqual([1_000, 500])
})

test('what was captured of a hold stays when the rest of it expires', async () => {
  const { id } = await stripe.paymentIntents.create({ ...several, payment_method: 'pm_card_visa' })
  await stripe.paymentIntents.capture(id, { amount_to_capture: 1_000, final_capture: false })
  await control(provider, 'clock', { advance_seconds: 8 * 86_400 })
  expect(await payments.find({ pspId: id })).toMatchObject({
    kind: 'captured',
    amount: eur(1_000),
  })
})

test('a card without several captures takes one, and refuses what is not the last', async () => {
  const { id } = await stripe.paymentIntents.create({
    ...several,
    payment_method: 'pm_sandbox_plain',
  })
  const part = { amount_to_capture: 1_000, final_capture: false }
  await expect(stripe.paymentIntents.capture(id, part)).rejects.toMatchObject({
    param: 'final_capture',
  })
  expect(await stripe.paymentIntents.capture(id, { amount_to_capture: 1_000 })).toMatchObject({
    status: 'succeeded',
    amount_capturable: 0,
  })
})

test.each([
  ['pm_card_chargeDeclinedStolenCard', 'stolen_card', 'do_not_try_again'],
  ['pm_sandbox_fundsLater', 'insufficient_funds', 'try_again_later'],
  ['pm_sandbox_wrongData', 'incorrect_number', 'confirm_card_data'],
])('%s is declined with its issuer’s advice', async (card, declineCode, advice) => {
  const declined = await authorizeWith(payments, card)
  expect(declined).toMatchObject({ kind: 'declined', declineCode, advice, networkCode: '05' })
  if (declined.kind !== 'declined' || declined.pspId === undefined) throw new Error(declined.kind)
  expect(await payments.find({ pspId: declined.pspId })).toEqual(declined)
})

// A driver names a card on the partner's page: with the publishable key and a secret, to be kept or to pay at once.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStripeSetup } from '@chargelane/corridor/payment/card/stripe-setup'
import { openStripe } from '@chargelane/corridor/payment/card/stripe'
import type { PaymentPort, PaymentSetup } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { authorizeWith, connect, eur } from './testing.ts'

let provider: PaymentProvider
let payments: PaymentPort
let setups: PaymentSetup

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
  const { hostname: host, port } = new URL(provider.url)
  const at = { apiKey: 'sk_test_page', host, port: Number(port), protocol: 'http' } as const
  setups = createStripeSetup(openStripe(at), 'pk_test_page')
})
afterEach(() => provider.stop())

/** What the Payment Element does when the driver is done. */
const confirm = (what: string, id: string, secret: string, method: string) =>
  fetch(`${provider.url}/v1/${what}/${id}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer pk_test_page' },
    body: new URLSearchParams({ client_secret: secret, payment_method: method }),
  })

const applePay = { brand: 'visa', last4: '9010', expires: '2034-12', wallet: 'apple_pay' }
const googlePay = { brand: 'mastercard', last4: '9011', expires: '2034-12', wallet: 'google_pay' }

test('a card that is kept is begun once, shows its wallet, and pays without the driver afterwards', async () => {
  const begun = await setups.begin('psrc_1')
  expect(await setups.begin('psrc_1')).toEqual(begun)
  const { setup, customer, clientSecret } = begun
  expect(await setups.look(setup)).toEqual({
    kind: 'waiting',
    clientSecret,
    publishableKey: 'pk_test_page',
  })
  expect((await confirm('setup_intents', setup, 'wrong', 'pm_sandbox_applePay')).status).toBe(401)
  await confirm('setup_intents', setup, clientSecret, 'pm_sandbox_applePay')
  const named = await setups.look(setup)
  expect(named).toMatchObject({ kind: 'named', customer, card: applePay })
  if (named.kind !== 'named') throw new Error(named.kind)
  const held = await authorizeWith(payments, named.method, { customer, offSession: true })
  expect(held).toMatchObject({ kind: 'authorized', on: { method: named.method, customer } })
  await setups.detach(named.method)
  await setups.detach(named.method)
  expect(await setups.read(named.method)).toMatchObject({ customer: null })
})

test('a card that is refused on the page may be followed by another one there', async () => {
  const { setup, clientSecret } = await setups.begin('psrc_1')
  const refused = await confirm('setup_intents', setup, clientSecret, 'pm_card_chargeDeclined')
  expect(refused.status).toBe(402)
  expect(await setups.look(setup)).toMatchObject({
    kind: 'waiting',
    refusedBefore: 'generic_decline',
  })
  await confirm('setup_intents', setup, clientSecret, 'pm_card_visa')
  expect(await setups.look(setup)).toMatchObject({ kind: 'named', card: { last4: '4242' } })
})

/** A hold whose payer is yet to name a card. */
async function heldOnPage() {
  const { customer } = await setups.begin('psrc_1')
  const request = { paymentMethod: null, customer }
  const asked = await authorizeWith(payments, 'none', request)
  expect(await authorizeWith(payments, 'none', request)).toEqual(asked)
  if (asked.kind !== 'requires_action') throw new Error(asked.kind)
  return { ...asked, customer }
}

test('what the driver confirms on the page is the hold, with its wallet, and is captured like any other', async () => {
  const { pspId, clientSecret, customer } = await heldOnPage()
  expect(await payments.find({ pspId })).toMatchObject({ kind: 'requires_action', clientSecret })
  const refused = await confirm('payment_intents', pspId, clientSecret, 'pm_card_chargeDeclined')
  expect(refused.status).toBe(402)
  // The driver may try another card: nothing is decided yet.
  expect(await payments.find({ pspId })).toMatchObject({ kind: 'requires_action' })
  await confirm('payment_intents', pspId, clientSecret, 'pm_sandbox_googlePay')
  const held = await payments.find({ pspId })
  expect(held).toMatchObject({ kind: 'authorized', on: { customer, card: googlePay } })
  if (held.kind !== 'authorized' || held.on === undefined) throw new Error(held.kind)
  const again = await authorizeWith(payments, held.on.method, {
    paymentId: 'pay_2',
    idempotencyKey: 'pay_2:authorize',
    offSession: true,
    customer,
  })
  expect(again).toMatchObject({ kind: 'authorized' })
  const order = { pspId, amount: eur(900), idempotencyKey: 'pay_1:capture' }
  expect(await payments.capture(order)).toMatchObject({ kind: 'captured', amount: eur(900) })
})

test('a hold that its driver left on the page is given back', async () => {
  const { pspId } = await heldOnPage()
  expect(await payments.void({ pspId, idempotencyKey: 'pay_1:void' })).toMatchObject({
    kind: 'voided',
  })
})

test('without the driver there is nobody to name a card', async () => {
  const outcome = await authorizeWith(payments, 'none', { paymentMethod: null, offSession: true })
  expect(outcome).toEqual({ kind: 'declined', declineCode: 'payment_method_missing' })
})

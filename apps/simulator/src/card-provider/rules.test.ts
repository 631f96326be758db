// What the provider does not allow, and what a payer's own device may do.
import { Stripe } from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { verifyWebhook } from '@chargelane/corridor/payment/card/stripe-webhook'
import type { PaymentPort } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { authorizeWith, connect, control, eur, holdOf } from './testing.ts'

const zEvents = z.object({ data: z.array(z.looseObject({ id: z.string() })) })

let provider: PaymentProvider
let payments: PaymentPort

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
})
afterEach(() => provider.stop())

const capture = (pspId: string, amount: number, idempotencyKey = 'pay_1:capture') =>
  payments.capture({ pspId, amount: eur(amount), idempotencyKey })

const send = (path: string, key: string, body?: URLSearchParams) =>
  fetch(`${provider.url}/v1/payment_intents/${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { method: 'POST', body }),
  })

test('less than the currency’s minimum is captured by nobody, and the hold stands', async () => {
  const { pspId } = await holdOf(payments)
  const asked = new URLSearchParams({ amount_to_capture: '49' })
  const answer = await send(`${pspId}/capture`, 'sk_test_vitest', asked)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { code: 'amount_too_small' } })
  expect(await capture(pspId, 49)).toEqual({ kind: 'refused', code: 'amount_too_small' })
  expect(await payments.find({ pspId })).toMatchObject({ kind: 'authorized' })
  expect(await capture(pspId, 50)).toMatchObject({ kind: 'captured', amount: eur(50) })
})

test('a capture that is refused for now is taken under another key, not under the first', async () => {
  const { pspId } = await holdOf(payments)
  const decline = { kind: 'decline', decline_code: 'try_again_later' }
  await control(provider, 'faults', {
    operation: 'payment_intents.capture',
    action: decline,
    times: 1,
  })
  const refused = { kind: 'refused', code: 'try_again_later', mayAskAgain: true }
  expect(await capture(pspId, 900)).toEqual(refused)
  expect(await capture(pspId, 900)).toEqual(refused)
  expect(await capture(pspId, 900, 'pay_1:capture:1')).toMatchObject({ kind: 'captured' })
})

test('a payer’s device reads its own payment with the publishable key and the secret, and nothing more', async () => {
  const outcome = await authorizeWith(payments, 'pm_card_authenticationRequired')
  if (outcome.kind !== 'requires_action') throw new Error(outcome.kind)
  const { pspId, clientSecret } = outcome
  const mine = `${pspId}?client_secret=${clientSecret}`
  expect((await send(mine, 'pk_test_vitest')).status).toBe(200)
  for (const path of [pspId, `${pspId}?client_secret=${pspId}_secret_x`])
    expect((await send(path, 'pk_test_vitest')).status).toBe(401)
  const secret = new URLSearchParams({ client_secret: clientSecret })
  expect((await send(`${pspId}/cancel`, 'pk_test_vitest', secret)).status).toBe(401)
})

const zList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      evidence: z.object({ access_activity_log: z.string().nullable() }),
    }),
  ),
})

const texts = {
  product_description: 'Charging of an electric vehicle.',
  service_date: '2026-11-30',
  uncategorized_text: 'Receipt: 1',
}

async function disputed(paymentId: string) {
  const more = { paymentId, idempotencyKey: `${paymentId}:authorize` }
  const { pspId } = await holdOf(payments, 'pm_card_visa', more)
  await capture(pspId, 900, `${paymentId}:capture`)
  await control(provider, `payment_intents/${pspId}/dispute`, { reason: 'fraudulent' })
  const look = async () => {
    const answer = await fetch(`${provider.url}/v1/disputes?payment_intent=${pspId}`, {
      headers: { authorization: 'Bearer sk_test_vitest' },
    })
    return zList.parse(await answer.json()).data[0]
  }
  const reference = (await look())?.id ?? ''
  const say = (access_activity_log: string, idempotencyKey = `${reference}:evidence`) =>
    payments.contest?.({ reference, texts: { ...texts, access_activity_log }, idempotencyKey })
  return { look, say, reference }
}

test('evidence of a chargeback is kept as it was first submitted, whoever says more and whatever reply is lost', async () => {
  const { look, say } = await disputed('pay_1')
  const lose = { operation: 'disputes.update', action: { kind: 'lose_reply' }, times: 2 }
  // The SDK itself asks again once.
  await control(provider, 'faults', lose)
  await expect(say('10:00 charging began')).rejects.toMatchObject({ name: 'MoneyUnavailable' })
  const known = { kind: 'submitted', wasKnown: true }
  expect(await say('10:00 charging began')).toEqual(known)
  expect(await say('Something else.', 'another key')).toEqual(known)
  expect(await look()).toMatchObject({
    status: 'under_review',
    evidence: { access_activity_log: '10:00 charging began' },
  })
})

test('evidence of a chargeback is refused when it is too long, after its day, and once it is decided', async () => {
  const [late, closed] = [await disputed('pay_1'), await disputed('pay_2')]
  expect(await late.say('x'.repeat(20_001), 'long')).toEqual({
    kind: 'refused',
    code: 'parameter_invalid',
  })
  await control(provider, `disputes/${closed.reference}/close`, { status: 'lost' })
  expect(await closed.say('We object.')).toEqual({ kind: 'refused', code: 'lost' })
  await control(provider, 'clock', { advance_seconds: 9 * 86_400 + 1 })
  expect(await late.say('We object.')).toEqual({ kind: 'refused', code: 'psp_invalid_request' })
  expect(await late.look()).toMatchObject({
    status: 'needs_response',
    evidence: { access_activity_log: null },
  })
})

test('a chargeback takes the money and a fee at once, forbids a refund, and gives the money back when it is won', async () => {
  const { pspId } = await holdOf(payments)
  await capture(pspId, 900)
  await control(provider, `payment_intents/${pspId}/dispute`, { reason: 'fraudulent' })
  const refund = { pspId, refundId: 're_1', amount: eur(900), idempotencyKey: 're_1:refund' }
  expect(await payments.refund(refund)).toEqual({ kind: 'refused', code: 'charge_disputed' })
  const events = async () => {
    const answer = await fetch(`${provider.url}/v1/events?limit=100`, {
      headers: { authorization: 'Bearer sk_test_vitest' },
    })
    return zEvents.parse(await answer.json()).data.map((event) => {
      const payload = JSON.stringify(event)
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_1' })
      return verifyWebhook(payload, signature, 'whsec_1')
    })
  }
  const [opened] = (await events()).filter(({ type }) => type === 'charge.dispute.created')
  expect(opened).toMatchObject({
    pspId,
    told: { kind: 'chargeback', amount: eur(900), reason: 'fraudulent', state: 'open' },
  })
  const reference = opened?.told?.reference ?? ''
  await control(provider, `disputes/${reference}/close`, { status: 'won' })
  const closed = (await events()).filter(({ type }) => type === 'charge.dispute.closed')
  expect(closed).toMatchObject([{ pspId, told: { reference, state: 'won' } }])
})

// For tests: the worker's real adapter, pointed at a sandbox provider, and the sandbox's control path.
// Only a test may reach into the worker: the sandbox has to please the adapter that goes live.
import { createStripePayments } from '@chargelane/corridor/payment/card/stripe'
import { createStripeSetup } from '@chargelane/corridor/payment/card/stripe-setup'
import type { Stripe } from 'stripe'
import type { PaymentPort } from '@chargelane/corridor/payment/payment'
import type { PaymentProvider } from './card-provider.ts'

export const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** Patient, unless a test is about the end of patience. */
export function connect({ url }: PaymentProvider, timeoutMs = 30_000): PaymentPort {
  const { hostname, port } = new URL(url)
  return createStripePayments({
    apiKey: 'sk_test_vitest',
    host: hostname,
    port: Number(port),
    protocol: 'http',
    timeoutMs,
  })
}

export async function control({ url }: { url: string }, path: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/_control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
}

export async function holdOf(
  payments: PaymentPort,
  paymentMethod = 'pm_card_visa',
  more: Partial<Parameters<PaymentPort['authorize']>[0]> = {},
): Promise<{ pspId: string; captureBefore: string }> {
  const outcome = await authorizeWith(payments, paymentMethod, more)
  if (outcome.kind !== 'authorized') throw new Error(`expected a hold, got ${outcome.kind}`)
  const { pspId, captureBefore } = outcome
  if (captureBefore === null) throw new Error(`${pspId} is a hold without an end`)
  return { pspId, captureBefore }
}

export function authorizeWith(
  payments: PaymentPort,
  paymentMethod = 'pm_card_visa',
  more: Partial<Parameters<PaymentPort['authorize']>[0]> = {},
) {
  return payments.authorize({
    paymentId: 'pay_1',
    sessionId: 'ses_1',
    amount: eur(5000),
    paymentMethod,
    offSession: false,
    description: 'Charging at DE*ABC*E1',
    idempotencyKey: 'ses_1:authorize',
    ...more,
  })
}

/** What a payer names on the partner's page, and a hold that is captured in parts. */
export async function playPage(stripe: Stripe, name: (label: string) => void): Promise<void> {
  name('a card that is named on the page')
  const setups = createStripeSetup(stripe, 'pk_test_peers')
  const { setup } = await setups.begin('psrc_1')
  await setups.look(setup)
  await stripe.setupIntents.confirm(setup, { payment_method: 'pm_card_visa' })
  const named = await setups.look(setup)
  if (named.kind !== 'named') throw new Error('the sandbox named nothing')
  await setups.read(named.method)
  await setups.detach(named.method)
  name('several captures of one hold')
  const { id } = await stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'eur',
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_mastercard',
    payment_method_options: {
      card: { request_multicapture: 'if_available', request_overcapture: 'if_available' },
    },
  })
  await stripe.paymentIntents.capture(id, { amount_to_capture: 1_000, final_capture: false })
  await stripe.paymentIntents.capture(id, { amount_to_capture: 500 })
}

/** A payer's bank takes captured money back, and is told what we have to say. */
export async function playChargeback(
  stripe: Stripe,
  port: PaymentPort,
  { sandbox, name }: { sandbox: { url: string }; name: (label: string) => void },
): Promise<void> {
  name('a chargeback is contested')
  const { id } = await stripe.paymentIntents.create({
    amount: 900,
    currency: 'eur',
    confirm: true,
    capture_method: 'manual',
    payment_method: 'pm_card_visa',
  })
  await stripe.paymentIntents.capture(id)
  await control(sandbox, `payment_intents/${id}/dispute`, { reason: 'fraudulent' })
  const { data } = await stripe.disputes.list({ payment_intent: id })
  const reference = data[0]?.id ?? ''
  const texts = {
    product_description: 'Charging of an electric vehicle.',
    service_date: '2026-11-30',
    access_activity_log: '10:00 charging began',
    uncategorized_text: 'Receipt 1, 9.00 EUR',
  }
  const said = { reference, texts, idempotencyKey: `${reference}:evidence` }
  const outcome = await port.contest?.(said)
  if (outcome?.kind !== 'submitted') throw new Error('the sandbox took no evidence')
  await port.contest?.(said)
}

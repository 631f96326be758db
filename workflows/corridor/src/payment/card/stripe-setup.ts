// How a payer names a card on the partner's own page, by Stripe's Payment Element: with the publishable key and a client
// secret, so that no card number passes anybody but Stripe. A card in a wallet is a card like any other.
import type { Stripe } from 'stripe'
import type { KeptMethod, PaymentSetup, SetupState } from '../payment.ts'
import { MoneyFailure } from '../payment.ts'
import { cardFactsOf } from './stripe-card.ts'
import { declineOf, isMissing } from './stripe-errors.ts'
import { read, readRetries } from './stripe-intents.ts'

const idOf = (value: string | { id: string } | null): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null)

const keptOf = ({ id, customer, card }: Stripe.PaymentMethod): KeptMethod => ({
  method: id,
  customer: idOf(customer),
  card: card === undefined ? null : cardFactsOf(card),
})

function stateOf(intent: Stripe.SetupIntent, publishableKey: string | null): SetupState {
  const { payment_method: method, client_secret: clientSecret, last_setup_error: error } = intent
  if (intent.status === 'succeeded') {
    if (method === null || typeof method === 'string')
      throw new MoneyFailure(`${intent.id} has succeeded without its method`, {
        code: 'psp_answer_incomplete',
        retryable: true,
        isAnswered: true,
      })
    return { kind: 'named', ...keptOf(method) }
  }
  if (intent.status === 'canceled') return { kind: 'refused', code: 'setup_canceled' }
  // After a refusal the payer may name another card on the same page.
  return {
    kind: 'waiting',
    clientSecret: clientSecret ?? '',
    publishableKey,
    ...(error === null ? {} : { refusedBefore: declineOf(error).declineCode }),
  }
}

export function createStripeSetup(stripe: Stripe, publishableKey: string | null): PaymentSetup {
  const retried = { maxNetworkRetries: readRetries }
  return {
    begin: (sourceId) =>
      read(async () => {
        const metadata = { payment_source: sourceId }
        const customer = await stripe.customers.create(
          { metadata },
          { idempotencyKey: `${sourceId}:customer` },
        )
        const intent = await stripe.setupIntents.create(
          {
            customer: customer.id,
            usage: 'off_session',
            allowed_payment_method_types: ['card'],
            metadata,
          },
          { idempotencyKey: `${sourceId}:setup` },
        )
        const { id: setup, client_secret: clientSecret } = intent
        return { setup, customer: customer.id, clientSecret: clientSecret ?? '', publishableKey }
      }),
    look: (setup) =>
      read(async () =>
        stateOf(
          await stripe.setupIntents.retrieve(setup, { expand: ['payment_method'] }, retried),
          publishableKey,
        ),
      ),
    read: (method) =>
      read(async () => {
        try {
          return keptOf(await stripe.paymentMethods.retrieve(method, {}, retried))
        } catch (error) {
          if (isMissing(error)) return undefined
          throw error
        }
      }),
    detach: (method) =>
      read(async () => {
        const kept = await stripe.paymentMethods.retrieve(method, {}, retried)
        // One that was never attached to a customer cannot be used again anyhow.
        if (kept.customer !== null) await stripe.paymentMethods.detach(method)
      }),
  }
}

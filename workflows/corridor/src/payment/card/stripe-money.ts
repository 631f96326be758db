// Our balance at Stripe: its transactions, what is available, and payouts to our bank that we ask for.
import { Stripe } from 'stripe'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { ProviderMoney, ProviderMovement } from '../../settlement/treasury/ports.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { toFailure } from './stripe-errors.ts'
import { readRetries } from './stripe-intents.ts'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()

/** A balance transaction may be negative, which a payment never is. */
function signedMoney(amount: number, currency: string): Money {
  const size =
    amount === 0
      ? { amount: 0, currency: currency.toUpperCase() }
      : fromStripeAmount(Math.abs(amount), currency)
  return amount < 0 ? { ...size, amount: -size.amount } : size
}

/** Of a charge or a refund, as it comes expanded. */
function intentOf(source: Stripe.BalanceTransaction['source']): string | null {
  if (source === null || typeof source === 'string') return null
  if (source.object !== 'charge' && source.object !== 'refund') return null
  const intent = source.payment_intent
  return typeof intent === 'string' ? intent : (intent?.id ?? null)
}

function movementOf(row: Stripe.BalanceTransaction): ProviderMovement {
  const { source, currency } = row
  return {
    id: row.id,
    type: row.type,
    source: typeof source === 'string' ? source : (source?.id ?? null),
    pspId: intentOf(source),
    amount: signedMoney(row.amount, currency),
    fee: signedMoney(row.fee, currency),
    net: signedMoney(row.net, currency),
    occurredAt: at(row.created),
    availableAt: at(row.available_on),
  }
}

const refusals = new Set(['balance_insufficient', 'payouts_not_allowed', 'amount_too_small'])

export function createStripeMoney(stripe: Stripe): ProviderMoney {
  const read = { maxNetworkRetries: readRetries }
  return {
    async movements({ since }) {
      const created = { gte: Math.floor(Date.parse(since) / 1000) }
      const found: ProviderMovement[] = []
      try {
        const list = stripe.balanceTransactions.list(
          { created, limit: 100, expand: ['data.source'] },
          read,
        )
        for await (const row of list) found.push(movementOf(row))
      } catch (error) {
        throw toFailure(error)
      }
      return found
    },
    async available() {
      try {
        const { available } = await stripe.balance.retrieve({}, read)
        return available.map(({ amount, currency }) => signedMoney(amount, currency))
      } catch (error) {
        throw toFailure(error)
      }
    },
    async sweep({ amount: { amount, currency }, idempotencyKey }) {
      try {
        const { id } = await stripe.payouts.create(
          { amount, currency: currency.toLowerCase(), metadata: { sweep: idempotencyKey } },
          { idempotencyKey },
        )
        return { kind: 'sent', id }
      } catch (error) {
        const code =
          error instanceof Stripe.errors.StripeInvalidRequestError ? error.code : undefined
        if (code !== undefined && refusals.has(code)) return { kind: 'refused', code }
        throw toFailure(error)
      }
    },
  }
}

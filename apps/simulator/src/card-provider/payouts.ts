// What the card provider pays out to its merchant's bank: docs.stripe.com/payouts, asked for by hand.
import { newMovement } from './objects.ts'
import { type Act, mustFind } from './payments.ts'
import { list, route } from './routes.ts'
import { newId, type Payout, type Store } from './store.ts'
import { badParam, badState, page } from './wire.ts'

const dayS = 86_400

function newPayout(from: {
  amount: number
  currency: string
  created: number
  description: string | null
  metadata: Record<string, string>
}): Payout {
  return {
    id: newId('po'),
    object: 'payout',
    amount: from.amount,
    application_fee: null,
    application_fee_amount: null,
    // The next day, and never at once.
    arrival_date: from.created + dayS,
    automatic: false,
    balance_transaction: null,
    created: from.created,
    currency: from.currency,
    description: from.description,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: from.metadata,
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  }
}

/** What is the merchant's to have now: card money is, a week after its capture. */
export function availableOf(store: Store, currency: string): number {
  const now = store.nowS()
  return [...store.tables.balance_transactions.values()]
    .filter((movement) => movement.currency === currency && movement.available_on <= now)
    .reduce((sum, { net }) => sum + net, 0)
}

/** Time alone brings a payout to the bank. */
export function arrivePayouts(act: Act, arrived: (payout: Payout) => void): void {
  const now = act.store.nowS()
  for (const payout of act.store.tables.payouts.values()) {
    if (payout.status !== 'pending' || payout.arrival_date > now) continue
    const paid: Payout = { ...payout, status: 'paid' }
    act.store.put('payouts', paid)
    act.emit('payout.paid', paid)
    arrived(paid)
  }
}

export const payoutRoutes = [
  route(
    'payouts.create',
    'POST',
    '/v1/payouts',
    { amount: 'integer', currency: 'string', description: 'string', metadata: 'metadata' },
    ['amount', 'currency'],
    (act, { amount = 0, currency = '', description, metadata }) => {
      if (amount <= 0)
        throw badParam('parameter_invalid_integer', 'amount', 'Invalid positive integer')
      if (amount > availableOf(act.store, currency))
        throw badState(
          'balance_insufficient',
          'You have insufficient funds in your Stripe account for this transfer.',
        )
      const created = act.store.nowS()
      const wished = { amount, currency, created, description: description ?? null }
      const payout = newPayout({ ...wished, metadata: metadata ?? {} })
      const movement = newMovement('payout', {
        amount: -amount,
        fee: 0,
        currency,
        source: payout.id,
        created,
        description: 'STRIPE PAYOUT',
      })
      act.store.put('balance_transactions', movement)
      const made: Payout = { ...payout, balance_transaction: movement.id }
      act.store.put('payouts', made)
      act.emit('payout.created', made)
      return made
    },
  ),
  route('payouts.list', 'GET', '/v1/payouts', { ...list, status: 'string' }, [], (act, values) =>
    page(
      '/v1/payouts',
      act.store.tables.payouts.values(),
      values,
      (payout) => values.status === undefined || payout.status === values.status,
    ),
  ),
  route('payouts.retrieve', 'GET', '/v1/payouts/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.payouts, 'payout', id),
  ),
]

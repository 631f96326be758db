// The card provider's records besides the payment itself: charges, refunds, customers, balance, events.
import { findCard, testIdOfNumber } from './cards.ts'
import { newCustomer, newEndpoint, newPaymentMethod } from './objects.ts'
import { type Act, mustFind } from './payments.ts'
import { refundCharge } from './refunds.ts'
import { intentOf, list, route, type Route } from './routes.ts'
import { type Charge, type Endpoint, newId, type PaymentMethod, type Store } from './store.ts'
import { badParam, badState, missing, page, readParams, refuseUnless } from './wire.ts'

const chargeRoutes = [
  route(
    'charges.list',
    'GET',
    '/v1/charges',
    { ...list, payment_intent: 'string', customer: 'string' },
    [],
    (act, values) =>
      page(
        '/v1/charges',
        act.store.tables.charges.values(),
        values,
        (charge) =>
          (values.payment_intent === undefined ||
            charge.payment_intent === values.payment_intent) &&
          (values.customer === undefined || charge.customer === values.customer),
      ),
  ),
  route('charges.retrieve', 'GET', '/v1/charges/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.charges, 'charge', id),
  ),
  route(
    'refunds.create',
    'POST',
    '/v1/refunds',
    {
      payment_intent: 'string',
      charge: 'string',
      amount: 'integer',
      reason: 'string',
      metadata: 'metadata',
    },
    [],
    (act, values) => {
      refuseUnless(['duplicate', 'fraudulent', 'requested_by_customer'], values.reason, 'reason')
      return refundCharge(act, chargeToRefund(act, values), {
        amount: values.amount,
        reason: values.reason ?? null,
        metadata: values.metadata ?? {},
      })
    },
  ),
  route(
    'refunds.list',
    'GET',
    '/v1/refunds',
    { ...list, payment_intent: 'string', charge: 'string' },
    [],
    (act, values) =>
      page(
        '/v1/refunds',
        act.store.tables.refunds.values(),
        values,
        (refund) =>
          (values.payment_intent === undefined ||
            refund.payment_intent === values.payment_intent) &&
          (values.charge === undefined || refund.charge === values.charge),
      ),
  ),
  route('refunds.retrieve', 'GET', '/v1/refunds/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.refunds, 'refund', id),
  ),
]

function chargeToRefund(act: Act, values: { payment_intent?: string; charge?: string }): Charge {
  const id =
    values.charge ??
    (values.payment_intent === undefined
      ? undefined
      : intentOf(act, values.payment_intent).latest_charge)
  if (id === undefined || id === null) {
    throw badParam(
      'parameter_missing',
      'charge',
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  return mustFind(act.store.tables.charges, 'charge', id, 'charge')
}

const customerRoutes = [
  route(
    'customers.create',
    'POST',
    '/v1/customers',
    {
      email: 'string',
      name: 'string',
      phone: 'string',
      description: 'string',
      metadata: 'metadata',
    },
    [],
    (act, values) => {
      const customer = newCustomer({
        created: act.store.nowS(),
        email: values.email ?? null,
        name: values.name ?? null,
        phone: values.phone ?? null,
        description: values.description ?? null,
        metadata: values.metadata ?? {},
      })
      act.store.put('customers', customer)
      act.emit('customer.created', customer)
      return customer
    },
  ),
  route('customers.retrieve', 'GET', '/v1/customers/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.customers, 'customer', id),
  ),
  route(
    'payment_methods.create',
    'POST',
    '/v1/payment_methods',
    { type: 'string', card: 'tree' },
    ['type', 'card'],
    (act, values) => {
      refuseUnless(['card'], values.type, 'type')
      const card = readParams(
        values.card ?? {},
        { number: 'string', exp_month: 'integer', exp_year: 'integer', cvc: 'string' },
        ['number', 'exp_month', 'exp_year'],
        'card.',
      )
      const testId = testIdOfNumber(card.number ?? '')
      const behaviour = testId === undefined ? undefined : findCard(testId)
      if (!behaviour || testId === undefined)
        throw badParam('incorrect_number', 'card[number]', 'Your card number is incorrect.')
      const method = newPaymentMethod(behaviour, act.store.nowS())
      act.store.put('payment_methods', method)
      act.store.put('behaviours', { id: method.id, testId })
      return method
    },
  ),
  // A test id stands for a method that is made with each use; asked for, it is there.
  route('payment_methods.retrieve', 'GET', '/v1/payment_methods/:id', {}, [], (act, _, id) => {
    const card = findCard(id)
    return card === undefined
      ? mustFind(act.store.tables.payment_methods, 'PaymentMethod', id)
      : newPaymentMethod(card, act.store.nowS())
  }),
  route(
    'payment_methods.attach',
    'POST',
    '/v1/payment_methods/:id/attach',
    { customer: 'string' },
    ['customer'],
    (act, values, id) =>
      attach(
        act,
        id,
        mustFind(act.store.tables.customers, 'customer', values.customer ?? '', 'customer').id,
      ),
  ),
  route(
    'payment_methods.detach',
    'POST',
    '/v1/payment_methods/:id/detach',
    {},
    [],
    (act, _, id) => {
      const method = mustFind(act.store.tables.payment_methods, 'PaymentMethod', id)
      if (method.customer === null)
        throw badState(
          'payment_method_unexpected_state',
          'The payment method you provided is not attached to a customer so detachment is impossible.',
        )
      const detached: PaymentMethod = { ...method, customer: null }
      act.store.put('payment_methods', detached)
      act.emit('payment_method.detached', detached)
      return detached
    },
  ),
  route(
    'customers.payment_methods',
    'GET',
    '/v1/customers/:id/payment_methods',
    { ...list, type: 'string' },
    [],
    (act, values, id) =>
      page(
        `/v1/customers/${id}/payment_methods`,
        act.store.tables.payment_methods.values(),
        values,
        (method) => method.customer === id,
      ),
  ),
]

function attach(act: Act, id: string, customer: string): PaymentMethod {
  const card = findCard(id)
  const method = card
    ? newPaymentMethod(card, act.store.nowS())
    : mustFind(act.store.tables.payment_methods, 'PaymentMethod', id)
  if (card) act.store.put('behaviours', { id: method.id, testId: id })
  const attached: PaymentMethod = { ...method, customer }
  act.store.put('payment_methods', attached)
  act.emit('payment_method.attached', attached)
  return attached
}

/** Movements turn from pending to available by the clock alone. */
function movements(store: Store) {
  const now = store.nowS()
  return [...store.tables.balance_transactions.values()].map((movement) => ({
    ...movement,
    status: movement.available_on <= now ? 'available' : 'pending',
  }))
}

function sumByCurrency(rows: { currency: string; net: number }[]) {
  const sums = new Map<string, number>([['eur', 0]])
  for (const { currency, net } of rows) sums.set(currency, (sums.get(currency) ?? 0) + net)
  return [...sums].map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }))
}

const balanceRoutes = [
  route('balance.retrieve', 'GET', '/v1/balance', {}, [], (act) => {
    const all = movements(act.store)
    return {
      object: 'balance',
      available: sumByCurrency(all.filter((movement) => movement.status === 'available')),
      livemode: false,
      pending: sumByCurrency(all.filter((movement) => movement.status === 'pending')),
    }
  }),
  route(
    'balance_transactions.list',
    'GET',
    '/v1/balance_transactions',
    { ...list, type: 'string', source: 'string', currency: 'string' },
    [],
    (act, values) =>
      page(
        '/v1/balance_transactions',
        movements(act.store),
        values,
        (movement) =>
          (values.type === undefined || movement.type === values.type) &&
          (values.source === undefined || movement.source === values.source) &&
          (values.currency === undefined || movement.currency === values.currency),
      ),
  ),
  route(
    'balance_transactions.retrieve',
    'GET',
    '/v1/balance_transactions/:id',
    {},
    [],
    (act, _, id) => {
      const found = movements(act.store).find((movement) => movement.id === id)
      if (!found) throw missing('balance transaction', id, 'id')
      return found
    },
  ),
]

/** Stripe shows an endpoint's secret once, in the answer to its creation. */
function withoutSecret(endpoint: Endpoint): Omit<Endpoint, 'secret'> {
  const { secret: _secret, ...shown } = endpoint
  return shown
}

const eventRoutes = [
  route('events.list', 'GET', '/v1/events', { ...list, type: 'string' }, [], (act, values) =>
    page(
      '/v1/events',
      act.store.tables.events.values(),
      values,
      (event) => values.type === undefined || event.type === values.type,
    ),
  ),
  route('events.retrieve', 'GET', '/v1/events/:id', {}, [], (act, _, id) =>
    mustFind(act.store.tables.events, 'event', id),
  ),
  route(
    'webhook_endpoints.create',
    'POST',
    '/v1/webhook_endpoints',
    { url: 'string', enabled_events: 'strings', description: 'string', metadata: 'metadata' },
    ['url', 'enabled_events'],
    (act, values) => {
      if (!URL.canParse(values.url ?? ''))
        throw badParam('url_invalid', 'url', `Invalid URL: ${values.url}`)
      const endpoint = newEndpoint({
        created: act.store.nowS(),
        url: values.url ?? '',
        enabledEvents: values.enabled_events ?? [],
        secret: newId('whsec'),
        description: values.description ?? null,
        metadata: values.metadata ?? {},
      })
      act.store.put('webhook_endpoints', endpoint)
      return endpoint
    },
  ),
  route('webhook_endpoints.list', 'GET', '/v1/webhook_endpoints', list, [], (act, values) => {
    const shown = [...act.store.tables.webhook_endpoints.values()].map(withoutSecret)
    return page('/v1/webhook_endpoints', shown, values, () => true)
  }),
  route('webhook_endpoints.retrieve', 'GET', '/v1/webhook_endpoints/:id', {}, [], (act, _, id) => {
    return withoutSecret(mustFind(act.store.tables.webhook_endpoints, 'webhook endpoint', id))
  }),
  route('webhook_endpoints.delete', 'DELETE', '/v1/webhook_endpoints/:id', {}, [], (act, _, id) => {
    mustFind(act.store.tables.webhook_endpoints, 'webhook endpoint', id)
    act.store.drop('webhook_endpoints', id)
    return { id, object: 'webhook_endpoint', deleted: true }
  }),
]

export const recordRoutes: Route[] = [
  ...chargeRoutes,
  ...customerRoutes,
  ...balanceRoutes,
  ...eventRoutes,
]

// How a payer names a card without paying: a SetupIntent, confirmed on the merchant's page.
import { cardOf, mustFind, usePaymentMethod, type Act } from './payments.ts'
import { route, type Route } from './routes.ts'
import { newId, type Setup } from './store.ts'
import { badParam, badState, refuseUnless, WireError } from './wire.ts'

type NewSetup = {
  created: number
  customer: string | null
  usage: string
  metadata: Record<string, string>
}

function newSetup({ created, customer, usage, metadata }: NewSetup): Setup {
  const id = newId('seti')
  return {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: ['card'],
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    created,
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage,
  }
}

const setupOf = (act: Act, id: string) =>
  mustFind(act.store.tables.setup_intents, 'setupintent', id, 'intent')

function confirmSetup(act: Act, setup: Setup, named: string | undefined): Setup {
  if (setup.status !== 'requires_payment_method')
    throw badState(
      'setup_intent_unexpected_state',
      `You cannot confirm this SetupIntent because it has a status of ${setup.status}.`,
    )
  if (named === undefined)
    throw badParam('parameter_missing', 'payment_method', 'A payment method is needed.')
  const method = usePaymentMethod(act, named, setup.customer)
  const card = cardOf(act.store, method.id)
  if (card.issuer !== 'approve') {
    const { code, declineCode } = card.issuer
    const error = {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message: 'Your card was declined.',
      payment_method: method,
    } as const
    const refused: Setup = { ...setup, last_setup_error: error }
    act.store.put('setup_intents', refused)
    act.emit('setup_intent.setup_failed', refused)
    throw new WireError(402, { ...error, setup_intent: refused }, true)
  }
  act.store.put('payment_methods', { ...method, customer: setup.customer })
  const done: Setup = {
    ...setup,
    payment_method: method.id,
    last_setup_error: null,
    status: 'succeeded',
  }
  act.store.put('setup_intents', done)
  act.emit('setup_intent.succeeded', done)
  return done
}

export const setupRoutes: Route[] = [
  route(
    'setup_intents.create',
    'POST',
    '/v1/setup_intents',
    {
      customer: 'string',
      usage: 'string',
      allowed_payment_method_types: 'strings',
      metadata: 'metadata',
    },
    [],
    (act, values) => {
      refuseUnless(['off_session', 'on_session'], values.usage, 'usage')
      const { customer = null, usage = 'off_session', metadata = {} } = values
      if (customer !== null) mustFind(act.store.tables.customers, 'customer', customer, 'customer')
      const setup = newSetup({ created: act.store.nowS(), customer, usage, metadata })
      act.store.put('setup_intents', setup)
      act.emit('setup_intent.created', setup)
      return setup
    },
  ),
  route(
    'setup_intents.retrieve',
    'GET',
    '/v1/setup_intents/:id',
    { client_secret: 'string' },
    [],
    (act, _, id) => setupOf(act, id),
  ),
  route(
    'setup_intents.confirm',
    'POST',
    '/v1/setup_intents/:id/confirm',
    { payment_method: 'string', client_secret: 'string' },
    [],
    (act, values, id) => confirmSetup(act, setupOf(act, id), values.payment_method),
  ),
]

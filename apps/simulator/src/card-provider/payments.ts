// The life of a card payment at the provider: hold, challenge, capture, release.
import { amountStep, type Card, feeOf, findCard, holdSeconds, minimumAmount } from './cards.ts'
import {
  declineMessage,
  isIncremental,
  newCharge,
  newIntent,
  newMovement,
  newPaymentMethod,
  overcaptureOf,
  takesSeveral,
} from './objects.ts'
import type { Charge, Intent, PaymentMethod, Store } from './store.ts'
import { badParam, badState, missing, WireError } from './wire.ts'

/** One request at work: what it may change, and whom it tells. */
export type Act = {
  store: Store
  emit: (type: string, object: object) => void
  /** A control order to the issuer for this request, instead of what the card would do. */
  declineCode: string | undefined
  /** Set by an operation that is done but whose answer shall never arrive. */
  answerNever: boolean
}

export function mustFind<T>(rows: Map<string, T>, what: string, id: string, param = 'id'): T {
  const row = rows.get(id)
  if (row === undefined) throw missing(what, id, param)
  return row
}

export function checkAmount(amount: number, currency: string, param: string): void {
  if (amount < minimumAmount(currency)) {
    throw badParam(
      'amount_too_small',
      param,
      `Amount must be at least ${minimumAmount(currency)} ${currency}`,
    )
  }
  if (amount > 99_999_999) {
    throw badParam('amount_too_large', param, 'Amount must be no more than 99999999')
  }
  if (amount % amountStep(currency) !== 0) {
    throw badParam(
      'parameter_invalid_integer',
      param,
      `Amounts in ${currency} must be divisible by ${amountStep(currency)}`,
    )
  }
}

export type CreateIntent = Omit<Parameters<typeof newIntent>[0], 'created'> & {
  paymentMethod: string | undefined
  confirm: boolean
  offSession: boolean
}

export function createIntent(act: Act, from: CreateIntent): Intent {
  const { store } = act
  checkAmount(from.amount, from.currency, 'amount')
  if (from.customer !== null)
    mustFind(store.tables.customers, 'customer', from.customer, 'customer')
  if (from.offSession && !from.confirm) {
    throw badParam(
      'parameter_invalid',
      'off_session',
      'off_session can only be set when confirm is true',
    )
  }
  const intent = newIntent({ ...from, created: store.nowS() })
  const method =
    from.paymentMethod === undefined
      ? undefined
      : usePaymentMethod(act, from.paymentMethod, from.customer)
  const withMethod = saveIntent(act, { ...intent, payment_method: method?.id ?? null })
  act.emit('payment_intent.created', withMethod)
  if (!from.confirm) {
    return method ? saveIntent(act, { ...withMethod, status: 'requires_confirmation' }) : withMethod
  }
  return confirmIntent(act, withMethod, { paymentMethod: undefined, offSession: from.offSession })
}

/** A test id makes a payment method of its own with each use, as Stripe's do. */
export function usePaymentMethod(act: Act, id: string, customer: string | null): PaymentMethod {
  const { store } = act
  const card = findCard(id)
  if (card) {
    const method = newPaymentMethod(card, store.nowS())
    store.put('payment_methods', method)
    store.put('behaviours', { id: method.id, testId: id })
    return method
  }
  const method = mustFind(store.tables.payment_methods, 'PaymentMethod', id, 'payment_method')
  if (method.customer !== null && method.customer !== customer) {
    throw badParam(
      'payment_method_unexpected_state',
      'payment_method',
      'The payment method belongs to a customer: name that customer on the PaymentIntent.',
    )
  }
  return method
}

export function cardOf(store: Store, paymentMethod: string | null): Card {
  const testId = store.tables.behaviours.get(paymentMethod ?? '')?.testId ?? ''
  const card = findCard(testId)
  if (!card) throw new Error(`payment method ${paymentMethod} has no card behind it`)
  return card
}

const confirmable = new Set(['requires_payment_method', 'requires_confirmation', 'requires_action'])

export function confirmIntent(
  act: Act,
  intent: Intent,
  how: { paymentMethod: string | undefined; offSession: boolean },
): Intent {
  if (!confirmable.has(intent.status)) throw unexpectedState('confirm', intent)
  const chosen =
    how.paymentMethod === undefined
      ? undefined
      : usePaymentMethod(act, how.paymentMethod, intent.customer)
  const id = chosen?.id ?? intent.payment_method
  if (id === null) {
    throw badState(
      'payment_intent_unexpected_state',
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      { payment_intent: intent },
    )
  }
  const method = mustFind(act.store.tables.payment_methods, 'PaymentMethod', id, 'payment_method')
  const card = cardOf(act.store, method.id)
  const ready: Intent = {
    ...intent,
    payment_method: method.id,
    last_payment_error: null,
    next_action: null,
  }
  if (card.challenge === 'always') {
    if (how.offSession) {
      return declineIntent(act, ready, method, {
        ...card,
        issuer: { code: 'authentication_required', declineCode: 'authentication_required' },
      })
    }
    const challenged = saveIntent(act, {
      ...ready,
      status: 'requires_action',
      next_action: {
        type: 'use_stripe_sdk',
        use_stripe_sdk: {
          type: 'three_d_secure_redirect',
          stripe_js: 'https://hooks.stripe.com/redirect/sandbox',
          source: `src_${intent.id.slice(3)}`,
        },
      },
    })
    act.emit('payment_intent.requires_action', challenged)
    return challenged
  }
  return askIssuer(act, ready, method, card, { offSession: how.offSession, authenticated: false })
}

/** The driver's answer to a 3-D Secure challenge; on the wire this comes from the driver's browser. */
export function authenticate(act: Act, id: string, passed: boolean): Intent {
  const intent = mustFind(act.store.tables.payment_intents, 'payment_intent', id)
  if (intent.status !== 'requires_action' || intent.payment_method === null) {
    throw unexpectedState('authenticate', intent)
  }
  const method = mustFind(act.store.tables.payment_methods, 'PaymentMethod', intent.payment_method)
  const ready: Intent = { ...intent, next_action: null }
  const card = cardOf(act.store, method.id)
  if (passed) return askIssuer(act, ready, method, card, { offSession: false, authenticated: true })
  const failed = saveIntent(act, {
    ...ready,
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
      message: 'The provided PaymentMethod has failed authentication.',
      payment_method: method,
    },
  })
  act.emit('payment_intent.payment_failed', failed)
  return failed
}

function askIssuer(
  act: Act,
  intent: Intent,
  method: PaymentMethod,
  card: Card,
  how: { offSession: boolean; authenticated: boolean },
): Intent {
  const ordered = act.declineCode
  const answering: Card =
    ordered === undefined
      ? card
      : { ...card, issuer: { code: 'card_declined', declineCode: ordered } }
  if (answering.issuer !== 'approve') return declineIntent(act, intent, method, answering)
  const created = act.store.nowS()
  const manual = intent.capture_method === 'manual'
  const wantsLong =
    intent.payment_method_options?.card?.request_extended_authorization === 'if_available'
  const { offSession } = how
  const plainS = holdSeconds(card, { offSession, isExtended: false })
  const holdS = holdSeconds(card, { offSession, isExtended: wantsLong })
  const charge = newCharge(intent, method, card, {
    created,
    isExtended: manual && holdS > plainS,
    captureBefore: manual ? created + holdS : null,
    authentication: how.authenticated ? 'passed' : 'none',
  })
  act.store.put('charges', charge)
  // What is kept for later belongs to its customer from now on.
  if (intent.setup_future_usage !== null && intent.customer !== null)
    act.store.put('payment_methods', { ...method, customer: intent.customer })
  const held = saveIntent(act, {
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
  })
  if (!manual) return takeMoney(act, held, charge, intent.amount)
  act.emit('charge.succeeded', charge)
  act.emit('payment_intent.amount_capturable_updated', held)
  return held
}

/** Keeps the failed attempt on the intent, so a query finds what the lost reply would have said. */
function declineIntent(act: Act, intent: Intent, method: PaymentMethod, card: Card): never {
  if (card.issuer === 'approve') throw new Error('an approving card does not decline')
  const { code, declineCode } = card.issuer
  const charge = newCharge(intent, method, card, {
    created: act.store.nowS(),
    captureBefore: null,
    authentication: 'none',
  })
  act.store.put('charges', charge)
  const error = {
    type: 'card_error',
    code,
    decline_code: declineCode,
    ...(card.advice === undefined ? {} : { advice_code: card.advice }),
    network_decline_code: '05',
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    message: declineMessage(code),
    charge: charge.id,
    payment_method: method,
  } as const
  const declined = saveIntent(act, {
    ...intent,
    status: 'requires_payment_method',
    latest_charge: charge.id,
    payment_method: null,
    last_payment_error: error,
  })
  act.emit('charge.failed', charge)
  act.emit('payment_intent.payment_failed', declined)
  throw new WireError(402, { ...error, payment_intent: declined }, true)
}

export function captureIntent(
  act: Act,
  intent: Intent,
  amountToCapture: number | undefined,
  isFinal = true,
): Intent {
  if (intent.status !== 'requires_capture') throw unexpectedState('capture', intent)
  const charge = mustFind(act.store.tables.charges, 'charge', intent.latest_charge ?? '')
  const amount = amountToCapture ?? intent.amount_capturable
  const most = mostCapturable(intent, charge)
  if (amount > most) {
    throw badState(
      'amount_too_large',
      `The amount to capture ${amount} is greater than the capturable ${most}.`,
      { param: 'amount_to_capture' },
    )
  }
  if (amount <= 0) {
    throw badParam(
      'parameter_invalid_integer',
      'amount_to_capture',
      'This value must be greater than or equal to 1.',
    )
  }
  checkAmount(amount, intent.currency, 'amount_to_capture')
  const card = cardOf(act.store, charge.payment_method)
  if (!isFinal && !takesSeveral(intent, card))
    throw badParam(
      'parameter_invalid',
      'final_capture',
      'final_capture=false needs a PaymentIntent for which multicapture is available.',
    )
  if (act.declineCode !== undefined || card.capture === 'fails') {
    const declineCode = act.declineCode ?? 'generic_decline'
    throw new WireError(
      402,
      {
        type: 'card_error',
        code: 'card_declined',
        decline_code: declineCode,
        doc_url: 'https://stripe.com/docs/error-codes/card-declined',
        message: declineMessage('card_declined'),
        charge: charge.id,
        payment_intent: intent,
      },
      true,
    )
  }
  act.answerNever = card.capture === 'times_out'
  return takeMoney(act, intent, charge, amount, isFinal)
}

/** Overcapture raises the first and only capture; what was captured in parts has no more than its rest. */
function mostCapturable(intent: Intent, charge: Charge): number {
  const { status, maximum_amount_capturable: most } =
    charge.payment_method_details?.card?.overcapture ?? {}
  return status === 'available' && intent.amount_received === 0
    ? Math.max(intent.amount_capturable, most ?? 0)
    : intent.amount_capturable
}

/** The one place where money comes in: one capture, one balance movement. */
function takeMoney(
  act: Act,
  intent: Intent,
  charge: Charge,
  amount: number,
  isFinal = true,
): Intent {
  const { currency } = intent
  const created = act.store.nowS()
  const fee = feeOf(amount, currency)
  const movement = newMovement('charge', {
    amount,
    fee,
    currency,
    source: charge.id,
    created,
    description: intent.description,
  })
  act.store.put('balance_transactions', movement)
  const captured: Charge = {
    ...charge,
    amount_captured: charge.amount_captured + amount,
    captured: true,
    balance_transaction: movement.id,
  }
  act.store.put('charges', captured)
  const amount_received = intent.amount_received + amount
  const rest = isFinal ? 0 : intent.amount_capturable - amount
  const done = saveIntent(act, {
    ...intent,
    status: rest > 0 ? 'requires_capture' : 'succeeded',
    amount_capturable: rest,
    amount_received,
  })
  act.emit('charge.captured', captured)
  if (rest > 0) act.emit('payment_intent.amount_capturable_updated', done)
  else act.emit('payment_intent.succeeded', done)
  return done
}

const cancelable = new Set([...confirmable, 'requires_capture'])

export function cancelIntent(
  act: Act,
  intent: Intent,
  reason: Intent['cancellation_reason'],
): Intent {
  if (!cancelable.has(intent.status)) throw unexpectedState('cancel', intent)
  // What was captured of it stays; only the rest goes back.
  if (intent.amount_received > 0) {
    const done = saveIntent(act, { ...intent, status: 'succeeded', amount_capturable: 0 })
    act.emit('payment_intent.succeeded', done)
    return done
  }
  const charge = act.store.tables.charges.get(intent.latest_charge ?? '')
  if (charge && intent.status === 'requires_capture') {
    // A released hold shows as refunded in full, without any movement of the balance.
    act.store.put('charges', { ...charge, refunded: true, amount_refunded: charge.amount })
  }
  const canceled = saveIntent(act, {
    ...intent,
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: act.store.nowS(),
    cancellation_reason: reason,
    next_action: null,
  })
  act.emit('payment_intent.canceled', canceled)
  return canceled
}

/** Releases every hold whose time is over. */
export function expireHolds(act: Act): void {
  const now = act.store.nowS()
  for (const intent of act.store.tables.payment_intents.values()) {
    if (intent.status !== 'requires_capture') continue
    const charge = act.store.tables.charges.get(intent.latest_charge ?? '')
    const before = charge?.payment_method_details?.card?.capture_before
    if (before !== undefined && before <= now) expireHold(act, intent)
  }
}

/** The issuer gives a hold up, by its own time or before. */
export function expireHold(act: Act, intent: Intent): void {
  if (intent.status !== 'requires_capture') throw unexpectedState('expire', intent)
  cancelIntent(act, intent, 'automatic')
  act.emit('charge.expired', act.store.tables.charges.get(intent.latest_charge ?? '') ?? {})
}

/** docs.stripe.com/payments/incremental-authorization: tries that are declined count too. */
const raisesMax = 10
const timesRaised = (act: Act, { id }: Intent): number =>
  act.store.tables.raises.get(id)?.times ?? 0

export function incrementHold(act: Act, intent: Intent, amount: number): Intent {
  if (intent.status !== 'requires_capture') throw unexpectedState('increment_authorization', intent)
  const card = cardOf(act.store, intent.payment_method)
  if (timesRaised(act, intent) >= raisesMax) {
    throw badState(
      'payment_intent_invalid_parameter',
      `An authorization is raised at most ${raisesMax} times.`,
      { param: 'amount' },
    )
  }
  if (!isIncremental(intent, card)) {
    throw badState(
      'payment_intent_invalid_parameter',
      'This PaymentIntent did not request incremental authorization.',
      { param: 'amount' },
    )
  }
  checkAmount(amount, intent.currency, 'amount')
  if (amount <= intent.amount) {
    throw badParam(
      'parameter_invalid_integer',
      'amount',
      'The amount must be greater than the currently authorized amount.',
    )
  }
  const charge = mustFind(act.store.tables.charges, 'charge', intent.latest_charge ?? '')
  const declineCode =
    act.declineCode ?? (card.increments === 'decline' ? 'insufficient_funds' : undefined)
  if (declineCode !== undefined) {
    act.store.put('raises', { id: intent.id, times: timesRaised(act, intent) + 1 })
    throw new WireError(
      402,
      {
        type: 'card_error',
        code: 'card_declined',
        decline_code: declineCode,
        message: declineMessage('card_declined'),
        charge: charge.id,
        payment_intent: intent,
      },
      true,
    )
  }
  const details = charge.payment_method_details?.card
  const raisedCard = { overcapture: overcaptureOf({ ...intent, amount }, card) }
  act.store.put('charges', {
    ...charge,
    amount,
    ...(details === null || details === undefined
      ? {}
      : {
          payment_method_details: {
            ...charge.payment_method_details,
            type: 'card',
            card: { ...details, ...raisedCard, amount_authorized: amount },
          },
        }),
  })
  act.store.put('raises', { id: intent.id, times: timesRaised(act, intent) + 1 })
  const raised = saveIntent(act, { ...intent, amount, amount_capturable: amount })
  act.emit('payment_intent.amount_capturable_updated', raised)
  return raised
}

function saveIntent(act: Act, intent: Intent): Intent {
  act.store.put('payment_intents', intent)
  return intent
}

function unexpectedState(verb: string, intent: Intent): WireError {
  return badState(
    'payment_intent_unexpected_state',
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    { payment_intent: intent },
  )
}

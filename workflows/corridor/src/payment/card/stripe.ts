// Card payments over Stripe's API: one PaymentIntent per payment, captured by hand.
import { Stripe } from 'stripe'
import {
  type AuthorizeOutcome,
  type AuthorizeRequest,
  type CaptureOutcome,
  type FindPayment,
  type KnowsMethod,
  MoneyFailure,
  type PaymentPort,
  type PaymentState,
  type VoidOutcome,
} from '../payment.ts'
import { isTooSmall } from '@chargelane/rules/booking/small'
import { toStripeAmount } from './stripe-amount.ts'
import { increase, refund } from './stripe-changes.ts'
import { contest } from './stripe-disputes.ts'
import { asDeclined, asRefusal, isMissing, mayAskAgain, toFailure } from './stripe-errors.ts'
import {
  byPayer,
  type Client,
  expand,
  read,
  readRetries,
  retrieve,
  toState,
  write,
} from './stripe-intents.ts'

export type StripeSettings = {
  apiKey: string
  /** Whose account a call is for, where it is not the key's own. */
  stripeAccount?: string
  /** Of the same account: what a payer's device authenticates with. */
  publishableKey?: string
  /** Absent means api.stripe.com over https; given, the sandbox or stripe-mock. */
  host?: string
  port?: number
  protocol?: 'http' | 'https'
  /** Of one HTTP exchange; an activity should allow four of them. Default 20 s. */
  timeoutMs?: number
  now?: () => Date
}

type CaptureRequest = Parameters<PaymentPort['capture']>[0]
type VoidRequest = Parameters<PaymentPort['void']>[0]

// Search knows an intent within a minute in normal operation (docs.stripe.com/search#data-freshness).
const indexLagMs = 10 * 60 * 1000
const clockSkewMs = 60 * 1000
const intentsListedMax = 10_000

/** The version whose shapes and rules this folder is written for; an account's own default plays no part. */
export const stripeApiVersion = '2026-10-28.endive'

export function openStripe(settings: StripeSettings): Stripe {
  const { host, port, protocol, stripeAccount } = settings
  return new Stripe(settings.apiKey, {
    ...(stripeAccount === undefined ? {} : { stripeAccount }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
    apiVersion: stripeApiVersion,
    timeout: settings.timeoutMs ?? 20_000,
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

/** A method that was never made, or is another merchant's, is not there. */
export function createStripeMethods(settings: StripeSettings): KnowsMethod {
  const stripe = openStripe(settings)
  return (paymentMethod) =>
    read(async () => {
      try {
        await stripe.paymentMethods.retrieve(paymentMethod, {}, { maxNetworkRetries: readRetries })
        return true
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    })
}

export function createStripePayments(settings: StripeSettings): PaymentPort {
  const stripe = openStripe(settings)
  const { now = () => new Date(), publishableKey = null } = settings
  const client: Client = { stripe, now, publishableKey }
  return {
    authorize: (request) => authorize(client, request),
    increase: (request) => increase(client, request),
    capture: (request) => capture(client, request),
    void: (request) => voidPayment(client, request),
    refund: (request) => refund(client, request),
    contest: (request) => contest(client, request),
    find: (query) => find(client, query),
  }
}

// Energy may cost more than was held: where the card allows it the hold is raised instead of a second one, lasts until the
// record is there, and covers a little more. What a card does not offer it is simply not given (decision 0061).
const asked = {
  request_incremental_authorization: 'if_available',
  request_extended_authorization: 'if_available',
  request_overcapture: 'if_available',
} as const

async function authorize(client: Client, request: AuthorizeRequest): Promise<AuthorizeOutcome> {
  const { paymentId, customer, paymentMethod } = request
  // Nobody is there to name a card.
  if (paymentMethod === null && request.offSession)
    return { kind: 'declined', declineCode: 'payment_method_missing' }
  const params: Stripe.PaymentIntentCreateParams = {
    ...toStripeAmount(request.amount),
    capture_method: 'manual',
    // Cards alone: no method that redirects, so no return_url, and none that settles days later.
    allowed_payment_method_types: ['card'],
    payment_method_options: { card: asked },
    description: request.description,
    metadata: {
      payment_id: request.paymentId,
      session_id: request.sessionId,
      ...(paymentMethod === null ? byPayer : {}),
    },
    // The payer confirms it on the partner's page; what is named there must also pay for a second hold later.
    ...(paymentMethod === null
      ? { confirm: false, setup_future_usage: 'off_session' }
      : { confirm: true, payment_method: paymentMethod }),
    expand,
    ...(customer === undefined ? {} : { customer }),
    ...(request.offSession ? { off_session: true } : {}),
  }
  try {
    const intent = await write(
      request.idempotencyKey,
      (idempotencyKey) => client.stripe.paymentIntents.create(params, { idempotencyKey }),
      () => locate(client, { paymentId, ...(customer === undefined ? {} : { customer }) }),
    )
    return toAuthorizeOutcome(toState(intent, client))
  } catch (error) {
    const declined = asDeclined(error)
    if (declined) return declined
    throw toFailure(error)
  }
}

async function capture(client: Client, request: CaptureRequest): Promise<CaptureOutcome> {
  const { pspId } = request
  const { amount, currency } = toStripeAmount(request.amount)
  try {
    // The hold's currency is the capture's: Stripe takes the number and asks for no currency.
    const held = await retrieve(client, pspId)
    if (held.currency !== currency) {
      throw new MoneyFailure(`capture in ${currency} of a hold in ${held.currency}`, {
        code: 'currency_mismatch',
        retryable: false,
      })
    }
    const before = settledOutcome(toState(held, client))
    if (before) return before
    if (isTooSmall(request.amount)) return { kind: 'refused', code: 'amount_too_small' }
    const intent = await write(
      request.idempotencyKey,
      (idempotencyKey) =>
        client.stripe.paymentIntents.capture(
          pspId,
          { amount_to_capture: amount, expand },
          { idempotencyKey },
        ),
      async () => {
        const now = await retrieve(client, pspId)
        return now.status === 'requires_capture' ? undefined : now
      },
    )
    return settledOutcome(toState(intent, client)) ?? { kind: 'refused', code: intent.status }
  } catch (error) {
    const code = asRefusal(error)
    if (code === undefined) throw toFailure(error)
    const after = settledOutcome(toState(await read(() => retrieve(client, pspId)), client))
    const later = mayAskAgain(error, code) ? { mayAskAgain: true } : {}
    return after ?? { kind: 'refused', code, ...later }
  }
}

/** How a payment ended, as the answer to a capture; undefined while the hold stands. */
function settledOutcome(state: PaymentState): CaptureOutcome | undefined {
  if (state.kind === 'captured') return state
  if (state.kind === 'voided') {
    return {
      kind: 'refused',
      code: `authorization_${state.reason === 'expired' ? 'expired' : 'voided'}`,
    }
  }
  return undefined
}

async function voidPayment(client: Client, request: VoidRequest): Promise<VoidOutcome> {
  const { pspId } = request
  try {
    const intent = await write(
      request.idempotencyKey,
      (idempotencyKey) =>
        client.stripe.paymentIntents.cancel(pspId, { expand }, { idempotencyKey }),
      async () => {
        const now = await retrieve(client, pspId)
        return now.status === 'canceled' || now.status === 'succeeded' ? now : undefined
      },
    )
    return toVoidOutcome(toState(intent, client))
  } catch (error) {
    if (asRefusal(error) === undefined) throw toFailure(error)
    return toVoidOutcome(toState(await read(() => retrieve(client, pspId)), client))
  }
}

async function find(client: Client, query: FindPayment): Promise<PaymentState> {
  return read(async () => {
    if ('paymentId' in query) {
      const intent = await locate(client, query)
      return intent ? toState(intent, client) : { kind: 'none' }
    }
    try {
      return toState(await retrieve(client, query.pspId), client)
    } catch (error) {
      if (isMissing(error)) return { kind: 'none' }
      throw error
    }
  })
}

type Locate = Extract<FindPayment, { paymentId: string }>

/**
 * Search is one call but its index lags; the list is current but has no filter by metadata. So search
 * first, and walk the list of the last minutes only when search finds nothing. Should the index lag
 * longer still, the idempotency key of the creation stands between us and a second hold.
 */
async function locate(client: Client, query: Locate): Promise<Stripe.PaymentIntent | undefined> {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(query.paymentId)) {
    throw new MoneyFailure(`paymentId ${JSON.stringify(query.paymentId)} is not an id`, {
      code: 'payment_id_invalid',
      retryable: false,
    })
  }
  const indexed = await client.stripe.paymentIntents.search(
    { query: `metadata['payment_id']:'${query.paymentId}'`, limit: 10 },
    { maxNetworkRetries: readRetries },
  )
  const ids =
    indexed.data.length > 0 ? indexed.data.map((intent) => intent.id) : await listIds(client, query)
  const intents = await Promise.all(ids.map((id) => retrieve(client, id)))
  const holding = intents.filter((intent) => holdsMoney(intent.status))
  if (holding.length > 1) {
    throw new MoneyFailure(`payment ${query.paymentId} has ${holding.length} live intents`, {
      code: 'payment_duplicated',
      retryable: false,
    })
  }
  return holding[0] ?? intents[0]
}

async function listIds(client: Client, query: Locate): Promise<string[]> {
  const freshMs = client.now().getTime() - indexLagMs
  const askedMs =
    query.createdAfter === undefined ? freshMs : Date.parse(query.createdAfter) - clockSkewMs
  const sinceMs = Math.max(freshMs, askedMs)
  const list = client.stripe.paymentIntents.list(
    {
      created: { gte: Math.floor(sinceMs / 1000) },
      limit: 100,
      ...(query.customer === undefined ? {} : { customer: query.customer }),
    },
    { maxNetworkRetries: readRetries },
  )
  const ids: string[] = []
  let seen = 0
  for await (const intent of list) {
    if (intent.metadata['payment_id'] === query.paymentId) ids.push(intent.id)
    seen += 1
    if (seen > intentsListedMax) {
      // "None" would be a guess here, and a guess may pay twice.
      throw new MoneyFailure('too many payments in the window: give createdAfter or customer', {
        code: 'search_too_wide',
        retryable: false,
      })
    }
  }
  return ids
}

function holdsMoney(status: Stripe.PaymentIntent['status']): boolean {
  return status === 'requires_capture' || status === 'succeeded' || status === 'processing'
}

function toAuthorizeOutcome(state: PaymentState): AuthorizeOutcome {
  switch (state.kind) {
    case 'authorized':
      return state
    case 'requires_action':
    case 'declined':
      return state
    case 'captured':
    case 'voided':
      throw new MoneyFailure(`the payment was already ${state.kind}: query before authorizing`, {
        code: `payment_already_${state.kind}`,
        retryable: false,
      })
    case 'processing':
    case 'none':
    default:
      throw new MoneyFailure('the card provider has not decided yet', {
        code: 'payment_processing',
        retryable: true,
        isAnswered: true,
      })
  }
}

function toVoidOutcome(state: PaymentState): VoidOutcome {
  if (state.kind === 'voided') return state
  if (state.kind === 'captured') {
    return { kind: 'already_captured', pspId: state.pspId, amount: state.amount }
  }
  throw new MoneyFailure(`the card provider left the payment ${state.kind} after a void`, {
    code: 'void_pending',
    retryable: true,
    isAnswered: true,
  })
}

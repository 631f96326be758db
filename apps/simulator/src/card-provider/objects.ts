// New objects in Stripe's shape.
import { createHash } from 'node:crypto'
import { type Card, offersOf, weekS } from './cards.ts'
import {
  type Charge,
  type Customer,
  type Endpoint,
  type Intent,
  type Movement,
  newId,
  type PaymentMethod,
  type Refund,
} from './store.ts'

export const apiVersion = '2026-10-28.endive'

/** What the payment asks of the card's network, each `if_available`. */
export type Asked = {
  incremental: boolean
  extended: boolean
  multicapture: boolean
  overcapture: boolean
}

export type NewIntent = Pick<Intent, 'amount' | 'currency' | 'capture_method' | 'metadata'> & {
  created: number
  description: string | null
  customer: string | null
  statementDescriptorSuffix: string | null
  transferGroup: string | null
  receiptEmail: string | null
  setupFutureUsage: Intent['setup_future_usage']
  asked: Asked
}

export function newIntent(from: NewIntent): Intent {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: ['card'],
    amount: from.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: from.capture_method,
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    confirmation_method: 'automatic',
    created: from.created,
    currency: from.currency,
    customer: from.customer,
    customer_account: null,
    description: from.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: from.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic',
        ...requestsOf(from.asked),
      },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: from.receiptEmail,
    review: null,
    setup_future_usage: from.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: from.statementDescriptorSuffix,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: from.transferGroup,
  }
}

const requestsOf = ({ incremental, extended, multicapture, overcapture }: Asked) => ({
  ...(incremental ? { request_incremental_authorization: 'if_available' as const } : {}),
  ...(extended ? { request_extended_authorization: 'if_available' as const } : {}),
  ...(multicapture ? { request_multicapture: 'if_available' as const } : {}),
  ...(overcapture ? { request_overcapture: 'if_available' as const } : {}),
})

const noAddress = { address: null, email: null, name: null, phone: null, tax_id: null }

export function newPaymentMethod(card: Card, created: number): PaymentMethod {
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: noAddress,
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'DE',
      display_brand: card.brand,
      exp_month: 12,
      exp_year: 2034,
      fingerprint: fingerprint(card),
      funding: 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: walletOf(card),
    },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
}

/** Stable per card, so one card used twice is seen to be one. */
function fingerprint(card: Card): string {
  return createHash('sha256').update(`${card.brand}:${card.last4}`).digest('hex').slice(0, 16)
}

export type Authentication = 'none' | 'passed'

/** The charge of a hold that the issuer answered; `capture_before` only when it is a hold. */
export function newCharge(
  intent: Intent,
  method: PaymentMethod,
  card: Card,
  at: {
    created: number
    captureBefore: number | null
    authentication: Authentication
    isExtended?: boolean
  },
): Charge {
  const decline = card.issuer === 'approve' ? undefined : card.issuer
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: noAddress,
    calculated_statement_descriptor: 'CHARGELANE SANDBOX',
    captured: false,
    created: at.created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline ? declineMessage(decline.code) : null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: {
      advice_code: decline === undefined ? null : (card.advice ?? null),
      network_advice_code: null,
      network_decline_code: decline ? '05' : null,
      network_status: decline ? 'declined_by_network' : 'approved_by_network',
      reason: decline?.declineCode ?? null,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: decline
        ? 'The bank did not return any further details with this decline.'
        : 'Payment complete.',
      type: decline ? 'issuer_declined' : 'authorized',
    },
    paid: decline === undefined,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: chargeCard(intent, card, at) },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: decline ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
}

type ChargeCard = NonNullable<NonNullable<Charge['payment_method_details']>['card']>

function chargeCard(
  intent: Intent,
  card: Card,
  at: { captureBefore: number | null; authentication: Authentication; isExtended?: boolean },
): ChargeCard {
  return {
    amount_authorized: card.issuer === 'approve' ? intent.amount : null,
    authorization_code: card.issuer === 'approve' ? '123456' : null,
    brand: card.brand,
    ...(at.captureBefore === null ? {} : { capture_before: at.captureBefore }),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'DE',
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2034,
    extended_authorization: { status: at.isExtended ? 'enabled' : 'disabled' },
    fingerprint: fingerprint(card),
    funding: 'credit',
    incremental_authorization: {
      status: isIncremental(intent, card) ? 'available' : 'unavailable',
    },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: takesSeveral(intent, card) ? 'available' : 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: '976910110049114',
    overcapture: overcaptureOf(intent, card),
    regulated_status: 'unregulated',
    three_d_secure:
      at.authentication === 'passed'
        ? {
            authentication_flow: 'challenge',
            electronic_commerce_indicator: '05',
            exemption_indicator: null,
            result: 'authenticated',
            result_reason: null,
            transaction_id: '41a52112-56e7-4c35-9fe9-2ae8d5a2d1a1',
            version: '2.2.0',
          }
        : null,
    transaction_link_id: null,
    wallet: walletOf(card),
  }
}

const walletOf = ({ wallet, last4 }: Card) =>
  wallet === undefined ? null : { type: wallet, dynamic_last4: last4, [wallet]: {} }

/** docs.stripe.com/payments/multicapture: up to 50 captures of one hold. */
export function takesSeveral(intent: Intent, card: Card): boolean {
  const asked = intent.payment_method_options?.card?.request_multicapture
  return asked === 'if_available' && offersOf(card).multicapture
}

/** docs.stripe.com/payments/overcapture: a part of the hold more, where the network has it. */
export function overcaptureOf(
  { amount, payment_method_options: options }: Intent,
  card: Card,
): { maximum_amount_capturable: number; status: 'available' | 'unavailable' } {
  const { overcapturePercent } = offersOf(card)
  const isGiven = options?.card?.request_overcapture === 'if_available' && overcapturePercent > 0
  return {
    maximum_amount_capturable: isGiven
      ? amount + Math.floor((amount * overcapturePercent) / 100)
      : amount,
    status: isGiven ? 'available' : 'unavailable',
  }
}

/** Asked for with the payment, and possible with the card. */
export function isIncremental(intent: Intent, { increments }: Pick<Card, 'increments'>): boolean {
  const asked = intent.payment_method_options?.card?.request_incremental_authorization
  return asked === 'if_available' && increments !== 'unavailable'
}

export function declineMessage(code: string): string {
  if (code === 'authentication_required') {
    return 'Your card was declined. This transaction requires authentication.'
  }
  if (code === 'expired_card') return 'Your card has expired.'
  if (code === 'incorrect_cvc') return "Your card's security code is incorrect."
  if (code === 'processing_error')
    return 'An error occurred while processing your card. Try again in a little bit.'
  return 'Your card was declined.'
}

/** European card money is available after a week; what is paid out is gone at once. */
export function newMovement(
  kind: 'charge' | 'refund' | 'refund_failure' | 'payout' | 'adjustment',
  from: {
    amount: number
    fee: number
    currency: string
    source: string
    created: number
    description: string | null
  },
): Movement {
  const { amount, fee, currency, source, created, description } = from
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: kind === 'payout' ? created : created + weekS,
    balance_type: 'payments',
    created,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: kind,
    source,
    status: 'pending',
    type: kind,
  }
}

export function newRefund(
  charge: Charge,
  amount: number,
  more: Pick<Refund, 'created' | 'metadata' | 'reason'>,
): Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: more.created,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: {
        type: 'refund',
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
      },
    },
    metadata: more.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: more.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
}

export function newCustomer(from: {
  created: number
  email: string | null
  name: string | null
  phone: string | null
  description: string | null
  metadata: Record<string, string>
}): Customer {
  return {
    id: newId('cus').slice(0, 18),
    object: 'customer',
    address: null,
    balance: 0,
    created: from.created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: from.description,
    discount: null,
    email: from.email,
    invoice_prefix: newId('x').slice(2, 10).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: from.metadata,
    name: from.name,
    next_invoice_sequence: 1,
    phone: from.phone,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
}

export function newEndpoint(from: {
  created: number
  url: string
  enabledEvents: string[]
  secret: string
  description: string | null
  metadata: Record<string, string>
}): Endpoint {
  return {
    id: newId('we'),
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: from.created,
    description: from.description,
    enabled_events: from.enabledEvents,
    livemode: false,
    metadata: from.metadata,
    secret: from.secret,
    status: 'enabled',
    url: from.url,
  }
}

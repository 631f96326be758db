// The test cards, the way each behaves, and what the provider asks for a payment: minimum, step, fee, time of a hold.
export type Card = {
  brand: 'visa' | 'mastercard' | 'amex'
  last4: string
  /** The issuer's answer to a hold. */
  issuer: 'approve' | { declineCode: string; code: string }
  /** When the issuer asks the driver to prove who they are. */
  challenge: 'never' | 'always'
  /** What happens to the capture of a hold that stands. */
  capture: 'works' | 'fails' | 'times_out'
  /** Whether a hold can be raised, and what the issuer says to it. */
  increments: 'approve' | 'unavailable' | 'decline'
  /** How long a hold stands, if shorter than the scheme's rule. */
  holdS?: number
  /** What the issuer advises after a refusal. */
  advice?: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data'
  /** The wallet that the card is in. */
  wallet?: 'apple_pay' | 'google_pay'
  /** What its network offers where it is asked for; the brand's own by default. */
  offers?: Offers
}

/** docs.stripe.com/payments/flexible-payments: each only where the payment asks for it, and the card has it. */
export type Offers = {
  /** A hold of a driver who is there stands so long. */
  extendedS: number | null
  multicapture: boolean
  /** So much above the hold is captured all the same. */
  overcapturePercent: number
}

const none: Offers = { extendedS: null, multicapture: false, overcapturePercent: 0 }
const monthS = 30 * 24 * 60 * 60

const brandOffers: Record<Card['brand'], Offers> = {
  visa: { ...none, extendedS: monthS, multicapture: true },
  mastercard: { extendedS: monthS, multicapture: true, overcapturePercent: 20 },
  // Longer holds are for hotels and rented cars alone.
  amex: { ...none, multicapture: true },
}

export const offersOf = ({ brand, offers }: Card): Offers => offers ?? brandOffers[brand]

const visa: Card = {
  brand: 'visa',
  last4: '4242',
  issuer: 'approve',
  challenge: 'never',
  capture: 'works',
  increments: 'approve',
}

function declining(last4: string, declineCode: string, code = 'card_declined'): Card {
  return { ...visa, last4, issuer: { declineCode, code } }
}

const never = (card: Card): Card => ({ ...card, advice: 'do_not_try_again' })

/** Stripe's own test ids, docs.stripe.com/testing. `pm_sandbox_…` are ours and unknown to Stripe. */
const cards = new Map<string, Card>([
  ['pm_card_visa', visa],
  ['pm_card_visa_debit', { ...visa, last4: '5556', offers: none }],
  ['pm_card_mastercard', { ...visa, brand: 'mastercard', last4: '4444' }],
  ['pm_card_amex', { ...visa, brand: 'amex', last4: '8431', increments: 'unavailable' }],
  ['pm_card_de', { ...visa, last4: '0016' }],
  ['pm_card_chargeDeclined', declining('0002', 'generic_decline')],
  ['pm_card_visa_chargeDeclined', declining('0002', 'generic_decline')],
  ['pm_card_chargeDeclinedInsufficientFunds', declining('9995', 'insufficient_funds')],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', declining('9995', 'insufficient_funds')],
  ['pm_card_chargeDeclinedLostCard', never(declining('9987', 'lost_card'))],
  ['pm_card_chargeDeclinedStolenCard', never(declining('9979', 'stolen_card'))],
  ['pm_card_chargeDeclinedFraudulent', declining('0101', 'fraudulent')],
  ['pm_card_chargeDeclinedExpiredCard', declining('0069', 'expired_card', 'expired_card')],
  ['pm_card_chargeDeclinedIncorrectCvc', declining('0127', 'incorrect_cvc', 'incorrect_cvc')],
  [
    'pm_card_chargeDeclinedProcessingError',
    declining('0119', 'processing_error', 'processing_error'),
  ],
  ['pm_card_chargeDeclinedVelocityLimitExceeded', declining('6975', 'card_velocity_exceeded')],
  ['pm_card_chargeCustomerFail', declining('0341', 'generic_decline')],
  ['pm_card_authenticationRequired', { ...visa, last4: '3184', challenge: 'always' }],
  ['pm_card_threeDSecure2Required', { ...visa, last4: '3220', challenge: 'always' }],
  ['pm_card_threeDSecureRequired', { ...visa, last4: '3063', challenge: 'always' }],
  [
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    { ...declining('8341', 'insufficient_funds'), challenge: 'always' },
  ],
  ['pm_sandbox_captureFails', { ...visa, last4: '9001', capture: 'fails' }],
  ['pm_sandbox_captureTimesOut', { ...visa, last4: '9002', capture: 'times_out' }],
  ['pm_sandbox_neverRaised', { ...visa, last4: '9004', increments: 'unavailable' }],
  ['pm_sandbox_raiseDeclined', { ...visa, last4: '9005', increments: 'decline' }],
  ['pm_sandbox_plain', { ...visa, last4: '9006', increments: 'unavailable', offers: none }],
  [
    'pm_sandbox_fundsLater',
    { ...declining('9007', 'insufficient_funds'), advice: 'try_again_later' },
  ],
  [
    'pm_sandbox_wrongData',
    { ...declining('9008', 'incorrect_number', 'incorrect_number'), advice: 'confirm_card_data' },
  ],
  ['pm_sandbox_applePay', { ...visa, last4: '9010', wallet: 'apple_pay' }],
  ['pm_sandbox_googlePay', { ...visa, brand: 'mastercard', last4: '9011', wallet: 'google_pay' }],
  ['pm_sandbox_expiresEarly', { ...visa, last4: '9003', holdS: 60 }],
])

const numbers = new Map([
  ['4242424242424242', 'pm_card_visa'],
  ['4000056655665556', 'pm_card_visa_debit'],
  ['5555555555554444', 'pm_card_mastercard'],
  ['378282246310005', 'pm_card_amex'],
  ['4000000000000002', 'pm_card_chargeDeclined'],
  ['4000000000009995', 'pm_card_chargeDeclinedInsufficientFunds'],
  ['4000002760003184', 'pm_card_authenticationRequired'],
  ['4000000000003220', 'pm_card_threeDSecure2Required'],
  ['4000000000000341', 'pm_card_chargeCustomerFail'],
])

export function findCard(testId: string): Card | undefined {
  return cards.get(testId)
}

export function testIdOfNumber(number: string): string | undefined {
  return numbers.get(number)
}

// docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in Stripe's units.
const minimums = new Map([
  ['aed', 200],
  ['aud', 50],
  ['bgn', 100],
  ['brl', 50],
  ['cad', 50],
  ['hkd', 400],
  ['inr', 50],
  ['jpy', 50],
  ['mxn', 1000],
  ['myr', 200],
  ['nzd', 50],
  ['sgd', 50],
  ['thb', 1000],
  ['eur', 50],
  ['usd', 50],
  ['chf', 50],
  ['gbp', 30],
  ['dkk', 250],
  ['nok', 300],
  ['sek', 300],
  ['pln', 200],
  ['czk', 1500],
  ['huf', 17500],
  ['ron', 200],
])

export function minimumAmount(currency: string): number {
  return minimums.get(currency) ?? 1
}

const wholeUnits = new Map([
  ['isk', 100],
  ['ugx', 100],
  ['bhd', 10],
  ['jod', 10],
  ['kwd', 10],
  ['omr', 10],
  ['tnd', 10],
])

/** The smallest step an amount of this currency may have; 1 where Stripe says nothing special. */
export function amountStep(currency: string): number {
  return wholeUnits.get(currency) ?? 1
}

/** 1.5 % rounded half up, plus 25 units, and then up to the currency's step. In Stripe's units. */
export function feeOf(amount: number, currency: string): number {
  const step = amountStep(currency)
  const share = Math.floor((amount * 15 + 500) / 1000)
  return Math.ceil((share + 25) / step) * step
}

export const weekS = 7 * 24 * 60 * 60
/** A hold of 7 days, or longer where that is asked for; Visa gives a payment without the driver 4 days and 18 hours. */
export function holdSeconds(
  card: Card,
  { offSession, isExtended }: { offSession: boolean; isExtended: boolean },
): number {
  if (card.holdS !== undefined) return card.holdS
  const { extendedS } = offersOf(card)
  if (isExtended && extendedS !== null && !offSession) return extendedS
  return offSession && card.brand === 'visa' ? (4 * 24 + 18) * 60 * 60 : weekS
}

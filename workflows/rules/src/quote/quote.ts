/** The binding price a driver is shown: the operator's public tariff, locked by hash, with nothing added. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { canonicalHash } from '../evidence/canonical/digest.ts'
import type { MarketProfile } from '../markets/profile.ts'
import { profileRef, ratingPolicyOf } from '../markets/markets.ts'
import { compareExact, exact, exactOf, format, ratioOf, times, zero } from '../exact.ts'
import { compare, exactMoney, exponentOf, fromDecimal, minimum, money, shareOf } from '../money.ts'
import { formatInstant, isTimeZone, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { engineVersion } from '../rating/rating.ts'
import { basisLine, comparableLine, type Language } from './display.ts'
import type { ComparablePrice, QuoteBody } from './body.ts'
import { type Basis, basisOf, type PlanBasis, type Price, priceOf, withPlan } from './basis.ts'
import { type Expected, expectedSession } from './expected.ts'
import type { QuoteInput, Ready } from './input.ts'
import { distributionField } from './shared.ts'
import { show, type Shown } from './shown.ts'
import type { Unsold } from '../tariff/pick.ts'
import { taxFaults } from '../tariff/tax.ts'

export { discountOf } from './basis.ts'
export type { DiscountTerms, PlanOffer, QuoteInput } from './input.ts'
export type {
  AgreedPrice,
  PartnerDiscount,
  PlanPrice,
  PriceBasis,
  QuoteBody,
  QuoteComponent,
} from './body.ts'

export type QuoteRefusal = {
  ok: false
  code: 'price_unavailable' | 'unsupported_currency' | 'invalid_value'
  path: string
  message: string
  /** Why the operator's tariff is not sold here. */
  reason?: Unsold
}

export type QuoteResult = { ok: true; quote: QuoteBody } | QuoteRefusal

const hashes = new WeakMap<Tariff, string>()

/** `sha256:<hex>` of the RFC 8785 form: the lock of a quote, a proof and a tariff version alike. Once per object. */
export function hashTariff(tariff: Tariff): string {
  const known = hashes.get(tariff)
  if (known !== undefined) return known
  const fresh = canonicalHash(tariff)
  hashes.set(tariff, fresh)
  return fresh
}

const refuse = (code: QuoteRefusal['code'], path: string, message: string): QuoteRefusal => ({
  ok: false,
  code,
  path,
  message,
})

/** An amount in whole steps of the market, between its floor and cap. */
function inSteps({ amount, currency }: Money, hold: Omit<MarketProfile['hold'], 'idleS'>): Money {
  const steps = Math.ceil(amount / hold.step) * hold.step
  return money(Math.min(hold.cap, Math.max(hold.floor, steps)), currency)
}

/** The market's margin in whole steps, between floor and cap. */
export const holdFor = (total: Money, hold: Omit<MarketProfile['hold'], 'idleS'>): Money =>
  inSteps(shareOf(total, hold.factorPercent * 100), hold)

// ── The price ───────────────────────────────────────────────────────────────────────────────────────────────────

function prepare(input: QuoteInput): Ready | QuoteRefusal {
  const { tariff, profile, evse } = input
  const now = parseInstant(input.now)
  if (now === undefined) return refuse('invalid_value', 'now', 'must be an RFC 3339 instant')
  if (tariff === undefined)
    return refuse('price_unavailable', 'tariff', 'no valid public tariff is known for this EVSE')
  const policy = profile === undefined ? undefined : ratingPolicyOf(profile, input.now)
  if (profile === undefined || policy === undefined)
    return refuse('price_unavailable', 'market_profile', 'this market is not open for sale')
  if (tariff.currency !== profile.currency)
    return refuse(
      'unsupported_currency',
      'tariff.currency',
      `the tariff is in ${tariff.currency}, prices here are shown in ${profile.currency}`,
    )
  const [fault] = taxFaults(tariff, profile, input.now)
  if (fault !== undefined)
    return {
      ...refuse('price_unavailable', `tariff.${fault.path}`, fault.message),
      reason: 'market',
    }
  if (!isTimeZone(evse.timeZone))
    return refuse('price_unavailable', 'evse.time_zone', 'the EVSE has no known time zone')
  if (compareExact(exact(evse.powerKw), zero) <= 0)
    return refuse('price_unavailable', 'evse.power', 'the power of the EVSE is not known')
  const { energyKwh, durationS } = input.expected ?? {}
  if (energyKwh !== undefined && compareExact(exact(energyKwh), zero) <= 0)
    return refuse('invalid_value', 'est_energy_wh', 'must be positive')
  if (durationS !== undefined && !(Number.isSafeInteger(durationS) && durationS > 0))
    return refuse('invalid_value', 'est_duration_s', 'must be a positive whole number')
  return { now, tariff, profile, policy }
}

/** Thousandths of a kWh, for the contract's integer Wh. */
function wattHours(energyKwh: Decimal): number {
  return Number(ratioOf(exact(energyKwh), exactOf(1_000), exactOf(1), 0).n / 9n)
}

/** All that a session costs, per kWh, at this many decimals of the currency. */
const comparableDigits = 4

function comparableOf(
  applied: Money,
  energyKwh: Decimal,
  { priceDisplay }: MarketProfile,
  languages: readonly Language[],
): ComparablePrice {
  const { comparableUnit: unit, comparableIn } = priceDisplay
  const { currency } = applied
  const perKwh = ratioOf(exactMoney(applied), exactOf(1), exact(energyKwh), comparableDigits)
  const scale = comparableIn === 'minor' ? 10 ** exponentOf(currency) : 1
  const shown = { value: format(times(perKwh, exactOf(scale)), 2), unit }
  return {
    value: format(perKwh, comparableDigits),
    currency,
    per: 'kWh',
    tax: 'inclusive',
    text: Object.fromEntries(
      languages.map((language) => [language, comparableLine(shown, energyKwh, language)]),
    ),
  }
}

type Offer = {
  ready: Ready
  basis: Basis
  plan: PlanBasis | undefined
  shown: Shown
  expected: Expected
  price: Price
  comparable: ComparablePrice
}

function offer(input: QuoteInput): Offer | QuoteRefusal {
  const ready = prepare(input)
  if ('ok' in ready) return ready
  const { now, tariff, profile, policy } = ready
  const { evse } = input
  const place = { startMicros: now, timeZone: evse.timeZone, powerKw: evse.powerKw }
  const expected = expectedSession({
    ...place,
    current: evse.current,
    profile,
    ...input.expected,
  })
  const without = basisOf(input, ready, expected)
  const { basis, plan } = withPlan(input, ready, expected, without)
  const price = priceOf(ready, basis, expected, input.now)
  if ('ok' in price) return refuse('price_unavailable', price.path, price.message)
  const isTypical =
    input.expected?.energyKwh === undefined && input.expected?.durationS === undefined
  const example = isTypical
    ? expected
    : expectedSession({ ...place, current: evse.current, profile })
  const examplePrice = isTypical ? price : priceOf(ready, basis, example, input.now)
  const shown = show(
    'tariff' in basis ? basis.tariff : tariff,
    policy,
    profile,
    Math.floor(now / (86_400 * microsPerSecond)),
  )
  const comparable =
    'ok' in examplePrice
      ? comparableOf(price.applied, expected.energyKwh, profile, shown.languages)
      : comparableOf(examplePrice.applied, example.energyKwh, profile, shown.languages)
  return { ready, basis, plan, shown, expected, price, comparable }
}

function displayText({ ready, basis, shown, comparable }: Offer): Record<string, string> {
  // A bundle's price per kWh is said where the market asks for it (SI 2023/1168 reg. 11).
  const isBundle = shown.components.some(({ type }) => type !== 'ENERGY')
  const says = ready.profile.priceDisplay.comparableShown && isBundle
  return Object.fromEntries(
    shown.languages.map((language) => [
      language,
      [
        ...(says ? [comparable.text[language] ?? ''] : []),
        ...(shown.lines[language] ?? []),
        ...(basis.kind === 'public' ? [] : [basisLine(basis.kind, language)]),
        shown.closing[language] ?? '',
      ].join('\n'),
    ]),
  )
}

/** Why the price is not the public one, in the quote's own fields. */
function basisFields(
  basis: Basis,
): Pick<QuoteBody, 'basis' | 'justification' | 'agreement' | 'discount'> {
  if (basis.kind === 'public') return { basis: 'public', justification: null }
  if (basis.kind === 'plan')
    return {
      ...basisFields(basis.sale),
      basis: 'plan',
      justification: "The driver's plan includes it or lowers it; its seller pays the rest.",
    }
  if (basis.kind === 'partner_discount') {
    return {
      basis: 'partner_discount',
      justification: 'The partner gives its own share of the sale to the driver.',
      discount: { funded_by: 'partner' },
    }
  }
  const { agreement, tariff } = basis
  return {
    basis: 'rate_agreement',
    justification: agreement.justification,
    agreement: {
      id: agreement.id,
      version: agreement.version,
      tariff,
      tariff_hash: hashTariff(tariff),
    },
  }
}

/** The driver's plan, wherever it may lower the price of the session in the end. */
function planField(plan: PlanBasis | undefined): Pick<QuoteBody, 'plan'> {
  if (plan === undefined) return {}
  const { id, version, subscription, period, owner, funded_by } = plan.sold
  return {
    plan: {
      id,
      version,
      subscription,
      period,
      owner,
      funded_by,
      promised_kwh: plan.promisedKwh,
      tariff: plan.tariff,
      tariff_hash: hashTariff(plan.tariff),
    },
  }
}

const leastCoverS = 600

/** Ten minutes at all the power there is: time to see what a car draws, and to ask for more or stop. */
function leastHold(input: QuoteInput, { ready, basis }: Offer): Money | undefined {
  const { powerKw, current, timeZone } = input.evse
  const energyKwh = format(ratioOf(exact(powerKw), exactOf(leastCoverS), exactOf(3_600), 6), 6)
  const usual = { energyKwh, powerKw }
  const session = expectedSession({
    startMicros: ready.now,
    timeZone,
    powerKw,
    current,
    profile: { expected: { AC: usual, DC: usual } },
    durationS: leastCoverS,
  })
  const priced = priceOf(ready, basis, session, input.now)
  return 'ok' in priced ? undefined : inSteps(priced.applied, ready.profile.hold)
}

/** What a hold is for: what its buyer expects, else what sessions of this connector usually take. */
function sessionToHold({ evse, expected, usualEnergyKwh, now }: QuoteInput, made: Offer) {
  const { ready, basis } = made
  const isTold = expected?.energyKwh !== undefined || expected?.durationS !== undefined
  if (isTold || usualEnergyKwh === undefined) return made
  const { timeZone, powerKw, current } = evse
  const usual = expectedSession({
    startMicros: ready.now,
    timeZone,
    powerKw,
    current,
    profile: ready.profile,
    energyKwh: usualEnergyKwh,
  })
  const price = priceOf(ready, basis, usual, now)
  return 'ok' in price ? made : { expected: usual, price }
}

/**
 * What the session and idling after it may come to, with the market's margin, and never less than ten minutes at full
 * power, whatever a buyer expects; the tariff's own wish counts up to the cap.
 */
function holdOf(input: QuoteInput, made: Offer): Money {
  const { ready, basis, shown } = made
  const { expected, price } = sessionToHold(input, made)
  const { tariff, profile } = ready
  let exposure = price.applied
  if (shown.idle !== null) {
    const withIdling = expectedSession({
      startMicros: ready.now,
      timeZone: input.evse.timeZone,
      powerKw: input.evse.powerKw,
      current: input.evse.current,
      profile,
      energyKwh: expected.energyKwh,
      durationS: expected.durationS,
      idleS: profile.hold.idleS,
    })
    const idling = priceOf(ready, basis, withIdling, input.now)
    if (!('ok' in idling) && idling.applied.amount > exposure.amount) exposure = idling.applied
  }
  const expectedHold = holdFor(exposure, profile.hold)
  const least = leastHold(input, made) ?? expectedHold
  const hold = compare(least, expectedHold) > 0 ? least : expectedHold
  // OCPI 2.3.0: preauthorize_amount means something for ad hoc payments only.
  const wished =
    tariff.type === 'AD_HOC_PAYMENT' && tariff.preauthorize_amount !== undefined
      ? fromDecimal(tariff.preauthorize_amount, tariff.currency)
      : hold
  const cap = money(profile.hold.cap, tariff.currency)
  return compare(wished, hold) > 0 ? minimum(wished, cap) : hold
}

/** What binding and indicative quotes say alike. */
function commonFields(input: QuoteInput, made: Offer) {
  const { ready, basis, shown, expected, price } = made
  return {
    evse: input.evse.id,
    tariff: input.tariffVersion,
    tariff_hash: hashTariff(ready.tariff),
    currency: ready.tariff.currency,
    components: shown.components,
    ...(shown.free.length === 0 ? {} : { free_usage: shown.free }),
    public_price_total: price.open.gross,
    applied_price_total: price.applied,
    ...basisFields(basis),
    ...(input.contract === undefined ? {} : { contract: input.contract }),
    ...(input.access === undefined ? {} : { access: input.access }),
    ...planField(made.plan),
    comparable_unit_price: made.comparable,
    ...(shown.limits === undefined ? {} : { limits: shown.limits }),
    idle_fee_terms: shown.idle,
    est: {
      energy_wh: wattHours(expected.energyKwh),
      duration_s: expected.durationS,
      total: price.applied,
    },
    market_profile: profileRef(ready.profile),
    display_text: displayText(made),
  } satisfies Partial<QuoteBody>
}

export type IndicativeBody = ReturnType<typeof commonFields>

/** The price for a map: what a quote would say now, binding nobody. */
export function buildIndicative(
  input: QuoteInput,
): { ok: true; quote: IndicativeBody } | QuoteRefusal {
  const made = offer(input)
  return 'ok' in made ? made : { ok: true, quote: commonFields(input, made) }
}

/** The price as a binding offer for 15 minutes, or the reason why there is none. Pure on its input. */
export function buildQuote(input: QuoteInput): QuoteResult {
  const made = offer(input)
  if ('ok' in made) return made
  const { now, profile, policy } = made.ready
  return {
    ok: true,
    quote: {
      created_at: formatInstant(now),
      expires_at: formatInstant(now + profile.quoteTtlS * microsPerSecond),
      guaranteed_until: 'session_end',
      ...commonFields(input, made),
      ...distributionField(input, made),
      hold_amount: holdOf(input, made),
      tax_lines: made.price.taxLines.map(({ rate: vatRate, net, vat }) => ({
        rate: vatRate,
        net,
        vat,
      })),
      seller: input.seller,
      supply_model: input.supplyModel ?? profile.supplyModel,
      rating_policy: policy,
      engine_version: engineVersion,
      fees_to_driver: [],
    },
  }
}

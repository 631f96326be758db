/** What a price rests on: the public tariff, an agreement, a discount or the driver's plan, whichever is due. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Commission } from '../agreement/distribution.ts'
import { coversConnector, deriveTariff, type RateAgreement } from '../agreement/agreement.ts'
import { compare, money, subtract } from '../money.ts'
import { planTariff, promiseFor } from '../plan/plan.ts'
import type { RatingRefusal, Totals } from '../rating/rating.ts'
import { standardPolicy } from '../split/policy.ts'
import { splitSale } from '../split/sale.ts'
import { shareIn } from '../split/split.ts'
import { taxesOf } from '../split/taxes.ts'
import { taxFaults } from '../tariff/tax.ts'
import { estimate } from './estimate.ts'
import type { Expected } from './expected.ts'
import type { DiscountTerms, PlanOffer, QuoteInput, Ready } from './input.ts'

/** A session's price at the public tariff, and what this partner's driver pays for it. */
export type Price = { open: Totals; applied: Money; taxLines: Totals['vat_lines'] }

type Agreed = { agreement: RateAgreement; tariff: Tariff }
export type Basis =
  | { kind: 'public' }
  | ({ kind: 'rate_agreement' } & Agreed)
  | { kind: 'partner_discount'; terms: DiscountTerms }
  | PlanBasis
/** Over what the sale itself is made at. */
export type PlanBasis = {
  kind: 'plan'
  sale: { kind: 'public' } | ({ kind: 'rate_agreement' } & Agreed)
  sold: PlanOffer
  promisedKwh: Decimal
  tariff: Tariff
}

const isRefused = (totals: Totals | RatingRefusal): totals is RatingRefusal => 'ok' in totals

/** The partner's own share of a sale at these totals, which its driver gets; nothing where there is no share. */
export function discountOf(sale: Totals, terms: DiscountTerms, at: string): Money {
  const { cpo, partner, platform, placeCountry } = terms
  const driver = {
    id: '',
    role: 'driver',
    country: placeCountry,
    vatId: null,
    vatChecked: false,
    business: false,
  }
  const input = {
    model: 'agency' as const,
    at,
    placeCountry,
    parties: [driver, cpo, partner, platform],
    seller: cpo,
    driver,
    policy: standardPolicy(terms.policy, { seller: cpo, partner, platform }),
  }
  const taxed = taxesOf(input)
  const result = taxed.ok ? splitSale({ ...input, sale, taxes: taxed.taxes }) : taxed
  return result.ok ? shareIn(result.split, partner) : money(0, sale.gross.currency)
}

/** What a tariff makes of the expected session; undefined where it prices nothing of it. */
export function totalsOf(ready: Ready, tariff: Tariff, expected: Expected): Totals | undefined {
  const totals = estimate(tariff, ready.policy, expected)
  return isRefused(totals) ? undefined : totals
}

export function priceOf(
  ready: Ready,
  basis: Basis,
  expected: Expected,
  at: string,
): Price | RatingRefusal {
  const open = estimate(ready.tariff, ready.policy, expected)
  if (isRefused(open)) return open
  if (basis.kind === 'public') return { open, applied: open.gross, taxLines: open.vat_lines }
  if (basis.kind === 'partner_discount') {
    const share = discountOf(open, basis.terms, at)
    return { open, applied: subtract(open.gross, share), taxLines: open.vat_lines }
  }
  if (basis.kind === 'plan') {
    const sale = priceOf(ready, basis.sale, expected, at)
    const own = estimate(basis.tariff, ready.policy, expected)
    if ('ok' in sale || isRefused(own) || own.gross.amount >= sale.applied.amount) return sale
    return { open, applied: own.gross, taxLines: own.vat_lines }
  }
  const agreed = estimate(basis.tariff, ready.policy, expected)
  return isRefused(agreed) || agreed.gross.amount >= open.gross.amount
    ? { open, applied: open.gross, taxLines: open.vat_lines }
    : { open, applied: agreed.gross, taxLines: agreed.vat_lines }
}

const derived = new WeakMap<Tariff, Map<string, Tariff | undefined>>()

/** The agreed tariff of a version beside a public one, made once: both are immutable. */
function agreedTariff(publicTariff: Tariff, agreement: RateAgreement): Tariff | undefined {
  const key = `${agreement.id}@${agreement.version}`
  const versions = derived.get(publicTariff) ?? new Map<string, Tariff | undefined>()
  derived.set(publicTariff, versions)
  if (!versions.has(key)) versions.set(key, deriveTariff(publicTariff, agreement.terms))
  return versions.get(key)
}

/** A price beside the public one whose VAT is not the market's is not sold; the public one is. */
const isTaxedAsHere = (tariff: Tariff, { now }: QuoteInput, { profile }: Ready): boolean =>
  taxFaults(tariff, profile, now).length === 0

/**
 * The cheapest of the driver's plans for the expected session, over what the sale itself is made at. Not beside a
 * discount, which would be given twice.
 */
function planOf(
  input: QuoteInput,
  ready: Ready,
  expected: Expected,
  without: Exclude<Basis, PlanBasis>,
): PlanBasis | undefined {
  const sale = without.kind === 'rate_agreement' ? without : { kind: 'public' as const }
  const base = sale.kind === 'public' ? ready.tariff : sale.tariff
  let best: PlanBasis | undefined
  let least: Money | undefined
  for (const candidate of input.plans ?? []) {
    if (candidate.currency !== base.currency) continue
    const promisedKwh = promiseFor(candidate.freeKwh, expected.energyKwh)
    const tariff = planTariff(base, candidate.terms, promisedKwh)
    const totals = tariff && estimate(tariff, ready.policy, expected)
    if (tariff === undefined || totals === undefined || isRefused(totals)) continue
    if (!isTaxedAsHere(tariff, input, ready)) continue
    if (least !== undefined && compare(totals.gross, least) >= 0) continue
    best = { kind: 'plan', sale, sold: candidate, promisedKwh, tariff }
    least = totals.gross
  }
  return best
}

/**
 * A plan is the basis where it makes the expected session cheaper. Where it does not, because its allowance is promised
 * elsewhere, it still counts when the session is rated: what is free again by then is used.
 */
export function withPlan(
  input: QuoteInput,
  ready: Ready,
  expected: Expected,
  without: Exclude<Basis, PlanBasis>,
): { basis: Basis; plan: PlanBasis | undefined } {
  const plan = planOf(input, ready, expected, without)
  if (plan === undefined) return { basis: without, plan }
  const price = priceOf(ready, without, expected, input.now)
  const own = priceOf(ready, plan, expected, input.now)
  const isLower = !('ok' in price) && !('ok' in own) && compare(own.applied, price.applied) < 0
  if (isLower) return { basis: plan, plan }
  return { basis: without, plan: without.kind === 'partner_discount' ? undefined : plan }
}

/** More than zero where there is any commission. */
const rateOf = ({ bps, floor }: Commission): number => bps + (floor?.amount ?? 0)

/** The basis this session is sold on: the cheapest agreement that covers the connector, else a discount, else public. */
export function basisOf(
  input: QuoteInput,
  ready: Ready,
  expected: Expected,
): Exclude<Basis, PlanBasis> {
  let best: (Agreed & { gross: Money }) | undefined
  for (const agreement of input.agreements ?? []) {
    if (!coversConnector(agreement.terms, input.evse)) continue
    const tariff = agreedTariff(ready.tariff, agreement)
    if (tariff === undefined || tariff.currency !== ready.tariff.currency) continue
    if (!isTaxedAsHere(tariff, input, ready)) continue
    const totals = estimate(tariff, ready.policy, expected)
    if (isRefused(totals)) continue
    if (best === undefined || compare(totals.gross, best.gross) < 0)
      best = { agreement, tariff, gross: totals.gross }
  }
  if (best !== undefined)
    return { kind: 'rate_agreement', agreement: best.agreement, tariff: best.tariff }
  const { discount } = input
  const shares =
    discount === undefined
      ? 0
      : rateOf(discount.policy.commission) * discount.policy.partnerShareBps
  return discount === undefined || shares === 0
    ? { kind: 'public' }
    : { kind: 'partner_discount', terms: discount }
}

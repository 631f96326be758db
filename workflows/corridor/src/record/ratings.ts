// The prices of one session's usage: what the driver pays, what the sale is made at, what an employer pays back. Each
// is made once for a usage record, by the one price function, with a proof of its own; rating again finds it.
import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { planVersion } from '@chargelane/db/queries/plans/plans'
import { putProof } from '@chargelane/db/queries/sessions/proofs'
import { putRating, ratingOfUsage } from '@chargelane/db/queries/plans/ratings'
import type { RatingPurpose, RatingRow } from '@chargelane/db/queries/plans/ratings'
import { reimbursementRatesAt } from '@chargelane/db/queries/plans/reimbursements'
import {
  allowanceUsesOf,
  lockAllowance,
  useAllowance,
  subscriptionSeenBy,
} from '@chargelane/db/queries/plans/subscriptions'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { RatingReference } from '@chargelane/rules/documents'
import { canonicalHash } from '@chargelane/rules/digest'
import { compareExact, exact, zero } from '@chargelane/rules/exact'
import { money, subtract } from '@chargelane/rules/money'
import { proveSession } from '@chargelane/rules/proof'
import type { ProofInput } from '@chargelane/rules/proof'
import type { PlanPrice, QuoteBody } from '@chargelane/rules/quote'
import { cutAtBoundaries, energyOf, engineVersion, rate } from '@chargelane/rules/rating'
import type { RatingPolicy, Totals } from '@chargelane/rules/rating'
import type { PlanContribution } from '@chargelane/rules/split'
import {
  availableFor,
  freeKwh,
  priceByPlan,
  reimbursementPolicy,
  reimbursementRateFor,
  reimbursementTariff,
  type RetailPrice,
} from '@chargelane/rules/plan'

export type SessionToRate = {
  session: {
    id: string
    accountId: string
    driverId: string
    evseId: string
    locationId: string
    quoteId: string
  }
  quote: QuoteBody
  cdrId: string
  /** What the driver would pay without a plan: the sale the CPO is paid for. */
  sale: { totals: Totals; basis: 'public' | 'rate_agreement' }
  /** What the sale's price was computed from; its usage is what all prices of the session are computed from. */
  proof: Omit<ProofInput, 'schema' | 'engine_version' | 'rating'>
  now: string
}

export type RatedSession = {
  /** What the plan's owner pays of the sale instead of the driver; null where the driver pays all of it. */
  contribution: PlanContribution | null
  /** Ids of the proofs of the sale's price and of the driver's. */
  proofs: { wholesale: string | null; retail: string | null }
}

type Priced = {
  purpose: RatingPurpose
  tariff: Tariff
  policy: RatingPolicy
  totals: Totals
  reference: RatingReference
  /** What the proof is made of, where it is not the sale's. */
  proof?: Partial<Pick<ProofInput, 'tariff' | 'agreement' | 'rating_policy'>>
}

/** Proves and stores one price. Nothing is proven that has no price, e.g. a session that closes at zero. */
async function keep(tx: Tx, input: SessionToRate, priced: Priced): Promise<RatingRow> {
  const { session, cdrId, now } = input
  const key = keyOf(input, priced.purpose)
  const earlier = await ratingOfUsage(tx, key)
  if (earlier !== undefined) return earlier
  const proof = proveSession({ ...input.proof, ...priced.proof, rating: priced.purpose })
  const proofId =
    proof === undefined
      ? null
      : await putProof(tx, {
          sessionId: session.id,
          cdrId,
          rating: priced.purpose,
          hash: proof.hash,
          input: proof.input,
          output: proof.output,
          engineVersion: proof.input.engine_version,
          at: now,
        })
  return putRating(tx, {
    ...key,
    accountId: session.accountId,
    cdrId,
    energyKwh: energyOf(input.proof.usage),
    tariff: priced.tariff,
    tariffHash: canonicalHash(priced.tariff),
    policy: priced.policy,
    engineVersion,
    totals: priced.totals,
    reference: priced.reference,
    proofId,
    at: now,
  })
}

/** What makes a rating the same: the usage, and the sale it is a price of. A reimbursement knows no sale. */
const keyOf = ({ session, proof, sale }: SessionToRate, purpose: RatingPurpose) => ({
  sessionId: session.id,
  purpose,
  usageHash: canonicalHash(proof.usage),
  sale: purpose === 'reimbursement' ? money(0, sale.totals.gross.currency) : sale.totals.gross,
})

function wholesaleOf({ proof, sale }: SessionToRate): Priced {
  const { agreement } = proof
  const isAgreed = sale.basis === 'rate_agreement' && agreement !== null
  return {
    purpose: 'wholesale',
    tariff: isAgreed ? agreement.tariff : proof.tariff,
    policy: proof.rating_policy,
    totals: sale.totals,
    reference: isAgreed
      ? { basis: 'rate_agreement', agreement: agreement.id, version: agreement.version }
      : { basis: 'public' },
  }
}

/** Without a plan the driver's price is the sale's; what a discount takes off is the partner's, and is in the split. */
function payAsYouGoOf(input: SessionToRate): Priced {
  const priced = wholesaleOf(input)
  const basis = input.quote.discount === undefined ? {} : { basis: 'partner_discount' as const }
  return { ...priced, purpose: 'retail', reference: { ...priced.reference, ...basis } }
}

/** The price under the plan, and its part of the allowance taken, under the lock that every claim on it waits for. */
async function takeFromPlan(
  tx: Tx,
  input: SessionToRate,
  plan: PlanPrice,
): Promise<{ price: RetailPrice; remainingKwh: string }> {
  const { session, proof, sale, now } = input
  const sold = await planVersion(tx, plan.id, plan.version)
  if (sold === undefined) throw new InvariantError(`No plan ${plan.id}@${plan.version}.`)
  const terms = sold.terms
  const { included_kwh: included } = terms
  const uses = await allowanceUsesOf(tx, plan.subscription, plan.period, now)
  const price = priceByPlan({
    sale: sale.totals,
    base: proof.agreement?.tariff ?? proof.tariff,
    terms,
    allowanceKwh: availableFor(included, uses, session.quoteId),
    usage: proof.usage,
    policy: proof.rating_policy,
  })
  await useAllowance(tx, { quoteId: session.quoteId, usedKwh: price.usedKwh, at: now })
  const others = uses.filter(({ id }) => id !== session.quoteId)
  const remainingKwh = freeKwh(included, [
    ...others,
    { id: session.quoteId, promisedKwh: '0', usedKwh: price.usedKwh },
  ])
  return { price, remainingKwh }
}

const isNothing = (kwh: string) => compareExact(exact(kwh), zero) === 0

async function retailByPlan(tx: Tx, input: SessionToRate, plan: PlanPrice): Promise<RatingRow> {
  const { session, proof, now } = input
  await lockAllowance(tx, plan.subscription)
  const earlier = await ratingOfUsage(tx, keyOf(input, 'retail'))
  if (earlier !== undefined) return earlier
  const { price, remainingKwh } = await takeFromPlan(tx, input, plan)
  if (isNothing(remainingKwh) && !isNothing(price.usedKwh))
    await appendEvent(tx, {
      accountId: session.accountId,
      type: 'subscription.allowance_exhausted',
      objectId: plan.subscription,
      data: await subscriptionSeenBy(tx, session.accountId, plan.subscription, now),
      context: { plan: plan.id, period: plan.period, session: session.id },
      dedupeKey: `${plan.subscription}:${plan.period}:exhausted`,
      at: now,
    })
  const reference = {
    plan: plan.id,
    version: plan.version,
    subscription: plan.subscription,
    period: plan.period,
    used_kwh: price.usedKwh,
    contribution: price.contribution,
  }
  const { plan: applied } = price
  if (applied === undefined)
    return keep(tx, input, {
      ...wholesaleOf(input),
      purpose: 'retail',
      reference: { ...wholesaleOf(input).reference, ...reference },
    })
  return keep(tx, input, {
    purpose: 'retail',
    tariff: applied.tariff,
    policy: cutAtBoundaries(proof.rating_policy),
    totals: price.totals,
    reference: { basis: 'plan', ...reference },
    proof: {
      agreement: { kind: 'plan', id: plan.id, version: plan.version, tariff: applied.tariff },
    },
  })
}

/** What the employer pays back for this energy; undefined where it has no rate for this driver at this charger. */
async function reimburse(tx: Tx, input: SessionToRate): Promise<RatingRow | undefined> {
  const { session, proof } = input
  const at = proof.usage.started_at
  const rates = await reimbursementRatesAt(tx, session.accountId, at)
  if (rates.length === 0) return undefined
  const { country } = proof.context.evse
  const found = reimbursementRateFor(rates, { ...session, country, at })
  if (found === undefined) return undefined
  const tariff = reimbursementTariff(found)
  const rated = rate({ tariff, usage: proof.usage, policy: reimbursementPolicy })
  if (!rated.ok || rated.rating.totals.gross.amount < 0) return undefined
  return keep(tx, input, {
    purpose: 'reimbursement',
    tariff,
    policy: reimbursementPolicy,
    totals: rated.rating.totals,
    reference: { rate: found.id },
    proof: { tariff, agreement: null, rating_policy: reimbursementPolicy },
  })
}

/** Rates a session's usage for everybody who has a price of it. Repeated, it finds what it made. */
export async function rateSession(tx: Tx, input: SessionToRate): Promise<RatedSession> {
  const { quote, sale } = input
  // Sent together: none of them reads what another writes.
  const [wholesale, retail] = await Promise.all([
    keep(tx, input, wholesaleOf(input)),
    quote.plan === undefined
      ? keep(tx, input, payAsYouGoOf(input))
      : retailByPlan(tx, input, quote.plan),
    reimburse(tx, input),
  ])
  const proofs = { wholesale: wholesale.proofId, retail: retail.proofId }
  if (quote.plan === undefined) return { contribution: null, proofs }
  const paid: Money = money(retail.grossMinor, retail.currency)
  const amount = subtract(sale.totals.gross, paid)
  return {
    proofs,
    contribution:
      amount.amount > 0
        ? { by: { role: quote.plan.funded_by, id: quote.plan.owner }, amount }
        : null,
  }
}

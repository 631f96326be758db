/** What one rule comes to in one session, net of tax: exact until it is rounded once, half away from zero. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type {
  Share,
  TieredShare,
  TierMeasure,
} from '@chargelane/openapi/vocabulary/settlement/shares'
import { assert } from '../assert.ts'
import { divideHalfAway, exact, powerOfTen } from '../exact.ts'
import { exponentOf, minimum, money, negate, shareOf, subtract } from '../money.ts'
import { parseInstant } from '../rating/clock.ts'
import { holds } from './conditions.ts'
import type { ShareRule } from './policy.ts'
import type { PeriodFacts, ShareFacts, Sharing } from './sharing.ts'

type Simple = Exclude<Share, { kind: 'tiered' }>

/** An amount in minor units that nobody has rounded. */
type Fraction = { n: bigint; d: bigint }
const nothing: Fraction = { n: 0n, d: 1n }
const plusFraction = (a: Fraction, b: Fraction): Fraction => ({
  n: a.n * b.d + b.n * a.d,
  d: a.d * b.d,
})
const rounded = ({ n, d }: Fraction, currency: string): Money =>
  money(Number(divideHalfAway(n, d)), currency)

/** `price × units / per` in minor units of the currency. */
function priced(price: Decimal, units: number | bigint, per: number, currency: string): Fraction {
  const { n, s } = exact(price)
  return {
    n: n * BigInt(units) * powerOfTen(exponentOf(currency)),
    d: 9n * powerOfTen(s) * BigInt(per),
  }
}

function knownOf(rule: ShareRule, sharing: Sharing | undefined): ShareFacts {
  assert(sharing !== undefined, `${rule.id}: nothing is known of the session that it shares`)
  return sharing.facts
}

function secondsOf({ started_at, ended_at }: ShareFacts): number {
  const [from, until] = [parseInstant(started_at) ?? 0, parseInstant(ended_at) ?? 0]
  return Math.max(0, Math.floor((until - from) / 1_000_000))
}

function simpleAmount(
  rule: ShareRule,
  share: Simple,
  base: Money,
  sharing: Sharing | undefined,
): Money {
  const { currency } = base
  switch (share.kind) {
    case 'percentage': {
      const { bps } = share
      assert(bps >= 0 && bps <= 10_000, `${bps} is no share in basis points`)
      return shareOf(base, bps)
    }
    case 'per_period':
      return money(0, currency)
    case 'fixed': {
      const { amount } = share
      assert(
        amount.currency === currency,
        `${rule.id}: a fixed share is in the currency of its sale`,
      )
      assert(amount.amount >= 0, `${rule.id}: a fixed share is not negative`)
      if (base.amount === 0) return money(0, currency)
      return base.amount < 0 ? negate(amount) : amount
    }
    case 'per_kwh':
    case 'per_minute': {
      assert(share.currency === currency, `${rule.id}: a price is in the currency of its sale`)
      const facts = knownOf(rule, sharing)
      const [units, per] =
        share.kind === 'per_kwh' ? [facts.energy_wh, 1_000] : [secondsOf(facts), 60]
      return rounded(priced(share.price, units, per, currency), currency)
    }
  }
}

// ── Tiers ───────────────────────────────────────────────────────────────────────────────────────────────────────

export function periodOf(rule: ShareRule, sharing: Sharing | undefined): PeriodFacts {
  const found = sharing?.periods[rule.id]
  assert(found !== undefined, `${rule.id}: nothing is known of the period that it looks at`)
  return found
}

/** Where the session stands on the scale of its tiers: from where, and how far it goes. */
function standing(
  rule: ShareRule,
  { by }: TieredShare,
  base: Money,
  sharing: Sharing | undefined,
  turnover: Money,
): { start: number; width: number; whole?: number } {
  if (by === 'amount') return { start: 0, width: Math.abs(base.amount) }
  const { before, whole } = periodOf(rule, sharing)
  const read: Record<Exclude<TierMeasure, 'amount'>, [number, number, number | undefined]> = {
    period_energy: [before.energy_wh, knownOf(rule, sharing).energy_wh, whole?.energy_wh],
    period_turnover: [before.turnover.amount, turnover.amount, whole?.turnover.amount],
    period_sessions: [before.sessions, 1, whole?.sessions],
  }
  const [start, width, total] = read[by]
  return { start, width, ...(total === undefined ? {} : { whole: total }) }
}

/** The tier that a value is in: the last one that begins at or below it. */
function tierAt({ tiers }: TieredShare, value: number) {
  const tier = tiers.findLast(({ from }) => from <= value) ?? tiers[0]
  assert(tier !== undefined, 'tiers begin somewhere')
  return tier
}

/** Each part of the session at the tier that it falls in; all of it is rounded once. */
function marginalAmount(
  rule: ShareRule,
  share: TieredShare,
  base: Money,
  sharing: Sharing | undefined,
  { start, width }: { start: number; width: number },
): Money {
  const { currency } = base
  if (width <= 0) return simpleAmount(rule, tierAt(share, start).share, base, sharing)
  const end = start + width
  const total = share.tiers.reduce((sum, { from, share: at }, index) => {
    const next = share.tiers[index + 1]?.from ?? Infinity
    const part = Math.min(end, next) - Math.max(start, from)
    if (part <= 0) return sum
    if (at.kind === 'percentage') {
      const n = BigInt(base.amount) * BigInt(part) * BigInt(at.bps)
      return plusFraction(sum, { n, d: BigInt(width) * 10_000n })
    }
    if (at.kind === 'fixed') {
      const { amount } = simpleAmount(rule, at, base, sharing)
      return plusFraction(sum, { n: BigInt(amount), d: 1n })
    }
    const { energy_wh: wh } = knownOf(rule, sharing)
    const { n, d } = priced(at.price, BigInt(wh) * BigInt(part), 1_000, currency)
    return plusFraction(sum, { n, d: d * BigInt(width) })
  }, nothing)
  return rounded(total, currency)
}

function tieredAmount(
  rule: ShareRule,
  share: TieredShare,
  base: Money,
  sharing: Sharing | undefined,
  turnover: Money,
): Money {
  const { start, width, whole } = standing(rule, share, base, sharing, turnover)
  if (share.mode === 'marginal') return marginalAmount(rule, share, base, sharing, { start, width })
  // Of a period that runs, what was reached with this session; the rest follows at its end.
  return simpleAmount(rule, tierAt(share, whole ?? start + width).share, base, sharing)
}

// ── The rule ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Within what the rule allows in a session and has left in its period. */
function bounded(
  rule: ShareRule,
  { base, amount }: { base: Money; amount: Money },
  sharing: Sharing | undefined,
): Money {
  const { period_cap, shortfall } = rule
  // A bound counts for sales in its own currency.
  const [floor, cap] = [rule.floor, rule.cap].map((bound) =>
    bound?.currency === base.currency ? bound : undefined,
  )
  const least = floor !== undefined && amount.amount < floor.amount ? floor : amount
  const capped = cap === undefined ? least : minimum(least, cap)
  // The agreement's own share is never more than what it is a share of; one of a policy is cut to what is left.
  const most = shortfall === undefined && floor !== undefined ? minimum(capped, base) : capped
  if (period_cap === undefined) return most
  const left = subtract(period_cap, periodOf(rule, sharing).before.share)
  return minimum(most, left.amount < 0 ? money(0, left.currency) : left)
}

/** What a rule comes to where its conditions hold, before anybody asks whether its payer has that much. */
export function amountOf(
  rule: ShareRule,
  { base, turnover }: { base: Money; turnover: Money },
  sharing: Sharing | undefined,
): Money {
  const none = money(0, base.currency)
  const { share } = rule
  if (base.amount === 0 || !isWithin(rule, sharing)) return none
  const amount =
    share.kind === 'tiered'
      ? tieredAmount(rule, share, base, sharing, turnover)
      : simpleAmount(rule, share, base, sharing)
  return base.amount < 0
    ? negate(bounded(rule, { base: negate(base), amount: negate(amount) }, sharing))
    : bounded(rule, { base, amount }, sharing)
}

/** Whether a rule is of a session at all; a share of a period is of none. */
export const isWithin = (
  { share, when }: Pick<ShareRule, 'share' | 'when'>,
  sharing: Sharing | undefined,
): boolean => share.kind !== 'per_period' && (when === undefined || holds(when, sharing))

/** Whether a rule's share of a smaller price follows from that price alone. */
export const isProportional = ({ share, when, floor, cap, period_cap }: ShareRule): boolean =>
  share.kind === 'percentage' && [when, floor, cap, period_cap].every((each) => each === undefined)

/** Whether a rule looks at what came before it in its period. */
export const looksAtPeriod = ({ share, period_cap }: Pick<ShareRule, 'share' | 'period_cap'>) =>
  period_cap !== undefined || (share.kind === 'tiered' && share.by !== 'amount')

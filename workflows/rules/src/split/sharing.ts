/** What the rules of a split ask of a session beside its price: known when it opened, when it ended, and of its period. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { SaleBase } from '@chargelane/openapi/vocabulary/settlement/shares'
import type { TariffType } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { compareExact, exact, exactOf, type Exact, format, plus, times, zero } from '../exact.ts'
import { allocate, money } from '../money.ts'
import type { Rating } from '../rating/policy.ts'
import { energyOf } from '../rating/usage.ts'

/** Where and for whom a session is, as of its start. */
export type SharePlace = {
  /** The location that the EVSE stands at. */
  site: string
  evse: string
  power_w: number
  /** Of the site. */
  time_zone: string
  partner: string
  payer: PaymentKind | null
  tariff_type: TariffType | null
  /** The contract that its price was made under; null without one. */
  contract: string | null
}

/** Exact amounts of the components, as weights: the parts of the price are in their proportion. */
export type ShareParts = Record<Exclude<SaleBase, 'sale'>, Decimal>

/** What was delivered, as it was billed. */
export type ShareFacts = {
  started_at: string
  ended_at: string
  energy_wh: number
  parts: ShareParts
}

/** What the rule's site came to in a period. */
export type PeriodSums = { energy_wh: number; turnover: Money; sessions: number }
export type PeriodFacts = {
  /** Before this session; `share` is what the rule came to by then, net of tax. */
  before: PeriodSums & { share: Money }
  /** Of the whole period; only once it has ended. */
  whole?: PeriodSums
}

/** Kept with the sale, so that its shares can be computed again by whoever reads it; nothing of it is read twice. */
export type Sharing = {
  policy: { id: string; version: number }
  /** First day, in the policy's time zone, of the period that the session ended in. */
  period: string
  place: SharePlace
  facts: ShareFacts
  /** By the id of each rule that looks at its period. */
  periods: Readonly<Record<string, PeriodFacts>>
}

const noParts: ShareParts = { energy: '0', time: '0', parking: '0', fee: '0' }

/** The components of a rating, net of tax; what has no rating is energy. A limit of the price weighs on all alike. */
export function partsOf(rating: Pick<Rating, 'dimensions'> | null): ShareParts {
  if (rating === null) return { ...noParts, energy: '1' }
  const net = (dimension: keyof Rating['dimensions']): Decimal =>
    rating.dimensions[dimension]?.net ?? '0'
  return {
    energy: net('ENERGY'),
    time: net('TIME'),
    parking: net('PARKING_TIME'),
    fee: format(plus(exact(net('FLAT')), exact(net('RESERVATION'))), 18),
  }
}

/** What was billed of a session: its own times, whole Wh, and the components of its price. */
export const factsOf = (
  usage: UsageRecord,
  rating: Pick<Rating, 'dimensions'> | null,
): ShareFacts => ({
  started_at: usage.started_at,
  ended_at: usage.ended_at,
  energy_wh: Number(format(times(exact(energyOf(usage)), exactOf(1_000)), 0)),
  parts: partsOf(rating),
})

const partNames = ['energy', 'time', 'parking', 'fee'] as const

/** Weights that are whole numbers, in the order of `partNames`; a component that pays the driver weighs nothing. */
function weightsOf(parts: ShareParts): bigint[] {
  const values = partNames.map((name): Exact => {
    const value = exact(parts[name])
    return compareExact(value, zero) < 0 ? zero : value
  })
  const scale = Math.max(...values.map(({ s }) => s))
  return values.map(({ n, s }) => n * 10n ** BigInt(scale - s))
}

/** The part of a price that is one component; together they are the price to the minor unit. */
export function partOf(net: Money, parts: ShareParts, base: Exclude<SaleBase, 'sale'>): Money {
  const weights = weightsOf(parts)
  const given = weights.some((weight) => weight > 0n) ? weights : [1n, 0n, 0n, 0n]
  return allocate(net, given)[partNames.indexOf(base)] ?? money(0, net.currency)
}

export const emptySums = (currency: string): PeriodSums & { share: Money } => ({
  energy_wh: 0,
  turnover: money(0, currency),
  sessions: 0,
  share: money(0, currency),
})

/** Country facts by day: what is law and usual in a market, named with its version so that an old sale keeps its own. */
import type { TaxScheme } from '@chargelane/openapi/vocabulary/trust/identity'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { daysOfText, localTimeAt, parseInstant } from '../rating/clock.ts'
import { ocpiPolicy, type RatingPolicy } from '../rating/rating.ts'
import { switzerland } from './ch.ts'
import { germany } from './de.ts'
import { euVatMembers } from './eu.ts'
import { france } from './fr.ts'
import { greatBritain } from './gb.ts'
import { netherlands } from './nl.ts'
import type { FeeType, MarketProfile, VatArea } from './profile.ts'

export type { FeeType, MarketProfile, SupplyModel, VatArea } from './profile.ts'

/** Every profile we hold, newest version last within a country. */
export const profiles: readonly MarketProfile[] = [
  ...germany,
  ...netherlands,
  ...france,
  ...switzerland,
  ...greatBritain,
]

/** The local date of an instant as days since 1970, or undefined when the text is no instant. */
function localDays(at: string, timeZone: string): number | undefined {
  const instant = parseInstant(at)
  return instant === undefined ? undefined : localTimeAt(instant, timeZone).days
}

function inForce(days: number, from: string, to: string | null): boolean {
  return days >= daysOfText(from) && (to === null || days < daysOfText(to))
}

/** The profile in force for an ISO 3166 alpha-2 country at an instant; undefined where we hold none, so we do not sell. */
export function profileFor(country: string, at: string): MarketProfile | undefined {
  return profiles.findLast((profile) => {
    if (profile.country !== country.toUpperCase()) return false
    const days = localDays(at, profile.timeZone)
    return days !== undefined && inForce(days, profile.effectiveFrom, profile.effectiveTo)
  })
}

/** `id@version`, as quotes and evidence name a profile. */
export function profileRef(profile: MarketProfile): string {
  return `${profile.id}@${profile.version}`
}

/** The profile exactly as a quote named it. */
export function profileByRef(ref: string): MarketProfile | undefined {
  return profiles.find((profile) => profileRef(profile) === ref)
}

/** Percentage of VAT on a fee at an instant, by the local date there; undefined where the profile has no row. */
export function vatRateOf(profile: MarketProfile, fee: FeeType, at: string): Decimal | undefined {
  const days = localDays(at, profile.timeZone)
  if (days === undefined) return undefined
  return profile.vat.rates.find(
    ({ feeTypes, from, to }) => feeTypes.includes(fee) && inForce(days, from, to),
  )?.rate
}

/** Schemes under which charging may be sold there to consumers at an instant, beside a number of the market's own. */
export function schemesOf(profile: MarketProfile, at: string): TaxScheme[] {
  const days = localDays(at, profile.timeZone)
  if (days === undefined) return []
  return profile.vat.schemes
    .filter(({ from, to }) => inForce(days, from, to))
    .map(({ scheme }) => scheme)
}

/**
 * How a market reads a tariff: OCPI's reading, the market's rounding, and its VAT on energy for components that state
 * none, since a driver's price includes it. A market without a rate for the day has no policy, so nothing is sold.
 */
export function ratingPolicyOf(profile: MarketProfile, at: string): RatingPolicy | undefined {
  const rate = vatRateOf(profile, 'energy', at)
  if (rate === undefined) return undefined
  return {
    ...ocpiPolicy,
    id: `${profileRef(profile)}/${ocpiPolicy.id}`,
    rounding: profile.rounding,
    absent_vat_rate: rate,
  }
}

/** The VAT area a party belongs to; undefined for a country outside all areas we know. */
export function vatAreaOf(country: string): VatArea | undefined {
  const code = country.toUpperCase()
  if (euVatMembers.has(code)) return 'EU'
  return profiles.find((profile) => profile.country === code)?.vat.area
}

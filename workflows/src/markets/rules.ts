import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { RatingPolicy } from '../rating/rating.ts'
import type { FeeType, MarketProfile } from './profile.ts'

export type { FeeType, MarketProfile, SupplyModel } from './profile.ts'

/** The profile in force for an ISO 3166 alpha-2 country at an instant; undefined where we hold none, so we do not sell. */
export declare function profileFor(country: string, at: string): MarketProfile | undefined
/** The profile exactly as a quote named it, `id@version`. */
export declare function profileByRef(ref: string): MarketProfile | undefined
export declare function profileRef(profile: MarketProfile): string
/** Percentage of VAT on a fee at an instant; undefined where the profile has no row. */
export declare function vatRateOf(
  profile: MarketProfile,
  fee: FeeType,
  at: string,
): Decimal | undefined
/** The rating policy of a market at an instant: its rounding, and its VAT for components that state none. */
export declare function ratingPolicyOf(profile: MarketProfile, at: string): RatingPolicy

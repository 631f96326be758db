import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { RatingInput, RatingPolicy, RatingResult } from './rating.ts'

export { engineVersion } from './rating.ts'
export type {
  Rating,
  RatingPolicy,
  RatingResult,
  RatedLine,
  RatedPeriod,
  Totals,
  VatLine,
  RatingRefusal,
} from './rating.ts'

export type Problem = { path: string; rule: string; message: string }

/** The one price function: quote, running cost, CDR check, own CDR, proof. Pure; refuses rather than guesses. */
export declare function rate(input: RatingInput): RatingResult

/** OCPI's reading with the driver's benefit where the text is open, and no VAT on components that state none. */
export declare const ocpiPolicy: RatingPolicy

/** Raw OCPI 2.2.1 tariff JSON (parsed) to the canonical form. */
export declare function canonicalTariff(
  raw: unknown,
): { ok: true; tariff: Tariff } | { ok: false; problems: Problem[] }

/** One reading of the energy register: Wh as decimal text, and whether the car was drawing power from here on. */
export type MeterSample = { at: string; energy_wh: Decimal; power_w?: Decimal; charging?: boolean }

/** Usage from register samples in order of time; the first is the start of the session and the last its end. */
export declare function usageFromMeter(input: {
  samples: readonly MeterSample[]
  timeZone: string
  /** Periods are cut at state changes and at multiples of this many seconds since the start. Default 900. */
  periodS?: number
}): { ok: true; usage: UsageRecord } | { ok: false; problems: Problem[] }

/** Usage from a raw OCPI 2.2.1 CDR (parsed JSON). */
export declare function usageFromCdr(
  cdr: unknown,
  timeZone: string,
): { ok: true; usage: UsageRecord } | { ok: false; problems: Problem[] }

/** What is kept of a dispute beside its columns. */
import type { DisputeFact } from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'

export type DriverMessage = { en: string; de: string }

/** What somebody who takes part said of it. */
export type SaidOfDispute = {
  by: 'opener' | 'operator' | 'platform'
  text: string
  facts: DisputeFact[]
  at: string
}

export type RecomputedLine = {
  line: string
  formula: string
  booked: Money
  recomputed: Money
  difference: Money
}

/** A split computed again from what was kept. */
export type Recomputation = {
  policy: { id: string; version: string }
  inputs: DisputeFact[]
  lines: RecomputedLine[]
  equal: boolean
  difference: Money
}

/** What is said in words, by the provider's own names of its fields. */
export type ChargebackTexts = {
  product_description: string
  service_date: string
  access_activity_log?: string
  uncategorized_text: string
}

/** What a chargeback was contested with, and the pack that all of it was read from. */
export type ChargebackEvidence = {
  texts: ChargebackTexts
  pack: { id: string; revision: number; manifestHash: string }
}

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

/** The provider's text fields by name, and the documents that were sent with them. */
export type ChargebackEvidence = {
  texts: Record<string, string>
  documents: { field: string; name: string; digest: string; file?: string }[]
}

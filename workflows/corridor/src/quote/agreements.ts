import type { OfferAgreement } from '@chargelane/db/queries/locations/offers'
import type { RateAgreement, RateTerms } from '@chargelane/rules/agreement'

/** The column holds only what the contract of rate agreements let in. */
const storedTerms = (terms: unknown): RateTerms =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  terms as RateTerms

export const storedAgreement = (row: Omit<OfferAgreement, 'partnerId'>): RateAgreement => ({
  id: row.id,
  version: row.version,
  justification: row.justification,
  terms: storedTerms(row.terms),
})

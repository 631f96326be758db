import type { OfferAgreement } from '@chargelane/db/queries/locations/offers'
import type { RateAgreement } from '@chargelane/rules/agreement'

export const agreementOf = (
  row: Omit<OfferAgreement, 'partnerId'>,
): RateAgreement & { contractOnly: boolean } => ({
  id: row.id,
  version: row.version,
  justification: row.justification,
  terms: row.terms,
  contractOnly: row.contractOnly,
})

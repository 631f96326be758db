import type { SessionRating } from '@chargelane/openapi'
import type { RatingRow } from '../../queries/plans/ratings.ts'

export function ratingView(row: RatingRow): SessionRating {
  const { net, vat, gross } = row.totals
  return {
    session: row.sessionId,
    purpose: row.purpose,
    revision: row.revision,
    cdr: row.cdrId,
    usage_hash: row.usageHash,
    energy_kwh: row.energyKwh,
    tariff_hash: row.tariffHash,
    engine_version: row.engineVersion,
    total: { net, vat, gross },
    reference: row.reference,
    price_proof: row.proofId,
    created_at: row.createdAt,
  }
}

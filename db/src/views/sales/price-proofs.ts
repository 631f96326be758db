import type { ProofRow } from '../../queries/sessions/proofs.ts'
import type { PriceProof } from '@chargelane/openapi'
import { proofSchema } from '@chargelane/rules/proof'

export const priceProofView = (row: ProofRow): PriceProof => ({
  id: row.id,
  session: row.sessionId,
  cdr: row.cdrId,
  rating: row.rating,
  status: row.status,
  failure: row.failure,
  schema: proofSchema,
  hash: row.hash,
  engine_version: row.engineVersion,
  input: row.input,
  output: row.output,
  checked_at: row.checkedAt,
  created_at: row.createdAt,
})

import { verifyProof as execute } from '@chargelane/rules/proof'

type Amount = { amount: number; currency: string }
export type ProofCheck = { name: string; ok: boolean; detail: string }
export type ProofReport = {
  ok: boolean
  session: string | null
  hash: string | null
  /** The engine that proved the price and the one that checked it; results must be equal, versions need not. */
  engine: { proved_by: string; checked_by: string } | null
  checks: ProofCheck[]
  /** The recomputed price in words, line by line. */
  lines: string[]
  totals: { net: Amount; vat: Amount; gross: Amount } | null
}

/**
 * Checks a price proof, as `GET /v1/price_proofs/{id}` or a pack's `proof.json` holds it, by executing the price function
 * again on its input. Needs no network. Never throws on a bad proof: what does not hold is a failed check.
 */
export async function verifyProof(proof: unknown): Promise<ProofReport> {
  return execute(proof)
}

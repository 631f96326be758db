import { statedText, verifyProof as execute } from '@chargelane/rules/proof'

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

/** SHA-256 in hex, by the Web Crypto that browsers and Node share. */
export async function sha256(data: Uint8Array | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Checks a price proof, as `GET /v1/price_proofs/{id}` or a pack's `proof.json` holds it, by executing the price function
 * again on its input. Needs no network. Never throws on a bad proof: what does not hold is a failed check.
 */
export async function verifyProof(proof: unknown): Promise<ProofReport> {
  return execute(proof, await sha256(statedText(proof) ?? ''))
}

import type { Db } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  holdPayables,
  keepProofCheck,
  proofsToCheck,
  releasePayables,
} from '@chargelane/db/queries/sessions/proofs'
import type { ProofCheckRow, ProofRow } from '@chargelane/db/queries/sessions/proofs'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { priceProofView } from '@chargelane/db/views/sales/price-proofs'
import { canonicalHash } from '@chargelane/rules/digest'
import { proofSchema, verifyProof } from '@chargelane/rules/proof'

/** Why payables of a session wait; lifted when its proof holds again. */
export const heldReason = 'proof_failed'

/** The document as it was stored, in the shape a verifier takes. */
export const proofDocument = (row: Pick<ProofRow, 'hash' | 'input' | 'output'>) => ({
  schema: proofSchema,
  hash: row.hash,
  input: row.input,
  output: row.output,
})

/**
 * Executes a stored proof again and holds it against what it must agree with: the tariff the quote locked and the
 * price the sale was booked on. Null when it holds; otherwise what does not, in words.
 */
export function findFailure({ proof, tariffHash, sale }: ProofCheckRow): string | null {
  const document = proofDocument(proof)
  const report = verifyProof(document)
  const failed = report.checks.filter((check) => !check.ok)
  if (failed.length > 0) return failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')
  const { tariff, agreement } = proof.input
  // An employer's rate has nothing to do with what was sold.
  if (proof.rating === 'reimbursement') return null
  const locked = canonicalHash(tariff)
  if (locked !== tariffHash) return `tariff: the quote locks ${tariffHash}, the proof has ${locked}`
  // Below the sale by what the plan's owner pays of it.
  if (agreement?.kind === 'plan') return null
  if (sale === null || sale.cdrId !== proof.cdrId) return null
  const booked = sale.verdict.verdict.ours?.amount
  const proven = proof.output.totals.gross.amount
  return booked === proven ? null : `sale: booked on ${booked}, the proof gives ${proven}`
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A document that breaks its own verifier proves nothing. */
function failureOf(row: ProofCheckRow): string | null {
  try {
    return findFailure(row)
  } catch (error) {
    return `unreadable: ${wordsOf(error)}`
  }
}

export type CheckedPage = {
  checked: number
  failed: string[]
  restored: string[]
  /** What could not be looked at, each with the reason; the others were. */
  skipped: string[]
  next: string | null
}

/** What a plan makes of a price, and what an employer pays back, is not the CPO's to read. */
const isShownToCpo = ({ rating, input }: ProofRow) =>
  rating !== 'reimbursement' && input.agreement?.kind !== 'plan'

/** As many proofs as one activity looks at. */
const pageLimit = 200

async function keep(db: Db, row: ProofCheckRow, failure: string | null, now: string) {
  const { proof } = row
  const hasFailed = failure !== null
  const changed = hasFailed !== (proof.status === 'failed')
  await db.tx(async (tx) => {
    const checked = await keepProofCheck(tx, proof.id, {
      failure: failure?.slice(0, 2_000) ?? null,
      at: now,
    })
    // A later payable of a session whose proof still fails waits as well.
    const count = hasFailed
      ? await holdPayables(tx, proof.sessionId, heldReason)
      : proof.status === 'failed'
        ? await releasePayables(tx, proof.sessionId, heldReason)
        : 0
    // A superseded proof proves nothing that anybody pays.
    if (!changed || checked === undefined) return
    const event = {
      type: hasFailed ? ('proof.failed' as const) : ('proof.restored' as const),
      data: priceProofView(checked),
    }
    const detail = {
      price_proof: proof.id,
      cdr: proof.cdrId,
      failure,
      [hasFailed ? 'held_payables' : 'released_payables']: count,
    }
    const dedupeKey = `${proof.id}:${event.type}:${now}`
    await changeSession(
      tx,
      proof.sessionId,
      {},
      {
        event,
        room: 'proof',
        what: hasFailed ? 'the price proof does not recompute' : 'the price proof holds again',
        detail,
        dedupeKey,
        at: now,
      },
    )
    if (!isShownToCpo(checked)) return
    await appendEvent(tx, {
      ...event,
      accountId: row.cpoId,
      objectId: proof.id,
      context: detail,
      dedupeKey: `${dedupeKey}:cpo`,
      at: now,
    })
  })
}

/**
 * Looks at one page of proofs, those of unsettled sessions and a sample of the settled. A failed one keeps its session
 * out of every settlement; when it holds again the session is let in. Repeating a page changes nothing more.
 */
async function checkProofs(
  { db }: { db: Db },
  input: { after: string; night: number; now: string },
): Promise<CheckedPage> {
  const rows = await proofsToCheck(db, { after: input.after, limit: pageLimit, night: input.night })
  const page: CheckedPage = { checked: 0, failed: [], restored: [], skipped: [], next: null }
  for (const row of rows) {
    const { id, status } = row.proof
    try {
      const failure = failureOf(row)
      await keep(db, row, failure, input.now)
      page.checked += 1
      if (failure !== null) page.failed.push(id)
      else if (status === 'failed') page.restored.push(id)
    } catch (error) {
      page.skipped.push(`${id}: ${wordsOf(error)}`)
    }
  }
  // Nothing of it could be kept: that is no proof's fault, and the page is tried again.
  if (rows.length > 0 && page.checked === 0) throw new Error(page.skipped[0])
  page.next = rows.length === pageLimit ? (rows.at(-1)?.proof.id ?? null) : null
  return page
}

export function createProofActivities(deps: { db: Db }) {
  return { checkProofs: (input: Parameters<typeof checkProofs>[1]) => checkProofs(deps, input) }
}

export type ProofActivities = ReturnType<typeof createProofActivities>

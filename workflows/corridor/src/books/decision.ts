// Verbs by which money is given up, or the books are taken back: one key proposes, another carries out.
import type { Tx } from '@chargelane/db'
import {
  type Approval,
  approve,
  proposeAnew,
  proposed,
} from '@chargelane/db/queries/operations/approvals'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { Facts } from '@chargelane/rules/documents'
import { canonicalText } from '@chargelane/rules/canonical'

/** Whose key, and when. */
export type By = { keyId: string; now: string }

const refused = (message: string) => new DomainError('invalid_transition', message)

/**
 * The second key's word; the first only proposes. Called last before the deed, in its tx. The terms are what both have to
 * mean, e.g. the amount: where they have changed since, this is a proposal of its own, which the other key has to want.
 */
export async function approvedByTwo(
  tx: Tx,
  wish: { action: string; subjectId: string; terms: Facts; reason: string },
  { keyId, now }: By,
): Promise<{ approval: Approval; isApproved: boolean }> {
  const { action, subjectId, terms } = wish
  const proposal = { ...wish, by: keyId, at: now }
  const { approval, isNew } = await proposed(tx, proposal)
  if (isNew) return { approval, isApproved: false }
  if (approval.approvedBy !== null)
    throw refused(`${action} of ${subjectId} was decided at ${approval.approvedAt ?? ''}.`)
  if (canonicalText(approval.terms) !== canonicalText(terms))
    return { approval: await proposeAnew(tx, proposal), isApproved: false }
  if (approval.proposedBy === keyId)
    throw refused(`${action} of ${subjectId} needs another key than the one that proposed it.`)
  return { approval: await approve(tx, approval, { by: keyId, at: now }), isApproved: true }
}

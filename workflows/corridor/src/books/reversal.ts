// An entry that should not be is taken back by its opposite, wanted by two keys. Nothing in the books is changed.
import type { Db } from '@chargelane/db'
import { entryById, type Entry, postEntry } from '@chargelane/db/queries/ledger/ledger'
import type { Approval } from '@chargelane/db/queries/operations/approvals'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { reversalOf, whyNotReversible } from '@chargelane/rules/ledger'
import { approvedByTwo, type By } from './decision.ts'

/** The entry that takes it back; null until a second key has approved. */
export function reverseEntry(
  db: Db,
  { id, reason }: { id: number; reason: string },
  by: By,
): Promise<{ approval: Approval; entry: Entry | null }> {
  return db.tx(async (tx) => {
    const original = await entryById(tx, id)
    if (original === undefined) throw missing('ledger entry')
    const { key } = original
    const refusal = whyNotReversible(original)
    if (refusal !== undefined)
      throw new DomainError('invalid_transition', `Entry ${id} is not reversed: ${refusal}.`, {
        param: 'id',
      })
    const wish = { action: 'ledger.reverse', subjectId: key, terms: { entry: id }, reason }
    const { approval, isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return { approval, entry: null }
    const reversal = reversalOf(original, `reversal:${id}`)
    const made = await postEntry(tx, { ...reversal, effectiveAt: by.now })
    return { approval, entry: (await entryById(tx, made)) ?? null }
  })
}

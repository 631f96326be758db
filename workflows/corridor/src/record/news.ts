// What partner and CPO are told of a record: the record itself, each as it may see it.
import type { Tx } from '@chargelane/db'
import { cdrExtras } from '@chargelane/db/queries/sessions/cdrs'
import type { CdrExtras, CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { cdrView } from '@chargelane/db/views/sales/cdrs'
import type { Cdr } from '@chargelane/openapi'
import type { Diagnosis } from '@chargelane/rules/record/dispute'
import type { Verdict } from '@chargelane/rules/record/public-price'
import { saidOf, type Unpaid } from './suspense.ts'

/** What the CPO is told beside its record: the reasons, what is paid of it in the end, and where to see the proof. */
export const contextOf = (
  judged: { verdict: Verdict; diagnosis: Diagnosis },
  unpaid: Unpaid | undefined,
  proof: string | null,
) => ({
  ...saidOf(judged, unpaid),
  payable: unpaid?.paid ?? null,
  price_proof: proof,
})

/** The claim is the CPO's alone to see; it is read only where one is held, the rest was just written. */
export async function showRecord(
  tx: Tx,
  kept: CdrRow,
  proofId: string | null,
  isClaimed: boolean,
): Promise<{ partner: Cdr; cpo: Cdr }> {
  const extras = isClaimed ? (await cdrExtras(tx, [kept.id])).get(kept.id) : undefined
  const seen = (suspense: CdrExtras['suspense']) =>
    cdrView(kept, { cdrId: kept.id, proofId, suspense }, false)
  return { partner: seen(null), cpo: seen(extras?.suspense ?? null) }
}

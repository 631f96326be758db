// Records that are kept and never billed, and the one place that says when a record is a duplicate (failures F38).
import type { Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  type CdrRow,
  cdrSeenBy,
  cdrsOfSession,
  judgeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import { reasonsOfRules } from '@chargelane/rules/record/dispute'
import { putAside, type VerdictRule } from '@chargelane/rules/record/public-price'

/** What a record that is put aside keeps, in the words of every other verdict. */
export function asideOf(
  rule: VerdictRule,
  detail: string,
  kind: 'quarantined' | 'rejected' | 'accepted' = 'quarantined',
) {
  const verdict = putAside(rule, detail, kind)
  return { input: null, verdict, diagnosis: reasonsOfRules(verdict.rules) }
}

/** One session, one sale: every record but the accepted one is kept and never billed, and its CPO is told. */
export async function putDuplicateAside(
  tx: Tx,
  cpoId: string,
  cdrId: string,
  first: Pick<CdrRow, 'id' | 'ocpiId'>,
): Promise<void> {
  const detail = `${first.ocpiId} was accepted for this session before`
  await judgeCdr(tx, cdrId, 'quarantined', asideOf('duplicate_record', detail))
  await appendEvent(tx, {
    accountId: cpoId,
    type: 'cdr.mismatch',
    objectId: cdrId,
    data: await cdrSeenBy(tx, cdrId, 'cpo'),
    context: { rules: ['duplicate_record'], other_cdr: first.id },
    dedupeKey: `cdr:${cdrId}:duplicate:cpo`,
  })
}

/** A record was accepted: the others of its session that wait to be judged are duplicates of it. */
export async function putOthersAside(tx: Tx, cpoId: string, accepted: CdrRow): Promise<void> {
  for (const row of await cdrsOfSession(tx, accepted.sessionId ?? '')) {
    const waits =
      row.id !== accepted.id && row.status === 'received' && row.source !== 'provisional'
    if (waits) await putDuplicateAside(tx, cpoId, row.id, accepted)
  }
}

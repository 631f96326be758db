// What a person decided about money that was put aside, carried out.
import type { Db } from '@chargelane/db'
import type { Incident } from '@chargelane/db/queries/operations/incidents'
import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import { releaseBankLine } from './bank-lines.ts'
import { retryPayout } from '../settlement/payouts.ts'
import { giveUpDebt } from './debts.ts'
import type { By } from './decision.ts'

/**
 * Does what the action says before the incident is resolved; every deed is done once, however often it is asked. False
 * where it was only proposed, since another key has to want it too: then the incident stays open.
 */
export async function carryOutMoney(
  db: Db,
  { subjectType, subjectId }: Incident,
  { action, reason }: { action: IncidentAction; reason: string },
  by: By,
): Promise<boolean> {
  if (subjectType === 'bank_line' && action === 'release') await releaseBankLine(db, subjectId, by)
  if (subjectType === 'settlement' && action === 'pay_again')
    await retryPayout(db, { settlementId: subjectId, reason, ...by })
  if (subjectType === 'debt' && (action === 'waive' || action === 'write_off')) {
    const { status } = await giveUpDebt(db, { id: subjectId, verb: action, reason }, by)
    return status !== 'open'
  }
  return true
}

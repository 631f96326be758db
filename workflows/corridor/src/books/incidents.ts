// What a person decided about money that was put aside, carried out.
import type { Db } from '@chargelane/db'
import type { Incident } from '@chargelane/db/queries/operations/incidents'
import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import { releaseBankLine } from './bank-lines.ts'
import type { By } from './decision.ts'

/** Does what the action says before the incident is resolved; every deed is done once, however often it is asked. */
export async function carryOutMoney(
  db: Db,
  { subjectType, subjectId }: Incident,
  action: IncidentAction,
  by: By,
): Promise<void> {
  if (subjectType === 'bank_line' && action === 'release') await releaseBankLine(db, subjectId, by)
}

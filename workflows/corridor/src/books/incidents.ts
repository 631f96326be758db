// What a person decided about money or a price that was put aside, carried out.
import type { Db } from '@chargelane/db'
import type { Incident } from '@chargelane/db/queries/operations/incidents'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { IncidentAction, IncidentSubject } from '@chargelane/openapi/vocabulary/incidents'
import { releasePrice } from '../onboarding/tariffs.ts'
import { releaseBankLine } from './bank-lines.ts'
import { payRefundsByBank, retryRefunds } from '../booking/refunds.ts'
import { retryPayout } from '../settlement/payouts.ts'
import { giveUpDebt } from './debts.ts'
import type { By } from './decision.ts'

/** False where it was only proposed, since another key has to want it too. */
type Deed = (db: Db, id: string, reason: string, by: By) => Promise<boolean>

const giveUp =
  (verb: 'waive' | 'write_off'): Deed =>
  async (db, id, reason, by) =>
    (await giveUpDebt(db, { id, verb, reason }, by)).status !== 'open'

/** By what the incident is about. An incident lists none but these, and what its workflow carries out itself. */
const deeds: Partial<Record<IncidentSubject, Partial<Record<IncidentAction, Deed>>>> = {
  bank_line: {
    async release(db, id, _reason, by) {
      await releaseBankLine(db, id, by)
      return true
    },
  },
  settlement: {
    async pay_again(db, settlementId, reason, by) {
      await retryPayout(db, { settlementId, reason, ...by })
      return true
    },
  },
  payment: {
    async retry(db, paymentId, reason, by) {
      await retryRefunds(db, { paymentId, reason, ...by })
      return true
    },
    async pay_by_bank(db, paymentId, reason, by) {
      await payRefundsByBank(db, { paymentId, reason, ...by })
      return true
    },
  },
  debt: { waive: giveUp('waive'), write_off: giveUp('write_off') },
  tariff: {
    async release(db, id, reason, by) {
      await releasePrice(db, id, reason, by)
      return true
    },
  },
}

/**
 * Does what the action says before the incident is resolved; every deed is done once, however often it is asked. False
 * where the incident stays open. Throws `invalid_transition` where nobody would do anything.
 */
export async function carryOut(
  db: Db,
  { subjectType, subjectId }: Incident,
  { action, reason }: { action: IncidentAction; reason: string },
  by: By,
): Promise<boolean> {
  if (action === 'dismiss') return true
  const deed = deeds[subjectType]?.[action]
  if (deed === undefined)
    throw new DomainError('invalid_transition', `Nothing can ${action} a ${subjectType}.`, {
      param: 'action',
    })
  return deed(db, subjectId, reason, by)
}

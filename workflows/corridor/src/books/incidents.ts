// What a person decided about money or a price that was put aside, carried out.
import { isLiveDispute } from '@chargelane/openapi/vocabulary/settlement/disputes'
import { decideDispute } from '../aftercare/dispute/decide.ts'
import type { Db } from '@chargelane/db'
import { bankLineOfReference } from '@chargelane/db/queries/ledger/bank-lines'
import { getIncident, type Incident } from '@chargelane/db/queries/operations/incidents'
import { giveCard } from '@chargelane/db/queries/partners/accounts'
import { cdrById } from '@chargelane/db/queries/sessions/cdrs'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { IncidentAction, IncidentSubject } from '@chargelane/openapi/vocabulary/incidents'
import { releasePrice } from '../onboarding/tariffs.ts'
import { releaseBankLine, writeOffBankLine } from './bank-lines.ts'
import { payRefundsByBank, retryRefunds } from '../booking/refunds.ts'
import { adoptRecord, refuseRecord } from '../record/adopt.ts'
import { offerExits } from '../record/aside.ts'
import { retryPayout } from '../settlement/returns.ts'
import { giveUpDebt } from './debts.ts'
import type { By } from './decision.ts'
import { grantRecord } from './grants.ts'
import { waivePlanCover } from './plan-cover.ts'

/** False where it was only proposed, since another key has to want it too. */
type Deed = (
  db: Db,
  id: string,
  reason: string,
  by: By,
  sessionId: string | undefined,
) => Promise<boolean>

/** Incidents know a booking by the bank's reference. */
async function lineId(db: Db, reference: string): Promise<string> {
  const line = await bankLineOfReference(db, reference)
  if (line === undefined) throw missing('bank booking')
  return line.id
}

const giveUp =
  (verb: 'waive' | 'write_off'): Deed =>
  async (db, id, reason, by) =>
    (await giveUpDebt(db, { id, verb, reason }, by)).status !== 'open'

const decided =
  (outcome: 'full' | 'none'): Deed =>
  async (db, id, reason, by) =>
    !isLiveDispute((await decideDispute(db, { id, outcome, bearer: 'sale', reason }, by)).status)

/** By what the incident is about. An incident lists none but these, and what its workflow carries out itself. */
const deeds: Partial<Record<IncidentSubject, Partial<Record<IncidentAction, Deed>>>> = {
  bank_line: {
    async release(db, reference, reason, by) {
      await releaseBankLine(db, { id: await lineId(db, reference), reason }, by)
      return true
    },
    async write_off(db, reference, reason, by) {
      const wish = { id: await lineId(db, reference), reason }
      return (await writeOffBankLine(db, wish, by)).status === 'written_off'
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
  cdr: {
    adopt: (db, cdrId, reason, by, sessionId) => adoptRecord(db, { cdrId, reason, sessionId }, by),
    refuse: (db, cdrId, reason, by) => refuseRecord(db, { cdrId, reason }, by),
    write_off: (db, cdrId, reason, by) =>
      refuseRecord(db, { cdrId, reason }, by, 'record written off'),
    grant: (db, cdrId, reason, by) => grantRecord(db, { cdrId, reason }, by),
  },
  session: {
    waive: (db, sessionId, reason, by) => waivePlanCover(db, { sessionId, reason }, by),
  },
  // A card that a second account claims; refused, it stays with the account that had it first.
  token: {
    async grant(db, tokenId, _reason, { now }) {
      await db.tx((tx) => giveCard(tx, tokenId, now))
      return true
    },
    refuse: () => Promise.resolve(true),
  },
  debt: { waive: giveUp('waive'), write_off: giveUp('write_off') },
  dispute: {
    grant: decided('full'),
    refuse: decided('none'),
  },
  tariff: {
    async release(db, id, reason, by) {
      await releasePrice(db, id, reason, by)
      return true
    },
  },
}

/** As it is now: what can be done about a record changes with its session, and ends with its term. */
export function asOfNow(db: Db, incident: Incident, at: string): Promise<Incident> {
  const { id, subjectType, subjectId, sessionId, status } = incident
  if (subjectType !== 'cdr' || status !== 'open') return Promise.resolve(incident)
  return db.tx(async (tx) => {
    const cdr = await cdrById(tx, subjectId)
    if (cdr?.status !== 'quarantined') return incident
    await offerExits(tx, cdr, cdr.sessionId ?? sessionId ?? undefined, at)
    return (await getIncident(tx, 'all', id)) ?? incident
  })
}

/**
 * Does what the action says before the incident is resolved; every deed is done once, however often it is asked. False
 * where the incident stays open. Throws `invalid_transition` where nobody would do anything.
 */
export async function carryOut(
  db: Db,
  { subjectType, subjectId }: Incident,
  {
    action,
    reason,
    session,
  }: { action: IncidentAction; reason: string; session?: string | undefined },
  by: By,
): Promise<boolean> {
  if (action === 'dismiss') return true
  const deed = deeds[subjectType]?.[action]
  if (deed === undefined)
    throw new DomainError('invalid_transition', `Nothing can ${action} a ${subjectType}.`, {
      param: 'action',
    })
  return deed(db, subjectId, reason, by, session)
}

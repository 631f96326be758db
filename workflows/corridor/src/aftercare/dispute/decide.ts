// What no rule decided: a person does, whoever takes part may add what it knows, and whoever opened it may withdraw.
import type { Db, Tx } from '@chargelane/db'
import {
  changeDispute,
  type Dispute,
  type DisputePatch,
  getDispute,
  lockDispute,
} from '@chargelane/db/queries/disputes/disputes'
import { settleIncidents } from '@chargelane/db/queries/operations/incidents'
import {
  type DisputeFact,
  driverDisputeReasons,
  isLiveDispute,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import { disputeWithdrawnDe } from '@chargelane/openapi/vocabulary/driver-texts/disputes-de'
import { disputeWithdrawnEn } from '@chargelane/openapi/vocabulary/driver-texts/disputes-en'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { compare } from '@chargelane/rules/money'
import type { By } from '../../books/decision.ts'
import { driverMessage } from './driver.ts'
import { readFacts } from './facts.ts'
import { correctSale } from './outcome.ts'
import { decidePayee } from './payee.ts'
import { ruledAmount, type Ruling, statusOf } from './ruling.ts'
import { tellOfDispute } from './told.ts'

const refused = (message: string, param?: string) =>
  new DomainError('invalid_transition', message, param === undefined ? {} : { param })

/** A dispute that its viewer sees, locked, while something may still come of it. */
async function live(tx: Tx, viewer: string, id: string): Promise<Dispute> {
  const seen = await getDispute(tx, viewer, id)
  const dispute = seen && (await lockDispute(tx, id))
  if (dispute === undefined) throw missing('dispute')
  if (!isLiveDispute(dispute.status)) throw refused(`Dispute ${id} is ${dispute.status}.`)
  return dispute
}

/** Nobody has to look at it any more. */
export const settleDisputeIncident = (tx: Tx, { id }: Dispute, cause: string, at: string) =>
  settleIncidents(
    tx,
    { kinds: ['dispute', 'chargeback'], subject: { type: 'dispute', id } },
    { cause, at },
  )

// ── What is said of it ──────────────────────────────────────────────────────────────────────────────────────────

export type Saying = { id: string; text: string; facts: readonly DisputeFact[] }

const saidMax = 50

function roleOf(
  { openedBy, cpoId }: Dispute,
  accountId: string,
): 'opener' | 'operator' | 'platform' {
  if (accountId === openedBy) return 'opener'
  return accountId === cpoId ? 'operator' : 'platform'
}

/** The operator of the session contests so, until its time is over; a person decides then. */
export function sayOfDispute(
  db: Db,
  viewer: { accountId: string; sees: string },
  { id, text, facts }: Saying,
  now: string,
): Promise<Dispute> {
  return db.tx(async (tx) => {
    const dispute = await live(tx, viewer.sees, id)
    const by = roleOf(dispute, viewer.accountId)
    const { kind, contestUntil, said, submitted } = dispute
    if (by === 'operator' && kind === 'driver' && (contestUntil === null || contestUntil < now))
      throw refused('The time to contest it is over.')
    if (kind === 'chargeback' && submitted !== null)
      throw refused('The provider has our evidence already, and takes it once.')
    if (said.length >= saidMax) throw refused('No more can be added to it.')
    const patch: DisputePatch = { said: [...said, { by, text, facts: [...facts], at: now }] }
    const isContest = by === 'operator' && kind === 'driver'
    return changeDispute(
      tx,
      id,
      isContest
        ? { ...patch, status: 'under_review', nextAction: 'person_decides', contestUntil: null }
        : patch,
      now,
    )
  })
}

/** Nothing changes, and the same may be disputed again. */
export function withdrawDispute(
  db: Db,
  viewer: { accountId: string; sees: string },
  id: string,
  now: string,
): Promise<Dispute> {
  return db.tx(async (tx) => {
    const dispute = await live(tx, viewer.sees, id)
    if (dispute.kind === 'chargeback') throw refused('Its bank withdraws a chargeback.')
    if (dispute.openedBy !== viewer.accountId && viewer.sees === viewer.accountId)
      throw refused('Whoever opened it withdraws it.')
    const after = await changeDispute(
      tx,
      id,
      {
        status: 'settled',
        outcome: 'withdrawn',
        nextAction: null,
        contestUntil: null,
        deadline: null,
        ...(dispute.kind === 'driver'
          ? { driverMessage: { en: disputeWithdrawnEn, de: disputeWithdrawnDe } }
          : {}),
      },
      now,
    )
    await settleDisputeIncident(tx, after, 'Whoever opened it withdrew it.', now)
    await tellOfDispute(tx, after, 'dispute.resolved', now)
    return after
  })
}

// ── What a person decides ───────────────────────────────────────────────────────────────────────────────────────

async function decideDriver(
  tx: Tx,
  dispute: Dispute,
  ruling: Ruling,
  now: string,
): Promise<DisputePatch> {
  const { id: disputeId, sessionId } = dispute
  const { outcome, bearer, reason: explanation } = ruling
  const reason = driverDisputeReasons.find((each) => each === dispute.reason) ?? 'other'
  const { facts } = await readFacts(tx, sessionId, now)
  const price = facts.due
  const wish = ruledAmount(ruling, dispute)
  const none = { status: 'lost', outcome: 'none', bearer: 'nobody', explanation } as const
  if (wish.amount === 0)
    return { ...none, driverMessage: driverMessage(reason, { back: null, price }) }
  if (facts.chargeback !== null) throw refused('The payer’s bank took the money back.')
  // What was given back meanwhile is not given again.
  const left = compare(wish, price) > 0 ? price : wish
  if (left.amount === 0) throw refused('All of it was given back already.')
  const corrected = await correctSale(
    tx,
    { disputeId, sessionId, bearer, correction: { back: left } },
    now,
  )
  if (corrected === undefined) throw refused('All of it was given back already.')
  const { back, revision } = corrected
  return {
    status: statusOf[outcome],
    outcome,
    bearer,
    explanation,
    revision,
    decided: back,
    driverMessage: driverMessage(reason, { back, price }),
  }
}

/** In the process's own name: the books are one, and no tenant writes them. */
export function decideDispute(db: Db, ruling: Ruling, by: By): Promise<Dispute> {
  const { id, reason } = ruling
  const { keyId, now } = by
  return db.tx(async (tx) => {
    const dispute = await live(tx, 'all', id)
    if (dispute.kind === 'chargeback') throw refused('The payer’s bank decides a chargeback.')
    const patch =
      dispute.kind === 'driver'
        ? await decideDriver(tx, dispute, ruling, now)
        : await decidePayee(tx, dispute, ruling, by)
    // Another key has to want it as well.
    if (patch === undefined) return dispute
    const after = await changeDispute(
      tx,
      id,
      { ...patch, decidedBy: 'person', nextAction: null, contestUntil: null, deadline: null },
      now,
    )
    await settleIncidents(
      tx,
      { kinds: ['dispute'], subject: { type: 'dispute', id } },
      {
        cause: reason,
        at: now,
        decided: { action: ruling.outcome === 'none' ? 'refuse' : 'grant', by: keyId },
      },
    )
    await tellOfDispute(tx, after, 'dispute.resolved', now)
    return after
  })
}

// A driver disputes what a session cost: decided at once by what was kept of it, else by a person within two business days.
import type { Db, Tx } from '@chargelane/db'
import {
  changeDispute,
  type Dispute,
  type DisputePatch,
  disputesOfSession,
  openDispute,
} from '@chargelane/db/queries/disputes/disputes'
import { lockThing } from '@chargelane/db/queries/lock'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { getSession, type SessionRow } from '@chargelane/db/queries/sessions/sessions'
import {
  type DriverDisputeReason,
  isLiveDispute,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import {
  disputeTextsDe,
  disputeWaitsDe,
} from '@chargelane/openapi/vocabulary/driver-texts/disputes-de'
import {
  disputeTextsEn,
  disputeWaitsEn,
} from '@chargelane/openapi/vocabulary/driver-texts/disputes-en'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import {
  businessDaysAfter,
  decideDriverDispute,
  type DisputeFacts,
  driverRules,
  type DriverVerdict,
  isDisputable,
  operatorWithinDays,
  personWithinDays,
} from '@chargelane/rules/dispute'
import type { DriverMessage } from '@chargelane/rules/documents'
import { compare, inWords } from '@chargelane/rules/money'
import type { By } from '../../books/decision.ts'
import type { GiveBackInput } from '../../contract.ts'
import { readFacts } from './facts.ts'
import { correctSale, isOrder } from './outcome.ts'
import { tellOfDispute } from './told.ts'

export type DriverWish = {
  disputeId: string
  sessionId: string
  reason: DriverDisputeReason
  amount?: Money
  comment?: string
}
/** What is to be sent to the driver, and whether somebody has to follow it. */
export type Opened = { dispute: Dispute; order: GiveBackInput | undefined }

const refused = (message: string, param: string) =>
  new DomainError('invalid_transition', message, { param })

/** In the words of the reason; `back` is what the driver gets, null where nothing changes. */
export function driverMessage(
  reason: DriverDisputeReason,
  { back, price }: { back: Money | null; price: Money },
): DriverMessage {
  const which = back === null ? 'refused' : 'granted'
  const filled = (text: string) =>
    text.replaceAll('{back}', inWords(back ?? price)).replaceAll('{price}', inWords(price))
  return { en: filled(disputeTextsEn[reason][which]), de: filled(disputeTextsDe[reason][which]) }
}

/** The session of the partner's own driver, over and charged for, while it may be disputed. */
async function disputable(
  tx: Tx,
  accountId: string,
  { sessionId }: Pick<DriverWish, 'sessionId'>,
  now: string,
): Promise<SessionRow> {
  const scope = accountId === 'all' ? 'all' : { partner: accountId }
  const session = await getSession(tx, scope, sessionId)
  if (session === undefined) throw missing('session', 'session')
  const isOver = ['ended', 'cancelled', 'start_failed', 'start_unconfirmed'].includes(
    session.status,
  )
  if (!isOver) throw refused(`Session ${sessionId} is ${session.status}.`, 'session')
  if (!isDisputable(session.endedAt ?? session.updatedAt, now))
    throw refused('A session may be disputed for thirteen months after its end.', 'session')
  return session
}

/** What may be disputed is at most what the session cost its driver, in its currency. */
export function disputedAmount(wish: Money | undefined, { due, taken }: DisputeFacts): Money {
  const most = compare(due, taken) >= 0 ? due : taken
  if (wish === undefined) return most
  if (wish.currency !== most.currency)
    throw new DomainError('invalid_value', `amount.currency: it was charged in ${most.currency}`, {
      param: 'amount.currency',
    })
  if (compare(wish, most) > 0)
    throw new DomainError('invalid_value', `amount: the session cost ${inWords(most)}`, {
      param: 'amount.amount',
    })
  return wish
}

const statusOf = { full: 'won', partial: 'settled', none: 'lost' } as const

/** A claimant may ask for less than is due: what is right is given all the same. */
async function decideByRule(
  tx: Tx,
  wish: DriverWish,
  verdict: DriverVerdict,
  { facts, now }: { facts: DisputeFacts; now: string },
): Promise<DisputePatch & { order?: GiveBackInput }> {
  const { disputeId, sessionId, reason } = wish
  const { outcome, price, bearer, why, rests } = verdict
  const known = { explanation: why, facts: rests, decidedBy: 'rule' } as const
  const refusal = {
    ...known,
    status: 'lost',
    outcome: 'none',
    bearer: 'nobody',
    driverMessage: driverMessage(reason, { back: null, price: facts.due }),
  } as const
  if (outcome === 'none' || outcome === 'person' || price === null) return refusal
  const corrected = await correctSale(
    tx,
    { disputeId, sessionId, bearer, correction: { price } },
    now,
  )
  if (corrected === undefined) return refusal
  const { back, revision, order } = corrected
  return {
    ...known,
    status: statusOf[outcome],
    outcome,
    bearer,
    revision,
    decided: back,
    driverMessage: driverMessage(reason, { back, price: facts.due }),
    ...(isOrder(order) ? { order } : {}),
  }
}

/** A person decides, and the operator may answer before. */
const forAPerson = (verdict: DriverVerdict, now: string): DisputePatch => ({
  status: 'needs_response',
  explanation: verdict.why,
  facts: verdict.rests,
  nextAction: 'operator_may_contest',
  contestUntil: businessDaysAfter(now, operatorWithinDays),
  deadline: businessDaysAfter(now, personWithinDays),
  driverMessage: { en: disputeWaitsEn, de: disputeWaitsDe },
})

/** Put aside for whoever decides, with what may be done. */
export const openDisputeIncident = (tx: Tx, dispute: Dispute, at: string) =>
  openIncident(tx, {
    kind: 'dispute',
    subject: { type: 'dispute', id: dispute.id },
    accountId: dispute.openedBy ?? dispute.partnerId,
    sessionId: dispute.sessionId,
    cause: `Dispute ${dispute.reason}: ${dispute.explanation ?? ''}`,
    detail: { dispute: dispute.id, kind: dispute.kind, deadline: dispute.deadline },
    atStake: dispute.amount,
    actions: ['grant', 'refuse'],
    at,
  })

/** Its id was chosen before, so that a repetition finds what was decided. */
export async function openDriverDispute(
  tx: Tx,
  accountId: string,
  wish: DriverWish,
  now: string,
): Promise<Opened> {
  const { disputeId, sessionId, reason } = wish
  await lockThing(tx, `disputes:${sessionId}`)
  const session = await disputable(tx, accountId, wish, now)
  const before = await disputesOfSession(tx, sessionId)
  const known = before.find(({ id }) => id === disputeId)
  if (known !== undefined) return { dispute: known, order: undefined }
  if (before.some(({ kind, status }) => kind === 'driver' && isLiveDispute(status)))
    throw refused(`Session ${sessionId} has a dispute that is not decided.`, 'session')
  const decided = before.find(
    (each) => each.kind === 'driver' && each.reason === reason && each.outcome !== 'withdrawn',
  )
  if (decided !== undefined && reason !== 'other')
    throw refused(`It was decided as ${decided.id}.`, 'reason')
  const { facts } = await readFacts(tx, sessionId, now)
  const amount = disputedAmount(wish.amount, facts)
  const verdict = decideDriverDispute(reason, facts)
  const isClear = verdict.outcome !== 'person'
  const { order, ...patch } = isClear
    ? await decideByRule(tx, wish, verdict, { facts, now })
    : { ...forAPerson(verdict, now), order: undefined }
  const dispute = await openDispute(tx, {
    id: disputeId,
    kind: 'driver',
    reason,
    sessionId,
    partnerId: session.accountId,
    cpoId: session.cpoId,
    openedBy: session.accountId,
    amount,
    bearer: isClear ? null : driverRules[reason].bearer,
    ...patch,
    status: patch.status ?? 'open',
    said:
      wish.comment === undefined ? [] : [{ by: 'opener', text: wish.comment, facts: [], at: now }],
    at: now,
  })
  if (dispute === undefined)
    throw refused(`Session ${sessionId} has a dispute that is not decided.`, 'session')
  await tellOfDispute(tx, dispute, 'dispute.opened', now)
  if (isClear) await tellOfDispute(tx, dispute, 'dispute.resolved', now)
  else {
    await tellOfDispute(tx, dispute, 'dispute.needs_response', now)
    await openDisputeIncident(tx, dispute, now)
  }
  return { dispute, order }
}

/** The operator's word is awaited no longer: a person decides. */
export const leaveToPerson = (tx: Tx, { id }: Dispute, now: string): Promise<Dispute> =>
  changeDispute(
    tx,
    id,
    { status: 'under_review', nextAction: 'person_decides', contestUntil: null },
    now,
  )

export const disputeAsDriver = (db: Db, accountId: string, wish: DriverWish, { now }: By) =>
  db.tx((tx) => openDriverDispute(tx, accountId, wish, now))

// An operator disputes what it was left with of a session, any payee a line of its statement: the split is computed again
// and shown. Where it is equal that is the answer; else it is corrected by an adjustment, never by changing what was booked.
import type { Db, Tx } from '@chargelane/db'
import {
  type Dispute,
  type DisputePatch,
  disputesOfSession,
  openDispute,
} from '@chargelane/db/queries/disputes/disputes'
import {
  getSettlement,
  payablesOfSession,
  type StoredPayable,
} from '@chargelane/db/queries/documents/settlements'
import { lockThing } from '@chargelane/db/queries/lock'
import { saleOf, type SaleRow } from '@chargelane/db/queries/sessions/sales'
import { getSession, type SessionRow } from '@chargelane/db/queries/sessions/sessions'
import {
  type CpoDisputeReason,
  isLiveDispute,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { concededClaim } from '@chargelane/rules/booking'
import { businessDaysAfter, isDisputable, personWithinDays } from '@chargelane/rules/dispute'
import { recomputeSplit } from '@chargelane/rules/dispute/recompute'
import type { Recomputation } from '@chargelane/rules/documents'
import { compare, inWords, sum } from '@chargelane/rules/money'
import { sameParty } from '@chargelane/rules/split/parties'
import { reviseSale } from '../../booking/revise.ts'
import { approvedByTwo, type By } from '../../books/decision.ts'
import { ruledAmount, type Ruling } from './ruling.ts'
import { openDisputeIncident } from './driver.ts'
import { settleBy } from './outcome.ts'
import { tellOfDispute } from './told.ts'

export type PayeeWish = {
  disputeId: string
  kind: 'cpo' | 'statement'
  sessionId: string
  reason: CpoDisputeReason
  settlementId?: string
  amount?: Money
  comment?: string
}

const refused = (message: string, param: string) =>
  new DomainError('invalid_transition', message, { param })

type Owed = { payee: PartyRef; payables: StoredPayable[]; session: SessionRow; sale: SaleRow }

/** What the account is owed of the session, in the role in which it takes part; a stranger finds no session. */
async function owedOf(tx: Tx, accountId: string, wish: PayeeWish): Promise<Owed> {
  const { kind, sessionId, settlementId } = wish
  const session = await getSession(tx, 'all', sessionId)
  const payables = (await payablesOfSession(tx, sessionId)).filter(
    ({ payee }) => payee.id === accountId,
  )
  const [first] = payables
  if (session === undefined || first === undefined) throw missing('session', 'session')
  if (kind === 'cpo' && session.cpoId !== accountId)
    throw refused('Only the operator of a session disputes it so; see `statement`.', 'kind')
  if (kind === 'statement') {
    const settlement =
      settlementId === undefined ? undefined : await getSettlement(tx, accountId, settlementId)
    if (settlement === undefined) throw missing('settlement', 'settlement')
    if (!payables.some((payable) => payable.settlementId === settlementId))
      throw refused(`${settlementId} has no line of ${sessionId}.`, 'session')
  }
  const sale = await saleOf(tx, sessionId)
  if (sale === undefined) throw missing('session', 'session')
  return { payee: first.payee, payables, session, sale }
}

/** The money of a session is disputed as long as a driver may dispute it. */
function checkTime({ endedAt, updatedAt, id }: SessionRow, now: string): void {
  if (!isDisputable(endedAt ?? updatedAt, now))
    throw refused(`${id} may be disputed for thirteen months after its end.`, 'session')
}

function recomputed({ payee, payables, sale }: Owed): Recomputation {
  const { split, state, splitInput, terms } = sale
  const own = payables.filter((each) => sameParty(each.payee, payee))
  return recomputeSplit({
    payee,
    input: splitInput,
    state: { split, ...state },
    terms,
    owed: own.map(({ amount }) => amount),
  })
}

/**
 * What is disputed, in the currency of the sale: all that the payee is owed of it, or was before the price fell; never more
 * than the price itself was.
 */
function wishedAmount({ amount, reason }: PayeeWish, { payables, sale }: Owed): Money {
  const { state, splitInput } = sale
  const { gross } = state.givenBack?.of ?? splitInput.sale
  const shares = payables.map(({ detail }) => detail.share)
  const wasOwed = reason === 'give_back_not_justified'
  const whole = sum(wasOwed ? shares.filter((share) => share.amount > 0) : shares, gross.currency)
  if (amount === undefined) return whole
  if (amount.currency !== gross.currency)
    throw new DomainError('invalid_value', `amount.currency: it was sold in ${gross.currency}`, {
      param: 'amount.currency',
    })
  if (compare(amount, gross) > 0)
    throw new DomainError('invalid_value', `amount: the session cost ${inWords(gross)}`, {
      param: 'amount.amount',
    })
  return amount
}

/** A figure that its inputs give is right; what was given back without need is for a person to say. */
function answerOf({ reason }: PayeeWish, made: Recomputation, now: string): DisputePatch {
  const needsPerson = reason === 'give_back_not_justified' || !made.equal
  if (!needsPerson)
    return {
      status: 'lost',
      outcome: 'none',
      decidedBy: 'rule',
      bearer: 'nobody',
      explanation: `Computed again from ${made.policy.id}, every line is what was booked.`,
    }
  return {
    status: 'under_review',
    nextAction: 'person_decides',
    deadline: businessDaysAfter(now, personWithinDays),
    explanation: made.equal
      ? 'The figures are right; whether the price had to fall is for a person to decide.'
      : `Computed again, the payee is owed ${inWords(made.difference)} more than was booked.`,
  }
}

export async function openPayeeDispute(
  tx: Tx,
  accountId: string,
  wish: PayeeWish,
  now: string,
): Promise<Dispute> {
  const { disputeId, kind, sessionId, reason, settlementId } = wish
  await lockThing(tx, `disputes:${sessionId}`)
  const owed = await owedOf(tx, accountId, wish)
  const before = await disputesOfSession(tx, sessionId)
  const known = before.find(({ id }) => id === disputeId)
  if (known !== undefined) return known
  checkTime(owed.session, now)
  if (before.some((each) => each.kind === kind && isLiveDispute(each.status)))
    throw refused(`Session ${sessionId} has a dispute that is not decided.`, 'session')
  const made = recomputed(owed)
  const patch = answerOf(wish, made, now)
  const dispute = await openDispute(tx, {
    id: disputeId,
    kind,
    reason,
    sessionId,
    partnerId: owed.session.accountId,
    cpoId: owed.session.cpoId,
    openedBy: accountId,
    amount: wishedAmount(wish, owed),
    recomputation: made,
    facts: made.inputs.slice(0, 100),
    ...(settlementId === undefined ? {} : { settlementId }),
    ...patch,
    status: patch.status ?? 'open',
    said:
      wish.comment === undefined ? [] : [{ by: 'opener', text: wish.comment, facts: [], at: now }],
    at: now,
  })
  if (dispute === undefined)
    throw refused(`Session ${sessionId} has a dispute that is not decided.`, 'session')
  await tellOfDispute(tx, dispute, 'dispute.opened', now)
  if (isLiveDispute(dispute.status)) await openDisputeIncident(tx, dispute, now)
  else await tellOfDispute(tx, dispute, 'dispute.resolved', now)
  return dispute
}

export const disputeAsPayee = (db: Db, accountId: string, wish: PayeeWish, { now }: By) =>
  db.tx((tx) => openPayeeDispute(tx, accountId, wish, now))

/** What a payee gets is an adjustment, which two keys have to want: undefined until the second has. */
export async function decidePayee(
  tx: Tx,
  dispute: Dispute,
  ruling: Ruling,
  by: By,
): Promise<DisputePatch | undefined> {
  const { id, sessionId } = dispute
  const { outcome, reason: explanation } = ruling
  if (outcome === 'none') return { status: 'lost', outcome, bearer: 'nobody', explanation }
  const amount = ruledAmount(ruling, dispute)
  const wish = { action: 'dispute.adjust', subjectId: id, terms: { amount }, reason: explanation }
  const { isApproved } = await approvedByTwo(tx, wish, by)
  if (!isApproved) return undefined
  const revised = await reviseSale(tx, {
    sessionId,
    name: `dispute:${id}`,
    kind: 'claim_granted',
    slaDeadline: settleBy(by.now),
    now: by.now,
    change(before) {
      const seller = { role: 'cpo', id: dispute.openedBy ?? '' }
      if (!sameParty(before.split.legs[0]?.supplier ?? seller, seller))
        throw refused('Only the seller of a session is paid an adjustment of its sale.', 'outcome')
      if (before.claim.granted.currency !== amount.currency)
        throw refused(`The sale is in ${before.claim.granted.currency}.`, 'amount')
      return { ...before, claim: concededClaim(before.claim, amount) }
    },
  })
  if (revised.kind === 'unchanged') return undefined
  const status = compare(amount, dispute.amount) >= 0 ? 'won' : 'settled'
  return {
    status,
    outcome,
    bearer: 'platform',
    explanation,
    revision: revised.revision,
    decided: amount,
  }
}

import type { Db, Tx } from '@chargelane/db'
import { type Dispute, lockDispute } from '@chargelane/db/queries/disputes/disputes'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { isLiveDispute } from '@chargelane/openapi/vocabulary/settlement/disputes'
import { InvariantError } from '@chargelane/rules/assert'
import { businessDaysAfter } from '@chargelane/rules/dispute'
import { sum } from '@chargelane/rules/money'
import type { GiveBackInput } from '../../contract.ts'
import { leaveToPerson, openDisputeIncident } from './driver.ts'

export type Proceeded = {
  status: Dispute['status']
  /** What its decision gives back, to be sent now; sent again it is found. */
  order: GiveBackInput | null
  /** When there is something to do again; null where nothing is. */
  until: string | null
}

/** What a decided dispute gives back by the change of the sale that it made. */
async function orderOf(tx: Tx, { sessionId, revision }: Dispute): Promise<GiveBackInput | null> {
  if (revision === null) return null
  const sale = await saleOf(tx, sessionId)
  if (sale === undefined) throw new InvariantError(`No sale of ${sessionId}.`)
  const own = (await refundsOf(tx, sessionId)).filter((refund) => refund.revision === revision)
  const { currency } = sale.splitInput.sale.gross
  const amount = sum(
    own.map((refund) => refund.amount),
    currency,
  )
  return { sessionId, revision, amount }
}

/** A deadline that passed is said again each business day, until somebody has decided. */
async function waitForPerson(tx: Tx, dispute: Dispute, now: string): Promise<Proceeded> {
  const { status, contestUntil, deadline } = dispute
  if (status === 'needs_response' && contestUntil !== null) {
    if (contestUntil > now) return { status, order: null, until: contestUntil }
    const after = await leaveToPerson(tx, dispute, now)
    return { status: after.status, order: null, until: after.deadline }
  }
  if (deadline !== null && deadline > now) return { status, order: null, until: deadline }
  await openDisputeIncident(tx, dispute, now)
  return { status, order: null, until: businessDaysAfter(now, 1) }
}

async function proceed(tx: Tx, disputeId: string, now: string): Promise<Proceeded> {
  const dispute = await lockDispute(tx, disputeId)
  if (dispute === undefined) throw new InvariantError(`No dispute ${disputeId}.`)
  if (!isLiveDispute(dispute.status))
    return { status: dispute.status, order: await orderOf(tx, dispute), until: null }
  return waitForPerson(tx, dispute, now)
}

export function createDisputeActivities({ db }: { db: Db }) {
  return {
    proceedDispute: ({ disputeId, now }: { disputeId: string; now: string }): Promise<Proceeded> =>
      db.tx((tx) => proceed(tx, disputeId, now)),
  }
}

export type DisputeActivities = ReturnType<typeof createDisputeActivities>

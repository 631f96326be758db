// Chargebacks are contested with what the evidence pack says, before the provider takes no more: once, and again only where
// the provider does not have it any more.
import type { Db, Sql, Tx } from '@chargelane/db'
import {
  changeDispute,
  chargebacksToContest,
  type Dispute,
  lockDispute,
} from '@chargelane/db/queries/disputes/disputes'
import { evidenceZip, latestEvidence } from '@chargelane/db/queries/documents/evidence'
import { invoiceOfSession } from '@chargelane/db/queries/documents/invoices'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { paymentById } from '@chargelane/db/queries/payments/payments'
import { isLiveDispute } from '@chargelane/openapi/vocabulary/settlement/disputes'
import { InvariantError } from '@chargelane/rules/assert'
import { contestTexts, lookAgainMs } from '@chargelane/rules/dispute/contest'
import type { ChargebackEvidence } from '@chargelane/rules/documents'
import { packInWords } from '../../evidence/summary.ts'
import type { PaymentPorts } from '../../payment/kinds.ts'
import { type ContestOutcome, MoneyFailure } from '../../payment/payment.ts'
import { tellOfDispute } from './told.ts'

type Dependencies = { db: Db; payments: PaymentPorts }

/** As many as one hour contests; the next takes the rest, the most urgent first. */
const contestMax = 200

async function assemble(db: Sql, { sessionId, said }: Dispute): Promise<ChargebackEvidence> {
  const [pack, invoice] = await Promise.all([
    latestEvidence(db, sessionId),
    invoiceOfSession(db, sessionId, 'receipt_invoice'),
  ])
  const zip = pack && (await evidenceZip(db, sessionId, pack.revision))
  if (pack === undefined || zip === undefined)
    throw new InvariantError(`Session ${sessionId} has no pack yet.`)
  const { id, revision, manifestHash } = pack
  const { endedAt, receipt, ...words } = packInWords(zip)
  const number = invoice === undefined ? [] : [`Receipt: ${invoice.documentNumber}`]
  const texts = contestTexts({
    ...words,
    pack: { id, manifestHash },
    endedAt: endedAt ?? pack.sealedAt,
    receipt: [...number, ...receipt],
    said,
  })
  return { texts, pack: { id, revision, manifestHash } }
}

/** Written before anybody is asked: a repetition, and another submission, say the same words under a key. */
async function evidenceOf(db: Db, { id }: Dispute, now: string): Promise<ChargebackEvidence> {
  return db.tx(async (tx) => {
    const dispute = await lockDispute(tx, id)
    if (dispute === undefined) throw new InvariantError(`No dispute ${id}.`)
    if (dispute.submitted !== null) return dispute.submitted
    const submitted = await assemble(tx, dispute)
    await changeDispute(tx, id, { submitted }, now)
    return submitted
  })
}

async function send(
  { db, payments }: Dependencies,
  { id, paymentId, providerReference: reference, submittedAt }: Dispute,
  { texts }: ChargebackEvidence,
): Promise<ContestOutcome> {
  const payment = paymentId === null ? undefined : await paymentById(db, paymentId)
  if (payment === undefined || reference === null)
    throw new InvariantError(`Chargeback ${id} names no payment.`)
  const { contest } = payments(payment.kind)
  if (contest === undefined) return { kind: 'refused', code: 'not_contestable' }
  // A key gives the answer that it gave before: what was lost needs another.
  const idempotencyKey = submittedAt === null ? `${id}:evidence` : `${id}:evidence:${submittedAt}`
  return contest({ reference, texts, idempotencyKey }).catch((error: unknown) => {
    if (error instanceof MoneyFailure && !error.retryable)
      return { kind: 'refused', code: error.code } as const
    throw error
  })
}

/** The bank decides without our word unless somebody sends it another way. */
const tellRefusal = (tx: Tx, dispute: Dispute, code: string, at: string) =>
  openIncident(tx, {
    kind: 'chargeback',
    subject: { type: 'dispute', id: dispute.id },
    accountId: dispute.partnerId,
    sessionId: dispute.sessionId,
    cause: `The provider took no evidence of a chargeback: ${code}.`,
    detail: { dispute: dispute.id, code, evidence_due_by: dispute.deadline },
    atStake: dispute.amount,
    actions: [],
    at,
  })

async function contestOne(deps: Dependencies, due: Dispute, now: string): Promise<boolean> {
  const evidence = await evidenceOf(deps.db, due, now)
  const outcome = await send(deps, due, evidence)
  return deps.db.tx(async (tx) => {
    const dispute = await lockDispute(tx, due.id)
    // The provider decided meanwhile, or another hour's run was here.
    if (dispute === undefined || !isLiveDispute(dispute.status)) return false
    if (dispute.submittedAt !== due.submittedAt) return false
    if (outcome.kind === 'refused') {
      await changeDispute(tx, dispute.id, { nextAction: 'provider_decides' }, now)
      await tellRefusal(tx, dispute, outcome.code, now)
      return false
    }
    if (outcome.wasKnown && dispute.submittedAt !== null) return false
    const submitted = { status: 'under_review', nextAction: 'provider_decides' } as const
    const after = await changeDispute(tx, dispute.id, { ...submitted, submittedAt: now }, now)
    await tellOfDispute(tx, after, 'dispute.evidence_submitted', now)
    return true
  })
}

export function createContestActivities(deps: Dependencies) {
  return {
    /** One that cannot be contested now keeps no other waiting: the next hour asks again. */
    async contestChargebacks({ now }: { now: string }): Promise<{ submitted: number }> {
      const until = new Date(Date.parse(now) + lookAgainMs).toISOString()
      const due = await chargebacksToContest(deps.db, { now, until, limit: contestMax })
      const ends = await Promise.allSettled(due.map((each) => contestOne(deps, each, now)))
      return { submitted: ends.filter((end) => end.status === 'fulfilled' && end.value).length }
    },
  }
}

export type ContestActivities = ReturnType<typeof createContestActivities>

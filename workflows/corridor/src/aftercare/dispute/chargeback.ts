// The payer's bank takes captured money back: reserved at once with whoever may have to bear it, and closed as the provider
// decides. Whatever is told twice or late changes nothing.
import type { Tx } from '@chargelane/db'
import {
  changeDispute,
  chargebacksOfSource,
  type Dispute,
  disputeOfProvider,
  openDispute,
} from '@chargelane/db/queries/disputes/disputes'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { setPaymentSourceStatus } from '@chargelane/db/queries/partners/drivers'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { paymentTold } from '@chargelane/db/views/money/payments'
import { chargebackReasons } from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { InvariantError } from '@chargelane/rules/assert'
import { bearerOf, chargebackPolicy, withChargeback } from '@chargelane/rules/dispute/chargeback'
import { contestAt } from '@chargelane/rules/dispute/contest'
import { add, inWords, money } from '@chargelane/rules/money'
import { reviseSale } from '../../booking/revise.ts'
import type { GiveBackInput } from '../../contract.ts'
import type { ToldByProvider } from '../../payment/payment.ts'
import { settleBy } from './outcome.ts'
import { tellOfDispute } from './told.ts'

export type ToldChargeback = Extract<ToldByProvider, { kind: 'chargeback' }>

const words = { open: 'chargeback opened', won: 'chargeback won', lost: 'chargeback lost' } as const
const moneyStatuses = { open: 'disputed', won: 'settled', lost: 'adjusted' } as const

/** A payer whose bank takes more than this many back within a year starts nothing more with that source. */
const chargebacksMax = 2
const yearMs = 365 * 86_400_000

async function limitRepeated(tx: Tx, { accountId, paymentSourceId }: Payment, now: string) {
  const since = new Date(Date.parse(now) - yearMs).toISOString()
  if ((await chargebacksOfSource(tx, { paymentSourceId, since })) <= chargebacksMax) return
  await setPaymentSourceStatus(tx, accountId, paymentSourceId, 'detached')
}

/** Its row, made when it is first told; of a session whose sale it changes. */
async function disputeOf(
  tx: Tx,
  payment: Payment,
  told: ToldChargeback,
  { amount, at }: { amount: Money; at: string },
): Promise<{ dispute: Dispute; isNew: boolean }> {
  const { reference, evidenceDueBy } = told
  const known = await disputeOfProvider(tx, reference)
  if (known !== undefined) return { dispute: known, isNew: false }
  const session = await getSession(tx, 'all', payment.sessionId)
  if (session === undefined) throw new InvariantError(`No session ${payment.sessionId}.`)
  const reason = chargebackReasons.find((each) => each === told.reason) ?? 'general'
  const dispute = await openDispute(tx, {
    kind: 'chargeback',
    status: 'needs_response',
    reason,
    sessionId: session.id,
    partnerId: session.accountId,
    cpoId: session.cpoId,
    paymentId: payment.id,
    amount,
    bearer: bearerOf(told.reason),
    explanation: `The payer’s bank took ${inWords(amount)} back: ${told.reason}.`,
    facts: [
      { fact: 'reason_of_bank', value: told.reason },
      { fact: 'policy', value: chargebackPolicy },
    ],
    deadline: evidenceDueBy,
    contestUntil: contestAt(evidenceDueBy, at),
    nextAction: 'evidence_is_submitted',
    providerReference: reference,
    providerStatus: told.state,
    at,
  })
  if (dispute === undefined) throw new InvariantError(`Dispute ${reference} was not written.`)
  return { dispute, isNew: true }
}

/** The sale as it is told; the fee of the provider is kept whoever wins. */
async function book(tx: Tx, dispute: Dispute, told: ToldChargeback, at: string) {
  const { reference, state, amount, fee } = told
  const terms = (await saleOf(tx, dispute.sessionId))?.terms
  if (terms === undefined) return undefined
  const bearer = bearerOf(told.reason)
  const made = await reviseSale(tx, {
    sessionId: dispute.sessionId,
    name: `dispute:${reference}${state === 'open' ? '' : `:${state}`}`,
    kind: 'dispute',
    slaDeadline: settleBy(at),
    now: at,
    change(before, input) {
      const changed = withChargeback(before, input, terms, { amount, bearer, state })
      if (changed === undefined || fee === undefined || before.disputeFee !== undefined)
        return changed
      const { currency } = fee
      const disputeFee = add(before.disputeFee ?? money(0, currency), fee)
      return { ...changed, state: { ...changed.state, disputeFee } }
    },
  })
  return made.kind === 'made' ? made : undefined
}

const endOf = { won: ['won', 'none'], lost: ['lost', 'full'] } as const

async function tellEnd(
  tx: Tx,
  dispute: Dispute,
  told: ToldChargeback,
  revision: number,
  at: string,
) {
  const { state, amount } = told
  if (state === 'open') return dispute
  const [status, outcome] = endOf[state]
  return changeDispute(
    tx,
    dispute.id,
    {
      status,
      outcome,
      decidedBy: 'provider',
      decided: state === 'won' ? { ...amount, amount: 0 } : amount,
      providerStatus: state,
      nextAction: null,
      deadline: null,
      contestUntil: null,
      revision,
    },
    at,
  )
}

/** The papers of the session follow where something of it changed. */
export async function hearChargeback(
  tx: Tx,
  payment: Payment,
  told: ToldChargeback,
  at: string,
): Promise<GiveBackInput | undefined> {
  const { reference, amount, reason, state, evidenceDueBy } = told
  const { id: paymentId, sessionId, accountId } = payment
  const { dispute, isNew } = await disputeOf(tx, payment, told, { amount, at })
  const made = await book(tx, dispute, told, at)
  if (made === undefined) return undefined
  const fee = told.fee === undefined ? {} : { fee: told.fee }
  if (isNew) await changeDispute(tx, dispute.id, { revision: made.revision, ...fee }, at)
  const subject = { type: 'payment', id: paymentId } as const
  if (state === 'open')
    await openIncident(tx, {
      kind: 'chargeback',
      subject,
      accountId,
      sessionId,
      cause: `The payer’s bank took ${inWords(amount)} back: ${reason}.`,
      detail: { dispute: reference, reason, evidence_due_by: evidenceDueBy },
      atStake: amount,
      actions: [],
      at,
    })
  else
    for (const each of [subject, { type: 'dispute', id: dispute.id } as const])
      await settleIncidents(
        tx,
        { kinds: ['chargeback'], subject: each },
        { cause: words[state], at },
      )
  const after = await tellEnd(tx, dispute, told, made.revision, at)
  if (isNew) {
    await tellOfDispute(tx, after, 'dispute.opened', at)
    await limitRepeated(tx, payment, at)
  }
  if (state !== 'open') await tellOfDispute(tx, after, 'dispute.resolved', at)
  await changeSession(
    tx,
    sessionId,
    { moneyStatus: moneyStatuses[state], totals: made.splitInput.sale },
    {
      event: {
        type: state === 'open' ? 'payment.charged_back' : 'payment.chargeback_closed',
        data: paymentTold(payment),
      },
      room: 'booking',
      what: words[state],
      detail: { payment: paymentId, dispute: reference, amount, reason, due_by: evidenceDueBy },
      dedupeKey: `${reference}:${state}`,
      at,
    },
  )
  // Nothing is sent to the payer by us; the papers and the pack say what happened.
  return { sessionId, revision: made.revision, amount: { ...amount, amount: 0 } }
}

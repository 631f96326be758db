// What became of a debt: paid at the bank, or given up by two keys. Each is a revision of its sale, so that the books,
// the payees who wait and the pack follow from one state; the payment source is free again when nothing is outstanding.
import type { Db, Tx } from '@chargelane/db'
import { openProposalOf } from '@chargelane/db/queries/operations/approvals'
import { type Debt, lockDebt } from '@chargelane/db/queries/payments/debts'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { debtView } from '@chargelane/db/views/money/debts'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Debt as ShownDebt } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { givenUp, paidOf } from '@chargelane/rules/booking/cover'
import type { Collected } from '@chargelane/rules/booking/sale'
import { money } from '@chargelane/rules/money'
import { reviseSale } from '../booking/revise.ts'
import { takeBankLine } from './bank-lines.ts'
import { approvedByTwo, type By } from './decision.ts'

const settleWithinMs = 48 * 3_600_000

async function showDebt(tx: Tx, debt: Debt): Promise<ShownDebt> {
  const proposal = await openProposalOf(tx, debt.id)
  return debtView(debt, proposal === undefined ? null : approvalView(proposal))
}

async function existing(tx: Tx, id: string): Promise<Debt> {
  const debt = await lockDebt(tx, id)
  if (debt === undefined) throw missing('debt')
  return debt
}

function outstanding({ status, amount, paid, credited }: Debt): Money {
  const left = status === 'open' ? amount.amount - paid.amount - credited.amount : 0
  return money(left, amount.currency)
}

type Told = {
  name: string
  kind: 'debt_paid' | 'debt_waived' | 'debt_written_off'
  event: 'debt.paid' | 'debt.waived' | 'debt.written_off'
  detail: Record<string, unknown>
}

/** The sale with what became of its debt; the partner hears of it, and the session's timeline says why. */
async function change(
  tx: Tx,
  debt: Debt,
  become: (collected: Collected) => Collected,
  { name, kind, event, detail }: Told,
  { now }: By,
): Promise<Debt> {
  const { sessionId } = debt
  await reviseSale(tx, {
    sessionId,
    name,
    kind,
    slaDeadline: new Date(Date.parse(now) + settleWithinMs).toISOString(),
    now,
    change: (before) => ({ ...before, collected: become(before.collected) }),
  })
  const after = await existing(tx, debt.id)
  await changeSession(
    tx,
    sessionId,
    {},
    {
      event: { type: event, data: debtView(after) },
      room: 'capture',
      what: kind.replace('_', ' '),
      detail: { debt: debt.id, ...detail },
      dedupeKey: `${sessionId}:${name}`,
      at: now,
    },
  )
  return after
}

/** Money that came in for a debt, once by the bank's reference. */
export function payDebt(
  db: Db,
  id: string,
  body: { amount: Money; reference: string; received_at: string },
  by: By,
): Promise<ShownDebt> {
  const { amount, reference, received_at: receivedAt } = body
  return db.tx(async (tx) => {
    const debt = await existing(tx, id)
    if (amount.currency !== debt.amount.currency)
      throw new DomainError(
        'invalid_value',
        `amount.currency: the debt is in ${debt.amount.currency}`,
        {
          param: 'amount.currency',
        },
      )
    const { accountId } = debt
    const incoming = { reference, accountId, purpose: id, amount, receivedAt }
    const settled = await takeBankLine(tx, incoming, outstanding(debt), by)
    if (settled === undefined || settled.amount === 0) return showDebt(tx, debt)
    const told = {
      name: `paid:${reference}`,
      kind: 'debt_paid',
      event: 'debt.paid',
      detail: { amount: settled, reference },
    } as const
    return showDebt(tx, await change(tx, debt, (it) => paidOf(it, settled), told, by))
  })
}

const verbs = {
  waive: { part: 'waived', kind: 'debt_waived', event: 'debt.waived' },
  write_off: { part: 'lost', kind: 'debt_written_off', event: 'debt.written_off' },
} as const

/** What is outstanding is given up, once two keys want it. */
export function giveUpDebt(
  db: Db,
  { id, verb, reason }: { id: string; verb: keyof typeof verbs; reason: string },
  by: By,
): Promise<ShownDebt> {
  return db.tx(async (tx) => {
    const debt = await existing(tx, id)
    if (debt.status !== 'open')
      throw new DomainError('invalid_transition', `Debt ${id} is ${debt.status}.`)
    const amount = outstanding(debt)
    const wish = { action: `debt.${verb}`, subjectId: id, terms: { amount }, reason }
    const { approval, isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return showDebt(tx, debt)
    const { part, kind, event } = verbs[verb]
    const { proposedBy, approvedBy, reason: why } = approval
    const detail = { amount, reason: why, proposed_by: proposedBy, approved_by: approvedBy }
    const told = { name: verb, kind, event, detail }
    return showDebt(tx, await change(tx, debt, (it) => givenUp(it, part), told, by))
  })
}

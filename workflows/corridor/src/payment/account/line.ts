// Holds on a partner's credit line: what it will owe once they are captured, whichever way it takes it from its customer.
import type { Sql, Tx } from '@chargelane/db'
import { creditLine, lockCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { changePayment } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compare, subtract } from '@chargelane/rules/money'
import { availableOf, drawnOf } from '../../books/credit.ts'
import type { AuthorizeOutcome, IncreaseOutcome } from '../payment.ts'

/** Why the line does not take this much more; asked under its lock, so that the next one sees what was decided. */
async function refusalOfLine(tx: Tx, accountId: string, more: Money): Promise<string | undefined> {
  await lockCreditLine(tx, accountId, more.currency)
  const line = await creditLine(tx, accountId, more.currency)
  if (line === undefined) return 'no_credit_line'
  // What is booked between two readings counts twice for a moment, never not at all.
  const available = availableOf(line, await drawnOf(tx, { accountId, currency: more.currency }))
  return compare(more, available) <= 0 ? undefined : 'credit_limit'
}

/** Whether a partner may owe this much more, as it stands; only a hold decides it. */
export async function hasRoom(sql: Sql, accountId: string, more: Money): Promise<boolean> {
  const { currency } = more
  const line = await creditLine(sql, accountId, currency)
  if (line === undefined) return false
  return compare(more, availableOf(line, await drawnOf(sql, { accountId, currency }))) <= 0
}

/** Decides a hold and writes it down with that. */
export async function holdOnLine(tx: Tx, row: Payment, amount: Money): Promise<AuthorizeOutcome> {
  const declineCode = await refusalOfLine(tx, row.accountId, amount)
  if (declineCode !== undefined) return { kind: 'declined', declineCode }
  const held = { pspId: row.id, captureBefore: null }
  await changePayment(tx, row.id, held, row.createdAt)
  return { kind: 'authorized', ...held }
}

export async function raiseOnLine(tx: Tx, row: Payment, amount: Money): Promise<IncreaseOutcome> {
  const increased = { kind: 'increased', pspId: row.id, amount, captureBefore: null } as const
  if (row.status !== 'authorized') return { kind: 'refused', code: 'unexpected_state' }
  const more = subtract(amount, row.hold)
  if (more.amount <= 0) return increased
  const code = await refusalOfLine(tx, row.accountId, more)
  if (code !== undefined) return { kind: 'refused', code }
  await changePayment(tx, row.id, { hold: amount }, row.updatedAt)
  return increased
}

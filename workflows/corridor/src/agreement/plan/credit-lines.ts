// Partners that owe on an account of their own: how much each may owe, and what it paid.
import type { Db, Sql, Tx } from '@chargelane/db'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  creditLine,
  type CreditLine as Line,
  lockCreditLine,
  putCreditLine,
} from '@chargelane/db/queries/plans/credit-lines'
import { creditLineView } from '@chargelane/db/views/plans/credit-lines'
import type { BodyOf, Contract, CreditLine } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { accountPaidEntry, planPaidEntry } from '@chargelane/rules/ledger'
import { add, minimum, money, subtract } from '@chargelane/rules/money'
import { takeBankLine } from '../../books/bank-lines.ts'
import { availableOf, drawnOf, planLineOf } from '../../books/credit.ts'
import { fundPlans } from '../../books/plan-cover.ts'
import type { By } from '../../books/decision.ts'
import type { Act } from '../../onboarding/act.ts'

/** The books are one and no tenant reads them, so what is owed is asked in the process's own name. */
export async function showCreditLine(sql: Sql, line: Line): Promise<CreditLine> {
  const { accountId, limit } = line
  const drawn = await drawnOf(sql, { accountId, currency: limit.currency })
  return creditLineView(line, { ...drawn, available: availableOf(line, drawn) })
}

type Set = BodyOf<Contract['credit_lines']['set']>
type Payment = BodyOf<Contract['credit_lines']['record_payment']>

export async function setCreditLine({ tx, viewer, now }: Act, body: Set): Promise<Line> {
  const account = await getAccount(tx, viewer.sees, body.account)
  if (account?.type !== 'partner') throw missing('partner', 'account')
  return putCreditLine(tx, {
    accountId: account.id,
    limit: body.limit,
    ...(body.deposit === undefined ? {} : { deposit: body.deposit.amount }),
    ...(body.reserve === undefined ? {} : { reserve: body.reserve.amount }),
    at: now,
  })
}

/** On its own account, and for what its plans paid; what was paid ahead is no debt. */
async function owedBy(tx: Tx, accountId: string, currency: string) {
  const drawn = await drawnOf(tx, { accountId, currency })
  const debt = ({ amount }: Money) => money(Math.max(0, amount), currency)
  return { owed: debt(drawn.owed), sponsored: debt(drawn.sponsored) }
}

/** First what its own account was charged, then what its plans paid. */
async function postPaid(
  tx: Tx,
  { key, account, receivedAt }: { key: string; account: string; receivedAt: string },
  { settled, owed }: { settled: Money; owed: Money },
): Promise<void> {
  const own = minimum(settled, owed)
  const rest = subtract(settled, own)
  const entries = [
    ...(own.amount === 0 ? [] : [accountPaidEntry({ key, partnerId: account, amount: own })]),
    ...(rest.amount === 0
      ? []
      : [planPaidEntry({ key: `${key}:plan`, payeeId: account, amount: rest })]),
  ]
  await postEntries(
    tx,
    entries.map((entry) => ({ ...entry, effectiveAt: receivedAt })),
  )
}

/**
 * The books are not a tenant's to write, so it is posted in the process's own name, once under the bank's reference. What
 * is more than the account owes, or dated ahead, waits as unmatched money.
 */
export async function recordAccountPayment(db: Db, body: Payment, by: By): Promise<CreditLine> {
  const { now } = by
  const { amount, account, reference, received_at } = body
  const { currency } = amount
  const key = `account_paid:${reference}`
  return db.tx(async (tx) => {
    await lockCreditLine(tx, account, currency)
    const known = await creditLine(tx, account, currency)
    const { owed, sponsored } = await owedBy(tx, account, currency)
    if (known === undefined && owed.amount + sponsored.amount === 0)
      throw missing('credit line', 'account')
    const incoming = {
      reference,
      accountId: account,
      purpose: `account:${account}`,
      amount,
      receivedAt: received_at,
    }
    const settled = await takeBankLine(tx, incoming, add(owed, sponsored), by)
    if (settled !== undefined && settled.amount > 0) {
      await postPaid(tx, { key, account, receivedAt: received_at }, { settled, owed })
      await fundPlans(tx, { accountId: account, currency }, reference, now)
    }
    const row = {
      accountId: account,
      updatedAt: now,
      ...(await planLineOf(tx, { accountId: account, currency })),
    }
    const line = await showCreditLine(tx, row)
    if (settled === undefined) return line
    await appendEvent(tx, {
      accountId: account,
      type: 'credit_line.paid',
      objectId: account,
      data: line,
      context: { amount, settled, reference, received_at },
      dedupeKey: key,
      at: now,
    })
    return line
  })
}

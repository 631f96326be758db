// Partners that owe on an account of their own: how much each may owe, and what it paid.
import type { Db, Sql } from '@chargelane/db'
import { balanceOf, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  creditLine,
  type CreditLine as Line,
  heldOnAccount,
  putCreditLine,
} from '@chargelane/db/queries/plans/credit-lines'
import { creditLineView } from '@chargelane/db/views/plans/credit-lines'
import type { BodyOf, Contract, CreditLine } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { accountPaidEntry, accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import type { Act } from '../onboarding/act.ts'

/** The books are one and no tenant reads them, so what is owed is asked in the process's own name. */
export async function showCreditLine(sql: Sql, line: Line): Promise<CreditLine> {
  const { accountId, limit } = line
  const { currency } = limit
  const [owed, held] = await Promise.all([
    balanceOf(sql, accounts.onAccount(accountId, currency)),
    heldOnAccount(sql, { accountId, currency }),
  ])
  return creditLineView(line, { owed: money(owed, currency), held })
}

type Set = BodyOf<Contract['credit_lines']['set']>
type Payment = BodyOf<Contract['credit_lines']['record_payment']>

export async function setCreditLine({ tx, viewer, now }: Act, body: Set): Promise<Line> {
  const account = await getAccount(tx, viewer.sees, body.account)
  if (account?.type !== 'partner') throw missing('partner', 'account')
  return putCreditLine(tx, {
    accountId: account.id,
    limit: body.limit,
    at: now,
  })
}

/** The books are not a tenant's to write, so it is posted in the process's own name, once under the chosen id. */
export async function recordAccountPayment(
  db: Db,
  body: Payment,
  { resourceId, now }: { resourceId: string; now: string },
): Promise<CreditLine> {
  const { amount, account, reference, received_at } = body
  const row = await creditLine(db, account, amount.currency)
  if (!row) throw missing('credit line', 'account')
  const { key, kind, postings } = accountPaidEntry({
    key: `account_paid:${resourceId}`,
    partnerId: account,
    amount,
  })
  return db.tx(async (tx) => {
    await postEntry(tx, { key, kind, effectiveAt: received_at, postings })
    const line = await showCreditLine(tx, row)
    await appendEvent(tx, {
      accountId: account,
      type: 'credit_line.paid',
      objectId: account,
      data: line,
      context: { amount, reference, received_at },
      dedupeKey: key,
      at: now,
    })
    return line
  })
}

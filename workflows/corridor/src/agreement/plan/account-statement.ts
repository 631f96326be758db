// What was charged to a partner's own account in a time, and what it owes now.
import type { Sql, Tx } from '@chargelane/db'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { accountCharges } from '@chargelane/db/queries/plans/credit-lines'
import { chargeView } from '@chargelane/db/views/plans/credit-lines'
import type { AccountStatement } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { accounts } from '@chargelane/rules/ledger'
import { money, sum } from '@chargelane/rules/money'
import type { Act, Actor } from '../../onboarding/act.ts'

/** A statement holds at most this many sessions; a longer time is asked for in parts. */
const chargesMax = 10_000

/** Whose account; a partner's own, finance and the platform name one. */
async function accountOf(tx: Tx, viewer: Actor, asked: string | undefined): Promise<string> {
  const id = asked ?? viewer.accountId
  const account = await getAccount(tx, viewer.sees, id)
  if (account?.type !== 'partner') throw missing('partner', 'account')
  return account.id
}

type Asked = { from: string; to: string; account?: string | undefined }

/** The books are no tenant's to read, so what is owed is asked of `books`, the process's own. */
export async function accountStatement(
  { tx, viewer }: Act,
  books: Sql,
  query: Asked,
): Promise<AccountStatement> {
  const { from, to } = query
  if (to <= from) throw new DomainError('invalid_value', 'to: must be after from', { param: 'to' })
  const account = await accountOf(tx, viewer, query.account)
  const rows = await accountCharges(tx, account, { from, to, limit: chargesMax + 1 })
  if (rows.length > chargesMax) {
    throw new DomainError(
      'invalid_value',
      `to: more than ${chargesMax} sessions, ask for a shorter time`,
      { param: 'to' },
    )
  }
  const byCurrency = Map.groupBy(rows, ({ charged }) => charged.currency)
  const totals = await Promise.all(
    [...byCurrency].map(async ([currency, own]) => ({
      currency,
      sessions: own.length,
      charged: sum(
        own.map(({ charged }) => charged),
        currency,
      ),
      owed: money(await balanceOf(books, accounts.onAccount(account, currency)), currency),
    })),
  )
  return { from, to, account, lines: rows.map(chargeView), totals }
}

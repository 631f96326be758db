import type { CreditLine } from '@chargelane/openapi'
import type { CreditLineRow } from '../queries/plans/credit-lines.ts'
import { money } from './money.ts'

/** What is owed stands in the books, what is held in the payments: minor units of the line's currency. */
export const creditLineView = (
  row: CreditLineRow,
  { owed, held }: { owed: number; held: number },
): CreditLine => ({
  account: row.accountId,
  limit: money(row.limitMinor, row.currency),
  owed: money(owed, row.currency),
  held: money(held, row.currency),
  updated_at: row.updatedAt,
})

import type { CreditLine } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { CreditLine as CreditLineRecord } from '../queries/plans/credit-lines.ts'

export const creditLineView = (
  { accountId, limit, updatedAt }: CreditLineRecord,
  { owed, held }: { owed: Money; held: Money },
): CreditLine => ({ account: accountId, limit, owed, held, updated_at: updatedAt })

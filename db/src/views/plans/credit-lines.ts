import type { CreditLine, AccountStatement } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type {
  CreditLine as CreditLineRecord,
  accountCharges,
} from '../../queries/plans/credit-lines.ts'

export const creditLineView = (
  { accountId, limit, deposit, reserve, updatedAt }: CreditLineRecord,
  {
    owed,
    held,
    guaranteed,
    sponsored,
    available,
  }: Record<'owed' | 'held' | 'guaranteed' | 'sponsored' | 'available', Money>,
): CreditLine => ({
  account: accountId,
  limit,
  deposit,
  reserve,
  owed,
  held,
  guaranteed,
  sponsored,
  available,
  updated_at: updatedAt,
})

type Charge = Awaited<ReturnType<typeof accountCharges>>[number]

export function chargeView(row: Charge): AccountStatement['lines'][number] {
  const { invoice } = row
  return {
    session: row.sessionId,
    driver: { id: row.driverId, external_id: row.driverExternalId },
    ended_at: row.endedAt ?? '',
    evse_id: row.evseId,
    country: row.country,
    energy_wh: row.energyWh,
    charged: row.charged,
    invoice: invoice && {
      id: invoice.id,
      document_number: invoice.documentNumber,
      net: invoice.net,
      vat: invoice.vat,
      gross: invoice.gross,
    },
  }
}

import { uidShown } from '../../queries/partners/accounts.ts'
import type { TokenRow } from '../../queries/partners/accounts.ts'
import type { DriverRow, PaymentSourceRow } from '../../queries/partners/drivers.ts'
import type { PaymentSource, Token } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

export const driverView = (row: DriverRow) => ({ id: row.id, external_id: row.externalId })

/** What lets the payer name a method is for the moment in which it is asked for, and kept nowhere. */
type Waiting = { clientSecret: string; publishableKey: string | null }

export const paymentSourceView = (
  row: PaymentSourceRow,
  driver: DriverRow,
  waiting?: Waiting,
): PaymentSource => ({
  id: row.id,
  driver: driverView(driver),
  type: row.kind,
  status: row.status,
  card: row.card,
  client_secret: waiting?.clientSecret ?? null,
  publishable_key: waiting?.publishableKey ?? null,
  livemode,
  created_at: row.createdAt,
})

export const tokenView = (row: TokenRow, driver: DriverRow): Token => ({
  id: row.id,
  driver: driverView(driver),
  payment_source: row.paymentSourceId,
  uid: uidShown(row),
  type: row.type,
  contract_id: row.contractId,
  status: row.status,
  livemode,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

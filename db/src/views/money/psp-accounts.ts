import type { PspAccount as Shown } from '@chargelane/openapi'
import type { PspAccount } from '../../queries/payments/psp-accounts.ts'

/** Without anything that was sealed. */
export const pspAccountView = (row: PspAccount): Shown => ({
  id: row.id,
  account: row.accountId,
  provider: 'stripe',
  mode: row.mode,
  provider_account: row.providerAccount,
  status: row.status,
  webhook_path: `/webhooks/payments/partner_psp/${row.id}`,
  previous_until: row.previousUntil,
  checked_at: row.checkedAt,
  revoked_at: row.revokedAt,
  created_at: row.createdAt,
})

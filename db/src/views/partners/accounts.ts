import { residencyRegionOf } from '@chargelane/openapi/vocabulary/countries'
import type { AccountRow } from '../../queries/partners/accounts.ts'
import type { ApiKeyRow } from '../../queries/partners/api-keys.ts'
import type { Account, ApiKey } from '@chargelane/openapi'
import { scopes } from '@chargelane/openapi/vocabulary/trust/scopes'
import { livemode } from '../shown.ts'

export const accountView = (row: AccountRow): Account => ({
  id: row.id,
  type: row.type,
  partner_type: row.partnerType,
  name: row.name,
  legal_name: row.legalName,
  country: row.country,
  residency_region: residencyRegionOf(row.country),
  payout_currency: row.payoutCurrency,
  vat_id: row.vatId,
  vat_checked_at: row.vatCheckedAt,
  tax_ids: row.taxIds.map(({ country, vatId, scheme, checkedAt }) => ({
    country,
    vat_id: vatId,
    scheme,
    checked_at: checkedAt,
  })),
  verification: row.verification,
  verification_reasons: row.verificationReasons,
  address: row.address,
  payout_calendar: row.payoutCalendar,
  status: row.status,
  livemode,
  created_at: row.createdAt,
})

/** `key` only in the answer that makes it. */
export const apiKeyView = (row: ApiKeyRow, key: string | null = null): ApiKey => ({
  id: row.id,
  account: row.accountId,
  name: row.name,
  key,
  last_four: row.lastFour,
  scopes: scopes.filter((scope) => row.scopes.includes(scope)),
  api_version: row.apiVersion,
  livemode: row.livemode,
  expires_at: row.expiresAt,
  revoked_at: row.revokedAt,
  created_at: row.createdAt,
})

import type { AccessDenialRow } from '../../queries/operations/access-denials.ts'
import type { AccessDenial } from '@chargelane/openapi'

export const accessDenialView = (row: AccessDenialRow): AccessDenial => ({
  id: row.id,
  account: row.accountId,
  api_key: row.keyId,
  operation: row.operation,
  subject: row.subject,
  owner: row.ownerId,
  code: row.code,
  count: row.count,
  first_at: row.firstAt,
  last_at: row.lastAt,
  request_id: row.requestId,
})

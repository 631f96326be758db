import type { Approval } from '@chargelane/openapi'
import type { Approval as StoredApproval } from '../../queries/operations/approvals.ts'

export const approvalView = (row: StoredApproval): Approval => ({
  action: row.action,
  reason: row.reason,
  proposed_by: row.proposedBy,
  proposed_at: row.proposedAt,
  approved_by: row.approvedBy,
  approved_at: row.approvedAt,
})

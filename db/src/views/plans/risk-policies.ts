import type { RiskPolicy as Row } from '../../queries/payments/risk-policies.ts'
import type { RiskPolicy } from '@chargelane/openapi'

export const riskPolicyView = (row: Row): RiskPolicy => ({
  id: row.id,
  account: row.accountId,
  payment_source: row.paymentSourceId,
  name: row.name,
  insured: row.insured,
  updated_at: row.updatedAt,
})

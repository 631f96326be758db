import type { Approval, Debt } from '@chargelane/openapi'
import type { Debt as StoredDebt } from '../../queries/payments/debts.ts'

export const debtView = (row: StoredDebt, proposal: Approval | null = null): Debt => ({
  id: row.id,
  session: row.sessionId,
  account: row.accountId,
  payment_source: row.paymentSourceId,
  amount: row.amount,
  paid: { ...row.paid, amount: row.paid.amount + row.credited.amount },
  outstanding: {
    ...row.amount,
    amount: row.status === 'open' ? row.amount.amount - row.paid.amount - row.credited.amount : 0,
  },
  guaranteed: row.guaranteed,
  liable: row.liable,
  reason: row.reason,
  status: row.status,
  proposal,
  created_at: row.createdAt,
  closed_at: row.closedAt,
})

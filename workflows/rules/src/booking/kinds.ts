/** What a kind of payment is to the books and on the invoice; how its money moves is the corridor's. */
import type { Currency } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { accounts } from '../ledger/ledger.ts'

export type KindFacts = {
  /** The debtor of what was captured: the provider pays it out, the partner is billed, or it is ours already. */
  owedBy: 'provider' | 'partner' | 'nobody'
  /** The ledger account a capture debits. */
  ledgerAccount: (partnerId: string, currency: Currency) => string
  /** The sentence of the receipt that says who pays, when the receipt's total does not. */
  receiptNote: (partner: string) => string | undefined
}

export const kindFacts: Record<PaymentKind, KindFacts> = {
  card: {
    owedBy: 'provider',
    ledgerAccount: (_partnerId, currency) => accounts.psp(currency),
    receiptNote: () => undefined,
  },
  account: {
    owedBy: 'partner',
    ledgerAccount: accounts.onAccount,
    receiptNote: (partner) =>
      `Charged to the account of ${partner}; due with its monthly statement.`,
  },
}

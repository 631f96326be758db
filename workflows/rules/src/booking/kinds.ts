/** What a kind of payment is to the books and on the invoice; how its money moves is the corridor's. */
import type { Currency } from '@chargelane/openapi/vocabulary/money'
import { paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
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

/** The partner takes it from its own customer and owes it to us, within its credit line. */
const ofPartner = (receiptNote: KindFacts['receiptNote']): KindFacts => ({
  owedBy: 'partner',
  ledgerAccount: accounts.onAccount,
  receiptNote,
})

export const kindFacts: Record<PaymentKind, KindFacts> = {
  card: {
    owedBy: 'provider',
    ledgerAccount: (_partnerId, currency) => accounts.psp(currency),
    receiptNote: () => undefined,
  },
  account: ofPartner(
    (partner) => `Charged to the account of ${partner}; due with its monthly statement.`,
  ),
  wallet: ofPartner((partner) => `Paid from the wallet of ${partner}.`),
  bnpl: ofPartner((partner) => `Paid in instalments through ${partner}.`),
  fuel_card: ofPartner((partner) => `Paid with a fuel card through ${partner}.`),
  partner_psp: ofPartner((partner) => `Paid by card to ${partner}.`),
  prepaid: {
    owedBy: 'nobody',
    ledgerAccount: accounts.prepaid,
    receiptNote: (partner) => `Paid from the prepaid balance of ${partner}.`,
  },
}

/** Kinds whose holds and captures count against the partner's credit line. */
export const kindsOwedByPartner: readonly PaymentKind[] = paymentKindNames.filter(
  (kind) => kindFacts[kind].owedBy === 'partner',
)

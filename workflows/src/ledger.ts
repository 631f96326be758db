import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { Conversion } from './fx/rules.ts'
import type { Split } from './split/rules.ts'

/** A debit is positive, a credit negative; the legs of an entry sum to zero in every currency. */
export type Posting = { account: string; currency: Currency; amountMinor: number }

export type EntryKind =
  | 'sale'
  | 'provisional_sale'
  | 'debt'
  | 'debt_paid'
  | 'adjustment'
  | 'refund'
  | 'psp_fee'
  | 'psp_payout'
  | 'fx'
  | 'payout'
  | 'payout_paid'
  | 'payout_failed'
  | 'suspense_release'
  | 'reversal'

export type Entry = { key: string; kind: EntryKind; sessionId?: string; postings: Posting[] }

type SaleInput = {
  key: string
  sessionId: string
  split: Split
  /** Claim minus payable, as the public-price room decided it; it never moves the driver's money. */
  platformJurisdiction: string
}

export declare function assertBalanced(entry: Entry): Entry
/** The driver's money has been captured: everyone's share is booked at once. */
export declare function saleEntry(input: SaleInput): Entry
/** As a sale, on our own record before the CPO's came. */
export declare function provisionalSaleEntry(input: SaleInput): Entry
/** Capture failed after energy flowed: the CPO is still owed, the partner owes us. */
export declare function debtEntry(input: SaleInput & { partnerId: string }): Entry
export declare function debtPaidEntry(input: {
  key: string
  sessionId: string
  partnerId: string
  amount: Money
}): Entry
/** The difference between two splits of one session, booked as one entry; undefined when nothing changed. */
export declare function trueUpEntry(input: {
  key: string
  sessionId: string
  before: Split
  after: Split
  platformJurisdiction: string
}): Entry | undefined
export declare function refundEntry(input: SaleInput & { original: Entry }): Entry
export declare function pspFeeEntry(input: { key: string; sessionId?: string; fee: Money }): Entry
export declare function fxEntry(input: {
  key: string
  sessionId?: string
  account: (currency: Currency) => string
  conversion: Conversion
}): Entry
export declare function pspPayoutEntry(input: {
  key: string
  amount: Money
  bankAccount: string
}): Entry
export declare function payoutEntry(input: {
  key: string
  payee: { role: 'cpo' | 'partner'; id: string }
  payoutId: string
  amount: Money
}): Entry
export declare function payoutPaidEntry(input: {
  key: string
  payoutId: string
  amount: Money
  bankAccount: string
}): Entry
export declare function payoutFailedEntry(input: {
  key: string
  payee: { role: 'cpo' | 'partner'; id: string }
  payoutId: string
  amount: Money
}): Entry
export declare function reversalOf(entry: Entry, key: string): Entry

/** One sale as the books see it: the state it is in, and what stays the same for its whole life. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { FxRate } from '../fx/fx.ts'
import type { Split } from '../split/split.ts'
import type { GivenBack } from './given-back.ts'

/** Where the driver's part of the price is; `captured` and `owed` together are what the driver has to pay. */
export type Collected = {
  /** Taken, less what was given back. */
  captured: Money
  /** Delivered and not captured (failures F47). */
  owed: Money
  /** What became of the part that is owed; absent where nothing has yet. */
  rest?: Rest
  /** What the provider kept of it, in its own currency. */
  fee: Money | null
  /** The ledger account of what was captured: the provider's, or that of a partner's own account. */
  source: string
}

/** What became of a debt. All but `guaranteed` and `returned` is settled of `owed` for good. */
export type Rest = {
  /** Came in at the bank. */
  paid: Money
  /** Taken from what the partner had to its credit. */
  credited: Money
  /** Given up by the platform, which bears it: the payees are paid all the same. */
  waived: Money
  /** Nobody will pay it, and nobody is paid it: everybody bears the part that was waiting for it. */
  lost: Money
  /** Paid and no longer owed, because the price fell: to the partner's credit. */
  returned: Money
  /** Of what is still open, what the partner stands for within its limit: the payees are paid, the debt stays. */
  guaranteed: Money
}

/**
 * What the seller's record asks above the price: granted out of the rounding account, held until it is decided, or paid
 * by the platform after it was; absent where nothing was.
 */
export type Claim = { granted: Money; held: Money; conceded?: Money }

/** What the provider took back from us: while it decides, or for good where the platform bears it (failures F51). */
export type Chargeback = {
  amount: Money
  state: 'open' | 'lost'
  /** Kept back from whoever may have to bear it while it is open, and borne by them once it is lost. */
  reserved?: readonly Reserved[]
}

export type Reserved = { party: PartyRef; amount: Money }

export type SaleState = {
  split: Split
  collected: Collected
  claim: Claim
  chargeback?: Chargeback
  /** What the provider took of us for disputes, won or lost, in its own currency. */
  disputeFee?: Money
  /** Of what was captured, what the payer's bank took back for good with the price; absent where nothing was. */
  takenBack?: Money
  /** Of the price, on request: a refund or a dispute decided it. Absent where nothing was. */
  givenBack?: GivenBack
  /**
   * Of what a plan's owner owes beyond its share: what is paid, or within what it may come to owe. Absent where all is.
   */
  plan?: { funded: Money }
}

/** Fixed for the life of a sale, so that what is taken back is worth what was given. */
export type BookTerms = {
  /** Owes what its driver did not pay. */
  debtor: PartyRef
  /** Everybody who is paid, each in its own currency. */
  payouts: readonly { payee: PartyRef; currency: Currency }[]
  /** Published rates of one day that lead to those currencies; empty where all are the sale's own. */
  rates: readonly FxRate[]
}

/** Pure makers of balanced ledger entries. A hold moves no money and is not in the books. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'

/** One account's side of an entry: a debit is positive, a credit negative. */
export type Posting = { account: string; amount: Money }

export type EntryKind =
  | 'sale'
  | 'provisional_sale'
  | 'debt'
  | 'debt_paid'
  | 'debt_waived'
  | 'debt_written_off'
  | 'true_up'
  | 'credit'
  | 'refund'
  | 'refund_by_bank'
  | 'refund_failed'
  | 'refund_repeated'
  | 'dispute'
  | 'partner_discount'
  | 'plan_contribution'
  | 'shortfall'
  | 'difference'
  | 'suspense_release'
  | 'claim_granted'
  | 'chargeback'
  | 'psp_fee'
  | 'sweep'
  | 'psp_payout'
  | 'provider_movement'
  | 'fx'
  | 'exchange'
  | 'fx_result'
  | 'netting'
  | 'period_share'
  | 'account_paid'
  | 'prepaid_paid_in'
  | 'plan_funded'
  | 'unmatched_money'
  | 'money_matched'
  | 'money_unclaimed'
  | 'payout'
  | 'payout_paid'
  | 'payout_failed'
  | 'payout_returned'
  | 'reversal'

export type Entry = { key: string; kind: EntryKind; sessionId?: string; postings: Posting[] }

/** Codes of accounts; `chart.ts` says what each means. Every account holds one currency, which its code names. */
export const accounts = {
  /** Captured money at the payment provider. */
  psp: (currency: Currency) => `asset:psp:${currency}`,
  bank: (currency: Currency) => `asset:bank:${currency}`,
  /** What a partner's driver owes for energy that could not be captured. */
  receivable: (partnerId: string, currency: Currency) =>
    `asset:receivable:${partnerId}:${currency}`,
  /** What a partner's own account was charged and has not paid: its credit line is measured by it. */
  onAccount: (partnerId: string, currency: Currency) => `asset:on_account:${partnerId}:${currency}`,
  /** What a partner has paid in and not used: its prepaid sessions are paid from it. */
  prepaid: (partnerId: string, currency: Currency) => `liability:prepaid:${partnerId}:${currency}`,
  /** What a plan's owner owes for what its subscribers did not pay; netted against what it is paid at settlement. */
  sponsored: (payeeId: string, currency: Currency) => `asset:sponsored:${payeeId}:${currency}`,
  /** What the provider took back from us and has not decided on. */
  chargeback: (currency: Currency) => `asset:chargeback:${currency}`,
  /** Reclaimable VAT on services that others render to the platform. */
  inputVat: (country: string, currency: Currency) => `asset:input_vat:${country}:${currency}`,
  /** What drivers are to be given back, and their provider did not give. */
  refundsDue: (currency: Currency) => `liability:refunds_due:${currency}`,
  /** What a party of sales is owed. */
  pending: ({ role, id }: PartyRef, currency: Currency) =>
    `liability:${role}:${id}:${currency}:pending`,
  /** What a CPO claims above the public price, until the claim is withdrawn or granted. */
  disputed: (cpoId: string, currency: Currency) => `liability:cpo:${cpoId}:${currency}:disputed`,
  vat: (country: string, currency: Currency) => `liability:vat:${country}:${currency}`,
  /** By the leg that earns it, e.g. `commission`. */
  revenue: (leg: string, currency: Currency) => `revenue:${leg}:${currency}`,
  expense: (leg: string, currency: Currency) => `expense:${leg}:${currency}`,
  rounding: (currency: Currency) => `rounding:${currency}`,
  /** Claims of a CPO's records above the price of the quote, one account for each CPO. */
  suspense: (cpoId: string, currency: Currency) => `suspense:cdr:${cpoId}:${currency}`,
  /** Money at the bank that belongs to nothing we know, until its owner is found. */
  unmatched: (currency: Currency) => `suspense:bank:${currency}`,
  /** What the payment provider moved and we know no reason for, until it is found. */
  unexplained: (currency: Currency) => `suspense:psp:${currency}`,
  /** Kept back from a payee against refunds and chargebacks to come. */
  reserve: ({ role, id }: PartyRef, currency: Currency) =>
    `liability:${role}:${id}:${currency}:reserve`,
  /** What a partner left with us as security for its credit line. */
  guarantee: (partnerId: string, currency: Currency) =>
    `liability:guarantee:${partnerId}:${currency}`,
  fx: (currency: Currency) => `clearing:fx:${currency}`,
  payoutInTransit: (payoutId: string, currency: Currency) =>
    `clearing:payout:${payoutId}:${currency}`,
  /** Left the provider and has not come in at the bank. */
  sweepInTransit: (sweepId: string, currency: Currency) => `clearing:sweep:${sweepId}:${currency}`,
} as const

// ── One composition point ───────────────────────────────────────────────────────────────────────────────────────

/** Money from the credit of one account to the debit of another. Entries are made of these, so none is out of balance. */
export type Movement = { debit: string; credit: string; amount: Money }

/** The same the other way round. */
export const mirrored = (movements: readonly Movement[]): Movement[] =>
  movements.map(({ debit, credit, amount }) => ({ debit: credit, credit: debit, amount }))

type Head = { key: string; sessionId?: string | undefined }

/** One posting per account that changes, in the order of their codes, so that the same entry has one body. */
function postingsOf({ key }: Head, movements: readonly Movement[]): Posting[] {
  const totals = new Map<string, Money>()
  const post = (account: string, { amount, currency }: Money, sign: 1 | -1) => {
    const before = totals.get(account) ?? { amount: 0, currency }
    assert(before.currency === currency, `${key}: ${account} holds one currency`)
    totals.set(account, { amount: before.amount + sign * amount, currency })
  }
  for (const { debit, credit, amount } of movements) {
    assert(Number.isSafeInteger(amount.amount), `${key}: ${amount.amount} is no amount`)
    post(debit, amount, 1)
    post(credit, amount, -1)
  }
  const postings = [...totals]
    .map(([account, amount]) => ({ account, amount }))
    .filter(({ amount }) => amount.amount !== 0)
  assert(
    postings.every(({ amount }) => Number.isSafeInteger(amount.amount)),
    `${key}: an amount leaves the safe integers`,
  )
  return postings.toSorted((a, b) => (a.account < b.account ? -1 : 1))
}

/** Undefined when nothing moves: an entry without postings is not written. */
export function optionalEntry(
  head: Head,
  kind: EntryKind,
  movements: readonly Movement[],
): Entry | undefined {
  const postings = postingsOf(head, movements)
  if (postings.length === 0) return undefined
  const session = head.sessionId === undefined ? {} : { sessionId: head.sessionId }
  return { key: head.key, kind, ...session, postings }
}

function entry(head: Head, kind: EntryKind, ...movements: Movement[]): Entry {
  const made = optionalEntry(head, kind, movements)
  assert(made !== undefined, `${head.key}: an entry must move money`)
  return made
}

// ── Entries that are no part of a sale ──────────────────────────────────────────────────────────────────────────

/** What a payee is paid settles what it owes for its subscribers. */
export function nettingEntry(input: { key: string; payee: PartyRef; amount: Money }): Entry {
  const { key, payee, amount } = input
  const { currency } = amount
  return entry({ key }, 'netting', {
    debit: accounts.pending(payee, currency),
    credit: accounts.sponsored(payee.id, currency),
    amount,
  })
}

/** A partner transferred money for its own account. */
export function accountPaidEntry(input: { key: string; partnerId: string; amount: Money }): Entry {
  const { partnerId, amount } = input
  return entry(input, 'account_paid', {
    debit: accounts.bank(amount.currency),
    credit: accounts.onAccount(partnerId, amount.currency),
    amount,
  })
}

/** A partner paid in ahead of its sessions: at the bank, or with a card at the provider. */
export function paidInEntry(input: {
  key: string
  partnerId: string
  amount: Money
  by: 'bank' | 'card'
}): Entry {
  const { partnerId, amount, by } = input
  const { currency } = amount
  return entry(input, 'prepaid_paid_in', {
    debit: by === 'bank' ? accounts.bank(currency) : accounts.psp(currency),
    credit: accounts.prepaid(partnerId, currency),
    amount,
  })
}

/** The owner of a plan transferred what its plan pays of its subscribers' prices. */
export function planPaidEntry(input: { key: string; payeeId: string; amount: Money }): Entry {
  const { payeeId, amount } = input
  return entry(input, 'account_paid', {
    debit: accounts.bank(amount.currency),
    credit: accounts.sponsored(payeeId, amount.currency),
    amount,
  })
}

/** Money came in that nothing is owed for. */
export function unmatchedEntry(input: { key: string; amount: Money }): Entry {
  const { amount } = input
  return entry(input, 'unmatched_money', {
    debit: accounts.bank(amount.currency),
    credit: accounts.unmatched(amount.currency),
    amount,
  })
}

/** It was the partner's: it is to the credit of the partner's account. */
export function matchedEntry(input: { key: string; partnerId: string; amount: Money }): Entry {
  const { partnerId, amount } = input
  return entry(input, 'money_matched', {
    debit: accounts.unmatched(amount.currency),
    credit: accounts.onAccount(partnerId, amount.currency),
    amount,
  })
}

/** Nobody claims it: the platform keeps it. */
export function unclaimedEntry(input: { key: string; amount: Money }): Entry {
  const { amount } = input
  return entry(input, 'money_unclaimed', {
    debit: accounts.unmatched(amount.currency),
    credit: accounts.revenue('unclaimed', amount.currency),
    amount,
  })
}

type ClaimInput = { key: string; sessionId: string; cpoId: string; amount: Money }

/** A claim of the CPO above what the driver pays waits until it is decided and moves no one's money. */
export function claimEntry({ key, sessionId, cpoId, amount }: ClaimInput): Entry {
  return entry({ key, sessionId }, 'difference', heldClaim(cpoId, amount))
}

/** The CPO withdrew its claim, or it was decided against it. */
export function suspenseReleaseEntry({ key, sessionId, cpoId, amount }: ClaimInput): Entry {
  return entry({ key, sessionId }, 'suspense_release', ...mirrored([heldClaim(cpoId, amount)]))
}

/** The platform pays a payee for what no sale pays. */
export function grantedEntry(input: {
  key: string
  sessionId: string
  payee: PartyRef
  amount: Money
}): Entry {
  const { key, sessionId, payee, amount } = input
  return entry({ key, sessionId }, 'claim_granted', {
    debit: accounts.expense('claims', amount.currency),
    credit: accounts.pending(payee, amount.currency),
    amount,
  })
}

export const heldClaim = (cpoId: string, amount: Money): Movement => ({
  debit: accounts.suspense(cpoId, amount.currency),
  credit: accounts.disputed(cpoId, amount.currency),
  amount,
})

/** The provider paid a part of its balance out: it is on its way to our bank. */
export function sweepEntry({ sweepId, amount }: { sweepId: string; amount: Money }): Entry {
  return entry({ key: `sweep:${sweepId}` }, 'sweep', {
    debit: accounts.sweepInTransit(sweepId, amount.currency),
    credit: accounts.psp(amount.currency),
    amount,
  })
}

/** It came in at our bank. */
export function sweepBookedEntry({ sweepId, amount }: { sweepId: string; amount: Money }): Entry {
  return entry({ key: `sweep_booked:${sweepId}` }, 'psp_payout', {
    debit: accounts.bank(amount.currency),
    credit: accounts.sweepInTransit(sweepId, amount.currency),
    amount,
  })
}

/** A movement of the provider that is no sale's: its own fees are ours to bear, and the rest waits for its reason. */
export function movementEntry(of: { id: string; type: string; net: Money }): Entry {
  const { id, type, net } = of
  const isFee = type === 'stripe_fee' || type === 'application_fee'
  const { currency } = net
  return entry({ key: `movement:${id}` }, isFee ? 'psp_fee' : 'provider_movement', {
    debit: accounts.psp(currency),
    credit: isFee ? accounts.expense('psp_fee', currency) : accounts.unexplained(currency),
    amount: net,
  })
}

/** A refund that was booked with the change of its sale; `source` is where the captured money is. */
export type RefundInput = { key: string; sessionId: string; source: string; amount: Money }

const refundDue = ({ source, amount }: Pick<RefundInput, 'source' | 'amount'>): Movement => ({
  debit: source,
  credit: accounts.refundsDue(amount.currency),
  amount,
})

/** The provider did not give it back, or took it back later: the money is with it, and the driver is owed it. */
export const refundFailedEntry = ({ key, sessionId, ...refund }: RefundInput): Entry =>
  entry({ key, sessionId }, 'refund_failed', refundDue(refund))

/** It was asked for again and given back after all. */
export const refundRepeatedEntry = ({ key, sessionId, ...refund }: RefundInput): Entry =>
  entry({ key, sessionId }, 'refund_repeated', ...mirrored([refundDue(refund)]))

/** The driver had it from our bank instead. */
export const refundByBankEntry = ({ key, sessionId, amount }: Omit<RefundInput, 'source'>): Entry =>
  entry({ key, sessionId }, 'refund_by_bank', refundByBank(amount))

const refundByBank = (amount: Money): Movement => ({
  debit: accounts.refundsDue(amount.currency),
  credit: accounts.bank(amount.currency),
  amount,
})

/** What entries about a refund move, by their kind: whoever reads the books makes the same. */
export const refundMovements = {
  refund_failed: (refund: Pick<RefundInput, 'source' | 'amount'>) => [refundDue(refund)],
  refund_repeated: (refund: Pick<RefundInput, 'source' | 'amount'>) =>
    mirrored([refundDue(refund)]),
  refund_by_bank: ({ amount }: Pick<RefundInput, 'amount'>) => [refundByBank(amount)],
} as const

export type PayoutInput = {
  key: string
  payee: PartyRef
  payoutId: string
  amount: Money
  /** Where the money stands until it leaves: at our bank, or at the card provider. */
  from?: 'bank' | 'psp'
}

const sentPayout = ({ payee, payoutId, amount }: PayoutInput): Movement => ({
  debit: accounts.pending(payee, amount.currency),
  credit: accounts.payoutInTransit(payoutId, amount.currency),
  amount,
})

/** A payout left for the bank; what is owed is now on its way. */
export function payoutEntry(input: PayoutInput): Entry {
  return entry({ key: input.key }, 'payout', sentPayout(input))
}

/** The bank confirmed it. */
export function payoutPaidEntry({
  key,
  payoutId,
  amount,
  from = 'bank',
}: Omit<PayoutInput, 'payee'>): Entry {
  return entry({ key }, 'payout_paid', {
    debit: accounts.payoutInTransit(payoutId, amount.currency),
    credit: accounts[from](amount.currency),
    amount,
  })
}

/** The bank refused or returned it; it is owed again. */
export function payoutFailedEntry(input: PayoutInput): Entry {
  return entry({ key: input.key }, 'payout_failed', ...mirrored([sentPayout(input)]))
}

/** It was booked at the bank and came back: it is owed again. */
export function payoutReturnedEntry({
  key,
  payee,
  amount,
  from = 'bank',
}: Omit<PayoutInput, 'payoutId'>): Entry {
  return entry({ key }, 'payout_returned', {
    debit: accounts[from](amount.currency),
    credit: accounts.pending(payee, amount.currency),
    amount,
  })
}

/** An entry as it is in the books. */
type Booked = { kind: string; sessionId: string | null; postings: readonly Posting[] }

/**
 * Why an entry may not be taken back by itself; undefined where it may. What a payee is owed has rows beside the books,
 * which change with them: by a revision of the sale, or by the payout's own verbs.
 */
export function whyNotReversible({ kind, sessionId, postings }: Booked): string | undefined {
  if (kind === 'reversal') return 'a reversal is not reversed: book the movement again'
  if (sessionId !== null) return `it belongs to ${sessionId}, whose sale is corrected instead`
  const payee = postings.find(
    ({ account }) => account.endsWith(':pending') || account.startsWith('clearing:payout:'),
  )
  return payee && `it moves ${payee.account}, which is corrected by its settlement`
}

/** The exact opposite of an entry: the only way to take one back. */
export function reversalOf({ postings, sessionId }: Omit<Booked, 'kind'>, key: string): Entry {
  return {
    key,
    kind: 'reversal',
    ...(sessionId === null ? {} : { sessionId }),
    postings: postings.map(({ account, amount: { amount, currency } }) => ({
      account,
      amount: { amount: -amount, currency },
    })),
  }
}

/** Pure makers of balanced ledger entries. A hold moves no money and is not in the books. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { Conversion } from '../fx/fx.ts'
import { assert } from '../assert.ts'
import type { Leg, Split } from '../split/split.ts'

/** A debit is positive, a credit negative. */
export type Posting = { account: string; currency: Currency; amountMinor: number }

export type EntryKind =
  | 'sale'
  | 'provisional_sale'
  | 'partner_discount'
  | 'plan_contribution'
  | 'netting'
  | 'account_paid'
  | 'debt'
  | 'debt_paid'
  | 'true_up'
  | 'difference'
  | 'suspense_release'
  | 'refund'
  | 'psp_fee'
  | 'psp_payout'
  | 'fx'
  | 'payout'
  | 'payout_paid'
  | 'payout_failed'
  | 'reversal'

export type Entry = { key: string; kind: EntryKind; sessionId?: string; postings: Posting[] }

export type Payee = { role: 'cpo' | 'partner'; id: string }

/** Chart of accounts; every account holds one currency, so its code ends in it or in a state of it. */
export const accounts = {
  /** Captured money at the payment provider. */
  psp: (currency: Currency) => `asset:psp:${currency}`,
  bank: (currency: Currency) => `asset:bank:${currency}`,
  /** What a partner's driver owes for energy that could not be captured. */
  receivable: (partnerId: string, currency: Currency) =>
    `asset:receivable:${partnerId}:${currency}`,
  /** What a partner's own account was charged and has not paid: its credit line is measured by it. */
  onAccount: (partnerId: string, currency: Currency) => `asset:on_account:${partnerId}:${currency}`,
  /** What a plan's owner owes for what its subscribers did not pay; netted against what it is paid at settlement. */
  sponsored: (payeeId: string, currency: Currency) => `asset:sponsored:${payeeId}:${currency}`,
  /** Reclaimable VAT on the partners' services. */
  inputVat: (country: string, currency: Currency) => `asset:input_vat:${country}:${currency}`,
  pending: (payee: Payee, currency: Currency) =>
    `liability:${payee.role}:${payee.id}:${currency}:pending`,
  /** What a CPO claims above the public price, until the claim is withdrawn or granted. */
  disputed: (cpoId: string, currency: Currency) => `liability:cpo:${cpoId}:${currency}:disputed`,
  vat: (country: string, currency: Currency) => `liability:vat:${country}:${currency}`,
  commission: (currency: Currency) => `revenue:commission:${currency}`,
  partnerShare: (currency: Currency) => `expense:partner_share:${currency}`,
  pspFee: (currency: Currency) => `expense:psp_fee:${currency}`,
  rounding: (currency: Currency) => `rounding:${currency}`,
  /** Claims of a CPO's records above the price of the quote, one account for each CPO. */
  suspense: (cpoId: string, currency: Currency) => `suspense:cdr:${cpoId}:${currency}`,
  fx: (currency: Currency) => `clearing:fx:${currency}`,
  payoutInTransit: (payoutId: string, currency: Currency) =>
    `clearing:payout:${payoutId}:${currency}`,
} as const

/** Refuses an entry that does not sum to zero in every currency, or that has fewer than two legs. */
export function assertBalanced(candidate: Entry): Entry {
  const sums = new Map<Currency, number>()
  for (const { account, currency, amountMinor } of candidate.postings) {
    assert(
      Number.isSafeInteger(amountMinor) && amountMinor !== 0,
      `${candidate.key}: ${amountMinor} on ${account} is no amount`,
    )
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor)
  }
  for (const [currency, total] of sums)
    assert(total === 0, `${candidate.key}: ${currency} sums to ${total}, not to zero`)
  assert(candidate.postings.length >= 2, `${candidate.key}: an entry needs at least two legs`)
  return candidate
}

/** One leg per account, nothing on accounts that do not change, in a stable order so that the body hash is stable. */
function merge(postings: readonly Posting[]): Posting[] {
  const merged = new Map<string, Posting>()
  for (const posting of postings) {
    const id = `${posting.account}|${posting.currency}`
    const earlier = merged.get(id)
    merged.set(id, {
      ...posting,
      amountMinor: (earlier?.amountMinor ?? 0) + posting.amountMinor,
    })
  }
  return [...merged.values()].filter((posting) => posting.amountMinor !== 0)
}

type Head = { key: string; sessionId?: string | undefined }

/** Undefined when nothing moves: an entry without legs is not written. */
function optionalEntry(
  head: Head,
  kind: EntryKind,
  postings: readonly Posting[],
): Entry | undefined {
  const merged = merge(postings)
  if (merged.length === 0) return undefined
  const session = head.sessionId === undefined ? {} : { sessionId: head.sessionId }
  return assertBalanced({ key: head.key, kind, ...session, postings: merged })
}

function entry(head: Head, kind: EntryKind, postings: readonly Posting[]): Entry {
  const made = optionalEntry(head, kind, postings)
  assert(made !== undefined, `${head.key}: an entry must move money`)
  return made
}

const debit = (account: string, amount: Money): Posting => ({
  account,
  currency: amount.currency,
  amountMinor: amount.amount,
})
const credit = (account: string, amount: Money): Posting => ({
  account,
  currency: amount.currency,
  amountMinor: amount.amount === 0 ? 0 : -amount.amount,
})

function legOf(split: Split, id: Leg['id']): Leg {
  const leg = split.legs.find((candidate) => candidate.id === id)
  assert(leg !== undefined, `a split must hold its ${id} leg`)
  return leg
}

/** Everyone's share of a sale against one account that brought, or owes, the driver's gross. */
function salePostings(split: Split, source: string): Posting[] {
  const sale = legOf(split, 'sale')
  const commission = legOf(split, 'commission')
  const partner = legOf(split, 'partner_share')
  const { currency } = sale.gross
  const vat = (leg: Leg, account: (country: string, currency: Currency) => string) =>
    account(leg.treatment?.jurisdiction ?? '', currency)
  const postings = [
    debit(source, sale.gross),
    credit(accounts.pending({ role: 'cpo', id: sale.supplierId }, currency), split.shares.cpo),
    credit(accounts.commission(currency), commission.net),
    debit(accounts.partnerShare(currency), partner.net),
    credit(accounts.pending({ role: 'partner', id: partner.supplierId }, currency), partner.gross),
  ]
  if (commission.vat.amount !== 0)
    postings.push(credit(vat(commission, accounts.vat), commission.vat))
  if (partner.vat.amount !== 0) postings.push(debit(vat(partner, accounts.inputVat), partner.vat))
  return postings
}

function currencyOf(split: Split): Currency {
  return legOf(split, 'sale').gross.currency
}

export type SaleInput = { key: string; sessionId: string; split: Split }

/**
 * The driver's money is captured: every share is booked at once. The provider's fee is its own entry. A partner's own
 * account brings no money but owes it (`source`).
 */
export function saleEntry(input: SaleInput & { source?: string }): Entry {
  const source = input.source ?? accounts.psp(currencyOf(input.split))
  return entry(input, 'sale', salePostings(input.split, source))
}

/** As a sale, on our own record because the CPO's did not come in time (failures F34). */
export function provisionalSaleEntry(input: SaleInput & { source?: string }): Entry {
  const source = input.source ?? accounts.psp(currencyOf(input.split))
  return entry(input, 'provisional_sale', salePostings(input.split, source))
}

/** Capture failed after energy flowed (failures F47): the CPO is owed all the same, the partner's driver owes us. */
export function debtEntry(input: SaleInput): Entry {
  const partner = legOf(input.split, 'partner_share').supplierId
  const source = accounts.receivable(partner, currencyOf(input.split))
  return entry(input, 'debt', salePostings(input.split, source))
}

/**
 * The partner's share pays a part of the driver's price: what is owed to the partner falls by what the driver, or the
 * driver's debt, does not bring. Negative when a true-up gives some of it back. Undefined when there is none.
 */
export function discountEntry(input: {
  key: string
  sessionId: string
  partnerId: string
  discount: Money
  /** What brought the sale's money, or owes it. */
  source: string
}): Entry | undefined {
  const { discount, partnerId, source } = input
  const { currency } = discount
  return optionalEntry(input, 'partner_discount', [
    debit(accounts.pending({ role: 'partner', id: partnerId }, currency), discount),
    credit(source, discount),
  ])
}

/**
 * A plan's owner pays what its subscriber does not: from what it would be paid of this very sale, and beyond that as a
 * debt of its own. Negative amounts give some of it back. Undefined when there is nothing to book.
 */
export function contributionEntry(input: {
  key: string
  sessionId: string
  payee: Payee
  fromShare: Money
  owed: Money
  /** What brought the sale's money, or owes it. */
  source: string
}): Entry | undefined {
  const { payee, fromShare, owed, source } = input
  const { currency } = owed
  return optionalEntry(input, 'plan_contribution', [
    debit(accounts.pending(payee, currency), fromShare),
    debit(accounts.sponsored(payee.id, currency), owed),
    credit(source, { amount: fromShare.amount + owed.amount, currency }),
  ])
}

/** What a payee is paid settles what it owes for its subscribers. */
export function nettingEntry(input: { key: string; payee: Payee; amount: Money }): Entry {
  const { key, payee, amount } = input
  return entry({ key }, 'netting', [
    debit(accounts.pending(payee, amount.currency), amount),
    credit(accounts.sponsored(payee.id, amount.currency), amount),
  ])
}

/** A partner transferred money for its own account. */
export function accountPaidEntry(input: { key: string; partnerId: string; amount: Money }): Entry {
  const { amount } = input
  return entry(input, 'account_paid', [
    debit(accounts.bank(amount.currency), amount),
    credit(accounts.onAccount(input.partnerId, amount.currency), amount),
  ])
}

/** A debt was captured later, by a card or on the partner's own account (`source`). */
export function debtPaidEntry(input: {
  key: string
  sessionId: string
  partnerId: string
  amount: Money
  source: string
}): Entry {
  const { amount, source } = input
  return entry(input, 'debt_paid', [
    debit(source, amount),
    credit(accounts.receivable(input.partnerId, amount.currency), amount),
  ])
}

const mirrored = (postings: readonly Posting[]): Posting[] =>
  postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor }))

/**
 * What turns the booking of one split into that of another, as one new entry; undefined when nothing changed. The
 * driver's side of it is money still to collect or to refund, so it meets the provider's account like a capture.
 */
export function trueUpEntry(input: {
  key: string
  sessionId: string
  before: Split
  after: Split
  /** What brought the sale's money, or owes it; the provider's account by default. */
  source?: string
}): Entry | undefined {
  const source = input.source ?? accounts.psp(currencyOf(input.after))
  assert(
    currencyOf(input.before) === currencyOf(input.after),
    'a true-up stays in the currency of its sale',
  )
  return optionalEntry(input, 'true_up', [
    ...salePostings(input.after, source),
    ...mirrored(salePostings(input.before, source)),
  ])
}

/** A full refund mirrors its sale, leg by leg. */
export function refundEntry(input: SaleInput): Entry {
  const source = accounts.psp(currencyOf(input.split))
  return entry(input, 'refund', mirrored(salePostings(input.split, source)))
}

/**
 * What the CPO claims above what the driver pays. One minor unit of rounding is granted at once; more is held in
 * suspense against a disputed liability and moves no one's money until it is decided.
 */
export function differenceEntry(input: {
  key: string
  sessionId: string
  cpoId: string
  amount: Money
  destination: 'rounding' | 'suspense'
}): Entry {
  const { amount, cpoId } = input
  const { currency } = amount
  return input.destination === 'rounding'
    ? entry(input, 'difference', [
        debit(accounts.rounding(currency), amount),
        credit(accounts.pending({ role: 'cpo', id: cpoId }, currency), amount),
      ])
    : entry(input, 'difference', [
        debit(accounts.suspense(cpoId, currency), amount),
        credit(accounts.disputed(cpoId, currency), amount),
      ])
}

/** The CPO withdrew its claim, or it was decided against it. */
export function suspenseReleaseEntry(input: {
  key: string
  sessionId: string
  cpoId: string
  amount: Money
}): Entry {
  const { amount } = input
  return entry(input, 'suspense_release', [
    debit(accounts.disputed(input.cpoId, amount.currency), amount),
    credit(accounts.suspense(input.cpoId, amount.currency), amount),
  ])
}

/** The provider's fee, borne by the platform; undefined when it was free. */
export function pspFeeEntry(input: {
  key: string
  sessionId?: string
  fee: Money
}): Entry | undefined {
  const { fee } = input
  return optionalEntry(input, 'psp_fee', [
    debit(accounts.pspFee(fee.currency), fee),
    credit(accounts.psp(fee.currency), fee),
  ])
}

/** The provider paid its balance out to our bank. */
export function pspPayoutEntry(input: { key: string; amount: Money }): Entry {
  const { amount } = input
  return entry(input, 'psp_payout', [
    debit(accounts.bank(amount.currency), amount),
    credit(accounts.psp(amount.currency), amount),
  ])
}

/** A liability changes its currency: each side is closed against the clearing account of its own currency. */
export function fxEntry(input: {
  key: string
  sessionId?: string
  payee: Payee
  conversion: Conversion
}): Entry | undefined {
  const { from, to } = input.conversion
  if (from.currency === to.currency) return undefined
  return optionalEntry(input, 'fx', [
    debit(accounts.pending(input.payee, from.currency), from),
    credit(accounts.fx(from.currency), from),
    debit(accounts.fx(to.currency), to),
    credit(accounts.pending(input.payee, to.currency), to),
  ])
}

export type PayoutInput = { key: string; payee: Payee; payoutId: string; amount: Money }

/** A payout left for the bank; what is owed is now on its way. */
export function payoutEntry({ key, payee, payoutId, amount }: PayoutInput): Entry {
  return entry({ key }, 'payout', [
    debit(accounts.pending(payee, amount.currency), amount),
    credit(accounts.payoutInTransit(payoutId, amount.currency), amount),
  ])
}

/** The bank confirmed it. */
export function payoutPaidEntry(input: { key: string; payoutId: string; amount: Money }): Entry {
  const { payoutId, amount } = input
  return entry(input, 'payout_paid', [
    debit(accounts.payoutInTransit(payoutId, amount.currency), amount),
    credit(accounts.bank(amount.currency), amount),
  ])
}

/** The bank refused or returned it; it is owed again. */
export function payoutFailedEntry({ key, payee, payoutId, amount }: PayoutInput): Entry {
  return entry({ key }, 'payout_failed', [
    debit(accounts.payoutInTransit(payoutId, amount.currency), amount),
    credit(accounts.pending(payee, amount.currency), amount),
  ])
}

/** The exact opposite of an entry: the only way to take one back. */
export function reversalOf(original: Entry, key: string): Entry {
  return entry({ key, sessionId: original.sessionId }, 'reversal', mirrored(original.postings))
}

/**
 * The books of one sale. A sale is in a state: how it is split, where the driver's money is, what is claimed on it.
 * Whatever happens to it (true-up, credit, refund, dispute) books the difference between two states and pays the same
 * difference, so a refund mirrors its charge and nothing is owed or paid twice.
 */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { type Entry, type EntryKind, mirrored, optionalEntry } from '../ledger/ledger.ts'
import { add, money, subtract } from '../money.ts'
import { isPlatform, partyKey, sameParty } from '../split/parties.ts'
import { dueOf, saleLegOf } from '../split/split.ts'
import { type Conversion, conversionsOf, type Payable, payablesOf } from './payables.ts'
import { partsOf } from './parts.ts'
import { assertRest, outstandingOf, unfundedOf } from './cover.ts'
import type { BookTerms, Claim, SaleState } from './sale.ts'

export type BookingInput = {
  sessionId: string
  /** Once per sale: `sale`, `true_up`, or the event with its own id (`refund:re_1`). Keys of entries begin with it. */
  name: string
  /** Kind of the entry that moves the shares. */
  kind: EntryKind
  /** Undefined for the sale itself. */
  before?: SaleState
  after: SaleState
  terms: BookTerms
}

export type Booking = {
  /** In the order of their keys. */
  entries: Entry[]
  /**
   * What each payee is owed more, or less, than before, in the order of the payees: what is covered by money, and apart
   * from it what waits for it.
   */
  payables: Payable[]
  /** How the whole of each payee's share converts now. */
  conversions: Conversion[]
}

function assertState({ split, collected, claim, plan }: SaleState, { payouts }: BookTerms): void {
  for (const { party } of split.shares)
    assert(
      isPlatform(party) || payouts.some(({ payee }) => sameParty(payee, party)),
      `${partyKey(party)} has a share and no currency to be paid in`,
    )
  const { captured, owed } = collected
  const due = dueOf(split)
  const conceded = claim.conceded ?? money(0, due.currency)
  for (const { amount } of [captured, owed, claim.granted, claim.held, conceded])
    assert(amount >= 0, 'no part of a sale is negative')
  assert(
    add(captured, owed).amount === due.amount && captured.currency === due.currency,
    `captured ${captured.amount} and owed ${owed.amount} are not the ${due.amount} due`,
  )
  assertRest(collected)
  const unfunded = unfundedOf({ split, ...(plan && { plan }) }).amount
  assert(unfunded >= 0 && (plan?.funded.amount ?? 0) >= 0, 'no more of a plan is funded than owed')
}

/** How the books say what a new sale is: paid, on our own record (failures F34), or not paid at all (failures F47). */
export function kindOfSale({ collected }: SaleState, provisional: boolean): EntryKind {
  if (collected.captured.amount === 0 && outstandingOf(collected).amount > 0) return 'debt'
  return provisional ? 'provisional_sale' : 'sale'
}

/** Entries and payables that lead from one state of a sale to the next. */
export function bookingOf({ sessionId, name, kind, before, after, terms }: BookingInput): Booking {
  for (const state of before === undefined ? [after] : [before, after]) assertState(state, terms)
  const { currency } = saleLegOf(after.split).gross
  assert(
    before === undefined || saleLegOf(before.split).gross.currency === currency,
    'a sale stays in its currency',
  )
  const [was, now] = [before === undefined ? [] : partsOf(before, terms), partsOf(after, terms)]
  const key = `${sessionId}:${name}`
  const entries = [...new Set([...was, ...now].map((part) => part.name))].flatMap((part) => {
    const [gone, come] = [was, now].map((parts) => parts.find((each) => each.name === part))
    const movements = [...(come?.movements ?? []), ...mirrored(gone?.movements ?? [])]
    const head = { key: part === '' ? key : `${key}:${part}`, sessionId }
    const entry = optionalEntry(head, come?.kind ?? gone?.kind ?? kind, movements)
    return entry === undefined ? [] : [entry]
  })
  return {
    entries: entries.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    payables: payablesOf(before, after, terms),
    conversions: conversionsOf(after, terms),
  }
}

/** What was held is decided: the platform pays the seller, or nobody does. */
export const decidedClaim = (claim: Claim, amount: Money, verb: 'grant' | 'release'): Claim => ({
  ...claim,
  held: subtract(claim.held, amount),
  ...(verb === 'grant'
    ? { conceded: add(claim.conceded ?? money(0, amount.currency), amount) }
    : {}),
})

/** The seller is paid a claim that no sale held. */
export const concededClaim = (claim: Claim, amount: Money): Claim => ({
  ...claim,
  conceded: add(claim.conceded ?? money(0, amount.currency), amount),
})

export const noClaim = (currency: Currency): Claim => ({
  granted: money(0, currency),
  held: money(0, currency),
})

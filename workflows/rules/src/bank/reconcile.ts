/** Whether two sides agree, and which named items explain it where they do not. */
import type { OpenItemKind } from '@chargelane/openapi/vocabulary/settlement/open-items'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { inWords, money, negate, subtract } from '../money.ts'

/** One reason why the other side is `amount` more than the books. */
export type Finding = { kind: OpenItemKind; subject: string; amount: Money; cause: string }

export type Comparison = {
  side: 'provider' | 'bank'
  currency: string
  /** What the other side says stands there, and what the books say. */
  theirs: Money
  books: Money
  difference: Money
  /** Of the difference, what is under way and within its time. */
  inTransit: Money
  /** Of the difference, what the open items come to. */
  explained: Money
  /** Nothing, or an item of its own. */
  unexplained: Money
}

export type ReconciliationResult = {
  comparisons: Comparison[]
  /** Between meters, records, sales and papers: what was looked at. */
  sessions: number
  /** By kind. */
  findings: { kind: OpenItemKind; count: number }[]
}

type Sides = {
  side: Comparison['side']
  currency: string
  theirs: number
  books: number
  inTransit: number
}

const sumOf = (findings: readonly Finding[], currency: string) =>
  findings
    .filter(({ amount }) => amount.currency === currency)
    .reduce((sum, { amount }) => sum + amount.amount, 0)

/** The rest that no item explains becomes one, so that nothing is without a name. */
export function compareSides(
  { side, currency, theirs, books, inTransit }: Sides,
  findings: readonly Finding[],
): { comparison: Comparison; rest: Finding | undefined } {
  const explained = sumOf(findings, currency)
  const unexplained = theirs - books - inTransit - explained
  const of = (amount: number) => money(amount, currency)
  return {
    comparison: {
      side,
      currency,
      theirs: of(theirs),
      books: of(books),
      difference: of(theirs - books),
      inTransit: of(inTransit),
      explained: of(explained),
      unexplained: of(unexplained),
    },
    rest:
      unexplained === 0
        ? undefined
        : {
            kind: side === 'bank' ? 'bank_unexplained' : 'provider_unexplained',
            subject: `${side}:${currency}`,
            amount: of(unexplained),
            cause: `The ${side} says ${theirs} ${currency}, the books ${books}; ${unexplained} are without a reason.`,
          },
  }
}

/** Of the provider's account, by a session: what was taken, what was given back of it, and the fees. */
export type AtProvider = { taken: number; returned: number; fee: number }

export type SessionSides = {
  sessionId: string
  currency: string
  books: AtProvider | undefined
  provider: AtProvider | undefined
}

const netOf = ({ taken, returned, fee }: AtProvider): number => taken - returned - fee

function kindOfDifference(
  books: AtProvider | undefined,
  provider: AtProvider | undefined,
): OpenItemKind | undefined {
  if (books === undefined) return provider === undefined ? undefined : 'sale_not_booked'
  if (provider === undefined) return 'provider_movement_missing'
  const isTaken = books.taken === provider.taken
  if (isTaken && provider.returned > books.returned) return 'provider_reversed'
  if (!isTaken || provider.returned !== books.returned) return 'provider_amount'
  return provider.fee === books.fee ? undefined : 'provider_fee'
}

const sideInWords = (side: AtProvider | undefined): string =>
  side === undefined
    ? 'nothing'
    : `${side.taken} less ${side.returned} given back and a fee of ${side.fee}`

const findingOf = (
  { sessionId, currency, books, provider }: SessionSides,
  kind: OpenItemKind,
  subject = sessionId,
): Finding => {
  const [ours, theirs] = [books, provider].map((side) => (side === undefined ? 0 : netOf(side)))
  return {
    kind,
    subject,
    amount: money((theirs ?? 0) - (ours ?? 0), currency),
    cause: `The provider says ${sideInWords(provider)}, the books ${sideInWords(books)} (${currency}, minor units).`,
  }
}

/**
 * How a session stands at the provider and in the books, currency by currency; nothing where both say the same. What the
 * one has in another currency than the other is two items, since each explains a difference of its own.
 */
export function providerFindings(sides: readonly SessionSides[]): Finding[] {
  const bare = sides.filter(({ books, provider }) => (books ?? provider) !== undefined)
  const [ours, theirs] = [
    bare.find(({ provider }) => provider === undefined),
    bare.find(({ books }) => books === undefined),
  ]
  if (ours !== undefined && theirs !== undefined)
    return [
      findingOf(ours, 'provider_currency'),
      findingOf(theirs, 'provider_currency', `${theirs.sessionId}:${theirs.currency}`),
    ]
  return bare.flatMap((each) => {
    const kind = kindOfDifference(each.books, each.provider)
    return kind === undefined ? [] : [findingOf(each, kind)]
  })
}

// ── The bank ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A line of a statement of which nothing in the books is exactly; and a booking at the bank that no line is exactly of. */
export type LooseLine = {
  id: string
  reference: string | null
  amount: Money
  charges: Money | null
}
export type LooseBooking = { key: string; amount: Money }

/** What a line names is of another amount or currency. */
export function namedFindings(line: LooseLine, booking: LooseBooking): Finding[] {
  const { id, amount, charges } = line
  const cause = `Line ${id} (${inWords(amount)}) is of ${booking.key}, which is booked with ${inWords(booking.amount)}.`
  if (amount.currency !== booking.amount.currency)
    return [
      { kind: 'bank_currency', subject: id, amount, cause },
      { kind: 'bank_currency', subject: booking.key, amount: negate(booking.amount), cause },
    ]
  const difference = subtract(amount, booking.amount)
  const isFee = charges !== null && difference.amount === -charges.amount
  return [
    { kind: isFee ? 'bank_fee_netted' : 'bank_amount', subject: id, amount: difference, cause },
  ]
}

/** How many bookings a line without details may be of, and among how many they are looked for. */
const [bundleMost, bundleAmong] = [4, 60]

/**
 * The one set of bookings that a line is the sum of; undefined where none is, or several are, since a guess would hide
 * what is really missing.
 */
export function bundleOf(
  line: LooseLine,
  among: readonly LooseBooking[],
): LooseBooking[] | undefined {
  const fitting = among.filter(
    ({ amount }) =>
      amount.currency === line.amount.currency &&
      Math.sign(amount.amount) === Math.sign(line.amount.amount) &&
      Math.abs(amount.amount) < Math.abs(line.amount.amount),
  )
  if (fitting.length > bundleAmong) return undefined
  const found: LooseBooking[][] = []
  const look = (from: number, left: number, taken: LooseBooking[]): void => {
    if (left === 0 && taken.length > 1) found.push(taken)
    if (found.length > 1 || taken.length === bundleMost || left === 0) return
    for (let at = from; at < fitting.length; at++) {
      const next = fitting[at]
      if (next !== undefined && Math.abs(next.amount.amount) <= Math.abs(left))
        look(at + 1, left - next.amount.amount, [...taken, next])
    }
  }
  look(0, line.amount.amount, [])
  return found.length === 1 ? found[0] : undefined
}

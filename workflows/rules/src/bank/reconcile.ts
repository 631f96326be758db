/** Whether two sides agree, and which named items explain it where they do not. */
import type { OpenItemKind } from '@chargelane/openapi/vocabulary/open-items'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { money } from '../money.ts'

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

/** How a session stands at the provider and in the books; undefined where both say the same. */
export function providerFinding(of: {
  sessionId: string
  currency: string
  /** Of the provider's account: without fees, and the fees. */
  books: { gross: number; fee: number } | undefined
  provider: { gross: number; fee: number } | undefined
}): Finding | undefined {
  const { sessionId: subject, currency, books, provider } = of
  const [ours, theirs] = [books ?? { gross: 0, fee: 0 }, provider ?? { gross: 0, fee: 0 }]
  const difference = theirs.gross - theirs.fee - (ours.gross - ours.fee)
  if (difference === 0 && theirs.fee === ours.fee) return undefined
  const kind =
    books === undefined
      ? 'sale_not_booked'
      : provider === undefined
        ? 'provider_movement_missing'
        : theirs.gross === ours.gross
          ? 'provider_fee'
          : 'provider_amount'
  return {
    kind,
    subject,
    amount: money(difference, currency),
    cause: `The provider says ${theirs.gross} less a fee of ${theirs.fee}, the books ${ours.gross} less ${ours.fee} (${currency}, minor units).`,
  }
}

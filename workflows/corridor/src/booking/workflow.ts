import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { bookingOf, collectedAt, kindOfSale, noClaim } from '@chargelane/rules/booking'
import type { BookTerms, Claim, Collected, SaleState } from '@chargelane/rules/booking/sale'
import { subtract } from '@chargelane/rules/money'
import type { FxRate } from '@chargelane/rules/fx'
import { accounts } from '@chargelane/rules/ledger'
import { dueOf, saleLegOf } from '@chargelane/rules/split'
import type { SplitInput } from '@chargelane/rules/split'
import type { Collection } from '../capture/workflow.ts'
import { clock, instant, millis } from '../life.ts'
import type { Life } from '../life.ts'
import type { Billable } from '../record/rules.ts'
import { money as moneySteps, steps } from '../steps.ts'
import { splitOf } from './prepare.ts'
import type { PreparedSale } from './prepare.ts'
import type { SaleTerms } from './terms.ts'
import { currenciesOf } from './rules.ts'

/** A sale in the books, as whatever is claimed on it later begins from. */
export type BookedSale = {
  revision: number
  splitInput: SplitInput
  state: SaleState
  terms: BookTerms
  /** Who is owed something of it. */
  payees: PartyRef[]
}

/** Today's reference rates, when a payee is paid in another currency than the driver paid in. */
async function ratesFor({ payouts, fresh }: SaleTerms, paidIn: string): Promise<FxRate[]> {
  if (fresh?.day === instant(clock()).slice(0, 10)) return fresh.rates
  const currencies = currenciesOf(paidIn, payouts)
  return currencies.length === 1 ? [] : moneySteps.readRates({ currencies })
}

/** Where the captured money is, by the kind of payment; the account plays no part where nothing was captured. */
function collectedBy({ captured, owed, fee, source }: Collection): Collected {
  return { captured, owed, fee, source: source ?? accounts.psp(captured.currency) }
}

function claimOf({ difference, totals }: Billable): Claim {
  const none = noClaim(totals.gross.currency)
  if (difference === null || difference.destination === 'none') return none
  return difference.destination === 'rounding'
    ? { ...none, granted: difference.amount }
    : { ...none, held: difference.amount }
}

/**
 * split → fx → vat → ledger. Every cent of the driver's gross has one owner, VAT is decided leg by leg, a payee's share
 * is converted at a rate kept with its date, and all of it is booked in one tx under the session's keys.
 */
export async function bookSale(
  life: Life,
  { terms: sale, split, splitInput }: PreparedSale,
  billed: Billable,
  collected: Collection,
  endedAt: string,
): Promise<BookedSale> {
  const { sessionId } = life
  const terms: BookTerms = {
    debtor: sale.debtor,
    payouts: sale.payouts,
    rates: await ratesFor(sale, billed.totals.gross.currency),
  }
  const state = { split, collected: collectedBy(collected), claim: claimOf(billed) }
  const { provisional } = billed
  const kind = kindOfSale(state, provisional)
  const booking = bookingOf({ sessionId, name: 'sale', kind, after: state, terms })
  await steps.postSale({
    sessionId,
    revision: 1,
    basis: provisional ? 'provisional' : 'record',
    cdrId: billed.cdrId,
    splitInput,
    state,
    terms,
    booking,
    slaDeadline: instant(millis(endedAt) + life.deadlines.sla),
  })
  const payees = booking.payables.map(({ payee }) => payee)
  return { revision: 1, splitInput, state, terms, payees }
}

const grossOf = ({ split }: SaleState): Money => saleLegOf(split).gross

/**
 * A late record trues the provisional sale up, at the price of session time. The driver was charged already and is
 * never charged more for it (law L6): a lower record is refunded and taken from the payees, a higher one changes nothing.
 */
export async function trueUp(
  { sessionId, deadlines }: Pick<Life, 'sessionId' | 'deadlines'>,
  { revision, state: before, terms, splitInput: sold }: BookedSale,
  late: Billable,
  endedAt: string,
): Promise<'unchanged' | 'adjusted'> {
  if (late.totals.gross.amount >= grossOf(before).amount) return 'unchanged'
  const { plan: _plan, ...input } = sold
  const { split, splitInput } = splitOf(input, late)
  const after: SaleState = {
    ...before,
    split,
    collected: collectedAt(before.collected, dueOf(split)),
    // What the late record claims above its price is held where it was judged.
    claim: { ...before.claim, granted: claimOf(late).granted },
  }
  const next = revision + 1
  // The first change of a sale, and each one after it under its own name.
  const name = next === 2 ? 'true_up' : `true_up:${next}`
  await steps.postSale({
    sessionId,
    revision: next,
    basis: 'record',
    cdrId: late.cdrId,
    splitInput,
    state: after,
    terms,
    booking: bookingOf({ sessionId, name, kind: 'true_up', before, after, terms }),
    slaDeadline: instant(millis(endedAt) + deadlines.sla),
  })
  const amount = subtract(before.collected.captured, after.collected.captured)
  if (amount.amount > 0) await moneySteps.refundSale({ sessionId, revision: next, amount })
  return 'adjusted'
}

import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { bookingOf, kindOfSale, noClaim } from '@chargelane/rules/booking'
import { restOf } from '@chargelane/rules/booking/cover'
import type { BookTerms, Claim, Collected, SaleState } from '@chargelane/rules/booking/sale'
import type { FxRate } from '@chargelane/rules/fx'
import { accounts } from '@chargelane/rules/ledger'
import type { SplitInput } from '@chargelane/rules/split'
import type { Collection } from '../capture/workflow.ts'
import { clock, instant, millis } from '../clock/clock.ts'
import type { Life } from '../life.ts'
import type { Billable } from '../record/rules.ts'
import { money as moneySteps, steps } from '../steps.ts'
import type { PreparedSale } from './prepare.ts'
import type { SaleTerms } from './terms.ts'
import { currenciesOf } from './rules.ts'

/** A sale in the books, as whatever is claimed on it later begins from. */
export type BookedSale = {
  revision: number
  splitInput: SplitInput
  state: SaleState
  terms: BookTerms
  /** Who is owed something of it that is covered. */
  payees: PartyRef[]
}

/** Today's reference rates, when a payee is paid in another currency than the driver paid in. */
async function ratesFor(
  { payouts, fresh, rates: kept }: SaleTerms,
  paidIn: string,
): Promise<FxRate[]> {
  if (fresh?.day === instant(clock()).slice(0, 10)) return fresh.rates
  const currencies = currenciesOf(paidIn, payouts)
  return currencies.length === 1 ? [] : moneySteps.readRates({ currencies, kept })
}

/** Where the captured money is, by the kind of payment; the account plays no part where nothing was captured. */
function collectedBy({ captured, owed, fee, source, ...stood }: Collection): Collected {
  const collected = { captured, owed, fee, source: source ?? accounts.psp(captured.currency) }
  return owed.amount === 0 ? collected : { ...collected, rest: { ...restOf(collected), ...stood } }
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
  const { plan } = await steps.postSale({
    sessionId,
    revision: 1,
    name: 'sale',
    basis: provisional ? 'provisional' : 'record',
    cdrId: billed.cdrId,
    splitInput,
    state,
    terms,
    booking,
    slaDeadline: instant(millis(endedAt) + life.deadlines.sla),
  })
  // Whoever waits for money that nobody has paid is not waited for.
  const booked = { ...state, ...(plan == null ? {} : { plan }) }
  const { payables } =
    plan == null ? booking : bookingOf({ sessionId, name: 'sale', kind, after: booked, terms })
  const payees = payables.flatMap(({ payee, waits }) => (waits ? [] : [payee]))
  return { revision: 1, splitInput, state: booked, terms, payees }
}

/** `isOwed`: the provider did not give back what the driver is owed. */
export type TrueUp = { outcome: 'unchanged' | 'adjusted'; isOwed: boolean }

/** What a late truth makes the price too high by is given back, once for each record that says so. */
export async function trueUp(
  { sessionId, deadlines }: Pick<Life, 'sessionId' | 'deadlines'>,
  { splitInput: sold }: BookedSale,
  late: Billable,
  endedAt: string,
): Promise<TrueUp> {
  const { outcome, revision, refund } = await steps.trueUpSale({
    sessionId,
    name: `${late.kind === 'closed_zero' ? 'taken_back' : 'true_up'}:${late.cdrId}`,
    sold,
    late,
    granted: claimOf(late).granted,
    cdrId: late.cdrId,
    slaDeadline: instant(millis(endedAt) + deadlines.sla),
  })
  if (refund.amount === 0) return { outcome, isOwed: false }
  const ended = await moneySteps.refundSale({ sessionId, revision, amount: refund })
  return { outcome, isOwed: ended === 'refused' }
}

import type { Db, Tx } from '@chargelane/db'
import { lockSale, saleNamed } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { bookingOf, kindOfSale } from '@chargelane/rules/booking'
import { collectedAt } from '@chargelane/rules/booking/cover'
import type { SaleState } from '@chargelane/rules/booking/sale'
import { money, subtract } from '@chargelane/rules/money'
import { dueOf, saleLegOf, type SplitInput, sponsoredOf } from '@chargelane/rules/split'
import { coveredByPlan } from '../books/plan-cover.ts'
import type { Billable } from '../record/rules.ts'
import { splitOf } from './prepare.ts'
import { reviseSale, type SalePosting, writeSale } from './revise.ts'

export type { SalePosting } from './revise.ts'

/**
 * Books a sale: every ledger entry, what each payee is owed, and how it was computed, in one tx. A worker that dies before
 * it has told the step's end has it asked for again at a later time: the sale is the one that was booked then.
 */
async function postSale(db: Db, input: SalePosting): Promise<{ plan: SaleState['plan'] }> {
  const { sessionId, revision, now } = input
  const { split } = input.state
  return db.tx(async (tx) => {
    const known = await saleNamed(tx, sessionId, input.name)
    if (known !== undefined) return { plan: known.state.plan }
    const posting = await coveredPosting(tx, input)
    await writeSale(tx, posting)
    await changeSession(
      tx,
      sessionId,
      {},
      {
        event: 'session.rated',
        room: 'split',
        what: 'sale booked',
        detail: { revision, shares: split.shares, tax: split.tax },
        dedupeKey: `${sessionId}:sale:${revision}`,
        at: now,
      },
      { isLast: true },
    )
    return { plan: posting.state.plan }
  })
}

/** What a plan pays is covered by what its owner may owe at this moment, or was when the sale was posted first. */
async function coveredPosting(tx: Tx, input: SalePosting): Promise<SalePosting> {
  const { sessionId, name, terms, basis } = input
  if (sponsoredOf(input.state.split) === undefined) return input
  const { made } = await lockSale(tx, sessionId, name)
  const state =
    made === undefined ? await coveredByPlan(tx, input.state) : { split: made.split, ...made.state }
  const kind = kindOfSale(state, basis === 'provisional')
  return { ...input, state, booking: bookingOf({ sessionId, name, kind, after: state, terms }) }
}

export type TrueUp = {
  sessionId: string
  /** Once per sale: `true_up:CDR`, or `taken_back:CDR` where nothing is due for a record any more. */
  name: string
  /** What the sale was split by, the late record that says otherwise, and what of its claim is granted. */
  sold: SplitInput
  late: Billable
  granted: Money
  cdrId: string
  slaDeadline: string
  now: string
}

/**
 * A late record trues the sale up, as it is in the books by then. The driver was charged already and is never charged
 * more for it (law L6): a lower record is refunded and taken from the payees, a higher one changes nothing.
 */
async function trueUpSale(
  db: Db,
  input: TrueUp,
): Promise<{ outcome: 'unchanged' | 'adjusted'; revision: number; refund: Money }> {
  const { sessionId, name, sold, late, granted, cdrId, slaDeadline, now } = input
  const { plan: _plan, whole: _whole, ...shared } = sold
  const { split, splitInput } = splitOf(shared, late)
  return db.tx(async (tx) => {
    const made = await reviseSale(tx, {
      sessionId,
      name,
      kind: 'true_up',
      record: { basis: 'record', cdrId, splitInput },
      slaDeadline,
      now,
      change: (before) =>
        saleLegOf(split).gross.amount >= saleLegOf(before.split).gross.amount
          ? undefined
          : {
              // Its own price is lower than what was left after anything was given back.
              ...withoutGivenBack(before),
              split,
              collected: collectedAt(before.collected, dueOf(split)),
              // What the late record claims above its price is held where it was judged.
              claim: { ...before.claim, granted },
            },
    })
    const nothing = money(0, granted.currency)
    if (made.kind === 'unchanged') return { outcome: 'unchanged', revision: 0, refund: nothing }
    const { revision, before, after } = made
    if (made.kind === 'made')
      await changeSession(
        tx,
        sessionId,
        {},
        {
          event: 'session.rated',
          room: 'split',
          what: 'sale booked',
          detail: { revision, shares: split.shares, tax: split.tax },
          dedupeKey: `${sessionId}:sale:${revision}`,
          at: now,
        },
        { isLast: true },
      )
    // What the payer gets back of what was captured.
    const refund = subtract(before.collected.captured, after.collected.captured)
    return { outcome: 'adjusted', revision, refund }
  })
}

const withoutGivenBack = ({ givenBack: _given, ...state }: SaleState): SaleState => state

export function createSplitActivities({ db }: { db: Db }) {
  return {
    postSale: (input: SalePosting) => postSale(db, input),
    trueUpSale: (input: TrueUp) => trueUpSale(db, input),
  }
}

export type SplitActivities = ReturnType<typeof createSplitActivities>

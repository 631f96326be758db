import type { Db } from '@chargelane/db'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { lowerDebt } from '@chargelane/db/queries/payments/debts'
import { putSale } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { addPayables } from '@chargelane/db/queries/documents/settlements'
import type { Booking } from '@chargelane/rules/booking'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import type { SplitInput } from '@chargelane/rules/split'
import { holdDifference } from '../record/suspense.ts'

/** A decision about a session's money: the first, or one that changes what an earlier one booked. */
export type SalePosting = {
  sessionId: string
  /** 1 for the sale itself, one more for each change of it. */
  revision: number
  basis: 'record' | 'provisional'
  cdrId: string
  splitInput: SplitInput
  state: SaleState
  terms: BookTerms
  booking: Booking
  slaDeadline: string
  now: string
}

/**
 * Books a sale or a change of it: every ledger entry, what each payee is owed, and how it was computed, in one tx. The
 * entries' keys make a repetition find the first; the ledger refuses a key with another body.
 */
async function postSale(db: Db, input: SalePosting): Promise<void> {
  const { sessionId, revision, basis, splitInput, state, terms, booking, now } = input
  const { split, ...rest } = state
  await db.tx(async (tx) => {
    // Sent together: the connection takes them in turn.
    await Promise.all([
      postEntries(
        tx,
        booking.entries.map((entry) => ({ ...entry, effectiveAt: now })),
      ),
      putSale(tx, {
        sessionId,
        revision,
        basis,
        cdrId: input.cdrId,
        split,
        splitInput,
        state: rest,
        terms,
        conversions: booking.conversions,
        at: now,
      }),
      addPayables(
        tx,
        booking.payables.map((payable) => ({
          ...payable,
          sessionId,
          revision,
          provisional: basis === 'provisional',
          slaDeadline: input.slaDeadline,
          at: now,
        })),
      ),
    ])
    await holdDifference(tx, input.cdrId, splitInput.seller.id, {
      entries: booking.entries,
      sessionId,
      now,
    })
    // What is no longer part of the price is no longer owed.
    if (revision > 1) await lowerDebt(tx, sessionId, state.collected.owed)
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
  })
}

export function createSplitActivities({ db }: { db: Db }) {
  return { postSale: (input: SalePosting) => postSale(db, input) }
}

export type SplitActivities = ReturnType<typeof createSplitActivities>

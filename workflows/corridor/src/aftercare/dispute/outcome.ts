// What a decision does to the sale: its price falls, once, and what was captured too much is given back the way it came.
import type { Tx } from '@chargelane/db'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { DisputeBearer } from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { concededClaim } from '@chargelane/rules/booking'
import { reducedSale, type Reduced, saleAtPrice } from '@chargelane/rules/booking/given-back'
import { owedTo } from '@chargelane/rules/booking/payables'
import type { SaleState } from '@chargelane/rules/booking/sale'
import { compare, subtract } from '@chargelane/rules/money'
import { dueOf, saleLegOf, type SplitInput } from '@chargelane/rules/split'
import { planRefunds } from '../../booking/refunds.ts'
import { reviseSale } from '../../booking/revise.ts'
import type { GiveBackInput } from '../../contract.ts'

const settleWithinMs = 48 * 3_600_000
export const settleBy = (now: string) => new Date(Date.parse(now) + settleWithinMs).toISOString()

/** The price it should have had, tax included, or how much less its driver pays. */
export type Correction = { price: Money } | { back: Money }

export type Corrected = {
  revision: number
  /** How much less the driver has to pay, and what of it comes back of what was captured. */
  back: Money
  order: GiveBackInput
}

/** The operator keeps what it was owed: the platform pays it what the lower price takes. */
function borneByPlatform(before: SaleState, { state, ...reduced }: Reduced): Reduced {
  const seller = saleLegOf(before.split).supplier
  const lost = subtract(owedTo(before, seller), owedTo(state, seller))
  if (lost.amount <= 0) return { state, ...reduced }
  return { ...reduced, state: { ...state, claim: concededClaim(state.claim, lost) } }
}

function reducedBy(
  before: SaleState,
  input: SplitInput,
  correction: Correction,
): Reduced | undefined {
  if ('back' in correction) return reducedSale(before, input, correction.back)
  if (compare(correction.price, input.sale.gross) >= 0) return undefined
  return saleAtPrice(before, input, correction.price)
}

/** Undefined where the price is no higher than it should be any more. */
export async function correctSale(
  tx: Tx,
  {
    disputeId,
    sessionId,
    bearer,
    ...wish
  }: {
    disputeId: string
    sessionId: string
    bearer: DisputeBearer
    correction: Correction
  },
  now: string,
): Promise<Corrected | undefined> {
  let gets: Money | undefined
  const revised = await reviseSale(tx, {
    sessionId,
    name: `dispute:${disputeId}`,
    kind: 'refund',
    slaDeadline: settleBy(now),
    now,
    change(before, input) {
      const reduced = reducedBy(before, input, wish.correction)
      if (reduced === undefined) return undefined
      gets = reduced.payerGets
      return bearer === 'platform' ? borneByPlatform(before, reduced) : reduced
    },
  })
  if (revised.kind === 'unchanged') return undefined
  const { revision, before, after, splitInput } = revised
  const back = subtract(dueOf(before.split), dueOf(after.split))
  const amount = gets ?? subtract(before.collected.captured, after.collected.captured)
  await planRefunds(tx, { sessionId, revision, amount, now, reason: 'dispute_decided' })
  await changeSession(
    tx,
    sessionId,
    { moneyStatus: 'adjusted', totals: splitInput.sale },
    {
      event: 'session.rated',
      room: 'booking',
      what: 'price corrected by a dispute',
      detail: { dispute: disputeId, back, given_back: amount, revision, bearer },
      dedupeKey: `${disputeId}:corrected`,
      at: now,
    },
  )
  return { revision, back, order: { sessionId, revision, amount } }
}

/** Nothing to send where the driver had paid none of it yet. */
export const isOrder = ({ amount }: GiveBackInput): boolean => amount.amount > 0

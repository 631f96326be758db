// Captured money is given back because somebody decided so: of a sale that is booked, before or after its payees were paid.
// The price falls, and shares, tax and commission with it; the provider is asked once that is in the books.
import type { Db, Tx } from '@chargelane/db'
import { paymentById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { openRefund, type Refund, refundsOf } from '@chargelane/db/queries/payments/refunds'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { RefundReason } from '@chargelane/openapi/vocabulary/payment'
import { assert } from '@chargelane/rules/assert'
import { reducedSale } from '@chargelane/rules/booking/given-back'
import { compare, inWords, minimum, money } from '@chargelane/rules/money'
import { reviseSale } from '../booking/revise.ts'
import type { By } from './decision.ts'

const settleWithinMs = 48 * 3_600_000

export type GiveBack = {
  /** Made where none is given: a refund that nobody asked us for. */
  refundId?: string
  paymentId: string
  /** Of what the payer paid; all that is left of it where none is named. */
  amount?: Money
  reason: RefundReason
}

const refused = (message: string, param?: string) =>
  new DomainError('invalid_transition', message, param === undefined ? {} : { param })

const isKept = ({ status }: Refund) => status !== 'refused'

/** What may still be given back of a payment; throws where nothing may. */
async function refundable(tx: Tx, payment: Payment): Promise<Money> {
  const { id, sessionId, captured } = payment
  if (payment.status !== 'captured' || captured === null)
    throw refused(`Payment ${id} is ${payment.status}: nothing was captured.`, 'payment')
  const sale = await saleOf(tx, sessionId)
  if (sale === undefined) throw refused(`The sale of ${sessionId} is not booked yet.`, 'payment')
  if (sale.state.chargeback !== undefined)
    throw refused(`The payer’s bank took payment ${id} back.`, 'payment')
  const given = (await refundsOf(tx, sessionId))
    .filter((refund) => refund.paymentId === id && isKept(refund))
    .reduce((total, { amount }) => total + amount.amount, 0)
  const left = money(captured.amount - given, captured.currency)
  return minimum(left, sale.state.collected.captured)
}

function checkedAmount({ amount }: GiveBack, left: Money): Money {
  if (amount !== undefined && amount.currency !== left.currency)
    throw new DomainError('invalid_value', `amount.currency: it was captured in ${left.currency}`, {
      param: 'amount.currency',
    })
  if (left.amount === 0) throw refused('All of it was given back already.', 'payment')
  if (amount !== undefined && compare(amount, left) > 0)
    throw new DomainError('invalid_value', `amount: at most ${inWords(left)} is left of it`, {
      param: 'amount.amount',
    })
  return amount ?? left
}

/** Written with the sale's change; a repetition under the refund's own id finds what was made. */
export async function decideGiveBack(
  tx: Tx,
  wish: GiveBack,
  { keyId, now }: By,
  /** Given back already, by the provider itself. */
  made?: Pick<Refund, 'status' | 'reference'>,
): Promise<{ sessionId: string; revision: number; amount: Money }> {
  const { refundId: id = newId('refund'), paymentId, reason } = wish
  const payment = await paymentById(tx, paymentId)
  if (payment === undefined) throw missing('payment', 'payment')
  const { sessionId } = payment
  const known = (await refundsOf(tx, sessionId)).find((refund) => refund.id === id)
  if (known !== undefined) return known
  let gets: Money | undefined
  const revised = await reviseSale(tx, {
    sessionId,
    name: `refund:${id}`,
    kind: 'refund',
    slaDeadline: new Date(Date.parse(now) + settleWithinMs).toISOString(),
    now,
    // Under the sale's lock, so that two refunds at once do not exceed it together.
    async change(before, splitInput) {
      const amount = checkedAmount(wish, await refundable(tx, payment))
      const reduced = reducedSale(before, splitInput, amount)
      gets = reduced.payerGets
      return reduced
    },
  })
  assert(revised.kind === 'made' && gets !== undefined, `${id} gives something back`)
  const { revision, after } = revised
  const { sale: totals } = revised.splitInput
  await openRefund(
    tx,
    { id, paymentId, sessionId, revision, amount: gets, reason, requestedBy: keyId, ...made },
    now,
  )
  await changeSession(
    tx,
    sessionId,
    { moneyStatus: 'adjusted', totals },
    {
      event: 'session.rated',
      room: 'booking',
      what: 'refund decided',
      detail: { refund: id, payment: paymentId, amount: gets, reason, by: keyId, revision },
      dedupeKey: `${id}:decided`,
      at: now,
    },
  )
  assert(after.collected.captured.amount >= 0, 'no more is given back than was captured')
  return { sessionId, revision, amount: gets }
}

/** In the process's own name: the books are one, and no tenant writes them. */
export const giveBack = (db: Db, wish: GiveBack, by: By) =>
  db.tx((tx) => decideGiveBack(tx, wish, by))

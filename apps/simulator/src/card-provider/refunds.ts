// What was captured is given back, and what a bank does not take comes back.
import { amountStep } from './cards.ts'
import { newMovement, newRefund } from './objects.ts'
import type { Act } from './payments.ts'
import type { Charge, Refund } from './store.ts'
import { badParam, badState } from './wire.ts'

export function refundCharge(
  act: Act,
  charge: Charge,
  from: { amount: number | undefined; reason: Refund['reason']; metadata: Record<string, string> },
): Refund {
  if (!charge.captured) {
    throw badState(
      'charge_invalid_parameter',
      `Charge ${charge.id} is not captured: cancel its PaymentIntent instead.`,
      { param: 'charge' },
    )
  }
  if (charge.disputed) {
    throw badState('charge_disputed', `Charge ${charge.id} has been charged back.`)
  }
  const open = charge.amount_captured - charge.amount_refunded
  if (open === 0) {
    throw badState('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  }
  const amount = from.amount ?? open
  if (amount <= 0 || amount % amountStep(charge.currency) !== 0) {
    throw badParam('parameter_invalid_integer', 'amount', 'Invalid positive integer')
  }
  if (amount > open) {
    throw badState(
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${open})`,
      { param: 'amount' },
    )
  }
  const created = act.store.nowS()
  const refund = newRefund(charge, amount, {
    created,
    metadata: from.metadata,
    reason: from.reason,
  })
  if (act.declineCode !== undefined) return declineRefund(act, refund, act.declineCode)
  const movement = newMovement('refund', {
    amount: -amount,
    fee: 0,
    currency: charge.currency,
    source: refund.id,
    created,
    description: 'REFUND FOR CHARGE',
  })
  act.store.put('balance_transactions', movement)
  const done: Refund = { ...refund, balance_transaction: movement.id }
  act.store.put('refunds', done)
  const after: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === open,
  }
  act.store.put('charges', after)
  act.emit('refund.created', done)
  act.emit('charge.refunded', after)
  return done
}

/** docs.stripe.com/refunds#failed-refunds: the bank returns it, and it is in the balance and on the charge again. */
export function returnRefund(act: Act, refund: Refund, reason: string): Refund {
  const charge = act.store.tables.charges.get(refund.charge ?? '')
  if (charge === undefined || refund.status !== 'succeeded')
    throw badState('refund_unexpected_state', `Refund ${refund.id} is ${refund.status}.`)
  const movement = newMovement('refund_failure', {
    amount: refund.amount,
    fee: 0,
    currency: refund.currency,
    source: refund.id,
    created: act.store.nowS(),
    description: 'REFUND FAILURE',
  })
  act.store.put('balance_transactions', movement)
  const amount_refunded = charge.amount_refunded - refund.amount
  act.store.put('charges', { ...charge, amount_refunded, refunded: false })
  const failed: Refund = {
    ...refund,
    status: 'failed',
    failure_reason: reason,
    failure_balance_transaction: movement.id,
  }
  act.store.put('refunds', failed)
  act.emit('refund.failed', failed)
  return failed
}

/** docs.stripe.com/refunds#failed-refunds: it is kept as failed, and the charge and the balance stay as they were. */
function declineRefund(act: Act, refund: Refund, reason: string): Refund {
  const failed: Refund = { ...refund, status: 'failed', failure_reason: reason }
  act.store.put('refunds', failed)
  act.emit('refund.created', failed)
  act.emit('refund.failed', failed)
  return failed
}

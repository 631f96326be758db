// From which of a session's holds what is owed is taken: from as few of them as will do, since each capture costs a fee and
// is a line on the driver's statement.
import type { HeldPayment } from '../authorization/hold.ts'

type Holding = Pick<HeldPayment, 'most' | 'least'>
export type Planned<Payment> = { payment: Payment; amount: number }

/** One after the other until all of it is taken; what is left for the last may be less than it takes. */
function inOrder<Payment extends Holding>(
  payments: readonly Payment[],
  owed: number,
): Planned<Payment>[] {
  let left = owed
  return payments.flatMap((payment) => {
    const amount = Math.min(left, payment.most.amount)
    left -= amount
    return amount > 0 ? [{ payment, amount }] : []
  })
}

/** A last part that is too small to be captured takes what it lacks from the one before, if that can spare it. */
function withoutCrumb<Payment extends Holding>(
  plan: readonly Planned<Payment>[],
): Planned<Payment>[] {
  const [before, last] = plan.slice(-2)
  if (before === undefined || last === undefined) return [...plan]
  const lacks = last.payment.least - last.amount
  if (lacks <= 0 || before.amount - lacks < before.payment.least) return [...plan]
  return [
    ...plan.slice(0, -2),
    { ...before, amount: before.amount - lacks },
    { ...last, amount: last.amount + lacks },
  ]
}

/** In the order in which they were held, or the largest first where that takes fewer captures. */
export function planCaptures<Payment extends Holding>(
  payments: readonly Payment[],
  owed: number,
): Planned<Payment>[] {
  const asHeld = inOrder(payments, owed)
  const largestFirst = inOrder(
    payments.toSorted((a, b) => b.most.amount - a.most.amount),
    owed,
  )
  return withoutCrumb(largestFirst.length < asHeld.length ? largestFirst : asHeld)
}

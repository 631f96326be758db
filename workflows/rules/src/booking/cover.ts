/**
 * Payables follow money: how much of what the driver has to pay somebody has paid or stands for. What nobody has is owed
 * to the payees as well, and waits.
 */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { add, minimum, money, portionOf, subtract, sum } from '../money.ts'
import { dueOf, sponsoredOf } from '../split/split.ts'
import type { Collected, Rest, SaleState } from './sale.ts'

export function restOf({ owed, rest }: Pick<Collected, 'owed' | 'rest'>): Rest {
  const none = money(0, owed.currency)
  const empty = { paid: none, credited: none, waived: none, lost: none, returned: none }
  return rest ?? { ...empty, guaranteed: none }
}

/** Of what was not captured, what is still to be paid. */
export function outstandingOf(collected: Pick<Collected, 'owed' | 'rest'>): Money {
  const { paid, credited, waived, lost, returned } = restOf(collected)
  const settled = sum([paid, credited, waived, lost], collected.owed.currency)
  return subtract(add(collected.owed, returned), settled)
}

export function assertRest(collected: Collected): void {
  const rest = restOf(collected)
  for (const { amount } of Object.values(rest)) assert(amount >= 0, 'no part of a debt is negative')
  const open = outstandingOf(collected)
  assert(open.amount >= 0, 'no more of a debt is settled than is owed')
  assert(rest.guaranteed.amount <= open.amount, 'no more is guaranteed than is still owed')
}

type Cover = {
  /** What the sale comes to once it is known what nobody will ever pay. */
  expected: Money
  /** Of that, captured, paid, borne or guaranteed. */
  covered: Money
  due: Money
}

type Paid = Pick<SaleState, 'split' | 'collected' | 'plan'>

/** Of what a plan's owner owes, what nobody has paid or stands for. */
export function unfundedOf({ split, plan }: Pick<SaleState, 'split' | 'plan'>): Money {
  const owed = sponsoredOf(split)?.owed ?? money(0, dueOf(split).currency)
  return plan === undefined ? money(0, owed.currency) : subtract(owed, plan.funded)
}

/** The same sale at another price: no more of a plan is funded than its owner owes. */
export function withPlan(state: SaleState): SaleState {
  const { plan, ...rest } = state
  const sponsored = sponsoredOf(state.split)
  if (plan === undefined || sponsored === undefined) return rest
  return { ...rest, plan: { funded: minimum(plan.funded, sponsored.owed) } }
}

function coverOf({ split, collected, plan }: Paid): Cover {
  const sponsored = sponsoredOf(split)?.owed ?? money(0, dueOf(split).currency)
  // The shares are of what the driver pays and of what a plan's owner does.
  const due = add(dueOf(split), sponsored)
  const { lost, guaranteed } = restOf(collected)
  const expected = subtract(due, lost)
  const open = add(outstandingOf(collected), unfundedOf({ split, ...(plan && { plan }) }))
  return { due, expected, covered: add(subtract(expected, open), guaranteed) }
}

/** Of a share, what is left of it when what nobody will pay is taken off. */
export function expectedOf(state: Paid, share: Money): Money {
  const { due, expected } = coverOf(state)
  return portionOf(share, expected, due)
}

/** Of a share that is expected, what is covered: rounded down, so that all parts together never exceed the money. */
export function coveredOf(state: Paid, share: Money): Money {
  const { expected, covered } = coverOf(state)
  return portionOf(share, covered, expected)
}

/** Nobody will pay what is still open. */
export const givenUp = (collected: Collected, by: 'waived' | 'lost'): Collected => {
  const rest = restOf(collected)
  const none = money(0, collected.owed.currency)
  const more = add(rest[by], outstandingOf(collected))
  return { ...collected, rest: { ...rest, [by]: more, guaranteed: none } }
}

/** Something of it came in; what is guaranteed beyond what is then still open is needed no more. */
export function paidOf(collected: Collected, amount: Money): Collected {
  const rest = restOf(collected)
  const after = { ...collected, rest: { ...rest, paid: add(rest.paid, amount) } }
  const guaranteed = minimum(rest.guaranteed, outstandingOf(after))
  return { ...after, rest: { ...after.rest, guaranteed } }
}

/**
 * Where the money is once the price is lower. What is still owed is forgiven first, then what was given up is needed no
 * more, then what was captured is given back; what a debt was paid with goes to the partner's credit.
 */
export function collectedAt(collected: Collected, due: Money): Collected {
  const excess = subtract(add(collected.captured, collected.owed), due)
  if (excess.amount <= 0) return collected
  const rest = { ...restOf(collected) }
  let { captured, owed } = collected
  let left = excess
  const take = (available: Money): Money => {
    const taken = minimum(available, left)
    left = subtract(left, taken)
    return taken
  }
  owed = subtract(owed, take(outstandingOf(collected)))
  for (const part of ['waived', 'lost'] as const) {
    const taken = take(rest[part])
    rest[part] = subtract(rest[part], taken)
    owed = subtract(owed, taken)
  }
  captured = subtract(captured, take(captured))
  const credit = take(rest.credited)
  rest.credited = subtract(rest.credited, credit)
  owed = subtract(owed, credit)
  rest.returned = add(rest.returned, left)
  owed = subtract(owed, left)
  rest.guaranteed = minimum(rest.guaranteed, outstandingOf({ owed, rest }))
  return { ...collected, captured, owed, ...(collected.rest === undefined ? {} : { rest }) }
}

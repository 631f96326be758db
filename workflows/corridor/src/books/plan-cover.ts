// What a plan pays of its subscribers' prices is owed by its owner. Payees are paid it within what the owner may come to
// owe, and beyond that once the owner's money is in: by a transfer, or kept back from what it is paid itself.
import type { Db, Tx } from '@chargelane/db'
import { sessionsAwaiting } from '@chargelane/db/queries/operations/incidents'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { lockCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { unfundedOf } from '@chargelane/rules/booking/cover'
import type { SaleState } from '@chargelane/rules/booking/sale'
import { add, minimum, money, subtract, sum } from '@chargelane/rules/money'
import { sponsoredOf } from '@chargelane/rules/split'
import { reviseSale } from '../booking/revise.ts'
import { availableOf, drawnOf, planLineOf } from './credit.ts'
import { approvedByTwo, type By } from './decision.ts'

const settleWithinMs = 48 * 3_600_000

type Whose = { accountId: string; currency: string }

const availableTo = async (tx: Tx, whose: Whose): Promise<Money> =>
  availableOf(await planLineOf(tx, whose), await drawnOf(tx, whose))

const within = (wish: Money, room: Money): Money =>
  room.amount <= 0 ? money(0, wish.currency) : minimum(wish, room)

/** A new sale, with how much of what a plan pays of it is covered; under the lock that holds on the account wait for. */
export async function coveredByPlan(tx: Tx, state: SaleState): Promise<SaleState> {
  const sponsored = sponsoredOf(state.split)
  if (sponsored === undefined) return state
  const { by, owed } = sponsored
  const whose = { accountId: by.id, currency: owed.currency }
  await lockCreditLine(tx, whose.accountId, whose.currency)
  return { ...state, plan: { funded: within(owed, await availableTo(tx, whose)) } }
}

/** Money of a plan's owner is in, or it may owe more: the sales that waited for it are covered, the oldest first. */
export async function fundPlans(tx: Tx, whose: Whose, name: string, now: string): Promise<void> {
  const { accountId, currency } = whose
  const waiting = await sessionsAwaiting(tx, whose)
  if (waiting.length === 0) return
  await lockCreditLine(tx, accountId, currency)
  const unfunded = sum(
    waiting.map(({ amount }) => amount),
    currency,
  )
  // What waits is owed, and nobody was paid it.
  let room = add(await availableTo(tx, whose), unfunded)
  for (const { sessionId } of waiting) {
    if (room.amount <= 0) return
    await reviseSale(tx, {
      sessionId,
      name: `plan_funded:${name}`,
      kind: 'plan_funded',
      slaDeadline: new Date(Date.parse(now) + settleWithinMs).toISOString(),
      now,
      change(before) {
        const more = within(unfundedOf(before), room)
        room = subtract(room, more)
        const funded = before.plan?.funded ?? money(0, currency)
        return more.amount === 0 ? undefined : { ...before, plan: { funded: add(funded, more) } }
      },
    })
  }
}

/** The platform stands for what a plan pays, once two keys want it: the payees are paid, its owner owes it all the same. */
export function waivePlanCover(
  db: Db,
  { sessionId, reason }: { sessionId: string; reason: string },
  by: By,
): Promise<boolean> {
  const { now } = by
  return db.tx(async (tx) => {
    const sale = await saleOf(tx, sessionId)
    if (sale === undefined) throw missing('sale')
    const amount = unfundedOf({ split: sale.split, ...sale.state })
    const wish = { action: 'plan.waive', subjectId: sessionId, terms: { amount }, reason }
    const { isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return false
    await reviseSale(tx, {
      sessionId,
      name: 'plan_funded:waived',
      kind: 'plan_funded',
      slaDeadline: new Date(Date.parse(now) + settleWithinMs).toISOString(),
      now,
      change: ({ plan: _plan, ...before }) => before,
    })
    return true
  })
}

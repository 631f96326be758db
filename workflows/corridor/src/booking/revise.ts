// A sale and each change of it, written in the caller's tx: books, payables, the decision itself and its debt.
import type { Tx } from '@chargelane/db'
import { addPayables } from '@chargelane/db/queries/documents/settlements'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { countConnectorUsage } from '@chargelane/db/queries/locations/connector-usage'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { debtOfSession, keepDebt } from '@chargelane/db/queries/payments/debts'
import { putShares, type ShareRow } from '@chargelane/db/queries/partners/split-shares'
import { lockSale, putSale, type SaleRow } from '@chargelane/db/queries/sessions/sales'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { type Booking, bookingOf } from '@chargelane/rules/booking'
import { outstandingOf, restOf, unfundedOf, withPlan } from '@chargelane/rules/booking/cover'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import type { EntryKind } from '@chargelane/rules/ledger'
import { inWords, subtract } from '@chargelane/rules/money'
import { type Split, type SplitInput, sponsoredOf } from '@chargelane/rules/split'
import { isWithin } from '@chargelane/rules/split/amounts'
import { addedBy } from '@chargelane/rules/split/period'
import { holdDifference } from '../record/suspense.ts'

/** A decision about a session's money: the first, or one that changes what an earlier one booked. */
export type SalePosting = {
  sessionId: string
  /** 1 for the sale itself, one more for each change of it. */
  revision: number
  /** What makes it: `sale`, `true_up`, or the event with its own id. */
  name: string
  basis: 'record' | 'provisional'
  cdrId: string
  splitInput: SplitInput
  state: SaleState
  terms: BookTerms
  booking: Booking
  slaDeadline: string
  now: string
}

/** Every ledger entry, what each payee is owed, and how it was computed. */
export async function writeSale(tx: Tx, input: SalePosting): Promise<void> {
  const { sessionId, revision, name, basis, cdrId, splitInput, state, terms, booking, now } = input
  const { split, ...rest } = state
  // Sent together: the connection takes them in turn.
  await Promise.all([
    postEntries(
      tx,
      booking.entries.map((entry) => ({ ...entry, effectiveAt: now })),
    ),
    putSale(tx, {
      sessionId,
      revision,
      name,
      basis,
      cdrId,
      split,
      splitInput,
      state: rest,
      terms,
      conversions: booking.conversions,
      at: now,
    }),
    ...(revision === 1 ? [countConnectorUsage(tx, sessionId)] : []),
    putShares(tx, sharesOf(sessionId, splitInput, split, now)),
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
  await holdDifference(tx, cdrId, splitInput.seller.id, {
    entries: booking.entries,
    sessionId,
    now,
  })
  // What is no longer part of the price is no longer owed.
  if (revision > 1) await keepDebt(tx, sessionId, state.collected, now)
  await tellOfCover(tx, input)
  await tellOfPlan(tx, input)
}

/** What each rule of the sale's policy came to, for the sessions of its period that are sold after it. */
function sharesOf(
  sessionId: string,
  input: SplitInput,
  split: Split,
  writtenAt: string,
): ShareRow[] {
  const { sharing, policy } = input
  if (sharing === undefined) return []
  const { energy_wh: energyWh, turnover } = addedBy(input)
  return policy.rules
    .filter((rule) => rule.shortfall !== undefined && isWithin(rule, sharing))
    .map((rule) => ({
      sessionId,
      ruleId: rule.id,
      policyId: sharing.policy.id,
      version: sharing.policy.version,
      siteId: sharing.place.site,
      period: sharing.period,
      payeeId: rule.supplier.id,
      role: rule.supplier.role,
      currency: turnover.currency,
      endedAt: sharing.facts.ended_at,
      energyWh,
      turnoverMinor: turnover.amount,
      shareMinor: split.legs.find(({ id }) => id === rule.id)?.net.amount ?? 0,
      writtenAt,
    }))
}

/** Of the price, what nobody has paid or stands for. */
const uncoveredOf = ({ collected }: SaleState): Money =>
  subtract(outstandingOf(collected), restOf(collected).guaranteed)

/** Payees who wait for money are an incident for as long as they do, and the partner hears of it. */
async function tellOfCover(
  tx: Tx,
  { sessionId, name, state, terms, now }: SalePosting,
): Promise<void> {
  if (state.collected.owed.amount === 0 && state.collected.rest === undefined) return
  const debt = await debtOfSession(tx, sessionId)
  if (debt === undefined) return
  const subject = { type: 'debt', id: debt.id } as const
  const uncovered = uncoveredOf(state)
  if (uncovered.amount === 0) {
    const settled = { cause: `Covered by ${name}.`, at: now }
    await settleIncidents(tx, { kinds: ['awaiting_funds'], subject }, settled)
    // What a hold no longer covered has been paid for.
    await settleIncidents(tx, { kinds: ['hold_lost'], sessionId }, settled)
    return
  }
  await openIncident(tx, {
    kind: 'awaiting_funds',
    subject,
    accountId: terms.debtor.id,
    sessionId,
    cause: `Nobody has paid or guaranteed ${inWords(uncovered)} of the price.`,
    detail: { liable: debt.liable },
    atStake: uncovered,
    actions: ['waive', 'write_off'],
    at: now,
  })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      event: 'settlement.awaiting_funds',
      room: 'settlement',
      what: 'awaiting funds',
      detail: { debt: debt.id, uncovered, liable: debt.liable },
      dedupeKey: `${sessionId}:awaiting_funds:${name}`,
      at: now,
    },
  )
}

/** What a plan's owner owes beyond its limit is an incident of its own, for as long as payees wait for it. */
async function tellOfPlan(tx: Tx, { sessionId, name, state, now }: SalePosting): Promise<void> {
  const sponsored = sponsoredOf(state.split)
  if (state.plan === undefined && sponsored === undefined) return
  const subject = { type: 'session', id: sessionId } as const
  const uncovered = unfundedOf(state)
  if (sponsored === undefined || uncovered.amount === 0) {
    const settled = { cause: `Covered by ${name}.`, at: now }
    await settleIncidents(tx, { kinds: ['awaiting_funds'], subject }, settled)
    return
  }
  await openIncident(tx, {
    kind: 'awaiting_funds',
    subject,
    accountId: sponsored.by.id,
    sessionId,
    cause: `The plan pays ${sponsored.owed.amount} ${sponsored.owed.currency}, of which ${uncovered.amount} are neither paid nor within its owner's limit.`,
    atStake: uncovered,
    actions: ['waive'],
    at: now,
  })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      event: 'settlement.awaiting_funds',
      room: 'settlement',
      what: 'awaiting funds',
      detail: { uncovered },
      dedupeKey: `${sessionId}:awaiting_plan:${name}`,
      at: now,
    },
  )
}

export type Revision = {
  sessionId: string
  name: string
  kind: EntryKind
  /** Another record that the sale rests on from now on; else the one of before. */
  record?: Pick<SalePosting, 'basis' | 'cdrId' | 'splitInput'>
  slaDeadline: string
  now: string
  /** From the state that is in the books; undefined where nothing changes. */
  change: (before: SaleState, input: SplitInput) => Change | Promise<Change>
}

/** Another state of the sale, with what it is split by from now on where that changes as well. */
type Change = SaleState | { state: SaleState; splitInput: SplitInput } | undefined

export type Revised =
  /** Now, or when it was asked the first time. */
  | {
      kind: 'made' | 'known'
      revision: number
      before: SaleState
      after: SaleState
      splitInput: SplitInput
    }
  | { kind: 'unchanged' }

const stateOf = ({ split, state }: Pick<SaleRow, 'split' | 'state'>): SaleState => ({
  split,
  ...state,
})

/** Changes a sale from what is in the books at this moment, whoever changed it before; once for each name. */
export async function reviseSale(tx: Tx, input: Revision): Promise<Revised> {
  const { sessionId, name, kind, slaDeadline, now } = input
  const { sale, made } = await lockSale(tx, sessionId, name)
  if (sale === undefined) throw new Error(`No sale of ${sessionId} is booked yet.`)
  const { terms, basis, cdrId, splitInput } = sale
  const before = stateOf(sale)
  if (made !== undefined)
    return {
      kind: 'known',
      revision: made.revision,
      before,
      after: stateOf(made),
      splitInput: made.splitInput,
    }
  const changed = await input.change(before, splitInput)
  if (changed === undefined) return { kind: 'unchanged' }
  const changes = 'state' in changed ? changed : { state: changed, splitInput }
  const after = withPlan(changes.state)
  const revision = sale.revision + 1
  await writeSale(tx, {
    sessionId,
    revision,
    name,
    ...(input.record ?? { basis, cdrId, splitInput: changes.splitInput }),
    state: after,
    terms,
    booking: bookingOf({ sessionId, name, kind, before, after, terms }),
    slaDeadline,
    now,
  })
  return { kind: 'made', revision, before, after, splitInput: changes.splitInput }
}

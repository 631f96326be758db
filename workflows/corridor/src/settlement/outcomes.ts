// What a bank says of a payout, kept: books, payout and settlement move together, once for each attempt.
import type { Db, Tx } from '@chargelane/db'
import {
  changeSettlement,
  lockSettlement,
  reopenSettlement,
  type Settlement,
} from '@chargelane/db/queries/documents/settlements'
import { changePayout, lockPayout, type Payout } from '@chargelane/db/queries/documents/payouts'
import { entryByKey, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { payoutView } from '@chargelane/db/views/money/payouts'
import { settlementView } from '@chargelane/db/views/money/settlements'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import {
  type Entry,
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
  payoutReturnedEntry,
} from '@chargelane/rules/ledger'
import type {
  PayoutAccepted,
  PayoutOutcome,
  PayoutRejected,
  PayoutReturned,
} from '../payment/payment.ts'

export type PayoutResult =
  | { kind: 'paid' }
  | { kind: 'in_transit' }
  /** Nothing leaves outside the payee's business hours. */
  | { kind: 'later'; at: string }
  | { kind: 'on_hold'; reason: string }

export const tell = (
  tx: Tx,
  row: Settlement,
  type: EventTypeOf<'Settlement'>,
  { key, now, context = {} }: { key: string; now: string; context?: Record<string, unknown> },
) =>
  appendEvent(tx, {
    accountId: row.payee.id,
    type,
    objectId: row.id,
    data: settlementView(row),
    context,
    dedupeKey: `${row.id}:${key}`,
    at: now,
  })

/** Each once for each payout; a return once by the bank's reference. */
export const tellPayout = (
  tx: Tx,
  row: Payout,
  type: EventTypeOf<'Payout'>,
  now: string,
  key = '',
) =>
  appendEvent(tx, {
    accountId: row.payee.id,
    type,
    objectId: row.id,
    data: payoutView(row),
    dedupeKey: `${row.id}:${type}${key}`,
    at: now,
  })

export const isOut = ({ state }: Settlement) => state === 'paid' || state === 'in_transit'
const refusedBy = (reason: string) => `bank: ${reason}`

/** Its last attempt is over: the bank refused it, or somebody cancelled it before it was sent. */
export const isRefused = ({ state, reason }: Settlement) =>
  state === 'on_hold' && (reason?.startsWith('bank: ') === true || reason === 'cancelled')

/** The settlement under its lock: what was read before may have been paid, returned or sent anew meanwhile. */
export async function lockedOf(tx: Tx, settlementId: string): Promise<Settlement> {
  const row = await lockSettlement(tx, settlementId)
  if (row === undefined) throw missing('settlement')
  return row
}

export const resultOf = ({ state, reason }: Settlement): PayoutResult =>
  state === 'paid' || state === 'in_transit'
    ? { kind: state }
    : { kind: 'on_hold', reason: reason ?? state }

/** Whether a settlement still waits for what its bank says of the attempt that was read. */
export const isAwaited = (now: Settlement, read: Settlement) =>
  now.attempt === read.attempt && now.state !== 'paid' && !isRefused(now)

/** The bank did not pay it out: the payee hears of it, and a person is asked where nobody mends it. */
async function tellFailure(tx: Tx, held: Settlement, now: string): Promise<void> {
  const key = `failed:${held.attempt}:${held.reason ?? ''}`
  await tell(tx, held, 'settlement.on_hold', { key: `on_hold:${key}`, now })
  await openIncident(tx, {
    kind: 'payout_failed',
    subject: { type: 'settlement', id: held.id },
    accountId: held.payee.id,
    cause: `The payout came back, ${held.reason ?? ''}. It is paid anew to another bank account, or when asked.`,
    detail: { attempt: held.attempt },
    atStake: held.amount,
    actions: ['pay_again'],
    at: now,
  })
}

/** The payout is done: whatever was wrong with an earlier attempt is over. */
export async function tellPaid(tx: Tx, paid: Settlement, now: string): Promise<void> {
  const key = paid.attempt === 1 ? 'paid' : `paid:${paid.attempt}`
  await tell(tx, paid, 'settlement.paid', { key, now })
  const subject = { type: 'settlement', id: paid.id } as const
  const cause = `Paid at ${paid.paidAt ?? now}.`
  await settleIncidents(tx, { kinds: ['payout_failed'], subject }, { cause, at: now })
}

type Books = {
  sent: Entry
  failed: Entry
  booked: Entry
  back: (bankReference: string) => Entry
}

/** Where the money of a rail stands until it leaves. */
const sourceOf = ({ rail }: Payout) => (rail === 'connect' ? 'psp' : 'bank')

/** The entries of this payout; each key belongs to it, so hearing the same twice books it once. */
function booksOf(payout: Payout): Books {
  const { id: payoutId, payee, amount } = payout
  const base = { payee, payoutId, amount, from: sourceOf(payout) } as const
  return {
    sent: payoutEntry({ ...base, key: `${payoutId}:payout` }),
    failed: payoutFailedEntry({ ...base, key: `${payoutId}:payout_failed` }),
    booked: payoutPaidEntry({ ...base, key: `${payoutId}:payout_paid` }),
    back: (bankReference) => payoutReturnedEntry({ ...base, key: returnKey(bankReference) }),
  }
}

export const returnKey = (bankReference: string) => `payout_returned:${bankReference}`

/** The effective time belongs to the entry: whoever heard of it first has named it. */
async function postOnce(tx: Tx, entry: Entry, at: string): Promise<void> {
  if ((await entryByKey(tx, entry.key)) !== undefined) return
  await postEntry(tx, { ...entry, effectiveAt: at })
}

/** The bank's code, where it says one in front of its words. */
const codeOf = ({ code, reason }: { code?: string | undefined; reason: string }) =>
  code ?? /^[A-Z]{2}\d{2}\b|^DUPL\b|^(?:CN|DN)OR\b/.exec(reason)?.[0] ?? null

const failureOf = (said: { code?: string | undefined; reason: string }) => ({
  failureCode: codeOf(said),
  failureReason: said.reason.slice(0, 500),
})

type Of = { db: Db; settlement: Settlement; payout: Payout; now: string }

function keepRejected({ db, settlement: read, payout, now }: Of, said: PayoutRejected) {
  const reason = refusedBy(said.reason)
  const { sent, failed } = booksOf(payout)
  return db.tx(async (tx): Promise<PayoutResult> => {
    const row = await lockedOf(tx, read.id)
    if (!isAwaited(row, read)) return resultOf(row)
    await postOnce(tx, sent, row.cutOffAt)
    await postOnce(tx, failed, row.cutOffAt)
    await tellFailure(tx, await changeSettlement(tx, row.id, { state: 'on_hold', reason }), now)
    const ended = { state: 'failed', endedAt: now, ...failureOf(said) } as const
    await tellPayout(tx, await changePayout(tx, payout.id, ended), 'payout.failed', now)
    return { kind: 'on_hold', reason }
  })
}

/** The bank has it; where it has left us by now, that is booked, and once it has arrived its payee is paid. */
function keepAccepted({ db, settlement: read, payout, now }: Of, said: PayoutAccepted) {
  const { bankReference, bookedAt, leftAt = bookedAt, transfer } = said
  const { sent, booked } = booksOf(payout)
  return db.tx(async (tx): Promise<PayoutResult> => {
    const row = await lockedOf(tx, read.id)
    // What came back meanwhile is booked as that, and stays owed.
    if (!isAwaited(row, read)) return resultOf(row)
    await postOnce(tx, sent, row.cutOffAt)
    if (leftAt !== undefined) await postOnce(tx, booked, leftAt)
    const before = await lockPayout(tx, payout.id)
    const given = {
      state: 'sent',
      bankReference,
      sentAt: before?.sentAt ?? now,
      ...(transfer === undefined ? {} : { providerTransfer: transfer }),
    } as const
    const out = await changePayout(tx, payout.id, given)
    await tellPayout(tx, out, 'payout.sent', now)
    if (bookedAt === undefined) {
      await changeSettlement(tx, row.id, { state: 'in_transit', payoutReference: bankReference })
      return { kind: 'in_transit' }
    }
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: null,
      payoutReference: bankReference,
      paidAt: bookedAt,
    })
    const arrived = await changePayout(tx, payout.id, { state: 'paid', paidAt: bookedAt })
    await tellPayout(tx, arrived, 'payout.paid', now)
    await tellPaid(tx, paid, now)
    return { kind: 'paid' }
  })
}

export type Back = Omit<PayoutReturned, 'kind'>

/** What had left came back: it is owed again, once by the bank's own reference of the return. The row is locked. */
export async function bookReturn(
  tx: Tx,
  { settlement: row, payout }: { settlement: Settlement; payout: Payout },
  said: Back,
  now: string,
): Promise<Settlement> {
  const { bankReference, reason: why, returnedAt } = said
  const reason = refusedBy(`returned ${why}`)
  const { sent, booked, back } = booksOf(payout)
  await postOnce(tx, sent, row.cutOffAt)
  await postOnce(tx, booked, returnedAt)
  await postEntry(tx, { ...back(bankReference), effectiveAt: returnedAt })
  const held =
    (await reopenSettlement(tx, row.id, reason)) ??
    (await changeSettlement(tx, row.id, { state: 'on_hold', reason }))
  await tellFailure(tx, held, now)
  const ended = { state: 'returned', endedAt: returnedAt, ...failureOf(said) } as const
  const gone = await changePayout(tx, payout.id, ended)
  await tellPayout(tx, gone, 'payout.returned', now)
  return held
}

const keepReturned = ({ db, settlement: read, payout, now }: Of, back: Back) =>
  db.tx(async (tx): Promise<PayoutResult> => {
    const row = await lockedOf(tx, read.id)
    if (row.attempt !== read.attempt || isRefused(row)) return resultOf(row)
    return resultOf(await bookReturn(tx, { settlement: row, payout }, back, now))
  })

/** Neither our account nor the float bears it yet: the next batch looks again. */
export async function awaitFunds(
  tx: Tx,
  row: Settlement,
  reason: string,
  now: string,
): Promise<Settlement> {
  if (row.state === 'awaiting_funds' && row.reason === reason) return row
  const waiting = await changeSettlement(tx, row.id, { state: 'awaiting_funds', reason })
  await tell(tx, waiting, 'payout.awaiting_funds', { key: `awaiting_funds:${now}`, now })
  return waiting
}

const keepUnfunded = ({ db, settlement: read, now }: Of, reason: string) =>
  db.tx(async (tx): Promise<PayoutResult> => {
    const row = await lockedOf(tx, read.id)
    if (!isAwaited(row, read)) return resultOf(row)
    return resultOf(await awaitFunds(tx, row, reason, now))
  })

export function keepOutcome(of: Of, outcome: PayoutOutcome): Promise<PayoutResult> {
  switch (outcome.kind) {
    case 'rejected':
      return keepRejected(of, outcome)
    case 'returned':
      return keepReturned(of, outcome)
    case 'accepted':
      return keepAccepted(of, outcome)
    case 'unfunded':
      return keepUnfunded(of, outcome.reason)
    case 'queued':
      return Promise.resolve({ kind: 'in_transit' })
  }
}

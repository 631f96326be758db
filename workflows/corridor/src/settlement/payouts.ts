// One payout: given to the bank once for each attempt, and what the bank says of it booked once by its own reference.
import type { Db, Tx } from '@chargelane/db'
import {
  changeSettlement,
  getSettlement,
  lockSettlement,
  payeeAccount,
  reopenSettlement,
} from '@chargelane/db/queries/documents/settlements'
import type { Settlement } from '@chargelane/db/queries/documents/settlements'
import { entryByKey, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { settlementView } from '@chargelane/db/views/money/settlements'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import {
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
  payoutReturnedEntry,
} from '@chargelane/rules/ledger'
import type { Entry } from '@chargelane/rules/ledger'
import type {
  PayoutAccepted,
  PayoutOutcome,
  PayoutPort,
  PayoutReturned,
} from '../payment/payment.ts'
import { eachApart } from '../attention/apart.ts'
import { leavesAt } from './calendar.ts'
import { isBorne } from './float.ts'
import { payoutIdOf, returnsWithinMs, settlementIdOf } from './rules.ts'

export type PayoutResult =
  | { kind: 'paid' }
  | { kind: 'in_transit' }
  /** Nothing leaves outside the payee's business hours. */
  | { kind: 'later'; at: string }
  | { kind: 'on_hold'; reason: string }

type Dependencies = { db: Db; payouts: PayoutPort }
type Asked = { settlementId: string; now: string }

async function settlementOf(db: Db, settlementId: string): Promise<Settlement> {
  const row = await getSettlement(db, 'all', settlementId)
  if (row === undefined) throw new Error(`No settlement ${settlementId}.`)
  return row
}

const tell = (
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

const isOut = ({ state }: Settlement) => state === 'paid' || state === 'in_transit'
const refusedBy = (reason: string) => `bank: ${reason}`
const isRefused = ({ state, reason }: Settlement) =>
  state === 'on_hold' && reason?.startsWith('bank: ') === true

/** The settlement under its lock: what was read before may have been paid, returned or sent anew meanwhile. */
async function lockedOf(tx: Tx, settlementId: string): Promise<Settlement> {
  const row = await lockSettlement(tx, settlementId)
  if (row === undefined) throw missing('settlement')
  return row
}

const resultOf = ({ state, reason }: Settlement): PayoutResult =>
  state === 'paid' || state === 'in_transit'
    ? { kind: state }
    : { kind: 'on_hold', reason: reason ?? state }

/** Whether a settlement still waits for what its bank says of the attempt that was read. */
const isAwaited = (now: Settlement, read: Settlement) =>
  now.attempt === read.attempt && now.state !== 'paid' && !isRefused(now)

function holdSettlement(
  db: Db,
  { id }: Settlement,
  reason: string,
  now: string,
): Promise<PayoutResult> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, id)
    if (isOut(row) || isRefused(row)) return resultOf(row)
    const held = await changeSettlement(tx, id, { state: 'on_hold', reason })
    await tell(tx, held, 'settlement.on_hold', { key: `on_hold:${reason}`, now })
    return { kind: 'on_hold', reason }
  })
}

/** The bank did not pay it out: the payee hears of it, and a person is asked where nobody mends it. */
async function tellFailure(tx: Tx, held: Settlement, now: string): Promise<void> {
  const key = `failed:${held.attempt}:${held.reason ?? ''}`
  await tell(tx, held, 'settlement.on_hold', { key: `on_hold:${key}`, now })
  await tell(tx, held, 'payout.failed', { key, now, context: { reason: held.reason } })
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
async function tellPaid(tx: Tx, paid: Settlement, now: string): Promise<void> {
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
  post: (tx: Tx, entry: Entry, at?: string) => Promise<unknown>
}

/** The entries of this attempt; each key belongs to it, so hearing the same twice books it once. */
function booksOf(row: Settlement): Books {
  const payoutId = payoutIdOf(row)
  const base = { payee: row.payee, payoutId, amount: row.amount }
  return {
    sent: payoutEntry({ ...base, key: `${payoutId}:payout` }),
    failed: payoutFailedEntry({ ...base, key: `${payoutId}:payout_failed` }),
    booked: payoutPaidEntry({ ...base, key: `${payoutId}:payout_paid` }),
    // The effective time belongs to the entry, so a repetition must bring the same one.
    post: (tx, entry, at = row.cutOffAt) => postEntry(tx, { ...entry, effectiveAt: at }),
  }
}

function keepRejected(db: Db, read: Settlement, said: string, now: string): Promise<PayoutResult> {
  const reason = refusedBy(said)
  const { sent, failed, post } = booksOf(read)
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, read.id)
    if (!isAwaited(row, read)) return resultOf(row)
    await post(tx, sent)
    await post(tx, failed)
    await tellFailure(tx, await changeSettlement(tx, row.id, { state: 'on_hold', reason }), now)
    return { kind: 'on_hold', reason }
  })
}

function keepAccepted(
  db: Db,
  read: Settlement,
  { bankReference, bookedAt }: PayoutAccepted,
  now: string,
): Promise<PayoutResult> {
  const { sent, booked, post } = booksOf(read)
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, read.id)
    // What came back meanwhile is booked as that, and stays owed.
    if (!isAwaited(row, read)) return resultOf(row)
    await post(tx, sent)
    if (bookedAt === undefined) {
      await changeSettlement(tx, row.id, { state: 'in_transit', payoutReference: bankReference })
      return { kind: 'in_transit' }
    }
    await post(tx, booked, bookedAt)
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: null,
      payoutReference: bankReference,
      paidAt: bookedAt,
    })
    await tellPaid(tx, paid, now)
    return { kind: 'paid' }
  })
}

type Back = Omit<PayoutReturned, 'kind'>

const returnKey = (bankReference: string) => `payout_returned:${bankReference}`

/** What had left came back: it is owed again, once by the bank's own reference of the return. The row is locked. */
async function bookReturn(
  tx: Tx,
  row: Settlement,
  { bankReference, reason: said, returnedAt }: Back,
  now: string,
): Promise<Settlement> {
  const reason = refusedBy(`returned ${said}`)
  const { sent, booked, post } = booksOf(row)
  await post(tx, sent)
  if (row.state !== 'paid') await post(tx, booked, returnedAt)
  const key = returnKey(bankReference)
  const back = payoutReturnedEntry({ key, payee: row.payee, amount: row.amount })
  await post(tx, back, returnedAt)
  const held =
    (await reopenSettlement(tx, row.id, reason)) ??
    (await changeSettlement(tx, row.id, { state: 'on_hold', reason }))
  await tellFailure(tx, held, now)
  return held
}

const keepReturned = (db: Db, read: Settlement, back: Back, now: string): Promise<PayoutResult> =>
  db.tx(async (tx) => {
    const row = await lockedOf(tx, read.id)
    if (row.attempt !== read.attempt || isRefused(row)) return resultOf(row)
    return resultOf(await bookReturn(tx, row, back, now))
  })

function keepOutcome(
  db: Db,
  row: Settlement,
  outcome: PayoutOutcome,
  now: string,
): Promise<PayoutResult> {
  switch (outcome.kind) {
    case 'rejected':
      return keepRejected(db, row, outcome.reason, now)
    case 'returned':
      return keepReturned(db, row, outcome, now)
    case 'accepted':
      return keepAccepted(db, row, outcome, now)
  }
}

/** All of it was netted: the payee has what it was owed, and there is nothing to send. */
async function keepNetted(db: Db, row: Settlement, now: string): Promise<PayoutResult> {
  await db.tx(async (tx) => {
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: 'netted',
      paidAt: row.cutOffAt,
    })
    await tellPaid(tx, paid, now)
  })
  return { kind: 'paid' }
}

/** What the bank refused gets an attempt of its own; where somebody else was first, that one counts. */
/** Neither our bank account nor the float bears it yet: the next batch looks again. */
async function awaitFunds(tx: Tx, row: Settlement, now: string): Promise<Settlement> {
  if (row.state === 'awaiting_funds') return row
  const change = { state: 'awaiting_funds', reason: 'float' } as const
  const waiting = await changeSettlement(tx, row.id, change)
  await tell(tx, waiting, 'payout.awaiting_funds', { key: `awaiting_funds:${now}`, now })
  return waiting
}

async function openAnew(tx: Tx, settlementId: string): Promise<Settlement> {
  const row = await lockedOf(tx, settlementId)
  if (!isRefused(row)) return row
  const anew = { state: 'closed', reason: null, attempt: row.attempt + 1 } as const
  return changeSettlement(tx, settlementId, anew)
}

/**
 * Sends the payout once for each attempt: the bank is asked for it before it is given it. What the bank refused is sent
 * anew once the payee names another account, or a person asks for it.
 */
export async function sendPayout(
  { db, payouts }: Dependencies,
  input: Asked,
): Promise<PayoutResult> {
  const { settlementId, now } = input
  let row = await settlementOf(db, settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  if (row.amount.amount === 0) return keepNetted(db, row, now)
  const payee = await payeeAccount(db, row.payee.id, row.amount.currency)
  if (payee?.bank === undefined) return holdSettlement(db, row, 'bank_details', now)
  if (payee.status !== 'active') return holdSettlement(db, row, 'account_suspended', now)
  if (payee.verification !== 'verified') return holdSettlement(db, row, 'verification', now)
  const { bank } = payee
  if (bank.payeeCheck === 'no_match' && bank.confirmedBy === null)
    return holdSettlement(db, row, 'payee_name', now)
  if (isRefused(row)) {
    if (row.sentToKey === bank.numberKey) return { kind: 'on_hold', reason: row.reason ?? '' }
    row = await db.tx((tx) => openAnew(tx, settlementId))
  }
  const payoutId = payoutIdOf(row)
  const known = await payouts.find({ payoutId })
  if (known.kind !== 'none') return keepOutcome(db, row, known, now)
  const at = leavesAt(payee.payoutCalendar, now)
  if (at > now) return { kind: 'later', at }
  const asked = row
  const moved = await db.tx(async (tx) => {
    const seen = await lockedOf(tx, settlementId)
    if (!isAwaited(seen, asked)) return seen
    if (!(await isBorne(tx, seen))) return awaitFunds(tx, seen, now)
    await changeSettlement(tx, settlementId, {
      state: 'closed',
      reason: null,
      sentToKey: bank.numberKey,
    })
    return undefined
  })
  if (moved !== undefined) return resultOf(moved)
  const outcome = await payouts.send({
    payoutId,
    amount: row.amount,
    creditorName: bank.holder.slice(0, 70),
    account: bank.numbers,
    reference: `Chargelane settlement ${row.id}`,
    idempotencyKey: `${payoutId}:payout`,
  })
  return keepOutcome(db, row, outcome, now)
}

/** Looks whether the bank has booked it. */
export async function readPayout(
  { db, payouts }: Dependencies,
  input: Asked,
): Promise<PayoutResult> {
  const row = await settlementOf(db, input.settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  const known = await payouts.find({ payoutId: payoutIdOf(row) })
  return known.kind === 'none' ? { kind: 'in_transit' } : keepOutcome(db, row, known, input.now)
}

/** The bank's statement says that a payout came back; told twice, or at the same instant, it is booked once. */
export function recordReturn(
  db: Db,
  input: Asked & { reference: string; reason: string; returnedAt: string },
): Promise<Settlement> {
  const { settlementId, reference: bankReference, reason, returnedAt, now } = input
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, settlementId)
    const known = await entryByKey(tx, returnKey(bankReference))
    if (known !== undefined) return row
    if (!isOut(row))
      throw new DomainError('invalid_transition', `Settlement ${settlementId} is ${row.state}.`)
    return bookReturn(tx, row, { bankReference, reason, returnedAt }, now)
  })
}

/**
 * What the bank's statement says that came back, each once by the bank's reference. One that cannot be booked keeps no
 * other waiting. What is no payout of ours is not our money.
 */
export async function takeReturns(
  { db, payouts }: Dependencies,
  { now }: { now: string },
): Promise<{ taken: number }> {
  const since = new Date(Date.parse(now) - returnsWithinMs).toISOString()
  let taken = 0
  const lines = await payouts.returns({ since })
  await eachApart(lines, async (line) => {
    if ('problem' in line) throw new Error(`a return that cannot be read: ${line.problem}`)
    const { payoutId, bankReference: reference, ...back } = line
    const settlementId = settlementIdOf(payoutId)
    const row = await getSettlement(db, 'all', settlementId)
    const isNews = row !== undefined && payoutIdOf(row) === payoutId && isOut(row)
    if (!isNews || (await entryByKey(db, returnKey(reference))) !== undefined) return
    await recordReturn(db, { settlementId, reference, ...back, now })
    taken += 1
  })
  return { taken }
}

/** A person wants it paid again, once: the next batch does, under an id of its own. */
export function retryPayout(
  db: Db,
  { settlementId, reason, keyId, now }: Asked & { reason: string; keyId: string },
): Promise<Settlement> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, settlementId)
    if (row.state !== 'on_hold')
      throw new DomainError('invalid_transition', `Settlement ${settlementId} is ${row.state}.`)
    const attempt = isRefused(row) ? row.attempt + 1 : row.attempt
    const again = await changeSettlement(tx, settlementId, {
      state: 'closed',
      reason: null,
      attempt,
    })
    const context = { reason, by: keyId, attempt }
    await tell(tx, again, 'settlement.retried', { key: `retried:${attempt}:${now}`, now, context })
    return again
  })
}

// What came back, is asked for again, or is not to be sent after all.
import type { Db } from '@chargelane/db'
import {
  changePayout,
  getPayout,
  lockPayout,
  type Payout,
  payoutOf,
} from '@chargelane/db/queries/documents/payouts'
import { changeSettlement, type Settlement } from '@chargelane/db/queries/documents/settlements'
import { entryByKey } from '@chargelane/db/queries/ledger/ledger'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { eachApart } from '../attention/apart.ts'
import type { PayoutPort, PayoutReturnLine } from '../payment/payment.ts'
import { bookReturn, isOut, isRefused, lockedOf, returnKey, tell, tellPayout } from './outcomes.ts'
import type { PayoutDependencies } from './payouts.ts'
import { returnsWithinMs } from './rules.ts'

type Asked = { settlementId: string; now: string }
const notNow = (message: string) => new DomainError('invalid_transition', message)

/** The bank's statement says that a payout came back; told twice, or at the same instant, it is booked once. */
export function recordReturn(
  db: Db,
  input: Asked & { reference: string; reason: string; returnedAt: string },
): Promise<Settlement> {
  const { settlementId, reference: bankReference, reason, returnedAt, now } = input
  return db.tx(async (tx) => {
    const settlement = await lockedOf(tx, settlementId)
    const known = await entryByKey(tx, returnKey(bankReference))
    if (known !== undefined) return settlement
    const { attempt, state } = settlement
    const payout = await payoutOf(tx, { settlementId, attempt })
    if (!isOut(settlement) || payout === undefined)
      throw notNow(`Settlement ${settlementId} is ${state}.`)
    return bookReturn(tx, { settlement, payout }, { bankReference, reason, returnedAt }, now)
  })
}

async function takeLine(db: Db, line: PayoutReturnLine, now: string): Promise<boolean> {
  if ('problem' in line) throw new Error(`a return that cannot be read: ${line.problem}`)
  const { payoutId, bankReference: reference, ...back } = line
  const payout = await getPayout(db, 'all', payoutId)
  const isNews = payout?.state === 'paid' || payout?.state === 'sent'
  if (payout === undefined || !isNews) return false
  if ((await entryByKey(db, returnKey(reference))) !== undefined) return false
  await recordReturn(db, { settlementId: payout.settlementId, reference, ...back, now })
  return true
}

/**
 * What the banks' statements say that came back, each once by the bank's reference. One that cannot be booked, and a rail
 * that does not answer, keep no other waiting. What is no payout of ours is not our money.
 */
export async function takeReturns(
  { db, payouts }: Pick<PayoutDependencies, 'db' | 'payouts'>,
  { now }: { now: string },
): Promise<{ taken: number }> {
  const since = new Date(Date.parse(now) - returnsWithinMs).toISOString()
  let taken = 0
  const rails = Object.values(payouts).filter((rail) => rail !== undefined)
  await eachApart(rails, async (rail: PayoutPort) => {
    await eachApart(await rail.returns({ since }), async (line) => {
      if (await takeLine(db, line, now)) taken += 1
    })
  })
  return { taken }
}

type Wish = { reason: string; keyId: string }

/** A person wants it paid again, once: the next batch does, under an id of its own. */
export function retryPayout(
  db: Db,
  { settlementId, reason, keyId, now }: Asked & Wish,
): Promise<Settlement> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, settlementId)
    if (row.state !== 'on_hold') throw notNow(`Settlement ${settlementId} is ${row.state}.`)
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

type OfPayout = Wish & { payoutId: string; payeeId: string; now: string }

async function seenBy(db: Db, { payoutId, payeeId }: OfPayout): Promise<Payout> {
  const payout = await getPayout(db, payeeId, payoutId)
  if (payout === undefined) throw missing('payout')
  return payout
}

export async function retryFailedPayout(db: Db, asked: OfPayout): Promise<Payout> {
  const payout = await seenBy(db, asked)
  const { id, settlementId, state, attempt } = payout
  if (!['failed', 'returned', 'cancelled'].includes(state))
    throw notNow(`Payout ${id} is ${state}.`)
  if ((await payoutOf(db, { settlementId, attempt: attempt + 1 })) !== undefined)
    throw notNow(`Payout ${id} was followed by another.`)
  await retryPayout(db, { settlementId, ...asked })
  return payout
}

/** What no bank has is not sent: it stays owed, on hold until somebody asks for it. */
export async function cancelPayout(db: Db, asked: OfPayout): Promise<Payout> {
  const { settlementId, attempt } = await seenBy(db, asked)
  return db.tx(async (tx) => {
    const settlement = await lockedOf(tx, settlementId)
    const payout = await lockPayout(tx, asked.payoutId)
    if (payout === undefined) throw missing('payout')
    const isQueued = payout.rail === 'sepa_file' || settlement.state === 'awaiting_funds'
    if (payout.state !== 'created' || payout.fileId !== null || !isQueued)
      throw notNow(`Payout ${payout.id} is ${payout.state} and on its way.`)
    if (settlement.attempt !== attempt) throw notNow(`Payout ${payout.id} was followed by another.`)
    const change = { state: 'on_hold', reason: 'cancelled' } as const
    const held = await changeSettlement(tx, settlementId, change)
    const { now, reason, keyId } = asked
    const context = { reason, by: keyId }
    await tell(tx, held, 'settlement.on_hold', { key: `cancelled:${attempt}`, now, context })
    const gone = await changePayout(tx, payout.id, { state: 'cancelled', endedAt: now })
    await tellPayout(tx, gone, 'payout.cancelled', now)
    return gone
  })
}

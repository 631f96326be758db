// One payout: given to a bank once for each attempt, by the rail that reaches its account.
import type { Db, Tx } from '@chargelane/db'
import { openPayout, type Payout, payoutOf } from '@chargelane/db/queries/documents/payouts'
import {
  changeSettlement,
  getSettlement,
  payeeAccount,
  type Settlement,
} from '@chargelane/db/queries/documents/settlements'
import type { OpenBankAccount } from '@chargelane/db/queries/partners/bank-accounts'
import type { SendPayout } from '../payment/payment.ts'
import type { PolicyDependencies } from '../policy/ask.ts'
import { whyHeldByOperator } from '../policy/payout.ts'
import { leavesAt } from './calendar.ts'
import { isBorne } from './float.ts'
import {
  awaitFunds,
  isAwaited,
  isOut,
  isRefused,
  keepOutcome,
  lockedOf,
  type PayoutResult,
  resultOf,
  tell,
  tellPaid,
  tellPayout,
} from './outcomes.ts'
import { chooseRail, type PayoutRails, railOf } from './rails.ts'

export type PayoutDependencies = PolicyDependencies & { payouts: PayoutRails }
type Asked = { settlementId: string; now: string }

async function settlementOf(db: Db, settlementId: string): Promise<Settlement> {
  const row = await getSettlement(db, 'all', settlementId)
  if (row === undefined) throw new Error(`No settlement ${settlementId}.`)
  return row
}

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
async function openAnew(tx: Tx, settlementId: string): Promise<Settlement> {
  const row = await lockedOf(tx, settlementId)
  if (!isRefused(row)) return row
  const anew = { state: 'closed', reason: null, attempt: row.attempt + 1 } as const
  return changeSettlement(tx, settlementId, anew)
}

type Payee = NonNullable<Awaited<ReturnType<typeof payeeAccount>>>
type Payable = Payee & { bank: OpenBankAccount }
const isPayable = (payee: Payee): payee is Payable => payee.bank !== undefined

/** Why nothing may be paid to it now; undefined where it may. */
function whyHeld({ status, verification, bank }: Payable): string | undefined {
  if (status !== 'active') return 'account_suspended'
  if (verification !== 'verified') return 'verification'
  return bank.payeeCheck === 'no_match' && bank.confirmedBy === null ? 'payee_name' : undefined
}

/** Written before it is sent, under the settlement's lock; a result where it is not to be sent. */
function begin(
  { db, payouts }: PayoutDependencies,
  read: Settlement,
  { bank }: Payable,
  now: string,
): Promise<{ result: PayoutResult } | { payout: Payout }> {
  return db.tx(async (tx) => {
    const row = await lockedOf(tx, read.id)
    if (!isAwaited(row, read)) return { result: resultOf(row) }
    const chosen = chooseRail(payouts, { numbers: bank.numbers, currency: row.amount.currency })
    if (chosen === undefined) {
      const held = await changeSettlement(tx, row.id, { state: 'on_hold', reason: 'bank_details' })
      await tell(tx, held, 'settlement.on_hold', { key: 'on_hold:no_rail', now })
      return { result: resultOf(held) }
    }
    // What is at the card provider is the provider's to bear or refuse.
    if (chosen.rail !== 'connect' && !(await isBorne(tx, row)))
      return { result: resultOf(await awaitFunds(tx, row, 'float', now)) }
    const { id: settlementId, attempt, payee, amount } = row
    const what = { settlementId, attempt, payee, amount, bankAccountId: bank.id }
    const opened = await openPayout(tx, { ...what, ...chosen, isInstant: false, at: now })
    // One that is half on its way stays so.
    const state = row.state === 'in_transit' ? row.state : 'closed'
    await changeSettlement(tx, row.id, { state, reason: null, sentToKey: bank.numberKey })
    if (opened.isNew) await tellPayout(tx, opened.payout, 'payout.created', now)
    return { payout: opened.payout }
  })
}

const orderOf = ({ id, settlementId, amount, isInstant }: Payout, bank: OpenBankAccount) =>
  ({
    payoutId: id,
    amount,
    creditorName: bank.holder.slice(0, 70),
    account: bank.numbers,
    reference: `Chargelane settlement ${settlementId}`,
    idempotencyKey: `${id}:payout`,
    isInstant,
  }) satisfies SendPayout

/**
 * Sends the payout once for each attempt: the bank is asked for it before it is given it. What the bank refused is sent
 * anew once the payee names another account, or a person asks for it.
 */
export async function sendPayout(deps: PayoutDependencies, input: Asked): Promise<PayoutResult> {
  const { db, payouts } = deps
  const { settlementId, now } = input
  let row = await settlementOf(db, settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  if (row.amount.amount === 0) return keepNetted(db, row, now)
  const payee = await payeeAccount(db, row.payee.id, row.amount.currency)
  if (payee === undefined || !isPayable(payee)) return holdSettlement(db, row, 'bank_details', now)
  const why = whyHeld(payee)
  if (why !== undefined) return holdSettlement(db, row, why, now)
  const { bank } = payee
  if (isRefused(row)) {
    if (row.sentToKey === bank.numberKey || row.reason === 'cancelled') return resultOf(row)
    row = await db.tx((tx) => openAnew(tx, settlementId))
  }
  const known = await askBank(deps, row, now)
  if (known !== undefined) return known
  const at = leavesAt(payee.payoutCalendar, now)
  if (at > now) return { kind: 'later', at }
  // What is half on its way goes all of it.
  const held = row.state === 'in_transit' ? undefined : await whyHeldByOperator(deps, row, now)
  if (held !== undefined) return holdSettlement(db, row, held, now)
  const begun = await begin(deps, row, payee, now)
  if ('result' in begun) return begun.result
  const { payout } = begun
  const outcome = await railOf(payouts, payout.rail).send(orderOf(payout, bank))
  return keepOutcome({ db, settlement: row, payout, now }, outcome)
}

/** What the bank of the last attempt says of it; undefined where none has it. */
async function askBank(
  { db, payouts }: Pick<PayoutDependencies, 'db' | 'payouts'>,
  settlement: Settlement,
  now: string,
): Promise<PayoutResult | undefined> {
  const { id: settlementId, attempt } = settlement
  const payout = await payoutOf(db, { settlementId, attempt })
  if (payout === undefined) return undefined
  const known = await railOf(payouts, payout.rail).find({ payoutId: payout.id })
  return known.kind === 'none' ? undefined : keepOutcome({ db, settlement, payout, now }, known)
}

/** Looks whether the bank has booked it. What was begun and is nowhere, as after a crash half-way, is sent again. */
export async function readPayout(deps: PayoutDependencies, input: Asked): Promise<PayoutResult> {
  const row = await settlementOf(deps.db, input.settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  const told = await askBank(deps, row, input.now)
  if (told !== undefined) return told
  // A bank that had it may be slow to find it again; at the card provider the second half may be missing.
  const payout = await payoutOf(deps.db, { settlementId: row.id, attempt: row.attempt })
  const isGiven = row.state === 'in_transit' && payout?.rail !== 'connect'
  return isGiven ? { kind: 'in_transit' } : sendPayout(deps, input)
}

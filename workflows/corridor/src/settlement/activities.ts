import { InvariantError } from '@chargelane/rules/assert'
import type { Db, Tx } from '@chargelane/db'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { balanceOf, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { settlementView } from '@chargelane/db/views/money/settlements'
import {
  changeSettlement,
  closeSettlement,
  getSettlement,
  payeeAccount,
  payeesWithOpenPayables,
  sessionsPaidWith,
  settlementLines,
  settlementsOfSession,
  unpaidSettlements,
} from '@chargelane/db/queries/documents/settlements'
import type { Payee, Settlement } from '@chargelane/db/queries/documents/settlements'
import type { Statement } from '@chargelane/rules/documents'
import {
  accounts,
  nettingEntry,
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
} from '@chargelane/rules/ledger'
import type { Entry } from '@chargelane/rules/ledger'
import { minimum, money, subtract, sum } from '@chargelane/rules/money'
import { partyKey } from '@chargelane/rules/split/parties'
import type { SettledNews } from '../contract.ts'
import type { PayoutOutcome, PayoutPort } from '../payment/payment.ts'
import { statementText } from './rules.ts'

export type PayoutResult =
  | { kind: 'paid' }
  | { kind: 'in_transit' }
  | { kind: 'on_hold'; reason: string }

export type SettlementDependencies = {
  db: Db
  payouts: PayoutPort
  renderStatement: (statement: Statement) => Promise<Buffer>
  /** Tells a session's workflow which payees of it have been paid; a workflow that has ended needs no telling. */
  tellSession: (workflowId: string, news: readonly SettledNews[]) => Promise<void>
}

/** What a session asks about its own settlement: which payees have their money, in case a signal got lost. */
export function createSessionSettlementActivities({ db }: { db: Db }) {
  return {
    async readSettlement(input: { sessionId: string }): Promise<{ paid: PartyRef[] }> {
      const rows = await settlementsOfSession(db, input.sessionId)
      const byPayee = Map.groupBy(rows, ({ payee }) => partyKey(payee))
      const paid = [...byPayee.values()].filter((own) => own.every(({ state }) => state === 'paid'))
      return { paid: paid.flatMap(([first]) => (first === undefined ? [] : [first.payee])) }
    },
  }
}

export type SessionSettlementActivities = ReturnType<typeof createSessionSettlementActivities>

async function settlementOf(db: Db, settlementId: string): Promise<Settlement> {
  const row = await getSettlement(db, 'all', settlementId)
  if (row === undefined) throw new InvariantError(`No settlement ${settlementId}.`)
  return row
}

async function statementOf(db: Db, settlement: Settlement): Promise<Statement> {
  const account = await payeeAccount(db, settlement.payee.id)
  if (account === undefined) throw new InvariantError(`No payee ${settlement.payee.id}.`)
  const lines = await settlementLines(db, settlement.id)
  const { currency } = settlement.amount
  const owed = sum(
    lines.map(({ amount }) => amount),
    currency,
  )
  const netted = subtract(settlement.amount, owed)
  return {
    settlementId: settlement.id,
    batch: settlement.batch,
    role: settlement.payee.role,
    payee: {
      id: account.id,
      legalName: account.legalName,
      country: account.country,
      vatId: account.vatId,
      address: account.address,
    },
    iban: account.iban ?? 'no bank account yet',
    cutOffAt: settlement.cutOffAt,
    slaDeadline: settlement.slaDeadline,
    ...(netted.amount === 0 ? {} : { netted }),
    total: settlement.amount,
    lines: lines.map((line) => ({
      sessionId: line.sessionId,
      endedAt: line.endedAt ?? settlement.cutOffAt,
      evseId: line.evseId,
      ...statementText(line.detail),
      provisional: line.provisional,
      amount: line.amount,
    })),
  }
}

async function holdSettlement(
  db: Db,
  row: Settlement,
  reason: string,
  now: string,
): Promise<PayoutResult> {
  await db.tx(async (tx) => {
    const held = await changeSettlement(tx, row.id, { state: 'on_hold', reason })
    await appendEvent(tx, {
      accountId: row.payee.id,
      type: 'settlement.on_hold',
      objectId: row.id,
      data: settlementView(held),
      dedupeKey: `${row.id}:on_hold:${reason}`,
      at: now,
    })
  })
  return { kind: 'on_hold', reason }
}

/** Books what the bank said; each entry's key belongs to the payout, so hearing it twice books it once. */
async function keepOutcome(
  db: Db,
  row: Settlement,
  outcome: PayoutOutcome,
  now: string,
): Promise<PayoutResult> {
  const base = { payee: row.payee, payoutId: row.id, amount: row.amount }
  // The effective time belongs to the entry, so a repetition must bring the same one.
  const effectiveAt = row.cutOffAt
  const post = (tx: Parameters<typeof postEntry>[0], entry: Entry, at = effectiveAt) =>
    postEntry(tx, { ...entry, effectiveAt: at })
  const sent = payoutEntry({ ...base, key: `${row.id}:payout` })
  if (outcome.kind === 'rejected') {
    await db.tx(async (tx) => {
      await post(tx, sent)
      await post(tx, payoutFailedEntry({ ...base, key: `${row.id}:payout_failed` }))
    })
    return holdSettlement(db, row, `bank: ${outcome.reason}`, now)
  }
  const { bankReference, bookedAt } = outcome
  await db.tx(async (tx) => {
    await post(tx, sent)
    if (bookedAt === undefined) {
      await changeSettlement(tx, row.id, { state: 'in_transit', payoutReference: bankReference })
      return
    }
    await post(tx, payoutPaidEntry({ ...base, key: `${row.id}:payout_paid` }), bookedAt)
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: null,
      payoutReference: bankReference,
      paidAt: bookedAt,
    })
    await appendEvent(tx, {
      accountId: row.payee.id,
      type: 'settlement.paid',
      objectId: row.id,
      data: settlementView(paid),
      dedupeKey: `${row.id}:paid`,
      at: now,
    })
  })
  return { kind: bookedAt === undefined ? 'in_transit' : 'paid' }
}

/** Who is owed something at the cut-off, and which earlier settlements still wait for their money. */
async function listPayees(
  deps: SettlementDependencies,
  input: { cutOffAt: string },
): Promise<{ payees: Payee[]; unpaid: string[] }> {
  const unpaid = await unpaidSettlements(deps.db)
  return {
    payees: await payeesWithOpenPayables(deps.db, input.cutOffAt),
    unpaid: unpaid.map((row) => row.id),
  }
}

/**
 * What a payee owes for its own subscribers is kept back from what it is paid, as far as that goes; the rest stays owed.
 * What was kept back too much, as a later record shows, is paid out with it.
 * Called once, in the tx that makes the settlement; returns what was kept back.
 */
async function netSponsored(
  tx: Tx,
  made: { id: string; owed: Money },
  { payee, cutOffAt }: Payee & { cutOffAt: string },
): Promise<Money> {
  const { currency } = made.owed
  const sponsored = money(await balanceOf(tx, accounts.sponsored(payee.id, currency)), currency)
  const amount = minimum(sponsored, made.owed)
  if (amount.amount === 0) return amount
  const entry = nettingEntry({ key: `${made.id}:netting`, payee, amount })
  await postEntry(tx, { ...entry, effectiveAt: cutOffAt })
  return amount
}

/** Closes a payee's settlement of the batch with its statement; null when nothing positive is owed. */
async function closePayee(
  deps: SettlementDependencies,
  input: Payee & { batch: string; cutOffAt: string; now: string },
): Promise<{ settlementId: string } | null> {
  const { now, ...due } = input
  const row = await deps.db.tx((tx) =>
    closeSettlement(tx, { ...due, at: now }, (made) => netSponsored(tx, made, due)),
  )
  if (row === undefined) return null
  const statement = await statementOf(deps.db, row)
  const statementPdf = await deps.renderStatement(statement)
  await deps.db.tx(async (tx) => {
    const closed = await changeSettlement(tx, row.id, { statement, statementPdf })
    for (const type of ['settlement.closed', 'statement.ready'] as const)
      await appendEvent(tx, {
        accountId: row.payee.id,
        type,
        objectId: row.id,
        data: settlementView(closed),
        dedupeKey: `${row.id}:${type}`,
        at: now,
      })
  })
  return { settlementId: row.id }
}

/** All of it was netted: the payee has what it was owed, and there is nothing to send. */
async function keepNetted(db: Db, row: Settlement, now: string): Promise<PayoutResult> {
  await db.tx(async (tx) => {
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: 'netted',
      paidAt: row.cutOffAt,
    })
    await appendEvent(tx, {
      accountId: row.payee.id,
      type: 'settlement.paid',
      objectId: row.id,
      data: settlementView(paid),
      dedupeKey: `${row.id}:paid`,
      at: now,
    })
  })
  return { kind: 'paid' }
}

/** Sends the payout once: the bank is asked for it before it is given it. */
async function sendPayout(
  deps: SettlementDependencies,
  input: { settlementId: string; now: string },
): Promise<PayoutResult> {
  const row = await settlementOf(deps.db, input.settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  if (row.amount.amount === 0) return keepNetted(deps.db, row, input.now)
  const payee = await payeeAccount(deps.db, row.payee.id)
  if (payee === undefined || payee.iban === null)
    return holdSettlement(deps.db, row, 'bank_details', input.now)
  if (payee.status !== 'active') return holdSettlement(deps.db, row, 'account_suspended', input.now)
  const known = await deps.payouts.find({ payoutId: row.id })
  if (known.kind !== 'none') return keepOutcome(deps.db, row, known, input.now)
  const outcome = await deps.payouts.send({
    payoutId: row.id,
    amount: row.amount,
    creditorName: payee.legalName.slice(0, 70),
    iban: payee.iban,
    reference: `Chargelane settlement ${row.id}`,
    idempotencyKey: `${row.id}:payout`,
  })
  return keepOutcome(deps.db, row, outcome, input.now)
}

/** Looks whether the bank has booked it. */
async function readPayout(
  deps: SettlementDependencies,
  input: { settlementId: string; now: string },
): Promise<PayoutResult> {
  const row = await settlementOf(deps.db, input.settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  const known = await deps.payouts.find({ payoutId: row.id })
  return known.kind === 'none'
    ? { kind: 'in_transit' }
    : keepOutcome(deps.db, row, known, input.now)
}

/** Tells each session of these settlements, once everybody it owes has been paid: it closes and seals by nothing less. */
async function tellSessions(
  deps: SettlementDependencies,
  input: { settlementIds: readonly string[] },
): Promise<{ told: number }> {
  const paid = await sessionsPaidWith(deps.db, input.settlementIds)
  for (const { workflowId, news } of paid) await deps.tellSession(workflowId, news)
  return { told: paid.length }
}

export function createSettlementActivities(deps: SettlementDependencies) {
  return {
    listPayees: (input: Parameters<typeof listPayees>[1]) => listPayees(deps, input),
    closePayee: (input: Parameters<typeof closePayee>[1]) => closePayee(deps, input),
    sendPayout: (input: Parameters<typeof sendPayout>[1]) => sendPayout(deps, input),
    readPayout: (input: Parameters<typeof readPayout>[1]) => readPayout(deps, input),
    tellSessions: (input: Parameters<typeof tellSessions>[1]) => tellSessions(deps, input),
  }
}

export type SettlementActivities = ReturnType<typeof createSettlementActivities>

import type { Db, Tx } from '@chargelane/db'
import { balanceOf, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { settlementView } from '@chargelane/db/views/settlements'
import {
  changeSettlement,
  closeSettlement,
  getSettlement,
  payeeAccount,
  payeesWithOpenPayables,
  settlementLines,
  settlementsOfSession,
  unpaidSettlements,
} from '@chargelane/db/queries/documents/settlements'
import type { Payee, SettlementRow } from '@chargelane/db/queries/documents/settlements'
import type { Statement } from '@chargelane/rules/documents'
import {
  accounts,
  nettingEntry,
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
} from '@chargelane/rules/ledger'
import type { Entry } from '@chargelane/rules/ledger'
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
  /** Tells a session's workflow that a payee of it has been paid; a workflow that has ended needs no telling. */
  tellSession: (
    workflowId: string,
    news: { settlementId: string; role: 'cpo' | 'partner' },
  ) => Promise<void>
}

/** What a session asks about its own settlement: which payees have their money, in case a signal got lost. */
export function createSessionSettlementActivities({ db }: { db: Db }) {
  return {
    async readSettlement(input: { sessionId: string }): Promise<{ settledRoles: string[] }> {
      const rows = await settlementsOfSession(db, input.sessionId)
      const roles = [...new Set(rows.map((row) => row.role))]
      const isPaid = (role: string) =>
        rows.filter((row) => row.role === role).every((row) => row.state === 'paid')
      return { settledRoles: roles.filter(isPaid) }
    },
  }
}

export type SessionSettlementActivities = ReturnType<typeof createSessionSettlementActivities>

async function settlementOf(db: Db, settlementId: string): Promise<SettlementRow> {
  const row = await getSettlement(db, 'all', settlementId)
  if (row === undefined) throw new Error(`No settlement ${settlementId}.`)
  return row
}

async function statementOf(db: Db, row: SettlementRow): Promise<Statement> {
  const payee = await payeeAccount(db, row.payeeId)
  if (payee === undefined) throw new Error(`No payee ${row.payeeId}.`)
  const lines = await settlementLines(db, row.id)
  const owed = lines.reduce((total, line) => total + line.amountMinor, 0)
  const netted = row.amountMinor - owed
  return {
    settlementId: row.id,
    batch: row.batch,
    role: row.role,
    payee: {
      id: payee.id,
      legalName: payee.legalName,
      country: payee.country,
      vatId: payee.vatId,
      address: payee.address,
    },
    iban: payee.iban ?? 'no bank account yet',
    cutOffAt: row.cutOffAt,
    slaDeadline: row.slaDeadline,
    ...(netted === 0 ? {} : { netted: { amount: netted, currency: row.currency } }),
    total: { amount: row.amountMinor, currency: row.currency },
    lines: lines.map((line) => ({
      sessionId: line.sessionId,
      endedAt: line.endedAt ?? row.cutOffAt,
      evseId: line.evseId,
      ...statementText(line.detail),
      provisional: line.provisional === 1,
      amount: { amount: line.amountMinor, currency: line.currency },
    })),
  }
}

async function hold(
  db: Db,
  row: SettlementRow,
  reason: string,
  now: string,
): Promise<PayoutResult> {
  await db.tx(async (tx) => {
    const held = await changeSettlement(tx, row.id, { state: 'on_hold', reason })
    await appendEvent(tx, {
      accountId: row.payeeId,
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
async function keep(
  db: Db,
  row: SettlementRow,
  outcome: PayoutOutcome,
  now: string,
): Promise<PayoutResult> {
  const payee = { role: row.role, id: row.payeeId }
  const amount = { amount: row.amountMinor, currency: row.currency }
  const base = { payee, payoutId: row.id, amount }
  // The effective time belongs to the entry, so a repetition must bring the same one.
  const effectiveAt = row.cutOffAt
  const post = (tx: Parameters<typeof postEntry>[0], entry: Entry, at = effectiveAt) =>
    postEntry(tx, { key: entry.key, kind: entry.kind, effectiveAt: at, postings: entry.postings })
  const sent = payoutEntry({ ...base, key: `${row.id}:payout` })
  if (outcome.kind === 'rejected') {
    await db.tx(async (tx) => {
      await post(tx, sent)
      await post(tx, payoutFailedEntry({ ...base, key: `${row.id}:payout_failed` }))
    })
    return hold(db, row, `bank: ${outcome.reason}`, now)
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
      accountId: row.payeeId,
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
 * Called once, in the tx that makes the settlement. Minor units kept back.
 */
async function netSponsored(
  tx: Tx,
  made: { id: string; amountMinor: number },
  input: Payee & { cutOffAt: string },
): Promise<number> {
  const payee = { role: input.role, id: input.payeeId }
  const owed = await balanceOf(tx, accounts.sponsored(payee.id, input.currency))
  const amount = Math.min(owed, made.amountMinor)
  if (amount === 0) return 0
  const key = `${made.id}:netting`
  const entry = nettingEntry({ key, payee, amount: { amount, currency: input.currency } })
  await postEntry(tx, {
    key: entry.key,
    kind: entry.kind,
    effectiveAt: input.cutOffAt,
    postings: entry.postings,
  })
  return amount
}

/** Closes a payee's settlement of the batch with its statement; null when nothing positive is owed. */
async function closePayee(
  deps: SettlementDependencies,
  input: Payee & { batch: string; cutOffAt: string; now: string },
): Promise<{ settlementId: string } | null> {
  const { now, payeeId, role, currency, batch, cutOffAt } = input
  const row = await deps.db.tx((tx) =>
    closeSettlement(tx, { payeeId, role, currency, batch, cutOffAt, at: now }, (made) =>
      netSponsored(tx, made, { payeeId, role, currency, cutOffAt }),
    ),
  )
  if (row === undefined) return null
  const statement = await statementOf(deps.db, row)
  const statementPdf = await deps.renderStatement(statement)
  await deps.db.tx(async (tx) => {
    const closed = await changeSettlement(tx, row.id, { statement, statementPdf })
    for (const type of ['settlement.closed', 'statement.ready'] as const)
      await appendEvent(tx, {
        accountId: row.payeeId,
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
async function keepNetted(db: Db, row: SettlementRow, now: string): Promise<PayoutResult> {
  await db.tx(async (tx) => {
    const paid = await changeSettlement(tx, row.id, {
      state: 'paid',
      reason: 'netted',
      paidAt: row.cutOffAt,
    })
    await appendEvent(tx, {
      accountId: row.payeeId,
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
  if (row.amountMinor === 0) return keepNetted(deps.db, row, input.now)
  const payee = await payeeAccount(deps.db, row.payeeId)
  if (payee === undefined || payee.iban === null)
    return hold(deps.db, row, 'bank_details', input.now)
  if (payee.status !== 'active') return hold(deps.db, row, 'account_suspended', input.now)
  const known = await deps.payouts.find({ payoutId: row.id })
  if (known.kind !== 'none') return keep(deps.db, row, known, input.now)
  const outcome = await deps.payouts.send({
    payoutId: row.id,
    amount: { amount: row.amountMinor, currency: row.currency },
    creditorName: payee.legalName.slice(0, 70),
    iban: payee.iban,
    reference: `Chargelane settlement ${row.id}`,
    idempotencyKey: `${row.id}:payout`,
  })
  return keep(deps.db, row, outcome, input.now)
}

/** Looks whether the bank has booked it. */
async function readPayout(
  deps: SettlementDependencies,
  input: { settlementId: string; now: string },
): Promise<PayoutResult> {
  const row = await settlementOf(deps.db, input.settlementId)
  if (row.state === 'paid') return { kind: 'paid' }
  const known = await deps.payouts.find({ payoutId: row.id })
  return known.kind === 'none' ? { kind: 'in_transit' } : keep(deps.db, row, known, input.now)
}

/** Tells every session of a paid settlement, so that it can close and seal. */
async function tellSessions(
  deps: SettlementDependencies,
  input: { settlementId: string },
): Promise<{ told: number }> {
  const row = await settlementOf(deps.db, input.settlementId)
  const lines = await settlementLines(deps.db, row.id)
  const workflowIds = [...new Set(lines.map((line) => line.workflowId))]
  for (const workflowId of workflowIds)
    await deps.tellSession(workflowId, { settlementId: row.id, role: row.role })
  return { told: workflowIds.length }
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

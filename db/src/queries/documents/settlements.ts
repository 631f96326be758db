import { and, asc, desc, eq, inArray, isNull, lt, lte, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { accounts, evses, payables, sessions, settlements } from '../../schema.ts'
import type { PayableDetail, Statement } from '@chargelane/rules/documents'

export type PayableRow = typeof payables.$inferSelect
/** Without the statement's bytes, which only the download needs. */
export type SettlementRow = Omit<typeof settlements.$inferSelect, 'statementPdf'>
export type SettlementState = SettlementRow['state']
export type PayeeRole = SettlementRow['role']

const columns = {
  id: settlements.id,
  payeeId: settlements.payeeId,
  role: settlements.role,
  currency: settlements.currency,
  batch: settlements.batch,
  state: settlements.state,
  reason: settlements.reason,
  amountMinor: settlements.amountMinor,
  sessionCount: settlements.sessionCount,
  slaDeadline: settlements.slaDeadline,
  payoutReference: settlements.payoutReference,
  statement: settlements.statement,
  cutOffAt: settlements.cutOffAt,
  paidAt: settlements.paidAt,
  createdAt: settlements.createdAt,
}

export type NewPayable = {
  sessionId: string
  payeeId: string
  role: PayeeRole
  currency: string
  amountMinor: number
  detail: PayableDetail
  /** 1 on our own provisional record, 0 on the CPO's. */
  provisional: number
  slaDeadline: string
  at: string
}

/** What payees are owed for a session, once per payee, role and record; written with the ledger entry of the sale. */
export async function addPayables(tx: Tx, rows: NewPayable[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(payables)
    .values(rows.map(({ at, ...row }) => ({ id: newId('payable'), ...row, createdAt: at })))
    .onConflictDoNothing()
}

export async function payablesOfSession(sql: Sql, sessionId: string): Promise<PayableRow[]> {
  return sql
    .select()
    .from(payables)
    .where(eq(payables.sessionId, sessionId))
    .orderBy(asc(payables.id))
}

export type Payee = { payeeId: string; role: PayeeRole; currency: string }

/** Who is owed something that no settlement has collected yet and nothing holds back, up to a cut-off. */
export async function payeesWithOpenPayables(sql: Sql, cutOffAt: string): Promise<Payee[]> {
  return sql
    .selectDistinct({
      payeeId: payables.payeeId,
      role: payables.role,
      currency: payables.currency,
    })
    .from(payables)
    .where(
      and(
        isNull(payables.settlementId),
        isNull(payables.heldReason),
        lte(payables.createdAt, cutOffAt),
      ),
    )
    .orderBy(asc(payables.payeeId), asc(payables.role), asc(payables.currency))
}

/**
 * Collects a payee's open payables into one settlement of the batch. Called again it finds the settlement it made;
 * undefined when there is nothing to settle. A sum that is not positive is closed `on_hold` and carried (failures F64).
 * `keepBack` tells how much of a new one is netted against what the payee owes, in minor units.
 */
export async function closeSettlement(
  tx: Tx,
  input: Payee & { batch: string; cutOffAt: string; at: string },
  keepBack: (made: { id: string; amountMinor: number }) => Promise<number> = async () => 0,
): Promise<SettlementRow | undefined> {
  const { payeeId, role, currency, batch } = input
  const same = and(
    eq(settlements.payeeId, payeeId),
    eq(settlements.role, role),
    eq(settlements.currency, currency),
    eq(settlements.batch, batch),
  )
  const [first] = await tx.select(columns).from(settlements).where(same)
  if (first !== undefined) return first
  const open = await tx
    .select()
    .from(payables)
    .where(
      and(
        eq(payables.payeeId, payeeId),
        eq(payables.role, role),
        eq(payables.currency, currency),
        isNull(payables.settlementId),
        // Held back, e.g. because the session's price proof does not recompute (failures F45).
        isNull(payables.heldReason),
        lte(payables.createdAt, input.cutOffAt),
      ),
    )
    .for('update')
  const owedMinor = open.reduce((total, row) => total + row.amountMinor, 0)
  if (open.length === 0 || owedMinor <= 0) return undefined
  const id = newId('settlement')
  // Two batches of one payee must not net the same debt.
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${payeeId + currency}, 48))`)
  const amountMinor = owedMinor - (await keepBack({ id, amountMinor: owedMinor }))
  const deadlines = open.map((row) => row.slaDeadline).toSorted()
  await tx.insert(settlements).values({
    id,
    payeeId,
    role,
    currency,
    batch,
    state: 'closed',
    amountMinor,
    sessionCount: new Set(open.map((row) => row.sessionId)).size,
    slaDeadline: deadlines[0] ?? input.at,
    cutOffAt: input.cutOffAt,
    createdAt: input.at,
  })
  await tx
    .update(payables)
    .set({ settlementId: id })
    .where(
      inArray(
        payables.id,
        open.map((row) => row.id),
      ),
    )
  const [made] = await tx.select(columns).from(settlements).where(eq(settlements.id, id))
  return made
}

export type SettlementPatch = Partial<{
  state: SettlementState
  reason: string | null
  payoutReference: string
  statementPdf: Buffer
  statement: Statement
  paidAt: string
}>

/** Moves a settlement on. A paid one never changes again. */
export async function changeSettlement(
  tx: Tx,
  settlementId: string,
  patch: SettlementPatch,
): Promise<SettlementRow> {
  const [before] = await tx
    .select(columns)
    .from(settlements)
    .where(eq(settlements.id, settlementId))
    .for('update')
  if (before === undefined) throw new Error(`No settlement ${settlementId}.`)
  if (before.state === 'paid') return before
  const [after] = await tx
    .update(settlements)
    .set(patch)
    .where(eq(settlements.id, settlementId))
    .returning(columns)
  return after ?? before
}

/** Finance and platform see all; a payee sees its own. */
export async function getSettlement(
  sql: Sql,
  payeeId: string,
  settlementId: string,
): Promise<SettlementRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(settlements)
    .where(
      and(
        eq(settlements.id, settlementId),
        payeeId === 'all' ? undefined : eq(settlements.payeeId, payeeId),
      ),
    )
  return row
}

export async function statementPdfOf(
  sql: Sql,
  payeeId: string,
  settlementId: string,
): Promise<Buffer | undefined> {
  const [row] = await sql
    .select({ pdf: settlements.statementPdf })
    .from(settlements)
    .where(
      and(
        eq(settlements.id, settlementId),
        payeeId === 'all' ? undefined : eq(settlements.payeeId, payeeId),
      ),
    )
  return row?.pdf ?? undefined
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listSettlements(
  sql: Sql,
  payeeId: string,
  page: { after?: string; limit: number; state?: SettlementState },
): Promise<SettlementRow[]> {
  return sql
    .select(columns)
    .from(settlements)
    .where(
      and(
        payeeId === 'all' ? undefined : eq(settlements.payeeId, payeeId),
        page.state === undefined ? undefined : eq(settlements.state, page.state),
        page.after === undefined ? undefined : lt(settlements.id, page.after),
      ),
    )
    .orderBy(desc(settlements.id))
    .limit(page.limit)
}

/**
 * Settlements that a batch takes up again: unfinished ones, and those on hold for what their payee can mend. What the
 * bank itself refused waits for operations, because the same payout cannot be sent twice.
 */
export async function unpaidSettlements(sql: Sql): Promise<SettlementRow[]> {
  return sql
    .select(columns)
    .from(settlements)
    .where(
      or(
        inArray(settlements.state, ['closed', 'in_transit', 'awaiting_funds']),
        and(
          eq(settlements.state, 'on_hold'),
          inArray(settlements.reason, ['bank_details', 'account_suspended']),
        ),
      ),
    )
    .orderBy(asc(settlements.id))
}

/** The lines of a statement: each payable of the settlement with its session. */
export async function settlementLines(sql: Sql, settlementId: string) {
  return sql
    .select({
      payableId: payables.id,
      sessionId: payables.sessionId,
      workflowId: sessions.workflowId,
      partnerId: sessions.accountId,
      cpoId: sessions.cpoId,
      /** As printed on the charger. */
      evseId: evses.evseId,
      startedAt: sessions.startedAt,
      endedAt: sessions.endedAt,
      energyWh: sessions.energyWh,
      role: payables.role,
      currency: payables.currency,
      amountMinor: payables.amountMinor,
      detail: payables.detail,
      provisional: payables.provisional,
      slaDeadline: payables.slaDeadline,
    })
    .from(payables)
    .innerJoin(sessions, eq(sessions.id, payables.sessionId))
    .innerJoin(evses, eq(evses.id, sessions.evseId))
    .where(eq(payables.settlementId, settlementId))
    .orderBy(asc(payables.id))
}

/** The settlements a session's payees were paid in; empty entries are still open. */
export async function settlementsOfSession(sql: Sql, sessionId: string) {
  return sql
    .select({
      role: payables.role,
      payeeId: payables.payeeId,
      currency: payables.currency,
      amountMinor: payables.amountMinor,
      provisional: payables.provisional,
      slaDeadline: payables.slaDeadline,
      settlementId: payables.settlementId,
      state: settlements.state,
      paidAt: settlements.paidAt,
      payoutReference: settlements.payoutReference,
    })
    .from(payables)
    .leftJoin(settlements, eq(settlements.id, payables.settlementId))
    .where(eq(payables.sessionId, sessionId))
    .orderBy(asc(payables.id))
}

/** Name and bank account of a payee; a missing IBAN puts its settlement on hold. */
export async function payeeAccount(sql: Sql, payeeId: string) {
  const [row] = await sql
    .select({
      id: accounts.id,
      name: accounts.name,
      legalName: accounts.legalName,
      country: accounts.country,
      payoutCurrency: accounts.payoutCurrency,
      vatId: accounts.vatId,
      address: accounts.address,
      iban: accounts.iban,
      status: accounts.status,
    })
    .from(accounts)
    .where(eq(accounts.id, payeeId))
  return row
}

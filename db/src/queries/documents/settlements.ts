import { InvariantError } from '@chargelane/rules/assert'
import { and, asc, desc, eq, inArray, isNull, lt, lte, ne, or, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef, PartyRole } from '@chargelane/openapi/vocabulary/parties'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { arrayOf } from '../arrays.ts'
import { minorOf, sumText } from '../sums.ts'
import { accounts, bankAccounts, payables, sessions, settlements } from '../../schema.ts'
import { seal } from '../../sealed/sealed.ts'
import { activeBankAccount } from '../partners/bank-accounts.ts'
import { subtract, sum } from '@chargelane/rules/money'
import type { Statement } from '@chargelane/rules/documents'

type SettlementColumns = typeof settlements.$inferSelect
export type SettlementState = SettlementColumns['state']

/** Without the statement, which only the download needs. */
export type Settlement = Omit<
  SettlementColumns,
  'statementPdf' | 'statement' | 'payeeId' | 'role' | 'amountMinor' | 'currency'
> & { payee: PartyRef; amount: Money }

/** What is owed to whom, of which revision of a sale. */
export type StoredPayable = Omit<
  typeof payables.$inferSelect,
  'payeeId' | 'role' | 'amountMinor' | 'currency'
> & { payee: PartyRef; amount: Money }

/** The payee and the amount of a row as the values they are everywhere else. */
export const valued = <
  T extends { payeeId: string; role: PartyRole; amountMinor: number; currency: string },
>({
  payeeId,
  role,
  amountMinor,
  currency,
  ...row
}: T) => ({
  ...row,
  payee: { role, id: payeeId },
  amount: { amount: amountMinor, currency },
})

const columns = {
  id: settlements.id,
  payeeId: settlements.payeeId,
  role: settlements.role,
  currency: settlements.currency,
  batch: settlements.batch,
  state: settlements.state,
  reason: settlements.reason,
  attempt: settlements.attempt,
  sentToKey: settlements.sentToKey,
  amountMinor: settlements.amountMinor,
  sessionCount: settlements.sessionCount,
  slaDeadline: settlements.slaDeadline,
  payoutReference: settlements.payoutReference,
  cutOffAt: settlements.cutOffAt,
  paidAt: settlements.paidAt,
  createdAt: settlements.createdAt,
}

export type NewPayable = Pick<
  StoredPayable,
  'payee' | 'amount' | 'detail' | 'waits' | 'revision' | 'provisional' | 'slaDeadline'
> & { at: string } & ({ sessionId: string } | { splitItemId: string })

const insertPayables = fixedStatement<Record<string, never>, { list: string }>(
  () => raw`insert into payables (id, session_id, split_item_id, payee_id, role, currency, amount_minor, detail, waits, held_reason,
      revision, provisional, sla_deadline, created_at)
    select id, "sessionId", "splitItemId", "payeeId", role, currency, "amountMinor", detail, waits,
      case when waits then 'awaiting_funds' end, revision, provisional, "slaDeadline", "createdAt"
    from jsonb_to_recordset(${arg('list')}::jsonb) as p(id text, "sessionId" text, "splitItemId" text, "payeeId" text, role text,
      currency text, "amountMinor" bigint, detail jsonb, waits boolean, revision int, provisional boolean,
      "slaDeadline" timestamptz, "createdAt" timestamptz)
    on conflict do nothing`,
)

/** What payees are owed for a session, once per payee and revision, due and waiting apart; written with the ledger entries of the sale. */
export async function addPayables(tx: Tx, rows: NewPayable[]): Promise<void> {
  if (rows.length === 0) return
  const list = rows.map(({ at, payee, amount, ...row }) => ({
    id: newId('payable'),
    ...row,
    payeeId: payee.id,
    role: payee.role,
    amountMinor: amount.amount,
    currency: amount.currency,
    createdAt: at,
  }))
  await insertPayables(tx, { list: JSON.stringify(list) })
}

export async function payablesOfSession(sql: Sql, sessionId: string): Promise<StoredPayable[]> {
  const rows = await sql
    .select()
    .from(payables)
    .where(eq(payables.sessionId, sessionId))
    .orderBy(asc(payables.id))
  return rows.map(valued)
}

/** Of the sessions of one demand partner alone; of all where none is named. */
const ofDemand = (partnerId: string | undefined) =>
  partnerId === undefined
    ? undefined
    : raw`exists (select from ${sessions} where ${sessions.id} = ${payables.sessionId}
        and ${sessions.accountId} = ${partnerId})`

export type Payee = { payee: PartyRef; currency: string }

/** Who is owed something that no settlement has collected yet and nothing holds back, up to a cut-off. */
export async function payeesWithOpenPayables(
  sql: Sql,
  cutOffAt: string,
  demand?: string,
): Promise<Payee[]> {
  const rows = await sql
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
        ofDemand(demand),
      ),
    )
    .orderBy(asc(payables.payeeId), asc(payables.role), asc(payables.currency))
  return rows.map(({ payeeId, role, currency }) => ({ payee: { role, id: payeeId }, currency }))
}

/**
 * Collects a payee's open payables into one settlement of the batch. Called again it finds the settlement it made;
 * undefined when there is nothing to settle. A sum that is not positive is closed `on_hold` and carried (failures F64).
 * `keepBack` tells how much of a new one is netted against what the payee owes.
 */
export async function closeSettlement(
  tx: Tx,
  input: Payee & { batch: string; cutOffAt: string; at: string; demand?: string },
  keepBack: (made: { id: string; owed: Money }) => Promise<Money> = async ({ owed }) => ({
    ...owed,
    amount: 0,
  }),
): Promise<Settlement | undefined> {
  const { payee, currency, batch } = input
  const { id: payeeId, role } = payee
  const same = and(
    eq(settlements.payeeId, payeeId),
    eq(settlements.role, role),
    eq(settlements.currency, currency),
    eq(settlements.batch, batch),
  )
  const [first] = await tx.select(columns).from(settlements).where(same)
  if (first !== undefined) return valued(first)
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
        ofDemand(input.demand),
      ),
    )
    .for('update')
  const owed = sum(
    open.map((row) => ({ amount: row.amountMinor, currency })),
    currency,
  )
  if (open.length === 0 || owed.amount <= 0) return undefined
  const id = newId('settlement')
  // Two batches of one payee must not net the same debt.
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${payeeId + currency}, 48))`)
  const kept = await keepBack({ id, owed })
  const deadlines = open.map((row) => row.slaDeadline).toSorted()
  await tx.insert(settlements).values({
    id,
    payeeId,
    role,
    currency,
    batch,
    state: 'closed',
    amountMinor: subtract(owed, kept).amount,
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
  return made && valued(made)
}

export type SettlementPatch = Partial<{
  state: SettlementState
  reason: string | null
  attempt: number
  sentToKey: string
  payoutReference: string
  statementPdf: Buffer
  statement: Statement
  paidAt: string
}>

function sealedPatch(id: string, { statementPdf, statement, ...patch }: SettlementPatch) {
  const text = JSON.stringify(statement)
  return {
    ...patch,
    ...(statementPdf === undefined
      ? {}
      : { statementPdf: seal('settlements.statement_pdf', id, statementPdf) }),
    ...(statement === undefined ? {} : { statement: seal('settlements.statement', id, text) }),
  }
}

/** As it is now, and as nobody else changes it until the end of the tx. */
export async function lockSettlement(
  tx: Tx,
  settlementId: string,
): Promise<Settlement | undefined> {
  const [row] = await tx
    .select(columns)
    .from(settlements)
    .where(eq(settlements.id, settlementId))
    .for('update')
  return row && valued(row)
}

/** Moves a settlement on. A paid one never changes again. */
export async function changeSettlement(
  tx: Tx,
  settlementId: string,
  patch: SettlementPatch,
): Promise<Settlement> {
  const before = await lockSettlement(tx, settlementId)
  if (before === undefined) throw new InvariantError(`No settlement ${settlementId}.`)
  if (before.state === 'paid') return before
  const [after] = await tx
    .update(settlements)
    .set(sealedPatch(settlementId, patch))
    .where(eq(settlements.id, settlementId))
    .returning(columns)
  return after === undefined ? before : valued(after)
}

/** A paid one came back from the bank: it is owed again. Undefined where it is not paid. */
export async function reopenSettlement(
  tx: Tx,
  settlementId: string,
  reason: string,
): Promise<Settlement | undefined> {
  const [row] = await tx
    .update(settlements)
    .set({ state: 'on_hold', reason, paidAt: null })
    .where(and(eq(settlements.id, settlementId), eq(settlements.state, 'paid')))
    .returning(columns)
  return row && valued(row)
}

/** What was given to the bank and is not booked there, of one currency; without one settlement. */
export async function onTheWay(tx: Tx, currency: string, without: string): Promise<number> {
  const [row] = await tx
    .select({ sum: sumText(raw`${settlements.amountMinor}`) })
    .from(settlements)
    .where(
      and(
        eq(settlements.currency, currency),
        ne(settlements.id, without),
        raw`(${settlements.state} = 'in_transit'
          or (${settlements.state} = 'closed' and ${settlements.sentToKey} is not null))`,
      ),
    )
  return minorOf(row?.sum ?? '0')
}

/** Finance and platform see all; a payee sees its own. */
export async function getSettlement(
  sql: Sql,
  payeeId: string,
  settlementId: string,
): Promise<Settlement | undefined> {
  const [row] = await sql
    .select(columns)
    .from(settlements)
    .where(
      and(
        eq(settlements.id, settlementId),
        payeeId === 'all' ? undefined : eq(settlements.payeeId, payeeId),
      ),
    )
  return row && valued(row)
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listSettlements(
  sql: Sql,
  payeeId: string,
  page: { after?: string; limit: number; state?: SettlementState },
): Promise<Settlement[]> {
  const rows = await sql
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
  return rows.map(valued)
}

const isOfDemandAlone = (partnerId: string) =>
  raw`not exists (select from ${payables} where ${payables.settlementId} = ${settlements.id}
    and not ${ofDemand(partnerId)})`

/** The payouts under way of settlements that are of one demand partner alone. */
export async function payoutsOfDemand(sql: Sql, partnerId: string): Promise<string[]> {
  const rows = await sql
    .select({ id: settlements.id })
    .from(settlements)
    .where(and(inArray(settlements.state, ['closed', 'in_transit']), isOfDemandAlone(partnerId)))
  return rows.map(({ id }) => id)
}

/** Begins the reason of a settlement that its operator's own code put on hold. */
export const heldByPolicy = 'policy: '

/**
 * Settlements that a batch takes up again: unfinished ones, and those on hold for what their payee can mend: a missing
 * bank account, one that the bank refused and that is another since, an account that had to be looked at, its own code.
 */
export async function unpaidSettlements(sql: Sql, demand?: string): Promise<Settlement[]> {
  const rows = await sql
    .select(columns)
    .from(settlements)
    .where(
      and(
        or(
          inArray(settlements.state, ['closed', 'in_transit', 'awaiting_funds']),
          and(
            eq(settlements.state, 'on_hold'),
            or(
              inArray(settlements.reason, [
                'bank_details',
                'account_suspended',
                'verification',
                'payee_name',
              ]),
              raw`starts_with(${settlements.reason}, ${heldByPolicy})`,
              raw`exists (select from ${bankAccounts} where ${bankAccounts.accountId} = ${settlements.payeeId}
                and ${bankAccounts.currency} = ${settlements.currency} and ${bankAccounts.state} = 'active'
                and ${bankAccounts.numberKey} <> ${settlements.sentToKey})`,
            ),
          ),
        ),
        ...(demand === undefined ? [] : [isOfDemandAlone(demand)]),
      ),
    )
    .orderBy(asc(settlements.id))
  return rows.map(valued)
}

/** The settlements a session's payees were paid in; empty entries are still open. */
export async function settlementsOfSession(sql: Sql, sessionId: string) {
  const rows = await sql
    .select({
      role: payables.role,
      payeeId: payables.payeeId,
      currency: payables.currency,
      amountMinor: payables.amountMinor,
      revision: payables.revision,
      provisional: payables.provisional,
      waits: payables.waits,
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
  return rows.map(valued)
}

type SessionPaid = { workflowId: string; news: { settlementId: string; payee: PartyRef }[] }
const selectPaid = fixedStatement<SessionPaid, { ids: string }>(
  () => raw`select s.workflow_id as "workflowId", json_agg(json_build_object('settlementId', p.settlement_id,
        'payee', json_build_object('role', p.role, 'id', p.payee_id)) order by p.id) as news
    from payables p join sessions s on s.id = p.session_id left join settlements t on t.id = p.settlement_id
    where p.session_id in (select session_id from payables where settlement_id = any(${arg('ids')}::text[]))
      and s.settled_at is null and not p.waits
    group by s.id having bool_and(t.state is not distinct from 'paid') order by s.id`,
)

/** The sessions of these settlements that owe nobody any more and are not closed, each with who was paid. */
export const sessionsPaidWith = (
  sql: Sql,
  settlementIds: readonly string[],
): Promise<SessionPaid[]> => selectPaid(sql, { ids: arrayOf(settlementIds) })

/** Name and bank account of a payee; without one for the currency its settlement is on hold. */
export async function payeeAccount(sql: Sql, payeeId: string, currency: string) {
  const [row] = await sql
    .select({
      id: accounts.id,
      name: accounts.name,
      legalName: accounts.legalName,
      country: accounts.country,
      payoutCurrency: accounts.payoutCurrency,
      vatId: accounts.vatId,
      address: accounts.address,
      status: accounts.status,
      verification: accounts.verification,
      payoutCalendar: accounts.payoutCalendar,
    })
    .from(accounts)
    .where(eq(accounts.id, payeeId))
  return row && { ...row, bank: await activeBankAccount(sql, payeeId, currency) }
}

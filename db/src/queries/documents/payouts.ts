// Each time a settlement is sent to its payee. Written before anything is sent, so that a bank is asked by its id.
import { and, asc, desc, eq, inArray, isNull, lt, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { Sql, Tx } from '../../client.ts'
import { bankAccounts, payouts } from '../../schema.ts'
import { type OpenBankAccount, openedBankAccount } from '../partners/bank-accounts.ts'

type Columns = typeof payouts.$inferSelect

export type Payout = Omit<Columns, 'payeeId' | 'role' | 'amountMinor' | 'currency'> & {
  payee: PartyRef
  amount: Money
}

const valued = ({ payeeId, role, amountMinor, currency, ...row }: Columns): Payout => ({
  ...row,
  payee: { role, id: payeeId },
  amount: { amount: amountMinor, currency },
})

export type NewPayout = Pick<
  Payout,
  'settlementId' | 'attempt' | 'payee' | 'amount' | 'rail' | 'railReason' | 'isInstant'
> & { bankAccountId: string; at: string }

/** The payout of this attempt. One that was not sent yet takes the account and the rail of now. */
export async function openPayout(
  tx: Tx,
  { payee, amount, at, ...values }: NewPayout,
): Promise<{ payout: Payout; isNew: boolean }> {
  const [made] = await tx
    .insert(payouts)
    .values({
      ...values,
      id: newId('payout'),
      payeeId: payee.id,
      role: payee.role,
      amountMinor: amount.amount,
      currency: amount.currency,
      state: 'created',
      createdAt: at,
    })
    .onConflictDoNothing({ target: [payouts.settlementId, payouts.attempt] })
    .returning()
  if (made !== undefined) return { payout: valued(made), isNew: true }
  const { rail, railReason, isInstant, bankAccountId } = values
  await tx
    .update(payouts)
    .set({ rail, railReason, isInstant, bankAccountId })
    .where(and(ofAttempt(values), eq(payouts.state, 'created'), isNull(payouts.fileId)))
  const known = await payoutOf(tx, values)
  if (known === undefined) throw new Error(`no payout of ${values.settlementId}`)
  return { payout: known, isNew: false }
}

const ofAttempt = ({ settlementId, attempt }: { settlementId: string; attempt: number }) =>
  and(eq(payouts.settlementId, settlementId), eq(payouts.attempt, attempt))

/** Undefined where this attempt was never begun: then no bank has it. */
export async function payoutOf(
  sql: Sql,
  of: { settlementId: string; attempt: number },
): Promise<Payout | undefined> {
  const [row] = await sql.select().from(payouts).where(ofAttempt(of))
  return row && valued(row)
}

export async function lockPayout(tx: Tx, id: string): Promise<Payout | undefined> {
  const [row] = await tx.select().from(payouts).where(eq(payouts.id, id)).for('update')
  return row && valued(row)
}

export type PayoutPatch = Partial<
  Pick<
    Columns,
    | 'state'
    | 'fileId'
    | 'bankReference'
    | 'providerTransfer'
    | 'failureCode'
    | 'failureReason'
    | 'sentAt'
    | 'paidAt'
    | 'endedAt'
  >
>

export async function changePayout(tx: Tx, id: string, patch: PayoutPatch): Promise<Payout> {
  const [row] = await tx.update(payouts).set(patch).where(eq(payouts.id, id)).returning()
  if (row === undefined) throw new Error(`no payout ${id}`)
  return valued(row)
}

/** Finance and platform see all; a payee sees its own. */
export async function getPayout(
  sql: Sql,
  payeeId: string,
  id: string,
): Promise<Payout | undefined> {
  const [row] = await sql
    .select()
    .from(payouts)
    .where(and(eq(payouts.id, id), payeeId === 'all' ? undefined : eq(payouts.payeeId, payeeId)))
  return row && valued(row)
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listPayouts(
  sql: Sql,
  payeeId: string,
  page: {
    after?: string
    limit: number
    state?: Columns['state'] | undefined
    rail?: Columns['rail'] | undefined
    settlement?: string | undefined
    payee?: string | undefined
  },
): Promise<Payout[]> {
  const { after, state, rail, settlement, payee } = page
  const rows = await sql
    .select()
    .from(payouts)
    .where(
      and(
        payeeId === 'all' ? undefined : eq(payouts.payeeId, payeeId),
        payee === undefined ? undefined : eq(payouts.payeeId, payee),
        state === undefined ? undefined : eq(payouts.state, state),
        rail === undefined ? undefined : eq(payouts.rail, rail),
        settlement === undefined ? undefined : eq(payouts.settlementId, settlement),
        after === undefined ? undefined : lt(payouts.id, after),
      ),
    )
    .orderBy(desc(payouts.id))
    .limit(page.limit)
  return rows.map(valued)
}

/** The payouts that the card provider's transfers are of. */
export async function payoutsOfTransfers(
  sql: Sql,
  transfers: readonly string[],
): Promise<Map<string, Payout>> {
  if (transfers.length === 0) return new Map()
  const rows = await sql
    .select()
    .from(payouts)
    .where(inArray(payouts.providerTransfer, [...transfers]))
  return new Map(rows.map((row) => [row.providerTransfer ?? '', valued(row)]))
}

export type QueuedPayout = { payout: Payout; account: OpenBankAccount }

/**
 * What waits for a file, oldest first, locked: payouts of one currency and kind that are in no file yet. One that another
 * worker holds is that one's.
 */
export async function lockQueuedPayouts(
  tx: Tx,
  of: { currency: string; isInstant: boolean; limit: number },
): Promise<QueuedPayout[]> {
  const rows = await tx
    .select({ payout: payouts, account: bankAccounts })
    .from(payouts)
    .innerJoin(bankAccounts, eq(bankAccounts.id, payouts.bankAccountId))
    .where(
      and(
        eq(payouts.rail, 'sepa_file'),
        eq(payouts.state, 'created'),
        isNull(payouts.fileId),
        eq(payouts.currency, of.currency),
        eq(payouts.isInstant, of.isInstant),
        raw`exists (select from settlements s where s.id = ${payouts.settlementId} and s.state = 'closed'
          and s.attempt = ${payouts.attempt})`,
      ),
    )
    .orderBy(asc(payouts.id))
    .limit(of.limit)
    .for('update', { of: payouts, skipLocked: true })
  return rows.map(({ payout, account }) => ({
    payout: valued(payout),
    account: openedBankAccount(account),
  }))
}

export async function payoutsOfFile(sql: Sql, fileId: string): Promise<Payout[]> {
  const rows = await sql
    .select()
    .from(payouts)
    .where(eq(payouts.fileId, fileId))
    .orderBy(asc(payouts.id))
  return rows.map(valued)
}

/** Given to the bank in a file, and not heard to be booked. */
export async function sentInFiles(sql: Sql): Promise<Payout[]> {
  const rows = await sql
    .select()
    .from(payouts)
    .where(and(eq(payouts.rail, 'sepa_file'), eq(payouts.state, 'sent')))
    .orderBy(asc(payouts.id))
  return rows.map(valued)
}

// Where payees are paid. The number stands sealed and never changes; what does is whether it counts.
import { and, eq, isNull, lte, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { PayeeCheck } from '@chargelane/openapi/vocabulary/settlement/payouts'
import { type BankNumbers, countryOf, numberText } from '@chargelane/rules/bank/account'
import type { BankDetails } from '@chargelane/rules/documents'
import type { Sql, Tx } from '../../client.ts'
import { bankAccounts } from '../../schema.ts'
import { ibanKey, seal, unseal, unsealSound } from '../../sealed/sealed.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

type Columns = typeof bankAccounts.$inferSelect
/** As it is listed: sealed. */
export type BankAccountRow = Columns

export type NewBankAccount = {
  id?: string
  accountId: string
  currency: string
  numbers: BankNumbers
  holder: string
  state: 'pending' | 'active'
  usableFrom: string
  proposedBy: string | null
  at: string
}

/** What is paid to, opened. */
export type OpenBankAccount = Pick<
  Columns,
  'id' | 'accountId' | 'currency' | 'numberKey' | 'payeeCheck' | 'confirmedBy'
> &
  BankDetails

const column = 'bank_accounts.details'
const nameColumn = 'bank_accounts.check_name'

export const numberKeyOf = (numbers: BankNumbers): string => ibanKey(numberText(numbers))

export const openedBankAccount = (row: BankAccountRow): OpenBankAccount => {
  const details: BankDetails = JSON.parse(unseal(column, row.id, row.details))
  const { id, accountId, currency, numberKey, payeeCheck, confirmedBy } = row
  return { id, accountId, currency, numberKey, payeeCheck, confirmedBy, ...details }
}

/** For lists: nothing where it cannot be read, so that one such account hides no other. */
export function shownDetails(row: BankAccountRow): BankDetails | undefined {
  const text = unsealSound(column, row.id, row.details)
  return text === undefined ? undefined : JSON.parse(text)
}
export const shownCheckName = ({ id, checkName }: BankAccountRow): string | null =>
  (checkName && unsealSound(nameColumn, id, checkName)) ?? null

/** Undefined where another of the account and currency waits. */
export async function addBankAccount(
  tx: Sql,
  { id = newId('bankAccount'), numbers, holder, at, ...values }: NewBankAccount,
): Promise<BankAccountRow | undefined> {
  const details: BankDetails = { numbers, holder }
  const [row] = await tx
    .insert(bankAccounts)
    .values({
      ...values,
      id,
      type: numbers.type,
      country: countryOf(numbers),
      details: seal(column, id, JSON.stringify(details)),
      numberKey: numberKeyOf(numbers),
      activeFrom: values.state === 'active' ? at : null,
      createdAt: at,
    })
    .onConflictDoNothing()
    .returning()
  return row
}

export async function getBankAccount(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<BankAccountRow | undefined> {
  const [row] = await sql
    .select()
    .from(bankAccounts)
    .where(and(eq(bankAccounts.id, id), ownedBy(bankAccounts.accountId, accountId)))
  return row
}

export async function lockBankAccount(tx: Tx, id: string): Promise<BankAccountRow | undefined> {
  const [row] = await tx.select().from(bankAccounts).where(eq(bankAccounts.id, id)).for('update')
  return row
}

export async function listBankAccounts(
  sql: Sql,
  accountId: string,
  page: PageRequest & { account?: string; state?: Columns['state'] },
): Promise<Page<BankAccountRow>> {
  const { where, orderBy, limit } = pageBy(bankAccounts.id, page)
  const rows = await sql
    .select()
    .from(bankAccounts)
    .where(
      and(
        ownedBy(bankAccounts.accountId, accountId),
        page.account === undefined ? undefined : eq(bankAccounts.accountId, page.account),
        page.state === undefined ? undefined : eq(bankAccounts.state, page.state),
        where,
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Where the account is paid in this currency. */
export async function activeBankAccount(
  sql: Sql,
  accountId: string,
  currency: string,
): Promise<OpenBankAccount | undefined> {
  const [row] = await sql
    .select()
    .from(bankAccounts)
    .where(
      and(
        eq(bankAccounts.accountId, accountId),
        eq(bankAccounts.currency, currency),
        eq(bankAccounts.state, 'active'),
      ),
    )
  return row && openedBankAccount(row)
}

/** It counts from now on, and the one before no more. */
export async function activateBankAccount(
  tx: Tx,
  { id, accountId, currency }: Pick<Columns, 'id' | 'accountId' | 'currency'>,
  { at, confirmedBy }: { at: string; confirmedBy?: string },
): Promise<BankAccountRow | undefined> {
  await tx
    .update(bankAccounts)
    .set({ state: 'replaced', endedAt: at })
    .where(
      and(
        eq(bankAccounts.accountId, accountId),
        eq(bankAccounts.currency, currency),
        eq(bankAccounts.state, 'active'),
      ),
    )
  const [row] = await tx
    .update(bankAccounts)
    .set({
      state: 'active',
      activeFrom: at,
      ...(confirmedBy === undefined ? {} : { confirmedBy }),
    })
    .where(and(eq(bankAccounts.id, id), eq(bankAccounts.state, 'pending')))
    .returning()
  return row
}

/** A person stands for an active one whose name did not match. */
export async function standForBankAccount(
  tx: Tx,
  id: string,
  confirmedBy: string,
): Promise<BankAccountRow | undefined> {
  const [row] = await tx
    .update(bankAccounts)
    .set({ confirmedBy })
    .where(eq(bankAccounts.id, id))
    .returning()
  return row
}

export async function refuseBankAccount(
  tx: Tx,
  id: string,
  { reason, at }: { reason: string; at: string },
): Promise<BankAccountRow | undefined> {
  const [row] = await tx
    .update(bankAccounts)
    .set({ state: 'refused', reason, endedAt: at })
    .where(and(eq(bankAccounts.id, id), eq(bankAccounts.state, 'pending')))
    .returning()
  return row
}

/** What the payee’s bank said last counts. */
export async function keepPayeeCheck(
  tx: Tx,
  id: string,
  { check, name, at }: { check: PayeeCheck; name: string | null; at: string },
): Promise<BankAccountRow | undefined> {
  const [row] = await tx
    .update(bankAccounts)
    .set({ payeeCheck: check, checkName: seal(nameColumn, id, name), checkedAt: at })
    .where(eq(bankAccounts.id, id))
    .returning()
  return row
}

/** Whose name is to be asked about: never asked, or unanswered since before. */
export async function bankAccountsToCheck(
  sql: Sql,
  unansweredBefore: string,
): Promise<OpenBankAccount[]> {
  const rows = await sql
    .select()
    .from(bankAccounts)
    .where(
      and(
        raw`${bankAccounts.state} in ('pending', 'active')`,
        or(
          isNull(bankAccounts.payeeCheck),
          and(
            eq(bankAccounts.payeeCheck, 'unavailable'),
            lte(bankAccounts.checkedAt, unansweredBefore),
          ),
        ),
      ),
    )
    .orderBy(bankAccounts.id)
    .limit(1_000)
  return rows.map(openedBankAccount)
}

/** Whose time has come. */
export function bankAccountsDue(sql: Sql, now: string): Promise<BankAccountRow[]> {
  return sql
    .select()
    .from(bankAccounts)
    .where(and(eq(bankAccounts.state, 'pending'), lte(bankAccounts.usableFrom, now)))
    .orderBy(bankAccounts.id)
}

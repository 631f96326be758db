import { and, eq, ne, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { ofIban } from '@chargelane/rules/bank/account'
import { nameKey, vatKey } from '@chargelane/rules/identity/account'
import { numbersOf, type TaxId } from '@chargelane/rules/vat/registrations'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { accounts, debts, paymentSources, tokens, vatChecks } from '../../schema.ts'
import { cardKey, seal, unseal, unsealSound } from '../../sealed/sealed.ts'
import { arrayOf } from '../arrays.ts'
import { addBankAccount } from './bank-accounts.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type AccountRow = typeof accounts.$inferSelect
export type AccountType = AccountRow['type']
export type TokenRow = typeof tokens.$inferSelect

export type NewAccount = Omit<
  AccountRow,
  | 'id'
  | 'partnerType'
  | 'vatId'
  | 'payoutCalendar'
  | 'status'
  | 'verification'
  | 'verificationReasons'
  | 'verificationNote'
  | 'vatCheckedAt'
  | 'vatGoodUntil'
  | 'nameKeys'
  | 'vatKeys'
  | 'taxIds'
  | 'createdAt'
> & {
  /** Chosen before the work by the idempotency store; made here when absent. */
  id?: string
  partnerType?: string | null
  vatId?: string | null
  taxIds?: TaxId[]
  /** Where it is paid in its own currency, from the beginning. */
  iban?: string | null
  payoutCalendar?: AccountRow['payoutCalendar']
  /** Verified where nothing is said: whoever opens an account for others says it. */
  verification?: AccountRow['verification']
  verificationReasons?: AccountRow['verificationReasons']
  at: string
}

type Known = Pick<AccountRow, 'name' | 'legalName'> & { vatId?: string | null; taxIds?: TaxId[] }

/** What another account must not be mistaken for. */
export const keysOf = ({ name, legalName, vatId = null, taxIds = [] }: Known) => ({
  nameKeys: [...new Set([nameKey(name), nameKey(legalName)])],
  vatKeys: [
    ...new Set(numbersOf({ vatId, vatChecked: false, taxIds }).map((each) => vatKey(each.vatId))),
  ],
})

/** Opens an account. A repeat with the same id changes nothing and returns the first. */
export async function createAccount(sql: Sql, input: NewAccount): Promise<AccountRow> {
  const { at, id = newId('account'), iban = null, ...values } = input
  await sql
    .insert(accounts)
    .values({
      verification: 'verified',
      ...values,
      ...keysOf(values),
      id,
      createdAt: at,
    })
    .onConflictDoNothing({ target: accounts.id })
  if (iban !== null)
    await addBankAccount(sql, {
      accountId: id,
      currency: values.payoutCurrency,
      numbers: ofIban(iban),
      holder: values.legalName,
      state: 'active',
      usableFrom: at,
      proposedBy: null,
      at,
    })
  return must(await getAccount(sql, id, id), 'account', id)
}

const selectAccount = fixedStatement<AccountRow, { id: string; asker: string }>(
  () => raw`select ${rowOf(accounts)} from accounts
    where id = ${arg('id')} and ${arg('asker')} in (id, ${raw.raw(`'${everyAccount}'`)})`,
)

/** `accountId` asks: an account sees itself, `everyAccount` sees all. */
export async function getAccount(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<AccountRow | undefined> {
  const [row] = await selectAccount(sql, { id, asker: accountId })
  return row
}

export async function listAccounts(
  sql: Sql,
  accountId: string,
  page: PageRequest & { type?: AccountType },
): Promise<Page<AccountRow>> {
  const { where, orderBy, limit } = pageBy(accounts.id, page)
  const type = page.type === undefined ? undefined : eq(accounts.type, page.type)
  const rows = await sql
    .select()
    .from(accounts)
    .where(and(ownedBy(accounts.id, accountId), type, where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Held until the tx ends, so that two accounts of one name are not opened beside each other. */
export async function lockNames(tx: Tx): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended('accounts/names', 0))`)
}

/** Which of these keys another verified account has. */
export async function namesakesOf(
  sql: Sql,
  { id, nameKeys, vatKeys }: Pick<AccountRow, 'nameKeys' | 'vatKeys'> & { id?: string },
): Promise<{ name: boolean; vatId: boolean }> {
  const rows = await sql
    .select({
      name: raw<boolean>`${accounts.nameKeys} && ${arrayOf(nameKeys)}::text[]`,
      vatId: raw<boolean>`${accounts.vatKeys} && ${arrayOf(vatKeys)}::text[]`,
    })
    .from(accounts)
    .where(
      and(
        eq(accounts.verification, 'verified'),
        id === undefined ? undefined : ne(accounts.id, id),
        raw`(${accounts.nameKeys} && ${arrayOf(nameKeys)}::text[] or ${accounts.vatKeys} && ${arrayOf(vatKeys)}::text[])`,
      ),
    )
  return { name: rows.some(({ name }) => name), vatId: rows.some(({ vatId }) => vatId) }
}

export type VatCheckRow = typeof vatChecks.$inferSelect

type ToldName = Partial<Pick<VatCheckRow, 'name' | 'address' | 'nameMatches'>>

/**
 * Keeps what a tax office answered about one of the account's numbers; the latest answer counts, until `countsUntil`. A number
 * of somebody with another name puts its account into review.
 */
export async function recordVatCheck(
  tx: Tx,
  {
    countsUntil,
    isMisnamed = false,
    ...check
  }: Omit<VatCheckRow, 'id' | keyof ToldName> &
    ToldName & { countsUntil: string | null; isMisnamed?: boolean },
): Promise<AccountRow | undefined> {
  await tx.insert(vatChecks).values({ ...check, id: newId('vatCheck') })
  const { verificationReasons: reasons } = accounts
  const which = eq(accounts.id, check.accountId)
  const [before] = await tx.select().from(accounts).where(which).for('update')
  if (before === undefined) return undefined
  const checkedAt = countsUntil === null ? null : check.checkedAt
  const isAsked = (vatId: string) => vatKey(vatId) === vatKey(check.vatId)
  const [row] = await tx
    .update(accounts)
    .set({
      ...(before.vatId !== null && isAsked(before.vatId)
        ? { vatCheckedAt: checkedAt, vatGoodUntil: countsUntil }
        : {}),
      taxIds: before.taxIds.map((each) =>
        isAsked(each.vatId) ? { ...each, checkedAt, goodUntil: countsUntil } : each,
      ),
      ...(isMisnamed
        ? {
            verification: 'review' as const,
            verificationReasons: raw`array_append(array_remove(${reasons}, 'vat_name_differs'), 'vat_name_differs')`,
          }
        : {}),
    })
    .where(which)
    .returning()
  return row
}

/** Whether a check of this number has told this name before. */
export async function wasNamed(
  sql: Sql,
  { accountId, vatId, name }: { accountId: string; vatId: string; name: string },
): Promise<boolean> {
  const [row] = await sql
    .select({ id: vatChecks.id })
    .from(vatChecks)
    .where(
      and(eq(vatChecks.accountId, accountId), eq(vatChecks.vatId, vatId), eq(vatChecks.name, name)),
    )
    .limit(1)
  return row !== undefined
}

const selectToCheck = fixedStatement<
  { id: string; vatId: string },
  { goodBefore: string; badBefore: string }
>(
  () => raw`select a.id, n.vat_id as "vatId" from accounts a
    cross join lateral (select a.vat_id, a.vat_checked_at is not null as is_good where a.vat_id is not null
      union select t ->> 'vatId', t ->> 'checkedAt' is not null from jsonb_array_elements(a.tax_ids) t) n
    left join lateral (select c.checked_at from vat_checks c
      where c.account_id = a.id and c.vat_id = n.vat_id order by c.recorded_at desc limit 1) last on true
    where a.status = 'active' and coalesce(last.checked_at <
      case when n.is_good then ${arg('goodBefore')}::timestamptz else ${arg('badBefore')}::timestamptz end, true)
    order by last.checked_at nulls first, a.id, n.vat_id`,
)

/** Whose numbers are to be asked about: never asked first, then the oldest answers. */
export const accountsToCheck = (
  sql: Sql,
  before: { goodBefore: string; badBefore: string },
): Promise<{ id: string; vatId: string }[]> => selectToCheck(sql, before)

export type AccountPatch = Partial<Omit<AccountRow, 'id' | 'type' | 'createdAt'>>

/** Row-level security lets a tenant change its particulars, not its type, share, status or by what it is known. */
export async function updateAccount(
  sql: Sql,
  accountId: string,
  id: string,
  patch: AccountPatch,
): Promise<AccountRow | undefined> {
  const [row] = await sql
    .update(accounts)
    .set(patch)
    .where(and(eq(accounts.id, id), ownedBy(accounts.id, accountId)))
    .returning()
  return row
}

/** The platform's own account: the seller of its commission, the owner of its books. */
export async function platformAccount(sql: Sql): Promise<AccountRow | undefined> {
  const [row] = await sql
    .select()
    .from(accounts)
    .where(eq(accounts.type, 'platform'))
    .orderBy(accounts.createdAt)
    .limit(1)
  return row
}

export type NewToken = Pick<
  TokenRow,
  'accountId' | 'driverId' | 'paymentSourceId' | 'type' | 'contractId'
> & { id?: string; uid: string; at: string }

/** How a card's row keeps its uid: to be read, and to be found by. */
export const uidColumns = (id: string, uid: string) => ({
  uid: seal('tokens.uid', id, uid.toUpperCase()),
  uidKey: cardKey(uid),
})

/** What the card shows at a charger, in upper case. */
export const uidOf = ({ id, uid }: Pick<TokenRow, 'id' | 'uid'>): string =>
  unseal('tokens.uid', id, uid)

/** The same where many are shown; empty where it cannot be read. */
export const uidShown = ({ id, uid }: Pick<TokenRow, 'id' | 'uid'>): string =>
  unsealSound('tokens.uid', id, uid) ?? ''

/**
 * `taken` when the account has a card with this uid already. What other accounts have is not told: a card that one of
 * them had first is theirs at every charger.
 */
export async function createToken(
  sql: Sql,
  input: NewToken,
): Promise<{ kind: 'created'; token: TokenRow } | { kind: 'taken' }> {
  const { at, id = newId('token'), ...values } = input
  const card = {
    ...values,
    ...uidColumns(id, input.uid),
    id,
    createdAt: at,
    updatedAt: at,
  }
  for (const isFirst of [true, false]) {
    const made = await sql
      .insert(tokens)
      .values({ ...card, isFirst })
      .onConflictDoNothing()
      .returning({ id: tokens.id })
    if (made.length > 0) break
  }
  const token = await getToken(sql, input.accountId, id)
  return token ? { kind: 'created', token } : { kind: 'taken' }
}

/** The platform gives a card to the account that claims it: at chargers the one that had it has it no longer. */
export async function giveCard(tx: Tx, id: string, at: string): Promise<void> {
  const [claimed] = await tx.select().from(tokens).where(eq(tokens.id, id)).for('update')
  if (claimed === undefined || claimed.isFirst) return
  await tx
    .update(tokens)
    .set({ isFirst: false, updatedAt: at })
    .where(and(eq(tokens.uidKey, claimed.uidKey), tokens.isFirst))
  await tx.update(tokens).set({ isFirst: true, updatedAt: at }).where(eq(tokens.id, id))
}

export async function getToken(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<TokenRow | undefined> {
  const [row] = await sql
    .select()
    .from(tokens)
    .where(and(eq(tokens.id, id), ownedBy(tokens.accountId, accountId)))
  return row
}

export async function listTokens(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<TokenRow>> {
  const { where, orderBy, limit } = pageBy(tokens.id, page)
  const rows = await sql
    .select()
    .from(tokens)
    .where(and(ownedBy(tokens.accountId, accountId), where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Blocks or unblocks a card; `updatedAt` makes the roaming process push it to the operators. */
export async function updateToken(
  sql: Sql,
  accountId: string,
  id: string,
  patch: { status: TokenRow['status']; at: string },
): Promise<TokenRow | undefined> {
  const [row] = await sql
    .update(tokens)
    .set({ status: patch.status, updatedAt: patch.at })
    .where(and(eq(tokens.id, id), ownedBy(tokens.accountId, accountId)))
    .returning()
  return row
}

export type ShownToken = {
  token: TokenRow
  accountStatus: AccountRow['status']
  paymentSource: typeof paymentSources.$inferSelect
  hasOpenDebt: boolean
}

/** What a charger or peer may be told about a card shown to it. Uids are compared in any case. */
export async function tokenByUid(sql: Sql, uid: string): Promise<ShownToken | undefined> {
  const [row] = await sql
    .select({
      token: tokens,
      accountStatus: accounts.status,
      paymentSource: paymentSources,
      hasOpenDebt: raw<boolean>`exists (select from ${debts}
        where ${debts.paymentSourceId} = ${paymentSources.id} and ${debts.status} = 'open')`,
    })
    .from(tokens)
    .innerJoin(accounts, eq(accounts.id, tokens.accountId))
    .innerJoin(paymentSources, eq(paymentSources.id, tokens.paymentSourceId))
    .where(and(eq(tokens.uidKey, cardKey(uid)), tokens.isFirst))
  return row
}

export function must<Row>(row: Row | undefined, what: string, id: string): Row {
  if (row === undefined) throw new Error(`${what} ${id} was written but cannot be read`)
  return row
}

// Partners' own accounts at a payment provider. No tenant reads the table: our processes act with what is sealed in it.
import { asc, eq } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { pspAccounts } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'
import { ownedBy } from '../page.ts'

type Row = typeof pspAccounts.$inferSelect
type Sealed = 'credential' | 'webhookSecret' | 'previousCredential' | 'previousWebhookSecret'
export type PspAccount = Omit<Row, Sealed> & {
  credential: string | null
  webhookSecret: string
  previousCredential: string | null
  previousWebhookSecret: string | null
}

const key = 'psp_accounts.credential'
const secret = 'psp_accounts.webhook_secret'

const accountOf = (row: Row): PspAccount => ({
  ...row,
  credential: unseal(key, row.id, row.credential),
  webhookSecret: unseal(secret, row.id, row.webhookSecret),
  previousCredential: unseal(key, row.id, row.previousCredential),
  previousWebhookSecret: unseal(secret, row.id, row.previousWebhookSecret),
})

export type NewPspAccount = Pick<
  PspAccount,
  'accountId' | 'mode' | 'providerAccount' | 'credential' | 'webhookSecret' | 'publishableKey'
> & { at: string }

/** One per partner; set again it keeps its id and nothing else. */
export async function putPspAccount(tx: Sql, input: NewPspAccount): Promise<PspAccount> {
  const { at, accountId, credential, webhookSecret, ...given } = input
  const id = (await pspAccountOf(tx, accountId))?.id ?? newId('pspAccount')
  const values = {
    ...given,
    credential: seal(key, id, credential),
    webhookSecret: seal(secret, id, webhookSecret),
    previousCredential: null,
    previousWebhookSecret: null,
    previousUntil: null,
    status: 'active',
    checkedAt: at,
    revokedAt: null,
    updatedAt: at,
  } as const
  const [row] = await tx
    .insert(pspAccounts)
    .values({ id, accountId, ...values, createdAt: at })
    .onConflictDoUpdate({ target: pspAccounts.accountId, set: values })
    .returning()
  if (row === undefined) throw new Error('a payment provider account was not written')
  return accountOf(row)
}

/** What is replaced stays good until then. */
export async function rotatePspAccount(
  tx: Sql,
  before: PspAccount,
  change: { credential?: string; webhookSecret?: string; previousUntil: string; at: string },
): Promise<PspAccount> {
  const { id } = before
  const { credential, webhookSecret, previousUntil, at } = change
  const [row] = await tx
    .update(pspAccounts)
    .set({
      previousUntil,
      updatedAt: at,
      ...(credential === undefined
        ? {}
        : {
            credential: seal(key, id, credential),
            previousCredential: seal(key, id, before.credential),
            status: 'active' as const,
            revokedAt: null,
            checkedAt: at,
          }),
      ...(webhookSecret === undefined
        ? {}
        : {
            webhookSecret: seal(secret, id, webhookSecret),
            previousWebhookSecret: seal(secret, id, before.webhookSecret),
          }),
    })
    .where(eq(pspAccounts.id, id))
    .returning()
  if (row === undefined) throw new Error(`no payment provider account ${id}`)
  return accountOf(row)
}

/** Undefined where it was marked before, so that whoever marks it tells of it once. */
export async function revokePspAccount(
  tx: Sql,
  id: string,
  at: string,
): Promise<PspAccount | undefined> {
  const [before] = await tx.select().from(pspAccounts).where(eq(pspAccounts.id, id)).for('update')
  if (before === undefined || before.status === 'revoked') return undefined
  const [row] = await tx
    .update(pspAccounts)
    .set({ status: 'revoked', revokedAt: at, updatedAt: at })
    .where(eq(pspAccounts.id, id))
    .returning()
  return row && accountOf(row)
}

export async function pspAccountOf(sql: Sql, accountId: string): Promise<PspAccount | undefined> {
  const [row] = await sql.select().from(pspAccounts).where(eq(pspAccounts.accountId, accountId))
  return row && accountOf(row)
}

export async function pspAccountById(sql: Sql, id: string): Promise<PspAccount | undefined> {
  const [row] = await sql.select().from(pspAccounts).where(eq(pspAccounts.id, id))
  return row && accountOf(row)
}

/** The account of the provider that another partner already uses. */
export async function pspAccountOfProvider(
  sql: Sql,
  providerAccount: string,
): Promise<PspAccount | undefined> {
  const [row] = await sql
    .select()
    .from(pspAccounts)
    .where(eq(pspAccounts.providerAccount, providerAccount))
  return row && accountOf(row)
}

export async function listPspAccounts(sql: Sql, accountId: string): Promise<PspAccount[]> {
  const rows = await sql
    .select()
    .from(pspAccounts)
    .where(ownedBy(pspAccounts.accountId, accountId))
    .orderBy(asc(pspAccounts.id))
  return rows.map(accountOf)
}

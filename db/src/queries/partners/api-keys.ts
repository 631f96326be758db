import { and, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { apiVersion as newest, type ApiVersion } from '@chargelane/openapi/vocabulary/versions'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, isoText } from '../../fixed.ts'
import { type accounts, apiKeys } from '../../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

/** Without the digest: it leaves the database only to be compared there. */
export type ApiKeyRow = Omit<typeof apiKeys.$inferSelect, 'digest'>

const columns = {
  id: apiKeys.id,
  accountId: apiKeys.accountId,
  lastFour: apiKeys.lastFour,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  apiVersion: apiKeys.apiVersion,
  livemode: apiKeys.livemode,
  expiresAt: apiKeys.expiresAt,
  revokedAt: apiKeys.revokedAt,
  createdAt: apiKeys.createdAt,
}

export type NewApiKey = {
  id?: string
  accountId: string
  /** SHA-256 of the whole key. */
  digest: Buffer
  lastFour: string
  name: string
  scopes: string[]
  /** The newest unless another is named. */
  apiVersion?: ApiVersion
  livemode?: boolean
  expiresAt?: string | null
  at: string
}

/** Stores a key by its digest. A repeat with the same digest, as at every start, returns the first. */
export async function createApiKey(sql: Sql, input: NewApiKey): Promise<ApiKeyRow> {
  const { at, id = newId('apiKey'), apiVersion = newest, ...values } = input
  await sql
    .insert(apiKeys)
    .values({ ...values, id, apiVersion, createdAt: at })
    .onConflictDoNothing({ target: apiKeys.digest })
  const [row] = await sql
    .select(columns)
    .from(apiKeys)
    .where(and(eq(apiKeys.digest, input.digest), eq(apiKeys.accountId, input.accountId)))
  if (row === undefined) throw new Error('the key belongs to another account')
  return row
}

export type KnownKey = {
  key: ApiKeyRow
  account: Pick<
    typeof accounts.$inferSelect,
    'id' | 'type' | 'status' | 'country' | 'payoutCurrency'
  >
}

const selectKey = fixedStatement<KnownKey, { digest: Buffer }>(
  () => raw`select json_build_object('id', k.id, 'accountId', k.account_id, 'lastFour', k.last_four, 'name', k.name,
      'scopes', k.scopes, 'apiVersion', k.api_version, 'livemode', k.livemode, 'expiresAt', ${isoText(raw`k.expires_at`)},
      'revokedAt', ${isoText(raw`k.revoked_at`)}, 'createdAt', ${isoText(raw`k.created_at`)}) as key,
    json_build_object('id', a.id, 'type', a.type, 'status', a.status, 'country', a.country,
      'payoutCurrency', a.payout_currency) as account
  from api_keys k join accounts a on a.id = k.account_id where k.digest = ${arg('digest')}`,
)

/** Who calls: the key by its digest, expired and revoked ones too, so that the answer can say which. */
export async function findApiKey(sql: Sql, digest: Buffer): Promise<KnownKey | undefined> {
  const [row] = await selectKey(sql, { digest })
  return row
}

export async function getApiKey(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<ApiKeyRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), ownedBy(apiKeys.accountId, accountId)))
  return row
}

export async function listApiKeys(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<ApiKeyRow>> {
  const { where, orderBy, limit } = pageBy(apiKeys.id, page)
  const rows = await sql
    .select(columns)
    .from(apiKeys)
    .where(and(ownedBy(apiKeys.accountId, accountId), where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** From the next request on the key is refused. Revoking again keeps the first instant. */
export async function revokeApiKey(
  sql: Sql,
  accountId: string,
  id: string,
  at: string,
): Promise<ApiKeyRow | undefined> {
  const [row] = await sql
    .update(apiKeys)
    .set({ revokedAt: raw`coalesce(${apiKeys.revokedAt}, ${at}::timestamptz)` })
    .where(and(eq(apiKeys.id, id), ownedBy(apiKeys.accountId, accountId)))
    .returning(columns)
  return row
}

/** Since when a key is there. */
export async function keySince(sql: Sql, id: string): Promise<string | undefined> {
  const [row] = await sql
    .select({ createdAt: apiKeys.createdAt })
    .from(apiKeys)
    .where(eq(apiKeys.id, id))
  return row?.createdAt
}

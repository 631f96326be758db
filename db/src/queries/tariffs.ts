import { and, desc, eq, gt, isNull, lte, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../client.ts'
import { tariffs } from '../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from './page.ts'

export type TariffRow = typeof tariffs.$inferSelect
export type TariffStatus = TariffRow['status']
export type TariffProblem = TariffRow['problems'][number]

/** Names a tariff as its operator does. Ids are CiStrings: equal in any case (OCPI 2.2.1 §16.1). */
export type TariffRef = {
  connectionId: string
  countryCode: string
  partyId: string
  ocpiId: string
}

export type NewTariff = TariffRef & {
  cpoId: string
  currency: string
  status: Exclude<TariffStatus, 'withdrawn'>
  problems: TariffProblem[]
  /** Received text, byte for byte. */
  raw: string
  /** Absent when the text could not be read as a tariff. */
  canonical?: unknown
  /** SHA-256 (hex) of the RFC 8785 form of `canonical`, or of `raw` when there is none. */
  hash: string
  /** UTC instant from which the version counts. */
  at: string
}

export type PutTariffResult = {
  tariff: TariffRow
  outcome: 'created' | 'new_version' | 'unchanged'
}

/**
 * Stores what an operator published. The same content again changes nothing; other content is the next version
 * and supersedes the last, also when it cannot be sold: the operator no longer asks the old price.
 */
export function putTariff(sql: Sql, input: NewTariff): Promise<PutTariffResult> {
  return sql.transaction(async (tx) => {
    const last = await lockLatest(tx, input)
    if (last && last.hash === input.hash && last.status === input.status) {
      return { tariff: last, outcome: 'unchanged' }
    }
    const { at, ...values } = input
    const tariff = await insertVersion(tx, last, {
      ...values,
      canonical: input.canonical ?? null,
      receivedAt: at,
    })
    return { tariff, outcome: last ? 'new_version' : 'created' }
  })
}

/** The operator deleted the tariff: a last version says so, the earlier ones stay as history. */
export function withdrawTariff(
  sql: Sql,
  ref: TariffRef,
  at: string,
): Promise<TariffRow | undefined> {
  return sql.transaction(async (tx) => {
    const last = await lockLatest(tx, ref)
    if (last === undefined || last.status === 'withdrawn') return last
    return insertVersion(tx, last, { ...last, status: 'withdrawn', receivedAt: at })
  })
}

/** Puts of one tariff wait for each other, so versions have no gap and one is in force. */
async function lockLatest(tx: Sql, ref: TariffRef): Promise<TariffRow | undefined> {
  const name = `${ref.connectionId} ${ref.countryCode} ${ref.partyId} ${ref.ocpiId}`.toLowerCase()
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${name}, 45))`)
  const [row] = await tx
    .select()
    .from(tariffs)
    .where(named(ref))
    .orderBy(desc(tariffs.version))
    .limit(1)
  return row
}

async function insertVersion(
  tx: Sql,
  last: TariffRow | undefined,
  values: Omit<TariffRow, 'id' | 'version' | 'supersededAt'>,
): Promise<TariffRow> {
  if (last) {
    await tx
      .update(tariffs)
      .set({ supersededAt: values.receivedAt })
      .where(and(eq(tariffs.id, last.id), isNull(tariffs.supersededAt)))
  }
  const [row] = await tx
    .insert(tariffs)
    .values({
      ...values,
      id: last?.id ?? newId('tariff'),
      version: (last?.version ?? 0) + 1,
      countryCode: values.countryCode.toUpperCase(),
      partyId: values.partyId.toUpperCase(),
      supersededAt: null,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a tariff returned no row')
  return row
}

function named(ref: TariffRef) {
  return and(
    eq(tariffs.connectionId, ref.connectionId),
    eq(tariffs.countryCode, ref.countryCode.toUpperCase()),
    eq(tariffs.partyId, ref.partyId.toUpperCase()),
    raw`lower(${tariffs.ocpiId}) = lower(${ref.ocpiId})`,
  )
}

/** The version in force at an instant; a `withdrawn` one tells that there was none to sell. */
export async function tariffAsOf(
  sql: Sql,
  ref: TariffRef,
  at: string,
): Promise<TariffRow | undefined> {
  const [row] = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        named(ref),
        lte(tariffs.receivedAt, at),
        or(isNull(tariffs.supersededAt), gt(tariffs.supersededAt, at)),
      ),
    )
    .orderBy(desc(tariffs.version))
    .limit(1)
  return row
}

/** By our id: one version, or the one in force. Public, but held and invalid ones are shown to their CPO only. */
export async function getTariff(
  sql: Sql,
  accountId: string,
  id: string,
  version?: number,
): Promise<TariffRow | undefined> {
  const [row] = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        eq(tariffs.id, id),
        version === undefined ? isNull(tariffs.supersededAt) : eq(tariffs.version, version),
        visibleTo(accountId),
      ),
    )
  return row
}

function visibleTo(accountId: string) {
  const own = ownedBy(tariffs.cpoId, accountId)
  return own === undefined ? undefined : or(own, raw`${tariffs.status} in ('valid', 'withdrawn')`)
}

/** Versions in force, newest tariff first; of one CPO when `cpoId` is given. */
export async function listTariffs(
  sql: Sql,
  accountId: string,
  page: PageRequest & { cpoId?: string },
): Promise<Page<TariffRow>> {
  const { where, orderBy, limit } = pageBy(tariffs.id, page)
  const rows = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        isNull(tariffs.supersededAt),
        page.cpoId === undefined ? undefined : eq(tariffs.cpoId, page.cpoId),
        visibleTo(accountId),
        where,
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

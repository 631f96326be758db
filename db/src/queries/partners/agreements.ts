// Distribution agreements: versions that two sides decide on, and the one that counts at an instant.
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { DistributionTerms } from '@chargelane/rules/agreement/distribution'
import { and, desc, eq, inArray, isNull, lt, ne, or, sql as raw, type SQL } from 'drizzle-orm'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { agreements } from '../../schema.ts'
import { pageOf, type Page, type PageRequest } from '../page.ts'

export type AgreementRow = typeof agreements.$inferSelect
/** With the version that counts now, which may be an earlier one. */
export type AgreementView = AgreementRow & { activeVersion: number | null }
export type AgreementSide = AgreementRow['side']

const a = agreements

/** A draft is its maker's alone, a proposal is between the two sides, and public terms are everybody's. */
function visibleTo(accountId: string): SQL | undefined {
  if (accountId === everyAccount) return undefined
  return or(
    eq(a.proposedBy, accountId),
    and(ne(a.status, 'draft'), eq(a.accountId, accountId)),
    and(isNull(a.accountId), inArray(a.status, ['active', 'ended'])),
  )
}

/** What counts at an instant, as it is known now; `g` names the table. */
export const countsAt = (at: SQL): SQL =>
  raw`g.status in ('active', 'ended') and g.active_from <= ${at}::timestamptz
    and coalesce(g.ended_at > ${at}::timestamptz, true)`

/** The one version of an account that counts at an instant, as rows of `agreements` named `g`. */
export const agreementOf = (accountId: SQL, at: SQL): SQL =>
  raw`(select * from agreements g where g.account_id = ${accountId} and ${countsAt(at)}
    order by g.active_from desc, g.created_at desc, g.version desc limit 1)`

/** The version of this name, `agr_…@2`, whatever counts by now. */
export const versionNamed = (name: SQL): SQL =>
  raw`(select * from agreements g where g.id = split_part(${name}::text, '@', 1)
    and g.version = split_part(${name}::text, '@', 2)::int)`

const columns = (now: string) => ({
  row: a,
  activeVersion: raw<number | null>`(select max(g.version) from agreements g
    where g.id = agreements.id and ${countsAt(raw`${now}`)})`.as('active_version'),
})

const viewOf = (found: { row: AgreementRow; activeVersion: number | null }): AgreementView => ({
  ...found.row,
  activeVersion: found.activeVersion,
})

/** The newest version the account may see, or the one named. */
export async function getAgreement(
  sql: Sql,
  accountId: string,
  id: string,
  now: string,
  version?: number,
): Promise<AgreementView | undefined> {
  const [found] = await sql
    .select(columns(now))
    .from(a)
    .where(
      and(
        eq(a.id, id),
        version === undefined ? undefined : eq(a.version, version),
        visibleTo(accountId),
      ),
    )
    .orderBy(desc(a.version))
    .limit(1)
  return found && viewOf(found)
}

/** The newest version of each agreement, newest agreement first. */
export async function listAgreements(
  sql: Sql,
  accountId: string,
  page: PageRequest & { of?: string; side?: AgreementSide },
  now: string,
): Promise<Page<AgreementView>> {
  const rows = await sql
    .selectDistinctOn([a.id], columns(now))
    .from(a)
    .where(
      and(
        visibleTo(accountId),
        page.of === undefined ? undefined : eq(a.accountId, page.of),
        page.side === undefined ? undefined : eq(a.side, page.side),
        page.after === undefined ? undefined : lt(a.id, page.after),
      ),
    )
    .orderBy(desc(a.id), desc(a.version))
    .limit(page.limit + 1)
  return pageOf(rows.map(viewOf), page.limit)
}

/** The version of an account that counts at an instant. */
export async function agreementAt(
  sql: Sql,
  accountId: string,
  at: string,
): Promise<AgreementRow | undefined> {
  const [row] = await sql
    .select()
    .from(a)
    .where(
      and(
        eq(a.accountId, accountId),
        inArray(a.status, ['active', 'ended']),
        raw`${a.activeFrom} <= ${at}::timestamptz and coalesce(${a.endedAt} > ${at}::timestamptz, true)`,
      ),
    )
    .orderBy(desc(a.activeFrom), desc(a.createdAt), desc(a.version))
    .limit(1)
  return row
}

export type NewAgreement = Pick<
  AgreementRow,
  'accountId' | 'proposedBy' | 'terms' | 'effectiveFrom'
> &
  Partial<
    Pick<
      AgreementRow,
      'joined' | 'reason' | 'effectiveTo' | 'activeFrom' | 'endedAt' | 'decidedBy' | 'decidedAt'
    >
  > & { status: 'draft' | 'proposed' | 'active'; at: string; id?: string }

/** Version 1 of a new agreement, or the next version of one. */
export async function insertAgreement(
  tx: Sql,
  { at, id = newId('agreement'), ...values }: NewAgreement,
  before?: { id: string; version: number },
): Promise<AgreementRow> {
  const [row] = await tx
    .insert(a)
    .values({
      ...values,
      side: values.terms.side,
      id: before?.id ?? id,
      version: (before?.version ?? 0) + 1,
      createdAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of an agreement returned no row')
  return row
}

/** Two decisions about one agreement, or about one account's, wait for each other until the tx ends. */
export async function lockAgreement(tx: Tx, subject: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${subject}, 51))`)
}

/** Moves a version; undefined when it is not in one of the states it may come from. */
export async function moveAgreement(
  tx: Sql,
  version: { id: string; version: number },
  from: AgreementRow['status'][],
  patch: Partial<
    Pick<AgreementRow, 'status' | 'activeFrom' | 'endedAt' | 'decidedBy' | 'decidedAt' | 'reason'>
  >,
): Promise<AgreementRow | undefined> {
  const [row] = await tx
    .update(a)
    .set(patch)
    .where(and(eq(a.id, version.id), eq(a.version, version.version), inArray(a.status, from)))
    .returning()
  return row
}

/** The newest agreement that an account has, whatever has become of it. */
export async function lastAgreementOf(
  sql: Sql,
  accountId: string,
): Promise<AgreementRow | undefined> {
  const [row] = await sql
    .select()
    .from(a)
    .where(eq(a.accountId, accountId))
    .orderBy(desc(a.createdAt), desc(a.id), desc(a.version))
    .limit(1)
  return row
}

/** Versions of an account, or the public ones of an agreement, that count at an instant or will. */
export function versionsToEnd(
  tx: Sql,
  { id, accountId }: Pick<AgreementRow, 'id' | 'accountId'>,
  at: string,
): Promise<AgreementRow[]> {
  return tx
    .select()
    .from(a)
    .where(
      and(
        accountId === null ? eq(a.id, id) : eq(a.accountId, accountId),
        eq(a.status, 'active'),
        raw`coalesce(${a.endedAt} > ${at}::timestamptz, true)`,
      ),
    )
    .orderBy(desc(a.createdAt), desc(a.version))
}

export type SignedAgreement = {
  accountId: string
  terms: DistributionTerms
  at: string
  /** The platform, where it wrote down what was signed; else the account. */
  by?: string
}

/** What both sides signed when the account was opened: it counts at once, and ends what counted before. */
export function signAgreement(sql: Sql, input: SignedAgreement): Promise<AgreementRow> {
  const { accountId, terms, at, by = accountId } = input
  return sql.transaction(async (tx) => {
    const before = await lastAgreementOf(tx, accountId)
    for (const old of await versionsToEnd(tx, { id: '', accountId }, at))
      await moveAgreement(tx, old, ['active'], { endedAt: at })
    return insertAgreement(
      tx,
      {
        accountId,
        proposedBy: by,
        terms,
        effectiveFrom: at,
        activeFrom: at,
        status: 'active',
        decidedBy: accountId,
        decidedAt: at,
        at,
      },
      before,
    )
  })
}

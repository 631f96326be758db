import { and, desc, eq, inArray, lt, ne, or, sql as raw, type SQL } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { rateAgreements } from '../../schema.ts'
import { pageOf, type Page, type PageRequest } from '../page.ts'

export type RateAgreementRow = typeof rateAgreements.$inferSelect
/** With the version that prices sessions now, which may be an earlier one. */
export type RateAgreementView = RateAgreementRow & { activeVersion: number | null }

const r = rateAgreements

/** A draft is its maker's alone; what was proposed is between the two sides. */
function visibleTo(accountId: string): SQL | undefined {
  if (accountId === everyAccount) return undefined
  return or(
    eq(r.proposedBy, accountId),
    and(ne(r.status, 'draft'), or(eq(r.cpoId, accountId), eq(r.partnerId, accountId))),
  )
}

const inForce = (at: string) => raw`status in ('active', 'ended')
  and active_from <= ${at}::timestamptz and coalesce(ended_at > ${at}::timestamptz, true)`

const activeVersion = (now: string) =>
  raw<
    number | null
  >`(select max(version) from rate_agreements x where x.id = rate_agreements.id and ${inForce(now)})`.as(
    'active_version',
  )

const columns = (now: string) => ({ row: r, activeVersion: activeVersion(now) })

const viewOf = (found: {
  row: RateAgreementRow
  activeVersion: number | null
}): RateAgreementView => ({ ...found.row, activeVersion: found.activeVersion })

/** The newest version the account may see, or the one named. */
export async function getRateAgreement(
  sql: Sql,
  accountId: string,
  id: string,
  now: string,
  version?: number,
): Promise<RateAgreementView | undefined> {
  const [found] = await sql
    .select(columns(now))
    .from(r)
    .where(
      and(
        eq(r.id, id),
        version === undefined ? undefined : eq(r.version, version),
        visibleTo(accountId),
      ),
    )
    .orderBy(desc(r.version))
    .limit(1)
  return found && viewOf(found)
}

/** The newest version of each agreement, newest agreement first. */
export async function listRateAgreements(
  sql: Sql,
  accountId: string,
  page: PageRequest,
  now: string,
): Promise<Page<RateAgreementView>> {
  const rows = await sql
    .selectDistinctOn([r.id], columns(now))
    .from(r)
    .where(and(visibleTo(accountId), page.after === undefined ? undefined : lt(r.id, page.after)))
    .orderBy(desc(r.id), desc(r.version))
    .limit(page.limit + 1)
  return pageOf(rows.map(viewOf), page.limit)
}

export type NewRateAgreement = Pick<
  RateAgreementRow,
  | 'cpoId'
  | 'partnerId'
  | 'proposedBy'
  | 'name'
  | 'justification'
  | 'terms'
  | 'evses'
  | 'locations'
  | 'effectiveFrom'
  | 'effectiveTo'
> & { status: 'draft' | 'proposed'; at: string }

/** Version 1 of a new agreement, or the next version of one. */
export async function insertRateAgreement(
  tx: Sql,
  input: NewRateAgreement,
  before?: { id: string; version: number },
): Promise<RateAgreementRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(r)
    .values({
      ...values,
      id: before?.id ?? newId('rateAgreement'),
      version: (before?.version ?? 0) + 1,
      createdAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a rate agreement returned no row')
  return row
}

/** Two decisions about one agreement wait for each other until the tx ends. */
export async function lockRateAgreement(tx: Tx, id: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${id}, 46))`)
}

/** Moves a version; undefined when it is not in one of the states it may come from. */
export async function moveRateAgreement(
  tx: Tx,
  version: { id: string; version: number },
  from: RateAgreementRow['status'][],
  patch: Partial<
    Pick<
      RateAgreementRow,
      'status' | 'activeFrom' | 'endedAt' | 'decidedBy' | 'decidedAt' | 'reason'
    >
  >,
): Promise<RateAgreementRow | undefined> {
  const [row] = await tx
    .update(r)
    .set(patch)
    .where(and(eq(r.id, version.id), eq(r.version, version.version), inArray(r.status, from)))
    .returning()
  return row
}

/** Versions of an agreement that count at an instant or will: what an end, or a newer version, has to end. */
export function versionsToEnd(tx: Tx, id: string, at: string): Promise<RateAgreementRow[]> {
  return tx
    .select()
    .from(r)
    .where(
      and(
        eq(r.id, id),
        eq(r.status, 'active'),
        raw`coalesce(${r.endedAt} > ${at}::timestamptz, true)`,
      ),
    )
    .orderBy(desc(r.version))
}

import { and, desc, eq, inArray, lt, ne, or, sql as raw, type SQL } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Contract } from '@chargelane/rules/agreement/contract'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { contracts } from '../../schema.ts'
import { type Page, pageOf, type PageRequest } from '../page.ts'

export type ContractRow = typeof contracts.$inferSelect

const c = contracts

/** A draft is its maker's alone; what was proposed is between the two sides. */
function visibleTo(accountId: string): SQL | undefined {
  if (accountId === everyAccount) return undefined
  return or(
    eq(c.proposedBy, accountId),
    and(ne(c.status, 'draft'), or(eq(c.cpoId, accountId), eq(c.partnerId, accountId))),
  )
}

/** The newest version the account may see, or the one named. */
export async function getContract(
  sql: Sql,
  accountId: string,
  id: string,
  version?: number,
): Promise<ContractRow | undefined> {
  const [row] = await sql
    .select()
    .from(c)
    .where(
      and(
        eq(c.id, id),
        version === undefined ? undefined : eq(c.version, version),
        visibleTo(accountId),
      ),
    )
    .orderBy(desc(c.version))
    .limit(1)
  return row
}

export async function listContracts(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<ContractRow>> {
  const rows = await sql
    .selectDistinctOn([c.id])
    .from(c)
    .where(and(visibleTo(accountId), page.after === undefined ? undefined : lt(c.id, page.after)))
    .orderBy(desc(c.id), desc(c.version))
    .limit(page.limit + 1)
  return pageOf(rows, page.limit)
}

export type NewContract = Pick<
  ContractRow,
  | 'cpoId'
  | 'partnerId'
  | 'proposedBy'
  | 'name'
  | 'driverGroups'
  | 'evses'
  | 'locations'
  | 'rateAgreement'
  | 'splitPolicy'
  | 'effectiveFrom'
  | 'effectiveTo'
> & { status: 'draft' | 'proposed'; at: string }

/** Version 1 of a new contract, or the next version of one. */
export async function insertContract(
  tx: Sql,
  input: NewContract,
  before?: { id: string; version: number },
): Promise<ContractRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(c)
    .values({
      ...values,
      id: before?.id ?? newId('contract'),
      version: (before?.version ?? 0) + 1,
      createdAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a contract returned no row')
  return row
}

/** Two decisions about the contracts of the same two sides wait for each other until the tx ends. */
export async function lockContracts(
  tx: Tx,
  sides: Pick<ContractRow, 'cpoId' | 'partnerId'>,
): Promise<void> {
  const name = `contracts/${sides.cpoId}/${sides.partnerId}`
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

/** Moves a version; undefined when it is not in one of the states it may come from. */
export async function moveContract(
  tx: Tx,
  version: { id: string; version: number },
  from: ContractRow['status'][],
  patch: Partial<
    Pick<ContractRow, 'status' | 'activeFrom' | 'endedAt' | 'decidedBy' | 'decidedAt' | 'reason'>
  >,
): Promise<ContractRow | undefined> {
  const [row] = await tx
    .update(c)
    .set(patch)
    .where(and(eq(c.id, version.id), eq(c.version, version.version), inArray(c.status, from)))
    .returning()
  return row
}

/** Active versions of the two sides that count at an instant or will. */
export const activeContracts = (
  tx: Tx,
  { cpoId, partnerId }: Pick<ContractRow, 'cpoId' | 'partnerId'>,
  at: string,
): Promise<ContractRow[]> =>
  tx
    .select()
    .from(c)
    .where(
      and(
        eq(c.cpoId, cpoId),
        eq(c.partnerId, partnerId),
        eq(c.status, 'active'),
        raw`coalesce(${c.endedAt} > ${at}::timestamptz, true)`,
      ),
    )
    .orderBy(desc(c.version))

export const contractOf = (row: ContractRow): Contract => ({
  id: row.id,
  version: row.version,
  name: row.name,
  evses: row.evses,
  locations: row.locations,
  driverGroups: row.driverGroups,
  activeFrom: row.activeFrom ?? row.effectiveFrom,
  rateAgreement: row.rateAgreement,
  splitPolicy: row.splitPolicy,
})

/** Whether the operator has this version of a policy in force at an instant, made for contracts. */
export async function hasSplitPolicy(
  tx: Tx,
  { ref, of, at }: { ref: string; of: string; at: string },
): Promise<boolean> {
  const [id, version] = ref.split('@')
  const rows = await tx.execute(raw`select from split_policies p where p.id = ${id ?? ''}
    and p.version = ${Number(version)} and p.cpo_id = ${of} and p.status = 'active' and p.level = 'contract'
    and p.effective_from <= ${at}::timestamptz and coalesce(p.effective_until > ${at}::timestamptz, true)`)
  return rows.length > 0
}

import { and, desc, eq, lt, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { plans } from '../../schema.ts'
import { ownedBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type PlanRow = typeof plans.$inferSelect

export type NewPlan = Pick<
  PlanRow,
  'ownerId' | 'ownerType' | 'name' | 'country' | 'currency' | 'feeMinor' | 'terms'
> & { at: string }

/** Version 1 of a new plan, or the next version of one. */
export async function insertPlan(
  tx: Tx,
  input: NewPlan,
  before?: { id: string; version: number },
): Promise<PlanRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(plans)
    .values({
      ...values,
      id: before?.id ?? newId('plan'),
      version: (before?.version ?? 0) + 1,
      createdAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a plan returned no row')
  return row
}

/** Two changes of one plan wait for each other until the tx ends. */
export async function lockPlan(tx: Tx, id: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${id}, 49))`)
}

/** A version as it was sold, whoever asks: sessions are priced by it. */
export async function planVersion(
  sql: Sql,
  id: string,
  version: number,
): Promise<PlanRow | undefined> {
  const [row] = await sql
    .select()
    .from(plans)
    .where(and(eq(plans.id, id), eq(plans.version, version)))
  return row
}

/** The newest version of a plan, or the one named. Row-level security shows a viewer its own and CPOs' public offers. */
export async function getPlan(
  sql: Sql,
  id: string,
  version?: number,
): Promise<PlanRow | undefined> {
  const [row] = await sql
    .select()
    .from(plans)
    .where(and(eq(plans.id, id), version === undefined ? undefined : eq(plans.version, version)))
    .orderBy(desc(plans.version))
    .limit(1)
  return row
}

/** The newest version of each plan a viewer may see, newest plan first; `ownerId` narrows it to one seller's. */
export async function listPlans(
  sql: Sql,
  page: PageRequest & { ownerId?: string | undefined },
): Promise<Page<PlanRow>> {
  const rows = await sql
    .selectDistinctOn([plans.id])
    .from(plans)
    .where(
      and(
        page.after === undefined ? undefined : lt(plans.id, page.after),
        ownedBy(plans.ownerId, page.ownerId ?? everyAccount),
      ),
    )
    .orderBy(desc(plans.id), desc(plans.version))
    .limit(page.limit + 1)
  return pageOf(rows, page.limit)
}

/** Takes a plan of the account out of sale, every version of it. */
export async function retirePlan(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx
    .update(plans)
    .set({ retired: true })
    .where(and(eq(plans.id, id), ownedBy(plans.ownerId, accountId)))
}

// Four eyes: what one key proposes another carries out. The row stays and says who wanted what, when and why.
import { and, eq, isNull, sql as raw } from 'drizzle-orm'
import type { Facts } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { approvals } from '../../schema.ts'

export type Approval = typeof approvals.$inferSelect

export type Proposal = {
  action: string
  subjectId: string
  terms: Facts
  reason: string
  by: string
  at: string
}

/** Writes a proposal down, or gives the one that stands; locked, so that it is carried out once. */
export async function proposed(
  tx: Sql,
  input: Proposal,
): Promise<{ approval: Approval; isNew: boolean }> {
  const { action, subjectId, terms, reason, by, at } = input
  const [made] = await tx
    .insert(approvals)
    .values({ action, subjectId, terms, reason, proposedBy: by, proposedAt: at })
    .onConflictDoNothing()
    .returning()
  if (made !== undefined) return { approval: made, isNew: true }
  const [known] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.action, action), eq(approvals.subjectId, subjectId)))
    .for('update')
  if (known === undefined) throw new Error(`no proposal of ${action} for ${subjectId}`)
  return { approval: known, isNew: false }
}

/** What was proposed is out of date, e.g. because a part was paid: the newer proposal takes its place. */
export async function proposeAnew(
  tx: Sql,
  { action, subjectId, terms, reason, by, at }: Proposal,
): Promise<Approval> {
  const [row] = await tx
    .update(approvals)
    .set({ terms, reason, proposedBy: by, proposedAt: at })
    .where(
      and(
        eq(approvals.action, action),
        eq(approvals.subjectId, subjectId),
        isNull(approvals.approvedBy),
      ),
    )
    .returning()
  if (row === undefined) throw new Error(`${action} of ${subjectId} was approved before`)
  return row
}

/** The second pair of eyes. */
export async function approve(
  tx: Sql,
  { action, subjectId }: Pick<Approval, 'action' | 'subjectId'>,
  { by, at }: { by: string; at: string },
): Promise<Approval> {
  const [row] = await tx
    .update(approvals)
    .set({ approvedBy: by, approvedAt: at })
    .where(
      and(
        eq(approvals.action, action),
        eq(approvals.subjectId, subjectId),
        isNull(approvals.approvedBy),
        raw`${approvals.proposedBy} <> ${by}`,
      ),
    )
    .returning()
  if (row === undefined) throw new Error(`${action} of ${subjectId} was approved before`)
  return row
}

/** The open proposal about an object, for whoever has to look at it. */
export async function openProposalOf(sql: Sql, subjectId: string): Promise<Approval | undefined> {
  const [row] = await sql
    .select()
    .from(approvals)
    .where(and(eq(approvals.subjectId, subjectId), isNull(approvals.approvedBy)))
    .limit(1)
  return row
}

// Daily closings of conversions: what stood on the clearing accounts, what the bank exchanged, and what was left.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Exchanged } from '@chargelane/rules/fx/closing'
import { desc, eq, isNull, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { fxClosings } from '../../schema.ts'

export type FxClosing = typeof fxClosings.$inferSelect

/** The one that is under way, or the day's own; a new one where there is something to close and the day has none. */
export async function openClosing(
  tx: Tx,
  wish: { day: string; base: string; positions: readonly Money[]; at: string },
): Promise<FxClosing | undefined> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended('fx_closings', 52))`)
  const [open] = await tx.select().from(fxClosings).where(isNull(fxClosings.closedAt)).limit(1)
  if (open !== undefined) return open
  const { at, positions, ...rest } = wish
  if (positions.length === 0) return undefined
  const [made] = await tx
    .insert(fxClosings)
    .values({ ...rest, id: newId('fxClosing'), positions: [...positions], openedAt: at })
    .onConflictDoNothing()
    .returning()
  return made
}

type Step = { at: string } & ({ exchanged: Exchanged } | { result: number })

/** One more exchange of it, or its end. */
export async function keepClosing(tx: Tx, id: string, step: Step): Promise<void> {
  await tx
    .update(fxClosings)
    .set(
      'result' in step
        ? { resultMinor: step.result, closedAt: step.at }
        : {
            exchanged: raw`${fxClosings.exchanged} || ${JSON.stringify([step.exchanged])}::jsonb`,
          },
    )
    .where(eq(fxClosings.id, id))
}

/** Newest first. */
export const listClosings = (sql: Sql, limit: number): Promise<FxClosing[]> =>
  sql.select().from(fxClosings).orderBy(desc(fxClosings.day)).limit(limit)

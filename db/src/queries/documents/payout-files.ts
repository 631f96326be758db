// Files of transfers as they were given to the bank, and what its statements say of those in them.
import { and, asc, desc, eq, gte, inArray, isNotNull, like } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { payoutFiles, payouts, statementLines } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'

type Columns = typeof payoutFiles.$inferSelect
export type PayoutFile = Omit<Columns, 'xml'> & { xml: string }

const column = 'payout_files.xml'
const opened = (row: Columns): PayoutFile => ({ ...row, xml: unseal(column, row.id, row.xml) })

export type NewPayoutFile = Omit<PayoutFile, 'state' | 'reason' | 'reportedAt'> & {
  payoutIds: readonly string[]
}

/** With its payouts, which are in no other from now on. */
export async function addPayoutFile(
  tx: Tx,
  { payoutIds, xml, ...values }: NewPayoutFile,
): Promise<void> {
  await tx
    .insert(payoutFiles)
    .values({ ...values, xml: seal(column, values.id, xml), state: 'built' })
  await tx
    .update(payouts)
    .set({ fileId: values.id })
    .where(inArray(payouts.id, [...payoutIds]))
}

/** What the bank has not reported on, oldest first. */
export async function unreportedFiles(sql: Sql): Promise<PayoutFile[]> {
  const rows = await sql
    .select()
    .from(payoutFiles)
    .where(eq(payoutFiles.state, 'built'))
    .orderBy(asc(payoutFiles.id))
  return rows.map(opened)
}

export async function payoutFileOf(sql: Sql, id: string): Promise<PayoutFile | undefined> {
  const [row] = await sql.select().from(payoutFiles).where(eq(payoutFiles.id, id))
  return row && opened(row)
}

/** What the bank said of it counts once. */
export async function closePayoutFile(
  tx: Sql,
  id: string,
  { state, reason, at }: { state: Columns['state']; reason: string | null; at: string },
): Promise<void> {
  await tx
    .update(payoutFiles)
    .set({ state, reason, reportedAt: at })
    .where(and(eq(payoutFiles.id, id), eq(payoutFiles.state, 'built')))
}

export type BookedTransfer = {
  endToEndId: string
  reference: string | null
  returnReason: string | null
  amountMinor: number
  bookedAt: string
}

const lineColumns = {
  endToEndId: statementLines.endToEndId,
  reference: statementLines.reference,
  returnReason: statementLines.returnReason,
  amountMinor: statementLines.amountMinor,
  bookedAt: statementLines.bookedAt,
}
const named = (line: Omit<BookedTransfer, 'endToEndId'> & { endToEndId: string | null }) =>
  line.endToEndId === null ? [] : [{ ...line, endToEndId: line.endToEndId }]

/** The lines of the bank's statements about a transfer, newest first. */
export async function linesOfTransfer(sql: Sql, endToEndId: string): Promise<BookedTransfer[]> {
  const rows = await sql
    .select(lineColumns)
    .from(statementLines)
    .where(eq(statementLines.endToEndId, endToEndId))
    .orderBy(desc(statementLines.sequence), desc(statementLines.id))
  return rows.flatMap(named)
}

/** Transfers that came back since then, of ids that begin so. */
export async function returnedTransfers(
  sql: Sql,
  { since, prefix }: { since: string; prefix: string },
): Promise<BookedTransfer[]> {
  const rows = await sql
    .select(lineColumns)
    .from(statementLines)
    .where(
      and(
        isNotNull(statementLines.returnReason),
        gte(statementLines.bookedAt, since),
        like(statementLines.endToEndId, `${prefix}%`),
      ),
    )
    .orderBy(asc(statementLines.id))
  return rows.flatMap(named)
}

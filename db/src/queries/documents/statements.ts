// What a payee is told of a settlement: its lines, the statement printed from them, and the file.
import { and, asc, eq, sql as raw } from 'drizzle-orm'
import type { Statement } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { evses, payables, sessions, settlements, splitItems } from '../../schema.ts'
import { openedBytes, unseal } from '../../sealed/sealed.ts'
import { valued } from './settlements.ts'

type SharedBy = { id: string; version: number }

/** The lines of a statement: each payable of the settlement with its session, or with the item of a period. */
export async function settlementLines(sql: Sql, settlementId: string) {
  const rows = await sql
    .select({
      payableId: payables.id,
      sessionId: payables.sessionId,
      splitItemId: payables.splitItemId,
      /** Of an item: its policy, site and period. */
      item: splitItems,
      /** How the sale of the session was shared, and the proof of its price. */
      sharing: raw<SharedBy | null>`(select s.split_input -> 'sharing' -> 'policy' from sales s
        where s.session_id = ${payables.sessionId} and s.revision = ${payables.revision})`,
      proofId: raw<
        string | null
      >`(select p.id from price_proofs p where p.session_id = ${payables.sessionId}
        and p.rating = 'wholesale' order by p.status = 'superseded', p.id desc limit 1)`,
      workflowId: sessions.workflowId,
      partnerId: sessions.accountId,
      cpoId: sessions.cpoId,
      /** As printed on the charger. */
      evseId: evses.evseId,
      startedAt: sessions.startedAt,
      endedAt: sessions.endedAt,
      energyWh: sessions.energyWh,
      payeeId: payables.payeeId,
      role: payables.role,
      currency: payables.currency,
      amountMinor: payables.amountMinor,
      detail: payables.detail,
      provisional: payables.provisional,
      slaDeadline: payables.slaDeadline,
    })
    .from(payables)
    .leftJoin(sessions, eq(sessions.id, payables.sessionId))
    .leftJoin(evses, eq(evses.id, sessions.evseId))
    .leftJoin(splitItems, eq(splitItems.id, payables.splitItemId))
    .where(eq(payables.settlementId, settlementId))
    .orderBy(asc(payables.id))
  return rows.map(valued)
}

export async function statementPdfOf(
  sql: Sql,
  payeeId: string,
  settlementId: string,
): Promise<Buffer | undefined> {
  const [row] = await sql
    .select({ pdf: settlements.statementPdf })
    .from(settlements)
    .where(
      and(
        eq(settlements.id, settlementId),
        payeeId === 'all' ? undefined : eq(settlements.payeeId, payeeId),
      ),
    )
  const pdf = row?.pdf ?? null
  return pdf === null ? undefined : openedBytes('settlements.statement_pdf', settlementId, pdf)
}

/** What the statement says, as the file was printed from it. */
export async function statementOf(sql: Sql, settlementId: string): Promise<Statement | undefined> {
  const [row] = await sql
    .select({ text: settlements.statement })
    .from(settlements)
    .where(eq(settlements.id, settlementId))
  const text = unseal('settlements.statement', settlementId, row?.text ?? null)
  return text === null ? undefined : JSON.parse(text)
}

// A sale whose session is long over, opened again for what its CPO still says of it.
import { tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import type { Sql } from '@chargelane/db'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { channelsOf } from '@chargelane/db/queries/sessions/terms'
import { zConnectivity, zSessionStatus } from '@chargelane/openapi/vocabulary/status'
import type { SupplyFact } from '@chargelane/rules/documents'
import { nothingHeard } from '../charging/rules.ts'
import { defaultDeadlines } from '../contract.ts'
import type { Deadlines } from '../contract.ts'
import { settingsOf } from '../record/term.ts'
import type { LateRecordInput } from './workflow.ts'

/** Its aftercare's input, where these facts take back what was billed; undefined where there is nothing to take back. */
export async function reopenSale(
  sql: Sql,
  sessionId: string,
  facts: readonly SupplyFact[],
  deadlines: Deadlines = defaultDeadlines,
): Promise<LateRecordInput | undefined> {
  const credit = facts.find((fact) => fact.kind === 'record_credited')
  const isInvalid = facts.some(({ kind }) => kind === 'declared_invalid')
  if (credit === undefined && !isInvalid) return undefined
  const [session, sale] = await Promise.all([
    getSession(sql, 'all', sessionId),
    saleOf(sql, sessionId),
  ])
  if (session === undefined || sale === undefined || session.endedAt === null) return undefined
  const { accountId, evseId, connectorId, connectionId, endedAt } = session
  const tokenUid = tokenUidOf(session)
  const channels = await channelsOf(sql, { evseId, connectorId })
  const protocol = channels.find((each) => each.connectionId === connectionId)?.protocol ?? 'ocpi'
  const startedAt = session.startedAt ?? session.createdAt
  const supplyRef = session.supplyRef ?? sessionId
  const records = await cdrsOfSession(sql, sessionId)
  const { record_deadline_s: set } = await settingsOf(sql, sessionId)
  return {
    left: {
      input: { origin: 'supply', sessionId, accountId, evseId, tokenUid, supplyRef, startedAt },
      facts: undefined,
      deadlines: { ...deadlines, ...(set == null ? {} : { record: set * 1_000 }) },
      heard: {
        ...nothingHeard,
        started: { at: startedAt, supplyRef },
        ended: { at: endedAt, reason: 'other' },
        judged: records.flatMap(({ id, status }) => (status === 'received' ? [] : [id])),
        isInvalid,
        credited: credit?.cdrId,
      },
      status: zSessionStatus.parse(session.status),
      connectivity: zConnectivity.parse(session.connectivity),
      endedAt,
      guessedEnd: undefined,
    },
    route: { connectionId, evseId, connectorId, protocol, usable: true, reason: 'in use' },
    booked: {
      revision: sale.revision,
      splitInput: sale.splitInput,
      state: { ...sale.state, split: sale.split },
      terms: sale.terms,
      payees: sale.terms.payouts.map(({ payee }) => payee),
    },
    endedAt,
  }
}

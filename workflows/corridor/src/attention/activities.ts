// A step that no repetition mends is put before a person, and what the person decides is kept.
import type { Db, Tx } from '@chargelane/db'
import { openIncident, resolveIncident } from '@chargelane/db/queries/operations/incidents'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import { money } from '@chargelane/rules/money'
import type { Asked, Decided } from './decision.ts'

export type AskInput = {
  sessionId: string
  workflowId: string
  step: string
  cause: string
  now: string
}

/**
 * What may be done where a session stands. Money that was captured is never left outside the books, so between the
 * capture and the booking there is only another try.
 */
async function exitsOf(tx: Tx, sessionId: string): Promise<IncidentAction[]> {
  const session = await getSession(tx, 'all', sessionId)
  if (session === undefined) return ['retry', 'waive']
  if (['charging', 'suspended', 'stopping'].includes(session.status)) return ['retry', 'force_end']
  if ((await saleOf(tx, sessionId)) !== undefined) return ['retry', 'write_off']
  const payments = await paymentsOf(tx, sessionId)
  const isCaptured = payments.some(({ captured }) => captured !== null && captured.amount > 0)
  return isCaptured ? ['retry'] : ['retry', 'waive']
}

async function askForDecision(db: Db, input: AskInput): Promise<Asked> {
  const { sessionId, workflowId, step, cause, now: at } = input
  return db.tx(async (tx) => {
    const actions = await exitsOf(tx, sessionId)
    const terms = await sessionTerms(tx, sessionId)
    const incident = await openIncident(tx, {
      kind: 'step_failed',
      subject: { type: 'workflow', id: workflowId },
      ...(terms === undefined
        ? {}
        : {
            accountId: terms.session.accountId,
            sessionId,
            atStake: money(
              terms.session.totalGrossMinor ?? terms.quote.holdMinor,
              terms.session.currency,
            ),
            ...(terms.session.energyWh === null ? {} : { energyWh: terms.session.energyWh }),
          }),
      cause,
      detail: { step, session: sessionId, workflow: workflowId },
      actions,
      at,
    })
    if (terms !== undefined)
      await changeSession(
        tx,
        sessionId,
        {},
        {
          room: 'attention',
          what: `${step} waits for a decision`,
          detail: { incident: incident.id, cause, actions },
          dedupeKey: `${incident.id}:asked:${incident.occurrences}`,
          at,
        },
      )
    return { incidentId: incident.id, step, actions }
  })
}

export type KeepInput = {
  sessionId: string
  workflowId: string
  decision: Decided
  now: string
}

/** Where the energy register stood last and which holds are left, for whoever ends the session. */
export type Standing = { lastReadingAt: string | null; openAttempts: number[] }

async function keepDecision(db: Db, input: KeepInput): Promise<Standing> {
  const { sessionId, workflowId, decision, now: at } = input
  const { incidentId, action, reason, by } = decision
  return db.tx(async (tx) => {
    await resolveIncident(tx, incidentId, { action, reason, by, at })
    if ((await getSession(tx, 'all', sessionId)) !== undefined)
      await changeSession(
        tx,
        sessionId,
        {},
        {
          room: 'attention',
          what: `decided: ${action}`,
          detail: { incident: incidentId, workflow: workflowId, action, reason, by },
          dedupeKey: `${incidentId}:decided`,
          at,
        },
      )
    const { lastReadingAt } = await energyProgress(tx, sessionId)
    const payments = await paymentsOf(tx, sessionId)
    const open = ['created', 'requires_action', 'authorized', 'capture_failed']
    const openAttempts = payments.filter(({ status }) => open.includes(status))
    return { lastReadingAt, openAttempts: openAttempts.map(({ attempt }) => attempt) }
  })
}

export function createAttentionActivities({ db }: { db: Db }) {
  return {
    askForDecision: (input: AskInput) => askForDecision(db, input),
    keepDecision: (input: KeepInput) => keepDecision(db, input),
  }
}

export type AttentionActivities = ReturnType<typeof createAttentionActivities>

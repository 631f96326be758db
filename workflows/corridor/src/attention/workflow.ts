import { release } from '../authorization/workflow.ts'
import { closeZero } from '../capture/workflow.ts'
import type { SessionResult } from '../contract.ts'
import { clock, instant } from '../clock/clock.ts'
import { answerStart, endAt, hearMore, note } from '../life.ts'
import type { Life } from '../life.ts'
import { routeInUse, sendStop } from '../routing/workflow.ts'
import { paper } from '../steps.ts'
import { StepDecided } from './decision.ts'

/** The charge ends where its register stood last: somebody decided so, and the record corrects it when it comes. */
export function endByDecision(life: Life, error: unknown): void {
  if (!(error instanceof StepDecided) || error.decision.action !== 'force_end') throw error
  const at = error.standing.lastReadingAt ?? instant(clock())
  hearMore(life, (heard) => ({ ...heard, ended: heard.ended ?? { at, reason: 'inferred' } }))
}

const beforeEnergy: readonly Life['status'][] = [
  'authorizing',
  'starting',
  'awaiting_plug_in',
  'start_unconfirmed',
]

/** Ends the session as somebody decided over a step that failed for good: nobody pays, or nothing more is booked. */
export async function endAsDecided(
  life: Life,
  error: unknown,
): Promise<Extract<SessionResult['outcome'], 'not_started' | 'closed_zero' | 'written_off'>> {
  if (!(error instanceof StepDecided)) throw error
  const { decision, standing } = error
  // What is booked stands; a debt that is left has its own list, where it is waived or written off.
  if (decision.action === 'write_off') return 'written_off'
  if (decision.action !== 'waive') throw error
  const { action, reason, by } = decision
  answerStart(life, {
    kind: 'refused',
    code: 'evse_not_available',
    message: 'The session was given up before it could start.',
  })
  const isOpen = life.heard.started !== undefined && life.heard.ended === undefined
  if (isOpen) await sendStop(life, routeInUse(life))
  for (const attempt of standing.openAttempts) await release(life, attempt, 'waived')
  if (life.status === 'ended') {
    await closeZero(life, undefined)
    if (decision.step !== 'issuePapers') await paper.issuePapers({ sessionId: life.sessionId })
    return 'closed_zero'
  }
  if (beforeEnergy.includes(life.status))
    await note(life, {
      room: 'attention',
      what: 'given up before the start',
      event: 'session.cancelled',
      patch: { status: 'cancelled' },
      detail: { action, reason, by },
    })
  if (isOpen) endAt(life, instant(clock()))
  return 'not_started'
}

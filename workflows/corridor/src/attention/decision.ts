import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import { ApplicationFailure } from '@temporalio/common'
import type { Standing } from './activities.ts'

/** A step that waits for a person, and what the person may decide. */
export type Asked = { incidentId: string; step: string; actions: IncidentAction[] }

/** What was decided, why and by whom. */
export type Decision = { action: IncidentAction; reason: string; by: string }
export type Decided = Decision & { incidentId: string; step: string }

/** Thrown where the step failed. A decision that nobody carries out ends its workflow. */
export class StepDecided extends ApplicationFailure {
  readonly decision: Decided
  readonly standing: Standing

  constructor(decision: Decided, standing: Standing) {
    super(`${decision.step}: ${decision.action}, ${decision.reason}`, 'StepDecided', true)
    this.decision = decision
    this.standing = standing
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** Of whatever was sent, also of nothing. */
const fieldsOf = (sent: unknown): Partial<Record<keyof Decision, unknown>> =>
  typeof sent === 'object' && sent !== null ? sent : {}

/** Why a decision is none, in words for whoever made it; undefined when it is one. */
export function objectionTo(decision: unknown, asked: Asked | undefined): string | undefined {
  if (asked === undefined) return 'nothing waits for a decision'
  const { action, reason, by } = fieldsOf(decision)
  if (!asked.actions.some((each) => each === action))
    return `action: possible are ${asked.actions.join(', ')}`
  if (text(reason) === '') return 'reason: say why'
  if (text(by) === '') return 'by: say who decides'
  return undefined
}

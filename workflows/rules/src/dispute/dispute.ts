/**
 * Disputes of drivers, decided by what was kept: each reason has a rule that reads the session's own facts and says what
 * it should have cost. What the facts do not decide is a person's.
 */
import type {
  DisputeBearer,
  DisputeFact,
  DisputeOutcome,
  DriverDisputeReason,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compare, money } from '../money.ts'
import { chargingRules, type DisputeRule } from './charging-rules.ts'
import type { DisputeFacts } from './facts.ts'
import { moneyRules } from './money-rules.ts'
import { isAfter, monthsAfter } from './times.ts'

export type { DisputeFacts, MeterFacts } from './facts.ts'
export type { DisputeRule } from './charging-rules.ts'
export { businessDaysAfter } from './times.ts'

/** The order is the vocabulary's; no reason without a rule. */
export const driverRules: Record<DriverDisputeReason, DisputeRule> = {
  ...chargingRules,
  ...moneyRules,
}

/** After so long neither party nor law asks for it (Directive (EU) 2015/2366, Art. 71). */
export const disputableMonths = 13

/** Two business days for a person, one of them for the operator's word. */
export const personWithinDays = 2
export const operatorWithinDays = 1

export type DriverVerdict = {
  outcome: Exclude<DisputeOutcome, 'withdrawn'> | 'person'
  /** What the sale should cost, tax included; null where a person decides or nothing changes. */
  price: Money | null
  bearer: DisputeBearer
  why: string
  rests: DisputeFact[]
}

/** Whether it is still time: the last of the months ends at the same hour of the same day. */
export function isDisputable(endedAt: string, now: string): boolean {
  return !isAfter(now, monthsAfter(endedAt, disputableMonths))
}

/** The same facts give the same verdict, whoever asks. */
export function decideDriverDispute(
  reason: DriverDisputeReason,
  facts: DisputeFacts,
): DriverVerdict {
  const rule = driverRules[reason]
  if (facts.chargeback !== null)
    return {
      outcome: 'none',
      price: null,
      bearer: 'nobody',
      why: 'The payer’s bank took the money back: its own procedure decides.',
      rests: [{ fact: 'chargeback', value: facts.chargeback }],
    }
  const found = rule.decide(facts)
  const { why, rests } = found
  if (found.kind === 'unclear')
    return { outcome: 'person', price: null, bearer: rule.bearer, why, rests }
  const charged = facts.price?.gross ?? money(0, facts.due.currency)
  if (found.kind === 'refused' || compare(found.price, charged) >= 0)
    return { outcome: 'none', price: null, bearer: 'nobody', why, rests }
  const outcome = found.price.amount === 0 ? 'full' : 'partial'
  return { outcome, price: found.price, bearer: rule.bearer, why, rests }
}

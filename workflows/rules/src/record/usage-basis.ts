// Every usage a price may rest on: what the record states, what readings and signatures prove, and no time that was frozen.
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { UnprovenEnergy } from '../markets/profile.ts'
import { type MeterStatus, usageWithEnergy } from '../metering/metering.ts'
import { energyOf } from '../rating/usage.ts'
import { withoutTimeAfter } from './frozen.ts'
import type { Verdict, VerdictRule } from './public-price.ts'

/**
 * `session`: the session's own readings, because the record's usage is not what they prove. `signed`: the record's with
 * the energy its meter signed. `unmetered`, `session_unmetered`: the record's, or the readings', without any energy.
 * `frozen`: the record's without the time after the charger took a stop, which no other basis but the record's has either.
 */
export type UsageBasis =
  | 'record'
  | 'frozen'
  | 'session'
  | 'signed'
  | 'unmetered'
  | 'session_unmetered'

/** What the signed values of the session's meter say; only of an EVSE whose meter key is registered. */
export type MeterSignature = {
  status: MeterStatus
  /** Of valid ones: the energy between the signed registers. */
  energy_kwh: Decimal | null
  /** The market's rule for energy without a valid signature. */
  unproven: UnprovenEnergy
  /** What failed, in words. */
  detail: string | null
}

export type OwnUsage = {
  usage: UsageRecord
  /** The longest time between two readings: a change of state is known no better than that. Seconds. */
  resolution_s: number
}

export type UsageInput = {
  usage: UsageRecord
  own?: OwnUsage
  meterSignature?: MeterSignature
  frozenAt?: string
}

/** The usage of a basis; the price of the verdict rests on that of `usage_basis`. */
export function usageOn(input: UsageInput, basis: UsageBasis): UsageRecord {
  const { frozenAt } = input
  const usage = unfrozenOn(input, basis)
  return basis === 'record' || frozenAt === undefined ? usage : withoutTimeAfter(usage, frozenAt)
}

function unfrozenOn({ usage, own, meterSignature }: UsageInput, basis: UsageBasis): UsageRecord {
  switch (basis) {
    case 'record':
    case 'frozen':
      return usage
    case 'session':
      return own?.usage ?? usage
    case 'signed':
      return usageWithEnergy(usage, meterSignature?.energy_kwh ?? energyOf(usage))
    case 'unmetered':
      return usageWithEnergy(usage, '0')
    case 'session_unmetered':
      return usageWithEnergy(own?.usage ?? usage, '0')
  }
}

/** The usage the price rests on: what a proof of it is made of. */
export const pricedUsage = (input: UsageInput, verdict: Pick<Verdict, 'usage_basis'>) =>
  usageOn(input, verdict.usage_basis ?? 'record')

/** Every usage a price may rest on, the record's first. */
export function usageBases(
  { frozenAt }: Pick<UsageInput, 'frozenAt'>,
  rules: readonly VerdictRule[],
  contradicted: boolean,
): UsageBasis[] {
  const bases: UsageBasis[] = frozenAt === undefined ? ['record'] : ['record', 'frozen']
  if (contradicted) bases.push('session')
  if (rules.includes('signed_energy_differs')) bases.push('signed')
  if (rules.includes('energy_not_billable'))
    bases.push('unmetered', ...(contradicted ? (['session_unmetered'] as const) : []))
  return bases
}

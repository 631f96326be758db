/** Disputes about what happened at the charger: read from its readings, its record and what was asked of it. */
import type {
  DriverDisputeReason,
  DisputeFact,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import { compareExact, exact, minus, plus, times } from '../exact.ts'
import { usageWithEnergy } from '../metering/metering.ts'
import { inWords, money } from '../money.ts'
import { energyOf } from '../rating/rating.ts'
import type { DisputeFacts } from './facts.ts'
import { clear, type Finding, refuse, unclear } from './finding.ts'
import { atPriceOf, usageUntil, withoutParking } from './rerate.ts'
import { isAfter, secondsBetween } from './times.ts'

export type DisputeRule = {
  /** What of the session it reads. */
  needs: readonly string[]
  /** Who bears what goes back: everybody in proportion, because the price itself falls, or the platform alone. */
  bearer: 'sale' | 'platform'
  decide: (facts: DisputeFacts) => Finding
}

/** Too little to have charged anything: the first tick of a meter, not energy in a car (Wh). */
const nothingKwh = exact('0.1')
/** A charge that a fault cut short before this much is not worth a start fee. */
const begunKwh = exact('1')

const nothingOf = ({ price, due }: DisputeFacts) => money(0, (price?.gross ?? due).currency)

const energyFact = (kwh: string, by: string): DisputeFact => ({
  fact: `energy_by_${by}`,
  value: `${kwh} kWh`,
})

/** By its meter where somebody read it, else by the record alone. */
function energyKnown({ meter, stated }: DisputeFacts): DisputeFact[] {
  return [
    ...(meter.energyKwh === null ? [] : [energyFact(meter.energyKwh, 'meter')]),
    ...(stated === null ? [] : [energyFact(energyOf(stated), 'record')]),
  ]
}

function zeroEnergy(facts: DisputeFacts): Finding {
  const { meter, stated } = facts
  const rests = energyKnown(facts)
  const read = meter.energyKwh ?? (stated === null ? null : energyOf(stated))
  if (read === null) return unclear('Neither a meter nor a record says how much was charged.')
  if (compareExact(exact(read), nothingKwh) < 0)
    return clear(nothingOf(facts), `No energy was delivered (${read} kWh).`, rests)
  // A record alone is its operator's own word.
  if (meter.energyKwh === null)
    return unclear(`Only the operator’s record says that ${read} kWh were delivered.`, rests)
  return refuse(`The meter counted ${read} kWh.`, rests)
}

function notStarted(facts: DisputeFacts): Finding {
  const { session, meter } = facts
  const rests = [{ fact: 'started_at', value: session.startedAt ?? 'never' }, ...energyKnown(facts)]
  if (session.startedAt === null) return clear(nothingOf(facts), 'Charging never started.', rests)
  if (meter.energyKwh === null) return zeroEnergy(facts)
  return compareExact(exact(meter.energyKwh), nothingKwh) < 0
    ? clear(nothingOf(facts), 'The charger started and gave no energy.', rests)
    : refuse(`Charging started at ${session.startedAt}, and ${meter.energyKwh} kWh flowed.`, rests)
}

/** A fault ends what is paid for with the last energy; what gave hardly any is free. */
function faultMidSession(facts: DisputeFacts): Finding {
  const { session, meter, usage } = facts
  const rests = [
    { fact: 'end_reason', value: session.endReason ?? 'unknown' },
    ...(meter.lastFlowAt === null
      ? []
      : [{ fact: 'energy_flowed_until', value: meter.lastFlowAt }]),
    ...energyKnown(facts),
  ]
  if (session.endReason === null || session.endReason === 'inferred')
    return unclear('The charger did not say why the session ended.', rests)
  if (session.endReason !== 'fault' && session.endReason !== 'power_loss')
    return refuse(`The session ended without a fault (${session.endReason}).`, rests)
  if (meter.energyKwh !== null && compareExact(exact(meter.energyKwh), begunKwh) < 0)
    return clear(
      nothingOf(facts),
      'A fault ended the session before it had begun to charge.',
      rests,
    )
  const until = meter.lastFlowAt ?? session.endedAt
  const found =
    usage === null || until === null
      ? unclear('The time of the fault is not known.')
      : atPriceOf(facts, usageUntil(meter.own ?? usage, until), {
          over: 'The charger had a fault: time after the last energy is not charged.',
          right:
            'The charger had a fault; what was charged is the energy before it and nothing else.',
        })
  return { ...found, rests: [...rests, ...found.rests] }
}

function untilAsked(facts: DisputeFacts, at: string | null, what: string): Finding {
  const { usage, meter } = facts
  if (at === null) return refuse(`Nobody ${what} before the session ended.`)
  const rests = [{ fact: 'stop_at', value: at }]
  if (usage === null) return unclear('There is no record to compare with.', rests)
  const found = atPriceOf(facts, usageUntil(meter.own ?? usage, at), {
    over: `What came after ${at} is not charged.`,
    right: `Nothing of the price came after ${at}.`,
  })
  return { ...found, rests: [...rests, ...found.rests] }
}

function energyAboveMeter(facts: DisputeFacts): Finding {
  const { meter, usage } = facts
  const rests = energyKnown(facts)
  if (usage === null) return refuse('No energy was charged for.', rests)
  if (meter.energyKwh === null) return unclear('Nobody but the operator read the meter.', rests)
  const tolerance = plus(exact('0.1'), times(exact(meter.energyKwh), exact('0.01')))
  const above = minus(exact(energyOf(usage)), exact(meter.energyKwh))
  if (compareExact(above, tolerance) <= 0)
    return refuse('The energy charged for is what the meter counted.', rests)
  return atPriceOf(facts, usageWithEnergy(usage, meter.energyKwh), {
    over: `The meter counted ${meter.energyKwh} kWh.`,
    right: 'The energy charged for is what the meter counted.',
  })
}

function timeAboveSession(facts: DisputeFacts): Finding {
  const { session, usage } = facts
  const { startedAt, endedAt } = session
  if (usage === null || startedAt === null || endedAt === null)
    return unclear('The times of the session are not complete.')
  const rests = [
    { fact: 'session', value: `${startedAt} to ${endedAt}` },
    { fact: 'charged_for', value: `${usage.started_at} to ${usage.ended_at}` },
  ]
  // Record and session tell the same times within a minute (failures F36).
  if (secondsBetween(usage.started_at, startedAt) > 60)
    return unclear('The record begins before the session did.', rests)
  if (secondsBetween(endedAt, usage.ended_at) <= 60)
    return refuse('The time charged for is that of the session.', rests)
  return atPriceOf(facts, usageUntil(usage, endedAt), {
    over: 'Time after the end of the session is not charged.',
    right: 'Nothing was charged for time after the end of the session.',
  })
}

function meterNotSigned(facts: DisputeFacts): Finding {
  const { signed } = facts.meter
  if (signed === null) return refuse('The law there asks for no signed values of this meter.')
  const rests = [{ fact: 'signed_values', value: signed.status }]
  if (signed.status === 'valid')
    return refuse('The meter signed its values, and the signatures hold.', rests)
  if (signed.unproven !== 'energy_not_billable')
    return refuse('The law there lets energy be charged without a signature.', rests)
  if (facts.usage === null) return refuse('No energy was charged for.', rests)
  return atPriceOf(facts, usageWithEnergy(facts.usage, '0'), {
    over: 'Energy without valid signed values is not charged there.',
    right: 'Energy without valid signed values was not charged.',
  })
}

const has = ({ quote }: DisputeFacts, type: string): boolean =>
  quote.components.some((component) => component.type === type)

function idleNotAnnounced(facts: DisputeFacts): Finding {
  const terms = facts.quote.idle_fee_terms
  const said = has(facts, 'PARKING_TIME') || (terms !== undefined && terms !== null)
  const rests = [{ fact: 'idle_fee_in_quote', value: said ? 'yes' : 'no' }]
  if (said)
    return refuse('The price that was shown before the start names what staying costs.', rests)
  if (facts.usage === null) return refuse('No time was charged for.', rests)
  return atPriceOf(facts, withoutParking(facts.usage), {
    over: 'Staying plugged in had no price in the quote.',
    right: 'Nothing was charged for staying plugged in.',
  })
}

function idleWhileCharging(facts: DisputeFacts): Finding {
  const { own } = facts.meter
  if (!has(facts, 'PARKING_TIME')) return refuse('No fee for staying plugged in was charged.')
  if (own === null) return unclear('The readings do not show when the car was charging.')
  return atPriceOf(facts, own, {
    over: 'The car was still charging in a part of the time that was charged as staying.',
    right: 'Only time in which the car drew nothing was charged as staying.',
  })
}

function byRecord(facts: DisputeFacts, what: string): Finding {
  if (facts.usage === null) return refuse('Nothing was charged for this session.')
  return atPriceOf(facts, facts.usage, {
    over: `${what} is not what the locked price gives.`,
    right: 'The price charged is what the locked price gives for what was used.',
  })
}

function stateOfStart(facts: DisputeFacts): Finding {
  const { session, card } = facts
  const rests = [
    { fact: 'asked_for_at', value: session.askedForAt ?? 'at the charger' },
    { fact: 'card', value: card === null ? 'none' : (card.blockedAt ?? 'not blocked') },
  ]
  const isBlocked =
    card?.blockedAt != null && !isAfter(card.blockedAt, session.startedAt ?? facts.now)
  if (isBlocked)
    return clear(nothingOf(facts), 'The card had been blocked before the session began.', rests)
  if (session.askedForAt !== null)
    return refuse(
      `The session was started from the driver’s own account at ${session.askedForAt}, with a price that was accepted there.`,
      rests,
    )
  return unclear('The session began at the charger with the driver’s card.', rests)
}

function duplicateSession(facts: DisputeFacts): Finding {
  const { session, others } = facts
  const { startedAt, endedAt, evseId } = session
  if (startedAt === null || endedAt === null) return unclear('The session has no times.')
  const twin = others.find(
    (other) => other.evseId === evseId && other.startedAt < endedAt && startedAt < other.endedAt,
  )
  if (twin === undefined)
    return others.length === 0
      ? refuse('No other session of this driver was at this charger at that time.')
      : unclear('Another session of this driver ran at the same time at another charger.', [
          { fact: 'other_session', value: others[0]?.id ?? '' },
        ])
  const rests = [
    { fact: 'other_session', value: twin.id },
    { fact: 'other_times', value: `${twin.startedAt} to ${twin.endedAt}` },
    { fact: 'other_price', value: inWords(twin.due) },
  ]
  return twin.due.amount >= facts.due.amount
    ? clear(nothingOf(facts), `The same charging is session ${twin.id}.`, rests)
    : refuse(`The smaller one of the two is ${twin.id}, which may be disputed.`, rests)
}

export const chargingRules = {
  zero_energy: { needs: ['meter', 'record'], bearer: 'sale', decide: zeroEnergy },
  charge_not_started: { needs: ['session', 'meter'], bearer: 'sale', decide: notStarted },
  start_fee_without_start: { needs: ['session', 'meter'], bearer: 'sale', decide: notStarted },
  fault_mid_session: { needs: ['session', 'meter'], bearer: 'sale', decide: faultMidSession },
  duplicate_session: { needs: ['sessions'], bearer: 'sale', decide: duplicateSession },
  charged_after_stop: {
    needs: ['session', 'record'],
    bearer: 'sale',
    decide: (facts) =>
      untilAsked(facts, facts.session.feesFrozenAt ?? facts.session.endedAt, 'stopped'),
  },
  stop_not_obeyed: {
    needs: ['session', 'record'],
    bearer: 'sale',
    decide: (facts) => untilAsked(facts, facts.session.stopAskedAt, 'asked to stop'),
  },
  idle_fee_not_announced: { needs: ['quote', 'record'], bearer: 'sale', decide: idleNotAnnounced },
  idle_fee_while_charging: { needs: ['quote', 'meter'], bearer: 'sale', decide: idleWhileCharging },
  idle_fee_within_grace: {
    needs: ['quote', 'record'],
    bearer: 'sale',
    decide: (facts) => byRecord(facts, 'The fee for staying plugged in'),
  },
  energy_above_meter: { needs: ['meter', 'record'], bearer: 'sale', decide: energyAboveMeter },
  time_above_session: { needs: ['session', 'record'], bearer: 'sale', decide: timeAboveSession },
  meter_not_signed: { needs: ['meter'], bearer: 'sale', decide: meterNotSigned },
  never_authorised: { needs: ['session', 'card'], bearer: 'platform', decide: stateOfStart },
  card_blocked: { needs: ['session', 'card'], bearer: 'platform', decide: stateOfStart },
  price_differs_from_quote: {
    needs: ['quote', 'record'],
    bearer: 'sale',
    decide: (facts) => byRecord(facts, 'The price'),
  },
  rounding: {
    needs: ['quote', 'record'],
    bearer: 'sale',
    decide: (facts) => byRecord(facts, 'The rounding'),
  },
} as const satisfies Partial<Record<DriverDisputeReason, DisputeRule>>

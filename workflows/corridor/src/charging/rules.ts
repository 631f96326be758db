import type { EndReason, StartRejection } from '@chargelane/openapi/vocabulary/status'
import type { EnergyFlow } from '@chargelane/db/queries/sessions/supply'
import type { SupplyState } from '../supply/connection.ts'
import type { SupplyFact } from '@chargelane/rules/documents'
import { millis } from '../clock/instants.ts'
import type { SupplyEvent } from '../contract.ts'

/** `isInferred`: nobody told this end, so that one which is told takes its place. */
export type HeardEnd = { at: string; reason: EndReason; isInferred?: boolean }

/** Everything supply has told about one session, each fact once. */
export type Heard = {
  readonly eventIds: readonly string[]
  readonly startRejected: { reason: StartRejection; detail: string } | undefined
  readonly stopRejected: number
  readonly plugAwaited: boolean
  readonly started: { at: string; supplyRef: string } | undefined
  readonly ended: HeardEnd | undefined
  /** The CPO has declared the session invalid: it is over, and never billed. */
  readonly isInvalid: boolean
  /** Since when the charger holds energy back. */
  readonly pausedAt: string | undefined
  /** When it last gave way again, or was heard again. */
  readonly restedUntil: string | undefined
  readonly connectivity: 'live' | 'suspected_offline' | 'recovered'
  /** Records not yet judged, in the order of their arrival. */
  readonly records: readonly string[]
  readonly judged: readonly string[]
  /** The record it was billed by, once its CPO took that back. */
  readonly credited: string | undefined
  readonly forced: boolean
}

export const nothingHeard: Heard = {
  eventIds: [],
  startRejected: undefined,
  stopRejected: 0,
  plugAwaited: false,
  started: undefined,
  ended: undefined,
  isInvalid: false,
  pausedAt: undefined,
  restedUntil: undefined,
  connectivity: 'live',
  records: [],
  judged: [],
  credited: undefined,
  forced: false,
}

/** Whether a session decides anything by it: a command that was accepted is waited out like one that was not heard of. */
export const changesAnything = (fact: SupplyFact): boolean =>
  !((fact.kind === 'start_result' || fact.kind === 'stop_result') && fact.result === 'accepted')

/** Nobody told this end: our node concluded it, or the corridor did. */
export const isGuess = ({ reason, isInferred }: HeardEnd): boolean =>
  isInferred === true || reason === 'inferred'

/** The first end that is told stands; a guess stands only until then. */
function endOf(known: HeardEnd | undefined, told: HeardEnd): HeardEnd {
  return known === undefined || (isGuess(known) && !isGuess(told)) ? told : known
}

/** Adds one fact. A repeated event changes nothing, and a first start or end is never overwritten by a second. */
export function hear(heard: Heard, event: SupplyEvent): Heard {
  if (heard.eventIds.includes(event.eventId)) return heard
  const known = { ...heard, eventIds: [...heard.eventIds, event.eventId] }
  switch (event.kind) {
    case 'start_result':
      return event.result === 'accepted'
        ? known
        : {
            ...known,
            startRejected: { reason: event.reason ?? 'unknown', detail: event.detail ?? '' },
          }
    case 'stop_result':
      return event.result === 'accepted'
        ? known
        : { ...known, stopRejected: known.stopRejected + 1 }
    case 'plug_awaited':
      return { ...known, plugAwaited: true }
    case 'charging_started':
      return {
        ...known,
        started: known.started ?? { at: event.startedAt, supplyRef: event.supplyRef },
      }
    case 'connectivity_changed':
      return {
        ...known,
        connectivity: event.state,
        ...(event.state === 'recovered' ? { restedUntil: event.at } : {}),
      }
    case 'charging_paused':
      return { ...known, pausedAt: known.pausedAt ?? event.at }
    case 'charging_resumed':
      return { ...known, pausedAt: undefined, restedUntil: event.at }
    case 'charging_ended':
      return { ...known, ended: endOf(known.ended, endTold(event)) }
    case 'declared_invalid':
      return hearInvalid(known, event)
    case 'record_credited':
      return { ...known, credited: event.cdrId }
    case 'record_received':
      if (event.isAdopted === true) return hearAdopted(known, event.cdrId)
      return known.judged.includes(event.cdrId) || known.records.includes(event.cdrId)
        ? known
        : { ...known, records: [...known.records, event.cdrId] }
  }
}

/** A record that was judged before waits to be judged again. */
function hearAdopted(heard: Heard, cdrId: string): Heard {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== cdrId)
  return { ...heard, records: [...others(heard.records), cdrId], judged: others(heard.judged) }
}

const endTold = ({
  endedAt: at,
  reason,
  isInferred,
}: Extract<SupplyFact, { kind: 'charging_ended' }>): HeardEnd =>
  isInferred === true ? { at, reason, isInferred } : { at, reason }

/** Before energy flowed it is a start that failed; afterwards only the session it names is over. */
function hearInvalid(heard: Heard, { at, supplyRef }: { at: string; supplyRef: string }): Heard {
  const { started } = heard
  const detail = 'the CPO declared the session invalid'
  if (started === undefined)
    return { ...heard, startRejected: heard.startRejected ?? { reason: 'unknown', detail } }
  if (started.supplyRef.toLowerCase() !== supplyRef.toLowerCase()) return heard
  return { ...heard, isInvalid: true, ended: heard.ended ?? { at, reason: 'other' } }
}

/** What a pull found counts like the event that got lost. */
export function hearPull(heard: Heard, state: SupplyState): Heard {
  if (state.kind === 'none' || state.kind === 'unreachable') return heard
  const started = heard.started ?? { at: state.startedAt, supplyRef: state.supplyRef }
  if (state.kind === 'charging') return { ...heard, started }
  const { endedAt: at, reason } = state
  return { ...heard, started, ended: endOf(heard.ended, { at, reason }) }
}

/** Takes the oldest unjudged record off the list. */
export function takeRecord(heard: Heard): { cdrId: string | undefined; heard: Heard } {
  const [cdrId, ...records] = heard.records
  if (cdrId === undefined) return { cdrId, heard }
  return { cdrId, heard: { ...heard, records, judged: [...heard.judged, cdrId] } }
}

/** A second share of a wait: pulls are spread over it, so that a lost event costs a part of the deadline only. */
export function pullTimes(fromMs: number, lengthMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => fromMs + (lengthMs / count) * (index + 1))
}

/**
 * Supply's end is believed inside what is possible: not before the start, not in our future (failures F31). Outside
 * it our own clock counts. Instants in milliseconds.
 */
export function trustedEnd(endedAt: number, startedAt: number, now: number): number {
  return endedAt >= startedAt && endedAt <= now ? endedAt : now
}

/**
 * When energy stopped, in milliseconds; undefined while no register was read. A meter that is read every five minutes
 * shows growth up to five minutes after it ended: where the last reading shows no power any more, the power before tells
 * when the rest of it had flowed, and a charger that says when its car stopped is believed between the two readings.
 */
export function energyStoppedAt({
  grown,
  before,
  heldByVehicleSince,
}: EnergyFlow): number | undefined {
  if (grown === null) return undefined
  const grownAt = millis(grown.at)
  if (before === null) return grownAt
  const beforeAt = millis(before.at)
  const heldAt = heldByVehicleSince === null ? grownAt : millis(heldByVehicleSince)
  const told = heldAt >= beforeAt && heldAt < grownAt ? heldAt : grownAt
  if (grown.powerW !== 0 || before.powerW === null || before.powerW <= 0) return told
  const flowedMs = ((grown.wh - before.wh) / before.powerW) * 3_600_000
  return Math.min(told, beforeAt + flowedMs)
}

/**
 * The ghost rule (failures F21, F29): no energy for the ghost time ends the charge, a warning comes after two thirds of
 * it. It rests while the charger cannot report, while it holds energy back itself, while no register of it can be read,
 * and while a parking price that the quote disclosed is running: then the driver knowingly pays for the place. After a
 * rest the time begins anew. Milliseconds.
 */
export function ghostDue(input: {
  startedAtMs: number
  /** Absent while no reading has brought a register. */
  stoppedAtMs: number | undefined
  nowMs: number
  ghostMs: number
  /** The charger cannot report, or holds energy back. */
  isResting: boolean
  parkingPriced: boolean
  /** The end of the last rest. */
  restedUntilMs: number
}): { kind: 'resting' | 'not_yet' | 'warn' | 'ghost'; checkAtMs: number } {
  const { nowMs, ghostMs, stoppedAtMs } = input
  const warnMs = (ghostMs * 2) / 3
  const since = Math.max(input.startedAtMs, stoppedAtMs ?? 0, input.restedUntilMs)
  if (nowMs < since + warnMs) return { kind: 'not_yet', checkAtMs: since + warnMs }
  if (input.isResting || input.parkingPriced || stoppedAtMs === undefined)
    return { kind: 'resting', checkAtMs: nowMs + warnMs }
  if (nowMs < since + ghostMs) return { kind: 'warn', checkAtMs: since + ghostMs }
  return { kind: 'ghost', checkAtMs: nowMs }
}

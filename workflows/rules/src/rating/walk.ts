/** The walk over a session: what each period has of each dimension, at which price, and the steps at its end. */
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import { divideHalfAway } from '../exact.ts'
import {
  activate,
  type ActiveComponents,
  type CompiledComponent,
  type CompiledTariff,
  type Moment,
  slotCount,
} from './compile.ts'
import type { Period } from './periods.ts'
import type { RatingInput, RatingNote, RatingPolicy } from './policy.ts'
import { type Scale, tenTo } from './scale.ts'

const slotBits = { charging: 0b001111, reserved: 0b110000 }
export const [energySlot, timeSlot, parkingSlot, flatSlot, reservedSlot, reservationSlot] = [
  0, 1, 2, 3, 4, 5,
]

const typeOfSlot: readonly TariffDimension[] = [
  'ENERGY',
  'TIME',
  'PARKING_TIME',
  'FLAT',
  'TIME',
  'FLAT',
]

export type Line = { period: number; by: CompiledComponent; quantity: bigint; billed: bigint }

/** One session under one tariff: everything the walk gathers before step sizes and money. */
export type Walk = {
  readonly tariff: CompiledTariff
  readonly periods: readonly Period[]
  readonly started: number
  readonly zone: string
  readonly policy: RatingPolicy
  readonly scale: Scale
  readonly reservationElements: CompiledTariff['charging']
  lines: Line[]
  /** Per slot, whether priced or not, and the priced part of it. Energy fed back is in neither. */
  quantities: bigint[]
  priced: bigint[]
}

export function startWalk(
  input: RatingInput,
  tariff: CompiledTariff,
  read: { periods: readonly Period[]; started: number },
  scale: Scale,
): Walk {
  return {
    tariff,
    ...read,
    zone: input.usage.time_zone,
    policy: input.policy,
    scale,
    reservationElements:
      input.usage.reservation_expired === true ? tariff.expired : tariff.reserved,
    lines: [],
    quantities: [0n, 0n, 0n, 0n, 0n, 0n],
    priced: [0n, 0n, 0n, 0n, 0n, 0n],
  }
}

/** The components that count at an instant, for the slots wanted. */
function activeAt(
  walk: Walk,
  period: Period,
  instant: number,
  energyKwh: bigint,
  wanted: number,
): ActiveComponents {
  const active: ActiveComponents = [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]
  const moment: Moment = {
    instant,
    zone: walk.zone,
    elapsedMicros: instant - walk.started,
    energyKwh,
    period,
  }
  const { charging, prices } = walk.tariff
  const missing = walk.policy.missing_power
  activate(active, charging, moment, missing, wanted & prices & slotBits.charging)
  const reserved = wanted & prices & slotBits.reserved
  if (reserved !== 0) activate(active, walk.reservationElements, moment, missing, reserved)
  return active
}

/** What a period has of each slot; undefined is none. Fees fall due once, in the first period that has one. */
function volumeOf(period: Period, slot: number, unit: bigint, due: number): bigint | undefined {
  switch (slot) {
    case energySlot:
      return period.energy
    case timeSlot:
      return period.charging
    case parkingSlot:
      return period.parking
    case reservedSlot:
      return period.reserved
    case reservationSlot:
      return (due & (1 << slot)) !== 0 && period.reserved !== undefined ? unit : undefined
    default:
      return (due & (1 << slot)) !== 0 ? unit : undefined
  }
}

const isReservationOnly = ({ reserved, energy, charging, parking }: Period) =>
  reserved !== undefined && (energy ?? charging ?? parking) === undefined

/** Prices every period by what holds at its start. */
export function walkPeriods(walk: Walk, notes: RatingNote[] | undefined): void {
  const unit = tenTo(walk.scale)
  let energy = 0n
  // OCPI 2.3.0 §11.3.1 examples 17 and 18: a reservation that no charging followed owes no start fee.
  const isCharging = walk.periods.some((period) => !isReservationOnly(period))
  let due = (isCharging ? 1 << flatSlot : 0) | (1 << reservationSlot)
  for (let index = 0; index < walk.periods.length; index++) {
    const period = walk.periods[index]
    if (period === undefined) continue
    const volumes: (bigint | undefined)[] = []
    let wanted = 0
    for (let slot = 0; slot < slotCount; slot++) {
      const volume = volumeOf(period, slot, unit, due)
      volumes.push(volume)
      if (volume !== undefined) wanted |= 1 << slot
    }
    const active = activeAt(walk, period, period.start, energy, wanted)
    for (let slot = 0; slot < slotCount; slot++) {
      const quantity = volumes[slot]
      if (quantity === undefined) continue
      const by = active[slot]
      addLine(walk, index, slot, quantity, by)
      if (by !== undefined) due &= ~(1 << slot)
      else if (notes !== undefined) noteUnpriced(walk, index, slot, quantity, notes)
    }
    if (notes !== undefined) notePeriod(walk, index, period, energy, notes)
    if (period.energy !== undefined) energy += period.energy
  }
}

function addLine(
  walk: Walk,
  period: number,
  slot: number,
  quantity: bigint,
  by: CompiledComponent | undefined,
): void {
  if (quantity > 0n) {
    walk.quantities[slot] = (walk.quantities[slot] ?? 0n) + quantity
    if (by !== undefined) walk.priced[slot] = (walk.priced[slot] ?? 0n) + quantity
  }
  if (by !== undefined) walk.lines.push({ period, by, quantity, billed: quantity })
}

/** Energy without a price is worth a word always; a time only where the tariff prices it elsewhere. */
function noteUnpriced(
  walk: Walk,
  period: number,
  slot: number,
  quantity: bigint,
  notes: RatingNote[],
): void {
  const dimension = typeOfSlot[slot]
  if (quantity === 0n || dimension === undefined || dimension === 'FLAT') return
  if (slot === energySlot || slot === reservedSlot || (walk.tariff.prices & (1 << slot)) !== 0)
    notes.push({ code: 'UNPRICED_QUANTITY', dimension, period })
}

function notePeriod(
  walk: Walk,
  index: number,
  period: Period,
  energy: bigint,
  notes: RatingNote[],
): void {
  if (period.hoursRounded) notes.push({ code: 'HOURS_ROUNDED', period: index })
  const { tariff, policy } = walk
  if (!tariff.hasBoundaries || policy.periods !== 'as_given' || period.end <= period.start) return
  const first = activeAt(walk, period, period.start, energy, slotBits.charging)
  const last = activeAt(walk, period, period.end - 1, energy, slotBits.charging)
  if (first.some((component, slot) => component !== last[slot]))
    notes.push({ code: 'PERIOD_SPANS_PRICE_CHANGE', period: index })
}

/**
 * OCPI 2.2.1 §10.3.1: step_size rounds a dimension up once per session, at the price of the last period that had one.
 * Charging time is not rounded up when occupying afterwards was priced: the step would be paid twice. The time of a
 * reservation is rounded by itself, as the specification's reservation examples do.
 */
export function applySteps(walk: Walk, notes: RatingNote[] | undefined) {
  const { lines, quantities, priced, policy, scale } = walk
  const isWhole = policy.step_size_base === 'session_total'
  let parked = false
  const last: (Line | undefined)[] = []
  for (const line of lines) {
    if (line.quantity < 0n || (line.quantity === 0n && !isWhole)) continue
    if (line.by.slot === parkingSlot) parked = true
    last[line.by.slot] = line
  }
  for (const slot of [energySlot, timeSlot, parkingSlot, reservedSlot]) {
    if (slot === timeSlot && parked) continue
    const line = last[slot]
    if (line === undefined || line.by.step === 0n) continue
    const base = (isWhole ? quantities : priced)[slot] ?? 0n
    const extra = toWholeSteps(base, line.by.step, stepGrain(slot, scale)) - base
    if (extra === 0n) continue
    line.billed = line.quantity + extra
    notes?.push({ code: 'STEP_SIZE', dimension: line.by.type, period: line.period })
  }
}

/** A millionth of the unit that steps count, Wh or seconds: what is less was left by a division, not by use. */
function stepGrain(slot: number, scale: Scale): bigint {
  const unit = slot === energySlot ? 3 : 0
  return scale > unit + 6 ? tenTo(scale - unit - 6) : 1n
}

function toWholeSteps(base: bigint, step: bigint, grain: bigint): bigint {
  const used = divideHalfAway(base, grain) * grain
  const over = used % step
  return over === 0n ? used : used + step - over
}

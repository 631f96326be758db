// What a meter shows while it charges, and how it ends: kept whole, and never believed beyond what is possible.
import type { Sql, Tx } from '@chargelane/db'
import {
  believeLater,
  flagBeginReading,
  insertMeterValues,
  keepSignedValues,
  meterSeriesOf,
  type MeterRow,
  registerBefore,
} from '@chargelane/db/queries/chargers/meter-values'
import { implausibleOf, tellImplausible } from './implausible.ts'
import { maxPowerOf } from '@chargelane/db/queries/sessions/owners'
import { lastCommand } from '@chargelane/db/queries/chargers/commands'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { SupplyNews } from '@chargelane/db/queries/sessions/supply-sessions'
import {
  begunAnew,
  begunAnewFlag,
  billableSeries,
  implausibility,
  kilowattHoursOf,
  type PowerLimit,
  type Register,
  rolledOver,
  unknownMaxPowerW,
  wattHoursOf,
} from '@chargelane/rules/record/registers'
import type {
  End,
  Limit,
  MeteredEnd,
  Reading,
  Readings,
  Source,
  TakenEnd,
  TakenReadings,
} from './words.ts'

const sourceOf = { node: 'ocpp', peer: 'ocpi' } as const satisfies Record<Source, string>

/** Of a register that was told in kWh as if it were Wh. */
const inKilowattHours = 'kilowatt_hours'

/** Readings of one session or of many, in one statement; each is answered for itself. */
export async function takeReadings(sql: Sql, list: readonly Readings[]): Promise<TakenReadings[]> {
  const kept: MeterRow[][] = []
  for (const input of list) kept.push(await rowsOf(sql, input))
  await insertMeterValues(sql, kept.flat())
  const texts = list.flatMap(({ sessionId, signed = [], at }) =>
    signed.map((value) => ({ sessionId, value, receivedAt: at })),
  )
  await keepSignedValues(sql, texts)
  for (const [n, rows] of kept.entries()) {
    const { at } = list[n] ?? {}
    if (at !== undefined && implausibleOf(rows).length > 0) await tellImplausible(sql, rows, at)
  }
  return kept.map((rows) => ({
    kind: 'kept',
    flagged: rows.filter(({ flag }) => flag === 'backwards' || flag === 'jump').length,
  }))
}

/** What is kept of readings, each judged by what no meter can have shown. */
export async function rowsOf(sql: Sql, input: Readings): Promise<MeterRow[]> {
  if (input.readings.length === 0) return []
  const limit = await limitOf(sql, input.sessionId, input.limit)
  const rows: MeterRow[] = []
  for (const reading of input.readings.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const { flag, registerWh } = await believe(sql, input, reading, rows, limit)
    rows.push({
      sessionId: input.sessionId,
      source: sourceOf[input.source],
      receivedAt: input.at,
      at: reading.at,
      context: reading.context,
      registerWh: registerWh ?? null,
      powerW: reading.powerW ?? null,
      socPercent: reading.socPercent ?? null,
      flag,
    })
  }
  return rows
}

/** By who reads the meter, else by the strongest connector of the session's EVSE. */
async function limitOf(sql: Sql, sessionId: string, limit: Limit): Promise<PowerLimit> {
  const { maxPowerW, slackMs } = limit
  if (maxPowerW !== undefined) return { maxPowerW, slackMs }
  return { maxPowerW: (await maxPowerOf(sql, sessionId)) || unknownMaxPowerW, slackMs }
}

type Believed = { flag: string | null; registerWh: string | undefined }

/** The register as it is kept, and why it is not believed, where it is not. What the charger wrote is in its frame. */
async function believe(
  sql: Sql,
  input: Readings,
  { at, registerWh }: Reading,
  taken: readonly MeterRow[],
  limit: PowerLimit,
): Promise<Believed> {
  const told = (flag: string | null): Believed => ({ flag, registerWh })
  if (input.endedAt != null && at > input.endedAt) return told('after_stop')
  if (registerWh === undefined) return told(null)
  const before = lastBelieved(taken, at) ?? (await believedBefore(sql, input, at)) ?? input.begin
  if (before === undefined) return told(null)
  const now = { at, registerWh }
  // A charger may tell the begin in kWh and everything else in Wh: then it is the begin that is wrong.
  const isBegin = before.registerWh === input.begin?.registerWh
  if (isBegin && kilowattHoursOf(before, now, limit) !== undefined) {
    await flagBeginReading(sql, input.sessionId, inKilowattHours)
    return told(null)
  }
  const doubt = implausibility(before, now, limit)
  // A peer tells what it gave, which no counter bounds, and corrects itself.
  if (doubt === undefined || input.source === 'peer') return told(doubt ?? null)
  const first = input.begin ?? input.first ?? before
  const meant = rolledOver(before, now, limit, first) ?? wattHoursOf(before, now, limit)
  return meant === undefined ? told(doubt) : { flag: null, registerWh: meant.registerWh }
}

/** The last register believed until an instant; read only where the ends of the series do not tell. */
async function believedBefore(
  sql: Sql,
  { sessionId, first, last }: Readings,
  at: string,
): Promise<Register | null | undefined> {
  if (last !== undefined && (last === null || last.at <= at)) return last
  if (first !== undefined && (first === null || first.at >= at))
    return first?.at === at ? first : undefined
  return registerBefore(sql, sessionId, at)
}

function lastBelieved(rows: readonly MeterRow[], at: string): Register | undefined {
  const row = rows.findLast(
    (each) => each.registerWh !== null && each.flag === null && each.at <= at,
  )
  return row?.registerWh == null ? undefined : { at: row.at, registerWh: row.registerWh }
}

/** The end of a session, told once; where the meter was read by us, with the series it is billed by. */
export async function takeEnd(tx: Tx, end: End): Promise<TakenEnd> {
  const [taken] = await takeEnds(tx, [end])
  if (taken === undefined) throw new Error(`The end of ${end.sessionId} was not taken.`)
  return taken
}

/** Ends of as many sessions, each answered for itself; their meters are read and closed in one statement each. */
export async function takeEnds(tx: Tx, ends: readonly End[]): Promise<TakenEnd[]> {
  const closings = await closeMeters(tx, ends)
  const taken: TakenEnd[] = []
  for (const [n, end] of ends.entries()) {
    const { metered, endedAt = endedAtOf(end) } = closings[n] ?? {}
    const more = metered === undefined ? {} : { metered }
    const isNews = end.isNobodys === true || (await tellEnd(tx, end, endedAt))
    taken.push({ kind: isNews ? 'ended' : 'again', endedAt, ...more })
  }
  return taken
}

/** A session of no length has no periods to price; a millisecond keeps start and end apart. */
const endedAtOf = ({ endedAt, meter }: End): string =>
  meter === undefined || endedAt > meter.startedAt
    ? endedAt
    : new Date(Date.parse(meter.startedAt) + 1).toISOString()

async function tellEnd(tx: Tx, end: End, endedAt: string): Promise<boolean> {
  const stop = isUnexplained(end) ? await stopStateOf(tx, end.sessionId) : null
  const { dedupeKey, event } = endNews({ ...end, endedAt }, stop)
  return recordSupplyEvent(tx, end.sessionId, dedupeKey, event)
}

/** A CPO does not say why a session ended; only our own stop is known. */
const isUnexplained = ({ source, reason }: Pick<End, 'source' | 'reason'>) =>
  source === 'peer' && reason === 'other'

export const stopStateOf = async (sql: Sql, sessionId: string) =>
  (await lastCommand(sql, sessionId, 'stop'))?.state ?? null

/** The end as the session is told it, given what became of our latest stop command. */
export function endNews(
  end: Pick<End, 'sessionId' | 'source' | 'endedAt' | 'reason' | 'at' | 'meter'>,
  stopState: string | null,
): SupplyNews {
  const { sessionId, endedAt, at, meter } = end
  const wasStopped = stopState !== null && stopState !== 'failed' && stopState !== 'rejected'
  const reason = isUnexplained(end) && wasStopped ? 'requested' : end.reason
  const event = { kind: 'charging_ended' as const, at, endedAt, reason }
  // A guess is news of its own, so that the end which is told after it is news as well.
  return meter?.isInferred === true
    ? { dedupeKey: `${sessionId}:ended:inferred`, event: { ...event, isInferred: true } }
    : { dedupeKey: `${sessionId}:ended`, event }
}

/** What is billed, and the closing register where the meter gave one. */
type Closing = {
  endedAt: string
  metered: MeteredEnd
  closing: MeterRow | undefined
  /** Instants of the readings that are billed although they do not follow from the begin. */
  rebased: string[]
}

/** In the order of the ends; undefined for one whose meter is not ours to read. */
async function closeMeters(tx: Tx, ends: readonly End[]): Promise<(Closing | undefined)[]> {
  const read = ends.flatMap(({ sessionId, meter }) => (meter === undefined ? [] : [sessionId]))
  const series = await meterSeriesOf(tx, read)
  const closings: (Closing | undefined)[] = []
  for (const end of ends) {
    const { sessionId, meter } = end
    const limit = meter && (await limitOf(tx, sessionId, meter.limit))
    const rows = series.get(sessionId) ?? []
    closings.push(meter && limit && closingOf(end, { ...meter, limit }, rows))
  }
  for (const [n, each] of closings.entries()) {
    const { sessionId } = ends[n] ?? {}
    if (sessionId !== undefined && each !== undefined && each.rebased.length > 0)
      await believeLater(tx, sessionId, each.rebased)
  }
  const closingRows = closings.flatMap((each) => each?.closing ?? [])
  await insertMeterValues(tx, closingRows)
  for (const row of implausibleOf(closingRows)) await tellImplausible(tx, [row], row.receivedAt)
  return closings
}

type Meter = NonNullable<End['meter']> & { limit: PowerLimit }

/**
 * Where nobody told the end it is that of the last believed reading. A register that clearly began anew is not believed
 * while it is read, since only what follows shows it: then its last reading is the end.
 */
function readToItsEnd(meter: Meter, endedAt: string, rows: readonly MeterRow[]) {
  const { startedAt, beginWh, limit, isInferred } = meter
  if (!isInferred || beginWh === undefined) return undefined
  const read = rows.flatMap(({ at, context, registerWh, flag }) =>
    registerWh === null || flag === 'after_stop' ? [] : [{ at, context, registerWh }],
  )
  const last = read.at(-1)
  if (last === undefined || last.at <= endedAt) return undefined
  const whole = begunAnew([{ at: startedAt, registerWh: beginWh }, ...read], limit)
  return whole?.isClear === true ? last : undefined
}

function closingOf(end: End, meter: Meter, rows: readonly MeterRow[]): Closing {
  const last = readToItsEnd(meter, end.endedAt, rows)
  if (last === undefined) return closedAt(end, meter, rows)
  const { at: endedAt, registerWh: stopWh } = last
  const { metered, ...closed } = closedAt({ ...end, endedAt }, { ...meter, stopWh }, rows)
  return { ...closed, metered: { ...metered, lastWh: stopWh } }
}

function closedAt(end: End, meter: Meter, rows: readonly MeterRow[]): Closing {
  const endedAt = endedAtOf(end)
  const between = rows.flatMap(({ at: readAt, context, registerWh, powerW, flag }) =>
    registerWh === null || flag === 'after_stop'
      ? []
      : [{ at: readAt, context, registerWh, powerW }],
  )
  const believed = rows.flatMap(({ at: readAt, registerWh, flag }) =>
    registerWh === null || flag !== null ? [] : [{ at: readAt, registerWh }],
  )
  const beginWh = meter.beginWh ?? believed[0]?.registerWh ?? meter.stopWh ?? '0'
  const stopWh = meter.stopWh ?? believed.at(-1)?.registerWh ?? beginWh
  const told = {
    // Without a register at the start nothing says that the time until the first reading was idle.
    begin: {
      at: meter.startedAt,
      registerWh: beginWh,
      ...(meter.beginWh === undefined ? { charging: true } : {}),
    },
    stop: { at: endedAt, registerWh: stopWh },
  }
  const { begin, stop } = asMeant(told, between, believed, meter.limit)
  const isRebased = begin !== told.begin || stop !== told.stop
  const billable = billableSeries(begin, between, stop, meter.limit)
  const samples = lastKnown(billable.samples, meter.stopWh).map((sample) => ({
    at: sample.at,
    energy_wh: sample.registerWh,
    ...(sample.powerW == null ? {} : { power_w: String(sample.powerW) }),
    ...(sample.charging === undefined ? {} : { charging: sample.charging }),
  }))
  const { energyWh } = billable
  const review = billable.review ?? (isRebased ? 'register_rebased' : null)
  const isTold = !meter.isInferred && meter.stopWh !== undefined
  const isBelieved = billable.samples.at(-1)?.registerWh === stop.registerWh
  const isAnew = billable.review === 'register_begun_anew'
  const doubt = isAnew ? begunAnewFlag : isBelieved ? null : 'implausible'
  const flag = stop.unit === 'kWh' ? inKilowattHours : doubt
  const register = stop.unit === 'kWh' ? stopWh : stop.registerWh
  const closing = isTold ? closingRow(end, endedAt, register, flag) : undefined
  const isLater = billable.review === 'register_rebased'
  const rebased = isLater ? billable.samples.slice(1, -1).map(({ at: readAt }) => readAt) : []
  const { doubtedWh } = billable
  return { endedAt, metered: { samples, energyWh, review, doubtedWh }, closing, rebased }
}

/**
 * Where the end gave no register, what happened after the last reading is not known: it is not held against the driver as
 * idling, unless no power was drawn by then.
 */
function lastKnown(samples: readonly Register[], stopWh: string | undefined): Register[] {
  const known = samples.length - 2
  return samples.map((each, n) =>
    stopWh === undefined && n === known && each.powerW !== 0 && each.charging === undefined
      ? { ...each, charging: true }
      : each,
  )
}

type Meant = Register & { unit?: 'kWh' }

/** Registers of begin and end as the readings between show them to be meant: told in kWh, or of a counter that began anew. */
function asMeant(
  told: { begin: Register; stop: Register },
  between: readonly Register[],
  believed: readonly Register[],
  limit: PowerLimit,
): { begin: Meant; stop: Meant } {
  const read = between.filter(({ context }) => !context?.startsWith('Transaction.'))
  const [first, last] = [read[0], read.at(-1)]
  const inWh = (register: Register, other: Register | undefined): Meant | undefined => {
    const meant = other && kilowattHoursOf(register, other, limit)
    return meant && { ...meant, unit: 'kWh' }
  }
  const begin = inWh(told.begin, first) ?? told.begin
  const before = believed.findLast(({ at }) => at <= told.stop.at) ?? begin
  const isFall = implausibility(before, told.stop, limit) === 'backwards'
  const anew = isFall ? rolledOver(before, told.stop, limit, begin) : undefined
  return { begin, stop: inWh(told.stop, last) ?? anew ?? told.stop }
}

const closingRow = (
  { sessionId, source, at }: End,
  endedAt: string,
  registerWh: string,
  flag: string | null,
): MeterRow => ({
  sessionId,
  at: endedAt,
  context: 'Transaction.End',
  registerWh,
  powerW: null,
  socPercent: null,
  source: sourceOf[source],
  flag,
  receivedAt: at,
})

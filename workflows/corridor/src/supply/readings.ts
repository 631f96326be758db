// What a meter shows while it charges, and how it ends: kept whole, and never believed beyond what is possible.
import type { Sql, Tx } from '@chargelane/db'
import {
  insertMeterValues,
  keepSignedValues,
  meterSeries,
  type MeterRow,
  registerBefore,
} from '@chargelane/db/queries/chargers/meter-values'
import { maxPowerOf } from '@chargelane/db/queries/sessions/owners'
import { latestCommand } from '@chargelane/db/queries/roaming/ocpi'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { SupplyNews } from '@chargelane/db/queries/sessions/supply-sessions'
import {
  billableSeries,
  implausibility,
  type PowerLimit,
  type Register,
  unknownMaxPowerW,
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

/** Readings of one session or of many, in one statement; each is answered for itself. */
export async function takeReadings(tx: Tx, list: readonly Readings[]): Promise<TakenReadings[]> {
  const kept: MeterRow[][] = []
  for (const input of list) kept.push(await rowsOf(tx, input))
  await insertMeterValues(tx, kept.flat())
  const texts = list.flatMap(({ sessionId, signed = [], at }) =>
    signed.map((value) => ({ sessionId, value, receivedAt: at })),
  )
  await keepSignedValues(tx, texts)
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
    const flag = await flagOf(sql, input, reading, rows, limit)
    rows.push({
      sessionId: input.sessionId,
      source: sourceOf[input.source],
      receivedAt: input.at,
      at: reading.at,
      context: reading.context,
      registerWh: reading.registerWh ?? null,
      powerW: reading.powerW ?? null,
      socPercent: reading.socPercent ?? null,
      flag: flag ?? null,
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

async function flagOf(
  sql: Sql,
  input: Readings,
  { at, registerWh }: Reading,
  taken: readonly MeterRow[],
  limit: PowerLimit,
): Promise<string | undefined> {
  if (input.endedAt != null && at > input.endedAt) return 'after_stop'
  if (registerWh === undefined) return undefined
  const before = lastBelieved(taken, at) ?? (await believedBefore(sql, input, at)) ?? input.begin
  return before === undefined ? undefined : implausibility(before, { at, registerWh }, limit)
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
  const { sessionId, meter } = end
  // A session of no length has no periods to price; a millisecond keeps start and end apart.
  const endedAt =
    meter === undefined || end.endedAt > meter.startedAt
      ? end.endedAt
      : new Date(Date.parse(meter.startedAt) + 1).toISOString()
  const metered = meter === undefined ? undefined : await meteredEnd(tx, end, meter, endedAt)
  const more = metered === undefined ? {} : { metered }
  if (end.isNobodys === true) return { kind: 'ended', endedAt, ...more }
  const stop = isUnexplained(end) ? await stopStateOf(tx, sessionId) : null
  const { dedupeKey, event } = endNews({ ...end, endedAt }, stop)
  const isNews = await recordSupplyEvent(tx, sessionId, dedupeKey, event)
  return { kind: isNews ? 'ended' : 'again', endedAt, ...more }
}

/** A CPO does not say why a session ended; only our own stop is known. */
const isUnexplained = ({ source, reason }: Pick<End, 'source' | 'reason'>) =>
  source === 'peer' && reason === 'other'

export const stopStateOf = async (sql: Sql, sessionId: string) =>
  (await latestCommand(sql, sessionId, 'stop'))?.state ?? null

/** The end as the session is told it, given what became of our latest stop command. */
export function endNews(
  end: Pick<End, 'sessionId' | 'source' | 'endedAt' | 'reason' | 'at'>,
  stopState: string | null,
): SupplyNews {
  const { sessionId, endedAt, at } = end
  const wasStopped = stopState !== null && stopState !== 'failed' && stopState !== 'rejected'
  const reason = isUnexplained(end) && wasStopped ? 'requested' : end.reason
  const event = { kind: 'charging_ended' as const, at, endedAt, reason }
  return { dedupeKey: `${sessionId}:ended`, event }
}

async function meteredEnd(
  tx: Tx,
  { sessionId, source, at }: End,
  meter: NonNullable<End['meter']>,
  endedAt: string,
): Promise<MeteredEnd> {
  const rows = await meterSeries(tx, sessionId)
  const between = rows.flatMap(({ at: readAt, context, registerWh, powerW, flag }) =>
    registerWh === null || flag === 'after_stop'
      ? []
      : [{ at: readAt, context, registerWh, powerW }],
  )
  const believed = rows.flatMap(({ registerWh, flag }) =>
    registerWh === null || flag !== null ? [] : [registerWh],
  )
  const beginWh = meter.beginWh ?? believed[0] ?? meter.stopWh ?? '0'
  const stopWh = meter.stopWh ?? believed.at(-1) ?? beginWh
  const billable = billableSeries(
    // Without a register at the start nothing says that the time until the first reading was idle.
    {
      at: meter.startedAt,
      registerWh: beginWh,
      ...(meter.beginWh === undefined ? { charging: true } : {}),
    },
    between,
    { at: endedAt, registerWh: stopWh },
    await limitOf(tx, sessionId, meter.limit),
  )
  if (!meter.isInferred && meter.stopWh !== undefined) {
    const isBelieved = billable.samples.at(-1)?.registerWh === stopWh
    const row = { sessionId, at: endedAt, context: 'Transaction.End', registerWh: stopWh }
    const flag = isBelieved ? null : 'implausible'
    const more = { source: sourceOf[source], receivedAt: at, powerW: null, socPercent: null }
    await insertMeterValues(tx, [{ ...row, ...more, flag }])
  }
  const samples = billable.samples.map((sample) => ({
    at: sample.at,
    energy_wh: sample.registerWh,
    ...(sample.powerW == null ? {} : { power_w: String(sample.powerW) }),
    ...(sample.charging === undefined ? {} : { charging: sample.charging }),
  }))
  return { samples, energyWh: billable.energyWh, review: billable.review }
}

import type { Tx } from '@chargelane/db'
import {
  cardStanding,
  evseAtConnector,
  startCommandOfTag,
} from '@chargelane/db/queries/chargers/chargers'
import {
  findStart,
  flagTransaction,
  insertMeterValues,
  insertTransaction,
  keepSignedValues,
  lockTransaction,
  type MeterRow,
  meterSeries,
  openTransactions,
  registerBefore,
  stationTransaction,
  transactionCovering,
  type TransactionRow,
  transactionOfSession,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import { compareExact, exact } from '@chargelane/rules/exact'
import { believedInstant, isOfStart, laterInstant, startInstant } from '../line/clock.ts'
import { implausibility, unknownMaxPowerW } from './meter.ts'
import type { ChargingNode } from '../node.ts'
import { finishTransaction, registerRow } from './record.ts'

// The life of a transaction, whatever OCPP version tells it. Each function is one tx that is committed before the
// charger hears its answer: a charger that got no answer sends again, and finds what was done.

export interface Start {
  stationId: string
  connectorId: number
  /** Upper case; empty when what the charger sent was no identifier at all. */
  idTag: string
  meterStartWh: string
  /** The charger's clock; undefined when it gave nothing readable. */
  claimedAt: string | undefined
  receivedAt: string
}

export interface Started {
  transactionId: number
  sessionId: string | null
  verdict: 'accepted' | 'invalid' | 'blocked' | 'concurrent'
}

export function beginTransaction(node: ChargingNode, start: Start): Promise<Started> {
  return node.db.tx(async (tx) => {
    const identity = {
      chargeStationId: start.stationId,
      connectorId: start.connectorId,
      idTag: start.idTag,
      claimedStartedAt: start.claimedAt ?? start.receivedAt,
      meterStartWh: start.meterStartWh,
    }
    const known = await findStart(tx, identity)
    if (known !== undefined) return answerOf(known, 'invalid')
    const attribution = await attribute(tx, start)
    if (attribution.kind === 'resent') return answerOf(attribution.transaction, 'invalid')
    const { startedAt, offsetMs } = startInstant(
      start.claimedAt,
      start.receivedAt,
      node.config,
      attribution.kind === 'command' ? attribution.sentAt : undefined,
    )
    const { transaction } = await insertTransaction(tx, {
      ...identity,
      sessionId: attribution.kind === 'command' ? attribution.sessionId : newId('session'),
      origin: attribution.kind,
      startedAt,
      clockOffsetMs: offsetMs,
      offline: isLate(startedAt, start.receivedAt),
      createdAt: start.receivedAt,
    })
    await insertMeterValues(tx, [
      registerRow(
        transaction,
        'Transaction.Begin',
        start.meterStartWh,
        startedAt,
        start.receivedAt,
      ),
    ])
    if (attribution.kind === 'unknown') return answerOf(transaction, attribution.verdict)
    await recordSupplyEvent(tx, transaction.sessionId, `ocpp:${transaction.id}:started`, {
      kind: 'charging_started',
      at: start.receivedAt,
      startedAt,
      supplyRef: String(transaction.id),
      ...(attribution.kind === 'token' ? { unsolicited: attribution.unsolicited } : {}),
    })
    return answerOf(transaction, 'accepted')
  })
}

type Attribution =
  | { kind: 'command'; sessionId: string; sentAt: string }
  | { kind: 'token'; unsolicited: { accountId: string; evseId: string; tokenUid: string } }
  | { kind: 'unknown'; verdict: Started['verdict'] }
  | { kind: 'resent'; transaction: TransactionRow }

/** Whose start it is: of a command we sent, whatever became of it (failures F04), of a card we know, or nobody's. */
async function attribute(tx: Tx, start: Start): Promise<Attribution> {
  if (start.idTag === '') return { kind: 'unknown', verdict: 'invalid' }
  const command = await startCommandOfTag(tx, start.stationId, start.idTag)
  if (command !== undefined) {
    const first = await transactionOfSession(tx, command.sessionId)
    if (first === undefined)
      return { kind: 'command', sessionId: command.sessionId, sentAt: command.sentAt }
    // The same start told with a clock set meanwhile; a second start of one session is not.
    if (
      first.stoppedAt === null &&
      first.connectorId === start.connectorId &&
      compareExact(exact(first.meterStartWh), exact(start.meterStartWh)) === 0
    )
      return { kind: 'resent', transaction: first }
    return { kind: 'unknown', verdict: 'concurrent' }
  }
  const card = await cardStanding(tx, start.idTag)
  if (card === undefined) return { kind: 'unknown', verdict: 'invalid' }
  const place = await evseAtConnector(tx, start.stationId, start.connectorId)
  if (!card.mayCharge || place === undefined)
    return { kind: 'unknown', verdict: card.blocked ? 'blocked' : 'invalid' }
  return {
    kind: 'token',
    unsolicited: { accountId: card.accountId, evseId: place.evseId, tokenUid: card.uid },
  }
}

function answerOf(transaction: TransactionRow, otherwise: Started['verdict']): Started {
  const owned = transaction.origin !== 'unknown'
  return {
    transactionId: transaction.id,
    sessionId: owned ? transaction.sessionId : null,
    verdict: owned ? 'accepted' : otherwise,
  }
}

/** One reading of a connector, in our units; `claimedAt` is the charger's clock. */
export interface Reading {
  claimedAt: string | undefined
  /** OCPP 1.6 §7.35; `Sample.Periodic` when the charger does not say. */
  context: string
  registerWh?: string
  powerW?: number
  socPercent?: number
}

export interface Readings {
  stationId: string
  connectorId: number
  /** Undefined, 0 or not ours: then the transaction that held the connector at the time is meant (quirk 6). */
  transactionId: number | undefined
  /** The frame's first timestamp, by the charger's clock. */
  claimedAt: string | undefined
  readings: Reading[]
  /** What the meter signed, as received. */
  signed?: string[]
  receivedAt: string
}

/** Stores readings with the session they belong to; null when no transaction held the connector. */
export async function recordReadings(node: ChargingNode, input: Readings): Promise<string | null> {
  const transaction = await transactionOfReadings(node, input)
  if (transaction === undefined) return null
  await node.db.tx(async (tx) => {
    await storeReadings(node, tx, transaction, input.readings, input.receivedAt)
    await keepSignedValues(tx, transaction.sessionId, input.signed ?? [], input.receivedAt)
  })
  return transaction.sessionId
}

async function transactionOfReadings(
  node: ChargingNode,
  { stationId, connectorId, transactionId, claimedAt, receivedAt }: Readings,
): Promise<TransactionRow | undefined> {
  const named =
    transactionId === undefined
      ? undefined
      : await stationTransaction(node.db, stationId, transactionId)
  if (named !== undefined) return named
  const open = (await openTransactions(node.db, stationId)).findLast(
    (each) => each.connectorId === connectorId,
  )
  const at = claimedAt ?? receivedAt
  if (open !== undefined && believedInstant(at, receivedAt, node.config, open) !== undefined)
    return open
  const covering = await transactionCovering(node.db, stationId, connectorId, at)
  if (covering !== undefined || open === undefined) return covering
  // What waited in the charger's queue since before is not of the one that charges now.
  return isOfStart(at, receivedAt, node.config, open) ? open : undefined
}

async function storeReadings(
  node: ChargingNode,
  tx: Tx,
  transaction: TransactionRow,
  readings: readonly Reading[],
  receivedAt: string,
): Promise<void> {
  const place = await evseAtConnector(tx, transaction.chargeStationId, transaction.connectorId)
  const limit = {
    maxPowerW: place?.maxPowerW ?? unknownMaxPowerW,
    slackMs: node.config.plausibleSlackMs,
  }
  const rows: MeterRow[] = []
  const timed = readings
    .map((reading) => ({ reading, at: instantOf(node, transaction, reading, receivedAt) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
  for (const { reading, at } of timed) {
    const before =
      reading.registerWh === undefined
        ? undefined
        : (lastBelieved(rows, at) ??
          (await registerBefore(tx, transaction.sessionId, at)) ?? {
            at: transaction.startedAt,
            registerWh: transaction.meterStartWh,
          })
    const flag =
      transaction.stoppedAt !== null && at > transaction.stoppedAt
        ? 'after_stop'
        : before === undefined || reading.registerWh === undefined
          ? undefined
          : implausibility(before, { at, registerWh: reading.registerWh }, limit)
    rows.push({
      sessionId: transaction.sessionId,
      at,
      context: reading.context,
      registerWh: reading.registerWh ?? null,
      powerW: reading.powerW ?? null,
      socPercent: reading.socPercent ?? null,
      source: 'ocpp',
      flag: flag ?? null,
      receivedAt,
    })
  }
  await insertMeterValues(tx, rows)
  if (rows.some((row) => row.flag === 'backwards' || row.flag === 'jump'))
    await flagTransaction(tx, transaction.id, 'register_implausible')
}

/** The opening reading belongs to the start, even when it comes in the frame of the first sample (quirk 11). */
function instantOf(
  node: ChargingNode,
  transaction: TransactionRow,
  reading: Reading,
  receivedAt: string,
): string {
  if (reading.context === 'Transaction.Begin') return transaction.startedAt
  return laterInstant(reading.claimedAt, receivedAt, node.config, transaction)
}

function lastBelieved(rows: readonly MeterRow[], at: string) {
  const row = rows.findLast(
    (each) => each.registerWh !== null && each.flag === null && each.at <= at,
  )
  return row?.registerWh == null ? undefined : { at: row.at, registerWh: row.registerWh }
}

export interface Stop {
  stationId: string
  /** As sent; 0, -1 and numbers that are not this station's are reconciled by tag and register. */
  transactionId: number
  idTag: string
  /** Undefined when the charger gave no readable register: then the last reading counts. */
  meterStopWh: string | undefined
  claimedAt: string | undefined
  receivedAt: string
  stopReason: string
  reason: EndReason
  readings: Reading[]
  signed?: string[]
}

/** `parked`: nobody's stop; the frame is kept and acknowledged, because a charger would repeat it for ever. */
export type Stopped =
  | { kind: 'closed'; sessionId: string; connectorId: number }
  | { kind: 'repeated'; sessionId: string }
  | { kind: 'parked'; sessionId: null }

export function endTransaction(node: ChargingNode, stop: Stop): Promise<Stopped> {
  return node.db.tx(async (tx) => {
    const meant = await transactionOfStop(tx, stop)
    const transaction = meant === undefined ? undefined : await lockTransaction(tx, meant.id)
    if (transaction === undefined) return { kind: 'parked', sessionId: null }
    const { sessionId } = transaction
    if (transaction.stoppedAt !== null) {
      // The record is written; another end can only be a correction, which a person decides (quirk 3).
      if (stop.meterStopWh !== undefined && stop.meterStopWh !== transaction.meterStopWh)
        await flagTransaction(tx, transaction.id, 'stop_differs')
      return { kind: 'repeated', sessionId }
    }
    await storeReadings(node, tx, transaction, stop.readings, stop.receivedAt)
    await keepSignedValues(tx, sessionId, stop.signed ?? [], stop.receivedAt)
    const stoppedAt = laterInstant(stop.claimedAt, stop.receivedAt, node.config, transaction)
    await finishTransaction(node, tx, (await lockTransaction(tx, transaction.id)) ?? transaction, {
      stoppedAt,
      meterStopWh: stop.meterStopWh ?? (await lastReading(tx, transaction)).registerWh,
      stopReason: stop.stopReason,
      reason: stop.reason,
      inferred: false,
      offline: isLate(stoppedAt, stop.receivedAt),
      receivedAt: stop.receivedAt,
    })
    return { kind: 'closed', sessionId, connectorId: transaction.connectorId }
  })
}

/** Quirk 1. An id of another station never stops anything; among several that fit, none is guessed. */
async function transactionOfStop(tx: Tx, stop: Stop): Promise<TransactionRow | undefined> {
  const named = await stationTransaction(tx, stop.stationId, stop.transactionId)
  if (named !== undefined) return named
  const { meterStopWh } = stop
  const fitting = (await openTransactions(tx, stop.stationId)).filter(
    (each) =>
      (stop.idTag === '' || each.idTag === stop.idTag) &&
      (meterStopWh === undefined ||
        compareExact(exact(meterStopWh), exact(each.meterStartWh)) >= 0) &&
      each.startedAt <= (stop.claimedAt ?? stop.receivedAt),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

/** Power was lost and nobody will tell: the last believed reading is the end (failures F22, quirk 5). */
export function closeAbandoned(
  node: ChargingNode,
  transactionId: number,
  at: string,
): Promise<boolean> {
  return node.db.tx(async (tx) => {
    const transaction = await lockTransaction(tx, transactionId)
    if (transaction === undefined || transaction.stoppedAt !== null) return false
    const last = await lastReading(tx, transaction)
    await finishTransaction(node, tx, transaction, {
      stoppedAt: last.at,
      meterStopWh: last.registerWh,
      stopReason: 'PowerLoss',
      reason: 'power_loss',
      inferred: true,
      offline: true,
      receivedAt: at,
    })
    return true
  })
}

async function lastReading(tx: Tx, transaction: TransactionRow) {
  const rows = await meterSeries(tx, transaction.sessionId)
  const row = rows.findLast((each) => each.registerWh !== null && each.flag === null)
  return row?.registerWh == null
    ? { at: transaction.startedAt, registerWh: transaction.meterStartWh }
    : { at: row.at, registerWh: row.registerWh }
}

/** A minute of delay is no longer the network: the message waited in the charger's queue. */
function isLate(at: string, receivedAt: string): boolean {
  return Date.parse(receivedAt) - Date.parse(at) > 60_000
}

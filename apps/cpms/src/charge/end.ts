import type { Tx } from '@chargelane/db'
import {
  keepSignedValues,
  meteredTransactions,
  meterSeries,
} from '@chargelane/db/queries/chargers/meter-values'
import {
  flagTransaction,
  lockTransaction,
  noteProgress,
  openTransactions,
  stationTransaction,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { compareExact, exact } from '@chargelane/rules/exact'
import { laterInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { isLate } from './begin.ts'
import type { End, Ended, Reading } from './events.ts'
import { storeReadings } from './readings.ts'
import { finishTransaction } from './record.ts'

/** Committed before it is answered, with the record and what the session's workflow is told. */
export function endTransaction(node: ChargingNode, end: End): Promise<Ended> {
  return node.db.tx(async (tx) => {
    const closing = closingOf(end)
    const meant = await transactionOfEnd(tx, end, closing?.registerWh)
    const transaction = meant === undefined ? undefined : await lockTransaction(tx, meant.id)
    if (transaction === undefined) return { kind: 'parked', sessionId: null }
    const { sessionId } = transaction
    if (transaction.stoppedAt !== null) {
      // The record is written; another end can only be a correction, which a person decides (quirk 3).
      const isOther = closing !== undefined && closing.registerWh !== transaction.meterStopWh
      if (isOther) await flagTransaction(tx, transaction.id, 'stop_differs')
      return { kind: 'repeated', sessionId }
    }
    await storeBetween(node, tx, transaction, end, closing)
    const stoppedAt = laterInstant(end.claimedAt, end.receivedAt, node.config, transaction)
    await finishTransaction(node, tx, (await lockTransaction(tx, transaction.id)) ?? transaction, {
      stoppedAt,
      meterStopWh: closing?.registerWh ?? (await lastReading(tx, transaction)).registerWh,
      stopReason: end.stoppedReason,
      reason: end.reason,
      inferred: false,
      offline: end.offline === true || isLate(stoppedAt, end.receivedAt),
      receivedAt: end.receivedAt,
    })
    return { kind: 'closed', sessionId, ocppEvseId: transaction.ocppEvseId }
  })
}

/** The register the transaction ends with, where the charger gave one. */
function closingOf({ readings }: End): (Reading & { registerWh: string }) | undefined {
  for (const reading of readings.toReversed())
    if (reading.context === 'Transaction.End' && reading.registerWh !== undefined)
      return { ...reading, registerWh: reading.registerWh }
  return undefined
}

async function storeBetween(
  node: ChargingNode,
  tx: Tx,
  transaction: TransactionRow,
  end: End,
  closing: Reading | undefined,
): Promise<void> {
  const { chargeStationId: stationId, transactionId, sessionId } = transaction
  const { receivedAt } = end
  const readings = end.readings.filter(
    (each) => each.context !== closing?.context || each.registerWh !== closing.registerWh,
  )
  const [metered] = await meteredTransactions(tx, [{ stationId, transactionId }])
  if (metered !== undefined && readings.length > 0)
    await storeReadings(node, tx, [{ ...metered, readings, receivedAt }])
  await keepSignedValues(
    tx,
    end.signed.map((value) => ({ sessionId, value, receivedAt })),
  )
  if (end.seqNo === undefined) return
  await noteProgress(tx, [
    {
      id: transaction.id,
      seqNo: end.seqNo,
      chargingState: end.chargingState ?? null,
      triggerReason: end.triggerReason ?? null,
    },
  ])
}

/** Quirk 1. An id of another station never stops anything; among several that fit, none is guessed. */
async function transactionOfEnd(
  tx: Tx,
  end: End,
  registerWh: string | undefined,
): Promise<TransactionRow | undefined> {
  const { stationId, transactionId } = end
  const named =
    transactionId === undefined ? undefined : await stationTransaction(tx, stationId, transactionId)
  if (named !== undefined) return named
  const idToken = end.idToken?.value ?? ''
  const fitting = (await openTransactions(tx, stationId)).filter(
    (each) =>
      (idToken === '' || each.idToken === idToken) &&
      (registerWh === undefined ||
        each.meterStartWh === null ||
        compareExact(exact(registerWh), exact(each.meterStartWh)) >= 0) &&
      each.startedAt <= (end.claimedAt ?? end.receivedAt),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

/** Power was lost and nobody will tell: the last believed reading is the end (failures F22, quirk 5). */
export function closeAbandoned(node: ChargingNode, id: number, at: string): Promise<boolean> {
  return node.db.tx(async (tx) => {
    const transaction = await lockTransaction(tx, id)
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

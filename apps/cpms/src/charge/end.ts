import type { Tx } from '@chargelane/db'
import { lockMetered, type MeteredTransaction } from '@chargelane/db/queries/chargers/meter-values'
import {
  closeTransaction,
  flagTransaction,
  noteProgress,
  openTransactions,
  placeOfTransaction,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { takeEnd, takeRecord } from '@chargelane/corridor/supply/inbox'
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import { compareExact, exact } from '@chargelane/rules/exact'
import { batched } from '../line/batch.ts'
import { laterInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { isLate } from './begin.ts'
import type { End, Ended, Reading } from './events.ts'
import { powerLimit, storeReadings } from './readings.ts'

/** Committed before it is answered, with the record and what the session's workflow is told. */
export const endTransaction = batched(
  (node: ChargingNode, ends: End[]): Promise<Ended[]> =>
    // Side by side in one tx: their statements share the line, so that a burst of ends waits for few round trips.
    node.db.tx((tx) => Promise.all(ends.map((end) => endOne(node, tx, end)))),
  50,
)

async function endOne(node: ChargingNode, tx: Tx, end: End): Promise<Ended> {
  const closing = closingOf(end)
  const meant = await lockMeant(tx, end, closing?.registerWh)
  if (meant === undefined) return { kind: 'parked', sessionId: null }
  const { transaction } = meant
  const { sessionId, ocppEvseId } = transaction
  if (transaction.stoppedAt !== null) {
    // The record is written; another end can only be a correction, which a person decides (quirk 3).
    const isOther = closing !== undefined && closing.registerWh !== transaction.meterStopWh
    if (isOther) await flagTransaction(tx, transaction.id, 'stop_differs')
    return { kind: 'repeated', sessionId }
  }
  const readings = end.readings.filter((each) => each !== closing)
  const metered = await storeBetween(node, tx, meant, { ...end, readings })
  if (end.seqNo !== undefined) await noteProgress(tx, [progressOf(transaction, end, end.seqNo)])
  const stoppedAt = laterInstant(end.claimedAt, end.receivedAt, node.config, transaction)
  await finish(node, tx, metered, {
    stoppedAt,
    meterStopWh: closing?.registerWh,
    stopReason: end.stoppedReason,
    reason: end.reason,
    inferred: false,
    offline: end.offline === true || isLate(stoppedAt, end.receivedAt),
    receivedAt: end.receivedAt,
  })
  return { kind: 'closed', sessionId, ocppEvseId }
}

/** Power was lost and nobody will tell: the last believed reading is the end (failures F22, quirk 5). */
export function closeAbandoned(
  node: ChargingNode,
  { chargeStationId, transactionId }: TransactionRow,
  at: string,
): Promise<boolean> {
  return node.db.tx(async (tx) => {
    const metered = await lockMetered(tx, chargeStationId, transactionId)
    if (metered === undefined || metered.transaction.stoppedAt !== null) return false
    await finish(node, tx, metered, {
      stoppedAt: metered.last?.at ?? metered.transaction.startedAt,
      meterStopWh: metered.last?.registerWh,
      stopReason: 'PowerLoss',
      reason: 'power_loss',
      inferred: true,
      offline: true,
      receivedAt: at,
    })
    return true
  })
}

interface TransactionEnd {
  stoppedAt: string
  /** Undefined when the charger gave none: then the last believed reading counts. */
  meterStopWh: string | undefined
  /** OCPP's own word. */
  stopReason: string
  reason: EndReason
  /** True when the end was concluded from the last reading. */
  inferred: boolean
  offline: boolean
  receivedAt: string
}

/** Everything in the caller's tx: the closed transaction, and what the house makes of its end. */
async function finish(
  node: ChargingNode,
  tx: Tx,
  { transaction, maxPowerW, last }: MeteredTransaction,
  end: TransactionEnd,
): Promise<void> {
  const { sessionId, startedAt, meterStartWh, origin } = transaction
  const { receivedAt: at } = end
  const { endedAt, metered } = await takeEnd(tx, {
    sessionId,
    source: 'node',
    endedAt: end.stoppedAt,
    reason: end.reason,
    at,
    meter: {
      startedAt,
      beginWh: meterStartWh ?? undefined,
      stopWh: end.meterStopWh,
      isInferred: end.inferred,
      limit: powerLimit(node, maxPowerW),
    },
    // Energy that nobody we know asked for is seen and kept, but is no session.
    isNobodys: origin === 'unknown',
  })
  await closeTransaction(tx, transaction.id, {
    stoppedAt: endedAt,
    meterStopWh: end.meterStopWh ?? last?.registerWh ?? meterStartWh,
    stopReason: end.stopReason,
    inferred: end.inferred,
    offline: transaction.offline || end.offline,
    review: transaction.review ?? metered?.review ?? null,
  })
  const place = origin === 'unknown' ? undefined : await placeOfTransaction(tx, transaction)
  if (place === undefined || metered === undefined) return
  await takeRecord(tx, {
    kind: 'node',
    channel: place.channel,
    sessionId,
    supplyRef: transaction.transactionId,
    tokenUid: transaction.idToken ?? '',
    evseId: place.evseId,
    startedAt,
    samples: metered.samples,
    energyWh: metered.energyWh,
    at,
  })
}

/** The register the transaction ends with, where the charger gave one. */
const closingOf = ({ readings }: End): Reading | undefined =>
  readings.findLast(
    ({ context, registerWh }) => context === 'Transaction.End' && registerWh !== undefined,
  )

/** What came with the end beside its register; answers where the transaction stands then. */
async function storeBetween(
  node: ChargingNode,
  tx: Tx,
  metered: MeteredTransaction,
  told: Pick<End, 'stationId' | 'readings' | 'signed' | 'receivedAt'>,
): Promise<MeteredTransaction> {
  if (told.readings.length === 0 && told.signed.length === 0) return metered
  await storeReadings(node, tx, [{ ...metered, ...told }])
  const { transactionId } = metered.transaction
  return (await lockMetered(tx, told.stationId, transactionId)) ?? metered
}

const progressOf = ({ id }: TransactionRow, end: End, seqNo: number) => ({
  id,
  seqNo,
  chargingState: end.chargingState ?? null,
  triggerReason: end.triggerReason ?? null,
})

/** Quirk 1. An id of another station never stops anything; among several that fit, none is guessed. */
async function lockMeant(
  tx: Tx,
  end: End,
  registerWh: string | undefined,
): Promise<MeteredTransaction | undefined> {
  const { stationId, transactionId } = end
  const named =
    transactionId === undefined ? undefined : await lockMetered(tx, stationId, transactionId)
  if (named !== undefined) return named
  const idToken = end.idToken?.value ?? ''
  const [fitting, ...others] = (await openTransactions(tx, stationId)).filter(
    (each) =>
      (idToken === '' || each.idToken === idToken) &&
      (registerWh === undefined ||
        each.meterStartWh === null ||
        compareExact(exact(registerWh), exact(each.meterStartWh)) >= 0) &&
      each.startedAt <= (end.claimedAt ?? end.receivedAt),
  )
  if (fitting === undefined || others.length > 0) return undefined
  return lockMetered(tx, stationId, fitting.transactionId)
}

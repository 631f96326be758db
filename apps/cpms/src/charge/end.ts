import type { Tx } from '@chargelane/db'
import { lockMetered, type MeteredTransaction } from '@chargelane/db/queries/chargers/meter-values'
import {
  closeTransactions,
  flagTransaction,
  noteProgress,
  openTransactions,
  placesOfTransactions,
  type TransactionClose,
  type TransactionPlace,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { takeEnds, takeRecord } from '@chargelane/corridor/supply/inbox'
import type {
  End as HouseEnd,
  MeteredEnd,
  NodeRecord,
  TakenEnd,
} from '@chargelane/corridor/supply/inbox'
import type { EndReason } from '@chargelane/openapi/vocabulary/status'
import { compareExact, exact } from '@chargelane/rules/exact'
import { implausibility } from '@chargelane/rules/record/registers'
import { allOf, batched } from '../line/batch.ts'
import { isLate, laterInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import type { End, Ended, Reading } from './events.ts'
import { putCorrectionAside, putEndsAside, putStopAside, settleStops } from './aside.ts'
import { powerLimit, storeReadings } from './readings.ts'

/** Committed before it is answered, with the record and what the session's workflow is told. */
export const endTransaction = batched(endTransactions, 200)

async function endTransactions(node: ChargingNode, ends: End[]): Promise<Ended[]> {
  return node.db.tx(async (tx) => {
    const told = await lockMeant(node, tx, ends)
    for (const each of told)
      if (each !== undefined && isCorrection(each)) {
        await flagTransaction(tx, each.transaction.id, 'stop_differs')
        await putCorrectionAside(tx, each)
      }
    const open = await storeBetween(node, tx, told.filter(isOpen))
    await noteProgress(tx, open.flatMap(progressOf))
    await finish(
      node,
      tx,
      open.map((each) => endingOf(node, each)),
    )
    for (const [n, end] of ends.entries()) if (told[n] === undefined) await putStopAside(tx, end)
    return told.map(endedOf)
  })
}

/** An end with the transaction it means. */
export type Told = MeteredTransaction & {
  end: End
  /** The register the transaction ends with, where the charger gave one. */
  closing: Reading | undefined
}

/** An end that was only concluded stays open to the one that is told. */
const isOpen = (told: Told | undefined): told is Told =>
  told !== undefined && (told.transaction.stoppedAt === null || told.transaction.inferred)

/** The record is written; another end can only be a correction, which a person decides (quirk 3). */
const isCorrection = ({ transaction, closing }: Told): boolean =>
  transaction.stoppedAt !== null &&
  !transaction.inferred &&
  closing !== undefined &&
  closing.registerWh !== transaction.meterStopWh

function endedOf(told: Told | undefined): Ended {
  if (told === undefined) return { kind: 'parked', sessionId: null }
  const { sessionId, ocppEvseId } = told.transaction
  return isOpen(told) ? { kind: 'closed', sessionId, ocppEvseId } : { kind: 'repeated', sessionId }
}

function endingOf(node: ChargingNode, told: Told): Ending {
  const { transaction, end, closing } = told
  const stoppedAt = laterInstant(end.claimedAt, end.receivedAt, node.config, transaction)
  return {
    ...told,
    stoppedAt,
    meterStopWh: closing?.registerWh,
    stopReason: end.stoppedReason,
    reason: end.reason,
    inferred: false,
    offline: end.offline === true || isLate(stoppedAt, end.receivedAt),
    receivedAt: end.receivedAt,
  }
}

/** Power was lost and nobody will tell: the last believed reading is the end (failures F22, quirk 5). */
export const closeAbandoned = (
  node: ChargingNode,
  transaction: TransactionRow,
  at: string,
): Promise<boolean> =>
  node.db.tx((tx) => concludeEnd(node, tx, transaction, at, ['PowerLoss', 'power_loss']))

/** Another charge has begun at its EVSE: the last believed reading is its end, until a stop of it is told. */
export const endOlder = (
  node: ChargingNode,
  tx: Tx,
  transaction: TransactionRow,
  at: string,
): Promise<boolean> => concludeEnd(node, tx, transaction, at, ['Other', 'other'])

async function concludeEnd(
  node: ChargingNode,
  tx: Tx,
  { chargeStationId, transactionId }: TransactionRow,
  at: string,
  [stopReason, reason]: [string, EndReason],
): Promise<boolean> {
  const [metered] = await lockMetered(tx, [{ stationId: chargeStationId, transactionId }])
  if (metered === undefined || metered.transaction.stoppedAt !== null) return false
  const { last, transaction } = metered
  await finish(node, tx, [
    {
      ...metered,
      stoppedAt: last?.at ?? transaction.startedAt,
      meterStopWh: last?.registerWh,
      stopReason,
      reason,
      inferred: true,
      offline: true,
      receivedAt: at,
    },
  ])
  return true
}

export type Ending = MeteredTransaction & {
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

/** Everything in the caller's tx: the closed transactions, and what the house makes of their ends. */
async function finish(node: ChargingNode, tx: Tx, endings: readonly Ending[]): Promise<void> {
  const taken = await takeEnds(
    tx,
    endings.map((ending) => houseEnd(node, ending)),
  )
  const ended = endings.flatMap((ending, n) => {
    const told = taken[n]
    return told === undefined ? [] : [{ ...ending, taken: told }]
  })
  const sold = ended.filter(({ transaction }) => transaction.origin !== 'unknown')
  const reading = placesOfTransactions(
    tx,
    sold.map(({ transaction }) => transaction),
  )
  await allOf<unknown>([closeTransactions(tx, ended.map(closeOf)), reading])
  const places = await reading
  await allOf<unknown>([
    ...sold.flatMap((each, n) => {
      const [place, record] = [places[n], each.taken.metered]
      return place && record && isProven(each, record)
        ? [takeRecord(tx, recordOf(each, place, record))]
        : []
    }),
    putEndsAside(tx, ended),
    settleStops(tx, ended),
  ])
}

/**
 * An end that nobody told, of a charge that nobody read, proves nothing: its record is waited for. That another charge has
 * begun at the EVSE proves that this one is over.
 */
const isProven = ({ inferred, reason }: Ending, { energyWh }: MeteredEnd): boolean =>
  !inferred || reason !== 'power_loss' || energyWh !== '0'

const houseEnd = (node: ChargingNode, ending: Ending): HouseEnd => ({
  sessionId: ending.transaction.sessionId,
  source: 'node',
  endedAt: ending.stoppedAt,
  reason: ending.reason,
  at: ending.receivedAt,
  meter: {
    startedAt: ending.transaction.startedAt,
    beginWh: ending.transaction.meterStartWh ?? undefined,
    stopWh: ending.meterStopWh,
    isInferred: ending.inferred,
    limit: powerLimit(node, ending.maxPowerW),
  },
  // Energy that nobody we know asked for is seen and kept, but is no session.
  isNobodys: ending.transaction.origin === 'unknown',
})

const closeOf = ({
  transaction,
  last,
  taken,
  ...ending
}: Ending & { taken: TakenEnd }): TransactionClose => ({
  id: transaction.id,
  stoppedAt: taken.endedAt,
  meterStopWh:
    taken.metered?.lastWh ?? ending.meterStopWh ?? last?.registerWh ?? transaction.meterStartWh,
  stopReason: ending.stopReason,
  inferred: ending.inferred,
  offline: transaction.offline || ending.offline,
  review: transaction.review ?? taken.metered?.review ?? null,
})

const recordOf = (
  { transaction, receivedAt, inferred }: Ending,
  { channel, evseId }: TransactionPlace,
  { samples, energyWh }: MeteredEnd,
): NodeRecord => ({
  kind: 'node',
  channel,
  sessionId: transaction.sessionId,
  supplyRef: transaction.transactionId,
  tokenUid: transaction.idToken ?? '',
  evseId,
  startedAt: transaction.startedAt,
  samples,
  energyWh,
  isInferred: inferred,
  at: receivedAt,
})

const closingOf = ({ readings }: End): Reading | undefined =>
  readings.findLast(
    ({ context, registerWh }) => context === 'Transaction.End' && registerWh !== undefined,
  )

/** What came with the ends beside their registers; answers where the transactions stand then. */
async function storeBetween(node: ChargingNode, tx: Tx, told: readonly Told[]): Promise<Told[]> {
  const between = told.flatMap(({ end, closing, ...metered }) => {
    const readings = end.readings.filter((each) => each !== closing)
    const isNothing = readings.length === 0 && end.signed.length === 0
    return isNothing ? [] : [{ ...metered, ...end, readings }]
  })
  if (between.length === 0) return [...told]
  await storeReadings(node, tx, between)
  const names = between.map(({ stationId, transaction }) => ({
    stationId,
    transactionId: transaction.transactionId,
  }))
  const now = new Map((await lockMetered(tx, names)).map((each) => [each?.transaction.id, each]))
  return told.map((each) => ({ ...each, ...now.get(each.transaction.id) }))
}

function progressOf({ transaction, end }: Told) {
  const { seqNo, chargingState = null, triggerReason = null } = end
  return seqNo === undefined ? [] : [{ id: transaction.id, seqNo, chargingState, triggerReason }]
}

/** Each end with its transaction, under lock. Throws when two are of one: its caller asks again, one by one. */
async function lockMeant(
  node: ChargingNode,
  tx: Tx,
  ends: readonly End[],
): Promise<(Told | undefined)[]> {
  const named = await lockMetered(
    tx,
    ends.map(({ stationId, transactionId = null }) => ({ stationId, transactionId })),
  )
  const meant: (Told | undefined)[] = []
  for (const [n, end] of ends.entries()) {
    const closing = closingOf(end)
    const told = named[n]
    const metered =
      told === undefined || isOfNext(told, end, closing)
        ? ((await lockFitting(node, tx, end, closing?.registerWh)) ?? told)
        : told
    meant.push(metered && { ...metered, end, closing })
  }
  const ids = meant.flatMap((each) => each?.transaction.id ?? [])
  if (new Set(ids).size < ids.length) throw new Error('a transaction was ended twice at once')
  return meant
}

/** Some chargers end a transaction under the name of the one before: that one has its end, and this is another. */
const isOfNext = (
  { transaction }: MeteredTransaction,
  { claimedAt, receivedAt }: End,
  closing: Reading | undefined,
): boolean =>
  transaction.stoppedAt !== null &&
  !transaction.inferred &&
  closing?.registerWh !== undefined &&
  closing.registerWh !== transaction.meterStopWh &&
  (claimedAt ?? receivedAt) > transaction.stoppedAt

/**
 * Quirk 1. An id of another station never stops anything; among several that fit, none is guessed. Nor does a name that is
 * none of the charger's end what its register cannot belong to.
 */
async function lockFitting(
  node: ChargingNode,
  tx: Tx,
  { stationId, transactionId: name, idToken, claimedAt, receivedAt }: End,
  registerWh: string | undefined,
): Promise<MeteredTransaction | undefined> {
  const shown = idToken?.value ?? ''
  const [fitting, ...others] = (await openTransactions(tx, stationId)).filter(
    (each) =>
      (shown === '' || each.idToken === shown) &&
      (registerWh === undefined ||
        each.meterStartWh === null ||
        compareExact(exact(registerWh), exact(each.meterStartWh)) >= 0) &&
      each.startedAt <= (claimedAt ?? receivedAt),
  )
  if (fitting === undefined || others.length > 0) return undefined
  const [metered] = await lockMetered(tx, [{ stationId, transactionId: fitting.transactionId }])
  if (metered === undefined || name === undefined || registerWh === undefined) return metered
  const { last, maxPowerW } = metered
  const limit = powerLimit(node, maxPowerW)
  const isJump =
    last !== null && implausibility(last, { at: receivedAt, registerWh }, limit) === 'jump'
  return isJump ? undefined : metered
}

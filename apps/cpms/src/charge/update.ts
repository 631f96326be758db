import type { Sql, Tx } from '@chargelane/db'
import { setEvseStatuses } from '@chargelane/db/queries/chargers/chargers'
import {
  type MeteredTransaction,
  meteredTransactions,
  type RunningTransaction,
} from '@chargelane/db/queries/chargers/meter-values'
import {
  type FlowTold,
  identifyTransaction,
  noteProgress,
  openTransactions,
  reopenTransactions,
  startFacts,
  type TransactionRow,
  transactionCovering,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { batched } from '../line/batch.ts'
import { believedInstant, isOfStart } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { putReadingsAside } from './aside.ts'
import { keepFlows } from './flow.ts'
import { attribute, type Owner, questionOf, takenBy, verdictOf } from './begin.ts'
import type { Update, Updated, Verdict } from './events.ts'
import { storeReadings } from './readings.ts'

/** Stores readings with the session they belong to. Bulk stays in Postgres: a session's workflow hears milestones only. */
export const updateTransaction = batched(updateTransactions, 500)

/** An update with the transaction it means; without one when none held the EVSE. */
type Heard = {
  update: Update
  found: MeteredTransaction | undefined
  /** Given when the update identifies somebody. */
  verdict: Verdict | undefined
}

async function updateTransactions(node: ChargingNode, updates: Update[]): Promise<Updated[]> {
  const named = await meteredTransactions(
    node.db,
    updates.map(({ stationId, transactionId = null }) => ({ stationId, transactionId })),
  )
  const heard = updates.map((update, n): Heard => {
    const found = named[n]
    return { update, found, verdict: found && verdictTold(found.transaction, update) }
  })
  // Each statement of these may be repeated, and what is not answered is told again: no tx holds them together.
  if (heard.every(isWhole)) return keepUpdates(node, node.db, heard)
  return node.db.tx(async (tx) => {
    for (const each of heard) {
      each.found ??= await transactionOfEvse(node, tx, each.update)
      if (each.found !== undefined) each.verdict = await identify(node, tx, each.found, each.update)
    }
    return keepUpdates(node, tx, heard)
  })
}

/** Nothing is left to be told of who charges, and where. */
const isWhole = ({ found }: Heard): boolean =>
  found !== undefined && found.transaction.idToken !== null && found.transaction.ocppEvseId !== null

async function keepUpdates(
  node: ChargingNode,
  sql: Sql,
  heard: readonly Heard[],
): Promise<Updated[]> {
  const told = heard.flatMap(({ found, update }) =>
    found === undefined ? [] : [{ ...found, ...update }],
  )
  await storeReadings(node, sql, told)
  await keepFlows(sql, told.flatMap(flowOf))
  await noteProgress(sql, told.flatMap(progressOf))
  for (const { found, update } of heard)
    if (found === undefined && update.transactionId !== undefined)
      await putReadingsAside(sql, update)
  const resumed = told.filter(hasGoneOn).map(({ transaction }) => transaction.id)
  await reopenTransactions(sql, resumed)
  return heard.map(({ found, verdict }) => ({
    sessionId: found?.transaction.sessionId ?? null,
    ...unpaidOf(found),
    ...(verdict === undefined ? {} : { verdict }),
  }))
}

/** Its end was concluded from silence, and it was none: it is read later than that, and charges still. */
function hasGoneOn({ transaction, readings }: MeteredTransaction & Update): boolean {
  const { stoppedAt, inferred } = transaction
  return (
    inferred &&
    stoppedAt !== null &&
    readings.some(
      ({ claimedAt, registerWh }) => registerWh !== undefined && (claimedAt ?? '') > stoppedAt,
    )
  )
}

/** A charge that was refused, and goes on all the same. */
function unpaidOf(found: MeteredTransaction | undefined): Pick<Updated, 'unpaid'> {
  if (found === undefined) return {}
  const { origin, stoppedAt, idToken, transactionId } = found.transaction
  const isUnpaid = origin === 'unknown' && stoppedAt === null && idToken !== null
  return isUnpaid ? { unpaid: transactionId } : {}
}

/** A driver is owed an answer as often as he is named; whose the transaction is was decided the first time. */
const verdictTold = (transaction: RunningTransaction, { idToken }: Update): Verdict | undefined =>
  idToken === undefined ? undefined : verdictOf(transaction, 'invalid')

/** Without a name, or with one we do not know: the transaction that held the EVSE at the time. */
async function transactionOfEvse(
  node: ChargingNode,
  tx: Tx,
  { stationId, evse, claimedAt, receivedAt }: Update,
): Promise<MeteredTransaction | undefined> {
  if (evse === undefined) return undefined
  const found = await transactionHolding(node, tx, { stationId, evse, claimedAt, receivedAt })
  if (found === undefined) return undefined
  const [metered] = await meteredTransactions(tx, [
    { stationId, transactionId: found.transactionId },
  ])
  return metered
}

type Moment = Pick<Update, 'stationId' | 'claimedAt' | 'receivedAt'> & { evse: { id: number } }

async function transactionHolding(
  node: ChargingNode,
  tx: Tx,
  { stationId, evse, claimedAt, receivedAt }: Moment,
): Promise<TransactionRow | undefined> {
  const open = (await openTransactions(tx, stationId)).findLast(
    (each) => each.ocppEvseId === evse.id,
  )
  const at = claimedAt ?? receivedAt
  if (open !== undefined && believedInstant(at, receivedAt, node.config, open) !== undefined)
    return open
  const covering = await transactionCovering(tx, stationId, evse.id, at)
  if (covering !== undefined || open === undefined) return covering
  // What waited in the charger's queue since before is not of the one that charges now.
  return isOfStart(at, receivedAt, node.config, open) ? open : undefined
}

/** What a transaction lacked at its begin, a driver or an EVSE, an update may bring; what it has, nobody changes. */
async function identify(
  node: ChargingNode,
  tx: Tx,
  found: MeteredTransaction,
  update: Update,
): Promise<Verdict | undefined> {
  const { transaction } = found
  const evse = transaction.ocppEvseId === null ? update.evse : undefined
  const idToken = transaction.idToken === null ? update.idToken : undefined
  const known = {
    ...transaction,
    ocppEvseId: transaction.ocppEvseId ?? evse?.id ?? null,
    ocppConnectorId: transaction.ocppConnectorId ?? evse?.connectorId ?? null,
    idToken: transaction.idToken ?? idToken?.value ?? null,
    idTokenType: transaction.idTokenType ?? idToken?.type ?? null,
  }
  const verdict = verdictTold(transaction, update)
  if (evse === undefined && idToken === undefined) return verdict
  const owner =
    transaction.origin === 'unknown' ? await ownerOf(node, tx, known, update) : undefined
  const identified = { ...known, ...(owner === undefined ? {} : ownedBy(owner)) }
  await identifyTransaction(tx, transaction.id, identified)
  await setEvseStatuses(tx, takenBy(identified, update.receivedAt))
  found.transaction = identified
  return owner?.verdict ?? verdict
}

const ownedBy = ({ sessionId, origin }: Owner) => ({ sessionId, origin })

/** Asked as if the start were told now, with all that is known of it. */
async function ownerOf(
  node: ChargingNode,
  tx: Tx,
  known: RunningTransaction,
  { receivedAt }: Update,
): Promise<Owner | undefined> {
  if (known.idToken === null) return undefined
  const [facts] = await startFacts(tx, [
    questionOf(node, {
      stationId: known.chargeStationId,
      transactionId: known.transactionId,
      claimedAt: undefined,
      receivedAt,
      readings: [],
      signed: [],
      idToken: { value: known.idToken },
      ...(known.ocppEvseId === null ? {} : { evse: { id: known.ocppEvseId } }),
    }),
  ])
  if (facts === undefined) return undefined
  known.ocppEvseId ??= facts.command?.ocppEvseId ?? null
  return attribute(tx, known, facts, receivedAt)
}

/** Only what is said at the time and in its order, of a transaction whose EVSE is known. */
function flowOf({
  transaction,
  chargingState: state,
  offline,
  seqNo,
  receivedAt: at,
}: MeteredTransaction & Update): FlowTold[] {
  const {
    chargeStationId: stationId,
    ocppEvseId,
    chargingState: before,
    seqNo: heard,
  } = transaction
  if (state === undefined || state === before || ocppEvseId === null) return []
  const isLive = offline !== true && (seqNo ?? 0) >= (heard ?? 0)
  return isLive ? [{ stationId, ocppEvseId, state, at }] : []
}

/** What was queued never moves the live state; without a number there is no order to go by. */
function progressOf({ transaction, ...told }: MeteredTransaction & Update) {
  if (told.seqNo === undefined) return []
  const isLive = told.offline !== true
  return [
    {
      id: transaction.id,
      seqNo: told.seqNo,
      chargingState: isLive ? (told.chargingState ?? null) : null,
      triggerReason: told.triggerReason ?? null,
    },
  ]
}

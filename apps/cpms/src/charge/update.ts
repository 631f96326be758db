import type { Tx } from '@chargelane/db'
import { setEvseStatuses } from '@chargelane/db/queries/chargers/chargers'
import {
  type MeteredTransaction,
  meteredTransactions,
  type RunningTransaction,
} from '@chargelane/db/queries/chargers/meter-values'
import {
  identifyTransaction,
  noteProgress,
  openTransactions,
  startFacts,
  type TransactionRow,
  transactionCovering,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { batched } from '../line/batch.ts'
import { believedInstant, isOfStart } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { attribute, type Owner, questionOf, takenBy, verdictOf } from './begin.ts'
import type { Update, Updated, Verdict } from './events.ts'
import { storeReadings } from './readings.ts'

/** Stores readings with the session they belong to. Bulk stays in Postgres: a session's workflow hears milestones only. */
export const updateTransaction = batched(updateTransactions, 500)

async function updateTransactions(node: ChargingNode, updates: Update[]): Promise<Updated[]> {
  return node.db.tx(async (tx) => {
    const named = await meteredTransactions(
      tx,
      updates.map(({ stationId, transactionId }) => ({
        stationId,
        transactionId: transactionId ?? null,
      })),
    )
    const meant: (MeteredTransaction | undefined)[] = []
    for (const [n, update] of updates.entries())
      meant.push(named[n] ?? (await transactionOfEvse(node, tx, update)))
    const verdicts: (Verdict | undefined)[] = []
    for (const [n, update] of updates.entries()) {
      const found = meant[n]
      verdicts.push(found === undefined ? undefined : await identify(tx, found, update))
    }
    const told = updates.flatMap((update, n) => {
      const found = meant[n]
      return found === undefined ? [] : [{ ...found, ...update }]
    })
    await storeReadings(node, tx, told)
    await noteProgress(tx, told.flatMap(progressOf))
    return updates.map((_, n) => {
      const verdict = verdicts[n]
      const sessionId = meant[n]?.transaction.sessionId ?? null
      return { sessionId, ...(verdict === undefined ? {} : { verdict }) }
    })
  })
}

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
  // A driver is owed an answer as often as he is named; whose the transaction is was decided the first time.
  const verdict = update.idToken === undefined ? undefined : verdictOf(transaction, 'invalid')
  if (evse === undefined && idToken === undefined) return verdict
  const owner = transaction.origin === 'unknown' ? await ownerOf(tx, known, update) : undefined
  const identified = { ...known, ...(owner === undefined ? {} : ownedBy(owner)) }
  await identifyTransaction(tx, transaction.id, identified)
  await setEvseStatuses(tx, takenBy(identified, update.receivedAt))
  found.transaction = identified
  return owner?.verdict ?? verdict
}

const ownedBy = ({ sessionId, origin }: Owner) => ({ sessionId, origin })

/** Asked as if the start were told now, with all that is known of it. */
async function ownerOf(
  tx: Tx,
  known: RunningTransaction,
  { receivedAt }: Update,
): Promise<Owner | undefined> {
  if (known.idToken === null) return undefined
  const [facts] = await startFacts(tx, [
    questionOf({
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

import { startKey } from '@chargelane/db/sealed'
import type { Tx } from '@chargelane/db'
import { setEvseStatuses } from '@chargelane/db/queries/chargers/chargers'
import {
  meteredTransactions,
  type RunningTransaction,
} from '@chargelane/db/queries/chargers/meter-values'
import {
  insertTransactions,
  type StartFacts,
  startFacts,
  type StartQuestion,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { takeStart } from '@chargelane/corridor/supply/inbox'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { compareExact, exact } from '@chargelane/rules/exact'
import { allOf, batched } from '../line/batch.ts'
import { isLate, startInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import { tellOfClock } from './aside.ts'
import { endOlder } from './end.ts'
import type { Begun, Reading, Start, Verdict } from './events.ts'
import { storeReadings } from './readings.ts'

/** Committed before the charger hears its answer: one that got none sends again, and finds what was done. */
export const beginTransaction = batched(beginTransactions, 200)

async function beginTransactions(node: ChargingNode, starts: Start[]): Promise<Begun[]> {
  return node.db.tx(async (tx) => {
    const facts = await startFacts(
      tx,
      starts.map((start) => questionOf(node, start)),
    )
    const begins = await allOf(
      starts.flatMap((start, n) => {
        const found = facts[n]
        return found === undefined ? [] : [beginOf(node, tx, start, found)]
      }),
    )
    await keepBegins(
      node,
      tx,
      begins.filter((each) => !each.isKnown),
    )
    return begins.map(answerOf)
  })
}

interface Begin {
  start: Start
  transaction: TransactionRow
  /** Told before. */
  isKnown: boolean
  verdict: Verdict
}

export const questionOf = (node: ChargingNode, start: Start): StartQuestion => ({
  stationId: start.stationId,
  startKey: startKeyOf(node, start),
  idToken: start.idToken?.value ?? '',
  ocppEvseId: start.evse?.id ?? null,
})

/**
 * A charger that names its transactions repeats the name; one that does not repeats what it said. A clock that was never
 * set tells every start apart from none: then the receipt does.
 */
function startKeyOf({ config }: ChargingNode, start: Start): string {
  const { evse, idToken, claimedAt, receivedAt } = start
  const isSet = startInstant(claimedAt, receivedAt, config).offsetMs === 0
  const at = isSet ? (claimedAt ?? receivedAt) : receivedAt
  return (
    start.transactionId ??
    startKey([evse?.id, idToken?.value, at, openingOf(start)?.registerWh].join(' '))
  )
}

const openingOf = ({ readings }: Start): Reading | undefined =>
  readings.find(
    ({ context, registerWh }) => context === 'Transaction.Begin' && registerWh !== undefined,
  )

async function beginOf(node: ChargingNode, tx: Tx, start: Start, told: StartFacts): Promise<Begin> {
  const facts = { ...told, command: told.command ?? pendingOf(start, told) }
  const known = facts.known ?? (await sameStart(tx, start, facts))
  if (known !== null)
    return { start, transaction: known, isKnown: true, verdict: verdictOf(known, 'invalid') }
  const { startedAt, offsetMs } = startInstant(start.claimedAt, start.receivedAt, node.config, {
    sentAt: facts.command?.sentAt,
    askedAt: start.askedAt,
  })
  const fresh: TransactionRow = {
    id: facts.nextId,
    chargeStationId: start.stationId,
    transactionId: start.transactionId ?? String(facts.nextId),
    startKey: startKeyOf(node, start),
    // A charger that does not say where charges where it was told to.
    ocppEvseId: start.evse?.id ?? facts.command?.ocppEvseId ?? null,
    ocppConnectorId: start.evse?.connectorId ?? null,
    idToken: start.idToken?.value ?? null,
    idTokenType: start.idToken?.type ?? null,
    sessionId: newId('session'),
    origin: 'unknown',
    meterStartWh: openingOf(start)?.registerWh ?? null,
    startedAt,
    claimedStartedAt: start.claimedAt ?? start.receivedAt,
    chargingState: start.chargingState ?? null,
    chargingStateAt: null,
    triggerReason: start.triggerReason ?? null,
    seqNo: start.seqNo ?? null,
    clockOffsetMs: offsetMs,
    meterStopWh: null,
    stoppedAt: null,
    stopReason: null,
    inferred: false,
    review: null,
    offline: start.offline === true || isLate(startedAt, start.receivedAt),
    createdAt: start.receivedAt,
  }
  const { verdict, ...owner } = await attribute(tx, fresh, facts, start.receivedAt)
  // An EVSE has one transaction: what began anew there has ended the one before, whether or not that is told.
  if (verdict === 'accepted' && facts.open !== null && facts.open.startedAt <= startedAt)
    await endOlder(node, tx, facts.open, startedAt)
  return { start, transaction: { ...fresh, ...owner }, isKnown: false, verdict }
}

/**
 * A charger that was told to start and shows a credential of its own answers the one command that waits there. What a
 * driver showed us before is no charger's own, and a card has its own account.
 */
function pendingOf(start: Start, { card, pending }: StartFacts): StartFacts['command'] {
  const isOwn = start.idToken !== undefined && start.askedAt === undefined && card === null
  return isOwn && start.offline !== true ? pending : null
}

/**
 * The same start told with a clock set meanwhile; another start of one session or of one card is not. Nor is one where a
 * register has risen since: that charger has heard our answer, and its meter begins anew with each charge.
 */
async function sameStart(
  tx: Tx,
  start: Start,
  { first, open }: StartFacts,
): Promise<TransactionRow | null> {
  const opening = openingOf(start)?.registerWh
  if (start.transactionId !== undefined || opening === undefined) return null
  const isOpening = (registerWh: string | null | undefined) =>
    registerWh != null && compareExact(exact(registerWh), exact(opening)) === 0
  const same = [first, open].find(
    (known) =>
      known?.stoppedAt === null &&
      known.ocppEvseId === start.evse?.id &&
      known.idToken === start.idToken?.value &&
      isOpening(known.meterStartWh),
  )
  // What answers a command is the command's, however often it begins.
  if (same == null || same.origin === 'command') return same ?? null
  const { chargeStationId: stationId, transactionId } = same
  const [metered] = await meteredTransactions(tx, [{ stationId, transactionId }])
  const last = metered?.last?.registerWh
  return last === undefined || isOpening(last) ? same : null
}

export type Owner = Pick<TransactionRow, 'sessionId' | 'origin'> & { verdict: Verdict }

/** Whose start it is: of a command we sent, whatever became of it (failures F04), else what the house says of the card. */
export async function attribute(
  tx: Tx,
  transaction: RunningTransaction,
  { channel, command, first, evseId, card }: StartFacts,
  at: string,
): Promise<Owner> {
  const { idToken, sessionId, transactionId: supplyRef, startedAt, offline } = transaction
  const nobodys = (verdict: Verdict): Owner => ({ sessionId, origin: 'unknown', verdict })
  if (idToken === null || channel === null) return nobodys('invalid')
  if (idToken === '' && command === null) return nobodys('invalid')
  if (first !== null) return nobodys('concurrent')
  // A command is for an EVSE of ours; energy from anywhere else could not be billed.
  if (evseId === null) return nobodys('invalid')
  const taken = await takeStart(tx, {
    channel,
    clues: {
      sessionId: command?.sessionId,
      tokenUid: idToken,
      place: { evseId },
      supplyRef,
      startedAt,
    },
    asksLeave: true,
    hasFlowed: offline,
    card,
    at,
  })
  switch (taken.kind) {
    case 'started':
    case 'again':
      return { sessionId: taken.sessionId, origin: 'command', verdict: 'accepted' }
    case 'adopted':
      return { sessionId: taken.sessionId, origin: 'token', verdict: 'accepted' }
    case 'nobodys':
      return nobodys(taken.because === 'token_blocked' ? 'blocked' : 'invalid')
    default:
      return taken satisfies never
  }
}

/** What a start leaves behind, sent in one go: none of it needs the other's answer. */
async function keepBegins(node: ChargingNode, tx: Tx, begins: readonly Begin[]): Promise<void> {
  if (begins.length === 0) return
  const transactions = begins.map(({ transaction }) => transaction)
  const told = begins.map(({ start: { readings, signed, receivedAt }, transaction }) => ({
    transaction,
    maxPowerW: null,
    last: null,
    readings,
    signed,
    receivedAt,
  }))
  const taken = transactions.flatMap((each) => takenBy(each, each.createdAt))
  await allOf([
    insertTransactions(tx, transactions),
    storeReadings(node, tx, told),
    setEvseStatuses(tx, taken),
    ...transactions.map((each) => tellOfClock(tx, each)),
  ])
}

/** The EVSE is taken from now, for who would buy there. */
export function takenBy({ chargeStationId, ocppEvseId, origin }: RunningTransaction, at: string) {
  return origin === 'unknown' || ocppEvseId === null
    ? []
    : [{ stationId: chargeStationId, ocppEvseId, status: 'CHARGING' as const, at, isOfIdle: false }]
}

function answerOf({ transaction, verdict }: Begin): Begun {
  return {
    transactionId: transaction.transactionId,
    sessionId: transaction.origin === 'unknown' ? null : transaction.sessionId,
    verdict,
  }
}

export const verdictOf = ({ origin }: RunningTransaction, otherwise: Verdict): Verdict =>
  origin === 'unknown' ? otherwise : 'accepted'

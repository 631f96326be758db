import type { Tx } from '@chargelane/db'
import {
  type CardStanding,
  cardStandings,
  setEvseStatuses,
} from '@chargelane/db/queries/chargers/chargers'
import { insertMeterValues, keepSignedValues } from '@chargelane/db/queries/chargers/meter-values'
import {
  insertTransactions,
  type StartFacts,
  startFacts,
  type StartQuestion,
  type TransactionRow,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { compareExact, exact } from '@chargelane/rules/exact'
import { batched } from '../line/batch.ts'
import { startInstant } from '../line/clock.ts'
import type { ChargingNode } from '../node.ts'
import type { Begun, Reading, Start, Verdict } from './events.ts'
import { meterRow, storeReadings } from './readings.ts'

/** Committed before the charger hears its answer: one that got none sends again, and finds what was done. */
export const beginTransaction = batched(beginTransactions, 100)

async function beginTransactions(node: ChargingNode, starts: Start[]): Promise<Begun[]> {
  return node.db.tx(async (tx) => {
    const questions = starts.map(questionOf)
    const facts = await startFacts(tx, questions)
    const cards = await cardsAskedFor(tx, questions, facts)
    const begins = starts.flatMap((start, n) => {
      const found = facts[n]
      return found === undefined ? [] : [beginOf(node, start, found, cards)]
    })
    await keepBegins(node, tx, begins)
    return begins.map(({ transaction, attribution }) =>
      answerOf(transaction, attribution.kind === 'unknown' ? attribution.verdict : 'invalid'),
    )
  })
}

interface Begin {
  start: Start
  transaction: TransactionRow
  attribution: Attribution
}

export type Attribution =
  | { kind: 'command'; sessionId: string; sentAt: string }
  | { kind: 'token'; unsolicited: { accountId: string; evseId: string; tokenUid: string } }
  | { kind: 'unknown'; verdict: Verdict }
  | { kind: 'resent'; transaction: TransactionRow }

export const questionOf = (start: Start): StartQuestion => ({
  stationId: start.stationId,
  startKey: startKeyOf(start),
  idToken: start.idToken?.value ?? '',
  ocppEvseId: start.evse?.id ?? null,
})

/** A charger that names its transactions repeats the name; one that does not repeats what it said. */
function startKeyOf(start: Start): string {
  const { evse, idToken, claimedAt, receivedAt } = start
  return (
    start.transactionId ??
    [evse?.id, idToken?.value, claimedAt ?? receivedAt, openingOf(start)?.registerWh].join(' ')
  )
}

const openingOf = ({ readings }: Start): Reading | undefined =>
  readings.find(
    ({ context, registerWh }) => context === 'Transaction.Begin' && registerWh !== undefined,
  )

/** Only a start that no command explains needs its card looked up. */
export function cardsAskedFor(
  tx: Tx,
  questions: readonly StartQuestion[],
  facts: readonly StartFacts[],
): Promise<Map<string, CardStanding>> {
  const unexplained = questions.filter(({ idToken }, n) => {
    const found = facts[n]
    return idToken !== '' && found?.known === null && found.command === null
  })
  return cardStandings(tx, [...new Set(unexplained.map((each) => each.idToken))])
}

function beginOf(
  node: ChargingNode,
  start: Start,
  facts: StartFacts,
  cards: ReadonlyMap<string, CardStanding>,
): Begin {
  const attribution: Attribution =
    facts.known === null
      ? attributionOf(start, facts, cards)
      : { kind: 'resent', transaction: facts.known }
  if (attribution.kind === 'resent')
    return { start, transaction: attribution.transaction, attribution }
  const { startedAt, offsetMs } = startInstant(
    start.claimedAt,
    start.receivedAt,
    node.config,
    attribution.kind === 'command' ? attribution.sentAt : undefined,
  )
  const transaction: TransactionRow = {
    id: facts.nextId,
    chargeStationId: start.stationId,
    transactionId: start.transactionId ?? String(facts.nextId),
    startKey: startKeyOf(start),
    ocppEvseId: start.evse?.id ?? null,
    ocppConnectorId: start.evse?.connectorId ?? null,
    idToken: start.idToken?.value ?? null,
    idTokenType: start.idToken?.type ?? null,
    sessionId: attribution.kind === 'command' ? attribution.sessionId : newId('session'),
    origin: attribution.kind,
    meterStartWh: openingOf(start)?.registerWh ?? null,
    startedAt,
    claimedStartedAt: start.claimedAt ?? start.receivedAt,
    chargingState: start.chargingState ?? null,
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
  return { start, transaction, attribution }
}

/** Whose start it is: of a command we sent, whatever became of it (failures F04), of a card we know, or nobody's. */
export function attributionOf(
  start: Start,
  { command, first, evseId }: StartFacts,
  cards: ReadonlyMap<string, CardStanding>,
): Attribution {
  const idToken = start.idToken?.value ?? ''
  if (idToken === '') return { kind: 'unknown', verdict: 'invalid' }
  if (command !== null) {
    if (first === null) return { kind: 'command', ...command }
    // The same start told with a clock set meanwhile; a second start of one session is not.
    return isToldAgain(start, first)
      ? { kind: 'resent', transaction: first }
      : { kind: 'unknown', verdict: 'concurrent' }
  }
  const card = cards.get(idToken)
  if (card?.mayCharge !== true || evseId === null)
    return { kind: 'unknown', verdict: card?.blocked === true ? 'blocked' : 'invalid' }
  return {
    kind: 'token',
    unsolicited: { accountId: card.accountId, evseId, tokenUid: card.uid },
  }
}

function isToldAgain(start: Start, first: TransactionRow): boolean {
  const opening = openingOf(start)?.registerWh
  return (
    start.transactionId === undefined &&
    first.stoppedAt === null &&
    first.ocppEvseId === start.evse?.id &&
    first.meterStartWh !== null &&
    opening !== undefined &&
    compareExact(exact(first.meterStartWh), exact(opening)) === 0
  )
}

async function keepBegins(node: ChargingNode, tx: Tx, begins: readonly Begin[]): Promise<void> {
  const fresh = begins.filter(({ attribution }) => attribution.kind !== 'resent')
  await insertTransactions(
    tx,
    fresh.map(({ transaction }) => transaction),
  )
  await insertMeterValues(
    tx,
    fresh.flatMap(({ start, transaction }) => {
      const opening = openingOf(start)
      const { startedAt: at } = transaction
      return opening === undefined
        ? []
        : [meterRow(transaction, { ...opening, at, flag: null, receivedAt: start.receivedAt })]
    }),
  )
  await storeReadings(
    node,
    tx,
    fresh.map(({ start, transaction }) => ({
      transaction,
      maxPowerW: null,
      last: null,
      readings: start.readings.filter((each) => each !== openingOf(start)),
      receivedAt: start.receivedAt,
    })),
  )
  await keepSignedValues(
    tx,
    fresh.flatMap(({ start, transaction: { sessionId } }) =>
      start.signed.map((value) => ({ sessionId, value, receivedAt: start.receivedAt })),
    ),
  )
  for (const { start, transaction, attribution } of fresh)
    await tellStart(tx, transaction, attribution, start.receivedAt)
}

/** The session hears that it charges, and its EVSE is taken from now. */
export async function tellStart(
  tx: Tx,
  transaction: TransactionRow,
  attribution: Attribution,
  at: string,
): Promise<void> {
  if (attribution.kind !== 'command' && attribution.kind !== 'token') return
  await recordSupplyEvent(tx, transaction.sessionId, `ocpp:${transaction.id}:started`, {
    kind: 'charging_started',
    at,
    startedAt: transaction.startedAt,
    supplyRef: transaction.transactionId,
    ...(attribution.kind === 'token' ? { unsolicited: attribution.unsolicited } : {}),
  })
  const { chargeStationId: stationId, ocppEvseId } = transaction
  if (ocppEvseId !== null)
    await setEvseStatuses(tx, [{ stationId, ocppEvseId, status: 'CHARGING', at }])
}

function answerOf(transaction: TransactionRow, otherwise: Verdict): Begun {
  const owned = transaction.origin !== 'unknown'
  return {
    transactionId: transaction.transactionId,
    sessionId: owned ? transaction.sessionId : null,
    verdict: owned ? 'accepted' : otherwise,
  }
}

/** A minute of delay is no longer the network: the message waited in the charger's queue. */
export function isLate(at: string, receivedAt: string): boolean {
  return Date.parse(receivedAt) - Date.parse(at) > 60_000
}

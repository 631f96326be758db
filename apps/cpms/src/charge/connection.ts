import { cardKey } from '@chargelane/db/sealed'
import { chargerOfEvse, evseOfStation } from '@chargelane/db/queries/chargers/chargers'
import type { ChargerOfEvse } from '@chargelane/db/queries/chargers/chargers'
import {
  type CommandRow,
  insertNodeCommand,
  lastCommand,
  settleNodeCommand,
} from '@chargelane/db/queries/chargers/commands'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import {
  type TransactionRow,
  transactionOfSession,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type {
  Connection,
  ProbeOutcome,
  StartInput,
  StartOutcome,
  StopOutcome,
  SupplyState,
  UnlockOutcome,
} from '@chargelane/corridor/supply/connection'
import { whyTaken } from '@chargelane/rules/quote/may-start'
import { endReasonOf } from './end-reasons.ts'
import type { EvseRef, IdToken } from './events.ts'
import { type ChargingNode, nowIso } from '../node.ts'
import type { CallOutcome, Station } from '../line/station.ts'

// The port every charger connection implements, for chargers whose socket this process holds.

/** What an OCPP version does when told to start or stop; the activities know no version. */
export interface Remote {
  /** The credential as this version can show it. */
  idTokenOf(tokenUid: string): IdToken
  start(
    station: Station,
    input: { evse: EvseRef; idToken: IdToken; sessionId: string },
  ): Promise<RemoteOutcome>
  stop(
    station: Station,
    input: { transactionId: string; sessionId: string },
  ): Promise<RemoteOutcome>
  unlock(station: Station, input: { evse: EvseRef; sessionId: string }): Promise<RemoteOutcome>
}
export type RemoteOutcome =
  | { kind: 'accepted' }
  | { kind: 'rejected'; detail: string }
  | { kind: 'timeout' }
  | { kind: 'unreachable'; detail: string }

export function createConnection(
  node: ChargingNode,
  stations: { station(id: string): Station | undefined },
  remoteOf: (station: Station) => Remote | undefined,
): Connection {
  const held = (charger: ChargerOfEvse | undefined): Station | undefined => {
    const station = charger === undefined ? undefined : stations.station(charger.chargeStationId)
    return station?.connected === true ? station : undefined
  }
  return {
    async probe({ evseId }): Promise<ProbeOutcome> {
      const charger = await chargerOfEvse(node.db, evseId)
      const station = held(charger)
      if (charger === undefined || station === undefined) return unreachable(charger)
      if (!(await station.isAlive(4_000)))
        return { kind: 'unreachable', detail: `${charger.identity} does not answer` }
      const reason = whyTaken(charger.status)
      return reason === undefined
        ? { kind: 'reachable' }
        : { kind: 'unavailable', reason, detail: `the EVSE is ${charger.status}` }
    },

    async start(input): Promise<StartOutcome> {
      const [transaction, command, charger] = await Promise.all([
        transactionOfSession(node.db, input.sessionId),
        lastCommand(node.db, input.sessionId, 'start'),
        chargerOfEvse(node.db, input.evseId),
      ])
      const before = transaction === undefined ? outcomeOf(command) : accepted
      if (before !== undefined) return before
      const station = held(charger)
      const remote = station === undefined ? undefined : remoteOf(station)
      if (charger === undefined || station === undefined || remote === undefined)
        return unreachable(charger)
      return sendStart(node, remote, station, { charger, command, input })
    },

    async stop({ sessionId }): Promise<StopOutcome> {
      const transaction = await transactionOfSession(node.db, sessionId)
      if (transaction === undefined) return { kind: 'unknown_session' }
      // A session that has ended is as stopped as it can be.
      if (transaction.stoppedAt !== null) return { kind: 'accepted' }
      const station = stations.station(transaction.chargeStationId)
      const remote = station === undefined ? undefined : remoteOf(station)
      if (station === undefined || remote === undefined || !station.connected)
        return { kind: 'unreachable', detail: 'the charger is not connected' }
      return sendStop(node, remote, station, transaction)
    },

    async unlock({ sessionId, evseId }): Promise<UnlockOutcome> {
      const charger = await chargerOfEvse(node.db, evseId)
      const station = held(charger)
      const remote = station === undefined ? undefined : remoteOf(station)
      if (charger === undefined || station === undefined || remote === undefined)
        return unreachable(charger)
      return sendUnlock(remote, station, charger, sessionId)
    },

    async lookup({ sessionId }): Promise<SupplyState> {
      const transaction = await transactionOfSession(node.db, sessionId)
      if (transaction !== undefined) return stateOf(transaction)
      const sent = (await lastCommand(node.db, sessionId, 'start'))?.detail
      if (sent == null || !('chargeStationId' in sent)) return { kind: 'none' }
      const connected = stations.station(sent.chargeStationId)?.connected === true
      return connected
        ? { kind: 'none' }
        : { kind: 'unreachable', detail: 'the charger is not connected' }
    },

    async fetchRecord({ sessionId }) {
      const record = (await cdrsOfSession(node.db, sessionId)).find((cdr) => cdr.source === 'node')
      return record === undefined ? null : { cdrId: record.id }
    },
  }
}

function unreachable(charger: ChargerOfEvse | undefined): { kind: 'unreachable'; detail: string } {
  return {
    kind: 'unreachable',
    detail:
      charger === undefined
        ? 'no charger of this node serves the EVSE'
        : `${charger.identity} is not connected`,
  }
}

const accepted = { kind: 'accepted' } as const

/** A repeated activity finds what the first one did; only a command nobody answered is sent again. */
function outcomeOf(command: CommandRow | undefined): StartOutcome | undefined {
  if (command === undefined) return undefined
  switch (command.state) {
    case 'accepted':
      return accepted
    case 'rejected':
      return { kind: 'rejected', reason: 'cpo_policy', detail: 'the charger refused' }
    case 'timeout':
      return { kind: 'rejected', reason: 'timeout', detail: 'the charger did not answer in time' }
    case 'failed':
    case 'sent':
      return undefined
    default:
      return command.state satisfies never
  }
}

async function sendStart(
  node: ChargingNode,
  remote: Remote,
  station: Station,
  {
    charger,
    command,
    input,
  }: { charger: ChargerOfEvse; command: CommandRow | undefined; input: StartInput },
): Promise<StartOutcome> {
  const { sessionId } = input
  const { chargeStationId, ocppEvseId } = charger
  const idToken = remote.idTokenOf(input.tokenUid)
  const isResend = command?.state === 'sent'
  const plugged = station.evses.get(ocppEvseId)?.plugged
  // On record before it is sent: a start that overtakes the answer finds its session.
  const id = await insertNodeCommand(node.db, {
    sessionId,
    connectionId: charger.connectionId,
    kind: 'start',
    command: { chargeStationId, ocppEvseId, tokenKey: cardKey(idToken.value) },
    at: nowIso(),
  })
  const outcome = await remote.start(station, { evse: { id: ocppEvseId }, idToken, sessionId })
  switch (outcome.kind) {
    case 'accepted':
      if (plugged === false) await awaitPlug(node, sessionId, id)
      else await settleNodeCommand(node.db, id, 'accepted', nowIso())
      return accepted
    case 'rejected':
      // The first command may have been taken and this second one refused because of it: the charger will start,
      // or the session's own deadline for an unconfirmed start ends the wait.
      await settleNodeCommand(node.db, id, isResend ? 'accepted' : 'rejected', nowIso())
      if (isResend) return accepted
      return { kind: 'rejected', reason: 'cpo_policy', detail: outcome.detail }
    case 'timeout':
      await settleNodeCommand(node.db, id, 'timeout', nowIso())
      return { kind: 'rejected', reason: 'timeout', detail: 'the charger did not answer in time' }
    case 'unreachable':
      await settleNodeCommand(node.db, id, 'failed', nowIso())
      return outcome
    default:
      return outcome satisfies never
  }
}

/** The charger has taken the command and waits for the driver, which the session is told. */
function awaitPlug(node: ChargingNode, sessionId: string, commandId: string): Promise<void> {
  return node.db.tx(async (tx) => {
    const at = nowIso()
    await settleNodeCommand(tx, commandId, 'accepted', at)
    await recordSupplyEvent(tx, sessionId, `${sessionId}:plug`, { kind: 'plug_awaited', at })
  })
}

async function sendUnlock(
  remote: Remote,
  station: Station,
  { ocppEvseId: id }: ChargerOfEvse,
  sessionId: string,
): Promise<UnlockOutcome> {
  const outcome = await remote.unlock(station, { evse: { id }, sessionId })
  if (outcome.kind !== 'timeout') return outcome
  return { kind: 'unreachable', detail: 'the charger did not answer in time' }
}

async function sendStop(
  node: ChargingNode,
  remote: Remote,
  station: Station,
  transaction: TransactionRow,
): Promise<StopOutcome> {
  const { chargeStationId, ocppEvseId, transactionId, idToken } = transaction
  const connectionId =
    (await lastCommand(node.db, transaction.sessionId, 'start'))?.connectionId ??
    (await connectionOf(node, transaction))
  const id =
    connectionId === undefined || ocppEvseId === null
      ? undefined
      : await insertNodeCommand(node.db, {
          sessionId: transaction.sessionId,
          connectionId,
          kind: 'stop',
          command: { chargeStationId, ocppEvseId, tokenKey: cardKey(idToken ?? '') },
          at: nowIso(),
        })
  const outcome = await remote.stop(station, {
    transactionId,
    sessionId: transaction.sessionId,
  })
  const state = (
    {
      accepted: 'accepted',
      rejected: 'rejected',
      timeout: 'timeout',
      unreachable: 'failed',
    } as const
  )[outcome.kind]
  if (id !== undefined) await settleNodeCommand(node.db, id, state, nowIso())
  if (outcome.kind === 'timeout')
    return { kind: 'unreachable', detail: 'the charger did not answer in time' }
  return outcome
}

async function connectionOf(
  node: ChargingNode,
  transaction: TransactionRow,
): Promise<string | undefined> {
  const { chargeStationId, ocppEvseId } = transaction
  if (ocppEvseId === null) return undefined
  return (await evseOfStation(node.db, chargeStationId, ocppEvseId))?.connectionId
}

function stateOf(transaction: TransactionRow): SupplyState {
  const { startedAt, stoppedAt, transactionId: supplyRef } = transaction
  if (stoppedAt === null) return { kind: 'charging', startedAt, supplyRef }
  const reason = endReasonOf(transaction.stopReason)
  return { kind: 'ended', startedAt, endedAt: stoppedAt, supplyRef, reason }
}

export const remoteOutcome = (
  outcome: CallOutcome,
  statusOf: (payload: unknown) => string,
): RemoteOutcome => {
  switch (outcome.kind) {
    case 'answered': {
      const status = statusOf(outcome.payload)
      return status === 'Accepted'
        ? { kind: 'accepted' }
        : { kind: 'rejected', detail: `the charger answered ${status}` }
    }
    case 'refused':
      return { kind: 'rejected', detail: `${outcome.code} ${outcome.description}`.trim() }
    case 'timeout':
    case 'unreachable':
      return outcome
    default:
      return outcome satisfies never
  }
}

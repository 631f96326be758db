// The connection port over OCPI: what the session workflow asks of any charger, answered by a CPO.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { roamingCharger, supplyOfSession } from '@chargelane/db/queries/roaming/ocpi'
import {
  supplySessionOf,
  type SupplySessionRow,
} from '@chargelane/db/queries/sessions/supply-sessions'
import type {
  Connection,
  ProbeOutcome,
  StartInput,
  StartOutcome,
  StopOutcome,
  SupplyState,
  UnlockInput,
  UnlockOutcome,
} from '@chargelane/corridor/supply/connection'
import { whyTaken } from '@chargelane/rules/quote/may-start'
import { pullCdrs } from './modules/cdrs.ts'
import { PeerError } from '../link/client.ts'
import { sendCommand } from './modules/commands.ts'
import { recordCall, whyClosed } from '../link/health.ts'
import type { Roaming } from '../link/server.ts'
import { pullSessions } from './modules/sessions.ts'
import { sessionToken } from './modules/tokens.ts'
import { editionOf, peerOf } from './modules/versions.ts'

/** Two tries fit into the 5 s the port allows; a kept connection may have died unnoticed. */
const probeMs = 2_000
/** A session may be pulled with objects dated a little before we knew of it. */
const lookBackMs = 10 * 60_000

export function createOcpiConnection(roaming: Roaming): Connection {
  return {
    probe: ({ evseId }) => probe(roaming, evseId),
    start: (input) => start(roaming, input),
    stop: ({ sessionId }) => stop(roaming, sessionId),
    unlock: (input) => unlock(roaming, input),
    lookup: ({ sessionId }) => lookup(roaming, sessionId),
    fetchRecord: ({ sessionId }) => fetchRecord(roaming, sessionId),
  }
}

async function probe(roaming: Roaming, evseId: string): Promise<ProbeOutcome> {
  const charger = await requireCharger(roaming, evseId)
  const { connection, status } = charger
  const closed = whyClosed(connection, roaming.now())
  if (closed !== undefined) return { kind: 'unreachable', detail: closed }
  const reason = whyTaken(status)
  if (reason !== undefined) return { kind: 'unavailable', reason, detail: `EVSE is ${status}` }
  return ask(roaming, connection)
}

async function ask(roaming: Roaming, connection: ConnectionRow): Promise<ProbeOutcome> {
  const { versionsUrl } = connection
  if (versionsUrl === null) return { kind: 'unreachable', detail: 'the connection has no address' }
  try {
    await recordCall(roaming, connection, () =>
      roaming.client.call(peerOf(connection), {
        method: 'GET',
        url: new URL(versionsUrl),
        module: 'versions',
        timeoutMs: probeMs,
        attempts: 2,
      }),
    )
    return { kind: 'reachable' }
  } catch (error) {
    if (!(error instanceof PeerError)) throw error
    return { kind: 'unreachable', detail: error.message }
  }
}

async function requireCharger(roaming: Roaming, evseId: string) {
  const charger = await roamingCharger(roaming.db, evseId)
  if (charger === undefined) throw new Error(`no EVSE ${evseId}`)
  if (charger.connection.protocol !== 'ocpi') {
    throw new Error(`EVSE ${evseId} is not reached over OCPI`)
  }
  return charger
}

async function start(roaming: Roaming, input: StartInput): Promise<StartOutcome> {
  const charger = await requireCharger(roaming, input.evseId)
  const { connection, capabilities, locationId, evseUid, connectors } = charger
  const closed = whyClosed(connection, roaming.now())
  const needsConnector =
    capabilities.includes('START_SESSION_CONNECTOR_REQUIRED') || connectors.length > 1
  const plug = needsConnector ? connectors.find(({ id }) => id === input.connectorId) : undefined
  const at = roaming.now().toISOString()
  const outcome = await sendCommand(roaming, {
    connection,
    closed,
    sessionId: input.sessionId,
    kind: 'start',
    body: (write, responseUrl) =>
      write.start({
        responseUrl,
        token: sessionToken(roaming, { tokenUid: input.tokenUid, at, isValid: true }),
        locationId,
        evseUid,
        connectorId: plug?.ocpiId,
        reference: input.sessionId,
      }),
  })
  // Perhaps it got the command: the session is awaited and pulled for as after an accepted one (failures F03).
  if (outcome.kind === 'accepted' || outcome.kind === 'ambiguous') return { kind: 'accepted' }
  if (outcome.kind === 'unreachable') return { kind: 'unreachable', detail: outcome.detail }
  return { kind: 'rejected', reason: outcome.reason, detail: outcome.detail || outcome.result }
}

async function stop(roaming: Roaming, sessionId: string): Promise<StopOutcome> {
  const { connection, supplyRef: known } = await requireSupply(roaming, sessionId)
  const closed = whyClosed(connection, roaming.now())
  if (closed !== undefined) return { kind: 'unreachable', detail: closed }
  let supplyRef = known
  if (supplyRef === null) {
    const state = await lookup(roaming, sessionId)
    if (state.kind === 'unreachable') return state
    supplyRef = (await requireSupply(roaming, sessionId)).supplyRef
  }
  if (supplyRef === null) return { kind: 'unknown_session' }
  const named = { supplyRef }
  const outcome = await sendCommand(roaming, {
    connection,
    closed,
    sessionId,
    kind: 'stop',
    body: (write, responseUrl) => write.stop({ responseUrl, ...named }),
  })
  if (outcome.kind === 'accepted') return { kind: 'accepted' }
  if (outcome.kind !== 'rejected') return { kind: 'unreachable', detail: outcome.detail }
  if (outcome.result === 'UNKNOWN_SESSION') return { kind: 'unknown_session' }
  return { kind: 'rejected', detail: outcome.detail || outcome.result }
}

async function unlock(roaming: Roaming, input: UnlockInput): Promise<UnlockOutcome> {
  const charger = await requireCharger(roaming, input.evseId)
  const { connection, locationId, evseUid, connectors, capabilities } = charger
  const plug = connectors.find(({ id }) => id === input.connectorId)
  // OCPI 2.2.1 §8.4.3: an EVSE says by its capabilities whether a connector can be unlocked from afar.
  if (plug === undefined || !capabilities.includes('UNLOCK_CAPABLE'))
    return { kind: 'rejected', detail: 'the EVSE cannot be unlocked from afar' }
  const outcome = await sendCommand(roaming, {
    connection,
    closed: whyClosed(connection, roaming.now()),
    sessionId: input.sessionId,
    kind: 'unlock',
    body: (write, responseUrl) =>
      write.unlock({ responseUrl, locationId, evseUid, connectorId: plug.ocpiId }),
  })
  if (outcome.kind === 'accepted') return { kind: 'accepted' }
  if (outcome.kind !== 'rejected') return { kind: 'unreachable', detail: outcome.detail }
  return { kind: 'rejected', detail: outcome.detail || outcome.result }
}

async function requireSupply(roaming: Roaming, sessionId: string) {
  const supply = await supplyOfSession(roaming.db, sessionId)
  if (supply === undefined) throw new Error(`no session ${sessionId}`)
  const { connection, openedAt, supplyRef } = supply
  const from = new Date(Date.parse(openedAt) - lookBackMs).toISOString()
  return { connection, supplyRef, from }
}

/** Pulls the peer's sessions since ours was made; what it has to say about it is told as facts besides. */
async function lookup(roaming: Roaming, sessionId: string): Promise<SupplyState> {
  const { connection, from } = await requireSupply(roaming, sessionId)
  const closed = whyClosed(connection, roaming.now())
  if (closed !== undefined) return { kind: 'unreachable', detail: closed }
  try {
    await pullSessions(roaming, connection, from, { sessionId, timeoutMs: 5_000 })
  } catch (error) {
    if (!(error instanceof PeerError)) throw error
    return { kind: 'unreachable', detail: error.message }
  }
  const found = await supplySessionOf(roaming.db, sessionId)
  return found === undefined ? { kind: 'none' } : stateOf(connection, found)
}

function stateOf(connection: ConnectionRow, { object, supplyRef }: SupplySessionRow): SupplyState {
  const { stage, clues, endedAt } = editionOf(connection).session(object, connection).told
  if (stage !== 'charging') return { kind: 'none' }
  const { startedAt } = clues
  if (endedAt === undefined) return { kind: 'charging', startedAt, supplyRef }
  return { kind: 'ended', startedAt, endedAt, supplyRef, reason: 'other' }
}

/** The record we hold, or the one the peer gives when asked. Throws `PeerError` when it does not answer. */
async function fetchRecord(roaming: Roaming, sessionId: string): Promise<{ cdrId: string } | null> {
  const held = await recordOf(roaming, sessionId)
  if (held !== null) return held
  const { connection, from } = await requireSupply(roaming, sessionId)
  const closed = whyClosed(connection, roaming.now())
  if (closed !== undefined) throw new PeerError('unreachable', closed, { sent: false })
  await pullCdrs(roaming, connection, from, { sessionId, timeoutMs: 10_000 })
  return recordOf(roaming, sessionId)
}

async function recordOf(roaming: Roaming, sessionId: string): Promise<{ cdrId: string } | null> {
  const records = await cdrsOfSession(roaming.db, sessionId)
  const record = records.find(({ source, status }) => source === 'ocpi' && status !== 'quarantined')
  return record === undefined ? null : { cdrId: record.id }
}

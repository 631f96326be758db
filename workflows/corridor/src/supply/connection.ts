import type { SupplyEvent } from '../contract.ts'
import type { EndReason, StartRejection } from '@chargelane/openapi/vocabulary/status'

/**
 * What any charger connection must be able to do. The session workflow knows only this; OCPP and OCPI live
 * behind it as Temporal activities on the connection's own task queue.
 *
 * Every method is idempotent per `sessionId`: a repeated `start` finds the earlier command and answers the
 * same. Outcomes are returned; only "the world did not answer" is thrown, as a retryable failure.
 */
export interface Connection {
  /** Cheap liveness before any hold is taken (failures F06). Answers within 5 s or counts as unreachable. */
  probe(input: ProbeInput): Promise<ProbeOutcome>
  /** Sends the start command. `accepted` means "will try": the start itself is a `charging_started` event. */
  start(input: StartInput): Promise<StartOutcome>
  stop(input: StopInput): Promise<StopOutcome>
  /** Frees the cable of a charge that no stop ends, where the charger can (failures F23). */
  unlock(input: UnlockInput): Promise<UnlockOutcome>
  /** What supply says now about this session; pulled when events are missing (failures F03, F22). */
  lookup(input: LookupInput): Promise<SupplyState>
  /** Pulls the session's record; stores it and returns its `cdr_…` id, or null when supply has none yet. */
  fetchRecord(input: LookupInput): Promise<{ cdrId: string } | null>
}

export interface ProbeInput {
  sessionId: string
  evseId: string
}
export type ProbeOutcome =
  | { kind: 'reachable' }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'unavailable'; reason: StartRejection; detail: string }

export interface StartInput {
  sessionId: string
  evseId: string
  /** `con_…` */
  connectorId: string
  /** Credential shown to supply; supply must echo it (OCPP idToken, OCPI token uid). */
  tokenUid: string
}
/** A command that was taken, and what supply told soon after it: the session hears both at once. */
export type Accepted = {
  kind: 'accepted'
  told?: readonly SupplyEvent[]
  /** So long the answer was kept back for it, in milliseconds. */
  keptMs?: number
}
export type StartOutcome =
  | Accepted
  | { kind: 'rejected'; reason: StartRejection; detail: string }
  | { kind: 'unreachable'; detail: string }

export interface StopInput {
  sessionId: string
}
export type StopOutcome =
  | Accepted
  | { kind: 'rejected'; detail: string }
  | { kind: 'unknown_session' }
  | { kind: 'unreachable'; detail: string }

export interface UnlockInput {
  sessionId: string
  evseId: string
  /** `con_…` */
  connectorId: string
}
export type UnlockOutcome = Exclude<StopOutcome, { kind: 'unknown_session' }>

export interface LookupInput {
  sessionId: string
}
export type SupplyState =
  | { kind: 'none' }
  | { kind: 'charging'; startedAt: string; supplyRef: string }
  | { kind: 'ended'; startedAt: string; endedAt: string; supplyRef: string; reason: EndReason }
  | { kind: 'unreachable'; detail: string }

/** Task queue of a connection: OCPI is shared by all roaming processes, a node's belongs to one process. */
export const roamingQueue = 'roaming'
export const nodeQueue = (nodeId: string) => `cpms:${nodeId}`

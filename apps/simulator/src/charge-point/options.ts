import type { LoggedFrame, Payload } from './link.ts'

export type ChargePointScenario =
  | 'normal'
  /** Refuses every remote start. */
  | 'reject_start'
  /** Accepts a remote start and never begins. */
  | 'no_start'
  /** Accepts a remote start and begins `lateStartMs` later, plugged or not. */
  | 'late_start'
  /** Begins, but no power ever flows. */
  | 'ghost'
  /** Loses the line `failAfterS` into the session for `offlineForMs`; charges on, queues, replays. */
  | 'offline_mid_session'
  /** Loses its power `failAfterS` into the session; boots `offlineForMs` later without memory of it. */
  | 'power_loss'
  /** Sends each StartTransaction twice: once more under its own message id, once under a new one. */
  | 'duplicate_start'
  /** Sends each StopTransaction twice. */
  | 'repeat_stop'

export interface ChargePointOptions {
  /** `ws://host:port/ocpp`; the identity is appended. */
  url: string
  identity: string
  password: string
  scenario?: ChargePointScenario
  connectors?: number
  /**
   * Seconds of claimed time per real second while a transaction runs; 1 by default. With 900, half an hour of
   * charging is played in two seconds: its timestamps run ahead of the real clock, power and energy keep to the
   * claimed time, and the central system must be set to believe a clock that is ahead (`OCPP_CLOCK_AHEAD_MAX_MS`).
   * Between transactions the charge point's clock is the real one.
   */
  speed?: number
  /** Power in W, constant or as a function of claimed seconds since the start. Default 50 000. */
  powerW?: number | ((sinceStartS: number) => number)
  /** The car takes no more than this (Wh); then it draws nothing and the connector is SuspendedEV. */
  batteryWh?: number
  /** Claimed seconds between samples. Default 60. */
  meterIntervalS?: number
  /** Register of each connector at the beginning, Wh. Default 1 204 350. */
  meterStartWh?: number
  /** Ends the session by itself after so many claimed seconds, exactly. */
  stopAfterS?: number
  failAfterS?: number
  offlineForMs?: number
  lateStartMs?: number
  /** How long an accepted remote start waits for the cable, real ms. Default 60 000. */
  plugTimeoutMs?: number
  /** A driver who plugs in by himself, so many real ms after an accepted remote start. Without it, call `plugIn`. */
  plugAfterMs?: number
  callTimeoutMs?: number
  reconnectMs?: number
}

export interface FinishedSession {
  transactionId: number | null
  connectorId: number
  idTag: string
  startedAt: string
  endedAt: string
  meterStartWh: number
  meterStopWh: number
  reason: string
}

export interface ConnectorStatus {
  connectorId: number
  status: string
  plugged: boolean
  transaction: null | {
    transactionId: number | null
    idTag: string
    startedAt: string
    energyWh: number
  }
}

export interface ChargePoint {
  readonly identity: string
  /** Every frame in both directions, oldest first. */
  readonly log: readonly LoggedFrame[]
  /** What was really delivered: the charge point's own account of it. */
  readonly sessions: readonly FinishedSession[]
  /** Changes options from now on, e.g. the scenario of the next session. */
  set(options: Partial<Omit<ChargePointOptions, 'url' | 'identity' | 'password'>>): void
  plugIn(connectorId?: number): void
  /** Pulls the cable; a running session ends with EVDisconnected. */
  unplug(connectorId?: number): void
  /** A driver shows a card. Resolves with the central system's word on it; the cable counts as plugged. */
  startLocal(rfid: string, connectorId?: number): Promise<{ accepted: boolean; status: string }>
  stopLocal(connectorId?: number): void
  /** Cuts the line; the charge point goes on by itself until `goOnline`. */
  goOffline(): void
  goOnline(): Promise<void>
  /** Sends any CALL, for tests of the central system. */
  call(action: string, payload: Payload): Promise<Payload>
  status(): { online: boolean; queued: number; connectors: ConnectorStatus[] }
  stop(): Promise<void>
}

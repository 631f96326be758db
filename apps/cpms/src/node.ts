import type { Db } from '@chargelane/db'
import type { Logger } from 'pino'
import type { MessageLog } from '@chargelane/db/queries/chargers/frames'

/** What a process of this node is told when it starts; durations in milliseconds. */
export interface NodeConfig {
  nodeId: string
  /** Seconds between heartbeats asked of chargers; spread by ±10 % so that they do not march in step. */
  heartbeatS: number
  /** A lost line is nobody's news before this long. */
  offlineGraceMs: number
  /** How long a charger that booted may take to say what became of its transactions. */
  powerLossGraceMs: number
  /** How far ahead of ours a charger's clock is believed. Production: 5 min; a sandbox plays sessions faster. */
  clockAheadMaxMs: number
  /** Time added to power × time before a register counts as impossible. */
  plausibleSlackMs: number
  callTimeoutMs: number
  pingMs: number
}

export const defaultConfig: Omit<NodeConfig, 'nodeId'> = {
  heartbeatS: 300,
  offlineGraceMs: 60_000,
  powerLossGraceMs: 60_000,
  clockAheadMaxMs: 300_000,
  plausibleSlackMs: 60_000,
  callTimeoutMs: 15_000,
  pingMs: 30_000,
}

/** What handlers work with; the station they serve is given beside it. */
export interface ChargingNode {
  config: NodeConfig
  db: Db
  log: Logger
  frames: MessageLog
}

export const nowIso = (): string => new Date().toISOString()

import type { EndReason } from '@chargelane/openapi/vocabulary/status'

// What a charger tells of a transaction, in OCPP 2.x's words (TransactionEvent): registers are optional, an event has a
// sequence number, the charger names its transactions. An older version's map fills in what it can and leaves out the rest.

export interface IdToken {
  /** Upper case; empty when what the charger sent was no identifier at all. */
  value: string
  /** Undefined where the version has no types. */
  type?: string
}

/** `evse.id` on the station, and which of its connectors where the charger says it. */
export interface EvseRef {
  id: number
  connectorId?: number
}

/** One reading of an EVSE, in our units. */
export interface Reading {
  /** The charger's clock. */
  claimedAt: string | undefined
  /** ReadingContext; `Sample.Periodic` when the charger does not say. */
  context: string
  registerWh?: string
  powerW?: number
  socPercent?: number
}

interface Told {
  stationId: string
  /** As the charger names it. Undefined when it has no name for it, or none that could be ours. */
  transactionId: string | undefined
  /** The charger's clock; undefined when it gave nothing readable. */
  claimedAt: string | undefined
  receivedAt: string
  readings: Reading[]
  /** What the meter signed, as received. */
  signed: string[]
  seqNo?: number
  /** The charger says that it could not tell at the time. */
  offline?: boolean
  chargingState?: string
  triggerReason?: string
}

export interface Start extends Told {
  /** Not known yet when a driver is identified before the plug is in. */
  evse?: EvseRef
  /** Not known yet when the plug is in before a driver is identified. */
  idToken?: IdToken
  /** When this driver was last shown to us on the same connection, before the start. */
  askedAt?: string
}

export interface Update extends Told {
  /** Without a transaction: the EVSE alone is known, and the one that held it at the time is meant (quirk 6). */
  evse?: EvseRef
  idToken?: IdToken
}

export interface End extends Told {
  idToken?: IdToken
  /** OCPP's own word. */
  stoppedReason: string
  reason: EndReason
}

/** What became of an identifier: the words every version has for it. */
export type Verdict = 'accepted' | 'invalid' | 'blocked' | 'concurrent'

export interface Begun {
  transactionId: string
  sessionId: string | null
  verdict: Verdict
}

export interface Updated {
  /** Null when no transaction held the EVSE. */
  sessionId: string | null
  /** The transaction that goes on though nobody we know pays for it: the charger is to end it. */
  unpaid?: string
  /** Given when the event identified somebody. */
  verdict?: Verdict
}

/** `parked`: nobody's end; the frame is kept and acknowledged, because a charger would repeat it for ever. */
export type Ended =
  | { kind: 'closed'; sessionId: string; ocppEvseId: number | null }
  | { kind: 'repeated'; sessionId: string }
  | { kind: 'parked'; sessionId: null }

import type { Money } from '@chargelane/openapi/vocabulary/money'
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { ErrorCode } from '@chargelane/openapi/vocabulary/errors'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { Decision } from './attention/decision.ts'
import type { SupplyFact } from '@chargelane/rules/documents'

// What apps may know of the workflows: names, queues, inputs, signals. No workflow code is imported from here.

export const corridorQueue = 'corridor'
/** Invoices and evidence: rendering must not delay the corridor's own work. */
export const paperQueue = 'paper'

export const workflowTypes = {
  reconciliation: 'reconciliation',
  replayPolicy: 'replayPolicy',
  session: 'sessionLifecycle',
  lateRecord: 'lateRecord',
  givenBack: 'givenBack',
  dispute: 'dispute',
  settlement: 'settlementBatch',
  reverify: 'reverifyProofs',
} as const

/** `ses:{acct}:{idempotency key}`; for a start at the charger itself `ses:{acct}:supply-{session id}`. */
export const sessionWorkflowId = (accountId: string, key: string) => `ses:${accountId}:${key}`

/** What is claimed on a booked sale later has a workflow of its own, beside the session's that is over. */
export const aftercareWorkflowId = (sessionId: string) => `aftercare:${sessionId}`

/** One dispute, from its opening to what it led to. */
export const disputeWorkflowId = (disputeId: string) => `dsp:${disputeId}`

/** What is given back of a sale by a change of it that is in the books. */
export type GiveBackInput = { sessionId: string; revision: number; amount: Money }

export type SessionInput =
  | {
      origin: 'partner'
      sessionId: string
      accountId: string
      quoteId: string
      externalId?: string
      metadata?: Record<string, string>
      /** W3C trace id of the request that asked for it. */
      trace?: string
    }
  /** The driver started at the charger (RFID): energy may already flow, the quote is implicit. */
  | {
      origin: 'supply'
      sessionId: string
      accountId: string
      evseId: string
      tokenUid: string
      supplyRef: string
      startedAt: string
      /** Energy flowed before anybody could ask us. */
      isOffline?: true
    }

export interface SessionResult {
  sessionId: string
  outcome: 'refused' | 'not_started' | 'closed_zero' | 'settled' | 'unpaid' | 'written_off'
}

/** What supply told us, as a fact. `eventId` makes a repeated delivery harmless. */
export type SupplyEvent = { eventId: string } & SupplyFact

/** What the payment provider told us; the workflow re-reads the object and decides. */
export interface PaymentEvent {
  eventId: string
  type: string
  pspId: string
}

/** What waits for one session is told at once. */
export const supplyEvent = defineSignal<SupplyEvent[]>('supplyEvent')
export const paymentEvent = defineSignal<[PaymentEvent]>('paymentEvent')
/** Payees of the session have their money; those of one batch are told together. */
export type SettledNews = { settlementId: string; payee: PartyRef }
export const settled = defineSignal<SettledNews[]>('settled')
/** In the world of the workflow's account it is at least this instant now, in milliseconds. */
export const clockMoved = defineSignal<number[]>('clockMoved')
/** Something was said or decided of a dispute. */
export const disputeChanged = defineSignal('disputeChanged')
/** Operations: end the session now whatever supply says. */
export const forceStop = defineSignal<[{ by: string; reason: string }]>('forceStop')

/** Early answer of `POST /v1/sessions`: the payment authorization's outcome. */
export type AuthorizationAnswer =
  | { kind: 'authorized' }
  | {
      kind: 'refused'
      code: ErrorCode
      message: string
      param?: string
      extra?: Record<string, unknown>
    }
export const authorize = defineUpdate<AuthorizationAnswer>('authorize')
export type StopAnswer =
  | { kind: 'stopping' }
  | { kind: 'refused'; code: ErrorCode; message: string }
export const requestStop = defineUpdate<StopAnswer, [{ by: 'partner' | 'driver' | 'operations' }]>(
  'requestStop',
)

/** Decides about a step that no repetition mends; answered when the decision is kept. */
export type { Decision } from './attention/decision.ts'
export const act = defineUpdate<{ incidentId: string }, [Decision]>('act')

/** Room by room what happened, and what is waited for until when: the operator's two questions. */
export const timelineQuery = defineQuery<{ at: string; room: string; what: string }[]>('timeline')
export const nextAction = defineQuery<{ waitingFor: string; deadline: string | null }>(
  'next_action',
)

export const searchAttributes = {
  sessionId: defineSearchAttributeKey('sessionId', SearchAttributeType.KEYWORD),
  partnerId: defineSearchAttributeKey('partnerId', SearchAttributeType.KEYWORD),
  cpoId: defineSearchAttributeKey('cpoId', SearchAttributeType.KEYWORD),
  evseId: defineSearchAttributeKey('evseId', SearchAttributeType.KEYWORD),
  moneyState: defineSearchAttributeKey('moneyState', SearchAttributeType.KEYWORD),
  /** The open incident of a step that waits for a person. */
  needsAttention: defineSearchAttributeKey('needsAttention', SearchAttributeType.KEYWORD),
  slaDeadline: defineSearchAttributeKey('slaDeadline', SearchAttributeType.DATETIME),
}

/** Deadlines of the corridor in milliseconds. Tests shorten them; production keeps the defaults. */
export interface Deadlines {
  scaRequired: number
  startConfirmation: number
  holdVoidAfterUnconfirmedStart: number
  lateStartWatch: number
  plugIn: number
  ghost: number
  maxDuration: number
  /** Before a hold could be used up: time to ask for more and to tell the driver. */
  limitWarning: number
  /** Between two looks at a hold, or a tenth of the session if that is longer: a sandbox's chargers outrun their power. */
  longestLook: number
  stopConfirmation: number
  record: number
  /** A sale on our own record is open to the operator's so long after its end. */
  contractTerm: number
  sla: number
}
export const defaultDeadlines: Deadlines = {
  scaRequired: 10 * 60_000,
  startConfirmation: 120_000,
  holdVoidAfterUnconfirmedStart: 180_000,
  lateStartWatch: 24 * 3_600_000,
  plugIn: 90_000,
  ghost: 15 * 60_000,
  maxDuration: 24 * 3_600_000,
  limitWarning: 3 * 60_000,
  longestLook: 24 * 3_600_000,
  stopConfirmation: 60_000,
  record: 24 * 3_600_000,
  contractTerm: 30 * 24 * 3_600_000,
  sla: 48 * 3_600_000,
}

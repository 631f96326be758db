import type { ChargingNode } from '../node.ts'
import type { Handled, InboundCall, Station } from '../line/station.ts'
import {
  type Fallbacks,
  type Inbound,
  type InboundAction,
  readRequest,
  writeAnswer,
} from './wire.ts'

/** Where a message is handled: by which node, from which charger, when it came. */
export interface Scene {
  node: ChargingNode
  station: Station
  receivedAt: string
}

export interface Outcome<Answer> {
  answer: Answer
  /** The session the frame belonged to, for its record. */
  sessionId?: string | null
  note?: string
  /** Done when the charger has its answer. */
  after?: () => Promise<void>
}

export interface Action<A extends InboundAction> {
  name: A
  /** For required fields that must not keep the message from being taken. */
  fallbacks?: (scene: Scene) => Fallbacks
  handle(scene: Scene, request: Inbound[A][0]): Promise<Outcome<Inbound[A][1]>>
}

export interface Route {
  name: InboundAction
  handle(scene: Scene, call: InboundCall): Promise<Handled>
}

/** Reads tolerantly, handles, writes strictly: the path every action takes. */
export function route<A extends InboundAction>(action: Action<A>): Route {
  return {
    name: action.name,
    async handle(scene, call) {
      const read = readRequest(action.name, call.payload, action.fallbacks?.(scene) ?? {})
      if (read.kind === 'refused') return read
      const outcome = await action.handle(scene, read.value)
      return {
        kind: 'answered',
        answer: writeAnswer(action.name, outcome.answer),
        sessionId: outcome.sessionId ?? null,
        notes: [...read.notes, ...(outcome.note === undefined ? [] : [outcome.note])],
        ...(outcome.after === undefined ? {} : { after: outcome.after }),
      }
    },
  }
}

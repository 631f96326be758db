import { ActivityFailure } from '@temporalio/workflow'
import type { StartRejection } from '@chargelane/openapi/vocabulary/status'
import type {
  Connection,
  ProbeOutcome,
  StartOutcome,
  StopOutcome,
  SupplyState,
  UnlockOutcome,
} from '../supply/connection.ts'
import { factsOf, hearAnswer, noteLater } from '../life.ts'
import type { Life } from '../life.ts'
import { connectionOn, steps } from '../steps.ts'
import type { Candidate, CommandQueue } from './rules.ts'

/** The chosen channel. Its queue is looked up for each command, because a charger may reconnect elsewhere. */
export type Route = Omit<Candidate, 'queue'>

export type RouteChoice =
  | { kind: 'route'; route: Route }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'unavailable'; reason: StartRejection; detail: string }

/**
 * Sends one command where the charger is now: on the queue just learned, else on the one looked up. What nobody answered
 * comes back as `unanswered`.
 */
async function command<T>(
  { evseId, protocol }: Pick<Route, 'evseId' | 'protocol'>,
  send: (connection: Connection) => Promise<T>,
  unanswered: (detail: string) => T,
  known?: CommandQueue,
): Promise<T> {
  const queue = known ?? (await steps.findQueue({ evseId, protocol }))
  if (queue.kind === 'offline') return unanswered(queue.detail)
  try {
    return await send(connectionOn(queue.queue))
  } catch (error) {
    if (error instanceof ActivityFailure) return unanswered(error.cause?.message ?? error.message)
    throw error
  }
}

const unreachable = (detail: string) => ({ kind: 'unreachable', detail }) as const

/**
 * Asks every channel at once, each for 5 s at most, before any money is held, and takes the first in their order that
 * answers: one that is silent costs the driver no second wait (failures F06).
 */
export async function chooseRoute(life: Life): Promise<RouteChoice> {
  const { connectionId } = factsOf(life)
  let refusal: RouteChoice = { kind: 'unreachable', detail: 'No channel to this EVSE is usable.' }
  const asked = life.channels
    .filter((candidate) => candidate.usable)
    .map(({ queue, ...route }) => ({ route, probe: probeChannel(life, route, queue) }))
  for (const { route, probe } of asked) {
    const answer = await probe
    if (answer.kind !== 'reachable') {
      // A channel that knows why nobody can charge there says more than one that is silent.
      if (refusal.kind !== 'unavailable') refusal = answer
      continue
    }
    // Written with the start at the latest, before anything is sent over the channel.
    noteLater(life, {
      room: 'routing',
      what: 'channel chosen',
      patch: route.connectionId === connectionId ? {} : { connectionId: route.connectionId },
      detail: { connection: route.connectionId, protocol: route.protocol, reason: route.reason },
    })
    return { kind: 'route', route }
  }
  return refusal
}

const probeChannel = (life: Life, route: Route, queue: CommandQueue): Promise<ProbeOutcome> =>
  command<ProbeOutcome>(
    route,
    (connection) => connection.probe({ sessionId: life.sessionId, evseId: route.evseId }),
    unreachable,
    queue,
  )

/** The channel over which a driver started at the charger itself: it has just proven that it works. */
export function routeInUse(life: Life): Route {
  const { evseId, connectorId, connectionId } = factsOf(life)
  const used = life.channels.find((channel) => channel.connectionId === connectionId)
  if (used === undefined)
    return { connectionId, evseId, connectorId, protocol: 'node', usable: true, reason: 'in use' }
  const { queue: _queue, ...route } = used
  return route
}

export async function sendStart(
  life: Life,
  route: Route,
  queue: CommandQueue,
): Promise<StartOutcome> {
  const outcome = await command<StartOutcome>(
    route,
    (connection) =>
      connection.start({
        sessionId: life.sessionId,
        evseId: route.evseId,
        connectorId: route.connectorId,
        tokenUid: factsOf(life).tokenUid,
      }),
    unreachable,
    queue,
  )
  hearAnswer(life, outcome)
  return outcome
}

export async function sendStop(
  life: Life,
  route: Pick<Route, 'evseId' | 'protocol'>,
  queue?: CommandQueue,
): Promise<StopOutcome> {
  const outcome = await command<StopOutcome>(
    route,
    (connection) => connection.stop({ sessionId: life.sessionId }),
    unreachable,
    queue,
  )
  hearAnswer(life, outcome)
  return outcome
}

export const sendUnlock = (
  life: Life,
  { evseId, connectorId, ...route }: Route,
): Promise<UnlockOutcome> =>
  command<UnlockOutcome>(
    { evseId, ...route },
    (connection) => connection.unlock({ sessionId: life.sessionId, evseId, connectorId }),
    unreachable,
  )

export const pullState = (life: Life, route: Route): Promise<SupplyState> =>
  command<SupplyState>(
    route,
    (connection) => connection.lookup({ sessionId: life.sessionId }),
    unreachable,
  )

/** Null also when nobody answered: a record that could not be pulled is a record that is not there yet. */
export const pullRecord = (life: Life, route: Route): Promise<{ cdrId: string } | null> =>
  command<{ cdrId: string } | null>(
    route,
    (connection) => connection.fetchRecord({ sessionId: life.sessionId }),
    () => null,
  )

// The channels to an EVSE, and the queue on which each takes commands at this moment.
import type { Sql } from '@chargelane/db'
import { noteSession } from '@chargelane/db/queries/sessions/sessions'
import { channelsOf, nodeOfEvse } from '@chargelane/db/queries/sessions/terms'
import { nodeQueue, roamingQueue } from '../supply/connection.ts'
import { rankChannels } from './rules.ts'
import type { Candidate, CommandQueue } from './rules.ts'

/** What a command is sent by. */
export type Reach = Pick<Candidate, 'evseId' | 'protocol'>

type Node = { nodeId: string | null; online: boolean | null } | undefined

function commandQueue(protocol: Reach['protocol'], node: Node): CommandQueue {
  if (protocol === 'ocpi') return { kind: 'queue', queue: roamingQueue }
  return node?.online === true && node.nodeId !== null
    ? { kind: 'queue', queue: nodeQueue(node.nodeId) }
    : { kind: 'offline', detail: 'No node holds a socket of this charger.' }
}

export async function queueOf(sql: Sql, { evseId, protocol }: Reach): Promise<CommandQueue> {
  return commandQueue(protocol, protocol === 'ocpi' ? undefined : await nodeOfEvse(sql, evseId))
}

/** Every channel to the EVSE in the order to try, recorded with the reason for its place. */
export async function rankedChannels(
  sql: Sql,
  input: { sessionId: string; evseId: string; connectorId: string; now: string },
): Promise<Candidate[]> {
  const channels = await channelsOf(sql, input)
  const candidates = rankChannels(
    channels.map(({ nodeId, online, ...channel }) => ({
      ...channel,
      queue: commandQueue(channel.protocol, { nodeId, online }),
    })),
    input.now,
  )
  await noteSession(sql, input.sessionId, {
    room: 'routing',
    what: 'channels ranked',
    detail: { candidates: candidates.map(({ queue: _queue, ...candidate }) => candidate) },
    dedupeKey: `${input.sessionId}:routing:ranked`,
    at: input.now,
  })
  return candidates
}

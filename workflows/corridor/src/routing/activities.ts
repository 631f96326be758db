import type { Db } from '@chargelane/db'
import { noteSession } from '@chargelane/db/queries/sessions/sessions'
import { channelsOf, nodeOfEvse } from '@chargelane/db/queries/sessions/terms'
import { nodeQueue, roamingQueue } from '../supply/connection.ts'
import { rankChannels } from './rules.ts'
import type { Candidate } from './rules.ts'

export type CommandQueue = { kind: 'queue'; queue: string } | { kind: 'offline'; detail: string }

export function createRoutingActivities({ db }: { db: Db }) {
  return {
    /** Every channel to the EVSE in the order to try, recorded with the reason for its place. */
    async listChannels(input: {
      sessionId: string
      evseId: string
      now: string
    }): Promise<Candidate[]> {
      const candidates = rankChannels(await channelsOf(db, input.evseId), input.now)
      await noteSession(db, input.sessionId, {
        room: 'routing',
        what: 'channels ranked',
        detail: { candidates },
        dedupeKey: `${input.sessionId}:routing:ranked`,
        at: input.now,
      })
      return candidates
    },

    /** Where a command must go at this moment: a charger may have reconnected to another node since the last one. */
    async findQueue(input: { evseId: string; protocol: 'node' | 'ocpi' }): Promise<CommandQueue> {
      if (input.protocol === 'ocpi') return { kind: 'queue', queue: roamingQueue }
      const node = await nodeOfEvse(db, input.evseId)
      if (node === undefined || node.nodeId === null || !node.online)
        return { kind: 'offline', detail: 'No node holds a socket of this charger.' }
      return { kind: 'queue', queue: nodeQueue(node.nodeId) }
    },
  }
}

export type RoutingActivities = ReturnType<typeof createRoutingActivities>

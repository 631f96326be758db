import type { Db } from '@chargelane/db'
import { queueOf } from './channels.ts'
import type { Reach } from './channels.ts'
import type { CommandQueue } from './rules.ts'

export function createRoutingActivities({ db }: { db: Db }) {
  return {
    /** Where a command must go at this moment: a charger may have reconnected to another node since the last one. */
    findQueue: (input: Reach): Promise<CommandQueue> => queueOf(db, input),
  }
}

export type RoutingActivities = ReturnType<typeof createRoutingActivities>

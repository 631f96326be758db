import type { Db } from '@chargelane/db'
import { insertMessages, type NewMessage } from '@chargelane/db/queries/chargers/frames'
import { createBatch } from './batch.ts'

// Every frame is kept as it came and as it went. Heartbeats alone are not: they say nothing that `last_seen_at` does
// not, and at one per charger and minute they would be most of the table.

export interface FrameLog {
  /** Resolves once the frames are committed. */
  add(...messages: NewMessage[]): Promise<void>
  /** Resolves when nothing is left to write. */
  drained(): Promise<void>
}

export function createFrameLog(db: Db): FrameLog {
  const batch = createBatch(async (items: NewMessage[][]) => {
    await insertMessages(db, items.flat())
    return items.map(() => undefined)
  }, 200)
  return { add: (...messages) => batch.add(messages), drained: () => batch.drained() }
}

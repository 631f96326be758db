import type { Db } from '@chargelane/db'
import {
  annotateMessages,
  insertMessages,
  type NewMessage,
} from '@chargelane/db/queries/chargers/chargers'
import { createBatch } from './batch.ts'

// Every frame is kept as received before anything acts on it. Heartbeats alone are not: they say nothing that
// `last_seen_at` does not, and at one per charger and minute they would be most of the table.

export interface FrameLog {
  /** Resolves with the row's id once the frame is committed. */
  add(message: NewMessage): Promise<number>
  /** Notes, once it is known, which session a frame belonged to and how it was taken. */
  annotate(id: number, note: { sessionId: string | null; status: string }): Promise<void>
  /** Resolves when nothing is left to write. */
  drained(): Promise<void>
}

export function createFrameLog(db: Db): FrameLog {
  const inserts = createBatch((rows: NewMessage[]) => insertMessages(db, rows), 200)
  const notes = createBatch(
    async (rows: { id: number; sessionId: string | null; status: string }[]) => {
      await annotateMessages(db, rows)
      return rows.map(() => undefined)
    },
    200,
  )
  return {
    add: (message) => inserts.add(message),
    annotate: (id, note) => notes.add({ id, ...note }),
    drained: async () => {
      await inserts.drained()
      await notes.drained()
    },
  }
}

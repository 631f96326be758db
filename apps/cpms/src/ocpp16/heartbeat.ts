import { markSeen } from '@chargelane/db/queries/chargers/chargers'
import { route } from './action.ts'

export const heartbeat = route({
  name: 'Heartbeat',
  handle: ({ node, station, receivedAt }) =>
    Promise.resolve({
      answer: { currentTime: receivedAt },
      after: () => markSeen(node.db, [station.id], receivedAt),
    }),
})

import { noteSeen } from '../line/seen.ts'
import { route } from './action.ts'

export const heartbeat = route({
  name: 'Heartbeat',
  handle({ node, station, receivedAt }) {
    noteSeen(node, station.id, receivedAt)
    return Promise.resolve({ answer: { currentTime: receivedAt } })
  },
})

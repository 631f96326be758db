import { type Remote, remoteOutcome } from '../charge/activities.ts'
import { readAnswer, writeRequest } from './wire.ts'

/** Starting and stopping from afar in OCPP 1.6 (§5.11, §5.12). */
export const remote16: Remote = {
  async start(station, { connectorId, idTag, sessionId }) {
    // Always with a connector: several chargers refuse a start without one, or begin at the wrong side (quirk 24).
    const payload = writeRequest('RemoteStartTransaction', { connectorId, idTag })
    const outcome = await station.call('RemoteStartTransaction', payload, { sessionId })
    return remoteOutcome(outcome, (answer) => statusOf('RemoteStartTransaction', answer))
  },

  async stop(station, { transactionId, sessionId }) {
    const payload = writeRequest('RemoteStopTransaction', { transactionId })
    const outcome = await station.call('RemoteStopTransaction', payload, { sessionId })
    return remoteOutcome(outcome, (answer) => statusOf('RemoteStopTransaction', answer))
  },

  isPlugged(station, connectorId) {
    const status = station.connectorStatus.get(connectorId)
    return status === undefined ? undefined : status !== 'Available'
  },
}

function statusOf(
  action: 'RemoteStartTransaction' | 'RemoteStopTransaction',
  payload: unknown,
): string {
  const read = readAnswer(action, payload)
  return read.kind === 'read' ? read.value.status : 'something unreadable'
}

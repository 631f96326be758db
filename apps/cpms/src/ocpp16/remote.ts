import { createHash } from 'node:crypto'
import { type Remote, remoteOutcome } from '../charge/connection.ts'
import { readAnswer, writeRequest } from './wire.ts'

/** Starting, stopping and unlocking from afar in OCPP 1.6 (§5.11, §5.12, §5.18). */
export const remote16: Remote = {
  idTokenOf: (tokenUid) => ({ value: idTagOf(tokenUid) }),

  async start(station, { evse, idToken, sessionId }) {
    // Always with a connector: several chargers refuse a start without one, or begin at the wrong side (quirk 24).
    const payload = writeRequest('RemoteStartTransaction', {
      connectorId: evse.id,
      idTag: idToken.value,
    })
    const outcome = await station.call('RemoteStartTransaction', payload, { sessionId })
    return remoteOutcome(outcome, (answer) => statusOf('RemoteStartTransaction', answer))
  },

  async stop(station, { transactionId, sessionId }) {
    const payload = writeRequest('RemoteStopTransaction', { transactionId: Number(transactionId) })
    const outcome = await station.call('RemoteStopTransaction', payload, { sessionId })
    return remoteOutcome(outcome, (answer) => statusOf('RemoteStopTransaction', answer))
  },

  async unlock(station, { evse, sessionId }) {
    const payload = writeRequest('UnlockConnector', { connectorId: evse.id })
    const outcome = await station.call('UnlockConnector', payload, { sessionId })
    return remoteOutcome(outcome, (answer) => {
      const status = statusOf('UnlockConnector', answer)
      return status === 'Unlocked' ? 'Accepted' : status
    })
  },
}

/** OCPP 1.6 §7.28: an idTag has 20 characters. A longer credential is shown by its digest, the same at every try. */
function idTagOf(tokenUid: string): string {
  const shown =
    tokenUid.length <= 20
      ? tokenUid
      : `CL${createHash('sha256').update(tokenUid).digest('hex').slice(0, 18)}`
  return shown.toUpperCase()
}

function statusOf(
  action: 'RemoteStartTransaction' | 'RemoteStopTransaction' | 'UnlockConnector',
  payload: unknown,
): string {
  const read = readAnswer(action, payload)
  return read.kind === 'read' ? read.value.status : 'something unreadable'
}

import { freeEvses } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { batchedWrite } from '../line/batch.ts'
import { endReasonOf } from '../charge/end-reasons.ts'
import { endTransaction } from '../charge/end.ts'
import { route } from './action.ts'
import {
  idTokenOf,
  noRegister,
  readingsOf,
  registerReading,
  signedOf,
  transactionIdOf,
} from './map.ts'

const freeEvse = batchedWrite(
  (node, ended: { stationId: string; ocppEvseId: number; at: string }[]) =>
    freeEvses(node.db, ended),
  200,
)

/**
 * Always acknowledged, whatever is wrong with it: a charger repeats a refused stop for ever and blocks its queue.
 * Committed before it is answered, with the record and what the session's workflow is told.
 */
export const stopTransaction = route({
  name: 'StopTransaction',
  fallbacks: ({ receivedAt }) => ({
    transactionId: () => 0,
    meterStop: () => noRegister,
    timestamp: () => receivedAt,
    idTag: () => '',
    'transactionData.timestamp': () => receivedAt,
  }),
  async handle({ node, station, receivedAt }, request) {
    const { meterStop, timestamp, transactionData } = request
    const reason = request.reason ?? 'Local'
    const idToken = idTokenOf(request.idTag)
    const ended = await endTransaction(node, {
      stationId: station.id,
      transactionId: transactionIdOf(request.transactionId),
      idToken,
      claimedAt: timestamp,
      receivedAt,
      stoppedReason: reason,
      reason: endReasonOf(reason),
      // The register of the message itself comes last, where it counts before any sample of the end.
      readings: [
        ...readingsOf(transactionData),
        ...(meterStop < 0 ? [] : [registerReading('Transaction.End', meterStop, timestamp)]),
      ],
      // All of it, whatever its context: the end is in here, and some chargers call it periodic.
      signed: signedOf(transactionData),
    })
    return {
      answer: idToken.value === '' ? {} : { idTagInfo: { status: 'Accepted' } },
      sessionId: ended.sessionId,
      note: ended.kind,
      async after() {
        if (ended.kind !== 'closed' || ended.ocppEvseId === null) return
        station.shown.delete(ended.ocppEvseId)
        const said = station.evses.get(ended.ocppEvseId)
        // Chargers report the freed EVSE themselves; for one that never reports, the end of the session does.
        const isFree = said === undefined || said.status === 'AVAILABLE'
        if (isFree && station.outOfUse === undefined)
          await freeEvse(node, {
            stationId: station.id,
            ocppEvseId: ended.ocppEvseId,
            at: receivedAt,
          })
      },
    }
  },
})

import { freeConnector } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { endReasonOf } from '../charge/end-reasons.ts'
import { endTransaction } from '../charge/transactions.ts'
import { route } from './action.ts'
import { readingsOf, signedOf, tagOf } from './map.ts'

/** Below any register there is; stands for "the charger gave none that could be read". */
const noRegister = -1

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
  }),
  async handle({ node, station, receivedAt }, request) {
    const tag = tagOf(request.idTag)
    const reason = request.reason ?? 'Local'
    const stopped = await endTransaction(node, {
      stationId: station.id,
      transactionId: request.transactionId,
      idTag: tag,
      meterStopWh: request.meterStop === noRegister ? undefined : String(request.meterStop),
      claimedAt: request.timestamp,
      receivedAt,
      stopReason: reason,
      reason: endReasonOf(reason),
      readings: readingsOf(request.transactionData),
      // All of it, whatever its context: the end is in here, and some chargers call it periodic.
      signed: signedOf(request.transactionData),
    })
    return {
      answer: tag === '' ? {} : { idTagInfo: { status: 'Accepted' } },
      sessionId: stopped.sessionId,
      note: stopped.kind,
      async after() {
        if (stopped.kind !== 'closed') return
        const { connectorId } = stopped
        const reported = station.connectorStatus.get(connectorId)
        // Chargers report the freed connector themselves; for one that never reports, the end of the session does.
        if (reported === undefined || reported === 'Available' || reported === 'Preparing')
          await freeConnector(node.db, station.id, connectorId, receivedAt)
      },
    }
  },
})

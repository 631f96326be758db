import { setConnectorStatus } from '@chargelane/db/queries/chargers/chargers'
import { beginTransaction } from '../charge/transactions.ts'
import { route } from './action.ts'
import { tagOf, verdicts } from './map.ts'

/** Committed before it is answered: a charger that heard a transactionId may forget the message. */
export const startTransaction = route({
  name: 'StartTransaction',
  fallbacks: ({ receivedAt }) => ({ idTag: () => '', timestamp: () => receivedAt }),
  async handle({ node, station, receivedAt }, request) {
    const started = await beginTransaction(node, {
      stationId: station.id,
      connectorId: request.connectorId,
      idTag: tagOf(request.idTag),
      meterStartWh: String(request.meterStart),
      claimedAt: request.timestamp,
      receivedAt,
    })
    return {
      answer: {
        transactionId: started.transactionId,
        idTagInfo: { status: verdicts[started.verdict] },
      },
      sessionId: started.sessionId,
      async after() {
        if (started.sessionId !== null)
          await setConnectorStatus(node.db, station.id, request.connectorId, 'CHARGING', receivedAt)
      },
    }
  },
})

import { updateTransaction } from '../charge/update.ts'
import { route } from './action.ts'
import { remote16 } from './remote.ts'
import { readingsOf, signedBoundsOf, transactionIdOf } from './map.ts'

/** Committed before it is answered. */
export const meterValues = route({
  name: 'MeterValues',
  // The transaction it names says where the energy flowed; what cannot be a connector hides no reading. What was read is
  // worth more than when: without a time that can be read it is of now, as a start or a stop is.
  fallbacks: ({ receivedAt }) => ({
    connectorId: () => 0,
    'meterValue.timestamp': () => receivedAt,
  }),
  async handle({ node, station, receivedAt }, request) {
    const readings = readingsOf(request.meterValue)
    const signed = signedBoundsOf(request.meterValue)
    if (readings.length === 0 && signed.length === 0) return { answer: {}, note: 'nothing to read' }
    const { sessionId, unpaid } = await updateTransaction(node, {
      stationId: station.id,
      transactionId: transactionIdOf(request.transactionId),
      evse: { id: request.connectorId },
      claimedAt: request.meterValue[0]?.timestamp,
      receivedAt,
      readings,
      signed,
    })
    return {
      answer: {},
      sessionId,
      ...(sessionId === null ? { note: 'unattached' } : {}),
      async after() {
        if (unpaid === undefined || sessionId === null || station.stopped.has(unpaid)) return
        station.stopped.add(unpaid)
        await remote16.stop(station, { transactionId: unpaid, sessionId })
      },
    }
  },
})

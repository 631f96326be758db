import { recordReadings } from '../charge/transactions.ts'
import { route } from './action.ts'
import { readingsOf, signedBoundsOf } from './map.ts'

/** Committed before it is answered. Readings stay in Postgres: the session's workflow hears milestones only. */
export const meterValues = route({
  name: 'MeterValues',
  async handle({ node, station, receivedAt }, request) {
    const readings = readingsOf(request.meterValue)
    const signed = signedBoundsOf(request.meterValue)
    if (readings.length === 0 && signed.length === 0) return { answer: {}, note: 'nothing to read' }
    const sessionId = await recordReadings(node, {
      stationId: station.id,
      connectorId: request.connectorId,
      transactionId: request.transactionId,
      claimedAt: request.meterValue[0]?.timestamp,
      readings,
      signed,
      receivedAt,
    })
    return { answer: {}, sessionId, ...(sessionId === null ? { note: 'unattached' } : {}) }
  },
})

import { beginTransaction } from '../charge/begin.ts'
import { showFlow } from '../charge/flow.ts'
import { route } from './action.ts'
import { idTokenOf, noRegister, registerReading, verdicts } from './map.ts'

/** Committed before it is answered: a charger that heard a transactionId may forget the message. */
export const startTransaction = route({
  name: 'StartTransaction',
  fallbacks: ({ receivedAt }) => ({
    idTag: () => '',
    meterStart: () => noRegister,
    timestamp: () => receivedAt,
  }),
  async handle({ node, station, receivedAt }, request) {
    const { connectorId, meterStart, timestamp } = request
    const idToken = idTokenOf(request.idTag)
    const askedAt = station.asked.get(idToken.value)
    station.asked.delete(idToken.value)
    const begun = await beginTransaction(node, {
      stationId: station.id,
      // 1.6 leaves the name to us.
      transactionId: undefined,
      evse: { id: connectorId },
      idToken,
      ...(askedAt === undefined ? {} : { askedAt }),
      claimedAt: timestamp,
      receivedAt,
      // Some chargers say -1 where they do not know: what they read next is the begin.
      readings: meterStart < 0 ? [] : [registerReading('Transaction.Begin', meterStart, timestamp)],
      signed: [],
    })
    station.shown.delete(connectorId)
    return {
      answer: {
        transactionId: Number(begun.transactionId),
        idTagInfo: { status: verdicts[begun.verdict] },
      },
      sessionId: begun.sessionId,
      // It may have said so before it began.
      async after() {
        const state = station.flows.get(connectorId)
        if (state === undefined || !state.startsWith('Suspended')) return
        await showFlow(node, {
          stationId: station.id,
          ocppEvseId: connectorId,
          state,
          at: receivedAt,
        })
      },
    }
  },
})

import { setConnectorStatus } from '@chargelane/db/queries/chargers/chargers'
import { route } from './action.ts'
import { evseStatuses } from './map.ts'
import { writeRequest } from './wire.ts'

export const statusNotification = route({
  name: 'StatusNotification',
  // Vendors invent error codes; the status beside them is what counts (ocpp quirk 15).
  fallbacks: () => ({ errorCode: () => 'OtherError' }),
  handle: ({ node, station, receivedAt }, request) =>
    Promise.resolve({
      answer: {},
      async after() {
        const { connectorId, status } = request
        station.connectorStatus.set(connectorId, status)
        // Connector 0 is the charger as a whole; its connectors report for themselves (OCPP 1.6 §4.9).
        if (connectorId > 0)
          await setConnectorStatus(
            node.db,
            station.id,
            connectorId,
            evseStatuses[status],
            receivedAt,
          )
        if (station.booted) return
        // It spoke before it booted: served all the same, and asked who it is, once.
        station.booted = true
        void station.call(
          'TriggerMessage',
          writeRequest('TriggerMessage', { requestedMessage: 'BootNotification' }),
        )
      },
    }),
})

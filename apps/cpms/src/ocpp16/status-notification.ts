import { showCharger, showEvse } from '../charge/place.ts'
import { route } from './action.ts'
import { evseStatuses, isPlugged } from './map.ts'
import { writeRequest } from './wire.ts'

export const statusNotification = route({
  name: 'StatusNotification',
  // Vendors invent error codes; the status beside them is what counts (ocpp quirk 15).
  fallbacks: () => ({ errorCode: () => 'OtherError' }),
  async handle({ node, station, receivedAt }, { connectorId, status }) {
    const said = { status: evseStatuses[status], plugged: isPlugged(status) }
    // Connector 0 is the charger as a whole; its connectors report for themselves (OCPP 1.6 §4.9).
    if (connectorId > 0) await showEvse(node, station, connectorId, said, receivedAt)
    else if (connectorId === 0) await showCharger(node, station, said.status, receivedAt)
    return {
      answer: {},
      after() {
        // It spoke before it booted: served all the same, and asked who it is, once.
        if (!station.booted)
          void station.call(
            'TriggerMessage',
            writeRequest('TriggerMessage', { requestedMessage: 'BootNotification' }),
          )
        station.booted = true
        return Promise.resolve()
      },
    }
  },
})

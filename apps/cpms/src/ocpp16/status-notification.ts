import { showFlow } from '../charge/flow.ts'
import { showCharger, showEvse } from '../charge/place.ts'
import type { Station } from '../line/station.ts'
import type { ChargingNode } from '../node.ts'
import { route } from './action.ts'
import { chargingStates, evseStatuses, isPlugged } from './map.ts'
import { writeRequest } from './wire.ts'

export const statusNotification = route({
  name: 'StatusNotification',
  // Vendors invent error codes; the status beside them is what counts (ocpp quirk 15).
  fallbacks: () => ({ errorCode: () => 'OtherError' }),
  async handle({ node, station, receivedAt }, { connectorId, status }) {
    const said = { status: evseStatuses[status], plugged: isPlugged(status) }
    // Connector 0 is the charger as a whole; its connectors report for themselves (OCPP 1.6 §4.9).
    if (connectorId > 0) {
      await showEvse(node, station, connectorId, said, receivedAt)
      await tellFlow(node, station, { connectorId, status, at: receivedAt })
    }
    if (connectorId === 0) await showCharger(node, station, said.status, receivedAt)
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

type FlowStatus = { connectorId: number; status: keyof typeof evseStatuses; at: string }

/** Told again it is no news, and a car that begins to charge is none either. Its arrival counts: its time is optional. */
async function tellFlow(
  node: ChargingNode,
  station: Station,
  { connectorId: ocppEvseId, status, at }: FlowStatus,
): Promise<void> {
  const state = chargingStates[status] ?? 'Idle'
  const before = station.flows.get(ocppEvseId)
  station.flows.set(ocppEvseId, state)
  const isNews = state !== 'Idle' && state !== before
  if (isNews && !(before === 'Idle' && state === 'Charging'))
    await showFlow(node, { stationId: station.id, ocppEvseId, state, at })
}

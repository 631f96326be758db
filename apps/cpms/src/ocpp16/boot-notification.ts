import { type Boot, recordBoots } from '@chargelane/db/queries/chargers/chargers'
import { showCharger } from '../charge/place.ts'
import { batchedWrite } from '../line/batch.ts'
import { route } from './action.ts'

const keepBoot = batchedWrite((node, boots: Boot[]) => recordBoots(node.db, boots), 200)

/** The charger has (re)started. What it held before, it may have forgotten: open transactions are watched from now. */
export const bootNotification = route({
  name: 'BootNotification',
  async handle({ node, station, receivedAt }, request) {
    await keepBoot(node, {
      stationId: station.id,
      at: receivedAt,
      vendor: request.chargePointVendor,
      model: request.chargePointModel,
      serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber ?? null,
      firmwareVersion: request.firmwareVersion ?? null,
    })
    station.booted = true
    // What it called itself before is over with its restart; what still holds it says again.
    await showCharger(node, station, 'AVAILABLE', receivedAt)
    return {
      answer: {
        status: 'Accepted',
        currentTime: receivedAt,
        // Spread, so that chargers restarted by one power cut do not beat in step.
        interval: Math.round(node.config.heartbeatS * (0.9 + Math.random() * 0.2)),
      },
    }
  },
})

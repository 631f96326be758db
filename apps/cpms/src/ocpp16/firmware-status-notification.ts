import { route } from './action.ts'

/** Acknowledged and kept as received; updates are ordered elsewhere. */
export const firmwareStatusNotification = route({
  name: 'FirmwareStatusNotification',
  handle: ({ node, station }, request) =>
    Promise.resolve({
      answer: {},
      after: () => {
        node.log.info({ station: station.id, status: request.status }, 'firmware status')
        return Promise.resolve()
      },
    }),
})

import { route } from './action.ts'

/** Acknowledged and kept as received. */
export const diagnosticsStatusNotification = route({
  name: 'DiagnosticsStatusNotification',
  handle: ({ node, station }, request) =>
    Promise.resolve({
      answer: {},
      after: () => {
        node.log.info({ station: station.id, status: request.status }, 'diagnostics status')
        return Promise.resolve()
      },
    }),
})

import { route } from './action.ts'

/** Security extension, edition 3 §4.13: acknowledged and kept as received. */
export const logStatusNotification = route({
  name: 'LogStatusNotification',
  handle: ({ node, station }, request) =>
    Promise.resolve({
      answer: {},
      after: () => {
        node.log.info({ station: station.id, status: request.status }, 'log status')
        return Promise.resolve()
      },
    }),
})

import { route } from './action.ts'

/** Security extension, edition 3 §4.17: kept as evidence, and seen by whoever watches the log. */
export const securityEventNotification = route({
  name: 'SecurityEventNotification',
  handle: ({ node, station }, request) =>
    Promise.resolve({
      answer: {},
      after: () => {
        node.log.info({ station: station.id, type: request.type }, 'security event')
        return Promise.resolve()
      },
    }),
})

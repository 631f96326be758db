// Calls to addresses that partners name.
import { lookup as resolve } from 'node:dns'
import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isAllowedAddress } from './addresses.ts'

/**
 * A dispatcher that cannot reach our own network. The check sits where the socket is opened, so a name that resolves
 * to something else a second time gains nothing; undici asks no lookup for literals, so those are checked apart.
 */
export function createSafeAgent(options: { allowLoopback: boolean }): Agent {
  const isAllowed = (address: string) => isAllowedAddress(address, options.allowLoopback)
  const connect = buildConnector({
    timeout: 3_000,
    lookup: (hostname, how, callback) => {
      resolve(hostname, { ...how, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '', 0)
        const [first] = addresses
        if (first === undefined || addresses.some(({ address }) => !isAllowed(address)))
          return callback(
            new Error(`${hostname} resolves to an address that is not allowed`),
            '',
            0,
          )
        if (how.all === true) return callback(null, addresses)
        callback(null, first.address, first.family)
      })
    },
  })
  return new Agent({
    connect: (target, callback) => {
      const host = target.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !isAllowed(host))
        return callback(new Error(`${host} is not allowed`), null)
      connect(target, callback)
    },
  })
}

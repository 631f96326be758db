// Whom somebody else may have us call: webhooks, OCPI peers and all they name, at registration and at each call.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Whether somebody else's URL may lead to this address: public unicast only, and what cannot be read is refused. IPv4
 * in IPv6 clothes is judged as IPv4. Asked again of what a name resolves to when it is called: DNS may change.
 */
export function isAllowedAddress(address: string, allowLoopback: boolean): boolean {
  try {
    const range = ipaddr.process(address).range()
    return range === 'unicast' || (allowLoopback && range === 'loopback')
  } catch {
    return false
  }
}

const localName = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|test|invalid|onion)$/

/** Why we do not call this URL, or undefined. `new URL` has already unified odd spellings of addresses. */
export function urlObjection(url: URL, allowLoopback: boolean): string | undefined {
  if (url.username !== '' || url.password !== '') return 'must not name a user'
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
  if (allowLoopback && (host === 'localhost' || host === '::1' || host.startsWith('127.')))
    return url.protocol === 'http:' || url.protocol === 'https:'
      ? undefined
      : 'must be http or https'
  if (url.protocol !== 'https:') return 'must be https'
  if (url.port !== '') return 'must use port 443'
  if (isIP(host) !== 0)
    return isAllowedAddress(host, false) ? undefined : 'must not point to a private address'
  if (!host.includes('.') || localName.test(host)) return 'must name a public host'
  return undefined
}

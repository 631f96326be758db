// Whom somebody else may have us call: webhooks, OCPI peers and all they name, at registration and at each call.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** RFC 4291 §2.5.4 as IANA has given it out: what is routed anywhere in IPv6 is within it, old forms of IPv4 are not. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether somebody else's URL may lead to this address: public unicast only, and what cannot be read is refused. IPv4
 * in IPv6 clothes is judged as IPv4. Asked again of what a name resolves to when it is called: DNS may change.
 */
export function isAllowedAddress(address: string, allowLoopback: boolean): boolean {
  try {
    const read = ipaddr.process(address)
    const range = read.range()
    if (read instanceof ipaddr.IPv6 && range === 'unicast') return read.match(globalUnicast)
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

import ipaddr from 'ipaddr.js'

/**
 * Whether somebody else's URL may lead to this address: public unicast only, and what cannot be read is refused. IPv4
 * in IPv6 clothes is judged as IPv4. The one list for webhooks, OCPI peers and URLs at registration.
 */
export function isAllowedAddress(address: string, allowLoopback: boolean): boolean {
  try {
    const range = ipaddr.process(address).range()
    return range === 'unicast' || (allowLoopback && range === 'loopback')
  } catch {
    return false
  }
}

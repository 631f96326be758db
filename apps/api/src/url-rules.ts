// Which URLs a partner may have us call. The sender checks the address again when it connects: DNS may change.
import { BlockList, isIP } from 'node:net'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'

/** Everything that is not public unicast (IANA special-purpose registries). */
const closed = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4')
// IPv6: only 2000::/3 is public unicast, less the ranges inside it that embed or document other addresses.
const open6 = new BlockList()
open6.addSubnet('2000::', 3, 'ipv6')
const closed6 = new BlockList()
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed6.addSubnet(network, bits, 'ipv6')

const isPublicAddress = (address: string) =>
  isIP(address) === 4
    ? !closed.check(address, 'ipv4')
    : open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6')

const localName = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|test|invalid|onion)$/

/** Why this URL is refused, or undefined when it is allowed. `new URL` has already unified odd spellings of addresses. */
function objection(url: URL, allowLoopback: boolean): string | undefined {
  if (url.username !== '' || url.password !== '') return 'must not name a user'
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
  if (allowLoopback && (host === 'localhost' || host === '::1' || host.startsWith('127.')))
    return url.protocol === 'http:' || url.protocol === 'https:'
      ? undefined
      : 'must be http or https'
  if (url.protocol !== 'https:') return 'must be https'
  if (url.port !== '') return 'must use port 443'
  if (isIP(host) !== 0)
    return isPublicAddress(host) ? undefined : 'must not point to a private address'
  if (!host.includes('.') || localName.test(host)) return 'must name a public host'
  return undefined
}

/** Throws `webhook_url_refused` (or the code given) when we would not call this URL. */
export function checkPeerUrl(
  text: string,
  param: string,
  options: { allowLoopback: boolean; code: 'webhook_url_refused' | 'validation_error' },
): void {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new DomainError(options.code, `${param}: is not a URL`, { param })
  }
  const reason = objection(url, options.allowLoopback)
  if (reason !== undefined) throw new DomainError(options.code, `${param}: ${reason}`, { param })
}

// Which URLs a partner may have us call. The sender checks the address again when it connects: DNS may change.
import { isIP } from 'node:net'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { isAllowedAddress } from '@chargelane/corridor/worker/addresses'

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
    return isAllowedAddress(host, false) ? undefined : 'must not point to a private address'
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

// Which URLs a partner may have us call. The sender checks again when it connects: DNS may change.
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { urlObjection } from '@chargelane/corridor/worker/addresses'

/** Throws `webhook_url_refused` (or the code given) when we would not call this URL. */
export function checkPeerUrl(
  text: string,
  param: string,
  options: { allowLoopback: boolean; code: 'webhook_url_refused' | 'invalid_value' },
): void {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new DomainError(options.code, `${param}: is not a URL`, { param })
  }
  const reason = urlObjection(url, options.allowLoopback)
  if (reason !== undefined) throw new DomainError(options.code, `${param}: ${reason}`, { param })
}

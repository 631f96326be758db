import { randomBytes } from 'node:crypto'
import {
  paymentEndpointsOf,
  putPaymentEndpoint,
} from '@chargelane/db/queries/payments/payment-endpoints'
import { paymentEndpointView } from '@chargelane/db/views/money/payment-endpoints'
import type { Contract } from '@chargelane/openapi'
import { checkPeerUrl } from '../../http/door/url-rules.ts'
import type { Handlers } from '../../http/handler.ts'

/** Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

export const paymentEndpointRoutes: Handlers<Contract['payment_endpoints']> = {
  async set({ deps, tx, viewer, body, now: at }) {
    const { kind, url } = body
    const code = 'webhook_url_refused'
    checkPeerUrl(url, 'url', { allowLoopback: deps.allowLoopbackUrls, code })
    const secret = newSecret()
    const { accountId } = viewer
    return paymentEndpointView(
      await putPaymentEndpoint(tx, { accountId, kind, url, secret, at }),
      secret,
    )
  },
  async list({ tx, viewer }) {
    const rows = await paymentEndpointsOf(tx, viewer.accountId)
    return { data: rows.map((row) => paymentEndpointView(row)) }
  },
}

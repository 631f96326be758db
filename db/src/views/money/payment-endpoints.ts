import type { PaymentEndpoint as Shown } from '@chargelane/openapi'
import type { PaymentEndpoint } from '../../queries/payments/payment-endpoints.ts'

/** The secret is told once, by whoever made it. */
export const paymentEndpointView = (
  { accountId, kind, url, updatedAt }: Omit<PaymentEndpoint, 'secret'>,
  secret: string | null = null,
): Shown => ({ account: accountId, kind, url, secret, updated_at: updatedAt })

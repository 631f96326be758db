import type { Quote } from '@chargelane/openapi'
import { quoteStatus } from '@chargelane/rules/quote/may-start'
import type { QuoteRow } from '../../queries/sessions/quotes.ts'

export function quoteView(row: QuoteRow, driverExternalId: string, now: string): Quote {
  const { body } = row
  return {
    ...body,
    fees_to_driver: [],
    id: row.id,
    status: quoteStatus(row, now),
    session: row.sessionId,
    evse: row.evseId,
    evse_id: body.evse,
    connector: row.connectorId,
    cpo: row.cpoId,
    driver: { id: row.driverId, external_id: driverExternalId },
    payment_source: row.paymentSourceId,
    channel: row.channel,
    signature: { key_id: row.keyId, algorithm: 'Ed25519', value: row.signature },
    signed_body: { id: row.id, account: row.accountId, body },
    livemode: false,
  }
}

import { cancelQuote, getQuote } from '@chargelane/db/queries/sessions/quotes'
import type { Contract } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { missing } from '../http/errors.ts'
import type { Handlers } from '../http/handler.ts'
import { makeQuote, priceBatch, quoteStatus, readQuote } from '../offers.ts'

export const quoteRoutes: Handlers<Contract['quotes']> = {
  create({ deps, tx, viewer, body, now }) {
    return makeQuote(
      { sql: tx, signer: deps.signer, now },
      {
        accountId: viewer.accountId,
        evse: body.evse,
        connector: body.connector,
        paymentSource: body.payment_source,
        driverExternalId: body.driver?.external_id,
        energyWh: body.est_energy_wh,
        durationS: body.est_duration_s,
        channel: body.channel,
      },
    )
  },

  batch: ({ tx, viewer, body, now }) => priceBatch({ sql: tx, now }, viewer.accountId, body),

  get: ({ tx, viewer, params, now }) => readQuote(tx, viewer.sees, params.id, now),

  async cancel({ tx, viewer, params, now }) {
    const cancelled = await cancelQuote(tx, viewer.sees, params.id)
    if (!cancelled) {
      const row = await getQuote(tx, viewer.sees, params.id)
      if (!row) throw missing('quote')
      const status = quoteStatus(row, now)
      if (status === 'consumed') {
        throw new DomainError('quote_consumed', `Quote ${row.id} started ${row.sessionId}.`, {
          extra: { session: row.sessionId },
        })
      }
      if (status === 'expired') {
        throw new DomainError('quote_expired', `Quote ${row.id} expired at ${row.expiresAt}.`)
      }
    }
    return readQuote(tx, viewer.sees, params.id, now)
  },
}

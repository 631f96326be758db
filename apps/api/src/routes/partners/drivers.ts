import { asAccount, type Sql } from '@chargelane/db'
import {
  createToken,
  getToken,
  listTokens,
  updateToken,
  type TokenRow,
} from '@chargelane/db/queries/partners/accounts'
import {
  getOrCreateDriver,
  getPaymentSource,
  type DriverRow,
} from '@chargelane/db/queries/partners/drivers'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest } from '../../http/page.ts'
import { tokenView } from '@chargelane/db/views/partners/drivers'
import { driverOf } from './payment-sources.ts'

/** eMAID of our own provider id with the token's last nine characters (ISO 15118-1 H.1: country, provider, instance). */
const contractIdOf = (tokenId: string) => `DECLNC${tokenId.slice(-8)}`

type Registration = {
  id: string
  accountId: string
  body: BodyOf<Contract['tokens']['create']>
  now: string
}

/** A repeat finds the card that it made. */
async function registerCard(
  tx: Sql,
  { id, accountId, body, now }: Registration,
): Promise<{ token: TokenRow; driver: DriverRow }> {
  const source = await getPaymentSource(tx, accountId, body.payment_source)
  if (!source) throw missing('payment source', 'payment_source')
  const driver = await getOrCreateDriver(tx, accountId, body.driver.external_id, now)
  if (source.driverId !== driver.id) {
    throw new DomainError('invalid_value', 'payment_source: belongs to another driver', {
      param: 'payment_source',
    })
  }
  const made = await createToken(tx, {
    id,
    accountId,
    driverId: driver.id,
    paymentSourceId: source.id,
    uid: body.uid,
    type: body.type,
    contractId: body.contract_id ?? contractIdOf(id),
    at: now,
  })
  if (made.kind === 'taken') {
    throw new DomainError('invalid_value', 'uid: this card is registered already', {
      param: 'uid',
    })
  }
  return { token: made.token, driver }
}

export const tokenRoutes: Handlers<Contract['tokens']> = {
  create: {
    resource: 'token',
    async outside({ deps, viewer, body, now, resourceId: id }) {
      const { token, driver } = await asAccount(deps.db, viewer.sees, (tx) =>
        registerCard(tx, { id, accountId: viewer.accountId, body, now }),
      )
      // Nobody but the platform hears that another account has the card.
      if (!token.isFirst)
        await openIncident(deps.db, {
          kind: 'card_contested',
          subject: { type: 'token', id },
          cause: 'a second account registered a card: at chargers it stays that of the first',
          detail: { token: id, claimed_by: viewer.accountId },
          actions: ['grant', 'refuse'],
          at: now,
        })
      return tokenView(token, driver)
    },
  },

  async get({ tx, viewer, params }) {
    const row = await getToken(tx, viewer.sees, params.id)
    if (!row) throw missing('token')
    return tokenView(row, await driverOf(tx, row))
  },

  async list({ tx, viewer, query }) {
    const page = await listTokens(tx, viewer.sees, pageRequest(query, 'token'))
    const view = async (row: TokenRow) => tokenView(row, await driverOf(tx, row))
    const data = []
    for (const row of page.data) data.push(await view(row))
    return { data, has_more: page.hasMore, next_cursor: page.nextCursor }
  },

  async update({ tx, viewer, params, body, now }) {
    const row = await updateToken(tx, viewer.sees, params.id, { status: body.status, at: now })
    if (!row) throw missing('token')
    return tokenView(row, await driverOf(tx, row))
  },
}

import { createHash } from 'node:crypto'
import { findConnection } from '@chargelane/db/queries/connections'
import { getTariff, listTariffs, putTariff } from '@chargelane/db/queries/tariffs'
import type { Contract } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { isKnownCurrency } from '@chargelane/workflows/money'
import { hashTariff } from '@chargelane/workflows/quote/rules'
import { canonicalTariff } from '@chargelane/workflows/rating/rules'
import { missing } from '../errors.ts'
import type { Handlers } from '../handler.ts'
import { pageRequest } from '../page.ts'
import { pageView, tariffView } from '../views.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const invalid = (param: string, message: string) =>
  new DomainError('validation_error', `${param}: ${message}`, { param })

/** `elements[0].price_components[1].price` as the API writes paths: with dots. */
const dotted = (path: string) => path.replaceAll(/\[(\d+)\]/g, '.$1').replace(/^\./, '')

export const tariffRoutes: Handlers<Contract['tariffs']> = {
  async create({ tx, viewer, body, now }) {
    const connection = await findConnection(tx, body.connection)
    if (!connection || (viewer.type !== 'platform' && connection.cpoId !== viewer.accountId))
      throw missing('connection', 'connection')
    if (connection.protocol !== 'node')
      throw invalid('connection', 'tariffs of an OCPI connection come over OCPI')
    const read = canonicalTariff(body.tariff)
    if (!read.ok) {
      const [first] = read.problems
      const path = dotted(first?.path ?? '')
      const param = path === '' ? 'tariff' : `tariff.${path}`
      throw new DomainError('validation_error', `${param}: ${first?.message ?? 'is malformed'}`, {
        param,
        extra: { problems: read.problems.slice(0, 50) },
      })
    }
    const { tariff } = read
    if (!isKnownCurrency(tariff.currency)) {
      throw new DomainError('unsupported_currency', `We cannot sell in ${tariff.currency}.`, {
        param: 'tariff.currency',
      })
    }
    if (tariff.country_code !== connection.countryCode || tariff.party_id !== connection.partyId) {
      const party = `${connection.countryCode}*${connection.partyId}`
      throw invalid('tariff.party_id', `must be the party of the connection, ${party}`)
    }
    const { tariff: row } = await putTariff(tx, {
      connectionId: connection.id,
      cpoId: connection.cpoId,
      countryCode: tariff.country_code,
      partyId: tariff.party_id,
      ocpiId: tariff.id,
      currency: tariff.currency,
      status: 'valid',
      problems: [],
      raw: JSON.stringify(body.tariff),
      canonical: tariff,
      hash: hashTariff(tariff, sha256),
      at: now,
    })
    return tariffView(row)
  },

  async get({ tx, viewer, params, query }) {
    const row = await getTariff(tx, viewer.sees, params.id, query.version)
    if (!row) throw missing('tariff')
    return tariffView(row)
  },

  async list({ tx, viewer, query }) {
    const page = await listTariffs(tx, viewer.sees, {
      ...pageRequest(query, 'tariff'),
      ...(viewer.type === 'cpo' ? { cpoId: viewer.accountId } : {}),
    })
    return pageView(page, tariffView)
  },
}

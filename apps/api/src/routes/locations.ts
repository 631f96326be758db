import { everyAccount } from '@chargelane/db'
import { findConnection } from '@chargelane/db/queries/locations/connections'
import {
  createLocation,
  getLocation,
  listLocations,
} from '@chargelane/db/queries/locations/locations'
import { meterKeysOf } from '@chargelane/db/queries/locations/meter-keys'
import { findEvses, searchEvses } from '@chargelane/db/queries/locations/search'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../http/handler.ts'
import { registerMeterKey } from '../meter-key.ts'
import { pageRequest } from '../http/page.ts'
import { evseView, locationView, meterKeyView } from '@chargelane/db/views/locations'
import { pageView } from '../http/page.ts'

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const locationRoutes: Handlers<Contract['locations']> = {
  async create({ tx, viewer, body, now }) {
    const connection = await findConnection(tx, body.connection)
    if (!connection || (viewer.type !== 'platform' && connection.cpoId !== viewer.accountId))
      throw missing('connection', 'connection')
    if (connection.protocol !== 'node') {
      throw new DomainError(
        'validation_error',
        'connection: locations of an OCPI connection come over OCPI',
        { param: 'connection' },
      )
    }
    if (!isTimeZone(body.time_zone)) {
      throw new DomainError('validation_error', 'time_zone: is no IANA time zone', {
        param: 'time_zone',
      })
    }
    const owner = { connectionId: connection.id, cpoId: connection.cpoId }
    const row = await createLocation(tx, owner, {
      countryCode: connection.countryCode,
      partyId: connection.partyId,
      name: body.name,
      address: body.address,
      city: body.city,
      postalCode: body.postal_code ?? null,
      country: body.country,
      latitude: body.position.latitude,
      longitude: body.position.longitude,
      timeZone: body.time_zone,
      lastUpdated: now,
    })
    return locationView(row)
  },

  async get({ tx, params }) {
    const row = await getLocation(tx, params.id)
    if (!row) throw missing('location')
    return locationView(row)
  },

  async list({ tx, viewer, query }) {
    const cpo = viewer.type === 'cpo' ? viewer.accountId : everyAccount
    const page = await listLocations(tx, cpo, pageRequest(query, 'location'))
    return pageView(page, locationView)
  },
}

export const evseRoutes: Handlers<Contract['evses']> = {
  async search({ tx, body, now }) {
    const hits = await searchEvses(
      tx,
      { near: body.near, radiusM: body.radius_m },
      {
        limit: body.limit,
        availableOnly: body.available_only,
        ...(body.connector === undefined ? {} : { connector: body.connector }),
        ...(body.min_power_w === undefined ? {} : { minPowerW: body.min_power_w }),
      },
      now,
    )
    return { data: hits.map((hit) => ({ ...evseView(hit), distance_m: hit.distanceM })) }
  },

  async get({ tx, params, now }) {
    const [best] = await findEvses(tx, params.id, now)
    if (!best) throw missing('EVSE')
    return evseView(best)
  },

  async add_meter_key({ tx, viewer, params, body, now }) {
    const found = await findEvses(tx, params.id, now)
    // A key decides about another's money: it is the operator's own to register.
    const own = found.find(({ cpo }) => viewer.type === 'platform' || cpo.id === viewer.accountId)
    if (!own) throw missing('EVSE')
    const evse = { id: own.id, cpoId: own.cpo.id }
    return meterKeyView(await registerMeterKey(tx, evse, body, { now, param: 'public_key' }))
  },

  async meter_keys({ tx, params, now }) {
    const [best] = await findEvses(tx, params.id, now)
    if (!best) throw missing('EVSE')
    return { data: (await meterKeysOf(tx, best.id)).map(meterKeyView) }
  },
}

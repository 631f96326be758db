import { everyAccount } from '@chargelane/db'
import { getLocation, listLocations } from '@chargelane/db/queries/locations/locations'
import { meterKeysOf } from '@chargelane/db/queries/locations/meter-keys'
import { findEvses, searchEvses, searcherOf } from '@chargelane/db/queries/locations/search'
import { evseView, locationView, meterKeyView } from '@chargelane/db/views/supply/locations'
import { addMeterKey, openLocation } from '@chargelane/corridor/onboarding/locations'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { refuseOtherRegion } from '../../http/door/residency.ts'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const locationRoutes: Handlers<Contract['locations']> = {
  async create(call) {
    refuseOtherRegion(call.deps, call.body.country)
    return locationView(await openLocation(call, call.body))
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
  async search({ tx, viewer, body, now }) {
    const hits = await searchEvses(
      tx,
      { near: body.near, radiusM: body.radius_m },
      {
        limit: body.limit,
        who: await searcherOf(tx, viewer.accountId, now),
        availableOnly: body.available_only,
        ...(body.connector === undefined ? {} : { connector: body.connector }),
        ...(body.min_power_w === undefined ? {} : { minPowerW: body.min_power_w }),
      },
      now,
    )
    return { data: hits.map((hit) => ({ ...evseView(hit), distance_m: hit.distanceM })) }
  },

  async get({ tx, viewer, params, now }) {
    const who = await searcherOf(tx, viewer.accountId, now)
    const [best] = await findEvses(tx, params.id, now, who)
    if (!best) throw missing('EVSE')
    return evseView(best)
  },

  async add_meter_key(call) {
    return meterKeyView(await addMeterKey(call, call.params.id, call.body))
  },

  async meter_keys({ tx, params, now }) {
    const [best] = await findEvses(tx, params.id, now)
    if (!best) throw missing('EVSE')
    return { data: (await meterKeysOf(tx, best.id)).map(meterKeyView) }
  },
}

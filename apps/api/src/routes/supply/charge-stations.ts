import { getStation, listStations } from '@chargelane/db/queries/chargers/chargers'
import { evsesOfStations } from '@chargelane/db/queries/chargers/node-evses'
import { chargeStationView } from '@chargelane/db/views/supply/charge-stations'
import { isTenant } from '@chargelane/corridor/onboarding/act'
import { addStation } from '@chargelane/corridor/onboarding/charge-stations'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'

const scopeOf = (viewer: Viewer) =>
  isTenant(viewer) ? { cpo: viewer.accountId } : ('all' as const)

export const chargeStationRoutes: Handlers<Contract['charge_stations']> = {
  async create(call) {
    const { row, evses, password } = await addStation(call, call.body)
    return chargeStationView(row, evses, call.deps.ocppUrl, password)
  },

  async get({ deps, tx, viewer, params }) {
    const row = await getStation(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('charge station')
    return chargeStationView(row, await evsesOfStations(tx, [row.id]), deps.ocppUrl)
  },

  async list({ deps, tx, viewer, query }) {
    const page = pageRequest(query, 'chargeStation')
    const rows = await listStations(tx, scopeOf(viewer), oneMore(page))
    const cut = cutPage(rows, query.limit)
    const evses = await evsesOfStations(
      tx,
      cut.data.map((row) => row.id),
    )
    return pageView(cut, (row) => chargeStationView(row, evses, deps.ocppUrl))
  },
}

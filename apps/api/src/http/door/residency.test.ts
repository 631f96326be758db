import { residencyRegionOf } from '@chargelane/openapi/vocabulary/countries'
import { afterAll, expect, it } from 'vitest'
import { populate, startTestApi } from '../../testing.ts'

const api = await startTestApi({ residencyRegions: ['eu'] })
const world = await populate(api)
afterAll(() => api.stop())

it('an account and a location say whose rules their data is under', async () => {
  const account = await api.platform.accounts.get(world.cpo.account.id)
  const location = await world.cpo.lane.locations.get(world.location.id)
  expect([account.residency_region, location.residency_region]).toEqual(['eu', 'eu'])
  expect(['GB', 'CH', 'LI', 'US', 'NO', 'JP'].map(residencyRegionOf)).toEqual([
    'uk',
    'ch',
    'ch',
    'us',
    'eu',
    'eu',
  ])
})

it('R124: what belongs to another region is refused where it is taken in, and that is kept', async () => {
  const { id: _id, connection, ...place } = world.location
  const asked = world.cpo.lane.locations.create({
    connection,
    name: 'Gotthard',
    address: place.address,
    city: 'Göschenen',
    country: 'CH',
    position: { latitude: 46.66, longitude: 8.58 },
    time_zone: 'Europe/Zurich',
  })
  await expect(asked).rejects.toMatchObject({
    code: 'residency_violation',
    status: 403,
    problem: { residency_region: 'ch' },
  })
  await api.deps.denials.flush()
  const { data } = await api.platform.access_denials.list({ account: world.cpo.account.id })
  expect(data).toMatchObject([{ operation: 'locations.create', code: 'residency_violation' }])
})

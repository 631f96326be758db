// What no column of ours holds is wrong with its object, not with us.
import { setEvseStatuses } from '@chargelane/db/queries/chargers/chargers'
import { drivers } from '@chargelane/db/schema'
import { afterAll, expect, test } from 'vitest'
import { own, path, startScene } from './gateway.fake.ts'
import { problemOf, refusalOf } from './status.ts'

const scene = await startScene()
const { db, call, token } = scene
afterAll(scene.stop)

test.each(['max_voltage', 'max_amperage', 'max_electric_power'])(
  'a %s that no plug has is refused by name',
  async (field) => {
    const plate = { max_voltage: 920, max_amperage: 500, [field]: 3_000_000_000 }
    const plug = { id: '9', standard: 'IEC_62196_T2', format: 'CABLE', power_type: 'DC' }
    const body = { ...plug, ...plate, tariff_ids: ['11'], last_updated: '2026-01-02T10:00:00Z' }
    const answer = await call('PUT', `${path}/locations/${own}/LOC1/3256/9`, { token, body })
    expect(answer).toMatchObject({ http: 200, status: 2001 })
    expect(answer.message).toContain(field)
  },
)

const told = async (take: () => Promise<unknown>) => [
  await problemOf(async () => void (await take())).catch(() => 'not the peer’s'),
  await take().catch((error: unknown) => refusalOf(error).status),
]

test('a value that the database cannot hold spoils its object alone, and any other failure is ours', async () => {
  const report = {
    stationId: 'cs_1',
    status: 'AVAILABLE',
    at: new Date().toISOString(),
    isOfIdle: false,
  } as const
  const beyond = () => setEvseStatuses(db, [{ ...report, ocppEvseId: 3_000_000_000 }])
  expect(await told(beyond)).toEqual([expect.stringContaining('out of range'), 2001])
  const known = await db.select().from(drivers)
  const twice = () => db.insert(drivers).values(known)
  expect(await told(twice)).toEqual(['not the peer’s', 3000])
})

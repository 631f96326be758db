// A distribution agreement is changed by two sides, joined for free, and named by the quotes that are sold under it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const cpoTerms = (bps: number) => ({
  side: 'cpo' as const,
  commission: { bps, floor: { amount: 20, currency: 'EUR' } },
  supply_model: 'agency' as const,
})
const problemOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'code' in error ? error.code : error,
  )

describe('other terms', () => {
  test('count when the other side accepts them, and the quote names their version', async () => {
    const { a, cpo, sources } = world
    const before = await a.lane.quotes.create({
      evse: 'DE*VWL*E1001*2',
      payment_source: sources.a.id,
    })
    const made = await api.platform.agreements.create({
      account: cpo.account.id,
      terms: cpoTerms(1_000),
    })
    expect(made).toMatchObject({ version: 2, status: 'proposed', active_version: 1 })
    expect(before.distribution?.agreement).toMatchObject({ id: made.id, version: 1 })
    expect(await problemOf(api.platform.agreements.accept(made.id))).toBe('invalid_transition')
    expect(await problemOf(a.lane.agreements.get(made.id))).toBe('resource_missing')
    expect(await problemOf(a.lane.agreements.accept(made.id))).toBe('resource_missing')
    expect(await cpo.lane.agreements.accept(made.id)).toMatchObject({
      status: 'active',
      active_version: 2,
      decided_by: cpo.account.id,
    })
    const after = await a.lane.quotes.create({
      evse: 'DE*VWL*E1001*2',
      payment_source: sources.a.id,
    })
    expect(after.distribution?.agreement).toMatchObject({
      id: made.id,
      version: 2,
      commission: { bps: 1_000 },
    })
    // What was quoted before keeps what it named.
    expect((await a.lane.quotes.get(before.id)).distribution).toEqual(before.distribution)
    expect(await cpo.lane.agreements.get(made.id, { version: 1 })).toMatchObject({
      status: 'ended',
    })
  })

  test('that do not cover the charger’s country sell nothing there', async () => {
    const terms = { side: 'partner', partner_share_bps: 0, benefit_mode: 'revenue_share' } as const
    const wish = { evse: 'DE*VWL*E1001*2', payment_source: world.sources.b.id }
    const agree = async (markets: string[] | null) => {
      const account = world.b.account.id
      const made = await api.platform.agreements.create({ account, terms: { ...terms, markets } })
      await world.b.lane.agreements.accept(made.id)
    }
    await agree(['NL'])
    expect(await problemOf(world.b.lane.quotes.create(wish))).toBe('price_unavailable')
    await agree(null)
    expect((await world.b.lane.quotes.create(wish)).status).toBe('open')
  })

  test('are an account’s to propose, and the platform’s to reject', async () => {
    const terms = { side: 'partner', partner_share_bps: 9_000, benefit_mode: 'discount' } as const
    const made = await world.b.lane.agreements.create({ terms })
    expect(made).toMatchObject({ status: 'proposed', proposed_by: world.b.account.id })
    expect(await problemOf(world.b.lane.agreements.accept(made.id))).toBe('invalid_transition')
    expect(await problemOf(world.b.lane.agreements.create({ terms }))).toBe('invalid_transition')
    const rejected = await api.platform.agreements.reject(made.id, { reason: 'too much' })
    expect(rejected).toMatchObject({ status: 'rejected', active_version: 3 })
  })
})

test('public terms are joined by whoever is of that side, and cost nothing', async () => {
  const terms = {
    side: 'partner',
    partner_share_bps: 2_500,
    benefit_mode: 'revenue_share',
  } as const
  const open = await api.platform.agreements.create({ terms })
  expect(open).toMatchObject({ account: null, status: 'active', version: 1 })
  expect(await problemOf(world.cpo.lane.agreements.accept(open.id))).toBe('invalid_transition')
  const own = await world.b.lane.agreements.accept(open.id)
  expect(own).toMatchObject({
    account: world.b.account.id,
    status: 'active',
    joined: `${open.id}@1`,
    terms: { partner_share_bps: 2_500 },
  })
  expect(await problemOf(world.b.lane.agreements.end(open.id, { reason: 'x' }))).toBe(
    'resource_missing',
  )
  const listed = await world.a.lane.agreements.list({ side: 'partner' })
  const accounts = listed.data.map(({ account }) => account)
  expect(new Set(accounts)).toEqual(new Set([null, world.a.account.id]))
  expect(accounts).toHaveLength(2)
})

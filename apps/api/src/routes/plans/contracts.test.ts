// Contracts, groups of drivers and access to places, over the API: who may start where, when, and at which price.
import { chargeStations, evses } from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardOf, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
let staff: string
let staffCard: string
const evse = 'DE*VWL*E1001*2'
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  staff = (await world.a.lane.driver_groups.create({ name: 'Staff', drivers: ['user-staff'] })).id
  staffCard = (await cardOf(world.a.lane, 'user-staff')).id
})
afterAll(() => api.stop())

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

const quote = (source = world.sources.a.id) =>
  world.a.lane.quotes.create({ evse, payment_source: source, est_energy_wh: 10_000 })

describe('a group of drivers', () => {
  it('is its partner’s alone, and changes by name', async () => {
    const { lane } = world.a
    const group = await lane.driver_groups.create({ name: 'Fleet', drivers: ['b', 'a', 'a'] })
    expect(group.drivers).toEqual(['a', 'b'])
    const changed = await lane.driver_groups.update(group.id, { add: ['c'], remove: ['a'] })
    expect(changed.drivers).toEqual(['b', 'c'])
    expect((await refusal(world.b.lane.driver_groups.get(group.id))).code).toBe('resource_missing')
    expect((await refusal(world.b.lane.driver_groups.update(group.id, { add: ['x'] }))).code).toBe(
      'resource_missing',
    )
  })
})

const deal = async (over: object = {}) => {
  const rate = await world.cpo.lane.rate_agreements.create({
    counterparty: world.a.account.id,
    name: 'Workplace',
    justification: 'Employees of the host charge at the price of its supply contract.',
    price: { kind: 'discount', discount_bps: { ENERGY: 2_000 } },
  })
  await world.a.lane.rate_agreements.accept(rate.id)
  const made = await world.cpo.lane.contracts.create({
    counterparty: world.a.account.id,
    name: 'Workplace charging',
    driver_groups: [staff],
    rate_agreement: rate.id,
    ...over,
  })
  return { made, rate }
}

describe('a contract', () => {
  it('prices the sessions of its drivers by its rate agreement, and nobody else’s', async () => {
    const before = await quote()
    expect(before.basis).toBe('public')
    const { made, rate } = await deal()
    expect((await quote(staffCard)).contract).toBeUndefined()
    const active = await world.a.lane.contracts.accept(made.id)
    expect(active).toMatchObject({ status: 'active', version: 1, cpo: world.cpo.account.id })
    const own = await quote(staffCard)
    expect(own).toMatchObject({
      basis: 'rate_agreement',
      agreement: { id: rate.id },
      contract: {
        id: made.id,
        version: 1,
        name: 'Workplace charging',
        precedence: { site: 'operator', drivers: 'group', from: active.active_from },
        rate_agreement: rate.id,
        split_policy: null,
      },
    })
    expect(own.applied_price_total.amount).toBeLessThan(own.public_price_total.amount)
    // The agreement that the contract names prices nothing else.
    expect(await quote()).toMatchObject({ basis: 'public' })
    expect((await quote()).contract).toBeUndefined()
    expect(own.signed_body).toMatchObject({ body: { contract: { id: made.id } } })

    const place = await world.cpo.lane.contracts.create({
      counterparty: world.a.account.id,
      name: 'This charger',
      evses: [own.evse],
    })
    await world.a.lane.contracts.accept(place.id)
    // The narrower place stands before the group; it has no price of its own, so the public one is due.
    expect(await quote(staffCard)).toMatchObject({
      basis: 'public',
      contract: { id: place.id, precedence: { site: 'evse', drivers: 'all' } },
    })
    await world.cpo.lane.contracts.end(place.id, { reason: 'a trial' })
    expect((await quote(staffCard)).contract?.id).toBe(made.id)
    await world.a.lane.contracts.end(made.id, { reason: 'done' })
    expect((await quote(staffCard)).contract).toBeUndefined()
  })

  it('of equal rank is refused at activation', async () => {
    const effective_from = new Date(Date.now() + 86_400_000).toISOString()
    const one = await world.cpo.lane.contracts.create({
      counterparty: world.a.account.id,
      name: 'One',
      effective_from,
    })
    const two = await world.cpo.lane.contracts.create({
      counterparty: world.a.account.id,
      name: 'Two',
      effective_from,
    })
    await world.a.lane.contracts.accept(one.id)
    expect(await refusal(world.a.lane.contracts.accept(two.id))).toMatchObject({
      code: 'invalid_value',
      param: 'effective_from',
    })
  })

  it('names what the two sides have, or is refused', async () => {
    const { lane } = world.cpo
    const counterparty = world.a.account.id
    const offer = (over: object) => lane.contracts.create({ counterparty, name: 'x', ...over })
    const foreign = await world.b.lane.driver_groups.create({ name: 'Others', drivers: [] })
    for (const [over, param] of [
      [{ driver_groups: [foreign.id] }, 'driver_groups'],
      [{ rate_agreement: newId('rateAgreement') }, 'rate_agreement'],
      [{ split_policy: `spl_${newId('request').slice(4)}@1` }, 'split_policy'],
    ] as const) {
      const made = await offer(over)
      expect((await refusal(world.a.lane.contracts.accept(made.id))).param).toBe(param)
    }
    expect((await refusal(world.cpo.lane.contracts.accept((await offer({})).id))).code).toBe(
      'invalid_transition',
    )
    const own = { counterparty: world.cpo.account.id, name: 'x', driver_groups: [foreign.id] }
    expect((await refusal(world.a.lane.contracts.create(own))).param).toBe('driver_groups')
  })
})

describe('access to a place', () => {
  it('is refused before anything is held, and searches and EVSEs say why', async () => {
    const { lane } = world.cpo
    const open = await world.a.lane.evses.get(evse)
    expect(open.access).toEqual({
      allowed: true,
      reason: null,
      text: null,
      opens_at: null,
      closes_at: null,
      ends_at_close: false,
    })
    const rule = await lane.access_rules.create({
      name: 'Staff of the clinic',
      locations: [open.location.id],
      admits: { driver_groups: [staff] },
    })
    expect(await refusal(quote())).toMatchObject({
      code: 'site_access_denied',
      status: 403,
      param: 'evse',
      message: expect.stringContaining('Charging here is for: Staff of the clinic.'),
    })
    const own = await quote(staffCard)
    expect(own.access).toEqual({
      rule: rule.id,
      name: 'Staff of the clinic',
      closes_at: null,
      ends_at_close: false,
    })
    expect((await world.b.lane.evses.get(evse)).access).toMatchObject({
      allowed: false,
      reason: 'not_admitted',
      text: 'Charging here is for: Staff of the clinic.',
    })
    await api.database.db.update(chargeStations).set({ online: true })
    await api.database.db.update(evses).set({ status: 'AVAILABLE' })
    const found = async (by: World['a']) =>
      (await by.lane.evses.search({ near: open.location.position, available_only: true })).data.map(
        ({ evse_id }) => evse_id,
      )
    expect(await found(world.a)).toContain(evse)
    expect(await found(world.b)).not.toContain(evse)
    const shown = await world.b.lane.evses.search({ near: open.location.position })
    expect(shown.data.find(({ evse_id }) => evse_id === evse)?.access.allowed).toBe(false)
    await lane.access_rules.end(rule.id)
    expect((await quote()).access).toBeUndefined()
    expect((await refusal(lane.access_rules.end(rule.id))).code).toBe('invalid_transition')
  })

  it('closes by the clock of the site, says when it opens, and a quote does not start beyond it', async () => {
    const { lane } = world.cpo
    const today = new Date(Date.now()).toISOString().slice(0, 10)
    const closed = await lane.access_rules.create({
      name: 'Visitors',
      hours: { weekly: [], special_days: [{ date: '2020-01-01', windows: [] }] },
    })
    const error = await refusal(quote())
    expect(error).toMatchObject({ code: 'site_access_denied' })
    await lane.access_rules.end(closed.id)
    // Open today and, in the site's zone, until its midnight at the latest of two days.
    const days = [-1, 0, 1].map((day) =>
      new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10),
    )
    const rule = await lane.access_rules.create({
      name: 'Visitors',
      end_at_close: true,
      hours: { weekly: [], special_days: days.map((date) => ({ date, windows: [{}] })) },
    })
    const made = await quote()
    expect(made.access).toMatchObject({ rule: rule.id, ends_at_close: true })
    expect(Date.parse(made.access?.closes_at ?? '')).toBeGreaterThan(Date.parse(today))
    await lane.access_rules.end(rule.id)
  })

  it('is its operator’s to give, at places of its own', async () => {
    expect((await refusal(world.a.lane.access_rules.create({ name: 'x' }))).code).toBe(
      'insufficient_scope',
    )
    const foreign = { name: 'x', evses: [newId('evse')] }
    expect(await refusal(world.cpo.lane.access_rules.create(foreign))).toMatchObject({
      code: 'resource_missing',
      param: 'evses',
    })
    const night = { name: 'x', hours: { weekly: [{ start_time: '22:00', end_time: '06:00' }] } }
    expect((await refusal(world.cpo.lane.access_rules.create(night))).status).toBe(422)
  })
})

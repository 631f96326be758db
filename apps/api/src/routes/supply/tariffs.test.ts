import { events } from '@chargelane/db/schema'
import type { ChargelaneError } from '@chargelane/sdk'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memberText } from '../../http/body.ts'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

type Body = Parameters<World['cpo']['lane']['tariffs']['create']>[0]['tariff']
const publish = (tariff: Body) =>
  world.cpo.lane.tariffs.create({ connection: world.connection.id, tariff })
const plain = (id: string, price: number, more: Partial<Body> = {}): Body => ({
  ...ocpiTariff(id, price),
  ...more,
})
const quote = () =>
  world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id })
const minutes = (count: number) => api.setClock(count * 60_000)
/** As its operator hears of it. */
const typesOf = async (id: string) =>
  (await api.database.db.select().from(events))
    .filter(({ objectId, accountId }) => objectId === id && accountId === world.cpo.account.id)
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ type }) => type)

describe('publishing on your own node', () => {
  it('keeps the very bytes that were sent, for their operator alone', async () => {
    const text = `{ "tariff" : ${JSON.stringify(plain('BYTES', 0.5)).replace('0.5', '0.50')} , "connection":"${world.connection.id}" }`
    const response = await fetch(`${api.url}/v1/tariffs`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${world.cpo.key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': crypto.randomUUID(),
      },
      body: text,
    })
    expect(response.status).toBe(201)
    const { id } = (await response.json()) as { id: string }
    const raw = Buffer.from(await world.cpo.lane.tariffs.raw(id)).toString()
    expect(raw).toBe(memberText(text, 'tariff'))
    expect(raw).toContain('"price":0.50')
    const status = { status: 404 }
    expect(await refusal(world.a.lane.tariffs.raw(id))).toMatchObject(status)
    expect(await refusal(world.otherCpo.lane.tariffs.raw(id))).toMatchObject(status)
  })

  it('refuses what could not be sold, says why, and leaves the present price in force', async () => {
    const gap = plain('GAP', 0.5, {
      elements: [
        {
          price_components: [{ type: 'TIME', price: 0.5, vat: 19, step_size: 1 }],
          restrictions: { reservation: 'RESERVATION' },
        },
      ],
    })
    expect(await refusal(publish(gap))).toMatchObject({
      code: 'invalid_value',
      param: 'tariff.elements',
      problem: { rule: 'gap', problems: [{ rule: 'gap', severity: 'error' }] },
    })
    const perMinute = plain('dc-2026', 0.5, {
      elements: [
        {
          price_components: [
            { type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 },
            { type: 'TIME', price: 6, vat: 19, step_size: 1 },
          ],
        },
      ],
    })
    expect(await refusal(publish(perMinute))).toMatchObject({
      code: 'market_rule_violation',
      status: 422,
      param: 'tariff.elements.0.price_components.1',
      problem: { rule: 'price_rule.kwh_base_required' },
    })
    expect(await world.a.lane.tariffs.get(world.tariff.id)).toMatchObject({ version: 1 })
    // Below 50 kW the same is allowed; at 50 kW it cannot be put.
    const slow = await publish({ ...perMinute, id: 'SLOW' })
    expect(slow).toMatchObject({ status: 'valid', problems: [{ severity: 'warning' }] })
    const [connector] = [
      { standard: 'IEC_62196_T2_COMBO', format: 'CABLE', power_type: 'DC' } as const,
    ]
    const put = (power: number) =>
      world.cpo.lane.charge_stations.create({
        location: world.location.id,
        identity: `VWL-${power}`,
        evses: [
          {
            evse_id: `DE*VWL*E${power}`,
            connectors: [
              {
                ...connector,
                max_power_w: power,
                max_voltage: 500,
                max_amperage: 100,
                tariffs: [slow.id],
              },
            ],
          },
        ],
      })
    expect(await refusal(put(50_000))).toMatchObject({
      code: 'market_rule_violation',
      param: 'evses.0.connectors.0.tariffs.0',
    })
    await put(49_000)
  })

  it('tries a tariff of any version without storing it', async () => {
    const { tariffs } = world.cpo.lane
    const before = (await tariffs.list({ limit: 100 })).data.length
    const verdict = await tariffs.validate({
      connection: world.connection.id,
      tariff: { ...plain('dc-2026', 0.6), currency: 'CHF', last_updated: 'yesterday' },
    })
    expect(verdict).toMatchObject({ status: 'invalid', sellable: false, tariff: null })
    expect(verdict.problems.map(({ path }) => path)).toContain('last_updated')
    const other = await tariffs.validate({
      connection: world.connection.id,
      tariff: { ...plain('dc-2026', 0.6), currency: 'CHF' },
    })
    expect(other).toMatchObject({ outcome: 'new_version', status: 'invalid', connectors: 2 })
    expect(other.problems).toMatchObject([
      { rule: 'currency_market', severity: 'error' },
      { rule: 'step_size', severity: 'warning' },
    ])
    const old = await tariffs.validate({
      connection: world.connection.id,
      ocpi_version: '2.1.1',
      tariff: {
        id: 'OLD',
        currency: 'EUR',
        elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }],
        last_updated: '2026-10-01T00:00:00Z',
      },
    })
    expect(old).toMatchObject({
      outcome: 'created',
      sellable: true,
      problems: [{ rule: 'vat_absent', severity: 'warning' }],
      tariff: { country_code: 'DE', party_id: 'VWL' },
    })
    expect((await tariffs.list({ limit: 100 })).data).toHaveLength(before)
    expect(
      await refusal(
        world.otherCpo.lane.tariffs.validate({ connection: world.connection.id, tariff: {} }),
      ),
    ).toMatchObject({ status: 404, param: 'connection' })
  })
})

describe('an announced price', () => {
  it('is sold from its start, and the present one until then; history can be asked as of any time', async () => {
    minutes(-10)
    const first = await publish(plain('SOON', 0.5))
    const start = new Date(Date.now() + 3_600_000).toISOString()
    const second = await publish(plain('SOON', 0.55, { start_date_time: start }))
    minutes(0)
    expect(second).toMatchObject({ version: 2, sale: 'scheduled', effective_from: start })
    const { tariffs } = world.a.lane
    expect(await tariffs.get(first.id)).toMatchObject({
      version: 1,
      sale: 'sold',
      superseded_at: start,
    })
    expect(await tariffs.get(first.id, { as_of: start })).toMatchObject({ version: 2 })
    minutes(61)
    expect(await tariffs.get(first.id)).toMatchObject({ version: 2, sale: 'sold' })
    const past = await tariffs.list({
      as_of: new Date(Date.now() - 60_000).toISOString(),
      limit: 100,
    })
    expect(past.data.find(({ id }) => id === first.id)).toMatchObject({
      version: 1,
      sale: 'superseded',
    })
    const versions = await tariffs.versions(first.id, { limit: 1 })
    expect(versions.data.map(({ version }) => version)).toEqual([2])
    const rest = await tariffs.versions(first.id, { limit: 1, cursor: versions.next_cursor ?? '' })
    expect(rest.data.map(({ version }) => version)).toEqual([1])
    expect(rest.has_more).toBe(false)
    minutes(0)
  })

  it('dated back counts from its receipt, and its operator hears of it', async () => {
    const { id } = await publish(plain('BACK', 0.5))
    const back = await publish(plain('BACK', 0.55, { start_date_time: '2026-01-01T00:00:00Z' }))
    expect(back.problems).toMatchObject([
      { rule: 'step_size', severity: 'warning' },
      { rule: 'retroactive', severity: 'warning' },
    ])
    expect(back).toMatchObject({ status: 'valid', sale: 'sold', effective_from: back.received_at })
    expect(await typesOf(id)).toEqual(['tariff.changed', 'tariff.invalid'])
  })
})

describe('an odd price', () => {
  it('pauses new quotes until its operator confirms; old quotes hold; twice is once', async () => {
    const before = await quote()
    const odd = await publish(ocpiTariff('dc-2026', 0.04958))
    expect(odd).toMatchObject({
      status: 'held',
      sale: 'held',
      hold: {
        confirmed_at: null,
        figures: {
          basis: 'own_history',
          energy_wh: 20_000,
          price: { amount: 118 },
          median: { amount: 1_180 },
        },
      },
    })
    expect(await refusal(quote())).toMatchObject({
      code: 'tariff_held',
      status: 422,
      param: 'evse',
      problem: { retryable: true, reason: 'held', tariff: odd.ref },
    })
    const evse = await world.a.lane.evses.get('DE*VWL*E1001*1')
    expect(evse).toMatchObject({ sellable: false, price_status: 'price_unavailable' })
    expect(before.tariff).toBe(world.tariff.ref)
    expect(await world.a.lane.sessions.create({ quote: before.id })).toMatchObject({
      quote: before.id,
    })
    // Everybody sees that it waits; why is between us and its operator.
    expect(await world.a.lane.tariffs.get(odd.id)).toMatchObject({
      status: 'held',
      problems: [],
      hold: { until: odd.hold?.until, figures: null },
    })
    const held = await world.cpo.lane.tariffs.list({ status: 'held' })
    expect(held.data.map(({ id }) => id)).toEqual([odd.id])
    expect(await refusal(world.otherCpo.lane.tariffs.confirm(odd.id))).toMatchObject({
      status: 404,
    })
    const confirmed = await world.cpo.lane.tariffs.confirm(odd.id)
    expect(confirmed).toMatchObject({ status: 'valid', sale: 'sold' })
    expect(confirmed.hold?.confirmed_at).not.toBeNull()
    expect(await world.cpo.lane.tariffs.confirm(odd.id)).toEqual(confirmed)
    expect(await quote()).toMatchObject({ tariff: odd.ref })
    expect(await typesOf(odd.id)).toEqual([
      'tariff.changed',
      'tariff.anomaly_held',
      'tariff.changed',
    ])
  })

  it('is released by rule after half an hour, without anybody doing anything', async () => {
    await publish(ocpiTariff('dc-2026', 0.4958))
    const odd = await publish(ocpiTariff('dc-2026', 1.4874))
    expect(odd.status).toBe('held')
    minutes(29)
    expect(await refusal(quote())).toMatchObject({ code: 'tariff_held' })
    minutes(31)
    expect(await quote()).toMatchObject({ tariff: odd.ref })
    expect(await world.a.lane.tariffs.get(odd.id)).toMatchObject({ status: 'valid', sale: 'sold' })
    await publish(ocpiTariff('dc-2026', 0.4958))
    minutes(32)
  })
})

describe('freshness', () => {
  it('a node’s tariffs never age; the limits are the operator’s to set', async () => {
    const { connections, tariffs } = world.cpo.lane
    const [row] = (await tariffs.freshness()).data
    expect(row).toMatchObject({
      connection: world.connection.id,
      within_slo: true,
      stale: 0,
      invalid: 0,
      max_age_s: 86_400,
      slo_s: 900,
    })
    expect(row?.versions).toBeGreaterThan(row?.tariffs ?? 0)
    const changed = await connections.update(world.connection.id, { tariff_slo_s: 600 })
    expect(changed).toMatchObject({ tariff_slo_s: 600, tariff_max_age_s: 86_400 })
    const foreign = world.otherCpo.lane.connections.update(world.connection.id, {
      tariff_slo_s: 60,
    })
    expect(await refusal(foreign)).toMatchObject({ status: 404 })
    expect(
      await refusal(connections.update(world.connection.id, { tariff_max_age_s: 0 })),
    ).toMatchObject({ status: 400, param: 'tariff_max_age_s' })
    expect((await world.otherCpo.lane.tariffs.freshness()).data).toEqual([])
    minutes(3 * 24 * 60)
    expect(await quote()).toMatchObject({ status: 'open' })
    minutes(0)
  })
})

describe('a preview', () => {
  it('shows the market’s examples, and your own session first', async () => {
    const { tariffs } = world.a.lane
    const preview = await tariffs.preview(world.tariff.id, {
      version: 1,
      energy_wh: 30_000,
      duration_s: 18_000,
      evse: world.station.evses[0]?.id ?? '',
      start: '2026-11-23T08:00:00Z',
    })
    expect(preview).toMatchObject({
      time_zone: 'Europe/Berlin',
      evse: world.station.evses[0]?.id,
      refusals: [],
    })
    const [own, typical] = preview.examples
    // 30 kWh at 0.59, and the fee for standing from minute 240 to 300 at 6 an hour.
    expect(own).toMatchObject({
      energy_wh: 30_000,
      duration_s: 18_000,
      total: { amount: 2_370, currency: 'EUR' },
      comparable_unit_price: { value: '0.79', text: '0.79 EUR/kWh', tax: 'inclusive' },
      lines: [{ type: 'ENERGY' }, { type: 'PARKING_TIME', billed_quantity: '3600' }],
    })
    expect(typical).toMatchObject({ energy_wh: 40_000, power_w: 100_000, total: { amount: 2_360 } })
    expect(own?.curve.at(-1)).toEqual({ elapsed_s: 18_000, energy_wh: 30_000, amount: 2_370 })
    const amounts = own?.curve.map(({ amount }) => amount) ?? []
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b))
    expect(preview.display_text?.['en']).toContain('0.59 EUR per kWh')
  })

  it('draws the curves', async () => {
    const svg = Buffer.from(await world.a.lane.tariffs.plot(world.tariff.id)).toString()
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg.match(/<polyline /g)).toHaveLength(3)
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('explains each element in words, and where the tariff is sold', async () => {
    const slow = (await world.cpo.lane.tariffs.list({ limit: 100 })).data.find(
      ({ ocpi_id }) => ocpi_id === 'SLOW',
    )
    const explained = await world.a.lane.tariffs.explain(slow?.id ?? '')
    expect(explained.elements[0]?.lines[0]?.['en']).toMatch(/^Energy: 0\.595 EUR per kWh/)
    const market = (country: string) => explained.markets.find((row) => row.country === country)
    expect(market('DE')).toMatchObject({ sold: true, from_power_w: 50_000 })
    expect(market('NL')).toMatchObject({ sold: false, from_power_w: null })
    expect(market('NL')?.problems[0]?.rule).toBe('vat_contradicted')
    expect(market('CH')).toMatchObject({ sold: false, problems: [{ rule: 'currency_market' }] })
  })

  it('of a tariff nobody could read is refused, not free', async () => {
    const { tariff } = await putTariff(api.database.db, {
      connectionId: world.connection.id,
      cpoId: world.cpo.account.id,
      countryCode: 'DE',
      partyId: 'VWL',
      ocpiId: 'BAD',
      currency: '',
      ocpiVersion: '2.2.1',
      status: 'invalid',
      problems: [{ path: 'currency', rule: 'required', message: 'is missing' }],
      raw: '{}',
      hash: 'sha256:0',
      at: api.deps.now(),
    })
    const mine = world.cpo.lane.tariffs
    expect(await mine.get(tariff.id)).toMatchObject({
      status: 'invalid',
      sale: 'invalid',
      problems: [{ severity: 'error', path: 'currency' }],
    })
    expect(await refusal(mine.preview(tariff.id))).toMatchObject({ code: 'price_unavailable' })
    expect(await refusal(world.a.lane.tariffs.get(tariff.id))).toMatchObject({ status: 404 })
    expect(await refusal(mine.confirm(tariff.id))).toMatchObject({ code: 'invalid_transition' })
  })
})

describe('the text of a member', () => {
  it.each([
    ['{"a":1,"tariff":{"x":"},{\\"","y":[1,{}]},"b":2}', '{"x":"},{\\"","y":[1,{}]}'],
    ['{"b":{"tariff":1},"tariff": 1.50 }', '1.50'],
    ['{"tariff":1,"tariff":"2"}', '"2"'],
    ['{"b":"tariff:","c":[{"tariff":1}]}', undefined],
    ['{"t\\u0061riff":[1, 2]}', '[1, 2]'],
  ])('of %s is %s', (json, expected) => {
    expect(memberText(json, 'tariff')).toBe(expected)
  })
})

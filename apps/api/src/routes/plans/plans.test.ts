import { getQuote } from '@chargelane/db/queries/sessions/quotes'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { proofPlace } from '@chargelane/db/queries/sessions/proofs'
import { type Chargelane, ChargelaneError } from '@chargelane/sdk'
import { rateSession } from '@chargelane/corridor/record/ratings'
import { canonicalTariff, rate } from '@chargelane/rules/rating'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())
afterEach(() => api.setClock(0))

/** Code and field of the refusal. */
const refusalOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: unknown) =>
      error instanceof ChargelaneError ? `${error.code} ${error.param ?? ''}`.trim() : error,
  )

const terms = {
  name: 'Pendler',
  access_fee: { amount: 990, currency: 'EUR' },
  included_kwh: '20',
  overage: { kind: 'public' as const },
}
const german = { ...terms, country: 'DE' }
const berlin = { time_zone: 'Europe/Berlin' }
const dayMs = 86_400_000

const quote = (lane: Chargelane, paymentSource: string, evse = 'DE*VWL*E1001*1') =>
  lane.quotes.create({ evse, payment_source: paymentSource, est_energy_wh: 24_000 })

/** What the corridor does when the record is in: 24 kWh in half an hour. */
async function charged(lane: Chargelane, quoteId: string, kwh = '24') {
  const { db } = api.database
  const { id } = await lane.sessions.create({ quote: quoteId })
  const started = api.deps.now()
  const ended = new Date(Date.parse(started) + 1_800_000).toISOString()
  const row = await getSession(db, 'all', id)
  const place = await proofPlace(db, id)
  const body = row && (await getQuote(db, '*', row.quoteId))
  const tariff = canonicalTariff(ocpiTariff('dc-2026'))
  if (!row || !body || !place || !tariff.ok) throw new Error('the session is open')
  const usage = {
    started_at: started,
    ended_at: ended,
    time_zone: 'Europe/Berlin',
    periods: [{ start: started, end: ended, charging: true, energy_kwh: kwh }],
  }
  const policy = body.body.rating_policy
  const rated = rate({ tariff: tariff.tariff, usage, policy })
  if (!rated.ok) throw new Error(rated.message)
  const { totals } = rated.rating
  await db.tx(async (tx) => {
    await rateSession(tx, {
      session: { ...row, locationId: place.locationId },
      quote: body.body,
      cdrId: newId('cdr'),
      sale: { totals, basis: 'public' },
      proof: {
        tariff: tariff.tariff,
        usage,
        context: {
          session: id,
          cdr: 'cdr_1',
          time_zone: 'Europe/Berlin',
          evse: {
            id: place.id,
            evse_id: place.evseId,
            connector: row.connectorId,
            power_type: place.powerType,
            max_power_w: place.maxPowerW,
            country: 'DE',
          },
          market_profile: body.marketProfile,
        },
        agreement: null,
        rating_policy: policy,
      },
      now: ended,
    })
    for (const [what, patch] of [
      ['started', { status: 'charging', startedAt: started }],
      ['ended', { status: 'ended', endedAt: ended }],
    ] as const)
      await changeSession(tx, id, patch, {
        room: 'charging',
        what,
        dedupeKey: `${id}:test:${what}`,
        at: ended,
      })
  })
  return id
}

describe('a plan', () => {
  test('shows its fee with the VAT of a service, and names the field that is wrong', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    expect(plan).toMatchObject({
      version: 1,
      owner: world.a.account.id,
      owner_type: 'partner',
      included: ['ENERGY'],
      access_fee: {
        net: { amount: 832 },
        vat: { amount: 158 },
        gross: { amount: 990 },
        vat_category: 'S',
      },
    })
    const wrong = (change: object) => refusalOf(lane.plans.create({ ...german, ...change }))
    expect(await wrong({ country: 'BR' })).toBe('invalid_value country')
    expect(await wrong({ access_fee: { amount: 1, currency: 'CHF' } })).toBe(
      'unsupported_currency access_fee.currency',
    )
    expect(await wrong({ access_fee: { amount: -1, currency: 'EUR' } })).toBe(
      'validation_error access_fee.amount',
    )
    expect(await wrong({ included_kwh: '-1' })).toBe('validation_error included_kwh')
    expect(await wrong({ overage: { kind: 'discount', discount_bps: {} } })).toMatch(
      /^invalid_value overage/,
    )
    expect(await wrong({ overage: { kind: 'tariff', tariff: { id: 'x' } } })).toMatch(
      /^invalid_value overage\.tariff/,
    )
    const francs = { ...ocpiTariff('own'), currency: 'CHF' }
    expect(await wrong({ overage: { kind: 'tariff', tariff: francs } })).toBe(
      'unsupported_currency overage.tariff.currency',
    )
    const reduced = ocpiTariff('own')
    for (const { price_components: parts } of reduced.elements)
      for (const part of parts) part.vat = 7
    expect(await wrong({ overage: { kind: 'tariff', tariff: reduced } })).toMatch(
      /^market_rule_violation overage\.tariff\./,
    )
  })

  test('has versions that stay as they are, and is hidden from other partners', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    const next = await lane.plans.add_version(plan.id, { ...terms, included_kwh: '40' })
    expect(next).toMatchObject({ id: plan.id, version: 2, included_kwh: '40' })
    expect(await lane.plans.get(plan.id, { version: 1 })).toMatchObject({ included_kwh: '20' })
    expect(await refusalOf(world.b.lane.plans.get(plan.id))).toBe('resource_missing')
    expect(await refusalOf(world.cpo.lane.plans.get(plan.id))).toBe('resource_missing')
    expect(await lane.plans.retire(plan.id)).toMatchObject({ version: 2, retired: true })
    expect(await refusalOf(lane.plans.add_version(plan.id, terms))).toBe('invalid_transition')
    const driver = { external_id: 'user-42' }
    expect(await refusalOf(lane.subscriptions.create({ driver, plan: plan.id, ...berlin }))).toBe(
      'invalid_transition plan',
    )
  })

  test('counts its versions one by one, however many are added at the same moment', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    const added = await Promise.all(
      Array.from({ length: 6 }, () => lane.plans.add_version(plan.id, terms)),
    )
    expect(added.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6, 7,
    ])
  })

  test('is retired with every version, also one that is added at the same moment', async () => {
    const { lane } = world.a
    const made = await Promise.all(Array.from({ length: 6 }, () => lane.plans.create(german)))
    const answers = await Promise.all(
      made.map(({ id }) =>
        Promise.all([refusalOf(lane.plans.add_version(id, terms)), lane.plans.retire(id)]),
      ),
    )
    for (const [added] of answers) expect(['no problem', 'invalid_transition']).toContain(added)
    const newest = await Promise.all(made.map(({ id }) => lane.plans.get(id)))
    expect(newest.map(({ retired }) => retired)).toEqual(made.map(() => true))
  })

  test('of an operator is an offer to every partner’s drivers', async () => {
    const plan = await world.cpo.lane.plans.create({ ...german, name: 'Voltwerk Flat' })
    expect(await world.b.lane.plans.get(plan.id)).toMatchObject({ owner_type: 'cpo' })
    const subscription = await world.b.lane.subscriptions.create({
      driver: { external_id: 'flat-user' },
      plan: plan.id,
      ...berlin,
    })
    const seenByOwner = await world.cpo.lane.subscriptions.get(subscription.id)
    expect(seenByOwner.driver).toEqual({ id: subscription.driver.id, external_id: null })
    expect(
      await refusalOf(world.cpo.lane.subscriptions.cancel(subscription.id, { when: 'now' })),
    ).toBe('resource_missing')
    expect(await refusalOf(world.a.lane.subscriptions.get(subscription.id))).toBe(
      'resource_missing',
    )
  })
})

describe('a subscription', () => {
  test('names the field that is wrong', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    const driver = { external_id: 'user-42' }
    const wrong = (change: object) =>
      refusalOf(lane.subscriptions.create({ driver, plan: plan.id, ...berlin, ...change }))
    expect(await wrong({ time_zone: 'Mars/Olympus' })).toBe('invalid_value time_zone')
    expect(await wrong({ starts_on: '2020-01-01' })).toBe('invalid_value starts_on')
    expect(await wrong({ plan_version: 9 })).toBe('resource_missing plan')
    const foreign = await world.b.lane.plans.create(german)
    expect(await wrong({ plan: foreign.id })).toBe('resource_missing plan')
  })

  test('prices quotes, keeps its promise beside others, and lists months down to sessions', async () => {
    const { lane } = world.a
    const source = await lane.payment_sources.create({
      driver: { external_id: 'commuter' },
      type: 'card',
      payment_method: 'pm_card_visa',
    })
    const plan = await lane.plans.create(german)
    const subscription = await lane.subscriptions.create({
      driver: { external_id: 'commuter' },
      plan: plan.id,
      ...berlin,
    })
    expect(subscription).toMatchObject({ status: 'active', period: { index: 0 } })

    // 24 kWh are 14.16; four of them are beyond the allowance.
    const first = await quote(lane, source.id)
    expect(first).toMatchObject({
      basis: 'plan',
      public_price_total: { amount: 1_416 },
      applied_price_total: { amount: 236 },
      plan: { id: plan.id, version: 1, promised_kwh: '20', funded_by: 'partner' },
      fees_to_driver: [],
    })
    const second = await quote(lane, source.id, 'DE*VWL*E1001*2')
    expect(second).toMatchObject({ basis: 'public', plan: { promised_kwh: '0' } })
    await lane.quotes.cancel(first.id)
    const third = await quote(lane, source.id)
    expect(third).toMatchObject({ basis: 'plan', plan: { promised_kwh: '20' } })

    await lane.plans.add_version(plan.id, { ...terms, included_kwh: '1' })
    const moved = await lane.subscriptions.change_plan(subscription.id, { plan_version: 2 })
    expect(moved).toMatchObject({ plan_version: 1, next_plan_version: 2 })
    const session = await charged(lane, third.id)
    const [month, ...rest] = (await lane.subscriptions.periods(subscription.id)).data
    expect(rest).toEqual([])
    expect(month).toMatchObject({
      index: 0,
      plan_version: 1,
      included_kwh: '20',
      used_kwh: '20',
      promised_kwh: '0',
      fee_status: 'due',
      access_fee: { net: { amount: 832 }, vat: { amount: 158 }, gross: { amount: 990 } },
      overage: { amount: 236 },
      contribution: { amount: 1_180 },
      total: { amount: 990 + 236 },
      sessions: [{ session, energy_kwh: '24', used_kwh: '20', paid: { amount: 236 } }],
    })

    const seen = await lane.ratings.list(session)
    expect(seen.data.map(({ purpose, total }) => [purpose, total.gross.amount])).toEqual([
      ['retail', 236],
      ['wholesale', 1_416],
    ])
    const seenByCpo = await world.cpo.lane.ratings.list(session)
    expect(seenByCpo.data.map(({ purpose }) => purpose)).toEqual(['wholesale'])
    const retail = seen.data[0]?.price_proof ?? ''
    expect(await lane.price_proofs.get(retail)).toMatchObject({ id: retail })
    expect(await refusalOf(world.cpo.lane.price_proofs.get(retail))).toBe('resource_missing')
    expect(await refusalOf(world.b.lane.ratings.list(session))).toBe('resource_missing')

    const ended = await lane.subscriptions.cancel(subscription.id, { when: 'now' })
    expect(ended.status).toBe('cancelled')
    expect(await refusalOf(lane.subscriptions.cancel(subscription.id, { when: 'now' }))).toBe(
      'invalid_transition',
    )
    expect((await quote(lane, source.id)).basis).toBe('public')
    // An event is listed once every older tx of the server has ended, those of other test files included.
    const types = async () => (await lane.events.list({ limit: 100 })).data.map(({ type }) => type)
    await expect
      .poll(types, { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining([
          'plan.created',
          'plan.version_added',
          'subscription.created',
          'subscription.plan_changed',
          'subscription.allowance_exhausted',
          'subscription.cancelled',
        ]),
      )
  })

  test('that ends with its period has no month after it', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    const subscription = await lane.subscriptions.create({
      driver: { external_id: 'leaver' },
      plan: plan.id,
      ...berlin,
    })
    const ending = await lane.subscriptions.cancel(subscription.id, { when: 'period_end' })
    expect(ending).toMatchObject({ status: 'active', ends_at: subscription.period?.to })
    api.setClock(70 * dayMs)
    const over = await lane.subscriptions.get(subscription.id)
    expect(over.status).toBe('cancelled')
    const months = (await lane.subscriptions.periods(subscription.id)).data
    expect(months.map(({ index }) => index)).toEqual([0])
  })

  test('moves to the version decided last, before it begins and within a month', async () => {
    const { lane } = world.a
    const plan = await lane.plans.create(german)
    for (const included_kwh of ['40', '60'])
      await lane.plans.add_version(plan.id, { ...terms, included_kwh })
    const create = (external_id: string, more: object) =>
      lane.subscriptions.create({
        driver: { external_id },
        plan: plan.id,
        plan_version: 1,
        ...berlin,
        ...more,
      })
    const move = (id: string, plan_version: number) =>
      lane.subscriptions.change_plan(id, { plan_version })

    const starts_on = new Date(Date.now() + 20 * dayMs).toISOString().slice(0, 10)
    const scheduled = await create('planner', { starts_on })
    expect(scheduled).toMatchObject({ status: 'scheduled', plan_version: 1 })
    expect(await move(scheduled.id, 3)).toMatchObject({ plan_version: 3, next_plan_version: null })

    const running = await create('waverer', {})
    expect(await move(running.id, 2)).toMatchObject({ plan_version: 1, next_plan_version: 2 })
    expect(await move(running.id, 3)).toMatchObject({ plan_version: 1, next_plan_version: 3 })
    expect(await move(running.id, 1)).toMatchObject({ plan_version: 1, next_plan_version: null })
    await move(running.id, 3)
    api.setClock(40 * dayMs)
    const months = (await lane.subscriptions.periods(running.id)).data
    expect(months.map(({ index, plan_version }) => [index, plan_version])).toEqual([
      [1, 3],
      [0, 1],
    ])
  })

  test('promises an allowance once, however many quotes are asked for at the same moment', async () => {
    const { lane } = world.a
    const source = await lane.payment_sources.create({
      driver: { external_id: 'impatient' },
      type: 'card',
      payment_method: 'pm_card_visa',
    })
    const plan = await lane.plans.create({ ...german, included_kwh: '30' })
    await lane.subscriptions.create({
      driver: { external_id: 'impatient' },
      plan: plan.id,
      ...berlin,
    })
    const quotes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        quote(lane, source.id, `DE*VWL*E1001*${(index % 2) + 1}`),
      ),
    )
    const promised = quotes.map((each) => Number(each.plan?.promised_kwh ?? 0))
    expect(promised.reduce((a, b) => a + b, 0)).toBe(30)
    expect(promised.toSorted((a, b) => b - a).slice(0, 2)).toEqual([24, 6])
  })
})

describe('reimbursement', () => {
  test('reports per employee what proven ratings come to, as JSON and as CSV', async () => {
    const { lane } = world.b
    const made = await quote(lane, world.sources.b.id, 'DE*VWL*E1001*2')
    const driver = made.driver.id
    const rateOf = (price_per_kwh: string, scope: object = {}) =>
      lane.reimbursement_rates.create({
        name: '=Home, "2026"',
        kind: 'home',
        country: 'DE',
        price_per_kwh,
        currency: 'EUR',
        evses: [made.evse],
        ...scope,
      })
    await rateOf('0.20', { kind: 'any', evses: undefined })
    await rateOf('0.25', { kind: 'work', evses: undefined, locations: [world.location.id] })
    const mine = await rateOf('0.3215', { drivers: [driver] })
    await rateOf('0.99', { drivers: [driver], country: 'CH' })
    const wrong = (change: object) => refusalOf(rateOf('0.1', change))
    for (const kind of ['home', 'work'])
      expect(await wrong({ kind, evses: undefined, drivers: [driver] })).toBe('invalid_value evses')
    expect(await wrong({ drivers: [newId('driver')] })).toBe('resource_missing drivers.0')
    expect(await wrong({ effective_from: '2020-01-01T00:00:00Z' })).toBe(
      'invalid_value effective_from',
    )
    expect(await wrong({ price_per_kwh: '-1' })).toBe('validation_error price_per_kwh')

    const session = await charged(lane, made.id, '13.37')
    const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    const report = await lane.reports.reimbursement(span)
    const [rating] = (await lane.ratings.list(session)).data.filter(
      ({ purpose }) => purpose === 'reimbursement',
    )
    // 13.37 kWh at 0.3215 without VAT.
    expect(rating?.total).toMatchObject({ gross: { amount: 430 }, vat: { amount: 0 } })
    expect(report).toMatchObject({
      employees: [
        {
          driver: { id: driver, external_id: 'user-42' },
          sessions: 1,
          energy_kwh: '13.37',
          amount: { amount: 430, currency: 'EUR' },
          lines: [
            {
              session,
              method: 'rate_per_kwh',
              kind: 'home',
              rate: { id: mine.id, price_per_kwh: '0.3215' },
              price_proof: rating?.price_proof,
            },
          ],
        },
      ],
      totals: [{ sessions: 1, amount: { amount: 430 } }],
    })
    const csv = Buffer.from(await lane.reports.reimbursement_csv(span)).toString('utf8')
    const [head, line] = csv.split('\r\n')
    expect(head).toMatch(/^driver,external_id,session,/)
    expect(line).toContain(`${session},`)
    expect(line).toContain(',4.30,EUR,rate_per_kwh,')
    // A cell that a spreadsheet would run is kept as text.
    expect(line).toContain(`"'=Home, ""2026"""`)
    expect((await world.a.lane.reports.reimbursement(span)).employees).toEqual([])
    expect(await refusalOf(lane.reports.reimbursement({ from: span.to, to: span.from }))).toBe(
      'invalid_value to',
    )
    const ended = await lane.reimbursement_rates.end(mine.id, { at: '2020-01-01T00:00:00Z' })
    expect(ended.effective_to).not.toBeNull()
  })
})

describe('an account', () => {
  test('pays without a card, within a line that finance sets, and is paid by transfer', async () => {
    const { lane } = world.a
    const driver = { external_id: 'fleet-1' }
    const create = (body: object) =>
      refusalOf(lane.payment_sources.create({ driver, type: 'account', ...body }))
    expect(await create({ payment_method: 'pm_card_visa' })).toBe('invalid_value payment_method')
    const source = await lane.payment_sources.create({ driver, type: 'account' })
    expect(source.type).toBe('account')
    // No quote promises what the start would refuse.
    expect(await refusalOf(quote(lane, source.id))).toBe('credit_limit_exceeded payment_source')

    const { finance } = world
    const limit = { amount: 100_000, currency: 'EUR' }
    expect(await refusalOf(lane.credit_lines.set({ account: world.a.account.id, limit }))).toBe(
      'insufficient_scope',
    )
    expect(
      await refusalOf(finance.lane.credit_lines.set({ account: world.cpo.account.id, limit })),
    ).toBe('resource_missing account')
    await finance.lane.credit_lines.set({ account: world.a.account.id, limit })
    expect((await lane.credit_lines.list()).data).toMatchObject([
      { limit, owed: { amount: 0 }, held: { amount: 0 }, sponsored: { amount: 0 } },
    ])
    const offer = await quote(lane, source.id)
    expect(offer.basis).toBe('public')
    const tooLittle = { amount: offer.hold_amount.amount - 1, currency: 'EUR' }
    const account = world.a.account.id
    await finance.lane.credit_lines.set({ account, limit: tooLittle })
    expect(await refusalOf(quote(lane, source.id))).toBe('credit_limit_exceeded payment_source')
    await finance.lane.credit_lines.set({ account, limit: offer.hold_amount })
    expect((await quote(lane, source.id)).hold_amount).toEqual(offer.hold_amount)
    await finance.lane.credit_lines.set({ account, limit })
    expect((await world.b.lane.credit_lines.list()).data).toEqual([])
    const paid = await finance.lane.credit_lines.record_payment({
      account: world.a.account.id,
      amount: { amount: 500, currency: 'EUR' },
      reference: 'bank 77',
      received_at: '2026-11-21T08:00:00Z',
    })
    // Nothing was owed: the money waits until somebody says whose it is.
    expect(paid.owed).toEqual({ amount: 0, currency: 'EUR' })
    const [incident] = (await api.platform.incidents.list({ kind: 'unmatched_money' })).data
    expect(incident).toMatchObject({
      subject: { type: 'bank_line', id: 'bank 77' },
      at_stake: { amount: 500, currency: 'EUR' },
    })
    await api.platform.incidents.resolve(incident?.id ?? '', {
      action: 'release',
      reason: 'paid ahead, as announced',
    })
    const credit = { owed: { amount: -500, currency: 'EUR' } }
    expect((await lane.credit_lines.list()).data).toMatchObject([credit])
    const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    expect(await lane.reports.account_statement(span)).toMatchObject({ lines: [], totals: [] })
    expect(
      await refusalOf(lane.reports.account_statement({ ...span, account: world.b.account.id })),
    ).toBe('resource_missing account')
  })
})

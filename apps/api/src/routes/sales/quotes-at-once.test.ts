// Quotes that a partner asks for at once share a tx: each is still answered by itself, from what holds when it comes.
import type { ChargelaneError, Quote } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  agreeShare,
  ocpiTariff,
  populate,
  startTestApi,
  type TestApi,
  type World,
} from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

type Wish = { evse?: string | undefined; source?: string; key?: string }
const evses = ['DE*VWL*E1001*1', 'DE*VWL*E1001*2']

const ask = (wish: Wish = {}, lane = world.a.lane): Promise<Quote> =>
  lane.quotes.create(
    {
      evse: wish.evse ?? 'DE*VWL*E1001*1',
      payment_source: wish.source ?? world.sources.a.id,
      est_energy_wh: 20_000,
    },
    { idempotencyKey: wish.key ?? crypto.randomUUID() },
  )

const many = (count: number) => Array.from({ length: count }, () => ask())

/** The quote, or the code of its refusal. */
const outcomeOf = (asked: Promise<Quote>): Promise<Quote | string> =>
  asked.catch((error: ChargelaneError) => error.code)
const outcomesOf = (asked: readonly Promise<Quote>[]) => Promise.all(asked.map(outcomeOf))

const isMade = (outcome: Quote | string): outcome is Quote => typeof outcome !== 'string'

const run = (statement: string) => api.database.db.execute(statement)

const isCpo = () => `cpo_id = '${world.cpo.account.id}'`
const isSource = () => `id = '${world.sources.a.id}'`

/** Asks while others are under way and read, changes something, and asks again at once. */
async function afterChange(change: () => Promise<unknown>): Promise<(Quote | string)[]> {
  const under = many(24).map(outcomeOf)
  await change()
  const seen = await outcomesOf(many(24))
  await Promise.all(under)
  return seen
}

const takes = (benefit_mode: 'discount' | 'revenue_share') => () =>
  agreeShare(api, world.a, benefit_mode)
const basesAfter = async (change: () => Promise<unknown>) =>
  new Set((await afterChange(change)).map((each) => isMade(each) && each.basis))

describe('quotes asked for at once', () => {
  test('are each stored once, many in one tx, and read back as they were answered', async () => {
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, at) => ask({ evse: evses[at % 2] })),
    )
    expect(new Set(made.map(({ id }) => id)).size).toBe(60)
    const ids = made.map(({ id }) => `'${id}'`).join(', ')
    const [kept] = await run(
      `select count(*)::int as rows, count(distinct xmin::text)::int as txs from quotes where id in (${ids})`,
    )
    expect(kept?.['rows']).toBe(60)
    expect(kept?.['txs']).toBeLessThan(60)
    expect(await Promise.all(made.map(({ id }) => world.a.lane.quotes.get(id)))).toEqual(made)
    expect(made.map(({ evse_id }) => evse_id)).toEqual(made.map((_, at) => evses[at % 2]))
  })

  test('answer a refused one among them by itself', async () => {
    const foreign = world.sources.b.id
    const outcomes = await outcomesOf(
      Array.from({ length: 40 }, (_, at) =>
        at % 8 === 3
          ? ask({ evse: 'DE*VWL*E9999*1' })
          : at % 8 === 5
            ? ask({ source: foreign })
            : ask(),
      ),
    )
    const expected = outcomes.map((_, at) => (at % 8 === 3 || at % 8 === 5 ? 'refused' : 'made'))
    expect(outcomes.map((each) => (isMade(each) ? 'made' : 'refused'))).toEqual(expected)
    expect(new Set(outcomes.filter((each) => !isMade(each)))).toEqual(new Set(['resource_missing']))
  })

  test('tell a repeated key its first quote and refuse it for another wish, within one tx as across them', async () => {
    const keys = Array.from({ length: 6 }, () => crypto.randomUUID())
    const twice = await Promise.all([...keys, ...keys, ...keys].map((key) => ask({ key })))
    expect(new Set(twice.map(({ id }) => id)).size).toBe(6)
    for (const [at, quote] of twice.entries()) expect(quote).toEqual(twice[at % 6])
    const [first, ...others] = keys
    const outcomes = await outcomesOf([
      ...many(10),
      ask({ key: first ?? '', evse: evses[1] }),
      ...others.map((key) => ask({ key })),
    ])
    expect(outcomes[10]).toBe('idempotency_key_reused')
    expect(outcomes.slice(11)).toEqual(twice.slice(1, 6))
  })

  test('of two partners never share one, and see each its own payment sources alone', async () => {
    const mixed = await outcomesOf(
      Array.from({ length: 40 }, (_, at) =>
        at % 2 === 0 ? ask() : ask({ source: world.sources.b.id }, world.b.lane),
      ),
    )
    expect(mixed.every(isMade)).toBe(true)
    const rows = await run(
      'select count(distinct account_id)::int as accounts from quotes group by xmin::text',
    )
    expect(new Set(rows.map((row) => row['accounts']))).toEqual(new Set([1]))
  })

  test('are all refused from the moment on at which their key is revoked', async () => {
    const { id, key } = await world.a.lane.api_keys.create({ name: 'short' })
    const lane = api.lane(key ?? '')
    const before = Array.from({ length: 20 }, () => outcomeOf(ask({}, lane)))
    await world.a.lane.api_keys.revoke(id)
    const after = await outcomesOf(Array.from({ length: 20 }, () => ask({}, lane)))
    expect(new Set(after)).toEqual(new Set(['key_expired']))
    const odd = (await Promise.all(before)).filter(
      (each) => !isMade(each) && each !== 'key_expired',
    )
    expect(odd).toEqual([])
  })
})

describe('a change is seen by every quote that is asked for after it', () => {
  test('of a tariff', async () => {
    const { connection } = world
    let ref = ''
    const seen = await afterChange(async () => {
      const tariff = { ...ocpiTariff('dc-2026', 0.4706), last_updated: api.deps.now() }
      ;({ ref } = await world.cpo.lane.tariffs.create({ connection: connection.id, tariff }))
    })
    expect(ref).not.toBe(world.tariff.ref)
    expect(new Set(seen.map((each) => isMade(each) && each.tariff))).toEqual(new Set([ref]))
  })

  test('of the seller', async () => {
    const seen = await afterChange(() =>
      api.platform.accounts.update(world.cpo.account.id, { legal_name: 'Voltwerk Neu GmbH' }),
    )
    const names = seen.map((each) => isMade(each) && each.seller.name)
    expect(new Set(names)).toEqual(new Set(['Voltwerk Neu GmbH']))
  })

  test('of how the partner takes its benefit', async () => {
    expect(await basesAfter(takes('discount'))).toEqual(new Set(['partner_discount']))
    expect(await basesAfter(takes('revenue_share'))).toEqual(new Set(['public']))
  })

  test.each([
    {
      what: 'a blocked EVSE',
      change: () => run(`update evses set status = 'BLOCKED' where ${isCpo()}`),
      undo: () => run(`update evses set status = 'AVAILABLE' where ${isCpo()}`),
    },
    {
      what: 'a charger that is gone',
      change: () => run(`update charge_stations set online = false where ${isCpo()}`),
      undo: () => run(`update charge_stations set online = true where ${isCpo()}`),
    },
    {
      what: 'a connection that is paused',
      change: () => run(`update connections set status = 'paused' where ${isCpo()}`),
      undo: () => run(`update connections set status = 'live' where ${isCpo()}`),
    },
    {
      what: 'a tariff withdrawn from sale',
      change: () => run("update tariffs set sold_until = now() - interval '1 hour'"),
      undo: () => run('update tariffs set sold_until = null'),
    },
    {
      what: 'connectors that are removed',
      change: () => run('update connectors set removed_at = now()'),
      undo: () => run('update connectors set removed_at = null'),
    },
    {
      what: 'an agreement with the operator that ended',
      change: () =>
        run("update agreements set ended_at = now() - interval '1 hour' where side = 'cpo'"),
      undo: () => run("update agreements set ended_at = null where side = 'cpo'"),
    },
    {
      what: 'a payment source that was detached',
      change: () => run(`update payment_sources set status = 'detached' where ${isSource()}`),
      undo: () => run(`update payment_sources set status = 'active' where ${isSource()}`),
    },
  ])('of $what, and of its end', async ({ change, undo }) => {
    const refused = await afterChange(change)
    expect(refused.filter(isMade)).toEqual([])
    const sold = await afterChange(undo)
    expect(sold.filter((each) => !isMade(each))).toEqual([])
  })
})

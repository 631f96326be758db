import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Chargelane } from '@chargelane/sdk'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
let host: string
let cpo: Chargelane
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  cpo = world.cpo.lane
  const made = await api.platform.accounts.create({
    type: 'payee',
    name: 'Grundstück',
    legal_name: 'Grundstück am Markt GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    address: { street: 'Markt 1', city: 'Köln', postal_code: '50667' },
  })
  host = made.id
})
afterAll(() => api.stop())

type Terms = Parameters<Chargelane['split_policies']['create']>[0]
type Rule = Terms['rules'][number]
const rent = (rest: Partial<Rule> = {}): Rule => ({
  id: 'site_share',
  fee_type: 'revenue_share',
  supplier: { role: 'landowner', id: host },
  recipient: { role: 'cpo' },
  base: 'sale',
  share: { kind: 'percentage', bps: 500 },
  document: 'self_billed_invoice',
  ...rest,
})
const terms = (rest: Partial<Terms> = {}): Terms => ({
  name: 'Markt',
  text: 'The owner of the ground is paid 5 % of what is sold there.',
  level: 'cpo',
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
  rules: [rent()],
  ...rest,
})

const bps = (of: number) => ({ kind: 'percentage', bps: of }) as const
const eur = (amount: number) => ({ amount, currency: 'EUR' })
const csv = (amount: string) =>
  `session,started_at,ended_at,energy_wh,net,rule,amount
a,2026-03-01T10:00:00Z,2026-03-01T11:00:00Z,20000,100.00,site_share,5.00
b,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,20000,99.90,site_share,${amount}`

type Problem = { code?: string; problem?: { param?: string; [name: string]: unknown } }
const problemOf = (wished: Promise<unknown>): Promise<Problem> =>
  wished.then(
    () => ({ code: 'no problem' }),
    (error: Problem) => error,
  )
const faultOf = async (rules: Rule[]) => {
  const { code, problem } = await problemOf(cpo.split_policies.create(terms({ rules })))
  return `${code} ${problem?.param}`
}

describe('a split policy', () => {
  test('is a draft until its operator activates it, changes by versions, and is told when it counts', async () => {
    const draft = await cpo.split_policies.create(terms())
    expect(draft).toMatchObject({
      version: 1,
      status: 'draft',
      cpo: world.cpo.account.id,
      period: 'month',
      rules: [{ shortfall: 'carry' }],
    })
    const seen = problemOf(world.a.lane.split_policies.get(draft.id))
    expect(await seen).toMatchObject({ code: 'resource_missing' })
    const named = await cpo.split_policies.update(draft.id, terms({ name: 'Marktplatz' }))
    expect(named).toMatchObject({ name: 'Marktplatz', revision: 2 })
    const active = await cpo.split_policies.activate(draft.id)
    expect(active).toMatchObject({ version: 1, status: 'active', effective_until: null })
    expect(await problemOf(cpo.split_policies.update(draft.id, terms()))).toMatchObject({
      code: 'invalid_transition',
    })
    const next = await cpo.split_policies.amend(
      draft.id,
      terms({ rules: [rent({ share: { kind: 'percentage', bps: 700 } })] }),
    )
    expect(next).toMatchObject({ version: 2, status: 'draft' })
    const second = await cpo.split_policies.activate(draft.id)
    const first = await cpo.split_policies.get(draft.id, { version: 1 })
    expect(first).toMatchObject({ status: 'retired', effective_until: second.effective_from })
    const ended = await cpo.split_policies.retire(draft.id, { reason: 'sold' })
    expect(ended).toMatchObject({ version: 2, status: 'retired', reason: 'sold' })
    const told = async () =>
      (await cpo.events.list({ limit: 100 })).data
        .map(({ type }) => type)
        .filter((type) => type.startsWith('split_policy.'))
    // An event is listed once no older tx is open.
    await expect
      .poll(told)
      .toEqual(['split_policy.activated', 'split_policy.activated', 'split_policy.retired'])
    expect((await cpo.split_policies.list()).data[0]).toMatchObject({ id: draft.id, version: 2 })
  })

  test('that no session could be shared by is refused with the field it is in', async () => {
    const usd = { amount: 100, currency: 'USD' }
    const unknown = 'acct_00000000000000000000000000'
    const tiers = [{ from: 5, share: bps(1) }]
    expect(await faultOf([rent({ base: 'site_share' })])).toBe('invalid_value rules.0.base')
    expect(await faultOf([rent({ base: 'later' }), rent({ id: 'later' })])).toBe(
      'invalid_value rules.0.base',
    )
    expect(await faultOf([rent(), rent()])).toBe('invalid_value rules.1.id')
    expect(await faultOf([rent({ id: 'commission' })])).toBe('invalid_value rules.0.id')
    expect(await faultOf([rent({ supplier: { role: 'fund', id: unknown } })])).toBe(
      'invalid_value rules.0.supplier.id',
    )
    expect(await faultOf([rent({ supplier: { role: 'fund' } })])).toBe(
      'invalid_value rules.0.supplier.id',
    )
    expect(await faultOf([rent({ recipient: { role: 'landowner', id: host } })])).toBe(
      'invalid_value rules.0.recipient',
    )
    expect(
      await faultOf([rent({ supplier: { role: 'platform' }, recipient: { role: 'partner' } })]),
    ).toBe('invalid_value rules.0.recipient')
    // What the landowner is paid would come back to the operator.
    const back = rent({
      id: 'back',
      base: 'site_share',
      supplier: { role: 'cpo' },
      recipient: { role: 'landowner', id: host },
    })
    expect(await faultOf([rent(), back])).toBe('invalid_value rules.1.recipient')
    expect(await faultOf([rent({ share: bps(6_000) }), rent({ id: 'b', share: bps(5_000) })])).toBe(
      'invalid_value rules.1.share.bps',
    )
    expect(await faultOf([rent({ share: { kind: 'fixed', amount: usd } })])).toBe(
      'invalid_value rules.0.share.amount.currency',
    )
    expect(await faultOf([rent({ period_floor: usd })])).toBe(
      'invalid_value rules.0.period_floor.currency',
    )
    const tiered = { kind: 'tiered', by: 'amount', mode: 'whole', tiers } as const
    expect(await faultOf([rent({ share: tiered })])).toBe(
      'invalid_value rules.0.share.tiers.0.from',
    )
    const many = Array.from({ length: 51 }, (_, index) => rent({ id: `r${index}` }))
    expect(await faultOf(many)).toBe('validation_error rules')
  })

  test('stands beside no other of equal rank, and both are named', async () => {
    const from = '2031-01-01T00:00:00.000Z'
    const [one, other] = [
      await cpo.split_policies.create(terms({ effective_from: from })),
      await cpo.split_policies.create(terms({ effective_from: from })),
    ]
    await cpo.split_policies.activate(one.id)
    const { code, problem } = await problemOf(cpo.split_policies.activate(other.id))
    expect(code).toBe('invalid_transition')
    expect(problem?.['overlaps']).toEqual([`${other.id}@1`, `${one.id}@1`])
    // More specific, or later, is no overlap.
    const site = { level: 'site' as const, places: [world.location.id] }
    const specific = await cpo.split_policies.create(terms({ effective_from: from, ...site }))
    await cpo.split_policies.activate(specific.id)
    const strange = terms({ ...site, places: ['loc_00000000000000000000000000'] })
    expect((await problemOf(cpo.split_policies.create(strange))).code).toBe('resource_missing')
  })

  test('makes every statement of before again to the cent, or is not activated', async () => {
    const draft = await cpo.split_policies.create(
      terms({ effective_from: '2032-01-01T00:00:00.000Z' }),
    )
    const golden = { format: 'csv', name: 'March' } as const
    const slip = await problemOf(
      cpo.split_policies.add_golden(draft.id, { ...golden, csv: csv('4.999') }),
    )
    expect(slip).toMatchObject({ code: 'invalid_value', problem: { param: 'csv' } })
    const made = await cpo.split_policies.add_golden(draft.id, { ...golden, csv: csv('4.99') })
    const difference = {
      golden: made.id,
      session: 'b',
      rule: 'site_share',
      expected: eur(499),
      found: eur(500),
    }
    expect(made).toMatchObject({ sessions: 2, lines: 2, differences: [difference] })
    const { code, problem } = await problemOf(cpo.split_policies.activate(draft.id))
    expect([code, problem?.['differences']]).toEqual(['invalid_transition', [difference]])
    expect((await cpo.split_policies.goldens(draft.id)).data).toHaveLength(1)
  })

  test('is the platform’s for everybody, and nobody’s who neither sells nor runs the product', async () => {
    const mine = { cpo: world.cpo.account.id }
    const draft = await api.platform.split_policies.create({ ...terms(), ...mine })
    expect(draft).toMatchObject({ cpo: world.cpo.account.id, status: 'draft' })
    expect((await problemOf(cpo.split_policies.get(draft.id))).code).toBe('resource_missing')
    const partner = problemOf(world.a.lane.split_policies.create(terms()))
    expect((await partner).code).toBe('insufficient_scope')
    const standard = problemOf(cpo.split_policies.create(terms({ level: 'default' })))
    expect((await standard).problem?.param).toBe('level')
  })

  test('replays past sessions, and says how far it is', async () => {
    const draft = await cpo.split_policies.create(terms())
    const run = await cpo.split_policies.simulate(draft.id, { days: 30 })
    expect(run).toMatchObject({ policy: draft.id, version: 1, status: 'running', payees: null })
    expect(await cpo.split_simulations.get(run.id)).toMatchObject({ id: run.id })
    expect((await cpo.split_simulations.lines(run.id)).data).toEqual([])
    const stranger = problemOf(world.a.lane.split_simulations.get(run.id))
    expect((await stranger).code).toBe('resource_missing')
    expect((await cpo.split_items.list()).data).toEqual([])
  })
})

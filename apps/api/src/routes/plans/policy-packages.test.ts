// An operator's code over the API: uploaded with its golden tests, tried, put in force, watched.
import { keepPolicyRun } from '@chargelane/db/queries/policies/packages'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const eur = (amount: number) => ({ amount, currency: 'EUR' })

const facts = (amount: number) => ({
  hook: 'before_payout' as const,
  at: '2026-03-01T12:00:00.000Z',
  settlement: 'stl_1',
  payee: { role: 'cpo', id: 'acct_1' },
  amount: eur(amount),
  sessions: 3,
})

const held = { decision: 'hold' as const, reason: 'More than 500.00' }
const body = (version: string, over: object = {}) => ({
  name: 'big-payouts',
  version,
  hooks: ['before_payout' as const],
  schema_version: 1 as const,
  source: `export function before_payout({ amount }) {
    return amount.amount > 50000 ? { decision: 'hold', reason: 'More than 500.00' } : { decision: 'go_on' }
  }`,
  goldens: [
    { name: 'small', facts: facts(100), answer: { decision: 'go_on' as const } },
    { name: 'big', facts: facts(50_001), answer: held },
  ],
  ...over,
})

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

describe('a policy package', () => {
  it('is a draft once its goldens hold, keeps its source byte for byte, and never changes', async () => {
    const { lane } = world.cpo
    const made = await lane.policy_packages.create(body('1.0.0'))
    expect(made).toMatchObject({ status: 'draft', goldens: 2, on_error: 'go_on', version: '1.0.0' })
    const source = await lane.policy_packages.source(made.id)
    expect(await new Response(source).text()).toBe(body('1.0.0').source)
    const again = await refusal(lane.policy_packages.create(body('1.0.0')))
    expect(again).toMatchObject({ code: 'invalid_value', param: 'version' })
    expect((await refusal(world.a.lane.policy_packages.get(made.id))).code).toBe(
      'insufficient_scope',
    )
  })

  it('whose golden does not hold, or whose code does not end, is refused with what it answered', async () => {
    const { lane } = world.cpo
    const wrong = body('2.0.0', {
      goldens: [{ name: 'big', facts: facts(50_001), answer: { decision: 'go_on' } }],
    })
    expect(await refusal(lane.policy_packages.create(wrong))).toMatchObject({
      code: 'invalid_value',
      param: 'goldens',
      message: expect.stringContaining('golden big: answers {"decision":"hold"'),
    })
    const endless = body('2.0.0', { source: 'export function before_payout() { while (true); }' })
    expect((await refusal(lane.policy_packages.create(endless))).message).toContain('steps')
    const infinite = body('2.0.0', {
      source: 'export const before_payout = () => ({ decision: "hold", reason: "\\u0000" })',
    })
    expect((await refusal(lane.policy_packages.create(infinite))).message).toContain('answer')
    const other = body('2.0.0', { hooks: ['split'] })
    expect((await refusal(lane.policy_packages.create(other))).message).toContain(
      'none of its hooks',
    )
    expect((await refusal(world.a.lane.policy_packages.create(body('2.0.0')))).code).toBe(
      'insufficient_scope',
    )
  })

  it('in force takes the place of its earlier version, and no hook of another package', async () => {
    const { lane } = world.cpo
    const [first] = (await lane.policy_packages.list()).data
    const active = await lane.policy_packages.activate(first?.id ?? '')
    expect(active).toMatchObject({ status: 'active', faults_in_row: 0 })
    const second = await lane.policy_packages.create(body('1.1.0'))
    await lane.policy_packages.activate(second.id)
    expect(await lane.policy_packages.get(active.id)).toMatchObject({
      status: 'retired',
      reason: 'big-payouts 1.1.0 took its place',
    })
    const rival = await lane.policy_packages.create(body('1.0.0', { name: 'rival' }))
    expect(await refusal(lane.policy_packages.activate(rival.id))).toMatchObject({
      code: 'invalid_transition',
      message: expect.stringContaining('big-payouts 1.1.0 has the hook before_payout'),
    })
    expect(await lane.policy_packages.retire(second.id)).toMatchObject({ status: 'retired' })
    expect((await refusal(lane.policy_packages.retire(second.id))).code).toBe('invalid_transition')
    expect((await lane.policy_packages.activate(rival.id)).status).toBe('active')
  })

  it('with a hook that no sale asks yet is drafted, and not put in force', async () => {
    const { lane } = world.cpo
    const hooks = ['before_payout', 'split']
    const draft = await lane.policy_packages.create(body('1.0.0', { name: 'shares', hooks }))
    expect(await refusal(lane.policy_packages.activate(draft.id))).toMatchObject({
      code: 'not_offered',
      param: 'hooks',
    })
  })

  it('is tried on facts of its operator, or on those a session was decided by, and nothing is kept', async () => {
    const { lane } = world.cpo
    const made = await lane.policy_packages.create(body('3.0.0'))
    const tried = await lane.policy_packages.dry_run(made.id, {
      hook: 'before_payout',
      facts: facts(60_000),
    })
    expect(tried).toMatchObject({ outcome: 'answered', answer: held, fault: null })
    const session = newId('session')
    const unknown = await refusal(
      lane.policy_packages.dry_run(made.id, { session, hook: 'before_payout' }),
    )
    expect(unknown).toMatchObject({ code: 'resource_missing', param: 'session' })
    await keepPolicyRun(api.database.db, {
      hook: 'before_payout',
      subject: newId('settlement'),
      sessionId: session,
      cpoId: world.cpo.account.id,
      packageId: made.id,
      sha256: made.sha256,
      factsHash: 'sha256:0',
      facts: facts(70_000),
      answer: held,
      fault: null,
      message: null,
      at: api.deps.now(),
    })
    const kept = await lane.policy_packages.dry_run(made.id, { session, hook: 'before_payout' })
    expect(kept).toMatchObject({ outcome: 'answered', facts: facts(70_000), answer: held })
    expect((await lane.policy_packages.faults(made.id)).data).toEqual([])
  })
})

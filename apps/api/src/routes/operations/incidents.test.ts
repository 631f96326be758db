import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const stuck = (workflowId: string) =>
  api.database.db.tx((tx) =>
    openIncident(tx, {
      kind: 'step_failed',
      subject: { type: 'workflow', id: workflowId },
      accountId: world.a.account.id,
      cause: 'Invariant broken: a share without an owner',
      atStake: { amount: 708, currency: 'EUR' },
      actions: ['retry', 'waive'],
      at: api.deps.now(),
    }),
  )

describe('an incident of a step that waits', () => {
  it('tells its workflow what was decided, by whom and why, and cannot be dismissed', async () => {
    const workflowId = `ses:${newId('session')}`
    const { id } = await stuck(workflowId)
    const seen = await api.platform.incidents.get(id)
    expect(seen).toMatchObject({ kind: 'step_failed', actions: ['retry', 'waive'] })
    await api.platform.incidents.resolve(id, { action: 'retry', reason: 'the policy is mended' })
    expect(api.corridor.decisions).toEqual([
      {
        workflowId,
        decision: {
          action: 'retry',
          reason: 'the policy is mended',
          by: expect.stringMatching(/^key_/),
        },
      },
    ])
    const dismissed = api.platform.incidents.resolve(id, { action: 'dismiss', reason: 'noise' })
    await expect(dismissed).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  it('that has no action, and no workflow that waits, is dismissed by a person', async () => {
    const { id } = await api.database.db.tx((tx) =>
      openIncident(tx, {
        kind: 'step_failed',
        subject: { type: 'workflow', id: 'settle:cpo:acct_1:EUR' },
        cause: 'The settlement of cpo:acct_1 in EUR was not closed',
        actions: [],
        at: api.deps.now(),
      }),
    )
    const before = api.corridor.decisions.length
    expect((await api.platform.incidents.get(id)).actions).toEqual(['dismiss'])
    const seen = await api.platform.incidents.resolve(id, { action: 'dismiss', reason: 'closed' })
    expect(seen.status).toBe('resolved')
    expect(api.corridor.decisions).toHaveLength(before)
  })

  it('is decided by nobody whose money it would give away', async () => {
    const { id } = await stuck(`ses:${newId('session')}`)
    const tried = world.a.lane.incidents.resolve(id, { action: 'waive', reason: 'please' })
    await expect(tried).rejects.toMatchObject({ code: 'insufficient_scope' })
  })
})

it('an action that nobody would carry out is refused, and the incident stays open', async () => {
  const { id } = await api.database.db.tx((tx) =>
    openIncident(tx, {
      kind: 'record_without_session',
      subject: { type: 'cdr', id: newId('cdr') },
      cause: 'a record of a session that is none of ours',
      actions: ['force_end'],
      at: api.deps.now(),
    }),
  )
  const adopted = api.platform.incidents.resolve(id, {
    action: 'force_end',
    reason: 'ours after all',
  })
  await expect(adopted).rejects.toMatchObject({ code: 'invalid_transition' })
  expect(await api.platform.incidents.get(id)).toMatchObject({ status: 'open' })
  const seen = await api.platform.incidents.resolve(id, { action: 'dismiss', reason: 'not ours' })
  expect(seen).toMatchObject({ status: 'resolved', actions: [] })
})

it('a record that is not there is adopted by nobody, whatever session is named', async () => {
  const { id } = await api.database.db.tx((tx) =>
    openIncident(tx, {
      kind: 'record_without_session',
      subject: { type: 'cdr', id: newId('cdr') },
      cause: 'a record of a session that is none of ours',
      actions: ['adopt', 'refuse'],
      at: api.deps.now(),
    }),
  )
  for (const wish of [
    { action: 'adopt', session: newId('session') },
    { action: 'refuse' },
  ] as const)
    await expect(
      api.platform.incidents.resolve(id, { ...wish, reason: 'ours after all' }),
    ).rejects.toMatchObject({ code: 'resource_missing' })
  expect(await api.platform.incidents.get(id)).toMatchObject({ status: 'open' })
})

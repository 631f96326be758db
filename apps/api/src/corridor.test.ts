import { fileURLToPath } from 'node:url'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { corridorQueue, sessionWorkflowId } from '@chargelane/corridor/contract'
import { Client, Connection } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Corridor, createCorridor } from './corridor.ts'

const accountId = newId('account')
let env: TestWorkflowEnvironment
let corridor: Corridor
let worker: Worker
let running: Promise<void>

beforeAll(async () => {
  const path = process.env['TEMPORAL_CLI']
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  env = await TestWorkflowEnvironment.createLocal(
    path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } },
  )
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: corridorQueue,
    workflowsPath: fileURLToPath(new URL('corridor.workflow.ts', import.meta.url)),
  })
  running = worker.run()
  corridor = createCorridor(env.client)
})
afterAll(async () => {
  worker.shutdown()
  await running
  await env.teardown()
})

const input = (extra: { externalId?: string } = {}) => ({
  origin: 'partner' as const,
  sessionId: newId('session'),
  accountId,
  quoteId: newId('quote'),
  ...extra,
})

describe('the corridor', () => {
  it('starts a session once per key and gives every caller the same answer', async () => {
    const wish = input()
    const answers = await Promise.all([
      corridor.authorize(wish, 'key-1'),
      corridor.authorize(wish, 'key-1'),
    ])
    expect(answers).toEqual([{ kind: 'authorized' }, { kind: 'authorized' }])
    const workflowId = sessionWorkflowId(accountId, 'key-1')
    expect(await corridor.stop(workflowId)).toEqual({ kind: 'stopping' })
    await expect(env.client.workflow.getHandle(workflowId).result()).resolves.toEqual({
      sessionId: wish.sessionId,
    })
  })

  it('still knows what it answered when the session is over, and starts nothing again', async () => {
    const wish = input({ externalId: 'declined' })
    const declined = { kind: 'refused', code: 'payment_declined', message: 'Declined.' }
    expect(await corridor.authorize(wish, 'key-2')).toEqual(declined)
    const handle = env.client.workflow.getHandle(sessionWorkflowId(accountId, 'key-2'))
    await handle.result()
    const { runId } = await handle.describe()
    expect(await corridor.authorize(wish, 'key-2')).toEqual(declined)
    expect((await handle.describe()).runId).toBe(runId)
  })

  it('refuses to stop what is over or was never there', async () => {
    for (const key of ['key-2', 'nobody'])
      expect(await corridor.stop(sessionWorkflowId(accountId, key))).toMatchObject({
        kind: 'refused',
        code: 'invalid_transition',
      })
    const event = { eventId: 'evt_1', type: 'x', pspId: 'pi_1' }
    expect(await corridor.paymentChanged(sessionWorkflowId(accountId, 'nobody'), event)).toBe(false)
  })

  it('runs a settlement batch once', async () => {
    const [first, again] = [await corridor.settle('b1'), await corridor.settle('b1')]
    expect(again).toEqual(first)
    await expect(env.client.workflow.getHandle(first.workflowId).result()).resolves.toBe('b1')
    expect(await corridor.settle('b1')).toEqual(first)
  })

  it('says within its deadline that the engine is away', async () => {
    expect(await corridor.isUp()).toBe(true)
    const connection = Connection.lazy({ address: '127.0.0.1:1', connectTimeout: '1s' })
    const away = createCorridor(new Client({ connection }), { authorizeMs: 500, commandMs: 500 })
    expect(await away.isUp()).toBe(false)
    await expect(away.stop('ses:x')).rejects.toMatchObject({ code: 'service_unavailable' })
    await expect(away.authorize(input(), 'key-3')).rejects.toMatchObject({
      code: 'service_unavailable',
    })
    // The connection stays open until this process ends: closed under a retry of the client's own, it throws.
  })
})

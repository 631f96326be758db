import { createContext, Script } from 'node:vm'
import { expect, test } from 'vitest'
import { guardOnce } from './activation-guard.ts'

/** What the SDK does: several calls into the workflow's context, then a wait. */
function activating(code: readonly string[], seen: unknown[]) {
  const context = createContext({ seen }, { microtaskMode: 'afterEvaluate' })
  const script = {
    runInContext(this: Script, ...[into, options]: Parameters<Script['runInContext']>) {
      seen.push(options?.timeout ?? 'none')
      return Script.prototype.runInContext.call(this, into, options)
    },
  }
  const workflow: Parameters<typeof guardOnce>[0] = {
    async activate({ runId }) {
      for (const each of code)
        script.runInContext.call(new Script(each), context, { timeout: 5_000 })
      await new Promise(setImmediate)
      return { runId: runId ?? '', successful: { commands: [] } }
    },
  }
  guardOnce(workflow, script, 200)
  return workflow
}

test('an activation has one time limit, whatever it calls', async () => {
  const seen: unknown[] = []
  const workflow = activating(['seen.push(1)', 'seen.push(2)'], seen)
  const ended = { runId: 'run', successful: { commands: [] } }
  await expect(workflow.activate({ runId: 'run' })).resolves.toEqual(ended)
  expect(seen).toEqual(['none', 1, 'none', 2])
})

test.for([
  ['a loop', 'for (;;) {}'],
  ['a loop behind a promise', 'void Promise.resolve().then(() => { for (;;) {} })'],
])('%s that never yields fails its activation, and the next one runs', async ([, code = '']) => {
  const seen: unknown[] = []
  const stuck = activating([code, 'seen.push("never")'], seen)
  const { failed } = await stuck.activate({ runId: 'run' })
  expect(failed?.failure?.message).toContain('timed out')
  expect(seen).not.toContain('never')
  const next = activating(['seen.push(3)'], seen)
  await expect(next.activate({ runId: 'next' })).resolves.toHaveProperty('successful')
  expect(seen).toContain(3)
})

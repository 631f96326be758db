import { expect, test } from 'vitest'
import type { VMWorkflowThreadProxy } from '@temporalio/worker/lib/workflow/threaded-vm.js'
import { fetchLogsAtTheEnd } from './workflow-logs.ts'

type Prototype = Parameters<typeof fetchLogsAtTheEnd>[0] & object
type Completion = Awaited<ReturnType<VMWorkflowThreadProxy['activate']>>

test('a workflow is asked for what it logged when it ends or fails, and not before', async () => {
  const completions: Completion[] = [
    { successful: { commands: [{ startTimer: { seq: 1 } }] } },
    { failed: { failure: { message: 'not deterministic' } } },
    { successful: { commands: [] } },
    { successful: { commands: [{ completeWorkflowExecution: {} }] } },
  ]
  const fetched: number[] = []
  const prototype: Prototype = {
    activate: () => Promise.resolve(completions.shift() ?? {}),
    getAndResetSinkCalls: () => {
      fetched.push(completions.length)
      return Promise.resolve([])
    },
  }
  fetchLogsAtTheEnd(prototype)
  const workflow: Prototype = Object.create(prototype)
  while (completions.length > 0) {
    await workflow.activate({})
    await workflow.getAndResetSinkCalls()
  }
  expect(fetched).toEqual([2, 0])
})

// Preloaded into the worker: `node --import …/workflow-threads.ts …/main.ts`. Temporal's SDK records the stack of every
// promise a workflow makes, for its query `__stack_trace`, and watches each call into a workflow by a thread; together they
// are half of what a workflow costs (decision 0028). What a session waits for is told by its queries `timeline` and
// `nextAction`. WORKFLOW_STACKS=true keeps the stacks.
import { promiseHooks } from 'node:v8'
import { isMainThread } from 'node:worker_threads'

if (!isMainThread) {
  // The SDK goes on without stacks where the hook is not to be had, and then answers the query with that.
  if (process.env['WORKFLOW_STACKS'] !== 'true')
    promiseHooks.createHook = () => {
      throw new Error('stacks of promises are switched off')
    }
  const { BaseVMWorkflow } = await import('@temporalio/worker/lib/workflow/vm-shared.js')
  const { guardOnce } = await import('./activation-guard.ts')
  guardOnce(BaseVMWorkflow.prototype)
}

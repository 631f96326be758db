// Preloaded into the worker: `node --import …/no-promise-stacks.ts …/main.ts`. Temporal's SDK records the stack of every
// promise a workflow makes, for its query `__stack_trace`; that is a third of what a workflow costs (decision 0028). What a
// session waits for is told by its queries `timeline` and `nextAction`. WORKFLOW_STACKS=true keeps the stacks.
import { promiseHooks } from 'node:v8'
import { isMainThread } from 'node:worker_threads'

if (!isMainThread && process.env['WORKFLOW_STACKS'] !== 'true') {
  // The SDK goes on without stacks where the hook is not to be had, and then answers the query with that.
  promiseHooks.createHook = () => {
    throw new Error('stacks of promises are switched off')
  }
}

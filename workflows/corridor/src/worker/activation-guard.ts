// One time limit for an activation of a workflow. Temporal's SDK sets one for each of its three or four calls into the
// workflow's context, and each of them starts a thread that watches the clock (decision 0028).
import { Script } from 'node:vm'
import type { BaseVMWorkflow } from '@temporalio/worker/lib/workflow/vm-shared.js'

type Workflow = Pick<BaseVMWorkflow, 'activate'>
type Activate = Workflow['activate']

/** As the SDK's own limit. */
const limitMs = 5_000

declare global {
  /** What the guarded script of this thread runs. */
  var runGuarded: (() => ReturnType<Activate>) | undefined
}

/**
 * An activation runs all of its workflow's code before it first waits, so one limit around it stops whatever never
 * yields. It then fails like any other, and the workflow's task is tried again.
 */
export function guardOnce(
  workflow: Workflow,
  script: Pick<Script, 'runInContext'> = Script.prototype,
  timeout = limitMs,
): void {
  const { activate } = workflow
  const { runInContext } = script
  const guarded = new Script('globalThis.runGuarded()')
  script.runInContext = function (context, options) {
    const isWatched = globalThis.runGuarded !== undefined
    return runInContext.call(this, context, isWatched ? { displayErrors: true } : options)
  }
  workflow.activate = function (activation) {
    globalThis.runGuarded = () => activate.call(this, activation)
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it returns what `runGuarded` returns
      return guarded.runInThisContext({ timeout }) as ReturnType<Activate>
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return Promise.resolve({ runId: activation.runId ?? '', failed: { failure: { message } } })
    } finally {
      globalThis.runGuarded = undefined
    }
  }
}

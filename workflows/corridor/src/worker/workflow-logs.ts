// What a workflow logs is fetched from its thread when the workflow ends or its task fails. Temporal's SDK fetches it
// after every activation and keeps the finished activation waiting meanwhile, twenty times a session (decision 0030).
import { VMWorkflowThreadProxy } from '@temporalio/worker/lib/workflow/threaded-vm.js'

type Prototype = Pick<VMWorkflowThreadProxy, 'activate' | 'getAndResetSinkCalls'>
type Completion = Awaited<ReturnType<Prototype['activate']>>

/** Commands that end a workflow's run. */
const endings = [
  'completeWorkflowExecution',
  'failWorkflowExecution',
  'cancelWorkflowExecution',
  'continueAsNewWorkflowExecution',
] as const

export const isLastWord = ({ failed, successful }: Completion): boolean =>
  (failed !== undefined && failed !== null) ||
  (successful?.commands ?? []).some((command) =>
    endings.some((ending) => command[ending] !== undefined && command[ending] !== null),
  )

/** Of every workflow of this process, from now on. */
export function fetchLogsAtTheEnd(prototype: Prototype = VMWorkflowThreadProxy.prototype): void {
  const { activate, getAndResetSinkCalls } = prototype
  const ended = new WeakSet()
  prototype.activate = async function (activation) {
    const completion = await activate.call(this, activation)
    if (isLastWord(completion)) ended.add(this)
    return completion
  }
  prototype.getAndResetSinkCalls = async function () {
    return ended.delete(this) ? getAndResetSinkCalls.call(this) : []
  }
}

// Every workflow can be moved in time: it hears the signal, and what it starts begins where it stands itself.
import { setHandler } from '@temporalio/workflow'
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'
import { clockMoved } from '../contract.ts'
import { aheadMemo, isMillis } from './ahead.ts'
import { aheadMs, moveTo } from './clock.ts'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      execute(input, next) {
        setHandler(clockMoved, (...told) => {
          for (const ms of told.filter(isMillis)) moveTo(ms)
        })
        return next(input)
      },
    },
  ],
  outbound: [
    {
      startChildWorkflowExecution(input, next) {
        const ahead = aheadMs()
        if (ahead === 0) return next(input)
        const memo = { ...input.options.memo, ...aheadMemo(ahead) }
        return next({ ...input, options: { ...input.options, memo } })
      },
    },
  ],
})

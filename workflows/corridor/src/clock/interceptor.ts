// Every workflow can be moved in time: it hears the signal, and what it starts begins where it stands itself.
import { setHandler } from '@temporalio/workflow'
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'
import { clockMoved } from '../contract.ts'
import { aheadMemo, isAhead } from './ahead.ts'
import { aheadMs, setAhead } from './clock.ts'

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      execute(input, next) {
        setHandler(clockMoved, (...told) => {
          // Two moves may arrive out of order: the farther one counts.
          setAhead(Math.max(aheadMs(), ...told.filter(isAhead)))
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

// For corridor.test.ts: the two workflows by name, with nothing behind the answers.
import { authorize, requestStop } from '@chargelane/corridor/contract'
import type { AuthorizationAnswer, SessionInput, StopAnswer } from '@chargelane/corridor/contract'

import { allHandlersFinished, condition, setHandler } from '@temporalio/workflow'

export async function sessionLifecycle(input: SessionInput): Promise<{ sessionId: string }> {
  let isOver = false
  let isAuthorized = false
  const isRefused = input.origin === 'partner' && input.externalId === 'declined'
  setHandler(authorize, async (): Promise<AuthorizationAnswer> => {
    await condition(() => isAuthorized || isRefused)
    return isRefused
      ? { kind: 'refused', code: 'payment_declined', message: 'Declined.' }
      : { kind: 'authorized' }
  })
  setHandler(requestStop, (): StopAnswer => {
    isOver = true
    return { kind: 'stopping' }
  })
  isAuthorized = true
  await condition(() => isOver || isRefused)
  await condition(allHandlersFinished)
  return { sessionId: input.sessionId }
}

export function settlementBatch(input: { batch?: string }): Promise<string> {
  return Promise.resolve(input.batch ?? '')
}

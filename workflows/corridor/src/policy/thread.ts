// The thread of one operator's code: one call at a time, answered or found at fault.
import { parentPort } from 'node:worker_threads'
import { callSandboxed, type SandboxAnswer, type SandboxCall } from './sandbox.ts'

async function answer(call: SandboxCall): Promise<SandboxAnswer> {
  try {
    return await callSandboxed(call)
  } catch (error) {
    // The engine itself gave up.
    const message = error instanceof Error ? error.message.slice(0, 300) : 'the engine broke'
    return { kind: 'fault', fault: 'crashed', message }
  }
}

parentPort?.on('message', (call: SandboxCall) => void tell(call))

async function tell(call: SandboxCall): Promise<void> {
  const said = await answer(call)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(said)
}

// What Temporal itself costs: an empty workflow with as many activities of each sort, on the same server.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { cpuSecondsOf } from './process-cpu.ts'

export type FloorFigures = {
  ordinary: number
  local: number
  perSecond: number
  /** CPU seconds per workflow; undefined where the system does not tell. */
  cpuS: { worker: number; temporal: number } | undefined
}

/** The worker of the product is started with this preload, which an SDK as it comes is not. */
const preload = new URL(
  '../../../workflows/corridor/src/worker/workflow-threads.ts',
  import.meta.url,
)

/** One activity per step that touches only our own database, none joined with another: what a session was built of. */
const unjoined = { ordinary: 5, local: 17 }

export type Floors = {
  /** Temporal's SDK as it comes. */
  stock: FloorFigures
  /** The same with the settings of our worker. */
  tuned: FloorFigures
  /** The SDK as it comes with as many activities as a session has steps: joining steps does not lower it. */
  unjoined: FloorFigures
}

export async function measureFloors(
  options: Omit<FloorOptions, 'taskQueue' | 'execArgv'>,
): Promise<Floors> {
  const of = (name: string, change: Partial<FloorOptions> = {}) =>
    measureFloor({ ...options, taskQueue: `bench-${name}`, execArgv: [], ...change })
  return {
    stock: await of('floor'),
    tuned: await of('floor-tuned', { execArgv: [`--import=${preload.href}`] }),
    unjoined: await of('floor-unjoined', unjoined),
  }
}

type FloorOptions = {
  client: Client
  address: string
  namespace: string
  temporalPid: number
  slots: number
  ordinary: number
  local: number
  durationMs: number
  taskQueue: string
  execArgv: string[]
}

async function measureFloor(options: FloorOptions): Promise<FloorFigures> {
  const { client, ordinary, local, slots, durationMs, taskQueue, execArgv } = options
  const child = fork(
    fileURLToPath(new URL('floor-worker.ts', import.meta.url)),
    [options.address, options.namespace, taskQueue],
    { execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  )
  const gone = once(child, 'exit')
  try {
    await Promise.race([
      once(child, 'message'),
      gone.then(() => {
        throw new Error('the worker of the empty workflow did not start')
      }),
    ])
    const cpu = () => cpuSecondsOf({ worker: child.pid ?? 0, temporal: options.temporalPid })
    let count = 0
    const runAll = async (untilMs: number) => {
      const startedAt = performance.now()
      await Promise.all(
        Array.from({ length: slots }, async (_, slot) => {
          do {
            count += 1
            await client.workflow.execute('emptyCorridor', {
              workflowId: `${taskQueue}-${slot}-${count}`,
              taskQueue,
              args: [{ ordinary, local }],
            })
          } while (performance.now() - startedAt < untilMs)
        }),
      )
      return performance.now() - startedAt
    }
    await runAll(2_000)
    count = 0
    const before = cpu()
    const tookMs = await runAll(durationMs)
    const after = cpu()
    const each = (name: 'worker' | 'temporal') =>
      ((after?.[name] ?? 0) - (before?.[name] ?? 0)) / count
    return {
      ordinary,
      local,
      perSecond: Math.round((count * 100_000) / tookMs) / 100,
      cpuS:
        after === undefined ? undefined : { worker: each('worker'), temporal: each('temporal') },
    }
  } finally {
    if (child.connected) child.disconnect()
    await gone
  }
}

// Operators' code, each operator's in a thread of its own: calls of one wait in a short line, and nobody else for them.
import { Worker } from 'node:worker_threads'
import { laneLimits, sandboxLimits } from './limits.ts'
import type { SandboxAnswer, SandboxCall } from './sandbox.ts'

export type LaneAnswer = SandboxAnswer | { kind: 'fault'; fault: 'busy'; message: string }

export type PolicyLanes = {
  /** `lane` is the operator. Never throws: what goes wrong is an answer. */
  call: (lane: string, call: SandboxCall) => Promise<LaneAnswer>
  close: () => Promise<void>
}

const busy = (message: string): LaneAnswer => ({ kind: 'fault', fault: 'busy', message })
const broken = (fault: 'time' | 'crashed', message: string): LaneAnswer => ({
  kind: 'fault',
  fault,
  message,
})

/** No environment, no arguments and a small heap: the engine inside has a limit of its own. */
const openThread = () =>
  new Worker(new URL('./thread.ts', import.meta.url), {
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  })

type Limits = { waiting: number; threads: number; idleMs: number; wallMs: number }
type Waiting = { call: SandboxCall; tell: (answer: LaneAnswer) => void }

/** One operator's thread, opened for its first call and closed when it has been idle for a while. */
class Lane {
  readonly #limits: Limits
  readonly #gone: () => void
  readonly #line: Waiting[] = []
  #thread: Worker | undefined
  #underWay: Waiting | undefined
  /** The last resort of the call under way, or the end of an idle thread. */
  #timer: NodeJS.Timeout | undefined

  constructor(limits: Limits, gone: () => void) {
    this.#limits = limits
    this.#gone = gone
  }

  get isIdle(): boolean {
    return this.#underWay === undefined
  }

  call(call: SandboxCall): Promise<LaneAnswer> {
    if (this.#line.length >= this.#limits.waiting)
      return Promise.resolve(busy(`${this.#limits.waiting} calls wait before this one`))
    return new Promise((tell) => {
      this.#line.push({ call, tell })
      this.#next()
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    const all = [...(this.#underWay === undefined ? [] : [this.#underWay]), ...this.#line.splice(0)]
    this.#underWay = undefined
    for (const waiting of all) waiting.tell(busy('the process stops'))
    await this.#closeThread()
  }

  #next(): void {
    if (this.#underWay !== undefined) return
    clearTimeout(this.#timer)
    const waiting = this.#line.shift()
    if (waiting === undefined) return this.#rest()
    this.#underWay = waiting
    const { wallMs } = this.#limits
    const took = broken('time', `no answer within ${wallMs} ms`)
    this.#timer = setTimeout(() => this.#give(took), wallMs)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#open().postMessage(waiting.call)
  }

  #give(answer: LaneAnswer): void {
    // A thread that had to be stopped or ran out of something is not used again.
    if (answer.kind === 'fault' && answer.fault !== 'threw') void this.#closeThread()
    const waiting = this.#underWay
    this.#underWay = undefined
    waiting?.tell(answer)
    this.#next()
  }

  #rest(): void {
    this.#timer = setTimeout(() => {
      this.#gone()
      void this.#closeThread()
    }, this.#limits.idleMs)
    this.#timer.unref()
  }

  #open(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const thread = openThread()
    thread.on('message', (answer: SandboxAnswer) => this.#give(answer))
    thread.on('error', (error) =>
      this.#give(broken('crashed', error instanceof Error ? error.message : 'its thread broke')),
    )
    thread.on('exit', () => this.#give(broken('crashed', 'its thread ended')))
    // An idle thread holds no process; a call under way does, by its timer.
    thread.unref()
    this.#thread = thread
    return thread
  }

  async #closeThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    thread?.removeAllListeners()
    // What it throws while it goes is nobody's.
    thread?.on('error', () => undefined)
    await thread?.terminate()
  }
}

export function createPolicyLanes(
  limits: Limits = { ...laneLimits, wallMs: sandboxLimits.wallMs },
): PolicyLanes {
  const lanes = new Map<string, Lane>()
  /** Undefined where all threads are at work for others; an idle one gives its place. */
  const laneOf = (id: string): Lane | undefined => {
    const found = lanes.get(id)
    if (found !== undefined) return found
    if (lanes.size >= limits.threads) {
      const idle = [...lanes].find(([, lane]) => lane.isIdle)
      if (idle === undefined) return undefined
      lanes.delete(idle[0])
      void idle[1].close()
    }
    const lane = new Lane(limits, () => lanes.delete(id))
    lanes.set(id, lane)
    return lane
  }
  return {
    call: (id, call) =>
      laneOf(id)?.call(call) ?? Promise.resolve(busy('all threads are at work for others')),
    async close() {
      const open = [...lanes.values()]
      lanes.clear()
      await Promise.all(open.map((lane) => lane.close()))
    },
  }
}

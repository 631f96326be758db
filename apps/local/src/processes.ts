import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A failure the person at the terminal can act on; its message is the sentence that is printed. */
export class StartError extends Error {}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrorWithCode(error, 'EPERM')
  }
}

export function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * Tells two processes with one id apart (ids are reused): the kernel's start time of the process.
 * Empty when the process does not exist.
 */
export function processIdentity(pid: number): string {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The command, field 2, may itself contain spaces and brackets; field 22 is the start time.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    } catch {
      return ''
    }
  }
  if (!isAlive(pid)) return ''
  return (
    spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
  )
}

/**
 * Calls back when the npm that runs this script is gone. A signal to npm does not always reach us:
 * npm passes it to a shell, and the shell ends without passing it on.
 */
export function onNpmGone(callback: () => void): void {
  if (!process.env['npm_lifecycle_event']) return
  const parent = process.ppid
  const ancestors = isShell(parent) ? [parent, parentOf(parent)] : [parent]
  const identities = ancestors.map(processIdentity)
  const timer = setInterval(() => {
    if (ancestors.every((pid, index) => processIdentity(pid) === identities[index])) return
    clearInterval(timer)
    callback()
  }, 500)
  timer.unref()
}

function isShell(pid: number): boolean {
  try {
    return /^(sh|dash|bash|ash|busybox)$/.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim())
  } catch {
    return false
  }
}

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Sends the polite signal, waits, then kills. Resolves when the process is gone. */
export async function endProcess(
  pid: number,
  signal: NodeJS.Signals,
  politeMs: number,
): Promise<void> {
  for (const [attempt, waitMs] of [
    [signal, politeMs],
    ['SIGKILL', 5000],
  ] as const) {
    try {
      process.kill(pid, attempt)
    } catch {
      return
    }
    const deadline = Date.now() + waitMs
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return
      await sleep(25)
    }
  }
}

/** Opens a log for appending; one older generation is kept, so that logs do not grow for ever. */
function openLog(file: string): NodeJS.WritableStream {
  mkdirSync(dirname(file), { recursive: true })
  if (existsSync(file) && statSync(file).size > 10_000_000) renameSync(file, `${file}.1`)
  return createWriteStream(file, { flags: 'a' })
}

/** How the caller follows the lives of a process. */
export type Watch = {
  /** Aborted when everything is being ended: nothing is started again from then on. */
  signal?: AbortSignal
  /** After every start, the first included. */
  onStarted?: (pid: number) => void
  /** Every time the process is ready to work, the first included. */
  onReady?: () => void
  /** The process ended although nobody asked for it; it is being started again. */
  onDeath?: (reason: string) => void
}

export type ProcessSpec = Watch & {
  name: string
  command: string
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  logFile: string
  /** Opens an IPC channel, whose closing tells a Node child that its parent is gone. */
  ipc?: boolean
  uid?: number | undefined
  gid?: number | undefined
  stopSignal: NodeJS.Signals
  /** How long the polite signal may take before the process is killed; 8 s when absent. */
  stopWithinMs?: number
  /** Longest wait from spawning to readiness. */
  readyWithinMs: number
  /** Runs before every start, for instance to clear what a killed predecessor left. */
  beforeStart?: () => Promise<void>
  /** Asked until true; `output` is what the process printed so far in this life. */
  isReady: (child: { pid: number; output: string }) => boolean | Promise<boolean>
}

export type Supervised = {
  name: string
  pid: () => number
  stopSignal: NodeJS.Signals
  /** Ends the process and the watching. Safe to call twice. */
  stop: () => Promise<void>
}

const firstStartTries = 4
const backoffMsMax = 5000
/** A process that lived this long had recovered: its next death starts the back-off anew. */
const healthyAfterMs = 30_000

/** Starts one process, waits until it is ready, and starts it again whenever it dies. */
export async function supervise(spec: ProcessSpec): Promise<Supervised> {
  const log = openLog(spec.logFile)
  let child: ChildProcess | undefined
  let isStopped = false
  const isStopping = () => isStopped || spec.signal?.aborted === true
  let backoffMs = 100

  async function startOnce(): Promise<void> {
    await spec.beforeStart?.()
    if (isStopping()) throw new StartError(`${spec.name} is being stopped.`)
    const started = spawnLogged(spec, log)
    child = started.child
    const pid = started.child.pid
    if (pid !== undefined) spec.onStarted?.(pid)
    await waitUntilReady(spec, started)
    spec.onReady?.()
  }

  async function keepAlive(current: ChildProcess, startedAt: number): Promise<void> {
    const [code, signal] = await exitOf(current)
    if (isStopping()) return
    if (Date.now() - startedAt > healthyAfterMs) backoffMs = 100
    spec.onDeath?.(signal ? `ended by ${signal}` : `ended with exit code ${code}`)
    for (;;) {
      await sleep(backoffMs)
      backoffMs = Math.min(backoffMs * 2, backoffMsMax)
      if (isStopping()) return
      const at = Date.now()
      try {
        await startOnce()
        if (child) void keepAlive(child, at)
        return
      } catch (error) {
        if (child?.pid !== undefined) await endProcess(child.pid, 'SIGKILL', 0)
        if (isStopping()) return
        spec.onDeath?.(error instanceof Error ? error.message : String(error))
      }
    }
  }

  async function stop(): Promise<void> {
    isStopped = true
    if (child?.pid !== undefined && !hasExited(child))
      await endChild(child, spec.stopSignal, spec.stopWithinMs)
    log.end()
  }

  const startedAt = Date.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      await startOnce()
      break
    } catch (error) {
      if (child && !hasExited(child)) await endChild(child, 'SIGKILL')
      if (attempt < firstStartTries && !isTimeout(error) && !isStopping()) {
        await sleep(backoffMs * attempt * 3)
        continue
      }
      log.end()
      throw error
    }
  }
  if (child) void keepAlive(child, startedAt)
  return { name: spec.name, pid: () => child?.pid ?? 0, stopSignal: spec.stopSignal, stop }
}

type Started = { child: ChildProcess; output: () => string }

function spawnLogged(spec: ProcessSpec, log: NodeJS.WritableStream): Started {
  let output = ''
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    // A session of its own: Ctrl-C reaches the launcher only, which then ends all in order.
    detached: true,
    stdio: spec.ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log.write(text)
      output = (output + text).slice(-20_000)
    })
  }
  child.on('error', (error) => {
    output += error.message
    log.write(`${error.message}\n`)
  })
  return { child, output: () => output }
}

async function waitUntilReady(spec: ProcessSpec, { child, output }: Started): Promise<void> {
  const deadline = Date.now() + spec.readyWithinMs
  for (;;) {
    const { pid } = child
    if (pid === undefined || hasExited(child)) {
      throw new StartError(
        `${spec.name} ended before it was ready (${reasonIn(output())}); see ${spec.logFile}.`,
      )
    }
    if (await spec.isReady({ pid, output: output() })) return
    if (Date.now() > deadline) {
      throw new StartError(
        `${spec.name} was not ready after ${spec.readyWithinMs / 1000} s; see ${spec.logFile}.`,
        { cause: 'timeout' },
      )
    }
    await sleep(25)
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof StartError && error.cause === 'timeout'
}

/** What the process said last about why; stack traces and the runtime's own lines tell nobody. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => line !== '' && !/^(at |Node\.js v|[{}^])/.test(line))
  const error = lines.findLast((line) => /error\b/i.test(line) && !line.startsWith('at '))
  const line = error ?? last ?? 'it printed nothing'
  // A log line in JSON says it in one of these fields.
  const message = /"(?:message|msg)":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line
  return message.slice(0, 200)
}

function hasExited(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

async function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (!hasExited(child)) await once(child, 'exit')
  return [child.exitCode, child.signalCode]
}

async function endChild(
  child: ChildProcess,
  signal: NodeJS.Signals,
  politeMs = 8000,
): Promise<void> {
  const gone = exitOf(child)
  child.kill(signal)
  const isGone = await Promise.race([gone.then(() => true), sleep(politeMs, false, { ref: false })])
  if (!isGone) {
    child.kill('SIGKILL')
    await gone
  }
}

/** Processes and the signal that asks each politely to end. */
export type Will = { pid: number; signal: NodeJS.Signals }[]

export type Guard = {
  /** Names everything to end, in order, should this process be killed. Replaces the last will. */
  bequeath: (will: Will) => void
  /** Everything has been ended properly; the guard goes too. */
  dismiss: () => void
}

/** Starts the process that ends our children when this one is killed beyond any handler. */
export function startGuard(): Guard {
  let isDismissed = false
  let will = '[]\n'
  let stdin = spawnGuard()

  function spawnGuard(): Writable {
    const child = spawn(process.execPath, [fileURLToPath(new URL('guard.ts', import.meta.url))], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    child.unref()
    // A pipe is a socket: unreferenced, it does not keep a finished test run alive.
    if (child.stdin instanceof Socket) child.stdin.unref()
    child.stdin.on('error', () => undefined)
    child.on('exit', () => {
      if (!isDismissed) stdin = spawnGuard()
    })
    child.stdin.write(will)
    return child.stdin
  }

  return {
    bequeath(newWill) {
      will = `${JSON.stringify(newWill)}\n`
      stdin.write(will)
    },
    dismiss() {
      isDismissed = true
      stdin.end('[]\n')
    },
  }
}

// Runs one step of a check as a child process, with a timed line, so that a reader sees where time goes.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './config.ts'

const startedAt = performance.now()

export function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${seconds.padStart(7)} s  ${text}`)
}

export type Outcome = { passed: number; failed: number }

/** The environment of a step: the pinned tools come first, as under npm. */
export function stepEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    ...extra,
  }
}

export type Run = { code: number; output: string }

/** Runs a command to its end. What it prints is shown when `isShown`, and returned in any case. */
export function run(
  command: string,
  args: string[],
  options: { isShown?: boolean; cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: stepEnvironment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.timeoutMs ? { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const } : {}),
    })
    let output = ''
    for (const [stream, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (options.isShown) sink.write(text)
      })
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}ended by ${signal}\n` : output }),
    )
  })
}

/** One yes-or-no step: silent when it passes, its output when it fails. */
export async function step(
  name: string,
  act: () => Promise<{ problem?: string | undefined }>,
): Promise<Outcome> {
  const at = performance.now()
  const { problem } = await act()
  const took = `${((performance.now() - at) / 1000).toFixed(1)} s`
  say(`${problem === undefined ? 'passed' : 'FAILED'}  ${name} (${took})`)
  if (problem !== undefined) console.log(problem.trimEnd().replaceAll(/^/gm, '           '))
  return problem === undefined ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

export function sum(outcomes: Outcome[]): Outcome {
  return outcomes.reduce(
    (total, { passed, failed }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
    }),
    { passed: 0, failed: 0 },
  )
}

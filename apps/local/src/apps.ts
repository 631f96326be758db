// The processes of the product and what each is told through its environment.
import { join } from 'node:path'
import { z } from 'zod'
import { localDir, type Ports, root, type Settings } from './config.ts'
import { type ProcessSpec, supervise, type Supervised, type Watch } from './processes.ts'
import type { Secrets } from './state.ts'

/** In the order of ending: first who asks, last who keeps. */
export const appNames = ['simulator', 'api', 'roaming', 'cpms', 'worker'] as const
export type AppName = (typeof appNames)[number]

const entryPoints: Record<AppName, string> = {
  api: 'apps/api/src/main.ts',
  worker: 'workflows/corridor/src/worker/main.ts',
  cpms: 'apps/cpms/src/main.ts',
  roaming: 'apps/roaming/src/main.ts',
  simulator: 'apps/simulator/src/main.ts',
}

const preload = new URL(
  '../../../workflows/corridor/src/worker/workflow-threads.ts',
  import.meta.url,
)

/** Most of what these make is garbage at once: with room for it from the start V8 looks for it seldom. */
const roomy = ['--min-semi-space-size=16', '--max-semi-space-size=32']

/**
 * A node holds thousands of sockets in little memory: without its flags V8 keeps what loading its modules left behind, and
 * lets the heap double before it looks what is garbage. Its heap may grow as far as any other. The worker's preload keeps
 * Temporal's SDK from recording the stack of every promise.
 */
const flags: Partial<Record<AppName, readonly string[]>> = {
  worker: [`--import=${preload.href}`, ...roomy],
  api: roomy,
  roaming: roomy,
  cpms: ['--initial-old-space-size=32', '--max-semi-space-size=8', '--heap-growing-percent=30'],
}

/** Each thread of a node would else keep free memory of its own: glibc gives every one an arena. */
const environments: Partial<Record<AppName, NodeJS.ProcessEnv>> = {
  cpms: { MALLOC_ARENA_MAX: '2' },
}

/** Of each session a card provider could tell four things more, which nobody waits for. */
const holdEvents = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.expired',
  'refund.failed',
]

export type Addresses = {
  apiUrl: string
  ocppUrl: string
  ocpiUrl: string
  simulatorUrl: string
}

export function addressesOf(host: string, ports: Ports): Addresses {
  return {
    apiUrl: `http://${host}:${ports.API_PORT}`,
    ocppUrl: `ws://${host}:${ports.OCPP_PORT}/ocpp`,
    ocpiUrl: `http://${host}:${ports.OCPI_PORT}/ocpi`,
    simulatorUrl: `http://${host}:${ports.SIMULATOR_PORT}`,
  }
}

/** One environment for all, as in docker-compose.yml; each process picks what it validates. */
export function appEnvironment(options: {
  settings: Settings
  ports: Ports
  secrets: Secrets
  databaseUrl: string
  temporalAddress: string
}): NodeJS.ProcessEnv {
  const { settings, ports, secrets } = options
  const { host } = settings
  const { apiUrl, ocpiUrl, ocppUrl } = addressesOf(host, ports)
  return {
    ...process.env,
    // What runs here is a sandbox, whatever the machine is told to be.
    NODE_ENV: 'development',
    // From its second start on a process loads no TypeScript parser, which takes 18 MiB and a fifth of the start's CPU.
    NODE_COMPILE_CACHE: join(root, '.cache', 'node'),
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    HOST: host,
    LOG_LEVEL: settings.logLevel,
    DATABASE_URL: options.databaseUrl,
    TEMPORAL_ADDRESS: options.temporalAddress,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    PUBLIC_API_URL: apiUrl,
    OCPI_PUBLIC_URL: ocpiUrl,
    OCPP_PUBLIC_URL: ocppUrl,
    OCPI_COUNTRY_CODE: process.env['OCPI_COUNTRY_CODE'] ?? 'DE',
    OCPI_PARTY_ID: process.env['OCPI_PARTY_ID'] ?? 'CLN',
    CPMS_NODE_ID: process.env['CPMS_NODE_ID'] ?? 'node-1',
    // Sandbox chargers play half an hour in seconds: their clocks run ahead of ours and their energy comes fast.
    OCPP_CLOCK_AHEAD_MAX_MS: process.env['OCPP_CLOCK_AHEAD_MAX_MS'] ?? '86400000',
    PLAUSIBLE_SLACK_MS: process.env['PLAUSIBLE_SLACK_MS'] ?? '3600000',
    SESSION_DEADLINES: process.env['SESSION_DEADLINES'] ?? '{"longestLook":2000}',
    STRIPE_API_KEY: secrets.stripeApiKey,
    STRIPE_PUBLISHABLE_KEY: secrets.stripeApiKey.replace('sk_', 'pk_'),
    STRIPE_HOST: host,
    STRIPE_PORT: String(ports.PSP_PORT),
    STRIPE_PROTOCOL: 'http',
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    STRIPE_WEBHOOK_URL: `${apiUrl}/webhooks/payments/card`,
    // What answers an open payment or ends a hold; what else happens to one the product does itself.
    STRIPE_WEBHOOK_EVENTS: holdEvents.join(','),
    BANK_URL: `http://${host}:${ports.BANK_PORT}`,
    RATES_URL: `http://${host}:${ports.RATES_PORT}`,
    VIES_URL: `http://${host}:${ports.VIES_PORT}`,
    // Not in the middle of a story, whose taxes would change: the sandbox is asked at night.
    VAT_CHECK_CRON: process.env['VAT_CHECK_CRON'] ?? '40 2 * * *',
    EVIDENCE_SIGNING_KEY: secrets.evidenceSigningKey,
    EVIDENCE_KEY_SECRET: secrets.evidenceKeySecret,
    CHARGELANE_DATA_KEYS: process.env['CHARGELANE_DATA_KEYS'] ?? secrets.dataKeys,
    CHARGELANE_LOOKUP_KEY: process.env['CHARGELANE_LOOKUP_KEY'] ?? secrets.lookupKey,
    BOOTSTRAP_PLATFORM_KEY: secrets.platformKey,
    // Partners of the local product listen on loopback; in production that would be a hole.
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    // Nobody looks at accounts and parties of the local product; in production the platform does.
    VERIFY_AT_ONCE: 'true',
    SIMULATOR_STATE_FILE: join(localDir, 'simulator.json'),
    // A day of the sandbox is a minute, unless the environment names a schedule.
    ...(settings.settlementCron
      ? { SETTLEMENT_CRON: settings.settlementCron }
      : { SETTLEMENT_INTERVAL_S: process.env['SETTLEMENT_INTERVAL_S'] ?? '60' }),
  }
}

const zReadyLine = z.object({ ready: z.literal(true) })

/** A process is ready when it has printed its line `{"ready":true,…}`. */
function isReadyLine(line: string): boolean {
  if (!line.startsWith('{') || !line.includes('"ready"')) return false
  try {
    return zReadyLine.safeParse(JSON.parse(line)).success
  } catch {
    return false
  }
}

export function startApp(name: AppName, env: NodeJS.ProcessEnv, watch: Watch): Promise<Supervised> {
  const spec: ProcessSpec = {
    name,
    command: process.execPath,
    args: [...(flags[name] ?? []), join(root, entryPoints[name])],
    cwd: root,
    env: { ...env, ...environments[name] },
    logFile: join(localDir, 'logs', `${name}.log`),
    ipc: true,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5000,
    // The simulator is ready when its world stands: it signs up accounts through the API first.
    readyWithinMs: name === 'simulator' ? 180_000 : 90_000,
    isReady: ({ output }) => output.split('\n').some(isReadyLine),
    ...watch,
  }
  return supervise(spec)
}

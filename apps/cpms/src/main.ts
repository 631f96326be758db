import { connect } from '@chargelane/db'
import { markWhileRunning, openDataKeys } from '@chargelane/db/data-keys-in-use'
import { refuseSandboxSettings } from '@chargelane/corridor/worker/production'
import { openAnswers } from '@chargelane/corridor/supply/answers'
import { dataConverter } from '@chargelane/corridor/worker/codec'
import { nodeQueue } from '@chargelane/corridor/supply/connection'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { z } from 'zod'
import { createConnection } from './charge/connection.ts'
import { watchLines } from './charge/connectivity.ts'
import { createMessageLog } from '@chargelane/db/queries/chargers/frames'
import { type ChargingNode, defaultConfig } from './node.ts'
import { remote16 } from './ocpp16/remote.ts'
import { ocpp16 } from './ocpp16/routing.ts'
import { writeSeen } from './line/seen.ts'
import { openGateway } from './line/socket.ts'

// One charging node: the WebSocket gateway of its chargers, and the Temporal queue on which sessions command them.

const milliseconds = (fallback: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(30 * 86_400_000)
    .default(fallback)

const zEnvironment = z.object({
  DATABASE_URL: z.url(),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOST: z.string().min(1).default('127.0.0.1'),
  OCPP_PORT: z.coerce.number().int().min(0).max(65_535).default(4401),
  OCPP_PUBLIC_URL: z.string().optional(),
  CPMS_NODE_ID: z
    .string()
    .regex(/^[\w-]{1,60}$/u)
    .default('node-1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  OCPP_HEARTBEAT_S: z.coerce.number().int().min(10).max(86_400).default(defaultConfig.heartbeatS),
  OCPP_OFFLINE_GRACE_MS: milliseconds(defaultConfig.offlineGraceMs),
  OCPP_POWER_LOSS_GRACE_MS: milliseconds(defaultConfig.powerLossGraceMs),
  OCPP_CLOCK_AHEAD_MAX_MS: milliseconds(defaultConfig.clockAheadMaxMs),
  PLAUSIBLE_SLACK_MS: milliseconds(defaultConfig.plausibleSlackMs),
})

function readEnvironment() {
  refuseSandboxSettings(process.env)
  const present = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== ''),
  )
  const parsed = zEnvironment.safeParse(present)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`${String(issue?.path[0])} is not valid: ${issue?.message}`)
}

async function main(): Promise<void> {
  const env = readEnvironment()
  const log = pino({ level: env.LOG_LEVEL, name: 'cpms' })
  const db = connect({ url: env.DATABASE_URL, name: `cpms ${env.CPMS_NODE_ID}`, keepsPlans: true })
  await openDataKeys(db, new Date().toISOString())
  markWhileRunning(db, () => new Date().toISOString())
  const node: ChargingNode = {
    db,
    log,
    frames: createMessageLog(db),
    config: {
      ...defaultConfig,
      nodeId: env.CPMS_NODE_ID,
      heartbeatS: env.OCPP_HEARTBEAT_S,
      offlineGraceMs: env.OCPP_OFFLINE_GRACE_MS,
      powerLossGraceMs: env.OCPP_POWER_LOSS_GRACE_MS,
      clockAheadMaxMs: env.OCPP_CLOCK_AHEAD_MAX_MS,
      plausibleSlackMs: env.PLAUSIBLE_SLACK_MS,
    },
  }
  // Temporal would otherwise end the process on the first signal, before sockets are closed in order.
  Runtime.install({ shutdownSignals: [], logger: temporalLogger(log) })
  const connection = await NativeConnection.connect({ address: env.TEMPORAL_ADDRESS })
  const stopWatching = await watchLines(node)
  const stopWriting = writeSeen(node)
  const gateway = await openGateway(node, {
    host: env.HOST,
    port: env.OCPP_PORT,
    protocols: { 'ocpp1.6': ocpp16 },
  })
  const answers = await openAnswers({ db, log })
  const worker = await Worker.create({
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue: nodeQueue(env.CPMS_NODE_ID),
    dataConverter,
    activities: answers.with(
      createConnection(node, gateway, (station) => remotes[station.protocol ?? '']),
    ),
    maxConcurrentActivityTaskExecutions: 200,
    shutdownGraceTime: '3s',
  })
  const working = worker.run()
  const url = env.OCPP_PUBLIC_URL ?? `ws://${env.HOST}:${gateway.port}/ocpp`
  process.stdout.write(`${JSON.stringify({ ready: true, name: 'cpms', url })}\n`)

  await Promise.race([stopAsked(), working])
  log.info('stopping')
  stopWatching()
  if (worker.getState() === 'RUNNING') worker.shutdown()
  await Promise.allSettled([working, gateway.close()])
  await Promise.all([stopWriting(), node.frames.drained(), answers.close()])
  await connection.close()
  await db.close()
}

const remotes: Record<string, typeof remote16> = { 'ocpp1.6': remote16 }

/** A signal, or the launcher's death: a node nobody supervises must not go on alone. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    process.once('disconnect', () => resolve())
  })
}

function temporalLogger(log: pino.Logger) {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, meta?: Record<string, unknown>) =>
      log[level](meta ?? {}, message)
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    log: (level: string, message: string, meta?: Record<string, unknown>) =>
      at(level === 'ERROR' ? 'error' : level === 'WARN' ? 'warn' : 'debug')(message, meta),
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`cpms: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)

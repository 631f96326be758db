// The corridor's process: its workflows and activities, the relay of supply events, the webhooks, the schedules.
import type { Client } from '@temporalio/client'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { connect } from '@chargelane/db'
import type { Db } from '@chargelane/db'
import { pino } from 'pino'
import type { Logger } from 'pino'
import * as z from 'zod'
import { createBankPayouts } from '../settlement/bank.ts'
import { createEcbRates } from '../booking/ecb.ts'
import { openPayments } from '../payment/kinds.ts'
import { workflowBundle } from './bundle.ts'
import { connectTemporal, tellSession } from './clients.ts'
import { createActivities } from './composition.ts'
import { corridorQueue, defaultDeadlines, workflowTypes } from '../contract.ts'
import { signerOf } from '../evidence/activities.ts'
import { temporalLogger, wideEvents } from './logging.ts'
import { relaySupply, startLoop } from '../supply/relay.ts'
import type { Loop } from '../supply/relay.ts'
import { createSafeAgent, sendWebhooks } from './webhooks.ts'

const zPem = z
  .string()
  .transform((text) =>
    text.includes('BEGIN')
      ? text.replaceAll('\\n', '\n')
      : Buffer.from(text, 'base64').toString('utf8'),
  )
const zPositiveInt = z.coerce.number().int().positive()

/** Milliseconds by name, e.g. {"startConfirmation":5000}; what is absent keeps its default. */
const zDeadlines = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' })
      return z.NEVER
    }
  })
  .pipe(z.partialRecord(z.enum(Object.keys(defaultDeadlines)), z.int().positive()))

const zEnvironment = z.object({
  DATABASE_URL: z.url(),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  BANK_URL: z.url(),
  BANK_API_KEY: z.string().min(1).default('sandbox'),
  RATES_URL: z.url().optional(),
  EVIDENCE_SIGNING_KEY: zPem,
  ISSUER_NAME: z.string().min(1).default('Chargelane Betriebs GmbH'),
  WEBHOOK_ALLOW_LOOPBACK: z.stringbool().default(false),
  SETTLEMENT_CRON: z.string().min(1).optional(),
  SETTLEMENT_INTERVAL_S: zPositiveInt.optional(),
  PROOF_CHECK_CRON: z.string().min(1).optional(),
  SESSION_DEADLINES: zDeadlines.default({}),
  WORKER_CACHED_WORKFLOWS: zPositiveInt.default(500),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})
/** `env` is for what each kind of payment reads for itself. */
export type WorkerSettings = z.infer<typeof zEnvironment> & { env: NodeJS.ProcessEnv }

/** The settings of a process; names every variable that is wrong and never prints a value. */
export function readSettings(env: NodeJS.ProcessEnv): WorkerSettings {
  const parsed = zEnvironment.safeParse(env)
  if (parsed.success) return { ...parsed.data, env }
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The worker's environment is not valid. ${problems.join('; ')}`)
}

const ecbPath = '/stats/eurofxref/eurofxref-daily.xml'

function createWorld(settings: WorkerSettings, db: Db, client: Client) {
  const { RATES_URL } = settings
  return createActivities({
    db,
    payments: openPayments({ db, env: settings.env }),
    payouts: createBankPayouts({ url: settings.BANK_URL, apiKey: settings.BANK_API_KEY }),
    rates: createEcbRates(
      RATES_URL === undefined
        ? {}
        : {
            url: new URL(RATES_URL).pathname === '/' ? new URL(ecbPath, RATES_URL).href : RATES_URL,
          },
    ),
    signer: signerOf(settings.EVIDENCE_SIGNING_KEY),
    deadlines: { ...defaultDeadlines, ...settings.SESSION_DEADLINES },
    issuer: { name: settings.ISSUER_NAME },
    tellSession: (workflowId, news) => tellSession(client, workflowId, news),
  })
}

/**
 * Settlement every day after midnight UTC unless configured otherwise, price proofs half an hour before it; orphaned
 * holds every hour.
 */
export async function ensureSchedules(
  client: Client,
  settings: Pick<WorkerSettings, 'SETTLEMENT_CRON' | 'SETTLEMENT_INTERVAL_S' | 'PROOF_CHECK_CRON'>,
): Promise<void> {
  const { SETTLEMENT_CRON: cron, SETTLEMENT_INTERVAL_S: everyS } = settings
  const schedules = [
    {
      scheduleId: 'settlement-daily',
      workflowType: workflowTypes.settlement,
      args: [{}],
      spec:
        everyS === undefined
          ? { cronExpressions: [cron ?? '5 0 * * *'] }
          : { intervals: [{ every: `${everyS}s` as const }] },
    },
    {
      scheduleId: 'hold-reaper',
      workflowType: 'reapHolds',
      args: [],
      spec: { intervals: [{ every: '1 hour' as const }] },
    },
    {
      scheduleId: 'proofs-nightly',
      workflowType: workflowTypes.reverify,
      args: [],
      spec: { cronExpressions: [settings.PROOF_CHECK_CRON ?? '35 23 * * *'] },
    },
  ]
  for (const { scheduleId, workflowType, args, spec } of schedules) {
    const action = {
      type: 'startWorkflow' as const,
      workflowType,
      args,
      taskQueue: corridorQueue,
      workflowId: scheduleId,
    }
    try {
      await client.schedule.create({
        scheduleId,
        spec,
        action,
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
      })
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      // The configuration may have changed since the schedule was made.
      await client.schedule
        .getHandle(scheduleId)
        .update((previous) => ({ ...previous, spec, action }))
    }
  }
}

function startLoops(settings: WorkerSettings, db: Db, client: Client, log: Logger): Loop[] {
  const allowLoopback = settings.WEBHOOK_ALLOW_LOOPBACK
  const agent = createSafeAgent({ allowLoopback })
  return [
    startLoop({
      name: 'supply relay',
      pollMs: 2_000,
      log,
      work: () => relaySupply({ db, client, log, now: () => new Date().toISOString() }),
      subscribe: (wake) => db.listen('chargelane_supply', wake, wake),
    }),
    startLoop({
      name: 'webhooks',
      pollMs: 1_000,
      log,
      work: () => sendWebhooks({ db, agent, log, now: () => new Date(), allowLoopback }),
      subscribe: (wake) => db.listen('chargelane_events', wake, wake),
    }),
  ]
}

export type RunningWorker = { stop: () => Promise<void>; done: Promise<void> }

/** Starts everything and resolves when the worker polls. `stop` finishes what is running, within ten seconds. */
export async function startWorker(settings: WorkerSettings, log: Logger): Promise<RunningWorker> {
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] })
  const temporal = { address: settings.TEMPORAL_ADDRESS, namespace: settings.TEMPORAL_NAMESPACE }
  const db = connect({ url: settings.DATABASE_URL, max: 20, name: 'worker' })
  const { client, close } = await connectTemporal(temporal)
  const connection = await NativeConnection.connect({ address: temporal.address })
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: corridorQueue,
    workflowBundle: await workflowBundle(),
    activities: createWorld(settings, db, client),
    maxCachedWorkflows: settings.WORKER_CACHED_WORKFLOWS,
    maxConcurrentActivityTaskExecutions: 40,
    shutdownGraceTime: '5s',
    shutdownForceTime: '10s',
    interceptors: { activity: [() => ({ inbound: wideEvents(log) })] },
  })
  await ensureSchedules(client, settings)
  const loops = startLoops(settings, db, client, log)
  const runToTheEnd = async () => {
    try {
      await worker.run()
    } finally {
      await Promise.all(loops.map((loop) => loop.stop()))
      await close()
      await connection.close()
      await db.close()
    }
  }
  const done = runToTheEnd()
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown()
    await done
  }
  return { stop, done }
}

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const log = pino({ level: settings.LOG_LEVEL, base: { process: 'worker' } })
  const worker = await startWorker(settings, log)
  const stop = (reason: string) => {
    log.info({ reason }, 'stopping')
    worker.stop().catch((error: unknown) => log.error({ err: error }, 'stop failed'))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal))
  process.once('disconnect', () => stop('launcher gone'))
  const url = `temporal://${settings.TEMPORAL_ADDRESS}/${settings.TEMPORAL_NAMESPACE}`
  process.stdout.write(`${JSON.stringify({ ready: true, name: 'worker', url })}\n`)
  await worker.done
  if (process.connected) process.disconnect()
}

if (import.meta.main) await main()

// The corridor's process: its workflows and activities, the relay of supply events, the webhooks, the schedules.
import { createPrivateKey } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { WorkerOptions } from '@temporalio/worker'
import { connect } from '@chargelane/db'
import { markWhileRunning, openDataKeys } from '@chargelane/db/data-keys-in-use'
import type { Db } from '@chargelane/db'
import { deliveriesChannel } from '@chargelane/db/queries/outbox/outbox'
import { supplyChannel } from '@chargelane/db/queries/sessions/supply'
import { pino } from 'pino'
import type { Logger } from 'pino'
import { endFinalFailures } from '../attention/failures.ts'
import { createBankPayouts, createPayeeChecks } from '../settlement/bank.ts'
import { createBankFiles } from '../settlement/bank-files.ts'
import { createSepaRail } from '../settlement/sepa-files.ts'
import { createEcbRates } from '../booking/ecb.ts'
import { openCardMoney } from '../payment/card/card.ts'
import { createPolicyLanes } from '../policy/lanes.ts'
import { createVies } from '../onboarding/vies.ts'
import { openPayments } from '../payment/kinds.ts'
import { createBankExchange } from '../settlement/treasury/bank-exchange.ts'
import { createBankStatements } from '../settlement/treasury/bank-statements.ts'
import { workflowBundle } from './bundle.ts'
import { beginAftercare, connectTemporal, tellSession } from './clients.ts'
import { createActivities } from './composition.ts'
import { corridorQueue, defaultDeadlines, paperQueue } from '../contract.ts'
import { keyListPath } from '@chargelane/rules/evidence/keys'
import { type Keyring, openKeyring } from '../evidence/keyring.ts'
import { temporalLogger, wideEvents } from './logging.ts'
import { relaySupply, startLoop } from '../supply/relay.ts'
import type { Loop } from '../supply/relay.ts'
import { ensureSchedules } from './schedules.ts'
import { dataConverter } from './codec/codec.ts'
import { readSettings } from './settings.ts'
import type { WorkerSettings } from './settings.ts'
import { createLanes } from './lanes.ts'
import { createSafeAgent } from './safe-agent.ts'
import { fetchLogsAtTheEnd } from './workflow-logs.ts'

const ecbPath = '/stats/eurofxref/eurofxref-daily.xml'

/** What payouts go by: our bank's own orders always, files where our account there is named. */
function openRails(settings: WorkerSettings, db: Db) {
  const { BANK_ACCOUNT_IBAN: iban, BANK_FILE_CUT_OFF: cutOff, ISSUER_NAME: name } = settings
  const bank = { url: settings.BANK_URL, apiKey: settings.BANK_API_KEY }
  const payouts = { bank: createBankPayouts(bank) }
  const payeeCheck = createPayeeChecks(bank)
  if (iban === undefined) return { payouts, payeeCheck }
  const sepa = { debtor: { name, iban }, cutOff }
  return {
    payouts: { ...payouts, sepa_file: createSepaRail(db) },
    payeeCheck,
    payoutFiles: { files: createBankFiles(bank), sepa },
  }
}

function createWorld(settings: WorkerSettings, db: Db, client: Client, signer: Keyring) {
  const { RATES_URL, PUBLIC_API_URL } = settings
  const keysUrl =
    PUBLIC_API_URL === undefined ? undefined : new URL(keyListPath, PUBLIC_API_URL).href
  return createActivities({
    db,
    payments: openPayments({ db, env: settings.env, now: () => new Date() }),
    ...openRails(settings, db),
    rates: createEcbRates(
      RATES_URL === undefined
        ? {}
        : {
            url: new URL(RATES_URL).pathname === '/' ? new URL(ecbPath, RATES_URL).href : RATES_URL,
          },
    ),
    provider: openCardMoney(settings.env),
    statements: createBankStatements({ url: settings.BANK_URL, apiKey: settings.BANK_API_KEY }),
    exchange: createBankExchange({ url: settings.BANK_URL, apiKey: settings.BANK_API_KEY }),
    policies: createPolicyLanes(),
    vatCheck: createVies({ url: settings.VIES_URL, prefixes: settings.VIES_PREFIXES }),
    signer,
    deadlines: { ...defaultDeadlines, ...settings.SESSION_DEADLINES },
    plausibleSlackMs: settings.PLAUSIBLE_SLACK_MS,
    issuer: { name: settings.ISSUER_NAME, keysUrl },
    tellSession: (workflowId, news) => tellSession(client, workflowId, news),
    beginAftercare: (sale, told) => beginAftercare(client, sale, told),
  })
}

function startLoops(settings: WorkerSettings, db: Db, client: Client, log: Logger): Loop[] {
  const allowLoopback = settings.WEBHOOK_ALLOW_LOOPBACK
  const busy = new Set<string>()
  const deadlines = { ...defaultDeadlines, ...settings.SESSION_DEADLINES }
  const relay = { db, client, log, now: () => new Date().toISOString(), deadlines, busy }
  const agent = createSafeAgent({ allowLoopback })
  const lanes = createLanes({ db, agent, log, now: () => new Date(), allowLoopback })
  const webhooks = startLoop({
    name: 'webhooks',
    pollMs: 10_000,
    log,
    work: lanes.look,
    // A replay names no endpoint: its first page is still to be made.
    subscribe: (wake) =>
      db.listen(
        deliveriesChannel,
        (endpoint) => (endpoint === '' ? wake() : lanes.stir(endpoint)),
        wake,
      ),
  })
  return [
    startLoop({
      name: 'supply relay',
      pollMs: 2_000,
      // The end of a charge and its record come one after the other, and are told together.
      gatherMs: 100,
      log,
      work: async () => (await relaySupply(relay)).againMs,
      subscribe: (wake) => db.listen(supplyChannel, wake, wake),
    }),
    {
      stop: async () => {
        await webhooks.stop()
        await lanes.stop()
      },
    },
  ]
}

/** The corridor's worker, and one for papers, whose rendering must not keep sessions waiting. */
async function createWorkers(
  connection: NativeConnection,
  settings: WorkerSettings,
  activities: object,
  log: Logger,
): Promise<Worker[]> {
  const shared = {
    connection,
    namespace: settings.TEMPORAL_NAMESPACE,
    dataConverter,
    activities,
    shutdownGraceTime: '5s' as const,
    shutdownForceTime: '10s' as const,
    interceptors: {
      activity: [() => ({ inbound: wideEvents(log) }), () => ({ inbound: endFinalFailures })],
    },
  } satisfies Partial<WorkerOptions>
  return Promise.all([
    Worker.create({
      ...shared,
      taskQueue: corridorQueue,
      workflowBundle: await workflowBundle(),
      maxCachedWorkflows: settings.WORKER_CACHED_WORKFLOWS,
      maxConcurrentActivityTaskExecutions: 40,
    }),
    Worker.create({ ...shared, taskQueue: paperQueue, maxConcurrentActivityTaskExecutions: 2 }),
  ])
}

export type RunningWorker = { stop: () => Promise<void>; done: Promise<void> }

/** Starts everything and resolves when the workers poll. `stop` finishes what is running, within ten seconds. */
export async function startWorker(settings: WorkerSettings, log: Logger): Promise<RunningWorker> {
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] })
  const temporal = { address: settings.TEMPORAL_ADDRESS, namespace: settings.TEMPORAL_NAMESPACE }
  const db = connect({ url: settings.DATABASE_URL, max: 10, name: 'worker', keepsPlans: true })
  await openDataKeys(db, new Date().toISOString())
  const marking = markWhileRunning(db, () => new Date().toISOString())
  const { client, close } = await connectTemporal(temporal)
  const connection = await NativeConnection.connect({ address: temporal.address })
  const keyring = await openKeyring(db, {
    key: createPrivateKey(settings.EVIDENCE_SIGNING_KEY),
    secret: settings.EVIDENCE_KEY_SECRET,
    now: () => new Date().toISOString(),
  })
  const world = createWorld(settings, db, client, keyring)
  const workers = await createWorkers(connection, settings, world, log)
  await ensureSchedules(client, settings)
  const loops = startLoops(settings, db, client, log)
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  const runToTheEnd = async () => {
    try {
      // One worker alone is of no use: when one ends, the others end too.
      await Promise.all(workers.map((worker) => worker.run().finally(shutdown)))
    } finally {
      await Promise.all(loops.map((loop) => loop.stop()))
      keyring.close()
      marking.stop()
      await close()
      await connection.close()
      await db.close()
    }
  }
  const done = runToTheEnd()
  const stop = async () => {
    shutdown()
    await done
  }
  return { stop, done }
}

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  fetchLogsAtTheEnd()
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

// What the corridor's tests stand on: a virtual clock, a real Postgres, one worker, and a market of fakes.
import type { VatCheck } from '../onboarding/vies.ts'
import { generateKeyPairSync } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import type { Db } from '@chargelane/db'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import type { SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { testDatabase } from '@chargelane/db/testing'
import { createPolicyLanes } from '../policy/lanes.ts'
import { laneLimits } from '../policy/limits.ts'
import { endFinalFailures } from '../attention/failures.ts'
import { createFakeTreasury } from '../settlement/treasury/treasury.fake.ts'
import { createFakeBank, portsOf } from '../settlement/bank.fake.ts'
import { createPartnerPayments } from '../payment/partner-psp/partner-psp.ts'
import { openPayments, type PaymentPorts } from '../payment/kinds.ts'
import type { DailyRates } from '../payment/payment.ts'
import { createFakePayments, type FakePayments } from '../payment/payment.fake.ts'
import { workflowBundle } from '../worker/bundle.ts'
import { beginAftercare, tellSession, tellSupply } from '../worker/clients.ts'
import { createActivities } from '../worker/composition.ts'
import { createFakeOperator } from '../supply/operator.fake.ts'
import { roamingQueue } from '../supply/connection.ts'
import { dataConverter } from '../worker/codec/codec.ts'
import { corridorQueue, paperQueue, defaultDeadlines, searchAttributes } from '../contract.ts'
import type { Deadlines } from '../contract.ts'
import { openKeyring, publishedKeys } from '../evidence/keyring.ts'

export type Faults = {
  /** Wraps an activity of the corridor or of the connection before the worker sees it. */
  wrap: (
    name: string,
    run: (...args: never[]) => Promise<unknown>,
  ) => (...args: never[]) => Promise<unknown>
}

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
const issuer = { name: 'Chargelane Betriebs GmbH' }

const env = { WEBHOOK_ALLOW_LOOPBACK: 'true' }

/** No test of the corridor is about who has which number. */
const nobody: VatCheck = {
  source: 'vies',
  covers: () => false,
  ask: () => Promise.resolve({ kind: 'pending', code: 'nobody' }),
}

/** Ten days old at the start, so that the publisher is asked by every session that needs a rate. */
const ratesBefore = (nowMs: number) => ({
  source: 'ECB eurofxref-daily',
  asOf: new Date(nowMs - 10 * 86_400_000).toISOString().slice(0, 10),
  base: 'EUR' as const,
  rates: { CHF: '0.9312', GBP: '0.8675', USD: '1.0812' },
})

/** A time-skipping server from the path the test run prepared; started by hand it takes the SDK's own download. */
export function startVirtualTime(): Promise<TestWorkflowEnvironment> {
  const path = process.env['TEMPORAL_TEST_SERVER']
  return TestWorkflowEnvironment.createTimeSkipping(
    path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } },
  )
}

/** Only errors: the tests read outcomes, not logs. */
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR' } },
})

const wallClock = () => new Date()

/** A partner's own provider is the same fake. */
function openFakePayments(db: Db, card: FakePayments): PaymentPorts {
  const atPartner = { payments: card, knowsMethod: () => Promise.resolve(true) }
  const partner_psp = createPartnerPayments({ db, now: wallClock, open: () => atPartner })
  return openPayments({ db, env, now: wallClock }, { card, partner_psp })
}

const openSigner = (db: Db, startedAt: string) =>
  openKeyring(db, {
    key: signingKey,
    secret: 'a secret of a test, longer than thirty-two',
    now: () => startedAt,
  })

export type Corridor = Awaited<ReturnType<typeof startCorridor>>
type Options = { faults?: Faults; deadlines?: Partial<Deadlines>; plausibleSlackMs?: number }

/** One environment, one database, one worker; every session of a test file shares them. */
export async function startCorridor(options: Options = {}) {
  const environment = await startVirtualTime()
  const database = await testDatabase()
  const { db } = database
  const now = () => environment.currentTimeMs()
  const nowIso = async () => new Date(await now()).toISOString()
  const clock = { bookedAt: await nowIso() }
  const rates = ratesBefore(await now())
  const publisher = { daily: () => Promise.resolve(rates) as Promise<DailyRates> }
  // The environment's own client lets time run while it waits for a result; this one never does. Time passes by `pass`.
  const client = new Client({ connection: environment.connection, dataConverter })
  const fakes = {
    payments: createFakePayments(),
    bank: createFakeBank(() => clock.bookedAt),
    operator: createFakeOperator({
      db,
      now,
      signal: async (session, event) => {
        await tellSupply(client, session, [event])
      },
    }),
  }
  const signer = await openSigner(db, await nowIso())
  const policies = createPolicyLanes({ ...laneLimits, wallMs: 60_000 })
  const activities = createActivities({
    db,
    payments: openFakePayments(db, fakes.payments),
    ...portsOf(fakes.bank),
    ...createFakeTreasury(),
    rates: { daily: () => publisher.daily() },
    policies,
    vatCheck: nobody,
    signer,
    deadlines: { ...defaultDeadlines, ...options.deadlines },
    plausibleSlackMs: options.plausibleSlackMs ?? 60_000,
    issuer,
    tellSession: (workflowId, news) => tellSession(client, workflowId, news),
    beginAftercare: (sale, told) => beginAftercare(client, sale, told),
  })
  await addSearchAttributes(environment)
  const workers = await startWorkers(environment, activities, fakes.operator, options.faults)
  return {
    environment,
    client,
    db,
    admin: database.admin,
    ...fakes,
    signer,
    /** The keys it seals with, as they are published. */
    keys: () => publishedKeys(db, issuer.name),
    activities,
    policies,
    rates,
    publisher,
    now,
    nowIso,
    /**
     * Lets virtual time pass, and a second more; events of the fakes fall between such steps. Timers last round times: one
     * that is due in the moment in which a signal makes its workflow cancel it can stop the time server for good.
     */
    async pass(ms: number) {
      await workers.untilIdle()
      await environment.sleep(ms + 1_000)
      clock.bookedAt = await nowIso()
    },
    reaches: (sessionId: string, expected: Partial<SessionRow>) => reaches(db, sessionId, expected),
    async stop() {
      await workers.stop()
      signer.close()
      await environment.teardown()
      await database.stop()
    },
  }
}

const isBusy = (worker: Worker) => {
  const status = worker.getStatus()
  return status.numInFlightWorkflowActivations + status.numInFlightLocalActivities > 0
}

const statusesOf = (workers: Worker[]) =>
  JSON.stringify(workers.map((worker) => worker.getStatus()))

async function startWorkers(
  environment: TestWorkflowEnvironment,
  activities: object,
  operator: object,
  faults: Faults | undefined,
): Promise<{ stop: () => Promise<void>; untilIdle: () => Promise<void> }> {
  const connection = environment.nativeConnection
  const interceptors = { activity: [() => ({ inbound: endFinalFailures })] }
  const commands = ['probe', 'start', 'stop', 'unlock', 'lookup', 'fetchRecord']
  const supply = Object.entries(operator).filter(([name]) => commands.includes(name))
  const workers = [
    await Worker.create({
      connection,
      dataConverter,
      taskQueue: corridorQueue,
      workflowBundle: await workflowBundle(),
      activities: wrapAll(activities, faults),
      interceptors,
    }),
    await Worker.create({
      connection,
      dataConverter,
      taskQueue: paperQueue,
      activities: wrapAll(activities, faults),
      interceptors,
    }),
    await Worker.create({
      connection,
      dataConverter,
      taskQueue: roamingQueue,
      activities: wrapAll(Object.fromEntries(supply), faults),
    }),
  ]
  const running = Promise.all(workers.map((worker) => worker.run()))
  return {
    async stop() {
      for (const worker of workers) worker.shutdown()
      await running
    },
    /** A workflow task that is under way when virtual time jumps would be timed out by the server. */
    async untilIdle() {
      const deadline = Date.now() + 60_000
      for (let looks = 0; looks < 3; looks++) {
        await setTimeout(5)
        if (workers.some(isBusy)) looks = 0
        if (Date.now() > deadline) throw new Error(`still at work: ${statusesOf(workers)}`)
      }
    },
  }
}

/** Waits (in real time, at most 60 s) until the session's row is as described, and returns it. */
async function reaches(
  db: Db,
  sessionId: string,
  expected: Partial<SessionRow>,
): Promise<SessionRow> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const row = await getSession(db, 'all', sessionId)
    const isThere =
      row !== undefined &&
      Object.entries(expected).every(([key, value]) => Reflect.get(row, key) === value)
    if (isThere) return row
    if (Date.now() > deadline)
      throw new Error(
        `${sessionId} never became ${JSON.stringify(expected)}: ${JSON.stringify(row)}`,
      )
    await setTimeout(15)
  }
}

function wrapAll(activities: object, faults: Faults | undefined): object {
  if (faults === undefined) return activities
  const wrapped = Object.entries(activities).map(([name, run]) => [name, faults.wrap(name, run)])
  return Object.fromEntries(wrapped)
}

async function addSearchAttributes(environment: TestWorkflowEnvironment): Promise<void> {
  // Temporal API, enum IndexedValueType: KEYWORD = 2, DATETIME = 6.
  const types = { KEYWORD: 2, DATETIME: 6 } as const
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name, type }) => [name, types[type]]),
    ),
  })
}

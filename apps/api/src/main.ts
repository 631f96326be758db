import { openKeyring } from '@chargelane/corridor/evidence/keyring'
import { createPolicyLanes } from '@chargelane/corridor/policy/lanes'
import { tryAtStripe } from '@chargelane/corridor/books/psp-accounts'
import {
  openAccountEvents,
  openPaymentMethods,
  openPaymentSetups,
  openProviderEvents,
} from '@chargelane/corridor/payment/kinds'
import { dataConverter } from '@chargelane/corridor/worker/codec'
import { connect, type Db } from '@chargelane/db'
import { markWhileRunning, openDataKeys } from '@chargelane/db/data-keys-in-use'
import { purgeIdempotencyKeys } from '@chargelane/db/queries/outbox/idempotency'
import { apiVersions } from '@chargelane/openapi'
import { Client, Connection } from '@temporalio/client'
import { type Logger, pino } from 'pino'
import { createApp } from './app.ts'
import { bootstrapPlatform } from './bootstrap.ts'
import { createCorridor } from './corridor.ts'
import { createDenials } from './http/door/denials.ts'
import { createRateLimit } from './http/door/rate-limit.ts'
import { serve } from './http/serve.ts'
import { createVersions } from './http/versions.ts'
import { createBell } from './http/stream/session-stream.ts'
import { readEnvironment } from './settings.ts'

const version = '0.1.0'
const now = () => new Date().toISOString()

/** As promised to partners: an idempotency key is kept 30 days. */
const keepKeysMs = 30 * 24 * 3_600_000
const sweepEveryMs = 3_600_000

const sweepKeys = (db: Db, log: Logger) =>
  setInterval(() => {
    const before = new Date(Date.now() - keepKeysMs).toISOString()
    purgeIdempotencyKeys(db, before).then(
      (count) => log.info({ count }, 'idempotency keys forgotten'),
      (error: unknown) => log.warn({ err: error }, 'idempotency keys kept for another hour'),
    )
  }, sweepEveryMs)

/** Whoever hears and asks the providers of payments. */
function paymentDoors(db: Db) {
  const { env } = process
  const payments = { db, env, now: () => new Date() }
  return {
    providerEvents: openProviderEvents(env),
    accountEvents: openAccountEvents(payments),
    paymentMethods: openPaymentMethods(payments),
    paymentSetups: openPaymentSetups(payments),
    tryPspAccount: tryAtStripe(env),
  }
}

async function start() {
  const env = readEnvironment(process.env)
  const log = pino({
    level: env.LOG_LEVEL,
    base: { name: 'api' },
    redact: ['*.authorization', '*.secret', '*.password', '*.token'],
  })
  const db = connect({ url: env.DATABASE_URL, max: 20, name: 'api', keepsPlans: true })
  await openDataKeys(db, now())
  markWhileRunning(db, now)
  if (env.BOOTSTRAP_PLATFORM_KEY) await bootstrapPlatform(db, env.BOOTSTRAP_PLATFORM_KEY, now())
  // Lazy: the API serves reads while the workflow engine is still starting or away.
  const connection = Connection.lazy({ address: env.TEMPORAL_ADDRESS, connectTimeout: '5s' })
  const client = new Client({ connection, namespace: env.TEMPORAL_NAMESPACE, dataConverter })
  const bell = await createBell(db)
  const signer = await openKeyring(db, {
    key: env.EVIDENCE_SIGNING_KEY,
    secret: env.EVIDENCE_KEY_SECRET,
    now,
  })
  const policies = createPolicyLanes()
  const denials = createDenials({ db, log, now })
  const app = createApp({
    db,
    corridor: createCorridor(client),
    signer,
    issuer: env.ISSUER_NAME,
    log,
    rateLimit: createRateLimit(env.RATE_LIMIT_RPS, db),
    denials,
    bell,
    now,
    version,
    versions: createVersions(apiVersions, []),
    ocpiUrl: env.OCPI_PUBLIC_URL ?? `http://${env.HOST}:${env.OCPI_PORT}/ocpi`,
    ocppUrl: env.OCPP_PUBLIC_URL ?? `ws://${env.HOST}:${env.OCPP_PORT}/ocpp`,
    allowLoopbackUrls: env.WEBHOOK_ALLOW_LOOPBACK,
    grantsAtOnce: env.VERIFY_AT_ONCE,
    residencyRegions: env.RESIDENCY_REGIONS,
    policies,
    ...paymentDoors(db),
  })
  const running = await serve(app, { host: env.HOST, port: env.API_PORT })
  const sweep = sweepKeys(db, log)
  const stop = async (reason: string) => {
    clearInterval(sweep)
    log.info({ reason }, 'stopping')
    await running.close()
    await denials.close()
    await policies.close()
    await bell.close()
    signer.close()
    await connection.close()
    await db.close()
  }
  onceStopped((reason) => {
    stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stop')
        process.exit(1)
      },
    )
  })
  process.stdout.write(
    `${JSON.stringify({ ready: true, name: 'api', url: env.PUBLIC_API_URL ?? running.url })}\n`,
  )
}

/** SIGTERM, SIGINT, or the launcher gone. */
function onceStopped(stop: (reason: string) => void): void {
  let isStopping = false
  const first = (reason: string) => {
    if (isStopping) return
    isStopping = true
    stop(reason)
  }
  process.once('SIGTERM', () => first('SIGTERM'))
  process.once('SIGINT', () => first('SIGINT'))
  process.once('disconnect', () => first('disconnect'))
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

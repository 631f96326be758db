import { serve } from '@hono/node-server'
import { connect } from '@chargelane/db'
import { openAnswers } from '@chargelane/corridor/supply/answers'
import { markWhileRunning, openDataKeys } from '@chargelane/db/data-keys-in-use'
import { dataConverter } from '@chargelane/corridor/worker/codec'
import { roamingQueue } from '@chargelane/corridor/supply/connection'
import { NativeConnection, Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { createOcpiConnection } from './ocpi/activities.ts'
import { createRoaming, createRoutes } from './link/gateway.ts'
import { startKeeper } from './link/keeper.ts'
import { readSettings } from './settings.ts'

// The roaming process: OCPI for peers, the connection port for the session workflows.

const settings = readSettings(process.env)
const log = pino({ name: 'roaming', level: settings.logLevel })

async function main() {
  const db = connect({ url: settings.databaseUrl, name: 'roaming', keepsPlans: true })
  await openDataKeys(db, new Date().toISOString())
  markWhileRunning(db, () => new Date().toISOString())
  const roaming = createRoaming(settings, db, log)
  const app = createRoutes(roaming)
  const server = serve({ fetch: app.fetch, hostname: settings.host, port: settings.port })
  await new Promise<void>((listening, fail) => {
    server.once('listening', listening)
    server.once('error', fail)
  })
  const temporal = await NativeConnection.connect({ address: settings.temporalAddress })
  const answers = await openAnswers({ db, log })
  const worker = await Worker.create({
    connection: temporal,
    namespace: settings.temporalNamespace,
    taskQueue: roamingQueue,
    dataConverter,
    activities: answers.with(createOcpiConnection(roaming)),
    // Each waits for a peer most of its time; the pool of database connections is the limit.
    maxConcurrentActivityTaskExecutions: 50,
    shutdownGraceTime: '3 s',
  })
  const forgetCallers = await roaming.callers.listen()
  const keeper = await startKeeper(roaming)
  const working = worker.run()

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    server.close()
    if (worker.getState() === 'RUNNING') worker.shutdown()
    await Promise.allSettled([keeper.stop(), working, forgetCallers()])
    await answers.close()
    await temporal.close()
    await db.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.once(signal, () => void stop())
  }
  process.stdout.write(
    `${JSON.stringify({ ready: true, name: 'roaming', url: `${settings.publicUrl}/versions` })}\n`,
  )
  // A worker that ends by itself has lost Temporal for good: start anew.
  await working
  await stop()
}

main().catch((error: unknown) => {
  log.fatal({ err: error }, 'roaming cannot run')
  process.exit(1)
})

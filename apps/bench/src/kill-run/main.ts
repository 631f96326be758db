// `npm run prove -- kill-run`: everything dies while drivers charge, and afterwards the money is right to the cent.
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { nextAction } from '@chargelane/corridor/contract'
import { dataConverter } from '@chargelane/corridor/worker/codec'
import { connect, type Db } from '@chargelane/db'
import {
  type Broken,
  brokenLaws,
  clearing,
  type KilledIn,
  killedIn,
  paymentsByCard,
  runningSessions,
} from '@chargelane/db/bench/after-kills'
import { exportLines } from '@chargelane/db/bench/export'
import { z } from 'zod'
import { localDir, root } from '../../../local/src/config.ts'
import { startSecondProduct } from '../../../local/src/second-product.ts'
import { say } from '../../../local/src/steps.ts'
import { prepareSlots, startChargers } from '../session-load.ts'
import { chanceOf, stackOf, startKiller } from './killer.ts'
import { eventually, laneFor, type Lap, sellUnderFire } from './load.ts'
import { compareProvider, type ProviderCheck } from './provider.ts'

export type KillRunOptions = { sessions: number; seed: number; everyMs: number; state?: string }

/** Deadlines of days are minutes here, so that what takes days happens within the run. */
const deadlines = {
  startConfirmation: 20_000,
  holdVoidAfterUnconfirmedStart: 30_000,
  lateStartWatch: 60_000,
  plugIn: 30_000,
  ghost: 30_000,
  longestLook: 1_000,
  stopConfirmation: 10_000,
  record: 45_000,
}

const dataKeys = {
  CHARGELANE_DATA_KEYS: `kill:${Buffer.alloc(32, 7).toString('base64')}`,
  CHARGELANE_LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
}

export type KillRun = {
  laps: Lap[]
  kills: { what: string; at: string }[]
  killedIn: KilledIn[]
  laws: number
  broken: Broken[]
  provider: ProviderCheck
  /** Sessions that still run, with what they wait for and until when. */
  waiting: { id: string; waitingFor: string; deadline: string | null }[]
  clearing: { account: string; since: string }[]
  recomputed: { status: number | null; output: string }
}

type Running = { id: string; waitingFor: string; deadline: string | null }

/** A workflow that cannot answer stands where it failed, and waits for nobody. */
const stuckWith = (error: unknown) => ({
  waitingFor: `nothing: ${error instanceof Error ? error.message : String(error)}`,
  deadline: null,
})

async function stillRunning(client: Client, db: Db): Promise<Running[]> {
  const running: Running[] = []
  for (const { id, workflow } of await runningSessions(db)) {
    const handle = client.workflow.getHandle(workflow)
    if ((await handle.describe()).status.name !== 'RUNNING') continue
    running.push({ id, ...(await handle.query(nextAction).catch(stuckWith)) })
  }
  return running
}

/** Everybody is paid as far as there is money, again and again, until nothing moves any more. */
async function calmDown(stackFile: string, client: Client, db: Db): Promise<Running[]> {
  const deadline = Date.now() + 240_000
  for (;;) {
    await wait(4_000)
    await eventually(() => laneFor(stackOf(stackFile), 'platform').settlements.run())
    await wait(4_000)
    const running = await eventually(() => stillRunning(client, db))
    if (running.length === 0 || Date.now() > deadline) return running
  }
}

/** The outsider of the recomputation, on this run's own rows. */
async function recompute(db: Db, file: string): Promise<KillRun['recomputed']> {
  await pipeline(
    Readable.from(exportLines(db)).map((line: string) => `${line}\n`),
    createWriteStream(file),
  )
  const outsider = join(root, 'workflows/corridor/peers/recompute')
  const python = process.env['PEER_PYTHON'] ?? 'python3'
  const { status, stdout } = spawnSync(python, [outsider, file], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return { status, output: stdout }
}

async function underFire(stackFile: string, options: KillRunOptions) {
  const world = z
    .object({ urls: z.object({ payments: z.string() }) })
    .parse(await (await fetch(`${stackOf(stackFile).simulator_url}/world`)).json())
  const providerUrl = world.urls.payments
  const chargers = await startChargers(stackOf(stackFile))
  const killer = startKiller({ ...options, stackFile, providerUrl })
  let isOver = false
  try {
    const slots = await prepareSlots(stackOf(stackFile))
    const stack = () => stackOf(stackFile)
    const selling = sellUnderFire(
      { stack, providerUrl, chance: chanceOf(options.seed + 1) },
      slots,
      options.sessions,
      (done) => say(`${done} sessions, ${killer.kills.length} kills`),
    ).finally(() => {
      isOver = true
    })
    const [laps] = await Promise.all([selling, killer.run(() => isOver)])
    // Cars stay plugged in until everything has come to its end.
    return { laps, kills: killer.kills, providerUrl, chargers }
  } catch (error) {
    await chargers.stop()
    throw error
  }
}

const stripeKeyOf = (home: string): string =>
  z
    .object({ stripeApiKey: z.string() })
    .parse(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'))).stripeApiKey

export async function killRun(options: KillRunOptions): Promise<KillRun> {
  const home = options.state ?? join(localDir, 'kill-run')
  Object.assign(process.env, dataKeys)
  const product = await startSecondProduct({
    state: home,
    env: {
      ...dataKeys,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_RPS: '1000000',
      SETTLEMENT_INTERVAL_S: '86400',
      SIMULATOR_SPEED: '300',
      SESSION_DEADLINES: JSON.stringify(deadlines),
    },
  })
  try {
    const fire = await underFire(product.stackFile, options)
    say('all is well again: everything comes to its end')
    const stack = stackOf(product.stackFile)
    const connection = await Connection.connect({ address: stack.temporal_address })
    const db = connect({ url: stack.database_url, max: 2, name: 'kill-run' })
    try {
      const client = new Client({ connection, dataConverter })
      const waiting = await calmDown(product.stackFile, client, db)
      await fire.chargers.stop()
      // What still runs has until its deadline.
      const isRunning = new Set(
        waiting.flatMap(({ id, deadline }) => (deadline === null ? [] : [id])),
      )
      const { laws, broken } = await brokenLaws(db, [...isRunning])
      const payments = (await paymentsByCard(db)).filter(({ session }) => !isRunning.has(session))
      const key = stripeKeyOf(home)
      const running = (await paymentsByCard(db)).filter(({ session }) => isRunning.has(session))
      const uncleared = await clearing(db)
      return {
        laps: fire.laps,
        kills: fire.kills,
        killedIn: await killedIn(db, fire.kills),
        laws,
        broken,
        provider: await compareProvider({ url: fire.providerUrl, key }, payments, running),
        waiting,
        clearing: uncleared.map(({ account, since }) => ({ account, since })),
        recomputed: await recompute(db, join(home, 'rows.jsonl')),
      }
    } finally {
      await db.close()
      await connection.close()
    }
  } finally {
    await product.stop()
  }
}

const counted = (names: readonly string[]): string =>
  [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => `${name} ${all.length}`)
    .toSorted()
    .join(', ')

export function tableOf(run: KillRun, { sessions, seed }: KillRunOptions): string {
  const steps = run.killedIn.map(
    ({ what, room, step, sessions: count }) => `| ${room} | ${step} | ${what} | ${count} |`,
  )
  const broken = run.broken.map(
    ({ law, count, examples }) => `- ${law}: ${count}, e.g. ${examples.join(', ')}`,
  )
  const lost = run.waiting.filter(({ deadline }) => deadline === null)
  return `# Kill-run

${sessions} sessions, seed ${seed}; ${run.kills.length} kills: ${counted(run.kills.map(({ what }) => what))}.
Stories: ${counted(run.laps.map(({ story }) => story))}.
Endings: ${counted(run.laps.map(({ ending }) => ending))}.

| checked | found |
|---|---|
| Laws of the money, ${run.laws} | ${run.broken.length} broken |
| Provider, ${run.provider.payments} payments, ${run.provider.captures} captures, ${run.provider.refunds} refunds | ${run.provider.differences.length} differences |
| Sessions that still run | ${run.waiting.length}, of them ${lost.length} without a deadline |
| Clearing accounts that hold something | ${run.clearing.length} |
| Recomputed by an outsider | ${run.recomputed.output.trim().split('\n').at(-1) ?? ''} |

${[...broken, ...run.provider.differences.slice(0, 20).map((each) => `- ${each}`)].join('\n')}
${run.waiting.map((each) => `- ${each.id} waits for ${each.waitingFor} until ${each.deadline}`).join('\n')}

| room | after | died | sessions in flight |
|---|---|---|---|
${steps.join('\n')}
`
}

/** Whether nothing at all was found. */
export const isClean = (run: KillRun): boolean =>
  run.broken.length === 0 &&
  run.provider.differences.length === 0 &&
  run.waiting.every(({ deadline }) => deadline !== null) &&
  run.recomputed.status === 0

export async function proveKillRun(options: KillRunOptions): Promise<boolean> {
  const run = await killRun(options)
  const text = tableOf(run, options)
  const folder = join(root, '.bench')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'kill-run.md'), text)
  writeFileSync(join(folder, 'kill-run.json'), `${JSON.stringify(run, null, 2)}\n`)
  console.log(`${text}\n${run.recomputed.output}\nWritten to .bench/kill-run.md`)
  return isClean(run)
}

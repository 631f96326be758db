// What a session costs, from quote to settlement, beside an empty workflow on the same server in the same run.
import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { workflowTypes } from '@chargelane/corridor/contract'
import { connect } from '@chargelane/db'
import { statementsByQuery, statementsSoFar } from '@chargelane/db/statements'
import type { StatementCount } from '@chargelane/db/statements'
import type { Stack } from '../../local/src/state.ts'
import { percentile } from './figures.ts'
import { measureFloors } from './floor.ts'
import type { FloorFigures, Floors } from './floor.ts'
import { cpuSecondsOf } from './process-cpu.ts'
import { readHistories } from './session-histories.ts'
import type { HistoryFigures } from './session-histories.ts'
import { prepareSlots, sellOn, startChargers } from './session-load.ts'
import type { Lap, Load } from './session-load.ts'

type Spread = { p50: number; p95: number }
const ours = ['api', 'worker', 'cpms', 'roaming', 'temporal', 'postgres'] as const
type Process = (typeof ours)[number] | 'simulator' | 'load'

export type SessionFigures = {
  slots: number
  sessions: number
  failed: number
  perSecond: number
  /** From the stop command to the captured payment, ms. */
  stopToCaptureMs: Spread
  /** From the start command to its answer, with the hold placed, ms. */
  startMs: Spread
  /** CPU seconds per session by process, from the quote to the last seal; undefined where the system does not tell. */
  cpuS: Record<Process, number> | undefined
  /** Database statements per session, begin and commit included; undefined when the server does not count them. */
  statements: number | undefined
  /** The same by statement, the most frequent first. */
  byStatement: StatementCount[]
  history: HistoryFigures
  floors: Floors
  /** Mean time until each room's entry in the timeline, since the entry before, ms. */
  rooms: { room: string; meanMs: number }[]
}

/** Environment of the measured product: it counts statements, and payees are paid when this bench says so. */
export const measuredEnvironment = { COUNT_STATEMENTS: 'true', SETTLEMENT_INTERVAL_S: '7200' }

const warmUpMs = 10_000
const settlementSchedule = 'settlement-daily'
const namespace = 'default'

/** Every session of the product has ended, or those that were given up are all that is left; throws when it takes too long. */
async function untilSettled(client: Client, abandoned: number): Promise<void> {
  const query = `WorkflowType = '${workflowTypes.session}' AND ExecutionStatus = 'Running'`
  const deadline = Date.now() + 120_000
  // What the bench gave up is watched by the product for longer than anybody waits here.
  await wait(2_000)
  await client.schedule.getHandle(settlementSchedule).trigger()
  while (Date.now() < deadline) {
    const { count } = await client.workflow.count(query)
    if (count <= abandoned) return
    await wait(250)
  }
  throw new Error('the sessions of the bench are not settled after two minutes')
}

/** The product is a child of this process, so the load's own time is what this process alone has used. */
function withLoad(product: Record<Exclude<Process, 'load'>, number> | undefined) {
  const { user, system } = process.cpuUsage()
  return product && { ...product, load: (user + system) / 1e6 }
}

type Meter = {
  cpu: Record<Process, number> | undefined
  statements: number | undefined
  byStatement: StatementCount[]
}

/** Sells for the given time, settles what was sold, and divides what all of it cost by the sessions. */
export async function benchSessions(stack: Stack, durationMs: number): Promise<SessionFigures> {
  const connection = await Connection.connect({ address: stack.temporal_address })
  const client = new Client({ connection, namespace })
  const db = connect({ url: stack.database_owner_url, role: null, max: 1, name: 'bench' })
  const chargers = await startChargers(stack)
  const read = async (): Promise<Meter> => ({
    cpu: withLoad(cpuSecondsOf(stack.processes)),
    statements: await statementsSoFar(db),
    byStatement: await statementsByQuery(db),
  })
  try {
    const slots = await prepareSlots(stack)
    // The first sessions fill caches and compile code; they are not counted.
    const warm = await sellOn(slots, warmUpMs)
    await untilSettled(client, warm.abandoned)
    const since = new Date()
    const before = await read()
    const load = await sellOn(slots, durationMs)
    await untilSettled(client, warm.abandoned + load.abandoned)
    const after = await read()
    const history = await readHistories(client, since, 40)
    const floors = await measureFloors({
      client,
      address: stack.temporal_address,
      namespace,
      temporalPid: stack.processes.temporal,
      slots: slots.length,
      ordinary: Math.round(history.activities),
      local: Math.round(history.localActivities),
      durationMs: durationMs / 4,
    })
    const perSecond = Math.round((load.laps.length * 100_000) / load.tookMs) / 100
    return {
      slots: slots.length,
      sessions: load.laps.length,
      failed: load.failed,
      perSecond,
      stopToCaptureMs: spread(load.laps.map((lap) => lap.stopToCaptureMs)),
      startMs: spread(load.laps.map((lap) => lap.startMs)),
      ...costOf(before, after, load),
      history,
      floors,
      rooms: await meanPerRoom(load.laps),
    }
  } finally {
    await chargers.stop()
    await db.close()
    await connection.close()
  }
}

function costOf(before: Meter, after: Meter, { laps }: Load) {
  const each = (then: number, now: number) => (now - then) / Math.max(1, laps.length)
  const { cpu } = after
  const cpuS = (name: Process) => each(before.cpu?.[name] ?? 0, cpu?.[name] ?? 0)
  return {
    cpuS:
      cpu === undefined
        ? undefined
        : {
            api: cpuS('api'),
            worker: cpuS('worker'),
            cpms: cpuS('cpms'),
            roaming: cpuS('roaming'),
            temporal: cpuS('temporal'),
            postgres: cpuS('postgres'),
            simulator: cpuS('simulator'),
            load: cpuS('load'),
          },
    statements:
      before.statements === undefined || after.statements === undefined
        ? undefined
        : Math.round(each(before.statements, after.statements)),
    byStatement: statementsBetween(before, after, laps.length),
  }
}

/** Statements of one session, two decimals, those that take part in one at least once in ten. */
function statementsBetween(before: Meter, after: Meter, sessions: number) {
  const earlier = new Map(before.byStatement.map(({ query, calls }) => [query, calls]))
  return after.byStatement
    .map(({ query, calls }) => ({
      calls: Math.round(((calls - (earlier.get(query) ?? 0)) * 100) / Math.max(1, sessions)) / 100,
      query: query.slice(0, 300),
    }))
    .filter(({ calls }) => calls >= 0.1)
    .toSorted((a, b) => b.calls - a.calls)
}

function spread(values: number[]): Spread {
  return { p50: Math.round(percentile(values, 50)), p95: Math.round(percentile(values, 95)) }
}

async function meanPerRoom(laps: readonly Lap[]): Promise<SessionFigures['rooms']> {
  const sums = new Map<string, number>()
  const looked = laps.slice(0, 50)
  for (const { lane, id } of looked) {
    const entries = (await lane.sessions.timeline(id)).data
    for (const [index, entry] of entries.entries()) {
      const before = entries[index - 1]
      if (!before) continue
      const ms = Date.parse(entry.at) - Date.parse(before.at)
      sums.set(entry.room, (sums.get(entry.room) ?? 0) + ms)
    }
  }
  return [...sums].map(([room, ms]) => ({ room, meanMs: Math.round(ms / looked.length) }))
}

const thousandth = (value: number) => Math.round(value * 1000) / 1000
const total = (cpuS: Record<Process, number>) => ours.reduce((sum, name) => sum + cpuS[name], 0)

const ratioTo = ({ perSecond }: SessionFigures, floor: FloorFigures) =>
  Math.round((perSecond * 100) / floor.perSecond) / 100

/** The figures under names that stay, for whoever compares two runs. */
export function sessionsJson(figures: SessionFigures) {
  const { cpuS, history, floors } = figures
  const { stock, tuned, unjoined } = floors
  const floorCpuS = (each: FloorFigures['cpuS']) =>
    each === undefined
      ? null
      : { worker: thousandth(each.worker), temporal: thousandth(each.temporal) }
  return {
    sessions_per_s: figures.perSecond,
    floor_per_s: stock.perSecond,
    ratio: ratioTo(figures, stock),
    cpu_s_per_session:
      cpuS === undefined
        ? null
        : {
            ...Object.fromEntries(ours.map((name) => [name, thousandth(cpuS[name])])),
            all: thousandth(total(cpuS)),
          },
    load_cpu_s_per_session:
      cpuS === undefined
        ? null
        : { simulator: thousandth(cpuS.simulator), clients: thousandth(cpuS.load) },
    floor_cpu_s_per_workflow: floorCpuS(stock.cpuS),
    tuned_floor_per_s: tuned.perSecond,
    tuned_floor_cpu_s_per_workflow: floorCpuS(tuned.cpuS),
    unjoined_floor_per_s: unjoined.perSecond,
    unjoined_ratio: ratioTo(figures, unjoined),
    unjoined_floor_cpu_s_per_workflow: floorCpuS(unjoined.cpuS),
    sessions: figures.sessions,
    failed: figures.failed,
    events: history.events,
    activities: history.activities,
    local_activities: history.localActivities,
    workflow_tasks: history.workflowTasks,
    signals: history.signals,
    statements: figures.statements ?? null,
    stop_to_captured_ms: figures.stopToCaptureMs,
    start_ms: figures.startMs,
    by_activity: history.byActivity,
    by_event: history.byEvent,
    by_statement: figures.byStatement,
  }
}

const seconds = (value: number | undefined) =>
  value === undefined ? 'not available' : value.toFixed(3)

const beside = ({ ordinary, local, perSecond }: FloorFigures) =>
  `${perSecond} /s (${ordinary} ordinary and ${local} local activities)`

export function sessionTable(figures: SessionFigures): string {
  const { cpuS, history, floors, stopToCaptureMs: stop, startMs: start } = figures
  const { stock, tuned, unjoined } = floors
  const processes = ours.map(
    (name) =>
      `| ${name} | ${seconds(cpuS?.[name])} | ${[stock, tuned, unjoined].map((floor) => (name === 'worker' || name === 'temporal' ? seconds(floor.cpuS?.[name]) : '')).join(' | ')} |`,
  )
  return `## Sessions

| | measured | empty workflow, same run | ratio |
|---|---|---|---|
| Quote to captured payment | ${figures.perSecond} /s (${figures.sessions} sessions on ${figures.slots} chargers, ${figures.failed} failed) | ${beside(stock)} | ${ratioTo(figures, stock)} |
| The same, beside one activity per step | ${figures.perSecond} /s | ${beside(unjoined)} | ${ratioTo(figures, unjoined)} |
| The same, with our worker's settings | ${figures.perSecond} /s | ${beside(tuned)} | ${ratioTo(figures, tuned)} |
| Start command to its answer, hold placed | p50 ${start.p50} ms, p95 ${start.p95} ms | | |
| Stop command to captured payment | p50 ${stop.p50} ms, p95 ${stop.p95} ms | | |
| History events per session | ${history.events} | | |
| Ordinary activities, local activities, workflow tasks, signals | ${history.activities}, ${history.localActivities}, ${history.workflowTasks}, ${history.signals} | | |
| Database statements per session | ${figures.statements ?? 'not available'} | | |

CPU seconds per session, from the quote to the last seal:

| process | session | empty workflow | with our worker's settings | one activity per step |
|---|---|---|---|---|
${processes.join('\n')}
| all of these | ${seconds(cpuS && total(cpuS))} | | | |
| the load: simulator | ${seconds(cpuS?.simulator)} | | | |
| the load: drivers, chargers | ${seconds(cpuS?.load)} | | | |

Mean time from the entry before in the session's timeline to the entry of the room. Charging includes
the car.

| room | mean |
|---|---|
${figures.rooms.map(({ room, meanMs }) => `| ${room} | ${meanMs} ms |`).join('\n')}
`
}

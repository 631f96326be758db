// What a message of a charger costs, over real sockets into a durable database, beside a bare WebSocket echo.
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@chargelane/db'
import { seedChargers } from '@chargelane/db/bench/chargers'
import { statementsSoFar } from '@chargelane/db/statements'
import { callFor, connectChargers, type LoadFigures, type Login } from './ocpp-load.ts'
import { cpuSecondsOf } from './process-cpu.ts'

/** The node and its database, to be measured. */
export type Measured = {
  ocppUrl: string
  databaseUrl: string
  /** Of the login that may read how often the server has executed what. */
  ownerUrl: string
  processes: { cpms: number; postgres: number }
}

type Round = LoadFigures & {
  /** CPU seconds of the node, and of PostgreSQL with all its backends. */
  cpuS: { node: number; postgres: number } | undefined
  perCpuSecond: number | undefined
  /** The same without heartbeats, which leave no row of their own. */
  durablePerCpuSecond: number | undefined
  statementsPerCall: number | undefined
  rssMiB: { before: number; after: number } | undefined
  echo: { perSecond: number; perCpuSecond: number | undefined }
  /** Of the calls per CPU second of the echo. */
  ratio: number | undefined
}

export type OcppFigures = { rounds: Round[]; rssMiBAtStart: number | undefined }

/** With each number of chargers: a warm-up, then so long as told. */
export async function benchOcpp(
  measured: Measured,
  counts: readonly number[],
  durationMs: number,
): Promise<OcppFigures> {
  const db = connect({ url: measured.databaseUrl, max: 2, name: 'bench' })
  const counter = connect({ url: measured.ownerUrl, role: null, max: 2, name: 'bench' })
  const rssMiBAtStart = rssMiBOf(measured.processes.cpms)
  try {
    const logins = await seedChargers(db, Math.max(...counts))
    const rounds: Round[] = []
    for (const count of counts)
      rounds.push(await round(measured, counter, logins.slice(0, count), durationMs))
    return { rounds, rssMiBAtStart }
  } finally {
    await Promise.all([db.close(), counter.close()])
  }
}

async function round(
  { ocppUrl, processes }: Measured,
  db: ReturnType<typeof connect>,
  logins: readonly Login[],
  durationMs: number,
): Promise<Round> {
  const echo = await echoRate(logins, Math.min(durationMs, 5_000))
  const chargers = await connectChargers(ocppUrl, logins)
  await callFor(chargers, durationMs / 4)
  const read = async () => ({
    cpu: cpuSecondsOf(processes),
    statements: await statementsSoFar(db),
    rss: rssMiBOf(processes.cpms),
  })
  const before = await read()
  const load = await callFor(chargers, durationMs)
  const after = await read()
  for (const { socket } of chargers) socket.close()
  const cpuS =
    before.cpu === undefined || after.cpu === undefined
      ? undefined
      : {
          node: after.cpu.cpms - before.cpu.cpms,
          postgres: after.cpu.postgres - before.cpu.postgres,
        }
  const perCpuSecond =
    cpuS === undefined ? undefined : Math.round(load.calls / (cpuS.node + cpuS.postgres))
  return {
    ...load,
    cpuS,
    perCpuSecond,
    durablePerCpuSecond:
      cpuS === undefined ? undefined : Math.round(load.durable / (cpuS.node + cpuS.postgres)),
    statementsPerCall:
      before.statements === undefined || after.statements === undefined
        ? undefined
        : hundredth((after.statements - before.statements) / load.calls),
    rssMiB:
      before.rss === undefined || after.rss === undefined
        ? undefined
        : { before: before.rss, after: after.rss },
    echo,
    ratio:
      perCpuSecond === undefined || echo.perCpuSecond === undefined
        ? undefined
        : hundredth(perCpuSecond / echo.perCpuSecond),
  }
}

async function echoRate(logins: readonly Login[], durationMs: number): Promise<Round['echo']> {
  const child = fork(join(import.meta.dirname, 'ocpp-echo.ts'), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the echo did not start')))
      child.stdout?.setEncoding('utf8').once('data', (line: string) => {
        resolve(line.replace('listening ', '').trim())
      })
    })
    const chargers = await connectChargers(`ws://127.0.0.1:${port}`, logins)
    await callFor(chargers, durationMs / 4)
    const pids = { echo: child.pid ?? 0 }
    const before = cpuSecondsOf(pids)
    const { calls, perSecond } = await callFor(chargers, durationMs)
    const after = cpuSecondsOf(pids)
    for (const { socket } of chargers) socket.terminate()
    const perCpuSecond =
      before === undefined || after === undefined
        ? undefined
        : Math.round(calls / (after.echo - before.echo))
    return { perSecond, perCpuSecond }
  } finally {
    child.disconnect()
  }
}

/** Resident memory in MiB; undefined where the system does not tell. */
function rssMiBOf(pid: number): number | undefined {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? undefined : Math.round(Number(found[1]) / 1024)
  } catch {
    return undefined
  }
}

const hundredth = (value: number) => Math.round(value * 100) / 100

export const ocppJson = ({ rounds, rssMiBAtStart }: OcppFigures) => ({
  rss_mib_at_start: rssMiBAtStart ?? null,
  rounds: rounds.map((each) => ({
    chargers: each.chargers,
    calls_per_s: each.perSecond,
    calls_per_cpu_s: each.perCpuSecond ?? null,
    durable_calls_per_s: each.durablePerSecond,
    durable_calls_per_cpu_s: each.durablePerCpuSecond ?? null,
    cpu_s: each.cpuS ?? null,
    p50_ms: each.p50Ms,
    p99_ms: each.p99Ms,
    refused: each.refused,
    statements_per_call: each.statementsPerCall ?? null,
    rss_mib: each.rssMiB ?? null,
    echo_per_s: each.echo.perSecond,
    echo_per_cpu_s: each.echo.perCpuSecond ?? null,
    ratio: each.ratio ?? null,
  })),
})

export function ocppTable({ rounds, rssMiBAtStart }: OcppFigures): string {
  const rows = rounds.map(
    (each) =>
      `| ${each.chargers} | ${each.perSecond} /s, ${each.durablePerSecond} durable | ${each.perCpuSecond ?? '–'}, ${each.durablePerCpuSecond ?? '–'} durable | ${each.p50Ms} / ${each.p99Ms} ms | ${each.statementsPerCall ?? '–'} | ${each.rssMiB?.before ?? '–'} → ${each.rssMiB?.after ?? '–'} MiB | ${each.echo.perSecond} /s, ${each.echo.perCpuSecond ?? '–'} | ${each.ratio ?? '–'} |`,
  )
  return `## OCPP

Each charger waits for its answer, which comes after the commit. Of 40 calls 16 are heartbeats, 12 meter values, 9 statuses,
one each Authorize, StartTransaction and StopTransaction. CPU is that of the node and of PostgreSQL; the node had
${rssMiBAtStart ?? '–'} MiB before the first charger came.

| chargers | calls | per CPU-second | p50 / p99 | statements a call | memory | bare echo: calls, per CPU-second | ratio |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

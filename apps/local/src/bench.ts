// `npm run bench`: figures of this machine, each beside what it is measured against in the same run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchLedger } from '@chargelane/db/ledger-bench'
import { benchApi } from './bench-api.ts'
import { benchLocations } from './bench-locations.ts'
import { benchSessions } from './bench-sessions.ts'
import { localDir, root } from './config.ts'
import { startSecondProduct } from './second-product.ts'
import { zStack } from './state.ts'
import { say } from './steps.ts'

async function measure() {
  say('starting a product to measure')
  const product = await startSecondProduct({
    state: join(localDir, 'bench'),
    env: { RATE_LIMIT_RPS: '1000000', LOG_LEVEL: 'warn' },
  })
  try {
    const stack = zStack.parse(JSON.parse(readFileSync(product.stackFile, 'utf8')))
    say('sessions through the whole corridor, 40 s')
    const sessions = await benchSessions(stack, 40_000)
    say('quotes against a bare route')
    const api = await benchApi(stack, 8000)
    say('ledger entries against raw inserts')
    const ledger = await benchLedger(stack.database_url)
    say('200,000 locations')
    const locations = await benchLocations(stack, 200_000)
    return { sessions, api, ledger, locations }
  } finally {
    await product.stop()
  }
}

type Figures = Awaited<ReturnType<typeof measure>>

function report({ sessions, api, ledger, locations }: Figures): string {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
  const roomLines = sessions.rooms.map(({ room, meanMs }) => `| ${room} | ${meanMs} ms |`)
  return `# Bench

${machine}. Everything, the clients included, runs on this machine.

| | measured | against | ratio |
|---|---|---|---|
| Sessions, quote to captured payment | ${sessions.perSecond} /s (${sessions.sessions} sessions on ${sessions.slots} chargers, ${sessions.failed} failed) | | |
| Start command to its answer, hold placed | p50 ${sessions.startMs.p50} ms, p95 ${sessions.startMs.p95} ms | | |
| Stop command to captured payment | p50 ${sessions.stopToCaptureMs.p50} ms, p95 ${sessions.stopToCaptureMs.p95} ms | | |
| Ledger entries of ${ledger.legsPerEntry} legs, one by one | ${ledger.single.guarded} /s | raw inserts of the same rows ${ledger.single.plain} /s | ${ledger.single.ratio} |
| Ledger entries, ${ledger.batchSize} a batch | ${ledger.batched.guarded} /s | raw inserts ${ledger.batched.plain} /s | ${ledger.batched.ratio} |
| the same | | one raw statement a table and batch ${ledger.batched.bulk} /s | ${ledger.batched.ratioToBulk} |
| Quotes: rated, stored, signed | ${api.quotes.perSecond} /s, p99 ${api.quotes.p99Ms} ms | bare Hono route ${api.bare.perSecond} /s | ${api.ratio} |
| Locations loaded | ${locations.perSecond} /s (${locations.locations} in ${locations.loadS} s) | | |
| Search among them | ${locations.search.perSecond} /s, p99 ${locations.search.p99Ms} ms | | |

## Where the time of a session goes

Mean time from the entry before in the session's timeline to the entry of the room. Charging includes
the car.

| room | mean |
|---|---|
${roomLines.join('\n')}
`
}

const figures = await measure()
const text = report(figures)
const folder = join(root, '.bench')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'report.md'), text)
writeFileSync(join(folder, 'report.json'), `${JSON.stringify(figures, null, 2)}\n`)
console.log(`\n${text}\nWritten to .bench/report.md and .bench/report.json`)

// `npm run bench`: figures of this machine, each beside what it is measured against in the same run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchLedger } from '@chargelane/db/bench/ledger'
import { benchMoney, type MoneyBenchResult } from '@chargelane/db/bench/money'
import { benchApi, quotesJson } from './api.ts'
import { benchLocations } from './locations.ts'
import { benchPrices } from './prices.ts'
import { benchOcpp, ocppJson, ocppTable } from './ocpp.ts'
import { benchRating, ratingTable } from './rating.ts'
import { benchSessions, measuredEnvironment, sessionsJson, sessionTable } from './sessions.ts'
import { localDir, root } from '../../local/src/config.ts'
import { startSecondProduct } from '../../local/src/second-product.ts'
import { type Stack, zStack } from '../../local/src/state.ts'
import { say } from '../../local/src/steps.ts'

const help = `npm run bench [-- PART…]

Measures this machine, each figure beside what it is compared with in the same run; all parts without a name.

  rating     what a CDR costs to price, beside the engines of npm run test:oracles where they are built
  sessions   what a session through the whole corridor costs, beside an empty workflow
  ocpp       messages of 300 and of 2,000 chargers against a bare WebSocket echo
  quotes     binding quotes against a bare route with one read and one write, batches of 50 beside them
  ledger     ledger entries against raw inserts
  money      the same, balances beside many postings (BENCH_POSTINGS, 1,000,000), sales booked and
             closed (BENCH_SESSIONS, 20,000) for 1,000 payees
  locations  200,000 locations loaded and searched
  prices     quotes and batches of 50 at 300 operators and 200,000 EVSEs, tariffs changing
`

const folder = join(root, '.bench')

function writeJson(name: string, figures: unknown): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`)
}

const sizeFrom = (name: string, usual: number) => Number(process.env[name] ?? usual)

/** The parts, in their order; all but the first need a running product. */
const parts = {
  rating: async () => {
    say('rating, a minute')
    return ratingTable(benchRating())
  },
  sessions: async (stack: Stack) => {
    say('sessions through the whole corridor, 40 s')
    const figures = await benchSessions(stack, 40_000)
    writeJson('sessions', sessionsJson(figures))
    return sessionTable(figures)
  },
  ocpp: async (stack: Stack) => {
    say('messages of 300 and of 2,000 chargers, a minute')
    const { ocpp_url: ocppUrl, database_url: databaseUrl, processes } = stack
    const ownerUrl = stack.database_owner_url
    const measured = { ocppUrl, databaseUrl, ownerUrl, processes }
    const figures = await benchOcpp(measured, [300, 2_000], 15_000)
    writeJson('ocpp', ocppJson(figures))
    return ocppTable(figures)
  },
  quotes: async (stack: Stack) => {
    say('quotes against a bare route')
    const figures = await benchApi(stack, 8000)
    writeJson('quotes', quotesJson(figures))
    return quoteTable(figures)
  },
  ledger: async (stack: Stack) => {
    say('ledger entries against raw inserts')
    return ledgerTable(await benchLedger(stack.database_url, stack.database_owner_url))
  },
  money: async (stack: Stack) => {
    const { database_url: url, database_owner_url: ownerUrl } = stack
    const sizes = {
      postings: sizeFrom('BENCH_POSTINGS', 1_000_000),
      sessions: sizeFrom('BENCH_SESSIONS', 20_000),
      payees: 1_000,
    }
    say(`ledger entries, ${sizes.sessions} sales and ${sizes.postings} postings`)
    const ledger = ledgerTable(await benchLedger(url, ownerUrl))
    const figures = await benchMoney(url, ownerUrl, sizes)
    writeJson('money', figures)
    return `${ledger}\n${moneyTable(figures)}`
  },
  locations: async (stack: Stack) => {
    say('200,000 locations')
    return locationTable(await benchLocations(stack, 200_000))
  },
  prices: async (stack: Stack) => {
    say('300 operators with 200,000 EVSEs')
    return priceTable(await benchPrices(stack, 300, 200_000))
  },
}
type Part = keyof typeof parts
const isPart = (name: string): name is Part => Object.hasOwn(parts, name)

const headRow = '| | measured | against | ratio |\n|---|---|---|---|\n'

const quoteTable = (api: Awaited<ReturnType<typeof benchApi>>): string => `## Quotes

${headRow}| Rated, stored, signed | ${api.quotes.perSecond} /s, p99 ${api.quotes.p99Ms} ms | Hono route with one read and one write ${api.bare.perSecond} /s | ${api.ratio} |
| Batches of 50 | ${api.batches.perSecond} /s, p99 ${api.batches.p99Ms} ms | single quotes ${api.quotes.perSecond} /s | one costs ${api.batchInQuotes} quotes |

${api.statements.alone ?? '–'} statements a quote that comes alone, ${api.statements.atOnce ?? '–'} of ${api.lines} at once, begin and commit included.
`

const ledgerTable = (ledger: Awaited<ReturnType<typeof benchLedger>>): string => `## Ledger

${headRow}| Entries of ${ledger.legsPerEntry} legs, one by one | ${ledger.single.guarded} /s | raw inserts of the same rows ${ledger.single.plain} /s | ${ledger.single.ratio} |
| Entries, ${ledger.batchSize} a batch | ${ledger.batched.guarded} /s | raw inserts ${ledger.batched.plain} /s | ${ledger.batched.ratio} |
| the same | | one raw statement a table and batch ${ledger.batched.bulk} /s | ${ledger.batched.ratioToBulk} |
`

const moneyTable = (money: MoneyBenchResult): string => `## Money

| | measured |
|---|---|
| A balance, beside ${money.postings} postings | p50 ${money.reads.p50Ms} ms, p99 ${money.reads.p99Ms} ms (\`select 1\` meanwhile p99 ${money.reads.bareP99Ms} ms); ${money.reads.pagesP50} pages, at most ${money.reads.pagesMost} |
| Sales booked with their payables, ${money.sessions} | ${money.bookedPerSecond} /s |
| Closed into settlements of ${money.payees} payees | ${money.closedPerSecond} sessions/s |
| Database, ledger and payables with their indexes | ${money.bytesPerSession} bytes a session |
`

const locationTable = (
  locations: Awaited<ReturnType<typeof benchLocations>>,
): string => `## Locations

| | measured |
|---|---|
| Loaded | ${locations.perSecond} /s (${locations.locations} in ${locations.loadS} s) |
| Search among them | ${locations.search.perSecond} /s, p99 ${locations.search.p99Ms} ms |
`

const priceTable = (prices: Awaited<ReturnType<typeof benchPrices>>): string => `## Prices

${prices.operators} operators, ${prices.evses} EVSEs, ${prices.changesPerSecond} tariff changes a second meanwhile.

| | measured |
|---|---|
| Binding quotes, 4 at once | ${prices.quotes.perSecond} /s, p50 ${prices.quotes.p50Ms} ms, p99 ${prices.quotes.p99Ms} ms, ${prices.quotes.failed} failed |
| Batches of 50, 2 at once | ${prices.batches.perSecond} /s, p50 ${prices.batches.p50Ms} ms, p99 ${prices.batches.p99Ms} ms, ${prices.batches.failed} failed |
| Tariff change to the first price that shows it | p50 ${prices.changeToQuotableMs.p50} ms, p99 ${prices.changeToQuotableMs.p99} ms (${prices.changeToQuotableMs.changes} changes) |
`

async function measure(names: readonly Part[]): Promise<string[]> {
  const texts: string[] = []
  if (names.includes('rating')) texts.push(await parts.rating())
  const others = names.filter((name) => name !== 'rating')
  if (others.length === 0) return texts
  say('starting a product to measure')
  const product = await startSecondProduct({
    state: join(localDir, 'bench'),
    env: {
      RATE_LIMIT_RPS: '1000000',
      LOG_LEVEL: 'warn',
      COUNT_STATEMENTS: 'true',
      ...(names.includes('sessions') || names.includes('ocpp') ? measuredEnvironment : {}),
    },
  })
  try {
    const stack = zStack.parse(JSON.parse(readFileSync(product.stackFile, 'utf8')))
    for (const name of others) texts.push(await parts[name](stack))
  } finally {
    await product.stop()
  }
  return texts
}

function machine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
}

async function main(wished: readonly string[]): Promise<number> {
  const unknown = wished.find((name) => !isPart(name))
  if (unknown !== undefined) {
    process[unknown === '--help' ? 'stdout' : 'stderr'].write(
      unknown === '--help' ? help : `bench: no part is called ${unknown}\n\n${help}`,
    )
    return unknown === '--help' ? 0 : 2
  }
  const names = Object.keys(parts).filter(isPart)
  const chosen = wished.length === 0 ? names : names.filter((name) => wished.includes(name))
  const texts = await measure(chosen)
  const text = `# Bench

${machine()}. Everything, the clients included, runs on this machine.

${texts.join('\n')}`
  const file = wished.length === 0 ? 'report.md' : `${chosen.join('-')}.md`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, file), text)
  console.log(`\n${text}\nWritten to .bench/${file}`)
  return 0
}

process.exitCode = await main(process.argv.slice(2))

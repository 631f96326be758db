import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect, type Db } from '@chargelane/db'
import { statementsSoFar } from '@chargelane/db/statements'
import { Chargelane } from '@chargelane/sdk'
import { type Rate, rateOf, ratesInTurns } from './figures.ts'
import type { Stack } from '../../local/src/state.ts'

export type ApiFigures = {
  lines: number
  quotes: Rate
  bare: Rate
  ratio: number
  /** Of 50 EVSEs each. */
  batches: Rate
  /** What a batch costs in single quotes. */
  batchInQuotes: number
  /** Database statements a quote, begin and commit included: alone, and at the rate above. Undefined when uncounted. */
  statements: { alone: number | undefined; atOnce: number | undefined }
}

const lines = 16

const hundredth = (value: number) => Math.round(value * 100) / 100

/** Binding quotes, rated and stored and signed, against a route that reads and writes once, with the same client. */
export async function benchApi(stack: Stack, roundMs: number): Promise<ApiFigures> {
  const lane = new Chargelane({ apiKey: stack.keys.partner_a, baseUrl: stack.api_url })
  const source = await lane.payment_sources.create({
    driver: { external_id: 'bench-quotes' },
    type: 'card',
    payment_method: 'pm_card_visa',
  })
  const evses = await sellable(lane)
  const body = JSON.stringify({
    evse: evses[0],
    payment_source: source.id,
    est_energy_wh: 20_000,
  })
  const map = JSON.stringify({
    evses: Array.from({ length: 50 }, (_, at) => ({ evse: evses[at % evses.length] })),
  })
  const bareRoute = await startBareRoute(stack.database_owner_url)
  const db = connect({ url: stack.database_owner_url, role: null, max: 1, name: 'bench' })
  const agent = new Agent({ keepAlive: true, maxSockets: lines })
  const headers = { authorization: `Bearer ${stack.keys.partner_a}` }
  const quote = () => post(agent, `${stack.api_url}/v1/quotes`, body, headers)
  const bare = () => post(agent, bareRoute.url, body, headers)
  const batch = () => post(agent, `${stack.api_url}/v1/quotes:batch`, map, headers)
  try {
    // About as many calls of each, until both are compiled and every connection has prepared its statements.
    await rateOf(lines, 6000, quote)
    await rateOf(lines, 1500, bare)
    const statements = {
      alone: await statementsPer(db, 1, quote),
      atOnce: await statementsPer(db, lines, quote),
    }
    const [quotes, bares] = await ratesInTurns(
      { lines, durationMs: roundMs, turns: 4 },
      quote,
      bare,
    )
    const batches = await rateOf(lines, roundMs, batch)
    return {
      lines,
      quotes,
      bare: bares,
      batches,
      ratio: hundredth(quotes.perSecond / bares.perSecond),
      batchInQuotes: hundredth(quotes.perSecond / batches.perSecond),
      statements,
    }
  } finally {
    agent.destroy()
    bareRoute.stop()
    await db.close()
  }
}

/** Of each of 1,600 calls, so many at once; undefined when the server does not count them. */
async function statementsPer(
  db: Db,
  atOnce: number,
  call: () => Promise<void>,
): Promise<number | undefined> {
  const calls = 1_600
  const before = await statementsSoFar(db)
  const line = async () => {
    for (let made = 0; made < calls / atOnce; made++) await call()
  }
  await Promise.all(Array.from({ length: atOnce }, line))
  const after = await statementsSoFar(db)
  return before === undefined || after === undefined
    ? undefined
    : hundredth((after - before) / calls)
}

/** As the file says it. */
export const quotesJson = (api: ApiFigures) => ({
  quotes_per_s: api.quotes.perSecond,
  bare_per_s: api.bare.perSecond,
  ratio: api.ratio,
  batches_per_s: api.batches.perSecond,
  batch_in_quotes: api.batchInQuotes,
  statements: api.statements.alone ?? null,
  statements_at_once: api.statements.atOnce ?? null,
})

/** EVSEs of the simulated operator, once its tariffs and places have come over OCPI. */
async function sellable(lane: Chargelane): Promise<string[]> {
  for (let time = 0; time < 60; time++) {
    const { data } = await lane.evses.search({
      near: { latitude: 46.948, longitude: 7.4474 },
      radius_m: 100_000,
      limit: 100,
    })
    const evses = data.filter((evse) => evse.sellable).map((evse) => evse.evse_id)
    if (evses.length > 0) return evses
    await wait(500)
  }
  throw new Error('nothing can be sold over OCPI')
}

async function startBareRoute(databaseUrl: string): Promise<{ url: string; stop: () => void }> {
  const child = fork(fileURLToPath(new URL('bare.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, DATABASE_URL: databaseUrl },
  })
  if (!child.stdout) throw new Error('the bare route has no output')
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const port = /listening (\d+)/.exec(String(line))?.[1]
  return { url: `http://127.0.0.1:${port}/bare`, stop: () => void child.kill() }
}

/** `node:http` directly: a heavier client would measure itself on a machine it shares. */
function post(
  agent: Agent,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'idempotency-key': randomUUID(),
        },
        timeout: 10_000,
      },
      (answer) => {
        answer.resume()
        answer.once('end', () =>
          answer.statusCode === 201 || answer.statusCode === 200
            ? resolve()
            : reject(new Error(`status ${answer.statusCode}`)),
        )
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

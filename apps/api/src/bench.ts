// Quotes per second against a bare Hono route in a process of the same shape: what our own code costs.
import { type ChildProcess, fork } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Chargelane } from '@chargelane/sdk'
import { Hono } from 'hono'
import { z } from 'zod'
import { newApiKey } from './api-key.ts'
import { serve } from './serve.ts'

export interface RouteFigures {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** Answers other than 2xx, broken lines and timeouts; a bench with any is worth nothing. */
  failures: number
}
export interface QuoteBench {
  connections: number
  seconds: number
  bare: RouteFigures
  quotes: RouteFigures
  /** Quotes per bare request: each quote is authenticated, rated, signed and committed with its key. */
  ratio: number
}

export interface QuoteBenchOptions {
  /** A migrated database that may be written to. */
  databaseUrl: string
  connections?: number
  /** Per route, after a warm-up of two seconds. */
  seconds?: number
}

const here = fileURLToPath(import.meta.url)
const main = fileURLToPath(new URL('main.ts', import.meta.url))
const zReady = z.object({ ready: z.literal(true), url: z.string() })

/** Starts a server process and waits for its first line. */
async function launch(file: string, args: string[], env: Record<string, string>) {
  const child = fork(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!child.stdout) throw new Error('a forked process has a pipe')
  const lines = createInterface({ input: child.stdout })
  const deadline = AbortSignal.timeout(30_000)
  const [line]: unknown[] = await Promise.race([
    once(lines, 'line', { signal: deadline }),
    once(child, 'exit', { signal: deadline }),
  ])
  const { url } = zReady.parse(JSON.parse(String(line)))
  return { child, url }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function measure(
  options: { url: string; headers: Record<string, string>; body: string },
  load: { connections: number; seconds: number },
): Promise<RouteFigures> {
  const { default: autocannon } = await import('autocannon')
  const run = (duration: number) =>
    autocannon({
      ...options,
      method: 'POST',
      connections: load.connections,
      duration,
      requests: [
        {
          setupRequest: (request) => ({
            ...request,
            headers: { ...request.headers, 'idempotency-key': randomUUID() },
          }),
        },
      ],
    })
  await run(2)
  const result = await run(load.seconds)
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  }
}

/** Both routes in turn, each with its process alone; the load comes from this process. */
export async function benchQuotes(options: QuoteBenchOptions): Promise<QuoteBench> {
  const load = { connections: options.connections ?? 20, seconds: options.seconds ?? 8 }
  const bare = await benchBare(load)
  const quotes = await benchApi(options.databaseUrl, load)
  const ratio = Math.round((quotes.requestsPerSecond / bare.requestsPerSecond) * 1_000) / 1_000
  return { ...load, bare, quotes, ratio }
}

async function benchBare(load: { connections: number; seconds: number }): Promise<RouteFigures> {
  const server = await launch(here, ['bare'], {})
  try {
    return await measure(
      {
        url: `${server.url}/v1/quotes`,
        headers: { 'content-type': 'application/json' },
        body: '{"evse":"DE*VWL*E1001*1"}',
      },
      load,
    )
  } finally {
    await end(server.child)
  }
}

async function benchApi(
  databaseUrl: string,
  load: { connections: number; seconds: number },
): Promise<RouteFigures> {
  const platformKey = newApiKey(false)
  const { privateKey } = generateKeyPairSync('ed25519')
  const api = await launch(main, [], {
    DATABASE_URL: databaseUrl,
    API_PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_RPS: '1000000',
    BOOTSTRAP_PLATFORM_KEY: platformKey,
    EVIDENCE_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  })
  try {
    const { key, body } = await sellable(api.url, platformKey)
    return await measure(
      {
        url: `${api.url}/v1/quotes`,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      },
      load,
    )
  } finally {
    await end(api.child)
  }
}

/** One partner with a card, one EVSE with a price. */
async function sellable(baseUrl: string, platformKey: string) {
  const lane = (apiKey: string) => new Chargelane({ apiKey, baseUrl })
  const platform = lane(platformKey)
  const party = {
    name: 'Bench',
    legal_name: 'Bench GmbH',
    country: 'DE',
    payout_currency: 'EUR',
    address: { street: 'Kehrwieder 9', city: 'Hamburg', postal_code: '20457' },
  }
  const keyOf = async (account: string) => {
    const { key } = await platform.api_keys.create({ name: 'bench', account })
    if (key == null) throw new Error('a fresh key is shown')
    return key
  }
  const agreement = { commission_bps: 800, supply_model: 'agency' as const }
  const cpo = await platform.accounts.create({ ...party, type: 'cpo', agreement })
  const partner = await platform.accounts.create({ ...party, type: 'partner' })
  const key = await keyOf(partner.id)
  const evse_id = `DE*BNC*E${Date.now().toString(36).toUpperCase()}`
  await provision(lane(await keyOf(cpo.id)), evse_id)
  const source = await lane(key).payment_sources.create({
    driver: { external_id: 'bench' },
    type: 'card',
    payment_method: 'pm_card_visa',
  })
  return { key, body: { evse: evse_id, payment_source: source.id, est_energy_wh: 24_000 } }
}

async function provision(cpo: Chargelane, evse_id: string): Promise<void> {
  const party = { country_code: 'DE', party_id: 'BNC' }
  const connection = await cpo.connections.create({ protocol: 'node', ...party })
  const location = await cpo.locations.create({
    connection: connection.id,
    name: 'Bench',
    address: 'Aachener Straße 1042',
    city: 'Köln',
    country: 'DE',
    position: { latitude: 50.93, longitude: 6.84 },
    time_zone: 'Europe/Berlin',
  })
  const tariff = await cpo.tariffs.create({
    connection: connection.id,
    tariff: {
      ...party,
      id: 'bench',
      currency: 'EUR',
      elements: [
        { price_components: [{ type: 'ENERGY', price: '0.4958', vat: '19', step_size: 1 }] },
        {
          price_components: [{ type: 'PARKING_TIME', price: '5.0421', vat: '19', step_size: 60 }],
          restrictions: { min_duration: 14_400 },
        },
      ],
      last_updated: '2026-10-01T00:00:00.000Z',
    },
  })
  const connector = {
    standard: 'IEC_62196_T2_COMBO' as const,
    format: 'CABLE' as const,
    power_type: 'DC' as const,
    max_power_w: 150_000,
    max_voltage: 920,
    max_amperage: 200,
    tariffs: [tariff.id],
  }
  await cpo.charge_stations.create({
    location: location.id,
    identity: evse_id.replaceAll('*', '-'),
    evses: [{ evse_id, connectors: [connector] }],
  })
}

/** The smallest route that reads a JSON body and answers one. */
async function serveBare(): Promise<void> {
  const app = new Hono()
  app.post('/v1/quotes', async (c) => c.json(await c.req.json(), 201))
  const running = await serve(app, { host: '127.0.0.1', port: 0 })
  process.once('SIGTERM', () => process.exit(0))
  process.once('disconnect', () => process.exit(0))
  process.stdout.write(`${JSON.stringify({ ready: true, url: running.url })}\n`)
}

if (import.meta.main) {
  if (process.argv[2] === 'bare') await serveBare()
  else {
    const databaseUrl = process.env['DATABASE_URL']
    if (databaseUrl === undefined) throw new Error('DATABASE_URL names a migrated database')
    process.stdout.write(`${JSON.stringify(await benchQuotes({ databaseUrl }), null, 2)}\n`)
  }
}

// A webhook receiver we did not write (PyPI `standardwebhooks`) at a running product:
// `PEER_PYTHON=… STACK_FILE=… node standard-webhooks.peers.ts`. It verifies what it is sent, also while a secret is
// changed, and hears in time beside thirty dead, five hanging and one slow neighbour.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Chargelane } from '@chargelane/sdk'
import { z } from 'zod'

const script = fileURLToPath(new URL('receiver.py', import.meta.url))
const python = process.env['PEER_PYTHON'] ?? 'python3'
const stackFile =
  process.env['STACK_FILE'] ?? fileURLToPath(new URL('../../../.local/stack.json', import.meta.url))

const stack = z
  .object({
    api_url: z.string(),
    keys: z.object({ partner_a: z.string(), partner_b: z.string(), cpo: z.string() }),
  })
  .parse(JSON.parse(readFileSync(stackFile, 'utf8')))
const lane = (apiKey: string) => new Chargelane({ apiKey, baseUrl: stack.api_url })

const zFact = z.discriminatedUnion('fact', [
  z.object({ fact: z.literal('listening'), port: z.int() }),
  z.object({
    fact: z.literal('received'),
    path: z.string(),
    at: z.number(),
    verified: z.array(z.boolean()),
    forged: z.boolean(),
    event: z.looseObject({ id: z.string(), type: z.string(), sequence: z.int() }),
  }),
])
type Received = Extract<z.infer<typeof zFact>, { fact: 'received' }>

const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
const received: Received[] = []
const port = await new Promise<number>((resolve, reject) => {
  child.once('close', () => reject(new Error('the receiver ended')))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const fact = zFact.parse(JSON.parse(line))
    if (fact.fact === 'listening') resolve(fact.port)
    else received.push(fact)
  })
})

let failed = 0
function check(what: string, passed: boolean, seen: unknown): void {
  if (!passed) failed += 1
  process.stdout.write(
    `${passed ? 'ok' : 'not ok'} - ${what}${passed ? '' : ` (${JSON.stringify(seen)})`}\n`,
  )
}

async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`not within 60 s: ${what}`)
    await wait(10)
  }
}

const made: { lane: Chargelane; id: string }[] = []
async function endpointAt(of: Chargelane, path: string): Promise<string> {
  const url = `http://127.0.0.1:${port}${path}`
  const { id, secret } = await of.webhook_endpoints.create({ url, events: ['plan.*'] })
  child.stdin.write(`${JSON.stringify({ path, secret })}\n`)
  made.push({ lane: of, id })
  return id
}
const heard = (path: string, event: string) =>
  received.find((each) => each.path === path && each.event.id === event)

/** A ping, and how many ms after it was asked for it was heard. */
async function ping(of: Chargelane, id: string, path: string) {
  const askedAt = Date.now()
  const event = await of.webhook_endpoints.test(id)
  const fact = await until(`the ping of ${path}`, () => heard(path, event.id))
  return { fact, ms: Math.max(0, fact.at - askedAt) }
}

async function verifies(): Promise<void> {
  const b = lane(stack.keys.partner_b)
  const id = await endpointAt(b, '/verified')
  const first = await ping(b, id, '/verified')
  check('a delivery verifies', first.fact.verified.join() === 'true', first.fact)
  check('a delivery with one bit changed does not', !first.fact.forged, first.fact)
  const { secret } = await b.webhook_endpoints.roll_secret(id, { overlap_s: 600 })
  child.stdin.write(`${JSON.stringify({ path: '/verified', secret })}\n`)
  const both = await ping(b, id, '/verified')
  const names =
    'while the secret is changed a delivery verifies with the old one and with the new one'
  check(names, both.fact.verified.join() === 'true,true', both.fact)
  await b.webhook_endpoints.roll_secret(id, { overlap_s: 0 })
  const neither = await ping(b, id, '/verified')
  check('a secret that has ended verifies nothing', !neither.fact.verified.includes(true), neither)
}

/** Partners with neighbours that fail and hang, each with news to hear. */
async function neighbours(): Promise<void> {
  const paths = [
    ...Array.from({ length: 30 }, (_, n) => `/dead${n}`),
    ...Array.from({ length: 5 }, (_, n) => `/hanging${n}`),
    '/slow',
  ]
  const owners = [lane(stack.keys.partner_a), lane(stack.keys.cpo)]
  for (const [n, path] of paths.entries()) {
    const owner = owners[n % 2]
    if (owner !== undefined) await endpointAt(owner, path)
  }
  for (let n = 0; n < 15; n++)
    for (const owner of owners)
      await owner.plans.create({
        name: `Neighbour ${n}`,
        country: 'DE',
        access_fee: { amount: 990, currency: 'EUR' },
        included_kwh: '40',
        overage: { kind: 'public' },
      })
}

async function hearsInTime(): Promise<void> {
  const b = lane(stack.keys.partner_b)
  const id = await endpointAt(b, '/healthy')
  const waits: number[] = []
  for (let n = 0; n < 100; n++) waits.push((await ping(b, id, '/healthy')).ms)
  waits.sort((x, y) => x - y)
  const at = (share: number) => Math.round(waits[Math.ceil(waits.length * share) - 1] ?? Infinity)
  const figures = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`
  const name = `beside 30 dead, 5 hanging and 1 slow endpoint a healthy one hears: ${figures}`
  check(name, at(0.99) <= 1_000, waits)
  const sequences = received.filter(({ path }) => path === '/healthy').map((one) => one.event)
  const inOrder = sequences.every(({ sequence }, n) => sequence === n + 1)
  const isBusy = new Set(received.filter(({ path }) => path.startsWith('/dead')).map((x) => x.path))
  check('each dead neighbour was asked', isBusy.size === 30, [...isBusy])
  check('it hears each once, in order', inOrder && sequences.length === 100, sequences.length)
}

try {
  await verifies()
  await neighbours()
  await hearsInTime()
} finally {
  await Promise.allSettled(
    made.map((endpoint) => endpoint.lane.webhook_endpoints.delete(endpoint.id)),
  )
  child.kill()
}
process.exit(failed === 0 ? 0 : 1)

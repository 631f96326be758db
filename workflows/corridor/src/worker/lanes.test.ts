import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { appendEvent, deliveriesChannel, type NewEvent } from '@chargelane/db/queries/outbox/outbox'
import { createEndpoint } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { testDatabase } from '@chargelane/db/testing'
import type { TestDatabase } from '@chargelane/db/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { budget, createLanes } from './lanes.ts'
import type { Lanes } from './lanes.ts'
import { createSafeAgent } from './safe-agent.ts'

/** The receivers of this file are paths of one server; each says what becomes of what it is sent. */
const open: ServerResponse[] = []
const heard: { path: string; object: string; sequence: number }[] = []
const most = new Map<string, number>()
const now = new Map<string, number>()
let database: TestDatabase
let server: Server
let base: string
let lanes: Lanes
let isOver = false
let stopListening: () => Promise<void>

function take(path: string, body: string, response: ServerResponse): void {
  const { object, sequence } = JSON.parse(body) as { object: string; sequence: number }
  heard.push({ path, object, sequence })
  now.set(path, (now.get(path) ?? 0) + 1)
  most.set(path, Math.max(most.get(path) ?? 0, now.get(path) ?? 0))
  response.once('close', () => now.set(path, (now.get(path) ?? 0) - 1))
  if (isOver) response.destroy()
  else if (path.startsWith('/dead')) response.writeHead(503).end()
  else if (path.startsWith('/hanging') || path === '/slow') open.push(response)
  // Headers at once, and a body that never ends.
  else if (path === '/dripping') {
    response.writeHead(200).write('.')
    open.push(response)
  } else response.writeHead(204).end()
}

beforeAll(async () => {
  database = await testDatabase({ anyEvents: true, max: 20 })
  server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => take(incoming.url ?? '', Buffer.concat(parts).toString(), response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  lanes = createLanes({
    db: database.db,
    agent: createSafeAgent({ allowLoopback: true }),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    allowLoopback: true,
    // Longer than the test: what hangs hangs until the test lets it go.
    timeoutMs: 600_000,
  })
  stopListening = await database.db.listen(deliveriesChannel, lanes.stir)
})
afterAll(async () => {
  isOver = true
  for (const response of open) response.destroy()
  await stopListening()
  await lanes.stop()
  server.close()
  await database.stop()
})

async function partner(paths: readonly string[]): Promise<string> {
  const at = new Date().toISOString()
  const account = await createAccount(database.db, {
    type: 'partner',
    name: 'P',
    legalName: 'P GmbH',
    country: 'DE',
    payoutCurrency: 'EUR',
    address: { street: 'S 1', city: 'C', postal_code: '1' },
    at,
  })
  for (const path of paths)
    await database.db.tx((tx) =>
      createEndpoint(tx, {
        accountId: account.id,
        url: `${base}${path}`,
        secret: `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`,
        eventTypes: ['*'],
        at,
      }),
    )
  return account.id
}

const happen = (accountId: string, objectId: string, n: number) =>
  database.db.tx((tx) =>
    appendEvent(tx, {
      accountId,
      type: 'session.started',
      objectId,
      data: { id: objectId },
      dedupeKey: `${accountId}:${objectId}:${n}`,
    } as unknown as NewEvent),
  )

const heardBy = (path: string) => heard.filter((each) => each.path === path)
const until = async (what: () => boolean) => {
  await expect.poll(what, { timeout: 60_000, interval: 20 }).toBe(true)
}
const again = () => heard.filter(({ path }) => path.startsWith('/hanging-again')).length

test('with 30 dead, 5 hanging and 1 slow neighbours a healthy endpoint hears everything, in order', async () => {
  const neighbours = [
    ...Array.from({ length: 30 }, (_, n) => `/dead${n}`),
    ...Array.from({ length: 5 }, (_, n) => `/hanging${n}`),
    '/slow',
    '/dripping',
  ]
  for (const group of [neighbours.slice(0, 20), neighbours.slice(20)]) {
    const accountId = await partner(group)
    for (let n = 0; n < 20; n++) await happen(accountId, `ses_${n}`, 1)
  }
  // The neighbours are at it, and none of those that hang is let go before the end.
  await until(() => heardBy('/hanging4').length > 0 && heardBy('/slow').length > 0)
  const accountId = await partner(['/healthy'])
  for (let n = 1; n <= 40; n++) await happen(accountId, `ses_${n % 4}`, n)
  await until(() => heardBy('/healthy').length === 40)
  for (let object = 0; object < 4; object++) {
    const sequences = heardBy('/healthy').filter((each) => each.object === `ses_${object}`)
    expect(sequences.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 10 }, (_, n) => n + 1),
    )
  }
  expect(open.filter((response) => !response.destroyed).length).toBe(open.length)
  const most8 = [...most].filter(([path]) => path.startsWith('/hanging') || path === '/slow')
  for (const [path, count] of most8) expect(count, path).toBeLessThanOrEqual(budget.lane)
  // The dead ones rest: each has been asked by one round and a probe or two, not by everything that waits.
  expect(heard.filter(({ path }) => path.startsWith('/dead')).length).toBeLessThan(30 * 20)
})

test('endpoints that fail hold only their part of all places', async () => {
  const before = open.length
  const paths = Array.from({ length: 20 }, (_, n) => `/hanging-again${n}`)
  const accounts = await Promise.all(Array.from({ length: 8 }, () => partner(paths)))
  await database.db.execute(`update webhook_endpoints set failures = 1 where url like '%again%'`)
  for (const account of accounts) await happen(account, 'ses_x', 1)
  await until(() => again() > 0)
  const healthy = await partner(['/healthy-beside'])
  await happen(healthy, 'ses_y', 1)
  await until(() => heardBy('/healthy-beside').length === 1)
  expect(again()).toBeLessThanOrEqual(budget.failing)
  expect(before + again()).toBeLessThan(budget.all)
})

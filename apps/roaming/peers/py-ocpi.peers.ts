// A CPO we did not write (PyPI `py-ocpi`) sold by a running product, from handshake to settled CDR:
// `PEER_PYTHON=… STACK_FILE=… node py-ocpi.peers.ts`. Everything is asked of the public API, as a partner would.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const script = fileURLToPath(new URL('py_ocpi_cpo.py', import.meta.url))
const python = process.env['PEER_PYTHON'] ?? 'python3'
const stackFile =
  process.env['STACK_FILE'] ?? fileURLToPath(new URL('../../../.local/stack.json', import.meta.url))
if (!existsSync(stackFile)) throw new Error(`${stackFile} is missing: start the product first.`)

const zStack = z.object({
  api_url: z.string(),
  keys: z.object({ partner_a: z.string(), finance: z.string(), platform: z.string() }),
})
const stack = zStack.parse(JSON.parse(readFileSync(stackFile, 'utf8')))
const { partner_a: partner, finance, platform } = stack.keys

/** What the peer sells: 18.5 kWh at 0.49 EUR and 21 % VAT are 9.065 net and 10.96865 gross. */
const expected = { excl: 907, incl: 1_097, energyWh: 18_500 }
const sites = 60

const zId = z.object({ id: z.string() })
const zAmount = z.object({ amount: z.int(), currency: z.string() })
const zConnection = z.object({
  id: z.string(),
  status: z.string(),
  last_error: z.string().nullable(),
})
const zEvses = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      evse_id: z.string(),
      sellable: z.boolean(),
      cpo: z.object({ id: z.string() }),
    }),
  ),
})
const zSession = z.object({
  id: z.string(),
  status: z.string(),
  money_status: z.string(),
  record_status: z.string(),
  energy_wh: z.number(),
  currency: z.string(),
  cdr: z.string().nullable(),
  totals: z.object({ excl_tax: zAmount, incl_tax: zAmount }).nullable(),
  hold: z.object({ captured: zAmount.nullable() }).nullable(),
})
type Session = z.infer<typeof zSession>

let failed = 0
function check(what: string, passed: boolean, seen: unknown): void {
  if (!passed) failed += 1
  const detail = passed ? '' : ` (${JSON.stringify(seen)})`
  process.stdout.write(`${passed ? 'ok' : 'not ok'} - ${what}${detail}\n`)
}

async function ask(key: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${stack.api_url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const answer: unknown = await response.json()
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 90_000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`not within 90 s: ${what}`)
    await wait(250)
  }
}

const sessionOf = async (id: string): Promise<Session> =>
  zSession.parse(await ask(partner, 'GET', `/v1/sessions/${id}`))
const becomes = (id: string, what: string, isThere: (session: Session) => boolean) =>
  until(`session ${id} ${what}`, async () => {
    const session = await sessionOf(id)
    return isThere(session) ? session : undefined
  })

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}

async function startPeer(party: string, tokenA: string) {
  const port = await freePort()
  const child = spawn(python, [script], {
    env: { ...process.env, PEER_PORT: String(port), PEER_PARTY: party, PEER_TOKEN_A: tokenA },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const versionsUrl = `http://127.0.0.1:${port}/ocpi/versions`
  await until('the peer listens', async () => {
    if (child.exitCode !== null) throw new Error(`the peer ended with ${child.exitCode}`)
    return fetch(versionsUrl).then(
      () => true,
      () => undefined,
    )
  })
  return { versionsUrl, stop: () => child.kill('SIGTERM') }
}

/** The CPO signs up and names its versions URL and token A: nothing else technical is asked of it. */
async function connect(party: string, versionsUrl: string, tokenA: string) {
  const account = zId.parse(
    await ask(platform, 'POST', '/v1/accounts', {
      type: 'cpo',
      name: `Groninger Laadpalen ${party}`,
      legal_name: 'Groninger Laadpalen BV',
      country: 'NL',
      payout_currency: 'EUR',
      vat_id: 'NL004495445B01',
      address: { street: 'Herestraat 1', postal_code: '9711 LA', city: 'Groningen' },
      iban: 'NL91ABNA0417164300',
      agreement: { commission_bps: 800, supply_model: 'agency' },
    }),
  )
  const { key } = z
    .object({ key: z.string() })
    .parse(await ask(platform, 'POST', '/v1/api_keys', { name: 'peer', account: account.id }))
  const connection = zConnection.parse(
    await ask(key, 'POST', '/v1/connections', {
      protocol: 'ocpi',
      country_code: 'NL',
      party_id: party,
      versions_url: versionsUrl,
      token_a: tokenA,
    }),
  )
  const live = await until('the connection is live', async () => {
    const now = zConnection.parse(await ask(key, 'GET', `/v1/connections/${connection.id}`))
    return now.status === 'live' ? now : undefined
  })
  check('handshake: the connection is live', live.last_error === null, live)
  return { cpo: account.id, key }
}

async function sell(evse: string): Promise<Session> {
  const source = zId.parse(
    await ask(partner, 'POST', '/v1/payment_sources', {
      driver: { external_id: `peer-${Date.now()}` },
      type: 'card',
      payment_method: 'pm_card_visa',
    }),
  )
  const quote = zId.parse(
    await ask(partner, 'POST', '/v1/quotes', { evse, payment_source: source.id }),
  )
  const { id } = zId.parse(await ask(partner, 'POST', '/v1/sessions', { quote: quote.id }))
  await becomes(id, 'charges', ({ status }) => status === 'charging')
  check('start: the peer’s session is ours', true, id)
  await ask(partner, 'POST', `/v1/sessions/${id}/stop`, {})
  const ended = await becomes(id, 'ends', ({ status }) => status === 'ended')
  check('stop: the session ended when it was asked to', ended.status === 'ended', ended)
  return becomes(id, 'is captured', ({ money_status }) =>
    ['captured', 'settled'].includes(money_status),
  )
}

async function checkMoney(session: Session): Promise<void> {
  check('record: accepted as it stands', session.record_status === 'cdr_accepted', session)
  check('record: the energy is the peer’s', session.energy_wh === expected.energyWh, session)
  const record = z
    .object({ source: z.string(), total_incl_tax: zAmount.nullable() })
    .parse(await ask(finance, 'GET', `/v1/cdrs/${session.cdr}`))
  check('record: it came over OCPI', record.source === 'ocpi', record)
  const total = session.totals
  check(
    'price: our rating, the peer’s own total and the captured amount are one',
    total?.incl_tax.amount === expected.incl &&
      total.excl_tax.amount === expected.excl &&
      total.incl_tax.currency === 'EUR' &&
      record.total_incl_tax?.amount === expected.incl &&
      session.hold?.captured?.amount === expected.incl,
    { total, record, hold: session.hold },
  )
}

async function settle(session: Session, cpoKey: string): Promise<void> {
  await ask(finance, 'POST', '/v1/settlements/run', {})
  const settled = await becomes(
    session.id,
    'is settled',
    ({ money_status }) => money_status === 'settled',
  )
  check('settlement: the session is settled', settled.money_status === 'settled', settled)
  const { data } = z
    .object({ data: z.array(z.object({ state: z.string(), amount: zAmount })) })
    .parse(await ask(cpoKey, 'GET', '/v1/settlements'))
  check(
    'settlement: the CPO was paid, less the commission',
    data.some(
      (each) =>
        each.state === 'paid' && each.amount.amount > 900 && each.amount.amount < expected.incl,
    ),
    data,
  )
}

const party = `P${randomBytes(1).toString('hex').toUpperCase()}`
const tokenA = `token-a-${randomBytes(8).toString('hex')}`
const peer = await startPeer(party, tokenA)
try {
  const { cpo, key } = await connect(party, peer.versionsUrl, tokenA)
  const found = zEvses.parse(
    await ask(partner, 'POST', '/v1/search', {
      near: { latitude: 53.23, longitude: 6.5665 },
      radius_m: 20_000,
      limit: 100,
    }),
  )
  const own = found.data.filter((each) => each.cpo.id === cpo && each.sellable)
  check(
    `locations: all ${sites} EVSEs are for sale though the page links are broken`,
    own.length === sites,
    own.length,
  )
  const [evse] = own
  if (evse === undefined) throw new Error('nothing to sell')
  const session = await sell(evse.id)
  await checkMoney(session)
  await settle(session, key)
  process.stdout.write(`session ${session.id}: ${JSON.stringify(session.totals)}\n`)
} catch (error) {
  check(error instanceof Error ? error.message : String(error), false, null)
} finally {
  peer.stop()
}
process.exit(failed === 0 ? 0 : 1)

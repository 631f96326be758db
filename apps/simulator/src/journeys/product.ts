import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Chargelane, ChargelaneError } from '@chargelane/sdk'
import type { Session } from '@chargelane/sdk'
import { fetchKeyList, verifyPack } from '@chargelane/sdk/verify'
import { z } from 'zod'
import { startChargePoint } from '../charge-point/charge-point.ts'
import type { ChargePoint, ChargePointOptions } from '../charge-point/charge-point.ts'
import { startCpo } from '../cpo/cpo.ts'

// The running product as an outsider sees it: the stack file for addresses, the SDK, and wires.

const zStack = z.object({
  api_url: z.string(),
  ocpp_url: z.string(),
  ocpi: z.object({ versions_url: z.string() }),
  simulator_url: z.string(),
  keys: z.object({
    partner_a: z.string(),
    partner_b: z.string(),
    cpo: z.string(),
    finance: z.string(),
    platform: z.string(),
  }),
  test_chargers: z.array(
    z.object({ identity: z.string(), password: z.string(), rfid: z.string(), evse_id: z.string() }),
  ),
})

export const stack = zStack.parse(
  JSON.parse(readFileSync(process.env['JOURNEY_STACK'] ?? '.local/stack.json', 'utf8')),
)
export const lane = (apiKey: string) =>
  new Chargelane({ apiKey, baseUrl: stack.api_url, maxRetries: 1 })
export const platform = lane(stack.keys.platform)
export const finance = lane(stack.keys.finance)

/** Where this product publishes the keys that seal its packs. */
export const keysUrl = `${stack.api_url}/.well-known/chargelane-keys.json`

const zWorld = z.object({
  urls: z.object({ payments: z.string(), bank: z.string(), rates: z.string() }),
})
const world = zWorld.parse(await (await fetch(`${stack.simulator_url}/world`)).json())

/** A suffix no other journey uses. */
export const unique = () => randomBytes(4).toString('hex').toUpperCase()

const address = { street: 'Teststraße 1', postal_code: '10115', city: 'Berlin' }

/** A German VAT number that nobody has: eight random digits and their check digit (ISO 7064, MOD 11,10). */
function newVatId(): string {
  const digits = Array.from(randomBytes(8), (byte, at) => (at === 0 ? 1 + (byte % 9) : byte % 10))
  let product = 10
  for (const digit of digits) {
    const sum = (digit + product) % 10 || 10
    product = (2 * sum) % 11
  }
  return `DE${digits.join('')}${(11 - product) % 10}`
}

/** A Swiss VAT number that nobody has: eight random digits and their check digit (UID, modulo 11). */
function newSwissVatId(): string {
  const weights = [5, 4, 3, 2, 7, 6, 5, 4]
  for (;;) {
    const digits = Array.from(randomBytes(8), (byte) => byte % 10)
    const check =
      (11 - (digits.reduce((sum, digit, at) => sum + digit * (weights[at] ?? 0), 0) % 11)) % 11
    if (check < 10) return `CHE${digits.join('')}${check}MWST`
  }
}

/** A party that nobody has, claimed for this operator. */
export async function newParty(operator: Chargelane, country_code: string): Promise<string> {
  for (;;) {
    const party_id = unique().slice(0, 3)
    const claimed = await operator.parties.claim({ country_code, party_id })
    if (claimed.status === 'verified') return party_id
  }
}

async function signUp(type: 'partner' | 'cpo', extra: Record<string, unknown>) {
  const name = `Journey ${type} ${unique()}`
  const account = await platform.accounts.create({
    type,
    name,
    legal_name: `${name} GmbH`,
    country: 'DE',
    payout_currency: 'EUR',
    vat_id: newVatId(),
    address,
    iban: 'DE89370400440532013000',
    ...extra,
  })
  const { key } = await platform.api_keys.create({ name: 'journey', account: account.id })
  if (key === null) throw new Error('no key')
  return { account, key, lane: lane(key) }
}

/** A demand partner of its own, so that no journey sees another's sessions. */
export async function newPartner() {
  const partner = await signUp('partner', { partner_type: 'fleet', partner_share_bps: 4000 })
  const source = async (payment_method = 'pm_card_visa', driver = `driver-${unique()}`) =>
    (
      await partner.lane.payment_sources.create({
        driver: { external_id: driver },
        type: 'card',
        payment_method,
      })
    ).id
  return { ...partner, source }
}
export type Partner = Awaited<ReturnType<typeof newPartner>>

const energyTariff = (party_id: string, id: string, country_code = 'DE', currency = 'EUR') => ({
  country_code,
  party_id,
  id,
  currency,
  type: 'REGULAR' as const,
  elements: [
    { price_components: [{ type: 'ENERGY' as const, price: 0.4958, vat: 19, step_size: 1 }] },
  ],
  last_updated: '2026-10-01T00:00:00.000Z',
})

/** An operator with one charger on our own node, played by the simulator over OCPP 1.6J; all stand in one place. */
export async function newCharger(
  options: Partial<ChargePointOptions> = {},
  position = { latitude: 52.53, longitude: 13.38 },
) {
  const cpo = await signUp('cpo', { agreement: { commission_bps: 800, supply_model: 'agency' } })
  const party_id = await newParty(cpo.lane, 'DE')
  const connection = await cpo.lane.connections.create({
    protocol: 'node',
    country_code: 'DE',
    party_id,
  })
  const publish = (price: number, at: string, more: { start_date_time?: string } = {}) => {
    const tariff = energyTariff(party_id, 'dc')
    const [element] = tariff.elements
    if (element?.price_components[0] !== undefined) element.price_components[0].price = price
    return cpo.lane.tariffs.create({
      connection: connection.id,
      tariff: { ...tariff, ...more, last_updated: at },
    })
  }
  const tariff = await publish(0.4958, '2026-10-01T00:00:00.000Z')
  const location = await cpo.lane.locations.create({
    connection: connection.id,
    name: 'Journey site',
    address: address.street,
    city: address.city,
    postal_code: address.postal_code,
    country: 'DE',
    position,
    time_zone: 'Europe/Berlin',
  })
  const identity = `JRN-${unique()}`
  const evse_id = `DE*${party_id}*E${unique()}`
  const station = await cpo.lane.charge_stations.create({
    location: location.id,
    identity,
    evses: [
      {
        evse_id,
        connectors: [
          {
            standard: 'IEC_62196_T2_COMBO',
            format: 'CABLE',
            power_type: 'DC',
            max_voltage: 920,
            max_amperage: 200,
            max_power_w: 150_000,
            tariffs: [tariff.id],
          },
        ],
      },
    ],
  })
  const evse = station.evses[0]?.id ?? ''
  const password = station.password ?? ''
  const connect = (more: Partial<ChargePointOptions> = {}): Promise<ChargePoint> =>
    startChargePoint({
      url: stack.ocpp_url.replace(/\/$/, ''),
      identity,
      password,
      plugAfterMs: 100,
      speed: 300,
      ...options,
      ...more,
    })
  return { cpo, evse, evse_id, identity, password, connect, publish, charger: await connect() }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const bound = server.address()
      server.close(() =>
        typeof bound === 'object' && bound !== null
          ? resolve(bound.port)
          : reject(new Error('no port')),
      )
    })
  })
}

/** An operator behind OCPI, connected and live, whoever begins; `cpo` plays scenarios. */
export async function newOcpiCpo({
  begins = 'us',
  ...options
}: Partial<Parameters<typeof startCpo>[0]> & { begins?: 'us' | 'cpo' } = {}) {
  const account = await signUp('cpo', {
    agreement: { commission_bps: 900, supply_model: 'agency' },
    country: 'CH',
    vat_id: newSwissVatId(),
    payout_currency: 'CHF',
    iban: 'CH9300762011623852957',
  })
  const partyId = await newParty(account.lane, 'CH')
  const tokenA = `token-a-${unique()}`
  const cpo = await startCpo({
    host: '127.0.0.1',
    port: await freePort(),
    tokenA,
    speed: 300,
    partyId,
    ...options,
  })
  const party = { country_code: 'CH', party_id: partyId }
  const connection = await account.lane.connections.create({
    protocol: 'ocpi',
    ...party,
    ...(begins === 'us' ? { versions_url: cpo.versionsUrl, token_a: tokenA } : {}),
  })
  const { token_a: invitation, our_versions_url: versionsUrl } = connection
  if (invitation !== null && versionsUrl !== null)
    await cpo.register({ versionsUrl, tokenA: invitation })
  await eventually(async () => {
    const now = await account.lane.connections.get(connection.id)
    if (now.status !== 'live')
      throw new Error(`connection is ${now.status}: ${now.last_error ?? ''}`)
  }, 30_000)
  return { account, cpo, connection, partyId }
}

/** Repeats until it no longer throws; the last error is shown when time runs out. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await wait(150)
    }
  }
}

/** The problem a call ends with; a call that succeeds fails the test. */
export async function problemOf(call: Promise<unknown>): Promise<ChargelaneError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ChargelaneError))
    throw new Error(`expected a problem, got ${String(error)}`)
  return error
}

export async function quote(
  partner: Partner,
  evse: string,
  payment_source: string,
  est_energy_wh = 60_000,
) {
  return eventually(
    () => partner.lane.quotes.create({ evse, payment_source, est_energy_wh }),
    15_000,
  )
}

export const isCharging = (session: Session) => session.status === 'charging'
export const isCaptured = (session: Session) =>
  ['captured', 'settled'].includes(session.money_status)
export const isReleased = (session: Session) => session.money_status === 'released'

/** Quote, start, a moment of energy, stop, captured. */
export async function sellOnce(partner: Partner, evse: string, chargeMs = 800): Promise<Session> {
  const offer = await quote(partner, evse, await partner.source())
  const started = await partner.lane.sessions.create({ quote: offer.id })
  await partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 20_000 })
  await wait(chargeMs)
  await partner.lane.sessions.stop(started.id)
  return partner.lane.sessions.waitFor(started.id, isCaptured, { timeoutMs: 30_000 })
}

// ── The payment provider's control path ─────────────────────────────────────────────────────────────────────────

const zCaptures = z.array(
  z.looseObject({ sessionId: z.string().nullable(), amount: z.number(), currency: z.string() }),
)
const zHolds = z.array(
  z.looseObject({ pspId: z.string(), paymentId: z.string().nullable(), amount: z.number() }),
)

async function control(path: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }
  const answer = await fetch(`${world.urls.payments}/_control/${path}`, init)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : answer.json()
}

export const psp = {
  fault: (fault: {
    operation: string
    match?: Record<string, string>
    action: Record<string, unknown>
    times?: number
  }) => control('faults', fault),
  authenticate: (pspId: string, passed: boolean) =>
    control(`payment_intents/${pspId}/authenticate`, { outcome: passed ? 'passed' : 'failed' }),
  /** The provider gives a hold up by itself. */
  giveUp: (pspId: string) => control(`payment_intents/${pspId}/expire`, {}),
  /** The bank of the card returns what was given back. */
  returnRefunds: (payment_intent: string) =>
    control('refunds/return', { payment_intent, failure_reason: 'expired_or_canceled_card' }),
  /** Money that really came in for a session. */
  captures: async (sessionId: string) =>
    zCaptures.parse(await control('captures')).filter((each) => each.sessionId === sessionId),
  openHolds: async (paymentIds: readonly string[]) =>
    zHolds
      .parse(await control('holds'))
      .filter((each) => each.paymentId !== null && paymentIds.includes(each.paymentId)),
}

/** The sealed pack of a session that ended holds in every check, sold or closed at zero. */
async function assertPackHolds(session: Session): Promise<void> {
  if (session.status !== 'ended') return
  await finance.sessions.waitFor(session.id, (each) => each.evidence_ready, { timeoutMs: 20_000 })
  const trust = [await fetchKeyList(keysUrl)]
  const report = await verifyPack(await finance.sessions.evidence(session.id), { trust })
  const failed = report.checks.filter((check) => !check.ok)
  if (failed.length > 0) throw new Error(`the evidence pack fails: ${JSON.stringify(failed)}`)
}

/** Laws L2 and L3 for one session: captured at most once, nothing held that is not needed, the ledger in balance. */
export async function assertMoneyIsRight(session: Session): Promise<void> {
  const captures = await psp.captures(session.id)
  const expected = session.hold?.captured == null ? [] : [session.hold.captured.amount]
  if (JSON.stringify(captures.map((each) => each.amount)) !== JSON.stringify(expected))
    throw new Error(
      `captured ${JSON.stringify(captures)}, the session says ${JSON.stringify(expected)}`,
    )
  const payments = (await finance.payments.list({ session: session.id })).data.map(
    (each) => each.id,
  )
  const open = await psp.openHolds(payments)
  if (open.length > 0) throw new Error(`hold still open: ${JSON.stringify(open)}`)
  for (const total of (await finance.ledger.trial_balance()).totals)
    if (total.difference !== '0')
      throw new Error(`ledger off by ${total.difference} ${total.currency}`)
  await assertPackHolds(session)
}

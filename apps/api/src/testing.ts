// The real app on a socket with a database of its own. Only the workflow engine is stood in for, by the query its
// first activity calls: what happens after a session is opened is no business of the API.
import { openKeyring } from '@chargelane/corridor/evidence/keyring'
import { createPolicyLanes } from '@chargelane/corridor/policy/lanes'
import { laneLimits } from '@chargelane/corridor/policy/limits'
import { openAccountEvents, openProviderEvents } from '@chargelane/corridor/payment/kinds'
import { generateKeyPairSync } from 'node:crypto'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { claimStation } from '@chargelane/db/queries/chargers/chargers'
import { openWithQuote } from '@chargelane/corridor/quote/open'
import { type TestDatabase, testDatabase } from '@chargelane/db/testing'
import { Chargelane } from '@chargelane/sdk'
import type {
  AuthorizationAnswer,
  Decision,
  PaymentEvent,
  StopAnswer,
} from '@chargelane/corridor/contract'
import { sessionWorkflowId } from '@chargelane/corridor/contract'
import { apiVersions, errorsOf, operations } from '@chargelane/openapi'
import type { InvoiceDocument } from '@chargelane/rules/documents'
import { residencyRegions } from '@chargelane/openapi/vocabulary/countries'
import { pino } from 'pino'
import { z } from 'zod'
import { newApiKey } from './http/api-key.ts'
import { createApp } from './app.ts'
import { bootstrapPlatform } from './bootstrap.ts'
import type { Corridor, PartnerInput } from './corridor.ts'
import type { Deps } from './http/handler.ts'
import { createDenials } from './http/door/denials.ts'
import { createRateLimit } from './http/door/rate-limit.ts'
import { type Running, serve } from './http/serve.ts'
import { createVersions } from './http/versions.ts'
import { createBell } from './http/stream/session-stream.ts'
import { createFakeSetup } from './routes/partners/setup.fake.ts'

/** Opens sessions as the corridor's first activity does; a test may put another answer in its place. */
export interface StandIn extends Corridor {
  answer: ((input: PartnerInput) => Promise<AuthorizationAnswer>) | undefined
  stopAnswer: StopAnswer
  isAway: boolean
  started: PartnerInput[]
  payments: { workflowId: string; event: PaymentEvent }[]
  batches: string[]
  decisions: { workflowId: string; decision: Decision }[]
}

function standIn(database: TestDatabase, now: () => string): StandIn {
  const self: StandIn = {
    answer: undefined,
    stopAnswer: { kind: 'stopping' },
    isAway: false,
    started: [],
    payments: [],
    batches: [],
    decisions: [],
    async authorize(input, key) {
      self.started.push(input)
      if (self.answer) return self.answer(input)
      const opened = await database.db.tx((tx) =>
        openWithQuote(tx, {
          sessionId: input.sessionId,
          accountId: input.accountId,
          quoteId: input.quoteId,
          isAllowed: true,
          workflowId: sessionWorkflowId(input.accountId, key),
          tokenUid: `CL${input.sessionId.slice(-18)}`,
          at: now(),
          ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
          ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
          ...(input.trace === undefined ? {} : { trace: input.trace }),
        }),
      )
      if (opened.kind === 'rates_missing' || opened.kind === 'operator_asked')
        throw new Error('no test here is paid abroad')
      return opened.kind === 'opened' ? { kind: 'authorized' } : opened
    },
    stop: () => Promise.resolve(self.stopAnswer),
    paymentChanged(workflowId, event) {
      self.payments.push({ workflowId, event })
      return Promise.resolve(true)
    },
    decide(workflowId, decision) {
      self.decisions.push({ workflowId, decision })
      return Promise.resolve()
    },
    giveBack: () => Promise.resolve(),
    followDispute: () => Promise.resolve(),
    settle(batch) {
      if (!self.batches.includes(batch)) self.batches.push(batch)
      return Promise.resolve({ workflowId: `stl:${batch}` })
    },
    reconcile: (run) => Promise.resolve({ workflowId: `rec:${run}` }),
    simulate: () => Promise.resolve(),
    isUp: () => Promise.resolve(!self.isAway),
  }
  return self
}

export interface TestApi {
  url: string
  database: TestDatabase
  corridor: StandIn
  deps: Deps
  /** Everything the app logged, one JSON line each. */
  logged: string[]
  platform: Chargelane
  platformKey: string
  lane(apiKey: string, options?: { maxRetries?: number; fetch?: typeof fetch }): Chargelane
  /** Moves the app's clock; the database's stays. */
  setClock(offsetMs: number): void
  /** Also throws when any answer carried a code its operation does not declare. */
  stop(): Promise<void>
}

export const stripeWebhookSecret = 'whsec_test_secret'

/** Of every API that a test starts. */
export const { privateKey: signingKey } = generateKeyPairSync('ed25519')

export async function startTestApi(overrides: Partial<Deps> = {}): Promise<TestApi> {
  const database = await testDatabase()
  let offsetMs = 0
  const now = () => new Date(Date.now() + offsetMs).toISOString()
  const logged: string[] = []
  const corridor = standIn(database, now)
  const bell = await createBell(database.db)
  const signer = await openKeyring(database.db, {
    key: signingKey,
    secret: 'a secret of a test, longer than thirty-two',
    now,
  })
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) })
  const policies = createPolicyLanes({ ...laneLimits, wallMs: 60_000 })
  const denials = createDenials({ db: database.db, log, now })
  const setup = createFakeSetup()
  const deps: Deps = {
    db: database.db,
    corridor,
    signer,
    issuer: 'Chargelane Betriebs GmbH',
    log,
    rateLimit: createRateLimit(100_000, database.db),
    denials,
    bell,
    now,
    version: '0.0.0-test',
    versions: createVersions(apiVersions, []),
    ocppUrl: 'ws://127.0.0.1:4401/ocpp',
    ocpiUrl: 'http://127.0.0.1:4402/ocpi',
    allowLoopbackUrls: true,
    grantsAtOnce: true,
    residencyRegions,
    // The provider of tests knows its test cards.
    paymentMethods: () => (method) => Promise.resolve(method.startsWith('pm_card_')),
    paymentSetups: (kind) => (kind === 'card' ? setup : undefined),
    tryPspAccount: () => Promise.resolve(),
    accountEvents: openAccountEvents({ db: database.db, env: {}, now: () => new Date() }),
    providerEvents: openProviderEvents({ STRIPE_WEBHOOK_SECRET: stripeWebhookSecret }),
    policies,
    ...overrides,
  }
  const running: Running = await serve(createApp(deps), { host: '127.0.0.1', port: 0 })
  const platformKey = newApiKey(false)
  await bootstrapPlatform(database.db, platformKey, now())
  const lane: TestApi['lane'] = (apiKey, options = {}) =>
    new Chargelane({ apiKey, baseUrl: running.url, maxRetries: 0, ...options })
  return {
    url: running.url,
    database,
    corridor,
    deps,
    logged,
    platform: lane(platformKey),
    platformKey,
    lane,
    setClock: (ms) => {
      offsetMs = ms
    },
    async stop() {
      await running.close()
      await denials.close()
      await policies.close()
      await bell.close()
      signer.close()
      await database.stop()
      const breaches = undeclaredCodes(logged)
      if (breaches.length > 0) throw new Error(`undeclared codes: ${breaches.join(', ')}`)
    },
  }
}

const zAnswered = z.object({ operation: z.string(), code: z.string() })

/** A code that the contract does not name for its operation is a breach of it, in whichever test it came up. */
function undeclaredCodes(logged: string[]): string[] {
  const declared = new Map(
    operations.map((op): [string, readonly string[]] => [op.id, errorsOf(op)]),
  )
  const breaches = logged.flatMap((line) => {
    const { data } = zAnswered.safeParse(JSON.parse(line))
    return data && !declared.get(data.operation)?.includes(data.code)
      ? [`${data.operation}: ${data.code}`]
      : []
  })
  return [...new Set(breaches)]
}

const address = { street: 'Kehrwieder 9', postal_code: '20457', city: 'Hamburg' }

/** A small market: two partners with a card each, and an operator with one charger at 0.59 EUR/kWh. */
export async function populate(api: TestApi) {
  const keyed = async (body: Parameters<Chargelane['accounts']['create']>[0]) => {
    const account = await api.platform.accounts.create(body)
    const { key } = await api.platform.api_keys.create({ name: 'test', account: account.id })
    if (key == null) throw new Error('a fresh key is shown')
    return { account, key, lane: api.lane(key) }
  }
  const partner = (name: string, vatId: string) =>
    keyed({
      type: 'partner',
      name,
      legal_name: `${name} GmbH`,
      country: 'DE',
      payout_currency: 'EUR',
      vat_id: vatId,
      address,
      partner_share_bps: 4_000,
    })
  const cpoBody = (name: string, vatId: string) => ({
    type: 'cpo' as const,
    name,
    legal_name: `${name} GmbH`,
    country: 'DE',
    payout_currency: 'EUR',
    vat_id: vatId,
    address,
    agreement: { commission_bps: 800, supply_model: 'agency' as const },
  })
  const a = await partner('Flottenkarte', 'DE129273398')
  const b = await partner('Wanderlust', 'DE143586809')
  const cpo = await keyed(cpoBody('Voltwerk', 'DE136695976'))
  const otherCpo = await keyed(cpoBody('Konkurrenz', 'DE811907980'))
  const finance = await keyed({
    type: 'finance',
    name: 'Auditors',
    legal_name: 'Auditors AG',
    country: 'DE',
    payout_currency: 'EUR',
    address,
  })
  const supply = await provision(cpo.lane)
  await claimStation(api.database.db, supply.station.id, {
    nodeId: 'node-1',
    protocol: 'ocpp1.6',
    at: api.deps.now(),
  })
  const sources = {
    a: await cardOf(a.lane, 'user-42'),
    b: await cardOf(b.lane, 'user-42'),
  }
  return { a, b, cpo, otherCpo, finance, sources, ...supply }
}
export type World = Awaited<ReturnType<typeof populate>>

/** The platform proposes how a partner takes its share, and the partner accepts. */
export async function agreeShare(
  api: TestApi,
  partner: { lane: Chargelane; account: { id: string } },
  benefit_mode: 'revenue_share' | 'discount',
): Promise<void> {
  const terms = { side: 'partner', partner_share_bps: 4_000, benefit_mode } as const
  const made = await api.platform.agreements.create({ account: partner.account.id, terms })
  await partner.lane.agreements.accept(made.id)
}

export const cardOf = (lane: Chargelane, externalId: string) =>
  lane.payment_sources.create({
    driver: { external_id: externalId },
    type: 'card',
    payment_method: 'pm_card_visa',
  })

export const ocpiTariff = (id: string, price = 0.4958) => ({
  country_code: 'DE',
  party_id: 'VWL',
  id,
  currency: 'EUR',
  type: 'REGULAR' as const,
  elements: [
    { price_components: [{ type: 'ENERGY' as const, price, vat: 19, step_size: 1 }] },
    {
      price_components: [{ type: 'PARKING_TIME' as const, price: 5.0421, vat: 19, step_size: 60 }],
      restrictions: { min_duration: 14_400 },
    },
  ],
  last_updated: '2026-10-01T00:00:00.000Z',
})

/** One more charger with one EVSE, as connected as the first: an EVSE has one session at a time. */
export async function addEvse(api: TestApi, world: World, evseId: string): Promise<string> {
  const station = await world.cpo.lane.charge_stations.create({
    location: world.location.id,
    identity: evseId.replaceAll('*', '-'),
    evses: [{ evse_id: evseId, connectors: [plug(world.tariff.id)] }],
  })
  await claimStation(api.database.db, station.id, {
    nodeId: 'node-1',
    protocol: 'ocpp1.6',
    at: api.deps.now(),
  })
  return evseId
}

/** What the corridor does when charging is over, as far as others hear of it. */
export async function endSession(api: TestApi, sessionId: string): Promise<void> {
  for (const status of ['charging', 'ended'] as const)
    await api.database.db.tx((tx) =>
      changeSession(
        tx,
        sessionId,
        { status },
        {
          room: 'charging',
          what: status,
          dedupeKey: `${sessionId}:test:${status}`,
          at: api.deps.now(),
        },
      ),
    )
}

export const plug = (tariff: string) => ({
  standard: 'IEC_62196_T2_COMBO' as const,
  format: 'CABLE' as const,
  power_type: 'DC' as const,
  max_power_w: 150_000,
  max_voltage: 920,
  max_amperage: 200,
  tariffs: [tariff],
})

async function provision(cpo: Chargelane) {
  const connection = await cpo.connections.create({
    protocol: 'node',
    country_code: 'DE',
    party_id: 'VWL',
  })
  const location = await cpo.locations.create({
    connection: connection.id,
    name: 'Rastplatz Ost',
    address: 'Aachener Straße 1042',
    city: 'Köln',
    postal_code: '50858',
    country: 'DE',
    position: { latitude: 50.9375, longitude: 6.8422 },
    time_zone: 'Europe/Berlin',
  })
  const tariff = await cpo.tariffs.create({
    connection: connection.id,
    tariff: ocpiTariff('dc-2026'),
  })
  const station = await cpo.charge_stations.create({
    location: location.id,
    identity: 'VWL-1001',
    evses: ['DE*VWL*E1001*1', 'DE*VWL*E1001*2'].map((evse_id) => ({
      evse_id,
      connectors: [plug(tariff.id)],
    })),
  })
  return { connection, location, tariff, station }
}

const euro = (amount: number) => ({ amount, currency: 'EUR' as const })

/** An invoice over 1.19 EUR, as it is kept. */
export function invoiceBody(seller: string, sessionId: string): InvoiceDocument {
  const party = {
    country: 'DE',
    vatId: null,
    address: { street: 'Hauptstr. 1', postal_code: '10115', city: 'Berlin' },
  }
  return {
    number: 'R-1',
    issueDate: '2026-11-21',
    supplyDate: '2026-11-21',
    seller: { id: seller, legalName: 'Volt GmbH', ...party },
    buyer: { id: 'acct_1', legalName: 'Partner GmbH', ...party },
    sessionId,
    evseId: 'DE*VWL*E1',
    place: 'Hauptstr. 1, Berlin',
    lines: [
      {
        description: 'Energy',
        unitCode: 'KWH',
        quantity: '2',
        unitPrice: '0.50',
        baseQuantity: 1,
        net: euro(100),
        vatRate: '19',
      },
    ],
    vat: [{ rate: '19', net: euro(100), vat: euro(19) }],
    totals: { net: euro(100), vat: euro(19), gross: euro(119) },
    paid: euro(119),
    paymentReference: null,
    notes: [],
    languages: ['en'],
  }
}

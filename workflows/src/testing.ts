// What the corridor's tests stand on: a virtual clock, a real Postgres, one worker, and a market of fakes.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import type { WorkflowHandle } from '@temporalio/client'
import { TestWorkflowEnvironment } from '@temporalio/testing'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import {
  createAccount,
  createPaymentSource,
  createToken,
  getOrCreateDriver,
  platformAccount,
  putAgreement,
} from '@chargelane/db/queries/accounts'
import { changeConnection, createConnection } from '@chargelane/db/queries/connections'
import { upsertLocations } from '@chargelane/db/queries/locations'
import { evseIdsOf } from '@chargelane/db/queries/terms'
import { getSession } from '@chargelane/db/queries/sessions'
import type { SessionRow } from '@chargelane/db/queries/sessions'
import { putTariff } from '@chargelane/db/queries/tariffs'
import { testDatabase } from '@chargelane/db/testing'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { createFakeBank } from './adapters/bank.fake.ts'
import { createFakePayments } from './adapters/payment.fake.ts'
import { workflowBundle } from './bundle.ts'
import { tellSession } from './clients.ts'
import { createActivities } from './composition.ts'
import { createFakeOperator } from './connection.fake.ts'
import { roamingQueue } from './connection.ts'
import {
  authorize,
  corridorQueue,
  defaultDeadlines,
  nextAction,
  paymentEvent,
  searchAttributes,
  sessionWorkflowId,
  supplyEvent,
  workflowTypes,
} from './contract.ts'
import type { Deadlines, SessionInput, SessionResult } from './contract.ts'
import { signerOf } from './evidence/activities.ts'
import { makeOffer } from './quote/activities.ts'
import { hashTariff } from './quote/rules.ts'
import { canonicalTariff } from './rating/rules.ts'
import { sha256 } from './quote/activities.ts'

export type Faults = {
  /** Wraps an activity of the corridor or of the connection before the worker sees it. */
  wrap: (
    name: string,
    run: (...args: never[]) => Promise<unknown>,
  ) => (...args: never[]) => Promise<unknown>
}

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })

const rates = {
  daily: () =>
    Promise.resolve({
      source: 'ECB eurofxref-daily',
      asOf: '2026-11-20',
      base: 'EUR' as const,
      rates: { CHF: '0.9312', GBP: '0.8675', USD: '1.0812' },
    }),
}

/** A time-skipping server from the path the test run prepared; started by hand it takes the SDK's own download. */
export function startVirtualTime(): Promise<TestWorkflowEnvironment> {
  const path = process.env['TEMPORAL_TEST_SERVER']
  return TestWorkflowEnvironment.createTimeSkipping(
    path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } },
  )
}

/** Only errors: the tests read outcomes, not logs. */
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR' } },
})

export type Corridor = Awaited<ReturnType<typeof startCorridor>>

/** One environment, one database, one worker; every session of a test file shares them. */
export async function startCorridor(
  options: { faults?: Faults; deadlines?: Partial<Deadlines> } = {},
) {
  const environment = await startVirtualTime()
  const database = await testDatabase()
  const { db } = database
  const now = () => environment.currentTimeMs()
  const nowIso = async () => new Date(await now()).toISOString()
  const signer = signerOf(String(pem))
  const payments = createFakePayments()
  let bookedAt = await nowIso()
  const bank = createFakeBank(() => bookedAt)
  // The environment's own client skips time while it waits for a result, which must not happen twice at once; this one
  // never does. `sessionResult` is the one place that skips.
  const client = new Client({ connection: environment.connection })
  const operator = createFakeOperator({
    db,
    now,
    signal: (workflowId, eventId, fact) =>
      client.workflow.getHandle(workflowId).signal(supplyEvent, { eventId, ...fact }),
  })
  const activities = createActivities({
    db,
    payments,
    payouts: bank,
    rates,
    signer,
    deadlines: { ...defaultDeadlines, ...options.deadlines },
    issuer: { name: 'Chargelane Betriebs GmbH' },
    tellSession: (workflowId, news) => tellSession(client, workflowId, news),
  })
  const connection = {
    probe: operator.probe,
    start: operator.start,
    stop: operator.stop,
    lookup: operator.lookup,
    fetchRecord: operator.fetchRecord,
  }
  const common = {
    connection: environment.nativeConnection,
    maxConcurrentActivityTaskExecutions: 20,
  }
  const corridorWorker = await Worker.create({
    ...common,
    taskQueue: corridorQueue,
    workflowBundle: await workflowBundle(),
    activities: wrapAll(activities, options.faults),
  })
  const supplyWorker = await Worker.create({
    ...common,
    taskQueue: roamingQueue,
    activities: wrapAll(connection, options.faults),
  })
  await addSearchAttributes(environment)
  const running = Promise.all([corridorWorker.run(), supplyWorker.run()])

  return {
    environment,
    client,
    db,
    payments,
    bank,
    operator,
    signer,
    activities,
    now,
    nowIso,
    /** Lets virtual time pass; events of the fakes fall between such steps. */
    async pass(ms: number) {
      await environment.sleep(ms)
      bookedAt = await nowIso()
    },
    /** Waits (in real time, at most 15 s) until the session's row is as described, and returns it. */
    async reaches(sessionId: string, expected: Partial<SessionRow>): Promise<SessionRow> {
      const deadline = Date.now() + 15_000
      for (;;) {
        const row = await getSession(db, 'all', sessionId)
        const isThere =
          row !== undefined &&
          Object.entries(expected).every(([key, value]) => Reflect.get(row, key) === value)
        if (isThere) return row
        if (Date.now() > deadline)
          throw new Error(
            `${sessionId} never became ${JSON.stringify(expected)}: ${JSON.stringify(row)}`,
          )
        await setTimeout(15)
      }
    },
    async stop() {
      corridorWorker.shutdown()
      supplyWorker.shutdown()
      await running
      await environment.teardown()
      await database.stop()
    },
  }
}

function wrapAll<T extends object>(activities: T, faults: Faults | undefined): T {
  if (faults === undefined) return activities
  const wrapped = Object.entries(activities).map(([name, run]) => [name, faults.wrap(name, run)])
  return Object.fromEntries(wrapped) as T
}

async function addSearchAttributes(environment: TestWorkflowEnvironment): Promise<void> {
  // Temporal API, enum IndexedValueType: KEYWORD = 2, DATETIME = 6.
  const types = { KEYWORD: 2, DATETIME: 6 } as const
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name, type }) => [name, types[type]]),
    ),
  })
}

let marketCount = 0

export type Market = Awaited<ReturnType<typeof createMarket>>

const tariffOf = (currency: string, price: string, vat: string, id: string) => ({
  country_code: currency === 'CHF' ? 'CH' : 'DE',
  party_id: 'ALP',
  id,
  currency,
  type: 'AD_HOC_PAYMENT',
  elements: [{ price_components: [{ type: 'ENERGY', price, vat, step_size: 1 }] }],
  last_updated: '2026-01-01T00:00:00Z',
})

/** A CPO with three EVSEs over OCPI, a partner with a driver, a card and an RFID token, an agreement and a price. */
export async function createMarket(
  corridor: Pick<Corridor, 'db' | 'nowIso'>,
  options: { currency?: 'EUR' | 'CHF'; partnerCurrency?: string; parkingPrice?: string } = {},
) {
  const { db } = corridor
  const at = '2026-01-01T00:00:00.000Z'
  const suffix = randomBytes(4).toString('hex').toUpperCase()
  const isSwiss = options.currency === 'CHF'
  const country = isSwiss ? 'CH' : 'DE'
  const account = (type: 'partner' | 'cpo' | 'platform', name: string, payoutCurrency: string) =>
    createAccount(db, {
      type,
      name,
      legalName: `${name} GmbH`,
      country: type === 'cpo' ? country : 'DE',
      payoutCurrency,
      vatId: type === 'cpo' && isSwiss ? 'CHE-116.281.710' : 'DE136695976',
      address: { street: 'Ladestraße 1', city: 'Basel', postal_code: '4001' },
      iban: 'DE89370400440532013000',
      partnerShareBps: type === 'partner' ? 3_000 : 0,
      at,
    })
  if ((await platformAccount(db)) === undefined) await account('platform', 'Chargelane', 'EUR')
  const cpo = await account('cpo', `CPO ${suffix}`, isSwiss ? 'CHF' : 'EUR')
  const partner = await account('partner', `Partner ${suffix}`, options.partnerCurrency ?? 'EUR')
  await putAgreement(db, {
    cpoId: cpo.id,
    commissionBps: 1_000,
    supplyModel: 'agency',
    effectiveFrom: at,
  })
  const connection = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpo.id,
      protocol: 'ocpi',
      countryCode: country,
      partyId: 'ALP',
      at,
    }),
  )
  await changeConnection(db, connection.id, { status: 'live' })
  const raw = isSwiss
    ? tariffOf('CHF', '0.55', '8.1', `T-${suffix}`)
    : tariffOf('EUR', '0.4958', '19.0', `T-${suffix}`)
  if (options.parkingPrice !== undefined)
    raw.elements.push({
      price_components: [
        { type: 'PARKING_TIME', price: options.parkingPrice, vat: '19.0', step_size: 60 },
      ],
    })
  const canonical = canonicalTariff(raw)
  if (!canonical.ok) throw new Error(JSON.stringify(canonical.problems))
  await putTariff(db, {
    connectionId: connection.id,
    cpoId: cpo.id,
    countryCode: country,
    partyId: 'ALP',
    ocpiId: raw.id,
    currency: raw.currency,
    status: 'valid',
    problems: [],
    raw: JSON.stringify(raw),
    canonical: canonical.tariff,
    hash: hashTariff(canonical.tariff, sha256),
    at,
  })
  // Far enough apart that no market's EVSEs are alternatives of another's.
  marketCount += 1
  const latitude = -80 + (marketCount % 320) / 2
  await upsertLocations(db, { connectionId: connection.id, cpoId: cpo.id }, [
    {
      countryCode: country,
      partyId: 'ALP',
      ocpiId: `LOC-${suffix}`,
      address: 'Bahnhofplatz 1',
      city: isSwiss ? 'Bern' : 'Köln',
      country,
      latitude,
      longitude: 7.4,
      timeZone: isSwiss ? 'Europe/Zurich' : 'Europe/Berlin',
      lastUpdated: at,
      raw: {},
      evses: [1, 2, 3].map((number) => ({
        ocpiUid: `U${suffix}${number}`,
        evseId: `${country}*ALP*E${suffix}*${number}`,
        status: 'AVAILABLE',
        capabilities: ['REMOTE_START_STOP_CAPABLE'],
        lastUpdated: at,
        connectors: [
          {
            ocpiId: '1',
            standard: 'IEC_62196_T2_COMBO',
            format: 'CABLE',
            powerType: 'DC',
            maxVoltage: 800,
            maxAmperage: 188,
            maxPowerW: 150_000,
            tariffIds: [raw.id],
            lastUpdated: at,
          },
        ],
      })),
    },
  ])
  const driver = await getOrCreateDriver(db, partner.id, `driver-${suffix}`, at)
  const source = await createPaymentSource(db, {
    accountId: partner.id,
    driverId: driver.id,
    type: 'card',
    pspPaymentMethod: 'pm_card_visa',
    at,
  })
  const card = await createToken(db, {
    accountId: partner.id,
    driverId: driver.id,
    paymentSourceId: source.id,
    uid: `RF${suffix}`,
    type: 'RFID',
    contractId: `DE-CLN-C${suffix}`,
    at,
  })
  if (card.kind !== 'created') throw new Error('token taken')
  const evseIds = await evseIdsOf(db, connection.id)
  return { cpo, partner, connection, driver, source, token: card.token, evseIds }
}

/** A binding quote of the market's first EVSE, as the API would make it. */
export async function createOffer(corridor: Corridor, market: Market, evse = 0): Promise<string> {
  const quoteId = newId('quote')
  const made = await makeOffer(corridor, {
    quoteId,
    evseId: market.evseIds[evse]!,
    payer: {
      accountId: market.partner.id,
      driverId: market.driver.id,
      paymentSourceId: market.source.id,
      channel: 'app',
    },
    now: await corridor.nowIso(),
  })
  if (made === undefined) throw new Error('no offer could be made')
  return quoteId
}

/** Starts a session as the API does and waits for the authorization's answer. */
export async function startSession(corridor: Corridor, market: Market, quoteId?: string) {
  const sessionId = newId('session')
  const input: SessionInput = {
    origin: 'partner',
    sessionId,
    accountId: market.partner.id,
    quoteId: quoteId ?? (await createOffer(corridor, market)),
  }
  const handle = await corridor.client.workflow.start(workflowTypes.session, {
    workflowId: sessionWorkflowId(market.partner.id, sessionId),
    taskQueue: corridorQueue,
    args: [input],
  })
  const answer = await handle.executeUpdate(authorize, { updateId: sessionId })
  return { sessionId, handle, answer }
}

export type Started = Awaited<ReturnType<typeof startSession>>

/** Pays everybody what is owed now, as the daily schedule does. */
export async function settleAll(corridor: Corridor): Promise<void> {
  await corridor.client.workflow.execute(workflowTypes.settlement, {
    workflowId: `stl:${newId('settlement')}`,
    taskQueue: corridorQueue,
    args: [{}],
  })
}

export type Running = { handle: Pick<Started['handle'], 'workflowId' | 'query'> }

/** Skips time until the session is over. */
export const sessionResult = (corridor: Corridor, session: Running): Promise<SessionResult> =>
  corridor.environment.client.workflow.getHandle(session.handle.workflowId).result()

/** Waits (in real time, at most 15 s) until the workflow says that this is what it waits for. */
export async function waitsFor(session: Running, what: string): Promise<void> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const { waitingFor } = await session.handle.query(nextAction)
    if (waitingFor === what) return
    if (Date.now() > deadline) throw new Error(`it waits for ${waitingFor}, not for ${what}`)
    await setTimeout(15)
  }
}

export const tellPayment = (
  session: { handle: Pick<WorkflowHandle, 'signal'> },
  pspId: string,
): Promise<void> =>
  session.handle.signal(paymentEvent, { eventId: `evt_${pspId}`, type: 'payment_intent', pspId })

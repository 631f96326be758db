// A market of fakes for the corridor's tests: an operator, a partner, a driver, a price; and what they do.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { WorkflowHandle } from '@temporalio/client'
import { openHistory } from '../worker/codec/codec.ts'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import {
  createAccount,
  createToken,
  uidOf,
  platformAccount,
} from '@chargelane/db/queries/partners/accounts'
import { signAgreement } from '@chargelane/db/queries/partners/agreements'
import { cpoTerms, partnerTerms } from '@chargelane/rules/agreement/distribution'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import type { Db } from '@chargelane/db'
import { changeConnection, createConnection } from '@chargelane/db/queries/locations/connections'
import { putSettings } from '@chargelane/db/queries/operations/settings'
import { trialBalance } from '@chargelane/db/queries/ledger/balances'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { evseIdsOf } from '@chargelane/db/queries/sessions/terms'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { paymentKindTexts } from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { lateRecord } from '../aftercare/workflow.ts'
import {
  aftercareWorkflowId,
  authorize,
  corridorQueue,
  nextAction,
  paymentEvent,
  sessionWorkflowId,
  workflowTypes,
} from '../contract.ts'
import type { SessionInput, SessionResult } from '../contract.ts'
import { makeQuote } from '../quote/make.ts'
import type { TaxId } from '@chargelane/rules/vat/registrations'
import { type Corridor, startCorridor } from './corridor.ts'
import { at, holdSocket, type MarketOptions, openSite, publishPrice, sites } from './site.ts'

export type Market = Awaited<ReturnType<typeof createMarket>>

/** Every operator has a number of another country too: one that no paper of its sales here may show. */
const french: TaxId = {
  country: 'FR',
  vatId: 'FR83404833048',
  scheme: 'local',
  checkedAt: null,
  goodUntil: null,
}

/** A CPO with three EVSEs over OCPI, a partner with a driver, a card and an RFID token, an agreement and a price. */
export async function createMarket({ db }: Pick<Corridor, 'db'>, options: MarketOptions = {}) {
  const suffix = randomBytes(4).toString('hex').toUpperCase()
  const currency = options.currency ?? 'EUR'
  const { country, vatId } = sites[currency]
  const account = (type: 'partner' | 'cpo' | 'platform', payoutCurrency: string) =>
    createAccount(db, {
      type,
      name: `${type} ${suffix}`,
      legalName: `${type} ${suffix} GmbH`,
      country: type === 'cpo' ? country : 'DE',
      payoutCurrency,
      vatId: type === 'cpo' ? vatId : sites.EUR.vatId,
      taxIds: type === 'cpo' ? [french] : [],
      address: { street: 'Ladestraße 1', city: 'Basel', postal_code: '4001' },
      iban: 'DE89370400440532013000',
      at,
    })
  if ((await platformAccount(db)) === undefined) {
    await account('platform', 'EUR')
    await setPlanLimit(db, 1_000_000)
  }
  const cpo = await account('cpo', currency)
  const partner = await account('partner', 'EUR')
  await signAgreement(db, {
    accountId: cpo.id,
    terms: cpoTerms({ commission: { bps: 1_000 }, supplyModel: 'agency' }),
    at,
  })
  await signAgreement(db, {
    accountId: partner.id,
    terms: partnerTerms({ partnerShareBps: 3_000 }),
    at,
  })
  const connection = await db.tx((tx) =>
    createConnection(tx, {
      cpoId: cpo.id,
      protocol: options.nodeId === undefined ? 'ocpi' : 'node',
      countryCode: country,
      partyId: 'ALP',
      at,
    }),
  )
  // Tests let weeks pass, and nobody confirms a tariff meanwhile.
  await changeConnection(db, connection.id, { status: 'live', tariffMaxAgeS: 1_000_000_000 })
  const place = { suffix, currency, connectionId: connection.id, cpoId: cpo.id } as const
  await publishPrice(db, place, options)
  const station = await holdSocket(db, place, options.nodeId)
  await openSite(db, { ...place, ...station })
  const evseIds = await evseIdsOf(db, connection.id)
  return { cpo, partner, connection, evseIds, ...(await createPayer(db, partner.id, suffix)) }
}

async function createPayer(db: Db, accountId: string, suffix: string) {
  const driver = await getOrCreateDriver(db, accountId, `driver-${suffix}`, at)
  const payer = { accountId, driverId: driver.id, at }
  const source = await createPaymentSource(db, {
    ...payer,
    kind: 'card',
    pspPaymentMethod: 'pm_card_visa',
  })
  const card = await createToken(db, {
    ...payer,
    paymentSourceId: source.id,
    uid: `RF${suffix}`,
    type: 'RFID',
    contractId: `DE-CLN-C${suffix}`,
  })
  if (card.kind !== 'created') throw new Error('token taken')
  return { driver, source, token: { ...card.token, uid: uidOf(card.token) } }
}

/** A binding quote of the market's first EVSE, as the API would make it. */
export async function createOffer(corridor: Corridor, market: Market, evse = 0): Promise<string> {
  const evseId = market.evseIds[evse]
  if (evseId === undefined) throw new Error(`no EVSE ${evse}`)
  const now = await corridor.nowIso()
  const made = await corridor.db.tx((sql) =>
    makeQuote(
      { sql, signer: corridor.signer, now },
      {
        accountId: market.partner.id,
        evse: evseId,
        paymentSource: market.source.id,
        channel: 'app',
      },
    ),
  )
  if (made.kind === 'refused') throw new Error(made.message)
  return made.row.id
}

/** Starts a session as the API does and waits for the authorization's answer. */
export async function startSession(
  corridor: Corridor,
  market: Market,
  quoteId?: string,
  externalId?: string,
) {
  const sessionId = newId('session')
  const input: SessionInput = {
    origin: 'partner',
    sessionId,
    accountId: market.partner.id,
    quoteId: quoteId ?? (await createOffer(corridor, market)),
    ...(externalId === undefined ? {} : { externalId }),
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

/**
 * Lets virtual time pass, in steps, until the session is over. The environment's own client would let it run without a
 * stop while the workers work.
 */
export async function sessionResult(corridor: Corridor, session: Running): Promise<SessionResult> {
  const handle = corridor.client.workflow.getHandle<() => Promise<SessionResult>>(
    session.handle.workflowId,
  )
  for (const minutes of [0, 1, 2, 5, 10, 30, ...Array.from({ length: 200 }, () => 60)]) {
    await corridor.pass(minutes * 60_000)
    if ((await handle.describe()).status.name !== 'RUNNING') return handle.result()
  }
  const { waitingFor } = await session.handle.query(nextAction)
  throw new Error(`after eight days it still waits for ${waitingFor}`)
}

/** How a workflow ended that needs no more time to pass; waited for in real time, at most 60 s. */
export async function resultNow<Result>(
  handle: Pick<WorkflowHandle, 'describe'> & { result: () => Promise<Result> },
): Promise<Result> {
  const deadline = Date.now() + 60_000
  while ((await handle.describe()).status.name === 'RUNNING') {
    if (Date.now() > deadline) throw new Error('it is still running')
    await setTimeout(15)
  }
  return handle.result()
}

/** The aftercare of a provisional sale, which has begun when its session is over. */
export async function aftercareOf(corridor: Corridor, { sessionId, handle }: Started) {
  await resultNow(handle)
  return corridor.client.workflow.getHandle<typeof lateRecord>(aftercareWorkflowId(sessionId))
}

/** Waits (in real time, at most 60 s) until the workflow says that this is what it waits for. */
export async function waitsFor(session: Running, what: string): Promise<void> {
  const deadline = Date.now() + 60_000
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

/** Another partner at the same charger, with a driver who pays by card or by the partner's own account. */
/** What an account without a credit line may come to owe for the sessions that its plans pay. */
export async function setPlanLimit(db: Db, amount: number) {
  await putSettings(db, {
    settings: { plan_limits: [{ amount, currency: 'EUR' }] },
    reason: 'a test',
    setBy: 'key_1',
    setAt: '2026-01-01T00:00:00.000Z',
  })
}

export async function anotherPartner(
  corridor: Corridor,
  market: Market,
  kind: PaymentKind,
): Promise<Market> {
  const now = await corridor.nowIso()
  const partner = await createAccount(corridor.db, {
    type: 'partner',
    name: `partner ${kind}`,
    legalName: `Partner ${kind} GmbH`,
    country: 'DE',
    payoutCurrency: 'EUR',
    vatId: 'DE136695976',
    address: { street: 'Ladestraße 2', city: 'Köln', postal_code: '50667' },
    iban: 'DE89370400440532013000',
    at: now,
  })
  await signAgreement(corridor.db, {
    accountId: partner.id,
    terms: partnerTerms({ partnerShareBps: 3_000 }),
    at: now,
  })
  const driver = await getOrCreateDriver(corridor.db, partner.id, `driver-${kind}`, now)
  const source = await createPaymentSource(corridor.db, {
    accountId: partner.id,
    driverId: driver.id,
    kind,
    pspPaymentMethod: { of_provider: 'pm_card_visa', of_partner: `ref-${kind}`, none: null }[
      paymentKindTexts[kind].method
    ],
    at: now,
  })
  return { ...market, partner, driver, source }
}

/** The partner's share comes off the price of its drivers from now on. */
export async function giveDiscount(corridor: Corridor, { partner }: Market): Promise<void> {
  await signAgreement(corridor.db, {
    accountId: partner.id,
    terms: partnerTerms({ partnerShareBps: 3_000, benefitMode: 'discount' }),
    at: await corridor.nowIso(),
  })
}

/** A session that charges this many Wh in half an hour and ends at the car. */
export async function charge(
  corridor: Corridor,
  market: Market,
  energyWh: number,
  session?: Started,
): Promise<Started> {
  const started = session ?? (await startSession(corridor, market))
  await corridor.reaches(started.sessionId, { status: 'charging' })
  await corridor.operator.meter(started.sessionId, Math.floor(energyWh / 2), 10)
  await corridor.operator.meter(started.sessionId, energyWh, 24)
  await corridor.pass(25 * 60_000)
  await corridor.operator.endCharging(started.sessionId)
  return started
}

/** Waits until the session waits for its settlement, settles everybody, and returns how the session ended. */
export async function settle(corridor: Corridor, session: Running): Promise<SessionResult> {
  await waitsFor(session, 'settlement')
  await settleAll(corridor)
  return sessionResult(corridor, session)
}

export const paymentOf = async (corridor: Corridor, { sessionId }: Started, attempt = 1) =>
  (await paymentsOf(corridor.db, sessionId)).find((row) => row.attempt === attempt)

/** The types of the events that the partner was sent about a session, in order. */
export async function eventsOf(
  corridor: Corridor,
  market: Market,
  { sessionId }: Started,
): Promise<string[]> {
  const events = await eventsOfObject(corridor.db, market.partner.id, sessionId, 0)
  return events.map((event) => event.type)
}

/** `RECORD_HISTORIES=1` keeps a session's history for the replay test, after a change made on purpose. */
export async function record(
  session: { handle: Pick<Started['handle'], 'fetchHistory'> },
  name: string,
): Promise<void> {
  if (process.env['RECORD_HISTORIES'] !== '1') return
  const recorded = await session.handle.fetchHistory()
  openHistory(recorded)
  const history: unknown = JSON.parse(historyToJSON(recorded))
  const file = fileURLToPath(new URL(`../../histories/${name}.json`, import.meta.url))
  // Where the repository lies, which the stack of a failure tells, is nobody's business.
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  writeFileSync(file, `${JSON.stringify(history).replaceAll(root, '/')}\n`)
}

/** After every test, whatever it did: the books sum to zero in every currency. */
export async function checkBooks({ db }: Pick<Corridor, 'db'>): Promise<void> {
  const { currencies } = await trialBalance(db)
  const broken = currencies.filter(({ difference }) => difference.amount !== 0n)
  const said = broken.map(({ difference }) => `${difference.amount} ${difference.currency}`)
  if (said.length > 0) throw new Error(`the books are off by ${said.join(', ')}`)
}

/**
 * The hooks of a test file about the corridor: one corridor for the file, an honest market for each test, and the books
 * balance after it. `give` is told of the corridor and, before each test, of its market.
 */
export function useCorridor(give: (corridor: Corridor, market: Market) => void): void {
  let corridor: Corridor
  beforeAll(async () => {
    corridor = await startCorridor()
  })
  afterAll(() => corridor.stop())
  beforeEach(async () => {
    give(corridor, await createMarket(corridor))
    corridor.operator.behave({})
    corridor.payments.behaveWell()
  })
  afterEach(() => checkBooks(corridor))
}

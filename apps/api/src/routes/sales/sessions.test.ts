import { createPublicKey, verify } from 'node:crypto'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { openDebt } from '@chargelane/db/queries/payments/debts'
import { changePayment, openPayment } from '@chargelane/db/queries/payments/payments'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { recordMeterValues } from '@chargelane/db/queries/sessions/supply'
import type { ChargelaneError, Quote, Session, SessionStreamEvent } from '@chargelane/sdk'
import { signTestWebhook, verifyWebhook } from '@chargelane/sdk/webhooks'
import { quoteSigningText } from '@chargelane/rules/evidence'
import { Stripe } from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addEvse,
  cardOf,
  endSession,
  ocpiTariff,
  populate,
  signingKey,
  startTestApi,
  stripeWebhookSecret,
  type TestApi,
  type World,
} from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

const quoteOf = (evse = 'DE*VWL*E1001*1', extra: { est_energy_wh?: number } = {}): Promise<Quote> =>
  world.a.lane.quotes.create({ evse, payment_source: world.sources.a.id, ...extra })

let drivers = 0
/** A session of a driver of its own at an EVSE of its own, so that no other one is active there. */
async function start() {
  drivers += 1
  const evse = await addEvse(api, world, `DE*VWL*E2000*${drivers}`)
  const source = await cardOf(world.a.lane, `driver-${drivers}`)
  const quote = await world.a.lane.quotes.create({
    evse,
    payment_source: source.id,
    est_energy_wh: 24_000,
  })
  return { evse, quote, source, session: await world.a.lane.sessions.create({ quote: quote.id }) }
}

let changes = 0
const change = (
  sessionId: string,
  patch: Parameters<typeof changeSession>[2],
  event = 'session.connectivity_changed' as const,
) =>
  api.database.db.tx((tx) =>
    changeSession(tx, sessionId, patch, {
      event,
      room: 'charging',
      what: 'changed by the test',
      dedupeKey: `${sessionId}:test:${changes++}`,
      at: api.deps.now(),
    }),
  )

/** Instants of a session, in minutes after it was made, and readings of its meter. */
function meterOf({ id, created_at }: Pick<Session, 'id' | 'created_at'>) {
  const at = (minutes: number) => new Date(Date.parse(created_at) + minutes * 60_000).toISOString()
  const of = { sessionId: id, context: 'Sample.Periodic', source: 'ocpp' as const }
  const reading = (minutes: number, registerWh: string, powerW: number) =>
    Object.assign({ registerWh, powerW, at: at(minutes), receivedAt: at(minutes) }, of)
  return { at, reading }
}

describe('a quote', () => {
  it('is the public price of the estimate, signed over exactly what it says', async () => {
    const quote = await quoteOf('DE*VWL*E1001*1', { est_energy_wh: 24_000 })
    expect(quote).toMatchObject({
      status: 'open',
      evse_id: 'DE*VWL*E1001*1',
      basis: 'public',
      fees_to_driver: [],
      currency: 'EUR',
      tariff: world.tariff.ref,
      tariff_hash: world.tariff.hash,
      est: { energy_wh: 24_000, total: { amount: 1_416, currency: 'EUR' } },
      seller: { name: 'Voltwerk GmbH', vat_id: 'DE136695976' },
      driver: { external_id: 'user-42' },
    })
    expect(quote.hold_amount.amount).toBeGreaterThanOrEqual(quote.est.total.amount)
    expect(quote.public_price_total).toEqual(quote.applied_price_total)
    const text = quoteSigningText(quote.signed_body as never)
    const signature = Buffer.from(quote.signature.value, 'base64')
    const publicKey = createPublicKey(signingKey)
    expect(verify(null, Buffer.from(text), publicKey, signature)).toBe(true)
    expect(verify(null, Buffer.from(`${text} `), publicKey, signature)).toBe(false)
    expect(await world.a.lane.quotes.get(quote.id)).toEqual(quote)
  })

  it('keeps its price when the operator changes the tariff; the next one has the new price', async () => {
    const before = await quoteOf('DE*VWL*E1001*1', { est_energy_wh: 10_000 })
    const changed = await world.cpo.lane.tariffs.create({
      connection: world.connection.id,
      tariff: ocpiTariff('dc-2026', 0.6639),
    })
    expect(changed).toMatchObject({ id: world.tariff.id, version: world.tariff.version + 1 })
    const after = await quoteOf('DE*VWL*E1001*1', { est_energy_wh: 10_000 })
    expect(after.est.total.amount).toBe(790)
    expect((await world.a.lane.quotes.get(before.id)).est.total.amount).toBe(590)
    expect((await world.a.lane.tariffs.get(world.tariff.id, { version: 1 })).hash).toBe(
      before.tariff_hash,
    )
    await world.cpo.lane.tariffs.create({
      connection: world.connection.id,
      tariff: ocpiTariff('dc-2026'),
    })
  })

  it('is found by EVSE-ID in any spelling and by our id', async () => {
    const evse = await world.a.lane.evses.get('devwle10011')
    expect(evse.evse_id).toBe('DE*VWL*E1001*1')
    expect((await quoteOf(evse.id)).evse).toBe(evse.id)
    expect((await refusal(quoteOf('DE*VWL*E404*1'))).param).toBe('evse')
  })

  it('given back starts nothing, and the refusal brings a fresh one', async () => {
    const quote = await quoteOf()
    expect((await world.a.lane.quotes.cancel(quote.id)).status).toBe('cancelled')
    expect((await world.a.lane.quotes.cancel(quote.id)).status).toBe('cancelled')
    expect((await refusal(world.a.lane.sessions.create({ quote: quote.id }))).code).toBe(
      'quote_expired',
    )
  })

  it('that expired starts nothing; the driver can agree to the fresh one (F02)', async () => {
    const quote = await quoteOf('DE*VWL*E1001*2', { est_energy_wh: 20_000 })
    api.setClock(Date.parse(quote.expires_at) - Date.now() + 1_000)
    const before = api.corridor.started.length
    const error = await refusal(world.a.lane.sessions.create({ quote: quote.id }))
    expect(error).toMatchObject({
      code: 'quote_expired',
      status: 409,
      param: 'quote',
      retryable: false,
    })
    expect(api.corridor.started).toHaveLength(before)
    const fresh = (error.problem as unknown as { new_quote: Quote }).new_quote
    expect(fresh).toMatchObject({ status: 'open', est: { energy_wh: 20_000 }, evse: quote.evse })
    expect(error.problem?.next_action).toEqual({ type: 'requote', new_quote: fresh.id })
    expect(error.problem?.driver_message.de).toContain('Preis')
    expect((await world.a.lane.quotes.get(quote.id)).status).toBe('expired')
    expect((await world.a.lane.sessions.create({ quote: fresh.id })).quote).toBe(fresh.id)
    api.setClock(0)
  })

  it('is not made for a payer with an unpaid session', async () => {
    const { session, source } = await start()
    const [accountId, paymentSourceId] = [world.a.account.id, source.id]
    const [amount, none] = [1_416, 0].map((minor) => ({ amount: minor, currency: 'EUR' }))
    if (amount === undefined || none === undefined) throw new Error('two amounts')
    const whose = { sessionId: session.id, accountId, paymentSourceId, reason: 'capture_failed' }
    const stood = { credited: none, guaranteed: none }
    await api.database.db.tx((tx) =>
      openDebt(tx, { ...whose, amount, ...stood, at: api.deps.now() }),
    )
    const wish = { evse: 'DE*VWL*E1001*2', payment_source: source.id }
    const error = await refusal(world.a.lane.quotes.create(wish))
    expect(error).toMatchObject({ code: 'outstanding_debt', status: 402, param: 'payment_source' })
    expect(error.problem).toMatchObject({ session: session.id })
  })
})

describe('a session', () => {
  it('that two change at once tells the second change with what the first one left', async () => {
    const { db } = api.database
    const { source, session } = await start()
    const release = Promise.withResolvers<undefined>()
    const isChanged = Promise.withResolvers<string>()
    const first = db.tx(async (tx) => {
      const payment = await openPayment(tx, {
        sessionId: session.id,
        accountId: world.a.account.id,
        attempt: 1,
        paymentSourceId: source.id,
        kind: 'card',
        hold: { amount: 2_000, currency: 'EUR' },
        releaseBy: api.deps.now(),
        at: api.deps.now(),
      })
      await changeSession(
        tx,
        session.id,
        { moneyStatus: 'held' },
        {
          event: 'session.connectivity_changed',
          room: 'authorization',
          what: 'changed first',
          dedupeKey: `${session.id}:first`,
          at: api.deps.now(),
        },
      )
      isChanged.resolve(payment.id)
      await release.promise
    })
    const payment = await isChanged.promise
    const second = change(session.id, { connectivity: 'delayed' })
    const waiting = () => db.execute('select from pg_locks where not granted')
    await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0)
    release.resolve(undefined)
    await Promise.all([first, second])
    const [last] = (await eventsOfObject(db, world.a.account.id, session.id, 0)).toReversed()
    expect(last?.sequence).toBe(3)
    expect(last?.body.data).toMatchObject({
      money_status: 'held',
      connectivity: 'delayed',
      hold: { payment },
    })
  })

  it('of a driver who already charges there is refused with the active one named (F01)', async () => {
    const { evse, source, session } = await start()
    const again = await world.a.lane.quotes.create({
      evse,
      payment_source: source.id,
    })
    const error = await refusal(world.a.lane.sessions.create({ quote: again.id }))
    expect(error).toMatchObject({ code: 'session_already_active', status: 409 })
    expect(error.problem).toMatchObject({ session: session.id })
  })

  it('has its EVSE to itself: another driver is told that it is occupied until it ends', async () => {
    const { evse, session } = await start()
    const other = await cardOf(world.a.lane, 'other driver')
    const quote = await world.a.lane.quotes.create({ evse, payment_source: other.id })
    const error = await refusal(world.a.lane.sessions.create({ quote: quote.id }))
    expect(error).toMatchObject({ code: 'evse_not_available', status: 422, retryable: true })
    expect(error.problem).toMatchObject({ reason: 'evse_occupied' })
    expect((await world.a.lane.quotes.get(quote.id)).status).toBe('open')
    await endSession(api, session.id)
    expect((await world.a.lane.sessions.create({ quote: quote.id })).evse_id).toBe(evse)
  })

  it('is found by the partner’s own reference, and lists page through without loss or repeat', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.push((await start()).session.id)
    const seen: string[] = []
    for await (const session of world.a.lane.sessions.list({ limit: 2 })) seen.push(session.id)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(seen.toSorted().toReversed())
    expect(seen).toEqual(expect.arrayContaining(made))
    const { session } = await start()
    expect((await world.a.lane.sessions.list({ external_id: 'nobody' })).data).toEqual([])
    const ended = await world.a.lane.sessions.list({ status: 'ended' })
    expect(ended.data.map((each) => each.id)).not.toContain(session.id)
  })

  it('that is over refuses to stop, and a second stop is harmless', async () => {
    const { session } = await start()
    expect((await world.a.lane.sessions.stop(session.id)).id).toBe(session.id)
    api.corridor.stopAnswer = {
      kind: 'refused',
      code: 'invalid_transition',
      message: 'It was cancelled.',
    }
    await change(session.id, { status: 'cancelled' })
    const error = await refusal(world.a.lane.sessions.stop(session.id))
    api.corridor.stopAnswer = { kind: 'stopping' }
    expect(error).toMatchObject({ code: 'invalid_transition', status: 409 })
  })

  it('answers a long poll as soon as it changes', async () => {
    const { session } = await start()
    const waited = world.a.lane.sessions.get(session.id, {
      wait: 20,
      since_sequence: session.sequence,
    })
    await change(session.id, { status: 'starting' })
    const { status, sequence } = await waited
    expect({ status, isLater: sequence > session.sequence }).toEqual({
      status: 'starting',
      isLater: true,
    })
    await expect(world.a.lane.sessions.waitFor(session.id, 'starting')).resolves.toMatchObject({
      status,
    })
    await expect(
      world.a.lane.sessions.waitFor(session.id, 'ended', { timeoutMs: 50 }),
    ).rejects.toMatchObject({ code: 'timeout' })
  })

  it('streams its changes, its energy and its running cost, and ends', async () => {
    const { session } = await start()
    const { at, reading } = meterOf(session)
    const messages: SessionStreamEvent[] = []
    for await (const message of world.a.lane.sessions.stream(session.id)) {
      messages.push(message)
      if (messages.length === 1) {
        await change(session.id, { status: 'charging', startedAt: at(0) })
        await recordMeterValues(api.database.db, [
          reading(0, '1000', 0),
          reading(10, '11000.4', 60_000),
        ])
      }
      if (message.type === 'meter')
        await change(session.id, { status: 'ended', moneyStatus: 'captured', endedAt: at(11) })
    }
    const meter = messages.find((message) => message.type === 'meter')
    expect(meter).toMatchObject({
      energy_wh: 10_000,
      power_w: 60_000,
      running_cost: { amount: 590, currency: 'EUR' },
    })
    const statuses = messages.flatMap((each) =>
      each.type === 'session' ? [each.session.status] : [],
    )
    expect(statuses.at(0)).toBe('authorizing')
    expect(statuses.at(-1)).toBe('ended')
  })

  it('shows its energy, its power and what it costs so far while it charges, with their age', async () => {
    const { session } = await start()
    const { at, reading } = meterOf(session)
    await change(session.id, { status: 'charging', startedAt: at(0) })
    await recordMeterValues(api.database.db, [
      reading(0, '1000', 0),
      reading(10, '11000.4', 60_000),
      { ...reading(11, '900000', 60_000), flag: 'jump' },
    ])
    expect(await world.a.lane.sessions.get(session.id)).toMatchObject({
      energy_wh: 10_000,
      energy_is_estimate: true,
      power_w: 60_000,
      cost_so_far: { amount: 590, currency: 'EUR' },
      measured_at: at(10),
    })
    for (const { lane } of [world.a, world.cpo, world.finance])
      expect((await lane.sessions.list()).data).toContainEqual(await lane.sessions.get(session.id))
    await change(session.id, { status: 'ended', endedAt: at(12) })
    expect(await world.a.lane.sessions.get(session.id)).toMatchObject({ cost_so_far: null })
  })

  it('streams to nobody else', async () => {
    const { session } = await start()
    const stream = world.b.lane.sessions.stream(session.id)
    await expect(stream.next()).rejects.toMatchObject({ code: 'resource_missing', status: 404 })
  })
})

describe('finance', () => {
  it('reads a trial balance that balances, and the entries of a session', async () => {
    const { session } = await start()
    await api.database.db.tx((tx) =>
      postEntry(tx, {
        key: `${session.id}:test`,
        kind: 'capture',
        sessionId: session.id,
        effectiveAt: api.deps.now(),
        postings: [
          { account: 'asset:psp:EUR', amount: { amount: 1_416, currency: 'EUR' } },
          { account: 'liability:cpo:EUR', amount: { amount: -1_416, currency: 'EUR' } },
        ],
      }),
    )
    const balance = await world.finance.lane.ledger.trial_balance()
    expect(balance.totals).toEqual([
      { currency: 'EUR', debit: '1416', credit: '1416', difference: '0' },
    ])
    const entries = await world.finance.lane.ledger.entries({ session: session.id })
    expect(entries.data[0]?.postings.map((each) => each.amount.amount)).toEqual([1_416, -1_416])
    expect((await world.finance.lane.ledger.entries({ reference: 're_unknown' })).data).toEqual([])
    expect((await refusal(world.a.lane.ledger.trial_balance())).code).toBe('insufficient_scope')
  })

  it('runs one settlement batch per wish', async () => {
    const idempotencyKey = crypto.randomUUID()
    const run = () => world.finance.lane.settlements.run({ idempotencyKey })
    const [first, again] = [await run(), await run()]
    expect(again).toEqual(first)
    expect(api.corridor.batches).toEqual([first.batch])
  })
})

describe('webhooks', () => {
  it('of the payment provider are verified, kept once and told to the session', async () => {
    const { session, source } = await start()
    const payment = await api.database.db.tx((tx) =>
      openPayment(tx, {
        sessionId: session.id,
        accountId: world.a.account.id,
        attempt: 1,
        paymentSourceId: source.id,
        kind: 'card',
        hold: { amount: 2_000, currency: 'EUR' },
        releaseBy: api.deps.now(),
        at: api.deps.now(),
      }),
    )
    await api.database.db.tx((tx) =>
      changePayment(tx, payment.id, { pspId: 'pi_42' }, api.deps.now()),
    )
    const data = { object: { id: 'pi_42', object: 'payment_intent' } }
    const payloadOf = (id: string, type: string) =>
      JSON.stringify({ id, object: 'event', type, data })
    const send = (secret: string, payload = payloadOf('evt_1', 'payment_intent.canceled')) =>
      fetch(`${api.url}/webhooks/payments/card`, {
        method: 'POST',
        headers: {
          'Stripe-Signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
        },
        body: payload,
      })
    expect((await send('whsec_somebody_else')).status).toBe(400)
    expect(api.corridor.payments).toEqual([])
    expect((await send(stripeWebhookSecret)).status).toBe(200)
    expect((await send(stripeWebhookSecret)).status).toBe(200)
    expect(api.corridor.payments.map((each) => each.event)).toEqual([
      { eventId: 'evt_1', type: 'payment_intent.canceled', pspId: 'pi_42' },
    ])
    // Of a hold that stands only its end is told.
    await api.database.db.tx((tx) =>
      changePayment(tx, payment.id, { status: 'authorized' }, api.deps.now()),
    )
    for (const type of ['payment_intent.amount_capturable_updated', 'charge.expired'])
      await send(stripeWebhookSecret, payloadOf(`evt_${type}`, type))
    expect(api.corridor.payments.map(({ event }) => event.type)).toEqual([
      'payment_intent.canceled',
      'charge.expired',
    ])
  })

  it('are read on from where the reader stopped', async () => {
    const first = await world.a.lane.events.list({ limit: 3 })
    expect(first.has_more).toBe(true)
    const next = await world.a.lane.events.list({ limit: 3, cursor: first.next_cursor ?? '' })
    const ids = [...first.data, ...next.data].map((each) => each.id)
    expect(new Set(ids).size).toBe(6)
  })

  it('are signed so that the SDK’s own check holds, and any change or age breaks it', () => {
    const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
    const payload = JSON.stringify({ id: 'evt_1', type: 'ping' })
    const headers = signTestWebhook({ payload, secret })
    expect(verifyWebhook({ payload, headers, secret })).toEqual({ id: 'evt_1', type: 'ping' })
    expect(() => verifyWebhook({ payload: `${payload} `, headers, secret })).toThrow()
    const old = signTestWebhook({ payload, secret, at: new Date(Date.now() - 301_000) })
    expect(() => verifyWebhook({ payload, headers: old, secret })).toThrow(/old/)
    const rotated = ['whsec_bmV3IHNlY3JldCBuZXcgc2VjcmV0', secret]
    expect(verifyWebhook({ payload, headers: new Headers(headers), secret: rotated }).id).toBe(
      'evt_1',
    )
    expect(() => verifyWebhook({ payload, headers: {}, secret })).toThrow(/webhook-id/)
  })
})

describe('health', () => {
  it('says which part is away and still answers', async () => {
    expect((await world.a.lane.health.get()).status).toBe('ok')
    api.corridor.isAway = true
    expect(await world.a.lane.health.get()).toMatchObject({
      status: 'degraded',
      checks: { database: 'ok', workflows: 'down' },
    })
    api.corridor.isAway = false
  })

  it('serves the contract and its pages from this server alone', async () => {
    const contract = (await (await fetch(`${api.url}/openapi.json`)).json()) as { openapi: string }
    expect(contract.openapi).toBe('3.1.0')
    const page = await (await fetch(`${api.url}/docs`)).text()
    expect(page).not.toMatch(/https?:\/\//)
    for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await fetch(`${api.url}${path}`)).status).toBe(200)
    expect((await fetch(`${api.url}/docs/..%2fpackage.json`)).status).toBe(400)
  })
})

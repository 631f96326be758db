// The sandbox payment provider: Stripe's wire format over HTTP, with state, keys, faults and webhooks.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { closeDispute, disputeRoutes, openDispute } from './disputes.ts'
import { type Facts, type FaultAction, Faults, zFault } from './faults.ts'
import { apiVersion, newEndpoint } from './objects.ts'
import { type Act, authenticate, expireHold, expireHolds } from './payments.ts'
import { returnRefund } from './refunds.ts'
import { recordRoutes } from './records.ts'
import { intentRoutes, type Route, searchRoute } from './routes.ts'
import { arrivePayouts, payoutRoutes } from './payouts.ts'
import { setupRoutes } from './setups.ts'
import { type KeyRecord, newId, type Payout, Store } from './store.ts'
import { Deliverer, recordEvent } from './webhooks.ts'
import { type Form, parseForm, WireError } from './wire.ts'

export type PaymentProviderSettings = {
  port: number
  host?: string
  /** Registered at the start as an endpoint for every event, under `webhookSecret`. */
  webhookUrl?: string
  /** What the endpoint is subscribed to; everything when absent. */
  webhookEvents?: string[]
  webhookSecret?: string
  /** A journal; a provider started on it again knows everything it ever answered. */
  stateFile?: string
  /** How long a new payment stays invisible to search; Stripe says under a minute. Default 60. */
  searchLagS?: number
  now?: () => Date
  /** A payout came to the merchant's bank. */
  onPayout?: (payout: Payout) => void
}

export type CaptureSeen = {
  pspId: string
  paymentId: string | null
  sessionId: string | null
  amount: number
  currency: string
  fee: number
  balanceTransaction: string
}

export type PaymentProvider = {
  url: string
  /** Read access for tests: money that really came in. */
  captures: () => CaptureSeen[]
  /** Holds that stand now: neither captured nor released. */
  openHolds: () => { pspId: string; paymentId: string | null; amount: number; currency: string }[]
  stop: () => Promise<void>
}

type Env = { Bindings: HttpBindings }
type Answer = { status: number; body: string; requestId: string; replayed?: boolean }

const keyLifeS = 24 * 60 * 60
const sweepMs = 1_000

/** Resolves when the port is open; rejects with Node's own error when it is taken. */
export async function startPaymentProvider(
  settings: PaymentProviderSettings,
): Promise<PaymentProvider> {
  const store = new Store({
    clock: settings.now ?? (() => new Date()),
    stateFile: settings.stateFile,
  })
  const faults = new Faults()
  const deliverer = new Deliverer(store, faults)
  const provider = new Provider(store, faults, deliverer, settings.onPayout)
  registerWebhook(store, settings)
  const server = createAdaptorServer({ fetch: provider.app(settings.searchLagS ?? 60).fetch })
  server.listen(settings.port, settings.host ?? '127.0.0.1')
  await once(server, 'listening')
  deliverer.pump()
  const sweep = setInterval(() => provider.sweep(), sweepMs)
  sweep.unref()
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    url: `http://${settings.host ?? '127.0.0.1'}:${port}`,
    captures: () => seenCaptures(store),
    openHolds: () => seenHolds(store),
    stop: async () => {
      clearInterval(sweep)
      deliverer.stop()
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
      store.close()
    },
  }
}

function registerWebhook(store: Store, settings: PaymentProviderSettings): void {
  const { webhookUrl: url, webhookSecret: secret, webhookEvents: enabledEvents = ['*'] } = settings
  if (url === undefined) return
  if (secret === undefined) throw new Error('webhookUrl needs webhookSecret: events are signed')
  const known = [...store.tables.webhook_endpoints.values()].find(
    (endpoint) => endpoint.url === url,
  )
  const created = store.nowS()
  const fresh = { created, url, enabledEvents, secret, description: null, metadata: {} }
  // A known endpoint keeps its id: events may still be on their way to it.
  store.put(
    'webhook_endpoints',
    known ? { ...known, secret, enabled_events: enabledEvents } : newEndpoint(fresh),
  )
  store.commit()
}

class Provider {
  private readonly store: Store
  private readonly faults: Faults
  private readonly deliverer: Deliverer
  private readonly keysInUse = new Set<string>()
  private readonly onPayout: (payout: Payout) => void
  private sweptAtS = 0

  constructor(
    store: Store,
    faults: Faults,
    deliverer: Deliverer,
    onPayout: (payout: Payout) => void = () => undefined,
  ) {
    this.onPayout = onPayout
    this.store = store
    this.faults = faults
    this.deliverer = deliverer
  }

  app(searchLagS: number): Hono<Env> {
    const app = new Hono<Env>()
    app.use(bodyLimit({ maxSize: 256 * 1024 }))
    app.onError((error, c) => {
      const answer = toAnswer(error, newId('req'))
      return reply(c, answer)
    })
    for (const route of [
      searchRoute(searchLagS),
      ...intentRoutes,
      ...recordRoutes,
      ...setupRoutes,
      ...payoutRoutes,
      ...disputeRoutes,
    ]) {
      app.on(route.method, route.path, (c) => this.serve(c, route))
    }
    this.addControl(app)
    app.notFound((c) => {
      const message = `Unrecognized request URL (${c.req.method}: ${c.req.path}).`
      const error = new WireError(404, { type: 'invalid_request_error', message }, false)
      return reply(c, toAnswer(error, newId('req')))
    })
    return app
  }

  /** Releases expired holds and forgets old keys, as time alone does at Stripe. */
  sweep(): void {
    if (this.sweptAtS === this.store.nowS()) return
    this.sweptAtS = this.store.nowS()
    const act = this.act({ id: null, idempotencyKey: null }, undefined)
    expireHolds(act)
    arrivePayouts(act, this.onPayout)
    for (const record of this.store.tables.keys.values()) {
      if (record.created + keyLifeS <= this.store.nowS()) this.store.drop('keys', record.id)
    }
    this.store.commit()
    this.deliverer.pump()
  }

  private async serve(c: Context<Env>, route: Route): Promise<Response> {
    const requestId = newId('req')
    try {
      this.sweep()
      const sent = route.method === 'POST' ? await c.req.text() : new URL(c.req.url).search.slice(1)
      const form = parseForm(sent)
      const id = c.req.param('id') ?? ''
      this.checkApiKey(c.req.header('authorization'), route.operation, { form, id })
      const work = route.prepare(form, id)
      const fault = this.faults.take(route.operation, this.factsOf(form, id))
      if (fault?.kind === 'timeout') return await hang(c)
      if (fault?.kind === 'rate_limit') throw rateLimited()
      if (fault?.kind === 'unavailable') throw unavailable()
      const key = route.method === 'POST' ? c.req.header('idempotency-key') : undefined
      const fingerprint = createHash('sha256').update(`${c.req.path}\n${sent}`).digest('hex')
      return await this.once(c, { key, fingerprint, requestId }, work, fault)
    } catch (error) {
      return reply(c, toAnswer(error, requestId))
    }
  }

  /** Idempotency as Stripe has it: one result per key, an error included, for a day. */
  private async once(
    c: Context<Env>,
    request: { key: string | undefined; fingerprint: string; requestId: string },
    work: (act: Act) => object,
    fault: FaultAction | undefined,
  ): Promise<Response> {
    const { key, fingerprint } = request
    if (key !== undefined) {
      const kept = this.recall(key, fingerprint)
      if (kept && fault?.kind === 'lose_reply') return hangUp(c)
      if (kept) return reply(c, { ...kept, replayed: true })
      this.keysInUse.add(key)
    }
    try {
      if (fault?.kind === 'slow') await wait(fault.delay_ms)
      const { answer, never } = this.run(request, work, fault)
      if (fault?.kind === 'lose_reply') return hangUp(c)
      if (never) return await hang(c)
      if (fault?.kind === 'late') await wait(fault.delay_ms)
      return reply(c, answer)
    } finally {
      if (key !== undefined) this.keysInUse.delete(key)
    }
  }

  private recall(key: string, fingerprint: string): KeyRecord | undefined {
    if (key.length > 255) {
      throw idempotencyError(400, 'Idempotency keys have at most 255 characters.')
    }
    if (this.keysInUse.has(key)) {
      throw idempotencyError(
        409,
        `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`,
        'idempotency_key_in_use',
      )
    }
    const kept = this.store.tables.keys.get(key)
    if (kept && kept.fingerprint !== fingerprint) {
      throw idempotencyError(
        400,
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      )
    }
    return kept
  }

  private run(
    request: { key: string | undefined; fingerprint: string; requestId: string },
    work: (act: Act) => object,
    fault: FaultAction | undefined,
  ): { answer: Answer; never: boolean } {
    const { key, fingerprint, requestId } = request
    const declineCode = fault?.kind === 'decline' ? fault.decline_code : undefined
    const act = this.act({ id: requestId, idempotencyKey: key ?? null }, declineCode)
    let answer: Answer
    let stored = true
    try {
      if (fault?.kind === 'error' && !fault.acted) throw serverError()
      const body = JSON.stringify(work(act), null, 2)
      if (fault?.kind === 'error') throw serverError()
      answer = { status: 200, body, requestId }
    } catch (error) {
      answer = toAnswer(error, requestId)
      stored = !(error instanceof WireError) || error.stored
    }
    if (key !== undefined && stored) {
      const { status, body } = answer
      this.store.put('keys', {
        id: key,
        fingerprint,
        created: this.store.nowS(),
        status,
        body,
        requestId,
      })
    }
    this.store.commit()
    this.deliverer.pump()
    return { answer, never: act.answerNever }
  }

  private act(
    request: { id: string | null; idempotencyKey: string | null },
    declineCode: string | undefined,
  ): Act {
    const { store } = this
    return {
      store,
      emit: (type, object) => recordEvent(store, type, object, request),
      declineCode,
      answerNever: false,
    }
  }

  private checkApiKey(
    header: string | undefined,
    operation: string,
    { form, id }: { form: Form; id: string },
  ): void {
    if (/^Bearer sk_test_\w+$/.test(header ?? '')) return
    const isPublishable = /^Bearer pk_test_\w+$/.test(header ?? '')
    const { payment_intents: intents, setup_intents: setups } = this.store.tables
    const secret = (intents.get(id) ?? setups.get(id))?.client_secret
    if (isPublishable && forPayers.has(operation) && secret === form['client_secret']) return
    const message = isPublishable
      ? 'This API call cannot be made with a publishable API key.'
      : 'Invalid API Key provided: the sandbox takes keys that start with sk_test_.'
    throw new WireError(401, { type: 'invalid_request_error', message }, false)
  }

  private factsOf(form: Form, id: string): Facts {
    const { tables } = this.store
    // A refund names its payment in the form and carries metadata of its own.
    const intent = tables.payment_intents.get(text(form['payment_intent']) ?? id)
    const told = typeof form['metadata'] === 'object' ? form['metadata'] : {}
    const metadata = { ...intent?.metadata, ...told }
    const method =
      text(form['payment_method']) ?? tables.behaviours.get(intent?.payment_method ?? '')?.testId
    return {
      payment_method: method,
      session_id: text(metadata['session_id']),
      payment_id: text(metadata['payment_id']),
      psp_id: intent?.id,
    }
  }

  /** For tests and the story only, and not part of Stripe: faults, the clock, the driver's answer. */
  private addControl(app: Hono<Env>): void {
    const read = async <T>(c: Context<Env>, schema: z.ZodType<T>): Promise<T> => {
      const parsed = schema.safeParse(await c.req.json().catch(() => undefined))
      if (parsed.success) return parsed.data
      const message = z.prettifyError(parsed.error)
      throw new WireError(400, { type: 'invalid_request_error', message }, false)
    }
    app.post('/_control/faults', async (c) =>
      c.json({ id: this.faults.add(await read(c, zFault)) }),
    )
    app.get('/_control/faults', (c) => c.json(this.faults.list()))
    app.delete('/_control/faults', (c) => {
      this.faults.clear()
      return c.body(null, 204)
    })
    const zClock = z.strictObject({ advance_seconds: z.int().min(0) })
    app.post('/_control/clock', async (c) => {
      this.store.advanceClock((await read(c, zClock)).advance_seconds * 1000)
      this.sweep()
      return c.json({ now: new Date(this.store.nowMs()).toISOString() })
    })
    const told = (work: (act: Act) => unknown) => {
      try {
        return work(this.act({ id: null, idempotencyKey: null }, undefined)) ?? {}
      } finally {
        this.store.commit()
        this.deliverer.pump()
      }
    }
    const zAnswer = z.strictObject({ outcome: z.enum(['passed', 'failed']) })
    app.post('/_control/payment_intents/:id/authenticate', async (c) => {
      const { outcome } = await read(c, zAnswer)
      return c.json(told((act) => authenticate(act, c.req.param('id'), outcome === 'passed')))
    })
    const { payment_intents: intents, refunds } = this.store.tables
    app.post('/_control/payment_intents/:id/expire', (c) => {
      const intent = intents.get(c.req.param('id'))
      return c.json(told((act) => intent && expireHold(act, intent)))
    })
    const zOpened = z.strictObject({ reason: z.string().default('fraudulent') })
    app.post('/_control/payment_intents/:id/dispute', async (c) => {
      const { reason } = await read(c, zOpened)
      const intent = intents.get(c.req.param('id'))
      return c.json(told((act) => intent && openDispute(act, intent, reason)))
    })
    const zClosed = z.strictObject({ status: z.enum(['won', 'lost']) })
    app.post('/_control/disputes/:id/close', async (c) => {
      const { status } = await read(c, zClosed)
      return c.json(told((act) => closeDispute(act, c.req.param('id'), status)))
    })
    const zReturned = z.strictObject({ payment_intent: z.string(), failure_reason: z.string() })
    app.post('/_control/refunds/return', async (c) => {
      const { payment_intent: of, failure_reason: reason } = await read(c, zReturned)
      const given = [...refunds.values()].filter(
        (each) => each.payment_intent === of && each.status === 'succeeded',
      )
      return c.json(told((act) => given.map((refund) => returnRefund(act, refund, reason))))
    })
    app.get('/_control/captures', (c) => c.json(seenCaptures(this.store)))
    app.get('/_control/holds', (c) => c.json(seenHolds(this.store)))
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** What a payer's own device may do with a publishable key and the secret of its payment. */
const forPayers = new Set(
  ['payment_intents', 'setup_intents'].flatMap((each) => [`${each}.retrieve`, `${each}.confirm`]),
)

function reply(c: Context<Env>, answer: Answer): Response {
  const idempotencyKey = c.req.header('idempotency-key')
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      'request-id': answer.replayed ? newId('req') : answer.requestId,
      'stripe-version': c.req.header('stripe-version') ?? apiVersion,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(answer.replayed
        ? { 'idempotent-replayed': 'true', 'original-request': answer.requestId }
        : {}),
    },
  })
}

function toAnswer(error: unknown, requestId: string): Answer {
  const wire = error instanceof WireError ? error : serverError(` Sandbox: ${String(error)}`)
  return { status: wire.status, body: JSON.stringify(wire.body, null, 2), requestId }
}

function hangUp(c: Context<Env>): Response {
  c.env.incoming.socket.destroy()
  return RESPONSE_ALREADY_SENT
}

async function hang(c: Context<Env>): Promise<Response> {
  const { socket } = c.env.incoming
  if (!socket.destroyed) await once(socket, 'close')
  return RESPONSE_ALREADY_SENT
}

function rateLimited(): WireError {
  const message = 'Request rate limit exceeded.'
  return new WireError(429, { type: 'invalid_request_error', code: 'rate_limit', message }, false)
}

function unavailable(): WireError {
  return new WireError(503, { type: 'api_error', message: 'The service is unavailable.' }, false)
}

function serverError(cause = ''): WireError {
  const message = `An unknown error occurred while processing your request.${cause}`
  return new WireError(500, { type: 'api_error', message }, true)
}

function idempotencyError(status: number, message: string, code?: string): WireError {
  const error = { type: 'idempotency_error', message, ...(code === undefined ? {} : { code }) }
  return new WireError(status, error, false)
}

function seenCaptures(store: Store): CaptureSeen[] {
  const { balance_transactions: movements, charges, payment_intents: intents } = store.tables
  return [...movements.values()].flatMap((movement) => {
    const charge = charges.get(movement.source ?? '')
    const intent = intents.get(charge?.payment_intent ?? '')
    if (movement.type !== 'charge' || !charge || !intent) return []
    return [
      {
        pspId: intent.id,
        paymentId: intent.metadata['payment_id'] ?? null,
        sessionId: intent.metadata['session_id'] ?? null,
        amount: movement.amount,
        currency: movement.currency,
        fee: movement.fee,
        balanceTransaction: movement.id,
      },
    ]
  })
}

function seenHolds(store: Store) {
  return [...store.tables.payment_intents.values()]
    .filter((intent) => intent.status === 'requires_capture')
    .map((intent) => ({
      pspId: intent.id,
      paymentId: intent.metadata['payment_id'] ?? null,
      amount: intent.amount_capturable,
      currency: intent.currency,
    }))
}

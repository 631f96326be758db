// Polices the sandbox provider and our Stripe adapter from outside, with Stripe's own artefacts: every request is repeated
// to stripe-mock, and every answer is held against Stripe's OpenAPI. STRIPE_MOCK_BIN and STRIPE_SPEC name both.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { Stripe } from 'stripe'
// Only a test may reach into the worker's adapter: what is policed here is the real one.
import { createStripePayments } from '@chargelane/corridor/payment/card/stripe'
import type { PaymentPort } from '@chargelane/corridor/payment/payment'
import { startPaymentProvider } from './card-provider.ts'
import { type Exchange, isJson, type Json, Oracle } from './oracle.ts'
import { playChargeback, playPage } from './testing.ts'

let passed = 0
let failed = 0
function check(name: string, problem: string | undefined): void {
  if (problem === undefined) passed += 1
  else failed += 1
  const line = problem === undefined ? `ok - ${name}` : `not ok - ${name}: ${problem}`
  process.stdout.write(`${line}\n`)
}

function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') {
    process.stderr.write(`${name} is not set\n`)
    process.exit(2)
  }
  return value
}

/** Stands between the adapter and the sandbox and writes down both directions. */
async function startRecorder(
  target: string,
  seen: Exchange[],
  label: () => string,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request)
      const headers = plainHeaders(request)
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers,
        ...(request.method === 'POST' ? { body } : {}),
      })
      const received = await answer.text()
      seen.push({
        label: label(),
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers,
        body,
        status: answer.status,
        answer: received,
      })
      const back = Object.fromEntries(
        [...answer.headers].filter(
          ([name]) => name !== 'content-length' && name !== 'transfer-encoding',
        ),
      )
      response.writeHead(answer.status, back).end(received)
    })()
  })
  return { server, port: await listen(server) }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  return address.port
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const kept = ['authorization', 'content-type', 'idempotency-key', 'stripe-version']
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

async function startMock(binary: string, port: number): Promise<ChildProcess> {
  const secure = await freePort()
  // Both addresses: with one alone it opens the other on every interface.
  const args = ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${secure}`]
  const child = spawn(binary, args, { stdio: 'ignore' })
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`stripe-mock ended with ${child.exitCode}`)
    const answer = await fetch(`http://127.0.0.1:${port}/v1/balance`, {
      headers: { authorization: 'Bearer sk_test_probe' },
    }).catch(() => undefined)
    await answer?.text()
    if (answer?.status === 200) return child
    await wait(100)
  }
  child.kill()
  throw new Error('stripe-mock did not answer within 30 s')
}

// In the SDK's API version (endive) and not yet in stripe-mock's (dahlia).
const newerFields = new Set([
  'payment_intent.payment_record',
  'payment_intent.source',
  'charge.source',
  'dispute.intended_submission_method',
])

/** Every ending the adapter knows, so that every request it can make is made. */
async function playAdapter(
  port: PaymentPort,
  sandbox: string,
  name: (label: string) => void,
): Promise<void> {
  const base = {
    sessionId: 'ses_1',
    amount: { amount: 4_000, currency: 'EUR' },
    offSession: false,
    description: 'Charging session',
  }
  const authorize = (paymentId: string, paymentMethod: string, offSession = false) => {
    name(`authorize ${paymentMethod}${offSession ? ' off session' : ''}`)
    return port.authorize({
      ...base,
      paymentId,
      paymentMethod,
      offSession,
      idempotencyKey: `${paymentId}:authorize`,
    })
  }
  const held = await authorize('pay_1', 'pm_card_visa')
  const again = await authorize('pay_2', 'pm_card_mastercard', true)
  await authorize('pay_3', 'pm_card_chargeDeclinedInsufficientFunds')
  await authorize('pay_4', 'pm_card_authenticationRequired', true)
  const challenged = await authorize('pay_5', 'pm_card_authenticationRequired')
  if (
    held.kind !== 'authorized' ||
    again.kind !== 'authorized' ||
    challenged.kind !== 'requires_action'
  ) {
    throw new Error('the sandbox did not play its cards')
  }
  name('find')
  await port.find({ pspId: held.pspId })
  await port.find({ pspId: 'pi_unknown' })
  await port.find({ paymentId: 'pay_1', createdAfter: new Date(Date.now() - 1000).toISOString() })
  await port.find({ paymentId: 'pay_none' })
  await control(sandbox, '/_control/clock', { advance_seconds: 120 })
  await port.find({ paymentId: 'pay_1' })
  name('capture')
  const amount = { amount: 1_234, currency: 'EUR' }
  await port.capture({ pspId: held.pspId, amount, idempotencyKey: 'pay_1:capture' })
  await port.capture({ pspId: held.pspId, amount, idempotencyKey: 'pay_1:capture' })
  name('void')
  await port.void({ pspId: held.pspId, idempotencyKey: 'pay_1:void' })
  await port.void({ pspId: again.pspId, idempotencyKey: 'pay_2:void' })
  name('authenticate')
  await control(sandbox, `/_control/payment_intents/${challenged.pspId}/authenticate`, {
    outcome: 'passed',
  })
  await port.find({ pspId: challenged.pspId })
}

async function control(sandbox: string, path: string, body: Json): Promise<void> {
  const answer = await fetch(`${sandbox}${path}`, { method: 'POST', body: JSON.stringify(body) })
  if (answer.status !== 200) throw new Error(`${path}: ${await answer.text()}`)
}

async function refused(call: Promise<unknown>): Promise<void> {
  const accepted = await call.then(
    () => true,
    () => false,
  )
  if (accepted) throw new Error('the sandbox accepted what it must refuse')
}

/** The rest of the sandbox, through the SDK: records, errors, and requests that must be refused. */
async function playPayments(stripe: Stripe, name: (label: string) => void): Promise<void> {
  name('customers and payment methods')
  const customer = await stripe.customers.create({
    email: 'driver@example.com',
    metadata: { driver: 'drv_1' },
  })
  await stripe.customers.retrieve(customer.id)
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.paymentMethods.retrieve(method.id)
  await stripe.customers.listPaymentMethods(customer.id)
  name('a payment with a customer')
  const params = {
    amount: 5_000,
    currency: 'eur',
    capture_method: 'manual',
    confirm: true,
    customer: customer.id,
    payment_method: method.id,
  } as const
  const intent = await stripe.paymentIntents.create({
    ...params,
    payment_method_options: { card: { request_incremental_authorization: 'if_available' } },
  })
  await stripe.paymentIntents.incrementAuthorization(intent.id, { amount: 6_000 })
  await stripe.paymentIntents.update(intent.id, { metadata: { note: 'raised' } })
  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 5_500 })
  await refused(stripe.paymentIntents.capture(intent.id))
  await refused(stripe.paymentIntents.cancel(intent.id))
  if (typeof captured.latest_charge !== 'string')
    throw new Error('nobody asked to expand the charge')
  await stripe.charges.retrieve(captured.latest_charge, { expand: ['balance_transaction'] })
  await stripe.charges.list({ payment_intent: intent.id })
  name('refunds')
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    amount: 500,
    reason: 'requested_by_customer',
  })
  await stripe.refunds.retrieve(refund.id, { expand: ['charge'] })
  await stripe.refunds.list({ payment_intent: intent.id })
  await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 999_999 }))
}

async function playRecords(
  stripe: Stripe,
  sandbox: string,
  name: (label: string) => void,
): Promise<void> {
  name('balance and events')
  await stripe.balance.retrieve()
  const moved = await stripe.balanceTransactions.list({ limit: 100 })
  await stripe.balanceTransactions.retrieve(moved.data[0]?.id ?? '')
  const events = await stripe.events.list({ limit: 100 })
  await stripe.events.retrieve(events.data[0]?.id ?? '')
  name('webhook endpoints')
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/hook',
    enabled_events: ['payment_intent.succeeded'],
  })
  await stripe.webhookEndpoints.retrieve(endpoint.id)
  await stripe.webhookEndpoints.list()
  await stripe.webhookEndpoints.del(endpoint.id)
  name('confirm later and fail the challenge')
  const later = await stripe.paymentIntents.create({
    amount: 2_000,
    currency: 'chf',
    capture_method: 'manual',
    payment_method: 'pm_card_threeDSecure2Required',
  })
  await stripe.paymentIntents.confirm(later.id)
  await control(sandbox, `/_control/payment_intents/${later.id}/authenticate`, {
    outcome: 'failed',
  })
  await stripe.paymentIntents.retrieve(later.id)
  name('faults')
  for (const kind of ['rate_limit', 'unavailable', 'error']) {
    await control(sandbox, '/_control/faults', {
      operation: 'balance.retrieve',
      action: { kind },
      times: 1,
    })
    await refused(stripe.balance.retrieve())
  }
  name('idempotency')
  await stripe.customers.create({ name: 'A' }, { idempotencyKey: 'key-1' })
  await refused(stripe.customers.create({ name: 'B' }, { idempotencyKey: 'key-1' }))
}

// What Stripe refuses on sight, the sandbox must refuse too: raw, because the SDK's types forbid it.
const badRequests = [
  ['an amount that is no integer', 'payment_intents', 'amount=12.5&currency=eur'],
  ['an unknown parameter', 'payment_intents', 'amount=500&currency=eur&colour=red'],
  ['a missing amount', 'payment_intents', 'currency=eur'],
  ['a boolean that is none', 'payment_intents', 'amount=500&currency=eur&confirm=perhaps'],
  ['metadata that is no hash', 'payment_intents', 'amount=500&currency=eur&metadata=text'],
  ['an unknown capture method', 'payment_intents', 'amount=500&currency=eur&capture_method=later'],
  ['a reason that is none', 'refunds', 'payment_intent=pi_1&reason=boredom'],
  ['an endpoint without a url', 'webhook_endpoints', 'enabled_events[0]=*'],
] as const

async function main(): Promise<void> {
  const port = Number(process.env['STRIPE_MOCK_PORT'] ?? (await freePort()))
  const oracle = new Oracle(setting('STRIPE_SPEC'))
  const mock = await startMock(setting('STRIPE_MOCK_BIN'), port)
  const sandbox = await startPaymentProvider({ port: 0 })
  const seen: Exchange[] = []
  let label = ''
  const name = (next: string) => {
    label = next
  }
  const recorder = await startRecorder(sandbox.url, seen, () => label)
  try {
    const at = { host: '127.0.0.1', port: recorder.port, protocol: 'http' } as const
    const adapter = createStripePayments({ ...at, apiKey: 'sk_test_peers' })
    await playAdapter(adapter, sandbox.url, name)
    const adapterMade = seen.length
    const stripe = new Stripe('sk_test_peers', { ...at, maxNetworkRetries: 0, telemetry: false })
    await playPayments(stripe, name)
    await playPage(stripe, name)
    await playChargeback(stripe, adapter, { sandbox, name })
    await playRecords(stripe, sandbox.url, name)
    for (const [index, exchange] of seen.entries()) {
      const answer = await sendTo(`http://127.0.0.1:${port}`, exchange)
      const who = index < adapterMade ? 'adapter' : 'sdk'
      const what = `${exchange.label}: ${exchange.method} ${exchange.path.split('?')[0]} (${exchange.status})`
      check(
        `stripe-mock takes the ${who}'s request, ${what}`,
        answer.status === 200 ? undefined : answer.text.slice(0, 300),
      )
      check(`Stripe's OpenAPI describes the sandbox's answer, ${what}`, oracle.problem(exchange))
    }
    const strangers = new Set(seen.flatMap((exchange) => oracle.unknownFields(exchange)))
    const unexplained = [...strangers].filter((field) => !newerFields.has(field))
    check(
      'the sandbox sends no field that Stripe does not',
      unexplained.length === 0 ? undefined : unexplained.join(', '),
    )
    await checkRefusals(`http://127.0.0.1:${port}`, sandbox.url, oracle)
    checkOracle(oracle, seen)
  } finally {
    recorder.server.close()
    recorder.server.closeAllConnections()
    await sandbox.stop()
    mock.kill()
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}

async function sendTo(
  target: string,
  exchange: Pick<Exchange, 'method' | 'path' | 'headers' | 'body'>,
) {
  const answer = await fetch(`${target}${exchange.path}`, {
    method: exchange.method,
    headers: exchange.headers,
    ...(exchange.method === 'POST' ? { body: exchange.body } : {}),
  })
  return { status: answer.status, text: await answer.text() }
}

async function checkRefusals(mock: string, sandbox: string, oracle: Oracle): Promise<void> {
  const headers = {
    authorization: 'Bearer sk_test_peers',
    'content-type': 'application/x-www-form-urlencoded',
  }
  for (const [what, resource, body] of badRequests) {
    const request = { label: what, method: 'POST', path: `/v1/${resource}`, headers, body }
    const [theirs, ours] = await Promise.all([sendTo(mock, request), sendTo(sandbox, request)])
    check(
      `both refuse ${what}`,
      theirs.status === 400 && ours.status === 400
        ? undefined
        : `stripe-mock ${theirs.status}, sandbox ${ours.status}`,
    )
    check(
      `Stripe's OpenAPI describes the sandbox's refusal of ${what}`,
      oracle.problem({ ...request, status: ours.status, answer: ours.text }),
    )
  }
}

/** A judge that lets everything pass proves nothing: the same answers, spoilt, must be caught. */
function checkOracle(oracle: Oracle, seen: Exchange[]): void {
  const good = seen.find(
    (exchange) => exchange.path.endsWith('/capture') && exchange.status === 200,
  )
  if (!good) throw new Error('no capture was seen')
  for (const [what, spoil] of [
    ['a status Stripe does not have', (answer: Json) => ({ ...answer, status: 'paid' })],
    ['an amount as text', (answer: Json) => ({ ...answer, amount: '1234' })],
    ['a missing id', ({ id: _id, ...answer }: Json) => answer],
  ] as const) {
    const answer: unknown = JSON.parse(good.answer)
    const spoilt = { ...good, answer: JSON.stringify(isJson(answer) ? spoil(answer) : answer) }
    const isMissed = oracle.problem(spoilt) === undefined
    check(`the judge catches ${what}`, isMissed ? 'it did not' : undefined)
  }
}

await main()

import { createServer } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { Stripe } from 'stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyWebhook } from '@chargelane/corridor/payment/card/stripe-webhook'
import type { PaymentPort, ProviderEvent } from '@chargelane/corridor/payment/payment'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { connect, control as order, eur, holdOf } from './testing.ts'

let provider: PaymentProvider
let payments: PaymentPort

beforeEach(async () => {
  provider = await startPaymentProvider({ port: 0 })
  payments = connect(provider)
})
afterEach(() => provider.stop())

const control = (path: string, body: object) => order(provider, path, body)
const fault = (operation: string, action: object) =>
  control('faults', { operation, action, times: 1 })
const hold = async () => (await holdOf(payments)).pspId
const capture = (pspId: string) =>
  payments.capture({ pspId, amount: eur(1234), idempotencyKey: 'ses_1:capture' })

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${provider.url}/v1/payment_intents`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk_test_raw',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body,
  })

describe('the wire', () => {
  test('a key repeats its answer byte for byte and says so', async () => {
    const headers = { 'idempotency-key': 'raw-1' }
    const first = await post('amount=500&currency=eur', headers)
    const second = await post('amount=500&currency=eur', headers)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'))
    expect(await second.text()).toBe(await first.text())
  })

  test('a request that fails validation does not use up its key', async () => {
    const headers = { 'idempotency-key': 'raw-2' }
    expect((await post('amount=five&currency=eur', headers)).status).toBe(400)
    expect((await post('amount=500&currency=eur', headers)).status).toBe(200)
  })

  test.each([
    ['amount=500&currency=eur&colour=red', 'parameter_unknown', 'colour'],
    ['currency=eur', 'parameter_missing', 'amount'],
    ['amount=1e3&currency=eur', 'parameter_invalid_integer', 'amount'],
    ['amount=10&currency=eur', 'amount_too_small', 'amount'],
    ['amount=150&currency=isk', 'parameter_invalid_integer', 'amount'],
    ['amount=500&currency=eur&__proto__[x]=1', 'parameter_unknown', '__proto__'],
  ])('%s is refused as %s, naming %s', async (body, code, param) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { type: 'invalid_request_error', code, param },
    })
  })

  test('a live key or none is refused', async () => {
    expect(
      (await post('amount=500&currency=eur', { authorization: 'Bearer sk_live_1' })).status,
    ).toBe(401)
  })
})

describe('webhooks', () => {
  const secret = 'whsec_test'

  async function listen(answers: number[] = []) {
    const bodies: { raw: string; signature: string }[] = []
    const server = createServer((request, response) => {
      void (async () => {
        bodies.push({
          raw: await text(request),
          signature: String(request.headers['stripe-signature']),
        })
        response.writeHead(answers.shift() ?? 200).end()
      })()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await provider.stop()
    provider = await startPaymentProvider({
      port: 0,
      webhookUrl: `http://127.0.0.1:${port}/`,
      webhookSecret: secret,
    })
    payments = connect(provider)
    const events = (): ProviderEvent[] =>
      bodies.map(({ raw, signature }) => verifyWebhook(raw, signature, secret))
    const arrived = async (type: string, count = 1) => {
      await expect
        .poll(() => events().filter((event) => event.type === type).length, { timeout: 8000 })
        .toBe(count)
    }
    return { bodies, events, arrived, close: () => server.close() }
  }

  test('every step is told under a signature our adapter accepts, with our ids on it', async () => {
    const hook = await listen()
    const pspId = await hold()
    await capture(pspId)
    await hook.arrived('payment_intent.succeeded')
    await hook.arrived('payment_intent.amount_capturable_updated')
    expect(hook.events().find((event) => event.type === 'charge.captured')).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'charge.captured',
      pspId,
      paymentId: 'pay_1',
      endsHold: false,
      doubtsRefund: false,
    })
    hook.close()
  })

  test('one changed byte, another secret or an old signature is refused', async () => {
    const hook = await listen()
    await hold()
    await hook.arrived('payment_intent.created')
    const { raw: body, signature } = hook.bodies[0]!
    const refusal = expect.objectContaining({ code: 'webhook_signature_invalid' })
    expect(() =>
      verifyWebhook(body.replace('"amount":5000', '"amount":5001'), signature, secret),
    ).toThrow(refusal)
    expect(() => verifyWebhook(body, signature, 'whsec_other')).toThrow(refusal)
    const timestamp = Math.floor(Date.now() / 1000) - 301
    const old = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    expect(() => verifyWebhook(body, old, secret)).toThrow(refusal)
    hook.close()
  })

  test('an endpoint that fails is tried again until it accepts', async () => {
    const hook = await listen([500, 500])
    await fault('webhook.payment_intent.created', { kind: 'drop' })
    await fault('webhook.charge.succeeded', { kind: 'drop' })
    await hold()
    await hook.arrived('payment_intent.amount_capturable_updated', 3)
    expect(new Set(hook.events().map((event) => event.id)).size).toBe(1)
    hook.close()
  })

  test('an ordered duplicate arrives twice under one id', async () => {
    const hook = await listen()
    await fault('webhook.payment_intent.succeeded', { kind: 'duplicate' })
    const pspId = await hold()
    await capture(pspId)
    await hook.arrived('payment_intent.succeeded', 2)
    const ids = hook
      .events()
      .filter((event) => event.type === 'payment_intent.succeeded')
      .map((event) => event.id)
    expect(new Set(ids).size).toBe(1)
    hook.close()
  })

  test('an ordered reversal lets the later event arrive first', async () => {
    const hook = await listen()
    await fault('webhook.payment_intent.amount_capturable_updated', { kind: 'reorder' })
    for (const type of ['payment_intent.created', 'charge.succeeded', 'charge.captured']) {
      await fault(`webhook.${type}`, { kind: 'drop' })
    }
    await capture(await hold())
    await hook.arrived('payment_intent.amount_capturable_updated')
    expect(hook.events().map((event) => event.type)).toEqual([
      'payment_intent.succeeded',
      'payment_intent.amount_capturable_updated',
    ])
    hook.close()
  })

  test('a webhook three days late arrives when the clock gets there', async () => {
    const hook = await listen()
    await fault('webhook.payment_intent.succeeded', { kind: 'delay', delay_ms: 3 * 86_400_000 })
    await capture(await hold())
    await hook.arrived('charge.captured')
    expect(hook.events().map((event) => event.type)).not.toContain('payment_intent.succeeded')
    await control('clock', { advance_seconds: 3 * 86_400 })
    await hook.arrived('payment_intent.succeeded')
    hook.close()
  })
})

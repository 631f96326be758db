import fc from 'fast-check'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { type PaymentProvider, startPaymentProvider } from './card-provider.ts'
import { control } from './testing.ts'

// Random lives of a few payments, over the wire, against a model of a dozen lines. After every step
// the provider's own records must keep the promises a ledger is built on.

type Step =
  | { do: 'hold'; amount: number; card: 'pm_card_visa' | 'pm_card_chargeDeclined'; repeat: boolean }
  | { do: 'capture'; pick: number; amount: number; lose: boolean }
  | { do: 'cancel'; pick: number }
  | { do: 'raise'; pick: number; amount: number }
  | { do: 'refund'; pick: number; amount: number }
  | { do: 'wait'; hours: number }

const amounts = fc.integer({ min: 50, max: 9_000 })
const pick = fc.nat({ max: 5 })
const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('hold' as const),
      amount: amounts,
      card: fc.constantFrom(
        'pm_card_visa' as const,
        'pm_card_visa' as const,
        'pm_card_chargeDeclined' as const,
      ),
      repeat: fc.boolean(),
    }),
    fc.record({ do: fc.constant('capture' as const), pick, amount: amounts, lose: fc.boolean() }),
    fc.record({ do: fc.constant('cancel' as const), pick }),
    fc.record({ do: fc.constant('raise' as const), pick, amount: amounts }),
    fc.record({ do: fc.constant('refund' as const), pick, amount: amounts }),
    fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 24, 144, 167, 168) }),
  ),
  { minLength: 4, maxLength: 24 },
)

type Modelled = {
  id: string
  state: 'held' | 'captured' | 'canceled'
  authorized: number
  captured: number
  refunded: number
  heldAtHour: number
}
type World = { provider: PaymentProvider; stripe: Stripe; model: Modelled[]; hour: number }

test('captured ≤ held, refunded ≤ captured, one movement per change of the balance, and no hold outlives its time', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (life) => {
      const provider = await startPaymentProvider({ port: 0 })
      const { hostname, port } = new URL(provider.url)
      const settings = {
        host: hostname,
        port: Number(port),
        protocol: 'http',
        maxNetworkRetries: 0,
        telemetry: false,
      } as const
      const world: World = {
        provider,
        stripe: new Stripe('sk_test_state', settings),
        model: [],
        hour: 0,
      }
      try {
        for (const [index, step] of life.entries()) {
          const { may, did } = await play(world, step, { idempotencyKey: `${step.do}-${index}` })
          expect({ step, did }).toEqual({ step, did: may })
          await checkPromises(world)
        }
      } finally {
        await provider.stop()
      }
    }),
    { numRuns: 25 },
  )
}, 120_000)

/** Whether the model allows the step, and whether the provider did it. */
async function play(
  world: World,
  step: Step,
  key: { idempotencyKey: string },
): Promise<{ may: boolean; did: boolean }> {
  if (step.do === 'hold') return openHold(world, step, key)
  if (step.do === 'wait') {
    world.hour += step.hours
    await control(world.provider, 'clock', { advance_seconds: step.hours * 3600 })
    for (const payment of world.model) {
      if (payment.state === 'held' && world.hour - payment.heldAtHour >= 7 * 24)
        payment.state = 'canceled'
    }
    return { may: true, did: true }
  }
  const payment = world.model[step.pick % Math.max(1, world.model.length)]
  if (!payment) return { may: false, did: false }
  const { paymentIntents, refunds } = world.stripe
  switch (step.do) {
    case 'capture': {
      // Once: the SDK repeats under the same key, and the repetition must not capture again.
      const lost = {
        operation: 'payment_intents.capture',
        action: { kind: 'lose_reply' },
        times: 1,
      }
      if (step.lose) await control(world.provider, 'faults', lost)
      const may = payment.state === 'held' && step.amount <= payment.authorized
      const did = await allowed(
        paymentIntents.capture(payment.id, { amount_to_capture: step.amount }, key),
      )
      if (may) Object.assign(payment, { state: 'captured', captured: step.amount })
      return { may, did }
    }
    case 'cancel': {
      const may = payment.state === 'held'
      if (may) payment.state = 'canceled'
      return { may, did: await allowed(paymentIntents.cancel(payment.id, {}, key)) }
    }
    case 'raise': {
      const may = payment.state === 'held' && step.amount > payment.authorized
      if (may) payment.authorized = step.amount
      return {
        may,
        did: await allowed(
          paymentIntents.incrementAuthorization(payment.id, { amount: step.amount }, key),
        ),
      }
    }
    case 'refund':
    default: {
      const may = payment.state === 'captured' && step.amount <= payment.captured - payment.refunded
      if (may) payment.refunded += step.amount
      return {
        may,
        did: await allowed(
          refunds.create({ payment_intent: payment.id, amount: step.amount }, key),
        ),
      }
    }
  }
}

async function openHold(
  world: World,
  step: Extract<Step, { do: 'hold' }>,
  key: { idempotencyKey: string },
) {
  const send = () =>
    world.stripe.paymentIntents.create(
      {
        amount: step.amount,
        currency: 'eur',
        capture_method: 'manual',
        confirm: true,
        payment_method: step.card,
        payment_method_options: { card: { request_incremental_authorization: 'if_available' } },
      },
      key,
    )
  if (step.card === 'pm_card_chargeDeclined') return { may: false, did: await allowed(send()) }
  const { id } = await send()
  const repeated = step.repeat ? (await send()).id : id
  world.model.push({
    id,
    state: 'held',
    authorized: step.amount,
    captured: 0,
    refunded: 0,
    heldAtHour: world.hour,
  })
  return { may: true, did: repeated === id }
}

async function allowed(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return false
      if (error instanceof Stripe.errors.StripeCardError) return false
      throw error
    },
  )
}

async function checkPromises({ stripe, model }: World): Promise<void> {
  const [movements, refunds, balance] = await Promise.all([
    stripe.balanceTransactions.list({ limit: 100 }),
    stripe.refunds.list({ limit: 100 }),
    stripe.balance.retrieve(),
  ])
  for (const { id, ...expected } of model) {
    const intent = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
    const charge = intent.latest_charge
    if (charge === null || typeof charge === 'string')
      throw new Error('the charge was to be expanded')
    const back = refunds.data.filter((refund) => refund.charge === charge.id)
    const refunded = back.reduce((sum, refund) => sum + refund.amount, 0)
    expect({
      status: intent.status,
      authorized: intent.amount,
      captured: intent.amount_received,
      refunded,
    }).toEqual({
      status: { held: 'requires_capture', captured: 'succeeded', canceled: 'canceled' }[
        expected.state
      ],
      authorized: expected.authorized,
      captured: expected.captured,
      refunded: expected.refunded,
    })
    expect(charge.amount_captured).toBe(expected.captured)
    expect(charge.amount_captured).toBeLessThanOrEqual(intent.amount)
    expect(charge.captured ? charge.amount_refunded : 0).toBe(refunded)
    const sources = [charge.id, ...back.map((refund) => refund.id)]
    const moved = movements.data.filter(
      ({ source }) => typeof source === 'string' && sources.includes(source),
    )
    expect(moved).toHaveLength((charge.captured ? 1 : 0) + back.length)
    expect(moved.reduce((sum, movement) => sum + movement.amount, 0)).toBe(
      expected.captured - refunded,
    )
  }
  for (const movement of movements.data) {
    expect(movement.net).toBe(movement.amount - movement.fee)
    expect(movement.fee_details.reduce((sum, fee) => sum + fee.amount, 0)).toBe(movement.fee)
  }
  expect(new Set(movements.data.map((movement) => movement.source)).size).toBe(
    movements.data.length,
  )
  const held = [...balance.available, ...balance.pending].reduce(
    (sum, part) => sum + part.amount,
    0,
  )
  expect(held).toBe(movements.data.reduce((sum, movement) => sum + movement.net, 0))
}

import { getPaymentSource } from '@chargelane/db/queries/partners/drivers'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'
import { createFakeSetup } from './setup.fake.ts'

const setup = createFakeSetup()
let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi({ paymentSetups: (kind) => (kind === 'card' ? setup : undefined) })
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

let drivers = 0
const newDriver = () => ({ external_id: `payer-${++drivers}` })
const applePay = { brand: 'visa', last4: '9010', expires: '2034-12', wallet: 'apple_pay' }

describe('a card that its driver names on the partner’s page', () => {
  it('is asked for with the publishable key and a secret, and counts once it is confirmed', async () => {
    const { payment_sources: sources } = world.a.lane
    const made = await sources.create({ driver: newDriver(), type: 'card' })
    expect(made).toMatchObject({
      status: 'requires_action',
      card: null,
      client_secret: `seti_${made.id}_secret`,
      publishable_key: 'pk_test_api',
    })
    // The secret is for the moment it was asked for.
    expect(await sources.get(made.id)).toMatchObject({ client_secret: null, publishable_key: null })
    expect(await sources.confirm(made.id)).toMatchObject({
      status: 'requires_action',
      client_secret: made.client_secret,
    })
    const kept = { method: 'pm_apple', customer: `cus_${made.id}`, card: applePay }
    setup.states.set(`seti_${made.id}`, { kind: 'named', ...kept })
    const named = await sources.confirm(made.id)
    expect(named).toMatchObject({ status: 'active', card: applePay, client_secret: null })
    expect(await sources.confirm(made.id)).toEqual(named)
    const row = await getPaymentSource(api.database.db, world.a.account.id, made.id)
    expect(row).toMatchObject({ pspPaymentMethod: 'pm_apple', pspCustomer: `cus_${made.id}` })
  })

  it('that is given up there is declined, and stays without a card', async () => {
    const { payment_sources: sources } = world.a.lane
    const made = await sources.create({ driver: newDriver(), type: 'card' })
    setup.states.set(`seti_${made.id}`, { kind: 'refused', code: 'setup_canceled' })
    const error = await refusal(sources.confirm(made.id))
    expect(error).toMatchObject({ code: 'payment_declined', status: 402 })
    expect(await sources.get(made.id)).toMatchObject({ status: 'requires_action', card: null })
  })

  it('is not begun while the provider is out', async () => {
    setup.isOut = true
    const error = await refusal(
      world.a.lane.payment_sources.create({ driver: newDriver(), type: 'card' }),
    )
    setup.isOut = false
    expect(error).toMatchObject({ code: 'psp_unavailable', status: 503 })
  })
})

describe('a payment source', () => {
  it('shows the brand and the last digits of a card that was named by its id', async () => {
    const made = await world.a.lane.payment_sources.create({
      driver: newDriver(),
      type: 'card',
      payment_method: 'pm_card_visa',
    })
    expect(made).toMatchObject({ status: 'active', card: { brand: 'visa', last4: '4242' } })
  })

  it('of another kind is never without what it names', async () => {
    const wish = { driver: newDriver(), type: 'wallet' as const }
    expect(await refusal(world.a.lane.payment_sources.create(wish))).toMatchObject({
      code: 'invalid_value',
      param: 'payment_method',
    })
  })

  it('is listed by driver, its own account’s only', async () => {
    const { payment_sources: sources } = world.a.lane
    const first = await sources.create({ driver: newDriver(), type: 'card' })
    const second = await sources.create({ driver: newDriver(), type: 'card' })
    const { data } = await sources.list({ driver: second.driver.id })
    expect(data.map(({ id }) => id)).toEqual([second.id])
    expect((await sources.list({ limit: 2 })).data.map(({ id }) => id)).toEqual([
      second.id,
      first.id,
    ])
    expect((await world.b.lane.payment_sources.list({ driver: second.driver.id })).data).toEqual([])
    expect(await refusal(world.b.lane.payment_sources.confirm(first.id))).toMatchObject({
      status: 404,
    })
  })

  it('that is given up is forgotten at its provider, once, and starts nothing', async () => {
    const { payment_sources: sources } = world.a.lane
    const made = await sources.create({
      driver: newDriver(),
      type: 'card',
      payment_method: 'pm_card_mastercard',
    })
    const gone = await sources.detach(made.id)
    expect(gone.status).toBe('detached')
    expect(await sources.detach(made.id)).toEqual(gone)
    expect(setup.detached).toEqual(['pm_card_mastercard'])
    const wish = { evse: 'DE*VWL*E1001*1', payment_source: made.id }
    expect(await refusal(world.a.lane.quotes.create(wish))).toMatchObject({
      code: 'payment_declined',
    })
    expect(await refusal(sources.confirm(made.id))).toMatchObject({ code: 'invalid_transition' })
  })
})

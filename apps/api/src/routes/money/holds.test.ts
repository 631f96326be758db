import { changePayment, openPayment } from '@chargelane/db/queries/payments/payments'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addEvse, cardOf, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

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

async function start() {
  const evse = await addEvse(api, world, 'DE*VWL*E3000*1')
  const source = await cardOf(world.a.lane, 'driver-of-holds')
  const quote = await world.a.lane.quotes.create({ evse, payment_source: source.id })
  return { source, session: await world.a.lane.sessions.create({ quote: quote.id }) }
}

describe('holds', () => {
  it('are found by session, driver, status and the provider’s reference, page by page', async () => {
    const { db } = api.database
    const { source, session } = await start()
    const at = api.deps.now()
    const open = (attempt: number) =>
      openPayment(db, {
        sessionId: session.id,
        accountId: world.a.account.id,
        attempt,
        paymentSourceId: source.id,
        kind: 'card',
        hold: { amount: 2_000, currency: 'EUR' },
        releaseBy: at,
        at,
      })
    const reference = (attempt: number) => `pi_${session.id}_${attempt}`
    const become = async (attempt: number, patch: Parameters<typeof changePayment>[2]) => {
      const { id } = await open(attempt)
      const pspId = reference(attempt)
      await db.tx((tx) => changePayment(tx, id, { pspId, ...patch }, at))
      return id
    }
    const captured = { amount: 1_180, currency: 'EUR' }
    await become(1, { status: 'captured', captured, heldAt: at, raises: 1 })
    await become(2, { status: 'voided', heldAt: at, isExpired: true })
    await become(3, { status: 'voided', heldAt: at })
    await become(4, { status: 'authorized', heldAt: at, raises: 2 })
    await become(5, { status: 'authorized', heldAt: at })
    const declined = await become(6, { status: 'declined', declineCode: 'insufficient_funds' })
    const { lane } = world.a
    const all = await lane.holds.list({ session: session.id })
    expect(all.data.map(({ status }) => status)).toEqual([
      'created',
      'increased',
      'released',
      'expired',
      'captured',
    ])
    for (const hold of all.data) {
      const { status, payment, psp_reference } = hold
      expect((await lane.holds.list({ session: session.id, status })).data).toEqual([hold])
      expect((await lane.holds.list({ psp_reference: psp_reference ?? '' })).data).toEqual([hold])
      expect(await lane.holds.get(hold.id)).toEqual(hold)
      expect(await lane.payments.get(payment)).toMatchObject({ hold: hold.id, type: 'card' })
    }
    expect(await lane.payments.get(declined)).toMatchObject({ hold: null, status: 'declined' })
    expect((await refusal(lane.holds.get(`hld_${declined.slice(4)}`))).code).toBe(
      'resource_missing',
    )
    const driver = session.driver?.id ?? ''
    const first = await lane.holds.list({ driver, limit: 2 })
    const next = await lane.holds.list({ driver, limit: 2, cursor: first.next_cursor ?? '' })
    expect([...first.data, ...next.data]).toEqual(all.data.slice(0, 4))
    expect((await lane.payments.list({ driver, status: 'declined' })).data).toHaveLength(1)
    expect((await world.b.lane.holds.list({ session: session.id })).data).toEqual([])
    const [hold] = all.data
    expect((await refusal(world.b.lane.holds.get(hold?.id ?? ''))).status).toBe(404)
  })
})

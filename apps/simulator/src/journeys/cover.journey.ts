// Energy ends with the money that is held for it, over real sockets: a charger, a card provider, a partner.
import { describe, expect, test } from 'vitest'
import {
  eventually,
  finance,
  isCaptured,
  isCharging,
  newCharger,
  newPartner,
  psp,
  quote,
} from './product.ts'
import type { Partner } from './product.ts'

/** A car that would take 280 kWh, at a charger where ten minutes are played in six seconds. */
const car = { speed: 100, powerW: 50_000, batteryWh: 280_000, meterIntervalS: 30 } as const

/** Ten minutes at full power are 14.75, and this expects less: 15.00 are held. */
async function start(partner: Partner, evse: string, card: string) {
  const offer = await quote(partner, evse, await partner.source(card), 1_000)
  expect(offer.hold_amount).toEqual({ amount: 1_500, currency: 'EUR' })
  return partner.lane.sessions.create({ quote: offer.id })
}

/** Of a partner of its own, whose only session it is. */
const typesOf = async (partner: Partner) =>
  (await partner.lane.events.list({ limit: 100 })).data.map((each) => each.type)

const capturedOf = async (session: string) =>
  (await psp.captures(session)).reduce((sum, { amount }) => sum + amount, 0)

describe('a charge that would cost more than is held', () => {
  test('is stopped where nobody holds more, and nobody is paid what nobody paid', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger(car)
    const { id } = await start(partner, evse_id, 'pm_sandbox_neverRaised')
    await psp.fault({
      operation: 'payment_intents.create',
      match: { session_id: id },
      action: { kind: 'decline', decline_code: 'insufficient_funds' },
      times: 5,
    })
    await partner.lane.sessions.waitFor(id, isCharging)
    await eventually(async () => {
      const { cost_so_far, power_w } = await partner.lane.sessions.get(id)
      expect(cost_so_far?.amount ?? 0).toBeGreaterThan(0)
      expect(power_w).toBe(50_000)
    })
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 60_000 })
    expect(sold.end_reason).toBe('limit')
    expect(sold.energy_wh).toBeLessThan(40_000)
    expect(await capturedOf(id)).toBeLessThanOrEqual(1_500)
    expect(await typesOf(partner)).toEqual(
      expect.arrayContaining(['session.limit_approaching', 'session.auto_stopped']),
    )
    await charger.stop()
  })

  test('goes on where the card gives more, and pays once out of the raised hold', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger({ ...car, batteryWh: 45_000 })
    const { id } = await start(partner, evse_id, 'pm_card_visa')
    await partner.lane.sessions.waitFor(id, isCharging)
    await eventually(async () => {
      const { energy_wh } = await partner.lane.sessions.get(id)
      expect(energy_wh).toBe(45_000)
    }, 60_000)
    await partner.lane.sessions.stop(id)
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 30_000 })
    expect(sold.end_reason).toBe('requested')
    // 45 kWh at 0.59.
    expect(await psp.captures(id)).toMatchObject([{ amount: 2_655 }])
    expect((await finance.payments.list({ session: id })).data).toHaveLength(1)
    await charger.stop()
  })
})

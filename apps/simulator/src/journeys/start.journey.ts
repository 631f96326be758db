import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  assertMoneyIsRight,
  eventually,
  isCaptured,
  isCharging,
  isReleased,
  newCharger,
  newOcpiCpo,
  newPartner,
  problemOf,
  psp,
  quote,
  sellOnce,
} from './product.ts'

const zMoney = z.object({ amount: z.number(), currency: z.string() })
const zAlternatives = z.array(z.object({ evse: z.string(), quote: z.string(), total: zMoney }))

describe('starting a session', () => {
  test('F01: a repeated start is one session, one hold, one command', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const offer = await quote(partner, evse_id, await partner.source())
    const key = { idempotencyKey: `start-${offer.id}` }
    const [first, second] = await Promise.all([
      partner.lane.sessions.create({ quote: offer.id }, key),
      eventually(() => partner.lane.sessions.create({ quote: offer.id }, key)),
    ])
    expect(second.id).toBe(first.id)
    const other = await problemOf(
      partner.lane.sessions.create({ quote: offer.id, external_id: 'other' }, key),
    )
    expect(other.code).toBe('idempotency_key_reused')
    await partner.lane.sessions.waitFor(first.id, isCharging)
    expect(
      charger.log.filter((frame) => JSON.stringify(frame).includes('RemoteStartTransaction')),
    ).toHaveLength(1)
    const again = await quote(
      partner,
      evse_id,
      (await partner.lane.quotes.get(offer.id)).payment_source,
    )
    const active = await problemOf(partner.lane.sessions.create({ quote: again.id }))
    expect(active.code).toBe('session_already_active')
    expect(JSON.stringify(active.problem)).toContain(first.id)
    await wait(500)
    await partner.lane.sessions.stop(first.id)
    await assertMoneyIsRight(await partner.lane.sessions.waitFor(first.id, isCaptured))
    await charger.stop()
  })

  test('F02: an open quote keeps its price although the operator changed the tariff before and during', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish } = await newCharger()
    const offer = await quote(partner, evse_id, await partner.source())
    await publish(0.9, '2026-10-02T00:00:00.000Z')
    const started = await partner.lane.sessions.create({ quote: offer.id })
    await partner.lane.sessions.waitFor(started.id, isCharging)
    await publish(1.9, '2026-10-03T00:00:00.000Z')
    await wait(800)
    await partner.lane.sessions.stop(started.id)
    const sold = await partner.lane.sessions.waitFor(started.id, isCaptured)
    const kwh = sold.energy_wh / 1000
    expect(sold.totals?.excl_tax.amount).toBeCloseTo(kwh * 49.58, -1)
    expect(sold.totals?.excl_tax.amount).toBeLessThan(kwh * 51)
    const next = await quote(partner, evse_id, offer.payment_source)
    expect(next.components[0]?.net_unit_price).toBe('1.9')
    await assertMoneyIsRight(sold)
    await charger.stop()
  })

  test('F03: accepted but nothing starts: the driver is told, the hold is released, and the EVSE is free for others while the watch goes on', async () => {
    const partner = await newPartner()
    const other = await newPartner()
    const { evse_id, charger } = await newCharger({ scenario: 'no_start' })
    // With a car at the plug: without one it is the plug that is waited for (F08).
    charger.plugIn()
    const offer = await quote(partner, evse_id, await partner.source())
    const started = await partner.lane.sessions.create({ quote: offer.id })
    await partner.lane.sessions.waitFor(
      started.id,
      (session) => session.status === 'start_unconfirmed',
    )
    const released = await partner.lane.sessions.waitFor(started.id, isReleased)
    expect(released.hold?.captured).toBeNull()
    expect(await eventTypes(partner, started.id)).toEqual(
      expect.arrayContaining(['session.start_unconfirmed', 'hold.released']),
    )
    await assertMoneyIsRight(released)
    charger.set({ scenario: 'normal' })
    const sold = await sellOnce(other, evse_id)
    await assertMoneyIsRight(sold)
    expect(await partner.lane.sessions.get(started.id)).toMatchObject({
      status: 'start_unconfirmed',
      money_status: 'released',
      energy_wh: 0,
    })
    await charger.stop()
  })

  test('F04: a start after the timeout is adopted into the same session and paid by a second hold', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger({ scenario: 'late_start', lateStartMs: 15_000 })
    const offer = await quote(partner, evse_id, await partner.source())
    const started = await partner.lane.sessions.create({ quote: offer.id })
    await partner.lane.sessions.waitFor(started.id, isReleased, { timeoutMs: 20_000 })
    await partner.lane.sessions.waitFor(started.id, isCharging, { timeoutMs: 20_000 })
    await wait(800)
    await partner.lane.sessions.stop(started.id)
    const sold = await partner.lane.sessions.waitFor(started.id, isCaptured, { timeoutMs: 30_000 })
    const events = await eventTypes(partner, started.id)
    expect(events).toContain('session.late_start_adopted')
    await assertMoneyIsRight(sold)
    await charger.stop()
  })

  test('F04: a late start that cannot be funded is stopped at once and costs nothing', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger({
      scenario: 'late_start',
      lateStartMs: 15_000,
      speed: 1,
    })
    const offer = await quote(partner, evse_id, await partner.source())
    const started = await partner.lane.sessions.create({ quote: offer.id })
    const released = await partner.lane.sessions.waitFor(started.id, isReleased, {
      timeoutMs: 20_000,
    })
    await psp.fault({
      operation: 'payment_intents.create',
      match: { session_id: started.id },
      action: { kind: 'decline', decline_code: 'insufficient_funds' },
    })
    await eventually(
      async () =>
        expect(await eventTypes(partner, started.id)).toContain('session.late_start_stopped'),
      25_000,
    )
    await eventually(async () => expect(charger.status().connectors[0]?.transaction).toBeNull())
    await assertMoneyIsRight(released)
    await charger.stop()
  })

  test('F05: a refused start releases the hold and offers three alternatives, each with a quote that starts', async () => {
    const partner = await newPartner()
    const kiel = { latitude: 54.32, longitude: 10.13 }
    const { evse_id, charger } = await newCharger({ scenario: 'reject_start' }, kiel)
    const others = await Promise.all([1, 2, 3, 4].map(() => newCharger({}, kiel)))
    const offer = await quote(partner, evse_id, await partner.source())
    const started = await partner.lane.sessions.create({ quote: offer.id })
    const failed = await partner.lane.sessions.waitFor(started.id, 'start_failed')
    expect(failed.failure?.code).toBe('start_rejected')
    await assertMoneyIsRight(await partner.lane.sessions.waitFor(started.id, isReleased))
    expect(await eventTypes(partner, started.id)).toEqual(
      expect.arrayContaining(['session.start_failed', 'hold.released']),
    )
    const { failure } = await partner.lane.sessions.get(started.id)
    const alternatives = zAlternatives.parse(failure?.['alternatives'])
    expect(alternatives).toHaveLength(3)
    const nearby = others.map(({ evse }) => evse)
    for (const { evse, quote: made, total } of alternatives) {
      expect(nearby).toContain(evse)
      const { status, payment_source, applied_price_total } = await partner.lane.quotes.get(made)
      expect({ status, payment_source }).toEqual({
        status: 'open',
        payment_source: offer.payment_source,
      })
      expect(applied_price_total).toEqual(total)
    }
    const instead = await partner.lane.sessions.create({ quote: alternatives[0]?.quote ?? '' })
    await partner.lane.sessions.waitFor(instead.id, isCharging)
    await wait(500)
    await partner.lane.sessions.stop(instead.id)
    await assertMoneyIsRight(await partner.lane.sessions.waitFor(instead.id, isCaptured))
    for (const each of [charger, ...others.map((other) => other.charger)]) await each.stop()
  })

  test('F06: an operator that cannot be reached is told while the partner waits, and nothing is held', async () => {
    const partner = await newPartner()
    const { evse_id, charger, cpo } = await newCharger()
    const offer = await quote(partner, evse_id, await partner.source())
    await charger.stop()
    await eventually(async () =>
      expect((await cpo.lane.charge_stations.list()).data).toMatchObject([{ online: false }]),
    )
    const problem = await problemOf(partner.lane.sessions.create({ quote: offer.id }))
    expect(problem.code).toBe('cpo_unreachable')
    expect(problem.retryable).toBe(true)
    const [session] = (await partner.lane.sessions.list()).data
    expect(session?.hold).toBeNull()
  })

  test('F06: the same over OCPI, when the operator refuses connections', async () => {
    const partner = await newPartner()
    const { cpo, evse } = await ocpiEvse(partner)
    const offer = await quote(partner, evse, await partner.source())
    await cpo.stop()
    const problem = await problemOf(partner.lane.sessions.create({ quote: offer.id }))
    expect(problem.code).toBe('cpo_unreachable')
  })

  test('F10: a card that asks for 3-D Secure starts nothing until the payer has answered', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const offer = await quote(
      partner,
      evse_id,
      await partner.source('pm_card_authenticationRequired'),
    )
    const problem = await problemOf(partner.lane.sessions.create({ quote: offer.id }))
    expect(problem.code).toBe('authentication_required')
    expect(JSON.stringify(problem.problem)).toContain('client_secret')
    expect(charger.log.some((frame) => JSON.stringify(frame).includes('RemoteStart'))).toBe(false)
    const [session] = (await partner.lane.sessions.list()).data
    if (session === undefined) throw new Error('the session is missing')
    const [hold] = await psp.openHolds(
      (await partner.lane.payments.list({ session: session.id })).data.map((each) => each.id),
    )
    const pspId = hold?.pspId ?? /pi_[A-Za-z0-9]+/.exec(JSON.stringify(problem.problem))?.[0] ?? ''
    await psp.authenticate(pspId, true)
    await partner.lane.sessions.waitFor(session.id, isCharging)
    await wait(500)
    await partner.lane.sessions.stop(session.id)
    await assertMoneyIsRight(await partner.lane.sessions.waitFor(session.id, isCaptured))
    await charger.stop()
  })

  test('F11: a declined card starts nothing and leaves nothing behind', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const offer = await quote(
      partner,
      evse_id,
      await partner.source('pm_card_chargeDeclinedInsufficientFunds'),
    )
    const problem = await problemOf(partner.lane.sessions.create({ quote: offer.id }))
    expect(problem.code).toBe('payment_declined')
    expect(JSON.stringify(problem.problem)).toContain('insufficient_funds')
    expect(charger.log.some((frame) => JSON.stringify(frame).includes('RemoteStart'))).toBe(false)
    await charger.stop()
  })

  test('F12: the hold is sized from the quote, and what is not captured is released with the capture', async () => {
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const sold = await sellOnce(partner, evse_id)
    const offer = await partner.lane.quotes.get(sold.quote)
    expect(sold.hold?.amount).toEqual(offer.hold_amount)
    expect(sold.hold?.captured?.amount).toBeLessThanOrEqual(offer.hold_amount.amount)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

async function eventTypes(
  partner: Awaited<ReturnType<typeof newPartner>>,
  sessionId: string,
): Promise<string[]> {
  const types: string[] = []
  for await (const event of partner.lane.events.list({ limit: 100 }))
    if (JSON.stringify(event).includes(sessionId)) types.push(event.type)
  return types
}

/** The first sellable EVSE of a fresh OCPI operator. */
async function ocpiEvse(partner: Awaited<ReturnType<typeof newPartner>>) {
  const made = await newOcpiCpo()
  const found = await partner.lane.evses.search({
    near: { latitude: 46.948, longitude: 7.4474 },
    radius_m: 100_000,
    limit: 100,
    available_only: true,
  })
  const evse = found.data.find((each) => each.cpo.id === made.account.account.id && each.sellable)
  if (evse === undefined)
    throw new Error(`none of ${found.data.length} EVSEs belongs to the operator`)
  return { ...made, evse: evse.id }
}

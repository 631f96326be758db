// A card through every flow: what is held, told and taken in each, and what is left of it.
import { describe, expect, test } from 'vitest'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { getPaymentSource } from '@chargelane/db/queries/partners/drivers'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { money } from '@chargelane/rules/money'
import type { Corridor } from '../../testing/corridor.ts'
import {
  charge,
  eventsOf,
  type Market,
  paymentOf,
  sessionResult,
  settle,
  type Started,
  startSession,
  tellPayment,
  useCorridor,
} from '../../testing/market.ts'

const minute = 60_000
let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const eur = (amount: number) => money(amount, 'EUR')

const commandsOf = ({ sessionId }: Started) =>
  corridor.operator.calls
    .filter((each) => each.sessionId === sessionId)
    .map(({ call }) => call)
    .filter((call) => call !== 'probe')

describe('a decline', () => {
  test('F11: leaves nothing held, sends no command, and says what the issuer advises', async () => {
    corridor.payments.next = ['declined']
    const refused = await startSession(corridor, market)
    expect(refused.answer).toMatchObject({
      kind: 'refused',
      code: 'payment_declined',
      extra: { decline_code: 'insufficient_funds', next_action: { type: 'use_other_source' } },
    })
    expect(await sessionResult(corridor, refused)).toMatchObject({ outcome: 'refused' })
    expect(commandsOf(refused)).toEqual([])
    expect(await paymentOf(corridor, refused)).toMatchObject({ status: 'declined', heldAt: null })
    expect(await eventsOf(corridor, market, refused)).not.toContain('hold.created')
  })

  test('that advises not to ask again is not asked again, however often the driver starts', async () => {
    corridor.payments.next = ['declined']
    corridor.payments.declineWith = {
      declineCode: 'stolen_card',
      advice: 'do_not_try_again',
      networkCode: '43',
    }
    const first = await startSession(corridor, market)
    expect(first.answer).toMatchObject({
      extra: { decline_advice: 'do_not_try_again', network_decline_code: '43' },
    })
    await sessionResult(corridor, first)
    const { db, payments } = corridor
    const source = await getPaymentSource(db, market.partner.id, market.source.id)
    expect(source?.status).toBe('failing')
    const asked = payments.calls.length
    const second = await startSession(corridor, market)
    expect(second.answer).toMatchObject({ extra: { decline_code: 'payment_source_failing' } })
    await sessionResult(corridor, second)
    expect(payments.calls.slice(asked).filter(({ call }) => call === 'authorize')).toEqual([])
  })
})

describe('a challenge', () => {
  test('F10: is answered with what the driver’s device needs, and no command is sent until it is passed', async () => {
    corridor.payments.next = ['requires_action']
    const session = await startSession(corridor, market)
    expect(session.answer).toMatchObject({
      kind: 'refused',
      code: 'authentication_required',
      extra: { client_secret: expect.any(String), publishable_key: 'pk_test_fake' },
    })
    expect(commandsOf(session)).toEqual([])
    const { pspId } = (await paymentOf(corridor, session))!
    corridor.payments.authenticate(pspId!, true)
    await tellPayment(session, pspId!)
    await charge(corridor, market, 10_000, session)
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: eur(590) })
  })

  test('F10: that nobody answers in ten minutes ends with nothing held and no command sent', async () => {
    corridor.payments.next = ['requires_action']
    const session = await startSession(corridor, market)
    await corridor.pass(10 * minute)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'refused' })
    expect(commandsOf(session)).toEqual([])
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided', heldAt: null })
  })
})

describe('while the provider is out', () => {
  test('F16: a card is refused before the hold, with when to come back, and leaves no payment', async () => {
    corridor.payments.isOut = { retryAfterS: 20 }
    const refused = await startSession(corridor, market)
    expect(refused.answer).toMatchObject({
      code: 'psp_unavailable',
      extra: { retry_after_ms: 20_000, next_action: { type: 'use_other_source' } },
    })
    // Nothing was begun, so there is nothing to wait for the provider with.
    expect(await sessionResult(corridor, refused)).toMatchObject({ outcome: 'refused' })
    expect(await paymentsOf(corridor.db, refused.sessionId)).toEqual([])
  })

  test('F16: a session that runs goes on, and is asked for more once the provider is back', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    corridor.payments.plans.set(session.sessionId, { refuseIncrease: 'not_supported_by_card' })
    corridor.payments.isOut = { retryAfterS: 20 }
    for (let at = 1; at <= 20; at++) {
      // What is held covers about 60 kWh; from the 18th minute on more is wanted.
      await corridor.operator.meter(session.sessionId, at * 2_500, at)
      await corridor.pass(minute)
      if ((await eventsOf(corridor, market, session)).includes('session.limit_approaching'))
        corridor.payments.isOut = undefined
    }
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
    expect(await eventsOf(corridor, market, session)).not.toContain('session.auto_stopped')
  })
})

/** A card that gives no more than was held at first, and a car that takes it all the same. */
async function chargeBeyond(energyWh: number): Promise<Started> {
  const session = await startSession(corridor, market)
  corridor.payments.plans.set(session.sessionId, {
    refuseIncrease: 'not_supported_by_card',
    again: 'declined',
  })
  return charge(corridor, market, energyWh, session)
}

describe('a hold that is less than what is owed', () => {
  test('by less than a card is charged is captured whole, and nobody owes the rest', async () => {
    // 60 kWh at 0.59 is 35.40.
    const session = await chargeBeyond(60_000)
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await paymentsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'captured', captured: eur(3_500), hold: eur(3_500) },
      { status: 'declined' },
    ])
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
  })

  test('and may be exceeded is captured to what is owed at once, and no debt is left', async () => {
    corridor.payments.overcapture = 700
    // 65 kWh at 0.59.
    const session = await chargeBeyond(65_000)
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await paymentOf(corridor, session)).toMatchObject({
      captured: eur(3_835),
      hold: eur(3_835),
    })
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
  })

  test('even so leaves a debt of exactly what is missing', async () => {
    corridor.payments.overcapture = 100
    const session = await chargeBeyond(65_000)
    await settle(corridor, session)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: eur(3_600) })
    expect(await debtOfSession(corridor.db, session.sessionId)).toMatchObject({ amount: eur(235) })
  })
})

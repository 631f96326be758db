// Story 1: 20.00 are held, a car that would take 165.16 draws 150 kW, and its meter tells every 300 s. How far the price
// can run beyond the hold, and whose that is.
import { describe, expect, test } from 'vitest'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { money } from '@chargelane/rules/money'
import { makeQuote } from '../../quote/make.ts'
import { paymentOf, settleAll, startSession, useCorridor, waitsFor } from '../market.ts'
import type { Market, Started } from '../market.ts'
import type { Corridor } from '../corridor.ts'

const minute = 60_000
const whPerMinute = 150_000 / 60
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const eur = (amount: number) => money(amount, 'EUR')

/** On a quote for 25 kWh, which are held with 20.00, of a card that gives no more. */
async function start(): Promise<Started> {
  const now = await corridor.nowIso()
  const made = await corridor.db.tx((sql) =>
    makeQuote(
      { sql, signer: corridor.signer, now },
      {
        accountId: market.partner.id,
        evse: market.evseIds[0]!,
        paymentSource: market.source.id,
        channel: 'app',
        energyWh: 25_000,
      },
    ),
  )
  if (made.kind === 'refused') throw new Error(made.message)
  const session = await startSession(corridor, market, made.row.id)
  const refuses = { refuseIncrease: 'not_supported_by_card', again: 'declined' } as const
  corridor.payments.plans.set(session.sessionId, refuses)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  expect(await paymentOf(corridor, session)).toMatchObject({ hold: eur(2_000) })
  return session
}

/**
 * Time passes by the minute, the meter tells every fifth, and the record says what has flowed by the end of the minute in
 * which the charge ends. Returns that minute.
 */
async function draw({ sessionId }: Started, until: (minutes: number) => boolean): Promise<number> {
  const { operator } = corridor
  let shown = 0
  for (let minutes = 1; ; minutes++) {
    const flowed = whPerMinute * minutes
    operator.scripts.set(sessionId, {
      ...operator.scripts.get(sessionId),
      overclaimWh: flowed - shown,
    })
    await corridor.pass(minute)
    if (until(minutes)) return minutes
    if (minutes % 5 === 0) await operator.meter(sessionId, (shown = flowed), minutes)
  }
}

const isOver = ({ sessionId }: Started) =>
  corridor.operator.charges.get(sessionId)?.endedAt !== undefined

describe('a car of 150 kW whose meter tells every 300 s', () => {
  test('is stopped before 20.00 are used up, whatever no reading has shown yet', async () => {
    corridor.operator.behave({ readBy: 'peer' })
    const session = await start()
    const minutes = await draw(session, () => isOver(session))
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(row.endReason).toBe('limit')
    expect({ minutes, gross: row.totalGrossMinor }).toEqual({ minutes: 12, gross: 1_770 })
    expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
  })

  test('and whose charger obeys no stop for three minutes runs over by so much, which the operator waits for', async () => {
    corridor.operator.behave({ readBy: 'peer', endsOnStop: false })
    const session = await start()
    const { sessionId } = session
    let asked = 0
    await draw(session, (minutes) => {
      const stops = corridor.operator.calls.filter(
        (each) => each.call === 'stop' && each.sessionId === sessionId,
      ).length
      if (stops > 0 && asked === 0) asked = minutes
      return asked > 0 && minutes === asked + 3
    })
    await corridor.operator.endCharging(sessionId)
    await waitsFor(session, 'settlement')
    const { totalGrossMinor } = (await getSession(corridor.db, 'all', sessionId)) ?? {}
    const overrun = (totalGrossMinor ?? 0) - 2_000
    expect(overrun).toBe(213)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: eur(2_000) })
    expect(await debtOfSession(corridor.db, sessionId)).toMatchObject({ amount: eur(overrun) })
    await settleAll(corridor)
    const due = (await payablesOfSession(corridor.db, sessionId)).filter(({ waits }) => !waits)
    const paid = due.reduce((sum, { amount }) => sum + amount.amount, 0)
    expect(paid).toBeLessThanOrEqual(2_000)
  })
})

// Stories of energy that nobody paid, with the ledger lines they leave: nobody is paid beyond what there is.
import { describe, expect, test } from 'vitest'
import { settlementsOfSession } from '@chargelane/db/queries/documents/settlements'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { evidenceZip, latestEvidence } from '@chargelane/db/queries/documents/evidence'
import { readArchive } from '@chargelane/rules/evidence/archive'
import { verifyPack } from '@chargelane/sdk/verify'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import {
  charge,
  type Market,
  paymentOf,
  sessionResult,
  settle,
  settleAll,
  startSession,
  useCorridor,
} from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'
import { giveUpDebt, payDebt } from './debts.ts'

let corridor: Corridor
let market: Market
useCorridor((startedCorridor, freshMarket) => {
  corridor = startedCorridor
  market = freshMarket
})

const minute = 60_000
const by = async (keyId = 'key_1') => ({ keyId, now: await corridor.nowIso() })

/** Of what the CPO is owed of a session: paid out, due and waiting. */
async function cpoOf(sessionId: string) {
  const rows = (await settlementsOfSession(corridor.db, sessionId)).filter(
    ({ payee }) => payee.role === 'cpo',
  )
  const total = (some: typeof rows) => some.reduce((sum, { amount }) => sum + amount.amount, 0)
  return {
    paid: total(rows.filter(({ state }) => state === 'paid')),
    due: total(rows.filter(({ state, waits }) => state !== 'paid' && !waits)),
    waiting: total(rows.filter(({ waits }) => waits)),
  }
}

/** What does not hold in the newest pack of a session. */
async function wrongIn(sessionId: string) {
  const zip = (await evidenceZip(corridor.db, sessionId)) ?? new Uint8Array()
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return checks.filter((check) => !check.ok)
}

const reseal = async () =>
  (await corridor.activities.resealPacks({ now: await corridor.nowIso() })).sessions

/** A session of 5.90 whose card refuses the capture. */
async function unpaidSession() {
  corridor.payments.refuseCapture = 'card_declined'
  const session = await charge(corridor, market, 10_000)
  await corridor.reaches(session.sessionId, { moneyStatus: 'capture_failed' })
  await corridor.pass(minute)
  expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'unpaid' })
  corridor.payments.behaveWell()
  const debt = await debtOfSession(corridor.db, session.sessionId)
  if (debt === undefined) throw new Error('a debt is opened')
  return { session, debt, sessionId: session.sessionId }
}

const awaiting = async () =>
  (await listIncidents(corridor.db, market.partner.id, { limit: 10, kind: 'awaiting_funds' })).data

const pay = async (id: string, amount: number, reference: string) =>
  payDebt(
    corridor.db,
    id,
    { amount: money(amount, 'EUR'), reference, received_at: await corridor.nowIso() },
    await by(),
  )

describe('a debt', () => {
  test('pays nobody while it is open; each part that is paid is passed on; then the source pays again', async () => {
    const { debt, sessionId } = await unpaidSession()
    await settleAll(corridor)
    expect(await cpoOf(sessionId)).toEqual({ paid: 0, due: 0, waiting: 530 })
    expect(await awaiting()).toMatchObject([{ status: 'open', atStake: money(590, 'EUR') }])
    await expect(startSession(corridor, market)).rejects.toThrow(/payment source is unpaid/)

    expect(await pay(debt.id, 295, 'R-1')).toMatchObject({
      status: 'open',
      outstanding: money(295, 'EUR'),
    })
    expect(await pay(debt.id, 295, 'R-1')).toMatchObject({ outstanding: money(295, 'EUR') })
    await settleAll(corridor)
    expect(await cpoOf(sessionId)).toEqual({ paid: 265, due: 0, waiting: 265 })

    // More than is owed: the rest waits for its owner.
    expect(await pay(debt.id, 300, 'R-2')).toMatchObject({
      status: 'paid',
      paid: money(590, 'EUR'),
      outstanding: money(0, 'EUR'),
    })
    await settleAll(corridor)
    expect(await cpoOf(sessionId)).toEqual({ paid: 530, due: 0, waiting: 0 })
    expect(await balanceOf(corridor.db, accounts.unmatched('EUR'))).toBe(-5)
    expect(await balanceOf(corridor.db, accounts.receivable(market.partner.id, 'EUR'))).toBe(0)
    expect(await awaiting()).toMatchObject([{ status: 'resolved', resolvedBy: 'corridor' }])
    const again = await startSession(corridor, market)
    expect(again.answer.kind).toBe('authorized')
  })

  test('is given up by two keys: waived the payees are paid, written off they bear it', async () => {
    for (const [verb, cpo, expense] of [
      ['waive', { paid: 530, due: 0, waiting: 0 }, 'expense:waived:EUR'],
      ['write_off', { paid: 0, due: 0, waiting: 0 }, 'expense:lost:EUR'],
    ] as const) {
      const { debt, sessionId } = await unpaidSession()
      const before = await balanceOf(corridor.db, expense)
      const wish = { id: debt.id, verb, reason: 'the charger was at fault' }
      const proposed = await giveUpDebt(corridor.db, wish, await by('key_1'))
      expect(proposed).toMatchObject({ status: 'open', proposal: { approved_by: null } })
      await expect(giveUpDebt(corridor.db, wish, await by('key_1'))).rejects.toThrow(DomainError)
      const done = await giveUpDebt(corridor.db, wish, await by('key_2'))
      expect(done.status).toBe(verb === 'waive' ? 'waived' : 'written_off')
      await expect(giveUpDebt(corridor.db, wish, await by('key_3'))).rejects.toThrow(/is w/)
      await settleAll(corridor)
      expect(await cpoOf(sessionId)).toEqual(cpo)
      // Who waited bears 5.30 and the partner's share; the platform only its own part.
      expect((await balanceOf(corridor.db, expense)) - before).toBeGreaterThan(0)
      expect(await balanceOf(corridor.db, accounts.receivable(market.partner.id, 'EUR'))).toBe(0)
    }
  })

  test('is guaranteed as far as its partner’s credit goes: the operator is paid that at once', async () => {
    const line = { accountId: market.partner.id, limit: money(100, 'EUR'), deposit: 195 }
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) => putCreditLine(tx, { ...line, at }))
    corridor.payments.refuseCapture = 'card_declined'
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'capture_failed' })
    await corridor.pass(minute)
    await settle(corridor, session)
    const debt = await debtOfSession(corridor.db, session.sessionId)
    expect(debt).toMatchObject({ amount: money(590, 'EUR'), guaranteed: money(295, 'EUR') })
    expect(await cpoOf(session.sessionId)).toEqual({ paid: 265, due: 0, waiting: 265 })
  })

  test('that was proposed to be waived and then paid in part is proposed anew, for what is left', async () => {
    const { debt } = await unpaidSession()
    const waive = async (key: string) =>
      giveUpDebt(corridor.db, { id: debt.id, verb: 'waive', reason: `of ${key}` }, await by(key))
    await waive('key_1')
    await pay(debt.id, 100, 'R-part')
    const anew = await waive('key_2')
    expect(anew).toMatchObject({ status: 'open', proposal: { proposed_by: 'key_2' } })
    // Who proposed what is left cannot approve it; who proposed the whole can.
    await expect(waive('key_2')).rejects.toThrow(/another key/)
    expect(await waive('key_1')).toMatchObject({ status: 'waived', paid: money(100, 'EUR') })
  })
})

describe('a session beyond its hold', () => {
  test('pays the operator what was captured of it, and the pack says so and verifies', async () => {
    const session = await charge(corridor, market, 400_000)
    await settle(corridor, session)
    const payment = await paymentOf(corridor, session)
    const captured = payment?.captured?.amount ?? 0
    const { paid, waiting } = await cpoOf(session.sessionId)
    const whole = paid + waiting
    expect(paid).toBe(Math.floor((whole * captured) / 23_600))
    expect(paid).toBeLessThan(captured)
    const entries = await entriesOfSession(corridor.db, session.sessionId)
    expect(entries.map(({ kind }) => kind)).toContain('shortfall')
    expect(await wrongIn(session.sessionId)).toEqual([])
    const debt = await debtOfSession(corridor.db, session.sessionId)
    await pay(debt?.id ?? '', 23_600 - captured, `R-${session.sessionId}`)
    await settleAll(corridor)
    expect(await cpoOf(session.sessionId)).toEqual({ paid: whole, due: 0, waiting: 0 })
  })
})

describe('a pack', () => {
  test.each(['paid', 'waive', 'write_off'] as const)(
    'of a session that was over says afterwards that its debt was given up or paid (%s), and verifies; twice is once',
    async (how) => {
      const { debt, sessionId } = await unpaidSession()
      const before = await latestEvidence(corridor.db, sessionId)
      await corridor.pass(60 * minute)
      expect(await reseal()).not.toContain(sessionId)
      if (how === 'paid') await pay(debt.id, 590, `R-${sessionId}`)
      else
        for (const key of ['key_1', 'key_2'])
          await giveUpDebt(corridor.db, { id: debt.id, verb: how, reason: 'agreed' }, await by(key))
      await settleAll(corridor)
      await corridor.pass(60 * minute)
      expect(await reseal()).toContain(sessionId)
      const after = await latestEvidence(corridor.db, sessionId)
      expect(after?.revision).toBe((before?.revision ?? 0) + 1)
      expect(await wrongIn(sessionId)).toEqual([])
      const { entries } = readArchive(
        (await evidenceZip(corridor.db, sessionId)) ?? new Uint8Array(),
      )
      const { debt: told } = JSON.parse(new TextDecoder().decode(entries.get('payment.json')))
      expect(told).toMatchObject({
        status: { paid: 'paid', waive: 'waived', write_off: 'written_off' }[how],
      })
      await corridor.pass(60 * minute)
      expect(await reseal()).not.toContain(sessionId)
    },
  )
})

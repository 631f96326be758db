// A fleet's own account: its line, what is held and charged on it, and what it is paid back.
import { describe, expect, test } from 'vitest'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { heldOnAccount, putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listEvents } from '@chargelane/db/queries/outbox/outbox'
import { listDebts } from '@chargelane/db/queries/payments/debts'
import { getSettlement, settlementsOfSession } from '@chargelane/db/queries/documents/settlements'
import { accounts, mirrored, optionalEntry } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import {
  anotherPartner,
  charge,
  createMarket,
  createOffer,
  paymentOf,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import type { Market } from '../testing/market.ts'
import type { Corridor } from '../testing/corridor.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

// 30 kWh at 0.4958 net are 17.70 gross; commission 10 %: 1.49 net; of that a share of 30 %: 0.54 gross.
const saleGross = 1_770
const partnerShare = 54

/** The fleet's account as it is open for charging: a line, and one more driver with a source of its own. */
async function openLine(fleet: Market, limit: number, name = 'colleague'): Promise<Market> {
  const at = await corridor.nowIso()
  const { id } = fleet.partner
  await corridor.db.tx((tx) => putCreditLine(tx, { accountId: id, limit: money(limit, 'EUR'), at }))
  const driver = await getOrCreateDriver(corridor.db, id, name, at)
  const source = await createPaymentSource(corridor.db, {
    accountId: id,
    driverId: driver.id,
    kind: 'account',
    pspPaymentMethod: null,
    at,
  })
  return { ...fleet, driver, source }
}

describe('a fleet’s account', () => {
  test('serves one of two holds that come at once where its line has room for one', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    const colleague = await openLine(fleet, 6_000)
    const started = await Promise.all([
      startSession(corridor, fleet),
      startSession(corridor, colleague, await createOffer(corridor, colleague, 1)),
    ])
    const answers = started.map(({ answer }) => answer.kind)
    expect(answers.toSorted()).toEqual(['authorized', 'refused'])
    const refused = started.find(({ answer }) => answer.kind === 'refused')
    expect(refused?.answer).toMatchObject({ code: 'credit_limit_exceeded' })
    const line = { accountId: fleet.partner.id, currency: 'EUR' }
    expect((await heldOnAccount(corridor.db, line)).amount).toBeLessThanOrEqual(6_000)
    const served = started.find(({ answer }) => answer.kind === 'authorized')
    if (served === undefined) throw new Error('one is served')
    await charge(corridor, fleet, 10_000, served)
    await settle(corridor, served)
  })

  test('serves as many of ten starts at once as its line has room for, and no more', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    const sites = [market, ...(await Promise.all([1, 2, 3].map(() => createMarket(corridor))))]
    const places = sites.flatMap((site) => [0, 1, 2].map((evse) => ({ site, evse }))).slice(0, 10)
    const offers = await Promise.all(
      places.map(async ({ site, evse }, number) => {
        const colleague = await openLine({ ...site, partner: fleet.partner }, 11_000, `c-${number}`)
        return { colleague, offer: await createOffer(corridor, colleague, evse) }
      }),
    )
    const started = await Promise.all(
      offers.map(({ colleague, offer }) => startSession(corridor, colleague, offer)),
    )
    const served = started.filter(({ answer }) => answer.kind === 'authorized')
    const holds = await Promise.all(served.map((each) => paymentOf(corridor, each)))
    const [hold] = holds
    const fitting = Math.floor(11_000 / (hold?.hold.amount ?? 0))
    expect([served.length, started.length]).toEqual([fitting, 10])
    const line = { accountId: fleet.partner.id, currency: 'EUR' }
    expect(await heldOnAccount(corridor.db, line)).toEqual(
      money(fitting * (hold?.hold.amount ?? 0), 'EUR'),
    )
    for (const { sessionId } of served) {
      await corridor.reaches(sessionId, { status: 'charging' })
      await corridor.operator.meter(sessionId, 10_000, 10)
    }
    await corridor.pass(15 * 60_000)
    await Promise.all(served.map(({ sessionId }) => corridor.operator.endCharging(sessionId)))
    for (const session of served) await waitsFor(session, 'settlement')
    expect(await heldOnAccount(corridor.db, line)).toEqual(money(0, 'EUR'))
    const charged = await balanceOf(corridor.db, accounts.onAccount(fleet.partner.id, 'EUR'))
    expect(charged).toBe(fitting * 590)
    await settleAll(corridor)
  })

  test('is charged the hold and, within its line, what a session costs beyond it: nobody has a debt', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    await openLine(fleet, 100_000)
    const session = await charge(corridor, fleet, 400_000)
    await waitsFor(session, 'settlement')
    const { hold } = (await paymentOf(corridor, session))!
    const { id } = fleet.partner
    expect(hold.amount).toBeLessThan(23_600)
    expect(await balanceOf(corridor.db, accounts.onAccount(id, 'EUR'))).toBe(23_600)
    expect(await balanceOf(corridor.db, accounts.receivable(id, 'EUR'))).toBe(0)
    expect(await listDebts(corridor.db, id, { limit: 10 })).toEqual([])
    const told = (await listEvents(corridor.db, id, 0, 500)).map(({ type }) => type)
    expect(told).not.toContain('debt.created')
    await settle(corridor, session)
  })

  test('is paid back with its earnings what was kept back too much', async () => {
    const session = await charge(corridor, market, 30_000)
    await waitsFor(session, 'settlement')
    const { id } = market.partner
    // What it paid of a session was netted against other earnings; a late record then lowered it.
    const { sessionId } = session
    const netted = {
      debit: accounts.sponsored(id, 'EUR'),
      credit: accounts.psp('EUR'),
      amount: money(40, 'EUR'),
    }
    const head = { key: `${sessionId}:lowered`, sessionId }
    const back = optionalEntry(head, 'plan_contribution', mirrored([netted]))
    const effectiveAt = await corridor.nowIso()
    if (back === undefined) throw new Error('there is something to book')
    await corridor.db.tx((tx) => postEntry(tx, { ...back, effectiveAt }))
    await settle(corridor, session)
    const settled = await settlementsOfSession(corridor.db, session.sessionId)
    const own = settled.find(({ payee }) => payee.role === 'partner')
    expect(own).toMatchObject({ amount: { amount: partnerShare }, state: 'paid' })
    const paid = await getSettlement(corridor.db, 'all', own?.settlementId ?? '')
    expect(paid).toMatchObject({ amount: { amount: partnerShare + 40 } })
    expect(await balanceOf(corridor.db, accounts.sponsored(id, 'EUR'))).toBe(0)
    const pending = accounts.pending({ role: 'partner', id }, 'EUR')
    expect(await balanceOf(corridor.db, pending)).toBe(0)
  })

  test('is held within its line, gives back what is not used, and refuses beyond it', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    await expect(createOffer(corridor, fleet)).rejects.toThrow('no credit line in EUR')
    const at = await corridor.nowIso()
    const line = { accountId: fleet.partner.id, currency: 'EUR' }
    await corridor.db.tx((tx) =>
      putCreditLine(tx, { accountId: line.accountId, limit: money(6_000, 'EUR'), at }),
    )
    const now = await corridor.nowIso()
    const colleague = await getOrCreateDriver(corridor.db, fleet.partner.id, 'colleague', now)
    const source = await createPaymentSource(corridor.db, {
      accountId: fleet.partner.id,
      driverId: colleague.id,
      kind: 'account',
      pspPaymentMethod: null,
      at: now,
    })
    const other = { ...fleet, driver: colleague, source }
    const offer = await createOffer(corridor, other, 1)
    const first = await startSession(corridor, fleet)
    await corridor.reaches(first.sessionId, { status: 'charging' })
    const held = await heldOnAccount(corridor.db, line)
    expect(held).toEqual((await paymentOf(corridor, first))?.hold)
    expect(held.amount * 2).toBeGreaterThan(6_000)
    await expect(createOffer(corridor, other, 2)).rejects.toThrow('no room for')
    const second = await startSession(corridor, other, offer)
    expect(second.answer).toMatchObject({ kind: 'refused', code: 'credit_limit_exceeded' })
    expect(await heldOnAccount(corridor.db, line)).toEqual(held)
    await charge(corridor, fleet, 10_000, first)
    await waitsFor(first, 'settlement')
    expect(await heldOnAccount(corridor.db, line)).toEqual(money(0, 'EUR'))
    expect(await balanceOf(corridor.db, accounts.onAccount(fleet.partner.id, 'EUR'))).toBe(590)
    await settle(corridor, first)
  })

  test('a late record of a session on account lowers what the account owes', async () => {
    const fleet = await anotherPartner(corridor, market, 'account')
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      putCreditLine(tx, { accountId: fleet.partner.id, limit: money(9_000, 'EUR'), at }),
    )
    corridor.operator.behave({ sendsRecord: false })
    const session = await charge(corridor, fleet, 30_000)
    await corridor.reaches(session.sessionId, { status: 'ended' })
    await corridor.pass(25 * 3_600_000)
    await waitsFor(session, 'settlement')
    await settleAll(corridor)
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })
    corridor.operator.behave({ sendsRecord: false, overclaim: -500 })
    await corridor.operator.sendRecord(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'adjusted' })
    const receivable = accounts.onAccount(fleet.partner.id, 'EUR')
    expect(await balanceOf(corridor.db, receivable)).toBe(saleGross - 500)
  })
})

import { describe, expect, test } from 'vitest'
import { evidenceZip, latestEvidence } from '@chargelane/db/queries/documents/evidence'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { disputeOfProvider } from '@chargelane/db/queries/disputes/disputes'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { giveBack } from '../books/give-back.ts'
import { hearProvider } from '../books/told-by-provider.ts'
import type { ToldByProvider } from '../payment/payment.ts'
import { corridorQueue, workflowTypes } from '../contract.ts'
import type { Corridor } from './corridor.ts'
import {
  charge,
  type Market,
  paymentOf,
  resultNow,
  settle,
  type Started,
  useCorridor,
} from './market.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const eur = (amount: number) => money(amount, 'EUR')

async function decide(session: Started, amount: Money | undefined, refundId = newId('refund')) {
  const payment = await paymentOf(corridor, session)
  if (payment === undefined) throw new Error('no payment')
  const by = { keyId: 'key_finance', now: await corridor.nowIso() }
  const wish = { refundId, paymentId: payment.id, reason: 'goodwill' } as const
  return giveBack(corridor.db, amount === undefined ? wish : { ...wish, amount }, by)
}

/** As the API does it: decided, then sent. */
async function refund(session: Started, amount?: Money, refundId = newId('refund')) {
  const { sessionId, revision, amount: gets } = await decide(session, amount, refundId)
  const handle = await corridor.client.workflow.start(workflowTypes.givenBack, {
    workflowId: `refund:${refundId}`,
    taskQueue: corridorQueue,
    args: [{ sessionId, revision, amount: gets }],
  })
  await resultNow(handle)
  return gets
}

async function sold(): Promise<Started> {
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  return session
}

async function balances({ sessionId }: Started): Promise<Record<string, number>> {
  const totals: Record<string, number> = {}
  for (const { postings } of await entriesOfSession(corridor.db, sessionId))
    for (const { account, amount } of postings)
      totals[account] = (totals[account] ?? 0) + amount.amount
  return totals
}

async function checkPack({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return checks.filter(({ ok }) => !ok)
}

describe('captured money is given back', () => {
  test('in part after settlement: every share, its tax and the commission fall in proportion, and the pack proves it', async () => {
    const session = await sold()
    const before = await balances(session)
    // 5.90 for 10 kWh: half of it.
    expect(await refund(session, eur(295))).toEqual(eur(295))
    const after = await balances(session)
    expect(after['asset:psp:EUR']).toBe((before['asset:psp:EUR'] ?? 0) - 295)
    const shares = /^(?:revenue|liability:vat|liability:(?:cpo|partner)|expense:partner_share)/
    const moved = Object.entries(before).filter(([account]) => shares.test(account))
    expect(moved.length).toBeGreaterThan(3)
    for (const [account, amount] of moved)
      expect(Math.abs((after[account] ?? 0) * 2 - amount)).toBeLessThanOrEqual(2)
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'refunded', amount: eur(295), reason: 'goodwill' },
    ])
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'adjusted',
      totalGrossMinor: 295,
    })
    expect(await checkPack(session)).toEqual([])
  })

  test('and a pack that is extended before its papers are issued shows the change whole', async () => {
    const session = await sold()
    const { sessionId } = session
    await decide(session, eur(295))
    const sealed = await latestEvidence(corridor.db, sessionId)
    const now = await corridor.nowIso()
    const step = { sessionId, extends: sealed?.revision ?? 0, changes: [], now }
    await corridor.activities.extendEvidence(step)
    expect(await checkPack(session)).toEqual([])
  })

  test('in two parts as in one, down to the last cent, and then nothing is left', async () => {
    const session = await sold()
    await refund(session, eur(137))
    expect(await refund(session)).toEqual(eur(590 - 137))
    const kept = Object.entries(await balances(session)).filter(([, amount]) => amount !== 0)
    // What the provider kept for itself it does not give back.
    expect(kept.map(([account]) => account).toSorted()).toEqual([
      'asset:psp:EUR',
      'expense:psp_fee:EUR',
    ])
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'refunded',
    })
    expect(await checkPack(session)).toEqual([])
    await expect(decide(session, undefined)).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  test('once for each refund, and never more than was captured, whoever asks at once', async () => {
    const session = await sold()
    const id = newId('refund')
    const first = await decide(session, eur(400), id)
    expect(await decide(session, eur(400), id)).toMatchObject({ revision: first.revision })
    const both = await Promise.allSettled([decide(session, eur(150)), decide(session, eur(150))])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('not above the capture, and not in another currency', async () => {
    const session = await sold()
    await expect(decide(session, eur(591))).rejects.toMatchObject({ code: 'invalid_value' })
    await expect(decide(session, money(100, 'CHF'))).rejects.toMatchObject({
      code: 'invalid_value',
    })
    expect(await refundsOf(corridor.db, session.sessionId)).toEqual([])
  })
})

/** As the webhook does it: booked, then the papers follow. */
async function hear(session: Started, told: ToldByProvider) {
  const payment = await paymentOf(corridor, session)
  const pspId = payment?.pspId ?? ''
  const at = await corridor.nowIso()
  const heard = await hearProvider(corridor.db, told, { kind: 'card', pspId, at })
  if (heard === undefined) return false
  const handle = await corridor.client.workflow.start(workflowTypes.givenBack, {
    workflowId: `refund:${newId('event')}`,
    taskQueue: corridorQueue,
    args: [heard],
  })
  await resultNow(handle)
  return true
}

const bank = (reference: string, reason: string) =>
  ({
    kind: 'chargeback',
    reference,
    amount: eur(590),
    reason,
    evidenceDueBy: '2099-01-01T00:00:00.000Z',
    fee: eur(2_000),
  }) as const

describe('what the provider tells of captured money', () => {
  test('a refund made at its own dashboard is booked once, and nothing is sent to the payer again', async () => {
    const session = await sold()
    const told = { kind: 'refund', reference: 're_dashboard', amount: eur(200) } as const
    const calls = corridor.payments.calls.filter(({ call }) => call === 'refund').length
    expect([await hear(session, told), await hear(session, told)]).toEqual([true, false])
    expect(corridor.payments.calls.filter(({ call }) => call === 'refund')).toHaveLength(calls)
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      {
        status: 'refunded',
        amount: eur(200),
        reason: 'made_at_provider',
        reference: 're_dashboard',
      },
    ])
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      totalGrossMinor: 390,
    })
    expect(await checkPack(session)).toEqual([])
  })

  // 5.90 for 10 kWh, of which the partner is owed 0.18: what a fraud takes is the partner's, beyond its share as well.
  test.each([
    ['fraudulent', 'won', {}],
    ['fraudulent', 'lost', { partner: 590 }],
    ['duplicate', 'lost', { platform: 590 }],
    ['product_not_received', 'lost', { sale: 590 }],
  ] as const)(
    'a chargeback for %s is reserved when it opens and %s once, borne as its reason says; the fee is kept either way',
    async (reason, state, borne) => {
      const session = await sold()
      const before = await balances(session)
      const told = bank(`dp_${reason}_${state}`, reason)
      expect(await hear(session, { ...told, state: 'open' })).toBe(true)
      expect(await hear(session, { ...told, state: 'open' })).toBe(false)
      const open = await balances(session)
      expect(open).toMatchObject({ 'asset:chargeback:EUR': 590, 'expense:dispute_fee:EUR': 2_000 })
      const partner = `liability:partner:${market.partner.id}:EUR`
      const kept = { fraudulent: 590, duplicate: 0, product_not_received: 18 }[reason]
      expect((open[`${partner}:reserve`] ?? 0) + kept).toBe(0)
      expect(await checkPack(session)).toEqual([])
      await expect(decide(session, eur(100))).rejects.toMatchObject({ code: 'invalid_transition' })
      expect(await hear(session, { ...told, state })).toBe(true)
      expect(await hear(session, { ...told, state })).toBe(false)
      const after = await balances(session)
      const taken = state === 'won' ? 0 : 590
      expect(after['asset:chargeback:EUR']).toBe(0)
      expect(after['expense:dispute_fee:EUR']).toBe(2_000)
      expect(after['asset:psp:EUR']).toBe((before['asset:psp:EUR'] ?? 0) - taken - 2_000)
      expect(after['expense:chargeback:EUR'] ?? 0).toBe('platform' in borne ? 590 : 0)
      expect((after[`${partner}:pending`] ?? 0) - (before[`${partner}:pending`] ?? 0)).toBe(
        'partner' in borne ? 590 : 'sale' in borne ? 18 : 0,
      )
      expect(
        Object.entries(after).filter(([name, left]) => name.endsWith(':reserve') && left !== 0),
      ).toEqual([])
      expect(await checkPack(session)).toEqual([])
      const row = await disputeOfProvider(corridor.db, told.reference)
      expect(row).toMatchObject({
        kind: 'chargeback',
        status: state,
        decidedBy: 'provider',
        fee: eur(2_000),
      })
    },
  )
})

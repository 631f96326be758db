// The matrix: a session of every kind of payment, through the same flows.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { putPaymentEndpoint } from '@chargelane/db/queries/payments/payment-endpoints'
import { putPspAccount } from '@chargelane/db/queries/payments/psp-accounts'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { callbackKinds, paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { kindFacts, kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import { money } from '@chargelane/rules/money'
import { giveBack } from '../books/give-back.ts'
import { openPrepaid, payIn } from '../books/prepaid.ts'
import { corridorQueue, workflowTypes } from '../contract.ts'
import { type FakePartner, startFakePartner } from './callback/partner.fake.ts'
import type { Corridor } from '../testing/corridor.ts'
import {
  anotherPartner,
  charge,
  type Market,
  paymentOf,
  resultNow,
  sessionResult,
  settle,
  startSession,
  useCorridor,
} from '../testing/market.ts'

const eur = (amount: number) => money(amount, 'EUR')

let corridor: Corridor
let market: Market
let peer: FakePartner
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})
beforeAll(async () => {
  peer = await startFakePartner()
})
afterAll(() => peer.stop())

/** A partner whose drivers pay so, with a line of 500.00, its endpoints and 200.00 paid in. */
async function payerOf(kind: PaymentKind): Promise<Market> {
  const payer = await anotherPartner(corridor, market, kind)
  const { db } = corridor
  const accountId = payer.partner.id
  const at = await corridor.nowIso()
  await db.tx(async (tx) => {
    await putCreditLine(tx, { accountId, limit: eur(50_000), at })
    const { url, secret } = peer
    for (const each of callbackKinds)
      await putPaymentEndpoint(tx, { accountId, kind: each, url, secret, at })
  })
  await putPspAccount(db, {
    accountId,
    mode: 'connected',
    providerAccount: `acct_${accountId.slice(-8)}`,
    credential: null,
    webhookSecret: 'whsec_of_the_partner',
    publishableKey: null,
    at,
  })
  await openPrepaid(db, { accountId, lowBelow: eur(0), now: at })
  const paidIn = { account: accountId, amount: eur(20_000), received_at: at }
  await payIn(db, { ...paidIn, reference: `IN-${accountId}` }, { keyId: 'key_1', now: at })
  return payer
}

const heldBy = async (kind: PaymentKind, partnerId: string): Promise<number> =>
  balanceOf(corridor.db, kindFacts[kind].ledgerAccount(partnerId, 'EUR'))

describe.each(paymentKindNames)('a driver who pays by %s', (kind) => {
  test('charges, is captured once, and the payees are paid', async () => {
    const payer = await payerOf(kind)
    const before = await heldBy(kind, payer.partner.id)
    const session = await charge(corridor, payer, 10_000, await startSession(corridor, payer))
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'captured', kind })
    // 10 kWh at 0.4958 and 19 %, less what a card's provider keeps.
    const fee = kind === 'card' ? 34 : 0
    expect((await heldBy(kind, payer.partner.id)) - before).toBe(590 - fee)
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    expect(payables.every(({ heldReason }) => heldReason === null)).toBe(true)
  })

  test('gets the hold back where nothing was charged', async () => {
    const payer = await payerOf(kind)
    const session = await charge(corridor, payer, 0, await startSession(corridor, payer))
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
  })

  test('gets a refund after settlement on the way it was paid', async () => {
    const payer = await payerOf(kind)
    const session = await charge(corridor, payer, 10_000, await startSession(corridor, payer))
    await settle(corridor, session)
    const before = await heldBy(kind, payer.partner.id)
    const payment = await paymentOf(corridor, session)
    const wish = { paymentId: payment?.id ?? '', amount: eur(190), reason: 'goodwill' } as const
    const by = { keyId: 'key_1', now: await corridor.nowIso() }
    const { sessionId, revision, amount } = await giveBack(corridor.db, wish, by)
    const handle = await corridor.client.workflow.start(workflowTypes.givenBack, {
      workflowId: `refund:${newId('refund')}`,
      taskQueue: corridorQueue,
      args: [{ sessionId, revision, amount }],
    })
    await resultNow(handle)
    expect(await refundsOf(corridor.db, sessionId)).toMatchObject([
      { status: 'refunded', amount: eur(190) },
    ])
    expect((await heldBy(kind, payer.partner.id)) - before).toBe(-190)
  })
})

test.each(kindsOwedByPartner)(
  'what the hold of %s did not cover is charged to the partner’s line, and is no debt',
  async (kind) => {
    const payer = await payerOf(kind)
    const session = await startSession(corridor, payer)
    const { sessionId } = session
    const stood = await corridor.activities.openDebt({
      sessionId,
      accountId: payer.partner.id,
      paymentSourceId: payer.source.id,
      amount: eur(4_000),
      reason: 'hold_too_small',
      now: await corridor.nowIso(),
    })
    expect(stood).toEqual({ credited: eur(4_000), guaranteed: eur(0) })
    expect(await debtOfSession(corridor.db, sessionId)).toMatchObject({ status: 'paid' })
    await corridor.operator.endCharging(sessionId)
  },
)

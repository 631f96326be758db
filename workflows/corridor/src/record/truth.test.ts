// What comes after a guess, or against it: every record ends in a sale, a correction or an incident.
import { pino } from 'pino'
import { billedCdrOf, cdrsOfSession, markCredited } from '@chargelane/db/queries/sessions/cdrs'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { creditNotesOf } from '@chargelane/db/queries/documents/invoices'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { doubtRefunds, refundsOf } from '@chargelane/db/queries/payments/refunds'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listSuspense } from '@chargelane/db/queries/ledger/suspense'
import { getIncident, listIncidents } from '@chargelane/db/queries/operations/incidents'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { verifyPack } from '@chargelane/sdk/verify'
import { describe, expect, test } from 'vitest'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { withdrawClaim } from '../books/claims.ts'
import { carryOut } from '../books/incidents.ts'
import { relaySupply } from '../supply/relay.ts'
import type { Corridor } from '../testing/corridor.ts'
import {
  aftercareOf,
  charge,
  eventsOf,
  paymentOf,
  resultNow,
  sessionResult,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'

const minute = 60_000
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const incidentsOf = async ({ sessionId }: Started) =>
  (await listIncidents(corridor.db, 'all', { limit: 10, sessionId })).data

type Fact =
  | { kind: 'record_received' | 'record_credited'; cdrId: string }
  | { kind: 'declared_invalid'; supplyRef: string }

/** As the inbox keeps it and the relay brings it, whoever still hears. */
async function tell(sessionId: string, fact: Fact) {
  const { db, client } = corridor
  const at = await corridor.nowIso()
  await db.tx((tx) =>
    recordSupplyEvent(tx, sessionId, `${sessionId}:${JSON.stringify(fact)}`, { at, ...fact }),
  )
  await relaySupply({ db, client, log: pino({ level: 'silent' }), now: () => at })
}

test('a record that comes to a session which is over does not wait to be judged for ever', async () => {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 0)
  const { sessionId } = session
  expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
  const late = await corridor.operator.sendRecord(sessionId)
  await tell(sessionId, { kind: 'record_received', cdrId: late?.cdrId ?? '' })
  const record = (await cdrsOfSession(corridor.db, sessionId)).find(({ id }) => id === late?.cdrId)
  expect(record).toMatchObject({
    status: 'quarantined',
    verdict: { verdict: { rules: ['session_over'] } },
  })
  expect(await incidentsOf(session)).toMatchObject([
    { kind: 'record_disputed', subjectId: record?.id, accountId: market.cpo.id, status: 'open' },
  ])
})

const declare = (sessionId: string) =>
  tell(sessionId, { kind: 'declared_invalid', supplyRef: `sup-${sessionId}` })

describe('a session that its operator declares invalid', () => {
  test('is over at once, gives its hold back and is never billed, not even by a record that follows', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 4_000, 5)
    await corridor.pass(10 * minute)
    await declare(sessionId)
    await corridor.reaches(sessionId, { status: 'ended', moneyStatus: 'released' })
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    const late = await corridor.operator.sendRecord(sessionId)
    await tell(sessionId, { kind: 'record_received', cdrId: late?.cdrId ?? '' })
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'record_disputed', subjectId: late?.cdrId, atStake: { amount: 236 } },
    ])
    expect(await entriesOfSession(corridor.db, sessionId)).toHaveLength(0)
  })

  test('while its record is awaited closes at zero then and there', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await charge(corridor, market, 4_000)
    await waitsFor(session, 'charge detail record')
    await declare(session.sessionId)
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
  })

  test('before energy flows is a start that failed', async () => {
    corridor.operator.behave({ startsByItself: false })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'starting' })
    await declare(sessionId)
    const row = await corridor.reaches(sessionId, {
      status: 'start_failed',
      moneyStatus: 'released',
    })
    expect(row.failure).toMatchObject({ code: 'start_rejected' })
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'not_started' })
  })

  test('after it was billed gives all of it back, and its pack still verifies', async () => {
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    await declare(session.sessionId)
    await resultNow(await aftercareOf(corridor, session))
    await corridor.reaches(session.sessionId, { moneyStatus: 'refunded', totalGrossMinor: 0 })
    expect(await moneyOf(session)).toEqual({ captured: 590, givenBack: 590, creditNotes: [590] })
    await verified(session)
  })
})

/** A session that was billed and settled on our own record. */
async function provisional() {
  corridor.operator.behave({ sendsRecord: false })
  const session = await charge(corridor, market, 12_000)
  await corridor.pass(25 * 60 * minute)
  await settle(corridor, session)
  await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })
  return { session, aftercare: await aftercareOf(corridor, session) }
}

describe('the late truth of a sale', () => {
  test('F35: a lower record gives the difference back: row, ledger, invoice, refund and pack say both', async () => {
    const { session, aftercare } = await provisional()
    corridor.operator.script.overclaim = -100
    await corridor.operator.sendRecord(session.sessionId)
    expect(await resultNow(aftercare)).toEqual({ outcome: 'adjusted' })
    const row = await getSession(corridor.db, 'all', session.sessionId)
    expect(row).toMatchObject({ moneyStatus: 'adjusted', totalGrossMinor: 608 })
    expect(await moneyOf(session)).toEqual({ captured: 708, givenBack: 100, creditNotes: [100] })
    await verified(session)
    await settleAll(corridor)
  })

  test('a record that cannot be billed is put aside, and the next one is the truth', async () => {
    const { session, aftercare } = await provisional()
    corridor.operator.behave({ asks: -300 })
    await corridor.operator.sendRecord(session.sessionId)
    await waitsForIncident(session)
    await waitsFor({ handle: aftercare }, 'late record')
    corridor.operator.behave({ overclaim: -100 })
    await corridor.operator.sendRecord(session.sessionId, '-2')
    expect(await resultNow(aftercare)).toEqual({ outcome: 'adjusted' })
    expect(await moneyOf(session)).toEqual({ captured: 708, givenBack: 100, creditNotes: [100] })
    await verified(session)
  })

  test('a refund that the provider refuses is an incident with what the driver is owed', async () => {
    const { session, aftercare } = await provisional()
    corridor.payments.plans.set(session.sessionId, { refuseRefund: 'charge_disputed' })
    corridor.operator.script.overclaim = -100
    await corridor.operator.sendRecord(session.sessionId)
    expect(await resultNow(aftercare)).toEqual({ outcome: 'adjusted' })
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'payout_failed', atStake: { amount: 100 }, subjectType: 'payment' },
    ])
    await verified(session)
  })

  test('and is given back in the next batch once somebody wants it asked for again, which closes the incident', async () => {
    const { session, incident, by } = await refusedRefund()
    await carryOut(corridor.db, incident, { action: 'retry', reason: 'the card is back' }, by)
    await settleAll(corridor)
    expect(await moneyOf(session)).toEqual({ captured: 708, givenBack: 100, creditNotes: [100] })
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'refunded', attempt: 2 },
    ])
    const closed = await getIncident(corridor.db, 'all', incident.id)
    expect(closed).toMatchObject({ status: 'resolved', resolvedBy: 'corridor', action: null })
    expect(closed?.reason).toContain('Given back by the provider')
    expect(await owedBack(session)).toBe(0)
    await resealed()
    await verified(session)
  })

  test('a refund that its bank returns weeks later goes back in the books, and is owed until somebody pays it otherwise', async () => {
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    await declare(sessionId)
    await resultNow(await aftercareOf(corridor, session))
    await corridor.reaches(sessionId, { moneyStatus: 'refunded' })
    await corridor.pass(3 * 24 * 60 * minute)
    await settleAll(corridor)
    expect(await incidentsOf(session)).toEqual([])
    corridor.payments.plans.set(sessionId, { returnRefund: 'expired_or_canceled_card' })
    const { pspId } = (await paymentOf(corridor, session))!
    const told = { kind: 'card', pspId: pspId ?? '', at: await corridor.nowIso() }
    await doubtRefunds(corridor.db, told)
    for (let batch = 0; batch < 2; batch++) await settleAll(corridor)
    expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({
      moneyStatus: 'adjusted',
      totalGrossMinor: 0,
    })
    expect(await owedBack(session)).toBe(590)
    expect(await refundsOf(corridor.db, sessionId)).toMatchObject([{ status: 'refused' }])
    expect(await eventsOf(corridor, market, session)).toContain('payment.refund_failed')
    const [incident] = await incidentsOf(session)
    expect(incident).toMatchObject({ kind: 'payout_failed', atStake: { amount: 590 } })
    await resealed()
    await verified(session)
    const by = { keyId: 'key_1', now: await corridor.nowIso() }
    const paid = { action: 'pay_by_bank', reason: 'SEPA E2E-78' } as const
    expect(await carryOut(corridor.db, incident!, paid, by)).toBe(true)
    expect(await owedBack(session)).toBe(0)
    expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({
      moneyStatus: 'refunded',
    })
    await resealed()
    await verified(session)
  })

  test('one of which the provider says nothing is looked at all the same, for as long as a bank may return it', async () => {
    const { session, aftercare } = await provisional()
    corridor.operator.script.overclaim = -100
    await corridor.operator.sendRecord(session.sessionId)
    await resultNow(aftercare)
    corridor.payments.plans.set(session.sessionId, { returnRefund: 'lost_or_stolen_card' })
    await settleAll(corridor)
    expect(await incidentsOf(session)).toEqual([])
    await corridor.pass(25 * 60 * minute)
    await settleAll(corridor)
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'payout_failed', atStake: { amount: 100 } },
    ])
    expect(await owedBack(session)).toBe(100)
  })

  test('or is paid by bank transfer, once, and the books say from where', async () => {
    const { session, incident, by } = await refusedRefund()
    const paid = { action: 'pay_by_bank', reason: 'SEPA E2E-77 of today' } as const
    for (let time = 0; time < 2; time++)
      expect(await carryOut(corridor.db, incident, paid, by)).toBe(true)
    await settleAll(corridor)
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'refunded', reference: paid.reason },
    ])
    const entries = await entriesOfSession(corridor.db, session.sessionId)
    const byBank = entries.filter(({ kind }) => kind === 'refund_by_bank')
    expect(byBank.map(({ postings }) => postings)).toEqual([
      [
        { account: 'asset:bank:EUR', amount: money(-100, 'EUR') },
        { account: 'liability:refunds_due:EUR', amount: money(100, 'EUR') },
      ],
    ])
    expect(await owedBack(session)).toBe(0)
    await resealed()
    await verified(session)
  })

  test('a sale that is taken back is not refunded while the provider refuses, and is once it gave it back', async () => {
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    corridor.payments.plans.set(sessionId, { refuseRefund: 'charge_disputed' })
    await declare(sessionId)
    await resultNow(await aftercareOf(corridor, session))
    expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({
      moneyStatus: 'adjusted',
      totalGrossMinor: 0,
    })
    const [incident] = await incidentsOf(session)
    expect(incident).toMatchObject({ kind: 'payout_failed', atStake: { amount: 590 } })
    corridor.payments.plans.delete(sessionId)
    const by = { keyId: 'key_1', now: await corridor.nowIso() }
    await carryOut(corridor.db, incident!, { action: 'retry', reason: 'again' }, by)
    await settleAll(corridor)
    expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({
      moneyStatus: 'refunded',
    })
    await verified(session)
  })

  test('a corrected record may ask another amount above the price: each claim is booked, and the one taken back leaves', async () => {
    const { session, aftercare } = await provisional()
    const { sessionId } = session
    corridor.operator.behave({ sendsRecord: false, overclaim: 300 })
    const first = await corridor.operator.sendRecord(sessionId)
    await resultNow(aftercare)
    await corridor.db.tx((tx) => markCredited(tx, first!.cdrId))
    await tell(sessionId, { kind: 'record_credited', cdrId: first!.cdrId })
    corridor.operator.behave({ sendsRecord: false, overclaim: 200 })
    const corrected = await corridor.operator.sendRecord(sessionId, '-2')
    await tell(sessionId, { kind: 'record_received', cdrId: corrected!.cdrId })
    await resultNow(await aftercareOf(corridor, session))
    const now = await corridor.nowIso()
    const claims = () => listSuspense(corridor.db, 'all', { limit: 5, sessionId, now })
    const held = (await claims()).map(({ cdrId, amount }) => [cdrId, amount.amount])
    expect(held).toEqual([
      [corrected!.cdrId, 200],
      [first!.cdrId, 300],
    ])
    const suspense = () => balanceOf(corridor.db, accounts.suspense(market.cpo.id, 'EUR'))
    const before = await suspense()
    for (let time = 0; time < 2; time++)
      await corridor.db.tx((tx) => withdrawClaim(tx, first!.cdrId, now))
    expect(before - (await suspense())).toBe(300)
    expect((await claims()).map(({ status }) => status)).toEqual(['open', 'released'])
    await verified(session)
  })

  test('F39: a credit after billing gives back what no corrected record asks', async () => {
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    await credit(sessionId)
    corridor.operator.behave({ overclaim: -100 })
    const corrected = await corridor.operator.sendRecord(sessionId, '-2')
    await tell(sessionId, { kind: 'record_received', cdrId: corrected?.cdrId ?? '' })
    await resultNow(await aftercareOf(corridor, session))
    const row = await corridor.reaches(sessionId, { moneyStatus: 'adjusted', totalGrossMinor: 490 })
    expect(row).toMatchObject({ recordStatus: 'cdr_accepted' })
    expect(await moneyOf(session)).toEqual({ captured: 590, givenBack: 100, creditNotes: [100] })
    await verified(session)
  })

  test('F39: a late record that lowered the price may be taken back as well', async () => {
    const { session, aftercare } = await provisional()
    corridor.operator.script.overclaim = -100
    await corridor.operator.sendRecord(session.sessionId)
    expect(await resultNow(aftercare)).toEqual({ outcome: 'adjusted' })
    await credit(session.sessionId)
    await corridor.pass(25 * 60 * minute)
    await resultNow(await aftercareOf(corridor, session))
    await corridor.reaches(session.sessionId, { moneyStatus: 'refunded', totalGrossMinor: 0 })
    expect(await moneyOf(session)).toEqual({
      captured: 708,
      givenBack: 708,
      creditNotes: [100, 608],
    })
    await verified(session)
  })

  test('F39: a credit that nothing follows gives all of it back', async () => {
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    await credit(sessionId)
    await settle(corridor, session)
    await corridor.pass(25 * 60 * minute)
    await resultNow(await aftercareOf(corridor, session))
    const row = await corridor.reaches(sessionId, { moneyStatus: 'refunded', totalGrossMinor: 0 })
    expect(row).toMatchObject({ recordStatus: 'credited' })
    expect(await moneyOf(session)).toEqual({ captured: 590, givenBack: 590, creditNotes: [590] })
    await verified(session)
  })
})

/** What the provider refused of a lower record, and whoever decides about it. */
async function refusedRefund() {
  const { session, aftercare } = await provisional()
  corridor.payments.plans.set(session.sessionId, { refuseRefund: 'charge_disputed' })
  corridor.operator.script.overclaim = -100
  await corridor.operator.sendRecord(session.sessionId)
  await resultNow(aftercare)
  corridor.payments.plans.delete(session.sessionId)
  const [incident] = await incidentsOf(session)
  if (incident === undefined) throw new Error('no incident')
  return { session, incident, by: { keyId: 'key_1', now: await corridor.nowIso() } }
}

/** By the books, what the driver is to be given back and was not. */
async function owedBack({ sessionId }: Started): Promise<number> {
  const due = accounts.refundsDue('EUR')
  const entries = await entriesOfSession(corridor.db, sessionId)
  return entries
    .flatMap(({ postings }) => postings)
    .reduce((sum, { account, amount }) => (account === due ? sum - amount.amount : sum), 0)
}

/** What a pack is sealed anew for is looked for some minutes later. */
async function resealed() {
  await corridor.pass(11 * minute)
  await corridor.activities.resealPacks({ now: await corridor.nowIso() })
}

/** As the credit of an operator does. */
async function credit(sessionId: string) {
  const billed = await billedCdrOf(corridor.db, sessionId)
  await corridor.db.tx((tx) => markCredited(tx, billed?.id ?? ''))
  await tell(sessionId, { kind: 'record_credited', cdrId: billed?.id ?? '' })
}

async function moneyOf({ sessionId }: Started) {
  const { db } = corridor
  const payments = await paymentsOf(db, sessionId)
  const refunds = await refundsOf(db, sessionId)
  const notes = await creditNotesOf(db, sessionId)
  const sent = [...corridor.payments.intents.values()]
    .filter(({ request }) => request.sessionId === sessionId)
    .flatMap((intent) => [...intent.refunds.values()])
  expect(sent.map(({ amount }) => amount)).toEqual(refunds.map(({ amount }) => amount.amount))
  return {
    captured: payments.reduce((sum, { captured }) => sum + (captured?.amount ?? 0), 0),
    givenBack: refunds.reduce((sum, { amount }) => sum + amount.amount, 0),
    creditNotes: notes.map(({ grossMinor }) => grossMinor),
  }
}

async function verified({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  expect(
    (await verifyPack(zip, { trust: [await corridor.keys()] })).checks.filter(({ ok }) => !ok),
  ).toEqual([])
}

async function waitsForIncident(session: Started) {
  await expect.poll(() => incidentsOf(session), { timeout: 15_000 }).toHaveLength(1)
}

describe('a record that asks less than it may', () => {
  test('F40: nothing for energy closes the session at once, and never ends in a charge', async () => {
    corridor.operator.behave({ asks: 0 })
    const session = await charge(corridor, market, 12_000)
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await incidentsOf(session)).toMatchObject([
      { kind: 'record_disputed', energyWh: '12000', atStake: { amount: 0 } },
    ])
  })

  test('and cannot be billed as it stands bounds what is billed on our readings', async () => {
    corridor.operator.behave({ asks: 300, overclaimWh: 400_000, readBy: 'peer' })
    const session = await charge(corridor, market, 12_000)
    await corridor.reaches(session.sessionId, { recordStatus: 'cdr_quarantined' })
    await corridor.pass(25 * 60 * minute)
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(row.totalGrossMinor).toBe(300)
    await settle(corridor, session)
    await verified(session)
  })
})

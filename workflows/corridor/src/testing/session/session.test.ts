import { money } from '@chargelane/rules/money'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  insertRateAgreement,
  moveRateAgreement,
} from '@chargelane/db/queries/partners/rate-agreements'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { getQuote } from '@chargelane/db/queries/sessions/quotes'
import { getSession, listSessions, tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { pino } from 'pino'
import {
  corridorQueue,
  nextAction,
  requestStop,
  sessionWorkflowId,
  timelineQuery,
} from '../../contract.ts'
import { relaySupply } from '../../supply/relay.ts'
import {
  charge,
  createMarket,
  giveDiscount,
  createOffer,
  eventsOf,
  paymentOf,
  record,
  resultNow,
  sessionResult,
  settle,
  startSession,
  tellPayment,
  useCorridor,
  waitsFor,
} from '../market.ts'
import type { Market, Started } from '../market.ts'
import type { Corridor } from '../corridor.ts'

const minute = 60_000
const hour = 60 * minute
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const callsOf = (session: Started, call: string) =>
  corridor.operator.calls.filter(
    (each) => each.sessionId === session.sessionId && each.call === call,
  )

const failureOf = async (sessionId: string) =>
  (await getSession(corridor.db, 'all', sessionId))?.failure

/** What the session of a market has asked of a node, with the time it gave it and whether that is over. */
async function sentBy({ partner }: Market) {
  const [session] = await listSessions(corridor.db, { partner: partner.id }, { limit: 1 })
  if (session === undefined) return []
  const { events } = await corridor.client.workflow.getHandle(session.workflowId).fetchHistory()
  return (events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: sent }) => {
    if (sent?.taskQueue?.name?.includes('gone') !== true) return []
    const isOver = events?.some((event) =>
      event.activityTaskTimedOutEventAttributes?.scheduledEventId?.eq(eventId ?? 0),
    )
    const { activityType, scheduleToCloseTimeout } = sent
    return [
      {
        name: activityType?.name,
        deadlineS: Number(scheduleToCloseTimeout?.seconds),
        end: isOver === true ? 'timed out' : undefined,
      },
    ]
  })
}

describe('a session that goes well', () => {
  test('walks from quote to payout, and everybody has exactly their share', async () => {
    const session = await charge(corridor, market, 20_000)
    expect(session.answer).toEqual({ kind: 'authorized' })
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    await record(session, 'settled')
    const row = await getSession(corridor.db, 'all', session.sessionId)
    expect(row).toMatchObject({
      status: 'ended',
      recordStatus: 'cdr_accepted',
      moneyStatus: 'settled',
      // 20 kWh at 0.4958 net and 19 % VAT, rounded once.
      totalGrossMinor: 1180,
      totalNetMinor: 992,
      totalVatMinor: 188,
      energyIsEstimate: false,
      endReason: 'ev_disconnected',
    })
    expect(await paymentOf(corridor, session)).toMatchObject({
      status: 'captured',
      captured: money(1180, 'EUR'),
    })
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    // Commission is 10 % of 9.92 net = 0.99 and its VAT 0.19; the partner earns 30 % of it = 0.30 and its VAT 0.06.
    expect(payables.map(({ payee, amount }) => [payee.role, amount.amount])).toEqual(
      expect.arrayContaining([
        ['cpo', 1180 - 118],
        ['partner', 36],
      ]),
    )
    const pending = `liability:cpo:${market.cpo.id}:EUR:pending`
    expect(await balanceOf(corridor.db, pending)).toBe(0)
    expect(await eventsOf(corridor, market, session)).toEqual(
      expect.arrayContaining([
        'session.created',
        'payment.authorized',
        'hold.created',
        'session.starting',
        'session.started',
        'session.ended',
        'cdr.accepted',
        'payment.captured',
        'session.rated',
        'evidence.sealed',
        'session.settled',
      ]),
    )
  })

  test('with a discount takes the partner’s share off the card, and pays the CPO the same', async () => {
    await giveDiscount(corridor, market)
    const session = await charge(corridor, market, 20_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    // The sale is at the public price; 0.36 of it is the partner's to give.
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'settled',
      totalGrossMinor: 1180,
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(1180 - 36, 'EUR') })
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    expect(payables.map(({ payee, amount }) => [payee.role, amount.amount])).toEqual([
      ['cpo', 1180 - 118],
    ])
    const pending = `liability:partner:${market.partner.id}:EUR:pending`
    expect(await balanceOf(corridor.db, pending)).toBe(0)
    const given = (await entriesOfSession(corridor.db, session.sessionId)).filter(
      ({ kind }) => kind === 'partner_discount',
    )
    expect(given).toHaveLength(1)
  })

  test('under a rate agreement pays the agreed price, and the CPO is paid by it', async () => {
    await corridor.db.tx(async (tx) => {
      const made = await insertRateAgreement(tx, {
        cpoId: market.cpo.id,
        partnerId: market.partner.id,
        proposedBy: market.partner.id,
        name: 'Fleet',
        justification: 'volume',
        terms: { price: { kind: 'discount', discount_bps: { ENERGY: 1_000 } } },
        evses: null,
        locations: null,
        effectiveFrom: '2026-01-01T00:00:00.000Z',
        effectiveTo: null,
        status: 'proposed',
        at: '2026-01-01T00:00:00.000Z',
      })
      const active = { status: 'active' as const, activeFrom: made.effectiveFrom }
      await moveRateAgreement(tx, made, ['proposed'], active)
    })
    const session = await charge(corridor, market, 20_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    // 20 kWh at 0.44622 net and 19 % VAT.
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      totalGrossMinor: 1062,
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(1062, 'EUR') })
  })

  test('in Swiss francs pays a partner in euro at a stored rate', async () => {
    market = await createMarket(corridor, { currency: 'CHF' })
    const session = await charge(corridor, market, 30_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const sale = await saleOf(corridor.db, session.sessionId)
    expect(sale?.conversions).toMatchObject([
      {
        payee: { role: 'partner' },
        conversion: {
          from: { currency: 'CHF' },
          to: { currency: 'EUR' },
          source: 'ECB eurofxref-daily',
        },
      },
    ])
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    expect(
      payables.map(({ payee, amount }) => `${payee.role} ${amount.currency}`).toSorted(),
    ).toEqual(['cpo CHF', 'partner EUR'])
  })

  test('tells the operator room by room what happened and what it waits for', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await waitsFor(session, 'end of charging')
    expect((await session.handle.query(nextAction)).deadline).toMatch(/Z$/)
    await charge(corridor, market, 5_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const rooms = new Set((await session.handle.query(timelineQuery)).map((entry) => entry.room))
    expect([...rooms]).toEqual(['routing', 'charging', 'capture', 'settlement'])
    const described = await session.handle.describe()
    expect(JSON.stringify(described.typedSearchAttributes)).toContain(session.sessionId)
  })

  test('ends when the partner asks, and says that it was asked', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 4_000, 0)
    const answer = await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
    expect(answer).toEqual({ kind: 'stopping' })
    const row = await corridor.reaches(session.sessionId, { status: 'ended' })
    expect(row.endReason).toBe('requested')
    const again = await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
    expect(again).toMatchObject({ kind: 'refused', code: 'invalid_transition' })
  })

  test('started with a card at the charger is funded after the fact and settles the same way', async () => {
    const sessionId = newId('session')
    const at = await corridor.nowIso()
    corridor.operator.charges.set(sessionId, { startedAt: at, reason: 'local' })
    await corridor.db.tx((tx) =>
      recordSupplyEvent(tx, sessionId, `${sessionId}:start`, {
        at,
        kind: 'charging_started',
        startedAt: at,
        supplyRef: '77',
        unsolicited: {
          accountId: market.partner.id,
          evseId: market.evseIds[0]!,
          tokenUid: market.token.uid,
        },
      }),
    )
    const relay = {
      db: corridor.db,
      client: corridor.client,
      log: pino({ level: 'silent' }),
      now: () => at,
    }
    expect(await relaySupply(relay)).toMatchObject({ delivered: 1 })
    expect(await relaySupply(relay)).toMatchObject({ delivered: 0 })
    await corridor.reaches(sessionId, { status: 'charging', moneyStatus: 'held', channel: 'rfid' })
    await corridor.operator.meter(sessionId, 0, 0)
    await corridor.operator.meter(sessionId, 9_000, 9)
    await corridor.pass(10 * minute)
    await corridor.operator.endCharging(sessionId)
    const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    expect(row).toMatchObject({ totalGrossMinor: 531 })
    expect(tokenUidOf(row)).toBe(market.token.uid)
    expect(row.workflowId).toBe(sessionWorkflowId(market.partner.id, `supply-${sessionId}`))
    const handle = corridor.client.workflow.getHandle(row.workflowId)
    expect(await settle(corridor, { handle })).toMatchObject({ outcome: 'settled' })
  })
})

describe('before energy flows', () => {
  test('F02: an expired quote starts nothing and leaves nothing', async () => {
    const quoteId = await createOffer(corridor, market)
    await corridor.pass(16 * minute)
    const session = await startSession(corridor, market, quoteId)
    expect(session.answer).toMatchObject({ kind: 'refused', code: 'quote_expired', param: 'quote' })
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'refused' })
    expect(await getSession(corridor.db, 'all', session.sessionId)).toBeUndefined()
  })

  test('F01: a driver who charges already at the EVSE is pointed to that session', async () => {
    const first = await startSession(corridor, market)
    await corridor.reaches(first.sessionId, { status: 'charging' })
    const second = await startSession(corridor, market)
    expect(second.answer).toMatchObject({
      kind: 'refused',
      code: 'session_already_active',
      extra: { session: first.sessionId },
    })
    await settle(corridor, await charge(corridor, market, 1_000, first))
  })

  test('F06: an unreachable operator is refused before any money is held, with places to go instead', async () => {
    corridor.operator.behave({ probe: { kind: 'unreachable', detail: 'connection refused' } })
    const session = await startSession(corridor, market)
    expect(session.answer).toMatchObject({ kind: 'refused', code: 'cpo_unreachable' })
    await sessionResult(corridor, session)
    expect(await paymentOf(corridor, session)).toBeUndefined()
    const failure = await failureOf(session.sessionId)
    expect(failure?.code).toBe('cpo_unreachable')
    expect(failure?.alternatives).toHaveLength(2)
    expect(failure?.alternatives?.[0]?.quote).toMatch(/^quo_/)
  })

  test('F06: a node that is gone is given five seconds of the driver’s time, and no money is held', async () => {
    const gone = await createMarket(corridor, { nodeId: 'gone' })
    const starting = startSession(corridor, gone)
    await expect.poll(() => sentBy(gone)).toMatchObject([{ deadlineS: 5, end: undefined }])
    await corridor.pass(5_000)
    const session = await starting
    expect(session.answer).toMatchObject({ kind: 'refused', code: 'cpo_unreachable' })
    expect(await sentBy(gone)).toMatchObject([{ name: 'probe', deadlineS: 5, end: 'timed out' }])
    await sessionResult(corridor, session)
    expect(await paymentOf(corridor, session)).toBeUndefined()
  })

  test('F11: a declined card starts nothing, and holds nothing', async () => {
    corridor.payments.next = ['declined']
    const session = await startSession(corridor, market)
    expect(session.answer).toMatchObject({
      kind: 'refused',
      code: 'payment_declined',
      extra: { decline_code: 'insufficient_funds' },
    })
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'refused' })
    expect(callsOf(session, 'start')).toHaveLength(0)
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'declined' })
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'start_failed',
      moneyStatus: 'unfunded',
    })
  })

  test('F10: a payer who must authenticate gets what is needed, and the start goes on after it', async () => {
    corridor.payments.next = ['requires_action']
    const session = await startSession(corridor, market)
    const payment = (await paymentOf(corridor, session))!
    expect(session.answer).toMatchObject({
      kind: 'refused',
      code: 'authentication_required',
      extra: { client_secret: `${payment.pspId}_secret`, session: session.sessionId },
    })
    expect(callsOf(session, 'start')).toHaveLength(0)
    await corridor.pass(3 * minute)
    corridor.payments.authenticate(payment.pspId!, true)
    await tellPayment(session, payment.pspId!)
    await corridor.reaches(session.sessionId, { status: 'charging', moneyStatus: 'held' })
    await charge(corridor, market, 1_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
  })

  test('F10: after ten minutes without an answer the start is over and nothing is held', async () => {
    corridor.payments.next = ['requires_action']
    const session = await startSession(corridor, market)
    await corridor.pass(9 * minute)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'authorizing',
    })
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'refused' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(callsOf(session, 'start')).toHaveLength(0)
  })

  test('F05: a rejected start gives the hold back and offers up to three quoted alternatives', async () => {
    corridor.operator.behave({
      start: { kind: 'rejected', reason: 'evse_occupied', detail: 'Occupied' },
    })
    const session = await startSession(corridor, market)
    expect(session.answer).toEqual({ kind: 'authorized' })
    const row = await corridor.reaches(session.sessionId, {
      status: 'start_failed',
      moneyStatus: 'released',
    })
    expect(row.failure).toMatchObject({ code: 'start_rejected', reason: 'evse_occupied' })
    const alternatives = (await failureOf(session.sessionId))?.alternatives ?? []
    // The market's other two EVSEs, each with a quote that the driver can take at the price that is named.
    expect(alternatives.map(({ evse }) => evse).toSorted()).toEqual(
      market.evseIds.slice(1).toSorted(),
    )
    for (const { quote, total } of alternatives)
      expect(await getQuote(corridor.db, market.partner.id, quote)).toMatchObject({
        status: 'open',
        body: { applied_price_total: total },
      })
    await record(session, 'start-rejected')
    const { createdAt, releasedAt } = (await paymentOf(corridor, session))!
    expect(Date.parse(releasedAt!) - Date.parse(createdAt)).toBeLessThan(minute)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'not_started' })
  })

  test('F12: a hold whose session died is found and given back by the hourly reaper', async () => {
    corridor.operator.behave({ startsByItself: false })
    const session = await startSession(corridor, market)
    await waitsFor(session, 'start of charging')
    await session.handle.terminate('died')
    const reap = () =>
      corridor.client.workflow.execute('reapHolds', {
        workflowId: newId('request'),
        taskQueue: corridorQueue,
      })
    expect(await reap()).toEqual({ released: 0 })
    await corridor.pass(hour)
    expect(await reap()).toEqual({ released: 1 })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await eventsOf(corridor, market, session)).toContain('hold.orphan_reaped')
    expect(await reap()).toEqual({ released: 0 })
  })
})

describe('a start that is not confirmed', () => {
  beforeEach(() => corridor.operator.behave({ startsByItself: false }))

  test('F03: is asked for, reported at 120 s, its hold is gone at 180 s, and it is watched for a day', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'starting' })
    await corridor.pass(115_000)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'starting',
    })
    await corridor.pass(10_000)
    await corridor.reaches(session.sessionId, { status: 'start_unconfirmed', moneyStatus: 'held' })
    expect(callsOf(session, 'lookup').length).toBeGreaterThanOrEqual(3)
    await corridor.pass(60_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'released' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await eventsOf(corridor, market, session)).toEqual(
      expect.arrayContaining(['session.start_unconfirmed', 'hold.released']),
    )
    // The watch for a late start lasts a day, asks now and then, and ends by itself.
    await corridor.pass(23 * hour + 50 * minute)
    await waitsFor(session, 'late start')
    expect(callsOf(session, 'lookup').length).toBeGreaterThanOrEqual(8)
    await corridor.pass(10 * minute)
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'not_started' })
  })

  test('a plug that is awaited is told of when the start does not follow at once', async () => {
    const { sessionId } = await startSession(corridor, market)
    await corridor.reaches(sessionId, { status: 'starting' })
    const at = await corridor.nowIso()
    await corridor.db.tx((tx) =>
      recordSupplyEvent(tx, sessionId, `${sessionId}:plug`, { at, kind: 'plug_awaited' }),
    )
    const log = pino({ level: 'silent' })
    const relayAt = (now: string) =>
      relaySupply({ db: corridor.db, client: corridor.client, log, now: () => now })
    expect(await relayAt(at)).toEqual({ delivered: 0, againMs: 250 })
    const later = new Date(Date.parse(at) + 1_000).toISOString()
    expect(await relayAt(later)).toEqual({ delivered: 1, againMs: undefined })
    await corridor.reaches(sessionId, { status: 'awaiting_plug_in' })
  })

  test('the end of a charge is told with its record, or alone when no record follows at once', async () => {
    const { sessionId } = await startSession(corridor, market)
    await corridor.operator.beginCharging(sessionId)
    await corridor.reaches(sessionId, { status: 'charging' })
    const at = await corridor.nowIso()
    const facts = [
      { at, kind: 'stop_result', result: 'accepted' },
      { at, kind: 'charging_ended', endedAt: at, reason: 'ev_disconnected' },
    ] as const
    await corridor.db.tx(async (tx) => {
      for (const fact of facts)
        await recordSupplyEvent(tx, sessionId, `${sessionId}:${fact.kind}`, fact)
    })
    const log = pino({ level: 'silent' })
    const relayAt = (now: string) =>
      relaySupply({ db: corridor.db, client: corridor.client, log, now: () => now })
    expect(await relayAt(at)).toEqual({ delivered: 0, againMs: 250 })
    const later = new Date(Date.parse(at) + 500).toISOString()
    expect(await relayAt(later)).toEqual({ delivered: 2, againMs: undefined })
    await corridor.reaches(sessionId, { status: 'ended' })
  })

  test('F03: a start whose event was lost is found by asking', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'starting' })
    corridor.operator.script.isSilent = true
    await corridor.operator.beginCharging(session.sessionId)
    await corridor.pass(35_000)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    corridor.operator.script.isSilent = false
    await charge(corridor, market, 1_000, session)
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  })

  test('F04: a late start is adopted after a second authorization, and billed once', async () => {
    const session = await startSession(corridor, market)
    await corridor.pass(23 * hour)
    await corridor.reaches(session.sessionId, {
      status: 'start_unconfirmed',
      moneyStatus: 'released',
    })
    await corridor.operator.beginCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { status: 'charging', moneyStatus: 'held' })
    await charge(corridor, market, 10_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    await record(session, 'late-start-adopted')
    expect(await paymentOf(corridor, session, 1)).toMatchObject({ status: 'voided' })
    expect(await paymentOf(corridor, session, 2)).toMatchObject({
      status: 'captured',
      captured: money(590, 'EUR'),
    })
    expect(await eventsOf(corridor, market, session)).toContain('session.late_start_adopted')
  })

  test('F04: a late start that nobody funds is stopped at once and costs nothing below the threshold', async () => {
    corridor.payments.next = ['authorized', 'declined']
    const session = await startSession(corridor, market)
    await corridor.pass(10 * minute)
    await corridor.operator.beginCharging(session.sessionId)
    await corridor.operator.meter(session.sessionId, 40, 0)
    const row = await corridor.reaches(session.sessionId, { status: 'cancelled' })
    expect(row.endReason ?? 'deauthorized').toBe('deauthorized')
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    expect(callsOf(session, 'stop')).toHaveLength(1)
    expect(await eventsOf(corridor, market, session)).toContain('session.late_start_stopped')
    expect(await entriesOfSession(corridor.db, session.sessionId)).toHaveLength(0)
  })

  test('F04: a driver who left is not charged for what starts later', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'starting' })
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
    await corridor.reaches(session.sessionId, { status: 'cancelled', moneyStatus: 'held' })
    await corridor.pass(minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'released' })
    await corridor.operator.beginCharging(session.sessionId)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    expect(callsOf(session, 'stop')).toHaveLength(1)
  })
})

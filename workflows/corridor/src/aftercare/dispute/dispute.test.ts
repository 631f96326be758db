// Disputes from their opening to what they led to: decided by rule, by a person, contested, withdrawn; before and after
// the payees were paid.
import { describe, expect, test } from 'vitest'
import { disputeById, ledTo } from '@chargelane/db/queries/disputes/disputes'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { entriesOfSession, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { listEvents } from '@chargelane/db/queries/outbox/outbox'
import { refundsOf } from '@chargelane/db/queries/payments/refunds'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { recordMeterValues } from '@chargelane/db/queries/sessions/supply'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type {
  CpoDisputeReason,
  DriverDisputeReason,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { paidInEntry } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { corridorQueue, disputeChanged, disputeWorkflowId, workflowTypes } from '../../contract.ts'
import { decideDispute, sayOfDispute, withdrawDispute } from './decide.ts'
import { disputeAsDriver } from './driver.ts'
import { disputeAsPayee } from './payee.ts'
import type { Corridor } from '../../testing/corridor.ts'
import {
  anotherPartner,
  charge,
  type Market,
  resultNow,
  settle,
  type Started,
  useCorridor,
  waitsFor,
} from '../../testing/market.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const eur = (amount: number) => money(amount, 'EUR')
const by = async (keyId = 'key_finance') => ({ keyId, now: await corridor.nowIso() })
const partnerOf = () => market.partner.id
const asPartner = () => ({ accountId: partnerOf(), sees: partnerOf() })

/** As the API does it: opened, then followed. */
async function open(
  { sessionId }: Started,
  reason: DriverDisputeReason,
  wish: { amount?: Money; disputeId?: string } = {},
) {
  const disputeId = wish.disputeId ?? newId('dispute')
  await disputeAsDriver(corridor.db, 'all', { ...wish, disputeId, sessionId, reason }, await by())
  return { disputeId, handle: await follow(disputeId) }
}

const follow = (disputeId: string) =>
  corridor.client.workflow.signalWithStart(workflowTypes.dispute, {
    workflowId: disputeWorkflowId(disputeId),
    taskQueue: corridorQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ disputeId }],
    signal: disputeChanged,
  })

async function read(disputeId: string) {
  const row = await disputeById(corridor.db, disputeId)
  if (row === undefined) throw new Error(`no ${disputeId}`)
  return { ...row, led: await ledTo(corridor.db, row) }
}

async function sold(wh = 10_000): Promise<Started> {
  const session = await charge(corridor, market, wh)
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

async function failedChecks({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return checks.filter(({ ok }) => !ok)
}

/** The same of a session whose readings were taken away: what was sold by them is not to be computed again. */
const failedBeside = async (session: Started) =>
  (await failedChecks(session)).filter(({ name }) => name !== 'record')

const told = async (accountId: string, disputeId: string) =>
  (await listEvents(corridor.db, accountId, 0, 2_000)).flatMap(({ type, objectId }) =>
    objectId === disputeId ? [type] : [],
  )

/** Our own node read a meter that did not move, whatever the record says. */
async function standStill({ sessionId }: Started): Promise<void> {
  const at = await corridor.nowIso()
  const reading = (minute: number) => ({
    sessionId,
    at: new Date(Date.parse(at) + minute * 60_000).toISOString(),
    context: 'Sample.Periodic',
    registerWh: '1000',
    powerW: 0,
    source: 'ocpp' as const,
    receivedAt: at,
  })
  await corridor.admin(`delete from meter_values where session_id = '${sessionId}'`)
  await recordMeterValues(corridor.db, [reading(0), reading(1)])
}

async function fund({ partner: { id } }: Market, kind: 'account' | 'prepaid'): Promise<void> {
  const at = await corridor.nowIso()
  await corridor.db.tx(async (tx) => {
    if (kind === 'account') await putCreditLine(tx, { accountId: id, limit: eur(100_000), at })
    const entry = paidInEntry({
      key: `paid_in:${id}`,
      partnerId: id,
      amount: eur(50_000),
      by: 'bank',
    })
    if (kind === 'prepaid') await postEntry(tx, { ...entry, effectiveAt: at })
  })
}

describe('a driver’s dispute', () => {
  test('that the facts refuse is refused at once, with the facts', async () => {
    const session = await sold()
    const { disputeId, handle } = await open(session, 'price_differs_from_quote')
    expect(await resultNow(handle)).toEqual({ status: 'lost' })
    const dispute = await read(disputeId)
    expect(dispute).toMatchObject({
      status: 'lost',
      outcome: 'none',
      decidedBy: 'rule',
      amount: eur(590),
      revision: null,
      led: { refunds: [], creditNote: null, entries: [] },
    })
    expect(dispute.facts.map(({ fact }) => fact)).toEqual(['price_charged', 'price_recomputed'])
    expect(dispute.driverMessage?.de).toMatch(/\w\.$/)
    expect(await told(partnerOf(), disputeId)).toEqual(['dispute.opened', 'dispute.resolved'])
  })

  test('that no rule decides is a person’s, who gives a part back; the pack and every share follow', async () => {
    const session = await sold()
    const before = await balances(session)
    const { disputeId, handle } = await open(session, 'other')
    expect(await read(disputeId)).toMatchObject({ status: 'needs_response', decidedBy: null })
    const { data } = await listIncidents(corridor.db, 'all', { limit: 50, kind: 'dispute' })
    expect(data.map(({ subjectId }) => subjectId)).toContain(disputeId)
    const ruling = { id: disputeId, bearer: 'sale', reason: 'Shown.' } as const
    const part = { ...ruling, outcome: 'partial', amount: eur(295) } as const
    await decideDispute(corridor.db, part, await by())
    await follow(disputeId)
    expect(await resultNow(handle)).toEqual({ status: 'settled' })
    const dispute = await read(disputeId)
    expect(dispute).toMatchObject({ outcome: 'partial', decided: eur(295), decidedBy: 'person' })
    expect(dispute.led.refunds).toHaveLength(1)
    expect(dispute.led.creditNote).toMatch(/^inv_/)
    expect(dispute.led.entries.length).toBeGreaterThan(0)
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      { status: 'refunded', amount: eur(295), reason: 'dispute_decided' },
    ])
    const after = await balances(session)
    expect(after['asset:psp:EUR']).toBe((before['asset:psp:EUR'] ?? 0) - 295)
    expect(await failedChecks(session)).toEqual([])
    await expect(decideDispute(corridor.db, part, await by())).rejects.toMatchObject({
      code: 'invalid_transition',
    })
  })

  test('in full, borne by the platform: the operator keeps its share, and the pack proves it', async () => {
    const session = await sold()
    const cpo = `liability:cpo:${market.cpo.id}:EUR:pending`
    const before = await balances(session)
    const { disputeId, handle } = await open(session, 'other')
    const ruling = { id: disputeId, outcome: 'full', bearer: 'platform', reason: 'Ours.' } as const
    await decideDispute(corridor.db, ruling, await by())
    await follow(disputeId)
    expect(await resultNow(handle)).toEqual({ status: 'won' })
    const after = await balances(session)
    expect(after[cpo]).toBe(before[cpo])
    expect(after['expense:claims:EUR']).toBe(-(before[cpo] ?? 0))
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'refunded',
      totalGrossMinor: 0,
    })
    expect(await failedChecks(session)).toEqual([])
  })

  test('before the payees are paid: what is settled is what is left', async () => {
    const session = await charge(corridor, market, 10_000)
    await waitsFor(session, 'settlement')
    const { disputeId, handle } = await open(session, 'other')
    const ruling = { id: disputeId, outcome: 'full', bearer: 'sale', reason: 'Right.' } as const
    await decideDispute(corridor.db, ruling, await by())
    await follow(disputeId)
    await resultNow(handle)
    const left = Object.entries(await balances(session)).filter(([, amount]) => amount !== 0)
    expect(left.map(([account]) => account).toSorted()).toEqual([
      'asset:psp:EUR',
      'expense:psp_fee:EUR',
    ])
    expect(await failedChecks(session)).toEqual([])
  })

  test('is contested by the operator until its deadline, and looked at again each day after the last', async () => {
    const session = await sold()
    const { disputeId, handle } = await open(session, 'other')
    const { contestUntil, deadline } = await read(disputeId)
    expect((contestUntil ?? '') < (deadline ?? '')).toBe(true)
    const operator = { accountId: market.cpo.id, sees: market.cpo.id }
    const stranger = { accountId: 'acct_none', sees: 'acct_none' }
    const saying = { id: disputeId, text: 'Our meter shows 10 kWh.', facts: [] }
    await expect(
      sayOfDispute(corridor.db, stranger, saying, await corridor.nowIso()),
    ).rejects.toMatchObject({ code: 'resource_missing' })
    await sayOfDispute(corridor.db, operator, saying, await corridor.nowIso())
    expect(await read(disputeId)).toMatchObject({
      status: 'under_review',
      nextAction: 'person_decides',
      said: [{ by: 'operator', text: saying.text }],
    })
    await corridor.pass(5 * 86_400_000)
    const { data } = await listIncidents(corridor.db, 'all', { limit: 50, kind: 'dispute' })
    const own = data.find(({ subjectId }) => subjectId === disputeId)
    expect(own?.occurrences).toBeGreaterThan(1)
    await withdrawDispute(corridor.db, asPartner(), disputeId, await corridor.nowIso())
    await follow(disputeId)
    expect(await resultNow(handle)).toEqual({ status: 'settled' })
  })

  test('that nobody contests is a person’s after the operator’s time, and a late word is refused', async () => {
    const session = await sold()
    const { disputeId } = await open(session, 'other')
    await corridor.pass(4 * 86_400_000)
    expect(await read(disputeId)).toMatchObject({ status: 'under_review', contestUntil: null })
    const operator = { accountId: market.cpo.id, sees: market.cpo.id }
    const saying = { id: disputeId, text: 'Late.', facts: [] }
    await expect(
      sayOfDispute(corridor.db, operator, saying, await corridor.nowIso()),
    ).rejects.toMatchObject({ code: 'invalid_transition' })
    await withdrawDispute(corridor.db, asPartner(), disputeId, await corridor.nowIso())
    expect(await read(disputeId)).toMatchObject({ status: 'settled', outcome: 'withdrawn' })
    const again = await open(session, 'other')
    expect(again.disputeId).not.toBe(disputeId)
  })

  test('whose meter did not move gets all of it back at once, once, whoever asks twice', async () => {
    const session = await sold()
    await standStill(session)
    const disputeId = newId('dispute')
    const both = await Promise.all([
      open(session, 'zero_energy', { disputeId }),
      open(session, 'zero_energy', { disputeId }),
    ])
    expect(await resultNow(both[0].handle)).toEqual({ status: 'won' })
    expect(await read(disputeId)).toMatchObject({
      outcome: 'full',
      decided: eur(590),
      decidedBy: 'rule',
      bearer: 'sale',
    })
    expect(await refundsOf(corridor.db, session.sessionId)).toMatchObject([
      { amount: eur(590), status: 'refunded' },
    ])
    expect(await failedBeside(session)).toEqual([])
    await expect(open(session, 'zero_energy')).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  test.each(['account', 'prepaid'] as const)(
    'of a session paid by %s goes back the way it came',
    async (kind) => {
      const payer = await anotherPartner(corridor, market, kind)
      await fund(payer, kind)
      const session = await charge(corridor, payer, 10_000)
      await settle(corridor, session)
      await standStill(session)
      const { handle } = await open(session, 'zero_energy')
      await resultNow(handle)
      const left = Object.entries(await balances(session)).filter(([, amount]) => amount !== 0)
      expect(left).toEqual([])
      expect(await failedBeside(session)).toEqual([])
    },
  )

  test('is refused above the price, in another currency, by a stranger, twice at once and after thirteen months', async () => {
    const session = await sold()
    const wrong = (amount: Money) => open(session, 'other', { amount })
    await expect(wrong(eur(591))).rejects.toMatchObject({ code: 'invalid_value' })
    await expect(wrong(money(100, 'CHF'))).rejects.toMatchObject({ code: 'invalid_value' })
    const wish = {
      disputeId: newId('dispute'),
      sessionId: session.sessionId,
      reason: 'other',
    } as const
    const asStranger = disputeAsDriver(corridor.db, market.cpo.id, wish, await by())
    await expect(asStranger).rejects.toMatchObject({ code: 'resource_missing' })
    const twice = await Promise.allSettled([open(session, 'other'), open(session, 'other')])
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const { endedAt } = (await getSession(corridor.db, 'all', session.sessionId)) ?? {}
    const late = new Date(Date.parse(endedAt ?? '') + 400 * 86_400_000).toISOString()
    await expect(
      disputeAsDriver(
        corridor.db,
        'all',
        { ...wish, reason: 'rounding' },
        { keyId: 'k', now: late },
      ),
    ).rejects.toMatchObject({ code: 'invalid_transition' })
  })
})

/** The operator of the market asks. */
const ask = async ({ sessionId }: Started, reason: CpoDisputeReason) => {
  const disputeId = newId('dispute')
  const wish = { disputeId, kind: 'cpo', sessionId, reason } as const
  await disputeAsPayee(corridor.db, market.cpo.id, wish, await by())
  return read(disputeId)
}

describe('an operator’s dispute of its split', () => {
  test('shows policy, inputs and every line computed again, which are equal', async () => {
    const session = await sold()
    const dispute = await ask(session, 'commission_differs')
    expect(dispute).toMatchObject({ status: 'lost', decidedBy: 'rule' })
    const { recomputation } = dispute
    expect(recomputation).toMatchObject({ equal: true, difference: eur(0) })
    expect(recomputation?.lines.map(({ line }) => line)).toEqual(
      expect.arrayContaining(['sale', 'commission', 'share', 'owed', 'payables']),
    )
    expect(recomputation?.policy.version).toMatch(/^sha256:/)
  })

  test('that a price need not have fallen is a person’s, and an adjustment that two keys want', async () => {
    const session = await sold()
    const driver = await open(session, 'other')
    const full = { id: driver.disputeId, outcome: 'full', bearer: 'sale', reason: 'x' } as const
    await decideDispute(corridor.db, full, await by())
    const dispute = await ask(session, 'give_back_not_justified')
    expect(dispute).toMatchObject({ status: 'under_review' })
    const wish = {
      id: dispute.id,
      outcome: 'full',
      bearer: 'sale',
      reason: 'It was charged.',
    } as const
    const part = { ...wish, outcome: 'partial', amount: eur(300) } as const
    expect(await decideDispute(corridor.db, part, await by('key_one'))).toMatchObject({
      status: 'under_review',
    })
    expect(await decideDispute(corridor.db, part, await by('key_two'))).toMatchObject({
      outcome: 'partial',
      decided: eur(300),
    })
    const sale = await saleOf(corridor.db, session.sessionId)
    expect(sale?.state.claim.conceded).toEqual(eur(300))
  })

  test('is nobody else’s: neither the partner’s nor a stranger’s', async () => {
    const { sessionId } = await sold()
    const wish = {
      disputeId: newId('dispute'),
      kind: 'cpo',
      sessionId,
      reason: 'share_differs',
    } as const
    for (const stranger of [partnerOf(), 'acct_none'])
      await expect(disputeAsPayee(corridor.db, stranger, wish, await by())).rejects.toMatchObject({
        code: expect.stringMatching(/resource_missing|invalid_transition/),
      })
  })
})

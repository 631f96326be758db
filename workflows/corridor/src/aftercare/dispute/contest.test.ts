// A chargeback is contested by itself before the provider takes no more: once, with what the pack says.
import { describe, expect, test } from 'vitest'
import { disputeOfProvider } from '@chargelane/db/queries/disputes/disputes'
import { latestEvidence } from '@chargelane/db/queries/documents/evidence'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { listEvents } from '@chargelane/db/queries/outbox/outbox'
import { money } from '@chargelane/rules/money'
import { hearProvider } from '../../books/told-by-provider.ts'
import type { Corridor } from '../../testing/corridor.ts'
import { charge, type Market, paymentOf, settle, useCorridor } from '../../testing/market.ts'
import { sayOfDispute } from './decide.ts'

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const hour = 3_600_000
const day = 24 * hour

/** A session whose payer's bank takes the money back, and the day until which the provider takes evidence. */
async function chargedBack(reference: string) {
  const session = await charge(corridor, market, 10_000)
  await settle(corridor, session)
  const at = await corridor.nowIso()
  const dueBy = Date.parse(at) + 9 * day
  const tell = async (state: 'open' | 'won' | 'lost') => {
    const told = {
      kind: 'chargeback',
      reference,
      amount: money(590, 'EUR'),
      reason: 'fraudulent',
      state,
      evidenceDueBy: new Date(dueBy).toISOString(),
    } as const
    const pspId = (await paymentOf(corridor, session))?.pspId ?? ''
    await hearProvider(corridor.db, told, { kind: 'card', pspId, at })
  }
  await tell('open')
  const read = async () => {
    const row = await disputeOfProvider(corridor.db, reference)
    if (row === undefined) throw new Error(`no ${reference}`)
    return row
  }
  return {
    ...session,
    tell,
    read,
    before: (ms: number) => new Date(dueBy - ms).toISOString(),
    /** The hourly look, so long before the provider takes no more. */
    look: (ms: number) =>
      corridor.activities.contestChargebacks({ now: new Date(dueBy - ms).toISOString() }),
    asked: () =>
      corridor.payments.calls.filter((each) => each.call === 'contest' && each.pspId === reference)
        .length,
    isIncident: async () => {
      const { id } = await read()
      const { data } = await listIncidents(corridor.db, 'all', { limit: 50, kind: 'chargeback' })
      return data.some(({ subjectId, status }) => subjectId === id && status === 'open')
    },
  }
}

/** An event is listed once nothing older can come any more: a transaction that is open beside it delays it. */
async function hears(accountId: string, id: string, expected: string[]): Promise<void> {
  const told = async () =>
    (await listEvents(corridor.db, accountId, 0, 2_000)).flatMap(({ type, objectId }) =>
      objectId === id && type !== 'dispute.opened' ? [type] : [],
    )
  await expect.poll(told, { timeout: 60_000 }).toEqual(expected)
}

describe('a chargeback', () => {
  test('is contested three days before the last, once, with receipt, service, log and what was said', async () => {
    const of = await chargedBack('dp_once')
    const { id, contestUntil } = await of.read()
    expect(contestUntil).toBe(of.before(3 * day))
    const operator = { accountId: market.cpo.id, sees: market.cpo.id }
    const saying = { id, text: 'The car was plugged in.', facts: [] }
    await sayOfDispute(corridor.db, operator, saying, of.before(4 * day))
    await of.look(3 * day + 1)
    expect(of.asked()).toBe(0)
    await of.look(3 * day)
    expect(await of.read()).toMatchObject({
      status: 'under_review',
      nextAction: 'provider_decides',
      submittedAt: of.before(3 * day),
    })
    const pack = await latestEvidence(corridor.db, of.sessionId)
    const { texts } = corridor.payments.contested.get('dp_once') ?? {}
    expect(texts?.product_description).toContain(of.sessionId)
    expect(texts?.service_date).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(texts?.access_activity_log).toMatch(/T.*Z charging/)
    expect(texts?.uncategorized_text).toMatch(/^Receipt: \S+\n[\s\S]*Price: /)
    expect(texts?.uncategorized_text).toContain(pack?.manifestHash)
    expect(texts?.uncategorized_text).toContain('The operator of the charger says: The car was')
    // What the parties of the sale share is nothing to the payer's bank.
    expect(JSON.stringify(texts)).not.toMatch(/Share of|Settlement of|commission/)
    await of.look(3 * day - hour)
    expect(of.asked()).toBe(1)
    for (const { id: account } of [market.partner, market.cpo])
      await hears(account, id, ['dispute.evidence_submitted'])
    const late = sayOfDispute(corridor.db, operator, saying, of.before(2 * day))
    await expect(late).rejects.toMatchObject({ code: 'invalid_transition' })
  })

  test('is contested again under another key, in the same words, only where the provider lost it', async () => {
    const of = await chargedBack('dp_lost')
    await of.look(3 * day)
    const first = corridor.payments.contested.get('dp_lost')
    await of.look(20 * hour)
    expect(await of.read()).toMatchObject({ submittedAt: of.before(3 * day) })
    corridor.payments.contested.delete('dp_lost')
    await of.look(19 * hour)
    const again = corridor.payments.contested.get('dp_lost')
    expect(again?.texts).toEqual(first?.texts)
    expect(again?.idempotencyKey).not.toBe(first?.idempotencyKey)
    const { id, submittedAt } = await of.read()
    expect(submittedAt).toBe(of.before(19 * hour))
    await of.look(18 * hour)
    expect(await of.read()).toMatchObject({ submittedAt })
    const submitted = 'dispute.evidence_submitted'
    await hears(market.partner.id, id, [submitted, submitted])
  })

  test('whose submission gets no reply, or finds nobody, is contested by the next hour and once', async () => {
    const of = await chargedBack('dp_silent')
    corridor.payments.unavailable.contest = 1
    await of.look(3 * day)
    expect(corridor.payments.contested.has('dp_silent')).toBe(false)
    corridor.payments.loseReply.contest = 1
    await of.look(3 * day - hour)
    expect(await of.read()).toMatchObject({ status: 'needs_response', submittedAt: null })
    const sent = corridor.payments.contested.get('dp_silent')
    await of.look(3 * day - 2 * hour)
    expect(await of.read()).toMatchObject({ submittedAt: of.before(3 * day - 2 * hour) })
    expect(corridor.payments.contested.get('dp_silent')).toBe(sent)
  })

  test('of which the provider takes no evidence is a person’s to see until it is decided, and asked for no more', async () => {
    const of = await chargedBack('dp_refused')
    corridor.payments.refuseContest.set('dp_refused', 'psp_invalid_request')
    await of.look(3 * day)
    expect(await of.read()).toMatchObject({ nextAction: 'provider_decides', submittedAt: null })
    expect(await of.isIncident()).toBe(true)
    await of.look(2 * day)
    expect(of.asked()).toBe(1)
    await of.tell('lost')
    expect(await of.isIncident()).toBe(false)
    expect(await of.read()).toMatchObject({ status: 'lost', contestUntil: null, deadline: null })
  })

  test('that is decided before is not contested', async () => {
    const of = await chargedBack('dp_decided')
    await of.tell('won')
    await of.look(3 * day)
    expect(of.asked()).toBe(0)
  })
})

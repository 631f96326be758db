// Operators' own code beside a session: what it may refuse, flag and put on hold, and what its faults cost.
import { describe, expect, test } from 'vitest'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { listSettlements } from '@chargelane/db/queries/documents/settlements'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import {
  getPolicyPackage,
  insertPolicyPackage,
  movePolicyPackage,
  policyRunsOf,
} from '@chargelane/db/queries/policies/packages'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { PolicyHook } from '@chargelane/openapi/vocabulary/policy-hooks'
import { sha256 } from '@chargelane/rules/digest'
import { sessionWorkflowId } from '../contract.ts'
import { faultsInARow } from '../policy/limits.ts'
import type { Corridor } from './corridor.ts'
import { charge, createOffer, settleAll, startSession, useCorridor, waitsFor } from './market.ts'
import type { Market } from './market.ts'

let corridor: Corridor
let market: Market
useCorridor((made, of) => {
  corridor = made
  market = of
})

/** One hook of the market's operator, in force. */
async function putInForce(
  hook: PolicyHook,
  body: string,
  onError: 'go_on' | 'refuse' = 'go_on',
): Promise<string> {
  const { db } = corridor
  const [id, source] = [newId('policyPackage'), `export function ${hook}(facts) { ${body} }`]
  const at = await corridor.nowIso()
  const name = `own-${hook.replaceAll('_', '-')}`
  const names = { name, version: '1.0.0', hooks: [hook], schemaVersion: 1, goldens: [] }
  const code = { source, sha256: sha256(source), onError }
  await db.tx((tx) => insertPolicyPackage(tx, { id, cpoId: market.cpo.id, ...names, ...code, at }))
  await movePolicyPackage(db, id, ['draft'], { status: 'active', activatedAt: at })
  return id
}

/** The step of the start, repeated as after a lost reply. */
const openAgain = async (sessionId: string, quoteId: string) =>
  corridor.activities.openSession({
    session: { origin: 'partner', sessionId, accountId: market.partner.id, quoteId },
    workflowId: sessionWorkflowId(market.partner.id, sessionId),
    now: await corridor.nowIso(),
  })

const retire = (id: string) => movePolicyPackage(corridor.db, id, ['active'], { status: 'retired' })

const incidentsOf = async (kind: 'policy_fault' | 'policy_flag') =>
  (await listIncidents(corridor.db, market.cpo.id, { limit: 20, kind })).data

const settlementsOf = (payee: string) => listSettlements(corridor.db, payee, { limit: 10 })
const sell = async () => waitsFor(await charge(corridor, market, 10_000), 'settlement')

const refused = { kind: 'refused', code: 'start_refused_by_operator' }

describe('before_start', () => {
  test('refuses a start with its reason before anything is held, and a repeated step takes the kept answer', async () => {
    const reason = 'The yard is full'
    const code = `return { decision: 'refuse', reason: '${reason}' }`
    const id = await putInForce('before_start', code)
    const quoteId = await createOffer(corridor, market)
    const { sessionId, answer } = await startSession(corridor, market, quoteId)
    expect(answer).toMatchObject({
      ...refused,
      message: reason,
      extra: { reason: 'policy_package', package: 'own-before-start@1.0.0' },
    })
    expect(await getSession(corridor.db, 'all', sessionId)).toBeUndefined()
    expect(await paymentsOf(corridor.db, sessionId)).toEqual([])
    expect(corridor.operator.calls.filter((call) => call.sessionId === sessionId)).toEqual([])

    await retire(id)
    expect(await openAgain(sessionId, quoteId)).toEqual(answer)
    const runs = await policyRunsOf(corridor.db, sessionId)
    expect(runs).toMatchObject([{ hook: 'before_start', packageId: id, fault: null }])
    // The quote was not consumed: without the package it starts a session of its own.
    const other = await startSession(corridor, market, quoteId)
    expect(other.answer).toEqual({ kind: 'authorized' })
  })

  test('is told of the place and the price, and lets a sale go on by its answer', async () => {
    await putInForce(
      'before_start',
      `return facts.evse === '${market.evseIds[0]}' && facts.partner === '${market.partner.id}' &&
        facts.hold.amount > 0 && !facts.at_charger
        ? { decision: 'go_on' } : { decision: 'refuse', reason: JSON.stringify(facts) }`,
    )
    const session = await startSession(corridor, market)
    expect(session.answer).toEqual({ kind: 'authorized' })
    expect(await policyRunsOf(corridor.db, session.sessionId)).toMatchObject([
      { answer: { decision: 'go_on' } },
    ])
  })

  test('at fault lets the sale go on, and its operator hears of it', async () => {
    const id = await putInForce('before_start', 'throw new Error("no table")')
    const session = await startSession(corridor, market)
    expect(session.answer).toEqual({ kind: 'authorized' })
    await corridor.reaches(session.sessionId, { status: 'charging' })
    expect(await incidentsOf('policy_fault')).toMatchObject([
      {
        status: 'open',
        subjectType: 'policy_package',
        subjectId: id,
        cause: expect.stringContaining('no table'),
        detail: { hook: 'before_start', fault: 'threw', in_row: 1, switched_off: false },
      },
    ])
  })

  test('at fault refuses where it says so, and is switched off after five in a row', async () => {
    const id = await putInForce('before_start', 'while (true);', 'refuse')
    const statusOf = async () => (await getPolicyPackage(corridor.db, market.cpo.id, id))?.status
    const quoteId = await createOffer(corridor, market)
    for (let fault = 1; fault <= faultsInARow; fault++) {
      expect(await statusOf()).toBe('active')
      const { answer, sessionId } = await startSession(corridor, market, quoteId)
      expect(answer).toMatchObject(refused)
      expect(await openAgain(sessionId, quoteId)).toEqual(answer)
      expect(await paymentsOf(corridor.db, sessionId)).toEqual([])
      expect(await policyRunsOf(corridor.db, sessionId)).toMatchObject([{ fault: 'steps' }])
    }
    expect(await statusOf()).toBe('switched_off')
    expect(await incidentsOf('policy_fault')).toMatchObject([
      { status: 'open', detail: { in_row: faultsInARow, switched_off: true } },
    ])
    expect((await startSession(corridor, market)).answer).toEqual({ kind: 'authorized' })
  })
})

describe('after_record', () => {
  test('has a person look at a record, and the sale is what it would have been', async () => {
    const reason = 'More than the car can hold'
    const code = `return facts.energy_wh > 9000 && facts.payable.amount === 590
      ? { decision: 'flag', reason: '${reason}' } : { decision: 'go_on' }`
    const plain = await charge(corridor, market, 10_000)
    const before = await corridor.reaches(plain.sessionId, { moneyStatus: 'captured' })
    await putInForce('after_record', code)
    const flagged = await charge(corridor, market, 10_000)
    const after = await corridor.reaches(flagged.sessionId, { moneyStatus: 'captured' })
    expect(after.totalGrossMinor).toBe(590)
    expect(after.totalGrossMinor).toBe(before.totalGrossMinor)
    const [run, ...more] = await policyRunsOf(corridor.db, flagged.sessionId)
    expect(more).toEqual([])
    expect(await incidentsOf('policy_flag')).toMatchObject([
      {
        status: 'open',
        sessionId: flagged.sessionId,
        subjectType: 'cdr',
        subjectId: run?.subject,
        cause: reason,
        detail: { package: 'own-after-record@1.0.0' },
      },
    ])
    expect(await policyRunsOf(corridor.db, plain.sessionId)).toEqual([])
  })

  test('at fault changes nothing of the sale', async () => {
    await putInForce('after_record', 'return { decision: "flag" }', 'refuse')
    const session = await charge(corridor, market, 10_000)
    const { totalGrossMinor } = await corridor.reaches(session.sessionId, {
      moneyStatus: 'captured',
    })
    expect(totalGrossMinor).toBe(590)
    expect(await incidentsOf('policy_flag')).toEqual([])
    expect(await incidentsOf('policy_fault')).toMatchObject([{ detail: { fault: 'answer' } }])
  })
})

describe('before_payout', () => {
  test('puts its operator’s payout on hold with a reason, and no other; out of force it holds nothing the next day', async () => {
    const id = await putInForce(
      'before_payout',
      `return facts.amount.amount > 0 && facts.sessions === 1 && facts.payee.role === 'cpo'
        ? { decision: 'hold', reason: 'Books are closed' } : { decision: 'go_on' }`,
    )
    await sell()
    const held = { state: 'on_hold', reason: 'policy: Books are closed' }
    await settleAll(corridor)
    const [first] = await settlementsOf(market.cpo.id)
    expect(first).toMatchObject(held)
    expect(await listPayouts(corridor.db, market.cpo.id, { limit: 10 })).toEqual([])
    expect(await settlementsOf(market.partner.id)).toMatchObject([{ state: 'paid' }])
    await corridor.pass(86_400_000)
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([held])
    const told = await eventsOfObject(corridor.db, market.cpo.id, first!.id, 0)
    expect(told.filter(({ type }) => type === 'settlement.on_hold')).toHaveLength(1)

    await retire(id)
    await corridor.pass(86_400_000)
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', reason: null }])
  })

  test('at fault lets the payout go on, and its operator hears of it', async () => {
    await putInForce('before_payout', 'throw new Error("no bank")', 'refuse')
    await sell()
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', reason: null }])
    expect(await incidentsOf('policy_fault')).toMatchObject([
      { status: 'open', detail: { hook: 'before_payout', fault: 'threw' } },
    ])
  })
})

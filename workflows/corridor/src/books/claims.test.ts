// Claims above the price that are decided: each leaves the books, and the driver pays nothing more.
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { settlementsOfSession } from '@chargelane/db/queries/documents/settlements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listSuspense } from '@chargelane/db/queries/ledger/suspense'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import type { Corridor } from '../testing/corridor.ts'
import {
  aftercareOf,
  charge,
  type Market,
  paymentOf,
  resultNow,
  settle,
  settleAll,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import { decideClaim } from './claims.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

const hour = 3_600_000
const reason = 'the reading was right'
const by = async (keyId: string) => ({ keyId, now: await corridor.nowIso() })

async function claimOf() {
  const now = await corridor.nowIso()
  const [item] = await listSuspense(corridor.db, { cpo: market.cpo.id }, { limit: 5, now })
  if (item === undefined) throw new Error('a claim is held')
  return item
}

/** A grant by two keys, a release by one. */
async function decided(wish: { id: string; verb: 'release' | 'grant' }) {
  if (wish.verb === 'grant') await decideClaim(corridor.db, { ...wish, reason }, await by('key_1'))
  return decideClaim(corridor.db, { ...wish, reason }, await by('key_2'))
}

const heldNow = () => balanceOf(corridor.db, accounts.suspense(market.cpo.id, 'EUR'))

async function paidToCpo(sessionId: string): Promise<number> {
  const rows = await settlementsOfSession(corridor.db, sessionId)
  return rows
    .filter(({ payee, state }) => payee.role === 'cpo' && state === 'paid')
    .reduce((sum, { amount }) => sum + amount.amount, 0)
}

async function wrongIn(sessionId: string) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  return checks.filter(({ ok }) => !ok)
}

async function resealed(sessionId: string) {
  await corridor.pass(hour)
  const { sessions } = await corridor.activities.resealPacks({ now: await corridor.nowIso() })
  expect(sessions).toContain(sessionId)
}

test.each([
  ['release', 'suspense.released', 0],
  ['grant', 'suspense.granted', 500],
] as const)(
  'a claim that a sale holds is decided once (%s), its operator hears it, and the pack says so',
  async (verb, event, more) => {
    corridor.operator.behave({ overclaim: 500 })
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await settle(corridor, session)
    const item = await claimOf()
    const done = await decided({ id: item.id, verb })
    expect(done).toMatchObject({ closed_reason: reason, dispute_due: false })
    await expect(decided({ id: item.id, verb })).rejects.toThrow(/is /)
    expect(await heldNow()).toBe(0)
    await settleAll(corridor)
    expect(await paidToCpo(sessionId)).toBe(530 + more)
    expect(await balanceOf(corridor.db, accounts.expense('claims', 'EUR'))).toBe(more)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(590, 'EUR') })
    const told = await eventsOfObject(corridor.db, market.cpo.id, item.id, 0)
    expect(told.map(({ type }) => type)).toEqual([event])
    await resealed(sessionId)
    expect(await wrongIn(sessionId)).toEqual([])
  },
)

test.each(['release', 'grant'] as const)(
  'so is one that came after a provisional sale, which no sale holds (%s)',
  async (verb) => {
    corridor.operator.behave({ sendsRecord: false, overclaim: 300 })
    const session = await charge(corridor, market, 10_000)
    const { sessionId } = session
    await corridor.pass(25 * hour)
    await waitsFor(session, 'settlement')
    await settleAll(corridor)
    await corridor.operator.sendRecord(sessionId)
    await resultNow(await aftercareOf(corridor, session))
    const item = await claimOf()
    const before = await balanceOf(corridor.db, accounts.expense('claims', 'EUR'))
    await decided({ id: item.id, verb })
    expect(await heldNow()).toBe(0)
    await settleAll(corridor)
    const more = verb === 'grant' ? 300 : 0
    expect(await paidToCpo(sessionId)).toBe(530 + more)
    const borne = await balanceOf(corridor.db, accounts.expense('claims', 'EUR'))
    expect(borne - before).toBe(more)
    // A release changes no sale, so there is nothing to seal anew.
    if (verb === 'grant') await resealed(sessionId)
    expect(await wrongIn(sessionId)).toEqual([])
  },
)

test('one key alone grants nothing', async () => {
  corridor.operator.behave({ overclaim: 500 })
  await settle(corridor, await charge(corridor, market, 10_000))
  const { id } = await claimOf()
  const wish = { id, verb: 'grant', reason } as const
  expect(await decideClaim(corridor.db, wish, await by('key_1'))).toMatchObject({
    status: 'open',
    proposal: { action: 'suspense.grant', approved_by: null },
  })
  await expect(decideClaim(corridor.db, wish, await by('key_1'))).rejects.toThrow(/another key/)
  expect(await heldNow()).toBe(500)
})

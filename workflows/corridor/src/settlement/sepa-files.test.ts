// Euro leave in files: killed at any step every payee is paid once (failures F67), and what the bank says of one transfer
// is that payee's alone.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { listSettlements } from '@chargelane/db/queries/documents/settlements'
import { openBalances, trialBalance } from '@chargelane/db/queries/ledger/balances'
import { lastStatement, putStatement } from '@chargelane/db/queries/ledger/treasury'
import { requestStop } from '../contract.ts'
import { endToEndOf, payoutOf } from '@chargelane/rules/bank/pain001'
import type { StatusReport, TransferStatus } from '@chargelane/rules/bank/pain002'
import { type Corridor, startCorridor } from '../testing/corridor.ts'
import { Killed, mortalDb, Process } from '../testing/killed.ts'
import { createMarket, type Market, startSession, waitsFor } from '../testing/market.ts'
import { createSettlementActivities } from './activities.ts'
import type { BankFiles } from './bank-files.ts'
import { createFakeBank, portsOf } from './bank.fake.ts'
import { matchStatements } from './treasury/statements.ts'
import { takeReturns } from './returns.ts'
import { createFileActivities, createSepaRail } from './sepa-files.ts'

let corridor: Corridor
beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())

const sepa = { debtor: { name: 'Chargelane', iban: 'DE02100100109307118603' }, cutOff: '14:00' }

/** Takes each message id once, and reports on it. `rejects` names transfers and why. */
function createFakeFiles() {
  const taken = new Map<string, { ids: string[]; xml: string }>()
  const rejects = new Map<string, string>()
  const files: BankFiles = {
    async upload({ messageId, xml }) {
      if (taken.has(messageId)) throw new Error(`${messageId} was given twice`)
      const ids = Array.from(xml.matchAll(/<EndToEndId>([^<]+)/g), ([, id = '']) => id)
      taken.set(messageId, { ids, xml })
    },
    async report({ messageId }) {
      const file = taken.get(messageId)
      if (file === undefined) return 'unknown'
      const transfers = file.ids.flatMap((endToEndId): TransferStatus[] => {
        const reasonCode = rejects.get(endToEndId)
        return reasonCode === undefined
          ? []
          : [{ endToEndId, status: 'rejected', reasonCode, reason: null }]
      })
      const status = transfers.length > 0 ? 'partly' : 'accepted'
      const report: StatusReport = { messageId, status, reasonCode: null, reason: null, transfers }
      return { report }
    },
  }
  return { files, taken, rejects }
}
type FakeFiles = ReturnType<typeof createFakeFiles>

function livesOf({ files }: FakeFiles, dieAt: number) {
  const process = new Process(dieAt)
  const db = mortalDb(corridor.db, process)
  const payouts = { bank: createFakeBank(() => ''), sepa_file: createSepaRail(db) }
  const mortal: BankFiles = {
    upload: (file) => process.does(() => files.upload(file)),
    report: (query) => process.does(() => files.report(query)),
  }
  return {
    payouts,
    ...createSettlementActivities({
      db,
      policies: corridor.policies,
      ...portsOf(payouts.bank),
      payouts,
      renderStatement: () => Promise.resolve(Buffer.from('%PDF-')),
      tellSession: () => Promise.resolve(),
    }),
    ...createFileActivities({ db, files: mortal, sepa }),
  }
}
type Life = ReturnType<typeof livesOf>

async function runBatch(life: Life, batch: string, now: string) {
  const { payees, unpaid } = await life.listPayees({ cutOffAt: now })
  for (const settlementId of unpaid) await life.sendPayout({ settlementId, now })
  for (const payee of payees) {
    const closed = await life.closePayee({ ...payee, batch, cutOffAt: now, now })
    if (closed !== null) await life.sendPayout({ settlementId: closed.settlementId, now })
  }
  await life.sendFiles({ now })
  await life.readFiles({ now })
}

async function sellOnce(): Promise<Market> {
  const market = await createMarket(corridor)
  const session = await startSession(corridor, market)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  await corridor.operator.meter(session.sessionId, 10_000, 0.01)
  await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  await waitsFor(session, 'settlement')
  return market
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })

type Line = { id: string; amount: number; reason?: string }

/** The bank's next statement, with these lines. */
async function printStatement(lines: readonly Line[], now: string): Promise<void> {
  await corridor.db.tx(async (tx) => {
    const sequence = (await lastStatement(tx)) + 1
    const statement = {
      id: `STM${sequence}`,
      sequence,
      account: sepa.debtor.iban,
      opening: eur(0),
      closing: eur(lines.reduce((sum, { amount }) => sum + amount, 0)),
      from: now,
      until: now,
      lines: lines.map(({ id, amount, reason }, n) => ({
        reference: `L${sequence}-${n}`,
        endToEndId: id,
        amount: eur(amount),
        bookedAt: now,
        text: '',
        counterparty: null,
        returnReason: reason ?? null,
        charges: null,
      })),
    }
    await putStatement(tx, statement, { xml: '<x/>', at: now })
  })
}

const payoutsOf = (payee: string) => listPayouts(corridor.db, payee, { limit: 10 })

/** Killed at this step, and begun anew until nothing is left to do. Whether there was such a step. */
async function survives(dieAt: number): Promise<boolean> {
  const market = await sellOnce()
  const bank = createFakeFiles()
  const now = await corridor.nowIso()
  const batch = `files-${dieAt}`
  const isKilled = await runBatch(livesOf(bank, dieAt), batch, now).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true
      throw error
    },
  )
  const life = livesOf(bank, Infinity)
  await runBatch(life, batch, now)
  const ids = [...bank.taken.values()].flatMap((file) => file.ids)
  expect(new Set(ids).size, `step ${dieAt}`).toBe(ids.length)
  const payees = [market.cpo.id, market.partner.id]
  const sent = (await Promise.all(payees.map(payoutsOf))).flat()
  expect(sent.map(({ state, rail }) => [state, rail])).toEqual([
    ['sent', 'sepa_file'],
    ['sent', 'sepa_file'],
  ])
  expect(sent.filter(({ id }) => ids.includes(endToEndOf(id)))).toHaveLength(2)
  await printStatement(
    sent.map(({ id, amount }) => ({ id: endToEndOf(id), amount: -amount.amount })),
    now,
  )
  await life.readFiles({ now })
  await life.readFiles({ now })
  for (const payee of payees) {
    expect((await payoutsOf(payee)).map(({ state }) => state)).toEqual(['paid'])
    expect(await openBalances(corridor.db, `liability:cpo:${payee}`)).toEqual([])
  }
  return isKilled
}

test('killed at any step of its files, nobody is paid twice and everybody once', async () => {
  let dieAt = 1
  while (await survives(dieAt)) dieAt += 1
  expect(dieAt).toBeGreaterThan(20)
  expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
  for (const { difference } of (await trialBalance(corridor.db)).currencies)
    expect(difference.amount).toBe(0n)
  // Each debit of the statements is of the payout that it carries out.
  expect(await matchStatements(corridor.db)).toMatchObject({ open: 0 })
}, 600_000)

test('one transfer that the bank rejects is that payee’s alone; one that comes back days later is owed again', async () => {
  const market = await sellOnce()
  const bank = createFakeFiles()
  const life = livesOf(bank, Infinity)
  const now = await corridor.nowIso()
  const { payees } = await life.listPayees({ cutOffAt: now })
  for (const payee of payees) {
    const closed = await life.closePayee({ ...payee, batch: 'partly', cutOffAt: now, now })
    if (closed !== null) await life.sendPayout({ settlementId: closed.settlementId, now })
  }
  const [ofCpo] = await payoutsOf(market.cpo.id)
  bank.rejects.set(endToEndOf(ofCpo!.id), 'AC04')
  await life.sendFiles({ now })
  await life.readFiles({ now })
  expect(await payoutsOf(market.cpo.id)).toMatchObject([{ state: 'failed', failureCode: 'AC04' }])
  const [ofPartner] = await payoutsOf(market.partner.id)
  expect(ofPartner).toMatchObject({ state: 'sent' })
  const line = { id: endToEndOf(ofPartner!.id), amount: -ofPartner!.amount.amount }
  await printStatement([line], now)
  await life.readFiles({ now })
  expect(await payoutsOf(market.partner.id)).toMatchObject([{ state: 'paid' }])
  const back = { id: line.id, amount: ofPartner!.amount.amount, reason: 'MD07' }
  await printStatement([back], now)
  const { payouts } = life
  for (let look = 0; look < 2; look++) await takeReturns({ db: corridor.db, payouts }, { now })
  expect(await payoutsOf(market.partner.id)).toMatchObject([
    { state: 'returned', failureCode: 'MD07' },
  ])
  const [owed] = await listSettlements(corridor.db, market.partner.id, { limit: 1 })
  expect(owed).toMatchObject({ state: 'on_hold', reason: expect.stringContaining('MD07') })
  expect(payoutOf(line.id)).toBe(ofPartner!.id)
  expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
})

test('two workers at once put each payout into one file', async () => {
  await sellOnce()
  const bank = createFakeFiles()
  const now = await corridor.nowIso()
  const [one, other] = [livesOf(bank, Infinity), livesOf(bank, Infinity)]
  const { payees } = await one.listPayees({ cutOffAt: now })
  for (const payee of payees) {
    const closed = await one.closePayee({ ...payee, batch: 'two', cutOffAt: now, now })
    if (closed !== null) await one.sendPayout({ settlementId: closed.settlementId, now })
  }
  await Promise.allSettled([one.sendFiles({ now }), other.sendFiles({ now })])
  await one.sendFiles({ now })
  const ids = [...bank.taken.values()].flatMap((file) => file.ids)
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(2)
})

// What a quote reads of an account's room is what a hold would find: the view and the figures of the corridor agree.
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import { createAccount } from '@chargelane/db/queries/partners/accounts'
import { createPaymentSource, getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { openDebt } from '@chargelane/db/queries/payments/debts'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { putSettings } from '@chargelane/db/queries/operations/settings'
import { payments } from '@chargelane/db/schema'
import { testDatabase } from '@chargelane/db/testing'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { availableOf, drawnOf, planLineOf } from './credit.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const at = '2026-11-30T10:00:00.000Z'
const currency = 'EUR'
const amount = fc.integer({ min: 1, max: 1_000_000 })
const statuses = ['created', 'authorized', 'captured', 'voided', 'capture_failed'] as const

const draws = fc.record({
  line: fc.option(fc.record({ limit: amount, deposit: amount, reserve: amount })),
  plan: fc.option(amount),
  books: fc.array(fc.record({ amount, isPlan: fc.boolean(), isPaid: fc.boolean() }), {
    maxLength: 5,
  }),
  payments: fc.array(
    fc.record({
      amount,
      status: fc.constantFrom(...statuses),
      kind: fc.constantFrom('card', 'account'),
      isAsked: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  debts: fc.array(fc.record({ credited: amount, guaranteed: amount }), { maxLength: 3 }),
})

async function partner() {
  const account = await createAccount(db, {
    type: 'partner',
    name: `partner ${newId('account')}`,
    legalName: 'Partner GmbH',
    country: 'DE',
    payoutCurrency: currency,
    address: { street: 'Hafenstraße 1', city: 'Hamburg', postal_code: '20457' },
    at,
  })
  return account.id
}

async function draw(
  accountId: string,
  drawn: typeof draws extends fc.Arbitrary<infer T> ? T : never,
) {
  const driver = await getOrCreateDriver(db, accountId, 'driver', at)
  const source = await createPaymentSource(db, {
    accountId,
    driverId: driver.id,
    kind: 'account',
    pspPaymentMethod: null,
    at,
  })
  const { line, plan, books, debts } = drawn
  await putSettings(db, {
    settings: { plan_limits: plan === null ? null : [money(plan, currency)] },
    reason: 'drawn',
    setBy: 'key_1',
    setAt: at,
  })
  await db.tx(async (tx) => {
    if (line !== null)
      await putCreditLine(tx, { accountId, ...line, limit: money(line.limit, currency), at })
    for (const { amount: moved, isPlan, isPaid } of books) {
      const own = isPlan
        ? accounts.sponsored(accountId, currency)
        : accounts.onAccount(accountId, currency)
      const signed = isPaid ? -moved : moved
      await postEntry(tx, {
        key: newId('refund'),
        kind: 'sale',
        effectiveAt: at,
        postings: [
          { account: own, amount: money(signed, currency) },
          { account: accounts.bank(currency), amount: money(-signed, currency) },
        ],
      })
    }
    for (const debt of debts)
      await openDebt(tx, {
        sessionId: newId('session'),
        accountId,
        paymentSourceId: source.id,
        amount: money(2_000_000, currency),
        credited: money(debt.credited, currency),
        guaranteed: money(debt.guaranteed, currency),
        reason: 'drawn',
        at,
      })
  })
  for (const payment of drawn.payments)
    await db.insert(payments).values({
      id: newId('payment'),
      sessionId: newId('session'),
      accountId,
      paymentSourceId: source.id,
      kind: payment.kind === 'card' ? 'card' : 'account',
      pspId: payment.isAsked ? newId('payment') : null,
      currency,
      holdMinor: payment.amount,
      capturedMinor: payment.status === 'captured' ? payment.amount : null,
      status: payment.status,
      releaseBy: at,
      createdAt: at,
      updatedAt: at,
    })
}

test('the room that a quote reads is what a hold finds, whatever was drawn', async () => {
  await fc.assert(
    fc.asyncProperty(draws, async (drawn) => {
      const accountId = await partner()
      await draw(accountId, drawn)
      const whose = { accountId, currency }
      const found = availableOf(await planLineOf(db, whose), await drawnOf(db, whose))
      const [row] = await db.execute<{ room: string; is_line: boolean }>(
        `select room::text, is_line from credit_rooms where account_id = '${accountId}' and currency = '${currency}'`,
      )
      const isKnown = drawn.line !== null || drawn.plan !== null
      expect(row !== undefined).toBe(isKnown)
      expect(row?.is_line ?? false).toBe(drawn.line !== null)
      expect(row?.room ?? String(found.amount)).toBe(String(found.amount))
    }),
    { numRuns: 40 },
  )
})

import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../testing.ts'
import { balanceOf, foldBalances, pagesOfBalance, watermark } from './balances.ts'
import { postEntries } from './ledger.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const leg = (account: string, amount: number) => ({ account, amount: { amount, currency: 'EUR' } })

async function post(run: number, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => ({
    key: `pages:${run}:${n}`,
    kind: 'sale',
    effectiveAt: '2026-11-30T10:00:00.000Z',
    postings: [leg('asset:psp:EUR', 100), leg(`liability:cpo:acct_${n % 50}:EUR:pending`, -100)],
  }))
  await postEntries(db, entries)
}

test('a balance reads a handful of pages, however much was booked before its sums were written down', async () => {
  await post(1, 500)
  await foldBalances(db, await watermark(db))
  const few = await pagesOfBalance(db, 'asset:psp:EUR')
  for (let run = 2; run < 14; run++) await post(run, 500)
  await foldBalances(db, await watermark(db))
  for (const code of ['asset:psp:EUR', 'liability:cpo:acct_7:EUR:pending'])
    expect(await pagesOfBalance(db, code)).toBeLessThanOrEqual(few + 10)
  expect(await balanceOf(db, 'asset:psp:EUR')).toBe(13 * 500 * 100)
})

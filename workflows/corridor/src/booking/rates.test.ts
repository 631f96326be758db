import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveRates } from '@chargelane/db/queries/payments/payments'
import { testDatabase } from '@chargelane/db/testing'
import { freshRates } from './rates.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.stop())

test('rates of a Friday serve until Monday; older ones have to be asked for anew', async () => {
  const { db } = database
  expect(await freshRates(db, '2026-11-20', ['EUR', 'CHF'])).toBeNull()
  const published = { source: 'ECB', asOf: '2026-11-20', base: 'EUR' }
  const rates = { CHF: '0.9312', GBP: '0.8675' }
  await db.tx((tx) => saveRates(tx, { ...published, rates, at: '2026-11-20T16:00:00.000Z' }))
  const expected = [{ id: 'ECB:2026-11-20:EURCHF', ...published, quote: 'CHF', rate: '0.9312' }]
  for (const day of ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'])
    expect(await freshRates(db, day, ['EUR', 'CHF'])).toEqual(expected)
  expect(await freshRates(db, '2026-11-24', ['EUR', 'CHF'])).toBeNull()
  expect(await freshRates(db, '2026-12-04', ['EUR', 'CHF'])).toBeNull()
})

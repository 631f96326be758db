import { afterEach, beforeEach, expect, test } from 'vitest'
// Only a test may reach into the worker's adapter: the sandbox has to please the real one.
import { createEcbRates } from '@chargelane/corridor/booking/ecb'
import {
  dailyPath,
  lastPublication,
  type ReferenceRatesServer,
  startReferenceRates,
} from './reference-rates.ts'

let server: ReferenceRatesServer
const now = () => new Date('2026-11-22T12:00:00Z')

beforeEach(async () => {
  server = await startReferenceRates({ port: 0, now })
})
afterEach(() => server.stop())

const rates = () => createEcbRates({ url: `${server.url}${dailyPath}`, now, timeoutMs: 30_000 })

async function serve(order: object): Promise<void> {
  const answer = await fetch(`${server.url}/_control/rates`, {
    method: 'POST',
    body: JSON.stringify(order),
  })
  expect(answer.status).toBe(200)
}

test('the worker reads the published values, dated the last TARGET day', async () => {
  const daily = await rates().daily()
  expect(daily).toMatchObject({ source: 'ECB eurofxref-daily', asOf: '2026-11-20', base: 'EUR' })
  expect(daily.rates).toMatchObject({ CHF: '0.9194', SEK: '10.978', GBP: '0.8338', ISK: '136' })
})

test('an old date, a broken file and an outage reach the worker as what they are', async () => {
  await serve({ date: '2026-11-10' })
  await expect(rates().daily()).rejects.toMatchObject({ code: 'rates_stale' })
  await serve({ body: '<html>maintenance</html>' })
  await expect(rates().daily()).rejects.toMatchObject({ code: 'rates_unreadable' })
  await serve({ status: 503 })
  await expect(rates().daily()).rejects.toMatchObject({ code: 'rates_unavailable' })
  await serve({ rates: { CHF: '0.9301' } })
  expect((await rates().daily()).rates['CHF']).toBe('0.9301')
})

test.each([
  ['a Friday after 16:00 in Frankfurt', '2026-10-30T15:30:00Z', '2026-10-30'],
  ['a Friday before 16:00 in Frankfurt', '2026-10-30T14:30:00Z', '2026-10-29'],
  ['the same hour in summer time', '2026-07-03T14:30:00Z', '2026-07-03'],
  ['a Sunday', '2026-11-01T20:00:00Z', '2026-10-30'],
  ['Easter Monday', '2026-04-06T20:00:00Z', '2026-04-02'],
  ['New Year', '2027-01-01T20:00:00Z', '2026-12-31'],
  ['the second day of Christmas', '2026-12-27T20:00:00Z', '2026-12-24'],
])('on %s the file is of the last publication', (_what, at, date) => {
  expect(lastPublication(new Date(at))).toBe(date)
})

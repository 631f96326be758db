import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DailyRates, MoneyFailure } from '../payment/payment.ts'
import { createEcbRates, type EcbSettings, parseEcbRates } from './ecb.ts'

// ECB euro foreign exchange reference rates of 30 October 2026 (eurofxref-hist.csv).
const published = {
  USD: '1.1172',
  JPY: '175.68',
  CZK: '24.353',
  DKK: '7.4735',
  GBP: '0.8338',
  HUF: '366.33',
  PLN: '4.4038',
  RON: '5.3447',
  SEK: '10.978',
  CHF: '0.9194',
  ISK: '136',
  NOK: '10.312',
  TRY: '55.8015',
  AUD: '1.5904',
  BRL: '6.0692',
  CAD: '1.5606',
  CNY: '7.4326',
  HKD: '8.7652',
  IDR: '20275.17',
  ILS: '3.495',
  INR: '106.084',
}

function file(rates: Record<string, string> = published, date = '2026-10-30', head = ''): string {
  const lines = Object.entries(rates).map(
    ([currency, rate]) => `<Cube currency='${currency}' rate='${rate}'/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>${head}
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
  <Cube><Cube time='${date}'>${lines.join('\n')}</Cube></Cube>
</gesmes:Envelope>`
}

let server: Server
let answers: { status: number; body: string }[]
let url: string

beforeEach(async () => {
  answers = []
  server = createServer((_request, response) => {
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404, body: '' }
    response.writeHead(answer.status).end(answer.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

function daily(body: string, settings: EcbSettings = {}): Promise<DailyRates> {
  answers = [{ status: 200, body }]
  return createEcbRates({ url, now: () => new Date('2026-11-02T09:00:00Z'), ...settings }).daily()
}

const tuesday = () => new Date('2026-04-07T08:00:00Z')

function before(rates: DailyRates['rates']): () => Promise<DailyRates> {
  return async () => ({ source: 'ECB eurofxref-daily', asOf: '2026-10-29', base: 'EUR', rates })
}

describe('the day’s rates', () => {
  test('are the published text, with the publisher’s date and name', async () => {
    expect(await daily(file())).toEqual({
      source: 'ECB eurofxref-daily',
      asOf: '2026-10-30',
      base: 'EUR',
      rates: published,
    })
  })

  test('of Friday stand on Monday, and of before Easter on Tuesday after it', async () => {
    await expect(daily(file())).resolves.toMatchObject({ asOf: '2026-10-30' })
    await expect(daily(file(published, '2026-04-02'), { now: tuesday })).resolves.toMatchObject({
      asOf: '2026-04-02',
    })
  })

  test('too old are an error that says how old, and may be asked for again', async () => {
    const call = daily(file(), { now: () => new Date('2026-11-06T00:00:00Z') })
    await expect(call).rejects.toMatchObject({
      name: 'MoneyUnavailable',
      code: 'rates_stale',
      message: expect.stringContaining('7 days'),
    })
  })

  test('from the future are refused', async () => {
    await expect(daily(file(published, '2026-11-03'))).rejects.toMatchObject({
      code: 'rates_from_future',
    })
  })

  test('are asked for in the time that whoever waits has, although each read would wait longer', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const rates = createEcbRates({ url: `http://127.0.0.1:${port}/`, timeoutMs: 3_600_000 })
    await expect(rates.daily({ ms: 90 })).rejects.toMatchObject({ name: 'MoneyUnavailable' })
    silent.closeAllConnections()
    silent.close()
  })

  test('come through two failed attempts and fail after the third', async () => {
    answers = [
      { status: 503, body: '' },
      { status: 503, body: '' },
      { status: 200, body: file() },
    ]
    const rates = createEcbRates({ url, now: () => new Date('2026-11-02T09:00:00Z') })
    expect(await rates.daily()).toMatchObject({ asOf: '2026-10-30' })
    answers = [{ status: 503, body: '' }]
    await expect(rates.daily()).rejects.toMatchObject({
      name: 'MoneyUnavailable',
      code: 'rates_unavailable',
    })
  })
})

describe('a rate that leaps', () => {
  test('is held back, naming the currency and both values', async () => {
    const call = daily(file({ ...published, CHF: '9.194' }), {
      previous: before({ CHF: '0.9222', SEK: '10.9995' }),
    })
    await expect(call).rejects.toMatchObject({
      name: 'MoneyRefused',
      code: 'rates_outlier',
      message: 'CHF moved from 0.9222 to 9.194, more than 10 %',
    })
    await expect(
      daily(file({ ...published, SEK: '1.0978' }), {
        previous: before({ CHF: '0.9222', SEK: '10.9995' }),
      }),
    ).rejects.toMatchObject({
      code: 'rates_outlier',
    })
  })

  test('up to the limit passes, one step beyond it does not', async () => {
    await expect(
      daily(file({ ...published, CHF: '1.1000' }), { previous: before({ CHF: '1.0000' }) }),
    ).resolves.toBeDefined()
    await expect(
      daily(file({ ...published, CHF: '1.1001' }), { previous: before({ CHF: '1.0000' }) }),
    ).rejects.toBeDefined()
    await expect(
      daily(file({ ...published, CHF: '0.9000' }), { previous: before({ CHF: '1.0000' }) }),
    ).resolves.toBeDefined()
    await expect(
      daily(file({ ...published, CHF: '0.8999' }), { previous: before({ CHF: '1.0000' }) }),
    ).rejects.toBeDefined()
  })
})

describe('a file that is not the ECB’s', () => {
  const { CHF: _chf, ...withoutFranc } = published
  test.each([
    ['a DTD', file(published, '2026-10-30', '<!DOCTYPE x [<!ENTITY a "b">]>'), 'DOCTYPE'],
    ['half a file', file().slice(0, 900), 'unreadable'],
    ['no XML', '{"rates":{}}', 'unreadable'],
    ['a date that is none', file(published, '2026-02-30'), '@_time'],
    ['a zero rate', file({ ...published, CHF: '0.000' }), '@_rate'],
    ['a negative rate', file({ ...published, CHF: '-0.9' }), '@_rate'],
    ['a rate with an exponent', file({ ...published, CHF: '9e-1' }), '@_rate'],
    ['too few currencies', file({ CHF: '0.9194' }), 'Cube'],
    [
      'a currency twice',
      file(withoutFranc).replace("currency='USD'", "currency='SEK'"),
      'SEK appears twice',
    ],
  ])('%s is refused by name', (_what, body, named) => {
    const thrown = (() => {
      try {
        parseEcbRates(body)
        return undefined
      } catch (error) {
        return error as MoneyFailure
      }
    })()
    expect(thrown).toMatchObject({
      name: 'MoneyRefused',
      code: 'rates_unreadable',
      message: expect.stringContaining(named),
    })
  })

  test('that never ends is cut off', async () => {
    await expect(daily(`${file()}<!--${'x'.repeat(70_000)}-->`)).rejects.toMatchObject({
      code: 'answer_too_large',
    })
  })
})

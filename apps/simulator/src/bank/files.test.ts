// The sandbox bank takes files no more kindly than a real one: by the schema, once, and each transfer by itself.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBankFiles } from '@chargelane/corridor/settlement/bank-files'
import { transferBatch } from '@chargelane/rules/bank/pain001'
import { type Bank, closedAccountIban, startBank } from './bank.ts'

let bank: Bank
let now: Date
beforeEach(async () => {
  now = new Date('2026-11-30T10:00:00Z')
  bank = await startBank({ port: 0, bookedAfterMs: 1_000, now: () => now })
})
afterEach(() => bank.stop())

const files = () => createBankFiles({ url: bank.url, apiKey: 'sandbox' })
const good = 'DE89370400440532013000'
const fileOf = (ibans: string[], more: { executeOn?: string; messageId?: string } = {}) => {
  const messageId = more.messageId ?? 'pfl-1'
  const xml = transferBatch({
    messageId,
    createdAt: now.toISOString(),
    executeOn: '2026-11-30',
    debtor: { name: 'Chargelane', iban: 'DE02100100109307118603' },
    transfers: ibans.map((iban, n) => ({
      endToEndId: `${messageId}-po-${n}`,
      amount: { amount: 1_005 + n, currency: 'EUR' },
      creditor: { name: 'Stadtwerke Köln & Söhne', iban },
      remittance: 'Chargelane settlement stl_1',
    })),
    ...more,
  })
  return { messageId, xml }
}
const later = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

test('a file is taken once, reported on, and each of its transfers is booked by itself', async () => {
  const file = fileOf([good, closedAccountIban, 'DE00370400440532013000', good])
  expect(await files().report(file)).toBe('unknown')
  await files().upload(file)
  await files().upload(file)
  expect(await files().report(file)).toEqual({ report: null })
  later(1_500)
  expect(await files().report(file)).toMatchObject({
    report: {
      status: 'partly',
      transfers: [
        { endToEndId: 'pfl-1-po-1', status: 'rejected', reasonCode: 'AC04' },
        { endToEndId: 'pfl-1-po-2', status: 'rejected', reasonCode: 'AC01' },
      ],
    },
  })
  const booked = bank.transfers().map(({ end_to_end_id, status }) => [end_to_end_id, status])
  expect(booked).toEqual([
    ['pfl-1-po-0', 'booked'],
    ['pfl-1-po-3', 'booked'],
  ])
})

test('a file whose answer is lost is known when it is asked about', async () => {
  await fetch(`${bank.url}/_control/faults`, {
    method: 'POST',
    body: JSON.stringify({ operation: 'file', action: { kind: 'lose_reply' }, times: 1 }),
  })
  const file = fileOf([good])
  await expect(files().upload(file)).rejects.toThrow()
  expect(await files().report(file)).not.toBe('unknown')
  await files().upload(file)
  later(1_500)
  expect(bank.transfers()).toHaveLength(1)
})

test('nothing is executed before its day', async () => {
  await files().upload(fileOf([good], { executeOn: '2026-12-01' }))
  later(3_600_000)
  expect(bank.transfers()).toMatchObject([{ status: 'accepted', booked_at: null }])
  later(14 * 3_600_000)
  expect(bank.transfers()).toMatchObject([{ status: 'booked' }])
})

test.each([
  ['an amount with three decimals', (xml: string) => xml.replaceAll('>10.05<', '>10.005<'), 'FF01'],
  ['no amount at all', (xml: string) => xml.replace(/<InstdAmt.*?<\/InstdAmt>/, ''), 'FF01'],
  ['no XML', () => 'pay everybody', 'FF01'],
])('%s is refused at once', async (_, break_, code) => {
  const { xml } = fileOf([good])
  const answer = await fetch(`${bank.url}/v1/files`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox' },
    body: break_(xml),
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { code } })
  expect(bank.transfers()).toEqual([])
})

test.each([
  ['another control sum', (xml: string) => xml.replace(/<CtrlSum>[\d.]+/, '<CtrlSum>9.99'), 'AM10'],
  ['another count', (xml: string) => xml.replace('<NbOfTxs>1', '<NbOfTxs>2'), 'AM18'],
  ['another debtor', (xml: string) => xml.replace('DE02100100109307118603', good), 'AC01'],
  ['a day that is over', (xml: string) => xml.replace('<Dt>2026-11-30', '<Dt>2026-11-27'), 'DT01'],
])('a file with %s is rejected as a whole, and nothing of it is paid', async (_, break_, code) => {
  const file = fileOf([good])
  await files().upload({ ...file, xml: break_(file.xml) })
  later(1_500)
  expect(await files().report(file)).toMatchObject({
    report: { status: 'rejected', reasonCode: code },
  })
  expect(bank.transfers()).toEqual([])
})

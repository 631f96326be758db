import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
// Only a test may reach into the worker's adapter: the sandbox has to please the real one.
import { createBankPayouts } from '@chargelane/corridor/settlement/bank'
import type { SendPayout } from '@chargelane/corridor/payment/payment'
import { isIban } from './accounts.ts'
import { type Bank, closedAccountIban, returningNumbers, startBank } from './bank.ts'

let bank: Bank
let now: Date

beforeEach(async () => {
  now = new Date('2026-11-21T10:00:00Z')
  bank = await startBank({ port: 0, bookedAfterMs: 5_000, now: () => now })
})
afterEach(() => bank.stop())

/** Patient, unless a test is about the end of patience. */
const payouts = (timeoutMs = 30_000) =>
  createBankPayouts({ url: bank.url, apiKey: 'bank-key', timeoutMs })
const payout: SendPayout = {
  payoutId: 'po_1',
  amount: { amount: 123_456, currency: 'CHF' },
  creditorName: 'Alpstrom AG',
  account: { type: 'ch', iban: 'CH9300762011623852957' },
  reference: 'Chargelane settlement 2026-11-21',
  idempotencyKey: 'po_1:send',
}

async function fault(action: object, more: object = {}): Promise<void> {
  const answer = await fetch(`${bank.url}/_control/faults`, {
    method: 'POST',
    body: JSON.stringify({ action, times: 1, ...more }),
  })
  expect(answer.status).toBe(200)
}

describe('a payout', () => {
  test('is accepted in the exact amount, and booked after the bank’s delay', async () => {
    expect(await payouts().send(payout)).toEqual({
      kind: 'accepted',
      bankReference: expect.stringMatching(/^BNK/),
    })
    expect(bank.transfers()).toMatchObject([
      {
        amount: '1234.56',
        currency: 'CHF',
        end_to_end_id: 'po_1',
        creditor: { account: { type: 'ch', iban: 'CH9300762011623852957' } },
        status: 'accepted',
      },
    ])
    now = new Date('2026-11-21T10:00:05Z')
    expect(await payouts().find({ payoutId: 'po_1' })).toMatchObject({
      kind: 'accepted',
      bookedAt: '2026-11-21T10:00:05.000Z',
    })
  })

  test('sent again under its key is the same payout, and nothing more is paid', async () => {
    const first = await payouts().send(payout)
    expect(await payouts().send(payout)).toEqual(first)
    expect(bank.transfers()).toHaveLength(1)
  })

  test('under a used key with another body, or under a used id with another key, is refused', async () => {
    await payouts().send(payout)
    const more = { ...payout, amount: { amount: 1, currency: 'CHF' } }
    await expect(payouts().send(more)).rejects.toMatchObject({
      name: 'MoneyRefused',
      code: 'idempotency_key_reused',
    })
    await expect(payouts().send({ ...payout, idempotencyKey: 'other' })).rejects.toMatchObject({
      code: 'duplicate_end_to_end_id',
    })
    expect(bank.transfers()).toHaveLength(1)
  })

  test('whose reply is lost or late is found by its id and not sent again', async () => {
    await fault({ kind: 'lose_reply' })
    expect(await payouts().send(payout)).toMatchObject({ kind: 'accepted' })
    await fault({ kind: 'late', delay_ms: 2_000 })
    expect(
      await payouts(500).send({ ...payout, payoutId: 'po_2', idempotencyKey: 'po_2:send' }),
    ).toMatchObject({ kind: 'accepted' })
    expect(bank.transfers().map((transfer) => transfer.end_to_end_id)).toEqual(['po_1', 'po_2'])
  })

  test('that the bank never took is sent once more, and only after the bank was asked', async () => {
    await fault({ kind: 'timeout' })
    expect(await payouts(500).send(payout)).toMatchObject({ kind: 'accepted' })
    expect(bank.transfers()).toHaveLength(1)
  })

  test('during an outage is a failure worth a retry', async () => {
    await fault({ kind: 'unavailable' }, { times: 10 })
    await expect(payouts().send(payout)).rejects.toMatchObject({
      name: 'MoneyUnavailable',
      code: 'unavailable',
    })
    expect(bank.transfers()).toEqual([])
  })

  test('is not repeated while the bank can not say whether it has it', async () => {
    await fault({ kind: 'lose_reply' })
    await fault({ kind: 'unavailable' }, { operation: 'find', times: 3 })
    await expect(payouts().send(payout)).rejects.toMatchObject({ name: 'MoneyUnavailable' })
    expect(bank.transfers()).toHaveLength(1)
  })
})

describe('a payout the bank will not make', () => {
  test.each([
    [
      'a wrong checksum',
      'DE44500105175407324932',
      'AC01: The number has a wrong checksum or length',
    ],
    ['a wrong length', 'CH930076201162385295', 'AC01: The number has a wrong checksum or length'],
    ['a closed account', closedAccountIban, 'AC04: Account is closed'],
  ])('for %s is rejected with the reason, and found rejected', async (_what, iban, reason) => {
    const rejected = { kind: 'rejected', reason }
    expect(await payouts().send({ ...payout, account: { type: 'iban', iban } })).toEqual(rejected)
    expect(await payouts().find({ payoutId: 'po_1' })).toEqual(rejected)
  })

  test('by order is rejected; a new payout under the same id may follow', async () => {
    await fault({ kind: 'reject', reason_code: 'AM04', reason: 'Insufficient funds' })
    expect(await payouts().send(payout)).toEqual({
      kind: 'rejected',
      reason: 'AM04: Insufficient funds',
    })
    expect(await payouts().send({ ...payout, idempotencyKey: 'po_1:send:2' })).toMatchObject({
      kind: 'accepted',
    })
    expect(await payouts().find({ payoutId: 'po_1' })).toMatchObject({ kind: 'accepted' })
  })

  test.each([
    ['payoutId', { payoutId: 'x'.repeat(36) }],
    ['amount', { amount: { amount: 0, currency: 'EUR' } }],
    ['creditorName', { creditorName: ' ' }],
    ['account', { account: { type: 'connected', connected_account: 'acct_1' } as const }],
    ['reference', { reference: 'x'.repeat(141) }],
  ])('for a bad %s is refused by name before it is sent', async (field, change) => {
    await expect(payouts().send({ ...payout, ...change })).rejects.toMatchObject({
      name: 'MoneyRefused',
      code: 'payout_invalid',
      message: expect.stringContaining(`payout ${field} `),
    })
  })
})

test('a bank that was stopped knows its transfers and keys when it is started again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bank-'))
  const settings = { port: 0, stateFile: join(folder, 'bank.jsonl'), now: () => now }
  await bank.stop()
  bank = await startBank(settings)
  const sent = await payouts().send(payout)
  const before = bank.transfers()
  await bank.stop()
  bank = await startBank(settings)
  expect(bank.transfers()).toEqual(before)
  expect(await payouts().send(payout)).toEqual(sent)
  rmSync(folder, { recursive: true })
})

test.each([...returningNumbers])(
  'a payout to %s is booked, and comes back with its reason',
  async (iban, why) => {
    await payouts().send({ ...payout, account: { type: 'iban', iban } })
    const since = now.toISOString()
    now = new Date(now.getTime() + 5_500)
    expect(await payouts().find({ payoutId: 'po_1' })).toMatchObject({ kind: 'accepted' })
    expect(await payouts().returns({ since })).toEqual([])
    now = new Date(now.getTime() + 1_000)
    const reason = `${why.reason_code}: ${why.reason}`
    const [back, ...others] = await payouts().returns({ since })
    expect(others).toEqual([])
    expect(back).toMatchObject({ payoutId: 'po_1', reason })
    expect(await payouts().find({ payoutId: 'po_1' })).toMatchObject({
      kind: 'returned',
      bankReference: expect.stringMatching(/./),
    })
    expect(await payouts().returns({ since: now.toISOString() })).toEqual([])
    // Under another id it may be tried once more.
    const anew = { ...payout, payoutId: 'po_1-2', idempotencyKey: 'po_1-2:send' }
    expect(await payouts().send(anew)).toMatchObject({ kind: 'accepted' })
  },
)

test('an unknown payout is none', async () => {
  expect(await payouts().find({ payoutId: 'po_9' })).toEqual({ kind: 'none' })
})

test('IBANs of the registry’s examples pass, and any two swapped digits fail', () => {
  for (const iban of [
    'DE89370400440532013000',
    'FR1420041010050500013M02606',
    'NL91ABNA0417164300',
    'GB29NWBK60161331926819',
    'SE4550000000058398257466',
    'NO9386011117947',
  ]) {
    expect(isIban(iban)).toBe(true)
    const at = 6
    const swapped = iban.slice(0, at) + iban.charAt(at + 1) + iban.charAt(at) + iban.slice(at + 2)
    expect(isIban(swapped)).toBe(swapped === iban)
  }
})

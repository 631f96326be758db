import { generateKeyPairSync, verify } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { balanceAt, balanceOf, trialBalance } from '@chargelane/db/queries/ledger/balances'
import { entryByKey, listEntries, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { testDatabase } from '@chargelane/db/testing'
import { accounts } from '@chargelane/rules/ledger'
import { signerOf } from '../evidence/keyring.ts'
import { alarmUncleared, checkBooks, closeDay, closePeriod, faultOfCloses } from './close.ts'

const database = await testDatabase()
const { db } = database
afterAll(() => database.stop())

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const deps = { db, signer: signerOf(privateKey) }
const bank = accounts.bank('EUR')

const book = (
  key: string,
  amount: number,
  effectiveAt: string,
  credit = accounts.unmatched('EUR'),
) =>
  postEntry(db, {
    key,
    kind: 'unmatched_money',
    effectiveAt,
    postings: [
      { account: bank, amount: { amount, currency: 'EUR' } },
      { account: credit, amount: { amount: -amount, currency: 'EUR' } },
    ],
  })

describe('the daily close', () => {
  test('is made once a day, names the one before, and is signed over all that was booked since', async () => {
    await book('one', 100, '2026-11-01T10:00:00.000Z')
    const first = await closeDay(deps, { day: '2026-11-01', now: '2026-11-02T00:20:00.000Z' })
    const again = await closeDay(deps, { day: '2026-11-01', now: '2026-11-02T00:30:00.000Z' })
    expect(again.hash).toBe(first.hash)
    await book('two', 40, '2026-11-02T10:00:00.000Z')
    await book('three', -15, '2026-11-02T11:00:00.000Z')
    const second = await closeDay(deps, { day: '2026-11-02', now: '2026-11-03T00:20:00.000Z' })
    expect(JSON.parse(second.body)).toMatchObject({
      sequence: 2,
      entries: 2,
      previous: first.hash,
      turnover: [{ currency: 'EUR', debit: '55', credit: '55' }],
    })
    const signature = Buffer.from(second.signature, 'base64')
    expect(verify(null, Buffer.from(second.body), publicKey, signature)).toBe(true)
    expect(await faultOfCloses(db)).toBeUndefined()
  })

  test('balances are those of the sums written down and what was booked since', async () => {
    await book('four', 7, '2026-11-03T10:00:00.000Z')
    expect(await balanceOf(db, bank)).toBe(132)
    expect(await balanceAt(db, bank, '2026-11-02T10:30:00.000Z')).toBe(140)
    const { accounts: rows } = await trialBalance(db, '2026-11-01T23:59:59.999Z')
    expect(rows.find(({ account }) => account === bank)?.balance.amount).toBe(100n)
  })

  test('a row changed behind the guards, and a close taken out, are found and told once', async () => {
    await database.admin(
      'alter table ledger_postings disable trigger all; update ledger_postings set amount_minor = amount_minor * 2 where entry_id = 1; alter table ledger_postings enable trigger all',
    )
    const { fault } = await checkBooks(db, '2026-11-04T00:20:00.000Z')
    expect(fault).toContain('2026-11-01')
    await checkBooks(db, '2026-11-05T00:20:00.000Z')
    const open = await listIncidents(db, 'all', { limit: 10, kind: 'books_broken' })
    expect(open.data).toMatchObject([{ status: 'open', occurrences: 2 }])
    await database.admin(
      'alter table ledger_postings disable trigger all; update ledger_postings set amount_minor = amount_minor / 2 where entry_id = 1; alter table ledger_postings enable trigger all',
    )
    expect(await checkBooks(db, '2026-11-06T00:20:00.000Z')).toEqual({ fault: null })
    await database.admin(
      'alter table ledger_closes disable trigger all; delete from ledger_closes where sequence = 1; alter table ledger_closes enable trigger all',
    )
    expect(await faultOfCloses(db)).toContain('does not follow')
  })

  test('nobody changes a close, a period or a sum', async () => {
    for (const table of ['ledger_closes', 'ledger_periods', 'ledger_balances'])
      await expect(database.admin(`delete from ${table}`)).rejects.toThrow(/Failed/)
  })
})

const by = (keyId: string) => ({ keyId, now: '2026-11-06T00:00:00.000Z' })

const keysOf = async (filter: Parameters<typeof listEntries>[1]) =>
  (await listEntries(db, filter)).map(({ key }) => key)

describe('a period that is closed', () => {
  const openFrom = '2026-11-03T00:00:00.000Z'

  test('takes two keys, and none that is not over', async () => {
    const wish = { openFrom, reason: 'month end' }
    await expect(
      closePeriod(db, { openFrom: '2026-12-01T00:00:00.000Z', reason: 'early' }, by('key_1')),
    ).rejects.toMatchObject({ code: 'invalid_transition' })
    expect((await closePeriod(db, wish, by('key_1'))).period).toBeNull()
    await expect(closePeriod(db, wish, by('key_1'))).rejects.toMatchObject({
      code: 'invalid_transition',
    })
    expect((await closePeriod(db, wish, by('key_2'))).period).toMatchObject({ openFrom })
    await expect(closePeriod(db, wish, by('key_3'))).rejects.toMatchObject({
      code: 'period_closed',
    })
  })

  test('takes nothing more: what comes late counts in the open one and says when it happened', async () => {
    const before = await balanceAt(db, bank, '2026-11-02T23:59:59.999Z')
    await book('late', 9, '2026-11-01T12:00:00.000Z')
    await book('late', 9, '2026-11-01T12:00:00.000Z')
    expect(await balanceAt(db, bank, '2026-11-02T23:59:59.999Z')).toBe(before)
    expect(await entryByKey(db, 'late')).toMatchObject({
      effectiveAt: openFrom,
      occurredAt: '2026-11-01T12:00:00.000Z',
    })
    await expect(
      database.admin(`insert into ledger_entries (idempotency_key, body_hash, kind, effective_at)
        values ('forced', '\\x00', 'attack', '2026-11-01T12:00:00Z')`),
    ).rejects.toThrow()
  })

  test('entries are listed by account, period, amount and reference, newest first', async () => {
    expect(await keysOf({ limit: 2, account: bank })).toEqual(['late', 'four'])
    expect(
      await keysOf({ limit: 9, from: '2026-11-02T00:00:00Z', until: '2026-11-02T10:30:00Z' }),
    ).toEqual(['two'])
    expect(await keysOf({ limit: 9, account: bank, amountMin: 15, amountMax: 40 })).toEqual([
      'three',
      'two',
    ])
    await book('unmatched:REF-9', 3, '2026-11-05T10:00:00.000Z')
    expect(await keysOf({ limit: 9, reference: 'REF-9' })).toEqual(['unmatched:REF-9'])
  })
})

describe('a clearing account', () => {
  test('that is not empty in time is told, by the age of its oldest part, until it is', async () => {
    const transit = accounts.payoutInTransit('stl_1', 'EUR')
    await book('out', -50, '2026-11-10T00:00:00.000Z', transit)
    const first = await alarmUncleared(db, '2026-11-12T00:00:00.000Z')
    expect(first.overdue).not.toContain(transit)
    const { overdue } = await alarmUncleared(db, '2026-11-16T00:00:00.000Z')
    expect(overdue).toContain(transit)
    await book('done', 50, '2026-11-16T00:00:00.000Z', transit)
    await alarmUncleared(db, '2026-11-17T00:00:00.000Z')
    const { data } = await listIncidents(db, 'all', { limit: 10, kind: 'clearing_overdue' })
    expect(data.find(({ subjectId }) => subjectId === transit)?.status).toBe('resolved')
  })
})

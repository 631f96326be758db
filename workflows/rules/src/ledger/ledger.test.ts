import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertMoney } from '../fx/fx.ts'
import {
  accounts,
  assertBalanced,
  debtEntry,
  debtPaidEntry,
  differenceEntry,
  discountEntry,
  type Entry,
  fxEntry,
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
  type Posting,
  provisionalSaleEntry,
  pspFeeEntry,
  pspPayoutEntry,
  refundEntry,
  reversalOf,
  saleEntry,
  suspenseReleaseEntry,
  trueUpEntry,
} from './ledger.ts'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { grossToNet, money, subtract } from '../money.ts'
import { dueOf, type Split, splitSale, type SplitInput } from '../split/split.ts'

const party = (id: string, country: string, business = true) => ({
  id,
  country,
  vatId: business ? `${country}1` : null,
  business,
})

const input = (grossMinor: number, cpoCountry = 'DE', commissionBps = 1_000): SplitInput => {
  const sums = grossToNet(money(grossMinor, 'EUR'), '19')
  return {
    model: 'agency',
    sale: { ...sums, vat_lines: [{ rate: '19', ...sums }] },
    at: '2026-11-21T10:00:00.000Z',
    placeCountry: 'DE',
    policy: { id: 'spl_1', commissionBps, partnerShareBps: 4_000 },
    driver: { ...party('drv_1', 'DE', false), role: 'driver' },
    cpo: { ...party('acct_cpo', cpoCountry), role: 'cpo' },
    partner: { ...party('acct_partner', 'DE'), role: 'partner' },
    platform: { ...party('acct_platform', 'DE'), role: 'platform' },
    pspFee: null,
  }
}

const splitOf = (grossMinor: number, cpoCountry?: string, bps?: number): Split => {
  const result = splitSale(input(grossMinor, cpoCountry, bps))
  if (!result.ok) throw new Error(result.message)
  return result.split
}

const head = { key: 'ses_1:sale', sessionId: 'ses_1' }
const cpo = { role: 'cpo', id: 'acct_cpo' } as const

const balances = (entries: readonly Entry[]) => {
  const totals: Record<string, number> = {}
  for (const { account, amountMinor } of entries.flatMap((entry) => entry.postings))
    totals[account] = (totals[account] ?? 0) + amountMinor
  return Object.fromEntries(Object.entries(totals).filter(([, total]) => total !== 0))
}

test('a sale gives every cent of the driver’s gross an owner', () => {
  // 11.90 gross, 10.00 net; commission 1.00 + 0.19 VAT; the partner gets 0.40 + 0.08 of it.
  expect(balances([saleEntry({ ...head, split: splitOf(1_190) })])).toEqual({
    'asset:psp:EUR': 1_190,
    'liability:cpo:acct_cpo:EUR:pending': -1_071,
    'revenue:commission:EUR': -100,
    'liability:vat:DE:EUR': -19,
    'expense:partner_share:EUR': 40,
    'asset:input_vat:DE:EUR': 8,
    'liability:partner:acct_partner:EUR:pending': -48,
  })
})

test('a commission under reverse charge books no VAT of ours', () => {
  const booked = balances([saleEntry({ ...head, split: splitOf(1_190, 'NL') })])
  expect(booked['liability:vat:DE:EUR']).toBeUndefined()
  expect(booked['liability:cpo:acct_cpo:EUR:pending']).toBe(-1_090)
})

test('a failed capture owes the same to everyone, against the partner’s debt', () => {
  const split = splitOf(1_190)
  const debt = debtEntry({ ...head, split })
  const paid = debtPaidEntry({
    source: 'asset:psp:EUR',
    key: 'ses_1:debt_paid',
    sessionId: 'ses_1',
    partnerId: 'acct_partner',
    amount: money(1_190, 'EUR'),
  })
  expect(balances([debt])['asset:receivable:acct_partner:EUR']).toBe(1_190)
  expect(balances([debt, paid])).toEqual(balances([saleEntry({ ...head, split })]))
})

const given = (key: string, discount: Money, source: string) =>
  discountEntry({ key, sessionId: 'ses_1', partnerId: 'acct_partner', discount, source }) ?? []

const discountedSplit = (amount: number) => {
  const result = splitSale({ ...input(amount), benefit: 'discount' })
  if (!result.ok) throw new Error(result.message)
  return result.split
}

test('a discount takes the partner’s share off what the card brings, and nothing from anybody else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 1_000_000 }), fc.boolean(), (gross, isPaid) => {
      const [split, less] = [discountedSplit(gross), discountedSplit(Math.ceil(gross / 2))]
      const sale = isPaid ? saleEntry({ ...head, split }) : debtEntry({ ...head, split })
      const discount = split.discount ?? money(0, 'EUR')
      const source = isPaid ? 'asset:psp:EUR' : 'asset:receivable:acct_partner:EUR'
      const sold = [sale, given('d', discount, source)].flat()
      const after = balances(sold)
      expect(after[source]).toBe(dueOf(split).amount)
      expect(after['liability:partner:acct_partner:EUR:pending']).toBeUndefined()
      const cpoAccount = 'liability:cpo:acct_cpo:EUR:pending'
      expect(after[cpoAccount]).toBe(balances([sale])[cpoAccount])
      // A late, lower record refunds the driver what it is lower by, and leaves the partner at nothing.
      const records = { before: split, after: less, source }
      const trueUp = trueUpEntry({ key: 't', sessionId: 'ses_1', ...records }) ?? []
      const back = given('b', subtract(less.discount ?? money(0, 'EUR'), discount), source)
      const trued = balances([...sold, trueUp, back].flat())
      expect(trued['liability:partner:acct_partner:EUR:pending']).toBeUndefined()
      expect(trued[source]).toBe(dueOf(less).amount)
    }),
  )
})

test('a payout empties what was owed; one the bank refuses is owed again', () => {
  const amount = money(1_071, 'EUR')
  const sale = saleEntry({ ...head, split: splitOf(1_190) })
  const payout = { key: 'po_1', payee: cpo, payoutId: 'po_1', amount }
  const sent = payoutEntry(payout)
  const paid = payoutPaidEntry({ ...payout, key: 'po_1:paid' })
  const funded = pspPayoutEntry({ key: 'psp_po_1', amount: money(1_190, 'EUR') })
  const after = balances([sale, funded, sent, paid])
  expect(after['liability:cpo:acct_cpo:EUR:pending']).toBeUndefined()
  expect(after['clearing:payout:po_1:EUR']).toBeUndefined()
  expect(after['asset:bank:EUR']).toBe(119)
  const failed = payoutFailedEntry({ ...payout, key: 'po_1:failed' })
  expect(balances([sale, sent, failed])).toEqual(balances([sale]))
})

test('a claim above the public price waits in suspense and moves no one’s money', () => {
  const claim = {
    key: 'ses_1:difference',
    sessionId: 'ses_1',
    cpoId: 'acct_cpo',
    amount: money(250, 'EUR'),
  }
  const held = differenceEntry({ ...claim, destination: 'suspense' })
  expect(balances([held])).toEqual({
    'suspense:cdr:acct_cpo:EUR': 250,
    'liability:cpo:acct_cpo:EUR:disputed': -250,
  })
  expect(balances([held, suspenseReleaseEntry({ ...claim, key: 'ses_1:released' })])).toEqual({})
  const cent = differenceEntry({ ...claim, amount: money(1, 'EUR'), destination: 'rounding' })
  expect(balances([cent])).toEqual({ 'rounding:EUR': 1, 'liability:cpo:acct_cpo:EUR:pending': -1 })
})

test('a liability changes currency through a clearing pair, zero in each', () => {
  const rate = {
    id: 'r',
    source: 'ecb',
    asOf: '2026-11-20',
    base: 'EUR',
    quote: 'CHF',
    rate: '0.9345',
  }
  const converted = convertMoney(money(1_071, 'EUR'), 'CHF', [rate])
  if (!converted.ok) throw new Error(converted.message)
  const entry = fxEntry({ key: 'ses_1:fx', payee: cpo, conversion: converted.conversion })
  expect(entry?.postings).toEqual([
    { account: 'liability:cpo:acct_cpo:EUR:pending', currency: 'EUR', amountMinor: 1_071 },
    { account: 'clearing:fx:EUR', currency: 'EUR', amountMinor: -1_071 },
    { account: 'clearing:fx:CHF', currency: 'CHF', amountMinor: 1_001 },
    { account: 'liability:cpo:acct_cpo:CHF:pending', currency: 'CHF', amountMinor: -1_001 },
  ])
})

const broken = (postings: Posting[]) => () => assertBalanced({ key: 'k', kind: 'sale', postings })
const eur = (account: string, amountMinor: number) => ({ account, currency: 'EUR', amountMinor })

describe('what does not balance is no entry', () => {
  test.each([
    ['unbalanced', [eur('a', 1), eur('b', -2)]],
    [
      'balanced only across currencies',
      [eur('a', 1), { account: 'b', currency: 'SEK', amountMinor: -1 }],
    ],
    ['with a leg of zero', [eur('a', 0), eur('b', 0)]],
    ['with a fraction', [eur('a', 0.5), eur('b', -0.5)]],
    ['without legs', []],
  ])('%s', (_, postings) => {
    expect(broken(postings)).toThrow('Invariant')
  })
  test('a sale of nothing moves nothing and is not written', () => {
    expect(() => saleEntry({ ...head, split: splitOf(0) })).toThrow('must move money')
    expect(pspFeeEntry({ key: 'k', fee: money(0, 'EUR') })).toBeUndefined()
  })
})

test('sale, fee, true-up, refund and reversal balance for every amount, and undo each other', () => {
  const gross = fc.integer({ min: 1, max: 5_000_000 })
  const bps = fc.integer({ min: 0, max: 10_000 })
  fc.assert(
    fc.property(
      gross,
      gross,
      bps,
      fc.constantFrom('DE', 'NL', 'CH', 'GB'),
      (before, after, share, country) => {
        const [old, fresh] = [splitOf(before, country, share), splitOf(after, country, share)]
        const sale = provisionalSaleEntry({ ...head, split: old })
        const trueUp = trueUpEntry({ ...head, key: 'ses_1:true_up', before: old, after: fresh })
        const booked = [sale, ...(trueUp === undefined ? [] : [trueUp])]
        expect(balances(booked)).toEqual(balances([saleEntry({ ...head, split: fresh })]))
        expect(trueUp === undefined).toBe(before === after)
        const refund = refundEntry({ ...head, key: 'ses_1:refund', split: fresh })
        expect(balances([...booked, refund])).toEqual({})
        expect(balances([sale, reversalOf(sale, 'ses_1:undo')])).toEqual({})
        for (const entry of [...booked, refund]) expect(assertBalanced(entry)).toBe(entry)
      },
    ),
  )
})

test('an account’s name ends in its only currency', () => {
  expect(accounts.pending(cpo, 'EUR')).toBe('liability:cpo:acct_cpo:EUR:pending')
  expect(accounts.suspense('acct_cpo', 'CHF')).toBe('suspense:cdr:acct_cpo:CHF')
})

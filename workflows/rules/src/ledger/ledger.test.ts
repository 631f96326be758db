import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../money.ts'
import {
  accountPaidEntry,
  accounts,
  claimEntry,
  type Entry,
  type Movement,
  nettingEntry,
  optionalEntry,
  payoutEntry,
  payoutFailedEntry,
  payoutPaidEntry,
  sweepBookedEntry,
  sweepEntry,
  reversalOf,
  suspenseReleaseEntry,
} from './ledger.ts'

const cpo = { role: 'cpo', id: 'acct_cpo' } as const

const balances = (entries: readonly Entry[]) => {
  const totals: Record<string, number> = {}
  for (const { account, amount } of entries.flatMap((entry) => entry.postings))
    totals[account] = (totals[account] ?? 0) + amount.amount
  return Object.fromEntries(Object.entries(totals).filter(([, total]) => total !== 0))
}

test('a payout empties what was owed; one the bank refuses is owed again', () => {
  const amount = money(1_071, 'EUR')
  const payout = { key: 'po_1', payee: cpo, payoutId: 'po_1', amount }
  const sent = payoutEntry(payout)
  const paid = payoutPaidEntry({ ...payout, key: 'po_1:paid' })
  const sweep = { sweepId: 'po_9', amount: money(1_190, 'EUR') }
  const funded = [sweepEntry(sweep), sweepBookedEntry(sweep)]
  expect(balances([...funded, sent, paid])).toEqual({
    'asset:psp:EUR': -1_190,
    'asset:bank:EUR': 119,
    'liability:cpo:acct_cpo:EUR:pending': 1_071,
  })
  expect(balances([sent, payoutFailedEntry({ ...payout, key: 'po_1:failed' })])).toEqual({})
})

test('a claim above the public price waits in suspense and moves no one’s money', () => {
  const claim = {
    key: 'ses_1:difference',
    sessionId: 'ses_1',
    cpoId: 'acct_cpo',
    amount: money(250, 'EUR'),
  }
  const held = claimEntry(claim)
  expect(balances([held])).toEqual({
    'suspense:cdr:acct_cpo:EUR': 250,
    'liability:cpo:acct_cpo:EUR:disputed': -250,
  })
  expect(balances([held, suspenseReleaseEntry({ ...claim, key: 'ses_1:released' })])).toEqual({})
})

test('what a payee owes for its subscribers, and what a partner transfers, meet their own accounts', () => {
  const amount = money(300, 'EUR')
  expect(balances([nettingEntry({ key: 'n', payee: cpo, amount })])).toEqual({
    'liability:cpo:acct_cpo:EUR:pending': 300,
    'asset:sponsored:acct_cpo:EUR': -300,
  })
  expect(balances([accountPaidEntry({ key: 'p', partnerId: 'acct_p', amount })])).toEqual({
    'asset:bank:EUR': 300,
    'asset:on_account:acct_p:EUR': -300,
  })
})

const currency = fc.constantFrom('EUR', 'SEK', 'JPY')
const name = fc.constantFrom('a', 'b', 'c', 'd')
const movements = fc.array(
  fc.record({ currency, debit: name, credit: name, amount: fc.maxSafeInteger() }).map(
    (made): Movement => ({
      debit: `${made.debit}:${made.currency}`,
      credit: `${made.credit}:${made.currency}`,
      amount: { amount: Math.trunc(made.amount / 16), currency: made.currency },
    }),
  ),
  { maxLength: 12 },
)

describe('an entry', () => {
  test('sums to zero in every currency, whatever it is made of, and names an account once', () => {
    fc.assert(
      fc.property(movements, (list) => {
        const entry = optionalEntry({ key: 'k' }, 'sale', list)
        const postings = entry?.postings ?? []
        for (const each of ['EUR', 'SEK', 'JPY']) {
          const own = postings.filter(({ amount }) => amount.currency === each)
          expect(own.reduce((total, { amount }) => total + BigInt(amount.amount), 0n)).toBe(0n)
          expect(own.length).not.toBe(1)
        }
        const names = postings.map(({ account }) => account)
        expect(names).toEqual([...new Set(names)].toSorted())
        expect(postings.every(({ amount }) => amount.amount !== 0)).toBe(true)
      }),
    )
  })

  test('has the same body in whatever order its movements are told', () => {
    fc.assert(
      fc.property(movements, (list) => {
        const [there, back] = [list, list.toReversed()].map((each) =>
          optionalEntry({ key: 'k' }, 'sale', each),
        )
        expect(back).toEqual(there)
      }),
    )
  })

  test('and its reversal leave nothing', () => {
    fc.assert(
      fc.property(movements, (list) => {
        const entry = optionalEntry({ key: 'k', sessionId: 'ses_1' }, 'sale', list)
        const made =
          entry === undefined
            ? []
            : [entry, reversalOf({ sessionId: null, ...entry }, 'ses_1:undo')]
        expect(balances(made)).toEqual({})
      }),
    )
  })

  test.each([
    ['a fraction', [{ debit: 'a', credit: 'b', amount: { amount: 0.5, currency: 'EUR' } }]],
    [
      'an account in two currencies',
      [
        { debit: 'a', credit: 'b', amount: money(1, 'EUR') },
        { debit: 'a', credit: 'c', amount: money(1, 'SEK') },
      ],
    ],
    [
      'a sum beyond the safe integers',
      [1, 2].map(() => ({
        debit: 'a',
        credit: 'b',
        amount: money(Number.MAX_SAFE_INTEGER, 'EUR'),
      })),
    ],
  ])('cannot be made of %s', (_, list) => {
    expect(() => optionalEntry({ key: 'k' }, 'sale', list)).toThrow('Invariant')
  })

  test('of nothing is not written, and one that must move money cannot be made of nothing', () => {
    expect(optionalEntry({ key: 'k' }, 'sale', [])).toBeUndefined()
    const nothing = { debit: 'a', credit: 'b', amount: money(0, 'EUR') }
    expect(optionalEntry({ key: 'k' }, 'sale', [nothing])).toBeUndefined()
    expect(() => nettingEntry({ key: 'n', payee: cpo, amount: money(0, 'EUR') })).toThrow(
      'must move money',
    )
  })
})

test('an account’s name ends in its only currency', () => {
  expect(accounts.pending(cpo, 'EUR')).toBe('liability:cpo:acct_cpo:EUR:pending')
  expect(accounts.suspense('acct_cpo', 'CHF')).toBe('suspense:cdr:acct_cpo:CHF')
})

import { expect, test } from 'vitest'
import { accounts } from './ledger.ts'
import { chart, classOf, clearingClasses } from './chart.ts'

const party = { role: 'cpo', id: 'acct_1' } as const

/** One code of every maker of codes; the compiler demands a line for a new one. */
const examples: Record<keyof typeof accounts, [code: string, name: string]> = {
  psp: [accounts.psp('EUR'), 'provider'],
  bank: [accounts.bank('EUR'), 'bank'],
  receivable: [accounts.receivable('acct_1', 'EUR'), 'debt'],
  onAccount: [accounts.onAccount('acct_1', 'EUR'), 'on_account'],
  prepaid: [accounts.prepaid('acct_1', 'EUR'), 'prepaid'],
  sponsored: [accounts.sponsored('acct_1', 'EUR'), 'sponsored'],
  chargeback: [accounts.chargeback('EUR'), 'chargeback'],
  inputVat: [accounts.inputVat('DE', 'EUR'), 'input_vat'],
  pending: [accounts.pending(party, 'EUR'), 'payee'],
  reserve: [accounts.reserve(party, 'EUR'), 'reserve'],
  refundsDue: [accounts.refundsDue('EUR'), 'refunds_due'],
  guarantee: [accounts.guarantee('acct_1', 'EUR'), 'guarantee'],
  disputed: [accounts.disputed('acct_1', 'EUR'), 'claim'],
  vat: [accounts.vat('DE', 'EUR'), 'vat'],
  revenue: [accounts.revenue('commission', 'EUR'), 'revenue'],
  expense: [accounts.expense('psp_fee', 'EUR'), 'expense'],
  rounding: [accounts.rounding('EUR'), 'rounding'],
  suspense: [accounts.suspense('acct_1', 'EUR'), 'record_suspense'],
  unmatched: [accounts.unmatched('EUR'), 'bank_suspense'],
  unexplained: [accounts.unexplained('EUR'), 'provider_suspense'],
  fx: [accounts.fx('EUR'), 'fx_clearing'],
  payoutInTransit: [accounts.payoutInTransit('stl_1', 'EUR'), 'payout_clearing'],
  sweepInTransit: [accounts.sweepInTransit('po_1', 'EUR'), 'sweep_clearing'],
}

test('every account has one class with a meaning and a side, and every class an account', () => {
  for (const [code, name] of Object.values(examples)) {
    expect([
      code,
      chart.filter(({ pattern }) => pattern.test(code)).map((each) => each.name),
    ]).toEqual([code, [name]])
    expect(classOf(code).meaning).toMatch(/\.$/)
  }
  expect(new Set(Object.values(examples).map(([, name]) => name))).toEqual(
    new Set(chart.map(({ name }) => name)),
  )
})

test('a code outside the chart is refused', () => {
  expect(() => classOf('asset:drawer:EUR')).toThrow('not in the chart')
})

test('what has to come to zero is found by the head of its code', () => {
  expect(clearingClasses.map(({ prefix }) => prefix)).toEqual([
    'liability:refunds_due:',
    'clearing:fx:',
    'clearing:payout:',
    'clearing:sweep:',
    'suspense:cdr:',
    'suspense:bank:',
    'suspense:psp:',
  ])
})

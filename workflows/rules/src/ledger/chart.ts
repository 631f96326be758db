/** The chart of accounts: what each class of account means, on which side it stands, and when it has to be empty. */
import { assert } from '../assert.ts'

export type AccountClass = {
  name: string
  /** What the codes of its accounts look like; each code is of exactly one class. */
  pattern: RegExp
  kind: 'asset' | 'liability' | 'income' | 'expense' | 'clearing' | 'suspense'
  /** On which side its balance stands as a rule. */
  normalSide: 'debit' | 'credit' | 'either'
  meaning: string
  /** A clearing account reaches zero within so many days, or somebody is told. */
  clearsWithinDays?: number
}

const currency = '[A-Z]{3}'
const id = String.raw`[^:]+`
const code = (text: string) => new RegExp(`^${text}$`)

/** In the order of a balance sheet. */
export const chart: readonly AccountClass[] = [
  {
    name: 'provider',
    pattern: code(`asset:psp:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'Captured money at the payment provider, less its fees and what it paid out.',
  },
  {
    name: 'bank',
    pattern: code(`asset:bank:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'Money on our bank account, as its statements say.',
  },
  {
    name: 'debt',
    pattern: code(`asset:receivable:${id}:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'Energy that was delivered to a partner’s driver and could not be captured.',
  },
  {
    name: 'on_account',
    pattern: code(`asset:on_account:${id}:${currency}`),
    kind: 'asset',
    normalSide: 'either',
    meaning: 'What a partner’s own account was charged and has not paid; credit is prepaid.',
  },
  {
    name: 'prepaid',
    pattern: code(`liability:prepaid:${id}:${currency}`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'What a partner has paid in ahead of its sessions and not used.',
  },
  {
    name: 'sponsored',
    pattern: code(`asset:sponsored:${id}:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'What the owner of a plan owes for its subscribers.',
  },
  {
    name: 'chargeback',
    pattern: code(`asset:chargeback:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'What the provider took back and has not decided on.',
  },
  {
    name: 'input_vat',
    pattern: code(`asset:input_vat:[A-Z]{2}:${currency}`),
    kind: 'asset',
    normalSide: 'debit',
    meaning: 'Reclaimable VAT on what others rendered to the platform, by country.',
  },
  {
    name: 'payee',
    pattern: code(`liability:(?!vat:|guarantee:)${id}:${id}:${currency}:pending`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'What a party of sales is owed and has not been sent.',
  },
  {
    name: 'reserve',
    pattern: code(`liability:${id}:${id}:${currency}:reserve`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'Kept back from a payee against refunds and chargebacks to come.',
  },
  {
    name: 'claim',
    pattern: code(`liability:cpo:${id}:${currency}:disputed`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'What a CPO claims above the public price, until it is decided.',
  },
  {
    name: 'refunds_due',
    pattern: code(`liability:refunds_due:${currency}`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'What drivers are to be given back and their provider did not give.',
    clearsWithinDays: 14,
  },
  {
    name: 'guarantee',
    pattern: code(`liability:guarantee:${id}:${currency}`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'Security that a partner left with us for its credit line.',
  },
  {
    name: 'vat',
    pattern: code(`liability:vat:[A-Z]{2}:${currency}`),
    kind: 'liability',
    normalSide: 'credit',
    meaning: 'VAT of the platform’s own services, owed to a country.',
  },
  {
    name: 'revenue',
    pattern: code(`revenue:[^:]+:${currency}`),
    kind: 'income',
    normalSide: 'credit',
    meaning: 'What the platform earns, by the leg that earns it.',
  },
  {
    name: 'expense',
    pattern: code(`expense:[^:]+:${currency}`),
    kind: 'expense',
    normalSide: 'debit',
    meaning: 'What the platform bears: fees, waived and lost debts, chargebacks, exchange losses.',
  },
  {
    name: 'rounding',
    pattern: code(`rounding:${currency}`),
    kind: 'expense',
    normalSide: 'either',
    meaning: 'Cents between a record and its quote that are granted, and those of rounding.',
  },
  {
    name: 'fx_clearing',
    pattern: code(`clearing:fx:${currency}`),
    kind: 'clearing',
    normalSide: 'either',
    meaning: 'What was converted in the books and has not been exchanged at the bank.',
    clearsWithinDays: 4,
  },
  {
    name: 'payout_clearing',
    pattern: code(`clearing:payout:[^:]+:${currency}`),
    kind: 'clearing',
    normalSide: 'credit',
    meaning: 'A payout that was given to the bank and is not booked there.',
    clearsWithinDays: 5,
  },
  {
    name: 'sweep_clearing',
    pattern: code(`clearing:sweep:[^:]+:${currency}`),
    kind: 'clearing',
    normalSide: 'debit',
    meaning: 'A payout of the provider that has not come in at our bank.',
    clearsWithinDays: 5,
  },
  {
    name: 'record_suspense',
    pattern: code(`suspense:cdr:${id}:${currency}`),
    kind: 'suspense',
    normalSide: 'debit',
    meaning: 'Claims of a CPO’s records above the price of the quote.',
    clearsWithinDays: 45,
  },
  {
    name: 'bank_suspense',
    pattern: code(`suspense:bank:${currency}`),
    kind: 'suspense',
    normalSide: 'credit',
    meaning: 'Money at the bank that belongs to nothing we know.',
    clearsWithinDays: 30,
  },
  {
    name: 'provider_suspense',
    pattern: code(`suspense:psp:${currency}`),
    kind: 'suspense',
    normalSide: 'either',
    meaning: 'Movements of the provider that belong to nothing we know.',
    clearsWithinDays: 5,
  },
]

/** The class of an account; a code outside the chart is a broken invariant. */
export function classOf(account: string): AccountClass {
  const found = chart.find(({ pattern }) => pattern.test(account))
  assert(found !== undefined, `${account} is not in the chart of accounts`)
  return found
}

/** Classes whose accounts must come to zero, as a prefix of their codes with the days they have. */
export const clearingClasses: readonly { prefix: string; name: string; days: number }[] =
  chart.flatMap(({ name, pattern, clearsWithinDays: days }) =>
    days === undefined
      ? []
      : [{ name, days, prefix: /^\^(\w+:\w+:)/.exec(pattern.source)?.[1] ?? '' }],
  )

/** Where the money of a pack went: every party, leg and payee is taken as it comes, so a further payee is only data. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { bookingOf } from '@chargelane/rules/booking'
import { owedTo } from '@chargelane/rules/booking/payables'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import { compare, exchange } from '@chargelane/rules/money'
import { dueOf, saleLegOf, splitSale } from '@chargelane/rules/split'
import type { Split, SplitInput } from '@chargelane/rules/split'
import { isPlatform, partyKey, sameParty } from '@chargelane/rules/split/parties'
import { taxesOf } from '@chargelane/rules/split/taxes'
import { fail, type Outcome, type Pack, same, shown } from './pack.ts'
import {
  zConversions,
  zCreditNotes,
  zLedger,
  zPayment,
  zQuote,
  zSettlement,
  zSplit,
  zVerdict,
} from './shapes.ts'

/** The split, made again from its inputs; where the file says otherwise this throws, which is the failed check's text. */
function splitAgain(pack: Pack): { input: SplitInput; split: Split } {
  const { input, split } = pack.json('split.json', zSplit)
  const again = splitSale(input)
  if (!again.ok) throw new Error(again.message)
  if (!same(again.split, split)) throw new Error('split.json is not what its inputs give')
  return { input, split: again.split }
}

function stateOf(pack: Pack): { state: SaleState; terms: BookTerms } {
  const { state, terms } = pack.json('split.json', zSplit)
  return { state: { ...state, split: splitAgain(pack).split }, terms }
}

const payable = (pack: Pack) => pack.json('verdict.json', zVerdict).verdict.payable

export async function checkPayment(pack: Pack): Promise<Outcome> {
  const { payments, debt } = pack.json('payment.json', zPayment)
  const { split } = splitAgain(pack)
  const price = payable(pack)?.gross.amount ?? 0
  if (saleLegOf(split).gross.amount !== price) return fail('split.json is of another price')
  const due = dueOf(split).amount
  for (const { captured, hold } of payments)
    if (captured !== null && compare(captured, hold) > 0)
      return fail(`captured ${shown(captured)} of a hold of ${shown(hold)}`)
  // A price may be paid out of several holds, but out of each of them once.
  const references = payments.map((payment) => payment.provider_reference ?? payment.id)
  if (new Set(references).size < references.length) return fail('captured more than once')
  const given = payments.map(givenBackOf)
  for (const [n, { captured }] of payments.entries())
    if ((given[n] ?? 0) > (captured?.amount ?? 0)) return fail('more was given back than captured')
  const captured = sumOf(payments.map((payment) => payment.captured?.amount ?? 0)) - sumOf(given)
  const owed = debt?.amount.amount ?? 0
  if (captured + owed !== due)
    return fail(`captured ${captured} plus debt ${owed} is not the price ${due}`)
  const back = sumOf(given) === 0 ? '' : ` after ${sumOf(given)} given back`
  // What others than the driver pay: out of their share, or what a plan includes.
  const less = split.contributions
    .filter(({ amount }) => amount.amount !== 0)
    .map(({ kind, by, amount }) => ` less ${amount.amount} (${kind}) from the ${by.role}`)
    .join('')
  return debt === null
    ? `captured ${captured}${back}, exactly the price${less}, within the hold`
    : `captured ${captured}${back}, debt ${owed}${less}`
}

const sumOf = (amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => sum + amount, 0)

/** What the provider refused to give back is still there, and is for a person to pay otherwise. */
const givenBackOf = ({ refunds = [] }: { refunds?: { amount: Money }[] | undefined }): number =>
  sumOf(refunds.map(({ amount }) => amount.amount))

/** Who gives of its share, and who pays for a plan, is what the signed quote names. */
function checkGivers(
  pack: Pack,
  { discountBy, policy, plan: paid }: SplitInput,
): Outcome | undefined {
  const { discount, plan } = pack.json('quote.json', zQuote).body
  if ((discount === undefined) !== (discountBy === undefined))
    return fail('the partner’s share went elsewhere than the quote says')
  const promised: [string, number | undefined][] = [
    ['commission', discount?.policy.commission_bps],
    ['partner_share', discount?.policy.partner_share_bps],
  ]
  for (const [id, bps] of promised) {
    const rule = policy.rules.find((each) => each.id === id)
    if (bps !== undefined && !same(rule?.share, { bps }))
      return fail('the discount is not of the policy that the quote locked')
  }
  const named = plan && { role: plan.funded_by, id: plan.owner }
  return paid === undefined || (named !== undefined && sameParty(paid.by, named))
    ? undefined
    : fail('somebody pays a part of the price whom the quote does not name')
}

export async function checkSplit(pack: Pack): Promise<Outcome> {
  const { input, split } = splitAgain(pack)
  const taxed = taxesOf(input)
  if (!taxed.ok) return fail(taxed.message)
  if (!same(taxed.taxes, input.taxes)) return fail('a leg is taxed otherwise than its parties say')
  const given = checkGivers(pack, input)
  if (given !== undefined) return given
  const total = split.shares.reduce((sum, { amount }) => sum + amount.amount, split.tax.amount)
  const gross = payable(pack)?.gross.amount
  if (gross !== undefined && total !== gross)
    return fail(`shares sum to ${total}, the driver paid ${gross}`)
  return `shares of ${split.shares.map(({ party }) => party.role).join(', ')} and tax sum to ${total}`
}

export async function checkConversions(pack: Pack): Promise<Outcome> {
  const conversions = pack.json('fx.json', zConversions)
  const { state, terms } = stateOf(pack)
  for (const { payee, conversion } of conversions) {
    const { from, to, rate } = conversion
    if (exchange(from, to.currency, rate).to.amount !== to.amount)
      return fail(`${shown(from)} at ${rate} is not ${shown(to)}`)
    if (!same(from, owedTo(state, payee)))
      return fail(`${shown(from)} is not the share of the ${payee.role}`)
  }
  for (const { payee, currency } of terms.payouts) {
    const { amount, currency: sold } = owedTo(state, payee)
    const isConverted = conversions.some((each) => sameParty(each.payee, payee))
    if (currency !== sold && amount !== 0 && !isConverted)
      return fail(`the share of the ${payee.role} is paid in ${currency} without a rate`)
  }
  if (conversions.length === 0) return 'no conversion was needed'
  return conversions
    .map(
      ({ conversion: { from, to, rate, source, asOf } }) =>
        `${from.currency} to ${to.currency} at ${rate} (${source}, ${asOf})`,
    )
    .join('; ')
}

type Posted = readonly { account: string; amount: { amount: number; currency: string } }[]

const isClaim = (account: string) =>
  account.startsWith('suspense:') || account.endsWith(':disputed')

/** Balances by account, without those of a claim above the price: it is decided outside the sale. */
function balancesOf(postings: Posted): Record<string, number> {
  const totals = new Map<string, number>()
  for (const { account, amount } of postings)
    totals.set(account, (totals.get(account) ?? 0) + amount.amount)
  return Object.fromEntries(
    [...totals].filter(([account, total]) => total !== 0 && !isClaim(account)),
  )
}

/** Every entry sums to zero, and all of them together are what the state of the sale asks for. */
export async function checkLedger(pack: Pack): Promise<Outcome> {
  const entries = pack.json('ledger.json', zLedger)
  for (const entry of entries) {
    const sums = new Map<string, number>()
    for (const { amount } of entry.postings)
      sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.amount)
    for (const [currency, sum] of sums)
      if (sum !== 0) return fail(`entry ${entry.key} is off by ${sum} ${currency}`)
    if (entry.postings.length < 2) return fail(`entry ${entry.key} has fewer than two postings`)
  }
  if (!pack.has('split.json')) return `${entries.length} entries, each sums to zero`
  const { state, terms } = stateOf(pack)
  const asked = bookingOf({ sessionId: '', name: '', kind: 'sale', after: state, terms })
  const [booked, expected] = [entries, asked.entries].map((each) =>
    balancesOf(each.flatMap(({ postings }) => postings)),
  )
  if (!same(booked, expected)) return fail('the entries together are not what the sale asks for')
  return `${entries.length} entries, each sums to zero in every currency, together the whole sale`
}

/** Without a sale nothing may have been taken, owed or booked. */
export async function checkNothingSold(pack: Pack): Promise<Outcome> {
  const { payments, debt } = pack.json('payment.json', zPayment)
  if (debt !== null) return fail(`a debt of ${shown(debt.amount)} without a sale`)
  const taken = payments.find(({ captured }) => (captured?.amount ?? 0) > 0)?.captured
  if (taken) return fail(`${shown(taken)} was captured without a sale`)
  const owed = pack.json('settlement.json', zSettlement)
  return owed.length === 0
    ? 'nothing was captured, owed or settled'
    : fail('a payee is owed for nothing')
}

export async function checkInvoice(pack: Pack): Promise<Outcome> {
  const price = payable(pack)
  if (price === null) return fail('an invoice without anything payable')
  const notes = pack.has(notesFile) ? pack.json(notesFile, zCreditNotes) : []
  for (const [element, expected] of [
    ['TaxInclusiveAmount', price.gross],
    ['TaxExclusiveAmount', price.net],
  ] as const) {
    const [invoiced = Number.NaN, ...takenBack] = [
      pack.text('invoice.xml'),
      ...notes.map(({ xml }) => xml),
    ].map((xml) => amountIn(xml, element, expected.currency))
    if (invoiced - sumOf(takenBack) !== expected.amount)
      return fail(
        notes.length === 0
          ? `invoice.xml: ${element} is not ${shown(expected)}`
          : `invoice.xml less its credit notes: ${element} is not ${shown(expected)}`,
      )
  }
  const less = notes.map(({ number }) => ` less credit note ${number}`).join('')
  return `totals${less} equal the price, ${shown(price.gross)}`
}

const notesFile = 'credit-notes.json'

/** In minor units; not a number where the document states none in this currency. */
function amountIn(xml: string, element: string, currency: string): number {
  const pattern = `<cbc:${element} currencyID="${currency}">(-?\\d+)(?:\\.(\\d+))?<`
  const [found, whole = '', fraction = ''] = new RegExp(pattern).exec(xml) ?? []
  return found === undefined ? Number.NaN : Number(`${whole}${fraction}`)
}

/** Each payee is owed its share of the sale, in its own currency, and nothing is owed to anybody else. */
export async function checkSettlement(pack: Pack): Promise<Outcome> {
  const items = pack.json('settlement.json', zSettlement)
  const { state } = stateOf(pack)
  const { difference } = pack.json('verdict.json', zVerdict).verdict
  // A rounding difference of the operator's record is granted to the operator, out of the rounding account.
  const granted = difference?.destination === 'rounding' ? difference.amount.amount : 0
  if (state.claim.granted.amount !== granted) return fail(`${granted} of rounding was not granted`)
  const conversions = pack.json('fx.json', zConversions)
  const payees = state.split.shares.map(({ party }) => party).filter((each) => !isPlatform(each))
  const isPayee = (ref: PartyRef) => payees.some((payee) => sameParty(payee, ref))
  for (const item of items) {
    const ref = { role: item.role, id: item.payee }
    if (!isPayee(ref)) return fail(`${partyKey(ref)} is owed something and has no share`)
    const lines = item.detail.lines.reduce((sum, { amount }) => sum + amount.amount, 0)
    if (lines !== item.detail.share.amount)
      return fail(`the lines of ${item.role} sum to ${lines}, not to ${shown(item.detail.share)}`)
  }
  for (const payee of payees) {
    const own = items.filter((item) => sameParty({ role: item.role, id: item.payee }, payee))
    const share = owedTo(state, payee)
    const shared = own.reduce((sum, { detail }) => sum + detail.share.amount, 0)
    if (shared !== share.amount)
      return fail(`${payee.role} is owed ${shared}, its share is ${shown(share)}`)
    const converted = conversions.find((each) => sameParty(each.payee, payee))?.conversion.to
    const expected = converted ?? share
    const owed = own.reduce((sum, { amount }) => sum + amount.amount, 0)
    if (owed !== expected.amount || own.some((item) => item.amount.currency !== expected.currency))
      return fail(`${payee.role} is paid ${owed}, its share converts to ${shown(expected)}`)
  }
  const paid = items.filter((item) => item.state === 'paid').length
  return `${paid} of ${items.length} payees paid when this was sealed`
}

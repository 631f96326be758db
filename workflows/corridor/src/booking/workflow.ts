import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Collection } from '../capture/workflow.ts'
import type { Billable } from '../record/workflow.ts'
import type { PayableDetail } from '@chargelane/rules/documents'
import { convertMoney } from '@chargelane/rules/fx'
import type { Conversion, FxRate } from '@chargelane/rules/fx'
import {
  accounts,
  contributionEntry,
  debtEntry,
  debtPaidEntry,
  differenceEntry,
  discountEntry,
  fxEntry,
  provisionalSaleEntry,
  pspFeeEntry,
  reversalOf,
  saleEntry,
  trueUpEntry,
} from '@chargelane/rules/ledger'
import type { Entry, Payee } from '@chargelane/rules/ledger'
import { clock, instant, millis } from '../life.ts'
import type { Life } from '../life.ts'
import { assert } from '@chargelane/rules/assert'
import { subtract } from '@chargelane/rules/money'
import { money as moneySteps, steps } from '../steps.ts'
import type { Payable, SaleTerms } from './activities.ts'
import { contributionOf, paidTo, splitSale } from '@chargelane/rules/split'
import type { Split, SplitInput } from '@chargelane/rules/split'

/** Who gets what, computed before anything is captured: a sale that cannot be shared takes nobody's money. */
export type PreparedSale = { terms: SaleTerms; split: Split; splitInput: SplitInput }
export type Booked = PreparedSale & {
  payables: Payable[]
  /** The ledger account that brought the sale's money, or owes it. */
  source: string
}

const roles = ['cpo', 'partner'] as const

function splitOf(terms: SaleTerms, billed: Billable): { split: Split; splitInput: SplitInput } {
  const { payoutCurrency: _paidIn, ...parties } = terms
  // The provider's fee comes in its own currency, so it is a ledger entry of its own and no part of the split.
  const splitInput: SplitInput = {
    ...parties,
    sale: billed.totals,
    pspFee: null,
    ...(billed.contribution === undefined ? {} : { contribution: billed.contribution }),
  }
  const result = splitSale(splitInput)
  assert(result.ok, `the sale cannot be split: ${result.ok ? '' : result.message}`)
  return { split: result.split, splitInput }
}

/** Today's reference rates, when a payee is paid in another currency than the driver paid in. */
async function ratesFor(terms: SaleTerms, currency: string, now: string): Promise<FxRate[]> {
  const currencies = [...new Set([currency, ...Object.values(terms.payoutCurrency)])]
  return currencies.length === 1 ? [] : moneySteps.readRates({ now, currencies })
}

/** What each payee gets, in the payee's own currency, with the conversion that led there. */
function payablesOf(
  shares: Record<(typeof roles)[number], Money>,
  split: Split,
  terms: SaleTerms,
  rates: FxRate[],
): { payable: Payable; conversion: Conversion }[] {
  return roles
    .filter((role) => shares[role].amount !== 0)
    .map((role) => {
      const result = convertMoney(shares[role], terms.payoutCurrency[role], rates)
      assert(result.ok, `no payout without a rate: ${result.ok ? '' : result.message}`)
      const { conversion } = result
      const detail = { ...lineOf(role, split), share: shares[role], conversion }
      const payeeId = terms[role].id
      return {
        conversion,
        payable: {
          payeeId,
          role,
          currency: conversion.to.currency,
          amountMinor: conversion.to.amount,
          detail,
        },
      }
    })
}

/** What the payee's statement says of this session beside the amount. */
function lineOf(
  role: (typeof roles)[number],
  split: Split,
): Pick<PayableDetail, 'sale' | 'sale_vat' | 'commission' | 'tax'> {
  const leg = (id: 'sale' | 'commission' | 'partner_share') =>
    split.legs.find((candidate) => candidate.id === id)
  const [sale, commission] = [leg('sale'), leg('commission')]
  const own = role === 'cpo' ? commission : leg('partner_share')
  const tax = own?.treatment
  return {
    ...(role === 'cpo'
      ? { sale: sale?.gross, sale_vat: sale?.vat, commission: commission?.gross }
      : {}),
    tax: tax ? `VAT ${tax.category} ${tax.rate} %` : 'no VAT',
  }
}

export async function prepareSale(
  { sessionId }: Life,
  billed: Billable,
  endedAt: string,
): Promise<PreparedSale> {
  const terms = await steps.readTerms({ sessionId, at: endedAt })
  return { terms, ...splitOf(terms, billed) }
}

/**
 * split → fx → vat → ledger. Every cent of the driver's gross has one owner, VAT is decided leg by leg, a payee's share
 * is converted at a rate kept with its date, and all of it is booked in one tx under the session's keys.
 */
export async function bookSale(
  life: Life,
  { terms, split, splitInput }: PreparedSale,
  billed: Billable,
  collected: Collection,
  endedAt: string,
): Promise<Booked> {
  const { sessionId } = life
  const now = instant(clock())
  const { currency } = billed.totals.gross
  const excess = billed.difference
  const isGranted = excess?.destination === 'rounding' && excess.amount.amount !== 0
  const rounded = isGranted ? excess.amount.amount : 0
  const shares = {
    cpo: { amount: paidTo(split, 'cpo').amount + rounded, currency },
    partner: paidTo(split, 'partner'),
  }
  const parts = payablesOf(shares, split, terms, await ratesFor(terms, currency, now))
  const entries = [
    ...sourceEntries(life, split, terms, billed, collected),
    ...givenEntries(sessionId, split, terms, collected),
    excess === null || excess.destination === 'none' || excess.amount.amount === 0
      ? undefined
      : differenceEntry({
          key: `${sessionId}:difference`,
          sessionId,
          cpoId: terms.cpo.id,
          amount: excess.amount,
          destination: excess.destination,
        }),
    collected.fee === null
      ? undefined
      : pspFeeEntry({ key: `${sessionId}:psp_fee`, sessionId, fee: collected.fee }),
    ...parts.map((part) => fxOf(sessionId, part)),
  ]
  await steps.postSale({
    sessionId,
    revision: 1,
    basis: billed.provisional ? 'provisional' : 'record',
    cdrId: billed.cdrId,
    split,
    splitInput,
    conversions: conversionsOf(parts),
    entries: entries.filter((entry) => entry !== undefined),
    payables: parts.map((part) => part.payable),
    slaDeadline: instant(millis(endedAt) + life.deadlines.sla),
    now,
  })
  return {
    terms,
    split,
    splitInput,
    payables: parts.map((part) => part.payable),
    source: sourceOf(terms, collected),
  }
}

/** Who has the sale's money or owes it, by the kind of payment; the partner, for a driver who did not pay. */
const sourceOf = ({ partner }: SaleTerms, { captured, source }: Collection): string =>
  source ?? accounts.receivable(partner.id, captured.currency)

/** What others than the driver pay of the sale: the partner out of its share, the owner of the driver's plan. */
function givenEntries(
  sessionId: string,
  split: Split,
  terms: SaleTerms,
  collected: Collection,
): (Entry | undefined)[] {
  const { discount } = split
  const source = sourceOf(terms, collected)
  return [
    discount === undefined
      ? undefined
      : discountEntry({
          key: `${sessionId}:partner_discount`,
          sessionId,
          partnerId: terms.partner.id,
          discount,
          source,
        }),
    ...contributionEntries(`${sessionId}:plan`, sessionId, split, undefined, source),
  ]
}

/** What the owner of the driver's plan pays of the sale, or how that changes with a later record. */
function contributionEntries(
  key: string,
  sessionId: string,
  split: Split,
  before: Split | undefined,
  source: string,
): (Entry | undefined)[] {
  return roles.map((role) => {
    const now = contributionOf(split, role)
    const then = before === undefined ? undefined : contributionOf(before, role)
    const payee = split.contribution?.by === role ? split.contribution : before?.contribution
    if (payee === undefined || payee.by !== role) return undefined
    return contributionEntry({
      key,
      sessionId,
      payee: { role, id: payee.payee },
      fromShare: then === undefined ? now.fromShare : subtract(now.fromShare, then.fromShare),
      owed: then === undefined ? now.owed : subtract(now.owed, then.owed),
      source,
    })
  })
}

/** The driver's side: what was captured, or the debt, or both when the hold was too small. */
function sourceEntries(
  { sessionId }: Life,
  split: Split,
  terms: SaleTerms,
  billed: Billable,
  collected: Collection,
): Entry[] {
  const sale = { key: `${sessionId}:sale`, sessionId, split }
  if (collected.captured.amount === 0) return [debtEntry(sale)]
  const source = sourceOf(terms, collected)
  const from = { ...sale, source }
  const entry = billed.provisional ? provisionalSaleEntry(from) : saleEntry(from)
  if (collected.owed.amount === 0) return [entry]
  const paid = debtPaidEntry({
    key: `${sessionId}:shortfall:paid`,
    sessionId,
    partnerId: terms.partner.id,
    amount: collected.owed,
    source,
  })
  return [entry, reversalOf(paid, `${sessionId}:shortfall`)]
}

function fxOf(
  sessionId: string,
  { payable, conversion }: { payable: Payable; conversion: Conversion },
  suffix = '',
): Entry | undefined {
  const payee: Payee = { role: payable.role, id: payable.payeeId }
  return fxEntry({ key: `${sessionId}:fx:${payable.role}${suffix}`, sessionId, payee, conversion })
}

const conversionsOf = (parts: { payable: Payable; conversion: Conversion }[], suffix = '') =>
  parts
    .filter(({ conversion }) => conversion.path !== 'identity')
    .map(({ payable, conversion }) => ({ leg: `${payable.role}${suffix}`, conversion }))

/**
 * A late record trues the provisional sale up, at the price of session time. The driver was charged already and is
 * never charged more for it (law L6): a lower record is refunded and taken from the payees, a higher one changes nothing.
 */
export async function trueUp(
  life: Life,
  before: Booked,
  late: Billable,
  endedAt: string,
): Promise<'unchanged' | 'adjusted'> {
  const { sessionId } = life
  const now = instant(clock())
  const { split, splitInput } = splitOf(before.terms, late)
  const { currency } = late.totals.gross
  const { source } = before
  const isLower = late.totals.gross.amount < saleGross(before.split)
  const entry = isLower
    ? trueUpEntry({
        key: `${sessionId}:true_up`,
        sessionId,
        before: before.split,
        after: split,
        source,
      })
    : undefined
  if (entry === undefined) return 'unchanged'
  const shares = {
    cpo: subtract(paidTo(split, 'cpo'), paidTo(before.split, 'cpo')),
    partner: subtract(paidTo(split, 'partner'), paidTo(before.split, 'partner')),
  }
  const given =
    split.discount === undefined || before.split.discount === undefined
      ? undefined
      : discountEntry({
          key: `${sessionId}:partner_discount:true_up`,
          sessionId,
          partnerId: before.terms.partner.id,
          discount: subtract(split.discount, before.split.discount),
          source,
        })
  const contributed = contributionEntries(
    `${sessionId}:plan:true_up`,
    sessionId,
    split,
    before.split,
    source,
  )
  const parts = payablesOf(shares, split, before.terms, await ratesFor(before.terms, currency, now))
  const fx = parts.map((part) => fxOf(sessionId, part, ':true_up'))
  await steps.postSale({
    sessionId,
    revision: 2,
    basis: 'record',
    cdrId: late.cdrId,
    split,
    splitInput,
    conversions: conversionsOf(parts, ':true_up'),
    entries: [entry, given, ...contributed, ...fx].filter((each) => each !== undefined),
    payables: parts.map((part) => part.payable),
    slaDeadline: instant(millis(endedAt) + life.deadlines.sla),
    now,
  })
  return 'adjusted'
}

function saleGross(split: Split): number {
  const sale = split.legs.find((leg) => leg.id === 'sale')
  assert(sale !== undefined, 'a split must hold its sale leg')
  return sale.gross.amount
}

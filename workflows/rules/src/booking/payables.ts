/** What each payee is owed of a sale, in its own currency, with the lines of its statement. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'
import { type Conversion as Exchange, convertMoney } from '../fx/fx.ts'
import { add, money, negate, subtract, sum } from '../money.ts'
import { partyKey, sameParty } from '../split/parties.ts'
import { fundedBy, paidTo, saleLegOf } from '../split/split.ts'
import type { BookTerms, SaleState } from './sale.ts'

/** One figure of a statement; positive is owed to the payee, unless a correction turns it round. */
export type PayableLine = {
  /** The leg's id, `discount`, `plan` or `rounding`. */
  what: string
  /** A leg that the payee supplied or received, what it gave to the driver, or what it was granted. */
  side: 'supplied' | 'received' | 'given' | 'granted'
  /** Tax included. */
  amount: Money
  vat: Money
  /** How the leg is taxed, in words; null where no leg stands behind it. */
  tax: string | null
}

/** What a statement says of a payable beside its amount. */
export type PayableDetail = {
  /** In the sale's currency; the lines sum to it. */
  share: Money
  lines: PayableLine[]
  /** Null where the payee is paid in the sale's currency. */
  rate: { path: string; rate: Decimal; source: string; asOf: string } | null
}

export type Payable = { payee: PartyRef; amount: Money; detail: PayableDetail }

export type Conversion = { payee: PartyRef; conversion: Exchange }

/** What a payee is paid of a sale, in the sale's currency; its seller with what was granted above the price. */
export function owedTo(
  { split, claim }: Pick<SaleState, 'split' | 'claim'>,
  payee: PartyRef,
): Money {
  const share = paidTo(split, payee)
  return sameParty(payee, saleLegOf(split).supplier) ? add(share, claim.granted) : share
}

/** Undefined where the payee is paid in the sale's currency. */
export function conversionFor(
  state: SaleState,
  payee: PartyRef,
  terms: BookTerms,
): Exchange | undefined {
  const owed = owedTo(state, payee)
  const paidIn = terms.payouts.find((payout) => sameParty(payout.payee, payee))?.currency
  if (paidIn === undefined || paidIn === owed.currency) return undefined
  const result = convertMoney(owed, paidIn, terms.rates)
  assert(result.ok, `no payout without a rate: ${result.ok ? '' : result.message}`)
  return result.conversion
}

export function conversionsOf(state: SaleState, terms: BookTerms): Conversion[] {
  return terms.payouts.flatMap(({ payee }) => {
    const conversion = conversionFor(state, payee, terms)
    return conversion === undefined || conversion.from.amount === 0 ? [] : [{ payee, conversion }]
  })
}

function linesOf({ split, claim }: SaleState, payee: PartyRef): PayableLine[] {
  const legs = split.legs.flatMap((leg): PayableLine[] => {
    const isSupplier = sameParty(leg.supplier, payee)
    if (!isSupplier && !sameParty(leg.recipient, payee)) return []
    const { id, gross, vat, treatment } = leg
    const tax = `VAT ${treatment.category} ${treatment.rate} %`
    return [
      {
        what: id,
        side: isSupplier ? 'supplied' : 'received',
        amount: isSupplier ? gross : negate(gross),
        vat: isSupplier ? vat : negate(vat),
        tax,
      },
    ]
  })
  const untaxed = (what: string, side: PayableLine['side'], amount: Money): PayableLine => ({
    what,
    side,
    amount,
    vat: money(0, amount.currency),
    tax: null,
  })
  const given = fundedBy(split, payee).map(({ kind, fromShare }) =>
    untaxed(kind, 'given', negate(fromShare)),
  )
  const isSeller = sameParty(saleLegOf(split).supplier, payee)
  return [...legs, ...given, ...(isSeller ? [untaxed('rounding', 'granted', claim.granted)] : [])]
}

/** What changed from line to line; a line that stays as it was is not on the statement again. */
function changedLines(
  before: readonly PayableLine[],
  after: readonly PayableLine[],
): PayableLine[] {
  const gone = before.filter(({ what }) => !after.some((line) => line.what === what))
  const changed = [...after, ...gone].map((line) => {
    const [was, now] = [before, after].map((lines) => lines.find(({ what }) => what === line.what))
    const nothing = money(0, line.amount.currency)
    return {
      ...line,
      amount: subtract(now?.amount ?? nothing, was?.amount ?? nothing),
      vat: subtract(now?.vat ?? nothing, was?.vat ?? nothing),
    }
  })
  return changed.filter(({ amount, vat }) => amount.amount !== 0 || vat.amount !== 0)
}

export function payablesOf(
  before: SaleState | undefined,
  after: SaleState,
  terms: BookTerms,
): Payable[] {
  const payouts = terms.payouts.toSorted((a, b) => (partyKey(a.payee) < partyKey(b.payee) ? -1 : 1))
  return payouts.flatMap(({ payee, currency }) => {
    const paid = (state: SaleState) =>
      conversionFor(state, payee, terms)?.to ?? owedTo(state, payee)
    const amount = before === undefined ? paid(after) : subtract(paid(after), paid(before))
    if (amount.amount === 0) return []
    assert(amount.currency === currency, `${partyKey(payee)} is paid in ${currency}`)
    const lines = changedLines(
      before === undefined ? [] : linesOf(before, payee),
      linesOf(after, payee),
    )
    const conversion = conversionFor(after, payee, terms)
    const share = sum(
      lines.map((line) => line.amount),
      saleLegOf(after.split).gross.currency,
    )
    return [{ payee, amount, detail: { share, lines, rate: rateOf(conversion) } }]
  })
}

function rateOf(conversion: Exchange | undefined): PayableDetail['rate'] {
  if (conversion === undefined) return null
  const { path, rate, source, asOf } = conversion
  return { path, rate, source, asOf }
}

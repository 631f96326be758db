/** What each payee is owed of a sale, in its own currency, with the lines of its statement. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'
import { type Conversion as Exchange, convertMoney } from '../fx/fx.ts'
import { add, money, negate, portionOf, subtract, sum } from '../money.ts'
import { partyKey, sameParty } from '../split/parties.ts'
import { fundedBy, paidTo, saleLegOf } from '../split/split.ts'
import { coveredOf, expectedOf } from './cover.ts'
import type { BookTerms, SaleState } from './sale.ts'

/** One figure of a statement; positive is owed to the payee, unless a correction turns it round. */
export type PayableLine = {
  /** The leg's id, `discount`, `plan`, `rounding`, `claim`, `written_off`, `chargeback` or `awaiting_funds`. */
  what: string
  /** A leg that the payee supplied or received, what it gave to the driver, what it was granted, or what waits. */
  side: 'supplied' | 'received' | 'given' | 'granted' | 'awaiting'
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

export type Payable = {
  payee: PartyRef
  amount: Money
  detail: PayableDetail
  /** Nobody has paid or guaranteed it yet: no settlement collects it. */
  waits: boolean
}

export type Conversion = { payee: PartyRef; conversion: Exchange }

type Owing = Pick<SaleState, 'split' | 'collected' | 'claim' | 'plan' | 'chargeback'>

/** Of what a payee is owed in the sale's currency, the part of its share and what it was granted above the price. */
function partsOwed({ split, collected, claim }: Owing, payee: PartyRef) {
  const share = expectedOf({ split, collected }, paidTo(split, payee))
  const isSeller = sameParty(payee, saleLegOf(split).supplier)
  const none = money(0, share.currency)
  return { share, granted: isSeller ? add(claim.granted, claim.conceded ?? none) : none }
}

/** Of a chargeback, what a payee is not paid: kept back while it is open, borne once it is lost. */
function withheldFrom({ chargeback, collected }: Owing, payee: PartyRef): Money {
  const found = chargeback?.reserved?.find(({ party }) => sameParty(party, payee))
  return found?.amount ?? money(0, collected.captured.currency)
}

/** What a payee is owed of a sale, in the sale's currency; its seller with what was granted above the price. */
export function owedTo(state: Owing, payee: PartyRef): Money {
  const { share, granted } = partsOwed(state, payee)
  return subtract(add(share, granted), withheldFrom(state, payee))
}

/** Of that, what is covered by money; what was granted comes from the platform and is. */
function coveredTo(state: Owing, payee: PartyRef): Money {
  const { share, granted } = partsOwed(state, payee)
  const covered = subtract(add(coveredOf(state, share), granted), withheldFrom(state, payee))
  // What is kept back is taken from what waits as well: nothing is due then, and no more waits than is owed.
  return covered.amount < 0 && owedTo(state, payee).amount > 0
    ? money(0, covered.currency)
    : covered
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

/** What waits in the sale's currency: of the due part it is taken off, of the waiting part it is all there is. */
function waitingLine(state: SaleState, payee: PartyRef): PayableLine {
  const amount = subtract(owedTo(state, payee), coveredTo(state, payee))
  const vat = money(0, amount.currency)
  return { what: 'awaiting_funds', side: 'awaiting', amount, vat, tax: null }
}

const takenOff = (line: PayableLine): PayableLine => ({ ...line, amount: negate(line.amount) })

function linesOf(state: SaleState, payee: PartyRef): PayableLine[] {
  const { split, collected, claim } = state
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
  const share = paidTo(split, payee)
  const withheld = withheldFrom(state, payee)
  const gone = subtract(expectedOf({ split, collected }, share), share)
  return [
    ...legs,
    ...given,
    ...(gone.amount === 0 ? [] : [untaxed('written_off', 'given', gone)]),
    ...(isSeller ? [untaxed('rounding', 'granted', claim.granted)] : []),
    ...(isSeller && claim.conceded !== undefined
      ? [untaxed('claim', 'granted', claim.conceded)]
      : []),
    ...(withheld.amount === 0 ? [] : [untaxed('chargeback', 'given', negate(withheld))]),
  ]
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

/** What a payee is owed in its own currency, what of it is due, and the rest, which waits. */
function owedParts(state: SaleState, payee: PartyRef, terms: BookTerms) {
  const owed = owedTo(state, payee)
  const whole = conversionFor(state, payee, terms)?.to ?? owed
  const due = owed.amount <= 0 ? whole : portionOf(whole, coveredTo(state, payee), owed)
  return { due, waiting: subtract(whole, due) }
}

export function payablesOf(
  before: SaleState | undefined,
  after: SaleState,
  terms: BookTerms,
): Payable[] {
  const payouts = terms.payouts.toSorted((a, b) => (partyKey(a.payee) < partyKey(b.payee) ? -1 : 1))
  const sold = saleLegOf(after.split).gross.currency
  return payouts.flatMap(({ payee, currency }) => {
    const was = before && owedParts(before, payee, terms)
    const now = owedParts(after, payee, terms)
    assert(now.due.currency === currency, `${partyKey(payee)} is paid in ${currency}`)
    const rate = rateOf(conversionFor(after, payee, terms))
    const payable = (
      part: 'due' | 'waiting',
      linesIn: (state: SaleState) => PayableLine[],
    ): Payable[] => {
      const amount = was === undefined ? now[part] : subtract(now[part], was[part])
      const lines = changedLines(before === undefined ? [] : linesIn(before), linesIn(after))
      const share = sum(
        lines.map((line) => line.amount),
        sold,
      )
      if (amount.amount === 0 && share.amount === 0) return []
      return [{ payee, amount, detail: { share, lines, rate }, waits: part === 'waiting' }]
    }
    return [
      ...payable('due', (state) => [...linesOf(state, payee), takenOff(waitingLine(state, payee))]),
      ...payable('waiting', (state) => [waitingLine(state, payee)]),
    ]
  })
}

export function rateOf(conversion: Exchange | undefined): PayableDetail['rate'] {
  if (conversion === undefined) return null
  const { path, rate, source, asOf } = conversion
  return { path, rate, source, asOf }
}

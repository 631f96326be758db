/** The balances of one state of a sale, part by part; each part is an entry of its own, so that the books can be read. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'
import { accounts, type EntryKind, heldClaim, type Movement } from '../ledger/ledger.ts'
import { isPlatform, partyKey, sameParty } from '../split/parties.ts'
import { subtract, sum } from '../money.ts'
import { fundedBy, type Leg, paidTo, saleLegOf, type Split } from '../split/split.ts'
import { expectedOf, restOf } from './cover.ts'
import type { BookTerms, SaleState } from './sale.ts'
import { conversionFor } from './payables.ts'

export type Part = {
  /** Empty for the shares themselves, whose kind says what happened. */
  name: string
  kind: EntryKind | undefined
  movements: Movement[]
}

function vatAccount(leg: Leg, account: typeof accounts.vat): string {
  const { jurisdiction } = leg.treatment
  assert(jurisdiction !== null || leg.vat.amount === 0, `${leg.id}: VAT without a country`)
  return account(jurisdiction ?? '', leg.vat.currency)
}

/**
 * One leg: its recipient pays, its supplier earns. The driver's side is the account that brought, or owes, the money;
 * the platform's own services stand in its profit and loss, their VAT apart.
 */
export function legMovements(leg: Leg, driver: PartyRef, source: string): Movement[] {
  const { id, supplier, recipient, net, vat } = leg
  const { currency } = net
  const other = (party: PartyRef) =>
    sameParty(party, driver) ? source : accounts.pending(party, currency)
  const pays = isPlatform(recipient)
    ? { net: accounts.expense(id, currency), vat: vatAccount(leg, accounts.inputVat) }
    : { net: other(recipient), vat: other(recipient) }
  const earns = isPlatform(supplier)
    ? { net: accounts.revenue(id, currency), vat: vatAccount(leg, accounts.vat) }
    : { net: other(supplier), vat: other(supplier) }
  return [
    { debit: pays.net, credit: earns.net, amount: net },
    { debit: pays.vat, credit: earns.vat, amount: vat },
  ]
}

/** What others than the driver pay: out of their share of this very sale, and beyond that as a debt of their own. */
function givenMovements(split: Split, kind: 'discount' | 'plan', source: string): Movement[] {
  const givers = new Map(split.contributions.map(({ by }) => [partyKey(by), by]))
  return [...givers.values()]
    .flatMap((giver) => fundedBy(split, giver))
    .filter((funded) => funded.kind === kind)
    .flatMap(({ by, fromShare, owed }) => [
      {
        debit: accounts.pending(by, fromShare.currency),
        credit: source,
        amount: fromShare,
      },
      { debit: accounts.sponsored(by.id, owed.currency), credit: source, amount: owed },
    ])
}

/** What the driver still owes of a sale that was paid in part. */
function shortfallMovements({ collected }: SaleState, debt: string): Movement[] {
  const { captured, owed, source } = collected
  return captured.amount === 0 ? [] : [{ debit: debt, credit: source, amount: owed }]
}

/** What became of the debt: paid, taken from the partner's credit, or given up and borne by somebody. */
function restMovements({ split, collected }: SaleState, terms: BookTerms, debt: string) {
  const rest = restOf(collected)
  const { currency } = collected.owed
  const { id } = terms.debtor
  const borne = terms.payouts.map(({ payee }): Movement => {
    const share = paidTo(split, payee)
    const gone = subtract(share, expectedOf({ split, collected }, share))
    return { debit: accounts.pending(payee, currency), credit: debt, amount: gone }
  })
  const ours = subtract(
    rest.lost,
    sum(
      borne.map(({ amount }) => amount),
      currency,
    ),
  )
  return {
    paid: [
      { debit: accounts.bank(currency), credit: debt, amount: rest.paid },
      { debit: debt, credit: accounts.onAccount(id, currency), amount: rest.returned },
    ],
    credited: [{ debit: accounts.onAccount(id, currency), credit: debt, amount: rest.credited }],
    waived: [{ debit: accounts.expense('waived', currency), credit: debt, amount: rest.waived }],
    lost: [...borne, { debit: accounts.expense('lost', currency), credit: debt, amount: ours }],
  }
}

function claimMovements({ split, claim }: SaleState): Movement[] {
  const { supplier } = saleLegOf(split)
  const { granted, held } = claim
  return [
    {
      debit: accounts.rounding(granted.currency),
      credit: accounts.pending(supplier, granted.currency),
      amount: granted,
    },
    heldClaim(supplier.id, held),
  ]
}

/** The platform pays what it decided to owe. */
const concededMovements = ({ split, claim: { conceded } }: SaleState): Movement[] =>
  conceded === undefined
    ? []
    : [
        {
          debit: accounts.expense('claims', conceded.currency),
          credit: accounts.pending(saleLegOf(split).supplier, conceded.currency),
          amount: conceded,
        },
      ]

function chargebackMovements({ chargeback, collected }: SaleState): Movement[] {
  if (chargeback === undefined) return []
  const { amount, state, reserved = [] } = chargeback
  const { currency } = amount
  const { source } = collected
  if (state === 'open')
    return [
      { debit: accounts.chargeback(currency), credit: source, amount },
      ...reserved.map(({ party, amount: kept }) => ({
        debit: accounts.pending(party, currency),
        credit: accounts.reserve(party, currency),
        amount: kept,
      })),
    ]
  const borne = reserved.map(({ party, amount: part }) => ({
    debit: accounts.pending(party, currency),
    credit: source,
    amount: part,
  }))
  const ours = subtract(
    amount,
    sum(
      reserved.map((each) => each.amount),
      currency,
    ),
  )
  return [
    ...borne,
    { debit: accounts.expense('chargeback', currency), credit: source, amount: ours },
  ]
}

/** Kept by the provider whoever wins; the platform bears it. */
const disputeFeeMovements = ({ disputeFee: fee }: SaleState): Movement[] =>
  fee === undefined
    ? []
    : [
        {
          debit: accounts.expense('dispute_fee', fee.currency),
          credit: accounts.psp(fee.currency),
          amount: fee,
        },
      ]

/** The provider's fee is borne by the platform and comes in the provider's own currency. */
const feeMovements = (fee: Money | null): Movement[] =>
  fee === null
    ? []
    : [
        {
          debit: accounts.expense('psp_fee', fee.currency),
          credit: accounts.psp(fee.currency),
          amount: fee,
        },
      ]

/** A liability changes its currency: each side is closed against the clearing account of its own currency. */
function fxMovements(state: SaleState, payee: PartyRef, terms: BookTerms): Movement[] {
  const conversion = conversionFor(state, payee, terms)
  if (conversion === undefined) return []
  const { from, to } = conversion
  return [
    {
      debit: accounts.pending(payee, from.currency),
      credit: accounts.fx(from.currency),
      amount: from,
    },
    { debit: accounts.fx(to.currency), credit: accounts.pending(payee, to.currency), amount: to },
  ]
}

export function partsOf(state: SaleState, terms: BookTerms): Part[] {
  const { split, collected } = state
  const { recipient, gross } = saleLegOf(split)
  const debt = accounts.receivable(terms.debtor.id, gross.currency)
  // The provider holds the sale's money, or somebody owes all of it.
  const source = collected.captured.amount === 0 ? debt : collected.source
  const rest = restMovements(state, terms, debt)
  return [
    {
      name: '',
      kind: undefined,
      movements: split.legs.flatMap((leg) => legMovements(leg, recipient, source)),
    },
    {
      name: 'partner_discount',
      kind: 'partner_discount',
      movements: givenMovements(split, 'discount', source),
    },
    { name: 'plan', kind: 'plan_contribution', movements: givenMovements(split, 'plan', source) },
    { name: 'shortfall', kind: 'shortfall', movements: shortfallMovements(state, debt) },
    { name: 'debt_paid', kind: 'debt_paid', movements: rest.paid },
    { name: 'debt_credited', kind: 'debt_paid', movements: rest.credited },
    { name: 'debt_waived', kind: 'debt_waived', movements: rest.waived },
    { name: 'debt_written_off', kind: 'debt_written_off', movements: rest.lost },
    { name: 'difference', kind: 'difference', movements: claimMovements(state) },
    { name: 'claim', kind: 'claim_granted', movements: concededMovements(state) },
    { name: 'psp_fee', kind: 'psp_fee', movements: feeMovements(collected.fee) },
    { name: 'chargeback', kind: 'chargeback', movements: chargebackMovements(state) },
    { name: 'dispute_fee', kind: 'psp_fee', movements: disputeFeeMovements(state) },
    ...terms.payouts.map(
      ({ payee }): Part => ({
        name: `fx:${partyKey(payee)}`,
        kind: 'fx',
        movements: fxMovements(state, payee, terms),
      }),
    ),
  ]
}

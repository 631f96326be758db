/** A sale's split computed again from what was kept with it, line by line, for the payee that disputes its part. */
import type { DisputeFact } from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { conversionFor, owedTo } from '../booking/payables.ts'
import type { BookTerms, SaleState } from '../booking/sale.ts'
import { canonicalHash } from '../evidence/canonical/digest.ts'
import { inWords, money, subtract, sum } from '../money.ts'
import { sameParty } from '../split/parties.ts'
import { splitSale } from '../split/sale.ts'
import { paidTo, type Leg, type Split, type SplitInput } from '../split/split.ts'
import type { Recomputation, RecomputedLine } from './documents.ts'

export type RecomputeInput = {
  payee: PartyRef
  input: SplitInput
  state: SaleState
  terms: BookTerms
  /** What is owed to the payee of the session by all its payables, in the currency it is paid in. */
  owed: readonly Money[]
}

const line = (name: string, formula: string, booked: Money, recomputed: Money): RecomputedLine => ({
  line: name,
  formula: formula.slice(0, 300),
  booked,
  recomputed,
  difference: subtract(recomputed, booked),
})

const concerns = (payee: PartyRef, { supplier, recipient }: Leg) =>
  sameParty(supplier, payee) || sameParty(recipient, payee)

/** How the figure of a leg comes about, by the rule that made it. */
function formulaOf({ id, treatment, net, vat }: Leg, { policy }: SplitInput): string {
  const tax = `${inWords(net)} net + ${inWords(vat)} VAT (${treatment.category} ${treatment.rate} %)`
  const rule = policy.rules.find((each) => each.id === id)
  if (rule === undefined) return `price of the sale: ${tax}`
  const { id: _id, supplier: _supplier, recipient: _recipient, ...terms } = rule
  return `${JSON.stringify(terms)}: ${tax}`
}

function legLines({ payee, input }: RecomputeInput, booked: Split, again: Split): RecomputedLine[] {
  const ids = [...new Set([...booked.legs, ...again.legs].map(({ id }) => id))]
  return ids.flatMap((id) => {
    const [was, now] = [booked, again].map(({ legs }) => legs.find((leg) => leg.id === id))
    const leg = now ?? was
    if (leg === undefined || !concerns(payee, leg)) return []
    const none = money(0, leg.gross.currency)
    return [line(id, formulaOf(leg, input), was?.gross ?? none, now?.gross ?? none)]
  })
}

function inputsOf({ input, terms, state }: RecomputeInput): DisputeFact[] {
  const { sale, model, at, placeCountry, policy, seller } = input
  return [
    { fact: 'supply_model', value: model },
    { fact: 'taxed_as_of', value: at },
    { fact: 'place', value: placeCountry },
    { fact: 'seller', value: `${seller.role}:${seller.id}` },
    {
      fact: 'price',
      value: `${inWords(sale.gross)} (net ${inWords(sale.net)}, VAT ${inWords(sale.vat)})`,
    },
    ...(state.givenBack === undefined
      ? []
      : [
          {
            fact: 'given_back',
            value: `${inWords(state.givenBack.amount)} of ${inWords(state.givenBack.of.gross)}`,
          },
        ]),
    ...policy.rules.map((rule) => ({
      fact: `rule_${rule.id}`,
      value: JSON.stringify(rule).slice(0, 400),
    })),
    ...terms.rates.map(({ id, base, quote, rate, asOf, source }) => ({
      fact: `rate_${id}`,
      value: `1 ${base} = ${rate} ${quote} (${source}, ${asOf})`,
    })),
  ]
}

/** Equal where every figure is what its inputs give; else each line names by how much it is not. */
export function recomputeSplit(input: RecomputeInput): Recomputation {
  const { payee, state, terms, owed } = input
  const made = splitSale(input.input)
  const again = made.ok ? made.split : state.split
  const after = { ...state, split: again }
  const right = owedTo(after, payee)
  const conversion = conversionFor(after, payee, terms)
  const whole = conversion?.to ?? right
  const paid = sum(owed, whole.currency)
  const lines = [
    ...legLines(input, state.split, again),
    line(
      'share',
      'supplied less received, less what it gives',
      paidTo(state.split, payee),
      paidTo(again, payee),
    ),
    line('owed', 'the share that is expected, with what was granted', owedTo(state, payee), right),
    ...(conversion === undefined
      ? []
      : [
          line(
            'converted',
            `${inWords(conversion.from)} at ${conversion.rate} (${conversion.source}, ${conversion.asOf})`,
            conversion.to,
            whole,
          ),
        ]),
    line('payables', 'all that is booked to be paid of the session', paid, whole),
  ]
  return {
    policy: { id: input.input.policy.id, version: canonicalHash(input.input.policy) },
    inputs: inputsOf(input).slice(0, 200),
    lines,
    equal: lines.every(({ difference }) => difference.amount === 0),
    difference: subtract(whole, paid),
  }
}

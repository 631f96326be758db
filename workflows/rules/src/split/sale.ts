/** Splits a sale. Shares are computed on amounts net of VAT; VAT is decided for each leg by itself. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { saleBases, type SaleBase } from '@chargelane/openapi/vocabulary/settlement/shares'
import { assert } from '../assert.ts'
import { divideHalfAway } from '../exact.ts'
import { add, grossToNet, minimum, money, netToGross, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/rating.ts'
import type { TaxTreatment } from '../vat/vat.ts'
import { amountOf, isProportional } from './amounts.ts'
import { isPlatform, partyKey, refOf, sameParty } from './parties.ts'
import type { ShareRule } from './policy.ts'
import { partOf } from './sharing.ts'
import {
  type Contribution,
  type Leg,
  partyIn,
  type Split,
  type SplitInput,
  type SplitResult,
  type Unmet,
} from './split.ts'

function treatmentOf({ taxes }: SplitInput, leg: string): TaxTreatment {
  const treatment = taxes[leg]
  assert(treatment !== undefined, `no VAT was decided for ${leg}`)
  return treatment
}

function saleLeg(input: SplitInput, { net, vat, gross }: Totals): Leg {
  return {
    id: 'sale',
    supplier: refOf(input.seller),
    recipient: refOf(input.driver),
    feeType: 'energy',
    net,
    vat,
    gross,
    treatment: treatmentOf(input, 'sale'),
    document: 'receipt',
  }
}

/** The sale, one of its components, or an earlier leg, net of tax. */
function baseOf({ id, base }: ShareRule, legs: readonly Leg[], input: SplitInput): Money {
  const [sale] = legs
  assert(sale !== undefined, 'a sale is shared, and nothing else')
  if (isPartBase(base)) {
    assert(input.sharing !== undefined, `${id}: nothing is known of the parts of the price`)
    return partOf(sale.net, input.sharing.facts.parts, base)
  }
  const leg = legs.find((each) => each.id === base)
  assert(leg !== undefined, `${id} takes a share of ${base}, which is no leg before it`)
  return leg.net
}

const isPartBase = (base: string): base is Exclude<SaleBase, 'sale'> =>
  saleBases.some((each) => each === base && each !== 'sale')

/**
 * What the payer of a rule has left in this session for it: of its earnings net of tax, and so much that the tax of the
 * share is covered as well. The platform pays out of its own; nothing is left of less than nothing.
 */
function leftFor({ recipient }: ShareRule, legs: readonly Leg[], rate: Decimal): Money | undefined {
  if (isPlatform(recipient)) return undefined
  const [net, gross] = [balanceOf(legs, recipient, 'net'), balanceOf(legs, recipient, 'gross')]
  const none = money(0, net.currency)
  if (net.amount <= 0 || gross.amount <= 0) return none
  let most = minimum(net, grossToNet(gross, rate).net)
  if (netToGross(most, rate).gross.amount > gross.amount)
    most = subtract(most, money(1, most.currency))
  return most
}

type Made = { legs: Leg[]; unmet: Unmet[] }

/** Each rule in its order; `amountFor` says what it comes to of its base, before anybody asks whether that is there. */
function legsOf(
  input: SplitInput,
  totals: Totals,
  amountFor: (rule: ShareRule, base: Money) => Money,
): Made {
  const legs = [saleLeg(input, totals)]
  const unmet: Unmet[] = []
  for (const rule of input.policy.rules) {
    const { id, fee_type: feeType, document } = rule
    const [supplier, recipient] = [refOf(rule.supplier), refOf(rule.recipient)]
    assert(!legs.some((leg) => leg.id === id), `${id} names two legs`)
    for (const party of [supplier, recipient]) partyIn(input.parties, party)
    const base = baseOf(rule, legs, input)
    const treatment = treatmentOf(input, id)
    const asked = amountFor(rule, base)
    const left =
      rule.shortfall === undefined || asked.amount <= 0
        ? undefined
        : leftFor(rule, legs, treatment.rate)
    const amount = left === undefined ? asked : minimum(asked, left)
    if (amount.amount < asked.amount)
      unmet.push({ rule: id, amount: subtract(asked, amount), becomes: rule.shortfall ?? 'carry' })
    legs.push({
      id,
      supplier,
      recipient,
      feeType,
      ...netToGross(amount, treatment.rate),
      treatment,
      document,
    })
  }
  return { legs, unmet }
}

/** A share of what is left of a price, as the part of the whole price was; half away from zero. */
function inProportion({ net: amount }: Leg, left: Totals, whole: Totals): Money {
  if (whole.net.amount === 0) return money(0, amount.currency)
  const n = BigInt(amount.amount) * BigInt(left.net.amount)
  return money(Number(divideHalfAway(n, BigInt(whole.net.amount))), amount.currency)
}

/** The legs of the price as it is; of one that was given back in part, those of the whole price in proportion. */
function sharedLegs(input: SplitInput): Made {
  const { sale, sharing, whole = sale } = input
  const full = legsOf(input, whole, (rule, base) =>
    amountOf(rule, { base, turnover: whole.net }, sharing),
  )
  if (input.whole === undefined) return full
  return legsOf(input, sale, (rule, base) => {
    const leg = full.legs.find(({ id }) => id === rule.id)
    assert(leg !== undefined, `${rule.id} has no leg of the whole price`)
    return isProportional(rule)
      ? amountOf(rule, { base, turnover: sale.net }, sharing)
      : inProportion(leg, sale, whole)
  })
}

/** What a party gets for what it supplies less what it pays for what it receives. */
function balanceOf(legs: readonly Leg[], party: PartyRef, part: 'net' | 'vat' | 'gross'): Money {
  const currency = legs[0]?.gross.currency ?? ''
  const total = (side: 'supplier' | 'recipient') =>
    sum(
      legs.filter((leg) => sameParty(leg[side], party)).map((leg) => leg[part]),
      currency,
    )
  return subtract(total('supplier'), total('recipient'))
}

function contributionsOf(input: SplitInput, shares: Split['shares']): Contribution[] {
  const { discountBy, plan, sale } = input
  const share = shares.find(({ party }) => discountBy !== undefined && sameParty(party, discountBy))
  const made: Contribution[] = []
  // The other parties and the tax are the same either way; nobody is paid to charge.
  if (share !== undefined && share.amount.amount > 0)
    made.push({ kind: 'discount', by: share.party, amount: minimum(share.amount, sale.gross) })
  if (plan !== undefined) made.push({ kind: 'plan', ...plan })
  return made
}

/**
 * Agency: the CPO sells to the driver at its public price; the platform collects, keeps its commission and passes the
 * rest on, to as many parties as the policy names. Every cent of the driver's gross has exactly one owner.
 */
export function splitSale(input: SplitInput): SplitResult {
  if (input.model !== 'agency')
    return {
      ok: false,
      code: 'model_unsupported',
      message: `supply model ${input.model} is not offered yet; agreements are made under agency`,
    }
  const keys = new Set(input.parties.map(partyKey))
  assert(keys.size === input.parties.length, 'every party of a sale is named once')
  const { legs, unmet } = sharedLegs(input)
  assert(
    legs.every((leg) => add(leg.net, leg.vat).amount === leg.gross.amount),
    'net and VAT of every leg must sum to its gross amount',
  )
  const earning = input.parties.filter((party) => !sameParty(party, input.driver))
  const shares = earning.map((party) => ({
    party: refOf(party),
    amount: balanceOf(legs, party, isPlatform(party) ? 'net' : 'gross'),
  }))
  const { gross } = input.sale
  const tax = sum(
    earning.filter(isPlatform).map((party) => balanceOf(legs, party, 'vat')),
    gross.currency,
  )
  const whole = sum([tax, ...shares.map(({ amount }) => amount)], gross.currency)
  assert(whole.amount === gross.amount, 'the shares of a sale must sum to its gross amount')
  return {
    ok: true,
    split: {
      policyId: input.policy.id,
      model: input.model,
      legs,
      shares,
      tax,
      contributions: contributionsOf(input, shares),
      ...(unmet.length === 0 ? {} : { unmet }),
    },
  }
}

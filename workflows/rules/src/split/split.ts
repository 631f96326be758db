/** Who earns what of a sale. Splits are computed on amounts net of VAT; VAT is decided for each leg by itself. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { saleBases, type SaleBase } from '@chargelane/openapi/vocabulary/shares'
import type { FeeType, SupplyModel } from '../markets/profile.ts'
import { assert } from '../assert.ts'
import { divideHalfAway } from '../exact.ts'
import { add, grossToNet, minimum, money, netToGross, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/rating.ts'
import type { TaxTreatment } from '../vat/vat.ts'
import { isPlatform, partyKey, type Party, refOf, sameParty } from './parties.ts'
import { amountOf, isProportional } from './amounts.ts'
import type { ShareRule, SplitPolicy } from './policy.ts'
import { partOf, type Sharing } from './sharing.ts'

export type LegDocument = 'receipt' | 'invoice' | 'self_billed_invoice' | 'statement_line'

/** One supply between two parties of a sale; each yields its own document. */
export type Leg = {
  /** `sale`, or the rule of the policy that made it. */
  id: string
  supplier: PartyRef
  recipient: PartyRef
  feeType: FeeType
  net: Money
  vat: Money
  gross: Money
  treatment: TaxTreatment
  document: LegDocument
}

export type SplitInput = {
  model: SupplyModel
  sale: Totals
  /** As of when it is taxed: when its price was promised, so that price and tax rest on the same rates. */
  at: string
  /** Country of the charger. */
  placeCountry: string
  /** Everybody whom a leg names, the driver and the platform included; each once. */
  parties: readonly Party[]
  /** Sells to the driver. */
  seller: PartyRef
  driver: PartyRef
  policy: SplitPolicy
  /** VAT by leg, as `taxesOf` decides it. */
  taxes: Record<string, TaxTreatment>
  /** Gives its share of the sale to the driver instead of being paid it. */
  discountBy?: PartyRef
  /** Decided where the session was rated; absent where the driver pays all of the sale. */
  plan?: PlanContribution
  /** What the rules of a policy ask of the session; absent where it is shared by the agreement alone. */
  sharing?: Sharing
  /** The price before anything of it was given back: shares fall in proportion to it. Absent where nothing was. */
  whole?: Totals
}

/** What the owner of the driver's plan pays of the sale; greater than zero, at most the sale's gross. */
export type PlanContribution = { by: PartyRef; amount: Money }

/** A part of the driver's price that somebody else pays: a discount out of a share, or what a plan includes. */
export type Contribution = { kind: 'discount' | 'plan'; by: PartyRef; amount: Money }

export type Split = {
  policyId: string
  model: SupplyModel
  /** The sale first, then the policy's rules in their order. */
  legs: Leg[]
  /** What each party but the driver ends up with; together with `tax` the driver's gross to the minor unit. */
  shares: { party: PartyRef; amount: Money }[]
  /** VAT that the platform owes of its own services, less what it may reclaim. */
  tax: Money
  /** In the order in which they are taken out of a share. */
  contributions: Contribution[]
  /** Shares for which their payer has too little left in this session; absent where there is none. */
  unmet?: Unmet[]
}

/** What is missing of a share, net of tax, and what becomes of it: settled at the end of the period, or forgiven. */
export type Unmet = { rule: string; amount: Money; becomes: 'carry' | 'waive' }

export type SplitResult =
  | { ok: true; split: Split }
  | { ok: false; code: 'model_unsupported'; message: string }

/** The party with what tax asks of it. */
export function partyIn(parties: readonly Party[], ref: PartyRef): Party {
  const found = parties.find((party) => sameParty(party, ref))
  assert(found !== undefined, `${partyKey(ref)} is no party of the sale`)
  return found
}

export function saleLegOf(split: Split): Leg {
  const [sale] = split.legs
  assert(sale !== undefined, 'a split must hold its sale leg')
  return sale
}

/** What the driver pays of a sale: its public gross less what others pay of it. */
export function dueOf(split: Split): Money {
  const { gross } = saleLegOf(split)
  const given = split.contributions.map(({ amount }) => amount)
  return subtract(gross, sum(given, gross.currency))
}

/** A party's share before it gives any of it to the driver; nothing for one that has no leg. */
export function shareIn(split: Split, ref: PartyRef): Money {
  const found = split.shares.find(({ party }) => sameParty(party, ref))
  return found?.amount ?? money(0, saleLegOf(split).gross.currency)
}

export type Funded = Contribution & {
  /** Comes out of what its payer would be paid of this very sale. */
  fromShare: Money
  /** Beyond that: its payer owes it. */
  owed: Money
}

/** Where each of a party's contributions comes from: its share of this sale, and beyond that what it owes us. */
export function fundedBy(split: Split, ref: PartyRef): Funded[] {
  let left = shareIn(split, ref)
  return split.contributions
    .filter(({ by }) => sameParty(by, ref))
    .map((contribution) => {
      const nothing = money(0, left.currency)
      const fromShare = left.amount < 0 ? nothing : minimum(left, contribution.amount)
      left = subtract(left, fromShare)
      return { ...contribution, fromShare, owed: subtract(contribution.amount, fromShare) }
    })
}

/** What a plan's owner owes of a sale beyond its own share of it; undefined where that is nothing. */
export function sponsoredOf(split: Split): { by: PartyRef; owed: Money } | undefined {
  const plan = split.contributions.find(({ kind }) => kind === 'plan')
  if (plan === undefined) return undefined
  const { by } = plan
  const owed = sum(
    fundedBy(split, by)
      .filter(({ kind }) => kind === 'plan')
      .map((funded) => funded.owed),
    plan.amount.currency,
  )
  return owed.amount > 0 ? { by, owed } : undefined
}

/** What a party is paid of a sale: its share less what it gives to the driver. */
export function paidTo(split: Split, ref: PartyRef): Money {
  const share = shareIn(split, ref)
  const given = fundedBy(split, ref).map(({ fromShare }) => fromShare)
  return subtract(share, sum(given, share.currency))
}

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

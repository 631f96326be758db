/** Who earns what of a sale, as it was computed: what every reader of a split asks of it. `sale.ts` makes one. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { FeeType, SupplyModel } from '../markets/profile.ts'
import { assert } from '../assert.ts'
import { minimum, money, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/rating.ts'
import type { TaxTreatment } from '../vat/vat.ts'
import { partyKey, type Party, sameParty } from './parties.ts'
import type { SplitPolicy } from './policy.ts'
import type { Sharing } from './sharing.ts'

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

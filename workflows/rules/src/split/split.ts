/** Who earns what of a sale. Splits are computed on amounts net of VAT; VAT is decided for each leg by itself. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { FeeType, SupplyModel } from '../markets/profile.ts'
import { assert } from '../assert.ts'
import { add, minimum, money, shareOf, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/rating.ts'
import { addVat, type TaxParty, type TaxTreatment, treatVat } from '../vat/vat.ts'

export type Role = 'driver' | 'cpo' | 'partner' | 'platform' | 'psp'
export type SplitParty = TaxParty & { id: string; role: Role }

export type Leg = {
  id: 'sale' | 'commission' | 'partner_share' | 'psp_fee'
  supplier: Role
  supplierId: string
  recipient: Role
  recipientId: string
  feeType: FeeType
  net: Money
  vat: Money
  gross: Money
  /** Null where another's document decides (the payment provider's own invoice). */
  treatment: TaxTreatment | null
  document: 'receipt' | 'invoice' | 'self_billed_invoice' | 'statement_line'
}

/** Basis points: commission of the sale's net amount, partner share of the commission's net amount. */
export type SplitPolicy = { id: string; commissionBps: number; partnerShareBps: number }

export type SplitInput = {
  model: SupplyModel
  sale: Totals
  /** Tax point: the end of the session. */
  at: string
  /** Country of the charger. */
  placeCountry: string
  policy: SplitPolicy
  driver: SplitParty
  cpo: SplitParty
  partner: SplitParty
  platform: SplitParty
  /** Borne by the platform, in the sale's currency; null while the provider has not told it. */
  pspFee: Money | null
  /** The partner's share goes to the driver instead of to the partner; absent: it is paid out. */
  benefit?: 'discount'
  /** Decided where the session was rated; absent where the driver pays all of the sale. */
  contribution?: Contribution
}

export type Split = {
  policyId: string
  model: SupplyModel
  legs: Leg[]
  /** What each ends up with; cpo + partner + platform + tax + psp is the driver's gross to the minor unit. */
  shares: { cpo: Money; partner: Money; platform: Money; tax: Money; psp: Money }
  /** The part of the partner's share that is taken off what the driver pays; the partner is paid the rest of it. */
  discount?: Money
  /** What the owner of the driver's plan pays of it. */
  contribution?: Contribution
}

/** A part of the driver's price that somebody else pays, e.g. what a subscription includes. */
export type Contribution = {
  by: 'partner' | 'cpo'
  payee: string
  /** Greater than zero, at most the sale's gross. */
  amount: Money
}

/** What the driver pays of a sale: its public gross less what the partner gives up and what a plan's owner pays. */
export function dueOf(split: Split): Money {
  const sale = split.legs.find((leg) => leg.id === 'sale')
  assert(sale !== undefined, 'a split must hold its sale leg')
  const { currency } = sale.gross
  const given = [split.discount, split.contribution?.amount].filter((each) => each !== undefined)
  return subtract(sale.gross, sum(given, currency))
}

/** A payee's share less what the partner gave to the driver as a discount. */
function keptBy(split: Split, role: 'cpo' | 'partner'): Money {
  const share = split.shares[role]
  return role === 'cpo' || split.discount === undefined ? share : subtract(share, split.discount)
}

/**
 * Where a contribution comes from: what its payer would be paid of this very sale, and beyond that what it owes us.
 * Both are nothing for a payee that contributes nothing.
 */
export function contributionOf(
  split: Split,
  role: 'cpo' | 'partner',
): { fromShare: Money; owed: Money } {
  const { contribution } = split
  const nothing = money(0, split.shares.cpo.currency)
  if (contribution?.by !== role) return { fromShare: nothing, owed: nothing }
  const share = keptBy(split, role)
  const fromShare = share.amount < 0 ? nothing : minimum(share, contribution.amount)
  return { fromShare, owed: subtract(contribution.amount, fromShare) }
}

/** What a payee is paid of a sale: its share less what it gave to the driver. */
export function paidTo(split: Split, role: 'cpo' | 'partner'): Money {
  return subtract(keptBy(split, role), contributionOf(split, role).fromShare)
}

export type SplitResult =
  | { ok: true; split: Split }
  | { ok: false; code: 'market_unknown' | 'model_unsupported'; message: string }

type LegPlan = Pick<Leg, 'id' | 'feeType' | 'document'> & { supplier: Role; recipient: Role }

const plans = {
  sale: {
    id: 'sale',
    supplier: 'cpo',
    recipient: 'driver',
    feeType: 'energy',
    document: 'receipt',
  },
  commission: {
    id: 'commission',
    supplier: 'platform',
    recipient: 'cpo',
    feeType: 'platform_commission',
    document: 'invoice',
  },
  partner: {
    id: 'partner_share',
    supplier: 'partner',
    recipient: 'platform',
    feeType: 'partner_share',
    document: 'self_billed_invoice',
  },
  psp: {
    id: 'psp_fee',
    supplier: 'psp',
    recipient: 'platform',
    feeType: 'payment_processing',
    document: 'statement_line',
  },
} as const satisfies Record<string, LegPlan>

const noParty: SplitParty = { id: 'psp', role: 'psp', country: '', vatId: null, business: true }

function partyOf(input: SplitInput, role: Role): SplitParty {
  return role === 'psp' ? noParty : input[role]
}

function legOf(
  input: SplitInput,
  plan: LegPlan,
  amounts: Pick<Leg, 'net' | 'vat' | 'gross'>,
  treatment: TaxTreatment | null,
): Leg {
  return {
    ...plan,
    supplierId: partyOf(input, plan.supplier).id,
    recipientId: partyOf(input, plan.recipient).id,
    ...amounts,
    treatment,
  }
}

function taxOf(input: SplitInput, plan: LegPlan) {
  return treatVat({
    fee: plan.feeType,
    supplier: partyOf(input, plan.supplier),
    recipient: partyOf(input, plan.recipient),
    placeCountry: input.placeCountry,
    at: input.at,
  })
}

/**
 * Agency: the CPO sells to the driver at its public price; the platform collects, keeps its commission and passes the
 * rest on; the partner is paid from the commission. Every cent of the driver's gross has exactly one owner.
 */
export function splitSale(input: SplitInput): SplitResult {
  if (input.model !== 'agency')
    return {
      ok: false,
      code: 'model_unsupported',
      message: `supply model ${input.model} is not offered yet; agreements are made under agency`,
    }
  const { sale, policy } = input
  for (const bps of [policy.commissionBps, policy.partnerShareBps])
    assert(Number.isInteger(bps) && bps >= 0 && bps <= 10_000, `${bps} is no share in basis points`)
  const commissionTax = taxOf(input, plans.commission)
  if (!commissionTax.ok) return commissionTax
  const partnerTax = taxOf(input, plans.partner)
  if (!partnerTax.ok) return partnerTax
  const saleTax = taxOf(input, plans.sale)
  if (!saleTax.ok) return saleTax
  const commission = addVat(shareOf(sale.net, policy.commissionBps), commissionTax.treatment)
  const partner = addVat(shareOf(commission.net, policy.partnerShareBps), partnerTax.treatment)
  const fee = input.pspFee ?? money(0, sale.gross.currency)
  const legs = [
    legOf(
      input,
      plans.sale,
      { net: sale.net, vat: sale.vat, gross: sale.gross },
      saleTax.treatment,
    ),
    legOf(input, plans.commission, commission, commissionTax.treatment),
    legOf(input, plans.partner, partner, partnerTax.treatment),
  ]
  if (input.pspFee !== null)
    legs.push(legOf(input, plans.psp, { net: fee, vat: money(0, fee.currency), gross: fee }, null))
  const shares = {
    cpo: subtract(sale.gross, commission.gross),
    partner: partner.gross,
    platform: subtract(subtract(commission.net, partner.net), fee),
    tax: subtract(commission.vat, partner.vat),
    psp: fee,
  }
  const whole = sum(Object.values(shares), sale.gross.currency)
  assert(whole.amount === sale.gross.amount, 'the shares of a sale must sum to its gross amount')
  assert(
    legs.every((leg) => add(leg.net, leg.vat).amount === leg.gross.amount),
    'net and VAT of every leg must sum to its gross amount',
  )
  const split: Split = {
    policyId: policy.id,
    model: input.model,
    legs,
    shares,
    ...(input.contribution === undefined ? {} : { contribution: input.contribution }),
  }
  // CPO, tax and platform are the same in both ways; nobody is paid to charge.
  return input.benefit === 'discount'
    ? { ok: true, split: { ...split, discount: minimum(shares.partner, sale.gross) } }
    : { ok: true, split }
}

/** A sale under agency for tests: the parties every sale has, and further payees by data. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { grossToNet } from '../money.ts'
import type { Party } from './parties.ts'
import { type ShareRule, standardPolicy } from './policy.ts'
import { splitSale } from './sale.ts'
import type { Split, SplitInput } from './split.ts'
import { taxesOf } from './taxes.ts'

export const businessParty = (role: string, country: string, id = role): Party => ({
  id,
  role,
  country,
  vatId: `${country}1`,
  vatChecked: true,
  business: true,
})

/** Whoever sells charging in a country has a number of it. */
const registeredIn = (country: string, party: Party): Party => ({
  ...party,
  taxIds: [{ country, vatId: `${country}2`, scheme: 'local', checkedAt: null, goodUntil: null }],
})

export const driver: Party = {
  id: 'drv',
  role: 'driver',
  country: 'DE',
  vatId: null,
  vatChecked: false,
  business: false,
}
export const cpo: PartyRef = { role: 'cpo', id: 'cpo' }
export const partner: PartyRef = { role: 'partner', id: 'partner' }
export const platform: PartyRef = { role: 'platform', id: 'platform' }

export type FakeSale = {
  gross: Money
  vat?: Decimal
  place?: string
  commissionBps?: number
  partnerShareBps?: number
  cpo?: Party
  partner?: Party
  platform?: Party
  /** Further payees with the rules that pay them. */
  further?: readonly { party: Party; rule: ShareRule }[]
} & Pick<SplitInput, 'discountBy' | 'plan'>

export function saleInput(sale: FakeSale): SplitInput {
  const sums = grossToNet(sale.gross, sale.vat ?? '19')
  const sellers = {
    seller: registeredIn(sale.place ?? 'DE', sale.cpo ?? businessParty('cpo', 'DE')),
    partner: sale.partner ?? businessParty('partner', 'DE'),
    platform: sale.platform ?? businessParty('platform', 'DE'),
  }
  const further = sale.further ?? []
  const shares = {
    id: 'spl_1',
    commission: { bps: sale.commissionBps ?? 1_000 },
    partnerShareBps: sale.partnerShareBps ?? 4_000,
  }
  const input = {
    model: 'agency' as const,
    at: '2026-11-21T10:00:00.000Z',
    placeCountry: sale.place ?? 'DE',
    parties: [driver, ...Object.values(sellers), ...further.map(({ party }) => party)],
    seller: cpo,
    driver: { role: driver.role, id: driver.id },
    policy: standardPolicy(
      shares,
      { seller: cpo, partner, platform },
      further.map(({ rule }) => rule),
    ),
  }
  const taxed = taxesOf(input)
  if (!taxed.ok) throw new Error(taxed.message)
  return {
    ...input,
    sale: { ...sums, vat_lines: [{ rate: sale.vat ?? '19', ...sums }] },
    taxes: taxed.taxes,
    ...(sale.discountBy === undefined ? {} : { discountBy: sale.discountBy }),
    ...(sale.plan === undefined ? {} : { plan: sale.plan }),
  }
}

export function splitOf(sale: FakeSale): Split {
  const result = splitSale(saleInput(sale))
  if (!result.ok) throw new Error(result.message)
  return result.split
}

/** A share of an earlier leg's net amount for one more payee, e.g. the host of the site. */
export const furtherShare = (
  role: string,
  share: ShareRule['share'],
  options: { id?: string; country?: string; recipient?: PartyRef; base?: string } = {},
): { party: Party; rule: ShareRule } => {
  const party = businessParty(role, options.country ?? 'DE', options.id ?? role)
  return {
    party,
    rule: {
      id: `${party.id}_share`,
      fee_type: 'revenue_share',
      supplier: { role, id: party.id },
      recipient: options.recipient ?? cpo,
      base: options.base ?? 'sale',
      share,
      document: 'self_billed_invoice',
    },
  }
}

/** How a sale is shared by the agreement that was kept with it: its parties, policy, taxes and payouts. */
import type { Currency } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '../assert.ts'
import { versionName } from '../agreement/distribution.ts'
import type { BookTerms } from '../booking/sale.ts'
import type { SaleParties } from '../documents.ts'
import type { PartnerDiscount } from '../quote/body.ts'
import type { SharedBy } from '../quote/input.ts'
import { type Party, partyKey } from './parties.ts'
import { ruleIn, type StandardShares, standardPolicy } from './policy.ts'
import type { SplitInput } from './split.ts'
import { taxesOf } from './taxes.ts'

export type AgreedInput = {
  /** The agreement and the accounts, as both were when the price was promised. */
  kept: SaleParties
  cpo: string
  partner: string
  driver: string
  /** What the quote gave the driver out of the partner's share; undefined where the partner is paid it. */
  discount: PartnerDiscount | undefined
  /** Of the charger. */
  country: string
  /** As of when it is taxed: when its price was promised. */
  at: string
}

export type AgreedSale = Omit<SplitInput, 'sale' | 'plan' | 'sharing' | 'whole'> &
  Pick<BookTerms, 'debtor' | 'payouts'>

type Account = SaleParties['accounts'][number]

export const partyOf = (
  role: string,
  { id, country, vatId, vatChecked, taxIds }: Account,
): Party => ({
  id,
  role,
  country,
  vatId,
  vatChecked,
  ...(taxIds === undefined ? {} : { taxIds }),
  business: true,
})

/**
 * The accounts that take part, each in its roles: operator, partner and platform, and whom the agreement adds; undefined
 * where one of them is nobody.
 */
function partiesOf({ kept, ...sides }: AgreedInput) {
  const { agreement, accounts } = kept
  const account = (id: string) => accounts.find((row) => row.id === id)
  const [cpo, partner] = [account(sides.cpo), account(sides.partner)]
  const platform = accounts.find(({ type }) => type === 'platform')
  if (!cpo || !partner || !platform) return undefined
  const standard = { cpo, partner, platform }
  const parties = new Map<string, { party: Party; currency: Currency }>()
  const put = (role: string, row: Account) =>
    parties.set(partyKey({ role, id: row.id }), {
      party: partyOf(role, row),
      currency: row.payoutCurrency,
    })
  for (const [role, row] of Object.entries(standard)) put(role, row)
  const refs = {
    seller: refOfRow('cpo', cpo),
    partner: refOfRow('partner', partner),
    platform: refOfRow('platform', platform),
  }
  const rules = (agreement.policy?.rules ?? []).map((rule) => ruleIn(rule, refs))
  for (const ref of rules.flatMap(({ supplier, recipient }) => [supplier, recipient])) {
    const row = account(ref.id)
    if (row === undefined) return undefined
    put(ref.role, row)
  }
  return { parties: [...parties.values()], ...standard, refs, rules }
}

const refOfRow = (role: string, { id }: Account): PartyRef => ({ role, id })

/** How a quote names both agreements. */
export const sharedBy = ({ agreement, partnership }: SaleParties): SharedBy => ({
  agreement: {
    id: agreement.id,
    version: agreement.version,
    commission: agreement.commission,
  },
  partnership: partnership && { id: partnership.id, version: partnership.version },
})

/** By both agreements, in the versions that the quote named. */
const sharesOf = ({ agreement, partnership }: SaleParties): StandardShares => ({
  id: [agreement, ...(partnership === null ? [] : [partnership])].map(versionName).join('+'),
  commission: agreement.commission,
  partnerShareBps: partnership?.partnerShareBps ?? 0,
})

export type AgreedAnswer = { ok: true; sale: AgreedSale } | { ok: false; message: string }

/** Why not, where somebody is missing or it cannot be taxed: nothing is assumed in place of a rate that we do not hold. */
export function agreeSale(input: AgreedInput): AgreedAnswer {
  const { kept, country, at, discount } = input
  const involved = partiesOf(input)
  if (involved === undefined)
    return { ok: false, message: `Agreement ${kept.agreement.id} names somebody who is nobody.` }
  const { parties, platform, refs, rules } = involved
  const driver = {
    id: input.driver,
    role: 'driver',
    country,
    vatId: null,
    vatChecked: false,
    business: false,
  }
  const sale = {
    model: kept.agreement.supplyModel,
    at,
    placeCountry: country,
    parties: [driver, ...parties.map(({ party }) => party)],
    seller: refs.seller,
    driver: { role: driver.role, id: driver.id },
    policy: standardPolicy(sharesOf(kept), refs, rules),
  }
  const taxed = taxesOf(sale)
  if (!taxed.ok) return { ok: false, message: `The sale cannot be taxed: ${taxed.message}.` }
  const agreed = {
    ...sale,
    taxes: taxed.taxes,
    ...(discount === undefined ? {} : { discountBy: refs.partner }),
    debtor: refs.partner,
    payouts: parties
      .filter(({ party }) => party.id !== platform.id)
      .map(({ party, currency }) => ({ payee: { role: party.role, id: party.id }, currency })),
  }
  return { ok: true, sale: agreed }
}

/** The same of a sale that was agreed. */
export function agreedSale(input: AgreedInput): AgreedSale {
  const answer = agreeSale(input)
  assert(answer.ok, answer.ok ? '' : answer.message)
  return answer.sale
}

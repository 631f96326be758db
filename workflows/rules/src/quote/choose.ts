/** Which plug and which tariff a quote is for, and how the place goes into its input. */
import type { EvseIdentity } from '@chargelane/openapi/vocabulary/trust/identity'
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Access, AccessRule } from '../agreement/access/access.ts'
import type { RateAgreement } from '../agreement/agreement.ts'
import { type Commission, type PartnerTerms, versionName } from '../agreement/distribution.ts'
import type { ChosenContract } from '../agreement/contract.ts'
import type { QuoteAccess, QuoteContract } from './body.ts'
import { exactOf, format } from '../exact.ts'
import { profileFor } from '../markets/markets.ts'
import { type Listed, publicTariff, type Unsold, unsoldText } from '../tariff/pick.ts'
import type { SupplyModel } from '../markets/profile.ts'
import { numberForSale, type Registered } from '../vat/registrations.ts'
import {
  isFreeNow,
  type PlaceFacts,
  type Refusal,
  type SellerWait,
  waitsForNumber,
  whyClosed,
  whyTaken,
} from './may-start.ts'
import type { SharedBy } from './input.ts'
import type { DiscountTerms, PlanOffer, QuoteInput } from './quote.ts'

/** A tariff a connector lists, by version and by the hash of its content. */
export type ListedTariff = Listed & { id: string; version: number; hash: string }
export type Plug = {
  id: string
  powerType: string
  maxPowerW: number
  /** What a session there usually takes, where that is known. */
  usualWh?: number | null
  /** In the order in which the operator lists them. */
  tariffs: readonly ListedTariff[]
}

/** The tariff everybody pays at this plug; undefined when none is for sale. */
export function publicTariffOf<P extends Plug>({ tariffs }: P): P['tariffs'][number] | undefined {
  const found = publicTariff(tariffs)
  return found.kind === 'found' ? found.listed : undefined
}

export type Choice<P extends Plug> = {
  kind: 'chosen'
  connector: P
  tariff: P['tariffs'][number]
}
export type ChoiceRefusal = Refusal<
  'resource_missing' | 'tariff_held' | 'price_unavailable' | 'invalid_value'
>

/** The plug to price: the one named, or any when all cost the same; `anyway` takes the most powerful priced one. */
export function chooseConnector<P extends Plug>(
  connectors: readonly P[],
  wished: string | undefined,
  anyway = false,
): Choice<P> | ChoiceRefusal {
  const asked = wished === undefined ? connectors : connectors.filter(({ id }) => id === wished)
  if (wished !== undefined && asked.length === 0)
    return {
      kind: 'refused',
      code: 'resource_missing',
      message: 'No such connector of this EVSE.',
      param: 'connector',
    }
  const priced = asked.flatMap((connector) => {
    const tariff = publicTariffOf(connector)
    return tariff === undefined ? [] : [{ connector, tariff }]
  })
  const [first] = priced
  if (first === undefined) return noPrice(asked)
  if (anyway || priced.every(({ tariff }) => tariff.price === first.tariff.price))
    return { kind: 'chosen', ...first }
  const ids = priced.map(({ connector }) => connector.id)
  return {
    kind: 'refused',
    code: 'invalid_value',
    message: `connector: is needed, prices differ: ${ids.join(', ')}`,
    param: 'connector',
  }
}

/** Why nothing is for sale, from the first plug that says more than that there is no tariff. */
function whyUnpriced(connectors: readonly Plug[]): { kind: Unsold; listed?: ListedTariff } {
  for (const { tariffs } of connectors) {
    const found = publicTariff(tariffs)
    if (found.kind === 'found' || found.kind === 'none') continue
    const [listed] = Array.isArray(found.listed) ? found.listed : [found.listed]
    return { kind: found.kind, ...(listed && { listed }) }
  }
  return { kind: 'none' }
}

function noPrice(connectors: readonly Plug[]): ChoiceRefusal {
  const { kind, listed } = whyUnpriced(connectors)
  return unsold(kind, listed && `${listed.id}@${listed.version}`)
}

const unsold = (why: Unsold, tariff?: string): ChoiceRefusal => ({
  kind: 'refused',
  code: why === 'held' ? 'tariff_held' : 'price_unavailable',
  message: unsoldText(why),
  param: 'evse',
  extra: { reason: why, ...(tariff === undefined ? {} : { tariff }) },
})

/** 24500 → `24.5`: thousandths as decimal text, without a float in between. */
export const thousandths = (value: number): Decimal => format(exactOf(value, 3))

export const connectorFacts = (connector: Pick<Plug, 'powerType' | 'maxPowerW'>) => ({
  powerKw: thousandths(connector.maxPowerW),
  current: connector.powerType.startsWith('DC') ? ('DC' as const) : ('AC' as const),
})

/** A company with what tax asks of it. */
export type TaxedCompany = Registered & { id: string; country: string }

/** Its agreement with the platform that counts now; null for a partner that shares in nothing. */
export type Partnership = PartnerTerms & { id: string; version: number }
export type SellingPartner = TaxedCompany & { partnership: Partnership | null }

type Cpo = TaxedCompany & { legalName: string }

/** The agreement under which a CPO's sales are shared now. */
export type SaleAgreement = {
  id: string
  version: number
  /** Null where it is not the asking account's business. */
  commission: Commission | null
  /** Countries and currencies that it covers; null for all. */
  markets: string[] | null
  currencies: string[] | null
  supplyModel: SupplyModel
  /** Of the CPO. */
  payoutCurrency: Currency
  sellerWaits: SellerWait | null
  platform: TaxedCompany
}

export type QuotePlace = {
  evseId: string
  country: string
  timeZone: string
  cpo: Cpo
  agreements: readonly (RateAgreement & { contractOnly: boolean })[]
  sale: SaleAgreement | null
}

const party = <R extends string>(
  role: R,
  { id, country, vatId, vatChecked, taxIds }: TaxedCompany,
) => ({
  id,
  role,
  country,
  vatId,
  vatChecked,
  ...(taxIds === undefined ? {} : { taxIds }),
  business: true,
})

/** What names the commission to the partner; undefined where no partner in particular asks, or nothing is agreed. */
function sharedByOf(
  partner: SellingPartner | undefined,
  { sale }: QuotePlace,
): SharedBy | undefined {
  if (partner === undefined || sale === null) return undefined
  const { id, version, commission } = sale
  if (commission === null) throw new Error(`${partner.id} sells and is not told the commission`)
  return { agreement: { id, version, commission }, partnership: partner.partnership }
}

/** What the driver's discount is computed from; undefined for a partner that is paid its share. */
function discountTermsOf(
  partner: SellingPartner | undefined,
  { country, cpo, sale }: QuotePlace,
): DiscountTerms | undefined {
  const partnership = partner?.partnership
  if (partner === undefined || partnership?.benefitMode !== 'discount' || sale === null)
    return undefined
  const { commission } = sale
  if (commission === null)
    throw new Error(`${partner.id} sells at a discount without the commission it is computed from`)
  return {
    placeCountry: country,
    policy: {
      id: versionName(sale),
      commission,
      partnerShareBps: partnership.partnerShareBps,
    },
    cpo: party('cpo', cpo),
    partner: party('partner', partner),
    platform: party('platform', sale.platform),
  }
}

/** Under a contract with a rate agreement that one alone counts; one that a contract names counts nowhere else. */
function agreementsUnder(
  agreements: QuotePlace['agreements'],
  under: ChosenContract | undefined,
): RateAgreement[] {
  const named = under?.contract.rateAgreement ?? null
  return agreements.filter(({ id, contractOnly }) =>
    named === null ? !contractOnly : id === named,
  )
}

const contractShown = ({ contract, precedence }: ChosenContract): QuoteContract => ({
  id: contract.id,
  version: contract.version,
  name: contract.name,
  precedence,
  rate_agreement: contract.rateAgreement,
  split_policy: contract.splitPolicy,
})

const accessShown = (
  { closesAt, endsAtClose }: Extract<Access, { kind: 'admitted' }>,
  { id, name }: AccessRule,
): QuoteAccess => ({ rule: id, name, closes_at: closesAt, ends_at_close: endsAtClose })

export function quoteInputOf(input: {
  now: string
  place: QuotePlace
  connector: Plug
  tariff: ListedTariff
  content: Tariff | undefined
  /** Undefined asks for the price of no partner in particular. */
  partner?: SellingPartner | undefined
  contract?: ChosenContract | undefined
  access?: Access | undefined
  plans?: readonly PlanOffer[]
  expected?: { energyWh?: number | undefined; durationS?: number | undefined }
}): QuoteInput {
  const { now, place, connector, tariff, content, partner, plans, expected } = input
  const { contract, access } = input
  const discount = discountTermsOf(partner, place)
  const sharedBy = sharedByOf(partner, place)
  return {
    now,
    evse: { id: place.evseId, timeZone: place.timeZone, ...connectorFacts(connector) },
    tariffVersion: `${tariff.id}@${tariff.version}`,
    tariff: content,
    profile: profileFor(place.country, now),
    seller: {
      name: place.cpo.legalName,
      vat_id: numberForSale(place.cpo, place.country, now)?.vatId ?? null,
    },
    ...(place.sale === null ? {} : { supplyModel: place.sale.supplyModel }),
    expected: {
      ...(expected?.energyWh === undefined ? {} : { energyKwh: thousandths(expected.energyWh) }),
      ...(expected?.durationS === undefined ? {} : { durationS: expected.durationS }),
    },
    ...(connector.usualWh == null ? {} : { usualEnergyKwh: thousandths(connector.usualWh) }),
    agreements: agreementsUnder(place.agreements, contract),
    ...(contract === undefined ? {} : { contract: contractShown(contract) }),
    ...(access?.kind === 'admitted' && access.rule !== null
      ? { access: accessShown(access, access.rule) }
      : {}),
    ...(discount === undefined ? {} : { discount }),
    ...(sharedBy === undefined ? {} : { sharedBy }),
    ...(plans === undefined ? {} : { plans }),
  }
}

// ── Where it stands for sale ────────────────────────────────────────────────────────────────────────────────────

type Offered = {
  id: string
  evseId: string
  country: string
  cpo: Registered
  channels: PlaceFacts['channels']
  sale: Pick<SaleAgreement, 'supplyModel' | 'payoutCurrency' | 'sellerWaits'> | null
  identity: EvseIdentity
  connectors: readonly Plug[]
}

export const placeFactsOf = (
  { evseId, country, cpo, channels, sale, identity }: Offered,
  now: string,
): PlaceFacts => ({
  evseId,
  country,
  isProven: identity !== 'unproven',
  sellerWaits: sale?.sellerWaits ?? waitsForNumber(cpo, country, now),
  channels,
  supplyModel: sale?.supplyModel ?? null,
  payoutCurrency: sale?.payoutCurrency ?? null,
})

/** What a search says of an EVSE: a public price is for sale at it, and a quote for it would start a session now. */
export function standingOf(
  place: Offered,
  now: string,
): { priced: boolean; unsold: Unsold | null; sellable: boolean } {
  const priced = place.connectors.some((connector) => publicTariffOf(connector) !== undefined)
  const why = priced ? null : whyUnpriced(place.connectors).kind
  return { priced, unsold: why, sellable: priced && isFreeNow(placeFactsOf(place, now), now) }
}

/** Of several channels to one EVSE the one to offer first: priced, then reachable and free, then our own node. */
export function bestFirst<P extends Offered>(
  places: readonly P[],
  now: string,
  isNode: (place: P) => boolean,
): P[] {
  const rank = (place: P) => {
    const [own] = place.channels
    const isOpen =
      own !== undefined && whyClosed(own, now) === undefined && whyTaken(own.evse) === undefined
    return (standingOf(place, now).priced ? 4 : 0) + (isOpen ? 2 : 0) + (isNode(place) ? 1 : 0)
  }
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .toSorted((a, b) => b.rank - a.rank || (a.place.id < b.place.id ? -1 : 1))
    .map(({ place }) => place)
}

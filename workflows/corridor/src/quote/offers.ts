/** From what an operator publishes at a place to the input of a quote: which plug, which tariff, whose agreements. */
import type {
  OfferAgreement,
  OfferConnector,
  OfferPlace,
  OfferTariff,
  SaleTermsRow,
  TariffRef,
} from '@chargelane/db/queries/locations/offers'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { type Tariff, zTariff } from '@chargelane/openapi/vocabulary/tariff'
import type { RateAgreement, RateTerms } from '@chargelane/rules/agreement'
import { profileFor } from '@chargelane/rules/markets'
import { exactOf, format } from '@chargelane/rules/exact'
import { publicTariff, type Unsold } from '@chargelane/rules/tariff'
import type { DiscountTerms, PlanOffer, QuoteInput } from '@chargelane/rules/quote'

// ── Which price ─────────────────────────────────────────────────────────────────────────────────────────────────

/** The tariff everybody pays at this connector; undefined when none is for sale. */
export function publicTariffOf({ tariffs }: OfferConnector): OfferTariff | undefined {
  const found = publicTariff(tariffs)
  return found.kind === 'found' ? found.listed : undefined
}

export type Choice =
  | { kind: 'chosen'; connector: OfferConnector; tariff: OfferTariff }
  | { kind: 'no_such_connector' }
  | { kind: 'no_price'; why: Unsold; tariff?: string }
  /** Connectors cost differently, so the driver must say which. */
  | { kind: 'ambiguous'; connectors: string[] }

/** The plug to price: the one named, or any when all cost the same; `anyway` takes the most powerful one. */
export function chooseConnector(
  place: OfferPlace,
  wished: string | undefined,
  anyway = false,
): Choice {
  const asked =
    wished === undefined ? place.connectors : place.connectors.filter(({ id }) => id === wished)
  if (wished !== undefined && asked.length === 0) return { kind: 'no_such_connector' }
  const priced = asked.flatMap((connector) => {
    const tariff = publicTariffOf(connector)
    return tariff === undefined ? [] : [{ connector, tariff }]
  })
  const [first] = priced
  if (first === undefined) return noPrice(asked)
  return anyway || priced.every(({ tariff }) => tariff.price === first.tariff.price)
    ? { kind: 'chosen', ...first }
    : { kind: 'ambiguous', connectors: priced.map(({ connector }) => connector.id) }
}

/** Why nothing is for sale, from the first connector that says more than that there is no tariff. */
function noPrice(connectors: readonly OfferConnector[]): Choice {
  for (const { tariffs } of connectors) {
    const found = publicTariff(tariffs)
    if (found.kind === 'found' || found.kind === 'none') continue
    const [listed] = Array.isArray(found.listed) ? found.listed : [found.listed]
    return {
      kind: 'no_price',
      why: found.kind,
      ...(listed === undefined ? {} : { tariff: `${listed.id}@${listed.version}` }),
    }
  }
  return { kind: 'no_price', why: 'none' }
}

/** 24500 → `24.5`: thousandths as decimal text, without a float in between. */
export const thousandths = (value: number): Decimal => format(exactOf(value, 3))

export const connectorFacts = (connector: { powerType: string; maxPowerW: number }) => ({
  powerKw: thousandths(connector.maxPowerW),
  current: connector.powerType.startsWith('DC') ? ('DC' as const) : ('AC' as const),
})

/** The column holds only what the contract of rate agreements let in. */
const storedTerms = (terms: unknown): RateTerms =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  terms as RateTerms

export const agreementOf = (row: Omit<OfferAgreement, 'partnerId'>): RateAgreement => ({
  id: row.id,
  version: row.version,
  justification: row.justification,
  terms: storedTerms(row.terms),
})

type Partner = {
  id: string
  country: string
  vatId: string | null
  partnerShareBps: number
  benefitMode: 'revenue_share' | 'discount'
}

const party = <R extends string>(
  role: R,
  { id, country, vatId }: { id: string; country: string; vatId: string | null },
) => ({ id, role, country, vatId, business: true })

/** What the driver's discount is computed from; undefined for a partner that is paid its share, or without a policy. */
export function discountTermsOf(
  partner: Partner,
  place: Pick<OfferPlace, 'country' | 'cpo'>,
  sale: SaleTermsRow | undefined,
): DiscountTerms | undefined {
  if (partner.benefitMode !== 'discount' || sale === undefined) return undefined
  return {
    placeCountry: place.country,
    policy: {
      id: sale.policyId,
      commissionBps: sale.commissionBps,
      partnerShareBps: partner.partnerShareBps,
    },
    cpo: party('cpo', place.cpo),
    partner: party('partner', partner),
    platform: party('platform', sale.platform),
  }
}

export type OfferInput = {
  now: string
  place: OfferPlace
  connector: OfferConnector
  tariff: OfferTariff
  content: Tariff | undefined
  discount: DiscountTerms | undefined
  plans?: readonly PlanOffer[]
  expected?: { energyWh?: number | undefined; durationS?: number | undefined }
}

export function quoteInputOf(input: OfferInput): QuoteInput {
  const { now, place, connector, tariff, content, discount, plans, expected } = input
  return {
    now,
    evse: { id: place.evseId, timeZone: place.timeZone, ...connectorFacts(connector) },
    tariffVersion: `${tariff.id}@${tariff.version}`,
    tariff: content,
    profile: profileFor(place.country, now),
    seller: { name: place.cpo.legalName, vat_id: place.cpo.vatId },
    expected: {
      ...(expected?.energyWh === undefined ? {} : { energyKwh: thousandths(expected.energyWh) }),
      ...(expected?.durationS === undefined ? {} : { durationS: expected.durationS }),
    },
    agreements: place.agreements.map(agreementOf),
    ...(discount === undefined ? {} : { discount }),
    ...(plans === undefined ? {} : { plans }),
  }
}

// ── Tariffs once read ───────────────────────────────────────────────────────────────────────────────────────────

type Load = (
  refs: TariffRef[],
) => Promise<{ id: string; version: number; hash: string; canonical: unknown }[]>

export type TariffShelf = {
  /** The contents of these versions by hash; what is not on the shelf is read in one go. */
  contentsOf(wanted: readonly OfferTariff[], load: Load): Promise<ReadonlyMap<string, Tariff>>
}

/**
 * Tariff contents by hash. A version never changes and its hash names its content, so nothing here can be stale; what
 * was used longest ago makes room. One object per content also means that it is compiled and described once.
 */
export function createTariffShelf(size = 20_000): TariffShelf {
  const shelf = new Map<string, Tariff>()
  return {
    async contentsOf(wanted, load) {
      const found = new Map<string, Tariff>()
      const absent = new Map<string, OfferTariff>()
      for (const tariff of wanted) {
        const known = shelf.get(tariff.hash)
        if (known === undefined) {
          absent.set(tariff.hash, tariff)
          continue
        }
        // Moved to the end: the first of the map is the one to go.
        shelf.delete(tariff.hash)
        shelf.set(tariff.hash, known)
        found.set(tariff.hash, known)
      }
      if (absent.size === 0) return found
      for (const row of await load([...absent.values()])) {
        const read = zTariff.safeParse(row.canonical)
        if (!read.success) continue
        shelf.set(row.hash, read.data)
        found.set(row.hash, read.data)
      }
      for (const oldest of shelf.keys()) {
        if (shelf.size <= size) break
        shelf.delete(oldest)
      }
      return found
    },
  }
}

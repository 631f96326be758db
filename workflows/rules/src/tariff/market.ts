/** What a market allows a tariff to ask, read from its profile. */
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile, PriceBand } from '../markets/profile.ts'
import { compareExact, exact, format, times, zero } from '../exact.ts'
import { taxFaults } from './tax.ts'

/** A rule of the market that the tariff breaks at connectors from `fromW` up; 0 is at every connector. */
export type MarketFault = {
  fromW: number
  path: string
  rule: (typeof rules)[number]
  message: string
}

const rules = [
  'vat_contradicted',
  'market_unknown',
  'currency_market',
  'price_rule.kwh_base_required',
  'price_rule.component_forbidden',
] as const

/** Whether a finding says that a tariff is not sold somewhere, though it may be sold elsewhere. */
export const isMarketRule = (rule: string): boolean => rules.some((it) => it === rule)

const isPriced = (price: string) => compareExact(exact(price), zero) > 0
const watts = (kw: string) => Number(format(times(exact(kw), exact('1000')), 0))

/** A country whose rules and taxes nobody has written down: nothing is sold there. */
export const unknownMarket = (country: string): MarketFault => ({
  fromW: 0,
  path: 'elements',
  rule: 'market_unknown',
  message: `The market of ${country} is not open for sale.`,
})

/** The rules of this market that the tariff breaks at an instant, and from which power of a connector on. */
export function marketFaults(tariff: Tariff, profile: MarketProfile, at: string): MarketFault[] {
  const faults: MarketFault[] = []
  if (tariff.currency !== profile.currency)
    faults.push({
      fromW: 0,
      path: 'currency',
      rule: 'currency_market',
      message: `Prices in ${profile.country} are in ${profile.currency}, the tariff is in ${tariff.currency}.`,
    })
  // The tax of prices that are of another market is of another market too.
  else faults.push(...taxFaults(tariff, profile, at).map((fault) => ({ fromW: 0, ...fault })))
  for (const band of profile.priceBands) faults.push(...bandFaults(tariff, band))
  return faults
}

function bandFaults(tariff: Tariff, band: PriceBand): MarketFault[] {
  const fromW = watts(band.fromKw)
  const faults: MarketFault[] = []
  const elements = [...tariff.elements.entries()].filter(
    ([, { restrictions }]) => restrictions?.reservation === undefined,
  )
  const components = elements.flatMap(([index, { price_components, restrictions }]) =>
    price_components.map((component, at) => ({
      ...component,
      path: `elements[${index}].price_components[${at}]`,
      isLate: (restrictions?.min_duration ?? 0) > 0,
    })),
  )
  const asked = components.filter(({ price }) => isPriced(price))
  if (asked.length === 0) return []
  if (band.energyBase && !asked.some(({ type }) => type === 'ENERGY'))
    faults.push({
      fromW,
      path: 'elements',
      rule: 'price_rule.kwh_base_required',
      message: `From ${band.fromKw} kW the price must be per kWh; the tariff has no ENERGY price (${band.ref}).`,
    })
  for (const { type, path, isLate } of asked) {
    const rule = band.allowed[type]
    if (rule === 'always' || (rule === 'after_grace' && isLate)) continue
    faults.push(
      rule === 'after_grace'
        ? {
            fromW,
            path,
            rule: 'price_rule.kwh_base_required',
            message: `From ${band.fromKw} kW time may be priced only as a fee for staying long: give the element a min_duration (${band.ref}).`,
          }
        : {
            fromW,
            path,
            rule: 'price_rule.component_forbidden',
            message: `From ${band.fromKw} kW a price may be per kWh with a fee per minute for staying long, and nothing else: ${type} is not allowed (${band.ref}).`,
          },
    )
  }
  return faults
}

/** Which connectors a fault concerns, in words. */
export function bandTexts({ fromW }: MarketFault, hits: number, used: number): string {
  if (used > 0) return `Concerns ${hits} of the ${used} connectors under this tariff there.`
  return fromW === 0
    ? 'It is not sold there.'
    : `It is not sold at connectors of ${fromW} W and more.`
}

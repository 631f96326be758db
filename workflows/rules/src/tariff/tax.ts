/** Whether the VAT a tariff states is its market's: what says another is not sold there, since its tax would be wrong. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import { compareExact, exact, exactOf, minus, taxFactor, times, zero } from '../exact.ts'
import { vatRateOf } from '../markets/markets.ts'
import type { FeeType, MarketProfile } from '../markets/profile.ts'
import { exponentOf } from '../money.ts'

export type TaxFault = {
  path: string
  rule: 'vat_contradicted' | 'market_unknown'
  message: string
}

/** The fee that a component asks. */
const feeOf: Record<TariffDimension, FeeType> = {
  ENERGY: 'energy',
  TIME: 'time',
  PARKING_TIME: 'idle',
  FLAT: 'session',
}

const isSame = (a: Decimal, b: Decimal) => a === b || compareExact(exact(a), exact(b)) === 0
const isNothing = (value: Decimal) => compareExact(exact(value), zero) === 0

const isFree = ({ elements, min_price }: Tariff) =>
  isNothing(min_price?.excl_vat ?? '0') &&
  elements.every(({ price_components }) => price_components.every(({ price }) => isNothing(price)))

/**
 * Where the tariff's VAT contradicts the market's at an instant. A component without VAT is taken at the market's rate,
 * and one that asks nothing carries none.
 */
export function taxFaults(tariff: Tariff, profile: MarketProfile, at: string): TaxFault[] {
  const { country } = profile
  const usual = vatRateOf(profile, 'energy', at)
  if (usual === undefined)
    return [
      {
        path: 'elements',
        rule: 'market_unknown',
        message: `No VAT rate on charging in ${country} is known at ${at}, so nothing is sold there.`,
      },
    ]
  if (tariff.tax_included === 'N/A')
    return isNothing(usual) || isFree(tariff)
      ? []
      : [
          contradiction(
            'tax_included',
            `N/A, but charging in ${country} carries VAT of ${usual} %.`,
          ),
        ]
  const faults: TaxFault[] = []
  for (const [index, { price_components, restrictions }] of tariff.elements.entries())
    for (const [number, { type, price, vat }] of price_components.entries()) {
      if (vat === undefined || vat === usual || isNothing(price)) continue
      const fee = restrictions?.reservation === undefined ? feeOf[type] : 'reservation'
      const rate = vatRateOf(profile, fee, at)
      if (rate !== undefined && isSame(rate, vat)) continue
      const told = rate === undefined ? 'none that is known' : `${rate} %`
      faults.push(
        contradiction(
          `elements[${index}].price_components[${number}].vat`,
          `VAT of ${vat} %; on ${type} in ${country} it is ${told}`,
        ),
      )
    }
  return [...faults, ...limitFaults(tariff, country, usual)]
}

const contradiction = (path: string, what: string): TaxFault => ({
  path,
  rule: 'vat_contradicted',
  message: `The tariff states ${what}.`,
})

/** A limit with and without VAT names a rate by both; what rounding to minor units makes of it is no contradiction. */
function limitFaults(tariff: Tariff, country: string, usual: Decimal): TaxFault[] {
  const minor = exactOf(1, exponentOf(tariff.currency))
  return (['min_price', 'max_price'] as const).flatMap((key) => {
    const { excl_vat, incl_vat } = tariff[key] ?? {}
    if (excl_vat === undefined || incl_vat === undefined) return []
    const off = minus(exact(incl_vat), times(exact(excl_vat), taxFactor(usual)))
    const isClose = compareExact(off, minor) <= 0 && compareExact(minus(zero, off), minor) <= 0
    return isClose
      ? []
      : [
          contradiction(
            `${key}.incl_vat`,
            `${incl_vat} with VAT for ${excl_vat} without; in ${country} it is ${usual} %`,
          ),
        ]
  })
}

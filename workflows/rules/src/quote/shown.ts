/** What a driver is shown of a tariff: components in the market's order, limits, idle fees, in the market's languages. */
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type { PriceLimit, Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile } from '../markets/profile.ts'
import { compareExact, exact, exactOf, format, ratioOf, taxFactor, times, zero } from '../exact.ts'
import { fromDecimal } from '../money.ts'
import type { RatingPolicy } from '../rating/rating.ts'
import {
  closingLine,
  componentLine,
  freeLine,
  idleLimitLine,
  isLanguage,
  type Language,
  limitLine,
  type PriceUnit,
} from './display.ts'
import { freeUsage } from '../tariff/free.ts'
import type { FreeUsage, IdleFeeTerms, QuoteBody, QuoteComponent } from './body.ts'

const displayUnits: Record<TariffDimension, PriceUnit> = {
  ENERGY: 'kWh',
  TIME: 'min',
  PARKING_TIME: 'min',
  FLAT: 'session',
}

/** Digits of a shown unit price in the contract, and in a line of text. */
const priceDigits = 6
const textDigits = 4
/** Digits a price may have in the contract (zDecimal). */
const decimalDigits = 18

/** The factor from a price without tax to one with it, and whether the tariff states the one or the other. */
function taxOf(tariff: Tariff, vatRate: Decimal | null) {
  const factor = vatRate === null || tariff.tax_included === 'N/A' ? exactOf(1) : taxFactor(vatRate)
  return { factor, isIncluded: tariff.tax_included === 'YES' }
}

type Component = Tariff['elements'][number]['price_components'][number]

function unitPrices(tariff: Tariff, component: Component, vatRate: Decimal | null) {
  const { factor, isIncluded } = taxOf(tariff, vatRate)
  const stated = exact(component.price)
  return {
    gross: isIncluded ? stated : times(stated, factor),
    net: isIncluded
      ? format(ratioOf(stated, exactOf(1), factor, decimalDigits), decimalDigits)
      : component.price,
  }
}

function componentsOf(
  tariff: Tariff,
  policy: RatingPolicy,
  { componentOrder }: MarketProfile['priceDisplay'],
  languages: readonly Language[],
): QuoteComponent[] {
  const components: QuoteComponent[] = []
  for (const { price_components, restrictions } of tariff.elements) {
    // A reservation is not part of this offer (OCPI 2.2.1 §11.4.6).
    if (restrictions?.reservation !== undefined) continue
    for (const component of price_components) {
      const vatRate = component.vat ?? policy.absent_vat_rate
      const per = displayUnits[component.type]
      const { gross, net } = unitPrices(tariff, component, vatRate)
      const shown = ratioOf(gross, exactOf(1), exactOf(per === 'min' ? 60 : 1), priceDigits)
      const price = { currency: tariff.currency, per }
      const line = { ...price, value: format(shown, textDigits) }
      components.push({
        type: component.type,
        unit_price: { value: format(shown, priceDigits), ...price, tax: 'inclusive' },
        net_unit_price: net,
        vat_rate: vatRate,
        step_size: component.step_size,
        conditions: restrictions === undefined ? null : conditionsOf(restrictions),
        display: Object.fromEntries(
          languages.map((language) => [
            language,
            componentLine(component, restrictions, line, language),
          ]),
        ),
      })
    }
  }
  // The sort is stable, so the order of elements, which decides which price counts, is kept within a dimension.
  return components.toSorted(
    (a, b) => componentOrder.indexOf(a.type) - componentOrder.indexOf(b.type),
  )
}

function conditionsOf(
  restrictions: NonNullable<Tariff['elements'][number]['restrictions']>,
): NonNullable<QuoteComponent['conditions']> {
  const conditions: NonNullable<QuoteComponent['conditions']> = {}
  for (const [name, value] of Object.entries(restrictions))
    if (value !== undefined) conditions[name] = value
  return conditions
}

function limitGross(tariff: Tariff, limit: PriceLimit, vatRate: Decimal | null): Decimal {
  return (
    limit.incl_vat ??
    format(times(exact(limit.excl_vat), taxOf(tariff, vatRate).factor), textDigits)
  )
}

type Lines = Record<string, string[]>

export type Shown = {
  languages: readonly Language[]
  components: QuoteComponent[]
  free: FreeUsage[]
  /** Prices, what is free, and limits, one line each. */
  lines: Lines
  closing: Record<string, string>
  limits: QuoteBody['limits']
  idle: IdleFeeTerms | null
}

function idleTerms(
  components: readonly QuoteComponent[],
  limit: { value: Decimal; currency: Currency } | undefined,
  languages: readonly Language[],
): IdleFeeTerms | null {
  const idle = components.filter(
    ({ type, unit_price }) =>
      type === 'PARKING_TIME' && compareExact(exact(unit_price.value), zero) > 0,
  )
  if (idle.length === 0) return null
  const starts = idle.map(({ conditions }) => Number(conditions?.['min_duration'] ?? 0))
  return {
    grace_s: Math.min(...starts),
    display: Object.fromEntries(
      languages.map((language) => [
        language,
        [
          ...idle.map(({ display }) => display[language] ?? ''),
          ...(limit === undefined ? [] : [idleLimitLine(limit, language)]),
        ].join('\n'),
      ]),
    ),
  }
}

/** What costs nothing from a day on, in words and in the tariff's own terms. */
function freeOf(tariff: Tariff, day: number, languages: readonly Language[]): FreeUsage[] {
  return freeUsage(tariff, day).map(({ type, restrictions }) => ({
    type,
    conditions: Object.keys(restrictions).length === 0 ? null : conditionsOf(restrictions),
    display: Object.fromEntries(
      languages.map((language) => [language, freeLine(type, restrictions, language)]),
    ),
  }))
}

function describe(
  tariff: Tariff,
  policy: RatingPolicy,
  profile: MarketProfile,
  day: number,
): Shown {
  const languages = profile.priceDisplay.languages.filter(isLanguage)
  const components = componentsOf(tariff, policy, profile.priceDisplay, languages)
  const free = freeOf(tariff, day, languages)
  const vatRates =
    tariff.tax_included === 'N/A'
      ? []
      : [...new Set(components.flatMap(({ vat_rate }) => vat_rate ?? []))]
  const vatRate = components[0]?.vat_rate ?? null
  const bounds = (['min_price', 'max_price'] as const).flatMap((name) => {
    const limit = tariff[name]
    if (limit === undefined) return []
    return [{ name, value: limitGross(tariff, limit, vatRate), currency: tariff.currency }]
  })
  const totalOf = (name: 'min_price' | 'max_price') => {
    const bound = bounds.find((each) => each.name === name)
    return bound === undefined ? null : fromDecimal(bound.value, tariff.currency)
  }
  const perLanguage = <T>(make: (language: Language) => T) =>
    Object.fromEntries(languages.map((language) => [language, make(language)]))
  return {
    languages,
    components,
    free,
    lines: perLanguage((language) => [
      ...components.flatMap(({ display }) => display[language] ?? []),
      ...free.flatMap(({ display }) => display[language] ?? []),
      ...bounds.map((bound) => limitLine(bound.name, bound, language)),
    ]),
    closing: perLanguage((language) => closingLine(vatRates, language)),
    ...(bounds.length === 0
      ? { limits: undefined }
      : { limits: { min_total: totalOf('min_price'), max_total: totalOf('max_price') } }),
    idle: idleTerms(
      components,
      bounds.find(({ name }) => name === 'max_price'),
      languages,
    ),
  }
}

type Known = { day: number; shown: Shown }
const shownOf = new WeakMap<Tariff, Map<string, Known>>()

/** What is shown follows from tariff, market, tax and day alone, so it is written once for each. */
export function show(
  tariff: Tariff,
  policy: RatingPolicy,
  profile: MarketProfile,
  day: number,
): Shown {
  const key = `${profile.id} ${profile.version} ${policy.id} ${policy.absent_vat_rate ?? ''}`
  const versions = shownOf.get(tariff) ?? new Map<string, Known>()
  shownOf.set(tariff, versions)
  const known = versions.get(key)
  if (known?.day === day) return known.shown
  const shown = describe(tariff, policy, profile, day)
  versions.set(key, { day, shown })
  return shown
}

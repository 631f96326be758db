/** Tariffs and contexts to review, as short as a test wants to read them. */
import type { Tariff, TariffElement } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile } from '../markets/profile.ts'
import { profileFor, profiles } from '../markets/markets.ts'
import { reviewTariff, type ReviewContext, type UsedAt } from './tariff.ts'

export const now = '2026-11-21T10:00:00.000Z'

export function market(country: string): MarketProfile {
  const profile = profileFor(country, now)
  if (profile === undefined) throw new Error(`no market ${country}`)
  return profile
}

const markets = [...new Set(profiles.map(({ country }) => country))].map(market)

type Components = TariffElement['price_components']
type Restrictions = TariffElement['restrictions']

export const part = (type: Components[number]['type'], price: string, more: object = {}) => ({
  type,
  price,
  vat: '19',
  step_size: 1,
  ...more,
})
export const element = (components: Components, restrictions?: Restrictions): TariffElement => ({
  price_components: components,
  ...(restrictions === undefined ? {} : { restrictions }),
})
export const energy = (price = '0.5', restrictions?: Restrictions) =>
  element([part('ENERGY', price)], restrictions)
export const tariff = (elements: TariffElement[], more: Partial<Tariff> = {}): Tariff => ({
  country_code: 'DE',
  party_id: 'VWL',
  id: 'T',
  currency: 'EUR',
  elements,
  last_updated: '2026-11-01T00:00:00Z',
  ...more,
})

export const dc150: UsedAt = { country: 'DE', powerW: 150_000, count: 2 }
export const ac22: UsedAt = { country: 'DE', powerW: 22_000, count: 3 }
export const context = (more: Partial<ReviewContext> = {}): ReviewContext => ({
  now,
  markets,
  partyCountry: 'DE',
  usedAt: [ac22],
  ...more,
})
export const rulesOf = (it: Tariff, more?: Partial<ReviewContext>) =>
  reviewTariff(it, context(more)).findings.map(({ rule, severity }) => `${severity} ${rule}`)
export const errorsOf = (it: Tariff, more?: Partial<ReviewContext>) =>
  reviewTariff(it, context(more)).findings.filter(({ severity }) => severity === 'error')

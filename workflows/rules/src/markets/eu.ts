/** What the Union's law gives every member state: price display, the order of components, the area of its VAT. */
import type { AcceptedScheme, LegalRef, MarketProfile } from './profile.ts'

/** Member states of the VAT area (Directive 2006/112/EC Art. 5), as of 2026. Greece's VAT prefix is EL. */
export const euVatMembers: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

/**
 * Electricity that is taxed where it is consumed (Art. 39) is outside the One-Stop Shop until 2027, so before that day
 * whoever is not registered at the charger's own place cannot sell there.
 */
export const euSchemes: readonly AcceptedScheme[] = [
  {
    scheme: 'oss',
    from: '2027-01-01',
    to: null,
    ref: 'Directive 2006/112/EC Art. 369a, 369b as amended by Directive (EU) 2025/516 Art. 2',
    confidence: 'verify',
  },
]

export const euLegalRefs: readonly LegalRef[] = [
  {
    rule: 'Prices are reasonable, comparable, transparent and non-discriminatory; all components are shown before the start; no extra price for cross-border roaming.',
    ref: 'Regulation (EU) 2023/1804 Art. 5(3)-(5)',
    confidence: 'verify',
  },
  {
    rule: 'Components in the order kWh, minute, session, other; from 50 kW the ad-hoc price is per kWh, with an occupancy fee per minute at most.',
    ref: 'Regulation (EU) 2023/1804 Art. 5(4)',
    confidence: 'sourced',
  },
  {
    rule: 'Charging is one supply of electricity, a good, taxed where it is consumed; a card or app provider in its own name is in the chain.',
    ref: 'ECLI:EU:C:2024:896 (C-60/23); C-282/22; Directive 2006/112/EC Art. 14(2)(c), 38, 39',
    confidence: 'sourced',
  },
]

/** Fields every EU profile starts from. */
export const euBase = {
  parent: 'eu-afir',
  effectiveTo: null,
  priceDisplay: {
    componentOrder: ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'],
    taxInclusive: true,
    comparableUnit: 'EUR/kWh',
    comparableIn: 'major',
    comparableShown: false,
    languages: ['de', 'en'],
    energyBasisFromKw: '50',
    showsNet: true,
  },
  priceBands: [
    {
      fromKw: '50',
      energyBase: true,
      // The occupancy fee discourages staying long, so it cannot run from the first minute of charging.
      allowed: { ENERGY: 'always', TIME: 'after_grace', PARKING_TIME: 'always' },
      ref: 'Regulation (EU) 2023/1804 Art. 5(4)',
      confidence: 'verify',
    },
  ],
  rounding: 'gross-total-half-away@1',
  priceLock: 'session_start',
  quoteTtlS: 900,
  hold: { factorPercent: 130, step: 500, floor: 1_000, cap: 15_000, idleS: 1_800 },
  expected: {
    AC: { energyKwh: '20', powerKw: '11' },
    DC: { energyKwh: '40', powerKw: '100' },
  },
  supplyModel: 'agency',
  equalTreatment: {
    rateJustificationRequired: true,
    ref: 'Regulation (EU) 2023/1804 Art. 5(3), 5(5)',
    confidence: 'verify',
  },
  thirdPartyDiscount: {
    treatment: 'consideration_by_third_party',
    ref: 'Directive 2006/112/EC Art. 73 (consideration from a third party)',
    confidence: 'verify',
  },
} as const satisfies Partial<MarketProfile>

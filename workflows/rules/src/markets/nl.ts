import { euBase, euLegalRefs, euSchemes } from './eu.ts'
import { chargingFees, type MarketProfile, serviceFees } from './profile.ts'

/** The Netherlands. */
export const netherlands: readonly MarketProfile[] = [
  {
    ...euBase,
    id: 'eu-afir-nl',
    version: '2026-01-08',
    country: 'NL',
    effectiveFrom: '2024-04-13',
    currency: 'EUR',
    timeZone: 'Europe/Amsterdam',
    priceDisplay: { ...euBase.priceDisplay, languages: ['nl', 'en'] },
    legalRefs: euLegalRefs,
    vat: {
      area: 'EU',
      rates: [
        {
          feeTypes: [...chargingFees, ...serviceFees],
          rate: '21',
          from: '2012-10-01',
          to: null,
          ref: 'Wet OB 1968 art. 9(1)',
          confidence: 'sourced',
        },
      ],
      schemes: euSchemes,
      idFormat: '^NL\\d{9}B\\d{2}$',
      idCheck: 'VIES',
    },
    invoice: { languages: ['nl', 'en'], einvoice: null, retentionYears: 7 },
    metering: {
      legalMetrology: 'MID',
      signedValuesRequired: false,
      confidence: 'verify',
      invalidSignature: {
        effect: 'bill_and_note',
        ref: 'Directive 2014/32/EU',
        confidence: 'verify',
      },
    },
  },
]

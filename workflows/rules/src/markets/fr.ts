import { euBase, euLegalRefs, euSchemes } from './eu.ts'
import { chargingFees, type MarketProfile, serviceFees } from './profile.ts'

/** France, metropolitan; the overseas departments have other rates and no profile here. */
export const france: readonly MarketProfile[] = [
  {
    ...euBase,
    id: 'eu-afir-fr',
    version: '2026-09-01',
    country: 'FR',
    effectiveFrom: '2024-04-13',
    currency: 'EUR',
    timeZone: 'Europe/Paris',
    priceDisplay: { ...euBase.priceDisplay, languages: ['fr', 'en'] },
    legalRefs: euLegalRefs,
    vat: {
      area: 'EU',
      rates: [
        {
          feeTypes: [...chargingFees, ...serviceFees],
          rate: '20',
          from: '2014-01-01',
          to: null,
          ref: 'CGI art. 278',
          confidence: 'sourced',
        },
      ],
      schemes: euSchemes,
      idFormat: '^FR[0-9A-HJ-NP-Z]{2}\\d{9}$',
      idCheck: 'VIES',
    },
    invoice: {
      languages: ['fr', 'en'],
      einvoice: {
        format: 'Factur-X, UBL or CII through an approved platform',
        since: '2026-09-01',
        confidence: 'sourced',
      },
      retentionYears: 10,
    },
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

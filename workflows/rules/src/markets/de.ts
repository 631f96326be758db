import { euBase, euLegalRefs, euSchemes } from './eu.ts'
import { chargingFees, type MarketProfile, serviceFees } from './profile.ts'

const allFees = [...chargingFees, ...serviceFees]

/** Germany. Dates of the standard rate: UStG § 12(1), with the second half of 2020 at 16 %. */
export const germany: readonly MarketProfile[] = [
  {
    ...euBase,
    id: 'eu-afir-de',
    version: '2026-01-08',
    country: 'DE',
    effectiveFrom: '2024-04-13',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    legalRefs: [
      ...euLegalRefs,
      {
        rule: 'The price is shown per kWh including VAT.',
        ref: 'PAngV § 14',
        confidence: 'verify',
      },
      {
        rule: 'Measured values on an invoice must be traceable and checkable by the customer.',
        ref: 'MessEG § 33',
        confidence: 'sourced',
      },
      {
        rule: 'The recipient owes the VAT on services from a supplier not established here.',
        ref: 'UStG § 13b(1), (2) no. 1',
        confidence: 'verify',
      },
    ],
    vat: {
      area: 'EU',
      rates: [
        {
          feeTypes: allFees,
          rate: '16',
          from: '2020-07-01',
          to: '2021-01-01',
          ref: 'UStG § 28(1)',
          confidence: 'verify',
        },
        {
          feeTypes: allFees,
          rate: '19',
          from: '2021-01-01',
          to: null,
          ref: 'UStG § 12(1)',
          confidence: 'sourced',
        },
      ],
      schemes: euSchemes,
      idFormat: '^DE\\d{9}$',
      idCheck: 'VIES',
    },
    invoice: {
      languages: ['de', 'en'],
      einvoice: {
        format: 'EN 16931 (XRechnung, ZUGFeRD)',
        since: '2025-01-01',
        confidence: 'verify',
      },
      retentionYears: 8,
    },
    metering: {
      legalMetrology: 'Eichrecht',
      signedValuesRequired: true,
      confidence: 'sourced',
      // No substitute values: what the customer cannot check against the meter is not billed by the kWh.
      invalidSignature: {
        effect: 'energy_not_billable',
        ref: 'MessEG § 33',
        confidence: 'sourced',
      },
    },
  },
]

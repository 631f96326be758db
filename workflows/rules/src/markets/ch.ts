import { chargingFees, type MarketProfile, serviceFees } from './profile.ts'

const allFees = [...chargingFees, ...serviceFees]

/** Switzerland; Liechtenstein shares the VAT area and rate but has no profile yet. */
export const switzerland: readonly MarketProfile[] = [
  {
    id: 'ch-pbv',
    version: '2024-01-01',
    parent: null,
    country: 'CH',
    effectiveFrom: '2018-01-01',
    effectiveTo: null,
    currency: 'CHF',
    timeZone: 'Europe/Zurich',
    legalRefs: [
      {
        rule: 'The total price in CHF including VAT and all compulsory charges is shown where the session is started.',
        ref: 'PBV (SR 942.211), SECO information sheet on charging',
        confidence: 'sourced',
      },
      {
        rule: 'Electricity delivered in lines is supplied at the recipient’s seat, else at the charger.',
        ref: 'MWSTG Art. 7(2)',
        confidence: 'sourced',
      },
      {
        rule: 'The recipient of services from abroad owes the acquisition tax.',
        ref: 'MWSTG Art. 45',
        confidence: 'verify',
      },
    ],
    priceDisplay: {
      componentOrder: ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'],
      taxInclusive: true,
      comparableUnit: 'CHF/kWh',
      comparableIn: 'major',
      comparableShown: false,
      languages: ['de', 'fr', 'it', 'en'],
      energyBasisFromKw: null,
      showsNet: false,
    },
    priceBands: [],
    // Card payments are not rounded to five rappen; that is for cash only.
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
      rateJustificationRequired: false,
      ref: 'PBV (SR 942.211): transparency, no ban on differing prices',
      confidence: 'verify',
    },
    thirdPartyDiscount: {
      treatment: 'consideration_by_third_party',
      ref: 'MWSTG Art. 24(1) (consideration from a third party)',
      confidence: 'verify',
    },
    vat: {
      area: 'CH',
      rates: [
        {
          feeTypes: allFees,
          rate: '7.7',
          from: '2018-01-01',
          to: '2024-01-01',
          ref: 'MWSTG Art. 25(1), old',
          confidence: 'verify',
        },
        {
          feeTypes: allFees,
          rate: '8.1',
          from: '2024-01-01',
          to: null,
          ref: 'MWSTG Art. 25(1)',
          confidence: 'sourced',
        },
      ],
      schemes: [],
      idFormat: '^CHE-?\\d{3}\\.?\\d{3}\\.?\\d{3} ?(MWST|TVA|IVA)?$',
      idCheck: 'UID',
    },
    invoice: {
      languages: ['de', 'fr', 'en'],
      einvoice: null,
      retentionYears: 10,
    },
    metering: {
      legalMetrology: 'METAS',
      signedValuesRequired: false,
      confidence: 'verify',
      invalidSignature: { effect: 'bill_and_note', ref: 'EMmV (SR 941.210)', confidence: 'verify' },
    },
  },
]

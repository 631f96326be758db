import { chargingFees, type MarketProfile, serviceFees } from './profile.ts'

/** Great Britain (Public Charge Point Regulations 2023). */
export const greatBritain: readonly MarketProfile[] = [
  {
    id: 'gb-pcpr',
    version: '2024-11-24',
    parent: null,
    country: 'GB',
    effectiveFrom: '2023-11-24',
    effectiveTo: null,
    currency: 'GBP',
    timeZone: 'Europe/London',
    legalRefs: [
      {
        rule: 'The maximum price in pence per kWh is displayed; bundled offers show an equivalent.',
        ref: 'SI 2023/1168 reg. 11',
        confidence: 'sourced',
      },
      {
        rule: 'The price does not rise after the session has started.',
        ref: 'SI 2023/1168',
        confidence: 'verify',
      },
      {
        rule: 'Public charging is standard-rated; the tribunal’s reduced rate for small supplies is under appeal.',
        ref: 'RCB 7 (2021); TC09802 (Charge My Street), appeal of April 2026',
        confidence: 'sourced',
      },
    ],
    priceDisplay: {
      componentOrder: ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'],
      taxInclusive: true,
      comparableUnit: 'p/kWh',
      comparableIn: 'minor',
      comparableShown: true,
      languages: ['en'],
      energyBasisFromKw: null,
      showsNet: true,
    },
    priceBands: [],
    rounding: 'gross-total-half-away@1',
    priceLock: 'session_start',
    quoteTtlS: 900,
    hold: { factorPercent: 130, step: 500, floor: 1_000, cap: 15_000, idleS: 1_800 },
    expected: {
      AC: { energyKwh: '20', powerKw: '7' },
      DC: { energyKwh: '40', powerKw: '100' },
    },
    supplyModel: 'agency',
    equalTreatment: {
      rateJustificationRequired: false,
      ref: 'SI 2023/1168: no rule on prices between providers',
      confidence: 'verify',
    },
    thirdPartyDiscount: {
      treatment: 'consideration_by_third_party',
      ref: 'VATA 1994 s. 19; third-party consideration',
      confidence: 'verify',
    },
    vat: {
      area: 'GB',
      rates: [
        {
          feeTypes: [...chargingFees, ...serviceFees],
          rate: '20',
          from: '2011-01-04',
          to: null,
          ref: 'VATA 1994 s. 2(1)',
          confidence: 'sourced',
        },
      ],
      schemes: [],
      idFormat: '^GB(\\d{9}|\\d{12}|(GD|HA)\\d{3})$',
      idCheck: 'HMRC',
    },
    invoice: { languages: ['en'], einvoice: null, retentionYears: 6 },
    metering: {
      legalMetrology: 'MID',
      signedValuesRequired: false,
      confidence: 'verify',
      invalidSignature: {
        effect: 'bill_and_note',
        ref: 'Measuring Instruments Regulations 2016',
        confidence: 'verify',
      },
    },
  },
]

/** The outcomes of the VAT rules as data: category, clause and the words an invoice must carry. */
import type { Confidence } from '../markets/profile.ts'

export type Clause = { legalRef: string; note: Record<string, string>; confidence: Confidence }

export const clauses = {
  place_of_consumption: {
    legalRef: 'Directive 2006/112/EC Art. 39, or the charger’s own law outside the Union',
    note: {},
    confidence: 'sourced',
  },
  electricity_reverse_charge: {
    legalRef: 'Directive 2006/112/EC Art. 195',
    note: {
      en: 'Reverse charge: VAT is owed by the recipient.',
      de: 'Steuerschuldnerschaft des Leistungsempfängers.',
    },
    confidence: 'verify',
  },
  domestic_service: {
    legalRef: 'Standard rate of the country both parties are established in',
    note: {},
    confidence: 'sourced',
  },
  service_reverse_charge: {
    legalRef: 'Directive 2006/112/EC Art. 44, 196',
    note: {
      en: 'Reverse charge: VAT is owed by the recipient.',
      de: 'Steuerschuldnerschaft des Leistungsempfängers.',
      fr: 'Autoliquidation : TVA due par le preneur.',
      nl: 'Btw verlegd.',
    },
    confidence: 'sourced',
  },
  supplier_rate: {
    legalRef: 'Directive 2006/112/EC Art. 45: recipient without a checked VAT number',
    note: {},
    confidence: 'verify',
  },
  supplier_unregistered: {
    legalRef:
      'Directive 2006/112/EC Art. 226 (3): no VAT is invoiced without the supplier’s number',
    note: {
      en: 'The supplier is not registered for VAT; none is charged.',
      de: 'Der Leistende ist umsatzsteuerlich nicht erfasst; es wird keine Steuer berechnet.',
    },
    confidence: 'verify',
  },
  outside_scope: {
    legalRef:
      'Place of supply is the recipient’s country (Directive 2006/112/EC Art. 44; there: acquisition tax)',
    note: {
      en: 'Service not taxable here; the recipient accounts for the tax in its own country.',
      de: 'Nicht steuerbare Leistung; der Empfänger versteuert sie in seinem Land.',
    },
    confidence: 'verify',
  },
} as const satisfies Record<string, Clause>

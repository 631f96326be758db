import { XMLBuilder } from 'fast-xml-parser'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { toDecimal } from '../money.ts'
import { prepaidOf } from './invoice.ts'
import type { InvoiceDocument, InvoiceLine, InvoiceParty } from './invoice.ts'

// UBL 2.1 syntax of EN 16931 (CEN/TS 16931-3-2). Elements stand in the order the UBL schema demands.

type Tree = { [name: string]: string | Tree | Tree[] | string[] }

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  format: true,
  suppressEmptyNode: true,
})

const vatScheme = { 'cac:TaxScheme': { 'cbc:ID': 'VAT' } }

/** UNCL 5305: S for a rate above zero, Z for zero, O for what carries no VAT at all. */
function category(rate: string | null, reason: Tree = {}): Tree {
  if (rate === null) return { 'cbc:ID': 'O', ...reason, ...vatScheme }
  return { 'cbc:ID': Number(rate) === 0 ? 'Z' : 'S', 'cbc:Percent': rate, ...vatScheme }
}

function amount(value: Money): Tree {
  return { '#': toDecimal(value), '@currencyID': value.currency }
}

function quantity(value: string, unitCode: string): Tree {
  return { '#': value, '@unitCode': unitCode }
}

function party(value: InvoiceParty): Tree {
  return {
    'cac:Party': {
      // EAS code EM is electronic mail; the address only routes, it is nobody's mailbox.
      'cbc:EndpointID': {
        '#': `${value.id.toLowerCase()}@parties.chargelane.invalid`,
        '@schemeID': 'EM',
      },
      'cac:PostalAddress': {
        'cbc:StreetName': value.address.street,
        'cbc:CityName': value.address.city,
        'cbc:PostalZone': value.address.postal_code,
        'cac:Country': { 'cbc:IdentificationCode': value.country },
      },
      ...(value.vatId === null
        ? {}
        : { 'cac:PartyTaxScheme': { 'cbc:CompanyID': value.vatId, ...vatScheme } }),
      'cac:PartyLegalEntity': {
        'cbc:RegistrationName': value.legalName,
        'cbc:CompanyID': value.id,
      },
    },
  }
}

const documentLine =
  (quantityName: string) =>
  (line: InvoiceLine, index: number): Tree => {
    return {
      'cbc:ID': String(index + 1),
      [quantityName]: quantity(line.quantity, line.unitCode),
      'cbc:LineExtensionAmount': amount(line.net),
      'cac:Item': {
        'cbc:Name': line.description,
        'cac:ClassifiedTaxCategory': category(line.vatRate),
      },
      'cac:Price': {
        'cbc:PriceAmount': { '#': line.unitPrice, '@currencyID': line.net.currency },
        ...(line.baseQuantity === 1
          ? {}
          : { 'cbc:BaseQuantity': quantity(String(line.baseQuantity), line.unitCode) }),
      },
    }
  }

const namespaces = (root: 'Invoice' | 'CreditNote'): Tree => ({
  '@xmlns': `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
  '@xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  '@xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
  'cbc:CustomizationID': 'urn:cen.eu:en16931:2017',
})

/** From the notes to the parties; BT-25 and BT-26 name the invoice that a credit note is of. */
const headOf = (document: InvoiceDocument): Tree => ({
  'cbc:Note': document.notes,
  'cbc:DocumentCurrencyCode': document.totals.gross.currency,
  // BT-10: the buyer knows its driver by the session; the seller need not.
  'cbc:BuyerReference': document.sessionId,
  'cac:InvoicePeriod': [
    { 'cbc:StartDate': document.supplyDate, 'cbc:EndDate': document.supplyDate },
  ],
  ...(document.credits === undefined
    ? {}
    : {
        'cac:BillingReference': {
          'cac:InvoiceDocumentReference': {
            'cbc:ID': document.credits.number,
            'cbc:IssueDate': document.credits.issueDate,
          },
        },
      }),
  'cac:AdditionalDocumentReference': [
    { 'cbc:ID': document.sessionId, 'cbc:DocumentDescription': 'Charging session' },
  ],
  'cac:AccountingSupplierParty': party(document.seller),
  'cac:AccountingCustomerParty': party(document.buyer),
})

function totalsOf(document: InvoiceDocument): Tree {
  const { gross, net, vat } = document.totals
  const prepaid = prepaidOf(document)
  const due = { amount: gross.amount - prepaid.amount, currency: gross.currency }
  return {
    'cac:TaxTotal': {
      'cbc:TaxAmount': amount(vat),
      'cac:TaxSubtotal': document.vat.map((line) => ({
        'cbc:TaxableAmount': amount(line.net),
        'cbc:TaxAmount': amount(line.vat),
        'cac:TaxCategory': category(line.rate, { 'cbc:TaxExemptionReasonCode': 'VATEX-EU-O' }),
      })),
    },
    'cac:LegalMonetaryTotal': {
      'cbc:LineExtensionAmount': amount(net),
      'cbc:TaxExclusiveAmount': amount(net),
      'cbc:TaxInclusiveAmount': amount(gross),
      'cbc:PrepaidAmount': amount(prepaid),
      'cbc:PayableAmount': amount(due),
    },
  }
}

/** The document as a UBL tree of EN 16931; every amount is decimal text, none was ever a float. */
export function toUbl(document: InvoiceDocument): Tree {
  const { number, issueDate, lines } = document
  if (document.credits !== undefined)
    return {
      CreditNote: {
        ...namespaces('CreditNote'),
        'cbc:ID': number,
        'cbc:IssueDate': issueDate,
        'cbc:CreditNoteTypeCode': '381',
        ...headOf(document),
        ...totalsOf(document),
        'cac:CreditNoteLine': lines.map(documentLine('cbc:CreditedQuantity')),
      },
    }
  return {
    Invoice: {
      ...namespaces('Invoice'),
      'cbc:ID': number,
      'cbc:IssueDate': issueDate,
      'cbc:DueDate': issueDate,
      'cbc:InvoiceTypeCode': '380',
      ...headOf(document),
      ...totalsOf(document),
      'cac:InvoiceLine': lines.map(documentLine('cbc:InvoicedQuantity')),
    },
  }
}

/** The invoice or credit note as UBL 2.1 XML. */
export function toXml(document: InvoiceDocument): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(toUbl(document))}`
}

/** The documents of a sale from what is known of it, so that whoever knows the same writes the same invoice. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { roleTitle } from '@chargelane/openapi/vocabulary/parties'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { kindFacts } from '../booking/kinds.ts'
import { add, minimum, money, sum, toDecimal } from '../money.ts'
import type { Totals } from '../rating/rating.ts'
import type { Split } from '../split/split.ts'
import {
  buildCreditNote,
  buildInvoice,
  type InvoiceDocument,
  type InvoiceInput,
  type InvoiceParty,
  lessBy,
} from './invoice.ts'

type Paid = { id: string; kind: PaymentKind; status: string; captured: Money | null }

export type SaleFacts = Omit<
  InvoiceInput,
  'paid' | 'contribution' | 'paymentReference' | 'notes'
> & {
  payments: readonly Paid[]
  contributions: Split['contributions']
  /** Rated by our own record, because the operator's did not come in time. */
  isProvisional: boolean
  /** In whose system the seller's invoices are made. */
  issuer: string
}

const shown = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`

export const issuedBy = (issuer: string, seller: InvoiceParty): string =>
  `Issued by ${issuer} in the name and on behalf of ${seller.legalName}.`

type Given = { from: string; amount: Money; words: string }

/** Who pays a part of the driver's price, how much, and out of what. */
function contributionTo({ contributions, seller, buyer }: SaleFacts): Given | undefined {
  const given =
    contributions.find(({ kind }) => kind === 'plan') ??
    contributions.find(({ kind }) => kind === 'discount')
  if (given === undefined) return undefined
  const giver = [seller, buyer].find(({ id }) => id === given.by.id)
  return {
    from: giver?.legalName ?? roleTitle(given.by.role),
    amount: given.amount,
    words: given.kind === 'plan' ? "as part of the driver's plan" : 'out of its own share',
  }
}

function notesOf(facts: SaleFacts, given: Given | undefined): string[] {
  const { issuer, seller, buyer, payments, isProvisional } = facts
  const said = payments
    .filter(({ status }) => status === 'captured')
    .map(({ kind }) => kindFacts[kind].receiptNote(buyer.legalName))
  return [
    issuedBy(issuer, seller),
    'Charging of an electric vehicle: one supply of electricity, taxed where it is charged.',
    ...(isProvisional
      ? ["Rated from our own meter record; the operator's record was not received in time."]
      : []),
    ...(given === undefined
      ? []
      : [
          `${shown(given.amount)} of the price is paid by ${given.from} ${given.words} (consideration from a third party); the operator's price and its VAT are unchanged.`,
        ]),
    ...new Set(said.filter((note) => note !== undefined)),
  ]
}

/** The invoice of a sale. What the driver is known by, and the provider's ids, are nobody's who reads an invoice. */
export function saleInvoice(facts: SaleFacts): InvoiceDocument {
  const { payments, contributions: _given, isProvisional: _is, issuer: _by, ...document } = facts
  const captured = payments.filter(({ status }) => status === 'captured')
  const given = contributionTo(facts)
  // Nothing is paid by the driver when the partner is billed for the driver.
  const paid = captured.flatMap(({ kind, captured: amount }) =>
    amount === null || kindFacts[kind].owedBy === 'partner' ? [] : [amount],
  )
  return buildInvoice({
    ...document,
    paid: sum(paid, facts.totals.gross.currency),
    ...(given === undefined ? {} : { contribution: { from: given.from, amount: given.amount } }),
    paymentReference: captured.length === 0 ? null : captured.map(({ id }) => id).join(', '),
    notes: notesOf(facts, given),
  })
}

const totalsOfDocument = ({ totals, vat }: InvoiceDocument): Totals => ({
  ...totals,
  vat_lines: vat.map((line) => ({ ...line, gross: add(line.net, line.vat) })),
})

export type CreditFacts = {
  invoice: InvoiceDocument
  /** Credit notes before this one. */
  earlier: readonly InvoiceDocument[]
  number: string
  issueDate: string
  issuer: string
  /** What the sale comes to now. */
  totals: Totals
  /** What the driver was given back for this change of the sale. */
  givenBack: readonly Money[]
}

/** What all documents of the session say too much by; undefined where they say its price. */
export function saleCreditNote(facts: CreditFacts): InvoiceDocument | undefined {
  const { invoice, earlier, number, issueDate, totals } = facts
  const less = earlier.reduce(
    (left, note) => lessBy(left, totalsOfDocument(note)),
    lessBy(totalsOfDocument(invoice), totals),
  )
  if (less.gross.amount === 0) return undefined
  const back = facts.givenBack.reduce(add, money(0, less.gross.currency))
  return buildCreditNote(invoice, {
    number,
    issueDate,
    totals: less,
    paid: minimum(back, less.gross),
    notes: [issuedBy(facts.issuer, invoice.seller)],
  })
}

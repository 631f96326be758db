import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import type { SessionFile } from '@chargelane/db/queries/documents/evidence'
import { insertInvoice, nextInvoiceNumber } from '@chargelane/db/queries/documents/invoices'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { invoiceView } from '@chargelane/db/views/money/invoices'
import { add, minimum, money, sum } from '@chargelane/rules/money'
import type { Totals } from '@chargelane/rules/rating'
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import { roleTitle } from '@chargelane/openapi/vocabulary/parties'
import { paymentKinds } from '../payment/kinds.ts'
import { profileByRef } from '@chargelane/rules/markets'
import { toXml } from '@chargelane/rules/invoice/en16931'
import { renderInvoice, shown } from './pdf.ts'
import { buildCreditNote, buildInvoice, lessBy } from '@chargelane/rules/invoice'
import type { InvoiceDocument, InvoiceParty } from '@chargelane/rules/invoice'

/** The invoice as software and as people read it; these very bytes are in the evidence pack. */
export type InvoiceBytes = { xml: string; pdf: Buffer }

export function saleOf(file: SessionFile): NonNullable<SessionFile['sale']> {
  if (file.sale === undefined)
    throw new InvariantError(`Session ${file.session.id} has no sale yet.`)
  return file.sale
}

export function partyOf(account: SessionFile['cpo']): InvoiceParty {
  return {
    id: account.id,
    legalName: account.legalName,
    country: account.country,
    vatId: account.vatId,
    address: account.address,
  }
}

/** Calendar date at the EVSE: the date of supply is local, whatever the server's clock says. */
function localDate(instant: string, timeZone: string): string {
  const known = calendars.get(timeZone)
  const calendar = known ?? new Intl.DateTimeFormat('en-CA', { timeZone })
  if (known === undefined) calendars.set(timeZone, calendar)
  return calendar.format(new Date(instant))
}

/** Made once for each zone, of which there are few: making one costs a hundred times its use. */
const calendars = new Map<string, Intl.DateTimeFormat>()

/** Who pays a part of the driver's price, how much, and out of what. */
function contributionTo(
  file: SessionFile,
): { from: string; amount: Money; words: string } | undefined {
  const { contributions } = saleOf(file).split
  const given =
    contributions.find(({ kind }) => kind === 'plan') ??
    contributions.find(({ kind }) => kind === 'discount')
  if (given === undefined) return undefined
  const giver = [file.cpo, file.partner].find(({ id }) => id === given.by.id)
  return {
    from: giver?.legalName ?? roleTitle(given.by.role),
    amount: given.amount,
    words: given.kind === 'plan' ? "as part of the driver's plan" : 'out of its own share',
  }
}

function notesOf(
  file: SessionFile,
  issuer: string,
  given: ReturnType<typeof contributionTo>,
): string[] {
  const provisional =
    file.sale?.basis === 'provisional'
      ? ["Rated from our own meter record; the operator's record was not received in time."]
      : []
  return [
    `Issued by ${issuer} in the name and on behalf of ${file.cpo.legalName}.`,
    'Charging of an electric vehicle: one supply of electricity, taxed where it is charged.',
    ...provisional,
    ...(given === undefined
      ? []
      : [
          `${shown(given.amount)} of the price is paid by ${given.from} ${given.words} (consideration from a third party); the operator's price and its VAT are unchanged.`,
        ]),
    ...new Set(
      file.payments
        .filter(({ status }) => status === 'captured')
        .map(({ kind }) => paymentKinds[kind].receiptNote(file.partner.legalName))
        .filter((note) => note !== undefined),
    ),
  ]
}

function documentOf(
  file: SessionFile,
  number: string,
  now: string,
  issuer: string,
): InvoiceDocument {
  const { verdict } = saleOf(file).verdict
  const totals = verdict.payable
  if (totals === null) throw new InvariantError(`Session ${file.session.id} has nothing payable.`)
  const captured = file.payments.filter((payment) => payment.status === 'captured')
  const references = captured.flatMap(({ pspId }) => (pspId === null ? [] : [pspId]))
  const profile = profileByRef(file.quote.marketProfile)
  const given = contributionTo(file)
  return buildInvoice({
    number,
    issueDate: localDate(now, file.location.timeZone),
    supplyDate: localDate(file.session.endedAt ?? now, file.location.timeZone),
    seller: partyOf(file.cpo),
    buyer: partyOf(file.partner),
    driverReference: file.driverReference,
    sessionId: file.session.id,
    evseId: file.evse.evseId,
    place: `${file.location.address}, ${file.location.city}`,
    rating: verdict.rating,
    totals,
    paid: paidOf(captured, file.session.currency),
    ...(given === undefined ? {} : { contribution: { from: given.from, amount: given.amount } }),
    paymentReference: references.length === 0 ? null : references.join(', '),
    notes: notesOf(file, issuer, given),
    languages: profile?.invoice.languages ?? ['en'],
  })
}

/** What the driver has paid of it, by all payments; nothing when the partner is billed for the driver. */
const paidOf = (captured: SessionFile['payments'], currency: Currency): Money =>
  sum(
    captured.flatMap(({ kind, captured: paid }) =>
      paid === null || paymentKinds[kind].owedBy === 'partner' ? [] : [paid],
    ),
    currency,
  )

/**
 * Issues the sale's invoice in the operator's name, once per session; the caller's tx holds the session's papers. Number,
 * document and timeline are one tx, so a crash leaves neither a gap in the series nor a document without a number.
 */
export async function issueInvoice(
  tx: Tx,
  file: SessionFile,
  { now, issuer }: { now: string; issuer: string },
): Promise<InvoiceBytes> {
  if (file.invoice !== undefined) return file.invoice
  const sessionId = file.session.id
  const series = `${file.location.country}-${localDate(now, file.location.timeZone).slice(0, 4)}`
  const number = await nextInvoiceNumber(tx, file.cpo.id, series)
  const document = documentOf(
    file,
    `${file.location.partyId}-${series}-${String(number).padStart(6, '0')}`,
    now,
    issuer,
  )
  const bytes = { xml: toXml(document), pdf: await renderInvoice(document, now) }
  const invoice = await insertInvoice(tx, {
    sessionId,
    sellerId: file.cpo.id,
    buyerAccountId: file.partner.id,
    kind: 'receipt_invoice',
    revision: 1,
    series,
    number,
    documentNumber: document.number,
    currency: file.session.currency,
    netMinor: document.totals.net.amount,
    vatMinor: document.totals.vat.amount,
    grossMinor: document.totals.gross.amount,
    body: document,
    ...bytes,
    issuedAt: now,
  })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      event: { type: 'invoice.finalized', data: invoiceView(invoice) },
      room: 'invoice',
      what: 'invoice issued',
      detail: { invoice: invoice.id, number: document.number },
      dedupeKey: `${sessionId}:invoice`,
      at: now,
    },
  )
  return bytes
}

/**
 * Issues the credit note of a sale that became cheaper after its invoice, once for each change of the sale: what all
 * documents of the session say together is its price.
 */
export async function issueCreditNote(
  tx: Tx,
  file: SessionFile,
  { now, issuer }: { now: string; issuer: string },
): Promise<void> {
  const { invoice, creditNotes } = file
  const { revision, verdict } = saleOf(file)
  const totals = verdict.verdict.payable
  if (invoice === undefined || totals === null || revision === 1) return
  if (creditNotes.some((note) => note.revision === revision)) return
  const less = creditNotes.reduce(
    (left, { body }) => lessBy(left, totalsOfDocument(body)),
    lessBy(totalsOfDocument(invoice.body), totals),
  )
  if (less.gross.amount === 0) return
  const { country, partyId, timeZone } = file.location
  const issueDate = localDate(now, timeZone)
  const series = `${country}-CN-${issueDate.slice(0, 4)}`
  const number = await nextInvoiceNumber(tx, file.cpo.id, series)
  const givenBack = file.refunds
    .filter((refund) => refund.revision === revision && refund.status !== 'refused')
    .reduce((total, { amount }) => add(total, amount), money(0, less.gross.currency))
  const document = buildCreditNote(invoice.body, {
    number: `${partyId}-${series}-${String(number).padStart(6, '0')}`,
    issueDate,
    totals: less,
    paid: minimum(givenBack, less.gross),
    notes: [`Issued by ${issuer} in the name and on behalf of ${file.cpo.legalName}.`],
  })
  const note = await insertInvoice(tx, {
    sessionId: file.session.id,
    sellerId: file.cpo.id,
    buyerAccountId: file.partner.id,
    kind: 'credit_note',
    revision,
    series,
    number,
    documentNumber: document.number,
    currency: file.session.currency,
    netMinor: document.totals.net.amount,
    vatMinor: document.totals.vat.amount,
    grossMinor: document.totals.gross.amount,
    body: document,
    xml: toXml(document),
    pdf: await renderInvoice(document, now),
    issuedAt: now,
  })
  file.creditNotes.push(note)
  await changeSession(
    tx,
    file.session.id,
    {},
    {
      event: { type: 'invoice.finalized', data: invoiceView(note) },
      room: 'invoice',
      what: 'credit note issued',
      detail: { invoice: note.id, number: document.number, takes_back: document.totals.gross },
      dedupeKey: `${file.session.id}:credit_note:${revision}`,
      at: now,
    },
  )
}

const totalsOfDocument = ({ totals, vat }: InvoiceDocument): Totals => ({
  ...totals,
  vat_lines: vat.map((line) => ({ ...line, gross: add(line.net, line.vat) })),
})

import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import type { SessionFile } from '@chargelane/db/queries/documents/evidence'
import { insertInvoice, nextInvoiceNumber } from '@chargelane/db/queries/documents/invoices'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { invoiceView } from '@chargelane/db/views/money/invoices'
import { profileByRef } from '@chargelane/rules/markets'
import { toXml } from '@chargelane/rules/invoice/en16931'
import { saleCreditNote, saleInvoice } from '@chargelane/rules/invoice/sale'
import type { InvoiceDocument, InvoiceParty } from '@chargelane/rules/invoice'

/** The invoice itself; these very bytes are in the evidence pack. People read a page drawn from it when they ask. */
export type InvoiceText = { xml: string }

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

function documentOf(
  file: SessionFile,
  number: string,
  now: string,
  issuer: string,
): InvoiceDocument {
  const { split, basis, verdict: judged } = saleOf(file)
  const { rating, payable: totals } = judged.verdict
  if (totals === null) throw new InvariantError(`Session ${file.session.id} has nothing payable.`)
  const profile = profileByRef(file.quote.marketProfile)
  return saleInvoice({
    number,
    issueDate: localDate(now, file.location.timeZone),
    supplyDate: localDate(file.session.endedAt ?? now, file.location.timeZone),
    seller: partyOf(file.cpo),
    buyer: partyOf(file.partner),
    sessionId: file.session.id,
    evseId: file.evse.evseId,
    place: `${file.location.address}, ${file.location.city}`,
    rating,
    totals,
    payments: file.payments,
    contributions: split.contributions,
    isProvisional: basis === 'provisional',
    issuer,
    languages: profile?.invoice.languages ?? ['en'],
  })
}

/**
 * Issues the sale's invoice in the operator's name, once per session; the caller's tx holds the session's papers. Number,
 * document and timeline are one tx, so a crash leaves neither a gap in the series nor a document without a number.
 */
export async function issueInvoice(
  tx: Tx,
  file: SessionFile,
  { now, issuer }: { now: string; issuer: string },
): Promise<InvoiceText> {
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
  const xml = toXml(document)
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
    xml,
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
  return { xml }
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
  const { revision, verdict, state, splitInput } = saleOf(file)
  const totals = state.givenBack === undefined ? verdict.verdict.payable : splitInput.sale
  if (invoice === undefined || totals === null || revision === 1) return
  if (creditNotes.some((note) => note.revision === revision)) return
  const { country, partyId, timeZone } = file.location
  const issueDate = localDate(now, timeZone)
  const note = (number: string) =>
    saleCreditNote({
      invoice: invoice.body,
      earlier: creditNotes.map(({ body }) => body),
      number,
      issueDate,
      issuer,
      totals,
      givenBack: file.refunds
        .filter((refund) => refund.revision === revision && refund.status !== 'refused')
        .map(({ amount }) => amount),
    })
  // A number is taken only by what is issued.
  if (note('') === undefined) return
  const series = `${country}-CN-${issueDate.slice(0, 4)}`
  const number = await nextInvoiceNumber(tx, file.cpo.id, series)
  const document = note(`${partyId}-${series}-${String(number).padStart(6, '0')}`)
  if (document === undefined) return
  const issued = await insertInvoice(tx, {
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
    issuedAt: now,
  })
  file.creditNotes.push(issued)
  await changeSession(
    tx,
    file.session.id,
    {},
    {
      event: { type: 'invoice.finalized', data: invoiceView(issued) },
      room: 'invoice',
      what: 'credit note issued',
      detail: { invoice: issued.id, number: document.number, takes_back: document.totals.gross },
      dedupeKey: `${file.session.id}:credit_note:${revision}`,
      at: now,
    },
  )
}

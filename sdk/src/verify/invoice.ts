/** The documents of a sale, written again from what the pack says; byte for byte they must be the ones in it. */
import { z } from 'zod'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compareExact, exact, minus, zero } from '@chargelane/rules/exact'
import { toDecimal } from '@chargelane/rules/money'
import { manifestPath } from '@chargelane/rules/evidence'
import type { InvoiceDocument } from '@chargelane/rules/invoice'
import { toXml } from '@chargelane/rules/invoice/en16931'
import { saleCreditNote, saleInvoice, type SaleFacts } from '@chargelane/rules/invoice/sale'
import { profileByRef } from '@chargelane/rules/markets'
import type { Totals } from '@chargelane/rules/rating'
import {
  fail,
  type Failure,
  Hidden,
  type Outcome,
  type Pack,
  Refused,
  same,
  shown,
} from './pack.ts'
import { judgeAgain } from './price.ts'
import { ownSale } from './own.ts'
import { payableOf, planOf, priceNow, stateOf } from './sale.ts'
import {
  type SaleRevision,
  zCreditNotes,
  zManifest,
  zPayment,
  zSession,
  zSplitHead,
  zTimeline,
} from './shapes.ts'

const invoicePath = 'invoice.xml'
const notesPath = 'credit-notes.json'

const entities: [string, string][] = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
]
const plain = (text: string) =>
  entities.reduce((all, [entity, char]) => all.replaceAll(entity, char), text)

/** The texts of an element, in order; a document of ours writes each on a line of its own. */
const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<cbc:${element}(?: [^>]*)?>([^<]*)</cbc:${element}>`, 'g'))].map(
    ([, text = '']) => plain(text),
  )

/** What a document states of itself and nothing else says: its number and its day. */
const headOf = (xml: string) => ({
  number: textsOf(xml, 'ID')[0] ?? '',
  issueDate: textsOf(xml, 'IssueDate')[0] ?? '',
})

const calendarDay = /^\d{4}-\d\d-\d\d$/

/** The first line in which two documents differ, in the words of the element that stands there. */
function differenceOf(path: string, stated: string, found: string): Failure {
  const [a, b] = [stated.split('\n'), found.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  const [here, there] = [a[at] ?? '(end)', b[at] ?? '(end)'].map((line) => line.trim())
  const element = /<\/?(?:\w+:)?(\w+)/.exec(here ?? '')?.[1] ?? 'document'
  return fail(`${path}: ${element}: ${here} is written, ${there} follows`, path, element)
}

/** Local at the charger, as the day of supply is. */
const localDay = (instant: string, timeZone: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(instant))

/** Ends that were believed before another was told: an invoice of that time is of their day. */
const guessedEnds = (pack: Pack): string[] =>
  pack
    .open('timeline.json', zTimeline)
    .filter(({ room, what }) => room === 'charging' && what === 'end told after a guess')
    .flatMap(({ detail }) => zGuess.safeParse(detail).data?.guessed_end ?? [])

const zGuess = z.object({ guessed_end: z.iso.datetime() })

function factsOf(pack: Pack, totals: Totals): Omit<SaleFacts, 'payments' | 'contributions'> {
  const session = pack.json('session.json', zSession)
  const xml = pack.text(invoicePath)
  const head = headOf(xml)
  const { sealed_at: sealed } = pack.json(manifestPath, zManifest)
  const { ended_at: ended, place } = session
  const days = [ended ?? sealed, ...guessedEnds(pack)].map((at) => localDay(at, place.time_zone))
  const [told = ''] = days
  const supplyDate = days.find((day) => xml.includes(`<cbc:StartDate>${day}<`)) ?? told
  if (!calendarDay.test(head.issueDate) || head.issueDate > localDay(sealed, place.time_zone))
    throw new Refused(
      fail(`${invoicePath}: IssueDate: ${head.issueDate}`, invoicePath, 'IssueDate'),
    )
  return {
    ...head,
    supplyDate,
    seller: session.seller,
    buyer: session.partner,
    sessionId: session.id,
    evseId: session.evse.evse_id,
    place: `${place.address}, ${place.city}`,
    rating: judgeAgain(pack).verdict.rating,
    totals,
    isProvisional: pack.json('split.json', zSplitHead).basis === 'provisional',
    issuer: pack.json(manifestPath, zManifest).issuer.name,
    languages: profileByRef(session.market_profile)?.invoice.languages ?? ['en'],
  }
}

/** What of a sale and its changes stands in its documents. */
type Billed = {
  revision: number
  basis: SaleRevision['basis']
  cdr: string
  sale: Totals
  contributions: SaleRevision['split']['contributions']
}

const headOfChange = (each: Pick<SaleRevision, 'revision' | 'basis' | 'cdr'>) => ({
  revision: each.revision,
  basis: each.basis,
  cdr: each.cdr,
})

/** A side sees what it gives to the driver, and finds out what the driver's plan pays. */
async function billedOf(pack: Pack): Promise<Billed[]> {
  try {
    return stateOf(pack).revisions.map((each) => ({
      ...headOfChange(each),
      sale: each.input.sale,
      contributions: each.split.contributions,
    }))
  } catch (error) {
    if (!(error instanceof Hidden)) throw error
    const { revisions } = await ownSale(pack, () => planOf(pack))
    return revisions.map(({ stated, split }) => ({
      ...headOfChange(stated),
      sale: stated.input.sale,
      contributions: split.contributions,
    }))
  }
}

/** An invoice is of the first sale: what a later change takes back is in the credit notes. */
function invoiceAgain(pack: Pack, billed: readonly Billed[]): InvoiceDocument {
  const [first] = billed
  if (first === undefined) throw new Refused(fail('split.json has no sale', 'split.json'))
  const { payments } = pack.json('payment.json', zPayment)
  const facts = factsOf(pack, first.sale)
  return saleInvoice({
    ...facts,
    // A later record is rated otherwise; the invoice's lines are then its own.
    rating: isOfOneRecord(billed) ? facts.rating : null,
    isProvisional: first.basis === 'provisional',
    payments,
    contributions: first.contributions,
  })
}

/** A document without what was paid of it before. */
const open = (xml: string) =>
  xml
    .split('\n')
    .filter((line) => !/<cbc:(PrepaidAmount|PayableAmount)/.test(line))
    .join('\n')

/** For whoever may not see how it was paid: everything but what was paid before, and the words about it. */
function checkOpenParts(pack: Pack, hidden: Hidden): Outcome {
  const price = payableOf(pack)
  if (price === null || pack.has(notesPath)) return { committed: hidden.message }
  const stated = pack.text(invoicePath)
  const document = saleInvoice({ ...factsOf(pack, price), payments: [], contributions: [] })
  const written = toXml({ ...document, notes: textsOf(stated, 'Note') })
  const [prepaid, due] = ['PrepaidAmount', 'PayableAmount'].map((element) =>
    exact(textsOf(stated, element)[0] ?? '0'),
  )
  const left = minus(exact(toDecimal(price.gross)), prepaid ?? zero)
  if (compareExact(left, due ?? zero) !== 0)
    return fail(
      `${invoicePath}: PayableAmount is not what PrepaidAmount leaves of ${shown(price.gross)}`,
      invoicePath,
      'PayableAmount',
    )
  return open(stated) === open(written)
    ? `parties, lines, tax and totals (${shown(price.gross)}) written again; what was paid before is the partner's`
    : differenceOf(invoicePath, open(stated), open(written))
}

export async function checkInvoice(pack: Pack): Promise<Outcome> {
  try {
    const billed = await billedOf(pack)
    const document = invoiceAgain(pack, billed)
    const stated = pack.text(invoicePath)
    const written = toXml(document)
    const [a, b] = isOfOneRecord(billed)
      ? [stated, written]
      : [withoutLines(stated), withoutLines(written)]
    if (a !== b) return differenceOf(invoicePath, a, b)
    const notes = checkNotes(pack, document, billed)
    const less = notes.map((number) => ` less credit note ${number}`).join('')
    return `written again, byte for byte${less}: ${shown(document.totals.gross)}`
  } catch (error) {
    if (error instanceof Hidden) return checkOpenParts(pack, error)
    throw error
  }
}

/** After a later record the rating of the first is not in the pack: the lines of its invoice are read, not written again. */
function isOfOneRecord(billed: readonly Billed[]): boolean {
  const [first] = billed
  return billed.every((each) => each.cdr === first?.cdr && same(each.sale, first.sale))
}

const withoutLines = (xml: string) =>
  xml.replaceAll(/\s*<cac:InvoiceLine>[\s\S]*?<\/cac:InvoiceLine>/g, '')

type Refund = { amount: Money; status: string }

/**
 * What of these may have been given back when the note was written: as it is now, or otherwise, since one that was
 * refused may be paid later, and one that was given back may be returned.
 */
function waysOf(refunds: readonly Refund[]): Refund[][] {
  const now = refunds.filter(({ status }) => status !== 'refused')
  const others = Array.from({ length: 2 ** Math.min(refunds.length, 8) }, (_, ways) =>
    refunds.filter((_refund, index) => (ways & (1 << index)) !== 0),
  )
  return [now, ...others]
}

/** Each credit note takes back what the documents before it say too much by. */
function checkNotes(pack: Pack, invoice: InvoiceDocument, billed: readonly Billed[]): string[] {
  const notes = pack.has(notesPath) ? pack.json(notesPath, zCreditNotes) : []
  const { payments } = pack.json('payment.json', zPayment)
  const issuer = pack.json(manifestPath, zManifest).issuer.name
  const earlier: InvoiceDocument[] = []
  for (const [index, note] of notes.entries()) {
    const totals = billed.find(({ revision }) => revision === note.revision)?.sale
    if (totals === undefined)
      throw new Refused(
        fail(`${notesPath}: of no change of the sale`, notesPath, `/${index}/revision`),
      )
    const refunds = payments
      .flatMap((payment) => payment.refunds)
      .filter(({ revision }) => revision === note.revision)
    const ways = waysOf(refunds).map((given) =>
      saleCreditNote({
        invoice,
        earlier,
        ...headOf(note.xml),
        issuer,
        totals,
        givenBack: given.map(({ amount }) => amount),
      }),
    )
    const document = ways.find((way) => way !== undefined && toXml(way) === note.xml)
    if (document === undefined || document.number !== note.number) {
      const [way] = ways
      throw new Refused(
        way === undefined
          ? fail(`${notesPath}: nothing is to be taken back`, notesPath, `/${index}`)
          : differenceOf(notesPath, note.xml, toXml(way)),
      )
    }
    earlier.push(document)
  }
  checkAllSaid(pack, invoice, earlier)
  return earlier.map(({ number }) => number)
}

/** All documents of the session together say its price. */
function checkAllSaid(
  pack: Pack,
  invoice: InvoiceDocument,
  notes: readonly InvoiceDocument[],
): void {
  const price = priceNow(pack)?.gross.amount ?? 0
  const said = notes.reduce(
    (sum, { totals }) => sum - totals.gross.amount,
    invoice.totals.gross.amount,
  )
  if (said !== price)
    throw new Refused(
      fail(
        `${invoicePath} less its credit notes says ${said}, the price is ${price}`,
        invoicePath,
        'TaxInclusiveAmount',
      ),
    )
}

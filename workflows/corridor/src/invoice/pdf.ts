import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
// oxlint-disable-next-line import/no-named-as-default -- the types know the default export only
import PDFDocument from 'pdfkit'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { toDecimal } from '@chargelane/rules/money'
import type { InvoiceDocument, InvoiceParty } from '@chargelane/rules/invoice'
import { sharedFont } from './font.ts'

const fonts = createRequire(import.meta.url)
const fontOf = (name: string, alphabet: string) =>
  sharedFont(readFileSync(fonts.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)), alphabet)

/** What nearly every document is written in, two ligatures included. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,:-/%() fi fl'
const regular = fontOf('DejaVuSans', `${letters}&*+;_'·×—€äöüßÄÖÜéè`)
const bold = fontOf('DejaVuSans-Bold', letters)

export type Cell = { text: string; width: number; align?: 'left' | 'right' }
export type Page = {
  title(text: string): void
  /** A small grey line. */
  note(text: string): void
  text(text: string): void
  gap(): void
  /** One table row; `strong` rows are totals and headings. */
  row(cells: Cell[], strong?: boolean): void
  rule(): void
}

const margin = 56
const contentWidth = 595 - 2 * margin
/** No row is taller. */
const tallestRow = 200

/** A4 pages, PDF/A-3b with embedded fonts, so that a document kept for ten years still opens. */
export async function renderPdf(
  info: { title: string; author: string; createdAt: string },
  draw: (page: Page) => void,
): Promise<Buffer> {
  const createdAt = new Date(info.createdAt)
  const document = new PDFDocument({
    size: 'A4',
    margin,
    subset: 'PDF/A-3b',
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    // The fonts are embedded ones; pdfkit's own default would not be.
    font: '',
    info: {
      Title: info.title,
      Author: info.author,
      Creator: 'Chargelane',
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  })
  // Known by name: a font that is given itself is looked at anew for every text.
  for (const [name, shared] of Object.entries({ bold, regular }))
    shared.share(document.registerFont(name, shared.font).font(name))
  const chunks: Buffer[] = []
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => resolve(Buffer.concat(chunks)))
    document.on('error', reject)
  })
  draw(pageOf(document))
  document.end()
  return done
}

/** Beside or under what stands there, line by line; only a line that is too long is broken, which costs three times as much. */
function write(
  document: PDFKit.PDFDocument,
  text: string,
  { left, width, align }: { left: number; width: number; align: 'left' | 'right' },
): void {
  for (const line of text.split('\n')) {
    const { y } = document
    const wide = document.widthOfString(line)
    if (wide > width) {
      document.text(line, left, y, { width, align })
      continue
    }
    document.text(line, align === 'right' ? left + width - wide : left, y, { lineBreak: false })
    document.y = y + document.currentLineHeight(true)
  }
}

function pageOf(document: PDFKit.PDFDocument): Page {
  /** Near the foot of a page what comes is measured before it is drawn; elsewhere it fits. */
  const makeRoom = (cells: readonly { text: string; width: number }[]) => {
    const left = 842 - margin - document.y
    if (left >= tallestRow) return
    const heights = cells.map(({ text, width }) => document.heightOfString(text, { width }))
    if (Math.max(...heights) > left) document.addPage()
  }
  const paragraph = (text: string) => {
    makeRoom([{ text, width: contentWidth }])
    write(document, text, { left: margin, width: contentWidth, align: 'left' })
  }
  return {
    title: (text) =>
      void document.font('bold').fontSize(18).fillColor('#0b1f33').text(text, margin).moveDown(0.4),
    note: (text) => {
      document.font('regular').fontSize(7.5).fillColor('#5b6b7a')
      paragraph(text)
    },
    text: (text) => {
      document.font('regular').fontSize(9.5).fillColor('#0b1f33')
      paragraph(text)
    },
    gap: () => void document.moveDown(0.8),
    rule: () => {
      document
        .moveTo(margin, document.y + 2)
        .lineTo(margin + contentWidth, document.y + 2)
        .lineWidth(0.5)
        .strokeColor('#b8c4cf')
        .stroke()
      document.y += 7
    },
    row: (cells, strong = false) => {
      document
        .font(strong ? 'bold' : 'regular')
        .fontSize(8.5)
        .fillColor('#0b1f33')
      makeRoom(cells.map(({ text, width }) => ({ text, width: width - 6 })))
      const top = document.y
      let left = margin
      let bottom = top
      for (const cell of cells) {
        document.y = top
        write(document, cell.text, { left, width: cell.width - 6, align: cell.align ?? 'left' })
        bottom = Math.max(bottom, document.y)
        left += cell.width
      }
      document.y = bottom + 4
    },
  }
}

export function shown(amount: Money): string {
  return `${toDecimal(amount)} ${amount.currency}`
}

function partyText(party: InvoiceParty): string {
  const { street, postal_code, city } = party.address
  return [
    party.legalName,
    street,
    `${postal_code} ${city}, ${party.country}`,
    party.vatId === null ? '' : `VAT ${party.vatId}`,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

const columns = { what: 203, quantity: 80, price: 90, vat: 45, net: 65 }

const titleOf = ({ number, credits }: InvoiceDocument): string =>
  credits === undefined ? `Invoice ${number}` : `Credit note ${number}`

/** The invoice as people read it; the XML beside it says the same. */
export function renderInvoice(invoice: InvoiceDocument, createdAt: string): Promise<Buffer> {
  return renderPdf(
    { title: titleOf(invoice), author: invoice.seller.legalName, createdAt },
    (page) => {
      page.title(titleOf(invoice))
      if (invoice.credits !== undefined)
        page.text(
          `Takes back a part of invoice ${invoice.credits.number} of ${invoice.credits.issueDate}`,
        )
      page.row([
        { text: `Seller\n${partyText(invoice.seller)}`, width: contentWidth / 2 },
        {
          text: `Buyer\n${partyText(invoice.buyer)}`,
          width: contentWidth / 2,
        },
      ])
      page.gap()
      page.text(
        `Date ${invoice.issueDate} · supplied ${invoice.supplyDate} · ${invoice.place} · EVSE ${invoice.evseId}`,
      )
      page.text(`Session ${invoice.sessionId}`)
      page.gap()
      page.row(header(), true)
      page.rule()
      for (const line of invoice.lines)
        page.row([
          { text: line.description, width: columns.what },
          {
            text: `${line.quantity} ${unitText[line.unitCode]}`,
            width: columns.quantity,
            align: 'right',
          },
          {
            text: `${line.unitPrice} / ${line.baseQuantity === 1 ? unitText[line.unitCode] : 'h'}`,
            width: columns.price,
            align: 'right',
          },
          {
            text: line.vatRate === null ? '—' : `${line.vatRate} %`,
            width: columns.vat,
            align: 'right',
          },
          { text: toDecimal(line.net), width: columns.net, align: 'right' },
        ])
      page.rule()
      for (const [label, value] of totalsOf(invoice))
        page.row(totalRow(label, value), label === 'Total')
      page.gap()
      page.text(
        `${invoice.credits === undefined ? 'Paid by card' : 'Given back'}: ${shown(invoice.paid)}${invoice.paymentReference === null ? '' : ` (reference ${invoice.paymentReference})`}`,
      )
      if (invoice.contribution !== undefined)
        page.text(`Paid by ${invoice.contribution.from}: ${shown(invoice.contribution.amount)}`)
      page.gap()
      for (const note of invoice.notes) page.note(note)
    },
  )
}

const unitText = { KWH: 'kWh', SEC: 's', C62: '×' } as const

function header(): Cell[] {
  return [
    { text: 'Description', width: columns.what },
    { text: 'Quantity', width: columns.quantity, align: 'right' },
    { text: 'Net unit price', width: columns.price, align: 'right' },
    { text: 'VAT', width: columns.vat, align: 'right' },
    { text: 'Net', width: columns.net, align: 'right' },
  ]
}

function totalsOf(invoice: InvoiceDocument): [string, string][] {
  return [
    ['Net', shown(invoice.totals.net)],
    ...invoice.vat.map((line): [string, string] => [
      line.rate === null ? 'No VAT' : `VAT ${line.rate} %`,
      shown(line.vat),
    ]),
    ['Total', shown(invoice.totals.gross)],
  ]
}

function totalRow(label: string, value: string): Cell[] {
  return [
    { text: label, width: contentWidth - 120, align: 'right' },
    { text: value, width: 120, align: 'right' },
  ]
}

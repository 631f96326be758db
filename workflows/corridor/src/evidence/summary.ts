// The pack in words, for people: rendered when somebody asks, from the sealed files alone. It proves nothing itself.
import { InvariantError } from '@chargelane/rules/assert'
import { strFromU8 } from 'fflate'
import * as z from 'zod'
import { zMoney } from '@chargelane/openapi/vocabulary/money'
import type { PackPath } from '@chargelane/rules/evidence'
import { readArchive } from '@chargelane/rules/evidence/archive'
import type { Entries } from '@chargelane/rules/evidence/archive'
import { renderPdf, shown } from '../invoice/pdf.ts'
import type { Page } from '../invoice/pdf.ts'

// What the page shows of the pack's files; every file holds more.
const zParty = z.object({ legalName: z.string(), vatId: z.string().nullable() })
const zSession = z.object({
  id: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  energy_wh: z.string(),
  seller: zParty,
  partner: zParty,
  evse: z.object({ evse_id: z.string() }),
  place: z.object({ address: z.string(), city: z.string(), country: z.string() }),
})
const zQuote = z.object({ body: z.object({ tariff_hash: z.string().optional() }) })
const zReading = z.object({ kwh: z.string() }).nullable()
const zMeter = z.object({
  check: z.object({
    status: z.string(),
    detail: z.string().nullable(),
    energy_kwh: z.string().nullable(),
    begin: zReading,
    end: zReading,
  }),
})
const zVerdict = z.object({
  verdict: z.object({
    kind: z.string(),
    rules: z.array(z.string()),
    payable: z.object({ net: zMoney, vat: zMoney, gross: zMoney }).nullable(),
  }),
})
const zLine = z.object({
  type: z.string(),
  billed_quantity: z.string(),
  unit: z.string(),
  unit_price: z.string(),
  vat_rate: z.string().nullable(),
  net: z.string(),
})
const zRating = z.object({ periods: z.array(z.object({ lines: z.array(zLine) })) }).nullable()
/** What is not for this reader stands in a list as a commitment, or in place of the whole list. */
const listOf = <T>(item: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((each) => item.safeParse(each).data ?? []))

const zPayments = z.object({
  payments: listOf(
    z.object({
      attempt: z.int(),
      hold: zMoney,
      captured: zMoney.nullable(),
      status: z.string(),
    }),
  ),
})
const zSplit = z.object({
  split: z.object({
    shares: listOf(z.object({ party: z.object({ role: z.string() }), amount: zMoney })),
    tax: zMoney.nullable().catch(null),
  }),
})
const zTimeline = listOf(z.object({ at: z.string(), room: z.string(), what: z.string() }))
const zSettlement = listOf(
  z.object({
    role: z.string(),
    amount: zMoney,
    state: z.string().nullable(),
    paid_at: z.string().nullable(),
  }),
)

/** A file of the pack, read; undefined when this pack has none. */
function read<T>(entries: Entries, path: PackPath, shape: z.ZodType<T>): T | undefined {
  const bytes = entries.get(path)
  return bytes === undefined ? undefined : shape.parse(JSON.parse(strFromU8(bytes)))
}

const widths = { label: 190, value: 293 }

/** What takes rows of a label and its value: a page, or a list of lines. */
type Rows = Pick<Page, 'row'>

function fact(page: Rows, label: string, value: string | null | undefined) {
  if (value === null || value === undefined || value === '') return
  page.row([
    { text: label, width: widths.label },
    { text: value, width: widths.value },
  ])
}

function sessionFacts(page: Rows, session: z.infer<typeof zSession>) {
  const { seller, place } = session
  fact(
    page,
    'Charged at',
    `${session.evse.evse_id}, ${place.address}, ${place.city} (${place.country})`,
  )
  fact(page, 'From', session.started_at)
  fact(page, 'To', session.ended_at)
  fact(page, 'Ended because', session.end_reason)
  fact(page, 'Energy', `${session.energy_wh} Wh`)
  fact(page, 'Seller', `${seller.legalName}${seller.vatId === null ? '' : `, VAT ${seller.vatId}`}`)
  fact(page, 'Sold through', session.partner.legalName)
}

function meterFacts(page: Rows, entries: Entries) {
  const meter = read(entries, 'meter/signed-values.json', zMeter)
  if (meter === undefined) return
  const { status, detail, energy_kwh: energy, begin, end } = meter.check
  const found = energy === null ? '' : `: ${begin?.kwh} to ${end?.kwh}, ${energy} kWh`
  fact(page, 'Signed meter values', `${status}${detail === null ? found : `: ${detail}`}`)
}

function priceFacts(page: Rows, entries: Entries) {
  const verdict = read(entries, 'verdict.json', zVerdict)?.verdict
  if (verdict === undefined) return
  const remarks = verdict.rules.join(', ') || 'no remarks'
  fact(page, 'Record of the operator', `${verdict.kind} (${remarks})`)
  if (verdict.payable === null) return
  for (const line of read(entries, 'rating.json', zRating)?.periods.flatMap((each) => each.lines) ??
    [])
    fact(
      page,
      line.type,
      `${line.billed_quantity} ${line.unit} at ${line.unit_price} net, VAT ${line.vat_rate ?? 'none'}: ${line.net} net`,
    )
  fact(page, 'Net', shown(verdict.payable.net))
  fact(page, 'VAT', shown(verdict.payable.vat))
  fact(page, 'Price', shown(verdict.payable.gross))
}

function paymentFacts(page: Rows, entries: Entries) {
  for (const payment of read(entries, 'payment.json', zPayments)?.payments ?? []) {
    const captured = payment.captured === null ? '' : `, captured ${shown(payment.captured)}`
    fact(
      page,
      `Payment ${payment.attempt}`,
      `held ${shown(payment.hold)}${captured}, ${payment.status}`,
    )
  }
}

function shareFacts(page: Rows, entries: Entries) {
  const split = read(entries, 'split.json', zSplit)?.split
  for (const { party, amount } of split?.shares ?? [])
    fact(page, `Share of ${party.role}`, shown(amount))
  const tax = split?.tax
  if (tax && tax.amount !== 0) fact(page, 'Tax to pay over', shown(tax))
  for (const payable of read(entries, 'settlement.json', zSettlement) ?? []) {
    const paid = payable.paid_at === null ? '' : ` ${payable.paid_at}`
    fact(
      page,
      `Settlement of ${payable.role}`,
      `${shown(payable.amount)}, ${payable.state ?? 'open'}${paid}`,
    )
  }
}

/** One page for people about a sealed pack; every figure of it stands in a machine-readable file of the pack. */
export function renderSummary(pack: Uint8Array, sealedAt: string): Promise<Buffer> {
  const { entries } = readArchive(pack)
  const session = read(entries, 'session.json', zSession)
  if (session === undefined) throw new InvariantError('The pack holds no session.')
  const tariffHash = read(entries, 'quote.json', zQuote)?.body.tariff_hash
  const about = { title: `Evidence ${session.id}`, author: 'Chargelane', createdAt: sealedAt }
  return renderPdf(about, (page) => {
    page.title('Evidence of a charging session')
    page.text(session.id)
    page.gap()
    sessionFacts(page, session)
    fact(page, 'Public tariff', tariffHash)
    meterFacts(page, entries)
    page.rule()
    priceFacts(page, entries)
    page.rule()
    paymentFacts(page, entries)
    shareFacts(page, entries)
    page.gap()
    page.note(
      'This page is a reading aid. Verify the pack it was rendered from offline: npx chargelane-verify PACK.zip recomputes the price and checks every hash and signature.',
    )
  })
}

function linesOf(write: (rows: Rows) => void): string[] {
  const lines: string[] = []
  write({
    row(cells) {
      lines.push(cells.map(({ text }) => text).join(': '))
    },
  })
  return lines
}

/** Rooms in which something happens with the driver, its card and its car. */
const roomsOfSession = new Set(['routing', 'authorization', 'charging', 'record', 'cdr', 'capture'])

export type PackInWords = {
  endedAt: string | null
  /** Who sold what to whom, where, and what its meter showed. */
  service: string[]
  /** The price line by line, and how it was paid. */
  receipt: string[]
  /** What happened from the start to the capture, with the time of each. */
  log: string[]
}

/** For whoever has to be told of a session outside: nothing of what its parties share among themselves. */
export function packInWords(pack: Uint8Array): PackInWords {
  const { entries } = readArchive(pack)
  const session = read(entries, 'session.json', zSession)
  if (session === undefined) throw new InvariantError('The pack holds no session.')
  const timeline = read(entries, 'timeline.json', zTimeline) ?? []
  return {
    endedAt: session.ended_at,
    service: linesOf((rows) => {
      fact(rows, 'Session', session.id)
      sessionFacts(rows, session)
      meterFacts(rows, entries)
    }),
    receipt: linesOf((rows) => {
      priceFacts(rows, entries)
      paymentFacts(rows, entries)
    }),
    log: timeline.flatMap(({ at, room, what }) =>
      roomsOfSession.has(room) ? [`${at} ${what}`] : [],
    ),
  }
}

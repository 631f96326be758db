// What the sandbox bank prints: camt.053.001.08 statements of our accounts, each booking once unless it is told to err.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'

export type Booking = {
  /** The bank's own reference of it. */
  reference: string
  /** Decimal text in major units. */
  amount: string
  currency: string
  side: 'CRDT' | 'DBIT'
  bookedAt: string
  endToEndId: string | null
  counterparty: string
  text: string
  returnReason: string | null
}

const zIncoming = z.object({
  reference: z.string(),
  amount: z.string(),
  currency: z.string(),
  bookedAt: z.string(),
  counterparty: z.string(),
  text: z.string(),
})
export type Incoming = z.infer<typeof zIncoming>
const zPrinted = z.object({
  sequence: z.int(),
  currency: z.string(),
  closing: z.string(),
  references: z.array(z.string()),
  xml: z.string(),
})
export type Printed = z.infer<typeof zPrinted>
const zKept = z.union([z.object({ incoming: zIncoming }), z.object({ printed: zPrinted })])

export const ourIban = 'DE02100100109307118603'

/** Thousandths: every currency of the sandbox fits. */
const scaled = (text: string): bigint => {
  const [whole = '0', part = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole) * 1000n + BigInt(part.padEnd(3, '0'))
  return text.startsWith('-') ? -value : value
}
const decimal = (value: bigint): string => {
  const [sign, size] = value < 0n ? ['-', -value] : ['', value]
  return `${sign}${size / 1000n}.${String(size % 1000n).padStart(3, '0')}`
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (mark) => marks[mark] ?? '')
const tag = (name: string, ...inner: string[]) => `<${name}>${inner.join('')}</${name}>`
const amountOf = (value: bigint, currency: string) =>
  `<Amt Ccy="${currency}">${decimal(value < 0n ? -value : value)}</Amt><CdtDbtInd>${value < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`

const balance = (code: string, value: bigint, currency: string, day: string) =>
  tag(
    'Bal',
    tag('Tp', tag('CdOrPrtry', tag('Cd', code))),
    amountOf(value, currency),
    tag('Dt', tag('Dt', day)),
  )

const signed = ({ amount, side }: Booking) => (side === 'CRDT' ? scaled(amount) : -scaled(amount))

function entryOf(booking: Booking): string {
  const { reference, currency, side, bookedAt, endToEndId, counterparty, text } = booking
  const party = tag('Pty', tag('Nm', escaped(counterparty)))
  return tag(
    'Ntry',
    amountOf(signed(booking), currency),
    tag('Sts', tag('Cd', 'BOOK')),
    tag('BookgDt', tag('DtTm', bookedAt)),
    tag('AcctSvcrRef', reference),
    tag(
      'BkTxCd',
      tag(
        'Domn',
        tag('Cd', 'PMNT'),
        tag('Fmly', tag('Cd', side === 'CRDT' ? 'RCDT' : 'ICDT'), tag('SubFmlyCd', 'ESCT')),
      ),
    ),
    tag(
      'NtryDtls',
      tag(
        'TxDtls',
        tag('Refs', tag('EndToEndId', endToEndId ?? 'NOTPROVIDED')),
        tag('RltdPties', side === 'CRDT' ? tag('Dbtr', party) : tag('Cdtr', party)),
        tag('RmtInf', tag('Ustrd', escaped(text).slice(0, 140))),
        ...(booking.returnReason === null
          ? []
          : [tag('RtrInf', tag('Rsn', tag('Cd', booking.returnReason)))]),
      ),
    ),
  )
}

export class Statements {
  private readonly file: string | undefined
  private readonly came: Incoming[] = []
  private readonly printed: Printed[] = []

  constructor(stateFile: string | undefined) {
    this.file = stateFile === undefined ? undefined : `${stateFile}.statements`
    if (this.file === undefined || !existsSync(this.file)) return
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      if (line === '') continue
      const kept = zKept.parse(JSON.parse(line))
      if ('incoming' in kept) this.came.push(kept.incoming)
      else this.printed.push(kept.printed)
    }
  }

  receive(incoming: Incoming): void {
    this.keep({ incoming })
    this.came.push(incoming)
  }

  get incoming(): Booking[] {
    return this.came.map((each) => ({
      ...each,
      side: 'CRDT',
      endToEndId: null,
      returnReason: null,
    }))
  }

  /** Prints what was booked since the last statement of each currency; `repeat` prints its first booking twice. */
  print(bookings: readonly Booking[], now: string, repeat: boolean): void {
    const known = new Set(this.printed.flatMap(({ references }) => references))
    const fresh = bookings.filter(
      ({ reference, bookedAt }) => !known.has(reference) && bookedAt <= now,
    )
    for (const currency of [...new Set(fresh.map((each) => each.currency))].toSorted()) {
      const own = fresh.filter((each) => each.currency === currency)
      const [first] = own
      const lines = repeat && first !== undefined ? [first, ...own] : own
      const before = this.printed.findLast((each) => each.currency === currency)
      const opening = scaled(before?.closing ?? '0')
      const closing = lines.reduce((sum, line) => sum + signed(line), opening)
      const sequence = (this.printed.at(-1)?.sequence ?? 0) + 1
      const xml = this.documentOf({ sequence, currency, now, opening, closing, lines })
      const references = own.map(({ reference }) => reference)
      const printed = { sequence, currency, closing: decimal(closing), references, xml }
      this.keep({ printed })
      this.printed.push(printed)
    }
  }

  after(sequence: number): Printed[] {
    return this.printed.filter((each) => each.sequence > sequence)
  }

  private documentOf(of: {
    sequence: number
    currency: string
    now: string
    opening: bigint
    closing: bigint
    lines: readonly Booking[]
  }): string {
    const { sequence, currency, now, opening, closing, lines } = of
    const day = now.slice(0, 10)
    const body = tag(
      'BkToCstmrStmt',
      tag('GrpHdr', tag('MsgId', `MSG${sequence}`), tag('CreDtTm', now)),
      tag(
        'Stmt',
        tag('Id', `STM${sequence}`),
        tag('ElctrncSeqNb', String(sequence)),
        tag('CreDtTm', now),
        tag('FrToDt', tag('FrDtTm', lines[0]?.bookedAt ?? now), tag('ToDtTm', now)),
        tag('Acct', tag('Id', tag('IBAN', ourIban)), tag('Ccy', currency)),
        balance('OPBD', opening, currency, day),
        balance('CLBD', closing, currency, day),
        ...lines.map(entryOf),
      ),
    )
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">${body}</Document>\n`
  }

  private keep(kept: z.infer<typeof zKept>): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(kept)}\n`)
  }
}

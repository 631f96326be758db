/** Bank statements as ISO 20022 camt.053.001.08: read exactly, or refused with the reason. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as z from 'zod'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { fromDecimal, sum } from '../money.ts'

export type StatementLine = {
  /** The bank's own (AcctSvcrRef), and ours where the order had one (EndToEndId). */
  reference: string | null
  endToEndId: string | null
  /** Credits are positive. */
  amount: Money
  bookedAt: string
  text: string
  counterparty: string | null
  /** ISO 20022 reason where it is a return, e.g. AC04. */
  returnReason: string | null
  /** What the bank kept of it for itself, where it says so. */
  charges: Money | null
}

export type BankStatement = {
  id: string
  sequence: number
  account: string
  opening: Money
  closing: Money
  from: string | null
  until: string
  lines: StatementLine[]
}

export type StatementResult =
  | { ok: true; statements: BankStatement[] }
  | { ok: false; message: string }

const lists = new Set(['Stmt', 'Bal', 'Ntry', 'NtryDtls', 'TxDtls', 'Ustrd', 'Rcrd'])
const parser = new XMLParser({
  ignoreAttributes: false,
  // Amounts stay the text that they are.
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  processEntities: true,
  isArray: (name) => lists.has(name),
})

const zDecimal = z.string().regex(/^(?:0|[1-9]\d{0,12})(?:\.\d{1,5})?$/)
const zAmount = z.object({ '#text': zDecimal, '@_Ccy': z.string().regex(/^[A-Z]{3}$/) })
const zSide = z.enum(['CRDT', 'DBIT'])
const zInstant = z.iso.datetime({ offset: true })
const zDay = z.union([
  z.object({ Dt: z.iso.date() }).transform(({ Dt }) => `${Dt}T00:00:00.000Z`),
  z.object({ DtTm: zInstant }).transform(({ DtTm }) => DtTm),
])
const zParty = z.object({ Pty: z.object({ Nm: z.string().optional() }).optional() })
const zCharges = z.object({ Rcrd: z.array(z.object({ Amt: zAmount })).optional() })
const zDetails = z.object({
  Amt: zAmount.optional(),
  CdtDbtInd: zSide.optional(),
  Chrgs: zCharges.optional(),
  Refs: z.object({ EndToEndId: z.string().optional() }).optional(),
  RltdPties: z.object({ Dbtr: zParty.optional(), Cdtr: zParty.optional() }).optional(),
  RmtInf: z.object({ Ustrd: z.array(z.string()).optional() }).optional(),
  RtrInf: z.object({ Rsn: z.object({ Cd: z.string().optional() }).optional() }).optional(),
})
const zEntry = z.object({
  Amt: zAmount,
  CdtDbtInd: zSide,
  Sts: z.object({ Cd: z.string() }),
  BookgDt: zDay.optional(),
  AcctSvcrRef: z.string().max(35).optional(),
  Chrgs: zCharges.optional(),
  NtryDtls: z.array(z.object({ TxDtls: z.array(zDetails).optional() })).optional(),
})
const zStatement = z.object({
  Id: z.string().min(1).max(35),
  ElctrncSeqNb: z.string().regex(/^\d{1,15}$/),
  CreDtTm: zInstant,
  FrToDt: z.object({ FrDtTm: zInstant, ToDtTm: zInstant }).optional(),
  Acct: z.object({ Id: z.object({ IBAN: z.string() }), Ccy: z.string() }),
  Bal: z.array(
    z.object({
      Tp: z.object({ CdOrPrtry: z.object({ Cd: z.string() }) }),
      Amt: zAmount,
      CdtDbtInd: zSide,
    }),
  ),
  Ntry: z.array(zEntry).optional(),
})
const zDocument = z.object({
  Document: z.object({ BkToCstmrStmt: z.object({ Stmt: z.array(zStatement) }) }),
})
type Statement = z.infer<typeof zStatement>
type Entry = z.infer<typeof zEntry>
type Signed = { Amt: z.infer<typeof zAmount>; CdtDbtInd: z.infer<typeof zSide> }

function moneyOf({ Amt, CdtDbtInd }: Signed): Money {
  const { amount, currency } = fromDecimal(Amt['#text'], Amt['@_Ccy'])
  return { amount: CdtDbtInd === 'CRDT' ? amount : -amount, currency }
}

type Details = z.infer<typeof zDetails>

function chargesOf(stated: z.infer<typeof zCharges> | undefined, currency: string): Money | null {
  const kept = (stated?.Rcrd ?? []).map(({ Amt }) => fromDecimal(Amt['#text'], Amt['@_Ccy']))
  const own = kept.filter((each) => each.currency === currency)
  return own.length === 0 ? null : sum(own, currency)
}

function lineOf(entry: Entry, details: Details | undefined, madeAt: string): StatementLine {
  const { Dbtr, Cdtr } = details?.RltdPties ?? {}
  const endToEnd = details?.Refs?.EndToEndId
  const amount = moneyOf({
    Amt: details?.Amt ?? entry.Amt,
    CdtDbtInd: details?.CdtDbtInd ?? entry.CdtDbtInd,
  })
  return {
    reference: entry.AcctSvcrRef ?? null,
    endToEndId: endToEnd === undefined || endToEnd === 'NOTPROVIDED' ? null : endToEnd,
    amount,
    bookedAt: entry.BookgDt ?? madeAt,
    text: details?.RmtInf?.Ustrd?.join(' ') ?? '',
    counterparty: (entry.CdtDbtInd === 'CRDT' ? Dbtr : Cdtr)?.Pty?.Nm ?? null,
    returnReason: details?.RtrInf === undefined ? null : (details.RtrInf.Rsn?.Cd ?? 'NARR'),
    charges: chargesOf(details?.Chrgs ?? entry.Chrgs, amount.currency),
  }
}

/** A bundle is its parts, each with its amount, where they come to it; else it is one line. */
function linesOf(entry: Entry, madeAt: string): StatementLine[] {
  const parts = (entry.NtryDtls ?? []).flatMap(({ TxDtls }) => TxDtls ?? [])
  const lines = parts.map((details) => lineOf(entry, details, madeAt))
  const isWhole =
    parts.length > 1 && parts.every(({ Amt }) => Amt?.['@_Ccy'] === entry.Amt['@_Ccy'])
  const moved = lines.reduce((total, { amount }) => total + amount.amount, 0)
  if (isWhole && moved === moneyOf(entry).amount) return lines
  // The amount of one part alone may be what was instructed, of which the bank kept its fee.
  const [only] = parts.length === 1 ? parts : []
  const { Amt: _instructed, ...details } = only ?? {}
  return [lineOf(entry, parts.length > 1 ? undefined : details, madeAt)]
}

/** A statement that does not add up says nothing that could be relied on. */
function statementOf(statement: Statement): BankStatement {
  const { Id: id, Acct, Bal, Ntry = [] } = statement
  const balance = (codes: string[]) => {
    const found = Bal.find(({ Tp }) => codes.includes(Tp.CdOrPrtry.Cd))
    if (found === undefined) throw new Error(`${id} has no balance ${codes.join(' or ')}`)
    return moneyOf(found)
  }
  const [opening, closing] = [balance(['OPBD', 'PRCD']), balance(['CLBD'])]
  const until = statement.FrToDt?.ToDtTm ?? statement.CreDtTm
  const booked = Ntry.filter(({ Sts }) => Sts.Cd === 'BOOK')
  const lines = booked.flatMap((entry) => linesOf(entry, until))
  const currencies = [opening, closing, ...lines.map(({ amount }) => amount)]
  if (currencies.some(({ currency }) => currency !== Acct.Ccy))
    throw new Error(`${id} is of an account in ${Acct.Ccy} and has other amounts`)
  const moved = lines.reduce((total, { amount }) => total + amount.amount, 0)
  if (opening.amount + moved !== closing.amount)
    throw new Error(
      `${id} does not add up: ${opening.amount} and ${moved} are not ${closing.amount}`,
    )
  return {
    id,
    sequence: Number(statement.ElctrncSeqNb),
    account: Acct.Id.IBAN,
    opening,
    closing,
    from: statement.FrToDt?.FrDtTm ?? null,
    until,
    lines,
  }
}

export function readStatements(xml: string): StatementResult {
  const valid = XMLValidator.validate(xml)
  if (valid !== true) return { ok: false, message: `no XML: ${valid.err.msg}` }
  const parsed = zDocument.safeParse(parser.parse(xml))
  if (!parsed.success)
    return { ok: false, message: `no camt.053: ${z.prettifyError(parsed.error).slice(0, 500)}` }
  try {
    const { Stmt } = parsed.data.Document.BkToCstmrStmt
    return { ok: true, statements: Stmt.map(statementOf) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

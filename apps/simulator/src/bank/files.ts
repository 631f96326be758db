// Files of transfers as a bank takes them: checked against the schema and its own rules, each message id once, answered by
// a pain.002 report some time later. It reads the file by itself and shares no code with who wrote it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { XMLParser } from 'fast-xml-parser'
import { validateXML } from 'xmllint-wasm'
import * as z from 'zod'

export type FileTransfer = {
  endToEndId: string
  amount: string
  currency: string
  name: string
  iban: string
  remittance: string
}
export type Said = { code: string; reason: string } | undefined
type TakenFile = {
  messageId: string
  takenAt: number
  /** Of the whole file; then none of its transfers is carried out. */
  refused: Said
  results: { endToEndId: string; said: Said }[]
}

const schema = readFileSync(
  join(
    dirname(createRequire(import.meta.url).resolve('@chargelane/rules/bank/pain001')),
    'fixtures/pain.001.001.09.xsd',
  ),
  'utf8',
)

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  isArray: (name) => name === 'PmtInf' || name === 'CdtTrfTxInf',
})
const zCounted = { NbOfTxs: z.string(), CtrlSum: z.string() }
const zTransfer = z.object({
  PmtId: z.object({ EndToEndId: z.string() }),
  Amt: z.object({
    InstdAmt: z.object({ '#text': z.string().regex(/^\d+(?:\.\d{1,2})?$/), '@_Ccy': z.string() }),
  }),
  Cdtr: z.object({
    Nm: z.string().max(70),
    // Addresses in lines are refused in SEPA since November 2026.
    PstlAdr: z.object({ AdrLine: z.undefined() }).optional(),
  }),
  CdtrAcct: z.object({ Id: z.object({ IBAN: z.string() }) }),
  RmtInf: z.object({ Ustrd: z.string() }).optional(),
})
const zFile = z.object({
  Document: z.object({
    CstmrCdtTrfInitn: z.object({
      GrpHdr: z.object({ MsgId: z.string(), CreDtTm: z.string(), ...zCounted }),
      PmtInf: z.array(
        z.object({
          ...zCounted,
          PmtTpInf: z.object({ LclInstrm: z.object({ Cd: z.string() }).optional() }).optional(),
          ReqdExctnDt: z.object({ Dt: z.iso.date() }),
          DbtrAcct: z.object({ Id: z.object({ IBAN: z.string() }) }),
          CdtTrfTxInf: z.array(zTransfer),
        }),
      ),
    }),
  }),
})
type Initiation = z.infer<typeof zFile>['Document']['CstmrCdtTrfInitn']

/** Cents, exactly: a sum of decimals in floating point would let a wrong control sum pass. */
const cents = (text: string): bigint => {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
}

function wrongCounts({ GrpHdr, PmtInf }: Initiation): Said {
  const transfers = PmtInf.flatMap(({ CdtTrfTxInf }) => CdtTrfTxInf)
  const total = transfers.reduce((sum, { Amt }) => sum + cents(Amt.InstdAmt['#text']), 0n)
  if (Number(GrpHdr.NbOfTxs) !== transfers.length)
    return { code: 'AM18', reason: 'The number of transfers is another' }
  if (cents(GrpHdr.CtrlSum) !== total) return { code: 'AM10', reason: 'The control sum is another' }
  return undefined
}

function wrongOrder(file: Initiation, ourIban: string, today: string): Said {
  for (const payment of file.PmtInf) {
    if (payment.DbtrAcct.Id.IBAN !== ourIban)
      return { code: 'AC01', reason: 'The account of the debtor is not yours' }
    if (payment.ReqdExctnDt.Dt < today)
      return { code: 'DT01', reason: 'The day of execution is over' }
  }
  return wrongCounts(file)
}

export type FileBank = {
  nowMs: () => number
  ourIban: string
  /** From taking a file to the report on it. */
  reportedAfterMs: number
  /** Why the bank will not carry a transfer out. */
  refusal: (transfer: FileTransfer) => Said
  /** Carries it out, not before that day. */
  carryOut: (transfer: FileTransfer, key: string, notBefore: string) => void
}

export class Files {
  private readonly taken = new Map<string, TakenFile>()
  private readonly bank: FileBank
  constructor(bank: FileBank) {
    this.bank = bank
  }

  has(messageId: string): boolean {
    return this.taken.has(messageId)
  }

  take(file: Initiation): void {
    const { nowMs, ourIban, refusal, carryOut } = this.bank
    const messageId = file.GrpHdr.MsgId
    const today = new Date(nowMs()).toISOString().slice(0, 10)
    const refused = wrongOrder(file, ourIban, today)
    const results: TakenFile['results'] = []
    for (const { ReqdExctnDt, CdtTrfTxInf } of refused === undefined ? file.PmtInf : [])
      for (const { PmtId, Amt, Cdtr, CdtrAcct, RmtInf } of CdtTrfTxInf) {
        const transfer = {
          endToEndId: PmtId.EndToEndId,
          amount: Amt.InstdAmt['#text'],
          currency: Amt.InstdAmt['@_Ccy'],
          name: Cdtr.Nm,
          iban: CdtrAcct.Id.IBAN,
          remittance: RmtInf?.Ustrd ?? '-',
        }
        const said =
          transfer.currency === 'EUR'
            ? refusal(transfer)
            : { code: 'AM03', reason: 'SEPA carries euro alone' }
        results.push({ endToEndId: transfer.endToEndId, said })
        const key = `${messageId}:${transfer.endToEndId}`
        if (said === undefined) carryOut(transfer, key, `${ReqdExctnDt.Dt}T00:00:00.000Z`)
      }
    this.taken.set(messageId, { messageId, takenAt: nowMs(), refused, results })
  }

  /** Undefined where there is no such file, null while it is looked at. */
  report(messageId: string): string | null | undefined {
    const file = this.taken.get(messageId)
    if (file === undefined) return undefined
    const { nowMs, reportedAfterMs } = this.bank
    return file.takenAt + reportedAfterMs > nowMs() ? null : reportOn(file, nowMs())
  }
}

const tag = (name: string, ...inner: string[]) => `<${name}>${inner.join('')}</${name}>`
const why = (said: Said) =>
  said === undefined
    ? ''
    : tag('StsRsnInf', tag('Rsn', tag('Cd', said.code)), tag('AddtlInf', said.reason))

/** As many banks do it, the accepted transfers of a file are not named. */
function reportOn({ messageId, refused, results }: TakenFile, nowMs: number): string {
  const rejected = results.filter(({ said }) => said !== undefined)
  const isAll = refused !== undefined || rejected.length === results.length
  const status = isAll ? 'RJCT' : rejected.length > 0 ? 'PART' : 'ACCP'
  const group = tag(
    'OrgnlGrpInfAndSts',
    tag('OrgnlMsgId', messageId),
    tag('OrgnlMsgNmId', 'pain.001.001.09'),
    tag('GrpSts', status),
    why(refused ?? (isAll ? rejected[0]?.said : undefined)),
  )
  const payment = tag(
    'OrgnlPmtInfAndSts',
    tag('OrgnlPmtInfId', messageId),
    ...rejected.map(({ endToEndId, said }) =>
      tag('TxInfAndSts', tag('OrgnlEndToEndId', endToEndId), tag('TxSts', 'RJCT'), why(said)),
    ),
  )
  const body = tag(
    'CstmrPmtStsRpt',
    tag('GrpHdr', tag('MsgId', `R-${messageId}`), tag('CreDtTm', new Date(nowMs).toISOString())),
    group,
    rejected.length > 0 ? payment : '',
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">${body}</Document>\n`
}

const problem = (c: Context, status: 400 | 409, code: string, message: string) =>
  c.json({ error: { code, message: message.slice(0, 500) } }, status)

async function read(xml: string): Promise<Initiation | string> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'file.xml', contents: xml }],
    schema: [schema],
    // A file of ten thousand transfers is some ten megabytes.
    initialMemoryPages: 1024,
    maxMemoryPages: 16_384,
  })
  if (errors.length > 0) return errors.map(({ message }) => message).join('; ')
  const parsed = zFile.safeParse(parser.parse(xml))
  return parsed.success ? parsed.data.Document.CstmrCdtTrfInitn : z.prettifyError(parsed.error)
}

/** `lost` tells that the answer is not to arrive, though the file was taken. */
export function addFileRoutes(
  app: Hono<{ Bindings: HttpBindings }>,
  files: Files,
  isLost: (c: Context, messageId: string) => Response | undefined,
): void {
  app.post('/v1/files', async (c) => {
    const file = await read(await c.req.text())
    if (typeof file === 'string') return problem(c, 400, 'FF01', file)
    const messageId = file.GrpHdr.MsgId
    if (files.has(messageId))
      return problem(c, 409, 'DUPL', `The message ${messageId} was given before`)
    files.take(file)
    return isLost(c, messageId) ?? c.json({ message_id: messageId }, 202)
  })
  app.get('/v1/files/:id/report', (c) => {
    const report = files.report(c.req.param('id'))
    if (report === undefined) return c.notFound()
    if (report === null) return c.body(null, 204)
    return c.body(report, 200, { 'content-type': 'application/xml' })
  })
}

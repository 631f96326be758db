/** A bank's status report on a file of transfers (ISO 20022 pain.002): read exactly, or refused with the reason. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as z from 'zod'

export type TransferStatus = {
  endToEndId: string
  status: 'accepted' | 'pending' | 'rejected' | 'settled'
  /** ISO 20022 ExternalStatusReason1Code, e.g. AC04. */
  reasonCode: string | null
  reason: string | null
}

export type StatusReport = {
  /** Of the file that is reported on. */
  messageId: string
  status: 'accepted' | 'pending' | 'rejected' | 'partly'
  reasonCode: string | null
  reason: string | null
  /** Those that the bank names: of an accepted file perhaps none. */
  transfers: TransferStatus[]
}

export type ReportResult = { ok: true; report: StatusReport } | { ok: false; message: string }

const lists = new Set(['OrgnlPmtInfAndSts', 'TxInfAndSts', 'StsRsnInf', 'AddtlInf'])
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  processEntities: true,
  isArray: (name) => lists.has(name),
})

const zReasons = z
  .array(
    z.object({
      Rsn: z.object({ Cd: z.string().optional(), Prtry: z.string().optional() }).optional(),
      AddtlInf: z.array(z.string()).optional(),
    }),
  )
  .optional()
const zTransfer = z.object({
  OrgnlEndToEndId: z.string().min(1).max(35),
  TxSts: z.string(),
  StsRsnInf: zReasons,
})
const zReport = z.object({
  Document: z.object({
    CstmrPmtStsRpt: z.object({
      OrgnlGrpInfAndSts: z.object({
        OrgnlMsgId: z.string().min(1).max(35),
        GrpSts: z.string().optional(),
        StsRsnInf: zReasons,
      }),
      OrgnlPmtInfAndSts: z
        .array(
          z.object({
            PmtInfSts: z.string().optional(),
            StsRsnInf: zReasons,
            TxInfAndSts: z.array(zTransfer).optional(),
          }),
        )
        .optional(),
    }),
  }),
})

const groupStates: Record<string, StatusReport['status']> = {
  ACCP: 'accepted',
  ACSP: 'accepted',
  ACSC: 'accepted',
  ACTC: 'accepted',
  ACWC: 'accepted',
  PART: 'partly',
  PDNG: 'pending',
  RCVD: 'pending',
  RJCT: 'rejected',
}
const transferStates: Record<string, TransferStatus['status']> = {
  ACCC: 'settled',
  ACSC: 'settled',
  ACCP: 'accepted',
  ACSP: 'accepted',
  ACTC: 'accepted',
  ACWC: 'accepted',
  CANC: 'rejected',
  PDNG: 'pending',
  RCVD: 'pending',
  RJCT: 'rejected',
}

function reasonOf(reasons: z.infer<typeof zReasons>) {
  const [first] = reasons ?? []
  const said = first?.AddtlInf?.join(' ').slice(0, 400)
  return {
    reasonCode: first?.Rsn?.Cd ?? first?.Rsn?.Prtry ?? null,
    reason: said === undefined || said === '' ? null : said,
  }
}

function known<T>(states: Record<string, T>, code: string): T {
  const state = states[code]
  if (state === undefined) throw new Error(`it says ${code}, which is no status`)
  return state
}

function reportOf({ Document }: z.infer<typeof zReport>): StatusReport {
  const { OrgnlGrpInfAndSts: group, OrgnlPmtInfAndSts: payments = [] } = Document.CstmrPmtStsRpt
  // A bank that rejects within a payment may leave the group's status out.
  const [first] = payments
  const status = known(groupStates, group.GrpSts ?? first?.PmtInfSts ?? 'PART')
  const transfers = payments.flatMap(({ TxInfAndSts = [] }) =>
    TxInfAndSts.map(({ OrgnlEndToEndId, TxSts, StsRsnInf }) => ({
      endToEndId: OrgnlEndToEndId,
      status: known(transferStates, TxSts),
      ...reasonOf(StsRsnInf),
    })),
  )
  const why = reasonOf(group.StsRsnInf ?? first?.StsRsnInf)
  return { messageId: group.OrgnlMsgId, status, ...why, transfers }
}

export function readStatusReport(xml: string): ReportResult {
  const valid = XMLValidator.validate(xml)
  if (valid !== true) return { ok: false, message: `no XML: ${valid.err.msg}` }
  const parsed = zReport.safeParse(parser.parse(xml))
  if (!parsed.success)
    return { ok: false, message: `no pain.002: ${z.prettifyError(parsed.error).slice(0, 500)}` }
  try {
    return { ok: true, report: reportOf(parsed.data) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** What a reason means for the payee, and what helps: the codes that banks send for credit transfers. */
const meanings: Record<string, { words: string; next: 'change_account' | 'retry' | 'ask_bank' }> = {
  AC01: { words: 'the account number is wrong', next: 'change_account' },
  AC04: { words: 'the account is closed', next: 'change_account' },
  AC06: { words: 'the account is blocked', next: 'change_account' },
  AC13: { words: 'the account is of a kind that cannot be paid to', next: 'change_account' },
  AG01: { words: 'the account may not receive transfers', next: 'change_account' },
  AG02: { words: 'the bank does not take this kind of transfer', next: 'ask_bank' },
  AM04: { words: 'our account had not enough on it', next: 'retry' },
  AM05: { words: 'the bank took it for a duplicate', next: 'ask_bank' },
  BE04: { words: 'the address of the payee is missing', next: 'change_account' },
  CNOR: { words: 'the bank of the payee is not reached', next: 'change_account' },
  DNOR: { words: 'our bank is not reached', next: 'retry' },
  DUPL: { words: 'the file had been given before', next: 'ask_bank' },
  FF01: { words: 'the file was not in form', next: 'ask_bank' },
  MD07: { words: 'the holder of the account has died', next: 'change_account' },
  MS02: { words: 'the payee refused it', next: 'change_account' },
  MS03: { words: 'the bank gave no reason', next: 'retry' },
  RC01: { words: 'the code of the bank is wrong', next: 'change_account' },
  RR04: { words: 'regulation does not allow it', next: 'ask_bank' },
  TM01: { words: 'it came after the cut-off', next: 'retry' },
}

const otherwise = { words: 'the bank gave another reason', next: 'ask_bank' } as const

/** In words a payee understands, and what is to be done about it. */
export const meaningOf = (code: string | null) => meanings[code ?? ''] ?? otherwise

// Statements of a bank as camt.053.001.08, of lines that a test names; what it does not state is as a bank would have it.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { toDecimal } from '@chargelane/rules/money'

export type Printed = {
  reference: string
  amount: Money
  endToEndId?: string
  text?: string
  /** What the bank kept of it. */
  charges?: Money
}

const side = (amount: number) => (amount < 0 ? 'DBIT' : 'CRDT')
const positive = ({ amount, currency }: Money): Money => ({ amount: Math.abs(amount), currency })
const amountOf = (money: Money) =>
  `<Amt Ccy="${money.currency}">${toDecimal(positive(money))}</Amt>`

function entryOf({ reference, amount, endToEndId, text, charges }: Printed, day: string): string {
  const kept =
    charges === undefined
      ? ''
      : `<Chrgs><Rcrd>${amountOf(charges)}<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>`
  return `<Ntry>${amountOf(amount)}<CdtDbtInd>${side(amount.amount)}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>${reference}</AcctSvcrRef>
    <BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>${kept}<NtryDtls><TxDtls><Refs>
    <EndToEndId>${endToEndId ?? 'NOTPROVIDED'}</EndToEndId></Refs><RmtInf><Ustrd>${text ?? ''}</Ustrd></RmtInf>
    </TxDtls></NtryDtls></Ntry>`
}

const balance = (code: string, money: Money, day: string) =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amountOf(money)}<CdtDbtInd>${side(money.amount)}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`

/** The statement of one account's day, from zero. */
export function printStatement(
  { sequence, currency, at }: { sequence: number; currency: string; at: string },
  lines: readonly Printed[],
): { sequence: number; xml: string } {
  const day = at.slice(0, 10)
  const closing = lines.reduce((sum, { amount }) => sum + amount.amount, 0)
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>MSG${sequence}</MsgId><CreDtTm>${at}</CreDtTm></GrpHdr>
<Stmt><Id>STM${sequence}</Id><ElctrncSeqNb>${sequence}</ElctrncSeqNb><CreDtTm>${at}</CreDtTm>
<Acct><Id><IBAN>DE02100100109307118603</IBAN></Id><Ccy>${currency}</Ccy></Acct>
${balance('OPBD', { amount: 0, currency }, day)}${balance('CLBD', { amount: closing, currency }, day)}
${lines.map((line) => entryOf(line, day)).join('\n')}
</Stmt></BkToCstmrStmt></Document>`
  return { sequence, xml }
}

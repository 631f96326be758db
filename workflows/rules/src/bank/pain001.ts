/** A batch of SEPA credit transfers as ISO 20022 pain.001.001.09. Amounts are decimal text from the first to the last. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { money, sum, toDecimal } from '../money.ts'

export type Transfer = {
  /** At most 35 characters of the SEPA set; the bank's statement names it. */
  endToEndId: string
  amount: Money
  creditor: { name: string; iban: string; bic?: string }
  remittance: string
}

export type TransferBatch = {
  /** At most 35 characters: the same for the same batch, so that a bank refuses it twice. */
  messageId: string
  createdAt: string
  /** `YYYY-MM-DD` */
  executeOn: string
  debtor: { name: string; iban: string; bic?: string }
  transfers: readonly Transfer[]
  /** SEPA Instant, where both banks offer it. */
  isInstant?: boolean
}

/** The SEPA set has no low line: the same id at the bank, and back. */
export const endToEndOf = (payoutId: string): string => payoutId.replaceAll('_', '-')
export const payoutOf = (endToEndId: string): string => endToEndId.replace(/^(po)-/, '$1_')

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value: string, most: number) =>
  value
    // The SEPA character set; an umlaut is written as its base letter.
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^A-Za-z0-9/\-?:().,'+ &]/g, ' ')
    .slice(0, most)
    .trim()
    .replaceAll(/[&<>"]/g, (mark) => marks[mark] ?? '')

const tag = (name: string, ...inner: string[]) => `<${name}>${inner.join('')}</${name}>`

const agent = (name: string, bic: string | undefined) =>
  tag(
    name,
    tag(
      'FinInstnId',
      bic === undefined ? tag('Othr', tag('Id', 'NOTPROVIDED')) : tag('BICFI', bic),
    ),
  )

const transferOf = ({ endToEndId, amount, creditor, remittance }: Transfer) =>
  tag(
    'CdtTrfTxInf',
    tag('PmtId', tag('EndToEndId', endToEndId)),
    tag('Amt', `<InstdAmt Ccy="${amount.currency}">${toDecimal(amount)}</InstdAmt>`),
    ...(creditor.bic === undefined ? [] : [agent('CdtrAgt', creditor.bic)]),
    tag('Cdtr', tag('Nm', text(creditor.name, 70))),
    tag('CdtrAcct', tag('Id', tag('IBAN', creditor.iban))),
    tag('RmtInf', tag('Ustrd', text(remittance, 140))),
  )

/** One payment of one currency; the control sum is the sum of the transfers, exactly. */
export function transferBatch(batch: TransferBatch): string {
  const { messageId, createdAt, executeOn, debtor, transfers, isInstant } = batch
  const [first] = transfers
  assert(first !== undefined, `${messageId} has no transfers`)
  assert(/^[A-Za-z0-9/\-?:().,'+ ]{1,35}$/.test(messageId), `${messageId} is no message id`)
  const { currency } = first.amount
  for (const { endToEndId, amount } of transfers) {
    assert(/^[A-Za-z0-9/\-?:().,'+ ]{1,35}$/.test(endToEndId), `${endToEndId} is no EndToEndId`)
    assert(amount.currency === currency && amount.amount > 0, `${endToEndId} transfers nothing`)
  }
  const ids = new Set(transfers.map(({ endToEndId }) => endToEndId))
  assert(ids.size === transfers.length, `${messageId} names a transfer twice`)
  const total = transfers.reduce(
    (before, { amount }) => sum([before, amount], currency),
    money(0, currency),
  )
  const counted = [
    tag('NbOfTxs', String(transfers.length)),
    tag('CtrlSum', toDecimal(total)),
  ] as const
  const body = tag(
    'CstmrCdtTrfInitn',
    tag(
      'GrpHdr',
      tag('MsgId', messageId),
      tag('CreDtTm', createdAt),
      ...counted,
      tag('InitgPty', tag('Nm', text(debtor.name, 70))),
    ),
    tag(
      'PmtInf',
      tag('PmtInfId', messageId),
      tag('PmtMtd', 'TRF'),
      // Each transfer is a line of its own on the statement, by its end-to-end id.
      tag('BtchBookg', 'false'),
      ...counted,
      tag(
        'PmtTpInf',
        tag('SvcLvl', tag('Cd', 'SEPA')),
        ...(isInstant === true ? [tag('LclInstrm', tag('Cd', 'INST'))] : []),
      ),
      tag('ReqdExctnDt', tag('Dt', executeOn)),
      tag('Dbtr', tag('Nm', text(debtor.name, 70))),
      tag('DbtrAcct', tag('Id', tag('IBAN', debtor.iban))),
      agent('DbtrAgt', debtor.bic),
      tag('ChrgBr', 'SLEV'),
      ...transfers.map(transferOf),
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">${body}</Document>\n`
}

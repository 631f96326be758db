import { roleTitle } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '@chargelane/rules/assert'
import { sum, toDecimal } from '@chargelane/rules/money'
import { renderPdf, shown } from '../invoice/pdf.ts'
import type { Cell } from '../invoice/pdf.ts'
import type { Statement, StatementLine } from '@chargelane/rules/documents'

const widths = { session: 208, supplied: 70, vat: 55, other: 70, amount: 80 }
const right = 'right' as const

/** A statement of zero sessions is still a statement: joining is free, and 0.00 says so. */
export function renderStatement(statement: Statement): Promise<Buffer> {
  const currency = statement.total.currency
  const { netted } = statement
  const total = sum(
    [...statement.lines.map((line) => line.amount), ...(netted === undefined ? [] : [netted])],
    currency,
  )
  assert(total.amount === statement.total.amount, 'statement lines must sum to the settlement')
  const info = {
    title: `Statement ${statement.settlementId}`,
    author: 'Chargelane',
    createdAt: statement.cutOffAt,
  }
  return renderPdf(info, (page) => {
    page.title('Settlement statement')
    page.text(`${statement.payee.legalName} · ${roleTitle(statement.role)}`)
    page.text(
      `Settlement ${statement.settlementId} · batch ${statement.batch} · cut-off ${statement.cutOffAt}`,
    )
    page.text(
      `${statement.paidTo === null ? 'No bank account yet' : `Paid to the account ending in ${statement.paidTo}`} · due by ${statement.slaDeadline}`,
    )
    page.gap()
    page.row(heading, true)
    page.rule()
    for (const line of statement.lines) page.row(lineRow(line))
    if (netted !== undefined)
      page.row([
        {
          text:
            netted.amount < 0
              ? 'Less: paid for subscribers of your plans'
              : 'Plus: kept back before for subscribers of your plans',
          width: 403,
        },
        { text: shown(netted), width: widths.amount, align: right },
      ])
    page.rule()
    page.row(
      [
        {
          text: `${statement.lines.length} ${statement.lines.length === 1 ? 'session' : 'sessions'}, total`,
          width: 403,
          align: right,
        },
        { text: shown(statement.total), width: widths.amount, align: right },
      ],
      true,
    )
    page.gap()
    for (const line of statement.lines.filter((each) => each.conversion !== null))
      page.note(`${line.sessionId ?? line.itemId ?? ''}: ${line.conversion ?? ''}`)
    for (const { policy, text } of statement.policies) page.note(`${policy}: ${text}`)
    page.note('Every line can be recomputed from the evidence pack of its session.')
  })
}

const heading: Cell[] = [
  { text: 'Session', width: widths.session },
  { text: 'Supplied', width: widths.supplied, align: right },
  { text: 'of it VAT', width: widths.vat, align: right },
  { text: 'Less', width: widths.other, align: right },
  { text: 'Payout', width: widths.amount, align: right },
]

const sharedBy = ({ policy, proofId }: StatementLine): string =>
  [policy, proofId].flatMap((each) => (each === null ? [] : [`\n${each}`])).join('')

function lineRow(line: StatementLine): Cell[] {
  const state = line.provisional ? ' · provisional' : ''
  return [
    {
      text: `${line.sessionId ?? line.itemId ?? ''}\n${line.endedAt} · ${line.evseId}${state}\n${line.tax}${sharedBy(line)}`,
      width: widths.session,
    },
    { text: toDecimal(line.supplied), width: widths.supplied, align: right },
    { text: toDecimal(line.suppliedVat), width: widths.vat, align: right },
    { text: toDecimal(line.other), width: widths.other, align: right },
    { text: shown(line.amount), width: widths.amount, align: right },
  ]
}

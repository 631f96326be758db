import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '@chargelane/rules/assert'
import { sum, toDecimal } from '@chargelane/rules/money'
import { renderPdf, shown } from '../invoice/pdf.ts'
import type { Cell } from '../invoice/pdf.ts'
import type { Statement, StatementLine } from '@chargelane/rules/documents'

const widths = { session: 208, sale: 70, vat: 55, commission: 70, amount: 80 }
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
    page.text(
      `${statement.payee.legalName} · ${statement.role === 'cpo' ? 'charge point operator' : 'demand partner'}`,
    )
    page.text(
      `Settlement ${statement.settlementId} · batch ${statement.batch} · cut-off ${statement.cutOffAt}`,
    )
    page.text(`Paid to ${statement.iban} · due by ${statement.slaDeadline}`)
    page.gap()
    page.row(heading(statement.role), true)
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
      page.note(`${line.sessionId}: ${line.conversion ?? ''}`)
    page.note('Every line can be recomputed from the evidence pack of its session.')
  })
}

function heading(role: Statement['role']): Cell[] {
  return [
    { text: 'Session', width: widths.session },
    { text: role === 'cpo' ? 'Public price' : '', width: widths.sale, align: right },
    { text: role === 'cpo' ? 'of it VAT' : '', width: widths.vat, align: right },
    { text: role === 'cpo' ? 'Commission' : '', width: widths.commission, align: right },
    { text: role === 'cpo' ? 'Payout' : 'Share', width: widths.amount, align: right },
  ]
}

const cell = (value: Money | null) => (value === null ? '' : toDecimal(value))

function lineRow(line: StatementLine): Cell[] {
  const state = line.provisional ? ' · provisional' : ''
  return [
    {
      text: `${line.sessionId}\n${line.endedAt} · ${line.evseId}${state}\n${line.tax}`,
      width: widths.session,
    },
    { text: cell(line.sale), width: widths.sale, align: right },
    { text: cell(line.saleVat), width: widths.vat, align: right },
    { text: cell(line.commission), width: widths.commission, align: right },
    { text: shown(line.amount), width: widths.amount, align: right },
  ]
}

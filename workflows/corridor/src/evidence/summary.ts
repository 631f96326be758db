import type { SessionFile } from '@chargelane/db/queries/documents/evidence'
import { storedMeter } from '../record/meter.ts'
import { storedSplit, storedVerdict } from '../invoice/issue.ts'
import { renderPdf, shown } from '../invoice/pdf.ts'
import type { Page } from '../invoice/pdf.ts'

const widths = { label: 190, value: 293 }

function fact(page: Page, label: string, value: string | null | undefined) {
  if (value === null || value === undefined || value === '') return
  page.row([
    { text: label, width: widths.label },
    { text: value, width: widths.value },
  ])
}

function meterFacts(page: Page, file: SessionFile) {
  const meter = storedMeter(file.cdr?.verdict)
  if (meter === undefined) return
  const { status, detail, energy_kwh: energy, begin, end } = meter.check
  const found = energy === null ? '' : `: ${begin?.kwh} to ${end?.kwh}, ${energy} kWh`
  fact(page, 'Signed meter values', `${status}${detail === null ? found : `: ${detail}`}`)
}

function priceFacts(page: Page, file: SessionFile) {
  const { verdict } = storedVerdict(file)
  fact(
    page,
    'Record of the operator',
    `${verdict.kind} (${verdict.rules.join(', ') || 'no remarks'})`,
  )
  if (verdict.payable === null) return
  for (const line of verdict.rating?.periods.flatMap((period) => period.lines) ?? [])
    fact(
      page,
      line.type,
      `${line.billed_quantity} ${line.unit} at ${line.unit_price} net, VAT ${line.vat_rate ?? 'none'}: ${line.net} net`,
    )
  fact(page, 'Net', shown(verdict.payable.net))
  fact(page, 'VAT', shown(verdict.payable.vat))
  fact(page, 'Driver pays', shown(verdict.payable.gross))
}

function moneyFacts(page: Page, file: SessionFile) {
  for (const payment of file.payments) {
    const amount = (minor: number) => shown({ amount: minor, currency: payment.currency })
    const captured =
      payment.capturedMinor === null ? '' : `, captured ${amount(payment.capturedMinor)}`
    fact(
      page,
      `Payment ${payment.attempt}`,
      `held ${amount(payment.holdMinor)}${captured}, ${payment.status}`,
    )
  }
  const split = file.sale === undefined ? undefined : storedSplit(file)
  for (const [who, share] of Object.entries(split?.shares ?? {}))
    fact(page, `Share of ${who}`, shown(share))
  for (const { payable, paidAt, state } of file.settlements)
    fact(
      page,
      `Settlement of ${payable.role}`,
      `${shown({ amount: payable.amountMinor, currency: payable.currency })}, ${state ?? 'open'}${paidAt === null ? '' : ` ${paidAt}`}`,
    )
}

/** One page for people; every figure of it stands in a machine-readable file beside it. */
export function renderSummary(file: SessionFile, createdAt: string): Promise<Buffer> {
  const { session } = file
  return renderPdf({ title: `Evidence ${session.id}`, author: 'Chargelane', createdAt }, (page) => {
    page.title('Evidence of a charging session')
    page.text(session.id)
    page.gap()
    fact(
      page,
      'Charged at',
      `${file.evse.evseId}, ${file.location.address}, ${file.location.city} (${file.location.country})`,
    )
    fact(page, 'From', session.startedAt)
    fact(page, 'To', session.endedAt)
    fact(page, 'Ended because', session.endReason)
    fact(page, 'Energy', `${session.energyWh} Wh`)
    fact(
      page,
      'Seller',
      `${file.cpo.legalName}${file.cpo.vatId === null ? '' : `, VAT ${file.cpo.vatId}`}`,
    )
    fact(page, 'Sold through', file.partner.legalName)
    fact(
      page,
      'Public tariff',
      `${file.tariff.ocpiId}, version ${file.tariff.version}, hash ${file.tariff.hash}`,
    )
    meterFacts(page, file)
    page.rule()
    if (file.sale !== undefined) priceFacts(page, file)
    page.rule()
    moneyFacts(page, file)
    page.gap()
    page.note(
      'Verify offline: npx chargelane-verify PACK.zip recomputes the price from the files beside this page and checks every hash and signature.',
    )
  })
}

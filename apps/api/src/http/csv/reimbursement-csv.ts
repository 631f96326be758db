import type { ReimbursementReport } from '@chargelane/openapi'
import { toDecimal } from '@chargelane/rules/money'
import { csvLine } from './csv.ts'

const columns = [
  'driver',
  'external_id',
  'session',
  'ended_at',
  'evse_id',
  'location',
  'kind',
  'energy_kwh',
  'amount',
  'currency',
  'method',
  'rate',
  'rate_name',
  'price_per_kwh',
  'price_proof',
] as const

export function reimbursementCsv(report: ReimbursementReport): string {
  const rows = report.employees.flatMap(({ driver, currency, lines }) =>
    lines.map((line) => [
      driver.id,
      driver.external_id,
      line.session,
      line.ended_at,
      line.evse_id,
      line.location,
      line.kind,
      line.energy_kwh,
      toDecimal(line.amount),
      currency,
      line.method,
      line.rate.id,
      line.rate.name,
      line.rate.price_per_kwh,
      line.price_proof ?? '',
    ]),
  )
  return [columns, ...rows].map((row) => `${csvLine(row)}\r\n`).join('')
}

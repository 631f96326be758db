import type { PriceSpread } from '@chargelane/openapi'
import { subtract, toDecimal } from '@chargelane/rules/money'
import { csvLine } from './csv.ts'

export const csvHead = [
  'evse_id,connector,country,tariff,energy_wh,duration_s,currency,partner,agreement,version,total,below_public',
  'justification,flagged',
].join(',')

export function csvLines(row: PriceSpread): string[] {
  const head = [
    row.evse_id,
    row.connector,
    row.country,
    row.tariff,
    row.energy_wh,
    row.duration_s,
    row.currency,
  ]
  return [
    csvLine([...head, 'public', '', '', toDecimal(row.public_total), '0', '', row.flagged]),
    ...row.prices.map(({ partner, agreement, version, total, justification }) =>
      csvLine([
        ...head,
        partner,
        agreement,
        version,
        toDecimal(total),
        toDecimal(subtract(row.public_total, total)),
        justification,
        row.flagged,
      ]),
    ),
  ]
}

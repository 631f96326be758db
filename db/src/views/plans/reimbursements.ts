import type { ReimbursementRate, ReimbursementReport } from '@chargelane/openapi'
import { money, sum } from '@chargelane/rules/money'
import { sumOfKwh } from '@chargelane/rules/plan'
import type { reimbursementsBetween } from '../../queries/plans/ratings.ts'
import type { ReimbursementRateRow } from '../../queries/plans/reimbursements.ts'
import { livemode } from '../shown.ts'

export const reimbursementRateView = (row: ReimbursementRateRow): ReimbursementRate => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  country: row.country,
  price_per_kwh: row.price,
  currency: row.currency,
  drivers: row.drivers,
  evses: row.evses,
  locations: row.locations,
  effective_from: row.effectiveFrom,
  effective_to: row.effectiveTo,
  livemode,
  created_at: row.createdAt,
})

export type ReimbursementLine = Awaited<ReturnType<typeof reimbursementsBetween>>[number]

const amountOf = ({ rating }: ReimbursementLine) => money(rating.grossMinor, rating.currency)

const sumsOf = (lines: readonly ReimbursementLine[], currency: string) => ({
  currency,
  sessions: lines.length,
  energy_kwh: sumOfKwh(lines.map(({ rating }) => rating.energyKwh)),
  amount: sum(lines.map(amountOf), currency),
})

const lineView = (
  line: ReimbursementLine,
): ReimbursementReport['employees'][number]['lines'][number] => ({
  session: line.rating.sessionId,
  ended_at: line.endedAt ?? line.rating.createdAt,
  evse_id: line.evseId,
  location: [line.location, line.city].filter((text) => text !== null).join(', '),
  kind: line.rate.kind,
  energy_kwh: line.rating.energyKwh,
  amount: amountOf(line),
  method: 'rate_per_kwh',
  rate: { id: line.rate.id, name: line.rate.name, price_per_kwh: line.rate.price },
  price_proof: line.rating.proofId,
})

/** Groups keep the order of their first line. */
const groupsBy = (
  lines: readonly ReimbursementLine[],
  key: (line: ReimbursementLine) => string,
) => [...Map.groupBy(lines, key).values()]

/** Employee by employee, and in all. */
export function reimbursementReport(
  query: { from: string; to: string },
  lines: readonly ReimbursementLine[],
): ReimbursementReport {
  return {
    from: query.from,
    to: query.to,
    employees: groupsBy(lines, (line) => `${line.driverId} ${line.rating.currency}`).flatMap(
      (own) => {
        const [first] = own
        if (first === undefined) return []
        return [
          {
            driver: { id: first.driverId, external_id: first.driverExternalId },
            ...sumsOf(own, first.rating.currency),
            lines: own.map(lineView),
          },
        ]
      },
    ),
    totals: groupsBy(lines, (line) => line.rating.currency).flatMap((own) =>
      own[0] === undefined ? [] : [sumsOf(own, own[0].rating.currency)],
    ),
  }
}

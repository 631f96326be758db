import { tariffHoldView, tariffProblems } from '@chargelane/db/views/supply/tariffs'
import type { Examination } from '@chargelane/corridor/supply/tariffs'

/** What a tariff would be sold as. */
export function verdictView({ input, tariff, findings, uses, outcome }: Examination) {
  const { status, effectiveFrom, soldUntil = null, heldUntil = null, anomaly = null } = input
  return {
    outcome,
    status,
    sellable: status !== 'invalid',
    ocpi_id: input.ocpiId,
    hash: input.hash,
    effective_from: effectiveFrom ?? input.at,
    sold_until: soldUntil,
    hold: tariffHoldView(
      { heldUntil, holdConfirmedAt: null, anomaly, currency: input.currency },
      true,
    ),
    connectors: uses.reduce((sum, { count }) => sum + count, 0),
    market_limits: Object.entries(input.marketLimits ?? {}).map(([country, watts]) => ({
      country,
      from_power_w: watts,
    })),
    problems: tariffProblems(findings),
    tariff: tariff ?? null,
  }
}

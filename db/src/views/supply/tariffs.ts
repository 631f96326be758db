import type { TariffRow, TariffFreshness } from '../../queries/locations/tariffs.ts'
import { never } from '../../queries/locations/tariff-hold.ts'
import type { Tariff } from '@chargelane/openapi'
import { money } from '../shown.ts'

/** Who looks at a tariff, and when: findings and figures are for its operator. */
export type TariffGlance = { sees: string; now: string }

const isOwn = (row: TariffRow, { sees }: TariffGlance) => sees === '*' || sees === row.cpoId

const isReleased = (row: TariffRow, now: string) =>
  row.status === 'held' && row.heldUntil !== null && row.heldUntil <= now

function saleOf(row: TariffRow, now: string): Tariff['sale'] {
  if (row.supersededAt !== null && row.supersededAt <= now) return 'superseded'
  if (row.status === 'invalid' || row.status === 'withdrawn') return row.status
  if (row.soldUntil !== null && row.soldUntil <= now) return 'ended'
  if (row.effectiveFrom > now) return 'scheduled'
  return row.status === 'held' && !isReleased(row, now) ? 'held' : 'sold'
}

/** Null for a price nobody wondered about. */
export function tariffHoldView(
  row: Pick<TariffRow, 'heldUntil' | 'holdConfirmedAt' | 'anomaly' | 'currency'>,
  withFigures: boolean,
): Tariff['hold'] {
  const { heldUntil, holdConfirmedAt, anomaly, currency } = row
  if (heldUntil === null) return null
  return {
    until: heldUntil === never ? null : heldUntil,
    lifted_by: anomaly?.lift ?? 'operator',
    confirmed_at: holdConfirmedAt,
    figures:
      anomaly === null || !withFigures
        ? null
        : {
            basis: anomaly.basis,
            energy_wh: Number(anomaly.energyKwh) * 1_000,
            duration_s: anomaly.durationS,
            price: money(anomaly.price, currency),
            median: money(anomaly.median, currency),
            median_deviation: money(anomaly.mad, currency),
            sample: anomaly.sample,
          },
  }
}

export const tariffProblems = (problems: TariffRow['problems']): Tariff['problems'] =>
  problems.slice(0, 1_000).map(({ path, rule, message, severity }) => ({
    path: path.slice(0, 300),
    rule: rule.slice(0, 100),
    message: message.slice(0, 2_000),
    severity: severity ?? 'error',
  }))

export const tariffView = (row: TariffRow, glance: TariffGlance): Tariff => ({
  id: row.id,
  version: row.version,
  ref: `${row.id}@${row.version}`,
  cpo: row.cpoId,
  connection: row.connectionId,
  ocpi_id: row.ocpiId,
  ocpi_version: row.ocpiVersion,
  currency: row.currency,
  status: isReleased(row, glance.now) ? 'valid' : row.status,
  sale: saleOf(row, glance.now),
  hold: tariffHoldView(row, isOwn(row, glance)),
  problems: isOwn(row, glance) ? tariffProblems(row.problems) : [],
  hash: row.hash,
  tariff: row.canonical,
  received_at: row.receivedAt,
  effective_from: row.effectiveFrom,
  sold_until: row.soldUntil,
  superseded_at: row.supersededAt,
  confirmed_at: row.confirmedAt,
})

const ageS = (from: string, to: string) =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1_000))

export function freshnessView(row: TariffFreshness, now: string) {
  const age = row.oldestConfirmedAt === null ? null : ageS(row.oldestConfirmedAt, now)
  return {
    connection: row.connectionId,
    cpo: row.cpoId,
    protocol: row.protocol,
    confirmed_at: row.confirmedAt,
    oldest_confirmed_at: row.oldestConfirmedAt,
    age_s: age,
    slo_s: row.sloS,
    within_slo: row.protocol === 'node' || age === null || age <= row.sloS,
    max_age_s: row.maxAgeS,
    tariffs: row.tariffs,
    versions: row.versions,
    scheduled: row.scheduled,
    held: row.held,
    invalid: row.invalid,
    stale: row.stale,
    unlisted: row.unlisted,
  }
}

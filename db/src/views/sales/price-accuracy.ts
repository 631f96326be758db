import type { PriceAccuracy as AccuracyRow } from '../../queries/locations/price-accuracy.ts'
import type { PriceAccuracy } from '@chargelane/openapi'
import { exactOf, format, ratioOf } from '@chargelane/rules/exact'
import { money } from '../shown.ts'

export const priceAccuracyView = (
  row: AccuracyRow,
  range: { from: string; to: string },
): PriceAccuracy => ({
  cpo: row.cpoId,
  name: row.name,
  ...range,
  records: row.records,
  matching: row.matching,
  accuracy: format(ratioOf(exactOf(row.matching), exactOf(1), exactOf(row.records), 4)),
  by_verdict: row.byKind,
  by_rule: row.byRule,
  by_reason: row.byReason,
  claimed_above: Object.entries(row.claimedAbove).map(([currency, amount]) =>
    money(amount, currency),
  ),
})

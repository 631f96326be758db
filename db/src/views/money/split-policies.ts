import type {
  GoldenStatement,
  SplitItem,
  SplitPolicy,
  SplitSimulation,
  SplitSimulationLine,
} from '@chargelane/openapi'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { type GoldenDifference, totalOf } from '@chargelane/rules/split/golden'
import type { SplitPolicyRow } from '../../queries/partners/split-policies.ts'
import type {
  GoldenRow,
  SimulationLine,
  SimulationRow,
  SplitItemRow,
} from '../../queries/partners/split-records.ts'
import { livemode } from '../shown.ts'

export function splitPolicyView(row: SplitPolicyRow): SplitPolicy {
  const { text, currency, time_zone, period, rules } = row.terms
  return {
    id: row.id,
    version: row.version,
    status: row.status,
    cpo: row.cpoId,
    owner: row.ownerId,
    name: row.name,
    text,
    level: row.level,
    places: row.places,
    currency,
    time_zone,
    period,
    rules: [...rules],
    effective_from: row.effectiveFrom,
    effective_until: row.effectiveUntil,
    revision: row.revision,
    activated_at: row.activatedAt,
    decided_by: row.decidedBy,
    reason: row.reason,
    livemode,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }
}

const refView = ({ role, id }: PartyRef) => ({ role, account: id })

export const goldenView = (
  { id, policyId, name, body, createdAt }: GoldenRow,
  currency: string,
  differences: readonly GoldenDifference[],
): GoldenStatement => ({
  id,
  policy: policyId,
  name,
  sessions: body.sessions.length,
  lines: body.lines.length,
  total: totalOf(body, currency),
  differences: differences.slice(0, 100).map((difference) => ({ golden: id, ...difference })),
  created_at: createdAt,
})

export const simulationView = (row: SimulationRow): SplitSimulation => ({
  id: row.id,
  policy: row.policyId,
  version: row.version,
  revision: row.revision,
  status: row.status,
  from: row.fromAt,
  until: row.untilAt,
  done: row.done,
  total: row.total,
  payees:
    row.result?.payees.map(({ role, id, ...sums }) => ({ ...refView({ role, id }), ...sums })) ??
    null,
  skipped: row.result?.skipped ?? null,
  failure: row.failure,
  created_at: row.createdAt,
  ended_at: row.endedAt,
})

export const simulationLineView = (row: SimulationLine): SplitSimulationLine => ({
  session: row.sessionId,
  ...refView({ role: row.role, id: row.payeeId }),
  before: { amount: row.beforeMinor, currency: row.currency },
  after: { amount: row.afterMinor, currency: row.currency },
})

export function splitItemView(row: SplitItemRow): SplitItem {
  const { currency, detail } = row
  const minor = (amount: number) => ({ amount, currency })
  return {
    id: row.id,
    policy: row.policyId,
    version: row.version,
    rule: row.ruleId,
    site: row.siteId,
    period: row.period,
    sequence: row.sequence,
    supplier: refView({ role: row.supplierRole, id: row.supplierId }),
    recipient: refView({ role: row.recipientRole, id: row.recipientId }),
    net: minor(row.netMinor),
    vat: minor(row.vatMinor),
    gross: minor(row.grossMinor),
    detail: {
      text: detail.text,
      ...detail.sums,
      total: detail.total,
      booked: detail.booked,
      settled: detail.settled,
      tax: detail.tax,
    },
    created_at: row.createdAt,
  }
}

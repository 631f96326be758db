// What the rules of policies came to, session by session, and what it adds up to in a period.
import { and, eq, ne } from 'drizzle-orm'
import type { PeriodSums } from '@chargelane/rules/split/sharing'
import { sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { splitShares } from '../../schema.ts'
import { minorOf, sumText } from '../sums.ts'

export type ShareRow = typeof splitShares.$inferSelect

const insertShares = fixedStatement<Record<string, never>, { list: string }>(
  () => raw`insert into split_shares (session_id, rule_id, policy_id, version, site_id, period, payee_id, role, currency,
      ended_at, energy_wh, turnover_minor, share_minor, written_at)
    select "sessionId", "ruleId", "policyId", version, "siteId", period, "payeeId", role, currency, "endedAt", "energyWh",
      "turnoverMinor", "shareMinor", "writtenAt"
    from jsonb_to_recordset(${arg('list')}::jsonb) as s("sessionId" text, "ruleId" text, "policyId" text, version int,
      "siteId" text, period text, "payeeId" text, role text, currency text, "endedAt" timestamptz, "energyWh" int,
      "turnoverMinor" bigint, "shareMinor" bigint, "writtenAt" timestamptz)
    on conflict (session_id, rule_id) do update set version = excluded.version, period = excluded.period,
      ended_at = excluded.ended_at, energy_wh = excluded.energy_wh, turnover_minor = excluded.turnover_minor,
      share_minor = excluded.share_minor, written_at = excluded.written_at`,
)

/** As the sale stands now; written with each change of it. */
export async function putShares(tx: Tx, rows: readonly ShareRow[]): Promise<void> {
  if (rows.length > 0) await insertShares(tx, { list: JSON.stringify(rows) })
}

export type SumsBefore = { ruleId: string; sums: PeriodSums & { share: Money } }

/** What each rule of a version came to at a site in a period, but for one session. */
export async function sumsBefore(
  sql: Sql,
  asked: Pick<ShareRow, 'policyId' | 'version' | 'siteId' | 'period' | 'currency' | 'sessionId'>,
): Promise<SumsBefore[]> {
  const s = splitShares
  const rows = await sql
    .select({
      ruleId: s.ruleId,
      energyWh: sumText(raw`${s.energyWh}`),
      turnover: sumText(raw`${s.turnoverMinor}`),
      share: sumText(raw`${s.shareMinor}`),
      sessions: raw<number>`(count(*) filter (where ${s.turnoverMinor} <> 0))::int`,
    })
    .from(s)
    .where(
      and(
        eq(s.policyId, asked.policyId),
        eq(s.version, asked.version),
        eq(s.siteId, asked.siteId),
        eq(s.period, asked.period),
        eq(s.currency, asked.currency),
        ne(s.sessionId, asked.sessionId),
      ),
    )
    .groupBy(s.ruleId)
  const { currency } = asked
  return rows.map(({ ruleId, energyWh, turnover, share, sessions }) => ({
    ruleId,
    sums: {
      energy_wh: Number(energyWh),
      turnover: { amount: minorOf(turnover), currency },
      sessions,
      share: { amount: minorOf(share), currency },
    },
  }))
}

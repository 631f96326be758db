// For how long a session is open to its operator's record.
import type { Sql } from '@chargelane/db'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import { profileByRef } from '@chargelane/rules/markets'

type Came = { sessionId: string; cpoId: string; endedAt: string; at: string }

/** What the term was, in days, of a record that came after it; undefined of one that came in time. */
export async function lateBy(
  sql: Sql,
  { sessionId, cpoId, endedAt, at }: Came,
): Promise<{ days: number } | undefined> {
  const ageMs = Date.parse(at) - Date.parse(endedAt)
  // No term is shorter than a day, and most records come within one.
  if (ageMs <= 86_400_000) return undefined
  const profile = (await sessionTerms(sql, sessionId))?.quote.marketProfile ?? ''
  const concerned = { market: profileByRef(profile)?.country, operator: cpoId }
  const { contract_term_s: set } = await settingsNow(sql, concerned)
  const termS = set ?? settingDefaults.contract_term_s
  return ageMs > termS * 1_000 ? { days: Math.round(termS / 86_400) } : undefined
}

// What was set for a session when it was opened, and for how long it is open to its operator's record by that.
import type { Sql } from '@chargelane/db'
import { settingsAt } from '@chargelane/db/queries/operations/settings'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { type KeptSettings, settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import { profileByRef } from '@chargelane/rules/markets'

/** For its operator, its market or all; what is set later is for later sessions. */
export async function settingsOf(sql: Sql, sessionId: string): Promise<KeptSettings> {
  const terms = await sessionTerms(sql, sessionId)
  if (terms === undefined) return {}
  const { session, quote } = terms
  const market = profileByRef(quote.marketProfile)?.country
  return settingsAt(sql, { market, operator: session.cpoId }, session.createdAt)
}

type Came = { sessionId: string; endedAt: string; at: string }

/** What the term was, in days, of a record that came after it; undefined of one that came in time. */
export async function lateBy(
  sql: Sql,
  { sessionId, endedAt, at }: Came,
): Promise<{ days: number } | undefined> {
  const ageMs = Date.parse(at) - Date.parse(endedAt)
  // No term is shorter than a day, and most records come within one.
  if (ageMs <= 86_400_000) return undefined
  const { contract_term_s: set } = await settingsOf(sql, sessionId)
  const termS = set ?? settingDefaults.contract_term_s
  return ageMs > termS * 1_000 ? { days: Math.round(termS / 86_400) } : undefined
}

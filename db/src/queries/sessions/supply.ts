import { and, asc, eq, isNull, sql as raw } from 'drizzle-orm'
import type { SupplyFact } from '@chargelane/rules/documents'
import type { Sql, Tx } from '../../client.ts'
import { meterValues, ocppTransactions, supplyEvents } from '../../schema.ts'

export type SupplyEventRow = {
  id: number
  sessionId: string
  dedupeKey: string
  event: SupplyFact
  attempts: number
}

/**
 * Records what supply told, in the tx of the state it tells of; the relay brings it to the session's workflow.
 * Returns false when this key was recorded before: a repeated protocol message changes nothing.
 */
export async function recordSupplyEvent(
  tx: Tx,
  sessionId: string,
  dedupeKey: string,
  event: SupplyFact,
): Promise<boolean> {
  const rows = await tx
    .insert(supplyEvents)
    .values({ sessionId, dedupeKey, event, createdAt: event.at })
    .onConflictDoNothing()
    .returning({ id: supplyEvents.id })
  if (rows.length === 0) return false
  await tx.execute(raw`select pg_notify('chargelane_supply', ${sessionId})`)
  return true
}

/**
 * Undelivered events, each session's oldest first and no session twice: order within a session is kept because the
 * next one appears only when the one before is delivered.
 */
export async function pendingSupplyEvents(sql: Sql, limit: number): Promise<SupplyEventRow[]> {
  return sql
    .selectDistinctOn([supplyEvents.sessionId], {
      id: supplyEvents.id,
      sessionId: supplyEvents.sessionId,
      dedupeKey: supplyEvents.dedupeKey,
      event: supplyEvents.event,
      attempts: supplyEvents.attempts,
    })
    .from(supplyEvents)
    .where(isNull(supplyEvents.deliveredAt))
    .orderBy(asc(supplyEvents.sessionId), asc(supplyEvents.id))
    .limit(limit)
}

/** The start at the charger that a session without a row began with; its account names the workflow. */
export async function unsolicitedStartOf(
  sql: Sql,
  sessionId: string,
): Promise<(SupplyFact & { kind: 'charging_started' }) | undefined> {
  const rows = await sql
    .select({ event: supplyEvents.event })
    .from(supplyEvents)
    .where(and(eq(supplyEvents.sessionId, sessionId), raw`${supplyEvents.event} ? 'unsolicited'`))
    .orderBy(asc(supplyEvents.id))
    .limit(1)
  const first = rows[0]?.event
  return first?.kind === 'charging_started' ? first : undefined
}

export async function markSupplyDelivered(sql: Sql, id: number, at: string): Promise<void> {
  await sql.update(supplyEvents).set({ deliveredAt: at }).where(eq(supplyEvents.id, id))
}

/** Counts a failed delivery, so that an event nobody can take is seen by the operator. */
export async function markSupplyAttempt(sql: Sql, id: number): Promise<void> {
  await sql
    .update(supplyEvents)
    .set({ attempts: raw`${supplyEvents.attempts} + 1` })
    .where(eq(supplyEvents.id, id))
}

export type MeterReading = {
  sessionId: string
  at: string
  /** OCPP reading context (`Transaction.Begin`, `Sample.Periodic`, …); OCPI sessions use `session`. */
  context: string
  registerWh?: string
  powerW?: number
  socPercent?: number
  source: 'ocpp' | 'ocpi'
  /** Set when the reading cannot be true; kept as evidence, never billed. */
  flag?: string
  receivedAt: string
}

/** Stores readings once each: the same instant and context again is the same reading. */
export async function recordMeterValues(tx: Sql, readings: MeterReading[]): Promise<void> {
  if (readings.length > 0) await tx.insert(meterValues).values(readings).onConflictDoNothing()
}

/** All readings of a session in the order of the charger's time. */
export async function meterValuesOf(sql: Sql, sessionId: string) {
  return sql
    .select()
    .from(meterValues)
    .where(eq(meterValues.sessionId, sessionId))
    .orderBy(asc(meterValues.at), asc(meterValues.receivedAt))
}

export type EnergyProgress = {
  /** Energy since the first register value, in Wh as a decimal. */
  energyWh: string
  /** When the register last grew, or the first reading when it never did. */
  lastGrowthAt: string | null
  lastReadingAt: string | null
  powerW: number | null
}

/** How far the energy register has come; what the ghost rule and the running estimate read (failures F21). */
export async function energyProgress(sql: Sql, sessionId: string): Promise<EnergyProgress> {
  const rows = await meterValuesOf(sql, sessionId)
  const [found] = await sql.execute<{ energy: string | null; growth: string | null }>(raw`
    with r as (
      select at, register_wh, max(register_wh) over (order by at, received_at
        rows between unbounded preceding and 1 preceding) as before
      from meter_values where session_id = ${sessionId} and register_wh is not null and flag is null)
    select (max(register_wh) - min(register_wh))::text as energy,
      to_char(max(at) filter (where before is null or register_wh > before) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as growth
    from r`)
  const last = rows.at(-1)
  return {
    energyWh: found?.energy ?? '0',
    lastGrowthAt: found?.growth ?? null,
    lastReadingAt: last?.at ?? null,
    powerW: rows.findLast((row) => row.powerW !== null)?.powerW ?? null,
  }
}

/** The OCPP transaction of a session, when our own node served it. */
export async function ocppTransactionOf(sql: Sql, sessionId: string) {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(and(eq(ocppTransactions.sessionId, sessionId)))
  return row
}

import { and, asc, eq, inArray, type SQL, sql as raw } from 'drizzle-orm'
import type { SupplyFact } from '@chargelane/rules/documents'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { asSealed, seal, sealedText, unseal } from '../../sealed/sealed.ts'
import { arrayOf } from '../arrays.ts'
import { meterValues, ocppTransactions, supplyEvents } from '../../schema.ts'

/** A start at the charger names the card: as it stands in the row, and as it was told. */
const changedCard = (fact: SupplyFact, change: (tokenUid: string) => string): SupplyFact =>
  fact.kind !== 'charging_started' || fact.unsolicited === undefined
    ? fact
    : {
        ...fact,
        unsolicited: { ...fact.unsolicited, tokenUid: change(fact.unsolicited.tokenUid) },
      }

export const sealedFact = (sessionId: string, fact: SupplyFact): SupplyFact =>
  changedCard(fact, (tokenUid) => sealedText(seal('supply_events.event', sessionId, tokenUid)))

export const openedFact = (sessionId: string, fact: SupplyFact): SupplyFact =>
  changedCard(fact, (sealed) => unseal('supply_events.event', sessionId, asSealed(sealed)))

export type SupplyEventRow = {
  id: number
  sessionId: string
  /** Null while the session has no row: a start at the charger opens it a moment later. */
  workflowId: string | null
  dedupeKey: string
  event: SupplyFact
  attempts: number
}

/** Heard by whoever tells sessions what supply told; the payload is the session's id and the name of the fact. */
export const supplyChannel = 'chargelane_supply'

/** A kind of fact; with its result, where it has one. */
export type FactName = SupplyFact['kind'] | 'start_result:rejected' | 'stop_result:rejected'
const nameOf = (event: SQL): SQL => raw`concat_ws(':', ${event} ->> 'kind', ${event} ->> 'result')`

/** Wakes them for one row of `supply_events`. */
export const wakeSupply = (row: SQL): SQL =>
  raw`pg_notify(${raw.raw(`'${supplyChannel}'`)}, ${row}.session_id || ' ' || ${nameOf(raw`${row}.event`)})`

const insertSupplyEvent = fixedStatement<
  { id: number },
  { sessionId: string; dedupeKey: string; event: string; at: string }
>(
  () => raw`with told as (
      insert into supply_events (session_id, dedupe_key, event, created_at)
      values (${arg('sessionId')}, ${arg('dedupeKey')}, ${arg('event')}, ${arg('at')})
      on conflict do nothing returning id, session_id, event)
    select id, ${wakeSupply(raw`told`)} from told`,
)

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
  const rows = await insertSupplyEvent(tx, {
    sessionId,
    dedupeKey,
    event: JSON.stringify(sealedFact(sessionId, event)),
    at: event.at,
  })
  return rows.length > 0
}

type Pending = {
  sessionsMax: number
  now: string
  /** Sessions left out: somebody is telling them. */
  except?: readonly string[]
}

const selectPending = fixedStatement<
  SupplyEventRow,
  { sessionsMax: number; now: string; except: string }
>(
  () => raw`select e.id, e.session_id as "sessionId", s.workflow_id as "workflowId", e.dedupe_key as "dedupeKey",
      e.event, e.attempts
    from (select session_id from supply_events where delivered_at is null
        and session_id <> all(${arg('except')}::text[])
      group by session_id having coalesce(max(retry_at), '-infinity') <= ${arg('now')}::timestamptz
      order by min(id) limit ${arg('sessionsMax')}) waiting
    join supply_events e on e.session_id = waiting.session_id and e.delivered_at is null
    left join sessions s on s.id = waiting.session_id
    order by e.id`,
)

/** Undelivered events of the sessions that wait longest, in order within each session. */
export async function pendingSupplyEvents(
  sql: Sql,
  { sessionsMax, now, except = [] }: Pending,
): Promise<SupplyEventRow[]> {
  const rows = await selectPending(sql, { sessionsMax, now, except: arrayOf(except) })
  return rows.map((row) => ({ ...row, event: openedFact(row.sessionId, row.event) }))
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
  const [row] = rows
  const first = row && openedFact(sessionId, row.event)
  return first?.kind === 'charging_started' ? first : undefined
}

const setDelivered = fixedStatement<Record<string, never>, { ids: string; at: string }>(
  () => raw`update supply_events set delivered_at = ${arg('at')}::timestamptz
    where id in (select value::bigint from jsonb_array_elements_text(${arg('ids')}::jsonb))`,
)

export async function markSupplyDelivered(sql: Sql, ids: number[], at: string): Promise<void> {
  if (ids.length === 0) return
  await setDelivered(sql, { ids: JSON.stringify(ids), at })
}

const claimAnswer = fixedStatement<
  { dedupeKey: string; event: SupplyFact },
  { sessionId: string; names: string; until: string }
>(
  () => raw`with waiting as materialized (
      select id, dedupe_key, event from supply_events where session_id = ${arg('sessionId')} and delivered_at is null),
    claimed as (
      update supply_events e set retry_at = ${arg('until')}::timestamptz from waiting
      where e.id = waiting.id and exists (select from waiting w where ${nameOf(raw`w.event`)} = any(${arg('names')}::text[]))
      returning e.id)
    select w.dedupe_key as "dedupeKey", w.event from waiting w join claimed using (id) order by w.id`,
)

/**
 * What waits to be told of a session, once one of these facts is among it. The relay leaves it alone until then, or
 * until it is marked as heard: whoever takes it and dies has lost nothing.
 */
export async function claimSupplyEvents(
  sql: Sql,
  { names, ...claim }: { sessionId: string; names: readonly FactName[]; until: string },
) {
  const rows = await claimAnswer(sql, { ...claim, names: arrayOf(names) })
  return rows.map((row) => ({ ...row, event: openedFact(claim.sessionId, row.event) }))
}

const setHeard = fixedStatement<Record<string, never>, { keys: string; at: string }>(
  () => raw`update supply_events set delivered_at = ${arg('at')}::timestamptz
    where dedupe_key = any(${arg('keys')}::text[]) and delivered_at is null`,
)

/** The session has heard them otherwise than from the relay. */
export async function markSupplyHeard(
  sql: Sql,
  dedupeKeys: readonly string[],
  at: string,
): Promise<void> {
  await setHeard(sql, { keys: arrayOf(dedupeKeys), at })
}

/** Counts a failed delivery; its session is tried again then, and holds up no other meanwhile. */
export async function markSupplyAttempt(sql: Sql, ids: number[], retryAt: string): Promise<void> {
  await sql
    .update(supplyEvents)
    .set({ attempts: raw`${supplyEvents.attempts} + 1`, retryAt })
    .where(inArray(supplyEvents.id, ids))
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

const selectMeter = fixedStatement<typeof meterValues.$inferSelect, { sessionId: string }>(
  () => raw`select ${rowOf(meterValues)} from meter_values
    where session_id = ${arg('sessionId')} order by at, received_at`,
)

/** All readings of a session in the order of the charger's time. */
export const meterValuesOf = (sql: Sql, sessionId: string) => selectMeter(sql, { sessionId })

export type EnergyProgress = {
  /** Energy since the first register value, in Wh as a decimal. */
  energyWh: string
  lastReadingAt: string | null
  powerW: number | null
}

type ProgressRow = {
  energy: string | null
  last: string | null
  power: number | null
}
const selectProgress = fixedStatement<ProgressRow, { sessionId: string }>(
  () => raw`with r as (
      select at, received_at, power_w, flag, register_wh,
        register_wh is not null and flag is null as is_proven
      from meter_values where session_id = ${arg('sessionId')})
    select (max(register_wh) filter (where is_proven) - min(register_wh) filter (where is_proven))::text
        as energy,
      max(at) as last,
      (array_agg(power_w order by at desc, received_at desc) filter (where power_w is not null))[1]
        as power
    from r`,
)

/** How far the energy register has come; what the running estimate reads. */
export async function energyProgress(sql: Sql, sessionId: string): Promise<EnergyProgress> {
  const [row] = await selectProgress(sql, { sessionId })
  return {
    energyWh: row?.energy ?? '0',
    lastReadingAt: row?.last ?? null,
    powerW: row?.power ?? null,
  }
}

type FlowReading = { at: string; wh: number; powerW: number | null }
/** The last reading in which the register had grown, the one before it, and what the charger says of its car. */
export type EnergyFlow = {
  grown: FlowReading | null
  before: FlowReading | null
  /** Since when the car takes nothing. */
  heldByVehicleSince: string | null
}

type FlowRow = {
  at: string
  wh: number
  power: number | null
  beforeAt: string | null
  beforeWh: number | null
  beforePower: number | null
}
const selectGrown = fixedStatement<FlowRow, { sessionId: string }>(
  () => raw`select at, register_wh::float8 as wh, power_w as power, "beforeAt", "beforeWh"::float8 as "beforeWh",
      "beforePower"
    from (select at, received_at, register_wh, power_w, lag(at) over w as "beforeAt",
        lag(register_wh) over w as "beforeWh", lag(power_w) over w as "beforePower"
      from meter_values where session_id = ${arg('sessionId')} and flag is null and register_wh is not null
      window w as (order by at, received_at)) r
    where "beforeWh" is null or register_wh > "beforeWh" order by at desc, received_at desc limit 1`,
)
const selectHeld = fixedStatement<{ since: string | null }, { sessionId: string }>(
  () => raw`select charging_state_at as since from ocpp_transactions
    where session_id = ${arg('sessionId')} and charging_state = 'SuspendedEV'`,
)

/** What the ghost rule reads (failures F21). */
export async function energyFlow(sql: Sql, sessionId: string): Promise<EnergyFlow> {
  const [[grown], [held]] = await Promise.all([
    selectGrown(sql, { sessionId }),
    selectHeld(sql, { sessionId }),
  ])
  const heldByVehicleSince = held?.since ?? null
  if (grown === undefined) return { grown: null, before: null, heldByVehicleSince }
  const { at, wh, power: powerW, beforeAt, beforeWh, beforePower } = grown
  return {
    grown: { at, wh, powerW },
    before:
      beforeAt === null || beforeWh === null
        ? null
        : { at: beforeAt, wh: beforeWh, powerW: beforePower },
    heldByVehicleSince,
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

import { and, asc, desc, eq, lt, notInArray, sql as raw } from 'drizzle-orm'
import type { AnyColumn, SQL } from 'drizzle-orm'
import type { EventType } from '@chargelane/openapi/vocabulary/event-types'
import { statusTransitions, zSessionStatus } from '@chargelane/openapi/vocabulary/status'
import type {
  Connectivity,
  EndReason,
  MoneyStatus,
  RecordStatus,
  SessionStatus,
} from '@chargelane/openapi/vocabulary/status'
import type { Sql, Tx } from '../../client.ts'
import { debts, paymentSources, quotes, sessions, timeline } from '../../schema.ts'
import { appendEvent } from '../outbox/outbox.ts'

export type SessionRow = typeof sessions.$inferSelect
export type TimelineRow = typeof timeline.$inferSelect
export type QuoteRow = typeof quotes.$inferSelect

/** Whose sessions: a partner sees its demand, a CPO its supply, finance and platform everything. */
export type SessionScope = { partner: string } | { cpo: string } | 'all'

export type SessionFailure = {
  code: string
  reason?: string
  detail?: string
  extra?: Record<string, unknown>
  alternatives?: { evse: string; quote: string; total_minor: number; currency: string }[]
}

/** Why a session may not be opened; the edge turns it into a problem document. */
export type SessionRefusal = {
  kind: 'refused'
  code:
    | 'resource_missing'
    | 'quote_expired'
    | 'quote_consumed'
    | 'session_already_active'
    | 'outstanding_debt'
    | 'payment_declined'
    | 'validation_error'
    | 'price_unavailable'
  message: string
  param?: string
  extra?: Record<string, unknown>
}

export type OpenSession = {
  sessionId: string
  accountId: string
  quoteId: string
  workflowId: string
  tokenUid: string
  at: string
  externalId?: string
  metadata?: Record<string, string>
  /** Energy may already flow: the quote's age does not matter, and debts are judged after the fact. */
  startedAtCharger?: boolean
}

/** The fields of a session that may change; everything else is fixed when the session is opened. */
export type SessionPatch = {
  status?: SessionStatus
  connectivity?: Connectivity
  recordStatus?: RecordStatus
  moneyStatus?: MoneyStatus
  connectionId?: string
  energyWh?: string
  energyIsEstimate?: boolean
  startedAt?: string
  endedAt?: string
  endReason?: EndReason
  failure?: SessionFailure
  supplyRef?: string
  totalNetMinor?: number
  totalVatMinor?: number
  totalGrossMinor?: number
  slaDeadline?: string
  settledAt?: string
}

export type SessionChange = {
  /** What partners are told; without it only the timeline grows. */
  event?: EventType
  room: string
  what: string
  detail?: Record<string, unknown>
  /** Same key, same change: a repeated call finds the first and changes nothing. */
  dedupeKey: string
  at: string
}

const terminal: SessionStatus[] = ['ended', 'start_failed', 'cancelled']

function scopeOf(scope: SessionScope): SQL | undefined {
  if (scope === 'all') return undefined
  return 'partner' in scope ? eq(sessions.accountId, scope.partner) : eq(sessions.cpoId, scope.cpo)
}

/** One session as its viewer may see it; undefined also when it is somebody else's. */
export async function getSession(
  sql: Sql,
  scope: SessionScope,
  sessionId: string,
): Promise<SessionRow | undefined> {
  const [row] = await sql
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), scopeOf(scope)))
  return row
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listSessions(
  sql: Sql,
  scope: SessionScope,
  page: {
    after?: string
    limit: number
    status?: SessionStatus
    evseId?: string
    externalId?: string
  },
): Promise<SessionRow[]> {
  return sql
    .select()
    .from(sessions)
    .where(
      and(
        scopeOf(scope),
        page.after === undefined ? undefined : lt(sessions.id, page.after),
        page.status === undefined ? undefined : eq(sessions.status, page.status),
        page.evseId === undefined ? undefined : eq(sessions.evseId, page.evseId),
        page.externalId === undefined ? undefined : eq(sessions.externalId, page.externalId),
      ),
    )
    .orderBy(desc(sessions.id))
    .limit(page.limit)
}

/** Room by room, in the order it happened. */
export async function timelineOf(
  sql: Sql,
  scope: SessionScope,
  sessionId: string,
): Promise<TimelineRow[]> {
  if ((await getSession(sql, scope, sessionId)) === undefined) return []
  return sql
    .select()
    .from(timeline)
    .where(eq(timeline.sessionId, sessionId))
    .orderBy(asc(timeline.id))
}

const matches = (column: AnyColumn, value: string | undefined) =>
  value === undefined ? undefined : eq(raw`upper(${column})`, value.toUpperCase())

/**
 * The session a message of supply belongs to: by our authorization reference, else by the credential supply
 * shows, newest first. Peers lower-case what OCPI calls CiString, so both compare without case.
 */
export async function findSessionOfSupply(
  sql: Sql,
  connectionId: string,
  by: { authorizationReference?: string; tokenUid?: string; supplyRef?: string },
): Promise<SessionRow | undefined> {
  for (const condition of [
    matches(sessions.id, by.authorizationReference),
    matches(sessions.supplyRef, by.supplyRef),
    matches(sessions.tokenUid, by.tokenUid),
  ]) {
    if (condition === undefined) continue
    const [row] = await sql
      .select()
      .from(sessions)
      .where(and(eq(sessions.connectionId, connectionId), condition))
      .orderBy(desc(sessions.id))
      .limit(1)
    if (row !== undefined) return row
  }
  return undefined
}

/** The session that keeps this driver from starting another one at the same EVSE (failures F01). */
export async function activeSessionAt(
  sql: Sql,
  driverId: string,
  evseId: string,
): Promise<SessionRow | undefined> {
  const [row] = await sql
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.driverId, driverId),
        eq(sessions.evseId, evseId),
        notInArray(sessions.status, [...terminal, 'start_unconfirmed']),
      ),
    )
    .limit(1)
  return row
}

const refuse = (
  code: SessionRefusal['code'],
  message: string,
  extra: { param?: string; extra?: Record<string, unknown> } = {},
): SessionRefusal => ({ kind: 'refused', code, message, ...extra })

async function refusalOf(tx: Tx, input: OpenSession, quote: QuoteRow) {
  if (quote.status === 'consumed')
    return refuse(
      'quote_consumed',
      `Quote ${quote.id} already started session ${quote.sessionId}.`,
      {
        param: 'quote',
        extra: { session: quote.sessionId },
      },
    )
  if (quote.status !== 'open')
    return refuse('quote_expired', `Quote ${quote.id} is ${quote.status}.`, { param: 'quote' })
  if (input.externalId !== undefined) {
    const [other] = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(
        and(eq(sessions.accountId, input.accountId), eq(sessions.externalId, input.externalId)),
      )
    if (other !== undefined)
      return refuse('validation_error', `external_id is already used by session ${other.id}.`, {
        param: 'external_id',
        extra: { session: other.id },
      })
  }
  if (input.startedAtCharger === true) return undefined
  if (Date.parse(quote.expiresAt) <= Date.parse(input.at))
    return refuse('quote_expired', `Quote ${quote.id} expired at ${quote.expiresAt}.`, {
      param: 'quote',
    })
  const active = await activeSessionAt(tx, quote.driverId, quote.evseId)
  if (active !== undefined)
    return refuse('session_already_active', `Session ${active.id} is active at this EVSE.`, {
      extra: { session: active.id },
    })
  const [debt] = await tx
    .select({ sessionId: debts.sessionId })
    .from(debts)
    .where(and(eq(debts.paymentSourceId, quote.paymentSourceId), eq(debts.status, 'open')))
    .limit(1)
  if (debt !== undefined)
    return refuse(
      'outstanding_debt',
      `Session ${debt.sessionId} of this payment source is unpaid.`,
      {
        param: 'payment_source',
        extra: { session: debt.sessionId },
      },
    )
  const [source] = await tx
    .select({ status: paymentSources.status })
    .from(paymentSources)
    .where(eq(paymentSources.id, quote.paymentSourceId))
  if (source?.status === 'detached')
    return refuse('payment_declined', 'The payment source was detached.', {
      param: 'payment_source',
      extra: { decline_code: 'payment_source_detached' },
    })
  return undefined
}

/**
 * Consumes the quote and opens its session in one tx, or says why not. A quote starts at most one session, and a
 * driver has at most one active session at an EVSE. Called again for the same session it finds the first.
 */
export async function openSession(
  tx: Tx,
  input: OpenSession,
): Promise<SessionRefusal | { kind: 'opened'; session: SessionRow }> {
  const [quote] = await tx
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, input.quoteId), eq(quotes.accountId, input.accountId)))
    .for('update')
  if (quote === undefined)
    return {
      kind: 'refused',
      code: 'resource_missing',
      message: `No quote ${input.quoteId}.`,
      param: 'quote',
    }
  if (quote.sessionId === input.sessionId) {
    const session = await getSession(tx, 'all', input.sessionId)
    if (session !== undefined) return { kind: 'opened', session }
  }
  // Two quotes of one driver for one EVSE must not both find nobody active.
  await tx.execute(
    raw`select pg_advisory_xact_lock(hashtextextended(${`${quote.driverId}:${quote.evseId}`}, 0))`,
  )
  const refusal = await refusalOf(tx, input, quote)
  if (refusal !== undefined) return refusal
  const connectionId = raw<string>`(select connection_id from evses where id = ${quote.evseId})`
  await tx
    .update(quotes)
    .set({ status: 'consumed', sessionId: input.sessionId })
    .where(eq(quotes.id, quote.id))
  await tx.insert(sessions).values({
    id: input.sessionId,
    accountId: input.accountId,
    cpoId: quote.cpoId,
    quoteId: quote.id,
    evseId: quote.evseId,
    connectorId: quote.connectorId,
    connectionId,
    driverId: quote.driverId,
    workflowId: input.workflowId,
    externalId: input.externalId ?? null,
    channel: quote.channel,
    tokenUid: input.tokenUid,
    status: 'authorizing',
    connectivity: 'live',
    recordStatus: 'none',
    moneyStatus: 'unfunded',
    currency: quote.currency,
    metadata: input.metadata ?? {},
    createdAt: input.at,
    updatedAt: input.at,
  })
  const session = await changeSession(
    tx,
    input.sessionId,
    {},
    {
      event: 'session.created',
      room: 'quote',
      what: 'quote consumed',
      detail: { quote: quote.id, hold_minor: quote.holdMinor, currency: quote.currency },
      dedupeKey: `${input.sessionId}:created`,
      at: input.at,
    },
  )
  return { kind: 'opened', session }
}

/** What partners are told with an event: the session as it is after the change, in the words of the contract. */
export function sessionSnapshot(row: SessionRow): Record<string, unknown> {
  const total = (amount: number | null) => ({ amount: amount ?? 0, currency: row.currency })
  return {
    id: row.id,
    external_id: row.externalId,
    sequence: row.sequence,
    status: row.status,
    connectivity: row.connectivity,
    record_status: row.recordStatus,
    money_status: row.moneyStatus,
    account: row.accountId,
    cpo: row.cpoId,
    driver: row.driverId,
    channel: row.channel,
    evse: row.evseId,
    connector: row.connectorId,
    quote: row.quoteId,
    currency: row.currency,
    energy_wh: Number(row.energyWh.split('.')[0]),
    energy_is_estimate: row.energyIsEstimate,
    started_at: row.startedAt,
    ended_at: row.endedAt,
    end_reason: row.endReason,
    failure: row.failure,
    totals:
      row.totalGrossMinor === null
        ? null
        : {
            excl_tax: total(row.totalNetMinor),
            tax: total(row.totalVatMinor),
            incl_tax: total(row.totalGrossMinor),
          },
    settlement: { sla_deadline: row.slaDeadline, settled_at: row.settledAt },
    metadata: row.metadata,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }
}

/**
 * The one way a session row changes: status transition checked, sequence grown, timeline and outbox written in the
 * same tx. A change whose `dedupeKey` is known already happened and is not repeated. Throws on an illegal transition.
 */
export async function changeSession(
  tx: Tx,
  sessionId: string,
  patch: SessionPatch,
  change: SessionChange,
): Promise<SessionRow> {
  const [before] = await tx.select().from(sessions).where(eq(sessions.id, sessionId)).for('update')
  if (before === undefined) throw new Error(`No session ${sessionId}.`)
  const [noted] = await tx
    .insert(timeline)
    .values({
      sessionId,
      at: change.at,
      room: change.room,
      what: change.what,
      detail: change.detail ?? {},
      dedupeKey: change.dedupeKey,
    })
    .onConflictDoNothing()
    .returning({ id: timeline.id })
  if (noted === undefined) return before
  const from = zSessionStatus.parse(before.status)
  if (patch.status !== undefined && patch.status !== from)
    if (!statusTransitions[from].includes(patch.status))
      throw new Error(`Session ${sessionId} cannot go from ${from} to ${patch.status}.`)
  if (Object.keys(patch).length === 0 && change.event === undefined) return before
  const [after] = await tx
    .update(sessions)
    .set({ ...patch, sequence: before.sequence + 1, updatedAt: change.at })
    .where(eq(sessions.id, sessionId))
    .returning()
  if (after === undefined) throw new Error(`No session ${sessionId}.`)
  if (change.event !== undefined)
    await appendEvent(tx, {
      accountId: after.accountId,
      type: change.event,
      objectId: sessionId,
      data: { ...sessionSnapshot(after), detail: change.detail ?? {} },
      at: change.at,
      dedupeKey: change.dedupeKey,
    })
  return after
}

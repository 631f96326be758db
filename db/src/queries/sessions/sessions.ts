import { and, asc, desc, eq, lt, notInArray, sql as raw } from 'drizzle-orm'
import type { AnyColumn, SQL } from 'drizzle-orm'
import type { News } from '@chargelane/openapi'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { statusTransitions, zSessionStatus } from '@chargelane/openapi/vocabulary/status'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type {
  Connectivity,
  EndReason,
  MoneyStatus,
  RecordStatus,
  SessionStatus,
} from '@chargelane/openapi/vocabulary/status'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { columnName, rowText } from '../patch.ts'
import { debts, paymentSources, quotes, sessions, timeline } from '../../schema.ts'
import { sessionView } from '../../views/sessions.ts'
import {
  eventArgs,
  type EventArgs,
  notified,
  wantingEndpoints,
  writeEvent,
} from '../outbox/outbox.ts'
import { extrasColumn, type SessionExtras } from './session-views.ts'
import type { SessionFailure } from '@chargelane/rules/documents'

export type SessionRow = typeof sessions.$inferSelect
export type TimelineRow = typeof timeline.$inferSelect
export type QuoteRow = typeof quotes.$inferSelect

/** Whose sessions: a partner sees its demand, a CPO its supply, finance and platform everything. */
export type SessionScope = { partner: string } | { cpo: string } | 'all'

export type OpenSession = {
  sessionId: string
  accountId: string
  workflowId: string
  tokenUid: string
  at: string
  externalId?: string
  metadata?: Record<string, string>
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
  totals?: { net: Money; vat: Money; gross: Money }
  slaDeadline?: string
  settledAt?: string
}

/** As the database gives it back: UTC with milliseconds. */
const instantText = (at: string) => new Date(at).toISOString()

function columnsOf({ totals, ...patch }: SessionPatch, { id, currency }: SessionRow) {
  const columns = { ...patch }
  for (const name of ['startedAt', 'endedAt', 'slaDeadline', 'settledAt'] as const) {
    const at = patch[name]
    if (at !== undefined) columns[name] = instantText(at)
  }
  if (totals === undefined) return columns
  const { net, vat, gross } = totals
  if ([net, vat, gross].some((amount) => amount.currency !== currency))
    throw new Error(`Session ${id} is sold in ${currency}, not ${gross.currency}.`)
  return {
    ...columns,
    totalNetMinor: net.amount,
    totalVatMinor: vat.amount,
    totalGrossMinor: gross.amount,
  }
}

export type NewsOfSession = News<'Payment' | 'Cdr' | 'PriceProof' | 'Invoice' | 'Evidence'>

export type SessionChange = {
  /** What the partner is told, of the session or of an object that belongs to it; else only the timeline grows. */
  event?: EventTypeOf<'Session'> | NewsOfSession
  room: string
  what: string
  /** Kept in the timeline and sent as the event's context. */
  detail?: Record<string, unknown>
  /** Same key, same change: a repeated call finds the first and changes nothing. */
  dedupeKey: string
  at: string
}

export type SessionNote = Omit<SessionChange, 'event'>

const terminal: SessionStatus[] = ['ended', 'start_failed', 'cancelled']

function scopeOf(scope: SessionScope): SQL | undefined {
  if (scope === 'all') return undefined
  return 'partner' in scope ? eq(sessions.accountId, scope.partner) : eq(sessions.cpoId, scope.cpo)
}

const selectSession = fixedStatement<
  SessionRow,
  { id: string; partner: string | null; cpo: string | null }
>(
  () => raw`select ${rowOf(sessions)} from sessions
    where id = ${arg('id')} and coalesce(account_id = ${arg('partner')}::text, true)
      and coalesce(cpo_id = ${arg('cpo')}::text, true)`,
)

/** One session as its viewer may see it; undefined also when it is somebody else's. */
export async function getSession(
  sql: Sql,
  scope: SessionScope,
  sessionId: string,
): Promise<SessionRow | undefined> {
  const everybody = { partner: null, cpo: null }
  const [row] = await selectSession(sql, {
    id: sessionId,
    ...everybody,
    ...(scope === 'all' ? {} : scope),
  })
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

/** What decides whether a quote starts a session, read under the locks of one that is about to. */
export type StartReading = {
  quote: QuoteRow
  payer: { status: PaymentSourceStatus; unpaidSessionId: string | null }
  sameExternalId: string | null
  activeSession: string | null
}

type PaymentSourceStatus = (typeof paymentSources.$inferSelect)['status']

/**
 * Reads what decides about a start. The quote's row and the driver at its EVSE are locked until the tx ends, so that two
 * quotes of one driver for one EVSE never both find nobody active. Undefined without such a quote of the account.
 */
export async function readStart(
  tx: Tx,
  input: { accountId: string; quoteId: string; externalId?: string | undefined },
): Promise<StartReading | undefined> {
  const [quote] = await tx
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, input.quoteId), eq(quotes.accountId, input.accountId)))
    .for('update')
  if (quote === undefined) return undefined
  await tx.execute(
    raw`select pg_advisory_xact_lock(hashtextextended(${`${quote.driverId}:${quote.evseId}`}, 0))`,
  )
  const active = await activeSessionAt(tx, quote.driverId, quote.evseId)
  const [facts] = await tx
    .select({
      status: paymentSources.status,
      unpaidSessionId: raw<string | null>`(select ${debts.sessionId} from ${debts}
        where ${debts.paymentSourceId} = ${paymentSources.id} and ${debts.status} = 'open' limit 1)`,
      sameExternalId: raw<string | null>`(select ${sessions.id} from ${sessions}
        where ${sessions.accountId} = ${input.accountId} and ${sessions.externalId} = ${input.externalId ?? null} limit 1)`,
    })
    .from(paymentSources)
    .where(eq(paymentSources.id, quote.paymentSourceId))
  return {
    quote,
    payer: {
      status: facts?.status ?? 'detached',
      unpaidSessionId: facts?.unpaidSessionId ?? null,
    },
    sameExternalId: facts?.sameExternalId ?? null,
    activeSession: active?.id ?? null,
  }
}

/** Consumes the quote and opens its session, in the tx in which `readStart` found nothing against it. */
export async function openSession(
  tx: Tx,
  quote: QuoteRow,
  input: OpenSession,
): Promise<SessionRow> {
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
  return changeSession(
    tx,
    input.sessionId,
    {},
    {
      event: 'session.created',
      room: 'quote',
      what: 'quote consumed',
      detail: { quote: quote.id, hold: { amount: quote.holdMinor, currency: quote.currency } },
      dedupeKey: `${input.sessionId}:created`,
      at: input.at,
    },
  )
}

/** A session's row under its lock, with what it is shown with and the endpoints that want to hear of it. */
type Locked = SessionRow & {
  extras: SessionExtras
  endpoints: string[]
  isKnown: boolean
  /** The row's sequence as this statement's snapshot has it; an older one shows an older `extras` too. */
  seen: number
}

const lockSession = fixedStatement<Locked, { id: string; key: string; type: string | null }>(
  () => raw`select ${rowOf(sessions)}, ${extrasColumn} as extras,
      ${wantingEndpoints(raw`sessions.account_id`, raw`${arg('type')}::text`)} as endpoints,
      exists (select from timeline where dedupe_key = ${arg('key')}) as "isKnown",
      (select x.sequence from sessions x where x.id = sessions.id) as seen
    from sessions where id = ${arg('id')} for update of sessions`,
)

async function lockForChange(tx: Sql, args: Parameters<typeof lockSession>[1]): Promise<Locked> {
  const [row] = await lockSession(tx, args)
  // It was changed while we waited for the lock: read again what belongs to it, now that nobody else changes it.
  const [fresh] =
    row === undefined || row.seen === row.sequence ? [row] : await lockSession(tx, args)
  if (fresh === undefined) throw new Error(`No session ${args.id}.`)
  return fresh
}

type NoteArgs = { id: string; at: string; room: string; what: string; detail: string; key: string }

/** `noted`, the new line of the timeline; none when its key is known. */
const writeNote = raw`noted as (
  insert into timeline (session_id, at, room, what, detail, dedupe_key)
  select id, ${arg('at')}::timestamptz, ${arg('room')}::text, ${arg('what')}::text, ${arg('detail')}::jsonb,
    ${arg('key')}::text from sessions where id = ${arg('id')}
  on conflict do nothing returning id)`

const changing = [
  'status',
  'connectivity',
  'recordStatus',
  'moneyStatus',
  'connectionId',
  'energyWh',
  'energyIsEstimate',
  'startedAt',
  'endedAt',
  'endReason',
  'failure',
  'supplyRef',
  'totalNetMinor',
  'totalVatMinor',
  'totalGrossMinor',
  'slaDeadline',
  'settledAt',
  'sequence',
  'updatedAt',
] as const satisfies (keyof SessionRow)[]

/** What may change of a row, as the statement reads it. */
const changedText = (row: SessionRow): string =>
  rowText(Object.fromEntries(changing.map((name) => [name, row[name]])))

/** `changed`, the session with the values of `row`, when the change is new. */
const writeRow = raw`changed as (
  update sessions set ${raw.raw(changing.map((name) => `${columnName(name)} = n.${columnName(name)}`).join(', '))}
  from jsonb_populate_record(null::sessions, ${arg('row')}::jsonb) n
  where sessions.id = ${arg('id')} and exists (select from noted)
  returning sessions.id)`

const noteOnly = fixedStatement<SessionRow, NoteArgs>(
  () => raw`with ${writeNote} select ${rowOf(sessions)} from sessions where id = ${arg('id')}`,
)
type Written = { isNew: boolean }
const changeQuietly = fixedStatement<Written, NoteArgs & { row: string }>(
  () => raw`with ${writeNote}, ${writeRow} select exists (select from changed) as "isNew"`,
)
const changeAndTell = fixedStatement<Written, NoteArgs & { row: string } & EventArgs>(
  () => raw`with ${writeNote}, ${writeRow}, ${writeEvent(raw`changed`)}
    select exists (select from changed) as "isNew", ${notified}`,
)

const noteArgs = (id: string, { at, room, what, detail, dedupeKey }: SessionNote): NoteArgs => ({
  id,
  at,
  room,
  what,
  detail: JSON.stringify(detail ?? {}),
  key: dedupeKey,
})

/** A line of the timeline that changes nothing partners see. One statement, so that it needs no tx. */
export async function noteSession(
  sql: Sql,
  sessionId: string,
  note: SessionNote,
): Promise<SessionRow> {
  const [row] = await noteOnly(sql, noteArgs(sessionId, note))
  if (row === undefined) throw new Error(`No session ${sessionId}.`)
  return row
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
  const { event, at } = change
  if (Object.keys(patch).length === 0 && event === undefined)
    return noteSession(tx, sessionId, change)
  const type = typeof event === 'string' ? event : (event?.type ?? null)
  const locked = await lockForChange(tx, { id: sessionId, key: change.dedupeKey, type })
  const { extras, endpoints, isKnown, seen: _seen, ...before } = locked
  if (isKnown) return before
  const from = zSessionStatus.parse(before.status)
  if (patch.status !== undefined && patch.status !== from)
    if (!statusTransitions[from].includes(patch.status))
      throw new Error(`Session ${sessionId} cannot go from ${from} to ${patch.status}.`)
  const after: SessionRow = {
    ...before,
    ...columnsOf(patch, before),
    sequence: before.sequence + 1,
    updatedAt: instantText(at),
  }
  const note = noteArgs(sessionId, change)
  const row = changedText(after)
  const [written] =
    event === undefined
      ? await changeQuietly(tx, { ...note, row })
      : await changeAndTell(tx, {
          ...note,
          row,
          ...eventArgs(
            {
              ...(typeof event === 'string'
                ? { type: event, data: sessionView(after, extras) }
                : event),
              accountId: after.accountId,
              objectId: sessionId,
              context: change.detail ?? {},
              at,
              dedupeKey: change.dedupeKey,
            },
            endpoints,
          ),
        })
  return written?.isNew === true ? after : before
}

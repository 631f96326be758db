import { unseal } from '../../sealed/sealed.ts'
import { InvariantError } from '@chargelane/rules/assert'
import { and, asc, desc, eq, gte, lt, sql as raw } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import type { SQL } from 'drizzle-orm'
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
import { lastOf, type Sql, type Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { arrayOf } from '../arrays.ts'
import { rowText } from '../patch.ts'
import { type quotes, sessions, timeline } from '../../schema.ts'
import { sessionView } from '../../views/sales/sessions.ts'
import {
  eventArgs,
  type EventArgs,
  notified,
  wantingEndpoints,
  writeEvent,
} from '../outbox/outbox.ts'
import { moveClaim } from './claims.ts'
import { extrasColumn, type SessionExtras } from './session-views.ts'
import type { SessionFailure } from '@chargelane/rules/documents'

export type SessionRow = typeof sessions.$inferSelect
export type TimelineRow = typeof timeline.$inferSelect
export type QuoteRow = typeof quotes.$inferSelect

/** Whose sessions: a partner sees its demand, a CPO its supply, finance and platform everything. */
/** The credential of the session, as supply is shown it. */
export const tokenUidOf = ({ id, tokenUid }: Pick<SessionRow, 'id' | 'tokenUid'>): string =>
  unseal('sessions.token_uid', id, tokenUid)

export type SessionScope = { partner: string } | { cpo: string } | 'all'

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
  feesFrozenAt?: string
  /** Null where a start that was given up came to be after all. */
  failure?: SessionFailure | null
  supplyRef?: string
  totals?: { net: Money; vat: Money; gross: Money }
  slaDeadline?: string
  settledAt?: string
}

/** As the database gives it back: UTC with milliseconds. */
const instantText = (at: string) => new Date(at).toISOString()

function columnsOf({ totals, ...patch }: SessionPatch, { id, currency }: SessionRow) {
  const columns = { ...patch }
  for (const name of [
    'startedAt',
    'endedAt',
    'feesFrozenAt',
    'slaDeadline',
    'settledAt',
  ] as const) {
    const at = patch[name]
    if (at !== undefined) columns[name] = instantText(at)
  }
  if (totals === undefined) return columns
  const { net, vat, gross } = totals
  if ([net, vat, gross].some((amount) => amount.currency !== currency))
    throw new InvariantError(`Session ${id} is sold in ${currency}, not ${gross.currency}.`)
  return {
    ...columns,
    totalNetMinor: net.amount,
    totalVatMinor: vat.amount,
    totalGrossMinor: gross.amount,
  }
}

export type NewsOfSession = News<
  'Payment' | 'Hold' | 'Cdr' | 'PriceProof' | 'Invoice' | 'Evidence' | 'Debt'
>

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

/** A session's row under its lock, with what it is shown with and the endpoints that want to hear of it. */
type Locked = SessionRow & {
  /** Null where no change tells of the session itself. */
  extras: SessionExtras | null
  /** By type of event. */
  endpoints: Record<string, string[]>
  /** Keys of changes that are written already. */
  known: string[]
  /** The row's sequence as this statement's snapshot has it; an older one shows an older `extras` too. */
  seen: number
}

const lockSession = fixedStatement<
  Locked,
  { id: string; keys: string; types: string; isShown: boolean }
>(
  () => raw`select ${rowOf(sessions)}, case when ${arg('isShown')}::boolean then ${extrasColumn} end as extras,
      (select coalesce(json_object_agg(t.type, ${wantingEndpoints(raw`sessions.account_id`, raw`t.type`)}), '{}')
        from unnest(${arg('types')}::text[]) as t(type)) as endpoints,
      array(select dedupe_key from timeline where dedupe_key = any(${arg('keys')}::text[])) as known,
      (select x.sequence from sessions x where x.id = sessions.id) as seen
    from sessions where id = ${arg('id')} for update of sessions`,
)

async function lockForChange(
  tx: Sql,
  id: string,
  changes: readonly SessionChange[],
): Promise<Locked> {
  const types = new Set(changes.flatMap((change) => typeOf(change) ?? []))
  const keys = arrayOf(changes.map(({ dedupeKey }) => dedupeKey))
  const isShown = changes.some(({ event }) => typeof event === 'string')
  const args = { id, keys, types: arrayOf([...types]), isShown }
  const [row] = await lockSession(tx, args)
  // It was changed while we waited for the lock: read again what belongs to it, now that nobody else changes it.
  const [fresh] =
    row === undefined || row.seen === row.sequence ? [row] : await lockSession(tx, args)
  if (fresh === undefined) throw new InvariantError(`No session ${id}.`)
  return fresh
}

const typeOf = ({ event }: SessionChange) => (typeof event === 'string' ? event : event?.type)

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
  'feesFrozenAt',
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
  update sessions set ${raw.raw(changing.map((name) => `${toSnakeCase(name)} = n.${toSnakeCase(name)}`).join(', '))}
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
  if (row === undefined) throw new InvariantError(`No session ${sessionId}.`)
  return row
}

/** A change is the last statement of its tx: the commit goes out with it. */
type Ending = { isLast?: boolean }

/**
 * The one way a session row changes: status transition checked, sequence grown, timeline and outbox written in the
 * same tx. A change whose `dedupeKey` is known already happened and is not repeated. Throws on an illegal transition.
 */
export async function changeSession(
  tx: Tx,
  sessionId: string,
  patch: SessionPatch,
  change: SessionChange,
  ending: Ending = {},
): Promise<SessionRow> {
  if (Object.keys(patch).length > 0 || change.event !== undefined)
    return changeInTurn(tx, sessionId, [{ patch, change }], ending)
  const noted = noteSession(tx, sessionId, change)
  return ending.isLast === true ? lastOf(tx, noted) : noted
}

/** Several changes, one after the other, under one lock and sent together. */
export async function changeInTurn(
  tx: Tx,
  sessionId: string,
  changes: readonly { patch: SessionPatch; change: SessionChange }[],
  ending: Ending = {},
): Promise<SessionRow> {
  const locked = await lockForChange(
    tx,
    sessionId,
    changes.map(({ change }) => change),
  )
  const { extras, endpoints, known, seen: _seen, ...before } = locked
  let row: SessionRow = before
  const writes: Promise<Written[]>[] = []
  const moves: Promise<void>[] = []
  for (const { patch, change } of changes) {
    if (known.includes(change.dedupeKey)) continue
    const last = row
    row = changedRow(row, patch, change.at)
    moves.push(moveClaim(tx, last, row))
    writes.push(writeChange(tx, row, change, { extras, endpoints }))
  }
  const all = Promise.all([Promise.all(writes), ...moves])
  const [written] = await (ending.isLast === true ? lastOf(tx, all) : all)
  if (written.some(([each]) => each?.isNew !== true))
    throw new InvariantError(`A change of session ${sessionId} was noted beside its lock.`)
  return row
}

function changedRow(before: SessionRow, patch: SessionPatch, at: string): SessionRow {
  const from = zSessionStatus.parse(before.status)
  if (patch.status !== undefined && patch.status !== from)
    if (!statusTransitions[from].includes(patch.status))
      throw new InvariantError(`Session ${before.id} cannot go from ${from} to ${patch.status}.`)
  return {
    ...before,
    ...columnsOf(patch, before),
    sequence: before.sequence + 1,
    updatedAt: instantText(at),
  }
}

function newsOf(type: EventTypeOf<'Session'>, after: SessionRow, extras: SessionExtras | null) {
  if (extras === null)
    throw new InvariantError(`Session ${after.id} was read without what it is shown with.`)
  return { type, data: sessionView(after, extras) }
}

function writeChange(
  tx: Tx,
  after: SessionRow,
  change: SessionChange,
  { extras, endpoints }: Pick<Locked, 'extras' | 'endpoints'>,
): Promise<Written[]> {
  const { event, at } = change
  const values = { ...noteArgs(after.id, change), row: changedText(after) }
  if (event === undefined) return changeQuietly(tx, values)
  const news = typeof event === 'string' ? newsOf(event, after, extras) : event
  const told = {
    ...news,
    accountId: after.accountId,
    objectId: after.id,
    context: change.detail ?? {},
    at,
    dedupeKey: change.dedupeKey,
  }
  return changeAndTell(tx, { ...values, ...eventArgs(told, endpoints[news.type] ?? []) })
}

/** The workflows of a partner's sessions that began since then, over or not. */
export async function workflowsSince(
  sql: Sql,
  accountId: string,
  since: string,
): Promise<{ sessionId: string; workflowId: string }[]> {
  return sql
    .select({ sessionId: sessions.id, workflowId: sessions.workflowId })
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gte(sessions.createdAt, since)))
    .orderBy(asc(sessions.id))
}

// What time cannot mend: put aside with its cause and what is at stake, listed, and decided by a person.
import { and, eq, inArray, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type {
  IncidentAction,
  IncidentKind,
  IncidentSubject,
} from '@chargelane/openapi/vocabulary/incidents'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Facts } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { incidents } from '../../schema.ts'
import { incidentView } from '../../views/operations/incidents.ts'
import { appendEvent } from '../outbox/outbox.ts'
import { type Page, type PageRequest, pageBy, pageOf } from '../page.ts'
import { platformAccount } from '../partners/accounts.ts'

type IncidentRow = typeof incidents.$inferSelect
export type Incident = Omit<IncidentRow, 'currency' | 'amountMinor'> & { atStake: Money | null }

const incidentOf = ({ currency, amountMinor, ...row }: IncidentRow): Incident => ({
  ...row,
  atStake: currency === null || amountMinor === null ? null : { amount: amountMinor, currency },
})

export type NewIncident = {
  kind: IncidentKind
  subject: { type: IncidentSubject; id: string }
  /** Whom it concerns; absent for operations alone. */
  accountId?: string
  sessionId?: string
  /** What happened, in words; cut at 500 characters. */
  cause: string
  detail?: Facts
  /** Money and energy (Wh, decimal) whose owner is open because of it. */
  atStake?: Money
  energyWh?: string
  /** What a person may do about it, beside dismissing it. */
  actions: readonly IncidentAction[]
  at: string
}

/** A step or a refund that waits has its incident as the only way out: dismissed it would wait for ever. */
const isOnlyDoor = ({ kind, subject }: NewIncident): boolean =>
  kind === 'step_failed' ||
  (kind === 'payout_failed' && subject.type === 'payment') ||
  (kind === 'awaiting_funds' && subject.type === 'session')

/** Everything else may be dismissed, and so may what has no action. */
const possible = (incident: NewIncident): IncidentAction[] =>
  isOnlyDoor(incident) && incident.actions.length > 0
    ? [...incident.actions]
    : [...new Set<IncidentAction>([...incident.actions, 'dismiss'])]

/**
 * Puts something aside for a person, in the tx in which it happened. While an incident of the same kind about the same
 * object is open, it is that one, seen once more. The account it concerns and the platform hear of a new one.
 */
export async function openIncident(tx: Sql, input: NewIncident): Promise<Incident> {
  const { kind, subject, atStake, at } = input
  const [row] = await tx
    .insert(incidents)
    .values({
      id: newId('incident'),
      kind,
      subjectType: subject.type,
      subjectId: subject.id,
      accountId: input.accountId ?? null,
      sessionId: input.sessionId ?? null,
      cause: input.cause.slice(0, 500),
      detail: input.detail ?? {},
      currency: atStake?.currency ?? null,
      amountMinor: atStake?.amount ?? null,
      energyWh: input.energyWh ?? null,
      actions: possible(input),
      status: 'open',
      occurrences: 1,
      openedAt: at,
      lastSeenAt: at,
    })
    .onConflictDoUpdate({
      target: [incidents.kind, incidents.subjectType, incidents.subjectId],
      // Not a parameter: a prepared statement that is planned once for all finds no index by one.
      targetWhere: raw`${incidents.status} = 'open'`,
      set: {
        // What is put aside before its session has a row is found by it later.
        accountId: raw`coalesce(${incidents.accountId}, excluded.account_id)`,
        sessionId: raw`coalesce(${incidents.sessionId}, excluded.session_id)`,
        cause: raw`excluded.cause`,
        detail: raw`excluded.detail`,
        actions: raw`excluded.actions`,
        currency: raw`coalesce(excluded.currency, ${incidents.currency})`,
        amountMinor: raw`coalesce(excluded.amount_minor, ${incidents.amountMinor})`,
        energyWh: raw`coalesce(excluded.energy_wh, ${incidents.energyWh})`,
        occurrences: raw`${incidents.occurrences} + 1`,
        lastSeenAt: at,
      },
    })
    .returning()
  if (row === undefined) throw new Error(`incident ${kind} of ${subject.id} was not written`)
  const incident = incidentOf(row)
  if (incident.occurrences === 1) await tell(tx, incident, 'incident.opened', at)
  return incident
}

/** Open incidents of a subject that offer `from` offer these instead, beside dismissing them. */
export async function offerActions(
  tx: Sql,
  subject: NewIncident['subject'],
  { from, actions, atStake }: { from: IncidentAction } & Pick<NewIncident, 'actions' | 'atStake'>,
): Promise<void> {
  await tx
    .update(incidents)
    .set({
      actions: [...new Set<IncidentAction>([...actions, 'dismiss'])],
      ...(atStake && { currency: atStake.currency, amountMinor: atStake.amount }),
    })
    .where(
      and(
        eq(incidents.subjectType, subject.type),
        eq(incidents.subjectId, subject.id),
        eq(incidents.status, 'open'),
        raw`${from} = any(${incidents.actions})`,
      ),
    )
}

/** Writes down who decided what and why; undefined when it is not open (any more). */
export async function resolveIncident(
  tx: Sql,
  id: string,
  decision: { action: IncidentAction; reason: string; by: string; at: string },
): Promise<Incident | undefined> {
  const { action, reason, by, at } = decision
  const [row] = await tx
    .update(incidents)
    .set({
      status: 'resolved',
      action,
      reason: reason.slice(0, 500),
      resolvedBy: by,
      resolvedAt: at,
    })
    .where(and(eq(incidents.id, id), eq(incidents.status, 'open')))
    .returning()
  if (row === undefined) return undefined
  const incident = incidentOf(row)
  await tell(tx, incident, 'incident.resolved', at)
  return incident
}

/** What a fact settles: incidents of these kinds about an object, or about anything of a session. */
export type Settles = { kinds: readonly IncidentKind[] } & (
  | {
      subject: NewIncident['subject']
      /** Only where its details say this. */
      detail?: Facts
    }
  | { sessionId: string }
  /** Whatever concerns an account and says this in its details. */
  | { account: string; detail: Facts }
)

/** What settles it, in words; a decision that was made elsewhere has its own maker. */
export type SettlingFact = {
  cause: string
  at: string
  decided?: { action: IncidentAction; by: string }
}

/**
 * A later fact mends what was put aside: it is closed with that cause, in the tx of the fact, and nobody has to. Returns
 * what was open.
 */
export async function settleIncidents(
  tx: Sql,
  settles: Settles,
  { cause, at, decided }: SettlingFact,
): Promise<Incident[]> {
  const rows = await tx
    .update(incidents)
    .set({
      status: 'resolved',
      action: decided?.action ?? null,
      reason: cause.slice(0, 500),
      resolvedBy: decided?.by ?? 'corridor',
      resolvedAt: at,
    })
    .where(
      and(
        inArray(incidents.kind, [...settles.kinds]),
        'account' in settles
          ? and(
              eq(incidents.accountId, settles.account),
              raw`${incidents.detail} @> ${JSON.stringify(settles.detail)}::jsonb`,
            )
          : 'subject' in settles
            ? and(
                eq(incidents.subjectType, settles.subject.type),
                eq(incidents.subjectId, settles.subject.id),
                settles.detail === undefined
                  ? undefined
                  : raw`${incidents.detail} @> ${JSON.stringify(settles.detail)}::jsonb`,
              )
            : eq(incidents.sessionId, settles.sessionId),
        eq(incidents.status, 'open'),
      ),
    )
    .returning()
  const settled = rows.map(incidentOf)
  for (const incident of settled) await tell(tx, incident, 'incident.resolved', at)
  return settled
}

async function tell(
  tx: Sql,
  incident: Incident,
  type: 'incident.opened' | 'incident.resolved',
  at: string,
): Promise<void> {
  const platform = await platformAccount(tx)
  const hearers = new Set([incident.accountId, platform?.id ?? null])
  for (const accountId of hearers)
    if (accountId !== null)
      await appendEvent(tx, {
        accountId,
        type,
        objectId: incident.id,
        data: incidentView(incident),
        dedupeKey: `${incident.id}:${type}:${accountId}`,
        at,
      })
}

const awaitsPlan = and(
  eq(incidents.kind, 'awaiting_funds'),
  eq(incidents.subjectType, 'session'),
  eq(incidents.status, 'open'),
)

/** Owners of plans whose money payees wait for. */
export async function accountsAwaited(
  sql: Sql,
): Promise<{ accountId: string; currency: string }[]> {
  const rows = await sql
    .selectDistinct({ accountId: incidents.accountId, currency: incidents.currency })
    .from(incidents)
    .where(awaitsPlan)
  return rows.flatMap(({ accountId, currency }) =>
    accountId === null || currency === null ? [] : [{ accountId, currency }],
  )
}

/** Sessions of which payees wait for an account's money, the oldest first, with how much they wait for. */
export async function sessionsAwaiting(
  sql: Sql,
  { accountId, currency }: { accountId: string; currency: string },
): Promise<{ sessionId: string; amount: Money }[]> {
  const rows = await sql
    .select()
    .from(incidents)
    .where(and(awaitsPlan, eq(incidents.accountId, accountId), eq(incidents.currency, currency)))
    .orderBy(incidents.id)
  return rows.map(({ subjectId, amountMinor }) => ({
    sessionId: subjectId,
    amount: { amount: amountMinor ?? 0, currency },
  }))
}

/** What the open incidents of a kind are about. */
export async function openSubjects(sql: Sql, kind: IncidentKind): Promise<string[]> {
  const rows = await sql
    .select({ id: incidents.subjectId })
    .from(incidents)
    .where(and(eq(incidents.kind, kind), eq(incidents.status, 'open')))
  return rows.map(({ id }) => id)
}

/** An account sees what concerns it; finance and the platform see all. */
const scopeOf = (accountId: string) =>
  accountId === 'all' ? undefined : eq(incidents.accountId, accountId)

export async function getIncident(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<Incident | undefined> {
  const [row] = await sql
    .select()
    .from(incidents)
    .where(and(eq(incidents.id, id), scopeOf(accountId)))
  return row && incidentOf(row)
}

/** Newest first. */
export async function listIncidents(
  sql: Sql,
  accountId: string,
  page: PageRequest & { status?: Incident['status']; kind?: IncidentKind; sessionId?: string },
): Promise<Page<Incident>> {
  const { where, orderBy, limit } = pageBy(incidents.id, page)
  const rows = await sql
    .select()
    .from(incidents)
    .where(
      and(
        where,
        scopeOf(accountId),
        page.status === undefined ? undefined : eq(incidents.status, page.status),
        page.kind === undefined ? undefined : eq(incidents.kind, page.kind),
        page.sessionId === undefined ? undefined : eq(incidents.sessionId, page.sessionId),
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows.map(incidentOf), page.limit)
}

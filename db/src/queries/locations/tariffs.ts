import { and, desc, eq, gt, isNull, lt, lte, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { everyAccount, type Sql } from '../../client.ts'
import { tariffs } from '../../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'
import type { Tariff } from '@chargelane/rules/documents'

export type TariffRow = typeof tariffs.$inferSelect
export type TariffStatus = TariffRow['status']
export type TariffProblem = TariffRow['problems'][number]
export type { TariffAnomaly } from '../../schema.ts'

/** Names a tariff as its operator does. Ids are CiStrings: equal in any case (OCPI 2.2.1 §16.1). */
export type TariffRef = {
  connectionId: string
  countryCode: string
  partyId: string
  ocpiId: string
}

/** What the review of a tariff adds to it; what is absent follows from the canonical form, or is not known. */
type Judged = Pick<
  TariffRow,
  | 'priceHash'
  | 'effectiveFrom'
  | 'soldUntil'
  | 'heldUntil'
  | 'anomaly'
  | 'marketLimits'
  | 'marketCountry'
  | 'powerClass'
  | 'standardMinor'
>

export type NewTariff = TariffRef &
  Partial<Judged> & {
    cpoId: string
    currency: string
    /** OCPI version `raw` is written in. */
    ocpiVersion: TariffRow['ocpiVersion']
    status: Exclude<TariffStatus, 'withdrawn'>
    problems: TariffProblem[]
    /** Received text, byte for byte. */
    raw: string
    /** Absent when the text could not be read as a tariff. */
    canonical?: Tariff | null
    /** SHA-256 (hex) of the RFC 8785 form of `canonical`, or of `raw` when there is none. */
    hash: string
    /** UTC instant of receipt. */
    at: string
    /** False for the same text judged anew: the operator has said nothing. */
    isConfirmation?: boolean
  }

export type PutTariffResult = {
  tariff: TariffRow
  outcome: 'created' | 'new_version' | 'unchanged'
}

/**
 * Stores what an operator published. The same content again is a confirmation; other content is the next version and
 * supersedes the last from its own start, also when it cannot be sold: the operator no longer asks the old price.
 */
export function putTariff(sql: Sql, input: NewTariff): Promise<PutTariffResult> {
  return sql.transaction(async (tx) => {
    const { last } = await lockTariff(tx, input, input.at)
    const { at, isConfirmation = true, ...values } = input
    if (last && last.hash === input.hash && isSameJudgement(last, input)) {
      return { tariff: await confirm(tx, last, input), outcome: 'unchanged' }
    }
    const tariff = await insertVersion(tx, last, {
      priceHash: null,
      effectiveFrom: laterOf(at, input.canonical?.start_date_time),
      soldUntil: input.canonical?.end_date_time ?? null,
      heldUntil: null,
      anomaly: null,
      marketLimits: {},
      marketCountry: null,
      powerClass: null,
      standardMinor: null,
      ...values,
      holdConfirmedAt: null,
      confirmedAt: isConfirmation ? at : (last?.confirmedAt ?? at),
      unlistedAt: isConfirmation ? null : (last?.unlistedAt ?? null),
      canonical: input.canonical ?? null,
      receivedAt: at,
    })
    return { tariff, outcome: last ? 'new_version' : 'created' }
  })
}

/** A hold goes on, or is over, whatever the same text is found to be when it comes again. */
const isSameJudgement = (last: TariffRow, input: NewTariff) =>
  last.status === input.status || (last.status === 'held' && input.status === 'valid')

/** The same content was named again: it is fresh, and what is known of its use may have changed. */
async function confirm(tx: Sql, last: TariffRow, input: NewTariff): Promise<TariffRow> {
  const [row] = await tx
    .update(tariffs)
    .set({
      ...(input.isConfirmation === false
        ? {}
        : { confirmedAt: laterOf(last.confirmedAt, input.at), unlistedAt: null }),
      problems: input.problems,
      marketLimits: input.marketLimits ?? last.marketLimits,
      marketCountry: input.marketCountry ?? last.marketCountry,
      powerClass: input.powerClass ?? last.powerClass,
      standardMinor: input.standardMinor ?? last.standardMinor,
    })
    .where(versionIs(last))
    .returning()
  if (row === undefined) throw new Error(`tariff ${last.id}@${last.version} is gone`)
  return row
}

const versionIs = ({ id, version }: { id: string; version: number }) =>
  and(eq(tariffs.id, id), eq(tariffs.version, version))

const laterOf = (a: string, b: string | undefined) =>
  b !== undefined && Date.parse(b) > Date.parse(a) ? b : a

/** The operator deleted the tariff: a last version says so, the earlier ones stay as history. */
export function withdrawTariff(
  sql: Sql,
  ref: TariffRef,
  at: string,
): Promise<TariffRow | undefined> {
  return sql.transaction(async (tx) => {
    const { last } = await lockTariff(tx, ref, at)
    if (last === undefined || last.status === 'withdrawn') return last
    return insertVersion(tx, last, {
      ...last,
      status: 'withdrawn',
      receivedAt: at,
      effectiveFrom: at,
      heldUntil: null,
    })
  })
}

export type TariffHistory = {
  last: TariffRow | undefined
  /** The version that counts at the instant; not the last one while that is still to begin. */
  inForce: TariffRow | undefined
}

/** Until the end of the tx nobody else changes this tariff: versions have no gap and one is in force. */
export async function lockTariff(tx: Sql, ref: TariffRef, at: string): Promise<TariffHistory> {
  const name = `${ref.connectionId} ${ref.countryCode} ${ref.partyId} ${ref.ocpiId}`.toLowerCase()
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${name}, 45))`)
  return historyOf(tx, ref, at)
}

/** The last version and the one in force, for a look without a lock. */
export async function historyOf(sql: Sql, ref: TariffRef, at: string): Promise<TariffHistory> {
  const rows = await sql
    .select()
    .from(tariffs)
    .where(and(named(ref), or(isNull(tariffs.supersededAt), gt(tariffs.supersededAt, at))))
    .orderBy(desc(tariffs.version))
  return {
    last: rows[0],
    inForce: rows.find((row) => Date.parse(row.effectiveFrom) <= Date.parse(at)),
  }
}

/** The version before ends where the new one begins; one that has not begun never will. */
async function insertVersion(
  tx: Sql,
  last: TariffRow | undefined,
  values: Omit<TariffRow, 'id' | 'version' | 'supersededAt'>,
): Promise<TariffRow> {
  if (last) {
    const { effectiveFrom, receivedAt } = values
    await tx
      .update(tariffs)
      .set({
        supersededAt: raw`case when ${tariffs.effectiveFrom} > ${receivedAt}::timestamptz
          then ${tariffs.effectiveFrom} else greatest(${effectiveFrom}::timestamptz, ${tariffs.effectiveFrom}) end`,
      })
      .where(
        and(
          eq(tariffs.id, last.id),
          or(isNull(tariffs.supersededAt), gt(tariffs.supersededAt, receivedAt)),
        ),
      )
  }
  const [row] = await tx
    .insert(tariffs)
    .values({
      ...values,
      id: last?.id ?? newId('tariff'),
      version: (last?.version ?? 0) + 1,
      countryCode: values.countryCode.toUpperCase(),
      partyId: values.partyId.toUpperCase(),
      supersededAt: null,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a tariff returned no row')
  return row
}

function named(ref: TariffRef) {
  return and(
    eq(tariffs.connectionId, ref.connectionId),
    eq(tariffs.countryCode, ref.countryCode.toUpperCase()),
    eq(tariffs.partyId, ref.partyId.toUpperCase()),
    raw`lower(${tariffs.ocpiId}) = lower(${ref.ocpiId})`,
  )
}

const countsAt = (at: string) =>
  and(
    lte(tariffs.effectiveFrom, at),
    or(isNull(tariffs.supersededAt), gt(tariffs.supersededAt, at)),
  )

/** The version in force at an instant; a `withdrawn` one tells that there was none to sell. */
export async function tariffAsOf(
  sql: Sql,
  ref: TariffRef,
  at: string,
): Promise<TariffRow | undefined> {
  const [row] = await sql
    .select()
    .from(tariffs)
    .where(and(named(ref), countsAt(at)))
    .orderBy(desc(tariffs.version))
    .limit(1)
  return row
}

/** The last version, whether or not it has begun. */
export async function latestTariff(sql: Sql, ref: TariffRef): Promise<TariffRow | undefined> {
  const [row] = await sql
    .select()
    .from(tariffs)
    .where(named(ref))
    .orderBy(desc(tariffs.version))
    .limit(1)
  return row
}

/**
 * By our id: one version, the one in force at an instant, or the last. Public, but what cannot be sold is shown to its
 * CPO only.
 */
export async function getTariff(
  sql: Sql,
  accountId: string,
  id: string,
  version?: number,
  asOf?: string,
): Promise<TariffRow | undefined> {
  const which =
    version !== undefined
      ? eq(tariffs.version, version)
      : asOf !== undefined
        ? countsAt(asOf)
        : isNull(tariffs.supersededAt)
  const [row] = await sql
    .select()
    .from(tariffs)
    .where(and(eq(tariffs.id, id), which, visibleTo(accountId)))
    .orderBy(desc(tariffs.version))
    .limit(1)
  return row
}

function visibleTo(accountId: string) {
  const own = ownedBy(tariffs.cpoId, accountId)
  return own === undefined
    ? undefined
    : or(own, raw`${tariffs.status} in ('valid', 'held', 'withdrawn')`)
}

export type TariffFilter = {
  cpoId?: string
  connectionId?: string
  /** As shown: a held version whose time is over is `valid`. */
  status?: TariffStatus
  /** Instant whose versions are listed; a tariff still to begin is listed at the present only. */
  at: string
  isPresent: boolean
}

/** Versions in force at an instant, newest tariff first. */
export async function listTariffs(
  sql: Sql,
  accountId: string,
  page: PageRequest & TariffFilter,
): Promise<Page<TariffRow>> {
  const { where, orderBy, limit } = pageBy(tariffs.id, page)
  const { at } = page
  // The only version there is, announced and not begun.
  const announced = raw`(${tariffs.supersededAt} is null and not exists (select from tariffs o
    where o.id = ${tariffs.id} and o.effective_from <= ${at}::timestamptz))`
  const shown = raw`case when ${tariffs.status} = 'held' and ${tariffs.heldUntil} <= ${at}::timestamptz
    then 'valid' else ${tariffs.status} end`
  const rows = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        page.isPresent ? or(countsAt(at), announced) : countsAt(at),
        page.cpoId === undefined ? undefined : eq(tariffs.cpoId, page.cpoId),
        page.connectionId === undefined ? undefined : eq(tariffs.connectionId, page.connectionId),
        page.status === undefined ? undefined : raw`${shown} = ${page.status}`,
        visibleTo(accountId),
        where,
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** All versions of a tariff, newest first; `after` is the version before which the page begins. */
export async function tariffVersions(
  sql: Sql,
  accountId: string,
  id: string,
  page: { before?: number; limit: number },
): Promise<TariffRow[]> {
  return sql
    .select()
    .from(tariffs)
    .where(
      and(
        eq(tariffs.id, id),
        page.before === undefined ? undefined : lt(tariffs.version, page.before),
        visibleTo(accountId),
      ),
    )
    .orderBy(desc(tariffs.version))
    .limit(page.limit)
}

/** The CPO stands by its price: a hold is over, usage without a price is meant to be free. Again it changes nothing. */
export async function confirmHold(
  sql: Sql,
  version: { id: string; version: number },
  at: string,
): Promise<{ tariff: TariffRow | undefined; isNew: boolean }> {
  const [row] = await sql
    .update(tariffs)
    .set({ status: 'valid', holdConfirmedAt: at })
    .where(
      and(
        versionIs(version),
        or(
          eq(tariffs.status, 'held'),
          and(
            eq(tariffs.status, 'valid'),
            isNull(tariffs.holdConfirmedAt),
            raw`${tariffs.problems} @> '[{"rule":"free_usage"}]'`,
          ),
        ),
      ),
    )
    .returning()
  if (row !== undefined) return { tariff: row, isNew: true }
  const [known] = await sql.select().from(tariffs).where(versionIs(version))
  return { tariff: known, isNew: false }
}

/**
 * Tariffs of a connection that can still count: the last versions, what was withdrawn left out; those only that
 * connectors of one location list, when its OCPI id is given.
 */
export function liveTariffs(
  sql: Sql,
  connectionId: string,
  locationOcpiId?: string,
): Promise<TariffRow[]> {
  return sql
    .select()
    .from(tariffs)
    .where(
      and(
        eq(tariffs.connectionId, connectionId),
        isNull(tariffs.supersededAt),
        raw`${tariffs.status} <> 'withdrawn'`,
        locationOcpiId === undefined
          ? undefined
          : raw`exists (select from locations l join evses e on e.location_id = l.id
              join connectors c on c.evse_id = e.id and c.removed_at is null
              join lateral unnest(c.tariff_ids) listed on true
              where l.connection_id = ${connectionId} and lower(l.ocpi_id) = lower(${locationOcpiId})
                and (listed = ${tariffs.id} or lower(listed) = lower(${tariffs.ocpiId})))`,
      ),
    )
    .orderBy(tariffs.id)
}

// ── Freshness ───────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A pull came to its end. Everything the peer has was so when it began; after a complete one, what it did not list
 * (nor push since) is marked, and from then on lives on its own confirmation only.
 */
export async function confirmTariffs(
  sql: Sql,
  connectionId: string,
  pull: { startedAt: string; isComplete: boolean },
): Promise<void> {
  await sql.execute(raw`update connections
    set tariffs_confirmed_at = greatest(tariffs_confirmed_at, ${pull.startedAt}::timestamptz)
    where id = ${connectionId}`)
  if (!pull.isComplete) return
  await sql
    .update(tariffs)
    .set({ unlistedAt: pull.startedAt })
    .where(
      and(
        eq(tariffs.connectionId, connectionId),
        isNull(tariffs.supersededAt),
        isNull(tariffs.unlistedAt),
        lt(tariffs.confirmedAt, pull.startedAt),
      ),
    )
}

export type TariffFreshness = {
  connectionId: string
  cpoId: string
  protocol: 'node' | 'ocpi'
  confirmedAt: string | null
  /** Oldest confirmation among the tariffs that count. */
  oldestConfirmedAt: string | null
  maxAgeS: number
  sloS: number
  tariffs: number
  versions: number
  scheduled: number
  held: number
  invalid: number
  stale: number
  unlisted: number
}

/** How fresh the tariffs of each connection are, and how many of them cannot be sold; one CPO's, or all. */
export async function tariffFreshness(
  sql: Sql,
  accountId: string,
  now: string,
  page: PageRequest & { cpoId?: string },
): Promise<Page<TariffFreshness>> {
  const owner = accountId === everyAccount ? page.cpoId : accountId
  const fresh = raw`greatest(t.confirmed_at, case when t.unlisted_at is null then k.tariffs_confirmed_at end)`
  const isLast = raw`t.superseded_at is null and t.status <> 'withdrawn'`
  const rows = await sql.execute<{
    id: string
    cpo_id: string
    protocol: 'node' | 'ocpi'
    tariffs_confirmed_at: string | null
    oldest: string | null
    tariff_max_age_s: number
    tariff_slo_s: number
    tariffs: number
    versions: number
    scheduled: number
    held: number
    invalid: number
    stale: number
    unlisted: number
  }>(raw`
    select k.id, k.cpo_id, k.protocol, k.tariffs_confirmed_at, k.tariff_max_age_s, k.tariff_slo_s,
      min(${fresh}) filter (where ${isLast}) as oldest, count(t.id)::int as versions,
      (count(*) filter (where ${isLast}))::int as tariffs,
      (count(*) filter (where ${isLast} and t.effective_from > ${now}::timestamptz))::int as scheduled,
      (count(*) filter (where ${isLast} and t.status = 'held' and t.held_until > ${now}::timestamptz))::int as held,
      (count(*) filter (where ${isLast} and t.status = 'invalid'))::int as invalid,
      (count(*) filter (where ${isLast} and t.unlisted_at is not null))::int as unlisted,
      (count(*) filter (where ${isLast} and k.protocol <> 'node'
        and ${fresh} <= ${now}::timestamptz - k.tariff_max_age_s * interval '1 second'))::int as stale
    from connections k left join tariffs t on t.connection_id = k.id
    where (${owner ?? null}::text is null or k.cpo_id = ${owner ?? null})
      and (${page.after ?? null}::text is null or k.id < ${page.after ?? null})
    group by k.id order by k.id desc limit ${page.limit + 1}`)
  const all = rows.map((row) => ({
    connectionId: row.id,
    cpoId: row.cpo_id,
    protocol: row.protocol,
    confirmedAt: row.tariffs_confirmed_at,
    oldestConfirmedAt: row.oldest,
    maxAgeS: row.tariff_max_age_s,
    sloS: row.tariff_slo_s,
    tariffs: row.tariffs,
    versions: row.versions,
    scheduled: row.scheduled,
    held: row.held,
    invalid: row.invalid,
    stale: row.stale,
    unlisted: row.unlisted,
  }))
  return pageOf(all, page.limit, (row) => row.connectionId)
}

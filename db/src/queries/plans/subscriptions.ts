import { InvariantError } from '@chargelane/rules/assert'
import { and, asc, eq, gt, isNull, or, sql as raw } from 'drizzle-orm'
import type { Subscription } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import {
  accounts,
  allowanceUses,
  drivers,
  plans,
  quotes,
  ratings,
  sessions,
  subscriptions,
  subscriptionVersions,
} from '../../schema.ts'
import { subscriptionView } from '../../views/plans/subscriptions.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'
import type { PlanRow } from './plans.ts'
import { isNewestRating } from './ratings.ts'

export type SubscriptionRow = typeof subscriptions.$inferSelect & { driverExternalId: string }
export type SubscriptionVersion = { fromPeriod: number; planVersion: number }
export type AllowanceRow = { id: string; promisedKwh: string; usedKwh: string | null }

/** A driver's plan as it prices a session: every version with the period it counts from, earliest first. */
export type DriverPlan = {
  subscription: typeof subscriptions.$inferSelect
  versions: { fromPeriod: number; plan: PlanRow }[]
}

const s = subscriptions

const columns = {
  id: s.id,
  accountId: s.accountId,
  driverId: s.driverId,
  planId: s.planId,
  ownerId: s.ownerId,
  startsOn: s.startsOn,
  timeZone: s.timeZone,
  endsAt: s.endsAt,
  createdAt: s.createdAt,
  // The owner of another partner's subscription may not read its drivers; it gets the id alone.
  driverExternalId: raw<string>`coalesce(${drivers.externalId}, '')`,
}

/** A driver's subscription with its first version. */
export async function insertSubscription(
  tx: Tx,
  input: {
    accountId: string
    driverId: string
    planId: string
    planVersion: number
    ownerId: string
    startsOn: string
    timeZone: string
    at: string
  },
): Promise<string> {
  const { planVersion, at, ...values } = input
  const id = newId('subscription')
  await tx.insert(s).values({ ...values, id, createdAt: at })
  await tx.insert(subscriptionVersions).values({
    subscriptionId: id,
    fromPeriod: 0,
    planId: input.planId,
    planVersion,
    createdAt: at,
  })
  return id
}

/** Another version of the same plan from a period on; the newest decision about a period counts. */
export async function addSubscriptionVersion(
  tx: Tx,
  input: {
    subscriptionId: string
    planId: string
    planVersion: number
    fromPeriod: number
    at: string
  },
): Promise<void> {
  const { at, ...values } = input
  await tx
    .insert(subscriptionVersions)
    .values({ ...values, createdAt: at })
    .onConflictDoUpdate({
      target: [subscriptionVersions.subscriptionId, subscriptionVersions.fromPeriod],
      set: { planVersion: input.planVersion },
    })
}

export function subscriptionVersionsOf(sql: Sql, id: string): Promise<SubscriptionVersion[]> {
  return sql
    .select({
      fromPeriod: subscriptionVersions.fromPeriod,
      planVersion: subscriptionVersions.planVersion,
    })
    .from(subscriptionVersions)
    .where(eq(subscriptionVersions.subscriptionId, id))
    .orderBy(asc(subscriptionVersions.fromPeriod))
}

/** Of the driver's partner or the plan's owner. */
const visibleTo = (accountId: string) =>
  accountId === everyAccount ? undefined : or(eq(s.accountId, accountId), eq(s.ownerId, accountId))

export async function getSubscription(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<SubscriptionRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(s)
    .leftJoin(drivers, eq(drivers.id, s.driverId))
    .where(and(eq(s.id, id), visibleTo(accountId)))
  return row
}

/** A subscription as its partner or its plan's owner is told of it. */
export async function subscriptionSeenBy(
  sql: Sql,
  accountId: string,
  id: string,
  now: string,
): Promise<Subscription> {
  const row = await getSubscription(sql, accountId, id)
  if (row === undefined) throw new InvariantError(`No subscription ${id} of ${accountId}.`)
  return subscriptionView(row, await subscriptionVersionsOf(sql, id), now)
}

export async function listSubscriptions(
  sql: Sql,
  accountId: string,
  page: PageRequest & {
    driver?: string | undefined
    plan?: string | undefined
    /** Only those that price sessions at this instant. */
    activeAt?: string | undefined
  },
): Promise<Page<SubscriptionRow>> {
  const { where, orderBy, limit } = pageBy(s.id, page)
  const rows = await sql
    .select(columns)
    .from(s)
    .leftJoin(drivers, eq(drivers.id, s.driverId))
    .where(
      and(
        visibleTo(accountId),
        where,
        page.driver === undefined ? undefined : eq(drivers.externalId, page.driver),
        page.plan === undefined ? undefined : eq(s.planId, page.plan),
        page.activeAt === undefined ? undefined : or(isNull(s.endsAt), gt(s.endsAt, page.activeAt)),
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Ends a subscription at an instant, once; false when it has an end already or is not the account's. */
export async function endSubscription(
  tx: Tx,
  accountId: string,
  id: string,
  endsAt: string,
): Promise<boolean> {
  const rows = await tx
    .update(s)
    .set({ endsAt })
    .where(and(eq(s.id, id), ownedBy(s.accountId, accountId), isNull(s.endsAt)))
    .returning({ id: s.id })
  return rows.length > 0
}

/** Who is owed the fee of a plan, with what tax asks of it. */
export async function planOwner(sql: Sql, ownerId: string, at: string) {
  const [row] = await sql
    .select({
      id: accounts.id,
      country: accounts.country,
      vatId: accounts.vatId,
      vatChecked: raw<boolean>`coalesce(${accounts.vatGoodUntil} > ${at}::timestamptz, false)`,
      taxIds: accounts.taxIds,
    })
    .from(accounts)
    .where(eq(accounts.id, ownerId))
  return row
}

/** The plans a driver has at an instant, oldest subscription first. */
export async function plansOfDriver(
  sql: Sql,
  accountId: string,
  driverId: string,
  at: string,
): Promise<DriverPlan[]> {
  const rows = await sql
    .select({ subscription: s, fromPeriod: subscriptionVersions.fromPeriod, plan: plans })
    .from(s)
    .innerJoin(subscriptionVersions, eq(subscriptionVersions.subscriptionId, s.id))
    .innerJoin(
      plans,
      and(
        eq(plans.id, subscriptionVersions.planId),
        eq(plans.version, subscriptionVersions.planVersion),
      ),
    )
    .where(
      and(
        ownedBy(s.accountId, accountId),
        eq(s.driverId, driverId),
        or(isNull(s.endsAt), gt(s.endsAt, at)),
      ),
    )
    .orderBy(asc(s.id), asc(subscriptionVersions.fromPeriod))
  const found = new Map<string, DriverPlan>()
  for (const { subscription, fromPeriod, plan } of rows) {
    const known = found.get(subscription.id) ?? { subscription, versions: [] }
    known.versions.push({ fromPeriod, plan })
    found.set(subscription.id, known)
  }
  return [...found.values()]
}

/** Claims on one allowance wait for each other until the tx ends, so that it is never given away twice. */
export async function lockAllowance(tx: Tx, subscriptionId: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${subscriptionId}, 47))`)
}

/**
 * The claims that count on a period's allowance. A promise lapses when its quote expires or is cancelled, and when its
 * session ends without anything to pay; what was used stays used.
 */
export async function allowanceUsesOf(
  sql: Sql,
  subscriptionId: string,
  period: number,
  at: string,
): Promise<AllowanceRow[]> {
  return sql
    .select({
      id: allowanceUses.quoteId,
      promisedKwh: allowanceUses.promisedKwh,
      usedKwh: allowanceUses.usedKwh,
    })
    .from(allowanceUses)
    .innerJoin(quotes, eq(quotes.id, allowanceUses.quoteId))
    .leftJoin(sessions, eq(sessions.quoteId, quotes.id))
    .where(
      and(
        eq(allowanceUses.subscriptionId, subscriptionId),
        eq(allowanceUses.period, period),
        raw`(${allowanceUses.usedKwh} is not null
          or (${quotes.status} = 'open' and ${quotes.expiresAt} > ${at}::timestamptz)
          or (${quotes.status} = 'consumed' and coalesce(${sessions.status} not in ('start_failed', 'cancelled')
            and ${sessions.moneyStatus} <> 'released', true)))`,
      ),
    )
    .orderBy(asc(allowanceUses.quoteId))
}

export type AllowancePromise = {
  quoteId: string
  subscriptionId: string
  period: number
  promisedKwh: string
  at: string
}

const insertPromise = fixedStatement<Record<string, never>, AllowancePromise>(
  () => raw`insert into allowance_uses (quote_id, subscription_id, period, promised_kwh, created_at)
    values (${arg('quoteId')}, ${arg('subscriptionId')}, ${arg('period')}, ${arg('promisedKwh')}, ${arg('at')})
    on conflict do nothing`,
)

/** What a quote promises of the allowance; called once per quote, under the lock. */
export async function promiseAllowance(tx: Sql, promise: AllowancePromise): Promise<void> {
  await insertPromise(tx, promise)
}

/** What its session took in the end; another record of the same session puts its own figure there. */
export async function useAllowance(
  tx: Tx,
  input: { quoteId: string; usedKwh: string; at: string },
): Promise<void> {
  await tx
    .update(allowanceUses)
    .set({ usedKwh: input.usedKwh, ratedAt: input.at })
    .where(eq(allowanceUses.quoteId, input.quoteId))
}

/** The rated sessions of one period of a subscription, with what they took and what they cost, oldest first. */
export function sessionsOfPeriod(sql: Sql, subscriptionId: string, period: number) {
  return sql
    .select({
      usedKwh: allowanceUses.usedKwh,
      sessionId: sessions.id,
      startedAt: sessions.startedAt,
      energyKwh: ratings.energyKwh,
      grossMinor: ratings.grossMinor,
      currency: ratings.currency,
      reference: ratings.reference,
      proofId: ratings.proofId,
    })
    .from(allowanceUses)
    .innerJoin(sessions, eq(sessions.quoteId, allowanceUses.quoteId))
    .innerJoin(ratings, and(eq(ratings.sessionId, sessions.id), eq(ratings.purpose, 'retail')))
    .where(
      and(
        eq(allowanceUses.subscriptionId, subscriptionId),
        eq(allowanceUses.period, period),
        isNewestRating,
      ),
    )
    .orderBy(asc(allowanceUses.createdAt), asc(allowanceUses.quoteId))
}

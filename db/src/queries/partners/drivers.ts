import { and, eq, isNull, ne, or, sql as raw } from 'drizzle-orm'
import type { CardFacts } from '@chargelane/openapi/vocabulary/payment'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { drivers, paymentSources } from '../../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'
import { must } from './accounts.ts'

export type DriverRow = typeof drivers.$inferSelect
export type PaymentSourceRow = typeof paymentSources.$inferSelect

/** Drivers are made by being named: the first mention of a partner's reference makes the row. */
export async function getOrCreateDriver(
  sql: Sql,
  accountId: string,
  externalId: string,
  at: string,
): Promise<DriverRow> {
  const find = () =>
    sql
      .select()
      .from(drivers)
      .where(and(eq(drivers.accountId, accountId), eq(drivers.externalId, externalId)))
  const [known] = await find()
  if (known) return known
  await sql
    .insert(drivers)
    .values({ id: newId('driver'), accountId, externalId, createdAt: at })
    .onConflictDoNothing()
  const [row] = await find()
  return must(row, 'driver', externalId)
}

export async function getDriver(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<DriverRow | undefined> {
  const [row] = await sql
    .select()
    .from(drivers)
    .where(and(eq(drivers.id, id), ownedBy(drivers.accountId, accountId)))
  return row
}

export type NewPaymentSource = Pick<
  PaymentSourceRow,
  'accountId' | 'driverId' | 'kind' | 'pspPaymentMethod'
> &
  Partial<Pick<PaymentSourceRow, 'pspCustomer' | 'pspSetup' | 'card' | 'status'>> & {
    id?: string
    at: string
  }

export async function createPaymentSource(
  sql: Sql,
  input: NewPaymentSource,
): Promise<PaymentSourceRow> {
  const { at, id = newId('paymentSource'), ...values } = input
  await sql
    .insert(paymentSources)
    .values({ ...values, id, createdAt: at })
    .onConflictDoNothing({ target: paymentSources.id })
  return must(await getPaymentSource(sql, input.accountId, id), 'payment source', id)
}

export async function getPaymentSource(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<PaymentSourceRow | undefined> {
  const [row] = await sql
    .select()
    .from(paymentSources)
    .where(and(eq(paymentSources.id, id), ownedBy(paymentSources.accountId, accountId)))
  return row
}

export async function listPaymentSources(
  sql: Sql,
  accountId: string,
  page: PageRequest & { driverId?: string },
): Promise<Page<PaymentSourceRow>> {
  const { where, orderBy, limit } = pageBy(paymentSources.id, page)
  const driver =
    page.driverId === undefined ? undefined : eq(paymentSources.driverId, page.driverId)
  const rows = await sql
    .select()
    .from(paymentSources)
    .where(and(ownedBy(paymentSources.accountId, accountId), driver, where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** The payer named what pays: it counts from now on, also after its issuer had refused. */
export async function namePaymentMethod(
  sql: Sql,
  accountId: string,
  id: string,
  { method, customer, card }: { method: string; customer: string | null; card: CardFacts | null },
): Promise<PaymentSourceRow | undefined> {
  const [row] = await sql
    .update(paymentSources)
    .set({ pspPaymentMethod: method, pspCustomer: customer, card, status: 'active' })
    .where(
      and(
        eq(paymentSources.id, id),
        ne(paymentSources.status, 'detached'),
        ownedBy(paymentSources.accountId, accountId),
      ),
    )
    .returning()
  return row
}

/** What a hold told of the method behind it: only what was not known is kept. */
export async function learnPaymentMethod(
  sql: Sql,
  id: string,
  { method, customer, card }: { method: string; customer: string | null; card: CardFacts | null },
): Promise<void> {
  await sql
    .update(paymentSources)
    .set({
      pspPaymentMethod: raw`coalesce(${paymentSources.pspPaymentMethod}, ${method})`,
      pspCustomer: raw`coalesce(${paymentSources.pspCustomer}, ${customer})`,
      card: raw`coalesce(${paymentSources.card}, ${JSON.stringify(card)}::jsonb)`,
      status: raw`case ${paymentSources.status} when 'requires_action' then 'active' else ${paymentSources.status} end`,
    })
    .where(
      and(
        eq(paymentSources.id, id),
        or(isNull(paymentSources.pspPaymentMethod), isNull(paymentSources.card)),
      ),
    )
}

export async function setPaymentSourceStatus(
  sql: Sql,
  accountId: string,
  id: string,
  status: PaymentSourceRow['status'],
): Promise<PaymentSourceRow | undefined> {
  const [row] = await sql
    .update(paymentSources)
    .set({ status })
    .where(and(eq(paymentSources.id, id), ownedBy(paymentSources.accountId, accountId)))
    .returning()
  return row
}

import { and, eq } from 'drizzle-orm'
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
> & { id?: string; at: string }

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

import { and, asc, eq, getTableColumns } from 'drizzle-orm'
import type { CallbackKind } from '@chargelane/openapi/vocabulary/payment'
import type { Sql } from '../../client.ts'
import { paymentEndpoints } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'
import { ownedBy } from '../page.ts'

type Row = typeof paymentEndpoints.$inferSelect
export type PaymentEndpoint = Omit<Row, 'secret'> & { secret: string }

const column = 'payment_endpoints.secret'
const rowId = ({ accountId, kind }: Pick<Row, 'accountId' | 'kind'>) => `${accountId}:${kind}`
const endpointOf = (row: Row): PaymentEndpoint => ({
  ...row,
  secret: unseal(column, rowId(row), row.secret),
})

/** One per account and kind; set again it replaces address and secret. */
export async function putPaymentEndpoint(
  tx: Sql,
  {
    at: updatedAt,
    url,
    secret: plain,
    ...key
  }: Omit<PaymentEndpoint, 'updatedAt'> & { at: string },
): Promise<PaymentEndpoint> {
  const secret = seal(column, rowId(key), plain)
  const [row] = await tx
    .insert(paymentEndpoints)
    .values({ ...key, url, secret, updatedAt })
    .onConflictDoUpdate({
      target: [paymentEndpoints.accountId, paymentEndpoints.kind],
      set: { url, secret, updatedAt },
    })
    .returning()
  if (row === undefined) throw new Error('a payment endpoint was not written')
  return endpointOf(row)
}

export async function paymentEndpoint(
  sql: Sql,
  accountId: string,
  kind: CallbackKind,
): Promise<PaymentEndpoint | undefined> {
  const [row] = await sql
    .select()
    .from(paymentEndpoints)
    .where(and(eq(paymentEndpoints.accountId, accountId), eq(paymentEndpoints.kind, kind)))
  return row && endpointOf(row)
}

/** Without their secrets, which are told once. */
export async function paymentEndpointsOf(
  sql: Sql,
  accountId: string,
): Promise<Omit<Row, 'secret'>[]> {
  const { secret: _secret, ...columns } = getTableColumns(paymentEndpoints)
  return sql
    .select(columns)
    .from(paymentEndpoints)
    .where(ownedBy(paymentEndpoints.accountId, accountId))
    .orderBy(asc(paymentEndpoints.accountId), asc(paymentEndpoints.kind))
}

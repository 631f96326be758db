import { and, asc, eq, gte, inArray, lt, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import type { Sql, Tx } from '../../client.ts'
import {
  creditLines,
  drivers,
  evses,
  invoices,
  locations,
  payments,
  sales,
  sessions,
} from '../../schema.ts'
import { ownedBy } from '../page.ts'
import { minorOf, sumText } from '../sums.ts'

type CreditLineRow = typeof creditLines.$inferSelect
/**
 * One line per account and currency: what the account may owe without security, what it has lodged with us, and what was
 * set aside of its earnings. Together they are what it may come to owe.
 */
export type CreditLine = {
  accountId: string
  limit: Money
  deposit: Money
  reserve: Money
  updatedAt: string
}

const creditLineOf = ({
  accountId,
  currency,
  limitMinor,
  depositMinor,
  reserveMinor,
  updatedAt,
}: CreditLineRow): CreditLine => ({
  accountId,
  limit: { amount: limitMinor, currency },
  deposit: { amount: depositMinor, currency },
  reserve: { amount: reserveMinor, currency },
  updatedAt,
})

export async function putCreditLine(
  tx: Tx,
  input: { accountId: string; limit: Money; deposit?: number; reserve?: number; at: string },
): Promise<CreditLine> {
  const { accountId, at, deposit: depositMinor, reserve: reserveMinor } = input
  const { amount: limitMinor, currency } = input.limit
  const given = {
    limitMinor,
    ...(depositMinor === undefined ? {} : { depositMinor }),
    ...(reserveMinor === undefined ? {} : { reserveMinor }),
    updatedAt: at,
  }
  const [row] = await tx
    .insert(creditLines)
    .values({ accountId, currency, ...given })
    .onConflictDoUpdate({
      target: [creditLines.accountId, creditLines.currency],
      set: given,
    })
    .returning()
  if (row === undefined) throw new Error('a credit line was not written')
  return creditLineOf(row)
}

export async function creditLinesOf(sql: Sql, accountId: string): Promise<CreditLine[]> {
  const rows = await sql
    .select()
    .from(creditLines)
    .where(ownedBy(creditLines.accountId, accountId))
    .orderBy(asc(creditLines.accountId), asc(creditLines.currency))
  return rows.map(creditLineOf)
}

export async function creditLine(
  sql: Sql,
  accountId: string,
  currency: string,
): Promise<CreditLine | undefined> {
  const [row] = await sql
    .select()
    .from(creditLines)
    .where(and(eq(creditLines.accountId, accountId), eq(creditLines.currency, currency)))
  return row && creditLineOf(row)
}

/** Two holds at once must not both fit into what is left for one of them. */
export async function lockCreditLine(tx: Tx, accountId: string, currency: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${accountId + currency}, 50))`)
}

/** What is held on a partner's own account and not yet in the books. */
export async function heldOnAccount(
  sql: Sql,
  input: { accountId: string; currency: string },
): Promise<Money> {
  const [row] = await sql
    .select({
      held: sumText(raw`case when ${payments.status} = 'captured'
        then ${payments.capturedMinor} else ${payments.holdMinor} end`),
    })
    .from(payments)
    .where(
      and(
        eq(payments.accountId, input.accountId),
        eq(payments.currency, input.currency),
        inArray(payments.kind, kindsOwedByPartner),
        raw`(${payments.status} = 'authorized'
          or (${payments.status} = 'created' and ${payments.pspId} is not null)
          or ${payments.status} = 'requires_action'
          or (${payments.status} = 'captured'
          and not exists (select from ${sales} where ${sales.sessionId} = ${payments.sessionId})))`,
      ),
    )
  return { amount: minorOf(row?.held ?? '0'), currency: input.currency }
}

/** What was charged to a partner's own account by sessions that ended in a time, driver by driver, with its invoice. */
export async function accountCharges(
  sql: Sql,
  accountId: string,
  input: { from: string; to: string; limit: number },
) {
  const rows = await sql
    .select({
      sessionId: sessions.id,
      accountId: payments.accountId,
      driverId: drivers.id,
      driverExternalId: drivers.externalId,
      endedAt: sessions.endedAt,
      evseId: evses.evseId,
      country: locations.country,
      energyWh: sessions.energyWh,
      currency: payments.currency,
      chargedMinor: payments.capturedMinor,
      invoice: {
        id: invoices.id,
        documentNumber: invoices.documentNumber,
        netMinor: invoices.netMinor,
        vatMinor: invoices.vatMinor,
        grossMinor: invoices.grossMinor,
      },
    })
    .from(payments)
    .innerJoin(sessions, eq(sessions.id, payments.sessionId))
    .innerJoin(drivers, eq(drivers.id, sessions.driverId))
    .innerJoin(evses, eq(evses.id, sessions.evseId))
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .leftJoin(
      invoices,
      and(eq(invoices.sessionId, sessions.id), eq(invoices.kind, 'receipt_invoice')),
    )
    .where(
      and(
        ownedBy(payments.accountId, accountId),
        inArray(payments.kind, kindsOwedByPartner),
        eq(payments.status, 'captured'),
        gte(sessions.endedAt, input.from),
        lt(sessions.endedAt, input.to),
      ),
    )
    .orderBy(
      asc(payments.currency),
      asc(drivers.externalId),
      asc(sessions.endedAt),
      asc(sessions.id),
    )
    .limit(input.limit)
  return rows.map(({ currency, chargedMinor, invoice, ...row }) => {
    const of = (amount: number): Money => ({ amount, currency })
    return {
      ...row,
      charged: of(chargedMinor ?? 0),
      invoice: invoice && {
        id: invoice.id,
        documentNumber: invoice.documentNumber,
        net: of(invoice.netMinor),
        vat: of(invoice.vatMinor),
        gross: of(invoice.grossMinor),
      },
    }
  })
}

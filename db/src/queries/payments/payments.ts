import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  lt,
  lte,
  notInArray,
  sql as raw,
} from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { fxRates, payments, paymentSources } from '../../schema.ts'

type PaymentRow = typeof payments.$inferSelect
export type PaymentStatus = PaymentRow['status']
type Amounts = {
  hold: Money
  captured: Money | null
  /** In the currency of the provider's balance, which may be another. */
  pspFee: Money | null
}
type MinorColumns = 'currency' | 'holdMinor' | 'capturedMinor' | 'pspFeeMinor' | 'pspFeeCurrency'
export type Payment = Omit<PaymentRow, MinorColumns> & Amounts
export type PaymentSourceRow = typeof paymentSources.$inferSelect

const moneyOrNull = (amount: number | null, currency: string | null): Money | null =>
  amount === null || currency === null ? null : { amount, currency }

function paymentOf(row: PaymentRow): Payment {
  const { currency, holdMinor, capturedMinor, pspFeeMinor, pspFeeCurrency, ...rest } = row
  return {
    ...rest,
    hold: { amount: holdMinor, currency },
    captured: moneyOrNull(capturedMinor, currency),
    pspFee: moneyOrNull(pspFeeMinor, pspFeeCurrency),
  }
}

export type OpenPayment = Pick<
  Payment,
  'sessionId' | 'accountId' | 'attempt' | 'paymentSourceId' | 'kind' | 'hold' | 'releaseBy'
> & { at: string }

/** The payment of a session's attempt, made once; a repeated call finds it with whatever became of it. */
export async function openPayment(tx: Tx, input: OpenPayment): Promise<Payment> {
  const { at, hold, ...values } = input
  const [made] = await tx
    .insert(payments)
    .values({
      id: newId('payment'),
      ...values,
      currency: hold.currency,
      holdMinor: hold.amount,
      status: 'created',
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing()
    .returning()
  if (made !== undefined) return paymentOf(made)
  const payment = await paymentOfAttempt(tx, input.sessionId, input.attempt)
  if (payment === undefined) throw new Error(`No payment of ${input.sessionId}.`)
  return payment
}

type PaymentPatch = Partial<
  Pick<
    Payment,
    | 'pspId'
    | 'status'
    | 'clientSecret'
    | 'declineCode'
    | 'captureBefore'
    | 'captured'
    | 'pspFee'
    | 'releaseBy'
    | 'releasedAt'
  >
>

const columnsOf = ({ captured, pspFee, ...patch }: PaymentPatch) => ({
  ...patch,
  ...(captured === undefined ? {} : { capturedMinor: captured?.amount ?? null }),
  ...(pspFee === undefined
    ? {}
    : { pspFeeMinor: pspFee?.amount ?? null, pspFeeCurrency: pspFee?.currency ?? null }),
})

/** A captured or voided payment never changes its ending again. */
const finished: PaymentStatus[] = ['captured', 'voided', 'declined']

/** Moves a payment on; returns undefined when it had already ended otherwise, so that nothing is overwritten. */
export async function changePayment(
  tx: Tx,
  paymentId: string,
  patch: PaymentPatch,
  at: string,
): Promise<Payment | undefined> {
  const [after] = await tx
    .update(payments)
    .set({ ...columnsOf(patch), updatedAt: at })
    .where(and(eq(payments.id, paymentId), notInArray(payments.status, finished)))
    .returning()
  if (after !== undefined) {
    if (patch.captured && patch.captured.currency !== after.currency)
      throw new Error(
        `Payment ${paymentId} holds ${after.currency}, not ${patch.captured.currency}.`,
      )
    return paymentOf(after)
  }
  const ended = await paymentById(tx, paymentId)
  if (ended === undefined) throw new Error(`No payment ${paymentId}.`)
  return patch.status === ended.status ? ended : undefined
}

export async function paymentById(sql: Sql, paymentId: string): Promise<Payment | undefined> {
  const [row] = await sql.select().from(payments).where(eq(payments.id, paymentId))
  return row && paymentOf(row)
}

export async function paymentOfAttempt(
  sql: Sql,
  sessionId: string,
  attempt: number,
): Promise<Payment | undefined> {
  const [row] = await sql
    .select()
    .from(payments)
    .where(and(eq(payments.sessionId, sessionId), eq(payments.attempt, attempt)))
  return row && paymentOf(row)
}

/** A session's payments, oldest attempt first. */
export async function paymentsOf(sql: Sql, sessionId: string): Promise<Payment[]> {
  const rows = await sql
    .select()
    .from(payments)
    .where(eq(payments.sessionId, sessionId))
    .orderBy(asc(payments.attempt))
  return rows.map(paymentOf)
}

/** One payment as its partner may see it. */
export async function getPayment(
  sql: Sql,
  accountId: string,
  paymentId: string,
): Promise<Payment | undefined> {
  const row = await paymentById(sql, paymentId)
  return accountId === 'all' || row?.accountId === accountId ? row : undefined
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listPayments(
  sql: Sql,
  accountId: string,
  page: { after?: string; limit: number; sessionId?: string },
): Promise<Payment[]> {
  const rows = await sql
    .select()
    .from(payments)
    .where(
      and(
        accountId === 'all' ? undefined : eq(payments.accountId, accountId),
        page.sessionId === undefined ? undefined : eq(payments.sessionId, page.sessionId),
        page.after === undefined ? undefined : lt(payments.id, page.after),
      ),
    )
    .orderBy(desc(payments.id))
    .limit(page.limit)
  return rows.map(paymentOf)
}

/** Holds past their deadline that nobody captured or released: the reaper's list (failures F12). */
export async function staleHolds(sql: Sql, now: string, limit: number): Promise<Payment[]> {
  const rows = await sql
    .select()
    .from(payments)
    .where(
      and(
        inArray(payments.status, ['created', 'requires_action', 'authorized', 'capture_failed']),
        lte(payments.releaseBy, now),
      ),
    )
    .orderBy(asc(payments.releaseBy))
    .limit(limit)
  return rows.map(paymentOf)
}

/** The payment source a charge is made on. */
export async function paymentSourceById(
  sql: Sql,
  paymentSourceId: string,
): Promise<PaymentSourceRow | undefined> {
  const [row] = await sql
    .select()
    .from(paymentSources)
    .where(eq(paymentSources.id, paymentSourceId))
  return row
}

/** One day's published rates; the first publication of a date is kept. */
export async function saveRates(
  tx: Tx,
  input: { source: string; asOf: string; base: string; rates: Record<string, string>; at: string },
): Promise<void> {
  const rows = Object.entries(input.rates).map(([quote, rate]) => ({
    source: input.source,
    asOf: input.asOf,
    base: input.base,
    quote,
    rate,
    fetchedAt: input.at,
  }))
  if (rows.length > 0) await tx.insert(fxRates).values(rows).onConflictDoNothing()
}

/** The newest stored rates published on or before a date (`YYYY-MM-DD`), or undefined when we hold none. */
export async function ratesOn(
  sql: Sql,
  date: string,
): Promise<
  { source: string; asOf: string; base: string; rates: Record<string, string> } | undefined
> {
  const [latest] = await sql
    .select()
    .from(fxRates)
    .where(and(lte(fxRates.asOf, date), isNotNull(fxRates.rate)))
    .orderBy(desc(fxRates.asOf), raw`${fxRates.fetchedAt} desc`)
    .limit(1)
  if (latest === undefined) return undefined
  const rows = await sql
    .select()
    .from(fxRates)
    .where(
      and(
        eq(fxRates.source, latest.source),
        eq(fxRates.asOf, latest.asOf),
        eq(fxRates.base, latest.base),
      ),
    )
  return {
    source: latest.source,
    asOf: latest.asOf,
    base: latest.base,
    rates: Object.fromEntries(rows.map((row) => [row.quote, row.rate])),
  }
}

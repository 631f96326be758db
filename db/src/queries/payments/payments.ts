import { InvariantError } from '@chargelane/rules/assert'
import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  lt,
  lte,
  or,
  sql as raw,
  type SQL,
} from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import { idPrefixes, newId } from '@chargelane/openapi/vocabulary/ids'
import type { HoldStatus, PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { rowText } from '../patch.ts'
import { fxRates, payments, paymentSources } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'

type PaymentRow = typeof payments.$inferSelect
export type PaymentStatus = PaymentRow['status']
type Amounts = {
  hold: Money
  most: Money | null
  captured: Money | null
  /** In the currency of the provider's balance, which may be another. */
  pspFee: Money | null
}
type MinorColumns =
  | 'currency'
  | 'holdMinor'
  | 'mostMinor'
  | 'capturedMinor'
  | 'pspFeeMinor'
  | 'pspFeeCurrency'
export type Payment = Omit<PaymentRow, MinorColumns | 'clientSecret'> &
  Amounts & { clientSecret: string | null }
export type PaymentSourceRow = typeof paymentSources.$inferSelect

const moneyOrNull = (amount: number | null, currency: string | null): Money | null =>
  amount === null || currency === null ? null : { amount, currency }

function paymentOf(row: PaymentRow): Payment {
  const { currency, holdMinor, mostMinor, capturedMinor, pspFeeMinor, pspFeeCurrency, ...rest } =
    row
  return {
    ...rest,
    clientSecret: unseal('payments.client_secret', row.id, row.clientSecret),
    hold: { amount: holdMinor, currency },
    most: moneyOrNull(mostMinor, currency),
    captured: moneyOrNull(capturedMinor, currency),
    pspFee: moneyOrNull(pspFeeMinor, pspFeeCurrency),
  }
}

export type OpenPayment = Pick<
  Payment,
  'sessionId' | 'accountId' | 'attempt' | 'paymentSourceId' | 'kind' | 'hold' | 'releaseBy'
> & { at: string }

const insertPayment = fixedStatement<
  PaymentRow,
  Omit<OpenPayment, 'hold'> & { id: string; currency: string; holdMinor: number }
>(
  () => raw`insert into payments (id, session_id, account_id, attempt, payment_source_id, kind, currency, hold_minor,
      status, release_by, created_at, updated_at)
    values (${arg('id')}, ${arg('sessionId')}, ${arg('accountId')}, ${arg('attempt')}, ${arg('paymentSourceId')},
      ${arg('kind')}, ${arg('currency')}, ${arg('holdMinor')}, 'created', ${arg('releaseBy')}, ${arg('at')}, ${arg('at')})
    on conflict do nothing returning ${rowOf(payments)}`,
)

/** The payment of a session's attempt, made once; a repeated call finds it with whatever became of it. */
export async function openPayment(sql: Sql, input: OpenPayment): Promise<Payment> {
  const { hold, ...values } = input
  const id = newId('payment')
  const amounts = { currency: hold.currency, holdMinor: hold.amount }
  const [made] = await insertPayment(sql, { id, ...values, ...amounts })
  if (made !== undefined) return paymentOf(made)
  const payment = await paymentOfAttempt(sql, input.sessionId, input.attempt)
  if (payment === undefined) throw new InvariantError(`No payment of ${input.sessionId}.`)
  return payment
}

type PaymentPatch = Partial<
  Pick<
    Payment,
    | 'pspId'
    | 'reference'
    | 'status'
    | 'hold'
    | 'most'
    | 'clientSecret'
    | 'publishableKey'
    | 'declineCode'
    | 'declineAdvice'
    | 'networkDeclineCode'
    | 'captureBefore'
    | 'captured'
    | 'pspFee'
    | 'heldAt'
    | 'raises'
    | 'isExpired'
    | 'releaseBy'
    | 'releasedAt'
  >
>

const columnsOf = (
  id: string,
  { hold, most, captured, pspFee, clientSecret, ...patch }: PaymentPatch,
) => ({
  ...patch,
  ...(clientSecret === undefined
    ? {}
    : { clientSecret: seal('payments.client_secret', id, clientSecret) }),
  ...(hold === undefined ? {} : { holdMinor: hold.amount }),
  ...(most === undefined ? {} : { mostMinor: most?.amount ?? null }),
  ...(captured === undefined ? {} : { capturedMinor: captured?.amount ?? null }),
  ...(pspFee === undefined
    ? {}
    : { pspFeeMinor: pspFee?.amount ?? null, pspFeeCurrency: pspFee?.currency ?? null }),
})

const changing = [
  'pspId',
  'reference',
  'status',
  'clientSecret',
  'publishableKey',
  'declineCode',
  'declineAdvice',
  'networkDeclineCode',
  'captureBefore',
  'holdMinor',
  'mostMinor',
  'capturedMinor',
  'pspFeeMinor',
  'pspFeeCurrency',
  'heldAt',
  'raises',
  'isExpired',
  'releaseBy',
  'releasedAt',
  'updatedAt',
] as const satisfies (keyof PaymentRow)[]

// What the patch does not name keeps the row's own value. A captured or voided payment never changes its ending again.
const updatePayment = fixedStatement<PaymentRow, { id: string; patch: string }>(
  () => raw`update payments set (${raw.raw(changing.map(toSnakeCase).join(', '))}) = (
      select ${raw.raw(changing.map((name) => `n.${toSnakeCase(name)}`).join(', '))}
      from jsonb_populate_record(payments, ${arg('patch')}::jsonb) n)
    where id = ${arg('id')} and status not in ('captured', 'voided', 'declined')
    returning ${rowOf(payments)}`,
)

const selectPayment = fixedStatement<PaymentRow, { id: string }>(
  () => raw`select ${rowOf(payments)} from payments where id = ${arg('id')}`,
)
const selectAttempt = fixedStatement<PaymentRow, { sessionId: string; attempt: number }>(
  () => raw`select ${rowOf(payments)} from payments
    where session_id = ${arg('sessionId')} and attempt = ${arg('attempt')}`,
)
const selectPayments = fixedStatement<PaymentRow, { sessionId: string }>(
  () =>
    raw`select ${rowOf(payments)} from payments where session_id = ${arg('sessionId')} order by attempt`,
)

/** Moves a payment on; returns undefined when it had already ended otherwise, so that nothing is overwritten. */
export async function changePayment(
  tx: Tx,
  paymentId: string,
  patch: PaymentPatch,
  at: string,
): Promise<Payment | undefined> {
  const patched = rowText({ ...columnsOf(paymentId, patch), updatedAt: at })
  const [after] = await updatePayment(tx, { id: paymentId, patch: patched })
  if (after !== undefined) {
    for (const amount of [patch.captured, patch.hold, patch.most])
      if (amount && amount.currency !== after.currency)
        throw new InvariantError(
          `Payment ${paymentId} holds ${after.currency}, not ${amount.currency}.`,
        )
    return paymentOf(after)
  }
  const ended = await paymentById(tx, paymentId)
  if (ended === undefined) throw new InvariantError(`No payment ${paymentId}.`)
  return patch.status === ended.status ? ended : undefined
}

export async function paymentById(sql: Sql, paymentId: string): Promise<Payment | undefined> {
  const [row] = await selectPayment(sql, { id: paymentId })
  return row && paymentOf(row)
}

export async function paymentOfAttempt(
  sql: Sql,
  sessionId: string,
  attempt: number,
): Promise<Payment | undefined> {
  const [row] = await selectAttempt(sql, { sessionId, attempt })
  return row && paymentOf(row)
}

/** The payment that its provider knows by this id. */
export async function paymentOfProvider(
  sql: Sql,
  kind: PaymentKind,
  pspId: string,
): Promise<Payment | undefined> {
  const [row] = await sql
    .select()
    .from(payments)
    .where(and(eq(payments.kind, kind), eq(payments.pspId, pspId)))
  return row && paymentOf(row)
}

/** A session's payments, oldest attempt first. */
export async function paymentsOf(sql: Sql, sessionId: string): Promise<Payment[]> {
  return (await selectPayments(sql, { sessionId })).map(paymentOf)
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

type OfPayer = {
  after?: string
  limit: number
  sessionId?: string
  driverId?: string
  pspReference?: string
}

const ofPayer = (accountId: string, page: OfPayer) => [
  accountId === 'all' ? undefined : eq(payments.accountId, accountId),
  page.sessionId === undefined ? undefined : eq(payments.sessionId, page.sessionId),
  page.driverId === undefined
    ? undefined
    : inArray(
        payments.paymentSourceId,
        raw`(select id from payment_sources where driver_id = ${page.driverId})`,
      ),
  page.pspReference === undefined
    ? undefined
    : or(eq(payments.pspId, page.pspReference), eq(payments.reference, page.pspReference)),
  page.after === undefined ? undefined : lt(payments.id, page.after),
]

async function pageOfPayments(
  sql: Sql,
  wanted: readonly (SQL | undefined)[],
  limit: number,
): Promise<Payment[]> {
  const rows = await sql
    .select()
    .from(payments)
    .where(and(...wanted))
    .orderBy(desc(payments.id))
    .limit(limit)
  return rows.map(paymentOf)
}

/** Newest first; `after` is the id of the last row of the page before. */
export const listPayments = (
  sql: Sql,
  accountId: string,
  page: OfPayer & { status?: PaymentStatus },
): Promise<Payment[]> =>
  pageOfPayments(
    sql,
    [
      ...ofPayer(accountId, page),
      page.status === undefined ? undefined : eq(payments.status, page.status),
    ],
    page.limit,
  )

export type HeldPayment = Payment & { heldAt: string }

/** What is or was held; a payment that never held anything has no hold. */
export const isHold = (payment: Payment): payment is HeldPayment => payment.heldAt !== null

/** The hold of a payment in words: what it came to is told by the payment's own row. */
export function holdStatusOf(payment: HeldPayment): HoldStatus {
  if (payment.status === 'captured') return 'captured'
  if (payment.isExpired) return 'expired'
  if (payment.status === 'voided') return 'released'
  return payment.raises > 0 ? 'increased' : 'created'
}

const hasHoldStatus: Record<HoldStatus, SQL> = {
  captured: raw`status = 'captured'`,
  expired: raw`status <> 'captured' and is_expired`,
  released: raw`status = 'voided' and not is_expired`,
  increased: raw`status not in ('captured', 'voided') and not is_expired and raises > 0`,
  created: raw`status not in ('captured', 'voided') and not is_expired and raises = 0`,
}

const holdPrefix = `${idPrefixes.hold}_`
const paymentPrefix = `${idPrefixes.payment}_`

/** A hold and its payment share the part of the id behind the prefix (decision 0059). */
export const holdIdOf = (paymentId: string): string =>
  holdPrefix + paymentId.slice(paymentPrefix.length)
export const paymentIdOf = (holdId: string): string =>
  paymentPrefix + holdId.slice(holdPrefix.length)

/** One hold as its partner may see it. */
export async function getHold(
  sql: Sql,
  accountId: string,
  holdId: string,
): Promise<HeldPayment | undefined> {
  const payment = await getPayment(sql, accountId, paymentIdOf(holdId))
  return payment !== undefined && isHold(payment) ? payment : undefined
}

/** Newest first; `after` is the hold of the last row of the page before. */
export async function listHolds(
  sql: Sql,
  accountId: string,
  { after, status, ...page }: OfPayer & { status?: HoldStatus },
): Promise<HeldPayment[]> {
  const asked = { ...page, ...(after === undefined ? {} : { after: paymentIdOf(after) }) }
  const rows = await pageOfPayments(
    sql,
    [
      ...ofPayer(accountId, asked),
      isNotNull(payments.heldAt),
      status === undefined ? undefined : hasHoldStatus[status],
    ],
    page.limit,
  )
  return rows.filter(isHold)
}

/** Holds past their deadline that nobody captured or released: the reaper's list (failures F12). */
export async function staleHolds(
  sql: Sql,
  now: string,
  limit: number,
  accountId?: string,
): Promise<Payment[]> {
  const rows = await sql
    .select()
    .from(payments)
    .where(
      and(
        inArray(payments.status, ['created', 'requires_action', 'authorized', 'capture_failed']),
        lte(payments.releaseBy, now),
        accountId === undefined ? undefined : eq(payments.accountId, accountId),
      ),
    )
    .orderBy(asc(payments.releaseBy))
    .limit(limit)
  return rows.map(paymentOf)
}

const selectSource = fixedStatement<PaymentSourceRow, { id: string }>(
  () => raw`select ${rowOf(paymentSources)} from payment_sources where id = ${arg('id')}`,
)

/** The payment source a charge is made on. */
export async function paymentSourceById(
  sql: Sql,
  paymentSourceId: string,
): Promise<PaymentSourceRow | undefined> {
  const [row] = await selectSource(sql, { id: paymentSourceId })
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

export type DayOfRates = {
  source: string
  asOf: string
  base: string
  rates: Record<string, string>
}

/** One row at most: the newest rates published on or before a date (`YYYY-MM-DD`). */
export const dayOfRates = (date: SQL): SQL =>
  raw`select r.source, r.as_of as "asOf", r.base, json_object_agg(r.quote, r.rate) as rates
    from (select source, as_of, base from fx_rates where as_of <= ${date}
      order by as_of desc, fetched_at desc limit 1) latest
    join fx_rates r on r.source = latest.source and r.as_of = latest.as_of and r.base = latest.base
    group by r.source, r.as_of, r.base`

const selectRates = fixedStatement<DayOfRates, { date: string }>(() => dayOfRates(arg('date')))

/** The newest stored rates published on or before a date (`YYYY-MM-DD`), or undefined when we hold none. */
export async function ratesOn(sql: Sql, date: string): Promise<DayOfRates | undefined> {
  const [day] = await selectRates(sql, { date })
  return day
}

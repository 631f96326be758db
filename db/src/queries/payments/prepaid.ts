// What partners have paid in ahead of their sessions, and what of it is held.
import { and, asc, eq, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { payments, prepaidBalances, sales } from '../../schema.ts'
import { ownedBy } from '../page.ts'
import { minorOf, sumText } from '../sums.ts'

type PrepaidRow = typeof prepaidBalances.$inferSelect
export type Prepaid = Omit<PrepaidRow, 'lowBelowMinor' | 'currency'> & { lowBelow: Money }

const prepaidOf = ({ lowBelowMinor, currency, ...row }: PrepaidRow): Prepaid => ({
  ...row,
  lowBelow: { amount: lowBelowMinor, currency },
})

type Whose = { accountId: string; currency: string }

const of = ({ accountId, currency }: Whose) =>
  and(eq(prepaidBalances.accountId, accountId), eq(prepaidBalances.currency, currency))

/** Two holds at once must not both fit into what is left for one of them. */
export async function lockPrepaid(tx: Tx, { accountId, currency }: Whose): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${accountId + currency}, 51))`)
}

/** The balance of an account and currency, made where there is none yet. */
export async function putPrepaid(
  tx: Sql,
  { accountId, currency, lowBelow, at }: Whose & { lowBelow?: number; at: string },
): Promise<Prepaid> {
  const set = { updatedAt: at, ...(lowBelow === undefined ? {} : { lowBelowMinor: lowBelow }) }
  const [row] = await tx
    .insert(prepaidBalances)
    .values({ accountId, currency, ...set })
    .onConflictDoUpdate({ target: [prepaidBalances.accountId, prepaidBalances.currency], set })
    .returning()
  if (row === undefined) throw new Error('a prepaid balance was not written')
  return prepaidOf(row)
}

export async function markLow(tx: Sql, whose: Whose, lowSince: string | null): Promise<void> {
  await tx.update(prepaidBalances).set({ lowSince }).where(of(whose))
}

export async function prepaidOfAccount(sql: Sql, whose: Whose): Promise<Prepaid | undefined> {
  const [row] = await sql.select().from(prepaidBalances).where(of(whose))
  return row && prepaidOf(row)
}

export async function listPrepaid(sql: Sql, accountId: string): Promise<Prepaid[]> {
  const rows = await sql
    .select()
    .from(prepaidBalances)
    .where(ownedBy(prepaidBalances.accountId, accountId))
    .orderBy(asc(prepaidBalances.accountId), asc(prepaidBalances.currency))
  return rows.map(prepaidOf)
}

/** Held, or captured and not yet in the books. */
export async function heldOfPrepaid(sql: Sql, { accountId, currency }: Whose): Promise<Money> {
  const isUnbooked = raw`not exists (select from ${sales} where ${sales.sessionId} = ${payments.sessionId})`
  const [row] = await sql
    .select({
      held: sumText(raw`case when ${payments.status} = 'captured'
        then ${payments.capturedMinor} else ${payments.holdMinor} end`),
    })
    .from(payments)
    .where(
      and(
        eq(payments.accountId, accountId),
        eq(payments.currency, currency),
        eq(payments.kind, 'prepaid'),
        raw`(${payments.status} = 'authorized'
          or (${payments.status} = 'created' and ${payments.pspId} is not null)
          or (${payments.status} = 'captured' and ${isUnbooked}))`,
      ),
    )
  return { amount: minorOf(row?.held ?? '0'), currency }
}

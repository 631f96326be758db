import { and, eq, sql as raw } from 'drizzle-orm'
import { everyAccount, type Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { quotes } from '../../schema.ts'
import { ownedBy } from '../page.ts'

export type QuoteRow = typeof quotes.$inferSelect

const insert = fixedStatement<
  Record<string, never>,
  Omit<QuoteRow, 'sessionId' | 'body'> & { body: string }
>(
  () => raw`insert into quotes (id, account_id, cpo_id, evse_id, connector_id, driver_id, payment_source_id, channel,
      tariff_id, tariff_version, tariff_hash, currency, hold_minor, market_profile, body, signature, key_id, status,
      expires_at, created_at)
    values (${arg('id')}, ${arg('accountId')}, ${arg('cpoId')}, ${arg('evseId')}, ${arg('connectorId')},
      ${arg('driverId')}, ${arg('paymentSourceId')}, ${arg('channel')}, ${arg('tariffId')}, ${arg('tariffVersion')},
      ${arg('tariffHash')}, ${arg('currency')}, ${arg('holdMinor')}, ${arg('marketProfile')}, ${arg('body')},
      ${arg('signature')}, ${arg('keyId')}, ${arg('status')}, ${arg('expiresAt')}, ${arg('createdAt')})
    on conflict do nothing`,
)

/** Stores a signed quote by the text of its body, once per id; nothing of it but its status changes afterwards. */
export async function insertQuote(sql: Sql, row: QuoteRow, body: string): Promise<void> {
  await insert(sql, { ...row, body })
}

const select = fixedStatement<QuoteRow, { id: string; account: string }>(
  () => raw`select ${rowOf(quotes)} from quotes
    where id = ${arg('id')} and ${arg('account')} in (account_id, ${raw.raw(`'${everyAccount}'`)})`,
)

export async function getQuote(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<QuoteRow | undefined> {
  const [row] = await select(sql, { id, account: accountId })
  return row
}

/** Gives an open quote back. Undefined when it is not open any more, so the caller can say what it is. */
export async function cancelQuote(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<QuoteRow | undefined> {
  const [row] = await sql
    .update(quotes)
    .set({ status: 'cancelled' })
    .where(
      and(
        eq(quotes.id, id),
        ownedBy(quotes.accountId, accountId),
        eq(quotes.status, 'open'),
        raw`${quotes.expiresAt} > clock_timestamp()`,
      ),
    )
    .returning()
  return row
}

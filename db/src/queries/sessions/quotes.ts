import { and, eq, gt, sql as raw } from 'drizzle-orm'
import { everyAccount, type Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { quotes } from '../../schema.ts'
import type { DoneRequest } from '../outbox/idempotency.ts'
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

/** A quote to store, with the request whose key it is done with. */
export type QuoteOfRequest = { row: QuoteRow; body: string; request: DoneRequest }

const insertOnce = fixedStatement<{ id: string }, { items: string }>(
  () => raw`with wanted as materialized (
      select * from json_to_recordset(${arg('items')}::json) as w (id text, account_id text, cpo_id text, evse_id text,
        connector_id text, driver_id text, payment_source_id text, channel text, tariff_id text, tariff_version int,
        tariff_hash text, currency text, hold_minor bigint, market_profile text, body jsonb, signature text,
        key_id text, status text, expires_at timestamptz, created_at timestamptz,
        request_key text, operation text, fingerprint text, done_with int)
    ), claimed as (
      insert into idempotency_keys (account_id, key, operation, fingerprint, resource_id, state, status, locked_at,
        created_at)
      select account_id, request_key, operation, decode(fingerprint, 'hex'), id, 'done', done_with, created_at,
        created_at
      from wanted order by account_id, request_key
      on conflict (account_id, key) do nothing returning resource_id
    )
    insert into quotes (id, account_id, cpo_id, evse_id, connector_id, driver_id, payment_source_id, channel,
      tariff_id, tariff_version, tariff_hash, currency, hold_minor, market_profile, body, signature, key_id, status,
      expires_at, created_at)
    select w.id, w.account_id, w.cpo_id, w.evse_id, w.connector_id, w.driver_id, w.payment_source_id, w.channel,
      w.tariff_id, w.tariff_version, w.tariff_hash, w.currency, w.hold_minor, w.market_profile, w.body, w.signature,
      w.key_id, w.status, w.expires_at, w.created_at
    from wanted w join claimed c on c.resource_id = w.id
    returning id`,
)

const itemOf = ({ row, body, request }: QuoteOfRequest): string => {
  const columns = JSON.stringify({
    id: row.id,
    account_id: row.accountId,
    cpo_id: row.cpoId,
    evse_id: row.evseId,
    connector_id: row.connectorId,
    driver_id: row.driverId,
    payment_source_id: row.paymentSourceId,
    channel: row.channel,
    tariff_id: row.tariffId,
    tariff_version: row.tariffVersion,
    tariff_hash: row.tariffHash,
    currency: row.currency,
    hold_minor: row.holdMinor,
    market_profile: row.marketProfile,
    signature: row.signature,
    key_id: row.keyId,
    status: row.status,
    expires_at: row.expiresAt,
    created_at: row.createdAt,
    request_key: request.key,
    operation: request.operation,
    fingerprint: request.fingerprint.toString('hex'),
    done_with: request.doneWith,
  })
  return `{"body":${body},${columns.slice(1)}`
}

/**
 * Claims the keys of several requests and stores the quotes of those that were free, in one statement. Answers the ids
 * that were stored. In the order of the keys, so that two groups with common keys wait for each other.
 */
export async function insertQuotesOnce(
  sql: Sql,
  quotesOfRequests: readonly QuoteOfRequest[],
): Promise<Set<string>> {
  const items = `[${quotesOfRequests.map(itemOf).join(',')}]`
  const rows = await insertOnce(sql, { items })
  return new Set(rows.map(({ id }) => id))
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
  now: string,
): Promise<QuoteRow | undefined> {
  const [row] = await sql
    .update(quotes)
    .set({ status: 'cancelled' })
    .where(
      and(
        eq(quotes.id, id),
        ownedBy(quotes.accountId, accountId),
        eq(quotes.status, 'open'),
        gt(quotes.expiresAt, now),
      ),
    )
    .returning()
  return row
}

// What we allowed: each time a CPO asked for a card and may give it energy.
import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { tokenAuthorizations } from '../../schema.ts'
import { cardKey } from '../../sealed/sealed.ts'
import { sessionIdOf } from '../sessions/owners.ts'

export async function grantToken(
  sql: Sql,
  {
    tokenUid,
    ...granted
  }: Omit<typeof tokenAuthorizations.$inferInsert, 'tokenKey'> & {
    tokenUid: string
  },
): Promise<void> {
  await sql.insert(tokenAuthorizations).values({ ...granted, tokenKey: cardKey(tokenUid) })
}

const selectGrant = fixedStatement<
  { reference: string },
  {
    connectionId: string
    tokenKey: string
    reference: string | null
    supplyKey: string | null
    startedAt: string
    receivedAt: string
  }
>(
  () => raw`select a.reference from token_authorizations a
    where a.connection_id = ${arg('connectionId')} and a.token_key = ${arg('tokenKey')}
      and (a.reference = ${arg('reference')}::text and a.granted_at >= ${arg('receivedAt')}::timestamptz - interval '30 days'
        or a.granted_at between ${arg('startedAt')}::timestamptz - interval '1 hour'
            and ${arg('startedAt')}::timestamptz + interval '15 minutes'
          and not exists (select from sessions s where s.id = a.reference)
          and not exists (select from supply_sessions o where o.session_id = a.reference
            and o.supply_key is distinct from ${arg('supplyKey')}::text))
    order by a.reference = ${arg('reference')}::text desc nulls last, a.granted_at desc limit 1`,
)

/**
 * The reference under which a card's charge at a CPO was allowed: the one it names, within the term of the contract;
 * else, as not every CPO names it, the latest that no other charge used and that was given about when it began (an hour
 * to plug in, a quarter of an hour for the peer's clock).
 */
export async function grantOf(
  sql: Sql,
  charge: {
    connectionId: string
    tokenUid: string
    reference: string | undefined
    supplyRef: string | undefined
    startedAt: string
    receivedAt: string
  },
): Promise<string | undefined> {
  const { reference, supplyRef, tokenUid, ...at } = charge
  const [row] = await selectGrant(sql, {
    ...at,
    tokenKey: cardKey(tokenUid),
    reference: sessionIdOf(reference) ?? null,
    supplyKey: supplyRef?.toLowerCase() ?? null,
  })
  return row?.reference
}

// How often a CPO's records ask the price its drivers were quoted, read from the verdicts themselves (R070).
import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { textArray } from '../outbox/outbox.ts'

export type PriceAccuracy = {
  cpoId: string
  name: string
  /** Records judged in the time; our own provisional ones and those that wait are not among them. */
  records: number
  /** Of those, the ones that ask the quote's price: at its amount, to the rounding, and by the locked tariff. */
  matching: number
  byKind: Record<string, number>
  byRule: Record<string, number>
  byReason: Record<string, number>
  /** What was claimed above the price, per currency in minor units. */
  claimedAbove: Record<string, number>
}

/** Rules that say that the record does not ask the quoted price. */
const misses = ['cpo_asks_more', 'cpo_asks_less', 'tariff_mismatch', 'usage_of_session_applies']
/** A credit takes a record back; it asks no price of its own. */
const credits = ['credit_accepted', 'credit_of_billed', 'credit_partial', 'credit_unmatched']

/**
 * One row per CPO with records in [from, to), in order of its id; `after` is the last id of the page before. What a
 * viewer may see is what row-level security shows it: a CPO its own records.
 */
export async function priceAccuracy(
  sql: Sql,
  page: { from: string; to: string; cpoId?: string; after?: string; limit: number },
): Promise<PriceAccuracy[]> {
  return sql.execute<PriceAccuracy>(raw`
    with judged as (
      select n.cpo_id, c.id, c.currency, c.verdict -> 'verdict' ->> 'kind' as kind,
        coalesce(c.verdict -> 'verdict' -> 'rules', '[]') as rules,
        coalesce(c.verdict -> 'diagnosis' -> 'reasons', '[]') as reasons,
        coalesce((c.verdict -> 'verdict' -> 'difference' -> 'amount' ->> 'amount')::bigint, 0) as above
      from cdrs c join public_connections n on n.id = c.connection_id
      where c.source <> 'provisional' and c.verdict -> 'verdict' ? 'kind'
        and not (c.verdict -> 'verdict' -> 'rules' ?| ${textArray(credits)}::text[])
        and c.received_at >= ${page.from} and c.received_at < ${page.to}
        and (${page.cpoId ?? null}::text is null or n.cpo_id = ${page.cpoId ?? null})
        and (${page.after ?? null}::text is null or n.cpo_id > ${page.after ?? null})),
    matched as (
      select j.*, j.kind in ('accepted', 'closed_zero')
        and not j.rules ?| ${textArray(misses)}::text[] as matches
      from judged j),
    cpos as (select cpo_id, count(*)::int as records, (count(*) filter (where matches))::int as matching
      from matched group by cpo_id order by cpo_id limit ${page.limit})
    select p.cpo_id as "cpoId", o.name, p.records, p.matching,
      (select jsonb_object_agg(kind, n) from (select kind, count(*) as n from matched m
        where m.cpo_id = p.cpo_id group by kind) k) as "byKind",
      coalesce((select jsonb_object_agg(rule, n) from (select rule, count(*) as n from matched m,
        jsonb_array_elements_text(m.rules) rule where m.cpo_id = p.cpo_id group by rule) r), '{}') as "byRule",
      coalesce((select jsonb_object_agg(code, n) from (select reason ->> 'code' as code, count(*) as n from matched m,
        jsonb_array_elements(m.reasons) reason where m.cpo_id = p.cpo_id group by 1) r), '{}') as "byReason",
      coalesce((select jsonb_object_agg(currency, n) from (select currency, least(sum(above), 9007199254740991)::bigint as n from matched m
        where m.cpo_id = p.cpo_id and above > 0 group by currency) c), '{}') as "claimedAbove"
    from cpos p join public_operators o on o.id = p.cpo_id order by p.cpo_id`)
}

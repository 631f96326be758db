// What a person may do about a record that was put aside, and what is at stake with it: only what can work is offered.
import type { Tx } from '@chargelane/db'
import { acceptedCdrOf, type CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { getSession, type SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import type { IncidentAction } from '@chargelane/openapi/vocabulary/incidents'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { minimum, money } from '@chargelane/rules/money'
import { price } from '@chargelane/rules/rating'
import { lateBy } from './term.ts'

export type Claimed = Pick<
  CdrRow,
  'id' | 'usage' | 'currency' | 'totalExclMinor' | 'totalInclMinor'
>

/** A session bills one record, after its term none, and none once it gave its hold back. Undefined where it still may. */
export async function whyNotBillable(
  tx: Tx,
  { id: cdrId }: Pick<CdrRow, 'id'>,
  { id, endedAt, moneyStatus }: SessionRow,
  at: string,
): Promise<string | undefined> {
  const [first, sale] = await Promise.all([acceptedCdrOf(tx, id, cdrId), saleOf(tx, id)])
  if (first !== undefined)
    return `${id} is billed by ${first.id}, which its operator has to take back first.`
  if (sale === undefined && moneyStatus === 'released')
    return `${id} is over and bills nothing any more.`
  if (endedAt !== null && (await lateBy(tx, { sessionId: id, endedAt, at })) !== undefined)
    return `${id} ended at ${endedAt}; its term is over.`
  return undefined
}

/** By the price that the session's quote locked; undefined where that prices nothing. */
async function priceOf(tx: Tx, sessionId: string, { usage }: Claimed): Promise<Money | undefined> {
  const terms = await sessionTerms(tx, sessionId)
  const tariff = terms?.tariff?.canonical ?? null
  if (terms === undefined || tariff === null) return undefined
  const priced = price({
    tariff,
    usage: { ...usage, time_zone: terms.timeZone },
    policy: terms.quote.body.rating_policy,
  })
  return priced.ok ? priced.totals.gross : undefined
}

const askedOf = ({ totalInclMinor, totalExclMinor, currency }: Claimed): Money | undefined => {
  const asked = totalInclMinor ?? totalExclMinor
  return asked === null ? undefined : money(asked, currency)
}

/**
 * What an operator could be granted for a record that nobody is billed by: what it asks, within the quote's price. A
 * record of our own node asks nothing, so its price is what is at stake.
 */
export async function grantable(
  tx: Tx,
  row: Claimed,
  sessionId: string,
): Promise<Money | undefined> {
  const [asked, priced] = [askedOf(row), await priceOf(tx, sessionId, row)]
  const isComparable =
    asked !== undefined && priced !== undefined && asked.currency === priced.currency
  return isComparable ? minimum(asked, priced) : (asked ?? priced)
}

export type Exits = { actions: IncidentAction[]; atStake?: Money }

/** What can be done about it now, and the money whose owner is open. */
export async function exitsOf(
  tx: Tx,
  row: Claimed,
  sessionId: string | undefined,
  at: string,
): Promise<Exits> {
  const asked = askedOf(row)
  const session = sessionId === undefined ? undefined : await getSession(tx, 'all', sessionId)
  const isOver = session !== undefined && (await whyNotBillable(tx, row, session, at)) !== undefined
  if (session === undefined || !isOver) {
    const atStake = asked ?? (session && (await priceOf(tx, session.id, row)))
    return { actions: ['adopt', 'refuse'], ...(atStake === undefined ? {} : { atStake }) }
  }
  const atStake = await grantable(tx, row, session.id)
  if (atStake === undefined || atStake.amount <= 0) return { actions: ['write_off'] }
  return { actions: ['grant', 'write_off'], atStake }
}

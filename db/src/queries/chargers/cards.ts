// Cards shown at a charger, and what they are good for.
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { type SQL, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { cardKey, type Sealed, unseal } from '../../sealed/sealed.ts'
import { columnsOf } from '../arrays.ts'
import { lastStartCommand } from './commands.ts'

export type CardStanding = {
  accountId: string
  uid: string
  /** What pays for it. */
  sourceId: string
  sourceKind: PaymentKind
  /** False when the card is blocked, its payment source unusable, or an earlier session unpaid (failures F47). */
  mayCharge: boolean
  blocked: boolean
}

export type CardRow = {
  id: string
  accountId: string
  uid: Sealed
  sourceId: string
  sourceKind: PaymentKind
  status: string
  source: string
  inDebt: boolean
}

/** The card of a keyed hash as a JSON value of its row, of the account that had it first; null when none has. */
export const cardOf = (uidKey: SQL): SQL => raw`(
  select jsonb_build_object('id', t.id, 'accountId', t.account_id, 'uid', t.uid, 'sourceId', p.id, 'sourceKind', p.kind, 'status', t.status, 'source', p.status, 'inDebt',
    exists (select from debts d where d.payment_source_id = t.payment_source_id and d.status = 'open'))
  from tokens t join payment_sources p on p.id = t.payment_source_id where t.uid_key = ${uidKey} and t.is_first)`

export function standingOf({ id, uid, status, source, inDebt, ...card }: CardRow): CardStanding {
  const blocked = status === 'blocked'
  return {
    ...card,
    uid: unseal('tokens.uid', id, uid),
    blocked,
    mayCharge: !blocked && source === 'active' && !inDebt,
  }
}

const selectCard = fixedStatement<{ card: CardRow | null }, { uidKey: string }>(
  () => raw`select ${cardOf(raw`${arg('uidKey')}::text`)} as card`,
)

export async function cardStanding(sql: Sql, uid: string): Promise<CardStanding | undefined> {
  const [row] = await selectCard(sql, { uidKey: cardKey(uid) })
  return row?.card == null ? undefined : standingOf(row.card)
}

export type Shown = { stationId: string; idToken: string }

/** `sessionId`: of the latest start command that showed this credential to this station. */
export type ShownFacts = { sessionId: string | null; card: CardStanding | null }

const selectShown = fixedStatement<
  { n: number; sessionId: string | null; card: CardRow | null },
  { stationId: string; tokenKey: string }
>(
  () => raw`
    select q.n, c.session_id as "sessionId", ${cardOf(raw`q.token_key`)} as card
    from unnest(${arg('stationId')}::text[], ${arg('tokenKey')}::text[]) with ordinality as q(station, token_key, n)
    left join lateral (${lastStartCommand(raw`q.station`, raw`q.token_key`)}) c on true`,
)

/** What credentials are that were shown at stations, in the order given. */
export async function shownFacts(sql: Sql, shown: readonly Shown[]): Promise<ShownFacts[]> {
  if (shown.length === 0) return []
  const asked = shown.map(({ stationId, idToken }) => ({ stationId, tokenKey: cardKey(idToken) }))
  const rows = await selectShown(sql, columnsOf(['stationId', 'tokenKey'], asked))
  return rows
    .toSorted((a, b) => a.n - b.n)
    .map(({ sessionId, card }) => ({ sessionId, card: card === null ? null : standingOf(card) }))
}

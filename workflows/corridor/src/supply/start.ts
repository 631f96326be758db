// Whose session a start belongs to, decided once for every protocol, and told to its workflow.
import type { Sql, Tx } from '@chargelane/db'
import { type CardStanding, cardStanding } from '@chargelane/db/queries/chargers/cards'
import { type OwnerFacts, ownerFacts, sessionIdOf } from '@chargelane/db/queries/sessions/owners'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { SupplyNews } from '@chargelane/db/queries/sessions/supply-sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Clues, Start, TakenStart } from './words.ts'

/** A start the driver made at the charger with a card: what the session is opened from. */
type Unsolicited = { accountId: string; evseId: string; tokenUid: string }

export type Owner = { sessionId: string; unsolicited?: Unsolicited }
export type Nobody = TakenStart & { kind: 'nobodys' }

export async function takeStart(tx: Tx, start: Start): Promise<TakenStart> {
  const owner = await ownerOf(tx, start)
  if ('kind' in owner) return owner
  const { sessionId, unsolicited } = owner
  const news = stageNews(start, owner)
  const isNews =
    news === undefined || (await recordSupplyEvent(tx, sessionId, news.dedupeKey, news.event))
  if (!isNews) return { kind: 'again', sessionId }
  return { kind: unsolicited === undefined ? 'started' : 'adopted', sessionId }
}

/** What a stage tells the session: each once, under a name that no protocol chooses; undefined when it tells nothing. */
export function stageNews(
  { at, clues, stage = 'charging' }: Pick<Start, 'at' | 'clues' | 'stage'>,
  { sessionId, unsolicited }: Owner,
): SupplyNews | undefined {
  switch (stage) {
    case 'booked':
      return undefined
    case 'plug_awaited':
      // Nobody waits for the plug of a session that began at the charger.
      if (unsolicited !== undefined) return undefined
      return { dedupeKey: `${sessionId}:plug`, event: { kind: 'plug_awaited', at } }
    case 'failed': {
      if (unsolicited !== undefined) return undefined
      const detail = 'the CPO declared the session invalid'
      const result = { result: 'rejected', reason: 'unknown', detail } as const
      return { dedupeKey: `${sessionId}:failed`, event: { kind: 'start_result', at, ...result } }
    }
    case 'charging': {
      const { startedAt, supplyRef } = clues
      const facts = { startedAt, supplyRef, ...(unsolicited === undefined ? {} : { unsolicited }) }
      return {
        dedupeKey: `${sessionId}:started`,
        event: { kind: 'charging_started', at, ...facts },
      }
    }
  }
}

/** The session of ours that facts lead to, whoever started it. A row that is not there yet is named all the same. */
export function sessionOf({
  linked,
  namedId,
}: OwnerFacts): { sessionId: string; isOpened: boolean } | undefined {
  if (linked?.isOpened === true || namedId === undefined) return linked
  return { sessionId: namedId, isOpened: true }
}

/** A session of ours, or a card we know at an EVSE we know, or nobody's (failures F04). */
export async function ownerOf(
  sql: Sql,
  { channel, clues, asksLeave, ...start }: Pick<Start, 'channel' | 'clues' | 'asksLeave' | 'card'>,
): Promise<Owner | Nobody> {
  if (clues.sessionId !== undefined) return { sessionId: clues.sessionId }
  // A charger's credential without a command of ours is a card: our own node knows its commands itself.
  const facts = asksLeave ? undefined : await ownerFacts(sql, channel, clues)
  const known = facts && sessionOf(facts)
  if (known?.isOpened === true) return { sessionId: known.sessionId }
  const card = start.card === undefined ? await cardShown(sql, clues) : (start.card ?? undefined)
  const { place } = clues
  const evseId = place !== undefined && 'evseId' in place ? place.evseId : facts?.evse?.evseId
  if (card === undefined || evseId === undefined) {
    if (known !== undefined) return { sessionId: known.sessionId }
    return { kind: 'nobodys', because: card === undefined ? 'token_unknown' : 'evse_unknown' }
  }
  if (asksLeave && !card.mayCharge)
    return { kind: 'nobodys', because: card.blocked ? 'token_blocked' : 'token_refused' }
  return {
    sessionId: known?.sessionId ?? (await freshId(sql, clues.reference)),
    unsolicited: { accountId: card.accountId, evseId, tokenUid: card.uid },
  }
}

const cardShown = async (sql: Sql, { tokenUid }: Clues): Promise<CardStanding | undefined> =>
  tokenUid === undefined ? undefined : cardStanding(sql, tokenUid)

/** The reference given with the card's authorization, unless it is taken: a peer may not name another's session. */
async function freshId(sql: Sql, reference: string | undefined): Promise<string> {
  const named = sessionIdOf(reference)
  const isFree = named !== undefined && (await getSession(sql, 'all', named)) === undefined
  return isFree ? named : newId('session')
}

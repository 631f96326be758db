// Whose session a start belongs to, decided once for every protocol, and told to its workflow.
import type { Sql, Tx } from '@chargelane/db'
import { type CardStanding, cardStanding } from '@chargelane/db/queries/chargers/cards'
import { grantOf } from '@chargelane/db/queries/roaming/token-authorizations'
import { type OwnerFacts, ownerFacts } from '@chargelane/db/queries/sessions/owners'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import type { SupplyNews } from '@chargelane/db/queries/sessions/supply-sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { isSoldTo } from '../quote/at-charger.ts'
import type { Clues, Start, TakenStart } from './words.ts'

/** A start the driver made at the charger with a card: what the session is opened from. */
type Unsolicited = { accountId: string; evseId: string; tokenUid: string; isOffline?: true }

export type Owner = { sessionId: string; unsolicited?: Unsolicited }
export type Nobody = TakenStart & { kind: 'nobodys' }

export async function takeStart(tx: Tx, start: Start): Promise<TakenStart> {
  const owner = await ownerOf(tx, start)
  if ('kind' in owner) return owner
  const { sessionId, unsolicited } = owner
  const { asksLeave, hasFlowed = false, card, at } = start
  // Before any energy flows the charger hears whether it is sold; afterwards it flowed, whoever pays.
  if (asksLeave && !hasFlowed && card != null && unsolicited !== undefined)
    if (!(await isSoldTo(tx, card, { evseId: unsolicited.evseId, at })))
      return { kind: 'nobodys', because: 'not_sold', card }
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
      const { supplyRef } = clues
      return {
        dedupeKey: `${sessionId}:invalid:${supplyRef.toLowerCase()}`,
        event: { kind: 'declared_invalid', at, supplyRef },
      }
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

/**
 * A session of ours, or a card that we allowed at an EVSE we know, or nobody's (failures F04). A charger's credential
 * without a command of ours is a card: our own node knows its commands itself.
 */
export async function ownerOf(
  sql: Sql,
  start: Pick<Start, 'channel' | 'asksLeave' | 'hasFlowed' | 'card' | 'at'> & { clues: Clues },
): Promise<Owner | Nobody> {
  const { channel, clues, asksLeave } = start
  if (clues.sessionId !== undefined) return { sessionId: clues.sessionId }
  const facts = asksLeave ? undefined : await ownerFacts(sql, channel, clues)
  const known = facts && sessionOf(facts)
  if (known?.isOpened === true) return { sessionId: known.sessionId }
  const card = start.card === undefined ? await cardShown(sql, clues) : (start.card ?? undefined)
  const { place } = clues
  const evseId = place !== undefined && 'evseId' in place ? place.evseId : facts?.evse?.evseId
  const nobodys = (because: Nobody['because']): Nobody => ({ kind: 'nobodys', because, card })
  if (card === undefined) return known ?? nobodys('token_unknown')
  if (card.blocked) return nobodys('token_blocked')
  if (asksLeave && start.hasFlowed !== true && !card.mayCharge) return nobodys('token_refused')
  if (evseId === undefined) return known ?? nobodys('evse_unknown')
  const sessionId =
    known?.sessionId ?? (asksLeave ? newId('session') : await allowedId(sql, start, card))
  if (sessionId === undefined) return nobodys('token_not_allowed')
  const { accountId, uid: tokenUid } = card
  const wasUnasked = asksLeave && start.hasFlowed === true
  const unsolicited = {
    accountId,
    evseId,
    tokenUid,
    ...(wasUnasked && { isOffline: true as const }),
  }
  return { sessionId, unsolicited }
}

const cardShown = async (sql: Sql, { tokenUid }: Clues): Promise<CardStanding | undefined> =>
  tokenUid === undefined ? undefined : cardStanding(sql, tokenUid)

/** Energy that a CPO gave a card is a session of ours only where the CPO had asked and we had allowed it. */
const allowedId = (
  sql: Sql,
  { channel, clues, at }: Pick<Start, 'channel' | 'at'> & { clues: Clues },
  { uid: tokenUid }: CardStanding,
): Promise<string | undefined> =>
  grantOf(sql, {
    connectionId: channel.id,
    tokenUid,
    reference: clues.reference,
    supplyRef: clues.supplyRef,
    startedAt: clues.startedAt,
    receivedAt: at,
  })

// Whose session a start belongs to, decided once for every protocol, and told to its workflow.
import type { Tx } from '@chargelane/db'
import { cardStanding } from '@chargelane/db/queries/chargers/chargers'
import {
  evseFacts,
  evseNamed,
  sessionIdOf,
  sessionLinked,
  sessionNamed,
} from '@chargelane/db/queries/sessions/owners'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Channel, Clues, Place, Start, TakenStart } from './words.ts'

/** A start the driver made at the charger with a card: what the session is opened from. */
type Unsolicited = { accountId: string; evseId: string; tokenUid: string }

export type Owner = { sessionId: string; unsolicited?: Unsolicited }
export type Nobody = TakenStart & { kind: 'nobodys' }

export async function takeStart(tx: Tx, start: Start): Promise<TakenStart> {
  const owner = await ownerOf(tx, start)
  if ('kind' in owner) return owner
  const { sessionId, unsolicited } = owner
  const isNews = await tellStage(tx, start, owner)
  if (!isNews) return { kind: 'again', sessionId }
  return { kind: unsolicited === undefined ? 'started' : 'adopted', sessionId }
}

/** Each stage is told once, under a name that no protocol chooses. */
async function tellStage(
  tx: Tx,
  start: Start,
  { sessionId, unsolicited }: Owner,
): Promise<boolean> {
  const { at, clues, stage = 'charging' } = start
  switch (stage) {
    case 'booked':
      return true
    case 'plug_awaited':
      // Nobody waits for the plug of a session that began at the charger.
      if (unsolicited !== undefined) return true
      return recordSupplyEvent(tx, sessionId, `${sessionId}:plug`, { kind: 'plug_awaited', at })
    case 'failed':
      if (unsolicited !== undefined) return true
      return recordSupplyEvent(tx, sessionId, `${sessionId}:failed`, {
        kind: 'start_result',
        at,
        result: 'rejected',
        reason: 'unknown',
        detail: 'the CPO declared the session invalid',
      })
    case 'charging':
      return recordSupplyEvent(tx, sessionId, `${sessionId}:started`, {
        kind: 'charging_started',
        at,
        startedAt: clues.startedAt,
        supplyRef: clues.supplyRef,
        ...(unsolicited === undefined ? {} : { unsolicited }),
      })
  }
}

/** Which EVSE of ours a place is, and in which zone it stands. */
export async function evseAt(
  tx: Tx,
  channel: Channel,
  place: Place | undefined,
): Promise<{ evseId: string; timeZone: string } | undefined> {
  if (place === undefined) return undefined
  if (!('evseId' in place)) return evseNamed(tx, channel.id, place)
  const facts = await evseFacts(tx, place.evseId)
  return facts && { evseId: place.evseId, timeZone: facts.timeZone }
}

/** The session of ours that clues lead to, whoever started it. A row that is not there yet is named all the same. */
export async function sessionOf(
  tx: Tx,
  channel: Channel,
  clues: Clues,
): Promise<{ sessionId: string; isOpened: boolean } | undefined> {
  if (clues.sessionId !== undefined) return { sessionId: clues.sessionId, isOpened: true }
  const { supplyRef } = clues
  const linked = supplyRef === undefined ? undefined : await sessionLinked(tx, channel, supplyRef)
  if (linked?.isOpened === true) return linked
  const evse = await evseAt(tx, channel, clues.place)
  const named = await sessionNamed(tx, channel.id, { ...clues, evseId: evse?.evseId })
  if (named !== undefined) return { sessionId: named.id, isOpened: true }
  return linked
}

/** A session of ours, or a card we know at an EVSE we know, or nobody's (failures F04). */
export async function ownerOf(
  tx: Tx,
  { channel, clues, asksLeave }: Pick<Start, 'channel' | 'clues' | 'asksLeave'>,
): Promise<Owner | Nobody> {
  // A charger's credential without a command of ours is a card: our own node knows its commands itself.
  const known =
    asksLeave && clues.sessionId === undefined ? undefined : await sessionOf(tx, channel, clues)
  if (known?.isOpened === true) return { sessionId: known.sessionId }
  const card = clues.tokenUid === undefined ? undefined : await cardStanding(tx, clues.tokenUid)
  const evse = card === undefined ? undefined : await evseAt(tx, channel, clues.place)
  if (card === undefined || evse === undefined) {
    if (known !== undefined) return { sessionId: known.sessionId }
    return { kind: 'nobodys', because: card === undefined ? 'token_unknown' : 'evse_unknown' }
  }
  if (asksLeave && !card.mayCharge)
    return { kind: 'nobodys', because: card.blocked ? 'token_blocked' : 'token_refused' }
  return {
    sessionId: known?.sessionId ?? (await freshId(tx, clues.reference)),
    unsolicited: { accountId: card.accountId, evseId: evse.evseId, tokenUid: card.uid },
  }
}

/** The reference given with the card's authorization, unless it is taken: a peer may not name another's session. */
async function freshId(tx: Tx, reference: string | undefined): Promise<string> {
  const named = sessionIdOf(reference)
  const isFree = named !== undefined && (await getSession(tx, 'all', named)) === undefined
  return isFree ? named : newId('session')
}

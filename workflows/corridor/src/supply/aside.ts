// What supply tells and nobody here asked for: never billed, never dropped. Each is an incident with its energy and money,
// and its CPO hears of it.
import type { Sql } from '@chargelane/db'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import type { IncidentKind } from '@chargelane/openapi/vocabulary/incidents'
import { energyAtStake } from '../record/aside.ts'
import type { Nobody } from './start.ts'
import type { Channel, PeerSession, PushedSession } from './words.ts'

type Why = { kind: IncidentKind; cause: string }

const whys: Record<Nobody['because'], Why> = {
  token_unknown: {
    kind: 'start_refused_at_charger',
    cause: 'energy was given to a credential that is none of ours',
  },
  token_blocked: {
    kind: 'start_refused_at_charger',
    cause: 'energy was given to a blocked card',
  },
  token_refused: {
    kind: 'start_refused_at_charger',
    cause: 'energy was given to a card that may not charge',
  },
  token_not_allowed: {
    kind: 'start_refused_at_charger',
    cause: 'energy was given to a card of ours without our leave: it has to be asked for each time',
  },
  not_sold: {
    kind: 'start_refused_at_charger',
    cause: 'energy was given at an EVSE that sells nothing to this card',
  },
  evse_unknown: { kind: 'unknown_place', cause: 'energy was given at an EVSE that we do not hold' },
}

/** What a CPO's session that is none of ours goes by. */
export const supplySessionName = (
  { id, countryCode, partyId }: Pick<Channel, 'id' | 'countryCode' | 'partyId'>,
  supplyRef: string,
): string => `${id}:${countryCode}*${partyId}:${supplyRef.toLowerCase()}`

/** It was put aside as nobody's, and is a session of ours after all. */
export async function settleCharge(
  tx: Sql,
  { channel, supplyRef, at }: PushedSession,
  sessionId: string,
): Promise<void> {
  const subject = { type: 'supply_session', id: supplySessionName(channel, supplyRef) } as const
  const kinds = ['start_refused_at_charger', 'unknown_place'] as const
  await settleIncidents(tx, { kinds, subject }, { cause: `It belongs to ${sessionId}.`, at })
}

/** A charge of nobody's, as its CPO's session object tells it; seen again with each object that follows. */
export async function putChargeAside(
  tx: Sql,
  { channel, at }: { channel: Channel; at: string },
  { clues, readings, endedAt }: PeerSession,
  { because, card }: Nobody,
): Promise<void> {
  const { kind, cause } = whys[because]
  const energyWh = readings.findLast(({ registerWh }) => registerWh !== undefined)?.registerWh
  await openIncident(tx, {
    kind,
    subject: { type: 'supply_session', id: supplySessionName(channel, clues.supplyRef) },
    accountId: channel.cpoId,
    cause,
    detail: {
      because,
      session: clues.supplyRef,
      reference: clues.reference ?? null,
      place: clues.place ?? null,
      started_at: clues.startedAt,
      ended_at: endedAt ?? null,
      energy_wh: energyWh ?? null,
      card_account: card?.accountId ?? null,
    },
    ...energyAtStake(energyWh),
    actions: [],
    at,
  })
}

export const causeOf = (because: Nobody['because']): string => whys[because].cause

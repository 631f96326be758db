// What a connection brings of a party that is not granted to its account: nothing of it is taken or sold, and the account
// and the platform hear of it. Each charge is named with its energy and money, everything else of a party once.
import type { Sql } from '@chargelane/db'
import { type NewIncident, openIncident } from '@chargelane/db/queries/operations/incidents'
import { claimOf, type PartyName } from '@chargelane/db/queries/partners/parties'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { energyAtStake } from '../record/aside.ts'
import { supplySessionName } from './aside.ts'
import type { Channel } from './words.ts'

/** A charge as a session object or a record tells it. */
export type StrangersCharge = {
  /** What the CPO calls the session. */
  supplyRef: string
  record?: string | undefined
  startedAt: string | undefined
  endedAt: string | undefined
  /** Wh as a decimal. */
  energyWh: string | undefined
  asked?: Money | undefined
}

/** The connection as this party: its own or one granted to its account. Undefined where it is neither. */
export async function channelOfParty<Of extends Channel>(
  sql: Sql,
  channel: Of,
  named: PartyName,
): Promise<Of | undefined> {
  const party = {
    countryCode: named.countryCode.toUpperCase(),
    partyId: named.partyId.toUpperCase(),
  }
  if (party.countryCode === channel.countryCode && party.partyId === channel.partyId) return channel
  const claim = await claimOf(sql, channel.cpoId, party)
  return claim?.status === 'verified' ? { ...channel, ...party } : undefined
}

/** Puts what came of a party that is not granted aside, as one incident a party or, with a `charge`, one a charge. */
export async function putPartyAside(
  tx: Sql,
  channel: Channel,
  named: PartyName,
  { charge, at }: { charge: StrangersCharge | undefined; at: string },
): Promise<void> {
  const countryCode = named.countryCode.toUpperCase()
  const partyId = named.partyId.toUpperCase()
  const party = `${countryCode}*${partyId}`
  const seen = {
    kind: 'party_not_granted',
    accountId: channel.cpoId,
    actions: [],
    at,
  } as const satisfies Partial<NewIncident>
  if (charge === undefined) {
    await openIncident(tx, {
      ...seen,
      subject: { type: 'party', id: `${channel.id}:${party}` },
      cause: `objects of ${party} came over a connection whose account it is not granted to`,
      detail: { connection: channel.id, party },
    })
    return
  }
  const { supplyRef, record, startedAt, endedAt, energyWh, asked } = charge
  await openIncident(tx, {
    ...seen,
    subject: {
      type: 'supply_session',
      id: supplySessionName({ id: channel.id, countryCode, partyId }, supplyRef),
    },
    cause: `energy was given by ${party}, which is not granted to the account of the connection`,
    detail: {
      connection: channel.id,
      party,
      session: supplyRef,
      record: record ?? null,
      started_at: startedAt ?? null,
      ended_at: endedAt ?? null,
      energy_wh: energyWh ?? null,
    },
    ...energyAtStake(energyWh),
    ...(asked === undefined ? {} : { atStake: asked }),
  })
}

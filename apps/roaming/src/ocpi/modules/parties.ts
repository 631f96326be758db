// Whose objects a connection may bring: those of its own party, and of every party granted to its account, as a hub's are.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  channelOfParty,
  putPartyAside,
  type StrangersCharge,
} from '@chargelane/corridor/supply/inbox'
import { compareExact, exact, exactOf, format, times, zero } from '@chargelane/rules/exact'
import { fromDecimal, isKnownCurrency } from '@chargelane/rules/money'
import type { Party } from '../../link/client.ts'
import { type OcpiContext, type Roaming } from '../../link/server.ts'
import { unknownObject } from '../../link/status.ts'
import type { Named, RecordRead, SessionRead } from '../edition.ts'

const isParty = ({ countryCode, partyId }: Party): boolean =>
  /^[a-z]{2}$/i.test(countryCode) && /^[a-z0-9]{3}$/i.test(partyId)

/** Whose object a URL names. */
export const partyOfPath = (context: OcpiContext): Party => ({
  countryCode: context.req.param('country_code') ?? '',
  partyId: context.req.param('party_id') ?? '',
})

/** Another party's object is as unknown as its party (security fact 28). Throws `OcpiRefusal` 2003. */
export async function requireParty(
  { db }: Roaming,
  connection: ConnectionRow,
  party: Party,
): Promise<ConnectionRow> {
  const channel = isParty(party) ? await channelOfParty(db, connection, party) : undefined
  if (channel === undefined) throw unknownObject('the party')
  return channel
}

/** For reading: nothing is put aside. */
export const readAsParty = (roaming: Roaming, context: OcpiContext): Promise<ConnectionRow> =>
  requireParty(roaming, context.get('caller').connection, partyOfPath(context))

/** The caller's connection as the party of the URL. One that is not granted is put aside, with its `charge`, and refused. */
export const writeAsParty = (
  roaming: Roaming,
  context: OcpiContext,
  charge?: () => StrangersCharge,
): Promise<ConnectionRow> =>
  takenAs(roaming, context.get('caller').connection, partyOfPath(context), charge)

/** As `requireParty`; what is refused is put aside. */
export async function takenAs(
  roaming: Roaming,
  connection: ConnectionRow,
  party: Party,
  charge?: () => StrangersCharge,
): Promise<ConnectionRow> {
  const { db, now } = roaming
  try {
    return await requireParty(roaming, connection, party)
  } catch (error) {
    const at = now().toISOString()
    if (isParty(party)) await putPartyAside(db, connection, party, { charge: charge?.(), at })
    throw error
  }
}

export const partyNamed = (named: Named): Party => ({
  countryCode: named.country_code,
  partyId: named.party_id,
})

export const chargeOfSession = ({ named, told }: SessionRead): StrangersCharge => ({
  supplyRef: named.id,
  startedAt: told.clues.startedAt,
  endedAt: told.endedAt,
  energyWh: told.readings.findLast(({ registerWh }) => registerWh !== undefined)?.registerWh,
})

export function chargeOfRecord({ named, told }: RecordRead): StrangersCharge {
  const { claim, usage, clues } = told
  const total = claim.total_incl_vat ?? claim.total_excl_vat
  const isMoney =
    total !== null && isKnownCurrency(claim.currency) && compareExact(exact(total), zero) > 0
  return {
    supplyRef: clues.supplyRef ?? named.id,
    record: named.id,
    startedAt: usage.started_at,
    endedAt: usage.ended_at,
    energyWh: format(times(exact(claim.total_energy_kwh), exactOf(1_000))),
    asked: isMoney ? fromDecimal(total, claim.currency) : undefined,
  }
}

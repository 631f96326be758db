// What one edition of OCPI is to the modules: its objects read into the house's words, and nothing else of it is known.
import type { PeerRecord, PeerSession, PublishedTariff } from '@chargelane/corridor/supply/inbox'
import type { NewMessage } from '@chargelane/db/queries/chargers/frames'
import type { LocationInput } from '@chargelane/db/queries/locations/locations'

export type OcpiObject = Record<string, unknown>

const protocols = [
  'ocpi2.1.1',
  'ocpi2.2.1',
  'ocpi2.3.0',
] as const satisfies NewMessage['protocol'][]

/** What a kept message was written in; plain `ocpi` while no edition is agreed. */
export const protocolOf = (version: string | null): NewMessage['protocol'] =>
  protocols.find((name) => name === `ocpi${version}`) ?? 'ocpi'

/** Whose object it is, and how its owner calls it. */
export type Named = { country_code: string; party_id: string; id: string }

/** A record, all but who sent it and when. */
export type RecordTold = Omit<PeerRecord, 'kind' | 'channel' | 'object' | 'text' | 'at'>

/** Each reader throws a `ZodError` or an `OcpiRefusal` 2001 that names the field at fault. */
export type Edition = {
  /** As the versions module names it, and as it stands in every path. */
  version: PublishedTariff['edition']
  location: (object: OcpiObject) => { named: Named; input: LocationInput }
  /** The id of a part of a location. */
  evseUid: (object: OcpiObject) => string
  connectorId: (object: OcpiObject) => string
  tariff: (object: OcpiObject) => { named: Named; object: OcpiObject }
  session: (object: OcpiObject) => SessionRead
  record: (object: OcpiObject) => { named: Named; told: RecordTold }
}

/** Registers start at zero when the session does: OCPI states the energy so far. */
export type SessionRead = { named: Named; told: PeerSession }

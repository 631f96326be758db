// What one edition of OCPI is to the modules: its objects read into the house's words, and nothing else of it is known.
import type { PeerRecord, PeerSession, PublishedTariff } from '@chargelane/corridor/supply/inbox'
import type { TokenRow } from '@chargelane/db/queries/roaming/ocpi'
import type { NewMessage } from '@chargelane/db/queries/chargers/frames'
import type { EvseStatus, LocationInput } from '@chargelane/db/queries/locations/locations'
import type { Party } from '../link/client.ts'

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

/** A credential of ours, as it is named to a CPO. */
export type OurToken = {
  party: Party
  uid: string
  type: TokenRow['type']
  contractId: string
  issuer: string
  isValid: boolean
  updatedAt: string
}

export type OurCredentials = { token: string; url: string; businessName: string; party: Party }

/** An interface of a side, by module and role. */
export type Endpoint = { identifier: string; role: string; url: string }

/** What a peer gives us to call it by, and for whom it speaks. */
export type PeerCredentials = {
  token: string
  url: string
  roles: ({ role: string } & Party)[]
}

export type PlaceNamed = { locationId: string; evseUids: readonly string[] }

/** Our answer to whether a token may charge. */
export type Leave = {
  allowed: 'ALLOWED' | 'BLOCKED' | 'EXPIRED' | 'NO_CREDIT'
  token: OurToken
  place: PlaceNamed | undefined
  reference: string | undefined
}

export type StartOrder = {
  responseUrl: string
  token: OurToken
  locationId: string
  evseUid: string
  /** Only where the EVSE asks for one. */
  connectorId: string | undefined
  reference: string
}
export type StopOrder = { responseUrl: string; supplyRef: string }
export type UnlockOrder = {
  responseUrl: string
  locationId: string
  evseUid: string
  connectorId: string
}

/** What became of a command; `text` is for people. */
export type CommandResult = { result: string; text: string }

/**
 * Each reader throws a `ZodError` or an `OcpiRefusal` 2001 that names the field at fault. `owner` is whose the object is
 * where it does not say so itself: the party of the URL, or of the connection that it was pulled over.
 */
export type Edition = {
  /** As the versions module names it, and as it stands in every path. */
  version: PublishedTariff['edition']
  location: (object: OcpiObject, owner: Party) => { named: Named; input: LocationInput }
  /** A PATCH with its date; `at` is when it was received, for an edition that asks for none. */
  patch: (patch: OcpiObject, at: string) => OcpiObject
  /** The new state of an EVSE and its date, from a change that holds nothing else. */
  evseStatus: (change: OcpiObject) => { status: EvseStatus; at: string } | undefined
  /** The id of a part of a location. */
  evseUid: (object: OcpiObject) => string
  connectorId: (object: OcpiObject) => string
  tariff: (object: OcpiObject, owner: Party) => TariffRead
  session: (object: OcpiObject, owner: Party) => SessionRead
  record: (object: OcpiObject, owner: Party) => RecordRead
  credentials: (object: unknown) => PeerCredentials
  /** One of our interfaces, as the version details name it. */
  endpoint: (endpoint: Endpoint) => object
  /** The place a token is shown at; undefined when the body says none. */
  place: (object: unknown) => PlaceNamed | undefined
  commandAnswer: (object: unknown) => CommandResult & { timeoutS: number }
  commandResult: (object: unknown) => CommandResult
  /** What we send, exactly as the specification names it. */
  write: {
    credentials: (ours: OurCredentials) => object
    token: (token: OurToken) => object
    leave: (leave: Leave) => object
    start: (order: StartOrder) => object
    stop: (order: StopOrder) => object
    unlock: (order: UnlockOrder) => object
  }
}

/** As it is kept, in the edition's own words. */
export type TariffRead = { named: Named; object: OcpiObject }

/** `object` is what was received. */
export type RecordRead = { named: Named; told: RecordTold; object: OcpiObject }

/** Registers start at zero when the session does: OCPI states the energy so far. */
export type SessionRead = { named: Named; told: PeerSession }

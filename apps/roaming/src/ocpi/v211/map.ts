// OCPI 2.1.1 in the house's words: its objects are told in those of 2.2.1, which are then read as that edition's. They
// name no party, say where in whole locations, and know no reference of a start.
import { endNamed } from '@chargelane/rules/record/ocpi'
import type { Party } from '../../link/client.ts'
import type {
  Edition,
  Leave,
  OcpiObject,
  OurCredentials,
  OurToken,
  StartOrder,
} from '../edition.ts'
import { zObject } from '../wire.ts'
import { v221 } from '../v221/map.ts'
import {
  zAuthorizationInfoOut,
  zCredentialsOut,
  zPlaceIn,
  zStartSessionOut,
  zTokenOut,
} from './wire.ts'

// ── Objects of a CPO ────────────────────────────────────────────────────────────────────────────────────────────

const owned = (object: OcpiObject, { countryCode, partyId }: Party): OcpiObject => ({
  ...object,
  country_code: countryCode,
  party_id: partyId,
})

/** The parts of an object, each changed; what is no list of objects is left for its reader to refuse. */
const each = (parts: unknown, change: (part: OcpiObject) => OcpiObject): unknown =>
  Array.isArray(parts)
    ? parts.map((part: unknown) => {
        const read = zObject.safeParse(part)
        return read.success ? change(read.data) : part
      })
    : parts

/** A plug has one tariff, and no power of its own. */
function connectorTold({ voltage, amperage, tariff_id: tariff, ...rest }: OcpiObject): OcpiObject {
  return {
    max_voltage: voltage,
    max_amperage: amperage,
    ...(tariff === undefined ? {} : { tariff_ids: [tariff] }),
    ...rest,
  }
}

const evseTold = (evse: OcpiObject): OcpiObject => ({
  ...evse,
  connectors: each(evse['connectors'], connectorTold),
})

const locationTold = (location: OcpiObject, owner: Party): OcpiObject => ({
  ...owned(location, owner),
  evses: each(location['evses'], evseTold),
})

function placeTold(location: unknown) {
  const place = zPlaceIn.parse(location)
  const evse = place?.evses?.[0]
  return { locationId: place?.id, evse, connectorId: evse?.connectors?.[0]?.id }
}

/** `auth_id` is the uid that our tokens are named by: nothing else leads from a session to its start. */
const tokenTold = (authId: unknown) => (authId === undefined ? {} : { cdr_token: { uid: authId } })

function sessionTold(session: OcpiObject, owner: Party): OcpiObject {
  const { start_datetime: start, end_datetime: end, auth_id: authId, location, ...rest } = session
  const { locationId, evse, connectorId } = placeTold(location)
  return owned(
    {
      start_date_time: start,
      end_date_time: end,
      ...tokenTold(authId),
      location_id: locationId,
      evse_uid: evse?.uid,
      connector_id: connectorId,
      ...rest,
    },
    owner,
  )
}

function recordTold(record: OcpiObject, owner: Party): OcpiObject {
  const { auth_id: authId, location, ...rest } = zObject.parse(endNamed(record))
  const { locationId, evse } = placeTold(location)
  return owned(
    {
      ...tokenTold(authId),
      cdr_location: { id: locationId, evse_uid: evse?.uid, evse_id: evse?.evse_id },
      ...rest,
    },
    owner,
  )
}

// ── What we send ────────────────────────────────────────────────────────────────────────────────────────────────

const credentialsOut = ({ token, url, businessName, party }: OurCredentials) =>
  zCredentialsOut.parse({
    token,
    url,
    business_details: { name: businessName },
    country_code: party.countryCode,
    party_id: party.partyId,
  })

const tokenOut = ({ uid, type, issuer, isValid, updatedAt }: OurToken) =>
  zTokenOut.parse({
    uid,
    type: type === 'RFID' ? 'RFID' : 'OTHER',
    auth_id: uid,
    issuer,
    valid: isValid,
    // Each start is asked for, because the payer must be good at that moment.
    whitelist: 'NEVER',
    last_updated: updatedAt,
  })

const leaveOut = ({ allowed, place }: Leave) =>
  zAuthorizationInfoOut.parse({
    allowed,
    ...(place && { location: { location_id: place.locationId, evse_uids: place.evseUids } }),
  })

const startOut = ({ responseUrl, token, locationId, evseUid }: StartOrder) =>
  zStartSessionOut.parse({
    response_url: responseUrl,
    token: tokenOut(token),
    location_id: locationId,
    evse_uid: evseUid,
  })

// ── The edition ─────────────────────────────────────────────────────────────────────────────────────────────────

export const v211: Edition = {
  ...v221,
  version: '2.1.1',
  location(object, owner) {
    const { named, input } = v221.location(locationTold(object, owner), owner)
    return { named, input: { ...input, raw: object } }
  },
  /** A PATCH need not say when: it is of when it came. */
  patch: (patch, at) =>
    patch['last_updated'] === undefined ? { ...patch, last_updated: at } : v221.patch(patch, at),
  evseUid: (evse) => v221.evseUid(evseTold(evse)),
  connectorId: (connector) => v221.connectorId(connectorTold(connector)),
  tariff: (object, owner) => v221.tariff(owned(object, owner), owner),
  session(object, owner) {
    const { named, told } = v221.session(sessionTold(object, owner), owner)
    return { named, told: { ...told, object } }
  },
  record(object, owner) {
    const { named, told } = v221.record(recordTold(object, owner), owner)
    return { named, told, object }
  },
  /** Roles came with 2.2. */
  endpoint: ({ identifier, url }) => ({ identifier, url }),
  write: {
    ...v221.write,
    credentials: credentialsOut,
    token: tokenOut,
    leave: leaveOut,
    start: startOut,
  },
}

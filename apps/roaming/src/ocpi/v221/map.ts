// From OCPI's words to ours and back, once.
import { shownText } from '@chargelane/openapi/vocabulary/text'
import type {
  ConnectorInput,
  EvseInput,
  EvseStatus,
  LocationInput,
} from '@chargelane/db/queries/locations/locations'
import type { PeerSession, Reading } from '@chargelane/corridor/supply/inbox'
import { compareExact, exact, exactOf, format, times } from '@chargelane/rules/exact'
import type { z } from 'zod'
import { countryOf } from '../countries.ts'
import { invalid } from '../../link/status.ts'
import type {
  CommandResult,
  Edition,
  Leave,
  OcpiObject,
  OurCredentials,
  OurToken,
  PeerCredentials,
  PlaceNamed,
  RecordTold,
  StartOrder,
  StopOrder,
  UnlockOrder,
} from '../edition.ts'
import { instantOf, readRecord } from '@chargelane/rules/record/ocpi'
import {
  zAuthorizationInfoOut,
  zCdrIn,
  zCommandResponseIn,
  zCommandResultIn,
  zConnectorIn,
  zCredentialsIn,
  zCredentialsOut,
  type zDisplayTextsIn,
  zEvseIn,
  zEvseStatusIn,
  zLocationIn,
  zLocationReferencesIn,
  zSessionIn,
  zStartSessionOut,
  zStopSessionOut,
  zUnlockConnectorOut,
  zTariffIn,
  zTokenOut,
} from './wire.ts'
import type { OcpiCdr, OcpiConnector, OcpiEvse, OcpiLocation, OcpiSession } from './wire.ts'

const statuses: Record<string, EvseStatus> = {
  AVAILABLE: 'AVAILABLE',
  BLOCKED: 'BLOCKED',
  CHARGING: 'CHARGING',
  INOPERATIVE: 'INOPERATIVE',
  OUTOFORDER: 'OUTOFORDER',
  PLANNED: 'PLANNED',
  REMOVED: 'REMOVED',
  RESERVED: 'RESERVED',
  // Not of the specification, but sent: char.gy and others.
  FREE: 'AVAILABLE',
  WORKING: 'AVAILABLE',
  OCCUPIED: 'CHARGING',
  FAULTED: 'OUTOFORDER',
  OUT_OF_ORDER: 'OUTOFORDER',
}

/**
 * A location for our rows; `raw` is the object as received. Throws `OcpiRefusal` 2001 for a country we cannot place.
 * One that must not be published (OCPI 2.2.1 §8.3.1 `publish`) is kept without its EVSEs: nothing of it is sold.
 */
function locationInput(location: OcpiLocation, raw: unknown): LocationInput {
  const country = countryOf(location.country)
  if (country === undefined) {
    throw invalid(`country: ${location.country} is not an ISO 3166-1 alpha-3 code`)
  }
  const { latitude, longitude } = location.coordinates
  return {
    countryCode: location.country_code,
    partyId: location.party_id,
    ocpiId: location.id,
    // The words of the counterparty are shown to drivers and printed: nothing unseen stands in them.
    name: shownText(location.name ?? '') || null,
    address: shownText(location.address),
    city: shownText(location.city),
    postalCode: location.postal_code ?? null,
    country: country.alpha2,
    latitude,
    longitude,
    timeZone: zoneOf(location.time_zone) ?? country.timeZone,
    lastUpdated: location.last_updated,
    raw,
    evses: location['publish'] === false ? [] : location.evses.map(evseInput),
  }
}

function evseInput(evse: OcpiEvse): EvseInput {
  return {
    ocpiUid: evse.uid,
    evseId: evse.evse_id ?? null,
    status: evseStatus(evse.status),
    capabilities: evse.capabilities,
    lastUpdated: evse.last_updated,
    connectors: evse.connectors.map(connectorInput),
  }
}

const evseStatus = (word: string): EvseStatus => statuses[word] ?? 'UNKNOWN'

function connectorInput(connector: OcpiConnector): ConnectorInput {
  return {
    ocpiId: connector.id,
    standard: connector.standard,
    format: connector.format,
    powerType: connector.power_type,
    maxVoltage: connector.max_voltage,
    maxAmperage: connector.max_amperage,
    maxPowerW: connector.max_electric_power ?? powerOf(connector),
    tariffIds: connector.tariff_ids,
    lastUpdated: connector.last_updated,
  }
}

/** §8.4.21: the voltage of a three-phase connector is line to neutral. */
function powerOf({ power_type, max_voltage, max_amperage }: OcpiConnector): number {
  const phases = power_type === 'AC_3_PHASE' ? 3 : power_type.startsWith('AC_2_PHASE') ? 2 : 1
  return phases * max_voltage * max_amperage
}

function zoneOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** §4.1.3: a PATCH without a readable date cannot be told from an old one, and is refused rather than dropped. */
function requireLastUpdated(patch: OcpiObject): OcpiObject {
  const { last_updated: text } = patch
  if (typeof text === 'string' && instantOf(text) !== undefined) return patch
  throw invalid('last_updated: a PATCH must carry it, as an RFC 3339 date and time in UTC')
}

// ── Sessions ────────────────────────────────────────────────────────────────────────────────────

const energyWh = (kwh: string) => format(times(exact(kwh), exactOf(1_000)), 12)

function sessionTold(session: OcpiSession): Omit<PeerSession, 'object' | 'lastUpdated'> {
  const hasEnergy = compareExact(exact(session.kwh ?? '0'), exactOf(0)) > 0
  const clues = {
    reference: session.authorization_reference,
    tokenUid: session.cdr_token?.uid,
    place: { locationId: session.location_id, evseUid: session.evse_uid },
    supplyRef: session.id,
    startedAt: session.start_date_time,
  }
  const at = session.last_updated
  const end = session.end_date_time ?? at
  switch (session.status) {
    case 'ACTIVE':
      return { clues, stage: 'charging', readings: readingsOf(session, at), endedAt: undefined }
    case 'COMPLETED': {
      const readings = readingsOf(session, end, 'Transaction.End')
      return { clues, stage: 'charging', readings, endedAt: end }
    }
    case 'PENDING': {
      const stage = hasEnergy ? 'charging' : 'plug_awaited'
      return { clues, stage, readings: [], endedAt: undefined }
    }
    case 'INVALID':
      // §9.4.1: declared invalid and never billed, whatever it says of energy; for a driver who waits a start that failed.
      return { clues, stage: 'failed', readings: readingsOf(session, at), endedAt: undefined }
    case 'RESERVATION':
      return { clues, stage: 'booked', readings: [], endedAt: undefined }
    default:
      return { clues, stage: 'booked', readings: readingsOf(session, at), endedAt: undefined }
  }
}

const readingsOf = (
  session: OcpiSession,
  at: string,
  context: 'Sample.Periodic' | 'Transaction.End' = 'Sample.Periodic',
): Reading[] => [
  { at: session.start_date_time, context: 'Transaction.Begin', registerWh: '0' },
  ...standstillOf(session),
  ...(session.kwh === undefined ? [] : [{ at, context, registerWh: energyWh(session.kwh) }]),
]

/** §10.4.6 CdrDimensionType: while PARKING_TIME alone runs, nothing has flowed since its period began. */
function standstillOf({ charging_periods: periods, kwh }: OcpiSession): Reading[] {
  const last = periods.at(-1)
  const types = last?.dimensions?.map(({ type }) => type) ?? []
  if (last === undefined || kwh === undefined || !types.includes('PARKING_TIME')) return []
  if (types.some((type) => ['ENERGY', 'TIME', 'CURRENT', 'POWER'].includes(type))) return []
  return [
    {
      at: last.start_date_time,
      context: 'Interruption.Begin',
      registerWh: energyWh(kwh),
      powerW: 0,
    },
  ]
}

// ── CDRs ────────────────────────────────────────────────────────────────────────────────────────

/** A record in our words, all but who sent it and when. Throws `OcpiRefusal` 2001 naming the field at fault. */
function recordTold(cdr: OcpiCdr): RecordTold {
  // The zone is the EVSE's, which the house knows.
  const read = readRecord(cdr, 'UTC')
  if (!read.ok) throw invalid(read.message)
  const { claim, tariff, signed_values: signedValues } = read.record
  const { time_zone: _, ...usage } = read.record.usage
  const place = cdr.cdr_location
  return {
    recordId: cdr.id,
    clues: {
      reference: cdr.authorization_reference,
      tokenUid: cdr.cdr_token?.uid,
      place: { locationId: place?.id, evseUid: place?.evse_uid, evseCode: place?.evse_id },
      supplyRef: cdr.session_id,
      startedAt: cdr.start_date_time,
    },
    usage,
    claim,
    tariff,
    signedValues,
    credit: cdr.credit ? { of: cdr.credit_reference_id ?? null } : null,
  }
}

// ── Tariffs ─────────────────────────────────────────────────────────────────────────────────────

/** Peers leave the zone out of a date-time that OCPI defines as UTC (§16.4). */
function withUtcTimes(object: Record<string, unknown>): Record<string, unknown> {
  const instants = ['start_date_time', 'end_date_time', 'last_updated'].flatMap((name) => {
    const value = object[name]
    const instant = typeof value === 'string' ? instantOf(value) : undefined
    return instant === undefined ? [] : [[name, instant]]
  })
  return { ...object, ...Object.fromEntries(instants) }
}

// ── Credentials, tokens, commands ───────────────────────────────────────────────────────────────

/** A role that cannot be read is not ours; the others are. */
function peerCredentials(object: unknown): PeerCredentials {
  const { token, url, roles } = zCredentialsIn.parse(object)
  return {
    token,
    url,
    roles: roles.map(({ role, country_code: countryCode, party_id: partyId }) => ({
      role,
      countryCode,
      partyId,
    })),
  }
}

function placeNamed(object: unknown): PlaceNamed | undefined {
  const read = zLocationReferencesIn.optional().parse(object)
  return read && { locationId: read.location_id, evseUids: read.evse_uids }
}

const textOf = (message: z.infer<typeof zDisplayTextsIn>): string => {
  const first = Array.isArray(message) ? message[0] : message
  return first?.text.slice(0, 500) ?? ''
}

function commandResult(object: unknown): CommandResult {
  const { result, message } = zCommandResultIn.parse(object)
  return { result, text: textOf(message) }
}

function commandAnswer(object: unknown): ReturnType<Edition['commandAnswer']> {
  const { result, message, timeout } = zCommandResponseIn.parse(object)
  return { result, text: textOf(message), timeoutS: timeout }
}

const credentialsOut = ({ token, url, businessName, party }: OurCredentials) =>
  zCredentialsOut.parse({
    token,
    url,
    roles: [
      {
        role: 'EMSP',
        business_details: { name: businessName },
        country_code: party.countryCode,
        party_id: party.partyId,
      },
    ],
  })

const tokenOut = ({ party, uid, type, contractId, issuer, isValid, updatedAt }: OurToken) =>
  zTokenOut.parse({
    country_code: party.countryCode,
    party_id: party.partyId,
    uid,
    type,
    contract_id: contractId,
    issuer,
    valid: isValid,
    // Each start is asked for, because the payer must be good at that moment.
    whitelist: 'NEVER',
    last_updated: updatedAt,
  })

const leaveOut = ({ allowed, token, place, reference }: Leave) =>
  zAuthorizationInfoOut.parse({
    allowed,
    token: tokenOut(token),
    ...(place && { location: { location_id: place.locationId, evse_uids: place.evseUids } }),
    ...(reference === undefined ? {} : { authorization_reference: reference }),
  })

const startOut = (order: StartOrder) =>
  zStartSessionOut.parse({
    response_url: order.responseUrl,
    token: tokenOut(order.token),
    location_id: order.locationId,
    evse_uid: order.evseUid,
    ...(order.connectorId === undefined ? {} : { connector_id: order.connectorId }),
    authorization_reference: order.reference,
  })

const unlockOut = ({ responseUrl, locationId, evseUid, connectorId }: UnlockOrder) =>
  zUnlockConnectorOut.parse({
    response_url: responseUrl,
    location_id: locationId,
    evse_uid: evseUid,
    connector_id: connectorId,
  })

const stopOut = ({ responseUrl, supplyRef }: StopOrder) =>
  zStopSessionOut.parse({ response_url: responseUrl, session_id: supplyRef })

// ── The edition ─────────────────────────────────────────────────────────────────────────────────

export const v221: Edition = {
  version: '2.2.1',
  location(object) {
    const named = zLocationIn.parse(object)
    return { named, input: locationInput(named, object) }
  },
  evseStatus(change) {
    const isAlone = Object.keys(change).toSorted().join() === 'last_updated,status'
    if (!isAlone) return undefined
    const { status, last_updated: at } = zEvseStatusIn.parse(change)
    return { status: evseStatus(status), at }
  },
  patch: requireLastUpdated,
  evseUid: (object) => zEvseIn.parse(object).uid,
  connectorId: (object) => zConnectorIn.parse(object).id,
  tariff(object) {
    const named = zTariffIn.parse(object)
    return { named, object: withUtcTimes({ ...object, ...named }) }
  },
  session(object) {
    const named = zSessionIn.parse(object)
    return { named, told: { object, lastUpdated: named.last_updated, ...sessionTold(named) } }
  },
  record(object) {
    const named = zCdrIn.parse(object)
    return { named, told: recordTold(named), object }
  },
  credentials: peerCredentials,
  endpoint: (endpoint) => endpoint,
  place: placeNamed,
  commandAnswer,
  commandResult,
  write: {
    credentials: credentialsOut,
    token: tokenOut,
    leave: leaveOut,
    start: startOut,
    stop: stopOut,
    unlock: unlockOut,
  },
}

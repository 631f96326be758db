// From OCPI's words to ours, once.
import type {
  ConnectorInput,
  EvseInput,
  EvseStatus,
  LocationInput,
} from '@chargelane/db/queries/locations/locations'
import { countryOf } from '../countries.ts'
import { invalid } from '../../link/status.ts'
import type { OcpiConnector, OcpiEvse, OcpiLocation } from './wire.ts'

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
export function locationInput(location: OcpiLocation, raw: unknown): LocationInput {
  const country = countryOf(location.country)
  if (country === undefined) {
    throw invalid(`country: ${location.country} is not an ISO 3166-1 alpha-3 code`)
  }
  const { latitude, longitude } = location.coordinates
  return {
    countryCode: location.country_code,
    partyId: location.party_id,
    ocpiId: location.id,
    name: location.name ?? null,
    address: location.address,
    city: location.city,
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
    evseId: evse.evse_id ?? evse.uid,
    status: statuses[evse.status] ?? 'UNKNOWN',
    capabilities: evse.capabilities,
    lastUpdated: evse.last_updated,
    connectors: evse.connectors.map(connectorInput),
  }
}

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

import { residencyRegionOf } from '@chargelane/openapi/vocabulary/countries'
import type { LocationRow } from '../../queries/locations/locations.ts'
import type { MeterKeyRow } from '../../queries/locations/meter-keys.ts'
import type { EvseView } from '../../queries/locations/search.ts'
import type { Access, Evse, Location, MeterKey } from '@chargelane/openapi'

export const locationView = (row: LocationRow): Location => ({
  id: row.id,
  connection: row.connectionId,
  cpo: row.cpoId,
  name: row.name,
  address: row.address,
  city: row.city,
  postal_code: row.postalCode,
  country: row.country,
  residency_region: residencyRegionOf(row.country),
  position: { latitude: row.latitude, longitude: row.longitude },
  time_zone: row.timeZone,
  updated_at: row.lastUpdated,
})

const accessView = (access: EvseView['access']): Access =>
  access.kind === 'admitted'
    ? {
        allowed: true,
        reason: null,
        text: null,
        opens_at: null,
        closes_at: access.closesAt,
        ends_at_close: access.endsAtClose,
      }
    : {
        allowed: false,
        reason: access.reason,
        text: access.message,
        opens_at: access.opensAt,
        closes_at: null,
        ends_at_close: false,
      }

export const evseView = (row: EvseView): Evse => ({
  id: row.id,
  evse_id: row.evseId,
  identity: row.identity,
  status: row.status,
  status_at: row.statusAt,
  capabilities: row.capabilities,
  cpo: { id: row.cpo.id, name: row.cpo.name },
  location: {
    id: row.location.id,
    connection: row.connection.id,
    cpo: row.cpo.id,
    name: row.location.name,
    address: row.location.address,
    city: row.location.city,
    postal_code: row.location.postalCode,
    country: row.location.country,
    residency_region: residencyRegionOf(row.location.country),
    position: { latitude: row.location.latitude, longitude: row.location.longitude },
    time_zone: row.location.timeZone,
    updated_at: row.location.lastUpdated,
  },
  connectors: row.connectors.map((connector) => ({
    id: connector.id,
    standard: connector.standard,
    format: connector.format,
    power_type: connector.powerType,
    max_power_w: connector.maxPowerW,
    max_voltage: connector.maxVoltage,
    max_amperage: connector.maxAmperage,
    tariff_ids: connector.tariffIds,
  })),
  sellable: row.sellable,
  access: accessView(row.access),
  price_status: row.priced ? 'available' : 'price_unavailable',
  price_reason: row.unsold,
})

export const meterKeyView = (row: MeterKeyRow): MeterKey => ({
  evse: row.evseId,
  curve: row.curve,
  public_key: row.publicKey,
  meter_serial: row.meterSerial,
  valid_from: row.validFrom,
})

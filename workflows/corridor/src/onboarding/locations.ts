import { findConnection } from '@chargelane/db/queries/locations/connections'
import { createLocation, type LocationRow } from '@chargelane/db/queries/locations/locations'
import { findEvses } from '@chargelane/db/queries/locations/search'
import type { MeterKeyRow } from '@chargelane/db/queries/locations/meter-keys'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { isTimeZone } from '@chargelane/rules/plan'
import type { Act } from './act.ts'
import { registerMeterKey } from './meter-keys.ts'

/** A place for chargers of our own node; other operators' come over their connection. */
export async function openLocation(
  { tx, viewer, now }: Act,
  body: BodyOf<Contract['locations']['create']>,
): Promise<LocationRow> {
  const connection = await findConnection(tx, body.connection)
  if (!connection || (viewer.type !== 'platform' && connection.cpoId !== viewer.accountId))
    throw missing('connection', 'connection')
  if (connection.protocol !== 'node') {
    throw new DomainError(
      'invalid_value',
      'connection: locations of an OCPI connection come over OCPI',
      { param: 'connection' },
    )
  }
  if (!isTimeZone(body.time_zone)) {
    throw new DomainError('invalid_value', 'time_zone: is no IANA time zone', {
      param: 'time_zone',
    })
  }
  const owner = { connectionId: connection.id, cpoId: connection.cpoId }
  return createLocation(tx, owner, {
    countryCode: connection.countryCode,
    partyId: connection.partyId,
    name: body.name,
    address: body.address,
    city: body.city,
    postalCode: body.postal_code ?? null,
    country: body.country,
    latitude: body.position.latitude,
    longitude: body.position.longitude,
    timeZone: body.time_zone,
    lastUpdated: now,
  })
}

/** A key decides about another's money: it is the operator's own to register. */
export async function addMeterKey(
  { tx, viewer, now }: Act,
  evse: string,
  body: BodyOf<Contract['evses']['add_meter_key']>,
): Promise<MeterKeyRow> {
  const found = await findEvses(tx, evse, now)
  const own = found.find(({ cpo }) => viewer.type === 'platform' || cpo.id === viewer.accountId)
  if (!own) throw missing('EVSE')
  return registerMeterKey(tx, { id: own.id, cpoId: own.cpo.id }, body, { now, param: 'public_key' })
}

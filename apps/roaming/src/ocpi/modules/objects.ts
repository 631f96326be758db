// What every module asks of an object before it takes it: that it is one, and that it is the caller's own.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { type OcpiContext, readBody, type Roaming } from '../../link/server.ts'
import { invalid } from '../../link/status.ts'
import type { Named, OcpiObject } from '../edition.ts'
import { instantOf } from '@chargelane/rules/record/ocpi'
import { sameCi, unwrapSingle, zObject } from '../wire.ts'

/** The object a request brings. */
export async function readObject({ now }: Roaming, context: OcpiContext): Promise<OcpiObject> {
  const object = zObject.parse(unwrapSingle(await readBody(context)))
  requireNotAhead(object, now())
  return object
}

/** The widest that clocks and zones are apart. */
const aheadMaxMs = 24 * 3_600_000
/** What has happened when it is told. A tariff, alone or in a record, may begin and end later. */
const tariffPast = new Set(['last_updated'])
const chargePast = new Set([
  ...tariffPast,
  'start_date_time',
  'end_date_time',
  // OCPI 2.1.1 calls them so.
  'start_datetime',
  'end_datetime',
  'stop_date_time',
])

/**
 * What is told cannot have happened tomorrow: taken as told, nothing that follows would ever be newer. Throws
 * `OcpiRefusal` 2001 naming the field.
 */
export function requireNotAhead(object: OcpiObject, now: Date): void {
  const latest = new Date(now.getTime() + aheadMaxMs).toISOString()
  // Only a tariff has elements.
  const fields = 'elements' in object ? tariffPast : chargePast
  const look = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, n) => look(item, `${path}${n}.`))
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) {
        const instant = typeof member === 'string' ? instantOf(member) : undefined
        if (instant !== undefined && fields.has(name) && instant > latest)
          throw invalid(`${path}${name}: ${instant} is in the future`)
        if (name !== 'tariffs') look(member, `${path}${name}.`)
      }
  }
  look(object, '')
}

/** An object under another id than its URL says is nobody's (security fact 28). */
export function requireSameIds(connection: ConnectionRow, id: string, object: Named): void {
  if (!sameCi(object.id, id)) throw invalid(`id: ${object.id} is not the ${id} of the URL`)
  if (!sameCi(object.country_code, connection.countryCode)) {
    throw invalid(`country_code: ${object.country_code} is not that of the URL`)
  }
  if (!sameCi(object.party_id, connection.partyId)) {
    throw invalid(`party_id: ${object.party_id} is not that of the URL`)
  }
}

/** Without two dates nothing is before anything. */
export const isBefore = (a: unknown, b: unknown) =>
  typeof a === 'string' && typeof b === 'string' && (instantOf(a) ?? '') < (instantOf(b) ?? '')

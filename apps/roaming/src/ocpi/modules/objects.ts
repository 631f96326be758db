// What every module asks of an object before it takes it: that it is one, and that it is the caller's own.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { z } from 'zod'
import { type OcpiContext, readBody } from '../../link/server.ts'
import { invalid, unknownObject } from '../../link/status.ts'
import type { Named, OcpiObject } from '../edition.ts'
import { instantOf, sameCi, unwrapSingle } from '../wire.ts'

export const zObject = z.record(z.string(), z.unknown())

/** The object a request brings. */
export const readObject = async (context: OcpiContext): Promise<OcpiObject> =>
  zObject.parse(unwrapSingle(await readBody(context)))

/** Another party's object is as unknown as its party (security fact 28); a list may hold some, which are left alone. */
export function requireOwn(connection: ConnectionRow, named: Named): void {
  const isOwn =
    sameCi(named.country_code, connection.countryCode) && sameCi(named.party_id, connection.partyId)
  if (!isOwn) throw unknownObject('the party')
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

/** §4.1.3: a PATCH without a readable date cannot be told from an old one, and is refused rather than dropped. */
export function requireLastUpdated(patch: OcpiObject): void {
  const { last_updated: text } = patch
  if (typeof text === 'string' && instantOf(text) !== undefined) return
  throw invalid('last_updated: a PATCH must carry it, as an RFC 3339 date and time in UTC')
}

/** Without two dates nothing is before anything. */
export const isBefore = (a: unknown, b: unknown) =>
  typeof a === 'string' && typeof b === 'string' && (instantOf(a) ?? '') < (instantOf(b) ?? '')

import {
  type AccessRuleRow,
  countAccessRules,
  endAccessRule,
  foreignPlace,
  getAccessRule,
  insertAccessRule,
} from '@chargelane/db/queries/locations/access-rules'
import type { Tx } from '@chargelane/db'
import type { BodyOf, Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Act, Actor } from './act.ts'

/** In force at once; each quote reads those of its place. */
const rulesMax = 1_000

export async function mustSeeRule(tx: Tx, viewer: Actor, id: string): Promise<AccessRuleRow> {
  const row = await getAccessRule(tx, viewer.sees, id)
  if (!row) throw missing('access rule')
  return row
}

export async function admit(
  { tx, viewer, now }: Act,
  body: BodyOf<Contract['access_rules']['create']>,
): Promise<AccessRuleRow> {
  if (viewer.type !== 'cpo')
    throw new DomainError('insufficient_scope', 'Access to a place is its operator’s to give.')
  const cpoId = viewer.accountId
  if ((await countAccessRules(tx, cpoId)) >= rulesMax)
    throw new DomainError('limit_reached', `You have ${rulesMax} access rules.`)
  const { evses, locations, effective_from: effectiveFrom = now } = body
  const stranger = await foreignPlace(tx, cpoId, { evses, locations })
  if (stranger !== undefined)
    throw missing('place of yours', stranger.startsWith('evs_') ? 'evses' : 'locations')
  return insertAccessRule(tx, {
    cpoId,
    name: body.name,
    evses: evses ?? null,
    locations: locations ?? null,
    admits: body.admits,
    hours: body.hours,
    endAtClose: body.end_at_close,
    effectiveFrom,
    at: now,
  })
}

export async function endRule({ tx, viewer, now }: Act, id: string): Promise<AccessRuleRow> {
  await mustSeeRule(tx, viewer, id)
  const ended = await endAccessRule(tx, viewer.sees, id, now)
  if (ended === undefined) throw new DomainError('invalid_transition', `Access rule ${id} is over.`)
  return ended
}

/** Which policy shares a session, where several could: one, and always the same one. */
import { policyLevels, type PolicyLevel } from '@chargelane/openapi/vocabulary/settlement/shares'

/** Where and when a version of a policy counts. */
export type PolicyScope = {
  id: string
  version: number
  level: PolicyLevel
  /** Ids of EVSEs, sites or contracts; of a CPO's own or the platform's default policy there are none. */
  places: readonly string[]
  /** Null of the platform's default. */
  cpo: string | null
  effectiveFrom: string
  /** The end is not included; null while none is set. */
  effectiveUntil: string | null
}

export type SessionPlace = { cpo: string; evse: string; site: string; contract: string | null }

const rankOf = ({ level }: Pick<PolicyScope, 'level'>): number => policyLevels.indexOf(level)

function isAt({ level, places, cpo }: PolicyScope, session: SessionPlace): boolean {
  if (level === 'default') return true
  if (cpo !== session.cpo) return false
  if (level === 'cpo') return true
  const own = { evse: session.evse, site: session.site, contract: session.contract }[level]
  return own !== null && places.includes(own)
}

const isInForce = ({ effectiveFrom, effectiveUntil }: PolicyScope, at: string): boolean =>
  effectiveFrom <= at && (effectiveUntil === null || effectiveUntil > at)

/**
 * The most specific policy in force: EVSE before site before contract before CPO before the platform's default; of one
 * level the one that came into force last. Two of equal rank are never in force together, as activation sees to it.
 */
export function policyFor<T extends PolicyScope>(
  policies: readonly T[],
  session: SessionPlace,
  at: string,
): T | undefined {
  return policies
    .filter((policy) => isInForce(policy, at) && isAt(policy, session))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.effectiveFrom > b.effectiveFrom ? -1 : 1))[0]
}

/** Whether two versions could both be the one for a session, with nothing that puts one before the other. */
export function areOfEqualRank(a: PolicyScope, b: PolicyScope): boolean {
  if (a.id === b.id || a.level !== b.level || a.effectiveFrom !== b.effectiveFrom) return false
  if (a.level !== 'default' && a.cpo !== b.cpo) return false
  const isEmpty = [a, b].some(
    ({ effectiveFrom, effectiveUntil }) =>
      effectiveUntil !== null && effectiveUntil <= effectiveFrom,
  )
  const hasPlaces = a.level !== 'default' && a.level !== 'cpo'
  return !isEmpty && (!hasPlaces || a.places.some((place) => b.places.includes(place)))
}

/**
 * Which contract a session is made under. Of several the one that names the place most narrowly counts, then one that
 * names groups of drivers, then the one that began later.
 */
export type Contract = {
  id: string
  version: number
  name: string
  /** Places it is limited to; null means all of the operator's. */
  evses: readonly string[] | null
  locations: readonly string[] | null
  /** Null means every driver of the partner. */
  driverGroups: readonly string[] | null
  activeFrom: string
  /** The price of its sessions: a rate agreement of the same two sides. */
  rateAgreement: string | null
  /** `spl_…@3`. */
  splitPolicy: string | null
}

export type ContractPlace = { id: string; locationId: string }
type Site = 'evse' | 'location' | 'operator'

const siteOf = (contract: Contract, place: ContractPlace): Site | undefined => {
  const { evses, locations } = contract
  if (evses?.includes(place.id) === true) return 'evse'
  if (locations?.includes(place.locationId) === true) return 'location'
  return evses === null && locations === null ? 'operator' : undefined
}

const siteRank = { evse: 2, location: 1, operator: 0 } as const

export type ChosenContract = {
  contract: Contract
  /** By what it stood before the others. */
  precedence: { site: Site; drivers: 'group' | 'all'; from: string }
}

/** A tie that activation could not see, since groups change, goes to the contract that was made first. */
function isBefore(a: ChosenContract, b: ChosenContract): boolean {
  const bySite = siteRank[a.precedence.site] - siteRank[b.precedence.site]
  if (bySite !== 0) return bySite > 0
  if (a.precedence.drivers !== b.precedence.drivers) return a.precedence.drivers === 'group'
  if (a.precedence.from !== b.precedence.from) return a.precedence.from > b.precedence.from
  return a.contract.id < b.contract.id
}

export function contractFor(
  contracts: readonly Contract[],
  place: ContractPlace,
  driverGroups: readonly string[],
): ChosenContract | undefined {
  let best: ChosenContract | undefined
  for (const contract of contracts) {
    const site = siteOf(contract, place)
    const { driverGroups: groups, activeFrom: from } = contract
    if (site === undefined) continue
    if (groups !== null && !groups.some((id) => driverGroups.includes(id))) continue
    const drivers = groups === null ? 'all' : 'group'
    const found: ChosenContract = { contract, precedence: { site, drivers, from } }
    if (best === undefined || isBefore(found, best)) best = found
  }
  return best
}

const share = (a: readonly string[] | null, b: readonly string[] | null) =>
  a !== null && b !== null && a.some((each) => b.includes(each))

/** Whether two contracts would both be the first for some driver at some place. */
export function isOfEqualRank(a: Contract, b: Contract): boolean {
  if (a.activeFrom !== b.activeFrom) return false
  const bothEverywhere =
    a.evses === null && a.locations === null && b.evses === null && b.locations === null
  const meet = bothEverywhere || share(a.evses, b.evses) || share(a.locations, b.locations)
  const ofAll = a.driverGroups === null && b.driverGroups === null
  return meet && (ofAll || share(a.driverGroups, b.driverGroups))
}

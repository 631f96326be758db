/** Where personal data stays (R124). A deployment serves one region or several; today one cell may hold all of them. */
export const residencyRegions = ['eu', 'uk', 'ch', 'us'] as const
export type ResidencyRegion = (typeof residencyRegions)[number]

const countriesOf: Partial<Record<ResidencyRegion, readonly string[]>> = {
  uk: ['GB', 'GG', 'JE', 'IM', 'GI'],
  ch: ['CH', 'LI'],
  us: ['US', 'AS', 'GU', 'MP', 'PR', 'UM', 'VI'],
}

/** Of an account by its seat, of a location by its place. A country without a region of its own is under the EU's rules. */
export const residencyRegionOf = (country: string): ResidencyRegion =>
  residencyRegions.find((region) => countriesOf[region]?.includes(country)) ?? 'eu'

import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { residencyRegionOf } from '@chargelane/openapi/vocabulary/countries'
import type { Deps } from '../handler.ts'

/** What belongs to another region is not taken in here; the refusal is kept among the denied accesses (R124, failures F71). */
export function refuseOtherRegion({ residencyRegions }: Deps, country: string): void {
  const region = residencyRegionOf(country)
  if (residencyRegions.includes(region)) return
  throw new DomainError(
    'residency_violation',
    `country: ${country} is of the region ${region}; here is ${residencyRegions.join(', ')}`,
    { param: 'country', extra: { residency_region: region } },
  )
}

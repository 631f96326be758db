// A tariff within the terms of a plan or of a rate agreement.
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { canonicalTariff } from '@chargelane/rules/rating'

/** Kept in canonical form, so that it is read once and by the same rules as a public one. `place` is its field. */
export function mustBeTariff(tariff: unknown, place: string): Tariff {
  const read = canonicalTariff(tariff)
  if (read.ok) return read.tariff
  const [problem] = read.problems
  const param = [place, problem?.path ?? ''].filter(Boolean).join('.')
  throw new DomainError('invalid_value', `${param}: ${problem?.message ?? 'is no tariff'}`, {
    param,
    extra: { problems: read.problems },
  })
}

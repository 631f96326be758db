// What a record is judged against: the session's place and the price its quote locked.
import { InvariantError } from '@chargelane/rules/assert'
import type { Sql } from '@chargelane/db'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { hashTariff } from '@chargelane/rules/quote'
import type { RatingPolicy } from '@chargelane/rules/rating'

export type Terms = NonNullable<Awaited<ReturnType<typeof sessionTerms>>>

/** What the quote locked: the price may be checked only against this, whatever is public today. */
export function lockedPrice(terms: Terms): {
  tariff: Tariff
  tariffHash: string
  policy: RatingPolicy
} {
  if (terms.tariff === null || terms.tariff.canonical === null)
    throw new InvariantError(`Quote ${terms.quote.id} locks a tariff that is not there.`)
  const tariff = terms.tariff.canonical
  return {
    tariff,
    tariffHash: hashTariff(tariff),
    policy: terms.quote.body.rating_policy,
  }
}

export async function termsOf(sql: Sql, sessionId: string): Promise<Terms> {
  const terms = await sessionTerms(sql, sessionId)
  if (terms === undefined) throw new InvariantError(`No terms of ${sessionId}.`)
  return terms
}

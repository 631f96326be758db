import type { Tx } from '@chargelane/db'
import { publicPrices, tariffContents } from '@chargelane/db/queries/locations/offers'
import type { RateAgreementRow } from '@chargelane/db/queries/partners/rate-agreements'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { problemsOfActivation } from '@chargelane/rules/agreement'
import { profileFor } from '@chargelane/rules/markets'
import { connectorFacts } from '@chargelane/rules/quote/choose'

/** What the public prices in its scope and the market's rules say to an activation; throws the first objection. */
export async function checkActivation(tx: Tx, row: RateAgreementRow, now: string): Promise<void> {
  const scope = { cpoId: row.cpoId, evses: row.evses, locations: row.locations }
  const found = await publicPrices(tx, scope, now)
  const contents = new Map(
    (await tariffContents(tx, found)).map((each) => [
      `${each.id}@${each.version}`,
      each.canonical ?? undefined,
    ]),
  )
  const prices = found.flatMap((price) => {
    const tariff = contents.get(`${price.id}@${price.version}`)
    const profile = profileFor(price.country, now)
    if (tariff === undefined || profile === undefined) return []
    return [{ tariff, profile, timeZone: price.timeZone, connector: connectorFacts(price) }]
  })
  const [problem] = problemsOfActivation({
    terms: row.terms,
    justification: row.justification,
    prices,
    at: now,
  })
  if (problem === undefined) return
  const code = {
    justification_required: 'market_rule_violation',
    above_public: 'market_rule_violation',
    vat_contradicted: 'market_rule_violation',
    currency_differs: 'unsupported_currency',
    no_public_price: 'price_unavailable',
  } as const
  throw new DomainError(code[problem.code], `${problem.param}: ${problem.message}`, {
    param: problem.param,
    extra: { rule: problem.code },
  })
}

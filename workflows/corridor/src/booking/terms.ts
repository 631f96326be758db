// The terms of a sale: who takes part, who shares it by which policy and at which tax, and in which currency each is paid.
// Whatever could stop the sale is decided when its session is opened; the answer is kept and asked nobody again.
import type { Db } from '@chargelane/db'
import type { StartReading } from '@chargelane/db/queries/sessions/opening'
import { sumsBefore } from '@chargelane/db/queries/partners/split-shares'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import type { KeptTerms } from '@chargelane/rules/documents'
import type { FxRate } from '@chargelane/rules/fx'
import {
  type Refusal,
  refusalOfAgreement,
  unsettled,
  waitsForNumber,
} from '@chargelane/rules/quote/may-start'
import { agreeSale } from '@chargelane/rules/split/agreed'
import { looksAtPeriod } from '@chargelane/rules/split/amounts'
import { periodAt } from '@chargelane/rules/split/period'
import { emptySums, type Sharing } from '@chargelane/rules/split/sharing'
import { freshRates, ratesOf } from './rates.ts'
import { currenciesOf, isLedToBy } from './rules.ts'

/** Sold by these terms, not at all, or not before somebody has asked for the rates of these currencies. */
export type TermsAnswer =
  | { kind: 'agreed'; terms: KeptTerms }
  | { kind: 'rates_missing'; currencies: string[] }
  | Refusal<'price_unavailable'>

/**
 * By which terms the quote's session is sold: the agreement that was in force at the quote, the parties as they are now,
 * the tax of the quote's own day, so that price and tax rest on the same rates. Of a start that we could not be asked
 * about it names who stands for what is not paid (failures F25).
 */
export function saleTermsOf(
  { quote, country, parties, rates: stored }: Omit<StartReading, 'payer'>,
  partnerId: string,
  isOffline = false,
): TermsAnswer {
  const cpo = parties?.accounts.find(({ id }) => id === quote.cpoId)
  const refusal = refusalOfAgreement({
    country,
    supplyModel: parties?.agreement.supplyModel ?? null,
    payoutCurrency: cpo?.payoutCurrency ?? null,
    // Who it is was asked for the quote; a number it has lost since, or a charger that moved abroad, is missed here.
    sellerWaits: cpo === undefined ? null : waitsForNumber(cpo, country, quote.createdAt),
  })
  if (refusal !== undefined) return refusal
  if (parties === null) return unsettled('No agreement with the operator was in force.')
  const answer = agreeSale({
    kept: parties,
    cpo: quote.cpoId,
    partner: partnerId,
    driver: quote.driverId,
    discount: quote.body.discount,
    country,
    at: quote.createdAt,
  })
  if (!answer.ok) return unsettled(answer.message)
  const { sale } = answer
  const { offlineLiability: liable } = parties.agreement
  const agreed = isOffline ? { ...parties, liable } : parties
  const currencies = currenciesOf(quote.currency, sale.payouts)
  const rates = currencies.length === 1 || stored === null ? [] : ratesOf(stored, currencies)
  if (!isLedToBy(rates, currencies)) return { kind: 'rates_missing', currencies }
  return {
    kind: 'agreed',
    terms: { ...sale, market: quote.marketProfile, agreed, rates },
  }
}

/** The terms as they were kept, with the reference rates of the day where they are at hand. */
export type SaleTerms = Omit<KeptTerms, 'market' | 'agreed'> & {
  fresh: { day: string; rates: FxRate[] } | null
  /** What the rules of a policy ask, but for what the record says; absent where no policy shares the sale. */
  sharing?: Omit<Sharing, 'facts'>
}

/** What came before a session in its period: read once, when it is sold, and kept with the sale. */
async function sharingOf(
  db: Db,
  { agreed, policy }: Pick<KeptTerms, 'agreed' | 'policy'>,
  { sessionId, endedAt, currency }: { sessionId: string; endedAt: string; currency: string },
): Promise<Omit<Sharing, 'facts'> | undefined> {
  const kept = agreed.agreement.policy
  if (kept === null) return undefined
  const { id, version, place } = kept
  const period = periodAt(endedAt, kept)
  const looking = policy.rules.filter(looksAtPeriod)
  const known =
    looking.length === 0
      ? []
      : await sumsBefore(db, {
          policyId: id,
          version,
          siteId: place.site,
          period,
          currency,
          sessionId,
        })
  const periods = looking.map((rule): [string, Sharing['periods'][string]] => {
    const before = known.find(({ ruleId }) => ruleId === rule.id)?.sums ?? emptySums(currency)
    return [rule.id, { before }]
  })
  return { policy: { id, version }, period, place, periods: Object.fromEntries(periods) }
}

/** What a sale is made by: kept when its session was opened, so that nothing of it can be missing now. */
export async function readSaleTerms(
  db: Db,
  sessionId: string,
  { paidIn, endedAt, now }: { paidIn: string; endedAt: string; now: string },
): Promise<SaleTerms> {
  const { market: _market, agreed, ...terms } = await keptSaleTerms(db, sessionId)
  const day = now.slice(0, 10)
  const currencies = currenciesOf(paidIn, terms.payouts)
  const rates = currencies.length === 1 ? [] : await freshRates(db, day, currencies)
  const asked = { sessionId, endedAt, currency: paidIn }
  const sharing = await sharingOf(db, { agreed, policy: terms.policy }, asked)
  return { ...terms, fresh: rates && { day, rates }, ...(sharing && { sharing }) }
}

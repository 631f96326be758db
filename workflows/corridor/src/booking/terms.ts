// The terms of a sale: who takes part, who shares it by which policy and at which tax, and in which currency each is paid.
import type { Db } from '@chargelane/db'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import type { FxRate } from '@chargelane/rules/fx'
import { type AgreedSale, agreedSale } from '@chargelane/rules/split/agreed'
import type { Terms } from '../record/terms.ts'
import { freshRates } from './rates.ts'
import { currenciesOf } from './rules.ts'

/** Who shares a sale, by which policy and at which tax, who owes what is not paid, and in which currency each is paid. */
export type SaleTerms = AgreedSale & {
  /** The reference rates of this day for whom is paid in another currency; null when they have to be asked for. */
  fresh: { day: string; rates: FxRate[] } | null
}

/** The agreement that was in force at the quote, and the parties as they were then, with what tax asks of them. */
export async function readSaleTerms(
  db: Db,
  { session, country, quote }: Terms,
  input: { at: string; now: string },
): Promise<SaleTerms> {
  const sale = agreedSale({
    kept: await keptSaleTerms(db, session.id),
    cpo: session.cpoId,
    partner: session.accountId,
    driver: session.driverId,
    discount: quote.body.discount,
    country,
    at: input.at,
  })
  const day = input.now.slice(0, 10)
  const currencies = currenciesOf(session.currency, sale.payouts)
  const rates = currencies.length === 1 ? [] : await freshRates(db, day, currencies)
  return { ...sale, fresh: rates && { day, rates } }
}

import type { Db } from '@chargelane/db'
import { ratesOn, saveRates } from '@chargelane/db/queries/payments/payments'
import type { ReferenceRates } from '../payment/payment.ts'
import type { FxRate } from '@chargelane/rules/fx'

/** How old a stored publication may be before the publisher is asked again, in days (weekend and holidays). */
const staleAfterDays = 1

export function createFxActivities({ db, rates }: { db: Db; rates: ReferenceRates }) {
  return {
    /**
     * The reference rates of a day, stored with source and date before they are used. The publisher is asked when ours
     * are older than a day; when it does not answer, the newest stored ones serve and say their own date.
     */
    async readRates(input: { now: string; currencies: string[] }): Promise<FxRate[]> {
      const today = input.now.slice(0, 10)
      const stored = await ratesOn(db, today)
      const age =
        stored === undefined ? Infinity : (Date.parse(today) - Date.parse(stored.asOf)) / 86_400_000
      if (age <= staleAfterDays && stored !== undefined) return list(stored, input.currencies)
      try {
        const daily = await rates.daily()
        await db.tx((tx) =>
          saveRates(tx, { ...daily, rates: published(daily.rates), at: input.now }),
        )
        return list({ ...daily, rates: published(daily.rates) }, input.currencies)
      } catch (error) {
        if (stored === undefined) throw error
        return list(stored, input.currencies)
      }
    },
  }
}

export type FxActivities = ReturnType<typeof createFxActivities>

function published(rates: Partial<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rates).flatMap(([currency, rate]) =>
      rate === undefined ? [] : [[currency, rate]],
    ),
  )
}

function list(
  day: { source: string; asOf: string; base: string; rates: Record<string, string> },
  currencies: string[],
): FxRate[] {
  return Object.entries(day.rates)
    .filter(([currency]) => currencies.includes(currency))
    .map(([quote, rate]) => ({
      id: `${day.source}:${day.asOf}:${day.base}${quote}`,
      source: day.source,
      asOf: day.asOf,
      base: day.base,
      quote,
      rate,
    }))
}

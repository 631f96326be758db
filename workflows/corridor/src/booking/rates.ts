import type { Db, Sql } from '@chargelane/db'
import { ratesOn, saveRates } from '@chargelane/db/queries/payments/payments'
import type { ReferenceRates } from '../payment/payment.ts'
import type { FxRate } from '@chargelane/rules/fx'

/** How many publications may be missed before the publisher is asked again. It publishes from Monday to Friday. */
const missedMax = 1
const dayMs = 86_400_000

type StoredRates = NonNullable<Awaited<ReturnType<typeof ratesOn>>>

/** Friday's rates serve on Monday as Monday's do on Tuesday; a holiday counts as a day of publication. */
function isFresh({ asOf }: StoredRates, today: string): boolean {
  const days = Math.round((Date.parse(today) - Date.parse(asOf)) / dayMs)
  if (days > 7) return false
  const since = Array.from({ length: days }, (_, day) => Date.parse(asOf) + (day + 1) * dayMs)
  const missed = since.filter((at) => ![0, 6].includes(new Date(at).getUTCDay()))
  return missed.length <= missedMax
}

/** The stored rates of these currencies, where nobody has to be asked for newer ones; else null. */
export async function freshRates(
  sql: Sql,
  today: string,
  currencies: readonly string[],
): Promise<FxRate[] | null> {
  const stored = await ratesOn(sql, today)
  return stored !== undefined && isFresh(stored, today) ? list(stored, currencies) : null
}

export function createFxActivities({ db, rates }: { db: Db; rates: ReferenceRates }) {
  return {
    /**
     * The reference rates of a day, stored with source and date before they are used. The publisher is asked when it
     * has published twice since ours; when it does not answer, the newest stored ones serve and say their own date.
     */
    async readRates(input: { now: string; currencies: string[] }): Promise<FxRate[]> {
      const today = input.now.slice(0, 10)
      const stored = await ratesOn(db, today)
      if (stored !== undefined && isFresh(stored, today)) return list(stored, input.currencies)
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
  currencies: readonly string[],
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

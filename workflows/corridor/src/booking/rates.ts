import type { Db, Sql } from '@chargelane/db'
import { type DayOfRates, ratesOn, saveRates } from '@chargelane/db/queries/payments/payments'
import type { ReferenceRates } from '../payment/payment.ts'
import type { FxRate } from '@chargelane/rules/fx'
import { isLedToBy } from './rules.ts'

/** How many publications may be missed before the publisher is asked again. It publishes from Monday to Friday. */
const missedMax = 1
const dayMs = 86_400_000

/** Friday's rates serve on Monday as Monday's do on Tuesday; a holiday counts as a day of publication. */
function isFresh({ asOf }: DayOfRates, today: string): boolean {
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
  if (stored === undefined || !isFresh(stored, today)) return null
  const rates = ratesOf(stored, currencies)
  return isLedToBy(rates, currencies) ? rates : null
}

type Asked = {
  now: string
  /** The driver's first. */
  currencies: string[]
  /** Kept with the session: they serve where no newer ones lead to all of the currencies. */
  kept: readonly FxRate[]
}

type World = { db: Db; rates: ReferenceRates }

const leadingOf = (day: DayOfRates, currencies: readonly string[]): FxRate[] | undefined => {
  const found = ratesOf(day, currencies)
  return isLedToBy(found, currencies) ? found : undefined
}

/**
 * The publisher's newest rates of these currencies, stored before they are used; undefined where it publishes none that
 * lead to all of them. An answer that does not come is thrown.
 */
export async function publishedRates(
  { db, rates }: World,
  { now, currencies }: Pick<Asked, 'now' | 'currencies'>,
  within?: { ms: number },
): Promise<FxRate[] | undefined> {
  const daily = await rates.daily(within)
  const day = { ...daily, rates: published(daily.rates) }
  await db.tx((tx) => saveRates(tx, { ...day, at: now }))
  return leadingOf(day, currencies)
}

export function createFxActivities(world: World) {
  const { db } = world
  return {
    /**
     * The reference rates of a day, stored with source and date before they are used. The publisher is asked when it
     * has published twice since ours; when it does not answer, or publishes one of the currencies no more, the newest
     * stored ones serve and say their own date, and then those that the session was opened with.
     */
    async readRates({ now, currencies, kept }: Asked): Promise<FxRate[]> {
      const today = now.slice(0, 10)
      const stored = await ratesOn(db, today)
      const held = stored && leadingOf(stored, currencies)
      if (held !== undefined && stored !== undefined && isFresh(stored, today)) return held
      const otherwise = held ?? (kept.length > 0 ? [...kept] : undefined)
      try {
        const newest = (await publishedRates(world, { now, currencies })) ?? otherwise
        if (newest !== undefined) return newest
      } catch (error) {
        if (otherwise === undefined) throw error
        return otherwise
      }
      throw new Error(`No reference rates lead from ${currencies.join(' to ')}.`)
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

export function ratesOf(day: DayOfRates, currencies: readonly string[]): FxRate[] {
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

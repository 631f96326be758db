// The ECB's daily euro reference rates (eurofxref-daily.xml): read, doubted, and only then used.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import * as z from 'zod'
import { compareExact, exact, exactOf, minus, times } from '@chargelane/rules/exact'
import { type DailyRates, MoneyFailure, type ReferenceRates } from '../payment/payment.ts'
import { exchange } from '../payment/http.ts'

export type EcbSettings = {
  /** Default: the ECB's own address. */
  url?: string
  /** Of one HTTP exchange; an activity should allow three of them. Default 10 s. */
  timeoutMs?: number
  /** Calendar days. The longest ordinary gap is Easter: Thursday's rates until Tuesday. Default 6. */
  maxAgeDays?: number
  /** A move against the last stored rates beyond this is held back. Default 10 (percent). */
  maxMovePercent?: number
  /** The last rates in use, to compare with; undefined on the first day. */
  previous?: () => Promise<DailyRates | undefined>
  now?: () => Date
}

export const ecbSource = 'ECB eurofxref-daily'
const ecbUrl = 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'
const maxBytes = 64 * 1024
const readsMax = 3
const dayMs = 24 * 60 * 60 * 1000
// Fewer would be half a file: the ECB publishes about thirty.
const currenciesMin = 20

const zRates = z.object({
  'gesmes:Envelope': z.object({
    Cube: z.object({
      Cube: z.object({
        '@_time': z.iso.date(),
        Cube: z
          .array(
            z.object({
              '@_currency': z.string().regex(/^[A-Z]{3}$/),
              '@_rate': z
                .string()
                .regex(/^(?:0|[1-9]\d{0,7})(?:\.\d{1,8})?$/)
                .refine((rate) => /[1-9]/.test(rate), 'must not be zero'),
            }),
          )
          .min(currenciesMin),
      }),
    }),
  }),
})

/** `daily` throws `MoneyUnavailable` when there is nothing new to be had, else `MoneyRefused`. */
export function createEcbRates(settings: EcbSettings = {}): ReferenceRates {
  return {
    daily: async (within) => {
      const rates = parseEcbRates(await download(settings, within?.ms))
      checkAge(rates, settings)
      const previous = await settings.previous?.()
      if (previous) checkMove(rates, previous, settings.maxMovePercent ?? 10)
      return rates
    },
  }
}

async function download(settings: EcbSettings, withinMs = Infinity): Promise<string> {
  const timeoutMs = Math.min(settings.timeoutMs ?? 10_000, Math.floor(withinMs / readsMax))
  let failure: unknown
  for (let attempt = 0; attempt < readsMax; attempt += 1) {
    try {
      const { status, text } = await exchange(settings.url ?? ecbUrl, { timeoutMs, maxBytes })
      if (status === 200) return text
      throw new MoneyFailure(`reference rates: status ${status}`, {
        code: 'rates_unavailable',
        retryable: status >= 500 || status === 429,
      })
    } catch (error) {
      if (!(error instanceof MoneyFailure) || !error.retryable) throw error
      failure = error
    }
  }
  throw failure
}

/** Throws `MoneyRefused` (`rates_unreadable`), naming what is wrong with the file. */
export function parseEcbRates(xml: string): DailyRates {
  // The file has no DTD; one with a DTD wants to expand entities here.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw unreadable('it contains a DOCTYPE')
  const valid = XMLValidator.validate(xml)
  if (valid !== true) throw unreadable(valid.err.msg)
  const parser = new XMLParser({
    ignoreAttributes: false,
    // A rate is text until our own decimals read it: no float ever sees it.
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    isArray: (_name, path) => path === 'gesmes:Envelope.Cube.Cube.Cube',
  })
  const parsed = zRates.safeParse(parser.parse(xml))
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error))
  const day = parsed.data['gesmes:Envelope'].Cube.Cube
  const rates: DailyRates['rates'] = {}
  for (const { '@_currency': currency, '@_rate': rate } of day.Cube) {
    if (rates[currency] !== undefined) throw unreadable(`${currency} appears twice`)
    rates[currency] = rate
  }
  return { source: ecbSource, asOf: day['@_time'], base: 'EUR', rates }
}

function checkAge(rates: DailyRates, settings: EcbSettings): void {
  const now = (settings.now ?? (() => new Date()))()
  const ageDays = Math.floor((now.getTime() - Date.parse(`${rates.asOf}T00:00:00Z`)) / dayMs)
  const maxAgeDays = settings.maxAgeDays ?? 6
  if (ageDays < 0) {
    throw refused('rates_from_future', `reference rates of ${rates.asOf} are from the future`)
  }
  if (ageDays > maxAgeDays) {
    throw new MoneyFailure(
      `reference rates of ${rates.asOf} are ${ageDays} days old, at most ${maxAgeDays} are allowed`,
      {
        code: 'rates_stale',
        retryable: true,
      },
    )
  }
}

/** A wrong digit at the source would be paid out at once; a person has to look first. */
function checkMove(rates: DailyRates, previous: DailyRates, maxPercent: number): void {
  for (const [currency, before] of Object.entries(previous.rates)) {
    const after = rates.rates[currency]
    if (after === undefined || before === undefined) continue
    const moved = minus(exact(after), exact(before))
    const distance = times(moved, exactOf(compareExact(moved, exactOf(0)) < 0 ? -100 : 100))
    if (compareExact(distance, times(exact(before), exactOf(maxPercent))) > 0) {
      throw refused(
        'rates_outlier',
        `${currency} moved from ${before} to ${after}, more than ${maxPercent} %`,
      )
    }
  }
}

function unreadable(why: string): MoneyFailure {
  return refused('rates_unreadable', `reference rates are unreadable: ${why}`)
}

function refused(code: string, message: string): MoneyFailure {
  return new MoneyFailure(message, { code, retryable: false })
}

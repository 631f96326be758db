// How a tariff reads: in the words of a quote, priced by the one price function, drawn when asked.
import type { Tx } from '@chargelane/db'
import { findEvses } from '@chargelane/db/queries/locations/search'
import type { TariffRow } from '@chargelane/db/queries/locations/tariffs'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { profileFor, profileRef } from '@chargelane/rules/markets'
import { thousandths } from '@chargelane/rules/quote/choose'
import { buildQuote } from '@chargelane/rules/quote'
import {
  type Example,
  type ExampleSession,
  marketExamples,
  marketFaults,
  plotSvg,
  priceExample,
} from '@chargelane/rules/tariff'
import { marketsAt } from '@chargelane/corridor/supply/tariffs'
import type { z } from 'zod'

type Preview = z.input<Contract['tariffs']['preview']['success']['body']>
type Wish = Omit<z.output<Contract['tariffs']['preview']['query']>, 'version'>
type Explanation = Omit<z.input<Contract['tariffs']['explain']['success']['body']>, 'tariff'>

const noPrice = (message: string) => new DomainError('price_unavailable', message)

function priceableTariff(row: TariffRow): Tariff {
  if (row.canonical === null)
    throw noPrice('The tariff could not be read, so nothing can be priced with it.')
  return row.canonical
}

type Place = {
  evseId: string | null
  country: string
  timeZone: string | undefined
  powerW: number | undefined
  current: 'AC' | 'DC'
}

/** The charger that is named, or a usual one of the tariff's market. */
async function placeOf(tx: Tx, row: TariffRow, wish: Wish, now: string): Promise<Place> {
  if (wish.evse === undefined)
    return {
      evseId: null,
      country: row.marketCountry ?? row.countryCode,
      timeZone: undefined,
      powerW: wish.power_w,
      current: row.powerClass === 'dc' || row.powerClass === 'hpc' ? 'DC' : 'AC',
    }
  const [evse] = await findEvses(tx, wish.evse, now)
  const [strongest] = evse?.connectors ?? []
  if (evse === undefined || strongest === undefined) throw missing('EVSE', 'evse')
  return {
    evseId: evse.id,
    country: evse.location.country,
    timeZone: evse.location.timeZone,
    powerW: Math.min(wish.power_w ?? strongest.maxPowerW, strongest.maxPowerW),
    current: strongest.powerType.startsWith('DC') ? 'DC' : 'AC',
  }
}

async function price(tx: Tx, row: TariffRow, wish: Wish, now: string) {
  const tariff = priceableTariff(row)
  const place = await placeOf(tx, row, wish, now)
  const start = wish.start ?? (row.effectiveFrom > now ? row.effectiveFrom : now)
  const profile = profileFor(place.country, start)
  if (profile === undefined) throw noPrice(`${place.country} is not open for sale.`)
  const timeZone = place.timeZone ?? profile.timeZone
  const powerKw = place.powerW === undefined ? undefined : thousandths(place.powerW)
  const sessions = marketExamples(profile, { start, timeZone, current: place.current, powerKw })
  const own = ownSession(sessions, wish)
  // The dates of a tariff say when it is sold, not what it costs: an announced one can be looked at.
  const { start_date_time: _from, end_date_time: _until, ...timeless } = tariff
  const results = [...own, ...sessions].map((session) => priceExample(timeless, profile, session))
  return { tariff, place, profile, start, timeZone, powerKw, results }
}

/** `22.5` → 22500, digit by digit: kW and kWh as whole watts and watt-hours. */
function wholeThousandths(value: string): number {
  const [whole = '0', fraction = ''] = value.split('.')
  return Number(`${whole}${fraction.padEnd(3, '0').slice(0, 3)}`)
}

/** What the caller wants to see, completed by the market's typical session. */
function ownSession(sessions: readonly ExampleSession[], wish: Wish): ExampleSession[] {
  const [typical] = sessions
  if (typical === undefined || (wish.energy_wh ?? wish.duration_s) === undefined) return []
  const energyWh = wish.energy_wh ?? wholeThousandths(typical.energyKwh)
  const neededS = Math.ceil((energyWh * 3_600) / Math.max(1, wholeThousandths(typical.powerKw)))
  const durationS = wish.duration_s ?? Math.max(1, neededS)
  return [{ ...typical, energyKwh: thousandths(energyWh), durationS }]
}

function exampleView({ session, total, net, tax_lines, comparable, lines, curve }: Example) {
  return {
    energy_wh: wholeThousandths(session.energyKwh),
    power_w: wholeThousandths(session.powerKw),
    duration_s: session.durationS,
    start: session.start,
    total,
    net_total: net,
    tax_lines,
    comparable_unit_price:
      comparable === null
        ? null
        : {
            ...comparable,
            currency: total.currency,
            per: 'kWh' as const,
            tax: 'inclusive' as const,
          },
    lines,
    curve,
  }
}

export async function previewTariff(
  tx: Tx,
  row: TariffRow,
  wish: Wish,
  now: string,
): Promise<Preview> {
  const priced = await price(tx, row, wish, now)
  const { results, profile, place, timeZone } = priced
  return {
    tariff: `${row.id}@${row.version}`,
    market_profile: profileRef(profile),
    evse: place.evseId,
    time_zone: timeZone,
    display_text: wordsOf(row, priced.tariff, place, now)?.text ?? null,
    examples: results.flatMap((result) => (result.ok ? [exampleView(result.example)] : [])),
    refusals: results.flatMap((result) =>
      result.ok ? [] : [{ path: result.path, message: result.message }],
    ),
  }
}

export async function plotTariff(tx: Tx, row: TariffRow, wish: Wish, now: string): Promise<string> {
  const { tariff, results } = await price(tx, row, wish, now)
  const examples = results.flatMap((result) => (result.ok ? [result.example] : []))
  if (examples.length === 0) throw noPrice('No example session has a price under this tariff.')
  return plotSvg(`${row.ocpiId} (${row.id}@${row.version})`, tariff.currency, examples)
}

/** A quote's own words for this tariff; undefined where no quote could be made of it. */
function wordsOf(row: TariffRow, tariff: Tariff, place: Place, now: string) {
  const profile = profileFor(place.country, now)
  if (profile === undefined) return undefined
  const { start_date_time: _from, end_date_time: _until, ...timeless } = tariff
  const built = buildQuote({
    now,
    evse: {
      id: place.evseId ?? '',
      timeZone: place.timeZone ?? profile.timeZone,
      powerKw: thousandths(place.powerW ?? (place.current === 'DC' ? 150_000 : 11_000)),
      current: place.current,
    },
    tariffVersion: `${row.id}@${row.version}`,
    tariff: timeless,
    profile,
    seller: { name: '', vat_id: null },
  })
  return built.ok ? { text: built.quote.display_text, quote: built.quote } : undefined
}

/** Each element alone, in words, and what every market says of the whole. */
export function explainTariff(row: TariffRow, now: string): Explanation {
  if (row.canonical === null) return { display_text: null, elements: [], markets: [] }
  const tariff = row.canonical
  const place: Place = {
    evseId: null,
    country: row.marketCountry ?? row.countryCode,
    timeZone: undefined,
    powerW: undefined,
    current: row.powerClass === 'dc' || row.powerClass === 'hpc' ? 'DC' : 'AC',
  }
  const words = wordsOf(row, tariff, place, now)
  return {
    display_text: words?.text ?? null,
    elements: tariff.elements.map((element, index) => ({
      path: `elements[${index}]`,
      lines: (
        wordsOf(row, { ...tariff, elements: [element] }, place, now)?.quote.components ?? []
      ).map(({ display }) => display),
    })),
    markets: marketsAt(now).map((profile) => {
      const faults = marketFaults(tariff, profile, now)
      const from = Math.min(...faults.map(({ fromW }) => fromW))
      return {
        country: profile.country,
        market_profile: profileRef(profile),
        sold: from > 0,
        from_power_w: from > 0 && Number.isFinite(from) ? from : null,
        problems: faults.slice(0, 200).map(({ path, rule, message }) => ({ path, rule, message })),
      }
    }),
  }
}

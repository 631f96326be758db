/** The words a driver reads about a price. Only text: nothing is decided here. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type {
  DayOfWeek,
  PriceComponent,
  TariffDimension,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'

export type Language = 'en' | 'de'
export const languages: readonly Language[] = ['en', 'de']

export type PriceUnit = 'kWh' | 'h' | 'min' | 'session'

const names: Record<Language, Record<TariffDimension, string>> = {
  en: {
    ENERGY: 'Energy',
    TIME: 'Time while charging',
    PARKING_TIME: 'Time plugged in without charging',
    FLAT: 'Start of the session',
  },
  de: {
    ENERGY: 'Energie',
    TIME: 'Zeit während des Ladens',
    PARKING_TIME: 'Standzeit ohne Laden',
    FLAT: 'Start des Ladevorgangs',
  },
}

const units: Record<Language, Record<PriceUnit, string>> = {
  en: { kWh: 'per kWh', h: 'per hour', min: 'per minute', session: 'per session' },
  de: { kWh: 'je kWh', h: 'je Stunde', min: 'je Minute', session: 'je Ladevorgang' },
}

const days: Record<Language, Record<DayOfWeek, string>> = {
  en: {
    MONDAY: 'Mon',
    TUESDAY: 'Tue',
    WEDNESDAY: 'Wed',
    THURSDAY: 'Thu',
    FRIDAY: 'Fri',
    SATURDAY: 'Sat',
    SUNDAY: 'Sun',
  },
  de: {
    MONDAY: 'Mo',
    TUESDAY: 'Di',
    WEDNESDAY: 'Mi',
    THURSDAY: 'Do',
    FRIDAY: 'Fr',
    SATURDAY: 'Sa',
    SUNDAY: 'So',
  },
}

/** Two decimals at least, as prices are written; more only where the price has them. */
export function localNumber(value: Decimal, language: Language): string {
  const [whole = '0', fraction = ''] = value.split('.')
  const shown = `${whole}.${fraction.padEnd(2, '0')}`
  return language === 'de' ? shown.replace('.', ',') : shown
}

function plain(value: Decimal, language: Language): string {
  return language === 'de' ? value.replace('.', ',') : value
}

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

type Words = {
  at: (from: string, to: string) => string
  from: (value: string) => string
  until: (value: string) => string
  before: (value: string) => string
  after: (value: string) => string
  upTo: (value: string) => string
  above: (value: string) => string
  below: (value: string) => string
}

const words: Record<Language, Words> = {
  en: {
    at: (from, to) => `${from} to ${to}`,
    from: (value) => `from ${value}`,
    until: (value) => `until ${value}`,
    before: (value) => `before ${value}`,
    after: (value) => `after ${value}`,
    upTo: (value) => `for the first ${value}`,
    above: (value) => `at ${value} or more`,
    below: (value) => `below ${value}`,
  },
  de: {
    at: (from, to) => `${from} bis ${to} Uhr`,
    from: (value) => `ab ${value}`,
    until: (value) => `bis ${value}`,
    before: (value) => `vor dem ${value}`,
    after: (value) => `ab ${value}`,
    upTo: (value) => `für die ersten ${value}`,
    above: (value) => `ab ${value}`,
    below: (value) => `unter ${value}`,
  },
}

/** The restrictions of a price as phrases, in the order a driver would ask. */
function conditionTexts(r: TariffRestrictions, language: Language): string[] {
  const say = words[language]
  const texts: (string | undefined)[] = [
    r.start_time !== undefined && r.end_time !== undefined
      ? say.at(r.start_time, r.end_time)
      : undefined,
    r.start_time !== undefined && r.end_time === undefined ? say.from(r.start_time) : undefined,
    r.end_time !== undefined && r.start_time === undefined ? say.until(r.end_time) : undefined,
    r.day_of_week?.map((day) => days[language][day]).join(', '),
    r.start_date === undefined ? undefined : say.from(r.start_date),
    r.end_date === undefined ? undefined : say.before(r.end_date),
    r.min_duration === undefined ? undefined : say.after(duration(r.min_duration)),
    r.max_duration === undefined ? undefined : say.upTo(duration(r.max_duration)),
  ]
  const measured = [
    [r.min_kwh, 'kWh', say.after],
    [r.max_kwh, 'kWh', say.upTo],
    [r.min_power, 'kW', say.above],
    [r.max_power, 'kW', say.below],
    [r.min_current, 'A', say.above],
    [r.max_current, 'A', say.below],
  ] as const
  for (const [value, unit, phrase] of measured)
    texts.push(value === undefined ? undefined : phrase(`${plain(value, language)} ${unit}`))
  return texts.filter((text) => text !== undefined)
}

function stepText(component: PriceComponent, language: Language): string | undefined {
  if (component.step_size <= 1 || component.type === 'FLAT') return undefined
  const step =
    component.type === 'ENERGY' ? `${component.step_size} Wh` : duration(component.step_size)
  return language === 'de' ? `je angefangene ${step}` : `in steps of ${step}`
}

/** One component as one line: "Energy: 0.59 EUR per kWh (22:00 to 06:00)". */
export function componentLine(
  component: PriceComponent,
  restrictions: TariffRestrictions | undefined,
  price: { value: Decimal; currency: string; per: PriceUnit },
  language: Language,
): string {
  const conditions = [
    ...conditionTexts(restrictions ?? {}, language),
    stepText(component, language),
  ].filter((text) => text !== undefined)
  const amount = `${localNumber(price.value, language)} ${price.currency} ${units[language][price.per]}`
  const suffix = conditions.length === 0 ? '' : ` (${conditions.join('; ')})`
  return `${names[language][component.type]}: ${amount}${suffix}`
}

/** The line under the prices: tax, and that nothing is added. */
export function closingLine(vatRates: readonly Decimal[], language: Language): string {
  const rates = vatRates.map((rate) => `${plain(rate, language)} %`).join(' / ')
  return language === 'de'
    ? `Alle Preise inkl. ${rates} MwSt. Preis des Betreibers, ohne Aufschlag.`
    : `All prices include ${rates} VAT. The operator’s price, nothing added.`
}

export function limitLine(
  limit: 'min_price' | 'max_price',
  amount: { value: Decimal; currency: string },
  language: Language,
): string {
  const text = {
    en: { min_price: 'At least', max_price: 'At most' },
    de: { min_price: 'Mindestens', max_price: 'Höchstens' },
  }[language][limit]
  const tail = language === 'de' ? 'je Ladevorgang' : 'per session'
  return `${text} ${localNumber(amount.value, language)} ${amount.currency} ${tail}`
}

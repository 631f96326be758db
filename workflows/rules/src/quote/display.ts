/** The words a driver reads about a price. Only text: nothing is decided here. */
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type {
  DayOfWeek,
  PriceComponent,
  TariffDimension,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'

export const languages = ['en', 'de', 'fr', 'it', 'nl'] as const
export type Language = (typeof languages)[number]

export const isLanguage = (code: string): code is Language =>
  languages.some((language) => language === code)

export type PriceUnit = 'kWh' | 'h' | 'min' | 'session'

type Words = {
  names: Record<TariffDimension, string>
  units: Record<PriceUnit, string>
  /** Monday first. */
  days: readonly [string, string, string, string, string, string, string]
  at: (from: string, to: string) => string
  from: (value: string) => string
  until: (value: string) => string
  before: (value: string) => string
  after: (value: string) => string
  upTo: (value: string) => string
  above: (value: string) => string
  below: (value: string) => string
  steps: (step: string) => string
  atLeast: string
  atMost: string
  closing: (rates: string) => string
  untaxed: string
  free: string
  agreed: string
  plan: string
  discount: string
  example: (price: string, energy: string) => string
  idleAtMost: (limit: string) => string
}

const words: Record<Language, Words> = {
  en: {
    names: {
      ENERGY: 'Energy',
      TIME: 'Time while charging',
      PARKING_TIME: 'Time plugged in without charging',
      FLAT: 'Start of the session',
    },
    units: { kWh: 'per kWh', h: 'per hour', min: 'per minute', session: 'per session' },
    days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    at: (from, to) => `${from} to ${to}`,
    from: (value) => `from ${value}`,
    until: (value) => `until ${value}`,
    before: (value) => `before ${value}`,
    after: (value) => `after ${value}`,
    upTo: (value) => `for the first ${value}`,
    above: (value) => `at ${value} or more`,
    below: (value) => `below ${value}`,
    steps: (step) => `in steps of ${step}`,
    atLeast: 'At least',
    atMost: 'At most',
    closing: (rates) => `All prices include ${rates} VAT. The operator’s price, nothing added.`,
    untaxed: 'No VAT applies. The operator’s price, nothing added.',
    free: 'Free of charge',
    plan: 'Your plan includes part of it or lowers it: you are charged less than the public price.',
    agreed: 'Your provider’s agreed price, never above the operator’s public price.',
    discount: 'Your provider pays part of it: you are charged less than shown.',
    example: (price, energy) => `${price} in total for a session of ${energy}`,
    idleAtMost: (limit) => `The whole session costs ${limit} at most.`,
  },
  de: {
    names: {
      ENERGY: 'Energie',
      TIME: 'Zeit während des Ladens',
      PARKING_TIME: 'Standzeit ohne Laden',
      FLAT: 'Start des Ladevorgangs',
    },
    units: { kWh: 'je kWh', h: 'je Stunde', min: 'je Minute', session: 'je Ladevorgang' },
    days: ['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'],
    at: (from, to) => `${from} bis ${to} Uhr`,
    from: (value) => `ab ${value}`,
    until: (value) => `bis ${value}`,
    before: (value) => `vor dem ${value}`,
    after: (value) => `ab ${value}`,
    upTo: (value) => `für die ersten ${value}`,
    above: (value) => `ab ${value}`,
    below: (value) => `unter ${value}`,
    steps: (step) => `je angefangene ${step}`,
    atLeast: 'Mindestens',
    atMost: 'Höchstens',
    closing: (rates) => `Alle Preise inkl. ${rates} MwSt. Preis des Betreibers, ohne Aufschlag.`,
    untaxed: 'Keine MwSt. Preis des Betreibers, ohne Aufschlag.',
    free: 'Kostenlos',
    plan: 'Dein Tarifplan enthält einen Teil davon oder senkt den Preis: Abgebucht wird weniger als der öffentliche Preis.',
    agreed: 'Vereinbarter Preis deines Anbieters, nie über dem öffentlichen Preis des Betreibers.',
    discount: 'Dein Anbieter zahlt einen Teil: Abgebucht wird weniger als angezeigt.',
    example: (price, energy) => `${price} insgesamt bei einem Ladevorgang von ${energy}`,
    idleAtMost: (limit) => `Der ganze Ladevorgang kostet höchstens ${limit}.`,
  },
  fr: {
    names: {
      ENERGY: 'Énergie',
      TIME: 'Temps de charge',
      PARKING_TIME: 'Temps branché sans charge',
      FLAT: 'Démarrage de la session',
    },
    units: { kWh: 'par kWh', h: 'par heure', min: 'par minute', session: 'par session' },
    days: ['lun', 'mar', 'mer', 'jeu', 'ven', 'sam', 'dim'],
    at: (from, to) => `de ${from} à ${to}`,
    from: (value) => `à partir de ${value}`,
    until: (value) => `jusqu’à ${value}`,
    before: (value) => `avant le ${value}`,
    after: (value) => `après ${value}`,
    upTo: (value) => `pour les premiers ${value}`,
    above: (value) => `à partir de ${value}`,
    below: (value) => `en dessous de ${value}`,
    steps: (step) => `par tranche entamée de ${step}`,
    atLeast: 'Au moins',
    atMost: 'Au plus',
    closing: (rates) =>
      `Tous les prix incluent ${rates} de TVA. Prix de l’opérateur, sans supplément.`,
    untaxed: 'Sans TVA. Prix de l’opérateur, sans supplément.',
    free: 'Gratuit',
    plan: 'Votre formule en comprend une partie ou la réduit : vous payez moins que le prix public.',
    agreed: 'Prix convenu par votre fournisseur, jamais au-dessus du prix public de l’opérateur.',
    discount:
      'Votre fournisseur en paie une partie : vous êtes débité de moins que le prix affiché.',
    example: (price, energy) => `${price} au total pour une session de ${energy}`,
    idleAtMost: (limit) => `La session entière coûte au plus ${limit}.`,
  },
  it: {
    names: {
      ENERGY: 'Energia',
      TIME: 'Tempo di ricarica',
      PARKING_TIME: 'Tempo collegato senza ricarica',
      FLAT: 'Avvio della sessione',
    },
    units: { kWh: 'al kWh', h: 'all’ora', min: 'al minuto', session: 'a sessione' },
    days: ['lun', 'mar', 'mer', 'gio', 'ven', 'sab', 'dom'],
    at: (from, to) => `dalle ${from} alle ${to}`,
    from: (value) => `da ${value}`,
    until: (value) => `fino a ${value}`,
    before: (value) => `prima del ${value}`,
    after: (value) => `dopo ${value}`,
    upTo: (value) => `per i primi ${value}`,
    above: (value) => `da ${value} in su`,
    below: (value) => `sotto ${value}`,
    steps: (step) => `per ogni ${step} iniziati`,
    atLeast: 'Almeno',
    atMost: 'Al massimo',
    closing: (rates) =>
      `Tutti i prezzi includono ${rates} di IVA. Prezzo del gestore, senza supplementi.`,
    untaxed: 'Senza IVA. Prezzo del gestore, senza supplementi.',
    free: 'Gratuito',
    plan: 'Il vostro piano ne comprende una parte o lo riduce: pagate meno del prezzo pubblico.',
    agreed: 'Prezzo concordato dal vostro fornitore, mai sopra il prezzo pubblico del gestore.',
    discount: 'Il vostro fornitore ne paga una parte: vi viene addebitato meno di quanto mostrato.',
    example: (price, energy) => `${price} in totale per una sessione di ${energy}`,
    idleAtMost: (limit) => `L’intera sessione costa al massimo ${limit}.`,
  },
  nl: {
    names: {
      ENERGY: 'Energie',
      TIME: 'Tijd tijdens het laden',
      PARKING_TIME: 'Tijd aangesloten zonder laden',
      FLAT: 'Start van de laadsessie',
    },
    units: { kWh: 'per kWh', h: 'per uur', min: 'per minuut', session: 'per laadsessie' },
    days: ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo'],
    at: (from, to) => `${from} tot ${to} uur`,
    from: (value) => `vanaf ${value}`,
    until: (value) => `tot ${value}`,
    before: (value) => `vóór ${value}`,
    after: (value) => `na ${value}`,
    upTo: (value) => `voor de eerste ${value}`,
    above: (value) => `vanaf ${value}`,
    below: (value) => `onder ${value}`,
    steps: (step) => `per begonnen ${step}`,
    atLeast: 'Minimaal',
    atMost: 'Maximaal',
    closing: (rates) =>
      `Alle prijzen inclusief ${rates} btw. Prijs van de exploitant, zonder toeslag.`,
    untaxed: 'Geen btw. Prijs van de exploitant, zonder toeslag.',
    free: 'Gratis',
    plan: 'Je abonnement bevat een deel ervan of verlaagt de prijs: je betaalt minder dan de openbare prijs.',
    agreed:
      'Afgesproken prijs van je aanbieder, nooit hoger dan de openbare prijs van de exploitant.',
    discount: 'Je aanbieder betaalt een deel: er wordt minder afgeschreven dan getoond.',
    example: (price, energy) => `${price} in totaal voor een laadsessie van ${energy}`,
    idleAtMost: (limit) => `De hele laadsessie kost maximaal ${limit}.`,
  },
}

const weekdays: Record<DayOfWeek, number> = {
  MONDAY: 0,
  TUESDAY: 1,
  WEDNESDAY: 2,
  THURSDAY: 3,
  FRIDAY: 4,
  SATURDAY: 5,
  SUNDAY: 6,
}

const plain = (value: Decimal, language: Language) =>
  language === 'en' ? value : value.replace('.', ',')

/** Two decimals at least, as prices are written; more only where the price has them. */
export function localNumber(value: Decimal, language: Language): string {
  const [whole = '0', fraction = ''] = value.split('.')
  return plain(`${whole}.${fraction.padEnd(2, '0')}`, language)
}

const amountText = (amount: { value: Decimal; currency: Currency }, language: Language) =>
  `${localNumber(amount.value, language)} ${amount.currency}`

function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
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
    r.day_of_week?.map((day) => say.days[weekdays[day]]).join(', '),
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
  return words[language].steps(
    component.type === 'ENERGY' ? `${component.step_size} Wh` : duration(component.step_size),
  )
}

/** One component as one line: "Energy: 0.59 EUR per kWh (22:00 to 06:00)". */
export function componentLine(
  component: PriceComponent,
  restrictions: TariffRestrictions | undefined,
  price: { value: Decimal; currency: Currency; per: PriceUnit },
  language: Language,
): string {
  const conditions = [
    ...conditionTexts(restrictions ?? {}, language),
    stepText(component, language),
  ].filter((text) => text !== undefined)
  const { names, units } = words[language]
  const suffix = conditions.length === 0 ? '' : ` (${conditions.join('; ')})`
  return `${names[component.type]}: ${amountText(price, language)} ${units[price.per]}${suffix}`
}

/** Usage that costs nothing: "Free of charge: Energy (22:00 to 06:00)". */
export function freeLine(
  type: TariffDimension,
  restrictions: TariffRestrictions,
  language: Language,
): string {
  const conditions = conditionTexts(restrictions, language)
  const { free, names } = words[language]
  const suffix = conditions.length === 0 ? '' : ` (${conditions.join('; ')})`
  return `${free}: ${names[type]}${suffix}`
}

/** The line under the prices: tax, and that nothing is added. */
export function closingLine(vatRates: readonly Decimal[], language: Language): string {
  const say = words[language]
  const rates = vatRates.filter((rate) => !/^0(\.0+)?$/.test(rate))
  return rates.length === 0
    ? say.untaxed
    : say.closing(rates.map((rate) => `${plain(rate, language)} %`).join(' / '))
}

/** What a driver is told when the price is not the public one. */
export const basisLine = (
  basis: 'rate_agreement' | 'partner_discount' | 'plan',
  language: Language,
) =>
  words[language][
    ({ rate_agreement: 'agreed', partner_discount: 'discount', plan: 'plan' } as const)[basis]
  ]

export function limitLine(
  limit: 'min_price' | 'max_price',
  amount: { value: Decimal; currency: Currency },
  language: Language,
): string {
  const say = words[language]
  const head = limit === 'min_price' ? say.atLeast : say.atMost
  return `${head} ${amountText(amount, language)} ${say.units.session}`
}

/** Where idling is capped by the session's ceiling, the driver is told where it ends (failures F27). */
export const idleLimitLine = (amount: { value: Decimal; currency: Currency }, language: Language) =>
  words[language].idleAtMost(amountText(amount, language))

/**
 * A price per kWh that holds everything, in the market's unit: `0.62 EUR/kWh`, or `62.0 p/kWh` where the market
 * compares in hundredths of the currency. `energy` names the session it is for.
 */
export function comparableLine(
  price: { value: Decimal; unit: string },
  energyKwh: Decimal,
  language: Language,
): string {
  const shown = `${localNumber(price.value, language)} ${price.unit}`
  return words[language].example(shown, `${plain(energyKwh, language)} kWh`)
}

/**
 * The one door for tariffs: pushed, pulled or published on our own node, each is read, reviewed, compared with what is
 * usual, stored as a version with its exact text, and told to its CPO, all in one database tx. What that tx commits
 * is what the next quote reads.
 */
import type { Sql } from '@chargelane/db'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import {
  historyOf,
  latestTariff,
  liveTariffs,
  lockTariff,
  type NewTariff,
  putTariff,
  type PutTariffResult,
  type TariffHistory,
  type TariffProblem,
  type TariffRef,
  type TariffRow,
  withdrawTariff,
} from '@chargelane/db/queries/locations/tariffs'
import {
  peerPrices,
  soldPrices,
  type TariffUse,
  usesOfTariff,
} from '@chargelane/db/queries/locations/tariff-review'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { sha256 } from '@chargelane/rules/digest'
import type { MarketProfile } from '@chargelane/rules/markets/profile'
import { never } from '@chargelane/db/queries/locations/tariff-hold'
import { profileFor, profiles } from '@chargelane/rules/markets'
import { inWords, isKnownCurrency, money, toDecimal } from '@chargelane/rules/money'
import { hashTariff } from '@chargelane/rules/quote'
import { canonicalTariff, type Problem, unknownFields } from '@chargelane/rules/rating'
import {
  type Anomaly,
  type Finding,
  judgePrice,
  priceText,
  reviewTariff,
  standardPrices,
} from '@chargelane/rules/tariff'
import { tellPublished, tellUnsold, tellWithdrawn } from './tariff-news.ts'
import type { PublishedTariff, TakenTariff } from './words.ts'

export type OcpiVersion = '2.1.1' | '2.2.1' | '2.3.0'

export type Publication = {
  connection: { id: string; cpoId: string; countryCode: string; partyId: string }
  /** The operator's id of the tariff, in the spelling we know it by. */
  ocpiId: string
  /** The tariff as parsed, and its exact text. */
  object: unknown
  text: string
  version: OcpiVersion
  /** Receipt, UTC. */
  now: string
  /** What was read from the text before, when it is only judged anew. */
  known?: Tariff
}

/** What would be stored, and what would be said about it. */
export type Examination = {
  input: NewTariff
  tariff: Tariff | undefined
  findings: Finding[]
  uses: TariffUse[]
  anomaly: Anomaly | undefined
  history: TariffHistory
  outcome: PutTariffResult['outcome']
}

/** The profiles in force at an instant, one per country we sell in. */
export function marketsAt(now: string): MarketProfile[] {
  const countries = [...new Set(profiles.map(({ country }) => country))]
  return countries.flatMap((country) => profileFor(country, now) ?? [])
}

const refOf = ({ connection, ocpiId }: Publication): TariffRef => ({
  connectionId: connection.id,
  countryCode: connection.countryCode,
  partyId: connection.partyId,
  ocpiId,
})

const asErrors = (problems: readonly Problem[]): Finding[] =>
  problems.map(({ path, rule, message }) => ({ path, rule, message, severity: 'error' as const }))

const asWarnings = (problems: readonly Problem[]): Finding[] =>
  problems
    .slice(0, 50)
    .map(({ path, rule, message }) => ({ path, rule, message, severity: 'warning' as const }))

/** By the strongest connector, as drivers compare: AC, DC up to 150 kW, and above. */
function classOf(uses: readonly TariffUse[]): 'ac' | 'dc' | 'hpc' | undefined {
  const [strongest] = uses
  if (strongest === undefined) return undefined
  if (strongest.powerW >= 150_000) return 'hpc'
  return strongest.powerType.startsWith('DC') ? 'dc' : 'ac'
}

/** When the tariff begins to count: the taxes and rules of that day are asked of it. */
const startOf = ({ start_date_time: start }: Tariff, now: string): string =>
  start !== undefined && Date.parse(start) > Date.parse(now) ? start : now

/** Reads and reviews a tariff against what is stored; stores nothing. */
export async function examineTariff(sql: Sql, publication: Publication): Promise<Examination> {
  const ref = refOf(publication)
  return examine(sql, publication, await historyOf(sql, ref, publication.now))
}

async function examine(
  sql: Sql,
  publication: Publication,
  history: TariffHistory,
): Promise<Examination> {
  const { connection, now, text, version } = publication
  const ref = refOf(publication)
  const uses = await usesOfTariff(sql, ref, history.last?.id)
  const { known } = publication
  const read =
    known === undefined
      ? canonicalTariff(publication.object, {
          version,
          country_code: connection.countryCode,
          party_id: connection.partyId,
        })
      : { ok: true as const, tariff: known }
  const base = {
    ...ref,
    cpoId: connection.cpoId,
    raw: text,
    ocpiVersion: version,
    at: now,
    isConfirmation: known === undefined,
    marketCountry: uses[0]?.country ?? connection.countryCode,
    powerClass: classOf(uses) ?? null,
  }
  if (!read.ok) {
    const findings = asErrors(read.problems.slice(0, 200))
    const hash = `sha256:${sha256(text)}`
    const input: NewTariff = {
      ...base,
      currency: currencyOf(publication.object),
      status: 'invalid',
      problems: findings,
      hash,
    }
    const outcome = outcomeOf(history.last, input)
    return { input, tariff: undefined, findings, uses, anomaly: undefined, history, outcome }
  }
  return judged(sql, { publication, base, tariff: read.tariff, uses, history })
}

function currencyOf(object: unknown): string {
  const value: unknown =
    typeof object === 'object' && object !== null && 'currency' in object
      ? object.currency
      : undefined
  return typeof value === 'string' && isKnownCurrency(value.toUpperCase())
    ? value.toUpperCase()
    : ''
}

type Read = {
  publication: Publication
  base: Omit<NewTariff, 'currency' | 'status' | 'problems' | 'hash'>
  tariff: Tariff
  uses: TariffUse[]
  history: TariffHistory
}

async function judged(sql: Sql, read: Read): Promise<Examination> {
  const { publication, base, tariff, uses, history } = read
  const { now, connection } = publication
  const previous =
    history.inForce?.status === 'withdrawn' ? undefined : (history.inForce?.canonical ?? undefined)
  const review = reviewTariff(tariff, {
    now,
    markets: marketsAt(startOf(tariff, now)),
    partyCountry: connection.countryCode,
    usedAt: uses,
    previous,
  })
  const country = base.marketCountry ?? connection.countryCode
  const profile = profileFor(country, now)
  const standard =
    review.status === 'invalid' || profile === undefined
      ? undefined
      : standardPrices(tariff, profile, review.effectiveFrom)
  const { last } = history
  const findings = [...review.findings, ...asWarnings(unknownFields(publication.object))]
  if (review.status === 'valid' && profile !== undefined && standard === undefined)
    findings.push(unpriceable)
  const hash = hashTariff(tariff)
  const input: NewTariff = {
    ...base,
    currency: tariff.currency,
    status: findings.includes(unpriceable) ? 'invalid' : review.status,
    problems: findings,
    canonical: tariff,
    hash,
    priceHash: `sha256:${sha256(priceText(tariff))}`,
    effectiveFrom: review.effectiveFrom,
    soldUntil: review.soldUntil,
    marketLimits: review.marketLimits,
    standardMinor: standard ?? null,
  }
  // Nobody could buy under it while no charger named it: it is compared with others now.
  const isFirstUse = last?.version === 1 && last.powerClass === null && input.powerClass !== null
  const isNewPrice = input.priceHash !== last?.priceHash || last?.status === 'invalid' || isFirstUse
  const settings = isNewPrice
    ? await settingsNow(sql, { market: input.marketCountry ?? undefined, operator: input.cpoId })
    : {}
  const anomaly =
    standard === undefined || !isNewPrice
      ? undefined
      : await oddity(sql, input, standard, {
          history: isFirstUse ? noHistory : history,
          usualTimes: settings.usual_price_times ?? settingDefaults.usual_price_times,
        })
  if (anomaly !== undefined) {
    // Sold after this without a word of anybody: it is the CPO's public price (failures F19).
    const holdS = settings.price_hold_s ?? settingDefaults.price_hold_s
    const heldUntil =
      anomaly.lift === 'platform' ? never : new Date(Date.parse(now) + holdS * 1_000).toISOString()
    findings.push(heldFinding(anomaly, tariff.currency, heldUntil))
    Object.assign(input, { status: 'held', heldUntil, anomaly })
  } else if (last?.status === 'held' && !isNewPrice && last.hash !== hash) {
    // A new spelling of a held price is no confirmation of it.
    const { heldUntil, anomaly: figures } = last
    Object.assign(input, { status: 'held', heldUntil, anomaly: figures })
  }
  if (last?.hash === hash || input.status === 'held') {
    // Of a text that is at hand its own unknown fields are told, and a field that was mended is mended.
    const lasting = publication.known === undefined ? ofItsTime : [...ofItsTime, 'unknown_field']
    findings.push(...carried(last, lasting, findings))
  }
  return { input, tariff, findings, uses, anomaly, history, outcome: outcomeOf(last, input) }
}

const noHistory: TariffHistory = { last: undefined, inForce: undefined }

const unpriceable: Finding = {
  path: 'elements',
  rule: 'unpriceable',
  severity: 'error',
  message:
    'A standard session could not be priced with this tariff, so nothing can be sold under it.',
}

/** What is found when a version comes, and cannot be found again later. */
const ofItsTime = ['retroactive', 'anomaly']

/** What was said once about a version stays said when the same text comes again. */
function carried(
  last: TariffRow | undefined,
  rules: readonly string[],
  found: readonly Finding[],
): Finding[] {
  return (last?.problems ?? [])
    .filter(({ rule }) => rules.includes(rule))
    .filter(({ rule }) => found.every((finding) => finding.rule !== rule))
    .map(problemView)
}

/** What putTariff will make of it. */
function outcomeOf(last: TariffRow | undefined, input: NewTariff): PutTariffResult['outcome'] {
  if (last === undefined) return 'created'
  const isSame =
    last.hash === input.hash &&
    (last.status === input.status || (last.status === 'held' && input.status === 'valid'))
  return isSame ? 'unchanged' : 'new_version'
}

async function oddity(
  sql: Sql,
  input: NewTariff,
  next: readonly number[],
  { history, usualTimes }: { history: TariffHistory; usualTimes: number },
): Promise<Anomaly | undefined> {
  const { last, inForce } = history
  const { cpoId, currency, marketCountry: country, powerClass, at } = input
  const past = last === undefined ? [] : await soldPrices(sql, last.id, at)
  const isComparable = country !== null && country !== undefined && powerClass
  const peers = isComparable
    ? await peerPrices(sql, { cpoId, country, currency, powerClass }, at)
    : []
  const isSold =
    inForce?.status === 'valid' || (inForce?.status === 'held' && (inForce.heldUntil ?? '') <= at)
  return judgePrice({
    next,
    past,
    inForce: isSold ? (inForce.standardMinor ?? undefined) : undefined,
    peers,
    usualTimes,
  })
}

const basisNames: Record<Anomaly['basis'], string> = {
  own_history: 'of your prices until now',
  peers: 'of other operators in this country and class of power',
}

const liftedBy: Record<Anomaly['lift'], (until: string) => string> = {
  operator: (until) => `you confirm the price, or until ${until}`,
  time: (until) => `the platform confirms the price, or until ${until}`,
  platform: () => 'the platform confirms the price',
}

function heldFinding(anomaly: Anomaly, currency: string, heldUntil: string): Finding {
  const { energyKwh, durationS, price, median, sample } = anomaly
  return {
    path: 'elements',
    rule: 'anomaly',
    severity: 'warning',
    message: `${energyKwh} kWh in ${durationS / 60} min would cost ${inWords(money(price, currency))}, against a median of ${toDecimal(money(median, currency))} ${basisNames[anomaly.basis]} (${sample}). New quotes wait until ${liftedBy[anomaly.lift](heldUntil)}.`,
  }
}

export type Published = {
  tariff: TariffRow
  findings: Finding[]
  outcome: PutTariffResult['outcome']
}

/** Whether the market forbids it at some of the connectors that list it. */
const isKeptFromSale = ({ uses, input: { marketLimits = {} } }: Examination): boolean =>
  uses.some(({ country, powerW }) => powerW >= (marketLimits[country] ?? Number.POSITIVE_INFINITY))

/** Stores a tariff as published, whatever it is worth; only what was found fit is sold. Twice is once. */
export function publishTariff(sql: Sql, publication: Publication): Promise<Published> {
  return sql.transaction(async (tx) => {
    const history = await lockTariff(tx, refOf(publication), publication.now)
    const examined = await examine(tx, publication, history)
    const { tariff, outcome } = await putTariff(tx, examined.input)
    if (outcome !== 'unchanged') await tellPublished(tx, tariff, history.last, examined.findings)
    await tellUnsold(tx, tariff, examined.findings, isKeptFromSale(examined))
    return { tariff, findings: examined.findings, outcome }
  })
}

/** A tariff as its CPO published it, under the id we know it by: a change of case is no other tariff. */
export async function takeTariff(sql: Sql, published: PublishedTariff): Promise<TakenTariff> {
  const { channel, tariffId, object, text, edition, at } = published
  const ref = {
    connectionId: channel.id,
    countryCode: channel.countryCode,
    partyId: channel.partyId,
  }
  const present = await latestTariff(sql, { ...ref, ocpiId: tariffId })
  const id = present?.ocpiId ?? tariffId
  const { outcome, tariff, findings } = await publishTariff(sql, {
    connection: channel,
    ocpiId: id,
    object: { ...object, id },
    text,
    version: edition,
    now: at,
  })
  return { kind: outcome, tariffId: tariff.id, unsold: tariff.status === 'valid' ? [] : findings }
}

const problemView = ({ path, rule, message, severity }: TariffProblem | Finding): Finding => ({
  path,
  rule,
  message,
  severity: severity ?? 'error',
})

/** The CPO deleted the tariff; undefined when there is none. Told once. */
export function takeWithdrawal(
  sql: Sql,
  ref: TariffRef,
  at: string,
): Promise<TariffRow | undefined> {
  return sql.transaction(async (tx) => {
    const { last } = await lockTariff(tx, ref, at)
    const row = await withdrawTariff(tx, ref, at)
    if (row !== undefined && last !== undefined && row.version !== last.version)
      await tellWithdrawn(tx, row, last)
    return row
  })
}

/**
 * Judges the tariffs of a connection anew after its chargers changed, or those that one location lists: rules of power
 * and market depend on where a tariff is used, and a feed names its tariffs before the chargers that use them.
 */
export async function recheckTariffs(
  sql: Sql,
  connection: Publication['connection'],
  now: string,
  locationOcpiId?: string,
): Promise<number> {
  let changed = 0
  for (const row of await liveTariffs(sql, connection.id, locationOcpiId)) {
    const known = row.canonical
    if (known === null) continue
    const again: Publication = {
      connection: { ...connection, countryCode: row.countryCode, partyId: row.partyId },
      ocpiId: row.ocpiId,
      object: undefined,
      known,
      text: row.raw,
      version: row.ocpiVersion,
      now,
    }
    // Nothing is locked or written for the many whose judgement stands.
    const { input, outcome } = await examineTariff(sql, again)
    if (outcome === 'unchanged' && isSameUse(row, input)) continue
    const published = await publishTariff(sql, again)
    if (published.outcome !== 'unchanged') changed++
  }
  return changed
}

const isSameUse = (row: TariffRow, input: NewTariff) =>
  row.powerClass === input.powerClass &&
  row.marketCountry === input.marketCountry &&
  row.problems.length === input.problems.length &&
  row.problems.every(({ rule }, at) => rule === input.problems[at]?.rule)

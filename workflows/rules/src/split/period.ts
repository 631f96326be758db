/**
 * What a period comes to, rule by rule: its sessions again, in one order, each with what came before it. However they
 * arrived, the sums are these; what was booked otherwise is settled by an item of the period.
 */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { SplitPeriod } from '@chargelane/openapi/vocabulary/settlement/shares'
import { assert } from '../assert.ts'
import { add, money, subtract, sum } from '../money.ts'
import { divideHalfAway } from '../exact.ts'
import {
  dateOfDays,
  daysOfDate,
  daysOfText,
  formatInstant,
  localTimeAt,
  offsetAt,
  parseInstant,
} from '../rating/clock.ts'
import { isWithin, looksAtPeriod } from './amounts.ts'
import type { ShareRule } from './policy.ts'
import { emptySums, type PeriodFacts, type PeriodSums } from './sharing.ts'
import { splitSale } from './sale.ts'
import type { Split, SplitInput } from './split.ts'

const monthsOf: Record<SplitPeriod, number> = { month: 1, quarter: 3, year: 12 }

const dateText = (year: number, month: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`

/** The first local day of the period that an instant is in. */
export function periodAt(
  at: string,
  { period, time_zone }: { period: SplitPeriod; time_zone: string },
): string {
  const instant = parseInstant(at)
  assert(instant !== undefined, `${at} is no instant`)
  const { year, month } = dateOfDays(localTimeAt(instant, time_zone).days)
  const months = monthsOf[period]
  return dateText(year, Math.floor((month - 1) / months) * months + 1)
}

/** The first day of the period after one. */
export function nextPeriod(first: string, period: SplitPeriod): string {
  const [year = 0, month = 1] = first.split('-').map(Number)
  const { year: after, month: of } = dateOfDays(
    daysOfDate(year, month, 1) + monthsOf[period] * 31 + 2,
  )
  const months = monthsOf[period]
  return dateText(after, Math.floor((of - 1) / months) * months + 1)
}

/** The instant at which a period ends: local midnight of the first day after it. */
export function endOfPeriod(first: string, terms: PeriodTerms): string {
  return formatInstant(startOf(nextPeriod(first, terms.period), terms.time_zone))
}

type PeriodTerms = { period: SplitPeriod; time_zone: string }

function startOf(first: string, timeZone: string): number {
  const wall = parseInstant(`${first}T00:00:00Z`)
  assert(wall !== undefined, `${first} is no day`)
  // The offset of the day before may be another; a second look settles it.
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone)
}

/**
 * The rules as they count in a period, of which the version may share a part alone: rents and what is owed for a period
 * are those of the days that it was in force.
 */
export function rulesInPeriod(
  rules: readonly ShareRule[],
  {
    period,
    terms,
    from,
    until,
  }: { period: string; terms: PeriodTerms; from: string; until: string | null },
): ShareRule[] {
  const [first, end] = [period, nextPeriod(period, terms.period)].map((day) => daysOfText(day))
  const dayOf = (at: string) => localTimeAt(parseInstant(at) ?? 0, terms.time_zone).days
  const [begin = 0, last = 0] = [first, end]
  const days = last - begin
  const inForce =
    Math.min(last, until === null ? last : dayOf(until)) - Math.max(begin, dayOf(from))
  if (inForce >= days) return [...rules]
  const part = ({ amount, currency }: Money): Money =>
    money(
      Number(divideHalfAway(BigInt(amount) * BigInt(Math.max(0, inForce)), BigInt(days))),
      currency,
    )
  return rules.map(({ period_floor: floor, share, ...rule }) => ({
    ...rule,
    share: share.kind === 'per_period' ? { ...share, amount: part(share.amount) } : share,
    ...(floor === undefined ? {} : { period_floor: part(floor) }),
  }))
}

/** One sale as it stands: when its session ended, what it was split by, and what it came to. */
export type SharedSale = UnsplitSale & { split: Split }
export type UnsplitSale = { sessionId: string; endedAt: string; input: SplitInput }

export type RuleSums = PeriodSums & {
  rule: ShareRule
  /** What the rule comes to, net of tax, with what was carried. */
  total: Money
  /** What its legs came to when they were booked. */
  booked: Money
}

export const inOrder = (a: UnsplitSale, b: UnsplitSale): number =>
  a.endedAt === b.endedAt ? (a.sessionId < b.sessionId ? -1 : 1) : a.endedAt < b.endedAt ? -1 : 1

const netOf = (split: Split, rule: string, currency: string): Money =>
  split.legs.find(({ id }) => id === rule)?.net ?? money(0, currency)

type Running = Map<string, PeriodSums & { share: Money }>

/** The rules of a policy in a sale: those that may be cut; the agreement's own never are. */
const rulesOf = ({ policy }: SplitInput): ShareRule[] =>
  policy.rules.filter(({ shortfall }) => shortfall !== undefined)

/** What a sale adds to the sums of a rule, as it stands; one of which nothing is left adds nothing. */
export const addedBy = ({ sale, sharing }: SplitInput): PeriodSums => ({
  energy_wh: sale.net.amount === 0 ? 0 : (sharing?.facts.energy_wh ?? 0),
  turnover: sale.net,
  sessions: sale.net.amount === 0 ? 0 : 1,
})

const withAdded = <T extends PeriodSums>(before: T, added: PeriodSums): T => ({
  ...before,
  energy_wh: before.energy_wh + added.energy_wh,
  turnover: add(before.turnover, added.turnover),
  sessions: before.sessions + added.sessions,
})

/** What came before a sale by each rule that looks at its period, and with `wholes` what the period came to. */
function factsBefore(input: SplitInput, running: Running, currency: string, wholes?: Running) {
  const facts = rulesOf(input)
    .filter(looksAtPeriod)
    .map(({ id }): [string, PeriodFacts] => {
      const whole = wholes?.get(id)
      const before = running.get(id) ?? emptySums(currency)
      return [id, { before, ...(whole === undefined ? {} : { whole: sumsOf(whole) }) }]
    })
  return Object.fromEntries(facts)
}

type Pass = {
  running: Running
  carried: Map<string, Money>
  /** The sales as they would have been booked in this order. */
  made: SharedSale[]
}

/** One pass over the sales; with the sums of the whole period each tier is the one that the period reached. */
export function passOf(sales: readonly UnsplitSale[], currency: string, wholes?: Running): Pass {
  const running: Running = new Map()
  const carried = new Map<string, Money>()
  const none = money(0, currency)
  const made = sales.flatMap((sale): SharedSale[] => {
    const { sharing } = sale.input
    if (sharing === undefined) return []
    const periods = factsBefore(sale.input, running, currency, wholes)
    const input = { ...sale.input, sharing: { ...sharing, periods } }
    const result = splitSale(input)
    assert(result.ok, result.ok ? '' : result.message)
    const { split } = result
    for (const rule of rulesOf(input)) {
      if (!isWithin(rule, sharing)) continue
      const before = running.get(rule.id) ?? emptySums(currency)
      const share = add(before.share, netOf(split, rule.id, currency))
      running.set(rule.id, { ...withAdded(before, addedBy(input)), share })
      const left = split.unmet?.find((each) => each.rule === rule.id && each.becomes === 'carry')
      if (left !== undefined) carried.set(rule.id, add(carried.get(rule.id) ?? none, left.amount))
    }
    return [{ ...sale, input, split }]
  })
  return { running, carried, made }
}

const sumsOf = ({ energy_wh, turnover, sessions }: PeriodSums): PeriodSums => ({
  energy_wh,
  turnover,
  sessions,
})

/** What a period that has ended comes to by the rules that were in force, at one site. */
export function sumsOfPeriod(
  rules: readonly ShareRule[],
  sold: readonly SharedSale[],
  currency: string,
): RuleSums[] {
  const sales = sold.toSorted(inOrder)
  const first = passOf(sales, currency)
  const { running, carried } = passOf(sales, currency, first.running)
  return rules.map((rule) => {
    const sums = running.get(rule.id) ?? emptySums(currency)
    const shared = add(sums.share, carried.get(rule.id) ?? money(0, currency))
    const booked = sum(
      sales.map(({ split }) => netOf(split, rule.id, currency)),
      currency,
    )
    return { ...sumsOf(sums), rule, total: ofPeriod(rule, shared), booked }
  })
}

/** At least the minimum rent, at most the cap; a share of a period is owed whatever was sold. */
function ofPeriod(
  { share, period_floor: floor, period_cap: cap }: ShareRule,
  shared: Money,
): Money {
  if (share.kind === 'per_period') return share.amount
  if (floor !== undefined && shared.amount < floor.amount) return floor
  return cap !== undefined && shared.amount > cap.amount ? cap : shared
}

/** Why a period owes more, or less, than its sessions were booked with. */
export type SplitItemDetail = {
  /** `id@version` of the policy, its text and the rule as they were at the end of the period. */
  policy: string
  text: string
  rule: ShareRule
  sums: PeriodSums
  total: Money
  booked: Money
  /** Items of the same period before this one, in all. */
  settled: Money
  /** How it is taxed, in words. */
  tax: string
}

export type PeriodItem = {
  supplier: PartyRef
  recipient: PartyRef
  net: Money
  sums: RuleSums
}

/** What is still to be settled of a period; an item for each rule that was booked with another sum. */
export function itemsOfPeriod(
  sums: readonly RuleSums[],
  settledOf: (rule: ShareRule) => Money,
): PeriodItem[] {
  return sums.flatMap((each) => {
    const { rule, total, booked } = each
    const net = subtract(subtract(total, booked), settledOf(rule))
    const { supplier, recipient } = rule
    return net.amount === 0 ? [] : [{ supplier, recipient, net, sums: each }]
  })
}

/** Who may start at a place, and when: one answer for search, quotes, sessions and cards at a charger. */
import type { TokenType } from '@chargelane/openapi/vocabulary/trust/access'
import { type OpeningHours, standingAt } from './hours.ts'

/** All that are named have to hold; of those listed in one, any. Nothing named admits everybody. */
export type Admits = {
  partners?: string[] | undefined
  driver_groups?: string[] | undefined
  token_types?: TokenType[] | undefined
  /** Whoever charges under one of these contracts. */
  contracts?: string[] | undefined
}

export type AccessRule = {
  id: string
  name: string
  /** How narrowly it names the place. */
  level: 'evse' | 'location' | 'operator'
  admits: Admits
  hours: OpeningHours
  /** A session that began under it ends when it closes; its quote says so. */
  endsAtClose: boolean
}

export type Asker = {
  partner: string
  driverGroups: readonly string[]
  tokenType: TokenType
  /** Under which it would charge. */
  contracts: readonly string[]
}

export type Access =
  | { kind: 'admitted'; rule: AccessRule | null; closesAt: string | null; endsAtClose: boolean }
  | {
      kind: 'denied'
      reason: 'not_admitted' | 'closed'
      message: string
      rules: string[]
      opensAt: string | null
    }

const levels = ['evse', 'location', 'operator'] as const

/** The rules that count: those that name the place most narrowly. They grant: any of them is enough. */
function narrowest(rules: readonly AccessRule[]): AccessRule[] {
  const level = levels.find((each) => rules.some((rule) => rule.level === each))
  return rules.filter((rule) => rule.level === level)
}

const holds = (listed: readonly string[] | undefined, own: readonly string[]) =>
  listed === undefined || listed.some((each) => own.includes(each))

const isAdmitted = ({ admits }: AccessRule, asker: Asker): boolean =>
  holds(admits.partners, [asker.partner]) &&
  holds(admits.driver_groups, asker.driverGroups) &&
  holds(admits.token_types, [asker.tokenType]) &&
  holds(admits.contracts, asker.contracts)

const namesOf = (rules: readonly AccessRule[]) =>
  [...new Set(rules.map(({ name }) => name))].toSorted().join(', ')

type Open = { rule: AccessRule; until: string | null }

/** Of two open rules the one that serves the driver better: open longer, and cutting nobody off. */
function better(a: Open, b: Open): Open {
  if (a.until === b.until) {
    if (a.rule.endsAtClose === b.rule.endsAtClose) return a.rule.id <= b.rule.id ? a : b
    return a.rule.endsAtClose ? b : a
  }
  if (a.until === null) return a
  if (b.until === null) return b
  return a.until > b.until ? a : b
}

/** Without a rule a place is open to everybody, always. */
export function accessAt(
  place: { rules: readonly AccessRule[]; timeZone: string },
  asker: Asker,
  at: string,
): Access {
  const rules = narrowest(place.rules)
  if (rules.length === 0)
    return { kind: 'admitted', rule: null, closesAt: null, endsAtClose: false }
  const admitting = rules.filter((rule) => isAdmitted(rule, asker))
  if (admitting.length === 0)
    return {
      kind: 'denied',
      reason: 'not_admitted',
      message: `Charging here is for: ${namesOf(rules)}.`,
      rules: rules.map(({ id }) => id),
      opensAt: null,
    }
  const standings = admitting.map((rule) => ({
    rule,
    ...standingAt(rule.hours, at, place.timeZone),
  }))
  const [first, ...open] = standings.filter(({ isOpen }) => isOpen)
  if (first !== undefined) {
    const { rule, until } = open.reduce<Open>(better, first)
    return {
      kind: 'admitted',
      rule,
      closesAt: until,
      endsAtClose: rule.endsAtClose && until !== null,
    }
  }
  const opens = standings.flatMap(({ until }) => (until === null ? [] : [until])).toSorted()[0]
  return {
    kind: 'denied',
    reason: 'closed',
    message: `Closed now for: ${namesOf(admitting)}.${opens === undefined ? '' : ` Opens at ${opens}.`}`,
    rules: admitting.map(({ id }) => id),
    opensAt: opens ?? null,
  }
}

/** Statements of before as fixtures: a policy makes each of their amounts again to the minor unit, or is not activated. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { add, money, sum } from '../money.ts'
import type { TaxTreatment } from '../vat/vat.ts'
import type { Party } from './parties.ts'
import { partyKey } from './parties.ts'
import { type PolicyTerms, ruleIn, type ShareRule, standardPolicy } from './policy.ts'
import { inOrder, passOf, periodAt, sumsOfPeriod } from './period.ts'
import type { ShareParts, SharePlace } from './sharing.ts'
import type { SplitInput } from './split.ts'

/** A session of a statement of before: what was sold, net of tax, and what the platform and the partner took of it. */
export type GoldenSession = {
  session: string
  started_at: string
  ended_at: string
  energy_wh: number
  net: Money
  commission_bps: number
  partner_share_bps: number
  parts: ShareParts
  place: SharePlace
}

/** What a rule came to, net of tax: in a session, or beside all sessions where it names none. */
export type GoldenLine = { session: string | null; rule: string; amount: Money }

export type GoldenStatement = {
  sessions: readonly GoldenSession[]
  lines: readonly GoldenLine[]
}

export type GoldenDifference = {
  /** Null of what the period comes to beside its sessions. */
  session: string | null
  rule: string
  expected: Money
  found: Money
}

const sides = {
  seller: { role: 'cpo', id: 'cpo' },
  partner: { role: 'partner', id: 'partner' },
  platform: { role: 'platform', id: 'platform' },
} as const
const driver: PartyRef = { role: 'driver', id: 'driver' }

/** Statements are compared net of tax, so that a rate that has changed since is no difference. */
const untaxed: TaxTreatment = {
  category: 'O',
  rate: '0',
  jurisdiction: null,
  supplierVatId: null,
  legalRef: '',
  note: {},
  confidence: 'sourced',
}

const partyOf = (ref: PartyRef): Party => ({
  ...ref,
  country: '',
  vatId: null,
  vatChecked: false,
  business: true,
})

function inputOf(
  golden: GoldenSession,
  rules: readonly ShareRule[],
  terms: PolicyTerms,
): SplitInput {
  const { net, place, parts, started_at, ended_at, energy_wh } = golden
  const refs = new Map(
    [
      driver,
      ...Object.values(sides),
      ...rules.flatMap((rule) => [rule.supplier, rule.recipient]),
    ].map((ref): [string, PartyRef] => [partyKey(ref), ref]),
  )
  const shares = {
    id: 'golden',
    commission: { bps: golden.commission_bps },
    partnerShareBps: golden.partner_share_bps,
  }
  const policy = standardPolicy(shares, sides, rules)
  const empty = money(0, terms.currency)
  return {
    model: 'agency',
    sale: { net, vat: empty, gross: net, vat_lines: [] },
    at: started_at,
    placeCountry: '',
    parties: [...refs.values()].map(partyOf),
    seller: sides.seller,
    driver,
    policy,
    taxes: Object.fromEntries(
      ['sale', ...policy.rules.map(({ id }) => id)].map((id) => [id, untaxed]),
    ),
    sharing: {
      policy: { id: 'golden', version: 1 },
      period: periodAt(ended_at, terms),
      place,
      facts: { started_at, ended_at, energy_wh, parts },
      periods: {},
    },
  }
}

/** Not split yet: each is once what came before it is known. */
const saleOf = (golden: GoldenSession, rules: readonly ShareRule[], terms: PolicyTerms) => ({
  sessionId: golden.session,
  endedAt: golden.ended_at,
  input: inputOf(golden, rules, terms),
})

/** What the policy makes of a statement's sessions: every leg of a rule, and what each period comes to beside them. */
function linesOf({ sessions }: GoldenStatement, terms: PolicyTerms): GoldenLine[] {
  const rules = terms.rules.map((rule) => ruleIn(rule, sides))
  const { currency } = terms
  const ordered = sessions.map((golden) => saleOf(golden, rules, terms)).toSorted(inOrder)
  const groups = Map.groupBy(
    ordered,
    ({ endedAt, input }) => `${periodAt(endedAt, terms)} ${input.sharing?.place.site ?? ''}`,
  )
  return [...groups.values()].flatMap((group): GoldenLine[] => {
    // One after another, as they would have been booked.
    const { made } = passOf(group, currency)
    const ofSessions = made.flatMap(({ sessionId, split }) =>
      split.legs
        .filter(({ id }) => rules.some((rule) => rule.id === id))
        .map((leg): GoldenLine => ({ session: sessionId, rule: leg.id, amount: leg.net })),
    )
    const ofPeriod = sumsOfPeriod(rules, made, currency).map(
      ({ rule, total, booked: legs }): GoldenLine => ({
        session: null,
        rule: rule.id,
        amount: money(total.amount - legs.amount, currency),
      }),
    )
    return [...ofSessions, ...ofPeriod]
  })
}

const keyOf = ({ session, rule }: Pick<GoldenLine, 'session' | 'rule'>) =>
  `${session ?? ''} ${rule}`

function sumsByKey(lines: readonly GoldenLine[], currency: string): Map<string, Money> {
  const sums = new Map<string, Money>()
  for (const line of lines)
    sums.set(keyOf(line), add(sums.get(keyOf(line)) ?? money(0, currency), line.amount))
  return sums
}

/** Line by line what a policy makes otherwise than the statement; of rules that the statement does not name, nothing. */
export function differencesOf(statement: GoldenStatement, terms: PolicyTerms): GoldenDifference[] {
  const { currency } = terms
  const named = new Set(statement.lines.map(({ rule }) => rule))
  const found = linesOf(statement, terms).filter(({ rule }) => named.has(rule))
  const [want, have] = [sumsByKey(statement.lines, currency), sumsByKey(found, currency)]
  const all = new Map([...statement.lines, ...found].map((line) => [keyOf(line), line]))
  return [...all].flatMap(([key, { session, rule }]) => {
    const none = money(0, currency)
    const [expected, made] = [want.get(key) ?? none, have.get(key) ?? none]
    return expected.amount === made.amount ? [] : [{ session, rule, expected, found: made }]
  })
}

/** What all lines of a statement come to. */
export const totalOf = ({ lines }: GoldenStatement, currency: string): Money =>
  sum(
    lines.map(({ amount }) => amount),
    currency,
  )

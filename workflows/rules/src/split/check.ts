/** What stands against a policy before anybody is paid by it: each fault with the field that it is in. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import {
  type PolicyRule,
  saleBases,
  type Share,
  shareRulesMax,
} from '@chargelane/openapi/vocabulary/settlement/shares'
import { isTimeZone } from '../rating/clock.ts'
import { looksAtPeriod } from './amounts.ts'
import { type PolicyTerms, standardRuleIds } from './policy.ts'

export type PolicyFault = { param: string; message: string }

export type PolicyOwner = {
  /** Null of the platform's default policy. */
  cpo: string | null
  /** The platform may name whom it likes as payer; a CPO pays by itself. */
  isPlatform: boolean
  /** Accounts that exist and may be paid, by id. */
  accounts: ReadonlySet<string>
}

const roles = new Set(['cpo', 'partner', 'platform'])
const keyOf = ({ role, id }: PolicyRule['supplier']): string =>
  roles.has(role) ? role : `${role}:${id ?? ''}`

// ── Each rule by itself ─────────────────────────────────────────────────────────────────────────────────────────

type Named = [field: string, currency: string]

function currenciesOfShare(share: Share, at: string): Named[] {
  switch (share.kind) {
    case 'percentage':
      return []
    case 'fixed':
    case 'per_period':
      return [[`${at}.amount.currency`, share.amount.currency]]
    case 'per_kwh':
    case 'per_minute':
      return [[`${at}.currency`, share.currency]]
    case 'tiered':
      return share.tiers.flatMap((tier, index) =>
        currenciesOfShare(tier.share, `${at}.tiers.${index}.share`),
      )
  }
}

const limits = ['floor', 'cap', 'period_floor', 'period_cap'] as const

function currencyFaults(rule: PolicyRule, at: string, currency: string): PolicyFault[] {
  const bounds = limits.flatMap((name): Named[] => {
    const limit = rule[name]
    return limit === undefined ? [] : [[`${at}.${name}.currency`, limit.currency]]
  })
  return [...currenciesOfShare(rule.share, `${at}.share`), ...bounds]
    .filter(([, named]) => named !== currency)
    .map(([param, named]) => ({ param, message: `is ${named}, and the policy is in ${currency}` }))
}

function tierFaults({ share }: PolicyRule, at: string): PolicyFault[] {
  if (share.kind !== 'tiered') return []
  const { tiers, mode, by } = share
  return tiers.flatMap(({ from, share: tier }, index): PolicyFault[] => {
    const before = tiers[index - 1]?.from
    const param = `${at}.share.tiers.${index}`
    if (before === undefined && from !== 0)
      return [{ param: `${param}.from`, message: 'the first tier begins at 0' }]
    if (before !== undefined && from <= before)
      return [{ param: `${param}.from`, message: `tiers ascend, and the one before is ${before}` }]
    if (mode === 'marginal' && tier.kind === 'fixed' && by !== 'period_sessions')
      return [{ param: `${param}.share.kind`, message: 'a part of a session has no fixed amount' }]
    return []
  })
}

const isAbove = (a: Money | undefined, b: Money | undefined): boolean =>
  a !== undefined && b !== undefined && a.amount > b.amount

function limitFaults(rule: PolicyRule, at: string): PolicyFault[] {
  const { share, floor, cap, period_floor, period_cap, base } = rule
  if (share.kind === 'per_period') {
    const named = (['when', ...limits] as const).filter((name) => rule[name] !== undefined)
    const faults = named.map((name) => ({
      param: `${at}.${name}`,
      message: 'a share of a period has no session to look at',
    }))
    return base === 'sale'
      ? faults
      : [...faults, { param: `${at}.base`, message: 'a share of a period has `sale` as its base' }]
  }
  return [
    ...(isAbove(floor, cap) ? [{ param: `${at}.floor`, message: 'is more than the cap' }] : []),
    ...(isAbove(period_floor, period_cap)
      ? [{ param: `${at}.period_floor`, message: 'is more than the cap of the period' }]
      : []),
  ]
}

/** What is settled beside the sessions is between two parties; partners are many. */
function partnerFaults(rule: PolicyRule, at: string): PolicyFault[] {
  if (![rule.supplier.role, rule.recipient.role].includes('partner')) return []
  const { share, period_floor, period_cap, shortfall } = rule
  const isOfPeriod =
    share.kind === 'per_period' ||
    period_floor !== undefined ||
    looksAtPeriod({ share, period_cap })
  return [
    ...(isOfPeriod
      ? [{ param: `${at}.share`, message: 'a rule of the partner looks at no period' }]
      : []),
    ...(shortfall === 'carry'
      ? [{ param: `${at}.shortfall`, message: 'is `waive` for a rule of the partner' }]
      : []),
  ]
}

function conditionFaults({ when }: PolicyRule, at: string): PolicyFault[] {
  if (when === undefined) return []
  const { min_power_w: least, max_power_w: most, times = [] } = when
  const faults: PolicyFault[] = []
  if (least !== undefined && most !== undefined && least > most)
    faults.push({ param: `${at}.when.min_power_w`, message: 'is more than max_power_w' })
  for (const [index, { from, until }] of times.entries())
    if (from !== undefined && from === until)
      faults.push({
        param: `${at}.when.times.${index}.until`,
        message: 'is the start of the window',
      })
  return faults
}

// ── Rules and parties together ──────────────────────────────────────────────────────────────────────────────────

function partyFaults(rule: PolicyRule, at: string, { cpo, accounts }: PolicyOwner): PolicyFault[] {
  const sides = (['supplier', 'recipient'] as const).flatMap((side): PolicyFault[] => {
    const { role, id } = rule[side]
    if (role === 'driver')
      return [{ param: `${at}.${side}.role`, message: 'a driver pays its price and nothing else' }]
    if (id === undefined)
      return roles.has(role)
        ? []
        : [{ param: `${at}.${side}.id`, message: `names the account of the ${role}` }]
    if (!accounts.has(id)) return [{ param: `${at}.${side}.id`, message: 'is no account here' }]
    if (role === 'cpo' && id !== cpo)
      return [{ param: `${at}.${side}.id`, message: 'is not the operator of the policy' }]
    if (role === 'partner' || role === 'platform')
      return [{ param: `${at}.${side}.id`, message: `leave it out: the ${role} is the session’s` }]
    return []
  })
  const isSelf = keyOf(rule.supplier) === keyOf(rule.recipient)
  return isSelf ? [...sides, { param: `${at}.recipient`, message: 'pays itself' }] : sides
}

/** Whom money of a sale reaches from whom, by the agreement and the rules up to one. */
function reaches(rules: readonly PolicyRule[], from: string, to: string): boolean {
  const pays = new Map<string, Set<string>>([
    ['cpo', new Set(['platform'])],
    ['platform', new Set(['partner'])],
  ])
  for (const { supplier, recipient } of rules) {
    const known = pays.get(keyOf(recipient)) ?? new Set()
    pays.set(keyOf(recipient), known.add(keyOf(supplier)))
  }
  const seen = new Set<string>()
  const open = [from]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(pays.get(next) ?? []))
  }
  return false
}

/** A share is of the sale or of an earlier leg; what it pays never comes back to whoever pays it. */
function orderFaults(rules: readonly PolicyRule[], index: number, at: string): PolicyFault[] {
  const rule = rules[index]
  if (rule === undefined) return []
  const before = rules.slice(0, index)
  const known = [...saleBases, ...standardRuleIds, ...before.map(({ id }) => id)]
  const faults: PolicyFault[] = []
  if ([...saleBases, ...standardRuleIds, ...before.map(({ id }) => id)].includes(rule.id))
    faults.push({ param: `${at}.id`, message: `${rule.id} is taken` })
  if (rule.base === rule.id) faults.push({ param: `${at}.base`, message: 'is the rule itself' })
  else if (!known.includes(rule.base)) {
    const isLater = rules.slice(index + 1).some(({ id }) => id === rule.base)
    const message = isLater ? `${rule.base} comes after it` : `there is no ${rule.base}`
    faults.push({ param: `${at}.base`, message })
  }
  if (
    keyOf(rule.supplier) !== keyOf(rule.recipient) &&
    reaches(before, keyOf(rule.supplier), keyOf(rule.recipient))
  )
    faults.push({
      param: `${at}.recipient`,
      message: 'is paid by the supplier already: the money would go round',
    })
  return faults
}

const highestBps = (share: Share): number => {
  if (share.kind === 'percentage') return share.bps
  if (share.kind !== 'tiered') return 0
  return Math.max(0, ...share.tiers.map((tier) => highestBps(tier.share)))
}

/** Percentages of one base together: those that always count, and of the others each by itself. */
function sumFaults(rules: readonly PolicyRule[], index: number, at: string): PolicyFault[] {
  const rule = rules[index]
  if (rule === undefined) return []
  const always = rules
    .slice(0, index)
    .filter(({ base, when }) => base === rule.base && when === undefined)
    .reduce((sum, { share }) => sum + highestBps(share), 0)
  const own = highestBps(rule.share)
  if (own === 0 || always + own <= 10_000) return []
  const param = rule.share.kind === 'tiered' ? `${at}.share.tiers` : `${at}.share.bps`
  return [{ param, message: `makes ${(always + own) / 100} % of ${rule.base}` }]
}

/** A CPO gives of its own, and so may whoever is paid by it; nobody else is bound by its policy. */
function payerFaults(
  rules: readonly PolicyRule[],
  index: number,
  at: string,
  { isPlatform }: PolicyOwner,
): PolicyFault[] {
  const rule = rules[index]
  if (rule === undefined || isPlatform || rule.recipient.role === 'cpo') return []
  const payer = keyOf(rule.recipient)
  const ownLeg = rules
    .slice(0, index)
    .find(({ id, supplier }) => id === rule.base && keyOf(supplier) === payer)
  return ownLeg !== undefined && !roles.has(rule.recipient.role)
    ? []
    : [
        {
          param: `${at}.recipient`,
          message:
            'pays by the policy of another: only of a leg that it is paid by an earlier rule',
        },
      ]
}

/** Everything that is wrong with a policy; empty where it may be kept. */
export function faultsOfPolicy(terms: PolicyTerms, owner: PolicyOwner): PolicyFault[] {
  const { rules, currency, time_zone } = terms
  if (rules.length === 0 || rules.length > shareRulesMax)
    return [{ param: 'rules', message: `1 to ${shareRulesMax} rules, not ${rules.length}` }]
  const zone = isTimeZone(time_zone) ? [] : [{ param: 'time_zone', message: 'is no IANA zone' }]
  return [
    ...zone,
    ...rules.flatMap((rule, index) => {
      const at = `rules.${index}`
      return [
        ...orderFaults(rules, index, at),
        ...partyFaults(rule, at, owner),
        ...payerFaults(rules, index, at, owner),
        ...currencyFaults(rule, at, currency),
        ...tierFaults(rule, at),
        ...limitFaults(rule, at),
        ...conditionFaults(rule, at),
        ...partnerFaults(rule, at),
        ...sumFaults(rules, index, at),
      ]
    }),
  ]
}

/** Whether rules may stand beside commission and partner share of one sale, whose parties are all there are. */
export function validateLines(
  lines: readonly PolicyRule[],
  { parties, cpo, currency }: { parties: readonly PartyRef[]; cpo: string; currency: string },
): { ok: true } | { ok: false; message: string } {
  const owner = { cpo, isPlatform: true, accounts: new Set(parties.map(({ id }) => id)) }
  const terms = { text: '', currency, time_zone: 'UTC', period: 'month', rules: lines } as const
  const [fault] = lines.length === 0 ? [] : faultsOfPolicy(terms, owner)
  return fault === undefined
    ? { ok: true }
    : { ok: false, message: `${fault.param} ${fault.message}` }
}

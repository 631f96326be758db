/** Which values of a session's papers are for whom: each side reads its own terms, shares and money, nobody the other's. */
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { BookTerms, SaleState } from '../booking/sale.ts'
import type { SaleParties } from '../documents.ts'
import { accounts } from '../ledger/ledger.ts'
import type { Leg, Split, SplitInput } from '../split/split.ts'
import type { Reader, Secret } from './commitment.ts'

const sides: readonly Reader[] = ['partner', 'cpo']

/** The parties themselves, of whom only the two sides of a session read its papers; and whoever audits them. */
function readersOf(...roles: string[]): Reader[] {
  return [...sides.filter((side) => roles.includes(side)), 'auditor']
}
const auditor: Reader[] = ['auditor']

const legReaders = ({ supplier, recipient }: Record<'supplier' | 'recipient', { role: string }>) =>
  readersOf(supplier.role, recipient.role)

const indexed = <T>(at: string, list: readonly T[], readersFor: (item: T) => Reader[]): Secret[] =>
  list.map((item, index) => ({ at: `${at}/${index}`, readers: readersFor(item) }))

/** A leg that everybody takes part in through the driver's receipt is no secret. */
const isSecret = ({ readers }: Secret) => !sides.every((side) => readers.includes(side))
const kept = (secrets: Secret[]): Secret[] => secrets.filter(isSecret)

// ── Terms and shares ────────────────────────────────────────────────────────────────────────────────────────────

/** What an operator agreed with the payees of a site is theirs; how the driver pays is the partner's. */
const policySecrets = (at: string): Secret[] => [
  ...['name', 'text'].map((name) => ({ at: `${at}/${name}`, readers: readersOf('cpo') })),
  { at: `${at}/place/payer`, readers: readersOf('partner') },
]

/** What a rule was told of its period, and what of it is unmet, is of its own two sides. */
function sharingSecrets(
  at: string,
  { policy, sharing }: SplitInput,
  { unmet = [] }: Split,
): Secret[] {
  if (sharing === undefined) return []
  const readersFor = (id: string) => {
    const rule = policy.rules.find((each) => each.id === id)
    return rule === undefined ? auditor : legReaders(rule)
  }
  return [
    { at: `${at}/input/sharing/place/payer`, readers: readersOf('partner') },
    ...Object.keys(sharing.periods).map((id) => ({
      at: `${at}/input/sharing/periods/${id}`,
      readers: readersFor(id),
    })),
    ...indexed(`${at}/split/unmet`, unmet, ({ rule }) => readersFor(rule)),
  ]
}

/** The commission is named to both sides (R003); the partner's share of it is the partner's. */
export const agreementSecrets = (
  { agreement, partnership, accounts: parties }: SaleParties,
  roleOf: (accountId: string) => string,
): Secret[] => [
  ...(partnership === null
    ? []
    : ['partnerShareBps', 'benefitMode'].map((name) => ({
        at: `/partnership/${name}`,
        readers: readersOf('partner'),
      }))),
  ...kept(indexed('/agreement/policy/rules', agreement.policy?.rules ?? [], legReaders)),
  ...(agreement.policy === null ? [] : policySecrets('/agreement/policy')),
  ...parties.flatMap(({ id, vatCheck }, index): Secret[] => {
    const role = roleOf(id)
    const at = `/accounts/${index}`
    // Whoever else shares the sale does so by an agreement with the seller.
    if (!['partner', 'cpo', 'platform'].includes(role)) return [{ at, readers: readersOf('cpo') }]
    return [
      { at: `${at}/payoutCurrency`, readers: readersOf(role) },
      ...(vatCheck == null ? [] : [{ at: `${at}/vatCheck`, readers: readersOf(role) }]),
    ]
  }),
]

/** The sale itself is on the invoice that both sides have. */
const legSecrets = (at: string, legs: readonly Leg[]): Secret[] =>
  indexed(at, legs, legReaders).slice(1)

export function splitSecrets(
  at: string,
  { input, split, state }: { input: SplitInput; split: Split; state: Omit<SaleState, 'split'> },
): Secret[] {
  const own = ({ role }: PartyRef) => readersOf(role)
  return [
    ...kept(indexed(`${at}/input/policy/rules`, input.policy.rules, legReaders)),
    ...input.policy.rules.map(
      (rule): Secret => ({
        at: `${at}/input/taxes/${rule.id}`,
        readers: legReaders(rule),
      }),
    ),
    ...input.parties.flatMap((party, index): Secret[] =>
      ['driver', 'partner', 'cpo', 'platform'].includes(party.role)
        ? []
        : [{ at: `${at}/input/parties/${index}`, readers: readersOf('cpo') }],
    ),
    ...(input.plan === undefined ? [] : [{ at: `${at}/input/plan`, readers: own(input.plan.by) }]),
    ...(input.discountBy === undefined
      ? []
      : [{ at: `${at}/input/discountBy`, readers: own(input.discountBy) }]),
    ...sharingSecrets(at, input, split),
    ...legSecrets(`${at}/split/legs`, split.legs),
    ...indexed(`${at}/split/shares`, split.shares, ({ party }) => own(party)),
    { at: `${at}/split/tax`, readers: auditor },
    ...indexed(`${at}/split/contributions`, split.contributions, ({ by }) => own(by)),
    { at: `${at}/state/collected`, readers: readersOf('partner') },
    { at: `${at}/state/collected/fee`, readers: auditor },
    { at: `${at}/state/claim`, readers: readersOf('cpo') },
    ...(state.plan === undefined || input.plan === undefined
      ? []
      : [{ at: `${at}/state/plan`, readers: own(input.plan.by) }]),
    // That a bank took money back both sides know; what is kept back for it each reads of itself.
    ...indexed(`${at}/state/chargeback/reserved`, state.chargeback?.reserved ?? [], ({ party }) =>
      own(party),
    ),
    ...(state.disputeFee === undefined ? [] : [{ at: `${at}/state/disputeFee`, readers: auditor }]),
  ]
}

export const termsSecrets = (at: string, { payouts }: BookTerms): Secret[] =>
  indexed(`${at}/payouts`, payouts, ({ payee }) => readersOf(payee.role))

export const taxSecrets = (legs: readonly Leg[]): Secret[] => legSecrets('', legs)

/** Of a list of what is somebody's own: conversions, payables. */
export const ownSecrets = (list: readonly { role: string }[]): Secret[] =>
  indexed('', list, ({ role }) => readersOf(role))

// ── Money ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** How the driver pays is between the partner and its driver; what the provider keeps is the platform's. */
export const paymentSecrets = (payments: readonly unknown[]): Secret[] => [
  { at: '/payments', readers: readersOf('partner') },
  ...payments.map((_, index) => ({ at: `/payments/${index}/provider_fee`, readers: auditor })),
  { at: '/debt', readers: readersOf('partner') },
]

/** Postings on a side's own accounts are that side's; those on the platform's nobody's but the auditor's. */
export function ledgerSecrets(
  entries: readonly { kind: string | undefined; postings: readonly { account: string }[] }[],
  { partner, cpo }: Record<'partner' | 'cpo', string>,
): Secret[] {
  const owners = (account: string, kind: string | undefined): Reader[] => {
    if (kind === 'psp_fee') return auditor
    const segments = account.split(':')
    return readersOf(
      ...(segments.includes(partner) ? ['partner'] : []),
      ...(segments.includes(cpo) ? ['cpo'] : []),
      ...(account.startsWith(accounts.psp('')) ? ['partner'] : []),
    )
  }
  return entries.flatMap(({ kind, postings }, index) =>
    indexed(`/${index}/postings`, postings, ({ account }) => owners(account, kind)),
  )
}

/** The partner's terms of sale are in the quote that it was shown. */
export const quoteSecrets = (body: {
  discount?: unknown
  plan?: { funded_by: string }
}): Secret[] => [
  ...(body.discount === undefined ? [] : [{ at: '/body/discount', readers: readersOf('partner') }]),
  ...(body.plan === undefined
    ? []
    : [{ at: '/body/plan', readers: readersOf('partner', body.plan.funded_by) }]),
]

export const authorizationSecrets: Secret[] = [
  { at: '/driver', readers: readersOf('partner') },
  { at: '/payments', readers: readersOf('partner') },
]

/** What a driver pays under a plan is for whoever sells the plan. */
export const retailProofSecrets = (fundedBy: string): Secret[] => [
  { at: '', readers: readersOf('partner', fundedBy) },
]

// ── What happened ───────────────────────────────────────────────────────────────────────────────────────────────

export type TimelineLine = {
  room: string
  detail: Record<string, unknown>
  /** Of the line, the same in every view of it. */
  key: string
}

/** Rooms whose facts both sides may read. A room that is not named here tells its facts to the auditor alone. */
const openRooms = new Set([
  'aftercare',
  'cdr',
  'charging',
  'evidence',
  'invoice',
  'proof',
  'public-price',
  'record',
  'routing',
  'signals',
  'supply',
])
/** Rooms whose facts are of the driver's payment. */
const paymentRooms = new Set(['authorization', 'booking', 'capture', 'quote'])

const rolesIn = (value: unknown): string => {
  const party: unknown =
    typeof value === 'object' && value !== null && 'party' in value ? value.party : undefined
  return typeof party === 'object' && party !== null && 'role' in party ? String(party.role) : ''
}

function secretsOfLine({ room, detail }: TimelineLine): Omit<Secret, 'place'>[] {
  const names = Object.keys(detail)
  if (openRooms.has(room) || names.length === 0) return []
  if (paymentRooms.has(room)) return [{ at: '', readers: readersOf('partner') }]
  return names.flatMap((name) => {
    const value = detail[name]
    const at = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (room === 'split' && name === 'shares' && Array.isArray(value))
      return indexed(at, value, (share) => readersOf(rolesIn(share)))
    if (room === 'split' && name === 'revision') return []
    const isDebt = room === 'settlement' && ['debt', 'uncovered', 'liable'].includes(name)
    return [{ at, readers: isDebt ? readersOf('partner') : auditor }]
  })
}

/** Of the detail of one line of the timeline, with places that stay wherever the line stands. */
export const lineSecrets = (line: TimelineLine): Secret[] =>
  secretsOfLine(line).map(({ at, readers }) => ({
    at,
    readers,
    place: `timeline.json#${line.key}${at}`,
  }))

/** Of a whole timeline, in which each line has its facts under `detail`. */
export const timelineSecrets = (lines: readonly TimelineLine[]): Secret[] =>
  lines.flatMap((line, index) =>
    lineSecrets(line).map((secret) => ({ ...secret, at: `/${index}/detail${secret.at}` })),
  )

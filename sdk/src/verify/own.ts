/**
 * What one side can make again of a sale of which it does not see all: its own legs, share, payable and postings. What is
 * hidden from it is filled in so that nothing of its own depends on it, the same functions run, and what is open must agree.
 */
import { z } from 'zod'
import { isCommitted } from '@chargelane/rules/evidence/commitment'
import { accounts } from '@chargelane/rules/ledger'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import { add, money } from '@chargelane/rules/money'
import { dueOf, type Leg, type Split, type SplitInput } from '@chargelane/rules/split'
import { splitSale } from '@chargelane/rules/split/sale'
import { saleBases } from '@chargelane/openapi/vocabulary/settlement/shares'
import { type AgreedSale, agreedSale, sharedBy } from '@chargelane/rules/split/agreed'
import type { ShareRule } from '@chargelane/rules/split/policy'
import { fail, Hidden, mustBe, type Outcome, type Pack, Refused } from './pack.ts'
import { opaque, zAgreement, zQuote, zRevisionHead, zSession } from './shapes.ts'

/** As the driver is called in the papers of a sale. */
const driver = 'driver'

/** The document without what is hidden in it: such members and items are left out, or stand for themselves by name. */
function withoutHidden(value: unknown, stands: Readonly<Record<string, unknown>> = {}): unknown {
  if (Array.isArray(value))
    return value.filter((each) => !isCommitted(each)).map((each) => withoutHidden(each, stands))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]: [string, unknown]): [string, unknown][] => {
      if (!isCommitted(member)) return [[name, withoutHidden(member, stands)]]
      return name in stands ? [[name, stands[name]]] : []
    }),
  )
}

/** Throws where an open figure is another than the one found; what is hidden agrees with anything. */
export function mustAgree(path: string, stated: unknown, found: unknown, at = ''): void {
  if (isCommitted(stated)) return
  if (Array.isArray(stated) && Array.isArray(found)) {
    for (let index = 0; index < Math.max(stated.length, found.length); index += 1)
      mustAgree(path, stated[index], found[index], `${at}/${index}`)
    return
  }
  const [a, b] = [membersOf(stated), membersOf(found)]
  if (a === undefined || b === undefined) return mustBe(path, stated, found, at)
  for (const name of [...new Set([...a.keys(), ...b.keys()])].toSorted())
    mustAgree(path, a.get(name), b.get(name), `${at}/${name}`)
}

const membersOf = (value: unknown): Map<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined

// ── The sale as its reader sees it ──────────────────────────────────────────────────────────────────────────────

const zOwnRevision = z.object({
  ...zRevisionHead,
  input: opaque<
    Pick<SplitInput, 'at' | 'sale' | 'sharing' | 'whole'> & {
      plan?: SplitInput['plan'] | undefined
    }
  >(),
  split: z.object({
    legs: z.array(opaque<Leg>()),
    shares: z.array(opaque<Split['shares'][number]>()),
    contributions: z.array(opaque<Split['contributions'][number]>()),
  }),
  state: z.object({
    collected: opaque<SaleState['collected']>().optional(),
    claim: opaque<SaleState['claim']>().optional(),
    chargeback: opaque<NonNullable<SaleState['chargeback']>>().optional(),
    plan: opaque<NonNullable<SaleState['plan']>>().optional(),
    takenBack: opaque<NonNullable<SaleState['takenBack']>>().optional(),
  }),
})
type OwnRevision = z.infer<typeof zOwnRevision>
const zOwnSplit = z.object({
  ...zOwnRevision.shape,
  terms: z.object({
    debtor: opaque<BookTerms['debtor']>(),
    rates: z.array(opaque<BookTerms['rates'][number]>()),
  }),
  earlier: z.array(zOwnRevision),
})

export type Side = 'partner' | 'cpo'
export type OwnSale = {
  side: Side
  /** Of the account whose view it is. */
  account: string
  agreed: AgreedSale
  terms: BookTerms
  revisions: { stated: OwnRevision; split: Split; state: SaleState }[]
}

/** Parties, policy and taxes by what the reader sees of the agreement. */
export function ownAgreed(pack: Pack, at: string): AgreedSale {
  const session = pack.json('session.json', zSession)
  const stands = {
    partnerShareBps: 0,
    benefitMode: 'revenue_share',
    payoutCurrency: session.currency,
  }
  const { partner, cpo, ...kept } = zAgreement.parse(
    withoutHidden(pack.parsed('agreement.json'), stands),
  )
  mustBe(
    'agreement.json',
    { partner, cpo },
    { partner: session.partner.id, cpo: session.seller.id },
  )
  const { discount, distribution } = zQuote.parse(withoutHidden(pack.parsed('quote.json'))).body
  mustBe('quote.json', distribution, distribution && { ...distribution, ...sharedBy(kept) })
  return agreedSale({ kept, cpo, partner, driver, discount, country: session.place.country, at })
}

/** Whether a rule can be computed by what its reader sees: its base, and what its condition asks. */
function isKnowable(
  { base, when }: ShareRule,
  seen: readonly ShareRule[],
  sharing: SplitInput['sharing'],
): boolean {
  const isOfSale = saleBases.some((each) => each === base)
  if (!isOfSale && !seen.some(({ id }) => id === base)) return false
  return when?.payers === undefined || sharing?.place.payer !== undefined
}

/** A rule that rests on what its reader does not see is taken at its word. */
function asStated(rule: ShareRule, legs: readonly Leg[]): ShareRule {
  const { id, fee_type, supplier, recipient, document } = rule
  const amount = legs.find((leg) => leg.id === id)?.net ?? null
  if (amount === null) throw new Hidden('split.json', `/split/legs/${id}`)
  const share = { kind: 'fixed' as const, amount }
  return { id, fee_type, supplier, recipient, base: 'sale', share, document }
}

/** The split that has the reader's own legs in it. */
function splitAgain(agreed: AgreedSale, { input, split }: OwnRevision): Split {
  const { sale, plan, sharing, whole } = input
  mustBe('split.json', sale.gross, add(sale.net, sale.vat), '/input/sale/gross')
  const seen = agreed.policy.rules
  const rules = seen.map((rule) => {
    if (rule.shortfall !== undefined && !isKnowable(rule, seen, sharing))
      return asStated(rule, split.legs)
    return rule
  })
  const { debtor: _debtor, payouts: _payouts, ...shared } = agreed
  const policy = { ...agreed.policy, rules }
  const made = splitSale({
    ...shared,
    policy,
    sale,
    ...(plan === undefined ? {} : { plan }),
    ...(sharing === undefined ? {} : { sharing }),
    ...(whole === undefined ? {} : { whole }),
  })
  if (!made.ok) throw new Refused(fail(`split.json: ${made.message}`, 'split.json'))
  return made.split
}

function stateOf(split: Split, { state }: OwnRevision): SaleState {
  const due = dueOf(split)
  const none = money(0, due.currency)
  const { chargeback, plan, takenBack } = state
  return {
    ...(chargeback === undefined ? {} : { chargeback }),
    ...(plan === undefined ? {} : { plan }),
    ...(takenBack === undefined ? {} : { takenBack }),
    split,
    collected: state.collected ?? {
      captured: due,
      owed: none,
      fee: null,
      source: accounts.psp(due.currency),
    },
    claim: state.claim ?? { granted: none, held: none },
  }
}

/** What the reader can find out by itself; for whom it is hidden, what it is told. */
async function openOr<T>(find: () => Promise<T>, told: T): Promise<T> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof Hidden) return told
    throw error
  }
}

/** No more of a price that fell is paid by a plan than is left of it. */
export function planAt(
  plan: SplitInput['plan'],
  { gross }: SplitInput['sale'],
): SplitInput['plan'] {
  if (plan === undefined || plan.amount.amount <= gross.amount) return plan
  return gross.amount === 0 ? undefined : { ...plan, amount: gross }
}

/** Throws `Hidden` for a reader that has no share of its own in the sale. */
export async function ownSale(
  pack: Pack,
  planOf: () => Promise<SplitInput['plan']>,
): Promise<OwnSale> {
  const raw = pack.parsed('split.json')
  const { terms, earlier, ...now } = zOwnSplit.parse(withoutHidden(raw, { fee: null }))
  const session = pack.json('session.json', zSession)
  const accountOf = { partner: session.partner.id, cpo: session.seller.id }
  const side = (['partner', 'cpo'] as const).find((role) =>
    now.split.shares.some(({ party }) => party.role === role && party.id === accountOf[role]),
  )
  if (side === undefined) throw new Hidden('split.json', '/split/shares')
  const agreed = ownAgreed(pack, now.input.at)
  const plan = planAt(await openOr(planOf, now.input.plan), now.input.sale)
  const revisions = [...earlier, { ...now, input: { ...now.input, plan } }].map((stated) => {
    const split = splitAgain(agreed, stated)
    return { stated, split, state: stateOf(split, stated) }
  })
  return {
    side,
    account: accountOf[side],
    agreed,
    terms: { ...terms, payouts: agreed.payouts },
    revisions,
  }
}

const zEntryHeads = z.array(z.object({ key: z.string(), kind: z.string() }))
const unpaid = [
  'debt',
  'shortfall',
  'debt_paid',
  'debt_waived',
  'debt_written_off',
  'plan_contribution',
]

/** Whether a part of the price was not captured: what became of it is the partner's, and decides what is paid when. */
export const waitsForHidden = (pack: Pack, { side }: OwnSale): boolean =>
  side === 'cpo' && pack.open('ledger.json', zEntryHeads).some(({ kind }) => unpaid.includes(kind))

/** Of the reader: what it supplied and received, with its tax; together its share. */
export function ownSplitAgrees(pack: Pack, sale: OwnSale): string {
  const raw = z.looseObject({ earlier: z.array(z.unknown()) }).parse(pack.parsed('split.json'))
  const { debtor: _debtor, payouts, ...expected } = sale.agreed
  for (const [index, { stated, split }] of sale.revisions.entries()) {
    const isNow = index === sale.revisions.length - 1
    const at = isNow ? '' : `/earlier/${index}`
    mustBe('split.json', stated.revision, index + 1, `${at}/revision`)
    const whole = z
      .looseObject({ input: z.looseObject({}), split: z.unknown() })
      .parse(isNow ? raw : raw.earlier[index])
    const { sale: _sale, plan: _plan, sharing: _sharing, whole: _whole, ...input } = whole.input
    mustAgree('split.json', input, expected, `${at}/input`)
    mustAgree('split.json', whole.split, split, `${at}/split`)
  }
  mustAgree(
    'split.json',
    z.looseObject({ payouts: z.unknown() }).parse(raw['terms']).payouts,
    payouts,
    '/terms/payouts',
  )
  const last = sale.revisions.at(-1)
  if (last === undefined) return 'nothing was shared'
  const { legs, shares } = last.split
  const share = shares.find(({ party }) => party.role === sale.side)?.amount
  const own = legs.filter(({ supplier, recipient }) =>
    [supplier.role, recipient.role].includes(sale.side),
  )
  return `${own.map(({ id }) => id).join(', ')} by the agreement and the law: a share of ${share?.amount}`
}

/** The whole check for whoever sees all it needs; for a side the check of what is its own. */
export async function wholeOrOwn(
  whole: () => Promise<Outcome>,
  own: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await whole()
  } catch (error) {
    if (error instanceof Hidden) return own()
    throw error
  }
}

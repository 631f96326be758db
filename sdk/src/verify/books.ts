/** What the books say of a sale, leg by leg, and what each payee is owed and paid of it. */
import { z } from 'zod'
import { type Money, zMoney } from '@chargelane/openapi/vocabulary/money'
import { compareExact, exact, times } from '@chargelane/rules/exact'
import { energyOf } from '@chargelane/rules/rating/usage'
import { type Booking, bookingOf, kindOfSale } from '@chargelane/rules/booking'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import {
  accounts,
  type Entry,
  type EntryKind,
  heldClaim,
  mirrored,
  type Movement,
  refundMovements,
} from '@chargelane/rules/ledger'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { manifestPath } from '@chargelane/rules/evidence'
import { partyKey } from '@chargelane/rules/split/parties'
import { isCommitted } from '@chargelane/rules/evidence/commitment'
import { type OwnSale, ownSale, waitsForHidden, wholeOrOwn } from './own.ts'
import { fail, Hidden, mustBe, type Outcome, type Pack, Refused, same, shown } from './pack.ts'
import { judgeAgain, pricedAgain } from './price.ts'
import { planOf, stateOf } from './sale.ts'
import { hasRecord } from './seal.ts'
import {
  type SaleRevision,
  zLedger,
  zManifest,
  zPayables,
  zPayment,
  zQuoteHead,
  zSession,
} from './shapes.ts'

type Head = { key: string; kind: string }
type Stated = Head & { postings: Entry['postings'] }

/** A change of the sale, and the state it leads to. */
type Changed = Pick<SaleRevision, 'revision' | 'name' | 'basis'> & { after: SaleState }
type Sale = { changes: Changed[]; terms: BookTerms }

function wholeSale(pack: Pack): Sale {
  const { revisions, terms } = stateOf(pack)
  return {
    changes: revisions.map((each) => ({ ...each, after: { ...each.state, split: each.split } })),
    terms,
  }
}

const changesOf = ({ revisions, terms }: OwnSale): Sale => ({
  changes: revisions.map(({ stated, state }) => ({ ...stated, after: state })),
  terms,
})

/** The kind of a change is in the books alone; what it is called moves no money. */
function kindOf(
  { revision, basis, after }: Changed,
  stated: readonly Head[],
  key: string,
): EntryKind {
  if (revision === 1) return kindOfSale(after, basis === 'provisional')
  const kinds = [
    'true_up',
    'refund',
    'credit',
    'dispute',
    'debt_paid',
    'debt_waived',
    'debt_written_off',
    'claim_granted',
    'plan_funded',
    'suspense_release',
  ] as const
  const said = stated.find((entry) => entry.key === key)?.kind
  return kinds.find((kind) => kind === said) ?? 'true_up'
}

/** Every booking of the sale, made again from the states between which it leads. */
function bookingsOf(
  pack: Pack,
  { changes, terms }: Sale,
  stated: readonly Head[],
): { revision: Changed; booking: Booking }[] {
  const { id: sessionId } = pack.json('session.json', zSession)
  return changes.map((revision, index) => {
    const before = changes[index - 1]?.after
    const { name, after } = revision
    const booking = bookingOf({
      sessionId,
      name,
      kind: kindOf(revision, stated, `${sessionId}:${name}`),
      ...(before === undefined ? {} : { before }),
      after,
      terms,
    })
    return { revision, booking }
  })
}

/** What an entry may move that no change of the sale asks for: a claim aside, or a refund that did not stay given. */
function movedAside(pack: Pack, { kind, postings: [first] }: Stated): Movement[][] {
  if (first === undefined) return []
  const { seller, partner } = pack.json('session.json', zSession)
  const { amount: signed, currency } = first.amount
  const amount = { amount: Math.abs(signed), currency }
  if (kind === 'difference' || kind === 'suspense_release') {
    const held = [heldClaim(seller.id, amount)]
    return [held, mirrored(held)]
  }
  if (kind !== 'refund_failed' && kind !== 'refund_repeated' && kind !== 'refund_by_bank') return []
  const { payments } = pack.json('payment.json', zPayment)
  return payments
    .filter(({ refunds }) => refunds.some((refund) => same(refund.amount, amount)))
    .map((payment) => {
      const source = kindFacts[payment.kind].ledgerAccount(partner.id, currency)
      return [...refundMovements[kind]({ source, amount })]
    })
}

/** A claim above the price stands between two accounts of its operator, what a driver is still owed between ours. */
function checkAside(pack: Pack, stated: Stated, index: number): void {
  for (const movements of movedAside(pack, stated)) {
    const expected = movements.flatMap(({ debit, credit, amount }) => [
      { account: debit, amount },
      { account: credit, amount: { ...amount, amount: -amount.amount } },
    ])
    if (same(byAccount(stated.postings), byAccount(expected))) return
  }
  throw new Refused(
    fail(`ledger.json: ${stated.key} is asked for by nothing`, 'ledger.json', `/${index}`),
  )
}

const byAccount = (postings: Entry['postings']) =>
  postings.toSorted((a, b) => (a.account < b.account ? -1 : 1))

function checkTimes(pack: Pack, at: string, index: number): void {
  const { sealed_at: sealed } = pack.json(manifestPath, zManifest)
  const { created_at: quoted } = pack.json('quote.json', zQuoteHead).body
  if (Date.parse(at) < Date.parse(quoted) || Date.parse(at) > Date.parse(sealed))
    throw new Refused(
      fail(
        `ledger.json: /${index}/effective_at is ${at}, not between the quote and the seal`,
        'ledger.json',
        `/${index}/effective_at`,
      ),
    )
}

/** Every entry is one that the sale or a change of it asks for, posting by posting. */
export const checkLedger = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    () => checkWholeLedger(pack),
    () => checkOwnLedger(pack),
  )

async function checkWholeLedger(pack: Pack): Promise<Outcome> {
  const stated = pack.json('ledger.json', zLedger)
  const asked = pack.has('split.json')
    ? bookingsOf(pack, wholeSale(pack), stated).flatMap(({ booking }) => booking.entries)
    : []
  const known = new Set<string>()
  for (const [index, entry] of stated.entries()) {
    checkTimes(pack, entry.effective_at, index)
    if (known.has(entry.key))
      return fail(`ledger.json: ${entry.key} is booked twice`, 'ledger.json', `/${index}/key`)
    known.add(entry.key)
    const expected = asked.find(({ key }) => key === entry.key)
    if (expected === undefined) checkAside(pack, entry, index)
    else {
      mustBe('ledger.json', entry.kind, expected.kind, `/${index}/kind`)
      const postings = byAccount(expected.postings)
      mustBe('ledger.json', byAccount(entry.postings), postings, `/${index}/postings`)
    }
  }
  const missing = asked.find(({ key }) => !known.has(key))
  if (missing !== undefined)
    return fail(`ledger.json: ${missing.key} is missing`, 'ledger.json', `/${stated.length}`)
  return `${stated.length} entries, each posting as the sale asks`
}

/** What stands on the reader's own accounts, and on the provider's that its driver paid by. */
async function checkOwnLedger(pack: Pack): Promise<Outcome> {
  const stated = pack.open('ledger.json', zOpenLedger)
  const own = pack.has('split.json') ? await ownSale(pack, () => planOf(pack)) : undefined
  const asked =
    own === undefined
      ? []
      : bookingsOf(pack, changesOf(own), stated).flatMap(({ booking }) => booking.entries)
  const isOwn = ({ account }: { account: string }, kind: string) =>
    own !== undefined &&
    (account.split(':').includes(own.account) ||
      (own.side === 'partner' && kind !== 'psp_fee' && account.startsWith(accounts.psp(''))))
  const isHidden = own !== undefined && waitsForHidden(pack, own)
  let shownPostings = 0
  for (const [index, { key, kind, effective_at: at, postings }] of stated.entries()) {
    checkTimes(pack, at, index)
    const open = postings.flatMap((each) => zPosting.safeParse(each).data ?? [])
    shownPostings += open.length
    const expected = asked.find((entry) => entry.key === key)
    if (expected !== undefined && !isHidden) {
      mustBe('ledger.json', kind, expected.kind, `/${index}/kind`)
      const wanted = byAccount(expected.postings.filter((posting) => isOwn(posting, kind)))
      mustBe('ledger.json', byAccount(open), wanted, `/${index}/postings`)
    } else if (expected === undefined && open.length === postings.length && !isHidden)
      checkAside(pack, { key, kind, postings: open }, index)
  }
  const missing = asked.find(
    ({ key, kind, postings }) =>
      !stated.some((entry) => entry.key === key) && postings.some((each) => isOwn(each, kind)),
  )
  if (isHidden) throw new Hidden('split.json', '/state/collected')
  if (missing !== undefined)
    return fail(`ledger.json: ${missing.key} is missing`, 'ledger.json', `/${stated.length}`)
  return `${stated.length} entries; ${shownPostings} postings of its own, each as the sale asks`
}

const zPosting = z.object({ account: z.string(), amount: zMoney })
const zOpenLedger = z.array(
  z.object({
    key: z.string(),
    kind: z.string(),
    effective_at: z.string(),
    postings: z.array(z.unknown()),
  }),
)

/** Each payee is owed what the sale and its changes give it, and nothing is owed to anybody else. */
export const checkSettlement = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    () => checkWholeSettlement(pack),
    () => checkOwnSettlement(pack),
  )

async function checkWholeSettlement(pack: Pack): Promise<Outcome> {
  const stated = pack.json('settlement.json', zPayables)
  return owedAgain(
    pack,
    stated.map((item, index) => ({ item, index })),
    wholeSale(pack),
  )
}

/** The reader's own; what the others are owed is theirs. */
async function checkOwnSettlement(pack: Pack): Promise<Outcome> {
  const own = await ownSale(pack, () => planOf(pack))
  if (waitsForHidden(pack, own)) throw new Hidden('split.json', '/state/collected')
  const items = pack.open('settlement.json', z.array(z.unknown())).flatMap((each, index) => {
    if (isCommitted(each)) return []
    const parsed = zPayables.element.safeParse(each)
    if (parsed.success) return [{ item: parsed.data, index }]
    const at = `/${index}/${parsed.error.issues[0]?.path.join('/') ?? ''}`
    throw new Refused(fail(`settlement.json: ${at} is malformed`, 'settlement.json', at))
  })
  return owedAgain(pack, items, changesOf(own), own.side)
}

type Payee = z.infer<typeof zPayables>[number]

function owedAgain(
  pack: Pack,
  stated: readonly { item: Payee; index: number }[],
  sale: Sale,
  role?: string,
): Outcome {
  const { sla_deadline: due } = pack.json('session.json', zSession)
  const left = bookingsOf(pack, sale, []).flatMap(({ revision, booking }) =>
    booking.payables
      .filter(({ payee }) => role === undefined || payee.role === role)
      .map(({ payee, amount, detail }) => ({
        revision: revision.revision,
        provisional: revision.basis === 'provisional',
        payee: payee.id,
        role: payee.role,
        amount,
        detail,
      })),
  )
  for (const { item, index } of stated) {
    const { state, settlement, payout_reference, paid_at, sla_deadline, ...owed } = item
    const isOf = (each: (typeof left)[number]) =>
      each.revision === item.revision && each.role === item.role && each.payee === item.payee
    const found =
      left.find((each) => isOf(each) && same(each.detail, item.detail)) ?? left.find(isOf)
    if (found === undefined)
      return fail(
        `settlement.json: ${partyKey({ role: item.role, id: item.payee })} is owed something and has no share`,
        'settlement.json',
        `/${index}/payee`,
      )
    mustBe('settlement.json', owed, found, `/${index}`)
    left.splice(left.indexOf(found), 1)
    if (item.revision === 1 && due !== null)
      mustBe('settlement.json', sla_deadline, due, `/${index}/sla_deadline`)
    checkPayout({ state, settlement, payout_reference, paid_at }, index)
  }
  const [missing] = left
  if (missing !== undefined)
    return fail(
      `settlement.json: the ${missing.role} is owed ${shown(missing.amount)}, which is not there`,
      'settlement.json',
      `/${stated.length}`,
    )
  const paid = stated.filter(({ item }) => item.state === 'paid').length
  return `${paid} of ${stated.length} ${role === undefined ? 'payees' : 'own payables'} paid when this was sealed`
}

type Payout = {
  state: string | null
  settlement: string | null
  payout_reference: string | null
  paid_at: string | null
}

/** Whoever is paid was paid at a time and under a reference; what no settlement collected was not. */
function checkPayout(
  { state, settlement, payout_reference, paid_at }: Payout,
  index: number,
): void {
  const isPaid = state === 'paid'
  const isNamed = payout_reference !== null && paid_at !== null
  if ((isPaid && !isNamed) || (state === null) !== (settlement === null))
    throw new Refused(
      fail(
        `settlement.json: /${index}/state is ${state ?? 'open'}, and its payout says otherwise`,
        'settlement.json',
        `/${index}/state`,
      ),
    )
}

/** What money is only when something was sold. */
const soldStates = ['captured', 'settling', 'settled', 'refunded', 'debt']
const forgivenWh = exact('100')

/** What the record asks for that had to be sold; a little energy that nobody could pay for is forgiven. */
function sellableOf(pack: Pack): Money | undefined {
  if (!hasRecord(pack)) return undefined
  const { verdict } = judgeAgain(pack)
  const { payable, kind } = verdict
  if (payable === null || kind === 'quarantined' || kind === 'rejected') return undefined
  const { payments } = pack.json('payment.json', zPayment)
  const isFunded = payments.some(({ status }) => status !== 'declined')
  const energyWh = times(exact(energyOf(pricedAgain(pack))), exact('1000'))
  const isForgiven = !isFunded && compareExact(energyWh, forgivenWh) < 0
  return payable.gross.amount === 0 || isForgiven ? undefined : payable.gross
}

/** Without a sale nothing may have been taken, owed or booked, and nothing may have been to sell. */
export const checkNothingSold = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    () => checkNothingTaken(pack),
    async () => checkNothingOwed(pack),
  )

/** What was taken of the driver is between the driver and its partner; that nobody is owed anything is everybody's. */
function checkNothingOwed(pack: Pack): Outcome {
  const owed = pack.open('settlement.json', z.array(z.unknown()))
  if (owed.length > 0)
    return fail('settlement.json: a payee is owed for nothing', 'settlement.json', '/0')
  const { money_status: said } = pack.json('session.json', zSession)
  if (soldStates.includes(said))
    return fail(`session.json: ${said}, and no sale`, 'session.json', '/money_status')
  return 'nothing was owed or settled'
}

async function checkNothingTaken(pack: Pack): Promise<Outcome> {
  const { payments, debt } = pack.json('payment.json', zPayment)
  if (debt !== null)
    return fail(
      `payment.json: a debt of ${shown(debt.amount)} without a sale`,
      'payment.json',
      '/debt',
    )
  const taken = payments.findIndex(({ captured }) => (captured?.amount ?? 0) > 0)
  if (taken >= 0)
    return fail(
      'payment.json: something was captured without a sale',
      'payment.json',
      `/payments/${taken}/captured`,
    )
  const owed = checkNothingOwed(pack)
  if (typeof owed !== 'string') return owed
  const sellable = sellableOf(pack)
  if (sellable !== undefined)
    return fail(
      `verdict.json: the record comes to ${shown(sellable)}, and its sale is not there`,
      'verdict.json',
      '/verdict/payable/gross',
    )
  return 'nothing was captured, owed or settled, and nothing was to be'
}

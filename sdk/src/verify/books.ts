/** What the books say of a sale, leg by leg, and what each payee is owed and paid of it. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compareExact, exact, times } from '@chargelane/rules/exact'
import { energyOf } from '@chargelane/rules/rating/usage'
import { type Booking, bookingOf, kindOfSale } from '@chargelane/rules/booking'
import type { SaleState } from '@chargelane/rules/booking/sale'
import {
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
import { fail, mustBe, type Outcome, type Pack, Refused, same, shown } from './pack.ts'
import { judgeAgain, pricedAgain } from './price.ts'
import { stateOf } from './sale.ts'
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

type Stated = { key: string; kind: string; postings: Entry['postings'] }

const stateIn = ({ state, split }: SaleRevision): SaleState => ({ ...state, split })

/** The kind of a change is in the books alone; what it is called moves no money. */
function kindOf(revision: SaleRevision, stated: readonly Stated[], key: string): EntryKind {
  if (revision.revision === 1)
    return kindOfSale(stateIn(revision), revision.basis === 'provisional')
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
  stated: readonly Stated[],
): { revision: SaleRevision; booking: Booking }[] {
  const { id: sessionId } = pack.json('session.json', zSession)
  const { revisions, terms } = stateOf(pack)
  return revisions.map((revision, index) => {
    const before = revisions[index - 1]
    const { name } = revision
    const booking = bookingOf({
      sessionId,
      name,
      kind: kindOf(revision, stated, `${sessionId}:${name}`),
      ...(before === undefined ? {} : { before: stateIn(before) }),
      after: stateIn(revision),
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
export async function checkLedger(pack: Pack): Promise<Outcome> {
  const stated = pack.json('ledger.json', zLedger)
  const asked = pack.has('split.json')
    ? bookingsOf(pack, stated).flatMap(({ booking }) => booking.entries)
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

/** Each payee is owed what the sale and its changes give it, and nothing is owed to anybody else. */
export async function checkSettlement(pack: Pack): Promise<Outcome> {
  const stated = pack.json('settlement.json', zPayables)
  const { sla_deadline: due } = pack.json('session.json', zSession)
  const left = bookingsOf(pack, []).flatMap(({ revision, booking }) =>
    booking.payables.map(({ payee, amount, detail }) => ({
      revision: revision.revision,
      provisional: revision.basis === 'provisional',
      payee: payee.id,
      role: payee.role,
      amount,
      detail,
    })),
  )
  for (const [index, item] of stated.entries()) {
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
  const paid = stated.filter((item) => item.state === 'paid').length
  return `${paid} of ${stated.length} payees paid when this was sealed`
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
export async function checkNothingSold(pack: Pack): Promise<Outcome> {
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
  const owed = pack.json('settlement.json', zPayables)
  if (owed.length > 0)
    return fail('settlement.json: a payee is owed for nothing', 'settlement.json', '/0')
  const { money_status: said } = pack.json('session.json', zSession)
  if (soldStates.includes(said))
    return fail(`session.json: ${said}, and no sale`, 'session.json', '/money_status')
  const sellable = sellableOf(pack)
  if (sellable !== undefined)
    return fail(
      `verdict.json: the record comes to ${shown(sellable)}, and its sale is not there`,
      'verdict.json',
      '/verdict/payable/gross',
    )
  return 'nothing was captured, owed or settled, and nothing was to be'
}

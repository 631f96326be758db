/** Who gets what of a sale: by the agreement in the pack, taxed by the law of the day, converted at the rates of the day. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { z } from 'zod'
import { isCommitted } from '@chargelane/rules/evidence/commitment'
import { type Conversion, conversionsOf } from '@chargelane/rules/booking/payables'
import { lessGivenBack } from '@chargelane/rules/booking/given-back'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import { restOf } from '@chargelane/rules/booking/cover'
import { isTooSmall } from '@chargelane/rules/booking/small'
import { accounts } from '@chargelane/rules/ledger'
import { add, compare, money, subtract, sum } from '@chargelane/rules/money'
import { type AgreedSale, agreedSale, sharedBy } from '@chargelane/rules/split/agreed'
import { dueOf, type Leg, type SplitInput } from '@chargelane/rules/split'
import { splitSale } from '@chargelane/rules/split/sale'
import { mustAgree, planAt, ownSale, ownSplitAgrees, waitsForHidden, wholeOrOwn } from './own.ts'
import { checkSharing } from './sharing.ts'
import { fail, Hidden, mustBe, type Outcome, type Pack, Refused, shown } from './pack.ts'
import { verifyProof } from './proof.ts'
import {
  type SaleRevision,
  zAgreement,
  zAuthorized,
  zConversions,
  zPayment,
  zPaymentFees,
  zQuote,
  zSession,
  zSplit,
  zSplitHead,
  zVerdict,
} from './shapes.ts'

/** As the driver is called in the papers of a sale. */
const driver = 'driver'

export const payableOf = (pack: Pack) => pack.json('verdict.json', zVerdict).verdict.payable

/** Parties, policy, taxes and payouts, by the agreement and the law alone. */
export function agreedOf(pack: Pack, at: string): AgreedSale {
  const { partner, cpo, ...kept } = pack.json('agreement.json', zAgreement)
  const session = pack.json('session.json', zSession)
  const { discount, distribution } = pack.json('quote.json', zQuote).body
  mustBe('quote.json', distribution, distribution && { ...distribution, ...sharedBy(kept) })
  mustBe(
    'agreement.json',
    { partner, cpo },
    { partner: session.partner.id, cpo: session.seller.id },
  )
  const { agreement, liable } = kept
  if (liable !== undefined) mustBe('agreement.json', liable, agreement.offlineLiability, '/liable')
  return agreedSale({ kept, cpo, partner, driver, discount, country: session.place.country, at })
}

/** What the owner of the driver's plan pays: the sale less what the driver pays under the plan, which is proven. */
export async function planOf(pack: Pack): Promise<SplitInput['plan']> {
  const { plan } = pack.json('quote.json', zQuote).body
  if (plan === undefined || !pack.has('proof.retail.json')) return undefined
  const proof = pack.parsed('proof.retail.json')
  const report = await verifyProof(proof)
  const failed = report.checks.find(({ ok }) => !ok)
  if (failed !== undefined)
    throw new Refused(fail(`proof.retail.json: ${failed.detail}`, 'proof.retail.json'))
  const gross = payableOf(pack)?.gross
  const paid = report.totals?.gross
  if (gross === undefined || paid === undefined || compare(paid, gross) >= 0) return undefined
  return { by: { role: plan.funded_by, id: plan.owner }, amount: subtract(gross, paid) }
}

function checkRevision(path: string, revision: SaleRevision, agreed: AgreedSale): void {
  const { sale, plan, sharing, whole, ...input } = revision.input
  const { debtor: _debtor, payouts: _payouts, ...expected } = agreed
  mustBe('split.json', input, expected, `${path}/input`)
  mustBe('split.json', sale.gross, add(sale.net, sale.vat), `${path}/input/sale/gross`)
  mustBe('split.json', whole, revision.state.givenBack?.of, `${path}/input/whole`)
  const split = splitSale({
    ...expected,
    sale,
    ...(plan === undefined ? {} : { plan }),
    ...(sharing === undefined ? {} : { sharing }),
    ...(whole === undefined ? {} : { whole }),
  })
  if (!split.ok) throw new Refused(fail(`split.json: ${split.message}`, 'split.json', path))
  mustBe('split.json', revision.split, split.split, `${path}/split`)
}

/** The verdict's price, less what was given back of it on request. */
function priceOf(pack: Pack, { state: { givenBack } }: SaleRevision) {
  const payable = payableOf(pack)
  if (givenBack === undefined) return payable
  mustBe('split.json', givenBack.of, payable, '/state/givenBack/of')
  return lessGivenBack(givenBack)
}

/** What the sale comes to now. */
export const priceNow = (pack: Pack) => priceOf(pack, pack.json('split.json', zSplit))

export const checkSplit = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    () => checkWholeSplit(pack),
    async () => ownSplitAgrees(pack, await ownSale(pack, () => planOf(pack))),
  )

async function checkWholeSplit(pack: Pack): Promise<Outcome> {
  const { terms, earlier, ...now } = pack.json('split.json', zSplit)
  const agreed = agreedOf(pack, now.input.at)
  const all: [string, SaleRevision][] = [
    ...earlier.map((each, index): [string, SaleRevision] => [`/earlier/${index}`, each]),
    ['', now],
  ]
  mustBe('split.json', now.input.sale, priceOf(pack, now), '/input/sale')
  for (const [index, [path, revision]] of all.entries()) {
    mustBe('split.json', revision.revision, index + 1, `${path}/revision`)
    checkRevision(path, revision, agreed)
  }
  mustBe('split.json', now.input.plan, planAt(await planOf(pack), now.input.sale), '/input/plan')
  checkSharing(pack, now.input, all)
  mustBe('split.json', terms.payouts, agreed.payouts, '/terms/payouts')
  mustBe('split.json', terms.debtor, agreed.debtor, '/terms/debtor')
  const { verdict, basis } = pack.json('verdict.json', zVerdict)
  mustBe('verdict.json', basis, now.basis, '/basis')
  mustBe('split.json', now.cdr, pack.json('verdict.json', zVerdict).cdr.id, '/cdr')
  checkClaim(now, verdict.difference)
  checkDecisions(all)
  const total = sum(
    [now.split.tax, ...now.split.shares.map(({ amount }) => amount)],
    now.split.tax.currency,
  )
  const roles = now.split.shares.map(({ party }) => party.role).join(', ')
  return `by the agreement and the law: shares of ${roles} and tax sum to ${total.amount}`
}

type Difference = { amount: Money; destination: string } | null

/** What the record asks above the price is granted as rounding or held; a later change grants what its record asks. */
function checkClaim({ revision, state }: SaleRevision, difference: Difference): void {
  const none = money(0, state.collected.captured.currency)
  const of = (destination: string) =>
    difference?.destination === destination ? difference.amount : none
  mustBe('split.json', state.claim.granted, of('rounding'), '/state/claim/granted')
  if (revision === 1) mustBe('split.json', state.claim.held, of('suspense'), '/state/claim/held')
}

/** Only a decision about a claim moves what is held or pays what was. */
function checkDecisions(all: readonly [string, SaleRevision][]): void {
  const none = { amount: 0 }
  for (const [index, [path, { name, state }]] of all.entries()) {
    // What the first one holds was checked.
    const { conceded: _paid, ...first } = state.claim
    const before: SaleState['claim'] = all[index - 1]?.[1].state.claim ?? first
    const at = `${path}/state/claim`
    const paid = (state.claim.conceded ?? none).amount - (before.conceded ?? none).amount
    const gone = before.held.amount - state.claim.held.amount
    // Where a dispute is the platform's to bear, it pays the seller what the lower price takes.
    const isDecided = name.startsWith('claim_') || name.startsWith('dispute:')
    if (!isDecided) mustBe('split.json', { paid, gone }, { paid: 0, gone: 0 }, at)
    else if (paid < 0 || gone < 0 || (name.startsWith('claim_released:') && paid > 0))
      throw new Refused(fail(`split.json: ${name} pays ${paid} of ${gone} held`, 'split.json', at))
  }
}

export const checkTax = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    () => checkWholeTax(pack),
    async () => {
      const { side, revisions } = await ownSale(pack, () => planOf(pack))
      const legs = (revisions.at(-1)?.split.legs ?? []).map(taxedLeg)
      checkRates(pack, legs[0]?.treatment.rate ?? null)
      mustAgree('tax.json', pack.parsed('tax.json'), legs)
      const own = legs.filter(({ supplier, recipient }) =>
        [supplier.role, recipient.role].includes(side),
      )
      return `${own.map(({ leg }) => leg).join(', ')} taxed by the law of the day`
    },
  )

const taxedLeg = ({ id, supplier, recipient, net, vat, gross, treatment }: Leg) => ({
  leg: id,
  supplier,
  recipient,
  net,
  vat,
  gross,
  treatment,
})

/** A price with another VAT than the law has is refused, whoever asked for it. */
function checkRates(pack: Pack, rate: string | null): void {
  const { sale } = pack.json('split.json', zSplitHead).input
  const other = sale.vat_lines.findIndex(
    (line) => line.rate !== null && Number(line.rate) !== Number(rate),
  )
  if (other >= 0)
    throw new Refused(
      fail(
        `split.json: /input/sale/vat_lines/${other}/rate is ${sale.vat_lines[other]?.rate}, the law has ${rate}`,
        'split.json',
        `/input/sale/vat_lines/${other}/rate`,
      ),
    )
}

async function checkWholeTax(pack: Pack): Promise<Outcome> {
  const { at } = pack.json('split.json', zSplitHead).input
  checkRates(pack, agreedOf(pack, at).taxes['sale']?.rate ?? null)
  const legs = pack.json('split.json', zSplit).split.legs.map(taxedLeg)
  mustBe('tax.json', pack.parsed('tax.json'), legs)
  const countries = [...new Set(legs.map(({ treatment }) => treatment.jurisdiction ?? 'none'))]
  return `${legs.length} legs taxed by the law of the day (${countries.join(', ')})`
}

// ── The driver's money ──────────────────────────────────────────────────────────────────────────────────────────

type Payment = ReturnType<typeof paymentsOf>['payments'][number]

const paymentsOf = (pack: Pack) => pack.json('payment.json', zPayment)

/** What the provider refused to give back is still there, and is for a person to pay otherwise. */
const givenBackOf = ({ refunds, hold }: Payment): Money =>
  sum(
    refunds.map(({ amount }) => amount),
    hold.currency,
  )

/** What was taken, less what was given back, and what of it the provider kept. */
function checkCollected(
  pack: Pack,
  { collected, takenBack }: Pick<SaleState, 'collected' | 'takenBack'>,
): void {
  const { payments, debt } = paymentsOf(pack)
  const { currency } = collected.captured
  const taken = payments.map((payment) =>
    subtract(payment.captured ?? money(0, currency), givenBackOf(payment)),
  )
  const at = '/state/collected'
  // What the payer's bank took for good is no refund of ours.
  const kept = subtract(sum(taken, currency), takenBack ?? money(0, currency))
  mustBe('split.json', collected.captured, kept, `${at}/captured`)
  // Without a debt it was less than a card is charged for, and waived.
  const { waived } = restOf(collected)
  const small = isTooSmall(waived) ? waived : money(0, currency)
  mustBe('split.json', collected.owed, debt?.amount ?? small, `${at}/owed`)
  const { partner } = pack.json('session.json', zSession)
  const paid = payments.findLast(({ captured }) => (captured?.amount ?? 0) > 0)
  const source =
    paid === undefined
      ? accounts.psp(currency)
      : kindFacts[paid.kind].ledgerAccount(partner.id, currency)
  mustBe('split.json', collected.source, source, `${at}/source`)
}

function checkFees(pack: Pack, { collected }: Pick<SaleState, 'collected'>): void {
  const { payments } = pack.json('payment.json', zPaymentFees)
  const fees = payments.flatMap(({ captured, provider_fee: fee }) =>
    captured === null || fee === null ? [] : [fee],
  )
  const total = fees.reduce<Money | null>((all, fee) => (all === null ? fee : add(all, fee)), null)
  mustBe('split.json', collected.fee, total, '/state/collected/fee')
}

/** What the provider keeps of it is the platform's, and checked for whoever reads it. */
export async function checkPayment(pack: Pack): Promise<Outcome> {
  const { payments } = paymentsOf(pack)
  const { body } = pack.json('quote.json', zQuote)
  const [first] = payments
  if (first !== undefined && compare(first.hold, body.hold_amount) < 0)
    mustBe('payment.json', first.hold, body.hold_amount, '/payments/0/hold')
  // A price may be paid out of several holds, but out of each of them once.
  const references = payments.map((payment) => payment.provider_reference ?? payment.id)
  if (new Set(references).size < references.length)
    return fail('payment.json: captured more than once', 'payment.json', '/payments')
  for (const [index, payment] of payments.entries()) {
    const { captured, hold } = payment
    const at = `/payments/${index}`
    if (captured !== null && compare(captured, hold) > 0)
      return fail(
        `payment.json: captured ${shown(captured)} of a hold of ${shown(hold)}`,
        'payment.json',
        `${at}/captured`,
      )
    if (givenBackOf(payment).amount > (captured?.amount ?? 0))
      return fail(
        'payment.json: more was given back than captured',
        'payment.json',
        `${at}/refunds`,
      )
    if ((captured !== null && captured.amount > 0) !== (payment.status === 'captured'))
      return fail(
        `payment.json: ${payment.status}, and ${captured?.amount ?? 0} captured`,
        'payment.json',
        `${at}/status`,
      )
  }
  const authorized = pack.json('authorization.json', zAuthorized)
  mustBe(
    'authorization.json',
    authorized.payments,
    payments.map(({ id }) => id),
    '/payments',
  )
  return wholeOrOwn(
    async () => {
      const { split, state } = pack.json('split.json', zSplit)
      checkCollected(pack, state)
      checkFees(pack, state)
      return paidInWords(pack, { ...state, split })
    },
    async () => {
      const state = (await ownSale(pack, () => planOf(pack))).revisions.at(-1)?.state
      if (state === undefined) throw new Hidden('split.json', '/state')
      checkCollected(pack, state)
      return paidInWords(pack, state)
    },
  )
}

function paidInWords(
  pack: Pack,
  { split, collected }: Pick<SaleState, 'split' | 'collected'>,
): string {
  const { payments, debt } = paymentsOf(pack)
  const due = dueOf(split)
  const { captured, owed } = collected
  mustBe('split.json', add(captured, owed), due, '/state/collected')
  const back = sum(payments.map(givenBackOf), due.currency)
  const after = back.amount === 0 ? '' : ` after ${back.amount} given back`
  const less = split.contributions
    .filter(({ amount }) => amount.amount !== 0)
    .map(({ kind, by, amount }) => ` less ${amount.amount} (${kind}) from the ${by.role}`)
    .join('')
  return debt === null
    ? `captured ${captured.amount}${after}, exactly the price${less}, within the hold`
    : `captured ${captured.amount}${after}, debt ${owed.amount}${less}`
}

export function stateOf(pack: Pack): {
  state: SaleState
  terms: BookTerms
  revisions: SaleRevision[]
} {
  const { terms, earlier, ...now } = pack.json('split.json', zSplit)
  return { state: { ...now.state, split: now.split }, terms, revisions: [...earlier, now] }
}

/** Each share that is paid in another currency, at the published rates of one day. */
export const checkConversions = (pack: Pack): Promise<Outcome> =>
  wholeOrOwn(
    async () => {
      const { state, terms } = stateOf(pack)
      checkDays(terms)
      const conversions = pack.json('fx.json', zConversions)
      mustBe('fx.json', conversions, conversionsOf(state, terms))
      return conversionsShown(conversions)
    },
    () => checkOwnConversions(pack),
  )

/** Whoever is paid in the currency of the sale has no conversion; another's is that one's own. */
async function checkOwnConversions(pack: Pack): Promise<Outcome> {
  const sale = await ownSale(pack, () => planOf(pack))
  const { side, terms, revisions } = sale
  checkDays(terms)
  const state = revisions.at(-1)?.state
  const stated = pack.open('fx.json', z.array(z.unknown())).filter((each) => !isCommitted(each))
  if (state === undefined || waitsForHidden(pack, sale))
    throw new Hidden('split.json', '/state/collected')
  const found = conversionsOf(state, terms).filter(({ payee }) => payee.role === side)
  mustBe('fx.json', stated, found)
  return conversionsShown(found)
}

function checkDays({ rates }: Pick<BookTerms, 'rates'>): void {
  const days = new Set(rates.map(({ source, asOf }) => `${source} ${asOf}`))
  if (days.size > 1)
    throw new Refused(fail('split.json: rates of more than one day', 'split.json', '/terms/rates'))
}

function conversionsShown(conversions: readonly Conversion[]): string {
  if (conversions.length === 0) return 'no conversion was needed'
  return conversions
    .map(
      ({ conversion: { from, to, rate, source, asOf } }) =>
        `${from.currency} to ${to.currency} at ${rate} (${source}, ${asOf})`,
    )
    .join('; ')
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { FxRate } from '../fx/fx.ts'
import { accounts, type Entry } from '../ledger/ledger.ts'
import { exponentOf, minimum, money, subtract, sum } from '../money.ts'
import { isPlatform, sameParty } from '../split/parties.ts'
import {
  businessParty,
  cpo,
  type FakeSale,
  furtherShare,
  partner,
  splitOf,
} from '../split/sale.fake.ts'
import { dueOf, type Split } from '../split/split.ts'
import { bookingOf, kindOfSale, noClaim } from './booking.ts'
import { collectedAt, givenUp, outstandingOf, paidOf, restOf } from './cover.ts'
import { owedTo } from './payables.ts'
import type { BookTerms, SaleState } from './sale.ts'

const rates: FxRate[] = [
  ['CHF', '0.9312'],
  ['JPY', '162.35'],
  ['KWD', '0.3321'],
  ['GBP', '0.8675'],
].map(([quote, rate]) => ({
  id: `ecb:${quote}`,
  source: 'ecb',
  asOf: '2026-11-20',
  base: 'EUR',
  quote: quote ?? '',
  rate: rate ?? '',
}))

/** Everybody who is paid, in turn in these currencies. */
const termsOf = (split: Split, currencies: readonly string[] = ['EUR']): BookTerms => ({
  debtor: partner,
  payouts: split.shares
    .map(({ party }) => party)
    .filter((party) => !isPlatform(party))
    .map((payee, index) => ({ payee, currency: currencies[index % currencies.length] ?? 'EUR' })),
  rates,
})

/** Paid as far as `captured` goes; the rest is owed. */
const stateOf = (
  split: Split,
  change: Partial<SaleState> & { captured?: Money } = {},
): SaleState => {
  const due = dueOf(split)
  const { captured = due, ...rest } = change
  const source = accounts.psp(due.currency)
  return {
    split,
    collected: { captured, owed: subtract(due, captured), fee: null, source },
    claim: noClaim(due.currency),
    ...rest,
  }
}

type Made = { entries: readonly Entry[] }
const balances = (...bookings: Made[]) => {
  const totals = new Map<string, number>()
  for (const { account, amount } of bookings.flatMap(({ entries }) =>
    entries.flatMap(({ postings }) => postings),
  ))
    totals.set(account, (totals.get(account) ?? 0) + amount.amount)
  return Object.fromEntries([...totals].filter(([, total]) => total !== 0))
}

const paid = (...bookings: ReturnType<typeof bookingOf>[]) => {
  const totals = new Map<string, number>()
  for (const { payee, amount } of bookings.flatMap(({ payables }) => payables)) {
    const key = `${payee.role}:${payee.id}:${amount.currency}`
    totals.set(key, (totals.get(key) ?? 0) + amount.amount)
  }
  return Object.fromEntries([...totals].filter(([, total]) => total !== 0))
}

/** Only what is covered by money. */
const duePaid = (...bookings: ReturnType<typeof bookingOf>[]) =>
  paid(
    ...bookings.map((booking) => ({
      ...booking,
      payables: booking.payables.filter(({ waits }) => !waits),
    })),
  )

const sell = (after: SaleState, terms: BookTerms) =>
  bookingOf({ sessionId: 'ses_1', name: 'sale', kind: kindOfSale(after, false), after, terms })

const gross = (amount: number) => money(amount, 'EUR')

describe('a sale', () => {
  test('gives every cent of the driver’s gross an owner', () => {
    // 11.90 gross, 10.00 net; commission 1.00 + 0.19 VAT; the partner gets 0.40 + 0.08 of it.
    const split = splitOf({ gross: gross(1_190) })
    const booking = sell(stateOf(split), termsOf(split))
    expect(booking.entries.map(({ key, kind }) => [key, kind])).toEqual([['ses_1:sale', 'sale']])
    expect(balances(booking)).toEqual({
      'asset:psp:EUR': 1_190,
      'liability:cpo:cpo:EUR:pending': -1_071,
      'revenue:commission:EUR': -100,
      'liability:vat:DE:EUR': -19,
      'expense:partner_share:EUR': 40,
      'asset:input_vat:DE:EUR': 8,
      'liability:partner:partner:EUR:pending': -48,
    })
    expect(paid(booking)).toEqual({ 'cpo:cpo:EUR': 1_071, 'partner:partner:EUR': 48 })
  })

  test('under reverse charge books no VAT of ours', () => {
    const split = splitOf({ gross: gross(1_190), cpo: businessParty('cpo', 'NL') })
    const booked = balances(sell(stateOf(split), termsOf(split)))
    expect(booked['liability:vat:DE:EUR']).toBeUndefined()
    expect(booked['liability:cpo:cpo:EUR:pending']).toBe(-1_090)
  })

  test('that was not paid owes the same to everyone, and pays nobody until the debt is paid', () => {
    const split = splitOf({ gross: gross(1_190) })
    const terms = termsOf(split)
    const [unpaid, whole] = [stateOf(split, { captured: gross(0) }), stateOf(split)]
    const debt = sell(unpaid, terms)
    expect(debt.entries[0]?.kind).toBe('debt')
    expect(balances(debt)['asset:receivable:partner:EUR']).toBe(1_190)
    expect(paid(debt)).toEqual(paid(sell(whole, terms)))
    expect(duePaid(debt)).toEqual({})
    const later = { sessionId: 'ses_1', name: 'debt_paid', kind: 'debt_paid', terms } as const
    const collected = paidOf(unpaid.collected, gross(1_190))
    const settled = bookingOf({ ...later, before: unpaid, after: { ...unpaid, collected } })
    expect(duePaid(debt, settled)).toEqual(paid(sell(whole, terms)))
    const { 'asset:psp:EUR': card, ...others } = balances(sell(whole, terms))
    expect(balances(debt, settled)).toEqual({ ...others, 'asset:bank:EUR': card })
  })

  test('of 165.16 with a hold of 20.00 pays the operator what 20.00 cover, and the rest when it is paid', () => {
    const split = splitOf({ gross: gross(16_516), commissionBps: 800 })
    const terms = termsOf(split)
    const short = stateOf(split, { captured: gross(2_000) })
    const sale = sell(short, terms)
    const whole = owedTo(short, cpo).amount
    const first = Math.floor((whole * 2_000) / 16_516)
    expect(duePaid(sale)['cpo:cpo:EUR']).toBe(first)
    expect(paid(sale)['cpo:cpo:EUR']).toBe(whole)
    const half: SaleState = { ...short, collected: paidOf(short.collected, gross(8_258)) }
    const all: SaleState = { ...short, collected: paidOf(half.collected, gross(6_258)) }
    const pays = [step(terms, 'one', short, half), step(terms, 'two', half, all)]
    expect(duePaid(sale, ...pays)['cpo:cpo:EUR']).toBe(whole)
    expect(balances(sale, ...pays)['asset:receivable:partner:EUR']).toBeUndefined()
  })

  test('whose debt is given up is borne by the platform, or by everybody who waits for it', () => {
    const split = splitOf({ gross: gross(1_190) })
    const terms = termsOf(split)
    const short = stateOf(split, { captured: gross(595) })
    const sale = sell(short, terms)
    const [waived, lost] = (['waived', 'lost'] as const).map((by) =>
      step(terms, by, short, { ...short, collected: givenUp(short.collected, by) }),
    )
    if (waived === undefined || lost === undefined) throw new Error('no booking')
    expect(duePaid(sale, waived)).toEqual(paid(sale))
    expect(balances(sale, waived)['expense:waived:EUR']).toBe(595)
    expect(duePaid(sale, lost)).toEqual(paid(sale, lost))
    expect(balances(sale, lost)).toMatchObject({
      'liability:cpo:cpo:EUR:pending': -535,
      'liability:partner:partner:EUR:pending': -24,
      'expense:lost:EUR': 595 - 536 - 24,
    })
  })

  test('that was paid in part leaves a debt of the rest', () => {
    const split = splitOf({ gross: gross(1_190) })
    const booked = balances(sell(stateOf(split, { captured: gross(800) }), termsOf(split)))
    expect(booked['asset:psp:EUR']).toBe(800)
    expect(booked['asset:receivable:partner:EUR']).toBe(390)
  })

  test('takes a discount off what the card brings, and nothing from anybody but the partner', () => {
    const [full, given] = [undefined, partner].map((discountBy) =>
      splitOf({ gross: gross(1_190), ...(discountBy === undefined ? {} : { discountBy }) }),
    )
    if (full === undefined || given === undefined) throw new Error('no split')
    const before = balances(sell(stateOf(full), termsOf(full)))
    const after = balances(sell(stateOf(given), termsOf(given)))
    expect(after['asset:psp:EUR']).toBe(1_190 - 48)
    const { 'liability:partner:partner:EUR:pending': share, ...others } = before
    expect(share).toBe(-48)
    expect(after).toEqual({ ...others, 'asset:psp:EUR': 1_190 - 48 })
  })

  test('grants the seller a cent of rounding and holds a larger claim', () => {
    const split = splitOf({ gross: gross(1_190) })
    const claim = { granted: gross(1), held: gross(250) }
    const booking = sell(stateOf(split, { claim }), termsOf(split))
    const booked = balances(booking)
    expect(booked['rounding:EUR']).toBe(1)
    expect(booked['suspense:cdr:cpo:EUR']).toBe(250)
    expect(booked['liability:cpo:cpo:EUR:disputed']).toBe(-250)
    expect(paid(booking)['cpo:cpo:EUR']).toBe(1_072)
  })

  test('changes the currency of a liability through a clearing pair', () => {
    const split = splitOf({ gross: gross(1_190) })
    const booking = sell(stateOf(split), termsOf(split, ['CHF', 'EUR']))
    expect(booking.entries.find(({ kind }) => kind === 'fx')).toEqual({
      key: 'ses_1:sale:fx:cpo:cpo',
      kind: 'fx',
      sessionId: 'ses_1',
      postings: [
        { account: 'clearing:fx:CHF', amount: money(997, 'CHF') },
        { account: 'clearing:fx:EUR', amount: money(-1_071, 'EUR') },
        { account: 'liability:cpo:cpo:CHF:pending', amount: money(-997, 'CHF') },
        { account: 'liability:cpo:cpo:EUR:pending', amount: money(1_071, 'EUR') },
      ],
    })
    expect(paid(booking)).toEqual({ 'cpo:cpo:CHF': 997, 'partner:partner:EUR': 48 })
  })

  test('of nothing moves nothing', () => {
    const split = splitOf({ gross: gross(0) })
    expect(sell(stateOf(split), termsOf(split))).toEqual({
      entries: [],
      payables: [],
      conversions: [],
    })
  })

  test('is not booked where a payee has no currency, or the money does not add up', () => {
    const split = splitOf({ gross: gross(1_190) })
    const terms = termsOf(split)
    expect(() => sell(stateOf(split), { ...terms, payouts: [] })).toThrow('no currency')
    const collected = { ...stateOf(split).collected, owed: gross(1) }
    expect(() => sell(stateOf(split, { collected }), terms)).toThrow('are not the 1190 due')
    expect(() => sell(stateOf(split), { ...termsOf(split, ['AED']), rates })).toThrow(
      'no payout without a rate',
    )
  })
})

test('a lower price forgives a debt before it gives money back', () => {
  const collected = { captured: gross(800), owed: gross(390), fee: null, source: 'asset:psp:EUR' }
  expect(collectedAt(collected, gross(900))).toEqual({ ...collected, owed: gross(100) })
  expect(collectedAt(collected, gross(500))).toEqual({
    ...collected,
    captured: gross(500),
    owed: gross(0),
  })
  expect(collectedAt(collected, gross(2_000))).toEqual(collected)
})

// ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────────

const minors = fc.nat(5_000_000)
const part = fc.nat(10_000)
const bps = fc.integer({ min: 0, max: 10_000 })
const country = fc.constantFrom('DE', 'NL', 'CH', 'GB')
const currencies = fc.array(fc.constantFrom('EUR', 'CHF', 'JPY', 'KWD', 'GBP'), {
  minLength: 1,
  maxLength: 6,
})

/** What stays the same in all states of one sale: who shares it and how. One payee to six. */
const policy = fc
  .record({
    commissionBps: bps,
    partnerShareBps: bps,
    country,
    hosts: fc.array(fc.record({ bps, country }), { maxLength: 4 }),
    payer: fc.constantFrom('none', 'discount', 'plan'),
  })
  .map(({ hosts, country: home, payer, ...shares }) => ({
    ...shares,
    payer,
    cpo: businessParty('cpo', home),
    further: hosts.map((host, index) =>
      furtherShare(
        'site_host',
        { kind: 'percentage', bps: host.bps },
        { id: `h${index}`, country: host.country },
      ),
    ),
  }))

type Policy = typeof policy extends fc.Arbitrary<infer T> ? T : never

type Figures = {
  gross: number
  captured: number
  planned: number
  granted: number
  held: number
  /** Of what was not captured, in ten-thousandths. */
  paid?: number
  end?: 'open' | 'waived' | 'lost'
  guaranteed?: number
}
const figures = fc.record({
  gross: minors,
  captured: part,
  planned: part,
  granted: fc.nat(1),
  held: fc.nat(5_000),
  paid: part,
  end: fc.constantFrom('open' as const, 'waived' as const, 'lost' as const),
  guaranteed: part,
})

function stateFor({ payer, ...shares }: Policy, at: Figures): SaleState {
  const sale: FakeSale = { ...shares, gross: gross(at.gross) }
  const planned = Math.floor((at.gross * at.planned) / 10_000)
  const split = splitOf({
    ...sale,
    ...(payer === 'discount' ? { discountBy: partner } : {}),
    ...(payer === 'plan' && planned > 0 ? { plan: { by: cpo, amount: gross(planned) } } : {}),
  })
  const captured = Math.floor((dueOf(split).amount * at.captured) / 10_000)
  const state = stateOf(split, {
    captured: gross(captured),
    claim: { granted: gross(at.granted), held: gross(at.held) },
  })
  const { paid: paidBps, end = 'open', guaranteed = 0 } = at
  if (paidBps === undefined) return state
  const share = (amount: Money, tenThousandths: number) =>
    gross(Math.floor((amount.amount * tenThousandths) / 10_000))
  const after = paidOf(state.collected, share(state.collected.owed, paidBps))
  const rest = { ...restOf(after), guaranteed: share(outstandingOf(after), guaranteed) }
  const open = { ...after, rest }
  return { ...state, collected: end === 'open' ? open : givenUp(open, end) }
}

const step = (terms: BookTerms, name: string, before: SaleState | undefined, after: SaleState) =>
  bookingOf({
    sessionId: 'ses_1',
    name,
    kind: 'true_up',
    ...(before === undefined ? {} : { before }),
    after,
    terms,
  })

/** The parts of payees that are owed something, or those that owe. */
const positive = (payables: readonly { amount: Money }[], sign: 1 | -1) =>
  payables.reduce((all, payable) => all + Math.max(0, sign * payable.amount.amount), 0)

/** All that anybody has paid, borne or guaranteed of a sale, and what others than the driver bring into it. */
function coverOf({ split, collected }: SaleState): number {
  const given = split.contributions.reduce((all, each) => all + each.amount.amount, 0)
  const { guaranteed, lost } = restOf(collected)
  const open = outstandingOf(collected).amount - guaranteed.amount
  const covered = collected.captured.amount + collected.owed.amount - lost.amount - open
  // Input VAT of what others render to us is ours to pay and to reclaim.
  const payees = split.shares.filter(({ party }) => !isPlatform(party))
  const tax = Math.max(0, positive(payees, 1) - (split.legs[0]?.gross.amount ?? 0))
  return covered + given + tax
}

describe('payables follow money', () => {
  test('nobody is paid more than what was captured, paid, borne or guaranteed', () => {
    fc.assert(
      fc.property(policy, figures, (shares, at) => {
        const state = stateFor(shares, { ...at, granted: 0 })
        const { payables } = step(termsOf(state.split), 'sale', undefined, state)
        const due = payables.filter(({ waits }) => !waits)
        // A payee may owe more than it gets: that is no money of the driver.
        expect(positive(due, 1)).toBeLessThanOrEqual(coverOf(state) + positive(payables, -1))
        const isCovered =
          outstandingOf(state.collected).amount === restOf(state.collected).guaranteed.amount
        expect(payables.filter(({ waits }) => isCovered && waits)).toEqual([])
      }),
    )
  })

  test('what is paid, in however many parts, is worth the same to everybody', () => {
    fc.assert(
      fc.property(policy, figures, part, currencies, (shares, at, cut, paidIn) => {
        const open = stateFor(shares, { ...at, paid: 0, end: 'open' })
        const left = outstandingOf(open.collected)
        const one = gross(Math.floor((left.amount * cut) / 10_000))
        const terms = termsOf(open.split, paidIn)
        const after = { ...open, collected: paidOf(open.collected, one) }
        const whole = { ...open, collected: paidOf(open.collected, left) }
        const parts = [step(terms, 'a', open, after), step(terms, 'b', after, whole)]
        expect(paid(...parts)).toEqual(paid(step(terms, 'c', open, whole)))
        expect(duePaid(...parts)).toEqual(duePaid(step(terms, 'c', open, whole)))
        expect(duePaid(step(terms, 'x', undefined, whole))).toEqual(
          paid(step(terms, 'x', undefined, whole)),
        )
      }),
    )
  })

  test('a price that falls after its debt was paid is to the credit of whoever paid', () => {
    const state = stateOf(splitOf({ gross: gross(1_190) }), { captured: gross(200) })
    const collected = paidOf(state.collected, gross(990))
    const lower = collectedAt(collected, gross(150))
    expect(lower).toMatchObject({ captured: gross(0), owed: gross(150) })
    expect(restOf(lower).returned).toEqual(gross(840))
    const split = splitOf({ gross: gross(150) })
    const terms = termsOf(split)
    const books = balances(sell({ ...state, split, collected: lower }, terms))
    expect(books['asset:on_account:partner:EUR']).toBe(-840)
    expect(books['asset:bank:EUR']).toBe(990)
  })
})

describe('bookings of one sale', () => {
  test('balance in every currency, in one order, and pay what they owe', () => {
    fc.assert(
      fc.property(policy, figures, currencies, (shares, at, paidIn) => {
        const state = stateFor(shares, at)
        const terms = termsOf(state.split, paidIn)
        const booking = step(terms, 'sale', undefined, state)
        for (const { postings } of booking.entries)
          for (const each of new Set(postings.map((posting) => posting.amount.currency))) {
            const own = postings.filter((posting) => posting.amount.currency === each)
            expect(
              sum(
                own.map((posting) => posting.amount),
                each,
              ).amount,
            ).toBe(0)
          }
        const keys = booking.entries.map(({ key }) => key)
        expect(keys).toEqual([...new Set(keys)].toSorted())
        const books = balances(booking)
        for (const { payee, currency } of terms.payouts) {
          const owed = paid(booking)[`${payee.role}:${payee.id}:${currency}`] ?? 0
          expect((books[accounts.pending(payee, currency)] ?? 0) + owed).toBe(0)
          expect(exponentOf(currency)).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('lead from any state to any other, and what one does the way back undoes', () => {
    fc.assert(
      fc.property(policy, figures, figures, figures, currencies, (shares, a, b, c, paidIn) => {
        const [first, second, third] = [a, b, c].map((at) => stateFor(shares, at))
        if (first === undefined || second === undefined || third === undefined) return
        const terms = termsOf(first.split, paidIn)
        const sale = step(terms, 'sale', undefined, first)
        const straight = step(terms, 'a', first, third)
        const detour = [step(terms, 'b', first, second), step(terms, 'c', second, third)]
        // The entries of a change are the difference of what each state alone would book.
        expect(balances(sale, straight)).toEqual(balances(step(terms, 'x', undefined, third)))
        expect(paid(sale, straight)).toEqual(paid(step(terms, 'x', undefined, third)))
        // The way does not matter, and a way back leaves nothing.
        expect(balances(...detour)).toEqual(balances(straight))
        expect(paid(...detour)).toEqual(paid(straight))
        expect(balances(straight, step(terms, 'd', third, first))).toEqual({})
        expect(paid(straight, step(terms, 'd', third, first))).toEqual({})
        expect(step(terms, 'e', first, first)).toMatchObject({ entries: [], payables: [] })
      }),
      { numRuns: 150 },
    )
  })

  test('refund in full and nobody keeps or owes anything, whatever came before', () => {
    fc.assert(
      fc.property(policy, figures, figures, currencies, (shares, a, b, paidIn) => {
        const [sold, corrected] = [stateFor(shares, a), stateFor(shares, b)]
        const terms = termsOf(sold.split, paidIn)
        const nothing = stateFor(shares, { gross: 0, captured: 0, planned: 0, granted: 0, held: 0 })
        const sale = step(terms, 'sale', undefined, sold)
        const trueUp = step(terms, 'true_up', sold, corrected)
        const refund = step(terms, 'refund:re_1', corrected, nothing)
        expect(balances(sale, trueUp, refund)).toEqual({})
        expect(paid(sale, trueUp, refund)).toEqual({})
      }),
    )
  })

  test('two partial refunds come to the same in either order', () => {
    fc.assert(
      fc.property(policy, minors, minors, minors, currencies, (shares, sold, one, two, paidIn) => {
        const [less, both] = [Math.min(sold, one), Math.min(sold, one + two)]
        const at = (price: number) =>
          stateFor(shares, { gross: price, captured: 10_000, planned: 0, granted: 0, held: 0 })
        const terms = termsOf(at(sold).split, paidIn)
        const [whole, end] = [at(sold), at(sold - both)]
        const ways = [at(sold - less), at(sold - (both - less))].map((between) => [
          step(terms, 'refund:re_1', whole, between),
          step(terms, 'refund:re_2', between, end),
        ])
        const [first, second] = ways.map((way) => ({ books: balances(...way), paid: paid(...way) }))
        expect(second).toEqual(first)
      }),
    )
  })

  test('a dispute takes the money back while it is open; won, it was never there; lost, it is a cost', () => {
    fc.assert(
      fc.property(policy, figures, currencies, (shares, at, paidIn) => {
        const sold = stateFor(shares, at)
        const { captured, source } = sold.collected
        const terms = termsOf(sold.split, paidIn)
        const disputed = minimum(captured, gross(1_000))
        const open: SaleState = { ...sold, chargeback: { amount: disputed, state: 'open' } }
        const lost: SaleState = { ...sold, chargeback: { amount: disputed, state: 'lost' } }
        const opened = step(terms, 'dispute:dp_1', sold, open)
        const won = step(terms, 'dispute:dp_1:won', open, sold)
        const gone = step(terms, 'dispute:dp_1:lost', open, lost)
        expect(opened.payables).toEqual([])
        expect(balances(opened, won)).toEqual({})
        const cost = disputed.amount
        expect(balances(opened, gone)).toEqual(
          cost === 0 ? {} : { 'expense:chargeback:EUR': cost, [source]: -cost },
        )
      }),
    )
  })

  test('every line of a statement is a leg or a gift, and the lines sum to the share', () => {
    fc.assert(
      fc.property(policy, figures, figures, currencies, (shares, a, b, paidIn) => {
        const [sold, corrected] = [stateFor(shares, a), stateFor(shares, b)]
        const terms = termsOf(sold.split, paidIn)
        const { payables } = step(terms, 'true_up', sold, corrected)
        for (const { detail } of payables)
          expect(
            sum(
              detail.lines.map((line) => line.amount),
              'EUR',
            ),
          ).toEqual(detail.share)
        for (const { payee } of terms.payouts) {
          const own = payables.filter((each) => sameParty(each.payee, payee))
          const change = subtract(owedTo(corrected, payee), owedTo(sold, payee))
          expect(
            sum(
              own.map(({ detail }) => detail.share),
              'EUR',
            ),
          ).toEqual(change)
        }
      }),
    )
  })
})

/** Disputes about money and papers: read from the quote, the payments, the receipt and the law of the day. */
import type { DriverDisputeReason } from '@chargelane/openapi/vocabulary/settlement/disputes'
import { compareExact, exact, exactOf, minus, plus, ratioOf } from '../exact.ts'
import { compare, inWords, money, subtract, sum } from '../money.ts'
import type { DisputeRule } from './charging-rules.ts'
import type { DisputeFacts } from './facts.ts'
import { clear, type Finding, refuse, unclear } from './finding.ts'
import { atPriceOf } from './rerate.ts'
import { isAfter, secondsBetween } from './times.ts'

const captured = ({ payments }: DisputeFacts) =>
  payments.flatMap((payment) =>
    payment.captured === null ? [] : [{ ...payment, captured: payment.captured }],
  )

function duplicateCharge(facts: DisputeFacts): Finding {
  const { due, refunds } = facts
  const taken = captured(facts).filter((payment) => payment.currency === due.currency)
  const all = sum(
    taken.map((payment) => payment.captured),
    due.currency,
  )
  const back = sum(
    refunds.filter(({ status }) => status !== 'refused').map(({ amount }) => amount),
    due.currency,
  )
  const rests = [
    ...taken.map(({ id, captured: amount }) => ({
      fact: `captured_by_${id}`,
      value: inWords(amount),
    })),
    { fact: 'given_back', value: inWords(back) },
    { fact: 'price', value: inWords(due) },
  ]
  // What was taken beyond the price would be in nobody's books: a person looks, because ours say that it cannot be.
  return compare(subtract(all, back), due) > 0
    ? unclear('More was taken than the session costs.', rests)
    : refuse('No more was taken than the session costs.', rests)
}

function aboveLimit(facts: DisputeFacts): Finding {
  const most = facts.quote.limits?.max_total ?? null
  if (most === null) return refuse('The price that was accepted has no upper limit.')
  const rests = [{ fact: 'most_in_quote', value: inWords(most) }]
  if (facts.price === null || compare(facts.price.gross, most) <= 0)
    return refuse('The price is within the limit that was shown.', rests)
  return clear(most, `No more than ${inWords(most)} was promised.`, rests)
}

function estimate(facts: DisputeFacts): Finding {
  const { quote, price } = facts
  const rests = [
    { fact: 'estimate', value: `${inWords(quote.est.total)} for ${quote.est.energy_wh} Wh` },
    { fact: 'price', value: inWords(price?.gross ?? facts.due) },
  ]
  if (facts.usage === null) return refuse('Nothing was charged for this session.', rests)
  const found = atPriceOf(facts, facts.usage, {
    over: 'The price is not what the locked unit prices give.',
    right:
      'An estimate is for the energy it names; the unit prices that were shown are those that were charged.',
  })
  return { ...found, rests: [...rests, ...found.rests] }
}

function reservationFee(facts: DisputeFacts): Finding {
  const said = facts.quote.tariff.elements.some(
    ({ restrictions }) => restrictions?.reservation !== undefined,
  )
  if (said) return refuse('The price that was shown names a reservation fee.')
  if (facts.usage === null) return refuse('Nothing was charged for this session.')
  const periods = facts.usage.periods.map(({ reservation_time_h: _kept, ...period }) => period)
  return atPriceOf(
    facts,
    { ...facts.usage, periods },
    {
      over: 'A reservation had no price in the quote.',
      right: 'Nothing was charged for a reservation.',
    },
  )
}

function wrongVat(facts: DisputeFacts): Finding {
  const { price, vatRate, receipt } = facts
  if (price === null) return refuse('Nothing was charged for this session.')
  const rests = [
    { fact: 'vat_charged', value: `${inWords(price.vat)} of ${inWords(price.net)}` },
    { fact: 'vat_rate_of_the_law', value: vatRate === null ? 'unknown' : `${vatRate} %` },
    ...(receipt === null ? [] : [{ fact: 'vat_on_receipt', value: inWords(receipt.vat) }]),
  ]
  if (
    receipt !== null &&
    compare(receipt.gross, price.gross) === 0 &&
    compare(receipt.vat, price.vat) !== 0
  )
    return unclear('The receipt states another tax than the sale.', rests)
  if (vatRate === null) return unclear('Which tax the law asks there is not settled.', rests)
  const { net, vat } = price
  if (net.amount === 0) return refuse('Nothing was taxed.', rests)
  // A cent for each line that is rounded, and half a percent: that is rounding, and never another rate.
  const asked = ratioOf(exactOf(net.amount), exact(vatRate), exactOf(100), 6)
  const apart = minus(asked, exactOf(vat.amount))
  const room = plus(exactOf(1), ratioOf(exactOf(net.amount), exactOf(1), exactOf(200), 6))
  if (compareExact(apart, room) <= 0 && compareExact(minus(exactOf(0), apart), room) <= 0)
    return refuse(`The tax is that of the law, ${vatRate} %.`, rests)
  return unclear('The tax is not what the law asks.', rests)
}

function receiptMissing({ receipt, price }: DisputeFacts): Finding {
  if (receipt !== null)
    return refuse(`Receipt ${receipt.number} was issued at ${receipt.issuedAt}.`, [
      { fact: 'receipt', value: receipt.number },
    ])
  return price === null || price.gross.amount === 0
    ? refuse('Nothing was charged, so there is no receipt.')
    : unclear('The receipt of this sale has not been issued.')
}

function holdNotReleased({ payments, now }: DisputeFacts): Finding {
  const rests = payments.map(({ id, hold, releasedAt, captured: taken, reference }) => ({
    fact: `hold_${id}`,
    value: `${inWords(hold)}, ${taken === null ? 'not captured' : `captured ${inWords(taken)}`}, released ${releasedAt ?? 'not yet'}${reference === null ? '' : `, ${reference}`}`,
  }))
  const standing = payments.filter(
    ({ releasedAt, captured: taken }) => releasedAt === null && taken === null,
  )
  const late = standing.filter(({ releaseBy }) => isAfter(now, releaseBy))
  if (late.length > 0) return unclear('A hold stands beyond the time it should.', rests)
  if (standing.length > 0)
    return refuse(
      `The hold stands while the session runs, until ${standing[0]?.releaseBy ?? ''} at most.`,
      rests,
    )
  return refuse('The hold was given back; the bank shows it within its own time.', rests)
}

function currencyDiffers(facts: DisputeFacts): Finding {
  const { quote, due } = facts
  const taken = [...new Set(captured(facts).map(({ currency }) => currency))]
  const rests = [
    { fact: 'currency_of_quote', value: quote.currency },
    { fact: 'currency_taken', value: taken.join(', ') || 'none' },
  ]
  if (taken.every((currency) => currency === quote.currency) && due.currency === quote.currency)
    return refuse(
      `It was charged in ${quote.currency}, as shown; another currency on a statement is the bank’s own conversion.`,
      rests,
    )
  return unclear('It was charged in another currency than the one shown.', rests)
}

function notApplied(what: 'plan' | 'agreement'): (facts: DisputeFacts) => Finding {
  return ({ quote, entitled, usage, ...facts }) => {
    const name = what === 'plan' ? 'subscription' : 'agreed price'
    const applied = what === 'plan' ? quote.plan?.id : quote.agreement?.id
    const own = entitled[what]
    const rests = [
      { fact: `${what}_in_force`, value: own ?? 'none' },
      { fact: `${what}_applied`, value: applied ?? 'none' },
    ]
    if (own === null) return refuse(`No ${name} was in force when the price was shown.`, rests)
    if (applied === undefined) return unclear(`A ${name} was in force and was not applied.`, rests)
    if (usage === null) return refuse('Nothing was charged for this session.', rests)
    const found = atPriceOf({ ...facts, quote, entitled, usage }, usage, {
      over: `The price is not what the ${name} gives.`,
      right: `The ${name} was applied.`,
    })
    return { ...found, rests: [...rests, ...found.rests] }
  }
}

const dayS = 86_400

function refundNotReceived({ refunds, now }: DisputeFacts): Finding {
  const rests = refunds.map(({ amount, status, reference, at }) => ({
    fact: 'refund',
    value: `${inWords(amount)} ${status} at ${at}${reference === null ? '' : `, ${reference}`}`,
  }))
  if (refunds.length === 0) return refuse('No refund was decided for this session.')
  if (refunds.some(({ status }) => status === 'refused'))
    return unclear('The provider did not give a refund back.', rests)
  const waits = refunds.find(({ status }) => status === 'pending')
  if (waits !== undefined && secondsBetween(waits.at, now) > 2 * dayS)
    return unclear('A refund waits longer than it should.', rests)
  return refuse('The refund was sent; with the reference the bank finds it within ten days.', rests)
}

/** A session that is charged for weeks later surprises its driver; so long the contract lets a record come. */
const lateS = 31 * dayS

function chargedTooLate(facts: DisputeFacts): Finding {
  const { endedAt } = facts.session
  if (endedAt === null) return unclear('The session has no end.')
  const at = captured(facts).flatMap(({ capturedAt }) => (capturedAt === null ? [] : [capturedAt]))
  const last = at.toSorted().at(-1)
  if (last === undefined) return refuse('Nothing was taken for this session.')
  const rests = [
    { fact: 'ended_at', value: endedAt },
    { fact: 'taken_at', value: last },
  ]
  return secondsBetween(endedAt, last) > lateS
    ? clear(money(0, facts.due.currency), 'It was charged for later than may be.', rests)
    : refuse('It was charged for within the time that may be.', rests)
}

export const moneyRules = {
  duplicate_charge: { needs: ['payments', 'refunds'], bearer: 'platform', decide: duplicateCharge },
  above_price_limit: { needs: ['quote'], bearer: 'sale', decide: aboveLimit },
  higher_than_estimate: { needs: ['quote', 'record'], bearer: 'sale', decide: estimate },
  reservation_fee_not_announced: {
    needs: ['quote', 'record'],
    bearer: 'sale',
    decide: reservationFee,
  },
  wrong_vat: { needs: ['receipt', 'law'], bearer: 'sale', decide: wrongVat },
  receipt_missing: { needs: ['receipt'], bearer: 'sale', decide: receiptMissing },
  hold_not_released: { needs: ['payments'], bearer: 'sale', decide: holdNotReleased },
  currency_differs: { needs: ['quote', 'payments'], bearer: 'platform', decide: currencyDiffers },
  subscription_not_applied: {
    needs: ['quote', 'plan'],
    bearer: 'platform',
    decide: notApplied('plan'),
  },
  agreed_price_not_applied: {
    needs: ['quote', 'agreement'],
    bearer: 'sale',
    decide: notApplied('agreement'),
  },
  refund_not_received: { needs: ['refunds'], bearer: 'sale', decide: refundNotReceived },
  charged_too_late: { needs: ['session', 'payments'], bearer: 'sale', decide: chargedTooLate },
  other: {
    needs: [],
    bearer: 'sale',
    decide: () => unclear('No rule decides what the driver describes.'),
  },
} as const satisfies Partial<Record<DriverDisputeReason, DisputeRule>>

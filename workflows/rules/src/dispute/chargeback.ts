/** Chargebacks: who bears one by its reason, what is kept back for it at once, and what it does to the sale. */
import type {
  ChargebackReason,
  DisputeBearer,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { reducedSale } from '../booking/given-back.ts'
import { owedTo } from '../booking/payables.ts'
import type { BookTerms, Reserved, SaleState } from '../booking/sale.ts'
import { add, minimum, money, portionOf } from '../money.ts'
import { dueOf, saleLegOf, type SplitInput } from '../split/split.ts'

export type ChargebackBearer = Exclude<DisputeBearer, 'nobody'>

/**
 * The partner brought the payer and knows who it is; what was not delivered was no sale, so everybody gives its share of it
 * back; what went wrong between us and the provider is the platform's. An agreement may name others.
 */
export const chargebackBearers: Record<ChargebackReason, ChargebackBearer> = {
  bank_cannot_process: 'platform',
  check_returned: 'partner',
  credit_not_processed: 'platform',
  customer_initiated: 'partner',
  debit_not_authorized: 'partner',
  duplicate: 'platform',
  fraudulent: 'partner',
  general: 'platform',
  incorrect_account_details: 'platform',
  insufficient_funds: 'partner',
  noncompliant: 'platform',
  product_not_received: 'sale',
  product_unacceptable: 'sale',
  subscription_canceled: 'partner',
  unrecognized: 'partner',
}

export const chargebackPolicy = 'chargeback-bearers@1'

/** A reason that the network invents is the platform's until it is decided whose it is. */
export function bearerOf(
  reason: string,
  agreed: Partial<Record<string, ChargebackBearer>> = {},
): ChargebackBearer {
  const known = Object.entries(chargebackBearers).find(([name]) => name === reason)
  return agreed[reason] ?? known?.[1] ?? 'platform'
}

/** What each payee is not paid while it is open: all of it, or of a sale that may be none its own share. */
function reservedFor(
  state: SaleState,
  terms: BookTerms,
  { amount, bearer }: { amount: Money; bearer: ChargebackBearer },
): Reserved[] {
  if (bearer === 'platform') return []
  if (bearer === 'sale')
    return terms.payouts
      .map(({ payee: party }) => ({
        party,
        amount: portionOf(owedTo(state, party), amount, dueOf(state.split)),
      }))
      .filter((reserved) => reserved.amount.amount > 0)
  const seller = saleLegOf(state.split).supplier
  const party = bearer === 'cpo' ? seller : terms.debtor
  const isPayee = terms.payouts.some(
    ({ payee }) => payee.role === party.role && payee.id === party.id,
  )
  return isPayee ? [{ party, amount }] : []
}

export type Heard = {
  amount: Money
  bearer: ChargebackBearer
  state: 'open' | 'won' | 'lost'
}

type Changed = { state: SaleState; splitInput: SplitInput }

/** The sale with a chargeback as it is told; undefined where that changes nothing. */
export function withChargeback(
  before: SaleState,
  splitInput: SplitInput,
  terms: BookTerms,
  { amount, bearer, state }: Heard,
): Changed | undefined {
  const { chargeback, ...rest } = before
  if (chargeback?.state === 'lost' || chargeback?.state === state) return undefined
  if (state === 'won') return chargeback === undefined ? undefined : { state: rest, splitInput }
  const taken = minimum(chargeback?.amount ?? amount, before.collected.captured)
  if (state === 'lost' && bearer === 'sale' && taken.amount > 0) {
    const reduced = reducedSale(rest, splitInput, taken)
    const none = money(0, taken.currency)
    const takenBack = add(before.takenBack ?? none, reduced.payerGets)
    return { state: { ...reduced.state, takenBack }, splitInput: reduced.splitInput }
  }
  const reserved = chargeback?.reserved ?? reservedFor(rest, terms, { amount: taken, bearer })
  return { state: { ...rest, chargeback: { amount: taken, state, reserved } }, splitInput }
}

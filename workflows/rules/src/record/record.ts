/** A record as it is kept, and what a credit record takes back before and after the money has moved. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { inWords, money } from '../money.ts'
import { energyOf } from '../rating/usage.ts'
import type { CdrClaim, VerdictRule } from './public-price.ts'

/** A record as it was read when it came: nothing of its text is read a second time. */
export type RecordDocument = {
  /** What it asks, and how it says that it was priced. */
  claim: CdrClaim
  /** The tariff it embeds; null where it embeds none, or none that can be read. */
  tariff: Tariff | null
  /** What the meter signed, as received. */
  signed_values: string[]
}

/** The claim of a record that states its usage and leaves the price to us: our own node's. */
export const unpricedClaim = (usage: UsageRecord, currency: string): CdrClaim => ({
  currency,
  total_excl_vat: null,
  total_incl_vat: null,
  tariff_hash: null,
  total_energy_kwh: energyOf(usage),
})

/** Totals of a record as stated; a credit's are negative, or positive and meant so. */
export type CreditTotals = { excl: Money | null; incl: Money | null }

export type CreditInput = {
  credit: CreditTotals
  /** The record it takes back; undefined when neither its reference nor its session names one. */
  original: (CreditTotals & { isBilled: boolean; isTakenBack: boolean }) | undefined
}

export type CreditDecision = {
  kind: 'accepted' | 'quarantined'
  rule: Extract<
    VerdictRule,
    'credit_accepted' | 'credit_of_billed' | 'credit_partial' | 'credit_unmatched'
  >
  /** Whether the original no longer counts: it and its credit are zero together. */
  reverses: boolean
  detail: string
}

const words = (size: Money | null) => (size === null ? 'nothing' : inWords(size))

/** What a record is about, whatever its sign: with VAT where both sides state it, else without. */
function sizeOf({ excl, incl }: CreditTotals, isGross: boolean): Money | null {
  const stated = isGross ? incl : (excl ?? incl)
  return stated && money(Math.abs(stated.amount), stated.currency)
}

/**
 * OCPI 2.2.1 §10.3.1: a credit CDR takes back a whole record and negates its total. Peers disagree about the sign and
 * the reference, so it is matched by either and read by its size. Where money has moved it is given back, as far as no
 * corrected record follows.
 */
export function judgeCredit({ credit, original }: CreditInput): CreditDecision {
  if (original === undefined)
    return {
      kind: 'quarantined',
      rule: 'credit_unmatched',
      reverses: false,
      detail: 'no record is known that this credit takes back',
    }
  if (original.isTakenBack)
    return {
      kind: 'quarantined',
      rule: 'credit_unmatched',
      reverses: false,
      detail: 'the record was taken back before',
    }
  const isGross = original.incl !== null && credit.incl !== null
  const [back, asked] = [sizeOf(credit, isGross), sizeOf(original, isGross)]
  if (back?.currency !== asked?.currency || back?.amount !== asked?.amount)
    return {
      kind: 'quarantined',
      rule: 'credit_partial',
      reverses: false,
      detail: `the credit takes back ${words(back)}, the record asks ${words(asked)}`,
    }
  if (original.isBilled)
    return {
      kind: 'accepted',
      rule: 'credit_of_billed',
      reverses: true,
      detail: 'the record was billed already; what no corrected record asks is given back',
    }
  return {
    kind: 'accepted',
    rule: 'credit_accepted',
    reverses: true,
    detail: 'the record is taken back before anything was billed',
  }
}

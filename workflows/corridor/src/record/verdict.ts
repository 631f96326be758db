// What a verdict is in the session's row, in the CPO's news and in the workflow: the same judgement, three readers.
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import type { SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { JudgedRecord } from '@chargelane/rules/documents'
import { exact, exactOf, format, times } from '@chargelane/rules/exact'
import { energyOf } from '@chargelane/rules/rating/usage'
import { type Totals, totalsOfGross } from '@chargelane/rules/rating'
import { pricedUsage } from '@chargelane/rules/record/usage-basis'
import type { Verdict } from '@chargelane/rules/record/public-price'
import type { PlanContribution } from '@chargelane/rules/split'
import { factsOf, type ShareFacts } from '@chargelane/rules/split/sharing'
import type { Judged } from './judge.ts'
import type { RatedSession } from './ratings.ts'

/** The verdict without its line-by-line rating, which stays in the database. */
export type RecordVerdict = {
  kind: Verdict['kind']
  cdrId: string
  rules: string[]
  totals: Totals | null
  /** What the CPO asks above it, and where that is booked. */
  difference: Verdict['difference']
  provisional: boolean
  /** Energy of the record, whole Wh; for the threshold below which nobody is billed. */
  energyWh: number
  /** What the owner of the driver's plan pays of the total. */
  contribution?: PlanContribution
  /** What was billed, as the rules of a split ask of it; absent where nothing is. */
  shared?: ShareFacts
}

type Change = {
  patch: SessionPatch
  event: 'session.provisionally_rated' | EventTypeOf<'Cdr'>
  what: string
}

const adjustmentEvent = ({ rules, usage_basis: usage }: Verdict) =>
  usage === 'session'
    ? 'cdr.mismatch'
    : rules.includes('tariff_mismatch')
      ? 'cdr.tariff_mismatch'
      : 'cdr.adjusted'

export function changeOf(verdict: Verdict, cdr: CdrRow, usage: UsageRecord): Change {
  const provisional = cdr.source === 'provisional'
  const total: SessionPatch =
    verdict.payable === null
      ? {}
      : {
          totals: verdict.payable,
          energyWh: format(times(exact(energyOf(usage)), exactOf(1000))),
          energyIsEstimate: provisional,
        }
  if (provisional)
    return {
      patch: { ...total, recordStatus: 'provisional' },
      event: 'session.provisionally_rated',
      what: 'rated on our own record',
    }
  switch (verdict.kind) {
    case 'accepted':
    case 'closed_zero':
      return {
        patch: { ...total, recordStatus: 'cdr_accepted' },
        event: 'cdr.accepted',
        what: 'record accepted',
      }
    case 'accepted_with_adjustment':
      return {
        patch: { ...total, recordStatus: 'cdr_adjusted' },
        event: adjustmentEvent(verdict),
        what:
          verdict.usage_basis === 'session'
            ? 'record adjusted to what the readings prove'
            : 'record adjusted to the public price',
      }
    case 'quarantined':
      return {
        patch: { recordStatus: 'cdr_quarantined' },
        event: 'cdr.mismatch',
        what: 'record quarantined',
      }
    case 'rejected':
      return { patch: {}, event: 'cdr.rejected', what: 'record rejected' }
  }
}

export const statusOf = {
  accepted: 'accepted',
  closed_zero: 'accepted',
  accepted_with_adjustment: 'adjusted',
  quarantined: 'quarantined',
  rejected: 'rejected',
} as const

/** The energy the driver took: what the price rests on, except that energy nobody may bill was delivered all the same. */
export function deliveredUsage({ check, verdict }: Judged): UsageRecord {
  switch (verdict.usage_basis ?? 'record') {
    case 'unmetered':
      return check.usage
    case 'session_unmetered':
      return check.own?.usage ?? check.usage
    case 'record':
    case 'frozen':
    case 'session':
    case 'signed':
      return pricedUsage(check, verdict)
  }
}

export function answerOf(
  cdr: CdrRow,
  verdict: Verdict,
  rated?: RatedSession,
  billed?: UsageRecord,
): RecordVerdict {
  const energy = energyOf(cdr.usage)
  return {
    kind: verdict.kind,
    cdrId: cdr.id,
    rules: verdict.rules,
    totals: verdict.payable,
    difference: verdict.difference,
    provisional: cdr.source === 'provisional',
    energyWh: Number(format(times(exact(energy), exactOf(1000)), 0)),
    ...(rated === undefined || rated.contribution === null
      ? {}
      : { contribution: rated.contribution }),
    ...(billed === undefined || verdict.payable === null
      ? {}
      : { shared: factsOf(billed, verdict.rating) }),
  }
}

/** With its inputs, so that the pack's reader can run the check again; the locked tariff and policy are in the quote. */
export function keptOf({ check, verdict, diagnosis, meter, heard }: Judged): JudgedRecord {
  const { claim, sessionEnergyKwh, own, said, meterSignature, frozenAt, isAdopted } = check
  return {
    input: {
      claim,
      session_energy_kwh: sessionEnergyKwh ?? null,
      ...(frozenAt === undefined ? {} : { frozen_at: frozenAt }),
      ...(isAdopted === undefined ? {} : { adopted: isAdopted }),
      ...(own === undefined ? {} : { own }),
      ...(said === undefined ? {} : { said }),
      ...(meterSignature === undefined ? {} : { meter_signature: meterSignature }),
      ...heard,
    },
    verdict,
    diagnosis,
    ...(meter === undefined ? {} : { metering: meter }),
  }
}

/** What a record asks that leaves its price to us; nothing where the record states its own. */
export function askedOf({ check, verdict }: Judged) {
  if (check.claim.total_excl_vat !== null || verdict.claimed === null) return undefined
  const { rating, claimed } = verdict
  const net = rating === null ? claimed : totalsOfGross(claimed, rating.totals).net
  return { excl: net, incl: claimed }
}

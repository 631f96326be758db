import type { Db, Tx } from '@chargelane/db'
import {
  acceptedCdrOf,
  cdrById,
  cdrsOfSession,
  judgeCdr,
  pricedVersions,
  storeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession, proofPlace } from '@chargelane/db/queries/sessions/proofs'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import type { SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import { energyProgress, meterValuesOf } from '@chargelane/db/queries/sessions/supply'
import { sessionTerms } from '@chargelane/db/queries/sessions/terms'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '@chargelane/rules/canonical'
import { checkSignedValues, registeredMeter, tellOfMeter } from './meter.ts'
import { sha256 } from '@chargelane/rules/digest'
import type { JudgedRecord, SessionMeter } from '@chargelane/rules/documents'
import { compareExact, exact, exactOf, format, times, zero } from '@chargelane/rules/exact'
import { rateSession } from './ratings.ts'
import type { RatedSession, SessionToRate } from './ratings.ts'
import { diagnose, reasonsOfRules } from '@chargelane/rules/record/dispute'
import type { Diagnosis } from '@chargelane/rules/record/dispute'
import { checkPublicPrice, pricedUsage, putAside } from '@chargelane/rules/record/public-price'
import type { CheckInput, OwnUsage, Verdict } from '@chargelane/rules/record/public-price'
import { contextOf, showRecord } from './news.ts'
import { holdClaim, unpaidOf } from './suspense.ts'
import { hashTariff } from '@chargelane/rules/quote'
import { energyOf } from '@chargelane/rules/rating/usage'
import type { Contribution } from '@chargelane/rules/split'
import { rate, usageFromMeter } from '@chargelane/rules/rating'
import type { RatingPolicy, Totals } from '@chargelane/rules/rating'
import { claimOf } from './claim.ts'

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
  contribution?: Contribution
}

type Terms = NonNullable<Awaited<ReturnType<typeof sessionTerms>>>

/** What the quote locked: the price may be checked only against this, whatever is public today. */
function lockedPrice(terms: Terms): { tariff: Tariff; tariffHash: string; policy: RatingPolicy } {
  if (terms.tariff === null || terms.tariff.canonical === null)
    throw new Error(`Quote ${terms.quote.id} locks a tariff that is not there.`)
  const tariff = terms.tariff.canonical
  return {
    tariff,
    tariffHash: hashTariff(tariff),
    policy: terms.quote.body.rating_policy,
  }
}

const kwh = (wh: string) => format(times(exact(wh), exactOf(1, 3)))

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

function changeOf(verdict: Verdict, cdr: CdrRow, usage: UsageRecord): Change {
  const provisional = cdr.source === 'provisional'
  const total: SessionPatch =
    verdict.payable === null
      ? {}
      : {
          totalNetMinor: verdict.payable.net.amount,
          totalVatMinor: verdict.payable.vat.amount,
          totalGrossMinor: verdict.payable.gross.amount,
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

const statusOf = {
  accepted: 'accepted',
  closed_zero: 'accepted',
  accepted_with_adjustment: 'adjusted',
  quarantined: 'quarantined',
  rejected: 'rejected',
} as const

type Dependencies = { db: Db }

async function termsOf(db: Db, sessionId: string): Promise<Terms> {
  const terms = await sessionTerms(db, sessionId)
  if (terms === undefined) throw new Error(`No terms of ${sessionId}.`)
  return terms
}

/** A minute before or after: what a session's first reading may be away from its start and still be its start. */
const readingToleranceMs = 60_000

type Reading = Awaited<ReturnType<typeof meterValuesOf>>[number]

async function provenReadings(db: Db, sessionId: string): Promise<Reading[]> {
  const rows = await meterValuesOf(db, sessionId)
  return rows.filter((row) => row.registerWh !== null && row.flag === null)
}

/** The session's own usage between two instants, which the first and the last reading stand for. */
function usageOfReadings(
  readings: readonly Reading[],
  [startedAt, endedAt]: [string, string],
  { timeZone, tariff }: { timeZone: string; tariff: Tariff },
) {
  const [first] = readings
  const last = readings.at(-1)
  if (first === undefined || last === undefined) return undefined
  const inside = readings.filter((row) => row.at > startedAt && row.at < endedAt)
  const sample = (row: Reading, at = row.at) => ({
    at,
    energy_wh: row.registerWh ?? '0',
    ...(row.powerW === null ? {} : { power_w: String(row.powerW) }),
  })
  return usageFromMeter({
    samples: [sample(first, startedAt), ...inside.map((row) => sample(row)), sample(last, endedAt)],
    timeZone,
    tariff,
  })
}

/** Of two instants for the same moment the one nearer to what the record states: in doubt the record is right. */
function nearest(stated: string, ...instants: [string, string]): string {
  const distance = (at: string) => Math.abs(Date.parse(at) - Date.parse(stated))
  return distance(instants[0]) <= distance(instants[1]) ? instants[0] : instants[1]
}

/**
 * What our own readings prove against an operator's record; undefined unless they are whole, from the session's start
 * to its end by the charger's own clock. Our node's record is made of these very readings (failures F46).
 */
async function ownUsageOf(db: Db, terms: Terms, cdr: CdrRow): Promise<OwnUsage | undefined> {
  const { startedAt, endedAt, endReason } = terms.session
  if (cdr.source !== 'ocpi' || startedAt === null || endedAt === null || endReason === 'inferred')
    return undefined
  const readings = await provenReadings(db, terms.session.id)
  const [first] = readings
  const last = readings.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  const isWhole =
    Math.abs(Date.parse(first.at) - Date.parse(startedAt)) <= readingToleranceMs &&
    Date.parse(last.at) >= Date.parse(endedAt) - 1_000
  if (!isWhole) return undefined
  const { tariff } = lockedPrice(terms)
  const stated = cdr.usage
  // An end the charger's clock put beyond belief was replaced by ours; the reading still has the charger's.
  const metered = usageOfReadings(
    readings,
    [nearest(stated.started_at, startedAt, first.at), nearest(stated.ended_at, endedAt, last.at)],
    { timeZone: terms.timeZone, tariff },
  )
  if (metered?.ok !== true) return undefined
  const gaps = readings.map((row, index) =>
    Math.ceil((Date.parse(row.at) - Date.parse(readings[index - 1]?.at ?? row.at)) / 1_000),
  )
  return { usage: metered.usage, resolution_s: Math.max(...gaps) }
}

/** Tariffs the record may have been priced by: the one it embeds, and the versions before and after the locked one. */
async function otherTariffsOf(db: Db, terms: Terms, embedded: Tariff | undefined) {
  const locked = lockedPrice(terms).tariffHash
  const versions = await pricedVersions(db, terms.quote.tariffId, 20)
  const stored = versions.flatMap(({ id, version, canonical }) =>
    canonical === null ? [] : [{ ref: `${id}@${version}`, tariff: canonical }],
  )
  const own = embedded === undefined ? [] : [{ ref: 'of the record', tariff: embedded }]
  return [...stored, ...own].filter(({ tariff }) => hashTariff(tariff) !== locked)
}

type Judged = { verdict: Verdict; diagnosis: Diagnosis; check: CheckInput; meter?: SessionMeter }

/** The energy the driver took: what the price rests on, except that energy nobody may bill was delivered all the same. */
function deliveredUsage({ check, verdict }: Judged): UsageRecord {
  switch (verdict.usage_basis ?? 'record') {
    case 'unmetered':
      return check.usage
    case 'session_unmetered':
      return check.own?.usage ?? check.usage
    case 'record':
    case 'session':
    case 'signed':
      return pricedUsage(check, verdict)
  }
}

const placeOf = (terms: Terms, endedAt: string) => ({
  evseId: terms.session.evseId,
  marketProfile: terms.quote.marketProfile,
  at: terms.session.endedAt ?? endedAt,
})

const signatureOf = ({ check, unproven }: SessionMeter): CheckInput['meterSignature'] => ({
  status: check.status,
  energy_kwh: check.energy_kwh,
  unproven,
  detail: check.detail,
})

async function judge(db: Db, terms: Terms, cdr: CdrRow): Promise<Judged> {
  const usage = cdr.usage
  const seen = await energyProgress(db, terms.session.id)
  // Only a reading taken at the record's end can contradict it; an earlier one is rightly smaller.
  // Both times are the charger's: its clock may differ from ours.
  const final =
    seen.lastReadingAt !== null &&
    Date.parse(seen.lastReadingAt) >= Date.parse(usage.ended_at) - 1_000
  const { claim, embedded } = claimOf(cdr)
  const own = await ownUsageOf(db, terms, cdr)
  const { started_at, ended_at } = usage
  const span = { started_at, ended_at }
  const meter = await checkSignedValues(db, placeOf(terms, ended_at), { raw: cdr.raw, span })
  const signature = meter && signatureOf(meter)
  const { agreement } = terms.quote.body
  const check: CheckInput = {
    ...lockedPrice(terms),
    claim,
    usage,
    currency: terms.session.currency,
    ...(final ? { sessionEnergyKwh: kwh(seen.energyWh) } : {}),
    ...(own === undefined ? {} : { own }),
    ...(signature === undefined ? {} : { meterSignature: signature }),
    ...(agreement === undefined
      ? {}
      : { agreed: { tariff: agreement.tariff, tariffHash: agreement.tariff_hash } }),
  }
  const earlier = await acceptedCdrOf(db, terms.session.id, cdr.id)
  const verdict =
    earlier === undefined
      ? checkPublicPrice(check)
      : putAside('duplicate_record', `${earlier.id} was accepted for this session before`)
  const otherTariffs =
    verdict.ours === verdict.claimed ? [] : await otherTariffsOf(db, terms, embedded)
  const diagnosis = diagnose({ check, verdict, otherTariffs })
  return { verdict, check, diagnosis, ...(meter === undefined ? {} : { meter }) }
}

/**
 * The sale and what its price was computed from, for everybody who has a price of this usage. The proofs show the price
 * by the quote's rule; the claim, where it is lower, is in the verdict. Undefined while nothing is payable.
 */
async function saleOf(
  db: Db,
  terms: Terms,
  cdr: CdrRow,
  { check, verdict }: Judged,
  now: string,
): Promise<SessionToRate | undefined> {
  if (verdict.payable === null) return undefined
  const evse = await proofPlace(db, terms.session.id)
  if (evse === undefined) throw new Error(`No EVSE of ${terms.session.id}.`)
  const quote = terms.quote.body
  const { agreement } = quote
  return {
    session: { ...terms.session, locationId: evse.locationId },
    quote,
    cdrId: cdr.id,
    sale: { totals: verdict.payable, basis: verdict.basis ?? 'public' },
    now,
    proof: {
      tariff: check.tariff,
      usage: pricedUsage(check, verdict),
      context: {
        session: terms.session.id,
        cdr: cdr.id,
        time_zone: terms.timeZone,
        evse: {
          id: evse.id,
          evse_id: evse.evseId,
          connector: terms.session.connectorId,
          power_type: evse.powerType,
          max_power_w: evse.maxPowerW,
          country: terms.country,
        },
        market_profile: terms.quote.marketProfile,
      },
      agreement:
        agreement === undefined
          ? null
          : { id: agreement.id, version: agreement.version, tariff: agreement.tariff },
      rating_policy: check.policy,
    },
  }
}

/** Other records of the session that wait to be judged: only one record can be billed, so they are put aside. */
async function putDuplicatesAside(tx: Tx, judged: CdrRow): Promise<void> {
  for (const row of await cdrsOfSession(tx, judged.sessionId ?? '')) {
    const waits = row.id !== judged.id && row.status === 'received' && row.source !== 'provisional'
    if (!waits) continue
    const verdict = putAside('duplicate_record', `${judged.id} was accepted for this session`)
    const diagnosis = reasonsOfRules(verdict.rules)
    await judgeCdr(tx, row.id, 'quarantined', { input: null, verdict, diagnosis })
  }
}

function answerOf(cdr: CdrRow, verdict: Verdict, rated?: RatedSession): RecordVerdict {
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
  }
}

/** With its inputs, so that the pack's reader can run the check again; the locked tariff and policy are in the quote. */
function keptOf({ check, verdict, diagnosis, meter }: Judged): JudgedRecord {
  const { claim, sessionEnergyKwh, own, meterSignature } = check
  return {
    input: {
      claim,
      session_energy_kwh: sessionEnergyKwh ?? null,
      ...(own === undefined ? {} : { own }),
      ...(meterSignature === undefined ? {} : { meter_signature: meterSignature }),
    },
    verdict,
    diagnosis,
    ...(meter === undefined ? {} : { metering: meter }),
  }
}

/**
 * Re-rates a record at the price of the quote and keeps the verdict, its reasons and its proof. Pure on its inputs, so
 * a repeated call gives the same verdict and writes it once. `keepTotals` leaves the session's totals for a true-up.
 */
async function judgeRecord(
  { db }: Dependencies,
  input: {
    sessionId: string
    cdrId: string
    now: string
    keepTotals?: boolean
  },
): Promise<RecordVerdict> {
  const cdr = await cdrById(db, input.cdrId)
  if (cdr === undefined) throw new Error(`No record ${input.cdrId}.`)
  // Taken back by its CPO before it could be judged; its verdict says so already.
  if (cdr.status === 'credited')
    return answerOf(cdr, putAside('credited', 'the operator took the record back'))
  const terms = await termsOf(db, input.sessionId)
  const judged = await judge(db, terms, cdr)
  const { verdict } = judged
  // The session's total is still that of the provisional sale.
  const chargedBefore = input.keepTotals === true ? (terms.session.totalGrossMinor ?? 0) : undefined
  const unpaid = unpaidOf(verdict, chargedBefore)
  const change = changeOf(verdict, cdr, deliveredUsage(judged))
  // What the driver paid before stays the session's price, and its proofs stand.
  const isBooked = unpaid?.isChargedBefore !== true
  const sale = isBooked ? await saleOf(db, terms, cdr, judged, input.now) : undefined
  const standing = isBooked ? undefined : await proofOfSession(db, input.sessionId, 'wholesale')
  const rated = await db.tx(async (tx) => {
    const prices = sale === undefined ? undefined : await rateSession(tx, sale)
    const proofs = prices?.proofs ?? { retail: null, wholesale: null }
    const kept = await judgeCdr(tx, cdr.id, statusOf[verdict.kind], keptOf(judged))
    const isSent = cdr.source !== 'provisional'
    if (isSent) await holdClaim(tx, cdr, judged, unpaid, { ...terms.session, at: input.now })
    const isClaimed = isSent && unpaid !== undefined && unpaid.held > 0
    const shown = await showRecord(tx, kept, proofs.wholesale ?? proofs.retail, isClaimed)
    await changeSession(tx, input.sessionId, input.keepTotals === true ? {} : change.patch, {
      event:
        change.event === 'session.provisionally_rated'
          ? change.event
          : { type: change.event, data: shown.partner },
      room: 'public-price',
      what: change.what,
      detail: {
        cdr: cdr.id,
        rules: verdict.rules,
        claimed_minor: cdr.totalInclMinor ?? cdr.totalExclMinor,
        payable_minor: verdict.payable?.gross.amount ?? null,
        ...(proofs.retail === null ? {} : { price_proof: proofs.retail }),
      },
      dedupeKey: `${input.sessionId}:judged:${cdr.id}`,
      at: input.now,
    })
    if (change.event === 'session.provisionally_rated') return prices
    if (verdict.payable !== null) await putDuplicatesAside(tx, cdr)
    await tellOfMeter(tx, judged.meter, {
      cdr: shown.cpo,
      cpoId: terms.session.cpoId,
      isBilled: !verdict.rules.includes('energy_not_billable'),
      at: input.now,
    })
    await appendEvent(tx, {
      accountId: terms.session.cpoId,
      type: change.event,
      objectId: cdr.id,
      data: shown.cpo,
      context: contextOf(judged, unpaid, standing?.id ?? proofs.wholesale),
      dedupeKey: `${cdr.id}:judged:cpo`,
      at: input.now,
    })
    return prices
  })
  return answerOf(cdr, verdict, rated)
}

/**
 * Our own record from our own readings, for a session whose CPO sends none (failures F34). Null when we have no
 * reading to prove anything with, or none that may be billed by: nothing is billed on a guess.
 */
async function makeProvisionalRecord(
  { db }: Dependencies,
  input: {
    sessionId: string
    now: string
  },
): Promise<{ cdrId: string } | null> {
  const terms = await termsOf(db, input.sessionId)
  const { startedAt, endedAt } = terms.session
  const readings = await provenReadings(db, input.sessionId)
  if (startedAt === null || endedAt === null) return null
  // What no meter signed may not stand in for what it signed: the record is waited for instead.
  const meter = await registeredMeter(db, placeOf(terms, endedAt))
  if (meter?.unproven === 'energy_not_billable') return null
  const price = lockedPrice(terms)
  const metered = usageOfReadings(readings, [startedAt, endedAt], {
    timeZone: terms.timeZone,
    tariff: price.tariff,
  })
  if (metered === undefined) return null
  if (!metered.ok)
    throw new Error(`Readings of ${input.sessionId}: ${JSON.stringify(metered.problems)}`)
  const rated = rate({ ...price, usage: metered.usage })
  const isEmpty = compareExact(exact(energyOf(metered.usage)), zero) === 0
  // No component prices a session without energy; that is a record of nothing, not a fault.
  if (!rated.ok && !isEmpty) throw new Error(`Own record of ${input.sessionId}: ${rated.message}`)
  const totals = rated.ok ? rated.rating.totals : null
  const raw = canonicalText({ session: input.sessionId, usage: metered.usage, totals })
  const stored = await db.tx((tx) =>
    storeCdr(tx, {
      sessionId: input.sessionId,
      connectionId: terms.session.connectionId,
      source: 'provisional',
      countryCode: terms.connection.countryCode,
      partyId: terms.connection.partyId,
      ocpiId: `provisional-${input.sessionId}`,
      contentHash: sha256(raw),
      raw,
      usage: metered.usage,
      currency: terms.session.currency,
      totalExclMinor: totals?.net.amount ?? 0,
      totalInclMinor: totals?.gross.amount ?? 0,
      receivedAt: input.now,
    }),
  )
  return { cdrId: stored.cdr.id }
}

export function createCdrActivities(deps: Dependencies) {
  return {
    judgeRecord: (input: Parameters<typeof judgeRecord>[1]) => judgeRecord(deps, input),
    makeProvisionalRecord: (input: Parameters<typeof makeProvisionalRecord>[1]) =>
      makeProvisionalRecord(deps, input),
  }
}

export type CdrActivities = ReturnType<typeof createCdrActivities>

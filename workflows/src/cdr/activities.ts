import type { Db } from '@chargelane/db'
import { cdrById, judgeCdr, storeCdr } from '@chargelane/db/queries/cdrs'
import type { CdrRow } from '@chargelane/db/queries/cdrs'
import { changeSession } from '@chargelane/db/queries/sessions'
import type { SessionChange, SessionPatch } from '@chargelane/db/queries/sessions'
import { energyProgress, meterValuesOf } from '@chargelane/db/queries/supply'
import { sessionTerms } from '@chargelane/db/queries/terms'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, exactOf, format, money, times, toDecimal } from '../money.ts'
import { checkPublicPrice } from '../public-price/rules.ts'
import type { CdrClaim, Verdict } from '../public-price/rules.ts'
import { sha256, storedTariff } from '../quote/activities.ts'
import { canonicalText } from '../canonical.ts'
import { hashTariff } from '../quote/rules.ts'
import type { QuoteBody } from '../quote/rules.ts'
import { energyOf } from '../rating/usage.ts'
import { canonicalTariff, rate, usageFromMeter } from '../rating/rules.ts'
import type { RatingPolicy, Totals } from '../rating/rules.ts'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'

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
}

type Terms = NonNullable<Awaited<ReturnType<typeof sessionTerms>>>

/** What the quote locked: the price may be checked only against this, whatever is public today. */
function lockedPrice(terms: Terms): { tariff: Tariff; tariffHash: string; policy: RatingPolicy } {
  if (terms.tariff === null || terms.tariff.canonical === null)
    throw new Error(`Quote ${terms.quote.id} locks a tariff that is not there.`)
  const tariff = storedTariff(terms.tariff.canonical)
  return {
    tariff,
    tariffHash: hashTariff(tariff, sha256),
    policy: quoteBody(terms.quote.body).rating_policy,
  }
}

/** The column holds only what `buildQuote` made and the offer's signature covers. */
function quoteBody(body: unknown): QuoteBody {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return body as QuoteBody
}

function claimOf(cdr: CdrRow): CdrClaim {
  const raw: unknown = JSON.parse(cdr.raw)
  const embedded =
    typeof raw === 'object' && raw !== null && 'tariffs' in raw && Array.isArray(raw.tariffs)
      ? canonicalTariff(raw.tariffs[0])
      : undefined
  const decimal = (minor: number | null) =>
    minor === null ? null : toDecimal(money(minor, cdr.currency))
  return {
    currency: cdr.currency,
    total_excl_vat: decimal(cdr.totalExclMinor) ?? '0',
    total_incl_vat: decimal(cdr.totalInclMinor),
    tariff_hash: embedded?.ok === true ? hashTariff(embedded.tariff, sha256) : null,
    total_energy_kwh: energyOf(zUsageRecord.parse(cdr.usage)),
  }
}

const kwh = (wh: string) => format(times(exact(wh), exactOf(1, 3)))

type Change = { patch: SessionPatch; event: NonNullable<SessionChange['event']>; what: string }

function changeOf(verdict: Verdict, cdr: CdrRow): Change {
  const provisional = cdr.source === 'provisional'
  const total: SessionPatch =
    verdict.payable === null
      ? {}
      : {
          totalNetMinor: verdict.payable.net.amount,
          totalVatMinor: verdict.payable.vat.amount,
          totalGrossMinor: verdict.payable.gross.amount,
          energyWh: format(times(exact(energyOf(zUsageRecord.parse(cdr.usage))), exactOf(1000))),
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
        event: verdict.rules.includes('tariff_mismatch') ? 'cdr.tariff_mismatch' : 'cdr.adjusted',
        what: 'record adjusted to the public price',
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

/**
 * Re-rates a record at the quoted public price and keeps the verdict with it. Pure on its inputs, so a repeated
 * call gives the same verdict and writes it once. `keepTotals` leaves the session's totals for a true-up.
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
  const terms = await termsOf(db, input.sessionId)
  const seen = await energyProgress(db, input.sessionId)
  const usage = zUsageRecord.parse(cdr.usage)
  // Only a reading taken at the record's end can contradict it; an earlier one is rightly smaller.
  // Both times are the charger's: its clock may differ from ours.
  const final =
    seen.lastReadingAt !== null &&
    Date.parse(seen.lastReadingAt) >= Date.parse(usage.ended_at) - 1_000
  const claim = claimOf(cdr)
  const sessionEnergyKwh = final ? kwh(seen.energyWh) : null
  const verdict = checkPublicPrice({
    ...lockedPrice(terms),
    claim,
    usage,
    currency: terms.session.currency,
    ...(sessionEnergyKwh === null ? {} : { sessionEnergyKwh }),
  })
  // With its inputs, so that the pack's reader can run the check again.
  const kept = { input: { claim, session_energy_kwh: sessionEnergyKwh }, verdict }
  const change = changeOf(verdict, cdr)
  await db.tx(async (tx) => {
    await judgeCdr(tx, cdr.id, statusOf[verdict.kind], kept)
    await changeSession(tx, input.sessionId, input.keepTotals === true ? {} : change.patch, {
      event: change.event,
      room: 'public-price',
      what: change.what,
      detail: {
        cdr: cdr.id,
        rules: verdict.rules,
        claimed_minor: cdr.totalInclMinor ?? cdr.totalExclMinor,
        payable_minor: verdict.payable?.gross.amount ?? null,
      },
      dedupeKey: `${input.sessionId}:judged:${cdr.id}`,
      at: input.now,
    })
  })
  return {
    kind: verdict.kind,
    cdrId: cdr.id,
    rules: verdict.rules,
    totals: verdict.payable,
    difference: verdict.difference,
    provisional: cdr.source === 'provisional',
    energyWh: Number(format(times(exact(claim.total_energy_kwh), exactOf(1000)), 0)),
  }
}

/**
 * Our own record from our own readings, for a session whose CPO sends none (failures F34). Null when we have no
 * reading to prove anything with: nothing is billed on a guess.
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
  const readings = (await meterValuesOf(db, input.sessionId)).filter(
    (row) => row.registerWh !== null && row.flag === null,
  )
  const [first] = readings
  const last = readings.at(-1)
  if (first === undefined || last === undefined || startedAt === null || endedAt === null)
    return null
  const inside = readings.filter((row) => row.at > startedAt && row.at < endedAt)
  const sample = (row: (typeof readings)[number], at = row.at) => ({
    at,
    energy_wh: row.registerWh ?? '0',
    ...(row.powerW === null ? {} : { power_w: String(row.powerW) }),
  })
  const price = lockedPrice(terms)
  const metered = usageFromMeter({
    samples: [sample(first, startedAt), ...inside.map((row) => sample(row)), sample(last, endedAt)],
    timeZone: terms.timeZone,
    tariff: price.tariff,
  })
  if (!metered.ok)
    throw new Error(`Readings of ${input.sessionId}: ${JSON.stringify(metered.problems)}`)
  const rated = rate({ ...price, usage: metered.usage })
  const isEmpty = exact(energyOf(metered.usage)).n === 0n
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

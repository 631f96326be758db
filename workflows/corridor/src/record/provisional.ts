// Our own record from a session's readings, for a session whose CPO sends none (failures F34).
import { InvariantError } from '@chargelane/rules/assert'
import type { Db } from '@chargelane/db'
import { cdrsOfSession, storeCdr } from '@chargelane/db/queries/sessions/cdrs'
import { meterValuesOf } from '@chargelane/db/queries/sessions/supply'
import { canonicalText } from '@chargelane/rules/canonical'
import { sha256 } from '@chargelane/rules/digest'
import { compareExact, exact, zero } from '@chargelane/rules/exact'
import { unpricedClaim } from '@chargelane/rules/record'
import type { CdrClaim } from '@chargelane/rules/record/public-price'
import { billableSeries, type PowerLimit } from '@chargelane/rules/record/registers'
import { energyOf, type MeterSample, usageFromMeter } from '@chargelane/rules/rating/usage'
import { rate } from '@chargelane/rules/rating'
import { placeOf, powerLimitOf } from './judge.ts'
import { registeredMeter } from './meter.ts'
import { lockedPrice, termsOf } from './terms.ts'

/**
 * Null when we have no reading to prove anything with, or none that may be billed by: nothing is billed on a guess.
 */
export async function makeProvisionalRecord(
  { db, plausibleSlackMs }: { db: Db; plausibleSlackMs: number },
  input: { sessionId: string; now: string },
): Promise<{ cdrId: string } | null> {
  const terms = await termsOf(db, input.sessionId)
  const { startedAt, endedAt } = terms.session
  if (startedAt === null || endedAt === null) return null
  // What no meter signed may not stand in for what it signed: the record is waited for instead.
  const meter = await registeredMeter(db, placeOf(terms, endedAt))
  if (meter?.unproven === 'energy_not_billable') return null
  const price = lockedPrice(terms)
  const limit = powerLimitOf(terms, plausibleSlackMs)
  const samples = await billableSamples(db, input.sessionId, [startedAt, endedAt], limit)
  if (samples === undefined) return null
  const { timeZone } = terms
  const metered = usageFromMeter({ samples, timeZone, tariff: price.tariff })
  if (!metered.ok)
    throw new InvariantError(`Readings of ${input.sessionId}: ${JSON.stringify(metered.problems)}`)
  const { usage } = metered
  const rated = rate({ ...price, usage })
  const isEmpty = compareExact(exact(energyOf(usage)), zero) === 0
  // No component prices a session without energy; that is a record of nothing, not a fault.
  if (!rated.ok && !isEmpty)
    throw new InvariantError(`Own record of ${input.sessionId}: ${rated.message}`)
  const { currency } = terms.session
  const asked = await leastAsked(db, input.sessionId, currency)
  const raw = canonicalText({ session: input.sessionId, usage, ...asked })
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
      usage,
      document: {
        claim: { ...unpricedClaim(usage, currency), ...asked },
        tariff: null,
        signed_values: [],
      },
      currency,
      totalExclMinor: null,
      totalInclMinor: null,
      receivedAt: input.now,
    }),
  )
  return { cdrId: stored.cdr.id }
}

/**
 * The readings to bill by, which the first and the last stand for at both ends. The last word counts: a CPO replaces what
 * it told before, and a reading from which the end cannot follow is left out.
 */
async function billableSamples(
  db: Db,
  sessionId: string,
  [startedAt, endedAt]: [string, string],
  limit: PowerLimit,
): Promise<MeterSample[] | undefined> {
  const rows = (await meterValuesOf(db, sessionId)).flatMap(({ registerWh, flag, ...row }) =>
    registerWh === null || flag === 'after_stop' ? [] : [{ ...row, registerWh }],
  )
  const first = rows[0]
  const last = rows.at(-1)
  if (first === undefined || last === undefined) return undefined
  const begin = { at: startedAt, registerWh: first.registerWh }
  const end = { at: endedAt, registerWh: last.registerWh }
  const { samples } = billableSeries(begin, rows, end, limit)
  return samples.map(({ at, registerWh, powerW, charging }) => ({
    at,
    energy_wh: registerWh,
    ...(powerW == null ? {} : { power_w: String(powerW) }),
    ...(charging === undefined ? {} : { charging }),
  }))
}

const totalOf = (claim: CdrClaim) => exact(claim.total_incl_vat ?? claim.total_excl_vat ?? '0')

/**
 * The totals of the record that asks least, of those that were judged and put aside: whatever is wrong with it, the
 * driver pays no more on our readings than its CPO asked (law L6). Nothing where no record states a total.
 */
async function leastAsked(
  db: Db,
  sessionId: string,
  currency: string,
): Promise<Pick<CdrClaim, 'total_excl_vat' | 'total_incl_vat'> | undefined> {
  const asked = (await cdrsOfSession(db, sessionId)).flatMap(({ source, status, document }) =>
    source === 'ocpi' && status === 'quarantined' && document.claim.currency === currency
      ? [document.claim]
      : [],
  )
  const [least] = asked
    .filter(({ total_excl_vat: excl }) => excl !== null)
    .toSorted((a, b) => compareExact(totalOf(a), totalOf(b)))
  return least && { total_excl_vat: least.total_excl_vat, total_incl_vat: least.total_incl_vat }
}

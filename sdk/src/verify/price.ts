/** The price of a pack, from its raw inputs: the signed quote, the published tariff, the record as received, the meter. */
import { z } from 'zod'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalHash } from '@chargelane/rules/digest'
import { manifestPath, quoteSigningText } from '@chargelane/rules/evidence'
import { keyIdOf, type KeyList, type Trust, trustIn } from '@chargelane/rules/evidence/keys'
import { isCommitted } from '@chargelane/rules/evidence/commitment'
import { profileFor, profileRef, ratingPolicyOf } from '@chargelane/rules/markets'
import { buildQuote } from '@chargelane/rules/quote'
import { connectorFacts, thousandths } from '@chargelane/rules/quote/choose'
import { canonicalTariff, engineVersion, isSameRating } from '@chargelane/rules/rating'
import { checkPublicPrice } from '@chargelane/rules/record/public-price'
import { pricedUsage } from '@chargelane/rules/record/usage-basis'
import type { CheckInput, Verdict } from '@chargelane/rules/record/public-price'
import { believedOf, testimonyOf } from '@chargelane/rules/record/witness'
import { taxFaults } from '@chargelane/rules/tariff'
import { checkMeterFile, meterFile, zMeterFile } from './meter.ts'
import { fail, mustBe, type Outcome, type Pack, Refused, same, shown } from './pack.ts'
import { heardOf, readClaim } from './record.ts'
import { verifyProof } from './proof.ts'
import { hasRecord, signedBy, trustOf } from './seal.ts'
import { zManifest, zQuote, zQuoteHead, zSession, zVerdict } from './shapes.ts'

// ── The quote ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Where nothing but the tariff, the plug and the market makes the price, the whole quote is made again. */
function checkQuoteAgain(pack: Pack): void {
  const { body } = pack.json('quote.json', zQuote)
  const session = pack.json('session.json', zSession)
  if (body.plan !== undefined || body.discount !== undefined) return
  if (body.engine_version !== engineVersion) return
  const { agreement, est } = body
  const again = buildQuote({
    now: body.created_at,
    evse: {
      id: session.evse.evse_id,
      timeZone: session.place.time_zone,
      ...connectorFacts({
        powerType: session.evse.power_type,
        maxPowerW: session.evse.max_power_w,
      }),
    },
    tariffVersion: body.tariff,
    tariff: pack.json('tariff.canonical.json', zTariff),
    profile: profileFor(session.place.country, body.created_at),
    seller: { name: session.seller.legalName, vat_id: session.seller.vatId },
    supplyModel: body.supply_model,
    ...(body.distribution === undefined ? {} : { sharedBy: body.distribution }),
    expected: { energyKwh: thousandths(est.energy_wh), durationS: est.duration_s },
    ...(agreement === undefined
      ? {}
      : {
          agreements: [
            {
              id: agreement.id,
              version: agreement.version,
              justification: body.justification ?? null,
              terms: { price: { kind: 'tariff' as const, tariff: agreement.tariff } },
            },
          ],
        }),
  })
  if (!again.ok)
    throw new Refused(fail(`quote.json: ${again.path}: ${again.message}`, 'quote.json'))
  mustBe('quote.json', body, again.quote, '/body')
}

/** The market's own rule of the day, not the quote's word for it. */
function checkMarket(pack: Pack): void {
  const { body } = pack.json('quote.json', zQuoteHead)
  const { place, market_profile: named, currency } = pack.json('session.json', zSession)
  const profile = profileFor(place.country, body.created_at)
  if (profile === undefined)
    throw new Refused(
      fail(`session.json: nothing is sold in ${place.country}`, 'session.json', '/place/country'),
    )
  mustBe('quote.json', body.market_profile, profileRef(profile), '/body/market_profile')
  mustBe('session.json', named, profileRef(profile), '/market_profile')
  mustBe('session.json', currency, body.currency, '/currency')
  const policy = ratingPolicyOf(profile, body.created_at)
  mustBe('quote.json', body.rating_policy, policy, '/body/rating_policy')
}

const isHiddenIn = (body: unknown) =>
  typeof body === 'object' && body !== null && Object.values(body).some(isCommitted)

/** A lost key's own issuer sealed the pack by one that holds: it says again what the quote was. */
function isSealedAnew(pack: Pack, trust: readonly KeyList[], lost: Trust): boolean {
  const seal = trustOf(pack, trust)
  return lost.kind === 'compromised' && seal.kind === 'trusted' && seal.issuer === lost.issuer
}

export async function checkQuote(pack: Pack, trust: readonly KeyList[]): Promise<Outcome> {
  const quote = pack.json('quote.json', zQuoteHead)
  const { key_id: keyId, public_key_spki: spki } = quote
  if (keyIdOf(spki) !== keyId)
    return fail(`quote.json: key id ${keyId} is not that of its key`, 'quote.json', '/key_id')
  const { signer, session } = pack.json(manifestPath, zManifest)
  const found = trustIn(trust, spki, quote.body.created_at)
  // A stranger may vouch for itself; a quote by another key than the pack's needs that key to be trusted.
  if (
    found.kind !== 'trusted' &&
    spki !== signer.public_key_spki &&
    !isSealedAnew(pack, trust, found)
  )
    return fail(`quote.json is signed by another key, ${keyId}`, 'quote.json', '/key_id')
  const { id, partner } = pack.json('session.json', zSession)
  mustBe('session.json', id, session, '/id')
  mustBe('quote.json', quote.account, partner.id, '/account')
  checkMarket(pack)
  const { body } = z.object({ body: z.unknown() }).parse(pack.parsed('quote.json'))
  if (isHiddenIn(body))
    return { committed: `${quote.id}: what its signature covers is partly hidden from this reader` }
  const text = quoteSigningText({ ...quote, body })
  if (!(await signedBy(spki, quote.signature, text)))
    return fail('quote.json does not match its signature', 'quote.json', '/signature')
  checkQuoteAgain(pack)
  return `${quote.id} is signed as shown, key ${keyId}, and follows from the tariff`
}

export async function checkTariff(pack: Pack): Promise<Outcome> {
  const canonical = pack.json('tariff.canonical.json', zTariff)
  // A tariff of OCPI 2.1.1 does not say whose it is.
  const { country_code, party_id } = canonical
  const again = canonicalTariff(pack.parsed('tariff.raw.json'), { country_code, party_id })
  if (!again.ok)
    return fail(
      `tariff.raw.json: ${again.problems[0]?.message ?? 'not a tariff'}`,
      'tariff.raw.json',
    )
  mustBe('tariff.canonical.json', canonical, again.tariff)
  const hash = canonicalHash(canonical)
  const { body } = pack.json('quote.json', zQuoteHead)
  mustBe('quote.json', body.tariff_hash, hash, '/body/tariff_hash')
  const { place } = pack.json('session.json', zSession)
  const profile = profileFor(place.country, body.created_at)
  const [fault] = profile === undefined ? [] : taxFaults(canonical, profile, body.created_at)
  if (fault !== undefined)
    return fail(
      `tariff.canonical.json: ${fault.path}: ${fault.message}`,
      'tariff.canonical.json',
      fault.path,
    )
  return `the quote locks the public tariff ${canonical.id}, ${hash.slice(0, 23)}…, at the VAT of ${place.country}`
}

// ── The record ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Usage and claim are what the record says, as it was received. */
export async function checkUsage(pack: Pack): Promise<Outcome> {
  if (!hasRecord(pack)) return { absent: 'no record was judged' }
  const read = readClaim(pack)
  mustBe('usage.json', pack.parsed('usage.json'), read.usage)
  const { input } = pack.json('verdict.json', zVerdict)
  mustBe('verdict.json', input.claim, read.claim, '/input/claim')
  if (pack.has(meterFile))
    mustBe(meterFile, pack.json(meterFile, zMeterFile).values, read.signedValues, '/values')
  return read.words
}

/** What the check of the record is given, made again from the record, the meter and the signed values. */
function checkInputOf(pack: Pack): CheckInput {
  const { body } = pack.json('quote.json', zQuoteHead)
  const { input, cdr } = pack.json('verdict.json', zVerdict)
  const session = pack.json('session.json', zSession)
  const { limit, frozen_at: frozenAt, adopted: isAdopted } = input
  const { usage, claim } = readClaim(pack)
  const tariff = pack.json('tariff.canonical.json', zTariff)
  const testimony = testimonyOf({
    readings: believedOf(heardOf(pack), limit),
    record: { usage, isOurs: cdr.source !== 'ocpi' },
    session: {
      startedAt: session.started_at,
      endedAt: session.ended_at,
      isEndInferred: session.end_reason === 'inferred',
    },
    timeZone: session.place.time_zone,
    tariff,
    limit,
  })
  const file = pack.has(meterFile) ? pack.json(meterFile, zMeterFile) : undefined
  return {
    claim,
    usage,
    tariff,
    tariffHash: body.tariff_hash,
    policy: body.rating_policy,
    currency: body.currency,
    ...testimony,
    ...(frozenAt === undefined ? {} : { frozenAt }),
    ...(isAdopted === undefined ? {} : { isAdopted }),
    ...(file === undefined
      ? {}
      : {
          meterSignature: {
            status: file.check.status,
            energy_kwh: file.check.energy_kwh,
            unproven: file.unproven,
            detail: file.check.detail,
          },
        }),
    ...(body.agreement === undefined
      ? {}
      : { agreed: { tariff: body.agreement.tariff, tariffHash: body.agreement.tariff_hash } }),
  }
}

type Judged = { given: CheckInput; verdict: Verdict }
const judged = new WeakMap<Pack, Judged>()

/** The check of the record, made again; once for a pack, though many checks rest on it. */
export function judgeAgain(pack: Pack): Judged {
  const known = judged.get(pack)
  if (known !== undefined) return known
  const given = checkInputOf(pack)
  const made = { given, verdict: checkPublicPrice(given) }
  judged.set(pack, made)
  return made
}

/** The usage that the price rests on, of the check made again. */
export function pricedAgain(pack: Pack): UsageRecord {
  const { given, verdict } = judgeAgain(pack)
  return pricedUsage(given, verdict)
}

const zEngine = z.looseObject({ engine_version: z.string() })

export async function checkPrice(pack: Pack): Promise<Outcome> {
  if (!hasRecord(pack)) return { absent: 'no record was judged' }
  const { verdict } = judgeAgain(pack)
  const { rating, detail } = verdict
  if (rating === null) {
    mustBe('rating.json', pack.parsed('rating.json'), null)
    return detail ?? 'the record has no price'
  }
  const { engine_version: rated } = pack.json('rating.json', zEngine)
  if (rated === engineVersion) mustBe('rating.json', pack.parsed('rating.json'), rating)
  else if (!isSameRating(pack.parsed('rating.json'), rating))
    return fail('rating.json is not what the tariff and the usage give', 'rating.json')
  const engines = rated === engineVersion ? '' : ` (rated by ${rated}, checked by ${engineVersion})`
  return `recomputed to ${shown(rating.totals.gross)}, equal in every line${engines}`
}

export async function checkVerdict(pack: Pack): Promise<Outcome> {
  if (!hasRecord(pack)) return { absent: 'no record was judged' }
  const { input, verdict: stated } = pack.json('verdict.json', zVerdict)
  const { given, verdict } = judgeAgain(pack)
  const { rating, ...recomputed } = verdict
  const testimony = {
    session_energy_kwh: given.sessionEnergyKwh ?? null,
    own: given.own,
    said: given.said,
    meter_signature: given.meterSignature,
  }
  for (const [name, found] of Object.entries(testimony))
    mustBe('verdict.json', Reflect.get(input, name), found, `/input/${name}`)
  mustBe('verdict.json', stated, recomputed, '/verdict')
  const gross = rating?.totals.gross.amount
  const { payable } = recomputed
  if (payable !== null && gross !== undefined && payable.gross.amount > gross)
    return fail('the driver pays more than the public price', 'verdict.json', '/verdict/payable')
  return `${recomputed.kind}${payable === null ? '' : `, driver pays ${shown(payable.gross)}`}`
}

const zProofLinks = z.looseObject({
  input: z.looseObject({
    rating: z.string(),
    context: z.looseObject({ evse: z.looseObject({ max_power_w: z.int(), country: z.string() }) }),
    tariff: z.unknown(),
    usage: z.unknown(),
    rating_policy: z.unknown(),
  }),
})

/** The proof holds by itself, and is of this session, this record, this place and this price. */
export async function checkProof(pack: Pack): Promise<Outcome> {
  const report = await verifyProof(pack.parsed('proof.json'))
  const failed = report.checks.find((check) => !check.ok)
  if (failed !== undefined)
    return fail(`proof.json: ${failed.name}: ${failed.detail}`, 'proof.json', `/${failed.name}`)
  const { input } = pack.json('proof.json', zProofLinks)
  const { given, verdict } = judgeAgain(pack)
  const { id, evse, place, market_profile } = pack.json('session.json', zSession)
  const { cdr, input: checked } = pack.json('verdict.json', zVerdict)
  // An EVSE gives as much as the strongest of its connectors.
  const most = [evse.max_power_w, checked.limit.maxPowerW].find(
    (power) => power === input.context.evse.max_power_w,
  )
  const context = {
    session: id,
    cdr: cdr.id,
    time_zone: place.time_zone,
    // Where the charger is said to be by now: the price does not follow from it.
    evse: { ...evse, max_power_w: most ?? evse.max_power_w, country: input.context.evse.country },
    market_profile,
  }
  mustBe('proof.json', input.context, context, '/input/context')
  const { body } = pack.json('quote.json', zQuoteHead)
  mustBe('proof.json', input.tariff, pack.parsed('tariff.canonical.json'), '/input/tariff')
  mustBe('proof.json', input.usage, pricedUsage(given, verdict), '/input/usage')
  mustBe('proof.json', input.rating_policy, body.rating_policy, '/input/rating_policy')
  if (!same(report.totals, verdict.rating?.totals ?? null))
    return fail('proof.json is of another price', 'proof.json', '/output/totals')
  return `${report.hash?.slice(0, 23)}… recomputed by ${engineVersion}`
}

/** The signed values hold or fail as the pack says, and the record was priced by exactly that. */
export async function checkMeterValues(pack: Pack): Promise<Outcome> {
  const isPriced = pack.has('verdict.json')
  const priced = isPriced ? pack.json('verdict.json', zVerdict).input.meter_signature : undefined
  const file = pack.json(meterFile, zMeterFile)
  const { market_profile: marketProfile } = pack.json('quote.json', zQuoteHead).body
  const outcome = isPriced
    ? checkMeterFile(file, {
        marketProfile,
        sale: { usage: pack.json('usage.json', zUsageRecord), priced },
      })
    : checkMeterFile(file, { marketProfile })
  return typeof outcome === 'string' ? outcome : { ...outcome, file: meterFile }
}

import { z } from 'zod'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalHash } from '@chargelane/rules/digest'
import { manifestPath, quoteSigningText } from '@chargelane/rules/evidence'
import {
  keyIdOf,
  type KeyList,
  pinnedList,
  type Trust,
  trustIn,
} from '@chargelane/rules/evidence/keys'
import { checkPublicPrice, pricedUsage } from '@chargelane/rules/record/public-price'
import type { CheckInput, Verdict } from '@chargelane/rules/record/public-price'
import { canonicalTariff, engineVersion, isSameRating } from '@chargelane/rules/rating'
import { checkMeterFile, meterFile, zMeterFile } from './verify/meter.ts'
import { zManifest, zQuote, zVerdict } from './verify/shapes.ts'
import {
  fail,
  type Failure,
  Hidden,
  type Outcome,
  Pack,
  Refused,
  same,
  shown,
} from './verify/pack.ts'
import {
  checkConversions,
  checkInvoice,
  checkLedger,
  checkNothingSold,
  checkPayment,
  checkSettlement,
  checkSplit,
} from './verify/money.ts'
import { verifyProof } from './verify/proof.ts'
import {
  checkArchive,
  checkComplete,
  checkFiles,
  checkManifest,
  checkSignature,
  checkSigner,
  hasSale,
  signedBy,
  trustOf,
} from './verify/seal.ts'

export { verifyProof } from './verify/proof.ts'
export { fetchKeyList, readKeyList } from './verify/trust.ts'
export type { KeyList } from './verify/trust.ts'
export type { ProofCheck, ProofReport } from './verify/proof.ts'

// Recomputes an evidence pack from nothing but its own bytes: the same pure functions that made the price, run again.

export type Check = {
  name: string
  ok: boolean
  /** `committed`: what it needs is sealed and hidden from this reader. `absent`: the session has nothing of the kind. */
  state: 'checked' | 'committed' | 'absent'
  detail: string
  /** Of a check that failed: the first file that differs, and the figure in it. */
  file: string | null
  figure: string | null
}
export type Report = {
  /** Everything that this reader can check holds, and a key that the reader trusts sealed it. */
  ok: boolean
  /** `unknown_signer`: everything holds, but nobody the reader trusts says so. */
  outcome: 'verified' | 'unknown_signer' | 'refused'
  /** Only of a pinned or published key; null for everybody else's word. */
  sealed_by: string | null
  session: string | null
  revision: number | null
  checks: Check[]
  /** The recomputed price in words, line by line; empty when the pack has no price proof. */
  lines: string[]
}

export type VerifyOptions = {
  /** Key lists as deployments publish them at `/.well-known/chargelane-keys.json`. */
  trust?: readonly KeyList[]
  /** Public keys in PEM that were pinned by hand. */
  trustedKeys?: readonly string[]
}

const trustedBy = ({ trust = [], trustedKeys = [] }: VerifyOptions): KeyList[] => [
  ...trustedKeys.map((pem) => pinnedList(pem.replace(/-----[^-]+-----|\s/g, ''))),
  ...trust,
]

const pricedSignature = (pack: Pack) => pack.json('verdict.json', zVerdict).input.meter_signature

/** Also where the file is missing although the record was priced by it, and where nobody can read whether it was. */
function hasMeter(pack: Pack): boolean {
  if (pack.has(meterFile)) return true
  if (!pack.has('verdict.json')) return false
  try {
    return pricedSignature(pack) !== undefined
  } catch {
    return true
  }
}

// ── The price ───────────────────────────────────────────────────────────────────────────────────────────────────

async function checkQuote(pack: Pack, trust: readonly KeyList[]): Promise<Outcome> {
  const quote = pack.json('quote.json', zQuote)
  const { key_id: keyId, public_key_spki: spki } = quote
  if (keyIdOf(spki) !== keyId)
    return fail(`quote.json: key id ${keyId} is not that of its key`, 'quote.json', '/key_id')
  const text = quoteSigningText(quote)
  if (!(await signedBy(spki, quote.signature, text)))
    return fail('quote.json does not match its signature', 'quote.json', '/signature')
  const { signer } = pack.json(manifestPath, zManifest)
  const found = trustIn(trust, spki, quote.body.created_at)
  // One stranger may vouch for itself; a quote by another key needs that key to be known.
  if (found.kind !== 'trusted' && spki !== signer.public_key_spki)
    return fail(`quote.json is signed by another key, ${keyId}`, 'quote.json', '/key_id')
  return `${quote.id} is signed as shown, key ${keyId}`
}

async function checkTariff(pack: Pack): Promise<Outcome> {
  const canonical = pack.json('tariff.canonical.json', zTariff)
  const again = canonicalTariff(JSON.parse(pack.text('tariff.raw.json')))
  if (!again.ok) return fail(`tariff.raw.json: ${again.problems[0]?.message ?? 'not a tariff'}`)
  if (!same(again.tariff, canonical))
    return fail('tariff.canonical.json is not the canonical form of tariff.raw.json')
  const hash = canonicalHash(canonical)
  const { body } = pack.json('quote.json', zQuote)
  return body.tariff_hash === hash
    ? `the quote locks the public tariff ${canonical.id}, ${hash.slice(0, 23)}…`
    : fail(`quote locks ${body.tariff_hash}, the tariff has ${hash}`)
}

/** What the check of the record was given, from the pack alone. */
function checkInputOf(pack: Pack): CheckInput {
  const { body } = pack.json('quote.json', zQuote)
  const { input } = pack.json('verdict.json', zVerdict)
  const { agreement } = body
  const { meter_signature: signature } = input
  return {
    claim: input.claim,
    usage: pack.json('usage.json', zUsageRecord),
    tariff: pack.json('tariff.canonical.json', zTariff),
    tariffHash: body.tariff_hash,
    policy: body.rating_policy,
    currency: body.currency,
    ...(input.session_energy_kwh === null ? {} : { sessionEnergyKwh: input.session_energy_kwh }),
    ...(input.own === undefined ? {} : { own: input.own }),
    ...(input.said === undefined ? {} : { said: input.said }),
    ...(signature === undefined ? {} : { meterSignature: signature }),
    ...(agreement === undefined
      ? {}
      : { agreed: { tariff: agreement.tariff, tariffHash: agreement.tariff_hash } }),
  }
}

/** The check of the record, made again. */
const judgeAgain = (pack: Pack): Verdict => checkPublicPrice(checkInputOf(pack))

const zEngine = z.looseObject({ engine_version: z.string() })

async function checkPrice(pack: Pack): Promise<Outcome> {
  const { rating, detail } = judgeAgain(pack)
  if (rating === null) return fail(detail ?? 'the usage has no price by the tariff')
  const { engine_version: rated } = pack.json('rating.json', zEngine)
  if (!isSameRating(JSON.parse(pack.text('rating.json')), rating))
    return fail('rating.json is not what the tariff and the usage give')
  const engines = rated === engineVersion ? '' : ` (rated by ${rated}, checked by ${engineVersion})`
  return `recomputed to ${shown(rating.totals.gross)}, equal in every line${engines}`
}

async function checkVerdict(pack: Pack): Promise<Outcome> {
  const { verdict } = pack.json('verdict.json', zVerdict)
  const { rating, ...recomputed } = judgeAgain(pack)
  if (!same(recomputed, verdict))
    return fail('verdict.json is not what the check of the record gives')
  const gross = rating?.totals.gross.amount
  const { payable } = recomputed
  if (payable !== null && gross !== undefined && payable.gross.amount > gross)
    return fail('the driver pays more than the public price')
  return `${recomputed.kind}${payable === null ? '' : `, driver pays ${shown(payable.gross)}`}`
}

const zProofLinks = z.looseObject({
  input: z.looseObject({
    context: z.looseObject({ session: z.string() }),
    tariff: z.unknown(),
    usage: z.unknown(),
    rating_policy: z.unknown(),
  }),
})

/** The proof holds by itself, and is of this session, this tariff, this usage and this price. */
async function checkProof(pack: Pack): Promise<Outcome> {
  const proof: unknown = JSON.parse(pack.text('proof.json'))
  const report = await verifyProof(proof)
  const failed = report.checks.filter((check) => !check.ok)
  if (failed.length > 0)
    return fail(failed.map(({ name, detail }) => `${name}: ${detail}`).join('; '))
  const { input } = pack.json('proof.json', zProofLinks)
  const given = checkInputOf(pack)
  const again = checkPublicPrice(given)
  const expected: [string, unknown, unknown][] = [
    ['session', input.context.session, pack.json(manifestPath, zManifest).session],
    ['tariff', input.tariff, JSON.parse(pack.text('tariff.canonical.json'))],
    ['usage', input.usage, pricedUsage(given, again)],
    ['rating policy', input.rating_policy, pack.json('quote.json', zQuote).body.rating_policy],
    ['price', report.totals, again.rating?.totals ?? null],
  ]
  for (const [what, stated, found] of expected)
    if (!same(stated, found)) return fail(`proof.json is of another ${what}`)
  return `${report.hash?.slice(0, 23)}… recomputed by ${engineVersion}`
}

/** The signed values hold or fail as the pack says, and the record was priced by exactly that. */
async function checkMeterValues(pack: Pack): Promise<Outcome> {
  const priced = pack.has('verdict.json') ? pricedSignature(pack) : undefined
  const file = pack.json(meterFile, zMeterFile)
  const { market_profile: marketProfile } = pack.json('quote.json', zQuote).body
  if (!hasSale(pack)) return checkMeterFile(file, { marketProfile })
  const usage = pack.json('usage.json', zUsageRecord)
  return checkMeterFile(file, { marketProfile, sale: { usage, priced } })
}

async function priceLines(pack: Pack): Promise<string[]> {
  if (!pack.has('proof.json')) return []
  try {
    return (await verifyProof(JSON.parse(pack.text('proof.json')))).lines
  } catch {
    // What cannot be read is a failed check already.
    return []
  }
}

const sealChecks: [string, (pack: Pack, trust: readonly KeyList[]) => Promise<Outcome>][] = [
  ['archive', checkArchive],
  ['manifest', checkManifest],
  ['signature', checkSignature],
  ['signer', checkSigner],
  ['files', checkFiles],
  ['completeness', checkComplete],
]
type ContentCheck = [string, (pack: Pack, trust: readonly KeyList[]) => Promise<Outcome>]
const quoteChecks: ContentCheck[] = [
  ['quote', checkQuote],
  ['public tariff', checkTariff],
]
const zeroChecks: ContentCheck[] = [
  ['zero', checkNothingSold],
  ['ledger', checkLedger],
]
const saleChecks: ContentCheck[] = [
  ['proof', checkProof],
  ['price', checkPrice],
  ['record', checkVerdict],
  ['payment', checkPayment],
  ['split', checkSplit],
  ['conversion', checkConversions],
  ['ledger', checkLedger],
  ['invoice', checkInvoice],
  ['settlement', checkSettlement],
]

async function run(name: string, check: () => Promise<Outcome>): Promise<Check> {
  const made = (ok: boolean, state: Check['state'], detail: string): Check => ({
    name,
    ok,
    state,
    detail,
    file: null,
    figure: null,
  })
  const failed = ({ fail: detail, file, figure }: Failure): Check => ({
    ...made(false, 'checked', detail),
    file: file ?? null,
    figure: figure ?? null,
  })
  try {
    const outcome = await check()
    if (typeof outcome === 'string') return made(true, 'checked', outcome)
    if ('committed' in outcome) return made(true, 'committed', outcome.committed)
    if ('absent' in outcome) return made(true, 'absent', outcome.absent)
    return failed(outcome)
  } catch (error) {
    if (error instanceof Hidden) return made(true, 'committed', error.message)
    if (error instanceof Refused) return failed(error.failure)
    return made(false, 'checked', error instanceof Error ? error.message : String(error))
  }
}

function outcomeOf(checks: readonly Check[], trust: Trust | undefined): Report['outcome'] {
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name)
  if (failed.length === 0) return 'verified'
  const isStranger = failed.every((name) => name === 'signer') && trust?.kind === 'unknown'
  return isStranger ? 'unknown_signer' : 'refused'
}

function headOf(pack: Pack, trust: readonly KeyList[]) {
  try {
    const { session, revision } = pack.json(manifestPath, zManifest)
    return { session, revision, trust: trustOf(pack, trust) }
  } catch {
    // What cannot be read is a failed check already.
    return { session: null, revision: null, trust: undefined }
  }
}

/**
 * Checks one pack. Never throws on a bad pack: whatever does not hold is a failed check that names the file and the
 * figure. What the reader may not see is `committed`: sealed, and for others to check.
 */
export async function verifyPack(zip: Uint8Array, options: VerifyOptions = {}): Promise<Report> {
  const pack = new Pack(zip)
  const trust = trustedBy(options)
  const checks: Check[] = []
  for (const [name, check] of sealChecks) checks.push(await run(name, () => check(pack, trust)))
  const meterChecks: ContentCheck[] = hasMeter(pack) ? [['signed values', checkMeterValues]] : []
  const contentChecks = [
    ...quoteChecks,
    ...meterChecks,
    ...(hasSale(pack) ? saleChecks : zeroChecks),
  ]
  for (const [name, check] of contentChecks) checks.push(await run(name, () => check(pack, trust)))
  const { session, revision, trust: found } = headOf(pack, trust)
  const outcome = outcomeOf(checks, found)
  return {
    ok: outcome === 'verified',
    outcome,
    sealed_by: found?.kind === 'trusted' ? found.issuer || 'the holder of the pinned key' : null,
    session,
    revision,
    checks,
    lines: await priceLines(pack),
  }
}

import { z } from 'zod'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '@chargelane/rules/canonical'
import { canonicalHash, sha256 } from '@chargelane/rules/digest'
import {
  manifestPath,
  packFiles,
  packPaths,
  quoteSigningText,
  signaturePath,
} from '@chargelane/rules/evidence'
import type { PackPath } from '@chargelane/rules/evidence'
import { checkPublicPrice, pricedUsage } from '@chargelane/rules/record/public-price'
import type { CheckInput, Verdict } from '@chargelane/rules/record/public-price'
import { canonicalTariff, engineVersion, isSameRating } from '@chargelane/rules/rating'
import { checkMeterFile, meterFile, zMeterFile } from './verify/meter.ts'
import { zManifest, zQuote, zVerdict } from './verify/shapes.ts'
import { fail, type Outcome, Pack, same, shown } from './verify/pack.ts'
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

export { verifyProof } from './verify/proof.ts'
export type { ProofCheck, ProofReport } from './verify/proof.ts'

// Recomputes an evidence pack from nothing but its own bytes: the same pure functions that made the price, run again.

export type Check = { name: string; ok: boolean; detail: string }
export type Report = {
  ok: boolean
  session: string | null
  revision: number | null
  checks: Check[]
  /** The recomputed price in words, line by line; empty when the pack has no price proof. */
  lines: string[]
}

/** Public keys in PEM; when given, the pack must be signed by one of them. */
export type VerifyOptions = {
  trustedKeys?: readonly string[]
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))
}

async function signedBy(spki: string, signature: string, text: string): Promise<boolean> {
  const key = await crypto.subtle.importKey('spki', fromBase64(spki), 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, fromBase64(signature), new TextEncoder().encode(text))
}

// ── The seal ────────────────────────────────────────────────────────────────────────────────────────────────────

async function checkArchive(pack: Pack): Promise<Outcome> {
  if (pack.entries.size === 0) return fail('not an evidence pack: no entry can be read')
  if (pack.damage !== undefined) return fail(`${pack.damage} was changed`)
  return `${pack.entries.size} entries, every byte of the archive follows from them`
}

async function checkManifest(pack: Pack): Promise<Outcome> {
  const text = pack.text(manifestPath)
  const manifest = pack.json(manifestPath, zManifest)
  if (canonicalText(JSON.parse(text)) !== text)
    return fail(`${manifestPath} is not in canonical form`)
  return `revision ${manifest.revision}, sealed ${manifest.sealed_at}, ${manifest.files.length} files`
}

async function checkSignature(pack: Pack, options: VerifyOptions): Promise<Outcome> {
  const { signer } = pack.json(manifestPath, zManifest)
  const keyId = sha256(fromBase64(signer.public_key_spki)).slice(0, 16)
  if (keyId !== signer.key_id) return fail(`key id ${signer.key_id} is not that of the key inside`)
  if (!(await signedBy(signer.public_key_spki, pack.text(signaturePath), pack.text(manifestPath))))
    return fail(`${manifestPath} was changed after it was signed, or ${signaturePath} was`)
  const pinned = (options.trustedKeys ?? []).map((pem) => pem.replace(/-----[^-]+-----|\s/g, ''))
  if (pinned.length === 0) return `Ed25519 key ${keyId}, not pinned (use --key)`
  return pinned.includes(signer.public_key_spki)
    ? `Ed25519 key ${keyId}, pinned`
    : fail(`signed by ${keyId}, which is not a trusted key`)
}

async function checkFiles(pack: Pack): Promise<Outcome> {
  const { files } = pack.json(manifestPath, zManifest)
  const listed = new Set(files.map((file) => file.path))
  const problems: string[] = []
  for (const file of files) {
    const bytes = pack.entries.get(file.path)
    if (bytes === undefined) problems.push(`${file.path} is missing`)
    else if (bytes.length !== file.bytes || sha256(bytes) !== file.sha256)
      problems.push(`${file.path} was changed`)
  }
  for (const path of pack.entries.keys())
    if (!listed.has(path) && path !== manifestPath && path !== signaturePath)
      problems.push(`${path} was added`)
  return problems.length === 0
    ? `${files.length} files match their SHA-256`
    : fail(problems.join('; '))
}

async function checkComplete(pack: Pack): Promise<Outcome> {
  const expected = hasSale(pack) ? [...baseFiles, ...saleFiles] : baseFiles
  const missing = expected.filter((path) => !pack.has(path))
  if (missing.length > 0)
    return fail(missing.map((path) => `${path} (${packFiles[path]}) is missing`).join('; '))
  return hasSale(pack) ? 'every expected file is there' : 'closed at zero: nothing was sold'
}

/** Files that only a sale has; a session that closed at zero is sealed without them. */
const saleFiles = [
  'usage.json',
  'cdr.raw.json',
  'rating.json',
  'verdict.json',
  'split.json',
  'tax.json',
  'fx.json',
  'invoice.xml',
  'invoice.pdf',
] as const satisfies PackPath[]
/**
 * Packs sealed before there were price proofs have none; only a meter whose key is registered has signed values, and
 * only a sale that became cheaper has credit notes.
 */
const optionalFiles = [
  'proof.json',
  'meter/signed-values.json',
  'credit-notes.json',
] as const satisfies PackPath[]
const baseFiles = packPaths.filter(
  (path) => ![...saleFiles, ...optionalFiles].some((each) => each === path),
)
const hasSale = (pack: Pack) => pack.has('split.json')
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

async function checkQuote(pack: Pack): Promise<Outcome> {
  const { signer } = pack.json(manifestPath, zManifest)
  const quote = pack.json('quote.json', zQuote)
  if (quote.key_id !== signer.key_id)
    return fail(`quote.json is signed by another key, ${quote.key_id}`)
  const text = quoteSigningText(quote)
  return (await signedBy(signer.public_key_spki, quote.signature, text))
    ? `${quote.id} is signed as shown`
    : fail('quote.json does not match its signature')
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

const sealChecks: [string, (pack: Pack, options: VerifyOptions) => Promise<Outcome>][] = [
  ['archive', checkArchive],
  ['manifest', checkManifest],
  ['signature', checkSignature],
  ['files', checkFiles],
  ['completeness', checkComplete],
]
type ContentCheck = [string, (pack: Pack) => Promise<Outcome>]
const quoteChecks: ContentCheck[] = [
  ['quote', checkQuote],
  ['public tariff', checkTariff],
]
const zeroChecks: ContentCheck[] = [
  ['zero', checkNothingSold],
  ['ledger', checkLedger],
]
const saleChecks: ContentCheck[] = [
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
  try {
    const outcome = await check()
    return typeof outcome === 'string'
      ? { name, ok: true, detail: outcome }
      : { name, ok: false, detail: outcome.fail }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Checks one pack. Never throws on a bad pack: whatever does not hold is a failed check that names the file or the
 * figure. A session that closed at zero is checked for its seal, its quote, and that nothing was taken.
 */
export async function verifyPack(zip: Uint8Array, options: VerifyOptions = {}): Promise<Report> {
  const pack = new Pack(zip)
  const checks: Check[] = []
  for (const [name, check] of sealChecks) checks.push(await run(name, () => check(pack, options)))
  const proofChecks: ContentCheck[] = pack.has('proof.json') ? [['proof', checkProof]] : []
  const meterChecks: ContentCheck[] = hasMeter(pack) ? [['signed values', checkMeterValues]] : []
  const contentChecks = [
    ...quoteChecks,
    ...meterChecks,
    ...(hasSale(pack) ? [...proofChecks, ...saleChecks] : zeroChecks),
  ]
  for (const [name, check] of contentChecks) checks.push(await run(name, () => check(pack)))
  const head = await run('head', async () => JSON.stringify(pack.json(manifestPath, zManifest)))
  const manifest = head.ok ? zManifest.parse(JSON.parse(head.detail)) : null
  return {
    ok: checks.every((check) => check.ok),
    session: manifest?.session ?? null,
    revision: manifest?.revision ?? null,
    checks,
    lines: await priceLines(pack),
  }
}

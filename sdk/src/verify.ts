import { manifestPath } from '@chargelane/rules/evidence'
import { pinnedList, type Trust } from '@chargelane/rules/evidence/keys'
import { checkLedger, checkNothingSold, checkSettlement } from './verify/books.ts'
import { checkMeter, checkSession, checkTimeline } from './verify/facts.ts'
import { checkInvoice } from './verify/invoice.ts'
import { meterFile } from './verify/meter.ts'
import { type Failure, Hidden, type Outcome, Pack, Refused } from './verify/pack.ts'
import {
  checkMeterValues,
  checkPrice,
  checkProof,
  checkQuote,
  checkTariff,
  checkUsage,
  checkVerdict,
} from './verify/price.ts'
import { checkConversions, checkPayment, checkSplit, checkTax } from './verify/sale.ts'
import { zManifest, zVerdict } from './verify/shapes.ts'
import { verifyProof } from './verify/proof.ts'
import {
  checkArchive,
  checkComplete,
  checkFiles,
  checkManifest,
  checkSignature,
  checkSigner,
  hasSale,
  trustOf,
} from './verify/seal.ts'
import type { KeyList } from './verify/trust.ts'

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
/**
 * `unknown_signer`: everything holds, but nobody the reader trusts says so. `compromised_key`: everything holds, but
 * somebody else may have the key that says so, and whoever has it writes any date.
 */
export type PackOutcome = 'verified' | 'unknown_signer' | 'compromised_key' | 'refused'

export type Report = {
  /** Everything that this reader can check holds, and a key that the reader trusts sealed it. */
  ok: boolean
  outcome: PackOutcome
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

// Recomputes an evidence pack from nothing but its own bytes: the same pure functions that made the price, run again.

/** Also where the file is missing although the record was priced by it, and where nobody can read whether it was. */
function hasMeter(pack: Pack): boolean {
  if (pack.has(meterFile)) return true
  if (!pack.has('verdict.json')) return false
  try {
    return pack.json('verdict.json', zVerdict).input.meter_signature !== undefined
  } catch {
    return true
  }
}

async function priceLines(pack: Pack): Promise<string[]> {
  if (!pack.has('proof.json')) return []
  try {
    return (await verifyProof(pack.parsed('proof.json'))).lines
  } catch {
    // What cannot be read is a failed check already.
    return []
  }
}

type ContentCheck = [string, (pack: Pack, trust: readonly KeyList[]) => Promise<Outcome>]

const sealChecks: [string, (pack: Pack, trust: readonly KeyList[]) => Promise<Outcome>][] = [
  ['archive', checkArchive],
  ['manifest', checkManifest],
  ['signature', checkSignature],
  ['signer', checkSigner],
  ['files', checkFiles],
  ['completeness', checkComplete],
]
const baseChecks: ContentCheck[] = [
  ['quote', checkQuote],
  ['public tariff', checkTariff],
  ['session', checkSession],
  ['meter', checkMeter],
  ['usage', checkUsage],
  ['price', checkPrice],
  ['record', checkVerdict],
]
const saleChecks: ContentCheck[] = [
  ['proof', checkProof],
  ['payment', checkPayment],
  ['split', checkSplit],
  ['tax', checkTax],
  ['conversion', checkConversions],
  ['ledger', checkLedger],
  ['invoice', checkInvoice],
  ['settlement', checkSettlement],
]
const zeroChecks: ContentCheck[] = [
  ['zero', checkNothingSold],
  ['ledger', checkLedger],
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
  if (!failed.every((name) => name === 'signer')) return 'refused'
  if (trust?.kind === 'unknown') return 'unknown_signer'
  return trust?.kind === 'compromised' ? 'compromised_key' : 'refused'
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
  const contentChecks: ContentCheck[] = [
    ...baseChecks,
    ...meterChecks,
    ...(hasSale(pack) ? saleChecks : zeroChecks),
    ['timeline', checkTimeline],
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

import { readFile } from 'node:fs/promises'
import { verifyPack, verifyProof } from '../verify.ts'
import type { Check } from '../verify.ts'
import { builtinKeys } from './builtin.ts'
import { fetchKeyList, type KeyList, readKeyList } from './trust.ts'

const help = `chargelane-verify: check an evidence pack or a price proof offline

  chargelane-verify PACK.zip|PROOF.json [PACK.zip|PROOF.json …] [--keys FILE|URL] [--key KEY.pem] [--json]

Recomputes every hash and signature, the usage from the operator's record and the meter, the price from its public
tariff, the verdict, the split by the agreement, the tax by the market's law of the day, the conversions, every leg of
the ledger, the invoice and what is owed. What is hidden from the reader of this copy is "committed": sealed, and for
others to check. Needs no network. A price proof (proof.json, or the answer of GET /v1/price_proofs/{id}) is checked
by executing the price function again.

Who sealed a pack is said only of a key that you trust: of a deployment's published list (--keys, or CHARGELANE_KEYS in
the environment), or one that you pin (--key). A pack by an unknown signer may hold in itself and proves nothing.

  --keys WHERE  published key list: a file, or https://HOST/.well-known/chargelane-keys.json; may be repeated
  --key FILE    Ed25519 public key (PEM) to trust; may be repeated
  --json        print the report as JSON, one line per file
  --help        this text

Exit code: 0 everything holds and the signer is trusted, 1 something does not hold, 2 the command line or a file cannot
be read, 3 everything holds, but the signer is unknown, 4 everything
holds, but somebody else may have the key that sealed it.
`

type Options = { packs: string[]; keys: string[]; lists: string[]; json: boolean }

function parse(args: readonly string[]): Options | string {
  const options: Options = { packs: [], keys: [], lists: [], json: false }
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    const into = arg === '--key' ? options.keys : arg === '--keys' ? options.lists : undefined
    if (arg === '--json') options.json = true
    else if (into !== undefined) {
      const where = args[++index]
      if (where === undefined) return `${arg} needs a file`
      into.push(where)
    } else if (arg.startsWith('-')) return `unknown option ${arg}`
    else options.packs.push(arg)
  }
  return options.packs.length === 0 ? 'name at least one pack or proof' : options
}

type Shown = {
  ok: boolean
  outcome: 'verified' | 'unknown_signer' | 'compromised_key' | 'refused'
  session: string | null
  sealed_by?: string | null
  checks: readonly (Pick<Check, 'name' | 'ok' | 'detail'> & Partial<Check>)[]
  lines: readonly string[]
}

const wordOf = ({ ok, state = 'checked', name }: Shown['checks'][number], outcome: string) => {
  if (ok) return state
  if (name === 'signer' && outcome === 'compromised_key') return 'COMPROMISED'
  return name === 'signer' && outcome === 'unknown_signer' ? 'UNKNOWN' : 'FAILED'
}

function verdictOf({ outcome, checks, sealed_by: by }: Shown): string {
  const failed = checks.filter((check) => !check.ok).length
  if (outcome === 'refused') return `NOT OK: ${failed} of ${checks.length} checks failed`
  if (outcome === 'unknown_signer')
    return 'UNKNOWN SIGNER: it holds in itself, but nobody you trust sealed it (see --keys)'
  if (outcome === 'compromised_key')
    return 'COMPROMISED KEY: it holds in itself, but others may have the key; ask its issuer for the pack sealed anew'
  const committed = checks.filter(({ state }) => state === 'committed').length
  const hidden = committed === 0 ? '' : `, ${committed} of them committed and hidden from this copy`
  const sealed = by === undefined || by === null ? '' : ` · sealed by ${by}`
  return `OK: everything holds (${checks.length} checks${hidden})${sealed}`
}

function print(path: string, report: Shown) {
  process.stdout.write(`${path}\n`)
  for (const check of report.checks)
    process.stdout.write(
      `  ${wordOf(check, report.outcome).padEnd(11)}  ${check.name.padEnd(14)} ${check.detail}\n`,
    )
  for (const line of report.lines) process.stdout.write(`        ${line}\n`)
  const session = report.session === null ? '' : ` · ${report.session}`
  process.stdout.write(`${verdictOf(report)}${session}\n`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Trusted = { trust: KeyList[]; trustedKeys: string[] }

const isProof = (path: string) => /\.json$/i.test(path)

/** A name that ends in .json is a proof, everything else a pack. */
async function verify(path: string, trusted: Trusted): Promise<Shown> {
  if (!isProof(path)) return verifyPack(await readFile(path), trusted)
  const report = await verifyProof(parseJson(await readFile(path, 'utf8')))
  return { ...report, outcome: report.ok ? 'verified' : 'refused' }
}

async function keyListAt(where: string): Promise<KeyList> {
  return /^https?:/.test(where) ? fetchKeyList(where) : readKeyList(await readFile(where, 'utf8'))
}

async function trustedBy({ keys, lists }: Options): Promise<Trusted> {
  const { CHARGELANE_KEYS: known } = process.env
  const places = known === undefined || known === '' ? lists : [...lists, known]
  return {
    trustedKeys: await Promise.all(keys.map((file) => readFile(file, 'utf8'))),
    trust: [...(await Promise.all(places.map(keyListAt))), ...builtinKeys],
  }
}

const codes = { verified: 0, refused: 1, unknown_signer: 3, compromised_key: 4 } as const

/** Runs the command; returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help)
    return 0
  }
  const options = parse(args)
  if (typeof options === 'string') {
    process.stderr.write(`chargelane-verify: ${options}\n\n${help}`)
    return 2
  }
  const outcomes: Shown['outcome'][] = []
  try {
    const trusted = await trustedBy(options)
    for (const path of options.packs) {
      const report = await verify(path, trusted)
      outcomes.push(report.outcome)
      if (options.json)
        process.stdout.write(
          `${JSON.stringify({ [isProof(path) ? 'proof' : 'pack']: path, ...report })}\n`,
        )
      else print(path, report)
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`chargelane-verify: ${message}\n`)
    return 2
  }
  if (outcomes.includes('refused')) return codes.refused
  if (outcomes.includes('compromised_key')) return codes.compromised_key
  return outcomes.includes('unknown_signer') ? codes.unknown_signer : codes.verified
}

import { readFile } from 'node:fs/promises'
import { verifyPack, verifyProof } from '../verify.ts'
import type { Check } from '../verify.ts'

const help = `chargelane-verify: check an evidence pack or a price proof offline

  chargelane-verify PACK.zip|PROOF.json [PACK.zip|PROOF.json …] [--key KEY.pem] [--json]

Recomputes every hash, the signatures, the price from the operator's public tariff and the usage, the split,
the conversions and the ledger's balance. Needs no network and trusts nothing but the archive itself, and the
signing key when one is pinned. A price proof (proof.json, or the answer of GET /v1/price_proofs/{id}) is checked
by executing the price function again.

  --key FILE   Ed25519 public key (PEM) the pack must be signed with; may be repeated
  --json       print the report as JSON, one line per file
  --help       this text

Exit code: 0 everything holds, 1 something does not, 2 the command line or a file cannot be read.
`

type Options = { packs: string[]; keys: string[]; json: boolean }

function parse(args: readonly string[]): Options | string {
  const options: Options = { packs: [], keys: [], json: false }
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '--json') options.json = true
    else if (arg === '--key') {
      const file = args[++index]
      if (file === undefined) return '--key needs a file'
      options.keys.push(file)
    } else if (arg.startsWith('-')) return `unknown option ${arg}`
    else options.packs.push(arg)
  }
  return options.packs.length === 0 ? 'name at least one pack or proof' : options
}

type Report = {
  ok: boolean
  session: string | null
  checks: readonly Check[]
  lines: readonly string[]
}

function print(path: string, report: Report) {
  process.stdout.write(`${path}\n`)
  for (const check of report.checks)
    process.stdout.write(
      `  ${check.ok ? 'ok  ' : 'FAIL'}  ${check.name.padEnd(14)} ${check.detail}\n`,
    )
  for (const line of report.lines) process.stdout.write(`        ${line}\n`)
  const failed = report.checks.filter((check) => !check.ok).length
  const verdict = report.ok
    ? `OK: everything holds (${report.checks.length} checks)`
    : `NOT OK: ${failed} of ${report.checks.length} checks failed`
  process.stdout.write(`${verdict}${report.session === null ? '' : ` · ${report.session}`}\n`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A name that ends in .json is a proof, everything else a pack. */
async function verify(path: string, keys: readonly string[]): Promise<Report> {
  if (/\.json$/i.test(path)) return verifyProof(parseJson(await readFile(path, 'utf8')))
  return verifyPack(await readFile(path), { trustedKeys: keys })
}

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
  let allHold = true
  for (const path of options.packs) {
    try {
      const keys = await Promise.all(options.keys.map((file) => readFile(file, 'utf8')))
      const report = await verify(path, keys)
      if (options.json)
        process.stdout.write(
          `${JSON.stringify({ [/\.json$/i.test(path) ? 'proof' : 'pack']: path, ...report })}\n`,
        )
      else print(path, report)
      allHold &&= report.ok
    } catch (error) {
      process.stderr.write(
        `chargelane-verify: ${error instanceof Error ? error.message : String(error)}\n`,
      )
      return 2
    }
  }
  return allHold ? 0 : 1
}

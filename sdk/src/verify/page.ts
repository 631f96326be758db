// The page `verify.html`: a pack or a proof is dropped, and everything is computed in this browser. No network.
import { config } from 'zod'
import { verifyPack, verifyProof } from '../verify.ts'
import type { Check, PackOutcome } from '../verify.ts'
import { builtinKeys } from './builtin.ts'
import { type KeyList, readKeyList } from './trust.ts'

// The page's policy forbids code made from text, which the schema library would otherwise try.
config({ jitless: true })

type Line = Pick<Check, 'name' | 'ok' | 'detail'> & Partial<Check>
type Shown = {
  title: string
  outcome: PackOutcome
  sealedBy: string | null
  checks: readonly Line[]
  lines: readonly string[]
}

const element = (name: string, text = '', className = ''): HTMLElement => {
  const made = document.createElement(name)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

/** The deployment that serves the page writes its own keys into it; a saved copy keeps them. */
function servedKeys(): KeyList[] {
  try {
    const value: unknown = JSON.parse(document.querySelector('#keys')?.textContent ?? '[]')
    return Array.isArray(value) ? value.map((each) => readKeyList(JSON.stringify(each))) : []
  } catch {
    return []
  }
}

const trust: KeyList[] = [...builtinKeys, ...servedKeys()]

/** ZIP begins with `PK`; everything else is read as JSON. */
const isArchive = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b

async function check(bytes: Uint8Array): Promise<Omit<Shown, 'title'>> {
  if (isArchive(bytes)) {
    const { outcome, sealed_by: sealedBy, checks, lines } = await verifyPack(bytes, { trust })
    return { outcome, sealedBy, checks, lines }
  }
  let proof: unknown
  try {
    proof = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    const detail = 'neither an evidence pack (ZIP) nor a price proof (JSON)'
    const checks = [{ name: 'document', ok: false, detail }]
    return { outcome: 'refused', sealedBy: null, checks, lines: [] }
  }
  const { ok, checks, lines } = await verifyProof(proof)
  return { outcome: ok ? 'verified' : 'refused', sealedBy: null, checks, lines }
}

const colours = {
  verified: 'ok',
  unknown_signer: 'unknown',
  compromised_key: 'unknown',
  refused: 'bad',
} as const

function verdictOf({ outcome, sealedBy, checks }: Shown): string {
  const failed = checks.filter((each) => !each.ok).length
  if (outcome === 'refused') return `Not verified: ${failed} of ${checks.length} checks failed`
  if (outcome === 'unknown_signer')
    return 'Unknown signer: it holds in itself, but no key that this page trusts sealed it'
  if (outcome === 'compromised_key')
    return 'Compromised key: it holds in itself, but others may have the key; ask for the pack sealed anew'
  const by = sealedBy === null ? '' : `, sealed by ${sealedBy}`
  return `Verified: everything holds (${checks.length} checks)${by}`
}

const words = {
  verified: '',
  refused: 'FAILED',
  unknown_signer: 'UNKNOWN',
  compromised_key: 'COMPROMISED',
} as const

function rowOf(each: Line, outcome: Shown['outcome']): HTMLElement {
  const isUnknown = !each.ok && colours[outcome] === 'unknown'
  const row = element('tr', '', each.ok ? 'ok' : isUnknown ? 'unknown' : 'bad')
  row.append(
    element('td', each.ok ? (each.state ?? 'checked') : isUnknown ? words[outcome] : 'FAILED'),
    element('td', each.name),
    element('td', each.detail),
  )
  return row
}

function show(result: Shown, into: HTMLElement): void {
  const table = element('table')
  for (const each of result.checks) table.append(rowOf(each, result.outcome))
  const article = element('article')
  const heading = element('h2', verdictOf(result), colours[result.outcome])
  heading.id = 'verdict'
  article.append(element('p', result.title, 'file'), heading, table)
  if (result.lines.length > 0) {
    const list = element('ol')
    for (const line of result.lines) list.append(element('li', line))
    article.append(element('h3', 'The price, recomputed here'), list)
  }
  into.replaceChildren(article)
}

let last: { title: string; bytes: Uint8Array } | undefined

/** A key list is trusted from now on, for what was dropped before it too. */
function trustedList(bytes: Uint8Array): KeyList | undefined {
  try {
    return readKeyList(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

async function take(file: File | undefined): Promise<void> {
  const output = document.querySelector<HTMLElement>('#result')
  if (file === undefined || output === null) return
  const bytes = new Uint8Array(await file.arrayBuffer())
  const list = trustedList(bytes)
  if (list === undefined) last = { title: file.name, bytes }
  else trust.push(list)
  if (last !== undefined) show({ title: last.title, ...(await check(last.bytes)) }, output)
}

const input = document.querySelector<HTMLInputElement>('#file')
input?.addEventListener('change', () => void take(input.files?.[0]))
const quiet = (event: Event) => event.preventDefault()
document.addEventListener('dragover', quiet)
document.addEventListener('drop', (event) => {
  event.preventDefault()
  void take(event.dataTransfer?.files[0])
})

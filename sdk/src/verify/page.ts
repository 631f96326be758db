// The page `verify.html`: a pack or a proof is dropped, and everything is computed in this browser. No network.
import { config } from 'zod'
import { verifyPack, verifyProof } from '../verify.ts'
import type { Check } from '../verify.ts'

// The page's policy forbids code made from text, which the schema library would otherwise try.
config({ jitless: true })

type Shown = { title: string; ok: boolean; checks: readonly Check[]; lines: readonly string[] }

const element = (name: string, text = '', className = ''): HTMLElement => {
  const made = document.createElement(name)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

/** ZIP begins with `PK`; everything else is read as JSON. */
const isArchive = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b

async function check(bytes: Uint8Array): Promise<Omit<Shown, 'title'>> {
  if (isArchive(bytes)) {
    const { ok, checks, lines } = await verifyPack(bytes)
    return { ok, checks, lines }
  }
  let proof: unknown
  try {
    proof = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    const detail = 'neither an evidence pack (ZIP) nor a price proof (JSON)'
    return { ok: false, checks: [{ name: 'document', ok: false, detail }], lines: [] }
  }
  const { ok, checks, lines } = await verifyProof(proof)
  return { ok, checks, lines }
}

function show(result: Shown, into: HTMLElement): void {
  const failed = result.checks.filter((each) => !each.ok).length
  const verdict = result.ok
    ? `Verified: everything holds (${result.checks.length} checks)`
    : `Not verified: ${failed} of ${result.checks.length} checks failed`
  const table = element('table')
  for (const each of result.checks) {
    const row = element('tr', '', each.ok ? 'ok' : 'bad')
    row.append(
      element('td', each.ok ? 'ok' : 'FAIL'),
      element('td', each.name),
      element('td', each.detail),
    )
    table.append(row)
  }
  const article = element('article')
  const heading = element('h2', verdict, result.ok ? 'ok' : 'bad')
  heading.id = 'verdict'
  article.append(element('p', result.title, 'file'), heading, table)
  if (result.lines.length > 0) {
    const list = element('ol')
    for (const line of result.lines) list.append(element('li', line))
    article.append(element('h3', 'The price, recomputed here'), list)
  }
  into.replaceChildren(article)
}

async function take(file: File | undefined): Promise<void> {
  const output = document.querySelector<HTMLElement>('#result')
  if (file === undefined || output === null) return
  const result = await check(new Uint8Array(await file.arrayBuffer()))
  show({ title: file.name, ...result }, output)
}

const input = document.querySelector<HTMLInputElement>('#file')
input?.addEventListener('change', () => void take(input.files?.[0]))
const quiet = (event: Event) => event.preventDefault()
document.addEventListener('dragover', quiet)
document.addEventListener('drop', (event) => {
  event.preventDefault()
  void take(event.dataTransfer?.files[0])
})

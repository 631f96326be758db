// The page `verify.html` in a browser we did not write: `CHROMIUM=… PLAYWRIGHT=… node browser.peers.ts`. A sound proof
// and a sound pack are verified, a changed one is refused by name, and the page asks the network for nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { strFromU8 } from 'fflate'
import { z } from 'zod'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { readArchive, writeArchive } from '@chargelane/rules/evidence/archive'
import type { KeyList } from '@chargelane/rules/evidence/keys'
import { proveSession } from '@chargelane/rules/proof'
import type { PriceProof } from '@chargelane/rules/proof'
import { ocpiPolicy } from '@chargelane/rules/rating'
import { verifyPage } from '../page.ts'

/** What of playwright-core is used here; the package is no dependency, so its types are not either. */
type Locator = {
  innerText(): Promise<string>
  allInnerTexts(): Promise<string[]>
  setInputFiles(path: string): Promise<void>
  waitFor(): Promise<void>
}
type Page = {
  on(event: 'request', heard: (request: { url(): string }) => void): void
  on(event: 'console', heard: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', heard: (error: Error) => void): void
  goto(url: string): Promise<unknown>
  locator(selector: string): Locator
  screenshot(options: { path: string; fullPage: boolean }): Promise<unknown>
}
type Context = { newPage(): Promise<Page>; close(): Promise<void> }
type Playwright = {
  chromium: {
    launchPersistentContext(
      folder: string,
      options: { executablePath: string; headless: boolean; args: string[] },
    ): Promise<Context>
  }
}

let failures = 0
function check(name: string, passed: boolean, seen: unknown): void {
  if (!passed) failures += 1
  const said = passed ? '' : `: ${JSON.stringify(seen)}`
  process.stdout.write(`${passed ? 'ok' : 'not ok'} - ${name}${said}\n`)
}

function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape above is what is used of it
const { chromium } = createRequire(import.meta.url)(setting('PLAYWRIGHT')) as Playwright
const folder = mkdtempSync(join(tmpdir(), 'chargelane-browser-'))
const fixture = readFileSync(fileURLToPath(new URL('../fixtures/session.zip', import.meta.url)))

/** A proof of the session in the fixture pack, by the tariff, the usage and the quote that lie in it. */
function proofOfFixture(): PriceProof {
  const { entries } = readArchive(new Uint8Array(fixture))
  const json = (path: string): unknown =>
    JSON.parse(strFromU8(entries.get(path) ?? new Uint8Array()))
  const session = z
    .looseObject({ id: z.string(), place: z.looseObject({ time_zone: z.string() }) })
    .parse(json('session.json'))
  const proof = proveSession({
    rating: 'retail',
    tariff: zTariff.parse(json('tariff.canonical.json')),
    usage: zUsageRecord.parse(json('usage.json')),
    context: {
      session: session.id,
      cdr: 'cdr_fixture',
      time_zone: session.place.time_zone,
      evse: {
        id: 'evs_fixture',
        evse_id: 'DE*VWL*E1001*1',
        connector: 'con_fixture',
        power_type: 'DC',
        max_power_w: 150_000,
        country: 'DE',
      },
      market_profile: 'eu-afir-de@2026-01-08',
    },
    agreement: null,
    rating_policy: ocpiPolicy,
  })
  if (proof === undefined) throw new Error('the fixture has a price')
  return proof
}

/** What the deployment that sealed the fixture would publish. */
function keysOfFixture(): KeyList {
  const { entries } = readArchive(new Uint8Array(fixture))
  const { issuer, signer } = z
    .object({
      issuer: z.object({ name: z.string() }),
      signer: z.object({ key_id: z.string(), public_key_spki: z.string() }),
    })
    .parse(JSON.parse(strFromU8(entries.get('manifest.json') ?? new Uint8Array())))
  const always = { valid_from: '2020-01-01T00:00:00.000Z', valid_until: null }
  const key = { ...signer, algorithm: 'Ed25519' as const, ...always, compromised_since: null }
  return { schema: 'chargelane-keys/1', issuer: issuer.name, keys: [key] }
}

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** The text with its first match replaced; a file that does not change would prove nothing. */
function changed(text: string, from: RegExp, to: string): string {
  const after = text.replace(from, to)
  if (after === text) throw new Error(`nothing matches ${String(from)}`)
  return after
}

const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: setting('CHROMIUM'),
  headless: true,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})

try {
  const page = await context.newPage()
  const [asked, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const urlOf = async (name: string, lists: KeyList[]) =>
    pathToFileURL(file(name, await verifyPage(lists))).href
  const url = await urlOf('verify.html', [keysOfFixture()])
  const strangersUrl = await urlOf('stranger.html', [])

  const look = async (path: string, pageUrl = url) => {
    await page.goto(pageUrl)
    await page.locator('#file').setInputFiles(path)
    await page.locator('#verdict').waitFor()
    return {
      verdict: await page.locator('#verdict').innerText(),
      failed: (await page.locator('tr.bad').allInnerTexts()).join('\n'),
      lines: await page.locator('ol li').allInnerTexts(),
    }
  }

  const proof = JSON.stringify(proofOfFixture())
  const sound = await look(file('proof.json', proof))
  check('a sound proof is verified', sound.verdict.startsWith('Verified'), sound)
  check(
    'and read line by line to its total',
    sound.lines.some((line) => /^Total .* gross$/.test(line)),
    sound.lines,
  )
  if (process.env['SCREENSHOT'] !== undefined)
    await page.screenshot({ path: process.env['SCREENSHOT'], fullPage: true })

  const input = changed(proof, /"energy_kwh":"(\d)/, '"energy_kwh":"1$1')
  const forged = await look(file('forged-usage.json', input))
  check('one digit more of energy is refused', forged.verdict.startsWith('Not verified'), forged)
  check(
    'and the figures that do not follow are named',
    /the input was changed[\s\S]*ENERGY\.quantity: the proof says .* re-execution gives/.test(
      forged.failed,
    ),
    forged.failed,
  )
  const total = await look(
    file('forged-total.json', changed(proof, /"amount":(\d)/, '"amount":1$1')),
  )
  check(
    'a changed total is refused by its name',
    /totals\.\w+\.amount: the proof says/.test(total.failed),
    total,
  )
  if (process.env['SCREENSHOT_FORGED'] !== undefined)
    await page.screenshot({ path: process.env['SCREENSHOT_FORGED'], fullPage: true })

  const pack = await look(file('session.zip', fixture))
  check('a sound pack is verified, signature and all', pack.verdict.startsWith('Verified'), pack)
  const unknown = await look(file('session.zip', fixture), strangersUrl)
  check(
    'a page that trusts nobody says that the signer is unknown',
    unknown.verdict.startsWith('Unknown signer'),
    unknown,
  )
  const { entries } = readArchive(new Uint8Array(fixture))
  const usage = changed(
    strFromU8(entries.get('usage.json') ?? new Uint8Array()),
    /"energy_kwh":"(\d)/,
    '"energy_kwh":"1$1',
  )
  const repacked = writeArchive(
    new Map([...entries, ['usage.json', new TextEncoder().encode(usage)] as const]),
  )
  const bad = await look(file('forged.zip', repacked))
  check('a changed pack names the file', /usage\.json was changed/.test(bad.failed), bad)
  const nonsense = await look(file('nonsense.json', 'no proof'))
  check('a file of another kind is an answer', nonsense.verdict.startsWith('Not'), nonsense)
  check(
    'nothing but the page itself was asked for',
    asked.every((each) => each === url || each === strangersUrl),
    asked,
  )
  check('the browser had nothing to complain about', complaints.length === 0, complaints)
} finally {
  await context.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failures === 0 ? 0 : 1

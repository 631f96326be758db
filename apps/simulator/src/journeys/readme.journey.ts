// What README.md shows is run as it stands there, by a stranger's means: a file, a key and the running product.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import {
  assertMoneyIsRight,
  finance,
  isCaptured,
  newCharger,
  newPartner,
  sellOnce,
  stack,
} from './product.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
mkdirSync(join(root, '.local'), { recursive: true })
// Inside the checkout, where the SDK and its command are found as anywhere in a project that uses them.
const folder = mkdtempSync(join(root, '.local', 'readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, of, code]) =>
    of === language && code !== undefined ? [code] : [],
  )
}

/** The running product of this machine is another port away. */
const here = (code: string) => code.replaceAll('http://127.0.0.1:4400', stack.api_url)

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [[code], said, complaint] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, said, complaint }
}

describe('README.md', () => {
  test('sells a session in the lines it shows, which end by themselves with the money captured', async () => {
    const [lines, ...others] = blocks('ts')
    expect(others).toEqual([])
    const ours = here(lines ?? '')
    expect(ours).toContain(stack.api_url)
    writeFileSync(join(folder, 'lines.ts'), ours)
    const partner = await newPartner()
    const ran = await run(process.execPath, ['lines.ts'], { CHARGELANE_KEY: partner.key })
    expect(ran).toMatchObject({ code: 0, complaint: '' })
    expect(ran.said).toContain("type: 'meter'")
    expect(ran.said).toContain("money_status: 'captured'")
    const [session, ...more] = (await partner.lane.sessions.list()).data
    expect(more).toEqual([])
    if (session === undefined) throw new Error('a session was started')
    expect(session.status).toBe('ended')
    expect(session.energy_wh).toBeGreaterThan(10_000)
    expect(isCaptured(session)).toBe(true)
    await assertMoneyIsRight(session)
  })

  test('verifies a pack and a proof with the commands it shows, and names what was changed', async () => {
    const commands = blocks('sh')
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('npx '))
      .map((line) => here(line.replace(/\s+#.*$/, '')).split(' '))
    expect(commands.map(([, ...args]) => args.at(-1))).toEqual(['PACK.zip', 'proof.json'])
    const partner = await newPartner()
    const { evse_id, charger } = await newCharger()
    const { id } = await sellOnce(partner, evse_id)
    await finance.sessions.waitFor(id, (each) => each.evidence_ready)
    const pack = await partner.lane.sessions.evidence(id)
    const proof = JSON.stringify(await partner.lane.sessions.price_proof(id))
    writeFileSync(join(folder, 'PACK.zip'), pack)
    writeFileSync(join(folder, 'proof.json'), proof)
    for (const [command = '', ...args] of commands)
      expect(await run(command, args), args.join(' ')).toMatchObject({ code: 0, complaint: '' })
    writeFileSync(join(folder, 'proof.json'), proof.replace('0.4958', '0.4959'))
    const [, [command = '', ...args] = []] = commands
    expect((await run(command, args)).code).not.toBe(0)
    await charger.stop()
  })
})

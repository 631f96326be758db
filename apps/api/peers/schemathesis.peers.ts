// A tester of APIs we did not write (PyPI `schemathesis`) at a running product: `PEER_PYTHON=… STACK_FILE=… node
// schemathesis.peers.ts [EXAMPLES] [SEQUENCES] [SEED]`. It reads the contract alone, asks each operation with what it allows
// and what it forbids, and follows its links in sequences, with a partner's, an operator's and finance's key (and, as
// ASK=platform, the platform's); each answer must be one that the contract declares.
import { operations, scopesOf } from '@chargelane/openapi'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const python = process.env['PEER_PYTHON'] ?? 'python3'
const stackFile = process.env['STACK_FILE'] ?? here('../../../.local/stack.json')
const [, , examples = '1', sequences = '40', seed = '1'] = process.argv

const { api_url: apiUrl, keys } = z
  .object({
    api_url: z.string(),
    keys: z.object({
      partner_a: z.string(),
      cpo: z.string(),
      finance: z.string(),
      platform: z.string(),
    }),
  })
  .parse(JSON.parse(readFileSync(stackFile, 'utf8')))

/** Where it may leave what it wants to know the next time: there is none. */
const scratch = mkdtempSync(join(tmpdir(), 'schemathesis-'))

type Key = { key: string; id?: string }

/** A key of its own for the run, where the account may make one. */
async function keyBeside(key: string): Promise<Key> {
  const response = await fetch(`${apiUrl}/v1/api_keys`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ name: 'schemathesis' }),
  })
  return z.object({ key: z.string(), id: z.string() }).parse(await response.json())
}

async function isStillGood({ key }: Key): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}` }
  return (await fetch(`${apiUrl}/v1/accounts`, { headers })).ok
}

function schemathesis({ key, id }: Key, args: string[]): Promise<{ code: number; output: string }> {
  const command = ['--config-file', here('schemathesis.toml'), 'run', `${apiUrl}/openapi.json`]
  const options = ['--checks', 'all', '--seed', seed, '--no-color']
  return new Promise((resolve) => {
    const child = spawn(python, ['-m', 'schemathesis.cli', ...command, ...options, ...args], {
      cwd: scratch,
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        PEER_HOOKS: here('schemathesis_hooks.py'),
        PEER_API_URL: apiUrl,
        PEER_API_KEY: key,
        ...(id === undefined ? {} : { PEER_API_KEY_ID: id }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

let failed = 0
function check(what: string, passed: boolean, seen: string): void {
  if (!passed) failed += 1
  process.stdout.write(`${passed ? 'ok' : 'not ok'} - ${what}\n`)
  if (!passed) process.stdout.write(`${seen}\n`)
}

/** The operations that a key of this kind may ask: a sequence of refusals leads nowhere. */
function openTo(kind: keyof typeof scopesOf): string {
  const scopes: readonly string[] = scopesOf[kind]
  const open = operations.filter(({ scope }) => scope === 'public' || scopes.includes(scope))
  return `^(?:${open.map(({ id }) => id.replaceAll('.', String.raw`\.`)).join('|')})$`
}

const byItself = ['--phases', 'examples,coverage,fuzzing', '--max-examples', examples]
const classesOf = (kind: keyof typeof scopesOf) => ({
  reads: ['--include-method', 'GET', ...byItself],
  writes: ['--exclude-method', 'GET', ...byItself],
  sequences: [
    '--phases',
    'stateful',
    '--max-examples',
    sequences,
    '--include-operation-id-regex',
    openTo(kind),
  ],
})

/** One class of operations, asked with one key. */
async function ask(who: string, name: string, key: Key, args: string[]): Promise<void> {
  const { code, output } = await schemathesis(key, args)
  const cases = /^ {2}(\d+) generated/m.exec(output)?.[1]
  const passed = code === 0 && cases !== undefined
  check(`${who}, ${name}: ${cases ?? 'no'} cases, each answered as declared`, passed, output)
}

await ask('nobody', 'health', { key: 'sk_test_none' }, ['--include-path', '/health', ...byItself])
const askers = [
  ['partner', 'partner', () => keyBeside(keys.partner_a)],
  ['operator', 'cpo', () => keyBeside(keys.cpo)],
  ['finance', 'finance', () => Promise.resolve({ key: keys.finance })],
  ['platform', 'platform', () => keyBeside(keys.platform)],
] as const
const asked = process.env['ASK']?.split(',') ?? ['partner', 'operator', 'finance']
for (const [who, kind, keyOf] of askers.filter(([name]) => asked.includes(name))) {
  const key: Key = await keyOf()
  for (const [name, args] of Object.entries(classesOf(kind))) await ask(who, name, key, args)
  check(`the key of ${who} outlived what it asked`, await isStillGood(key), 'it does not count')
}
rmSync(scratch, { recursive: true, force: true })
process.exit(failed === 0 ? 0 : 1)

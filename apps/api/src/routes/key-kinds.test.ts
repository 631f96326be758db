// What each kind of key may ask for: every operation is asked with every kind, and who is let in is compared with the
// scope that the printed contract names. The matrix itself stands in key-kinds.txt, so that a change of it is seen.
import { type Operation, operations, scopesOf, zProblem } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { populate, startTestApi, type TestApi, type World } from '../testing.ts'

let api: TestApi
let world: World
let payeeKey: string
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
  payeeKey = await keyOfPayee()
})
afterAll(() => api.stop())

async function keyOfPayee(): Promise<string> {
  const account = await api.platform.accounts.create({
    type: 'payee',
    name: 'Parkhaus',
    legal_name: 'Parkhaus AG',
    country: 'DE',
    payout_currency: 'EUR',
    address: { street: 'Domplatz 1', postal_code: '50667', city: 'Köln' },
  })
  const { key } = await api.platform.api_keys.create({ name: 'payee', account: account.id })
  return z.string().parse(key)
}

const kinds = ['partner', 'cpo', 'finance', 'payee', 'platform'] as const
type Kind = (typeof kinds)[number]

const keyOf = (kind: Kind): string =>
  ({
    partner: world.a.key,
    cpo: world.cpo.key,
    finance: world.finance.key,
    payee: payeeKey,
    platform: api.platformKey,
  })[kind]

const zPrinted = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), 'x-scope': z.string().optional() })),
  ),
})

/** The scope of each operation as the printed contract says it; undefined where no key is needed. */
function printedScopes(): Map<string, string | undefined> {
  const file = createRequire(import.meta.url).resolve('@chargelane/openapi/openapi.json')
  const { paths } = zPrinted.parse(JSON.parse(readFileSync(file, 'utf8')))
  return new Map(
    Object.values(paths).flatMap((verbs) =>
      Object.values(verbs).map((op) => [op.operationId, op['x-scope']] as const),
    ),
  )
}

/** Asked for an object of nobody, with no body and no Idempotency-Key: whoever is let in changes nothing. */
async function isLetIn(op: Operation, kind: Kind): Promise<boolean> {
  const path = op.path.replace('{id}', newId('request'))
  const response = await fetch(`${api.url}${path}`, {
    method: op.method.toUpperCase(),
    headers: {
      Authorization: `Bearer ${keyOf(kind)}`,
      ...(op.body ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(op.body ? { body: '[]' } : {}),
  })
  const text = await response.text()
  if (response.status === 401) throw new Error(`${op.id}: the key of ${kind} does not count`)
  if (response.status !== 403) return true
  const { code } = zProblem.parse(JSON.parse(text))
  expect(code, `${op.id} by ${kind}`).toBe('insufficient_scope')
  return false
}

test('a key of each kind is let in where the contract’s scope is one of its kind, and nowhere else', async () => {
  const scopes = printedScopes()
  expect([...scopes.keys()].toSorted()).toEqual(operations.map((op) => op.id).toSorted())
  const lines: string[] = []
  const seen: Record<string, boolean[]> = {}
  const declared: Record<string, boolean[]> = {}
  for (const op of operations) {
    const scope = scopes.get(op.id)
    const mayAsk = (kind: Kind) =>
      scope === undefined || scopesOf[kind].some((allowed) => allowed === scope)
    declared[op.id] = kinds.map(mayAsk)
    const answers: boolean[] = []
    for (const kind of kinds) answers.push(await isLetIn(op, kind))
    seen[op.id] = answers
    const marks = answers.map((isIn) => (isIn ? 'yes' : '-').padEnd(9)).join('')
    lines.push(`${op.id.padEnd(34)}${(scope ?? 'public').padEnd(20)}${marks.trimEnd()}`)
  }
  expect(seen).toEqual(declared)
  const head = `${'operation'.padEnd(34)}${'scope'.padEnd(20)}${kinds.map((kind) => kind.padEnd(9)).join('')}`
  await expect(`${[head.trimEnd(), ...lines].join('\n')}\n`).toMatchFileSnapshot('key-kinds.txt')
})

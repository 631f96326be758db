// A charge point we did not write (PyPI `ocpp`) at a running product: `PEER_PYTHON=… STACK_FILE=… node ocpp.peers.ts`.
// It charges with a card and by remote start, both sessions are followed through the API until the operator has the
// money, and the message schemas we use are compared with the ones that package ships.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { OCPP16 } from 'typed-ocpp'
import { z } from 'zod'
import { openProduct, type Session, type TestCharger, until } from './product.ts'

const script = fileURLToPath(new URL('charge_point.py', import.meta.url))
const python = process.env['PEER_PYTHON'] ?? 'python3'
const stackFile =
  process.env['STACK_FILE'] ?? fileURLToPath(new URL('../../../.local/stack.json', import.meta.url))
if (!existsSync(stackFile)) throw new Error(`${stackFile} is missing: start the product first.`)

const product = openProduct(stackFile)
const { stack } = product

const zFact = z.looseObject({ fact: z.string(), status: z.string().optional() })
type Fact = z.infer<typeof zFact>

let failed = 0
function check(what: string, passed: boolean, seen: unknown): void {
  if (!passed) failed += 1
  const detail = passed ? '' : ` (${JSON.stringify(seen)})`
  process.stdout.write(`${passed ? 'ok' : 'not ok'} - ${what}${detail}\n`)
}

// ── The charge point ────────────────────────────────────────────────────────────────────────────

interface Player {
  facts: Fact[]
  fact(name: string): Promise<Fact>
  ended: Promise<number>
}

function play(mode: string, charger: TestCharger): Player {
  const { identity, password, rfid } = charger
  const args = ['--url', stack.ocpp_url, '--identity', identity, '--password', password]
  const child: ChildProcess = spawn(python, [script, mode, ...args, '--tag', rfid], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const facts: Fact[] = []
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) =>
      facts.push(zFact.parse(JSON.parse(line))),
    )
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)))
  return {
    facts,
    ended,
    fact: (name) =>
      until(`the charge point says "${name}"`, () => {
        if (child.exitCode !== null && child.exitCode !== 0)
          throw new Error(`the charge point ended with ${child.exitCode}`)
        return Promise.resolve(facts.find((each) => each.fact === name))
      }),
  }
}

/** 20 kWh in half an hour at the published price: the node's own record, and the money that followed it. */
async function checkMoney(name: string, session: Session): Promise<void> {
  const record = await product.record(session.cdr ?? '')
  check(`${name}: one record of 20 kWh by our node`, session.energy_wh === 20_000, session)
  check(
    `${name}: the record is accepted as it stands`,
    session.record_status === 'cdr_accepted',
    session,
  )
  const total = session.totals?.incl_tax
  check(
    `${name}: what is captured is the record’s total and more than nothing`,
    total !== undefined &&
      total.amount > 0 &&
      total.amount === record.total_incl_tax?.amount &&
      total.amount === session.hold?.captured?.amount,
    { session, record: record.total_incl_tax },
  )
}

async function chargeWithCard(): Promise<string> {
  const [charger] = stack.test_chargers
  if (charger === undefined) throw new Error('no test charger')
  const known = await product.sessionIds()
  const player = play('card', charger)
  check('card: boots', (await player.fact('booted')).status === 'Accepted', player.facts)
  check(
    'card: is authorized',
    (await player.fact('authorized')).status === 'Accepted',
    player.facts,
  )
  check('card: starts', (await player.fact('started')).status === 'Accepted', player.facts)
  await player.fact('stopped')
  check('card: the charge point ends content', (await player.ended) === 0, player.facts)
  const { id } = await product.newSessionAt(charger.evse_id, known)
  const session = await product.hasMoney(id, ['captured', 'settled'])
  await checkMoney('card', session)
  return id
}

async function chargeByCommand(): Promise<string> {
  const charger = stack.test_chargers[1]
  if (charger === undefined) throw new Error('no test charger')
  const player = play('remote', charger)
  await player.fact('waiting')
  const id = await product.sell(charger.evse_id)
  check(
    'remote: is asked to start at a connector',
    (await player.fact('asked'))['connector'] === 1,
    player.facts,
  )
  await player.fact('metered')
  await until('the session charges', async () =>
    (await product.session(id)).status === 'charging' ? true : undefined,
  )
  await product.stop(id)
  await player.fact('stopped')
  check('remote: the charge point ends content', (await player.ended) === 0, player.facts)
  const session = await product.hasMoney(id, ['captured', 'settled'])
  await checkMoney('remote', session)
  return id
}

async function settle(ids: string[]): Promise<void> {
  await product.settle()
  for (const id of ids) {
    const { money_status } = await product.hasMoney(id, ['settled'])
    check(`${id} is settled: the operator has the money`, money_status === 'settled', money_status)
  }
  const totals = await product.trialBalance()
  check(
    'the ledger sums to zero in every currency',
    totals.length > 0 && totals.every((total) => total.difference === '0'),
    totals,
  )
}

// ── Schemas ─────────────────────────────────────────────────────────────────────────────────────

const zSchemas = z.record(z.string(), z.unknown())

/** Where typed-ocpp is known to differ from the reference; anything else that differs is news. */
const knownDifferences = new Set([
  // typed-ocpp follows the security extension's longer texts, allows empty batches, and lacks the unit Hertz; inbound
  // the node tolerates all six either way.
  'ChangeConfigurationRequest.properties.value.maxLength',
  'GetConfigurationResponse.properties.configurationKey.items.properties.value.maxLength',
  'StatusNotificationRequest.properties.info.maxLength',
  'MeterValuesRequest.properties.meterValue.minItems',
  'MeterValuesRequest.properties.meterValue.items.properties.sampledValue.minItems',
  'MeterValuesRequest.properties.meterValue.items.properties.sampledValue.items.properties.unit.enum',
])

async function compareSchemas(): Promise<void> {
  const child = spawn(python, [script, 'schemas'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await new Promise((resolve) => child.on('close', resolve))
  const theirs = zSchemas.parse(JSON.parse(text))
  const ours: Record<string, unknown> = { ...OCPP16.schemas }
  const named = Object.keys(ours).map((name) => name.replace(/Request$/u, ''))
  check('the same 78 messages of 39 actions', sameSet(named, Object.keys(theirs)), {
    ours: named.filter((name) => !(name in theirs)),
    theirs: Object.keys(theirs).filter((name) => !named.includes(name)),
  })
  const differences: string[] = []
  for (const [name, schema] of Object.entries(ours))
    compare(name, plain(schema, schema), theirs[name.replace(/Request$/u, '')], differences)
  const news = differences.filter((each) => !knownDifferences.has(each))
  check('no schema differs but where it is known to', news.length === 0, news)
}

const sameSet = (a: string[], b: string[]) =>
  a.length === b.length && a.every((each) => b.includes(each))

/** Follows references and drops what says nothing about a message: titles, ids, descriptions. */
function plain(schema: unknown, root: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((each) => plain(each, root))
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema)
  const reference = entries.find(([key]) => key === '$ref')?.[1]
  if (typeof reference === 'string') {
    const definitions = z.looseObject({ definitions: zSchemas }).parse(root).definitions
    return plain(definitions[reference.replace('#/definitions/', '')], root)
  }
  const silent = [
    '$schema',
    '$id',
    'id',
    'title',
    'description',
    'comment',
    'javaType',
    'tsEnumNames',
    'definitions',
    'default',
  ]
  return Object.fromEntries(
    entries
      .filter(
        ([key, value]) =>
          !silent.includes(key) || (typeof value === 'object' && key !== 'definitions'),
      )
      .map(([key, value]) => [key, plain(value, root)]),
  )
}

function compare(path: string, ours: unknown, theirs: unknown, differences: string[]): void {
  const [a, b] = [normal(ours), normal(plain(theirs, theirs))]
  walk(path, a, b, differences)
}

/** Order of names means nothing in a schema. */
function normal(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(normal).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normal(each)]))
}

function walk(path: string, a: unknown, b: unknown, differences: string[]): void {
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      walk(`${path}.${key}`, a[key], b[key], differences)
  } else if (JSON.stringify(a) !== JSON.stringify(b)) differences.push(path)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// ── Run ─────────────────────────────────────────────────────────────────────────────────────────

try {
  await compareSchemas()
  const ids = [await chargeWithCard(), await chargeByCommand()]
  await settle(ids)
} catch (error) {
  check(error instanceof Error ? error.message : String(error), false, null)
}
process.exitCode = failed === 0 ? 0 : 1

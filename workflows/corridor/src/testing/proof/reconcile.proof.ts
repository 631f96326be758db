// A day of sessions with injected errors, reconciled: every difference is found and called what it is, and nothing else.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateKeyPairSync } from 'node:crypto'
import { leakage } from '@chargelane/db/queries/ledger/leakage'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { listOpenItems, listReconciliations } from '@chargelane/db/queries/ledger/open-items'
import { putSettings } from '@chargelane/db/queries/operations/settings'
import { unmatchedLines } from '@chargelane/db/queries/ledger/treasury'
import { testDatabase } from '@chargelane/db/testing'
import { signerOf } from '../../evidence/keyring.ts'
import { createTreasuryActivities } from '../../settlement/treasury/activities.ts'
import { createFakeTreasury } from '../../settlement/treasury/treasury.fake.ts'
import { makeDay } from '../day/day.ts'
import { printStatement } from '../day/statement.ts'

const database = await testDatabase()
const { db } = database
const fake = createFakeTreasury()
const sessions = Number(process.env['PROOF_SESSIONS'] ?? 1_000)
const seed = Number(process.env['PROOF_SEED'] ?? 20_261_130)
const each = 6
const print = (text: string) => process.stdout.write(`${text}\n`)

const hour = 3_600_000
// What is booked is stamped by the database's own clock, so the day is today's.
const noon = new Date(Date.now() - hour).toISOString()
const later = (ms: number) => new Date(Date.now() + ms).toISOString()
const { day, others } = makeDay({
  sessions,
  payouts: Math.max(100, sessions / 20),
  each,
  seed,
  at: noon,
})

/** Rows without the whole of what they refer to; a column that is not named has its default. */
async function insert(table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  for (let at = 0; at < rows.length; at += 500) {
    const part = JSON.stringify(rows.slice(at, at + 500)).replaceAll("'", "''")
    await database.admin(`set session_replication_role = replica; insert into ${table} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${table}, '${part}'::jsonb)`)
  }
}

function treasury() {
  const { privateKey } = generateKeyPairSync('ed25519')
  return createTreasuryActivities({ db, signer: signerOf(privateKey), ...fake })
}

beforeAll(async () => {
  for (const [table, rows] of Object.entries(day.rows)) await insert(table, rows)
  for (let at = 0; at < day.entries.length; at += 500)
    await postEntries(db, day.entries.slice(at, at + 500))
  fake.provider.listed.push(...day.movements)
  const eur = printStatement({ sequence: 1, currency: 'EUR', at: noon }, day.lines)
  const rest = others.map(({ currency, lines }, n) =>
    printStatement({ sequence: n + 2, currency, at: noon }, lines),
  )
  fake.statements.printed.push(eur, ...rest)
})
afterAll(() => database.stop())

async function openItems() {
  const found: { kind: string; subject: string; owner: string }[] = []
  for (let after: string | undefined; ; ) {
    const page = await listOpenItems(db, {
      limit: 100,
      status: 'open',
      ...(after === undefined ? {} : { after }),
    })
    found.push(...page.data)
    after = page.data.at(-1)?.id
    if (page.data.length < 100) return found
  }
}

/** Lines are named by the reference that the bank gave them. */
async function named(items: { kind: string; subject: string }[]) {
  const references = new Map((await unmatchedLines(db)).map(({ id, reference }) => [id, reference]))
  return items.map(({ kind, subject }) => {
    const reference = references.get(subject)
    return `${kind} ${reference === undefined || reference === null ? subject : `line ${reference}`}`
  })
}

test('every injected error is found within the day and called what it is; nothing else is said, and nothing is unexplained', async () => {
  print(`seed ${seed}, ${sessions} sessions, ${day.lines.length} bank lines, ${each} of each error`)
  const steps = treasury()
  await steps.importProvider({ now: later(0) })
  await steps.importStatements({ now: later(0) })
  // What was booked this morning may still come: neither side is late.
  await steps.reconcileBooks({ now: later(60_000) })
  const early = new Set((await openItems()).map(({ kind }) => kind))
  expect(early.has('bank_booking_missing')).toBe(false)
  await steps.reconcileBooks({ now: later(50 * hour) })
  const items = await openItems()
  const found = await named(items)
  const expected = day.expected.map(({ kind, subject }) => `${kind} ${subject}`)
  const kinds = [...new Set(day.expected.map(({ kind }) => kind))].toSorted()
  print('| kind | injected | found | precision | recall |\n|---|---|---|---|---|')
  for (const kind of kinds) {
    const of = (all: string[]) => all.filter((one) => one.startsWith(`${kind} `))
    const right = of(found).filter((one) => expected.includes(one)).length
    const ratio = (whole: number) => (whole === 0 ? '–' : (right / whole).toFixed(3))
    print(
      `| ${kind} | ${of(expected).length} | ${of(found).length} | ${ratio(of(found).length)} | ${ratio(of(expected).length)} |`,
    )
  }
  expect(found.toSorted()).toEqual(expected.toSorted())
  expect(items.every(({ owner }) => owner === 'treasury')).toBe(true)
  const [last] = (await listReconciliations(db, { limit: 1 })).data
  expect(last?.result.sessions).toBe(sessions)
  for (const { unexplained } of last?.result.comparisons ?? []) expect(unexplained.amount).toBe(0)
  print(JSON.stringify(last?.result.comparisons))
})

test('energy that left the meters and was never billed is seen on its operator, to the Wh', async () => {
  const rows = await leakage(db, { from: later(-5 * hour), until: later(hour) })
  const lost = rows.reduce((sum, row) => sum + Number(row.metered_wh) - Number(row.billed_wh), 0)
  print(`metered and not billed: ${lost} Wh, injected ${day.lostWh} Wh`)
  expect(lost).toBe(day.lostWh)
})

test('how long something may be under way is what the platform has set: near midnight a booking waits for its line', async () => {
  const at = later(-hour)
  const window = async (reconcile_bank_s: number) => {
    await putSettings(db, {
      settings: { reconcile_bank_s },
      reason: 'a test',
      setBy: 'key_1',
      setAt: at,
    })
    await treasury().reconcileBooks({ now: later(2 * hour) })
    return (await openItems()).filter(({ kind }) => kind === 'bank_booking_missing').length
  }
  // Booked before midnight in UTC, on a statement of the day after at the bank.
  expect(await window(6 * 3_600)).toBe(0)
  expect(await window(60)).toBeGreaterThan(0)
})

// Statements of before as fixtures: imported, compared with a version, and asked for again after each upgrade.
import { type Db, everyAccount, type Tx } from '@chargelane/db'
import { getSplitPolicy, type SplitPolicyRow } from '@chargelane/db/queries/partners/split-policies'
import {
  addGolden,
  goldensOf,
  policiesWithGoldens,
} from '@chargelane/db/queries/partners/split-records'
import { goldenView } from '@chargelane/db/views/money/split-policies'
import type { BodyOf, Contract, GoldenStatement as Shown } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { GoldenStatement } from '@chargelane/rules/documents'
import { differencesOf, type GoldenDifference } from '@chargelane/rules/split/golden'
import { readGoldenCsv } from '@chargelane/rules/split/golden-csv'
import { policyRef } from '@chargelane/rules/split/policy'
import type { Act } from '../../onboarding/act.ts'
import { mustSeePolicy } from './see.ts'

type Imported = BodyOf<Contract['split_policies']['add_golden']>

const goldensMax = 100
const differencesShown = 100

function statementOf(body: Imported, currency: string): GoldenStatement {
  if (body.format === 'csv') {
    const read = readGoldenCsv(body.csv, currency)
    if (!read.ok) throw new DomainError('invalid_value', `csv: ${read.message}`, { param: 'csv' })
    return read.statement
  }
  const sessions = body.sessions.map((session) => {
    const { evse, site, power_w, partner, payer, tariff_type, parts, ...rest } = session
    return {
      ...rest,
      net: session.net,
      parts: parts ?? { energy: '1', time: '0', parking: '0', fee: '0' },
      place: {
        evse,
        site,
        power_w,
        time_zone: 'UTC',
        partner,
        payer: payer ?? null,
        tariff_type: tariff_type ?? null,
        contract: null,
      },
    }
  })
  return { sessions, lines: body.lines }
}

const wrongStatement = (param: string, message: string) =>
  new DomainError('invalid_value', message, { param })

function checkStatement({ sessions, lines }: GoldenStatement, row: SplitPolicyRow): void {
  const { currency, rules, time_zone } = row.terms
  const names = new Set(sessions.map(({ session }) => session))
  const ids = new Set(rules.map(({ id }) => id))
  if (names.size < sessions.length) throw wrongStatement('sessions', 'A session is named twice.')
  for (const [index, session] of sessions.entries()) {
    if (session.net.currency !== currency)
      throw wrongStatement(`sessions.${index}.net.currency`, `The policy is in ${currency}.`)
    if (session.ended_at < session.started_at)
      throw wrongStatement(`sessions.${index}.ended_at`, 'It ends before it starts.')
    session.place.time_zone = time_zone
  }
  for (const [index, { session, rule, amount }] of lines.entries()) {
    if (session !== null && !names.has(session))
      throw wrongStatement(`lines.${index}.session`, 'There is no such session in the statement.')
    if (!ids.has(rule))
      throw wrongStatement(`lines.${index}.rule`, `The policy has no rule ${rule}.`)
    if (amount.currency !== currency)
      throw wrongStatement(`lines.${index}.amount.currency`, `The policy is in ${currency}.`)
  }
}

export async function addGoldenStatement(act: Act, id: string, body: Imported): Promise<Shown> {
  const { tx, viewer, now } = act
  const row = await mustSeePolicy(tx, viewer, id)
  const statement = statementOf(body, row.terms.currency)
  checkStatement(statement, row)
  if ((await goldensOf(tx, id)).length >= goldensMax)
    throw new DomainError('limit_reached', `A policy has up to ${goldensMax} of them.`)
  const by = viewer.accountId
  const golden = await addGolden(tx, {
    policyId: id,
    name: body.name,
    body: statement,
    by,
    at: now,
  })
  return goldenView(golden, row.terms.currency, differencesOf(statement, row.terms))
}

export async function goldensShown(act: Act, id: string): Promise<Shown[]> {
  const row = await mustSeePolicy(act.tx, act.viewer, id)
  const all = await goldensOf(act.tx, id)
  return all.map((golden) =>
    goldenView(golden, row.terms.currency, differencesOf(golden.body, row.terms)),
  )
}

/** Activation waits until every line of every statement is made again to the cent. */
export async function checkGoldens(tx: Tx, row: SplitPolicyRow): Promise<void> {
  const differences = (await goldensOf(tx, row.id)).flatMap(({ id, body }) =>
    differencesOf(body, row.terms).map((difference) => ({ golden: id, ...difference })),
  )
  if (differences.length === 0) return
  throw new DomainError(
    'invalid_transition',
    `${policyRef(row)} makes ${differences.length} lines of golden statements otherwise.`,
    {
      extra: {
        state: row.status,
        differences: differences.slice(0, differencesShown),
        differences_total: differences.length,
      },
    },
  )
}

export type GoldenReport = {
  policy: string
  golden: string
  name: string
  differences: GoldenDifference[]
}

/** Every statement of every operator, by the version that shares sessions now or the draft that is to. */
export async function runGoldens(db: Db): Promise<GoldenReport[]> {
  const reports: GoldenReport[] = []
  for (const id of await policiesWithGoldens(db)) {
    const row = await getSplitPolicy(db, everyAccount, id)
    if (row === undefined) continue
    for (const golden of await goldensOf(db, id))
      reports.push({
        policy: policyRef(row),
        golden: golden.id,
        name: golden.name,
        differences: differencesOf(golden.body, row.terms),
      })
  }
  return reports
}

// The bank's statements: imported once, and each line matched with the one booking that it is of.
import type { Db, Tx } from '@chargelane/db'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import {
  lastStatement,
  matchLine,
  openSweeps,
  putStatement,
  type StoredLine,
  targetOfLine,
  unmatchedLines,
} from '@chargelane/db/queries/ledger/treasury'
import { readStatements } from '@chargelane/rules/bank/camt053'
import { sweepBookedEntry } from '@chargelane/rules/ledger'
import type { BankStatements } from './ports.ts'

type Deps = { db: Db; statements: BankStatements }

/** Statements in their order; one that cannot be read, or does not add up, stops here and says why. */
export async function importStatements(
  { db, statements }: Deps,
  { now }: { now: string },
): Promise<{ imported: number }> {
  let imported = 0
  const told = await statements.statements({ after: await lastStatement(db) })
  for (const { sequence, xml } of told.toSorted((a, b) => a.sequence - b.sequence)) {
    const read = readStatements(xml)
    if (!read.ok) throw new Error(`statement ${sequence} cannot be read: ${read.message}`)
    await db.tx(async (tx) => {
      for (const statement of read.statements)
        if (await putStatement(tx, statement, { xml, at: now })) imported += 1
    })
  }
  return { imported }
}

const sweepIn = ({ text }: StoredLine) => /\bpo_\w+/.exec(text)?.[0]

/** What the provider paid out has come in: now, and not before, it is ours at the bank. */
async function bookSweep(
  tx: Tx,
  line: StoredLine,
  sweeps: Awaited<ReturnType<typeof openSweeps>>,
): Promise<void> {
  const sweep = sweeps.find(({ id }) => id === sweepIn(line))
  const isIt = sweep?.amount.amount === line.amountMinor && sweep.amount.currency === line.currency
  if (sweep === undefined || !isIt) return
  const entry = sweepBookedEntry({ sweepId: sweep.id, amount: sweep.amount })
  await postEntry(tx, { ...entry, effectiveAt: line.bookedAt })
}

/** Each line of which nothing is known yet is looked at again: what is booked later explains what came earlier. */
export async function matchStatements(db: Db): Promise<{ matched: number; open: number }> {
  const lines = await unmatchedLines(db)
  let matched = 0
  for (const line of lines)
    await db.tx(async (tx) => {
      if (line.amountMinor > 0) await bookSweep(tx, line, await openSweeps(tx))
      const target = await targetOfLine(tx, line)
      if (target !== undefined && (await matchLine(tx, line.id, target))) matched += 1
    })
  return { matched, open: lines.length - matched }
}

// The daily comparison: provider, bank, books, records and papers. What differs is an open item with an owner and an age.
import type { Db, Tx } from '@chargelane/db'
import { openBalances } from '@chargelane/db/queries/ledger/balances'
import {
  closeUnseen,
  putReconciliation,
  type Reconciliation,
  seeFinding,
} from '@chargelane/db/queries/ledger/open-items'
import {
  bankBalances,
  bookingsWithoutLine,
  openSweeps,
  providerBalances,
  sessionsThatDiffer,
  sessionsUntold,
  targetOfLine,
  unmatchedLines,
} from '@chargelane/db/queries/ledger/treasury'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import {
  type Comparison,
  compareSides,
  type Finding,
  providerFinding,
} from '@chargelane/rules/bank/reconcile'
import { inWords, money, negate } from '@chargelane/rules/money'

/** How long something may be under way before it is missing. */
export const graces = { providerMs: 3_600_000, bankMs: 2 * 86_400_000, sweepMs: 3 * 86_400_000 }
/** A record has a day to come (failures F31), and its session's papers an hour more. */
const recordMs = 25 * 3_600_000
const lookBackMs = 45 * 86_400_000

const isOver = (at: string, now: string, ms: number) => Date.parse(now) - Date.parse(at) > ms
const amounts = (balances: Awaited<ReturnType<typeof openBalances>>) =>
  new Map(balances.map(({ balance }) => [balance.currency, Number(balance.amount)]))

type Part = { findings: Finding[]; comparisons: Comparison[] }

const totals = (
  side: Comparison['side'],
  [theirs, books, inTransit]: [Map<string, number>, Map<string, number>, Map<string, number>],
  found: Finding[],
): Part => {
  const currencies = [...new Set([...theirs.keys(), ...books.keys()])].toSorted()
  const compared = currencies.map((currency) =>
    compareSides(
      {
        side,
        currency,
        theirs: theirs.get(currency) ?? 0,
        books: books.get(currency) ?? 0,
        inTransit: inTransit.get(currency) ?? 0,
      },
      found,
    ),
  )
  return {
    comparisons: compared.map(({ comparison }) => comparison),
    findings: [...found, ...compared.flatMap(({ rest }) => rest ?? [])],
  }
}

function addTo(sums: Map<string, number>, currency: string, amount: number): void {
  sums.set(currency, (sums.get(currency) ?? 0) + amount)
}

async function compareProvider(tx: Tx, now: string): Promise<Part> {
  const inTransit = new Map<string, number>()
  const found: Finding[] = []
  for (const { lastAt, ...session } of await sessionsThatDiffer(tx)) {
    const finding = providerFinding(session)
    if (finding === undefined) continue
    if (isOver(lastAt, now, graces.providerMs)) found.push(finding)
    else addTo(inTransit, session.currency, finding.amount.amount)
  }
  // What nobody knows a reason for is booked, so that both sides agree, and stays open all the same.
  for (const { account, balance } of await openBalances(tx, 'suspense:psp:'))
    found.push({
      kind: 'provider_movement_unknown',
      subject: account,
      amount: money(0, balance.currency),
      cause: `${account} holds ${balance.amount} ${balance.currency} (minor units) of movements that belong to nothing.`,
    })
  const sides = [await providerBalances(tx), amounts(await openBalances(tx, 'asset:psp:'))] as const
  return totals('provider', [...sides, inTransit], found)
}

async function lineFindings(tx: Tx): Promise<Finding[]> {
  const lines = await unmatchedLines(tx)
  return Promise.all(
    lines.map(async (line): Promise<Finding> => {
      const target = await targetOfLine(tx, line)
      const amount = { amount: line.amountMinor, currency: line.currency }
      return {
        kind: target === undefined ? 'bank_line_unknown' : 'bank_line_doubled',
        subject: line.id,
        amount,
        cause:
          target === undefined
            ? `Line ${line.id} (${line.reference ?? 'no reference'}, ${inWords(amount)}) is of nothing in the books.`
            : `Line ${line.id} (${line.reference ?? 'no reference'}) is of ${target}, which another line was of.`,
      }
    }),
  )
}

async function compareBank(tx: Tx, now: string): Promise<Part> {
  const theirs = await bankBalances(tx)
  const inTransit = new Map<string, number>()
  const found = await lineFindings(tx)
  for (const { key, amount, bookedAt } of await bookingsWithoutLine(tx)) {
    if (!isOver(bookedAt, now, graces.bankMs)) {
      addTo(inTransit, amount.currency, -amount.amount)
      continue
    }
    const cause = `${key} was booked at ${bookedAt} with ${inWords(amount)}, and no statement has it.`
    found.push({ kind: 'bank_booking_missing', subject: key, amount: negate(amount), cause })
  }
  const part = totals(
    'bank',
    [theirs, amounts(await openBalances(tx, 'asset:bank:')), inTransit],
    found,
  )
  for (const { id, amount, sentAt } of await openSweeps(tx))
    if (isOver(sentAt, now, graces.sweepMs))
      part.findings.push({
        kind: 'sweep_missing',
        subject: id,
        // It is on its own clearing account: neither side of the bank has it.
        amount: money(0, amount.currency),
        cause: `The provider paid ${inWords(amount)} out at ${sentAt} as ${id}, and it has not come in.`,
      })
  return part
}

async function compareSales(tx: Tx, now: string): Promise<{ looked: number; findings: Finding[] }> {
  const { looked, untold } = await sessionsUntold(tx, {
    from: new Date(Date.parse(now) - lookBackMs).toISOString(),
    until: new Date(Date.parse(now) - recordMs).toISOString(),
  })
  const findings = untold.map(
    ({ kind, sessionId, amount }): Finding => ({
      kind,
      subject: sessionId,
      amount: money(0, amount.currency),
      cause: `${sessionId} delivered energy for ${inWords(amount)} and has no ${kind.split('_')[0]}.`,
    }),
  )
  return { looked, findings }
}

async function keepFindings(tx: Tx, findings: readonly Finding[], now: string): Promise<void> {
  for (const finding of findings) {
    const { item, isNew } = await seeFinding(tx, finding, { owner: 'treasury', at: now })
    if (!isNew) continue
    const { id, kind, subject, amount, cause } = item
    await openIncident(tx, {
      kind: 'difference_open',
      subject: { type: 'open_item', id },
      ...(subject.startsWith('ses_') ? { sessionId: subject } : {}),
      cause,
      detail: { kind, subject },
      atStake: amount,
      actions: [],
      at: now,
    })
  }
  for (const { id } of await closeUnseen(tx, findings, now))
    await settleIncidents(
      tx,
      { kinds: ['difference_open'], subject: { type: 'open_item', id } },
      { cause: 'Both sides agree.', at: now },
    )
}

/** Compares everything as it stands now. Every difference is under way, or an open item: nothing is without a name. */
export function reconcile(db: Db, { now }: { now: string }): Promise<Reconciliation> {
  return db.tx(async (tx) => {
    const provider = await compareProvider(tx, now)
    const bank = await compareBank(tx, now)
    const sales = await compareSales(tx, now)
    const all = [...provider.findings, ...bank.findings, ...sales.findings]
    await keepFindings(tx, all, now)
    const kinds = [...new Set(all.map(({ kind }) => kind))].toSorted()
    const result = {
      comparisons: [...provider.comparisons, ...bank.comparisons],
      sessions: sales.looked,
      findings: kinds.map((kind) => ({
        kind,
        count: all.filter((finding) => finding.kind === kind).length,
      })),
    }
    return putReconciliation(tx, result, now)
  })
}

// The daily comparison: provider, bank, books, records and papers. What differs is an open item with an owner and an age.
import type { Db, Tx } from '@chargelane/db'
import { openBalances } from '@chargelane/db/queries/ledger/balances'
import {
  closeUnseen,
  putReconciliation,
  type Reconciliation,
  seeFinding,
} from '@chargelane/db/queries/ledger/open-items'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import {
  bankBalances,
  bookingNamedBy,
  bookingsWithoutLine,
  openSweeps,
  providerBalances,
  sessionsThatDiffer,
  sessionsUntold,
  type StoredLine,
  targetOfLine,
  unmatchedLines,
} from '@chargelane/db/queries/ledger/treasury'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import {
  bundleOf,
  type Comparison,
  compareSides,
  type Finding,
  type LooseBooking,
  type LooseLine,
  namedFindings,
  providerFindings,
} from '@chargelane/rules/bank/reconcile'
import { inWords, money, negate } from '@chargelane/rules/money'

/** How long something may be under way before it is missing, milliseconds. */
export type Windows = { providerMs: number; bankMs: number; sweepMs: number }

/** As the platform has set them; days of the bank and of the provider begin at different hours, so none is zero. */
export async function windowsOf(tx: Tx): Promise<Windows> {
  const set = await settingsNow(tx)
  const ms = (name: 'reconcile_provider_s' | 'reconcile_bank_s' | 'reconcile_sweep_s') =>
    (set[name] ?? settingDefaults[name]) * 1_000
  return {
    providerMs: ms('reconcile_provider_s'),
    bankMs: ms('reconcile_bank_s'),
    sweepMs: ms('reconcile_sweep_s'),
  }
}

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

async function compareProvider(tx: Tx, now: string, windows: Windows): Promise<Part> {
  const inTransit = new Map<string, number>()
  const found: Finding[] = []
  const bySession = Map.groupBy(await sessionsThatDiffer(tx), ({ sessionId }) => sessionId)
  for (const sides of bySession.values()) {
    const isLate = sides.every(({ lastAt }) => isOver(lastAt, now, windows.providerMs))
    for (const finding of providerFindings(sides))
      if (isLate) found.push(finding)
      else addTo(inTransit, finding.amount.currency, finding.amount.amount)
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

const looseOf = (line: StoredLine): LooseLine => ({
  id: line.id,
  reference: line.reference,
  amount: { amount: line.amountMinor, currency: line.currency },
  charges:
    line.chargesMinor === null ? null : { amount: line.chargesMinor, currency: line.currency },
})

type LinesRead = { findings: Finding[]; explained: Set<string> }

const wordsOf = ({ id, reference, amount }: LooseLine): string =>
  `Line ${id} (${reference ?? 'no reference'}, ${inWords(amount)})`

/** What is left of the lines, and which bookings that explains: those have a line, though not one that agrees. */
async function readLines(tx: Tx, loose: readonly LooseBooking[]): Promise<LinesRead> {
  const findings: Finding[] = []
  const explained = new Set<string>()
  const nameless: StoredLine[] = []
  for (const stored of await unmatchedLines(tx)) {
    const line = looseOf(stored)
    const target = await targetOfLine(tx, stored)
    if (target !== undefined) {
      const cause = `${wordsOf(line)} is of ${target}, which another line was of.`
      findings.push({ kind: 'bank_line_doubled', subject: line.id, amount: line.amount, cause })
      continue
    }
    const named = await bookingNamedBy(tx, stored)
    if (named === undefined || explained.has(named.key)) nameless.push(stored)
    else {
      explained.add(named.key)
      findings.push(...namedFindings(line, named))
    }
  }
  // Only what no line names may be a part of a bundle.
  for (const stored of nameless) findings.push(namelessFinding(stored, loose, explained))
  return { findings, explained }
}

function namelessFinding(
  stored: StoredLine,
  loose: readonly LooseBooking[],
  explained: Set<string>,
): Finding {
  const line = looseOf(stored)
  const free = loose.filter(({ key }) => !explained.has(key))
  const bundle = stored.endToEndId === null ? bundleOf(line, free) : undefined
  if (bundle === undefined) {
    const cause = `${wordsOf(line)} is of nothing in the books.`
    return { kind: 'bank_line_unknown', subject: line.id, amount: line.amount, cause }
  }
  const keys = bundle.map(({ key }) => key)
  for (const key of keys) explained.add(key)
  return {
    kind: 'bank_line_bundled',
    subject: line.id,
    // Together they are the same, so nothing differs but that nobody said so.
    amount: money(0, line.amount.currency),
    cause: `${wordsOf(line)} is the sum of ${keys.join(', ')}.`,
  }
}

async function missingSweeps(tx: Tx, now: string, windows: Windows): Promise<Finding[]> {
  const open = await openSweeps(tx)
  return open
    .filter(({ sentAt }) => isOver(sentAt, now, windows.sweepMs))
    .map(({ id, amount, sentAt }) => ({
      kind: 'sweep_missing',
      subject: id,
      // It is on its own clearing account: neither side of the bank has it.
      amount: money(0, amount.currency),
      cause: `The provider paid ${inWords(amount)} out at ${sentAt} as ${id}, and it has not come in.`,
    }))
}

async function compareBank(tx: Tx, now: string, windows: Windows): Promise<Part> {
  const theirs = await bankBalances(tx)
  const inTransit = new Map<string, number>()
  const bookings = await bookingsWithoutLine(tx)
  const { findings: found, explained } = await readLines(tx, bookings)
  for (const { key, amount, bookedAt } of bookings) {
    if (explained.has(key)) continue
    if (!isOver(bookedAt, now, windows.bankMs)) {
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
  part.findings.push(...(await missingSweeps(tx, now, windows)))
  return part
}

async function compareSales(tx: Tx, now: string): Promise<{ looked: number; findings: Finding[] }> {
  const { looked, untold } = await sessionsUntold(tx, {
    from: new Date(Date.parse(now) - lookBackMs).toISOString(),
    until: new Date(Date.parse(now) - recordMs).toISOString(),
    now,
  })
  const findings = untold.map(
    ({ kind, sessionId, amount, cause }): Finding => ({
      kind,
      subject: sessionId,
      // Neither the provider nor the bank differs by it.
      amount: money(0, amount.currency),
      cause: `${sessionId} ${cause}; at stake are ${inWords(amount)}.`,
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
    const windows = await windowsOf(tx)
    const provider = await compareProvider(tx, now, windows)
    const bank = await compareBank(tx, now, windows)
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

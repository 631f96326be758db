// The daily close of the books, chained and signed, and the periods that two people close.
import { hash } from 'node:crypto'
import type { Db } from '@chargelane/db'
import { foldBalances, unclearedSince, watermark } from '@chargelane/db/queries/ledger/balances'
import {
  bookedBetween,
  closePeriod as writePeriod,
  insertClose,
  lastClose,
  type LedgerClose,
  type LedgerPeriod,
  listCloses,
  listPeriods,
} from '@chargelane/db/queries/ledger/closes'
import {
  openIncident,
  openSubjects,
  settleIncidents,
} from '@chargelane/db/queries/operations/incidents'
import type { Approval } from '@chargelane/db/queries/operations/approvals'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { canonicalText } from '@chargelane/rules/canonical'
import { clearingClasses } from '@chargelane/rules/ledger/chart'
import { inWords } from '@chargelane/rules/money'
import type { Signer } from '../evidence/keyring.ts'
import { approvedByTwo, type By } from './decision.ts'

export const closeSchema = 'chargelane-ledger-close/1'

type Deps = { db: Db; signer: Pick<Signer, 'signAside'> }

const sha256 = (text: string) => hash('sha256', text)

/**
 * Closes a UTC day: the sums of the accounts are written down, and what was booked since the close before is signed with
 * its hash. Asked again it is the same close.
 */
export async function closeDay(
  { db, signer }: Deps,
  { day, now }: { day: string; now: string },
): Promise<LedgerClose> {
  const before = await lastClose(db)
  if (before !== undefined && before.day >= day) return before
  const through = await watermark(db)
  await foldBalances(db, through)
  const after = before?.throughEntry ?? 0
  const { entries, digest, turnover } = await bookedBetween(db, { after, through })
  const sequence = (before?.sequence ?? 0) + 1
  const body = canonicalText({
    schema: closeSchema,
    sequence,
    day,
    after_entry: after,
    through_entry: through,
    entries,
    digest,
    turnover: turnover.map(({ currency, debit }) => ({ currency, debit, credit: debit })),
    previous: before?.hash ?? null,
  })
  const { keyId, signature } = await signer.signAside(body)
  const close = {
    sequence,
    day,
    throughEntry: through,
    body,
    hash: sha256(body),
    keyId,
    signature,
    closedAt: now,
  }
  if (await insertClose(db, close)) return close
  const other = await lastClose(db)
  if (other === undefined) throw new Error(`the close of ${day} was not written`)
  return other
}

/** Closes looked at in one go. */
const closesPerLook = 100

const isChained = (close: LedgerClose, before: LedgerClose | undefined) =>
  sha256(close.body) === close.hash &&
  close.sequence === (before?.sequence ?? 0) + 1 &&
  close.body.includes(`"previous":${before === undefined ? 'null' : `"${before.hash}"`}`) &&
  close.body.includes(`"through_entry":${close.throughEntry}`)

/**
 * Why the books are not what was closed; undefined where they are. Every close is read from the rows again, from the first
 * to the last: a row that was changed behind the guards, or a close that was left out, is named.
 */
export async function faultOfCloses(db: Db): Promise<string | undefined> {
  const closes: LedgerClose[] = []
  for (let before: number | undefined; ; ) {
    const page = await listCloses(db, { before, limit: closesPerLook })
    closes.unshift(...page.toReversed())
    before = page.at(-1)?.sequence
    if (page.length < closesPerLook) break
  }
  for (const [at, close] of closes.entries()) {
    const before = closes[at - 1]
    if (!isChained(close, before))
      return `The close of ${close.day} does not follow from the one before.`
    const { digest } = await bookedBetween(db, {
      after: before?.throughEntry ?? 0,
      through: close.throughEntry,
    })
    if (!close.body.includes(`"digest":"${digest}"`))
      return `What was booked by the close of ${close.day} is not what it was.`
  }
  return undefined
}

const booksSubject = { type: 'ledger_account', id: 'all' } as const

/** Reads the closed books again; what differs is a person's to look at. */
export async function checkBooks(db: Db, now: string): Promise<{ fault: string | null }> {
  const fault = await faultOfCloses(db)
  if (fault === undefined) {
    const fine = { cause: 'The books are what was closed.', at: now }
    await settleIncidents(db, { kinds: ['books_broken'], subject: booksSubject }, fine)
    return { fault: null }
  }
  const incident = { kind: 'books_broken', subject: booksSubject, cause: fault } as const
  await openIncident(db, { ...incident, actions: [], at: now })
  return { fault }
}

const dayMs = 86_400_000

/** Accounts that must come to zero and have not in time: an incident each, which ends when they do. */
export async function alarmUncleared(db: Db, now: string): Promise<{ overdue: string[] }> {
  const overdue: string[] = []
  for (const { prefix, name, days } of clearingClasses) {
    const open = await unclearedSince(db, prefix)
    const late = open.filter(({ since }) => Date.parse(now) - Date.parse(since) > days * dayMs)
    for (const { account, balance, since } of late) {
      overdue.push(account)
      await openIncident(db, {
        kind: 'clearing_overdue',
        subject: { type: 'ledger_account', id: account },
        cause: `${account} holds ${inWords(balance)} since ${since} and should be empty after ${days} days.`,
        detail: { class: name, since },
        atStake: balance,
        actions: [],
        at: now,
      })
    }
  }
  await settleCleared(db, new Set(overdue), now)
  return { overdue }
}

async function settleCleared(db: Db, overdue: ReadonlySet<string>, now: string): Promise<void> {
  for (const id of await openSubjects(db, 'clearing_overdue'))
    if (!overdue.has(id))
      await settleIncidents(
        db,
        { kinds: ['clearing_overdue'], subject: { type: 'ledger_account', id } },
        { cause: 'Cleared.', at: now },
      )
}

/** Nothing counts before it any more, once two keys want it; what is not over cannot be closed. */
export function closePeriod(
  db: Db,
  { openFrom, reason }: { openFrom: string; reason: string },
  by: By,
): Promise<{ approval: Approval; period: LedgerPeriod | null }> {
  return db.tx(async (tx) => {
    if (Date.parse(openFrom) > Date.parse(by.now))
      throw new DomainError('invalid_transition', `open_from: ${openFrom} is not over.`, {
        param: 'open_from',
      })
    const [newest] = await listPeriods(tx)
    if (newest !== undefined && Date.parse(openFrom) <= Date.parse(newest.openFrom))
      throw new DomainError('period_closed', `The books are closed until ${newest.openFrom}.`, {
        param: 'open_from',
      })
    const wish = { action: 'ledger.close_period', subjectId: openFrom, terms: { openFrom }, reason }
    const { approval, isApproved } = await approvedByTwo(tx, wish, by)
    if (!isApproved) return { approval, period: null }
    const period = {
      openFrom,
      reason: approval.reason,
      proposedBy: approval.proposedBy,
      approvedBy: by.keyId,
      closedAt: by.now,
    }
    await writePeriod(tx, period)
    return { approval, period }
  })
}

/** What a CPO asks above what the driver pays: held beside a ledger entry, in its own account, until it is decided. */
import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import { settingDefaults } from '@chargelane/openapi/vocabulary/settings'
import { cdrById } from '@chargelane/db/queries/sessions/cdrs'
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { entryByKey, postEntry } from '@chargelane/db/queries/ledger/ledger'
import { openSuspense } from '@chargelane/db/queries/ledger/suspense'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { add, compare, money, subtract } from '@chargelane/rules/money'
import { claimEntry, type Entry } from '@chargelane/rules/ledger'
import { type Diagnosis, reasonsOfRules } from '@chargelane/rules/record/dispute'
import {
  roundingTolerance,
  type Verdict,
  type VerdictRule,
} from '@chargelane/rules/record/public-price'
import { settingsOf } from './term.ts'

export type Unpaid = {
  /** What the driver pays of the record. */
  paid: Money
  /** What the CPO asks above it that no sale books. */
  held: Money
  isChargedBefore: boolean
}

/**
 * What a record asks and no sale will book. A session that costs nothing has no sale: such a claim is what remains where
 * no energy may be billed and energy is all that has a price. And after a provisional sale the driver, charged already,
 * pays no more than then, however much the late record proves (law L6).
 */
export function unpaidOf(
  { difference, payable }: Verdict,
  chargedBefore: Money | undefined,
): Unpaid | undefined {
  if (payable === null || difference === null) return undefined
  const due = payable.gross
  const nothing = money(0, due.currency)
  const excess = difference.destination === 'suspense' ? difference.amount : nothing
  if (chargedBefore === undefined)
    return { paid: due, held: due.amount === 0 ? excess : nothing, isChargedBefore: false }
  const isChargedBefore = compare(due, chargedBefore) > 0
  const paid = isChargedBefore ? chargedBefore : due
  const held = subtract(add(due, excess), paid)
  return { paid, held: held.amount > roundingTolerance ? held : nothing, isChargedBefore }
}

/** The record's reasons as its CPO is told them, with what happened to the driver's money before it came. */
export function saidOf(
  { verdict, diagnosis }: { verdict: Verdict; diagnosis: Diagnosis },
  unpaid: Unpaid | undefined,
) {
  if (unpaid?.isChargedBefore !== true) return { rules: verdict.rules, reasons: diagnosis.reasons }
  const rules: VerdictRule[] = [...verdict.rules, 'charged_before']
  const { reasons } = reasonsOfRules(['charged_before'])
  return { rules, reasons: [...diagnosis.reasons, ...reasons] }
}

type Said = { rules: string[]; reasons: { code: string }[] }
type Claim = { sessionId: string; cpoId: string; at: string }

/** The open item beside the entry that holds a claim; nothing where the entry holds none. */
async function openItem(
  tx: Tx,
  cdr: CdrRow,
  { key, postings }: Entry,
  { rules, reasons }: Said,
  { sessionId, cpoId, at }: Claim,
): Promise<void> {
  const held = postings.find(
    ({ account, amount }) => account.startsWith('suspense:') && amount.amount > 0,
  )
  if (held === undefined) return
  const { dispute_after_s: set } = await settingsOf(tx, sessionId)
  const disputeAfterS = set ?? settingDefaults.dispute_after_s
  await openSuspense(tx, {
    sessionId,
    cdrId: cdr.id,
    cpoId,
    amount: held.amount,
    account: held.account,
    entryKey: key,
    rules,
    reasons: reasons.map(({ code }) => code),
    at,
    // Then a claim above the price becomes a dispute by itself (failures F36).
    disputeDueAt: new Date(Date.parse(at) + disputeAfterS * 1_000).toISOString(),
  })
}

/** The entry of a claim that no sale books: of each record its own, as a later one may ask another amount. */
export const asideKeyOf = (sessionId: string, cdrId: string) => `${sessionId}:difference:${cdrId}`

/** Holds what no sale will book, with an entry of its own. */
export async function holdClaim(
  tx: Tx,
  cdr: CdrRow,
  judged: { verdict: Verdict; diagnosis: Diagnosis },
  unpaid: Unpaid | undefined,
  { id: sessionId, cpoId, at }: Omit<Claim, 'sessionId'> & { id: string },
): Promise<void> {
  if (unpaid === undefined || unpaid.held.amount === 0) return
  const amount = unpaid.held
  const key = asideKeyOf(sessionId, cdr.id)
  if ((await entryByKey(tx, key)) !== undefined) return
  const entry = claimEntry({ key, sessionId, cpoId, amount })
  await postEntry(tx, { ...entry, effectiveAt: at })
  await openItem(tx, cdr, entry, saidOf(judged, unpaid), { sessionId, cpoId, at })
}

/** Opens the item of the claim that a sale books, if it books one. */
export async function holdDifference(
  tx: Tx,
  cdrId: string,
  cpoId: string,
  { entries, sessionId, now }: { entries: readonly Entry[]; sessionId: string; now: string },
): Promise<void> {
  const entry = entries.find(({ kind }) => kind === 'difference')
  if (entry === undefined) return
  const cdr = await cdrById(tx, cdrId)
  if (cdr === undefined || cdr.verdict === null)
    throw new InvariantError(`Record ${cdrId} is not judged.`)
  const { verdict, diagnosis } = cdr.verdict
  const said = { rules: verdict.rules, reasons: diagnosis.reasons }
  await openItem(tx, cdr, entry, said, { sessionId, cpoId, at: now })
}
